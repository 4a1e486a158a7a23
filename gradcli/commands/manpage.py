"""The man page of gradcli, in the language of `man`, made from the declarations."""

from __future__ import annotations

from gradcli import __version__
from gradcli.commands.declarations import COMMANDS
from gradcli.commands.declared import EVERYWHERE, HELP_FLAGS, SPOKEN, SWITCH, VERSION, Command, Option
from gradcli.views.manual import pages, title

HELP = Option(HELP_FLAGS[1], SWITCH, "Show the help.", short=HELP_FLAGS[0])
# What `man` would take for its own sign, or print as another one.
SIGNS = {
    "\\": "\\e",
    "-": "\\-",
    "^": "\\(ha",
    "~": "\\(ti",
    "`": "\\(ga",
    "'": "\\(aq",
    '"': "\\(dq",
}
HEAD = """\
.\\" Made by `gradcli help --man`, do not edit.
.TH GRADCLI 1 "" "gradcli {version}" "User Commands"
.SH NAME
gradcli \\- the value and every partial derivative of a formula
.SH SYNOPSIS
.B gradcli
.I COMMAND
[OPTIONS] [EXPR]
.SH DESCRIPTION
A formula and a point in, the value and every partial derivative out: exact to rounding, and checked by an independent
witness. Each command has options of its own; those of every command stand at the end.
"""


def man_page() -> str:
    """The whole page.

    >>> man_page().startswith(".")
    True
    """
    lines = [HEAD.format(version=__version__).rstrip(), ".SH COMMANDS"]
    for command in COMMANDS.values():
        lines += _command(command)
    lines.append(".SH OPTIONS OF EVERY COMMAND")
    for option in (*SPOKEN, *EVERYWHERE, HELP, VERSION):
        lines += _option(option)
    lines.append(".SH EXIT STATUS")
    _, *statuses = pages()["scripts"].partition("| exit status |")[2].strip().split("\n")[1:]
    for _, status, when, _ in (line.split("|") for line in statuses):
        lines += [".TP", _escaped(status.strip()), _escaped(when.strip())]
    lines += [".SH TOPICS", "What", ".B gradcli help", "tells of each:"]
    for topic, text in pages().items():
        lines += [".TP", f".B {topic}", _escaped(f"{title(text)}.")]
    return "\n".join(lines) + "\n"


def _command(command: Command) -> list[str]:
    texts = [command.argument, *([command.further] if command.further else [])]
    written = " ".join([f"[{x.name}]" if x is command.argument else f"[{x.name}...]" for x in texts])
    lines = [f".SS gradcli {command.name} {_escaped(written)}", _escaped(command.summary), ".PP", ".EX"]
    for line, what in command.examples:
        lines += [_escaped(f"# {what}"), _escaped(line)]
    lines.append(".EE")
    for argument in texts:
        lines += [".TP", f".I {argument.name}", _escaped(argument.help)]
    for option in command.options:
        if option not in (*SPOKEN, *EVERYWHERE):
            lines += _option(option)
    return lines


def _option(option: Option) -> list[str]:
    flags = [flag for flag in (option.short, option.flag, option.negative) if flag]
    value = f" \\fI{_escaped(option.metavar)}\\fR" if option.metavar else ""
    return [".TP", ", ".join([f"\\fB{_escaped(flag)}\\fR" for flag in flags]) + value, _escaped(option.help)]


def _escaped(text: str) -> str:
    """Text as `man` prints it; a point that begins a line would be a command."""
    marked = "".join([SIGNS.get(sign, sign) for sign in text])
    return f"\\&{marked}" if text.startswith(".") else marked
