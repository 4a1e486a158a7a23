"""sympy's expressions as nodes of our operations: the way back from gradcli.domains.symbols."""

from __future__ import annotations

import sympy

from gradcli.witness.evaluation import parts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# By the names of sympy's classes, and of ours in gradcli.domains.symbols.
NAMES = {
    **{name: name for name in (
        *("sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "atan2"),
        *("sinh", "cosh", "tanh", "sech", "csch"),
        *("coth", "asinh", "acosh", "atanh", "asech", "acsch", "acoth", "asec", "acsc", "exp", "log", "erf", "erfc"),
        *("erfinv", "gamma", "beta", "binomial", "factorial"),
    )},
    "Abs": "abs", "Sign": "sign", "sign": "sign", "Floor": "floor", "Ceil": "ceil", "Round": "round", "Trunc": "trunc",
    "floor": "floor", "ceiling": "ceil", "Detach": "detach", "polygamma": "polygamma", "besselj": "jv", "bessely": "yv",
    "besseli": "iv", "besselk": "kv", "expint": "expint", "Ei": "expi", "LambertW": "lambertw",
    "StrictLessThan": "lt", "LessThan": "le", "StrictGreaterThan": "gt", "GreaterThan": "ge", "Equality": "eq",
    "Unequality": "ne", "Not": "logical_not",
}  # fmt: skip
CHAINS = {"Max": "max", "Min": "min", "And": "logical_and", "Or": "logical_or"}
CONSTANTS = {"Pi": "pi", "Exp1": "e", "Infinity": "inf", "NaN": "nan", "BooleanTrue": 1, "BooleanFalse": 0}


def nodes_of(expression: Any) -> tuple[list[tuple], int]:
    """The nodes ("variable", k), ("number", p, q), ("constant", name) or (operation, *ids), and which is the whole.

    Raises KeyError for what the language does not have.
    """
    found = _Nodes(expression)
    return found.nodes, found.whole


class _Nodes:
    def __init__(self, expression: Any) -> None:
        self.nodes: list[tuple] = []
        self._pairs: list[list[int]] = []  # (value, condition) of choices
        ids: dict[int, int] = {}
        for part in parts_of(expression):
            ids[id(part)] = self._made(part, [ids[id(a)] for a in part.args])
        self.whole = ids[id(expression)]

    def _add(self, *node: Any) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _number(self, p: int, q: int = 1) -> int:
        return self._add("number", int(p), int(q))

    def _made(self, part: Any, operands: list[int]) -> int:
        kind = type(part).__name__
        if part.is_Symbol:
            return self._add("variable", int(part.name[1:]))
        if isinstance(part, sympy.Rational):
            return self._number(part.p, part.q)
        if isinstance(part, sympy.Float):
            return self._number(*map(int, sympy.Rational(part).as_numer_denom()))
        if not operands:
            known = CONSTANTS[kind]
            return self._number(known) if isinstance(known, int) else self._add("constant", known)
        if kind in ("Add", "Mul"):
            return self._joined("add" if kind == "Add" else "mul", operands)
        if kind in CHAINS:
            return self._joined(CHAINS[kind], operands)
        if kind == "Pow":
            return self._power(part, operands)
        if kind == "ExprCondPair":
            self._pairs.append(operands)
            return len(self._pairs) - 1
        if kind == "Piecewise":
            return self._choices(operands)
        if kind == "loggamma":
            raise KeyError(kind)  # of the whole line it is no number below 0
        return self._function(kind, operands)

    def _joined(self, name: str, operands: list[int]) -> int:
        total = operands[0]
        for x in operands[1:]:
            total = self._add(name, total, x)
        return total

    def _power(self, part: Any, operands: list[int]) -> int:
        x, exponent = operands[0], part.exp
        if exponent == sympy.S.Half:
            return self._add("sqrt", x)
        if exponent == -sympy.S.Half:
            return self._add("div", self._number(1), self._add("sqrt", x))
        if part.base is sympy.E:
            return self._add("exp", operands[1])
        if exponent.is_Integer and exponent < 0:
            power = x if exponent == -1 else self._add("pow", x, self._number(-exponent))
            return self._add("div", self._number(1), power)
        return self._add("pow", *operands)

    def _choices(self, operands: list[int]) -> int:
        """From the last to the first; what no condition holds for is NaN."""
        total = self._add("constant", "nan")
        for k in reversed(operands):
            value, condition = self._pairs[k]
            certain = self.nodes[condition] == ("number", 1, 1)
            total = value if certain else self._add("where", condition, value, total)
        return total

    def _function(self, kind: str, operands: list[int]) -> int:
        name = NAMES[kind]
        if name == "polygamma" and self.nodes[operands[0]] == ("number", 0, 1):
            return self._add("digamma", operands[1])
        if name == "lambertw" and len(operands) == 1:
            operands = [*operands, self._number(0)]
        if len(operands) > 1 and name == "log":
            raise KeyError(name)
        return self._add(name, *operands)
