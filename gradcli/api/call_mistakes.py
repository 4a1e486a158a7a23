"""What is said of a call whose keywords are not the variables."""

from __future__ import annotations

from gradcli.errors import UsageError
from gradcli.text import listed, shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def by_place(numbers: Sequence[Any], variables: Sequence[str], method: str = "") -> UsageError:
    """Variables that are given by place."""
    table = len(numbers) == 1 and hasattr(numbers[0], "keys")
    what = "a table" if table else "a value" if len(numbers) == 1 else f"{len(numbers)} values"
    name = f"f.{method}" if method else "f"
    message = f"{name} takes its variables as keywords, not {what} by place"
    return UsageError(message, f"write {name}({_keywords(variables)})")


def not_a_variable(name: str, text: str, variables: Sequence[str]) -> UsageError:
    """A keyword that the text does not have."""
    cure = f"its variables are {', '.join(variables)}" if variables else "it has no variables"
    return UsageError(f"{name} is not a variable of {shortened(text)!r}", cure)


def without_value(names: Sequence[str], variables: Sequence[str]) -> UsageError:
    """Variables without a keyword."""
    return UsageError(f"no value for {listed(names)}", f"call it as f({_keywords(variables)})")


def _keywords(variables: Sequence[str]) -> str:
    return ", ".join(f"{x}=..." for x in variables)
