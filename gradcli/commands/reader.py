"""The reader of the command line: by the declarations alone, so that nothing is loaded for it.

A word with one leading minus is an expression unless it is declared as an option.
"""

from __future__ import annotations

from gradcli.commands.declarations import COMMANDS
from gradcli.commands.declared import HELP_FLAGS, PATH, SECONDS, TEXTS, VERSION, WHOLE, Command, Option
from gradcli.errors import UsageError
from gradcli.text import listed, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def read(argv: Sequence[str]) -> tuple[Command, dict[str, Any]] | None:
    """The command and its values, by name; None where a help text was printed instead.

    Raises UsageError.
    """
    first, *tokens = argv[:2] if argv[0] == "help" else argv  # before a whole line it asks for the help of its command
    command = COMMANDS.get(first)
    scan = None if command is None else Scan(command, tokens)
    if first in HELP_FLAGS or (scan is not None and scan.help):
        from gradcli.commands.help import print_help

        print_help(command)
        return None
    if command is None or scan is None:
        raise _no_command(first)
    if scan.odd or scan.open:
        raise _wrong(command, scan.odd, scan.open)
    return command, finish(command, scan.given, scan.texts)


class Scan:
    """The tokens after a command, sorted.

    given: option name to the texts given, or for a switch to True or False; texts: what is
    no option; help: is help asked for? odd: the first option that is not known or takes no value, open: the
    first that lacks its value, each "" where there is none.
    """

    __slots__ = ("given", "help", "odd", "open", "texts")

    def __init__(self, command: Command, tokens: Sequence[str]) -> None:
        self.given: dict[str, Any] = {}
        self.texts: list[str] = []
        self.help = False
        self.odd = self.open = ""
        k = 0
        while k < len(tokens):
            token = tokens[k]
            k += 1
            if token == "--":
                self.texts += tokens[k:]
                return
            if token in HELP_FLAGS:
                self.help = True
            elif not token.startswith("--") and token not in command.flags:
                self.texts.append(token)
            else:
                flag, equals, value = token.partition("=")
                option, on = command.flags.get(flag, (None, False))
                if option is None or (equals and not option.takes_value):
                    self.odd = self.odd or flag
                elif not option.takes_value:
                    self.given[option.name] = on
                elif equals:
                    self.given.setdefault(option.name, []).append(value)
                elif k < len(tokens) and not tokens[k].startswith("--"):
                    self.given.setdefault(option.name, []).append(tokens[k])
                    k += 1
                else:
                    self.open = self.open or flag


def _no_command(word: str) -> UsageError:
    from gradcli.commands import suggestions

    flag = word.partition("=")[0]
    if word == "--":
        return UsageError("a command is missing", f"the commands are {', '.join(COMMANDS)}")
    if flag == VERSION.flag:
        return _no_value(flag)
    return suggestions.no_such_option(flag, None) if word.startswith("--") else suggestions.no_such_command(word)


def _wrong(command: Command, odd: str, open: str) -> UsageError:
    if odd in command.flags:
        return _no_value(odd)
    if odd:
        from gradcli.commands.suggestions import no_such_option

        return no_such_option(odd, command)
    return UsageError(f"{open} needs a value", f"write {open} {command.flags[open][0].metavar}")


def _no_value(flag: str) -> UsageError:
    return UsageError(f"{flag} takes no value", f"write {flag} alone")


def finish(command: Command, given: dict[str, Any], texts: Sequence[str]) -> dict[str, Any]:
    """The values of all options and of the argument, by name; None, False or [] by default. Raises UsageError."""
    values: dict[str, Any] = {}
    for option in command.options:
        found = given.get(option.name)
        if not option.takes_value:
            values[option.name] = found if option.negative else bool(found)
        elif option.kind == TEXTS:
            values[option.name] = [_text(option.flag, text) for text in found or ()]
        elif not found:
            values[option.name] = None
        elif len(found) > 1:
            raise UsageError(f"{option.flag} is given twice", "give it once")
        else:
            values[option.name] = _value(option, found[0])
    own = texts
    if command.further is not None:
        # With --file the expression is in a file, and every text is of the further kind.
        own = texts[:1] if values["file"] is None else ()
        values[command.further.name] = [_text(command.further.name, text) for text in texts[len(own) :]]
    values[command.argument.name] = _argument(command, own)
    return values


def _argument(command: Command, texts: Sequence[str]) -> str | None:
    argument = command.argument
    if len(texts) > 1:
        for text in [*texts[1:], texts[0]]:  # of two that begin with a minus the first is the formula
            if text[:1] == "-" and text[1:2].isalpha() and text.replace("-", "").isalpha():
                from gradcli.commands.suggestions import no_such_option

                raise no_such_option(text, command)
        raise UsageError(f'"{shown(texts[1])}" is one argument too many', _one_argument(command, texts))
    if not texts:
        if argument.required:
            raise UsageError(f"{command.name} needs {argument.name}: {listed(argument.choices, 'or')}")
        return None
    text = _text(argument.name, texts[0])
    if argument.choices and text not in argument.choices:
        cure = f"write {listed(argument.choices, 'or')}"
        raise UsageError(f'there is no {argument.name.lower()} "{shown(text)}"', cure)
    return text


def _one_argument(command: Command, texts: Sequence[str]) -> str:
    """The cure for several arguments: mostly an expression without quotes."""
    if command.argument.name != "EXPR":
        return f"write gradcli {command.name} {command.argument.name}"
    span = next((text for text in texts[1:] if ":" in text and "[" not in text), "")
    for flag in ("--range", "--sweep"):
        if span and flag in command.flags:
            return f"write gradcli {command.name} EXPR {flag} {shown(span)}"
    if any("=" in text for text in texts[1:]):
        return f"a point is given by --at: gradcli {command.name} EXPR --at x=2"
    return f'put the expression in quotes: gradcli {command.name} "{shown(" ".join(texts), 200)}"'


def _value(option: Option, text: str) -> Any:
    if option.kind == PATH:
        return text
    _text(option.flag, text)
    if option.kind == WHOLE:
        if text.isascii() and text.isdigit() and len(text) < 19 and option.least <= int(text) <= option.most:
            return int(text)
        bounds = f"from {option.least} to {option.most}"
        raise UsageError(f'{option.flag} takes a whole number {bounds}, not "{shown(text)}"')
    if option.kind == SECONDS:
        try:
            seconds = float(text)
        except ValueError:
            seconds = 0.0
        if 0.0 < seconds < float("inf"):
            return seconds
        raise UsageError(f'{option.flag} takes a number of seconds above 0, not "{shown(text)}"')
    if option.choices and not option.open and text not in option.choices:
        from gradcli.text import nearest

        meant = nearest(text, option.choices)
        what = f'{option.flag} takes {listed(option.choices, "or")}, not "{shown(text)}"'
        raise UsageError(what, f"did you mean {meant}?" if meant else "")
    return text


def _text(place: str, text: str) -> str:
    """The text, which must be text: bytes that are not UTF-8 arrive as lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(f'{place} is not UTF-8: "{shown(text)}"') from None
    return text
