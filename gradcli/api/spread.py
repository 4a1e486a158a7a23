"""The uncertainty of a value as one more output of its graph: for whole columns of points, each with its own."""

from __future__ import annotations

from gradcli.api.function import Function
from gradcli.core.collector import Paused
from gradcli.core.graph import VARIABLE, finish
from gradcli.core.ops import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gradcli.core.graph import Builder, Graph
    from gradcli.language.program import Program

PREFIX = "u_"


def spreads(variables: Sequence[str], columns: Iterable[str]) -> list[str]:
    """Of these variables those that have their uncertainty in a column: `u_x` is that of x, unless it is a variable.

    >>> spreads(["x", "y", "u_y"], ["x", "y", "u_x", "u_y"])
    ['x']
    """
    known = set(columns)
    return [x for x in variables if PREFIX + x in known and PREFIX + x not in variables]


class Spread(Function):
    """A function that has a further output after the partials: the standard uncertainty of the value.

    of: the variables that are uncertain, independent and normal; the graph has a variable `u_x` for each x of them. The
    terms are those of JCGM 100:2008, 5.1.2, and of its note; where the second order is not finite, or takes away more
    than there is, the first alone. NaN where an uncertainty is negative.
    """

    def __init__(self, program: Program, wrt: Sequence[str] | None, of: Sequence[str]) -> None:
        super().__init__(program, wrt)
        self._of = tuple(of)

    def optimised(self, gradient: bool = True, arrays: bool = False) -> Graph:
        """The graph of the value, of the partials, and with these of the uncertainty."""
        if not gradient:
            return super().optimised(gradient, arrays)
        with Paused():
            builder, outputs = self.build(gradient, arrays)
            return finish(builder, [*outputs, _uncertainty(self.program, builder, outputs[0], self._of)])


def _uncertainty(program: Program, builder: Builder, value: int, names: Sequence[str]) -> int:
    add, mul, where = by_name("add"), by_name("mul"), by_name("where")
    zero = builder.number(0.0)
    leaves = [builder.intern((VARIABLE, x)) for x in names]

    def partials(i: int) -> list[int]:
        found = program.differentiate(builder, i, leaves)
        return [found.get(k, zero) for k in leaves]

    def total(terms: Iterable[int]) -> int:
        found = zero
        for term in terms:
            found = builder.make(add, found, term)
        return found

    variances = []
    for x in names:
        u = builder.intern((VARIABLE, PREFIX + x))
        known = builder.make(where, builder.make(by_name("ge"), u, zero), u, builder.literal("nan"))
        variances.append(builder.make(mul, known, known))
    gradient = partials(value)
    rows = [partials(g) for g in gradient]
    first = total(builder.make(mul, builder.make(mul, g, g), v) for g, v in zip(gradient, variances, strict=True))
    curved = total(
        builder.make(mul, builder.make(mul, h, h), builder.make(mul, v, w))
        for row, v in zip(rows, variances, strict=True)
        for h, w in zip(row, variances, strict=True)
    )
    # The sum of the Hessian's diagonal by these variances, as constants: its slope is what the third order adds.
    weights = [builder.intern((VARIABLE, f"variance of {x}")) for x in names]
    trace = total(builder.make(mul, row[k], w) for k, (row, w) in enumerate(zip(rows, weights, strict=True)))
    slopes = [_with(builder, i, weights, variances) for i in partials(trace)]
    third = total(
        builder.make(mul, builder.make(mul, g, v), t) for g, v, t in zip(gradient, variances, slopes, strict=True)
    )
    whole = total([first, builder.make(mul, builder.number(0.5), curved), third])
    sound = builder.make(by_name("logical_and"), *_between(builder, whole))
    return builder.make(by_name("sqrt"), builder.make(where, sound, whole, first))


def _between(builder: Builder, i: int) -> tuple[int, int]:
    """The conditions 0 <= i and i < inf."""
    return builder.make(by_name("ge"), i, builder.number(0.0)), builder.make(by_name("lt"), i, builder.literal("inf"))


def _with(builder: Builder, output: int, old: Sequence[int], new: Sequence[int]) -> int:
    """A node with other nodes in the place of some leaves."""
    instead = dict(zip(old, new, strict=True))
    for i in range(min(old, default=output), output + 1):
        node = builder.nodes[i]
        if i not in instead and not node[0].leaf and any(k in instead for k in node[1:]):
            instead[i] = builder.make(node[0], *[instead.get(k, k) for k in node[1:]])
    return instead.get(output, output)
