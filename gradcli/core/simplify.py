"""Exact rewriting while a gradient is built: structural 0 and 1, and signs moved outwards.

Each function takes a builder and the ids of the operands and returns the id of a simpler
node, or None. Only what is known without the point is used: a product with the literal 0
is 0 here, because a zero that is part of the rule is no factor, and
the value as written never comes this way.
"""

from __future__ import annotations

import math

from gradcli.core.constants import is_short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.core.graph import Builder
    from gradcli.core.op import Op


MOST_PARTS = 8  # of a chain of truths that are looked at


def _fold(b: Builder, value: float) -> int | None:
    """The literal, where the arithmetic of short numbers that gave it was exact in every executor."""
    if abs(value) < 2.0**30 and (value * 2.0**20).is_integer():
        return b.number(value)
    return None


def neg(b: Builder, x: int) -> int | None:
    """-(-x) is x, -(x - y) is y - x."""
    node = b.nodes[x]
    if node[0] is b.neg:
        return node[1]
    value = b.literals.get(x)
    if value is not None:
        return b.number(0.0 if value == 0.0 else -value)
    if node[0].name == "sub":
        return b.make(node[0], node[2], node[1])
    return None


def add(b: Builder, x: int, y: int) -> int | None:
    """x + 0 is x, x + -y is x - y."""
    u, v = b.literals.get(x), b.literals.get(y)
    if u is not None or v is not None:
        if u == 0.0:
            return y
        if v == 0.0:
            return x
        if is_short(u) and is_short(v):
            return _fold(b, u + v)  # type: ignore[operator]
    one, other = b.nodes[x], b.nodes[y]
    if other[0] is b.neg:
        return b.make(b.op("sub"), x, other[1])
    if one[0] is b.neg:
        return b.make(b.op("sub"), y, one[1])
    return _masked(b, b.op("add"), x, y) if len(one) == len(other) == 4 else None


def sub(b: Builder, x: int, y: int) -> int | None:
    """x - 0 is x, x - -y is x + y."""
    u, v = b.literals.get(x), b.literals.get(y)
    if u is not None or v is not None:
        if v == 0.0:
            return x
        if u == 0.0:
            return b.make(b.op("neg"), y)
        if is_short(u) and is_short(v):
            return _fold(b, u - v)  # type: ignore[operator]
    one, other = b.nodes[x], b.nodes[y]
    if other[0] is b.neg:
        return b.make(b.op("add"), x, other[1])
    if one[0] is b.neg:
        return b.make(b.neg, b.make(b.op("add"), one[1], y))
    return _masked(b, b.op("sub"), x, y) if len(one) == len(other) == 4 else None


def _masked(b: Builder, op: Op, x: int, y: int) -> int | None:
    """The sum or difference of what is 0 under one condition, under that condition."""
    one, other = b.nodes[x], b.nodes[y]
    if one[0].name != "where" or one[:2] != other[:2]:
        return None
    for k in (2, 3):
        if b.literals.get(one[k]) == b.literals.get(other[k]) == 0.0:
            chosen = b.make(op, one[5 - k], other[5 - k])
            return b.make(one[0], one[1], *((one[k], chosen) if k == 2 else (chosen, one[k])))
    return None


def mul(b: Builder, x: int, y: int) -> int | None:
    """x*1 is x, x*0 is the 0, signs go outwards."""
    u, v = b.literals.get(x), b.literals.get(y)
    if u is not None or v is not None:
        for factor, i, other in ((u, x, y), (v, y, x)):
            if factor == 1.0:
                return other
            if factor == 0.0:
                return i
            if factor == -1.0:
                return b.make(b.neg, other)
        if is_short(u) and is_short(v):
            return _fold(b, u * v)  # type: ignore[operator]
    nodes, neg = b.nodes, b.neg
    return _outwards(b, b.op("mul"), x, y) if nodes[x][0] is neg or nodes[y][0] is neg else None


def div(b: Builder, x: int, y: int) -> int | None:
    """x/1 is x, 0/x is the 0, signs go outwards."""
    v = b.literals.get(y)
    if v == 1.0 or b.literals.get(x) == 0.0:
        return x
    if v == -1.0:
        return b.make(b.neg, x)
    return _outwards(b, b.op("div"), x, y)


def _outwards(b: Builder, op: Op, x: int, y: int) -> int | None:
    """A product or quotient of a negative as the negative of one."""
    above, below = b.nodes[x], b.nodes[y]
    if above[0] is b.neg:
        return b.make(b.neg, b.make(op, above[1], y))
    return b.make(b.neg, b.make(op, x, below[1])) if below[0] is b.neg else None


def pow(b: Builder, x: int, y: int) -> int | None:
    """x**1 is x, x**0 is 1."""
    v = b.literals.get(y)
    if v == 1.0:
        return x
    if v == 0.0:
        return b.number(1.0)
    return None


def where(b: Builder, c: int, x: int, y: int) -> int | None:
    """What is chosen in any case; the condition without its `not`; the same choice within it, made once."""
    if x == y:
        return x
    chosen = b.literals.get(c)
    if chosen is not None:
        return x if chosen else y
    node = b.nodes[c]
    if node[0].name == "logical_not":
        return b.make(b.op("where"), node[1], y, x)
    inside = _chosen(b, c, x, 2), _chosen(b, c, y, 3)
    return None if inside == (x, y) else b.make(b.op("where"), c, *inside)


def _chosen(b: Builder, c: int, x: int, k: int) -> int:
    """Node x, or its negative, without a choice by the same condition; k: which operand that chooses."""
    node = b.nodes[x]
    if node[0] is b.neg:
        inside = _chosen(b, c, node[1], k)
        return x if inside == node[1] else b.make(b.neg, inside)
    return node[k] if node[0].name == "where" and node[1] == c else x


def match(b: Builder, c: int, like: int) -> int | None:
    """What has that shape already."""
    node = b.nodes[c]
    return c if c == like or (node[0].like and node[node[0].like] == like) else None


def logical_and(b: Builder, x: int, y: int) -> int | None:
    """x and x is x; what a literal decides."""
    return _logic(b, x, y, decides=False)


def logical_or(b: Builder, x: int, y: int) -> int | None:
    """x or x is x; what a literal decides."""
    return _logic(b, x, y, decides=True)


def _logic(b: Builder, x: int, y: int, decides: bool) -> int | None:
    """decides: the truth of one operand that decides alone."""
    if x == y:
        return x
    for u, other in ((b.literals.get(x), y), (b.literals.get(y), x)):
        if u is not None:
            return b.number(float(decides)) if bool(u) is decides else other if _boolean(b, other) else None
    if _opposite(b, x, y):
        return b.number(float(decides))
    return _absorbed(b, "logical_or" if decides else "logical_and", x, y)


def _absorbed(b: Builder, name: str, x: int, y: int) -> int | None:
    """x or (x and y) is x, (x or y) or x is x or y; so with the two exchanged."""
    other = "logical_and" if name == "logical_or" else "logical_or"
    if not {name, other} & {b.nodes[x][0].name, b.nodes[y][0].name}:
        return None
    joined, opposed = ([_parts(b, what, v) for v in (x, y)] for what in (name, other))
    for k, (u, v) in enumerate(((x, y), (y, x))):
        if joined[k] <= joined[1 - k]:
            return v
        if opposed[k] <= opposed[1 - k] and _boolean(b, u):
            return u
    return None


def _parts(b: Builder, name: str, x: int) -> set[int]:
    """What a chain of this logical operation joins; x where it is none."""
    found: set[int] = set()
    todo = [x]
    while todo:
        i = todo.pop()
        if b.nodes[i][0].name == name and len(found) + len(todo) < MOST_PARTS:
            todo += b.nodes[i][1:]
        else:
            found.add(i)
    return found


def logical_not(b: Builder, x: int) -> int | None:
    """not of a literal, and of a not."""
    value = b.literals.get(x)
    if value is not None:
        return b.number(0.0 if value else 1.0)
    node = b.nodes[x]
    if node[0].name == "logical_not" and _boolean(b, node[1]):
        return node[1]
    return None


def _boolean(b: Builder, x: int) -> bool:
    """Is node x 0.0 or 1.0 wherever it is evaluated?"""
    return b.nodes[x][0].decides or b.literals.get(x) in (0.0, 1.0)


def _opposite(b: Builder, x: int, y: int) -> bool:
    u, v = b.nodes[x], b.nodes[y]
    return (u[0].name == "logical_not" and u[1] == y) or (v[0].name == "logical_not" and v[1] == x)


def compare(b: Builder, x: int, y: int, holds: Callable[[float, float], bool]) -> int | None:
    """A comparison that is decided without the point: of literals, or with an infinity."""
    u, v = b.known(x), b.known(y)
    if v == 0.0 and y in b.literals and b.nodes[x][0].decides:  # c != 0 is c, c == 0 is not c
        if holds(1.0, 0.0) and not holds(0.0, 0.0):
            return x
        if holds(0.0, 0.0) and not holds(1.0, 0.0):
            return b.make(b.op("logical_not"), x)
    if u == math.inf or v == math.inf or u == -math.inf or v == -math.inf:
        # Only NaN could object, and where a NaN is chosen all partials are NaN anyway.
        return b.number(float(holds(0.0 if u is None else u, 0.0 if v is None else v)))
    if u is None or v is None:
        return None
    exact = x in b.literals and y in b.literals
    if exact or abs(u - v) > 1e-9 * (abs(u) + abs(v)):
        return b.number(float(holds(u, v)))
    return None
