"""What bare `gradcli` prints."""

from __future__ import annotations

import sys

from gradcli.commands import exits
from gradcli.commands.declarations import COMMANDS
from gradcli.views.prose import definitions, wrapped
from gradcli.views.terminal import Terminal

END = "`gradcli COMMAND -h` tells more about one, `gradcli help` about all; `gradcli help language`: what formulas are."


def print_short_help() -> int:
    """The help that costs no library: the exit status."""
    width = Terminal(sys.stdout).columns
    lines = wrapped("gradcli: a formula and a point in, the value and every partial derivative out", width)
    lines += ["", f"  {COMMANDS['grad'].examples[0][0]}", ""]
    shown = [(x.name, x.summary) for x in COMMANDS.values() if x.argument.name not in ("SHELL", "TOPIC")]
    lines += [f"  {name}{text}".rstrip() for name, text in definitions(shown, width - 2)]
    print("\n".join([*lines, "", *wrapped(END, width)]).replace("`", ""))
    return exits.DONE
