"""What rounding did to a run in plain floats: for each node a signed error of first order, and a bound on the rest.

The number that a node stands for lies within y + error ± rest, where y is its float. The own error of sums, products,
quotients, roots and small powers is exact, by error-free transformations; every other operation has the bound of its
row (`ulp`), or where bounds are to be sharp, what gradcli.domains.remainders knows of it. Errors of operands pass on by
the slopes of the rows' own rules; how much a slope changes within the bounds counts as rest. Where a choice, a step or
an edge hangs on the bounds, the rest says how far that reaches.

Sources: S. Linnainmaa, Taylor expansion of the accumulated rounding error (1976); P. Langlois, Automatic linear
correction of rounding errors (2001); T. J. Dekker, A floating-point technique for extending the available precision
(1971).
"""

from __future__ import annotations

import math
from itertools import product
from math import inf, ulp

from gradcli.core.graph import CONSTANT
from gradcli.core.trace import rule_of, seen
from gradcli.domains.floats import SAFE, difference_error, product_error, rule_on_floats, sum_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gradcli.core.graph import Node
    from gradcli.core.op import Op

# Error, rest, and what the operation's own rounding has of these.
Step = tuple[float, float, float]

# What the constants of the language are beyond their float64.
LACKING = {
    **dict.fromkeys(("pi", "π"), 1.2246467991473532e-16), "tau": 2.4492935982947064e-16, "e": 1.4456468917292502e-16,
}  # fmt: skip
# Below the first the error of a product is no float any more; above the second its halves overflow.
SMALL, LARGE = 2.0**-960, 2.0**990
NORMAL = 2.0**-1022  # the least normal float
FAR = 0.125  # of bounds, against 1 and the operand: a bell may lie between
# Errors and rests are computed with rounding too.
SLACK = 2.0**-48
# The C library reduces angles beyond the first to the second alone: next to a zero of the sine that is most of it.
LARGE_ANGLE, REDUCED = 1e8, 2.0**-90
# Where slopes count as constant: the largest error of an operand, against it and against 1, and what they may change.
CLOSE, CHANGE = 2.0**-26, 2.0**-16


class ErrorBounds:
    """How far each float of a run may be from the number that it stands for.

    nodes, values: the graph and the float of each node; errors: signed, of first order; rests: bounds on what is
    left; own: what each operation added by its own rounding; all absolute. Leaves and what did not run are exact.
    """

    __slots__ = ("errors", "nodes", "own", "rests", "same", "sharp", "values")

    def __init__(self, nodes: list[Node], values: Sequence[float], steps: Iterable[int], sharp: bool = False) -> None:
        """steps: the operations that ran, in order; sharp: also the own error of functions, which takes longer."""
        self.sharp = sharp
        self.nodes, self.values = nodes, values
        self.errors = [LACKING.get(node[1], 0.0) if node[0] is CONSTANT else 0.0 for node in nodes]
        self.rests = [0.0] * len(nodes)
        self.own = [0.0] * len(nodes)
        self.same: dict[int, int] = {}  # of an extreme the operand that it surely is
        for i in steps:
            self._step(i)

    def of(self, i: int) -> float:
        """The distance at most between the float of a node and its number; infinite where nothing is known."""
        return abs(self.errors[i]) + self.rests[i]

    def holds(self, i: int, ulps: float) -> bool:
        """Is the float of a node surely its number to so many units in the last place?"""
        y, bound = self.values[i], self.of(i)
        return bound == 0 or (y - y == 0 and bound <= ulps * ulp(y))

    def truth(self, i: int) -> bool | None:
        """Is the node true, as a condition? None where the bounds leave that open."""
        y, bound = self.values[i], self.of(i)
        return y != 0 if bound == 0 or abs(y) > bound else None

    def _step(self, i: int) -> None:
        op, *operands = self.nodes[i]
        x, y = [self.values[k] for k in operands], self.values[i]
        rule = CHOICES.get(op.name)
        if rule is None:
            rest = self._edge(op, x, y, [self.of(k) for k in operands])
            if rest is not None:
                self.rests[i] = rest
                return
            rule = RULES.get(op.name, _by_slopes)
        error, rest, own = rule(self, i, operands, x, y)
        rest += SLACK * abs(error)
        known = error - error == 0 and rest == rest
        self.errors[i], self.rests[i], self.own[i] = (error, rest, own) if known else (0.0, inf, own)

    def _edge(self, op: Op, x: Sequence[float], y: float, bounds: Sequence[float]) -> float | None:
        """The rest where the result is infinite or NaN, or an operand is unknown; None elsewhere."""
        if inf in bounds:
            return inf
        if y - y == 0:
            return None
        if any(bounds):
            return inf
        # By convention at an exact edge, else it overflowed.
        return 0.0 if y != y or any(v - v != 0 for v in x) or (op.pole is not None and op.pole(*x)) else inf


def _add(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    a, b = operands
    own = sum_error(x[0], x[1], y)
    return own + at.errors[a] + at.errors[b], at.rests[a] + at.rests[b], own


def _sub(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    a, b = operands
    own = difference_error(x[0], x[1], y)
    return own + at.errors[a] - at.errors[b], at.rests[a] + at.rests[b], own


def _mul(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    (a, b), (u, v) = operands, x
    own = _rounding_of_product(u, v, y)
    near, far = at.of(a), at.of(b)
    rest = abs(u) * at.rests[b] + abs(v) * at.rests[a] + near * far
    if y == 0 and (near or far) and (u or near) and (v or far):
        rest += ulp(y)  # what underflowed on the way is not 0, nor is its bound
    if own is None:
        return u * at.errors[b] + v * at.errors[a], rest + ulp(y), ulp(y)
    return own + u * at.errors[b] + v * at.errors[a], rest, own


def _rounding_of_product(u: float, v: float, y: float) -> float | None:
    """u*v - y exactly; None where that is no float."""
    if u == 0 or v == 0:
        return 0.0
    if abs(y) < SMALL or abs(u) > LARGE or abs(v) > LARGE:
        return None
    return product_error(u, v, y)


def _div(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    (a, b), (u, v) = operands, x
    return _quotient(u, at.errors[a], at.rests[a], v, at.errors[b], at.rests[b], y)


def _reciprocal(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    (b,) = operands
    return _quotient(1.0, 0.0, 0.0, x[0], at.errors[b], at.rests[b], y)


def _quotient(u: float, eu: float, ru: float, v: float, ev: float, rv: float, y: float) -> Step:
    """Of (u + eu)/(v + ev) = y + (u - y*v + eu - y*ev)/(v + ev)."""
    bound = abs(ev) + rv
    if v - v != 0 or u == 0 == eu == ru:
        return 0.0, 0.0, 0.0
    if bound >= abs(v):
        return 0.0, inf, 0.0
    p = y * v
    lost = _rounding_of_product(y, v, p)
    if u == 0:
        own, rest = 0.0, 0.0
    elif lost is None or abs(u) < SMALL or abs(y) < SMALL:  # its error would be no float
        own, rest = 0.0, ulp(y)
    else:
        own, rest = ((u - p) - lost) / v, 0.0
    first, mine = (eu - y * ev) / v, own or rest
    reach = abs(own) + (abs(eu) + abs(y * ev)) / abs(v)
    rest += (ru + abs(y) * rv + reach * bound) / (abs(v) - bound)
    return own + first, rest, mine


def _sqrt(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    (a,), (u,) = operands, x
    error, rest = at.errors[a], at.rests[a]
    if abs(error) + rest >= u:
        return (0.0, 0.0, 0.0) if u == error == rest == 0 else (0.0, inf, 0.0)
    p = y * y
    lost = _rounding_of_product(y, y, p)
    own = ((u - p) - lost) / (2 * y) if lost is not None else 0.0
    first = own + error / (2 * y)
    reach = (abs(error) + rest) / y + abs(own)
    rest = rest / y + reach * reach / y + (ulp(y) if lost is None else 0.0)
    return first, rest, own


def _square(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    a = operands[0]
    return _mul(at, i, [a, a], [x[0], x[0]], y)


def _pow(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    """Whole powers up to 3 exactly."""
    if at.of(operands[1]) == 0:
        if x[1] == 2:
            return _square(at, i, operands, x, y)
        if x[1] == -1:
            return _reciprocal(at, i, operands[:1], x, y)
        if x[1] == 3:
            return _cube(at, operands[0], x[0], y) or _by_slopes(at, i, operands, x, y)
    return _by_slopes(at, i, operands, x, y)


def _cube(at: ErrorBounds, a: int, u: float, y: float) -> Step | None:
    square = u * u
    lost, p = _rounding_of_product(u, u, square), square * u
    more = _rounding_of_product(square, u, p) if abs(square) < LARGE else None
    if lost is None or more is None:
        return None
    own, reach = (p - y) + more + lost * u, at.of(a)
    return own + 3 * square * at.errors[a], 3 * square * at.rests[a] + reach * reach * (3 * abs(u) + reach), own


def _same(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    return at.errors[operands[0]], at.rests[operands[0]], 0.0


def _neg(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    return -at.errors[operands[0]], at.rests[operands[0]], 0.0


def _abs(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    (a,) = operands
    if at.of(a) > y:
        return 0.0, 2 * at.of(a), 0.0
    return math.copysign(1.0, x[0]) * at.errors[a], at.rests[a], 0.0


def _extreme(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    """The operand that it is; where the bounds of others reach it, as far as these reach."""
    if y != y:
        return 0.0, max(at.of(k) for k in operands), 0.0
    first = operands[x.index(y)]
    bound = at.of(first)
    near = [k for k, v in zip(operands, x, strict=True) if k != first and 0 < at.of(k) + bound >= abs(v - y)]
    if near:
        return 0.0, max(bound, *[at.of(k) for k in near]), 0.0
    at.same[i] = at.same.get(first, first)
    return at.errors[first], at.rests[first], 0.0


def _where(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    c, a, b = operands
    chosen = at.truth(c)
    if chosen is not None:
        k = a if chosen else b
        return at.errors[k], at.rests[k], 0.0
    return 0.0, abs(x[1] - x[2]) + max(at.of(a), at.of(b)) if x[1] != x[2] else max(at.of(a), at.of(b)), 0.0


def _comparison(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    a, b = (at.same.get(k, k) for k in operands)
    bound = at.of(a) + at.of(b)
    if bound == 0 or abs(x[0] - x[1]) > bound or (a == b and x[0] == x[1]):
        return 0.0, 0.0, 0.0
    return 0.0, inf, 0.0


def _logic(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    """Open where the truth of an open operand would change the answer."""
    truths = [at.truth(k) for k in operands]
    function = SAFE[at.nodes[i][0].name]
    found = {function(*map(float, t)) for t in product(*[(False, True) if t is None else (t,) for t in truths])}
    return 0.0, inf if len(found) > 1 else 0.0, 0.0


def _by_slopes(at: ErrorBounds, i: int, operands: list[int], x: list[float], y: float) -> Step:
    """By the bound of the row, the slopes of its rules, and what these change within the bounds of the operands."""
    op = at.nodes[i][0]
    own = 0.0 if y == 0 and x[0] in (0.0, 1.0, 2.0) else op.ulp * ulp(y)
    if op.period and abs(x[0]) > LARGE_ANGLE:
        own += REDUCED
    error, rest = 0.0, own
    if at.sharp and own:
        error, rest, own = _known(op, x, y, own)
    moving = [k for k, node in enumerate(operands) if at.of(node)]
    if not moving:
        return error, rest, own
    reach = {k: max(at.of(operands[k]), ulp(x[k])) for k in moving}
    if any(_is_far(op, reach[k], x[k]) for k in moving):
        return 0.0, inf, own
    slopes = [slope_of(op, k, x, y) for k in moving]
    corners = []
    for signs in corners_of(len(moving)):
        beside = list(x)
        for k, sign in zip(moving, signs, strict=True):
            beside[k] = _as_far(x[k], sign * reach[k])
        corners.append((beside, SAFE[op.name](*beside)))
    for k, slope in zip(moving, slopes, strict=True):
        bound = at.of(operands[k])
        change = max(abs(slope_of(op, k, beside, there) - slope) for beside, there in corners)
        if 4 * change > max(1.0, abs(slope)) and 4 * change * bound > abs(y):
            return 0.0, inf, own  # perhaps a pole lies between
        error += slope * at.errors[operands[k]]
        rest += abs(slope) * at.rests[operands[k]] + change * bound
        if op.ulp and abs(slope) < NORMAL:
            rest += (1.0 + bound) * ulp(0.0)  # a slope that underflowed is not known
    if op.jump is not None or any(isinstance(rule_of(op, k), str) for k in moving):
        rest += max(_residual(x, y, beside, there, moving, slopes) for beside, there in corners)
    if any(k in op.missing for k in moving):
        rest += 2 * op.ulp * ulp(y)  # the change of a value is known from floats alone
    return error, rest, own


def _known(op: Op, x: Sequence[float], y: float, most: float) -> Step:
    """The own error of an operation as a number, where that can be known."""
    from gradcli.domains.remainders import SURE, remainder  # bounds that are small enough do not load it

    lacks = remainder(op, x, y)
    return (0.0, most, most) if lacks is None else (lacks, SURE * ulp(y), lacks)


def _as_far(x: float, by: float) -> float:
    """x + by, or where no float is there the next one farther off."""
    y = x + by
    return y if abs(y - x) >= abs(by) else math.nextafter(y, math.copysign(inf, by))


def _is_far(op: Op, reach: float, x: float) -> bool:
    """Do slopes at x - reach and x + reach tell nothing of what lies between?"""
    return (op.period and reach > op.period / 16) or (reach > FAR and reach > FAR * abs(x))


def _residual(x: list[float], y: float, beside: list[float], there: float, by: list[int], slopes: list[float]) -> float:
    """How far a value beside is from where the slopes lead: a step lies between, or rounding."""
    return abs(there - y - sum(slope * (beside[k] - x[k]) for k, slope in zip(by, slopes, strict=True)))


def corners_of(count: int) -> Iterable[tuple[float, ...]]:
    """The signs of so many operands at the corners about them; of more than three at two opposite ones."""
    return product((-1.0, 1.0), repeat=count) if count <= 3 else ((-1.0,) * count, (1.0,) * count)


def slope_of(op: Op, k: int, x: Sequence[float], y: float) -> float:
    """The partial of an operation by an operand, by its rule; 0 where it does not depend on it there."""
    key = ("slope on floats", k, len(x))
    if key not in op.templates:
        op.templates[key] = [
            rule_on_floats(op, "vjp", k, len(x)),
            rule_on_floats(op, "share", 0, len(x)) if op.share else None,
            rule_on_floats(op, "active", k, len(x)) if op.active else None,
        ]
    rule, share, active = op.templates[key]
    operands = seen(op, x, k)
    if rule is None or (active is not None and not active(y, *operands)):
        return 0.0
    return rule(1.0 if share is None else share(1.0, y, *x), y, *operands)


# What chooses, of which an unknown operand need not count.
CHOICES = {
    **dict.fromkeys(("lt", "le", "gt", "ge", "eq", "ne"), _comparison),
    **dict.fromkeys(("logical_and", "logical_or", "logical_not"), _logic),
    "where": _where, "max": _extreme, "min": _extreme,
}  # fmt: skip
RULES = {
    "add": _add, "sub": _sub, "mul": _mul, "div": _div, "neg": _neg, "positive": _same, "detach": _same, "abs": _abs,
    "sqrt": _sqrt, "pow": _pow, "square": _square, "reciprocal": _reciprocal,
}  # fmt: skip
