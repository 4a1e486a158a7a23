"""A graph that tells how far the numbers of another may be from what they stand for, for compiled code and blocks.

Beside each node it carries the signed error of first order and a bound on the rest, as gradcli.domains.error_bounds
does, in operations of the graph: so they are computed point by point in one loop with the numbers. What functions lack
is known from kernels. A slope counts as constant within the errors of its operands, so these must be small against them
and against 1; where they are not, where a choice or a step hangs on one, or where an error is no float, the bound is
infinite, and gradcli.domains.array_bounds may know more.

Sources: T. J. Dekker, A floating-point technique for extending the available precision (1971); S. M. Rump, T. Ogita
and S. Oishi, Accurate floating-point summation I (2008), algorithm 3.5, for the unit in the last place.
"""

from __future__ import annotations

from functools import cache
from math import frexp, inf, nan
from typing import Any

from gradcli.core.graph import CONSTANT, NUMBER, VARIABLE, Graph
from gradcli.core.op import DISCRETE, Op
from gradcli.core.passes import Copy
from gradcli.core.passes.strength import strength
from gradcli.core.table import by_name
from gradcli.core.trace import seen, template
from gradcli.domains.compiled.kernels.table import KERNELS
from gradcli.domains.domain import parameters, steps_of
from gradcli.domains.error_bounds import CHANGE, CLOSE, LACKING, SMALL
from gradcli.domains.floats import FORMAT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from gradcli.core.graph import Node
    from gradcli.core.trace import Template

    Part = Any  # a number, or None where there is none
    Bound = tuple[Part, Part]  # the error and the rest

OWN = 2.0**-92  # what its own error is known to, against a result: 2**-40 of it, also when it is carried on
UNIT = 2.0**-52
KERNEL, CALLED = 2.5, 4.0  # what a kernel may be off by (tests/test_compiled.py), and a function of NumPy
EXACT: Bound = (None, None)


@cache
def lacks(name: str) -> Op:
    """What a float of a function lacks, as an operation of its operands and that."""
    return Op(f"{name} lacks", "*x", about="what the last lacks to the function of the others", vjp=(DISCRETE,))


def _operator(name: str) -> tuple[Any, Any]:
    """The operation with a number as its first operand, and as its second."""
    return (lambda x, y: x.at.make(name, x, y)), (lambda x, y: x.at.make(name, y, x))


class Number:
    """A node of the graph that is written; operators write further ones."""

    __slots__ = ("at", "node")

    def __init__(self, at: _Bounds, node: int) -> None:
        self.at = at
        self.node = node

    __add__, __radd__ = _operator("add")
    __sub__, __rsub__ = _operator("sub")
    __mul__, __rmul__ = _operator("mul")
    __truediv__, __rtruediv__ = _operator("div")
    __lt__, __le__, __gt__, __ge__ = (_operator(name)[0] for name in ("lt", "le", "gt", "ge"))

    def __neg__(self) -> Number:
        return self.at.make("neg", self)

    def __abs__(self) -> Number:
        return self.at.make("abs", self)


def worst_of(graph: Graph, given: Sequence[str], scalars: Container[str], known: Mapping[str, float]) -> Graph:
    """How far the outputs of a graph may be off at most, which of them that is, and how far one surely is.

    In units of the last place: infinite where nothing is known, 0 where the first output is NaN. given: names of
    variables that hold the outputs as they were computed elsewhere; scalars: the variables that are one number for all
    points; known: the functions of which the executor tells what floats lack, and to how many units.
    """
    at = _Bounds(scalars, known)
    outputs = at.of(strength(graph))
    variables = [at.add((VARIABLE, name)) for name in given]
    worst = place = surely = at.constant(0.0)
    for k, (y, there) in enumerate(zip(outputs, variables, strict=True)):
        least, most = at.range(y, there)
        most = at.where(most < inf, most, inf)
        further = most > worst
        worst, place = at.where(further, most, worst), at.where(further, float(k), place)
        surely = at.where(least > surely, least, surely)
    is_number = at.make("eq", variables[0], variables[0])
    found = [at.where(is_number, worst, 0.0), place, surely]
    return Graph(at.copy.nodes, [x.node for x in found], at.copy.origin)


def all_known(graph: Graph, known: Container[str]) -> bool:
    """Is the rounding of every operation arithmetic's, or known?"""
    operations = [node[0] for node in strength(graph).nodes if not node[0].leaf]
    return all(op.decides or op.ulp == 0 or op.name in RULES or op.name in known for op in operations)


class _Bounds:
    """The graph while it is written. copy: its nodes."""

    def __init__(self, scalars: Container[str], known: Mapping[str, float]) -> None:
        self.copy = Copy()
        self._scalars, self._known = scalars, known
        self._parts: dict[int, Bound] = {}
        self._moves: dict[int, bool] = {}  # from point to point
        self._doubts: list[Number] = []

    def make(self, name: str, *operands: Any) -> Number:
        """An operation."""
        return self.add((by_name(name), *[self._id(x) for x in operands]))

    def add(self, node: Node) -> Number:
        """A node; equal ones are one."""
        return Number(self, self.copy.add(node))

    def constant(self, value: float) -> Number:
        """A number."""
        return self.add((NUMBER, float(value), None))

    def _id(self, x: Any) -> int:
        return x.node if isinstance(x, Number) else self.constant(x).node

    def of(self, graph: Graph) -> list[Number]:
        """Write a graph and its bounds; its outputs."""
        place: list[int] = []
        for node in graph.nodes:
            place.append(self._leaf(node) if node[0].leaf else self._bounded(node[0], [place[k] for k in node[1:]]))
        return [Number(self, place[i]) for i in graph.outputs]

    def _leaf(self, node: Node) -> int:
        i = self.copy.add(node)
        lacks = LACKING.get(node[1]) if node[0] is CONSTANT else None
        self._parts.setdefault(i, EXACT if lacks is None else (self.constant(lacks), None))
        self._moves[i] = node[0] is VARIABLE and node[1] not in self._scalars
        return i

    def _bounded(self, op: Op, operands: Sequence[int]) -> int:
        """An operation with its bound."""
        i = self.copy.add((op, *operands))
        if i not in self._parts:
            self._moves[i] = any(self._moves[k] for k in operands)
            self._parts[i] = self._step(i, op, operands)
        return i

    def range(self, y: Number, given: Number) -> tuple[Any, Any]:
        """How far `given` is at least and at most from what y stands for, in units of its last place."""
        error, rest = self._parts[y.node]
        off, unit = abs(_sum(y - given, error)), self.unit(given)
        least = (off if rest is None else off - rest) * (1.0 - CHANGE) / unit
        most = _sum(off, rest)
        return least, self.where(self.make("eq", most, 0.0), 0.0, most * (1.0 + CHANGE) / unit)

    def where(self, c: Number, x: Any, y: Any) -> Number:
        """A choice."""
        return self.make("where", c, x, y)

    def unit(self, y: Number) -> Number:
        """The unit in the last place; too small below 2**-1021, NaN above 2**970."""
        q = abs(y) * (2.0**52 + 1.0)
        return abs(q - q * (1.0 - 2.0**-53)) * UNIT

    def doubt(self, condition: Number) -> None:
        """Where it holds, nothing is known of this step."""
        self._doubts.append(condition)

    def unless(self, condition: Number) -> None:
        """Where it does not hold (of NaN it does not), nothing is known of this step."""
        self._doubts.append(self.make("logical_not", condition))

    def unless_apart(self, distance: Number, size: Number) -> None:
        """Where bounds reach so far, nothing is known; where they are 0, all is."""
        self.unless(self.make("logical_or", distance > size, self.make("eq", size, 0.0)))

    def _step(self, i: int, op: Op, operands: Sequence[int]) -> Bound:
        x, parts, y = [Number(self, k) for k in operands], [self._parts[k] for k in operands], Number(self, i)
        chooses = op.name not in RULES and not op.decides and (op.kink or op.active)
        if chooses and any(part != EXACT for part in parts):
            return self._by_definition(op, y, operands)
        self._doubts = []
        if op.decides:
            error, rest = None, _decided(self, op, x, parts)
        else:
            error, rest = RULES.get(op.name, _by_slopes)(self, op, y, x, parts)
        if self._doubts:
            doubt = self._doubts[0]
            for other in self._doubts[1:]:
                doubt = self.make("logical_or", doubt, other)
            rest = self.where(doubt, inf, 0.0 if rest is None else rest)
        return error, rest

    def _by_definition(self, op: Op, y: Number, operands: Sequence[int]) -> Bound:
        """Of an operation with kinks by the choices that it is made of."""
        if not op.definition or len(parameters(op)) != len(operands):
            return None, self.constant(inf)
        answer, steps = steps_of(op)
        found = list(operands)
        for row, what in steps:
            if row is not None:
                found.append(self._bounded(row, [found[k] for k in what]))
            else:
                found.append(self._leaf((CONSTANT, what) if isinstance(what, str) else (NUMBER, float(what), None)))
        error, rest = self._parts[found[answer]]
        return _sum(Number(self, found[answer]) - y, error), rest

    def replay(self, traced: Template, operands: Sequence[Number]) -> Number:
        """The nodes of a template."""
        answer, steps = traced
        found = list(operands)
        for row, what in steps:
            if row is None:
                found.append(self.add((CONSTANT, what)) if isinstance(what, str) else self.constant(what))
            else:
                found.append(self.add((row, *[found[k].node for k in what])))
        return found[answer]

    def own(self, op: Op, x: Sequence[Number], y: Number) -> Bound:
        """The rounding of a function itself."""
        if op.name in self._known and self._moves[y.node]:
            return self.add((lacks(op.name), *[v.node for v in x], y.node)), self.unit(y) * self._known[op.name]
        return None, self.unit(y) * (KERNEL if op.name in KERNELS else max(op.ulp + 2.0, CALLED))

    def product_error(self, a: Number, b: Number, y: Number) -> Number:
        """a*b - y, but for what underflows."""
        (p, q), (r, s) = self._split(a), self._split(b)
        return _sum(p * r - y, _product(p, s), _product(q, r), _product(q, s))

    def _split(self, x: Number) -> tuple[Number, Part]:
        """Of a short literal the second part is not there."""
        if self._mantissa(x) * 2.0**26 % 1 == 0:
            return x, None
        c = x * FORMAT["splitter"]
        high = c - (c - x)
        return high, x - high

    def is_power(self, x: Number) -> bool:
        """Is it a literal by which products and quotients are exact, but for what overflows or underflows?"""
        return abs(self._mantissa(x)) == 0.5

    def _mantissa(self, x: Number) -> float:
        """Of a literal, from 0.5 to 1; NaN of others."""
        node = self.copy.nodes[x.node]
        return frexp(node[1])[0] if node[0] is NUMBER else nan

    def close(self, x: Number, part: Bound) -> None:
        """Doubt where the error of x is not small."""
        if part != EXACT:
            far = _size(part) * (1.0 / CLOSE)
            self.unless(far <= abs(x))
            self.unless(far <= 1.0)


def _sum(*terms: Part) -> Part:
    """Of what there is."""
    found = None
    for term in terms:
        if term is not None:
            found = term if found is None else found + term
    return found


def _times(factor: Any, term: Part) -> Part:
    return None if term is None else factor * term


def _product(x: Part, y: Part) -> Part:
    return None if x is None or y is None else x * y


def _size(part: Bound) -> Part:
    """How far the number may be at most."""
    error, rest = part
    return _sum(None if error is None else abs(error), rest)


def _add(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    a, b = x
    part = y - a
    own = (a - (y - part)) + (b - part)
    return _sum(own, parts[0][0], parts[1][0]), _sum(abs(y) * OWN, parts[0][1], parts[1][1])


def _sub(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    (a, b), ((ea, ra), (eb, rb)) = x, parts
    part = y - a
    own = (a - (y - part)) - (b + part)
    error = _sum(own, ea)
    return error if eb is None else error - eb, _sum(abs(y) * OWN, ra, rb)


def _mul(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    (a, b), ((ea, ra), (eb, rb)) = x, parts
    own: Bound = (None, at.constant(SMALL))
    if not (at.is_power(a) or at.is_power(b)):
        own = at.product_error(a, b, y), abs(y) * OWN + SMALL
    near, far = _size(parts[0]), _size(parts[1])
    rest = _sum(own[1], _times(abs(a), rb), _times(abs(b), ra), _product(near, far))
    return _sum(own[0], _times(a, eb), _times(b, ea)), rest


def _div(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    (a, b), ((ea, ra), (eb, rb)) = x, parts
    if at.is_power(b):
        return _times(1.0 / b, ea), _sum(at.constant(SMALL), _times(abs(1.0 / b), ra))
    at.close(b, parts[1])
    less = at.product_error(y, b, a)  # exactly: a is as near to the product as that is to itself, rounded
    moved = -less if ea is None else ea - less
    error = (moved if eb is None else moved - y * eb) / b
    moves = _sum(abs(less), _size(parts[0]), _times(abs(y), _size(parts[1]))) * (2.0 * CLOSE)
    return error, _sum(moves + SMALL, ra, _times(abs(y), rb)) / abs(b) + SMALL


def _sqrt(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    (a,), (part,) = x, parts
    at.close(a, part)
    less = at.product_error(y, y, a)
    reach = _sum(abs(less) * CLOSE + SMALL, part[1], _times(CLOSE, _size(part)))
    return (-less if part[0] is None else part[0] - less) / (y + y), reach / y


def _square(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    return _mul(at, op, y, [x[0], x[0]], [parts[0], parts[0]])


def _neg(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    error, rest = parts[0]
    return None if error is None else -error, rest


def _abs(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    error, rest = parts[0]
    if parts[0] == EXACT:
        return EXACT
    at.unless(y > _size(parts[0]))
    return None if error is None else at.where(x[0] < 0.0, -error, error), rest


def _sign(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    return None, _truth(at, x[0], parts[0])


def _same(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    return parts[0]


def _where(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    condition, a, b = parts
    open_ = _truth(at, x[0], condition)
    error, rest = (
        None if p is None and q is None else at.where(x[0], 0.0 if p is None else p, 0.0 if q is None else q)
        for p, q in zip(a, b, strict=True)
    )
    return error, _sum(rest, open_)


def _extreme(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    """Where two are as good as equal, any of the bounds may be the one."""
    known = [_size(part) for part in parts if part != EXACT]
    return None, at.make("max", *known) if len(known) > 1 else _sum(*known)


def _by_slopes(at: _Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    """By the rounding of the function itself, and the slopes of its rules."""
    error, rest = EXACT
    if op.ulp:
        at.unless(abs(y) > SMALL)
        error, rest = at.own(op, x, y)
    share = template(op, "share", 0, len(x)) if op.share else None
    for k, part in enumerate(parts):
        if part == EXACT:
            continue
        rule = template(op, "vjp", k, len(x))
        if op.name == "pow":
            at.unless(x[0] > 0.0)  # elsewhere it has steps
        elif op.jump is not None or (rule is None and op.missing):
            at.doubt(_size(part) > 0.0)
        at.close(x[k], part)
        if rule is None:
            continue
        g = at.constant(1.0) if share is None else at.replay(share, [at.constant(1.0), y, *x])
        slope = at.replay(rule, [g, y, *seen(op, x, k)])
        size = abs(slope)
        error = _sum(error, _times(slope, part[0]))
        rest = _sum(rest, _times(size, part[1]), (size + 1.0) * CHANGE * _size(part))
    return error, rest


def _decided(at: _Bounds, op: Op, x: Sequence[Number], parts: Sequence[Bound]) -> Part:
    """A comparison of what is as good as equal is open, and the truth of what is as good as 0."""
    if op.jump is None:
        return _sum(*[_truth(at, number, part) for number, part in zip(x, parts, strict=True)])
    size = _sum(*[_size(part) for part in parts])
    if size is not None:
        at.unless_apart(abs(x[0] - x[1]), size)
    return None


def _truth(at: _Bounds, x: Number, part: Bound) -> Part:
    """The rest that says where the truth of a number is open."""
    if at.copy.nodes[x.node][0].decides:
        return part[1]
    if part != EXACT:
        at.unless_apart(abs(x), _size(part))
    return None


RULES: dict[str, Callable[..., Bound]] = {
    "add": _add, "sub": _sub, "mul": _mul, "div": _div, "sqrt": _sqrt, "square": _square, "neg": _neg, "abs": _abs,
    "sign": _sign, "pow": _by_slopes,
    "positive": _same, "detach": _same, "where": _where, "max": _extreme, "min": _extreme,
}  # fmt: skip
