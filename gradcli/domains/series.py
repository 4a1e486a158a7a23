"""Truncated Taylor series in one variable, over the numbers of any domain: floats, or balls.

A series is the list of its coefficients, from the constant on; what is missing is 0. Sums, products, quotients, powers,
exponentials, logarithms, sines and cosines have recurrences (A. Griewank and A. Walther, Evaluating Derivatives, 2nd
edition, table 13.2). Every other operation y = f(x) goes by the rule of its row: y' = rule(y, x)*x', one coefficient
after the other, where the rule itself is computed in series.
"""

from __future__ import annotations

from gradcli.core.op import Op
from gradcli.core.table import by_name
from gradcli.core.trace import read_by, refuse_missing, rule_of, seen, template
from gradcli.domains.domain import steps_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.trace import Template
    from gradcli.domains.domain import Domain

    Series = list[Any]


class Broken:
    """In place of a series where there is none: the operation, and in words why."""

    __slots__ = ("op", "place", "why")

    def __init__(self, op: Op, why: str) -> None:
        self.op = op
        self.why = why
        self.place = -1


class TaylorSeries:
    """The operations of the table on series.

    numbers: the domain of the coefficients; standing: the float at which one of them stands, for the predicates of
    rows on kinks, steps and poles, or None; name: a key that equal constants share, or None.
    """

    def __init__(self, numbers: Domain, standing: Callable[[Any], float | None], name: Callable[[Any], Any]) -> None:
        self.numbers = numbers
        self.standing = standing
        self._name = name
        self._add, self._sub, self._mul, self._div = (numbers[name] for name in ("add", "sub", "mul", "div"))
        self._zero = numbers.literal(0.0)
        self._known: dict[tuple[Any, ...], tuple[Any, Any]] = {}
        self._own: dict[str, Callable[..., Any]] = {
            "add": lambda n, x, y: self._termwise(self._add, x, y, n),
            "sub": lambda n, x, y: self._termwise(self._sub, x, y, n),
            "neg": lambda n, x: [self.numbers["neg"](c) for c in x[: n + 1]],
            "positive": lambda n, x: x,
            "mul": lambda n, x, y: self._product(x, y, n),
            "square": lambda n, x: self._product(x, x, n),
            "div": self._quotient,
            "reciprocal": lambda n, x: self._quotient(n, [numbers.literal(1.0)], x),
            "pow": self._power,
            "sqrt": lambda n, x: self._power(n, x, [numbers.literal(0.5)]),
            "exp": self._exp,
            "log": self._log,
            "sin": lambda n, x: self._sines(n, x)[0],
            "cos": lambda n, x: self._sines(n, x)[1],
            "abs": self._abs,
            "max": lambda n, *x: self._extreme("max", "gt", n, x),
            "min": lambda n, *x: self._extreme("min", "lt", n, x),
            "where": self._where,
            "detach": lambda n, x: x[:1],
        }

    def apply(self, op: Op, operands: Sequence[Any], order: int) -> Any:
        """An operation on series, to this order; Broken where there is no series."""
        if op.name != "where":
            for x in operands:
                if isinstance(x, Broken):
                    return x
        elif isinstance(operands[0], Broken):
            return operands[0]
        key = (op.name, order, *[self._key(x) for x in operands])
        if key not in self._known:  # the operands are kept too: another list could have the same id
            self._known[key] = (self._made(op, operands, order), operands)
        return self._known[key][0]

    def _key(self, x: Any) -> Any:
        if isinstance(x, list) and len(x) == 1:
            name = self._name(x[0])
            return id(x) if name is None else ("constant", name)
        return id(x)

    def _made(self, op: Op, operands: Sequence[Any], order: int) -> Any:
        own = self._own.get(op.name)
        if op.name != "where" and all(len(x) == 1 for x in operands):
            return [self.numbers[op.name](*[x[0] for x in operands])]
        if own is None and op.internal and op.definition:  # quotients and powers
            return self._replayed(steps_of(op), operands, order)
        found = self._by_rules(op, operands, order) if own is None else own(order, *operands)
        if isinstance(found, str):
            return Broken(op, found)
        return found

    # Where a row says that there is no series

    def _edge(self, op: Op, operands: Sequence[Series]) -> str:
        at = [self.standing(x[0]) for x in operands]
        if any(v is None for v in at):
            return ""
        for mark, why in ((op.kink, "has a kink"), (op.jump, "jumps"), (op.pole, "has an infinite value or slope")):
            if mark is not None and mark(*at):
                return why
        return ""

    # Operations with a recurrence

    def _termwise(self, function: Callable[..., Any], x: Series, y: Series, n: int) -> Series:
        count = min(n + 1, max(len(x), len(y)))
        zero = self._zero
        return [function(x[k] if k < len(x) else zero, y[k]) if k < len(y) else x[k] for k in range(count)]

    def _sum(self, terms: Sequence[Any]) -> Any:
        total = self._zero
        for k, term in enumerate(terms):
            total = self._add(total, term) if k else term
        return total

    def _product(self, x: Series, y: Series, n: int) -> Series:
        count = min(n + 1, len(x) + len(y) - 1)
        mul = self._mul
        return [
            self._sum([mul(x[j], y[k - j]) for j in range(max(0, k - len(y) + 1), min(k, len(x) - 1) + 1)])
            for k in range(count)
        ]

    def _quotient(self, n: int, x: Series, y: Series) -> Series | str:
        if len(y) == 1:
            return [self._div(c, y[0]) for c in x[: n + 1]]
        if self.standing(y[0]) == 0:
            return "has no finite value"
        q: Series = []
        for k in range(n + 1):
            rest = self._sum([self._mul(y[j], q[k - j]) for j in range(1, min(k, len(y) - 1) + 1)])
            c = self._sub(x[k] if k < len(x) else self._zero, rest) if k else x[0]
            q.append(self._div(c, y[0]))
        return q

    def _number(self, k: float) -> Any:
        return self.numbers.literal(float(k))

    def _power(self, n: int, x: Series, p: Series) -> Any:
        if len(p) > 1:
            if len(x) == 1 or self.standing(x[0]) != 0:
                logs = self.apply(by_name("log"), [x], n)
                return self.apply(by_name("exp"), [self.apply(by_name("mul"), [p, logs], n)], n)
            return "has no power series"
        at, to = self.standing(x[0]), self.standing(p[0])
        whole = int(to) if to is not None and to == to // 1 and to >= 0 else -1
        if 0 <= whole <= 64:
            return self._whole_power(x, whole, n)
        if at == 0:
            return [self._zero] if whole > n else "has an infinite value or slope"
        return self._by_recurrence(x, p[0], n)

    def _whole_power(self, x: Series, p: int, n: int) -> Series:
        y = [self._number(1.0)]
        while p:
            if p & 1:
                y = self._product(y, x, n)
            p >>= 1
            if p:
                x = self._product(x, x, n)
        return y

    def _by_recurrence(self, x: Series, p: Any, n: int) -> Series:
        """x*y' = p*x'*y."""
        y = [self.numbers["pow"](x[0], p)]
        for k in range(1, n + 1):
            terms = []
            for j in range(1, min(k, len(x) - 1) + 1):
                factor = self._sub(self._mul(p, self._number(j)), self._number(k - j))
                terms.append(self._mul(factor, self._mul(x[j], y[k - j])))
            y.append(self._div(self._sum(terms), self._mul(self._number(k), x[0])))
        return y

    def _exp(self, n: int, x: Series) -> Series:
        y = [self.numbers["exp"](x[0])]
        for k in range(1, n + 1):
            terms = [self._mul(self._number(j), self._mul(x[j], y[k - j])) for j in range(1, min(k, len(x) - 1) + 1)]
            y.append(self._div(self._sum(terms), self._number(k)))
        return y

    def _log(self, n: int, x: Series) -> Series | str:
        if self.standing(x[0]) == 0:
            return "has an infinite value or slope"
        y = [self.numbers["log"](x[0])]
        for k in range(1, n + 1):
            terms = [self._mul(self._number(j), self._mul(y[j], x[k - j])) for j in range(max(1, k - len(x) + 1), k)]
            c = x[k] if k < len(x) else self._zero
            y.append(self._div(self._sub(c, self._div(self._sum(terms), self._number(k))), x[0]))
        return y

    def _sines(self, n: int, x: Series) -> tuple[Series, Series]:
        s, c = [self.numbers["sin"](x[0])], [self.numbers["cos"](x[0])]
        for k in range(1, n + 1):
            slopes = [(self._mul(self._number(j), x[j]), k - j) for j in range(1, min(k, len(x) - 1) + 1)]
            ds = self._sum([self._mul(d, c[i]) for d, i in slopes])
            dc = self._sum([self._mul(d, s[i]) for d, i in slopes])
            s.append(self._div(ds, self._number(k)))
            c.append(self.numbers["neg"](self._div(dc, self._number(k))))
        return s, c

    # Choices

    def _abs(self, n: int, x: Series) -> Series | str:
        at = self.standing(x[0])
        if at == 0:
            return "has a kink"
        sign = self.numbers["sign"](x[0])
        return [self._mul(sign, c) for c in x[: n + 1]]

    def _extreme(self, name: str, relation: str, n: int, x: Sequence[Series]) -> Series | str:
        best = x[0]
        for other in x[1:]:
            if self._is_certain(relation, other[0], best[0]):
                best = other
        for other in x:
            if other is best or self._is_certain(relation, best[0], other[0]):
                continue
            if self._is_certain("eq", other[0], best[0]):
                return "has a kink"
            return [self.numbers[name](*[v[0] for v in x])] + [self._unknown()] * n
        return best

    def _is_certain(self, relation: str, x: Any, y: Any) -> bool:
        return self.standing(self.numbers[relation](x, y)) == 1

    def _unknown(self) -> Any:
        """A coefficient that hangs on a choice which the numbers do not decide."""
        pi = self.numbers.literal("pi")
        return self._div(self._number(1.0), self._sub(pi, pi))  # any number at all, in balls

    def _where(self, n: int, c: Series, x: Any, y: Any) -> Any:
        at = self.standing(c[0])
        if at == 0 and len(c) > 1:
            return "has no series where a condition is 0"
        if at is None:
            return [self._unknown()] * (n + 1)
        return x if at else y

    # Everything else by its rules

    def _by_rules(self, op: Op, operands: Sequence[Series], order: int) -> Any:
        if op.decides:
            return self._decided(op, operands)
        edge = self._edge(op, operands)
        if edge:
            return edge
        y = [self.numbers[op.name](*[x[0] for x in operands])]
        found = self._rules(op, operands, y)
        slopes = [
            (traced, seen(op, operands, k), [self._mul(self._number(j), x[j]) for j in range(1, len(x))])
            for k, (traced, x) in enumerate(zip(found, operands, strict=True))
            if traced is not None
        ]
        reads = any(1 in read_by(traced, 2 + len(xs)) for traced, xs, _ in slopes)
        for n in range(order if reads else min(order, 1)):
            derivative: Series = []
            for traced, xs, dx in slopes:
                rule = self._replayed(traced, [[self._number(1.0)], y if reads else y[:1], *xs], order - 1)
                if isinstance(rule, Broken):
                    return rule
                derivative = self._termwise(self._add, derivative, self._product(rule, dx, order - 1), order - 1)
            missing = [self._zero] * order
            upto = [n] if reads else range(order)
            y = y + [self._div((derivative + missing)[k], self._number(k + 1)) for k in upto]
        return y

    def _decided(self, op: Op, operands: Sequence[Series]) -> Series | str:
        """A truth does not move, but where it is decided at equality."""
        at = [self.standing(x[0]) for x in operands]
        if op.jump is not None and operands[0] is not operands[1] and self._is_certain("eq", *[x[0] for x in operands]):
            return "is decided at equality"
        if op.jump is None and any(v == 0 and len(x) > 1 for v, x in zip(at, operands, strict=True)):
            return "has no series where a condition is 0"
        return [self.numbers[op.name](*[x[0] for x in operands])]

    def _rules(self, op: Op, operands: Sequence[Series], y: Series) -> list[Template | None]:
        """The rule of each operand that moves and counts."""
        found: list[Template | None] = []
        for k, x in enumerate(operands):
            if len(x) > 1:
                refuse_missing(op, k)
            rule = template(op, "vjp", k, len(operands)) if len(x) > 1 and callable(rule_of(op, k)) else None
            active = template(op, "active", k, len(operands)) if op.active and rule is not None else None
            if active is not None:
                here = [v[:1] for v in (y, *seen(op, operands, k))]
                rule = None if self.standing(self._replayed(active, here, 0)[0]) == 0 else rule
            found.append(rule)
        return found

    def _replayed(self, traced: Template, inputs: Sequence[Any], order: int) -> Any:
        answer, steps = traced
        values = list(inputs)
        for op, what in steps:
            if op is None:
                values.append([self.numbers.literal(what)])
            else:
                values.append(self.apply(op, [values[k] for k in what], order))
        return values[answer]
