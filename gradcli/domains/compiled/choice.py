"""Which executor is the quicker one: compiled code pays for its compiler from some number of points on.

It hangs on the formula and the number of points alone, never on the clock, because the last bits of the two differ.
The figures are of a machine of two cores, with 4 million points in float64.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.core.graph import Graph

PAST_CACHE = 2**19  # points: from here on results are written past the cache
START = 55e6  # ns: llvmlite is loaded and has compiled nothing yet
EACH = 0.4e6  # ns to compile an operation
_SAVED = 0.2  # ns a point: what blocks take longer for an operation
_SAVED_BY = {
    "sin": 1.5, "cos": 1.5, "tan": 2.0, "erf": 4.0, "erfc": 4.0, "gelu": 8.0, "hypot": 4.0, "pow": 0.1,
    **dict.fromkeys(("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "tanh", "where"), 0.3),
    **dict.fromkeys(("gamma", "lgamma", "digamma", "polygamma", "erfinv"), 0.0),
}  # fmt: skip
_COMPOSED = 0.9  # of an operation that is several
_BOUNDED, _EACH_BOUNDED = 60.0, 3e6  # ns: what NumPy takes a point for the bound of an operation, and compiling it
_NARROW = 0.4  # of that in float32, of which NumPy has more vector code


def pays(graph: Graph, points: int, dtype: str = "float64") -> bool:
    """Is compiling this graph, of the value and the partials, and running it once, quicker than the plain blocks?"""
    operations = [node[0] for node in graph.nodes if not node[0].leaf]
    saved = sum(_SAVED_BY.get(op.name, _COMPOSED if op.definition else _SAVED) for op in operations)
    return points * saved * (_NARROW if dtype == "float32" else 1.0) > START + EACH * len(operations)


def bounds_pay(graph: Graph, points: int) -> bool:
    """The same of the bounds on the errors of its operations."""
    operations = sum(not node[0].leaf for node in graph.nodes)
    return points * _BOUNDED * operations > START + _EACH_BOUNDED * operations
