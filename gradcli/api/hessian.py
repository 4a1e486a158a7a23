"""Value, gradient and Hessian of a formula."""

from __future__ import annotations

from functools import partial

from gradcli.api.decimals import leaves_of
from gradcli.api.evaluation import SecondOrder
from gradcli.api.formula import Formula
from gradcli.api.matrices import Blocks, Entries
from gradcli.api.on_floats import DECIMALS
from gradcli.api.orders import Rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from gradcli.api.compiled import Arithmetic, Compiled
    from gradcli.api.evaluation import Evaluation
    from gradcli.api.orders import Shape
    from gradcli.core.graph import Builder


class Hessian(Rows):
    """The rows are those of the gradient, each from the diagonal on: the other half mirrors it.

    >>> from gradcli.language.parser import parse
    >>> found = Hessian(parse("x**2*y")).evaluate_at({"x": 3.0, "y": 5.0})
    >>> found.value, found.grad, found.matrix.nested()
    (45.0, {'x': 30.0, 'y': 9.0}, {'x': {'x': 10.0, 'y': 6.0}, 'y': {'x': 6.0, 'y': 0.0}})
    """

    symmetric = True

    def roots(self, arrays: bool) -> tuple[Builder, list[int], list[int]]:
        """See Rows."""
        builder, outputs = Formula.build(self, True, arrays)
        return builder, outputs, outputs[1:]

    def labels(self, gradient: bool) -> list[str]:
        """See Formula."""
        second = [f"d²/d{self.wrt[i]}d{self.wrt[j]}" for i, j in self.places if gradient]
        return [*super().labels(gradient), *second]

    def true_at(self, point: Mapping[str, Any], gradient: bool = True) -> Evaluation:
        """See Formula."""
        found: Any = super().true_at(point, gradient)
        if not self.needs_arrays(point):
            found.exact = partial(self._in_balls, point)
        elif found.exact is not None:
            found.exact = partial(found.exact, {})
        return found

    def proven_at(self, point: Mapping[str, Any], digits: int, gradient: bool = True) -> Evaluation:
        """See Formula."""
        found: Any = super().proven_at(point, digits, gradient)
        leaves, floats = leaves_of(self, point)
        if not self.needs_arrays(floats):
            found.exact = partial(self._in_balls, leaves)
        elif found.exact is not None:
            found.exact = partial(found.exact, leaves)
        return found

    def _in_balls(self, point: Mapping[str, Any], precision: int) -> list[list[Any]] | None:
        """See SecondOrder.exact."""
        from flint import arb, ctx

        from gradcli.domains.ball_tape import execute
        from gradcli.domains.digits import constants
        from gradcli.domains.domain import UndecidedError

        graph, texts = self.graph_of(True, False), not any(type(x) is float for x in point.values())
        with ctx.workprec(precision):
            try:
                leaves, rationals = constants(point)
                values = execute(graph.nodes, leaves, decimals=texts, rationals=rationals).values
            except UndecidedError:
                return None
        used = sorted({i for place in self.places for i in place})
        rows = [[arb(0) for _ in used] for _ in used]
        for (i, j), k in zip(self.places, graph.outputs[1 + len(self.wrt) :], strict=True):
            a, b = used.index(i), used.index(j)
            rows[a][b] = rows[b][a] = values[k]
        return rows

    def kept(self, evaluation: Any, shapes: list[Shape], rows: Callable[..., list[list[Any]]]) -> None:
        """See Rows. Here in balls, as SecondOrder.exact has them."""
        import numpy as np

        from gradcli.domains.domain import UndecidedError

        def exact(leaves: Mapping[str, Any], precision: int) -> list[list[Any]] | None:
            from flint import arb, ctx

            with ctx.workprec(precision):
                try:
                    found = rows(partial(_in_balls_of_arrays, leaves))
                except UndecidedError:
                    return None
                matrix = Blocks(*self._mirrored(found, shapes, np.array(arb(0), object))).flat().tolist()
            used = [i for i, row in enumerate(matrix) if not all(x.is_zero() for x in row)]
            return [[matrix[i][j] for j in used] for i in used]

        evaluation.exact = exact

    def arranged(self, outputs: list[Any], at: Mapping[str, Any], gradient: bool, arithmetic: Arithmetic) -> Evaluation:
        """See Rows."""
        first = 1 + len(self.wrt)
        plain = super(Rows, self).arranged(outputs[:first] if gradient else outputs, at, gradient, arithmetic)
        if not gradient:
            return plain
        found = SecondOrder(plain.at, plain.value, plain.grad)

        def number(x: Any) -> Any:
            return arithmetic.slope(plain.value, x, "")

        second = zip(self.places, outputs[first:], strict=False)
        upper = [(i, j, number(x)) for (i, j), x in second]
        found.exact = None
        found.matrix = Entries(self.wrt, upper, number("0" if arithmetic is DECIMALS else 0.0))
        return found

    def filled(self, evaluation: Any, rows: list[list[Any]], shapes: list[Shape], zero: Any) -> Evaluation:
        """See Rows."""
        import numpy as np

        nan = evaluation.value == "NaN" or evaluation.value != evaluation.value
        blank = ("NaN" if zero == "0" else np.nan) if nan else zero
        rows = [[None if nan else block for block in row] for row in rows]
        blocks, sizes = self._mirrored(rows, shapes, np.array(blank, object if zero == "0" else float))
        evaluation.matrix = Blocks(blocks, sizes)
        return evaluation

    def marked(self, evaluation: Any, rows: list[list[Any]], shapes: list[Shape]) -> None:
        """See Rows."""
        import numpy as np

        evaluation.matrix.support = Blocks(*self._mirrored(rows, shapes, np.array(False))).dense().astype(bool)

    def _mirrored(
        self, rows: list[list[Any]], shapes: list[Shape], blank: Any
    ) -> tuple[dict[str, dict[str, Any]], list[int]]:
        """The blocks of all pairs of variables by those from the diagonal on, and the elements of each variable.

        blank: what stands for None, in the type of all.
        """
        import numpy as np

        blocks: dict[str, dict[str, Any]] = {x: {} for x in self.wrt}
        sizes = [int(np.prod(shape)) for shape in shapes]
        for i, x in enumerate(self.wrt):
            for j, w in enumerate(self.wrt[i:], i):
                found = np.broadcast_to(blank, (*shapes[i], *shapes[j])) if rows[i][j] is None else rows[i][j]
                matrix = np.array(found).reshape(sizes[i], sizes[j])
                if i == j:
                    low, high = np.tril_indices(sizes[i], -1)
                    matrix[low, high] = matrix[high, low]
                blocks[x][w] = _plain(matrix.reshape((*shapes[i], *shapes[j])))
                blocks[w][x] = _plain(matrix.T.reshape((*shapes[j], *shapes[i])))
        return {x: {w: row[w] for w in self.wrt} for x, row in blocks.items()}, sizes

    def _shapes(self, builder: Builder, roots: Sequence[int], at: Mapping[str, Any]) -> list[Shape]:
        import numpy as np

        return [np.shape(at[x]) for x in self.wrt]


def _in_balls_of_arrays(leaves: Mapping[str, Any], compiled: Compiled, at: Mapping[str, Any]) -> list[Any]:
    """The outputs of a graph at the current precision."""
    from gradcli.domains.ball_tape import execute
    from gradcli.domains.digits import constants

    balls, rationals = constants({**at, **leaves})
    state = execute(compiled.graph.nodes, balls, decimals=bool(leaves), rationals=rationals)
    return [state.values[i] for i in compiled.graph.outputs]


def _plain(block: Any) -> Any:
    return block if block.shape else block.item()
