"""What a command, an argument and an option are, and the options that every command has."""

from __future__ import annotations

from gradcli.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# How the text after an option becomes a value: as it is, all of them where it may be given more than once, the name of
# a file, nothing to read (a switch, or one with a `--no-` form), a whole number, a number of seconds.
TEXT, TEXTS, PATH, SWITCH, TOGGLE, WHOLE, SECONDS = "text", "texts", "path", "switch", "toggle", "whole", "seconds"
# What the help writes for such a value, where an option does not say it otherwise.
METAVARS = {TEXTS: "X=VALUE,...", PATH: "FILE", WHOLE: "N", SECONDS: "SECONDS"}


class Option:
    """One option.

    name: the key of its value; flag: as typed; short: the same in one letter, or nothing; kind:
    how its text is read; metavar: what the help writes for its value; least, most: the whole numbers that it may be;
    open: other values than its choices are allowed.
    """

    short = ""
    open = False
    least, most = 1, 10**12

    def __init__(self, flag: str, kind: str, help: str, **further: Any) -> None:
        self.flag = flag
        self.name = flag.removeprefix("--").replace("-", "_")
        self.kind = kind
        self._help = help
        self._choices: tuple[str, ...] | str = further.pop("choices", ())
        self.metavar = METAVARS.get(kind, "")
        vars(self).update(further)

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that its value may be, where they are known: declared, or the names in a table, "module:TABLE"."""
        if isinstance(self._choices, str):
            module, _, table = self._choices.partition(":")
            self._choices = tuple(getattr(__import__(module, fromlist=[table]), table))
        return self._choices

    @property
    def help(self) -> str:
        """What the option does; CHOICES stands for the words that its value may be."""
        return self._help.replace("CHOICES", listed(self.choices, "or")) if "CHOICES" in self._help else self._help

    @property
    def takes_value(self) -> bool:
        """Does a value follow the flag?"""
        return self.kind not in (SWITCH, TOGGLE)

    @property
    def negative(self) -> str:
        """The flag that switches a toggle off, or nothing."""
        return f"--no-{self.flag.removeprefix('--')}" if self.kind == TOGGLE else ""


class Argument:
    """What stands on the command line without a flag: its name, the words allowed (or all), and what a shell offers:
    "function" or "topic", or nothing that is known."""

    required = True
    choices: tuple[str, ...] = ()
    completes = ""

    def __init__(self, name: str, help: str, **further: Any) -> None:
        self.name = name
        self.help = help
        vars(self).update(further)


class Command:
    """A command: `module` in this folder holds its `run(command, parameters) -> exit status`.

    further: files that may follow the argument, any number of times; where `--file` gives the
    expression, all that stands without a flag is of this kind.
    """

    def __init__(
        self,
        name: str,
        summary: str,
        examples: tuple[tuple[str, str], ...],
        argument: Argument,
        options: tuple[Option, ...],
        module: str = "",
        further: Argument | None = None,
    ) -> None:
        self.name = name
        self.further = further
        self.summary = summary
        self.examples = examples
        self.argument = argument
        self.options = (*options, *(SPOKEN if argument.name == "EXPR" else ()), *EVERYWHERE)
        self.module = module or name
        self.flags: dict[str, tuple[Option, bool]] = {option.flag: (option, True) for option in self.options}
        self.flags.update({option.negative: (option, False) for option in self.options if option.negative})
        self.flags.update({option.short: (option, True) for option in self.options if option.short})


HELP_FLAGS = ("-h", "--help")
DEBUG = Option("--debug", SWITCH, "Show the traceback of an error, and what ran a batch.")
NO_COLOR = Option("--no-color", SWITCH, "Print without colours.")
QUIET = Option("--quiet", SWITCH, "Leave out the notes.")
STRICT = Option("--strict", SWITCH, "Exit status 1 where there is a note or NaN.")
# What every command has, and what every command that reads an expression has before it.
EVERYWHERE, SPOKEN = (NO_COLOR, DEBUG), (QUIET, STRICT)
VERSION = Option("--version", SWITCH, "Print the version.", short="-V")
