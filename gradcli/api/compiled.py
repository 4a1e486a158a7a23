"""A graph ready to run in one domain of numbers, and how that domain looks to a caller."""

from __future__ import annotations

from gradcli.domains.float_tape import Repeated
from gradcli.errors import ExpressionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from gradcli.core.graph import Graph
    from gradcli.language.program import Program


class Arithmetic:
    """How a domain of numbers looks from outside.

    tape: compiles a graph; arrays: its values may be whole arrays; failure: what it raises where values do not
    suit an operation. observer: finds the notes of a point. number: of what a caller gives to a variable,
    `(name, value)`. plain: what a caller gets, None for what is no number. one: the result as the one number that a
    gradient is of, None where it is more. slope: `(value, partial, x)`, a partial in the shape of x, NaN where the
    value is.
    """

    __slots__ = ("arrays", "failure", "number", "observer", "one", "plain", "slope", "tape")

    def __init__(
        self,
        tape: Any,
        observer: Any,
        number: Callable[[str, Any], Any],
        slope: Callable[[Any, Any, Any], Any],
        plain: Callable[[Any], Any] = lambda y: y,
        one: Callable[[Any], Any] = lambda y: y,
        arrays: bool = False,
        failure: Any = (),
    ) -> None:
        self.tape = tape
        self.observer = observer
        self.number = number
        self.slope = slope
        self.plain = plain
        self.one = one
        self.arrays = arrays
        self.failure = failure


class Compiled:
    """A graph of a text on floats or on arrays; where values do not suit, the error shows the place in the text."""

    __slots__ = ("_arithmetic", "_outputs", "_program", "graph", "tape")

    def __init__(self, program: Program, graph: Graph, arithmetic: Arithmetic) -> None:
        """Raises ExpressionError where constants do not go together."""
        self.graph = graph
        self._program = program
        self._arithmetic = arithmetic
        try:
            self.tape = arithmetic.tape(graph)
        except arithmetic.failure as error:
            raise self._located(error) from error
        self.graph = self.tape.graph
        self._outputs = Repeated()

    def values(self, at: Mapping[str, Any]) -> list[Any]:
        """The values of all nodes. Raises ExpressionError at the operation that the shapes do not suit."""
        try:
            return self.tape.run(at)
        except self._arithmetic.failure as error:
            raise self._located(error) from error

    def outputs(self, at: Mapping[str, Any]) -> list[Any]:
        """The outputs alone, of many points faster. Raises ExpressionError."""
        found = self._outputs(self._of_outputs, at)
        if found is None:
            values = self.values(at)
            found = [values[i] for i in self.tape.outputs]
        return found

    def _of_outputs(self) -> Callable[[Any], Any] | None:
        return None if self._arithmetic.arrays else generated(self.tape, [x for _, x in self.tape.inputs])

    def _located(self, error: Any) -> ExpressionError:
        text = self._program.text
        origin = -1 if error.node is None else self.graph.origin[error.node]
        return ExpressionError(
            str(error), text, self._program.span(origin) if origin >= 0 else (0, len(text)), error.cure
        )


def generated(*args: Any, **options: Any) -> Callable[[Any], Any] | None:
    """See gradcli.domains.generated, which a single call does not load."""
    from gradcli.domains.generated import generated

    return generated(*args, **options)
