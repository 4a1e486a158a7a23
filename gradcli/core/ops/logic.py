"""Comparisons and logic: they give 1.0 or 0.0 and have no gradient."""

from __future__ import annotations

import operator

from gradcli.core import simplify
from gradcli.core.op import Op

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def truth(yes: bool, no: bool, like: Any) -> Any:
    """1 or 0 as a ball, or the ball from 0 to 1 where the precision does not decide."""
    if yes:
        return like * 0 + 1 if like.is_finite() else type(like)(1)
    return type(like)(0) if no else type(like)(0.5, 0.5)


def _comparison(
    name: str, symbol: str, about: str, holds: Callable[[Any, Any], bool], fails: Callable[[Any, Any], bool],
    relation: str, aliases: str,
) -> Op:  # fmt: skip
    def on_ball(x, y):
        if x.is_nan() or y.is_nan():
            return type(x)(1 if name == "ne" else 0)
        return truth(holds(x, y), fails(x, y), type(x)(0))

    return Op(
        name, "x, y",
        aliases=aliases, about=about, example=f"2 {symbol} 3", symbol=symbol, precedence=5,
        edges="jump at x = y",
        on_array=aliases,
        on_float=lambda x, y: 1.0 if holds(x, y) else 0.0,
        on_ball=on_ball,
        to_sympy=lambda s, x, y: s.Piecewise((1, getattr(s, relation)(x, y)), (0, True)),
        vjp=(None, None),
        simplify=lambda b, x, y: simplify.compare(b, x, y, holds),
        jump=lambda x, y: x == y,
        decides=True,
    )  # fmt: skip


def _and_float(x: float, y: float) -> float:
    return 1.0 if x and y else 0.0


def _or_float(x: float, y: float) -> float:
    return 1.0 if x or y else 0.0


def _chosen(x: Any) -> tuple[bool, bool]:
    """Is a ball surely not 0, and is it surely 0?"""
    return bool(x != 0) or x.is_nan(), bool(x.is_zero())


def _ball_and(x, y):
    (x_yes, x_no), (y_yes, y_no) = _chosen(x), _chosen(y)
    return truth(x_yes and y_yes, x_no or y_no, type(x)(0))


def _ball_or(x, y):
    (x_yes, x_no), (y_yes, y_no) = _chosen(x), _chosen(y)
    return truth(x_yes or y_yes, x_no and y_no, type(x)(0))


def _ball_not(x):
    yes, no = _chosen(x)
    return truth(no, yes, type(x)(0))


def _nonzero(s, x):
    return s.Ne(x, 0)


ROWS = (
    _comparison("lt", "<", "is x less than y?", operator.lt, operator.ge, "Lt", "less"),
    _comparison("le", "<=", "is x at most y?", operator.le, operator.gt, "Le", "less_equal"),
    _comparison("gt", ">", "is x greater than y?", operator.gt, operator.le, "Gt", "greater"),
    _comparison("ge", ">=", "is x at least y?", operator.ge, operator.lt, "Ge", "greater_equal"),
    _comparison("eq", "==", "are x and y equal?", operator.eq, operator.ne, "Eq", "equal"),
    _comparison("ne", "!=", "do x and y differ?", operator.ne, operator.eq, "Ne", "not_equal"),
    Op(
        "logical_and", "x, y",
        about="are both true (not 0)?", example="1 < 2 and 2 < 3", symbol="and", precedence=3,
        on_array="logical_and",
        on_float=_and_float, on_ball=_ball_and,
        to_sympy=lambda s, x, y: s.Piecewise((1, s.And(_nonzero(s, x), _nonzero(s, y))), (0, True)),
        vjp=(None, None),
        active=(None, lambda r, x, y: x != 0),  # the second is not looked at where the first decides
        simplify=simplify.logical_and,
        decides=True,
    ),
    Op(
        "logical_or", "x, y",
        about="is one of them true (not 0)?", example="1 > 2 or 2 < 3", symbol="or", precedence=2,
        on_array="logical_or",
        on_float=_or_float, on_ball=_ball_or,
        to_sympy=lambda s, x, y: s.Piecewise((1, s.Or(_nonzero(s, x), _nonzero(s, y))), (0, True)),
        vjp=(None, None),
        active=(None, lambda r, x, y: x == 0),
        simplify=simplify.logical_or,
        decides=True,
    ),
    Op(
        "logical_not", "x",
        about="1 where x is 0, else 0", example="not 0", symbol="not", precedence=4,
        on_array="logical_not",
        on_float=lambda x: 0.0 if x else 1.0, on_ball=_ball_not,
        to_sympy=lambda s, x: s.Piecewise((1, s.Eq(x, 0)), (0, True)),
        vjp=(None,),
        simplify=simplify.logical_not,
        decides=True,
    ),
)  # fmt: skip
