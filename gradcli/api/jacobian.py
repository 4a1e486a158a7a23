"""The results of a formula and the partials of each."""

from __future__ import annotations

from gradcli.api.compiled import Compiled
from gradcli.api.evaluation import SeveralResults
from gradcli.api.formula import Formula, array_arithmetic
from gradcli.api.on_floats import DECIMALS
from gradcli.api.orders import Rows
from gradcli.core.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Arithmetic
    from gradcli.api.evaluation import Evaluation
    from gradcli.api.orders import Shape
    from gradcli.core.graph import Builder


class Jacobian(Rows):
    """The rows are those of the results.

    >>> from gradcli.language.parser import parse
    >>> found = Jacobian(parse("x*y, x + y")).evaluate_at({"x": 3.0, "y": 5.0})
    >>> found.value, found.jac
    ((15.0, 8.0), [{'x': 5.0, 'y': 3.0}, {'x': 1.0, 'y': 1.0}])
    """

    def roots(self, arrays: bool) -> tuple[Builder, list[int], list[int]]:
        """See Rows."""
        builder, outputs = Formula.build(self, False, arrays)
        return builder, outputs, outputs

    def labels(self, gradient: bool) -> list[str]:
        """See Formula."""
        count = len(self.program.results)
        names = ["value"] if count == 1 else [f"result {k + 1}" for k in range(count)]
        first = ["d" if count == 1 else f"d({name})" for name in names]
        return [*names, *[f"{first[k]}/d{self.wrt[j]}" for k, j in self.places if gradient]]

    def arranged(self, outputs: list[Any], at: Mapping[str, Any], gradient: bool, arithmetic: Arithmetic) -> Evaluation:
        """See Rows."""
        count = len(self.program.results)
        if not gradient:
            return super(Rows, self).arranged(outputs, at, gradient, arithmetic)
        shown = {x: arithmetic.plain(at[x]) for x in self.variables}
        values = tuple([arithmetic.plain(y) for y in outputs[:count]])
        found = SeveralResults(shown, values)
        if arithmetic.arrays or len(outputs) < count + len(self.places):
            return found
        zero = "0" if arithmetic is DECIMALS else 0.0
        found.jac = [{x: arithmetic.slope(value, zero, "") for x in self.wrt} for value in values]
        for (k, j), number in zip(self.places, outputs[count:], strict=True):
            found.jac[k][self.wrt[j]] = arithmetic.slope(values[k], number, "")
        return found

    def filled(self, evaluation: Any, rows: list[list[Any]], shapes: list[Shape], zero: Any) -> Evaluation:
        """See Rows."""
        import numpy as np

        kind, nan = (object, "NaN") if zero == "0" else (float, np.nan)
        evaluation.jac = []
        for value, row in zip(evaluation.value, rows, strict=True):
            here, found = np.shape(value), {}
            lost = np.asarray(value) == "NaN" if zero == "0" else np.isnan(value)
            for x, block, shape in zip(self.wrt, row, shapes, strict=True):
                block = np.full((*here, *shape), zero, kind) if block is None else np.array(block, kind)
                block[lost] = nan
                found[x] = block if block.shape else block.item()
            evaluation.jac.append(found)
        return evaluation

    def _shapes(self, builder: Builder, roots: Sequence[int], at: Mapping[str, Any]) -> list[Shape]:
        import numpy as np

        compiled = Compiled(self.program, Graph(builder.nodes, list(roots), builder.origin), array_arithmetic())
        return [np.shape(y) for y in compiled.outputs(at)]
