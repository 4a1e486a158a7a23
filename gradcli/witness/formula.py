"""A formula in sympy, built node by node from the graph as written, and differentiated by sympy.

No text reaches sympy: variables are symbols by number, literals the rational numbers that
their float64 are.
"""

from __future__ import annotations

import sympy

from gradcli.domains.symbols import CONSTANTS, SYMBOLS, literal
from gradcli.witness.evaluation import evaluate, parts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Formula:
    """A formula and its partials, each differentiated when it is first asked for.

    task: `nodes`, a list of ("variable", number), ("number", float), ("constant", name) or
    (name of the operation, *ids); `output`, an id; `wrt`, numbers of variables.
    """

    def __init__(self, task: dict[str, Any]) -> None:
        self._symbols = [sympy.Symbol(f"v{k}", real=True) for k in range(task["variables"])]
        self._wrt = task["wrt"]
        self._value = build(task["nodes"], task["output"], self._symbols)
        self._parts: dict[int, list[Any]] = {}

    def at(self, k: int, point: Sequence[tuple[int, int]]) -> tuple:
        """The value (k = 0) or the k-th partial, as `evaluate` gives it. The variables are these fractions."""
        if k not in self._parts:
            expression = self._value.diff(self._symbols[self._wrt[k - 1]]) if k else self._value
            self._parts[k] = parts_of(expression)
        fractions = [sympy.Rational(m, n) for m, n in point]
        return evaluate(self._parts[k], dict(zip(self._symbols, fractions, strict=True)))


def build(nodes: Sequence[tuple], output: int, symbols: Sequence[Any]) -> Any:
    """The expression of a node.

    Long sums and products are made at once: sympy takes quadratic time for them one by one.
    """
    uses = _uses(nodes, output)
    made: list[Any] = [None] * len(nodes)  # an expression, or a list of terms or factors
    for i, (name, *rest) in enumerate(nodes[: output + 1]):
        if not uses[i]:
            continue
        if name == "variable":
            made[i] = symbols[rest[0]]
        elif name == "number":
            made[i] = literal(rest[0])
        elif name == "constant":
            made[i] = CONSTANTS[rest[0]]
        else:
            chain = _CHAINS.get(name)
            operands = [_whole(made, nodes, k, None if uses[k] > 1 else chain) for k in rest]
            if chain is None:
                made[i] = SYMBOLS[name](*operands)
            else:
                first, second = (x if isinstance(x, list) else [x] for x in operands)
                first.extend(map(_INVERSE[name], second) if name in _INVERSE else second)
                made[i] = first
    return _whole(made, nodes, output, None)


_CHAINS = {"add": sympy.Add, "sub": sympy.Add, "mul": sympy.Mul, "div": sympy.Mul}
_INVERSE = {"sub": lambda x: -x, "div": lambda x: 1 / x}


def _whole(made: list[Any], nodes: Sequence[tuple], i: int, chain: Any) -> Any:
    """Node i as an operand; a sum stays a list in a longer sum, and a product in a product."""
    x = made[i]
    if isinstance(x, list) and _CHAINS[nodes[i][0]] is not chain:
        x = made[i] = _CHAINS[nodes[i][0]](*x)
    return x


def _uses(nodes: Sequence[tuple], output: int) -> list[int]:
    """How often each node is used for the output; 0 for what it does not need."""
    uses = [0] * len(nodes)
    uses[output] = 1
    for i in range(output, -1, -1):
        if uses[i] and nodes[i][0] not in ("variable", "number", "constant"):
            for k in nodes[i][1:]:
                uses[k] += 1
    return uses
