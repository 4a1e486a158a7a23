"""Unknown commands and options: what may have been meant."""

from __future__ import annotations

import difflib

from gradcli.commands.declarations import COMMANDS, Command
from gradcli.errors import UsageError
from gradcli.text import listed, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# What others call them: word to command or option.
OTHER_WORDS = {
    "derivative": "grad", "diff": "grad", "differentiate": "grad", "gradient": "grad", "backward": "grad",
    "evaluate": "eval", "value": "eval", "compute": "eval", "calc": "eval", "tree": "graph", "draw": "graph",
    "verify": "check", "test": "check", "list": "functions", "ops": "functions",
    "version": "--version", "--precision": "--digits", "--input": "--points",
    "--range": "--sweep", "--point": "--at", "--vars": "--wrt", "--sum": "--accumulate",
}  # fmt: skip


def no_such_command(word: str) -> UsageError:
    meant = _nearest(word, COMMANDS)
    if meant:
        return UsageError(f'there is no command "{shown(word)}"', f"did you mean gradcli {meant}?")
    if word.isidentifier() or word.startswith("--"):
        return UsageError(f'there is no command "{shown(word)}"', f"the commands are {', '.join(COMMANDS)}")
    return UsageError(f'there is no command "{shown(word)}"', f'write gradcli grad "{shown(word)}" for a gradient')


def no_such_option(flag: str, command: Command | None) -> UsageError:
    if command is None and flag == "--debug":
        return UsageError(
            "no command stands before --debug", "put --debug after the command: gradcli grad EXPR --debug"
        )
    if command is None:
        return UsageError(f"there is no option {shown(flag)}", "a command comes first: gradcli grad EXPR --at x=2")
    message = f"{command.name} has no option {shown(flag)}"
    if flag == "--version":
        return UsageError(message, "write gradcli --version")
    others = [other.name for other in COMMANDS.values() if flag in other.flags]
    if others:
        return UsageError(message, f"gradcli {listed(others)} {'has' if len(others) == 1 else 'have'} it")
    meant = _nearest(flag, command.flags)
    if meant:
        return UsageError(message, f"did you mean {meant}?")
    return UsageError(message, f"gradcli {command.name} --help lists them")


def _nearest(word: str, words: Iterable[str]) -> str | None:
    known = list(words)
    other = OTHER_WORDS.get(word.lower())
    if other is not None and (other in known or not word.startswith("--")):
        return other
    bare = word.removeprefix("--").lower()
    names = {candidate.removeprefix("--"): candidate for candidate in known}
    for name, candidate in names.items():
        if len(bare) > 1 and name.startswith(bare):
            return candidate
    close = difflib.get_close_matches(bare, names, n=1, cutoff=0.6)
    return names[close[0]] if close else None
