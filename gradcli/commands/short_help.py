"""What bare `gradcli` prints."""

from __future__ import annotations

from gradcli.commands import exits
from gradcli.commands.declarations import COMMANDS


def print_short_help() -> int:
    """The help that costs no library: the exit status."""
    lines = ["gradcli: a formula and a point in, the value and every partial derivative out", ""]
    examples = [
        (command.examples[0][0], command.summary) for command in COMMANDS.values() if command.name != "completions"
    ]
    width = max(len(line) for line, _ in examples)
    lines += [f"  {line:<{width}}   {summary}" for line, summary in examples]
    lines += ["", "gradcli COMMAND --help tells more about one, gradcli --help about all."]
    print("\n".join(lines))
    return exits.DONE
