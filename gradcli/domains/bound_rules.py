"""The rules of first-order error bounds as operations of a graph, for compiled code, blocks and generated text.

Beside each node stand the signed error of first order and a bound on the rest, as in gradcli.domains.error_bounds.
A slope counts as constant within the errors of its operands, so these must be small against them and against 1; where
they are not, where a choice or a step hangs on one, or where an error is no float, there is a doubt.

Source: T. J. Dekker, A floating-point technique for extending the available precision (1971).
"""

from __future__ import annotations

from math import frexp, nan
from typing import Any

from gradcli.core.graph import CONSTANT, NUMBER
from gradcli.core.passes import Copy
from gradcli.core.table import by_name
from gradcli.core.trace import seen, template
from gradcli.domains.domain import parameters, steps_of
from gradcli.domains.error_bounds import CHANGE, CLOSE, LACKING
from gradcli.domains.floats import FORMAT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.core.graph import Node
    from gradcli.core.op import Op
    from gradcli.core.trace import Template

    Part = Any  # a number, or None where there is none
    Bound = tuple[Part, Part]  # the error and the rest

EXACT: Bound = (None, None)


def _operator(name: str) -> tuple[Any, Any]:
    """The operation with a number as its first operand, and as its second."""
    return (lambda x, y: x.at.make(name, x, y)), (lambda x, y: x.at.make(name, y, x))


class Number:
    """A node of the graph that is written; operators write further ones."""

    __slots__ = ("at", "node")

    def __init__(self, at: Bounds, node: int) -> None:
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


class Bounds:
    """The graph while it is written. copy: its nodes; parts: the bound of each that stands for a number.

    What runs the graph says what functions round, what errors lose where they are computed, and what a doubt does.
    """

    def __init__(self) -> None:
        self.copy = Copy()
        self.parts: dict[int, Bound] = {}
        self.doubts: list[Number] = []

    def own(self, op: Op, x: Sequence[Number], y: Number) -> Bound:
        """The rounding of a function itself."""
        raise NotImplementedError

    def lost(self, y: Number) -> Part:
        """What rounding makes of an error where y is rounded."""
        raise NotImplementedError

    def underflowed(self, y: Number, *operands: tuple[Number, Bound]) -> Part:
        """What the error of a product or quotient y lacks where parts of it are no floats."""
        raise NotImplementedError

    def settled(self, rest: Part) -> Part:
        """The rest of a step, with its doubts."""
        raise NotImplementedError

    def make(self, name: str, *operands: Any) -> Number:
        """An operation."""
        ids = [x.node if type(x) is Number else self.constant(x).node for x in operands]
        return self.add((by_name(name), *ids))

    def add(self, node: Node) -> Number:
        """A node; equal ones are one."""
        return Number(self, self.copy.add(node))

    def constant(self, value: float) -> Number:
        """A number."""
        return self.add((NUMBER, float(value), None))

    def where(self, c: Number, x: Any, y: Any) -> Number:
        """A choice."""
        return self.make("where", c, x, y)

    def leaf(self, node: Node) -> int:
        """A leaf with its bound."""
        i = self.copy.add(node)
        lacks = LACKING.get(node[1]) if node[0] is CONSTANT else None
        self.parts.setdefault(i, EXACT if lacks is None else (self.constant(lacks), None))
        return i

    def bounded(self, op: Op, operands: Sequence[int]) -> int:
        """An operation with its bound."""
        i = self.copy.add((op, *operands))
        if i not in self.parts:
            self.parts[i] = self._step(Number(self, i), op, operands)
        return i

    def _step(self, y: Number, op: Op, operands: Sequence[int]) -> Bound:
        x, parts = [Number(self, k) for k in operands], [self.parts[k] for k in operands]
        chooses = op.name not in RULES and not op.decides and (op.kink or op.active)
        if chooses and any(part != EXACT for part in parts):
            return self._by_definition(op, y, operands)
        self.doubts = []
        if op.decides:
            error, rest = None, _decided(self, op, x, parts)
        else:
            error, rest = RULES.get(op.name, _by_slopes)(self, op, y, x, parts)
        return error, self.settled(rest)

    def _by_definition(self, op: Op, y: Number, operands: Sequence[int]) -> Bound:
        """Of an operation with kinks by the choices that it is made of."""
        self.doubts = []
        if not op.definition or len(parameters(op)) != len(operands):
            self.doubts.append(self.constant(1.0))
            return None, self.settled(None)
        answer, steps = steps_of(op)
        found = list(operands)
        for row, what in steps:
            if row is not None:
                found.append(self.bounded(row, [found[k] for k in what]))
            else:
                found.append(self.leaf((CONSTANT, what) if isinstance(what, str) else (NUMBER, float(what), None)))
        error, rest = self.parts[found[answer]]
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

    def doubt(self, condition: Number) -> None:
        """Where it holds, nothing is known of this step."""
        self.doubts.append(condition)

    def unless(self, condition: Number) -> None:
        """Where it does not hold (of NaN it does not), nothing is known of this step."""
        self.doubts.append(self.make("logical_not", condition))

    def unless_apart(self, distance: Number, far: Number) -> None:
        """Where bounds reach so far, nothing is known; where they are 0, all is."""
        self.unless(self.make("logical_or", distance > far, self.make("eq", far, 0.0)))

    def close(self, x: Number, part: Bound) -> None:
        """Doubt where the error of x is not small."""
        if part != EXACT:
            far = size(part) * (1.0 / CLOSE)
            self.unless(far <= abs(x))
            self.unless(far <= 1.0)

    def product_error(self, a: Number, b: Number, y: Number) -> Number:
        """a*b - y, but for what underflows."""
        (p, q), (r, s) = self._split(a), self._split(b)
        return _sum(p * r - y, _product(p, s), _product(q, r), _product(q, s))

    def _split(self, x: Number) -> tuple[Number, Part]:
        """Of a short literal the second part is not there."""
        if frexp(self.literal(x))[0] * 2.0**26 % 1 == 0:
            return x, None
        c = x * FORMAT["splitter"]
        high = c - (c - x)
        return high, x - high

    def is_power(self, x: Number) -> bool:
        """Is it a literal by which products and quotients are exact, but for what overflows or underflows?"""
        return abs(frexp(self.literal(x))[0]) == 0.5

    def literal(self, x: Number) -> float:
        """The number that a literal is; NaN of others."""
        node = self.copy.nodes[x.node]
        return node[1] if node[0] is NUMBER else nan


def _sum(*terms: Part) -> Part:
    """Of what there is."""
    found = None
    for term in terms:
        if term is not None:
            found = term if found is None else found + term
    return found


def _less(term: Part, other: Part) -> Part:
    if term is None or other is None:
        return term if other is None else -other
    return term - other


def _product(x: Part, y: Part) -> Part:
    return None if x is None or y is None else x * y


def size(part: Bound) -> Part:
    """How far the number may be at most."""
    error, rest = part
    return _sum(None if error is None else abs(error), rest)


def _add(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    a, b = x
    part = y - a
    own = (a - (y - part)) + (b - part)
    return _sum(own, parts[0][0], parts[1][0]), _sum(at.lost(y), parts[0][1], parts[1][1])


def _sub(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    (a, b), ((ea, ra), (eb, rb)) = x, parts
    part = y - a
    own = (a - (y - part)) - (b + part)
    return _less(_sum(own, ea), eb), _sum(at.lost(y), ra, rb)


def _mul(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    (a, b), ((ea, ra), (eb, rb)) = x, parts
    rest = _sum(at.underflowed(y, (a, parts[0]), (b, parts[1])), _product(abs(a), rb), _product(abs(b), ra))
    rest = _sum(rest, _product(size(parts[0]), size(parts[1])))
    error = _sum(_product(a, eb), _product(b, ea))
    if at.is_power(a) or at.is_power(b):
        return error, rest
    return _sum(at.product_error(a, b, y), error), _sum(at.lost(y), rest)


def _div(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    (a, b), ((ea, ra), (eb, rb)) = x, parts
    rest = at.underflowed(y, (a, parts[0]))
    if at.is_power(b):
        return _product(1.0 / b, ea), _sum(rest, _product(abs(1.0 / b), ra))
    at.close(b, parts[1])
    less = at.product_error(y, b, a)  # exactly: a is as near to the product as that is to itself, rounded
    far = _sum(size(parts[0]), _product(abs(y), size(parts[1])))
    beyond = _sum(at.underflowed(a, (y, EXACT), (b, EXACT)), ra, _product(abs(y), rb))
    if far is not None:
        beyond = _sum(beyond, (abs(less) + far) * (2.0 * CLOSE))
    error = _less(_less(ea, less), _product(y, eb)) / b
    return error, _sum(at.lost(y), rest, None if beyond is None else beyond / abs(b))


def _sqrt(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    (a,), (part,) = x, parts
    at.close(a, part)
    at.unless(y > 0.0)
    less, far = at.product_error(y, y, a), size(part)
    beyond = _sum(at.underflowed(a, (y, EXACT)), part[1], None if far is None else (abs(less) + far) * CLOSE)
    return _less(part[0], less) / (y + y), _sum(at.lost(y), None if beyond is None else beyond / y)


def _square(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    return _mul(at, op, y, [x[0], x[0]], [parts[0], parts[0]])


def _pow(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    return (_square if at.literal(x[1]) == 2.0 else _by_slopes)(at, op, y, x, parts)


def _neg(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    error, rest = parts[0]
    return _less(None, error), rest


def _abs(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    error, rest = parts[0]
    if parts[0] != EXACT:
        at.unless(y > size(parts[0]))
    return None if error is None else at.where(x[0] < 0.0, -error, error), rest


def _sign(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    return None, _truth(at, x[0], parts[0])


def _same(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    return parts[0]


def _where(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    condition, a, b = parts
    open_ = _truth(at, x[0], condition)
    error, rest = (
        None if p is None and q is None else at.where(x[0], 0.0 if p is None else p, 0.0 if q is None else q)
        for p, q in zip(a, b, strict=True)
    )
    return error, _sum(rest, open_)


def _extreme(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    """Where two are as good as equal, any of the bounds may be the one."""
    known = [size(part) for part in parts if part != EXACT]
    return None, at.make("max", *known) if len(known) > 1 else _sum(*known)


def _by_slopes(at: Bounds, op: Op, y: Number, x: Sequence[Number], parts: Sequence[Bound]) -> Bound:
    """By the rounding of the function itself, and the slopes of its rules."""
    error, rest = at.own(op, x, y) if op.ulp else EXACT
    share = template(op, "share", 0, len(x)) if op.share else None
    for k, part in enumerate(parts):
        if part == EXACT:
            continue
        rule = template(op, "vjp", k, len(x))
        if op.name == "pow":
            if not at.literal(x[1]).is_integer():
                at.unless(x[0] > 0.0)  # elsewhere it has steps
        elif op.jump is not None or rule is None:
            at.doubt(size(part) > 0.0)
        at.close(x[k], part)
        if rule is None:
            continue
        g = at.constant(1.0) if share is None else at.replay(share, [at.constant(1.0), y, *x])
        slope = at.replay(rule, [g, y, *seen(op, x, k)])
        steep = abs(slope)
        error = _sum(error, _product(slope, part[0]))
        rest = _sum(rest, _product(steep, part[1]), (steep + 1.0) * CHANGE * size(part))
    return error, rest


def _decided(at: Bounds, op: Op, x: Sequence[Number], parts: Sequence[Bound]) -> Part:
    """A comparison of what is as good as equal is open, and the truth of what is as good as 0."""
    if op.jump is None:
        return _sum(*[_truth(at, number, part) for number, part in zip(x, parts, strict=True)])
    far = _sum(*[size(part) for part in parts])
    if far is not None:
        at.unless_apart(abs(x[0] - x[1]), far)
    return None


def _truth(at: Bounds, x: Number, part: Bound) -> Part:
    """The rest that says where the truth of a number is open."""
    if at.copy.nodes[x.node][0].decides:
        return part[1]
    if part != EXACT:
        at.unless_apart(abs(x), size(part))
    return None


RULES: dict[str, Callable[..., Bound]] = {
    "add": _add, "sub": _sub, "mul": _mul, "div": _div, "sqrt": _sqrt, "square": _square, "neg": _neg, "abs": _abs,
    "sign": _sign, "pow": _pow,
    "positive": _same, "detach": _same, "where": _where, "max": _extreme, "min": _extreme,
}  # fmt: skip
