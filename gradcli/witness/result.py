"""What a check found: a row for each number."""

from __future__ import annotations

from gradcli.domains.floats import sum_of
from gradcli.witness.direction import direction
from gradcli.witness.verdict import DISAGREES, NOT_CHECKED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Row:
    """The check of one number.

    name: "value" or the variable; answer: the float; along: None, or of an array the direction
    along which its partials are checked all at once: then `answer` is their sum over it, `numbers`
    the partials, and error that of the worst of them; truth: our own formula in exact
    arithmetic, 30 digits; symbolic, numeric: what the witnesses say, 30 digits or a word,
    None where there is nothing; left, right: the slopes on the two sides where they differ;
    symbolic_digits, numeric_digits: on how many digits truth and witness agree, at most 30;
    floats: what plain floats gave, where the answer is another number; kept: how many of its 16 digits that
    kept, or the answer; error: the relative error of the answer; verdict:
    "agrees", "disagrees", "kink" (our number lies between the slopes on the two sides) or
    "not checked", and then `why`.
    """

    along: Any = None
    truth: str | None = None
    symbolic: str | None = None
    numeric: str | None = None
    left: str | None = None
    right: str | None = None
    symbolic_digits: int | None = None
    numeric_digits: int | None = None
    kept: float | None = None
    error: float | None = None
    verdict = NOT_CHECKED

    def __init__(self, name: str, answer: Any, why: str = "", floats: Any = None) -> None:
        self.name = name
        self.answer = self.numbers = answer
        self.floats = floats
        self.why = why
        if getattr(answer, "shape", ()):
            self.along = direction(answer.shape)
            self.answer = sum_of((self.along * answer).ravel().tolist())

    def __repr__(self) -> str:
        return f"Row({self.name!r}, {self.answer!r}, {self.verdict!r}, {self.why!r})"


class Check:
    """The check of one point: a row for the value and one for each partial.

    ok: no witness disagrees; checked: how many partials a witness could check; max_rel_error:
    the largest relative error of the floats, None where it is not known; why: why a partial
    was not checked, or "".
    """

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    @property
    def ok(self) -> bool:
        """Does no witness disagree?"""
        return all(row.verdict != DISAGREES for row in self.rows)

    @property
    def checked(self) -> int:
        """How many partials a witness could check."""
        return sum(row.verdict != NOT_CHECKED for row in self.rows[1:])

    @property
    def max_rel_error(self) -> float | None:
        """The largest relative error of the floats."""
        return max((row.error for row in self.rows if row.error is not None), default=None)

    @property
    def why(self) -> str:
        """Why a partial was not checked, or ""."""
        return next((row.why for row in self.rows[1:] or self.rows if row.why), "")
