"""The results of a formula and the partials of each."""

from __future__ import annotations

from functools import reduce

from gradcli.api.compiled import Compiled
from gradcli.api.evaluation import SeveralResults, joined
from gradcli.api.formula import Formula, array_arithmetic
from gradcli.api.notes import LIMIT
from gradcli.api.on_floats import DECIMALS
from gradcli.api.orders import Rows
from gradcli.core.graph import VARIABLE, Graph
from gradcli.core.ops import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Arithmetic
    from gradcli.api.evaluation import Evaluation, Note
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
        of_arrays = arithmetic.arrays or any(getattr(y, "shape", ()) for y in values)  # those of --digits hold texts
        if of_arrays or len(outputs) < count + len(self.places):
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

    def _with_rows(
        self, evaluation: Evaluation, point: Mapping[str, Any], run: Callable[..., list[Any]] | None = None,
        zero: Any = 0.0,
    ) -> Evaluation:  # fmt: skip
        """See Rows; on arrays with the notes on slopes too."""
        found = super()._with_rows(evaluation, point, run, zero)
        if self.needs_arrays(point):
            found.notes = joined(found.notes, self._notes_on_slopes(found, point, zero == "0"))[:LIMIT]
        return found

    def _notes_on_slopes(self, evaluation: Any, point: Mapping[str, Any], texts: bool) -> list[Note]:
        """What happened to the slopes of the results on arrays: the notes on those of their sum, without its numbers.

        texts: numbers are decimal texts.
        """
        import numpy as np

        from gradcli.api.array_notes import ArrayObserver

        arithmetic, add = array_arithmetic(), by_name("add")
        builder, _, roots = self.roots(arrays=True)
        sums = [builder.make(by_name("sum"), root, builder.literal(None), builder.number(0.0)) for root in roots]
        total = reduce(lambda a, b: builder.make(add, a, b), sums)
        leaves = [builder.table[VARIABLE, x] for x in self.wrt]
        adjoints = self.program.differentiate(builder, total, leaves, arrays=True)
        partials = [adjoints.get(i, builder.number(0.0)) for i in leaves]
        compiled = Compiled(self.program, Graph(builder.nodes, [total, *partials], builder.origin), arithmetic)
        observer = ArrayObserver(self.program, compiled.graph, 1, self.wrt)
        observer.has_slopes = False
        values = compiled.values({x: arithmetic.number(x, point[x]) for x in self.variables})
        undefined = any(
            (np.asarray(block, object) == "NaN").any() if texts else np.isnan(block).any()
            for row in evaluation.jac
            for block in row.values()
        )
        kinds = ("kink", "jump", "boundary", "infinite", *(("indeterminate",) if undefined else ()))
        return [note for note in observer.notes(values)[0] if note.kind in kinds]

    def _shapes(self, builder: Builder, roots: Sequence[int], at: Mapping[str, Any]) -> list[Shape]:
        import numpy as np

        compiled = Compiled(self.program, Graph(builder.nodes, list(roots), builder.origin), array_arithmetic())
        return [np.shape(y) for y in compiled.outputs(at)]
