"""Arrays in a domain of numbers: NumPy object arrays of balls, or of sympy's expressions.

Elementwise operations are those of the domain, element by element. Operations on whole arrays run by their definition
where they have one, else by their function for NumPy; what chooses (any, all, extremes) or divides matrices is the
domain's own. Importing this loads NumPy.
"""

from __future__ import annotations

from functools import cache, cmp_to_key, partial, reduce
from itertools import permutations
from typing import Any

import numpy as np

from gradcli.core.op import DISCRETE, FLAG, STRUCTURE
from gradcli.core.ops.reductions import along_last
from gradcli.core.structure import SLICE, TUPLE
from gradcli.core.table import by_name
from gradcli.core.trace import rule_of
from gradcli.domains.domain import Domain, UndecidedError, parameters, steps_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.core.graph import Node
    from gradcli.core.op import Op

MOST_BY_MINORS = 4  # rows: n**4 determinants
_PLAIN = (int, float, np.generic)


class Objects(Domain):
    """`domain[name]` is the operation on numbers of the domain and on arrays of them.

    number: the float that one is exactly; raises UndecidedError where that is not known. matrix: the determinant,
    the inverse and the solution of square matrices, as lists of lists.
    """

    def __init__(self, numbers: Domain, number: Callable[[Any], float], matrix: dict[str, Callable[..., Any]]) -> None:
        super().__init__({}, numbers.literal, moving=numbers.moving)
        self.numbers = numbers
        self.number = number
        self.matrix = matrix
        self.np = _Namespace(self)
        self["cofactor"], self["cofactor_along"] = self._cofactor, self._cofactor_along
        for op in (TUPLE, SLICE):
            self[op.name] = self._function(op)
        rows = self._function(by_name("probabilities"))
        self["probabilities"] = lambda p, x: p if np.shape(p) == np.shape(x) else rows(self.plain(p), x)

    def apply(self, nodes: Sequence[Node], node: Node, operands: list[Any]) -> Any:
        """The value of a node. Raises UndecidedError; ValueError, IndexError and TypeError where shapes do not fit."""
        op, *places = node
        if op.whole:
            for p, k in enumerate(places):
                if nodes[k][0].decides and is_structure(op, p):  # x[x > 0]: truths, no places
                    operands[p] = np.asarray(self.plain(operands[p])).astype(bool)[()]
        return self[op.name](*operands)

    def composed(self, row: Op) -> Callable[..., Any]:
        if not row.whole:
            function = self.elementwise(row)

            def broadcast(*x: Any) -> Any:
                many = any(isinstance(v, np.ndarray) for v in x)
                return np.frompyfunc(function, len(x), 1)(*x) if many else function(*x)

            return broadcast
        return self.run(steps_of(row), len(parameters(row))) if row.definition else self._function(row)

    def elementwise(self, row: Op) -> Callable[..., Any]:
        """The operation on numbers."""
        return self.numbers[row.name]

    def _function(self, row: Op) -> Callable[..., Any]:
        """The function for NumPy; what gives shapes and places comes as plain numbers."""
        form = row.on_array
        function = getattr(self.np, form) if isinstance(form, str) else partial(form, self.np)

        def call(*x: Any) -> Any:
            operands = [self.plain(v) if is_structure(row, k) else v for k, v in enumerate(x)]
            return self.lifted(self.called(function, operands), operands)

        return call

    def called(self, function: Callable[..., Any], operands: list[Any]) -> Any:
        """What a function for NumPy gives."""
        return function(*operands)

    def plain(self, v: Any) -> Any:
        """An operand that is no number to calculate with: None, `...`, a slice, truths, or floats."""
        if isinstance(v, np.ndarray):
            return v if v.dtype != object else np.reshape([self.plain(e) for e in v.ravel()], v.shape)
        return v if v is None or v is ... or isinstance(v, (tuple, slice, *_PLAIN)) else self.number(v)

    def lifted(self, y: Any, operands: Sequence[Any]) -> Any:
        """What a function for NumPy gave, with every number one of the domain."""
        if isinstance(y, np.ndarray):
            return np.frompyfunc(lambda e: self.literal(float(e)) if isinstance(e, _PLAIN) else e, 1, 1)(y)
        return self.literal(float(y)) if isinstance(y, _PLAIN) else y

    def each_matrix(self, name: str, x: Any, *more: Any) -> Any:
        """An operation of `matrix` on each of a stack of matrices."""
        stack = np.broadcast_shapes(*[m.shape[:-2] for m in (x, *more)])
        flat = [np.broadcast_to(m, (*stack, *m.shape[-2:])).reshape(-1, *m.shape[-2:]) for m in (x, *more)]
        found = [np.array(self.matrix[name](*[m.tolist() for m in each]), object) for each in zip(*flat, strict=True)]
        return np.stack(found).reshape((*stack, *found[0].shape))[()]

    def _cofactor(self, x: Any) -> Any:
        """By minors, which needs no division."""
        n = x.shape[-1]
        out = np.empty(x.shape, object)
        for i, j in np.ndindex(n, n):
            out[..., i, j] = self._minor(x, (i,), (j,)) * (-1) ** (i + j)
        return out

    def _minor(self, x: Any, rows: tuple[int, ...], columns: tuple[int, ...]) -> Any:
        """The determinant without these rows and columns."""
        rest = np.delete(np.delete(x, rows, -2), columns, -1)
        return self["det"](rest) if rest.shape[-1] else self.literal(1.0)

    def _cofactor_along(self, x: Any, g: Any) -> Any:
        """Small matrices by minors, also singular ones; of larger ones these are too many."""
        if x.shape[-1] <= MOST_BY_MINORS:
            return self.lifted(self._by_second_minors(x, g), (x, g))
        y, across = self._cofactor(x), np.swapaxes(g, -1, -2)
        inner = np.sum(g * y, axis=(-2, -1), keepdims=True)
        det = np.asarray(self["det"](x), object)[..., None, None]
        return self.lifted((inner * y - np.matmul(np.matmul(y, across), y)) / det, (x, g))

    def _by_second_minors(self, x: Any, g: Any) -> Any:
        """The sum over k, l of g[k, l] times what is left of x without the rows i, k and the columns j, l."""
        n = x.shape[-1]
        out = np.full(np.broadcast_shapes(x.shape, g.shape), self.literal(0.0), object)
        for i, k in permutations(range(n), 2):
            for j, m in permutations(range(n), 2):
                sign = (-1) ** (i + j + k + m + (k > i) + (m > j))
                out[..., i, j] = out[..., i, j] + g[..., k, m] * self._minor(x, (i, k), (j, m)) * sign
        return out


def is_structure(op: Op, k: int) -> bool:
    """Is operand k a shape or a place, rather than numbers to calculate with?"""
    mark = rule_of(op, k)
    return mark in (STRUCTURE, FLAG) or (mark == DISCRETE and k > 0)


class _Namespace:
    """NumPy, but for what compares elements or divides matrices."""

    LinAlgError = np.linalg.LinAlgError

    def __init__(self, domain: Objects) -> None:
        def place(relation: str, row: Sequence[Any]) -> int:
            def later(best: int, k: int) -> int:
                return k if domain.number(domain[relation](row[k], row[best])) else best

            return reduce(later, range(len(row)))

        no, yes = domain.literal(0.0), domain.literal(1.0)

        def is_nan(x: Any) -> bool:
            return bool(domain.number(domain["ne"](x, x)))

        of_rows: dict[str, Callable[[Sequence[Any]], Any]] = {
            "any": lambda row: reduce(domain["logical_or"], row, no),
            "all": lambda row: reduce(domain["logical_and"], row, yes),
            "max": lambda row: domain["max"](*row),
            "min": lambda row: domain["min"](*row),
            "argmax": partial(place, "gt"),
            "argmin": partial(place, "lt"),
        }
        self.linalg = self
        self._own: dict[str, Any] = {
            **{name: partial(_reduced, function) for name, function in of_rows.items()},
            **{name: partial(domain.each_matrix, name) for name in domain.matrix},
            "argsort": partial(_ranked, domain),
            "isnan": lambda x: np.asarray(np.frompyfunc(is_nan, 1, 1)(x)).astype(bool),
            "less": lambda x, y: domain["lt"](x, domain.literal(y)),
            "sign": lambda x: domain["sign"](x),
            "maximum": lambda x, y: domain["max"](x, domain.literal(y)),
            "float64": lambda x: x,
            "result_type": lambda x: object,
        }

    def __getattr__(self, name: str) -> Any:
        return self._own[name] if name in self._own else getattr(np, name)


def _reduced(function: Callable[[Sequence[Any]], Any], x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """A function of rows along one axis, several, or all."""
    x = np.asarray(x, object)
    rows, _ = along_last(np, x, axis)
    out = np.empty(rows.shape[:-1], object)
    for place in np.ndindex(out.shape):
        out[place] = function(rows[place].tolist())
    kept = keepdims and x.ndim
    return np.expand_dims(out, tuple(range(x.ndim)) if axis is None else axis) if kept else out[()]


def _ranked(domain: Objects, x: Any, axis: int = -1, **how: Any) -> Any:
    """The places along the last axis in order. Raises UndecidedError."""
    x = np.asarray(x)
    if x.dtype != object:
        return np.argsort(x, axis=axis, **how)

    def compared(a: tuple[int, Any], b: tuple[int, Any]) -> int:
        x, y = a[1], b[1]
        odd = [domain.number(domain["ne"](v, v)) for v in (x, y)]  # NaN is the largest
        if any(odd):
            return int(odd[0] - odd[1])
        return int(domain.number(domain["gt"](x, y)) - domain.number(domain["lt"](x, y)))

    out = np.empty(x.shape, np.intp)
    for place in np.ndindex(x.shape[:-1]):
        out[place] = [k for k, _ in sorted(enumerate(x[place]), key=cmp_to_key(compared))]
    return out


class _Number:
    """A number whose sums and products are those of its domain, for functions of NumPy."""

    __slots__ = ("domain", "v")

    def __init__(self, domain: Domain, v: Any) -> None:
        self.domain = domain
        self.v = v

    def _by(self, name: str, x: Any, y: Any) -> _Number:
        x, y = (v.v if isinstance(v, _Number) else self.domain.literal(float(v)) for v in (x, y))
        return _Number(self.domain, self.domain[name](x, y))

    def __add__(self, other: Any) -> _Number:
        return self._by("add", self, other)

    def __radd__(self, other: Any) -> _Number:
        return self._by("add", other, self)

    def __mul__(self, other: Any) -> _Number:
        return self._by("mul", self, other)

    def __rmul__(self, other: Any) -> _Number:
        return self._by("mul", other, self)


@cache
def balls() -> Objects:
    """Arrays of balls."""
    from flint import arb, arb_mat

    from gradcli.domains.ball_shares import supply
    from gradcli.domains.balls import BALLS, LINE, evaluate

    def number(v: arb) -> float:
        if v.is_nan() or v.is_exact():
            return float(v)
        if v != 0 and v.unique_fmpz() is not None:
            return float(v.unique_fmpz())
        raise UndecidedError

    def inverse(m: list[list[arb]]) -> list[list[arb]]:
        try:
            return arb_mat(m).inv().table()
        except ZeroDivisionError:  # it may be singular
            return [[LINE] * len(m) for _ in m]

    def solution(m: list[list[arb]], b: list[list[arb]]) -> list[list[arb]]:
        try:
            return arb_mat(m).solve(arb_mat(b)).table()
        except ZeroDivisionError:
            return [[LINE] * len(row) for row in b]

    class Balls(Objects):
        def elementwise(self, row: Op) -> Callable[..., arb]:
            def on_balls(*x: arb) -> arb:
                if row.relates and x[0] is x[1] and x[0].is_finite():  # one ball is one number
                    return evaluate(row, [x[0].mid()] * 2)
                return evaluate(row, x)

            if row.name not in ("max", "min"):
                return on_balls
            larger = arb.__gt__ if row.name == "max" else arb.__lt__

            def extreme(*x: arb) -> arb:
                """The ball itself that surely is the largest, so that it can be told to be equal."""
                best = reduce(lambda a, b: b if larger(b, a) else a, x)
                return best if all(v is best or larger(best, v) or (v == best) for v in x) else evaluate(row, x)

            return extreme

        def called(self, function: Callable[..., Any], operands: list[Any]) -> Any:
            """Sums and products with an infinity are those of the domain, for Arb's own know less of it."""
            y = function(*operands)
            if not (_has(arb.is_nan, y) or _has(_is_open, y)) or not any(_has(_is_endless, x) for x in operands):
                return _known(y) if _has(arb.is_nan, y) and not any(_has(arb.is_nan, x) for x in operands) else y
            try:
                numbers = [_each(lambda e: _Number(BALLS, e), x) if _is_of_balls(x) else x for x in operands]
                return _each(lambda e: e.v if isinstance(e, _Number) else e, function(*numbers))
            except (TypeError, AttributeError):  # it does more than to add and to multiply
                return _known(y)

    def _has(mark: Callable[[arb], bool], x: Any) -> bool:
        return any(isinstance(e, arb) and mark(e) for e in (x.flat if isinstance(x, np.ndarray) else (x,)))

    def _is_open(x: arb) -> bool:
        return not (x.is_finite() or x.is_exact())

    def _is_endless(x: arb) -> bool:
        return bool(abs(x) == np.inf)

    def _is_of_balls(x: Any) -> bool:
        return isinstance(x, arb) or (isinstance(x, np.ndarray) and x.dtype == object)

    def _each(function: Callable[[Any], Any], x: Any) -> Any:
        return np.frompyfunc(function, 1, 1)(x)

    def _known(y: Any) -> Any:
        """Arb's own nan is a number that it does not know, where no operand is NaN."""
        return _each(lambda e: LINE if isinstance(e, arb) and e.is_nan() else e, y)

    domain = Balls(BALLS, number, {"det": lambda m: arb_mat(m).det(), "inv": inverse, "solve": solution})
    supply(domain, domain.plain)
    return domain


@cache
def symbols() -> Objects:
    """Arrays of sympy's expressions."""
    import sympy

    from gradcli.domains.symbols import SYMBOLS

    def number(v: sympy.Expr) -> float:
        if v.is_number:
            return float(v)
        raise UndecidedError

    matrix: dict[str, Callable[..., Any]] = {
        "det": lambda m: sympy.Matrix(m).det(),
        "inv": lambda m: sympy.Matrix(m).inv().tolist(),
        "solve": lambda m, b: sympy.Matrix(m).LUsolve(sympy.Matrix(b)).tolist(),
    }
    return Objects(SYMBOLS, number, matrix)
