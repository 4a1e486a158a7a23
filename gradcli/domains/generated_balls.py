"""A generated function that gives the float64 nearest to each output, by balls of one precision, or None.

It is for many points, of which it takes each in a few microseconds. It runs what gradcli.domains.balls runs, without
the conventions at edges: there a ball is not finite. Where an output is not known at this precision, or beyond the
floats, or where a doubt holds, the caller asks gradcli.domains.nearest.
"""

from __future__ import annotations

from flint import arb, ctx

from gradcli.core.graph import CONSTANT, NUMBER, reachable
from gradcli.core.table import by_name
from gradcli.domains.arb import COMPARISONS
from gradcli.domains.arb_special import PRIMITIVES
from gradcli.domains.balls import BALLS, evaluate, literal
from gradcli.domains.digits import GUARD
from gradcli.domains.domain import steps_of
from gradcli.domains.float_tape import UNSUITED
from gradcli.domains.generated import SourceText, generated
from gradcli.domains.nearest import ACCURACY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from gradcli.core.op import Op
    from gradcli.domains.float_tape import Tape

BITS = ACCURACY + GUARD  # with which `nearest` begins: the floats are the same
SMALLEST = 2.0**-1022
TRUTHS = arb(1), arb(0), arb(0.5, 0.5)  # yes, no, not decided
FAILURES = (*UNSUITED, LookupError, NotImplementedError)
_OPERATORS = {"add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "neg": "-{}", "pow": "{} ** {}"}


def nearest_floats(
    tape: Tape, variables: Sequence[str], doubts: Iterable[tuple[Callable[..., bool], Sequence[int]]]
) -> Callable[[dict[str, float]], list[float] | None] | None:
    """The function from a point to the nearest floats, as `generated` makes those of floats; None where there is none.

    doubts: predicates on floats and the nodes that they look at: where one holds of the nearest floats of these, the
    function returns None.
    """
    with ctx.workprec(BITS):
        run = generated(tape, variables, doubts=doubts, source=BallSourceText)
    if run is None:
        return None

    def at(point: dict[str, float]) -> list[float] | None:
        before, ctx.prec = ctx.prec, BITS  # `workprec` takes as long as a short formula
        try:
            found: list[float] | None = run(point)
        except FAILURES:
            return None
        finally:
            ctx.prec = before
        return found

    return at


class BallSourceText(SourceText):
    """The lines of such a function."""

    def __init__(self, tape: Tape, variables: Sequence[str]) -> None:
        self._inputs = {i for i, _ in tape.inputs}
        self._taken: set[int] = set()
        self._constants: dict[int, arb] = {}
        self._known: dict[str, arb] = {}  # by name
        moving, nodes = self._inputs | set(tape.steps), tape.graph.nodes
        live = reachable(nodes, tape.outputs)
        for i, node in enumerate(nodes):
            if live[i] and i not in moving:
                self._constants[i] = self._constant(node)
        # Sines and cosines of the same ball, which come as one.
        waves = {(nodes[i][0].name, nodes[i][1]): i for i in tape.steps if nodes[i][0].name in ("sin", "cos")}
        self._pairs = {
            i: (i, waves["cos", x]) for (name, x), i in waves.items() if name == "sin" and ("cos", x) in waves
        }
        self._pairs |= {k: (i, k) for i, k in self._pairs.values()}
        super().__init__(tape, variables)

    def _constant(self, node: Any) -> arb:
        op, *operands = node
        if op.leaf:
            return literal(operands[0]) if op in (NUMBER, CONSTANT) else arb(0)
        return evaluate(op, [self._constants[k] for k in operands])

    def node(self, i: int) -> str:
        """The name of a node's ball."""
        if i in self._constants:
            return self.given(self._constants[i])
        if i in self._inputs:
            if i not in self._taken:
                self._taken.add(i)
                self.lines.append(f"b{i} = {self.given(arb)}(v{i})")
            return f"b{i}"
        return f"v{i}"

    def add(self, name: str, op: Op, operands: list[str]) -> str:
        """The lines of an operation on the names of balls."""
        wide = ""
        if all(x in self._known for x in operands):
            text = self.given(evaluate(op, [self._known[x] for x in operands]))
            self._known[name] = self._known[text]
        elif op.name in _OPERATORS:
            text = _OPERATORS[op.name].format(*operands)
        elif op.name == "where":
            c, x, y = operands
            text = f"{y} if {c}.is_zero() else {x} if {c} != 0 else {self.given(BALLS['where'])}({c}, {x}, {y})"
        elif op.name in COMPARISONS:
            sure, (x, y) = by_name(COMPARISONS[op.name]).symbol, operands
            yes, no, open_ = (self.given(v) for v in TRUTHS)
            text = f"{yes} if {x} {op.symbol} {y} else {no} if {x} {sure} {y} else {open_}"
        elif op.name in PRIMITIVES:
            text = f"{self.given(unguarded(op.name))}({', '.join(operands)})"
        else:
            text = self.replay(steps_of(op), operands)
            if op.precise is not None:
                wide = f"if {name}.rel_accuracy_bits() <= {BITS // 2}: {name} = "
                wide += f"{self.given(BALLS[op.name])}({', '.join(operands)})"
        self.lines.append(f"{name} = {text}")
        if wide:
            self.lines.append(wide)
        return name

    def step(self, i: int, op: Op, operands: Sequence[int]) -> None:
        """The lines of a step; squares, and sines beside their cosines, have quicker ones."""
        if op.name == "pow" and self.tape.graph.nodes[operands[-1]][:2] == (NUMBER, 2.0):
            self.lines.append(f"v{i} = {self.node(operands[0])} * {self.node(operands[0])}")
        elif i not in self._pairs:
            super().step(i, op, operands)
        elif i == min(self._pairs[i]):
            sine, cosine = self._pairs[i]
            self.lines.append(f"v{sine}, v{cosine} = {self.node(operands[0])}.sin_cos()")

    def given(self, value: Any) -> str:
        """The name of a ball, a text or a function."""
        name = super().given(value)
        if type(value) is arb:
            self._known[name] = value
        return name

    def key(self, value: Any) -> Any:
        """Balls that are not exact have no hash."""
        return id(value) if type(value) is arb else super().key(value)

    def literal(self, value: Any) -> Any:
        """The ball of a literal of a definition."""
        return literal(value)

    def number(self, i: int) -> str:
        """What predicates see of a node."""
        if i in self._constants:
            return self.given(float(self._constants[i]))
        return f"v{i}" if i in self._inputs else f"float({self.node(i)})"

    def infinite(self) -> str:
        """Nothing: the outputs tell."""
        return "0.0"

    def output(self, i: int) -> str:
        """The name of the nearest float."""
        ball, name = self.node(i), f"f{i}"
        self.lines.append(f"if {ball}.rel_accuracy_bits() < {ACCURACY}: return None")
        self.lines.append(f"{name} = float({ball})")
        self.lines.append(f"if not ({SMALLEST!r} <= abs({name}) < 1e999 or {ball}.is_zero()): return None")
        return name


def unguarded(name: str) -> Callable[..., Any]:
    """A primitive without its edges."""
    function = PRIMITIVES[name]
    return getattr(function, "__wrapped__", function)
