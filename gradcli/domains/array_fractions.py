"""Exact fractions beside arrays of balls: what stays rational under --digits, element by element."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb

from gradcli.domains.fractions import FRACTIONS
from gradcli.domains.objects import Objects, is_structure
from gradcli.domains.rationals import bits, dyadic, evaluate, from_fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.core.graph import Node

# So many bits the elements may have together where an operation does more than to move them.
MOST_BITS = 2**16
_ARRAYS = Objects(FRACTIONS, float, {})


def sharpened(rationals: dict[int, Any], nodes: Sequence[Node], i: int, operands: Sequence[Any], value: Any) -> Any:
    """The balls of node i, those of rational numbers as these; None where a ball is lacking.

    rationals: of the nodes of which the balls do not say it, a fraction or for each element one or None; it gets those
    of node i. operands: balls, object arrays of them, and what is no number. value: balls, or None where they decided
    nothing.
    """
    if value is not None and all(not isinstance(x, arb) or x.is_exact() for x in np.ravel(value)):
        return value
    op, *places = nodes[i]
    known = [rationals[k] if k in rationals else _of_balls(v) for k, v in zip(places, operands, strict=True)]
    found = _of_whole(nodes, i, operands, known) if op.whole else _each(lambda *q: evaluate(op, q), *known)
    if found is None:
        return value
    rationals[i] = found
    if value is None:
        return _each(from_fraction, found) if all(q is not None for q in np.ravel(found)) else None
    return _each(lambda x, q: x if q is None or x.is_exact() else from_fraction(q), value, found)


def _of_whole(nodes: Sequence[Node], i: int, operands: Sequence[Any], known: list[Any]) -> Any:
    """The fractions of an operation on whole arrays, None where one that it reads is not known."""
    op = nodes[i][0]
    for k, (v, q) in enumerate(zip(operands, known, strict=True)):
        if v is not None and (q is None or (is_structure(op, k) and any(e is None for e in np.ravel(q)))):
            return None
    if not op.rearranges and sum(bits(q) for v in known for q in np.ravel(v) if isinstance(q, Fraction)) > MOST_BITS:
        return None
    try:
        return _ARRAYS.apply(nodes, nodes[i], known)
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None


def _of_balls(v: Any) -> Any:
    """What exact balls are as fractions; what is no number as it is."""
    if isinstance(v, arb):
        return dyadic(v)
    return _each(dyadic, v) if isinstance(v, np.ndarray) and v.dtype == object else v


def _each(function: Any, *x: Any) -> Any:
    return np.frompyfunc(function, len(x), 1)(*x)
