"""A generated function that vouches for its outputs: it returns None where rounding may have moved one by 8 ulp.

Beside each number it carries its signed error of first order and a bound on the rest, as gradcli.domains.error_bounds
does. A slope counts as constant within the errors of its operands, so these must be small against them and against 1;
where they are not, where a choice or a step hangs on one, where an error is no float, or where an output's bound is
too large, the caller asks there.
"""

from __future__ import annotations

from math import copysign, frexp, ulp

from gradcli.core.graph import NUMBER
from gradcli.core.trace import seen, template
from gradcli.domains.error_bounds import CHANGE, CLOSE, LARGE, SMALL, ErrorBounds
from gradcli.domains.floats import FORMAT
from gradcli.domains.generated import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gradcli.core.op import Op
    from gradcli.domains.float_tape import Tape


Parts = tuple[str, str]  # the error and the rest as names or numbers; empty where there is none


class BoundedSourceText(SourceText):
    """The lines of such a function."""

    def __init__(self, tape: Tape, variables: Sequence[str]) -> None:
        nodes = self._nodes = tape.graph.nodes
        moving = {*tape.steps, *[i for i, _ in tape.inputs]}
        constant = [i for i in tape.base if not nodes[i][0].leaf]
        known = ErrorBounds(nodes, [tape.base.get(i, 0.0) for i in range(len(nodes))], constant)
        self._parts: dict[int, Parts] = {
            i: (_number(known.errors[i]), _number(known.rests[i])) for i in range(len(nodes)) if i not in moving
        }
        self._constants: dict[str, float] = {}  # by name
        self._known: dict[str, str] = {}  # what computes a number, and the name of that
        self._refused: set[str] = set()
        super().__init__(tape, variables)
        for i in tape.outputs:
            bound = self._bound(self._parts.get(i, ("", "")))
            if bound:
                self.refuse(f"not {bound} <= 8*{self.given(ulp)}({self.node(i)})")

    def step(self, i: int, op: Op, operands: Sequence[int]) -> None:
        super().step(i, op, operands)
        names, parts = [self.node(k) for k in operands], [self._parts.get(k, ("", "")) for k in operands]
        write = getattr(self, f"_{op.name}", None)
        power = self._whole_power(op, operands)
        if power == 2:
            write = self._square
        if op.decides:
            self._decided(op, names, parts)
            found = ("", "")
        elif write is not None:
            found = write(f"v{i}", names, parts)
        else:
            found = self._by_slopes(f"v{i}", op, names, parts, steps=power is None)
        self._parts[i] = self._named(f"e{i}", found[0]), self._named(f"r{i}", found[1])

    def _whole_power(self, op: Op, operands: Sequence[int]) -> float | None:
        """The exponent of a power, where it is a whole number: then the power has no step."""
        if op.name != "pow" or self._nodes[operands[1]][0] is not NUMBER:
            return None
        exponent: float = self._nodes[operands[1]][1]
        return exponent if exponent.is_integer() else None

    def assign(self, name: str, text: str) -> str:
        """As a line; what is known already, as the slope of a sine where the cosine is, is not computed again."""
        text = text.removeprefix("1.0 * ")
        known = self._known.setdefault(text, text if text.isidentifier() else name)
        if known == name:
            return super().assign(name, text)
        return super().assign(name, known) if name.startswith("v") else known

    def given(self, value: Any) -> str:
        """The name of a number, a text or a function."""
        name = super().given(value)
        if type(value) is float:
            self._constants[name] = value
        return name

    def refuse(self, condition: str) -> None:
        """Leave the point to the caller where the condition holds."""
        if condition not in self._refused:
            self._refused.add(condition)
            self.lines.append(f"if {condition}: return None")

    def _named(self, name: str, text: str) -> str:
        if not text or text.isidentifier():
            return text
        self.lines.append(f"{name} = {text}")
        return name

    def _add(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        a, b = x
        part = self._fresh(f"{y} - {a}")
        own = f"({a} - ({y} - {part})) + ({b} - {part})"
        return _sum([own, *[e for e, _ in parts]]), _sum([r for _, r in parts])

    def _sub(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        a, b = x
        part = self._fresh(f"{y} - {a}")
        own = f"({a} - ({y} - {part})) - ({b} + {part})"
        (ea, ra), (eb, rb) = parts
        return _sum([own, ea, _times("-1.0", eb)]), _sum([ra, rb])

    def _mul(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        (a, b), ((ea, ra), (eb, rb)) = x, parts
        first = [_times(a, eb), _times(b, ea)]
        rests = [self._size_times(a, rb), self._size_times(b, ra)]
        if any(parts[0]) and any(parts[1]):
            rests.append(f"{self._bound(parts[0])}*{self._bound(parts[1])}")
        return _sum([self._product_error(a, b, y), *first]), _sum(rests)

    def _div(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        (a, b), ((ea, ra), (eb, rb)) = x, parts
        self._close(b, parts[1])
        self._refuse_small(y, a)
        if self._is_power(b) and not any(parts[1]):
            return f"{ea}/{b}" if ea else "", f"{ra}/{self._size(b)}" if ra else ""
        # a is as near to the product y*b as that is to itself, rounded: so this is exact too.
        own = f"-({self._product_error(y, b, a)})"
        error = f"({_sum([own, ea, _times('-1.0', _times(y, eb))])})/{b}"
        moves = _times(repr(CLOSE), _sum([self._bound(parts[0]), self._size_times(y, self._bound(parts[1]))]))
        reach = _sum([ra, self._size_times(y, rb), moves])
        return error, f"({reach})/{self._size(b)}*{1 + CHANGE!r}" if reach else ""

    def _sqrt(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        (a,), (part,) = x, parts
        self._close(a, part)
        self.refuse(f"not {y}")
        own = f"-({self._product_error(y, y, a)})"
        reach = _sum([part[1], _times(repr(CLOSE), self._bound(part))])
        return f"({_sum([own, part[0]])})/({y} + {y})", f"({reach})/{y}" if reach else ""

    def _square(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        return self._mul(y, [x[0], x[0]], [parts[0], parts[0]])

    def _neg(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        return _times("-1.0", parts[0][0]), parts[0][1]

    def _abs(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        if not any(parts[0]):
            return "", ""
        self.refuse(f"not {y} > {self._bound(parts[0])}")
        return _times(f"{self.given(copysign)}(1.0, {x[0]})", parts[0][0]), parts[0][1]

    def _sign(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        self._clear_of_0(x[0], parts[0])
        return "", ""

    def _positive(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        return parts[0]

    _detach = _positive

    def _where(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        condition, a, b = parts
        self._clear_of_0(x[0], condition)
        error, rest = (
            f"({p or '0.0'} if {x[0]} else {q or '0.0'})" if p or q else "" for p, q in zip(a, b, strict=True)
        )
        return error, rest

    def _max(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        """Where two are as good as equal, any of the bounds may be the one."""
        known = [self._bound(part) for part in parts if any(part)]
        for bound in known:
            self.refuse(f"{bound} != {bound}")
        return "", f"max({', '.join(known)}, 0.0)" if known else ""

    _min = _max

    def _by_slopes(self, y: str, op: Op, x: Sequence[str], parts: Sequence[Parts], steps: bool = True) -> Parts:
        """By the bound of the row and the slopes of its rules. steps: it may have some."""
        errors, rests = [], [f"{op.ulp!r}*{self.given(ulp)}({y})"] if op.ulp else []
        if op.ulp and op.underflow is not None:
            self.refuse(f"not {y}")
        share = template(op, "share", 0, len(x)) if op.share else None
        for k, part in enumerate(parts):
            rule = template(op, "vjp", k, len(x))
            if not any(part):
                continue
            if op.jump is not None and steps:
                self.refuse(f"{self._bound(part)} > 0")
            self._close(x[k], part)
            if rule is None:
                if op.missing:
                    self.refuse(f"{self._bound(part)} > 0")
                continue
            g = "1.0" if share is None else self.replay(share, ["1.0", y, *x])
            slope = self.replay(rule, [g, y, *seen(op, x, k)])
            errors.append(_times(slope, part[0]))
            size = self._size(slope)
            rests += [_times(size, part[1]), f"{CHANGE!r}*({size} + 1.0)*{self._bound(part)}"]
        return _sum(errors), _sum(rests)

    def _decided(self, op: Op, x: Sequence[str], parts: Sequence[Parts]) -> None:
        """A comparison of what is as good as equal is open, and the truth of what is as good as 0."""
        if op.jump is None:
            for name, part in zip(x, parts, strict=True):
                self._clear_of_0(name, part)
        elif any(map(any, parts)):
            self._apart(f"abs({x[0]} - {x[1]})", self._fresh(_sum([self._bound(part) for part in parts])))

    def _clear_of_0(self, x: str, part: Parts) -> None:
        if any(part):
            self._apart(self._size(x), self._bound(part))

    def _apart(self, distance: str, bound: str) -> None:
        """Refuse what bounds reach; where they are 0, nothing is open."""
        self.refuse(f"not {distance} > {bound} and {bound} != 0")

    def _close(self, x: str, part: Parts) -> None:
        if any(part):
            self.refuse(f"not {CLOSE!r} >= {self._bound(part)} <= {CLOSE!r}*{self._size(x)}")

    def _fresh(self, text: str) -> str:
        """The name of what a text computes."""
        return self.assign(f"t{len(self.lines)}", text)

    def _size(self, x: str) -> str:
        return repr(abs(self._constants[x])) if x in self._constants else self._fresh(f"abs({x})")

    def _size_times(self, x: str, term: str) -> str:
        return _times(self._size(x), term) if term else ""

    def _bound(self, part: Parts) -> str:
        """How far the number may be at most; empty where it is exact."""
        text = _sum([self._size(part[0]) if part[0] else "", part[1]])
        return self._fresh(text) if text else ""

    def _is_power(self, x: str) -> bool:
        """Is it a constant by which products and quotients are exact, but for what overflows or underflows?"""
        return abs(frexp(self._constants.get(x, 0.0))[0]) == 0.5

    def _refuse_small(self, y: str, *operands: str) -> None:
        """What is so near to 0, and not 0 by its operands, has perhaps an error that is no float."""
        self.refuse(f"{-SMALL!r} < {y} < {SMALL!r} and {' and '.join(operands)}")

    def _product_error(self, a: str, b: str, y: str) -> str:
        """a*b - y exactly, by T. J. Dekker, where y is about that; NaN where the halves overflow."""
        self._refuse_small(y, a, b)
        if self._is_power(a) or self._is_power(b):
            return ""
        (p, q), (r, s) = self._split(a), self._split(b)
        return _sum([f"({p}*{r} - {y})", *[f"{u}*{v}" for u, v in ((p, s), (q, r), (q, s)) if u and v]])

    def _split(self, x: str) -> tuple[str, str]:
        """The second is empty where it is 0."""
        value = self._constants.get(x)
        if value is not None and abs(value) < LARGE:
            large = FORMAT["splitter"] * value
            half = large - (large - value)
            return f"({half!r})", f"({value - half!r})" if value != half else ""
        c = self._fresh(f"{FORMAT['splitter']!r}*{x}")
        high = self._fresh(f"{c} - ({c} - {x})")
        return high, self._fresh(f"{x} - {high}")


def _number(x: float) -> str:
    return repr(x) if 0 < abs(x) < float("inf") else "" if x == 0 else "1e999"


def _sum(terms: Sequence[str]) -> str:
    return " + ".join(term for term in terms if term)


def _times(factor: str, term: str) -> str:
    return f"{factor}*({term})" if term else ""
