"""The number of a mixed partial at points."""

from __future__ import annotations

from gradcli.api.derivative import mixed_nodes
from gradcli.api.evaluation import Evaluation
from gradcli.api.formula import Formula
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Arithmetic
    from gradcli.api.notes import Observer
    from gradcli.core.graph import Builder, Graph
    from gradcli.language.program import Program


class Mixed(Formula):
    """A formula and its derivative by one variable after another, which takes the place of the gradient.

    >>> from gradcli.language.parser import parse
    >>> Mixed(parse("x**3*y"), ["x", "x", "y"]).evaluate_at({"x": 2.0, "y": 5.0}).grad
    {'x,x,y': 12.0}
    """

    def __init__(self, program: Program, names: Sequence[str] = ()) -> None:
        super().__init__(program)
        self._by = tuple(names)
        self._name = ",".join(names)

    def build(self, gradient: bool, arrays: bool) -> tuple[Builder, list[int]]:
        """See Formula. Raises UsageError."""
        if not gradient:
            return super().build(gradient, arrays)
        if arrays:
            raise UsageError("mixed partials are of numbers", "see hess for arrays")
        builder, result, node = mixed_nodes(self.program, self._by)
        return builder, [result, node]

    def labels(self, gradient: bool) -> list[str]:
        """See Formula."""
        return ["value", self._name] if gradient else ["value"]

    def arranged(self, outputs: list[Any], at: Mapping[str, Any], gradient: bool, arithmetic: Arithmetic) -> Evaluation:
        """See Formula."""
        if not gradient:
            return super().arranged(outputs, at, gradient, arithmetic)
        value = arithmetic.plain(outputs[0])
        shown = {x: arithmetic.plain(at[x]) for x in self.variables}
        return Evaluation(shown, value, {self._name: arithmetic.slope(value, outputs[1], "")})

    def observing(self, graph: Graph, gradient: bool, arithmetic: Arithmetic) -> Observer:
        """See Formula."""
        found: Observer = arithmetic.observer(self.program, graph, 1, [self._name] if gradient else [])
        return found
