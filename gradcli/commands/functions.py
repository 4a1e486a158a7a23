"""`gradcli functions`: the functions of the language, all of them or one."""

from __future__ import annotations

from gradcli.commands import exits
from gradcli.commands.completions import function_names
from gradcli.errors import UsageError
from gradcli.language.names import DIFFERENT
from gradcli.text import nearest, shown
from gradcli.views import functions as view
from gradcli.views.output import StandardOutput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli functions`. Raises UsageError for a name that is no function."""
    name = parameters["NAME"]
    row = None if name is None else view.find(name)
    if name is not None and row is None:
        raise _unknown(name)
    if parameters["json"]:
        output = StandardOutput()
        for one in [one for _, rows in view.groups() for one in rows] if row is None else (row,):
            output.line(view.line(one))
        output.flush()
        return exits.DONE
    from gradcli.views.screen import Screen

    if row is None:
        view.show_list(Screen())
    else:
        view.show_one(Screen(), row)
    return exits.DONE


def _unknown(name: str) -> UsageError:
    prefix, bare = view.split(name)
    if (prefix.partition(".")[0], bare) in DIFFERENT:
        return UsageError(f"{prefix}.{bare} is not the same as ours", DIFFERENT[prefix.partition(".")[0], bare])
    meant = nearest(bare, function_names())
    cure = f"did you mean {meant}?" if meant else "gradcli functions lists them all"
    return UsageError(f'there is no function "{shown(name)}"', cure)
