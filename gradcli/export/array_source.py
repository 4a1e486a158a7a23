"""The functions by which the table's rows work on whole arrays, as source text with all that they need.

Every such row says what it does to arrays by a function of NumPy; that function's own source is what is exported.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Op

_KNOWN = {"np", "math", *dir(builtins)}


class Sources:
    """The sources of functions, each once, among the helpers of a module: name to text, in the order of need.

    >>> from gradcli.core.ops import by_name
    >>> found = {}
    >>> Sources(found).function(by_name("transpose")), Sources(found).function(by_name("expand"))
    ('np.transpose', '_array_expand(np')
    >>> print(found["_array_expand"])
    def _array_expand(np, x, like, axis, keepdim):
        axes = axes_of(axis)
        if not keepdim and axes is None:
            x = np.asarray(x).reshape((1,) * np.ndim(like))
        elif not keepdim and np.ndim(like):
            x = np.expand_dims(x, axes)
        return np.broadcast_to(x, np.shape(like))
    """

    def __init__(self, helpers: dict[str, str]) -> None:
        self._helpers = helpers

    def function(self, op: Op) -> str:
        """What calls an operation of the table; with `(np` at its end where np is the first argument."""
        if op.name == "tuple":
            return "tuple"
        if isinstance(op.on_array, str):
            return f"np.{op.on_array}"
        name = f"_array_{op.name}"
        if name not in self._helpers:
            self._add(name, op.on_array)
        return f"{name}(np"

    def _add(self, name: str, function: Any) -> None:
        """The source of a function or class under this name, after what it reads."""
        function = inspect.unwrap(function)  # what is kept here between calls is computed there
        tree = _tree(function)
        self._helpers[name] = ""  # it may call itself
        renamed: dict[str, ast.expr] = {}
        for wanted, (value, is_global) in _read(tree, function).items():
            if callable(value):
                own = wanted if is_global else f"{name}_{wanted}"
                if own not in self._helpers:
                    self._add(own, value)
                renamed[wanted] = ast.Name(own, ast.Load())
            elif not isinstance(value, types.ModuleType):
                renamed[wanted] = ast.Constant(value)
        del self._helpers[name]  # in the order of need
        self._helpers[name] = _text(_Renamed(renamed).visit(tree), name)


class _Renamed(ast.NodeTransformer):
    def __init__(self, renamed: dict[str, ast.expr]) -> None:
        self._renamed = renamed

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """What comes from outside the function."""
        return self._renamed.get(node.id, node) if isinstance(node.ctx, ast.Load) else node


def _read(tree: ast.AST, function: Any) -> dict[str, tuple[Any, bool]]:
    """What a function reads from outside: name to its value, and whether it is a name of the module."""
    if isinstance(function, type):
        return {}
    names = dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id not in _KNOWN)
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    found = {name: (cells[name].cell_contents, False) for name in names if name in cells}
    own = {*found, *function.__code__.co_varnames, *function.__code__.co_cellvars}
    return found | {x: (function.__globals__[x], True) for x in names if x not in own and x in function.__globals__}


def _tree(function: Any) -> Any:
    """The syntax tree of a function, a lambda or a class, without annotations and docstring."""
    if isinstance(function, type):
        return _bare(ast.parse(inspect.getsource(function)).body[0])
    code = function.__code__
    lines = linecache.getlines(code.co_filename)
    whole = ast.parse("".join(lines))
    kind = ast.Lambda if code.co_name == "<lambda>" else ast.FunctionDef
    return _bare(next(node for node in ast.walk(whole) if isinstance(node, kind) and _is_source(node, code)))


def _is_source(node: Any, code: types.CodeType) -> bool:
    """Is it the node that this code was compiled from? Of several lambdas in a line the places tell."""
    if isinstance(node, ast.FunctionDef):
        first = min([node.lineno, *[wrapper.lineno for wrapper in node.decorator_list]])
        return node.name == code.co_name and first == code.co_firstlineno
    if node.lineno != code.co_firstlineno:
        return False
    start, end = (node.body.lineno, node.body.col_offset), (node.body.end_lineno, node.body.end_col_offset)
    places = [place for place in code.co_positions() if None not in place and place[2] != place[3]]
    return all(start <= (a, c) and (b, d) <= end for a, b, c, d in places)


def _bare(tree: Any) -> Any:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.FunctionDef):
            node.returns, node.decorator_list = None, []
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _text(tree: Any, name: str) -> str:
    if isinstance(tree, ast.Lambda):
        tree = ast.FunctionDef(name, tree.args, [ast.Return(tree.body)], [], None, lineno=1)
    tree.name = name
    return ast.unparse(ast.fix_missing_locations(tree))
