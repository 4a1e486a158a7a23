"""A graph as one Python function, for many calls at one point each.

The source is made of generated names alone: nothing that a user typed is in it. Numbers, names and
the functions of operations come in by a tuple. The bits are those of the tape, since the same
functions run in the same order; where one raises, the caller asks the tape.
"""

from __future__ import annotations

import math
import operator

from gradcli.domains.domain import steps_of
from gradcli.domains.floats import PRIMITIVES, literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from gradcli.core.op import Op
    from gradcli.core.trace import Template
    from gradcli.domains.float_tape import Tape

LIMIT = 2_000  # lines; compiling takes 8 us for each, what a hundred calls save

_OPERATORS = {
    "add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "neg": "-{}",
    "where": "{1} if {0} else {2}",
}  # fmt: skip


def generated(
    tape: Tape,
    variables: Sequence[str],
    wrt: Sequence[str] | None = None,
    doubts: Iterable[tuple[Callable[..., bool], Sequence[int]]] | None = None,
    source: type[SourceText] | None = None,
) -> Callable[[dict[str, float]], Any] | None:
    """The function from a point to the outputs of the tape, or None where there is none: the graph is large.

    The function takes a mapping of exactly these variables to floats, and raises KeyError for any other. It
    returns a list of the outputs; with wrt `(value, {variable: partial})`, all NaN where the value is.
    doubts: predicates and the nodes that they look at. With them the function returns None where one holds,
    or where an input or a step is not finite; there is none where a constant is not finite. source: what writes
    the lines; those of gradcli.domains.generated_bounds and generated_balls return None at further points.
    """
    if len(tape.steps) > LIMIT or (doubts is not None and any(v - v != 0 for v in tape.base.values())):
        return None
    written = (source or SourceText)(tape, variables)
    if len(written.lines) > LIMIT:
        return None
    outputs = [written.output(i) for i in tape.outputs]
    if doubts is not None:
        held = [
            f"not {written.number(nodes[0])}"
            if f is operator.not_
            else f"{written.given(f)}({', '.join(map(written.number, nodes))})"
            for f, nodes in doubts
            if not _never(f, [UNSEEN if i in written.moving else tape.base[i] for i in nodes])
        ]
        written.lines.append(f"if {' or '.join([written.infinite(), *held])}: return None")
    if wrt is None:
        written.lines.append(f"return [{', '.join(outputs)}]")
    else:
        names = [written.given(name) for name in wrt]
        value, nan = outputs[0], written.given(math.nan)
        undefined = ", ".join(f"{name}: {nan}" for name in names)
        partials = ", ".join(f"{name}: {partial}" for name, partial in zip(names, outputs[1:], strict=True))
        written.lines.append(f"if {value} != {value}: return {value}, {{{undefined}}}")
        written.lines.append(f"return {value}, {{{partials}}}")
    return written.function()


class _Unseen:
    """Stands for any number and for what is true of it; who has to know which gets a TypeError."""

    def _compared(self, other: Any) -> _Unseen:
        return self

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _compared  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise TypeError

    def __and__(self, other: Any) -> Any:
        return False if other is False else self

    def __or__(self, other: Any) -> Any:
        return True if other is True else self

    __rand__, __ror__ = __and__, __or__


UNSEEN = _Unseen()


def _never(doubt: Callable[..., bool], operands: Sequence[Any]) -> bool:
    """Do constant operands alone say that a doubt does not hold, as in a quotient by 2?"""
    try:
        return not doubt(*operands)
    except (TypeError, AttributeError):
        return False


class SourceText:
    """The lines of a function and what comes in from outside."""

    def __init__(self, tape: Tape, variables: Sequence[str]) -> None:
        self.tape = tape
        self._given: dict[Any, tuple[str, Any]] = {}
        nodes = tape.graph.nodes
        self.moving = {i for i, _ in tape.inputs} | set(tape.steps)
        node = {name: f"v{i}" for i, name in tape.inputs}
        names = [node.get(name, f"u{k}") for k, name in enumerate(variables)]
        self.lines = [f"if len(point) != {len(names)}: raise KeyError"]
        self.lines += [f"{x} = point[{self.given(name)}]" for x, name in zip(names, variables, strict=True)]
        if names:
            self.lines.append(f"if not ({' and '.join(f'type({x}) is float' for x in names)}): raise KeyError")
        for i in tape.steps:
            self.step(i, nodes[i][0], nodes[i][1:])

    def step(self, i: int, op: Op, operands: Sequence[int]) -> None:
        """The lines of a step."""
        self.add(f"v{i}", op, [self.node(k) for k in operands])

    def given(self, value: Any) -> str:
        """The name of a number, a text or a function."""
        key = type(value), self.key(value)
        return self._given.setdefault(key, (f"c{len(self._given)}", value))[0]

    def key(self, value: Any) -> Any:
        """What tells values of one type apart; for floats also 0 and -0."""
        return value.hex() if type(value) is float else value

    def node(self, i: int) -> str:
        """The name of a node's value."""
        return f"v{i}" if i in self.moving else self.given(self.tape.base[i])

    def number(self, i: int) -> str:
        """What predicates see of a node."""
        return self.node(i)

    def output(self, i: int) -> str:
        """The name of what the function gives of a node."""
        return self.node(i)

    def infinite(self) -> str:
        """What is true where an input or a step is not finite."""
        nodes, inputs = self.tape.graph.nodes, [i for i, _ in self.tape.inputs]
        seen = ", ".join(f"v{i}" for i in (*inputs, *self.tape.steps) if not nodes[i][0].decides)
        return f"sum(({seen},)) * 0.0" if seen else "0.0"

    def literal(self, value: Any) -> Any:
        """A number of a template, or the constant of this name."""
        return literal(value)

    def function(self) -> Callable[[dict[str, float]], Any]:
        """The function of the lines."""
        names = "".join(f"{name}, " for name, _ in self._given.values())
        head = f"def make(given):\n {names or '()'} = given\n"
        text = f"{head} def run(point):\n  " + "\n  ".join(self.lines) + "\n return run\n"
        namespace: dict[str, Any] = {}
        exec(compile(text, "<generated>", "exec"), namespace)
        return namespace["make"]([value for _, value in self._given.values()])

    def add(self, name: str, op: Op, operands: list[str]) -> str:
        """The line that gives this name to an operation on names, and before it those of which it is composed.

        It returns the name of the result, which may be there already.
        """
        if op.name in _OPERATORS:
            text = _OPERATORS[op.name].format(*operands)
        elif op.decides:  # the language writes them as Python does
            text = f"1.0 if {' '.join([*operands[:-1], op.symbol, operands[-1]])} else 0.0"
        elif op.name in PRIMITIVES:
            text = f"{self.given(PRIMITIVES[op.name])}({', '.join(operands)})"
        else:
            text = self.replay(steps_of(op, precise=True), operands)
        return self.assign(name, text)

    def assign(self, name: str, text: str) -> str:
        """The line that gives this name to a number."""
        self.lines.append(f"{name} = {text}")
        return name

    def replay(self, traced: Template, operands: Sequence[str]) -> str:
        """The lines of a template on names; the name of its answer."""
        answer, steps = traced
        names = [*operands]
        for row, what in steps:
            if row is None:
                names.append(self.given(self.literal(what)))
            else:
                names.append(self.add(f"t{len(self.lines)}", row, [names[k] for k in what]))
        return names[answer]
