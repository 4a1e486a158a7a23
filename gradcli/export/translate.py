"""The functions of `special` as C or JavaScript, statement by statement from their own syntax trees.

What they are written in is little: floats, `math`, if, while, assignments and conditional expressions.

>>> from gradcli.export.special import SPECIAL
>>> print(translated(SPECIAL["bell"], JAVASCRIPT))
function _bell(x) { // exp(-x*x); the rounding of x*x does not count.
  const c = 134217729.0 * x;
  const high = c - (c - x);
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}
"""

from __future__ import annotations

import ast
import inspect
from collections import Counter

from gradcli.export.language import Language
from gradcli.export.special import SPECIAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class Target:
    """How another language writes what differs: a constant, a call, a declaration, the head of a function."""

    def __init__(self, math: dict[str, str], prefix: str, kind: str, once: str, head: str, sign: str) -> None:
        """math: text for what `math.` holds and for abs; prefix: of our own functions; kind, once: what declares a name
        that changes, and one that does not; head: of a function, with its name and parameters; sign: of a parameter."""
        self.math = math
        self.prefix = prefix
        self.kind = kind
        self.once = once
        self.head = head
        self.sign = sign


_SAME = ("exp", "expm1", "log", "sqrt", "sin", "cos", "tan", "pow", "floor", "fmod")
C = Target(
    {
        **{name: name for name in (*_SAME, "copysign")},
        "_erf": "erf", "_erfc": "erfc", "abs": "fabs",
        "inf": "INFINITY", "nan": "NAN", "pi": "3.141592653589793",
    },
    "fn_", "double ", "const double ", "static double {}({})", "double ",
)  # fmt: skip
JAVASCRIPT = Target(
    {
        **{name: f"Math.{name}" for name in _SAME},
        "abs": "Math.abs", "copysign": "_copysign", "inf": "Infinity", "nan": "NaN", "pi": "Math.PI", "fmod": "_fmod",
    },
    "_", "let ", "const ", "function {}({})", "",
)  # fmt: skip


def translated(function: Callable[..., float], target: Target) -> str:
    """The source of a function of `special` in another language."""
    tree = ast.parse(inspect.getsource(function)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    parameters = [argument.arg for argument in tree.args.args]
    head = target.head.format(
        target.prefix + tree.name.removeprefix("_"), ", ".join(target.sign + name for name in parameters)
    )
    told = (ast.get_docstring(tree) or "").splitlines()[0]
    comment = f"/* {told} */" if target is C else f"// {told}"
    return "\n".join([f"{head} {{ {comment}", *_Body(tree, target, parameters).lines(tree.body[1:], 1), "}"])


class Translated(Language):
    """A language that `special` is translated into; target: its statements; helpers: what is written by hand."""

    target: Target
    helpers: Mapping[str, str]

    def helper(self, name: str) -> str:
        """By hand, or translated."""
        return self.helpers.get(name) or (translated(SPECIAL[name], self.target) if name in SPECIAL else "")


class _Body:
    def __init__(self, tree: ast.FunctionDef, target: Target, parameters: list[str]) -> None:
        self.target = target
        self.declared = set(parameters)
        stores = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        self.often = {name for name, count in Counter(stores).items() if count > 1}

    def lines(self, body: list[ast.stmt], depth: int) -> Iterator[str]:
        indent = "  " * depth
        for statement in body:
            if isinstance(statement, ast.If | ast.While):
                word = "if" if isinstance(statement, ast.If) else "while"
                yield f"{indent}{word} ({self.text(statement.test)}) {{"
                outside = set(self.declared)
                yield from self.lines(statement.body, depth + 1)
                self.declared = outside
                yield indent + "}"
            elif isinstance(statement, ast.Return):
                assert statement.value is not None
                yield f"{indent}return {self.text(statement.value)};"
            elif isinstance(statement, ast.AugAssign):
                sign = _SIGNS[type(statement.op)]
                yield f"{indent}{self.text(statement.target)} {sign}= {self.text(statement.value)};"
            else:
                assert isinstance(statement, ast.Assign)
                name = self.text(statement.targets[0])
                kind = "" if name in self.declared else self.target.kind if name in self.often else self.target.once
                self.declared.add(name)
                yield f"{indent}{kind}{name} = {self.text(statement.value)};"

    def text(self, node: ast.expr, least: int = 0) -> str:
        """An expression, in parentheses where it binds less tightly than `least`."""
        precedence, text = self._plain(node)
        return f"({text})" if precedence < least else text

    def _plain(self, node: ast.expr) -> tuple[int, str]:
        if isinstance(node, ast.Constant):
            return 9, repr(node.value)
        if isinstance(node, ast.Name):
            own = self.target.prefix + node.id[1:] if node.id.startswith("_") else node.id
            return 9, self.target.math.get(node.id, own)
        if isinstance(node, ast.Attribute):
            return 9, self.target.math[node.attr]
        if isinstance(node, ast.Call):
            name = self.target.math["abs"] if getattr(node.func, "id", "") == "abs" else self.text(node.func)
            return 9, f"{name}({', '.join(map(self.text, node.args))})"
        if isinstance(node, ast.BinOp):
            level = 6 if isinstance(node.op, ast.Add | ast.Sub) else 7
            return level, f"{self.text(node.left, level)} {_SIGNS[type(node.op)]} {self.text(node.right, level + 1)}"
        if isinstance(node, ast.UnaryOp):
            return (8, f"!({self.text(node.operand)})") if isinstance(node.op, ast.Not) else (
                8, f"-{self.text(node.operand, 8)}"
            )  # fmt: skip
        if isinstance(node, ast.Compare):
            return 4, f"{self.text(node.left, 5)} {_SIGNS[type(node.ops[0])]} {self.text(node.comparators[0], 5)}"
        if isinstance(node, ast.BoolOp):
            return 2, f" {_SIGNS[type(node.op)]} ".join(self.text(value, 3) for value in node.values)
        assert isinstance(node, ast.IfExp)
        return 1, f"{self.text(node.test, 2)} ? {self.text(node.body, 2)} : {self.text(node.orelse, 2)}"


_SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.And: "&&", ast.Or: "||",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
