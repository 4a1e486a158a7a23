"""Comparisons and logic: they give 1.0 or 0.0 and have no gradient."""

from __future__ import annotations

import _operator as operator  # see domains/floats

from gradcli.core import simplify
from gradcli.core.op import Op

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _comparison(name: str, symbol: str, about: str, holds: Callable[[float, float], bool], aliases: str) -> Op:
    return Op(
        name, "x, y",
        aliases=aliases, about=about, example=f"2 {symbol} 3", symbol=symbol, precedence=5,
        edges="jump at x = y",
        simplify=lambda b, x, y: simplify.compare(b, x, y, holds),
        jump=lambda x, y: x == y,
        decides=True, integral=True, relates=True,
    )  # fmt: skip


def _connective(word: str, about: str, precedence: int, rewrite: Any, second: Callable[..., Any]) -> Op:
    return Op(
        f"logical_{word}", "x, y",
        about=about, example=f"1 < 2 {word} 2 < 3", symbol=word, precedence=precedence,
        active=(None, second), simplify=rewrite, decides=True, integral=True,
    )  # fmt: skip


ROWS = (
    _comparison("lt", "<", "is x less than y?", operator.lt, "less"),
    _comparison("le", "<=", "is x at most y?", operator.le, "less_equal"),
    _comparison("gt", ">", "is x greater than y?", operator.gt, "greater"),
    _comparison("ge", ">=", "is x at least y?", operator.ge, "greater_equal"),
    _comparison("eq", "==", "are x and y equal?", operator.eq, "equal"),
    _comparison("ne", "!=", "do x and y differ?", operator.ne, "not_equal"),
    # the second is not looked at where the first decides
    _connective("and", "are both true (not 0)?", 3, simplify.logical_and, lambda r, x, y: x != 0),
    _connective("or", "is one of them true (not 0)?", 2, simplify.logical_or, lambda r, x, y: x == 0),
    Op(
        "logical_not", "x",
        about="1 where x is 0, else 0", example="not 0", symbol="not", precedence=4,
        simplify=simplify.logical_not,
        decides=True,
        integral=True,
    ),
)  # fmt: skip
