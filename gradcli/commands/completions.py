"""`gradcli completions SHELL`: a static completion script, made from the declarations."""

from __future__ import annotations

from gradcli.commands import exits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli completions`: the exit status."""
    print(script(parameters["SHELL"]), end="")
    return exits.DONE


def script(shell: str) -> str:
    """The script for one of the declared shells.

    >>> script("bash").startswith("# bash completion for gradcli")
    True
    """
    from gradcli.commands.shells import SCRIPTS

    return SCRIPTS[shell](function_names())


def function_names() -> list[str]:
    """All names of all functions that `gradcli functions` lists."""
    from gradcli.language.names import public_names

    return sorted(public_names())
