"""`gradcli help`: the help of a command with its manual, or the page of a topic.

The topics are the pages of gradcli/docs; one that is named as a command is its manual.
"""

from __future__ import annotations

from gradcli.commands import exits
from gradcli.commands.declarations import COMMANDS
from gradcli.errors import UsageError
from gradcli.text import shown
from gradcli.views.manual import pages, show
from gradcli.views.screen import Screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli help`: the exit status. Raises UsageError for what is neither a command nor a topic."""
    topic = parameters["TOPIC"]
    if parameters["man"]:
        from gradcli.commands.manpage import man_page

        print(man_page(), end="")
    elif topic is None or topic in COMMANDS:
        from gradcli.commands.help import print_help

        print_help(COMMANDS.get(topic), manual=True)
    elif topic in pages():
        show(Screen(), pages()[topic])
    else:
        raise _unknown(topic)
    return exits.DONE


# What else a topic may be asked for by, a line each.
_WORDS = """
    conventions kink kinks gradient subgradient nan
    language syntax grammar operators formula formulas expression expressions
    notes note kinds
    python library api map
    scripts json csv plain exit status statuses codes points jq
    tutorial autograd torch pytorch tensor tensors
"""


def _unknown(topic: str) -> UsageError:
    from gradcli.commands.suggestions import command_meant, meant_in

    meant = meant_in(topic, [*COMMANDS, *pages()], _WORDS) or command_meant(topic)
    cure = f"did you mean gradcli help {meant}?" if meant else "gradcli help lists the commands and the topics"
    return UsageError(f'there is no command and no topic "{shown(topic)}"', cure)
