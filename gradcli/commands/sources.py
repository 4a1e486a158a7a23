"""Where text comes from: an argument, a file, or standard input."""

from __future__ import annotations

from gradcli.errors import UsageError
from gradcli.words import label_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def expression(command: str, parameters: dict[str, Any]) -> str:
    """The text of EXPR or of `--file`. Raises UsageError."""
    given, path = parameters["EXPR"], parameters["file"]
    if given is not None and path is not None:
        raise UsageError("EXPR and --file are both given", "leave one of them out")
    if given is None and path is None:
        raise UsageError(
            f"{command} needs an expression",
            f'write gradcli {command} "x**2 + 3*x + 1" --at x=2, or --file FILE, or - for standard input',
        )
    path = "-" if given == "-" else path
    if path == "-" and parameters.get("points") == "-":
        raise UsageError(
            "the expression and --points are both to come from standard input", "put one of them in a file"
        )
    if path is None:
        text = given
    else:
        from gradcli.tables.plain import read_text

        text = read_text(path)
    if not text.strip():
        where = "" if path is None else f" in {label_of(path)}"
        raise UsageError(f"the expression{where} is empty", f'write gradcli {command} "x**2 + 3*x + 1" --at x=2')
    return text
