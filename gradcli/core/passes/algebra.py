"""Cheaper operations to the same bits, but for what a product of two literals rounds.

The value as written comes this way too, so nothing here may lose a digit or move an edge: a
factor 1 goes, signs move outwards, a division by a power of two is a product. Literals are the
leaves that `fold` makes.
"""

from __future__ import annotations

import math

from gradcli.core.op import VALUE
from gradcli.core.passes import Copy, rewritten
from gradcli.core.table import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.core.graph import Graph, Node
    from gradcli.core.op import Op

LARGEST, SMALLEST = 2.0**100, 2.0**-100  # of literals that are made here, for narrow numbers too

_ADD, _SUB, _MUL, _DIV, _NEG = map(by_name, ("add", "sub", "mul", "div", "neg"))
_NEVER_MINUS_ZERO = tuple(map(by_name, ("exp", "abs", "log")))  # log(1) is 0
_WHERE, _SQRT = by_name("where"), by_name("sqrt")


def algebra(graph: Graph) -> Graph:
    """Each node by a cheaper one where there is one; sums and products of equal operands in both orders are one."""
    return rewritten(graph, _cheaper)


def _cheaper(copy: Copy, node: Node) -> int:
    if node[0] in (_ADD, _MUL):
        node = (node[0], *sorted(node[1:], key=lambda k: (copy.nodes[k][0] is not VALUE, k)))
    rule = _RULES.get(node[0])
    found = rule(copy, *node[1:]) if rule is not None else None
    return copy.add(node) if found is None else found


def _literal(copy: Copy, i: int) -> float | None:
    node = copy.nodes[i]
    return node[1] if node[0] is VALUE else None


def _made_of(copy: Copy, i: int, row: Op) -> Node | None:
    """The operands of node i where it is this operation."""
    node = copy.nodes[i]
    return node[1:] if node[0] is row else None


def _factor(copy: Copy, i: int, row: Op) -> tuple[float, int] | None:
    """The literal and the other operand of a product, or of a quotient with a literal above."""
    made = _made_of(copy, i, row)
    a = None if made is None else _literal(copy, made[0])
    return None if made is None or a is None else (a, made[1])


def _multiply(copy: Copy, x: int, y: int) -> int | None:
    a = _literal(copy, x)
    if a is not None:
        return _scaled(copy, a, y)
    for u, v in ((x, y), (y, x)):
        bare = _made_of(copy, u, _NEG)
        if bare is not None:
            return _cheaper(copy, (_NEG, _cheaper(copy, (_MUL, *bare, v))))
    return None


def _scaled(copy: Copy, a: float, x: int) -> int | None:
    if a == 1.0:
        return x
    if a == -1.0:
        return _cheaper(copy, (_NEG, x))
    bare = _made_of(copy, x, _NEG)
    if bare is not None:
        return _cheaper(copy, (_MUL, copy.add((VALUE, -a)), *bare))
    b, y = _factor(copy, x, _MUL) or (math.inf, x)
    # One rounding fewer; factors on either side of 1 could hide an overflow.
    if not SMALLEST <= abs(a * b) <= LARGEST or min(abs(a), abs(b)) < 1.0 < max(abs(a), abs(b)):
        return None
    return _cheaper(copy, (_MUL, copy.add((VALUE, a * b)), y))


def _add(copy: Copy, x: int, y: int) -> int | None:
    for u, v in ((x, y), (y, x)):
        a = _literal(copy, u)
        if a == 0.0 and (math.copysign(1.0, a) < 0 or never_minus_zero(copy, v)):
            return v
        bare = _made_of(copy, u, _NEG)
        if bare is not None:
            return _cheaper(copy, (_SUB, v, *bare))
    return None


def _subtract(copy: Copy, x: int, y: int) -> int | None:
    bare = _made_of(copy, y, _NEG)
    return None if bare is None else _cheaper(copy, (_ADD, x, *bare))


def _negative(copy: Copy, x: int) -> int | None:
    bare, a = _made_of(copy, x, _NEG), _literal(copy, x)
    if bare is not None:
        return bare[0]
    if a is not None:
        return copy.add((VALUE, -a))
    for row in (_MUL, _DIV):
        found = _factor(copy, x, row)
        if found is not None:
            return _cheaper(copy, (row, copy.add((VALUE, -found[0])), found[1]))
    return None


def _divide(copy: Copy, x: int, y: int) -> int | None:
    b = _literal(copy, y)
    if b is not None and SMALLEST <= abs(b) <= LARGEST and abs(math.frexp(b)[0]) == 0.5:
        return _cheaper(copy, (_MUL, copy.add((VALUE, 1.0 / b)), x))
    above, below = _made_of(copy, x, _NEG), _made_of(copy, y, _NEG)
    if above is not None:
        return _cheaper(copy, (_NEG, _cheaper(copy, (_DIV, *above, y))))
    return None if below is None else _cheaper(copy, (_NEG, _cheaper(copy, (_DIV, x, *below))))


def never_minus_zero(copy: Copy, i: int) -> bool:
    """Is it known that the value is never -0? Looks only at the last operations."""
    for _ in range(4):
        op, *operands = copy.nodes[i]
        if op in _NEVER_MINUS_ZERO or (op is _MUL and operands[0] == operands[1]):
            return True
        if op is _ADD:
            if any((_literal(copy, k) or 0.0) != 0.0 for k in operands):
                return True
        elif op is not _SQRT:
            return False
        i = operands[-1]
    return False


_RULES: dict[Op, Callable[..., int | None]] = {
    _MUL: _multiply, _ADD: _add, _SUB: _subtract, _NEG: _negative, _DIV: _divide,
    _WHERE: lambda copy, c, x, y: x if x == y else None,
}  # fmt: skip
