"""A generated function that vouches for its outputs: it returns None where rounding may have moved one by 8 ulp.

Beside each number it carries its signed error of first order and a bound on the rest, as gradcli.domains.error_bounds
does. A slope counts as constant within the errors of its operands, so these must be small against them and against 1;
where they are not, where a choice or a step hangs on one, where an error is no float, or where an output's bound is
too large, the caller asks there.
"""

from __future__ import annotations

from math import copysign, ulp

from gradcli.core.graph import NUMBER
from gradcli.core.trace import seen, template
from gradcli.domains.error_bounds import CHANGE, CLOSE, LARGE, SMALL, ErrorBounds
from gradcli.domains.floats import FORMAT
from gradcli.domains.generated import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.core.op import Op
    from gradcli.domains.float_tape import Tape


Parts = tuple[str, str]  # the error and the rest as names or numbers; empty where there is none


class BoundedSourceText(SourceText):
    """The lines of such a function."""

    def __init__(self, tape: Tape, variables: Sequence[str]) -> None:
        nodes = self._nodes = tape.graph.nodes
        moving = {*tape.steps, *[i for i, _ in tape.inputs]}
        constant = [i for i, node in enumerate(nodes) if i not in moving and not node[0].leaf]
        known = ErrorBounds(nodes, tape.base, constant)
        self._parts: dict[int, Parts] = {
            i: (_number(known.errors[i]), _number(known.rests[i])) for i in range(len(nodes)) if i not in moving
        }
        self._halves: dict[str, tuple[str, str]] = {}
        super().__init__(tape, variables)
        for i in tape.outputs:
            bound = _bound(self._parts.get(i, ("", "")))
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

    def refuse(self, condition: str) -> None:
        """Leave the point to the caller where the condition holds."""
        self.lines.append(f"if {condition}: return None")

    def _named(self, name: str, text: str) -> str:
        if not text:
            return ""
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
        rests = [_times(f"abs({a})", rb), _times(f"abs({b})", ra)]
        if any(parts[0]) and any(parts[1]):
            rests.append(f"({_bound(parts[0])})*({_bound(parts[1])})")
        return _sum([self._product_error(a, b, y), *first]), _sum(rests)

    def _div(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        (a, b), ((ea, ra), (eb, rb)) = x, parts
        self._close(b, parts[1])
        self.refuse(f"{a} and not abs({y}) > {SMALL!r}")
        product = self._fresh(f"{y}*{b}")
        own = f"(({a} - {product}) - ({self._product_error(y, b, product)}))"
        error = f"({_sum([own, ea, _times('-1.0', _times(y, eb))])})/{b}"
        reach = _sum([ra, _times(f"abs({y})", rb), _times(repr(CLOSE), _bound(parts[0])),
                      _times(f"{CLOSE!r}*abs({y})", _bound(parts[1]))])  # fmt: skip
        return error, f"({reach})/abs({b})*{1 + CHANGE!r}" if reach else ""

    def _sqrt(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        (a,), (part,) = x, parts
        self._close(a, part)
        self.refuse(f"not {y}")
        product = self._fresh(f"{y}*{y}")
        own = f"(({a} - {product}) - ({self._product_error(y, y, product)}))"
        reach = _sum([part[1], _times(repr(CLOSE), _bound(part))])
        return f"({_sum([own, part[0]])})/({y} + {y})", f"({reach})/{y}" if reach else ""

    def _square(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        return self._mul(y, [x[0], x[0]], [parts[0], parts[0]])

    def _neg(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        return _times("-1.0", parts[0][0]), parts[0][1]

    def _abs(self, y: str, x: Sequence[str], parts: Sequence[Parts]) -> Parts:
        if not any(parts[0]):
            return "", ""
        self.refuse(f"not {y} > {_bound(parts[0])}")
        return _times(f"{self.given(copysign)}(1.0, {x[0]})", parts[0][0]), parts[0][1]

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
        known = [_bound(part) for part in parts if any(part)]
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
                self.refuse(f"{_bound(part)} > 0")
            self._close(x[k], part)
            if rule is None:
                if op.missing:
                    self.refuse(f"{_bound(part)} > 0")
                continue
            g = "1.0" if share is None else self.replay(share, ["1.0", y, *x])
            slope = self.replay(rule, [g, y, *seen(op, x, k)])
            errors.append(_times(slope, part[0]))
            rests += [_times(f"abs({slope})", part[1]), f"{CHANGE!r}*(abs({slope}) + 1.0)*({_bound(part)})"]
        return _sum(errors), _sum(rests)

    def _decided(self, op: Op, x: Sequence[str], parts: Sequence[Parts]) -> None:
        """A comparison of what is as good as equal is open, and the truth of what is as good as 0."""
        if op.jump is None:
            for name, part in zip(x, parts, strict=True):
                self._clear_of_0(name, part)
        elif any(map(any, parts)):
            self.refuse(f"not abs({x[0]} - {x[1]}) > {_sum([_bound(part) for part in parts])}")

    def _clear_of_0(self, x: str, part: Parts) -> None:
        if any(part):
            self.refuse(f"not abs({x}) > {_bound(part)}")

    def _close(self, x: str, part: Parts) -> None:
        if any(part):
            self.refuse(f"not {_bound(part)} <= {CLOSE!r}*min(1.0, abs({x}))")

    def _fresh(self, text: str) -> str:
        name = f"t{len(self.lines)}"
        self.lines.append(f"{name} = {text}")
        return name

    def _product_error(self, a: str, b: str, y: str) -> str:
        """a*b - y exactly, by T. J. Dekker; where the halves overflow or the error is no float the caller decides."""
        self.refuse(f"{a} and {b} and not {SMALL!r} < abs({y}) < {LARGE!r}")
        (p, q), (r, s) = self._split(a), self._split(b)
        return f"(({p}*{r} - {y}) + {p}*{s} + {q}*{r}) + {q}*{s}"

    def _split(self, x: str) -> tuple[str, str]:
        if x not in self._halves:
            self.refuse(f"abs({x}) > {LARGE!r}")
            c = self._fresh(f"{FORMAT['splitter']!r}*{x}")
            high = self._fresh(f"{c} - ({c} - {x})")
            self._halves[x] = high, self._fresh(f"{x} - {high}")
        return self._halves[x]


def _number(x: float) -> str:
    return repr(x) if 0 < abs(x) < float("inf") else "" if x == 0 else "1e999"


def _sum(terms: Sequence[str]) -> str:
    return " + ".join(term for term in terms if term)


def _times(factor: str, term: str) -> str:
    return f"{factor}*({term})" if term else ""


def _bound(part: Parts) -> str:
    """How far the number may be at most; empty where it is exact."""
    error, rest = part
    return _sum([f"abs({error})" if error else "", rest])
