"""Where text comes from: an argument, a file, or standard input."""

from __future__ import annotations

from gradcli.commands.declarations import COMMANDS
from gradcli.errors import UsageError
from gradcli.text import label_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def expression(command: str, parameters: dict[str, Any]) -> str:
    """The text of EXPR or of `--file`. Raises UsageError."""
    given, path = parameters["EXPR"], parameters["file"]
    if given is not None and path is not None:
        raise UsageError("EXPR and --file are both given", "leave one of them out")
    cure = f"write {COMMANDS[command].examples[0][0]}"
    if given is None and path is None:
        raise UsageError(f"{command} needs an expression", f"{cure}, or --file FILE, or - for standard input")
    path = "-" if given == "-" else path
    other = next((flag for flag in ("points", "data") if parameters.get(flag) == "-"), None)
    if path == "-" and other:
        message = f"the expression and --{other} are both to come from standard input"
        raise UsageError(message, "put one of them in a file")
    if path is None:
        text = given
    else:
        from gradcli.tables.files import read_text

        text = read_text(path)
    if not text.strip():
        where = "" if path is None else f" in {label_of(path)}"
        raise UsageError(f"the expression{where} is empty", cure)
    return str(text)
