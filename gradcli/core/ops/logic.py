"""Comparisons and logic: they give 1.0 or 0.0 and have no gradient."""

from __future__ import annotations

import operator

from gradcli.core import simplify
from gradcli.core.op import Op

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _comparison(name: str, symbol: str, about: str, holds: Callable[[float, float], bool], aliases: str) -> Op:
    return Op(
        name, "x, y",
        aliases=aliases, about=about, example=f"2 {symbol} 3", symbol=symbol, precedence=5,
        edges="jump at x = y",
        simplify=lambda b, x, y: simplify.compare(b, x, y, holds),
        jump=lambda x, y: x == y,
        decides=True, integral=True, relates=True,
    )  # fmt: skip


ROWS = (
    _comparison("lt", "<", "is x less than y?", operator.lt, "less"),
    _comparison("le", "<=", "is x at most y?", operator.le, "less_equal"),
    _comparison("gt", ">", "is x greater than y?", operator.gt, "greater"),
    _comparison("ge", ">=", "is x at least y?", operator.ge, "greater_equal"),
    _comparison("eq", "==", "are x and y equal?", operator.eq, "equal"),
    _comparison("ne", "!=", "do x and y differ?", operator.ne, "not_equal"),
    Op(
        "logical_and", "x, y",
        about="are both true (not 0)?", example="1 < 2 and 2 < 3", symbol="and", precedence=3,
        active=(None, lambda r, x, y: x != 0),  # the second is not looked at where the first decides
        simplify=simplify.logical_and,
        decides=True,
        integral=True,
    ),
    Op(
        "logical_or", "x, y",
        about="is one of them true (not 0)?", example="1 > 2 or 2 < 3", symbol="or", precedence=2,
        active=(None, lambda r, x, y: x == 0),
        simplify=simplify.logical_or,
        decides=True,
        integral=True,
    ),
    Op(
        "logical_not", "x",
        about="1 where x is 0, else 0", example="not 0", symbol="not", precedence=4,
        simplify=simplify.logical_not,
        decides=True,
        integral=True,
    ),
)  # fmt: skip
