"""Random programs as trees: how they are written as text, and what smaller trees there are.

A node is a tuple: `("num", text)`, `("var", name)`, `("ref", name)`, `("raw", text)` for what is no number
(None, a slice, a shape), `("op", row, *arguments)` or `("call", function, *arguments)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.core.ops import TABLE
from gradcli.language.names import parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

Tree = tuple[Any, ...]
Point = dict[str, Any]


class Statement(NamedTuple):
    """An assignment, or with parameters the definition of a function."""

    name: str
    parameters: tuple[str, ...] | None
    tree: Tree


class Program(NamedTuple):
    """Statements and the tree of the result."""

    statements: tuple[Statement, ...]
    result: Tree

    def text(self) -> str:
        """The program in gradcli's language."""
        lines = []
        for s in self.statements:
            head = s.name if s.parameters is None else f"{s.name}({', '.join(s.parameters)})"
            lines.append(f"{head} = {written(s.tree)}")
        return "; ".join([*lines, written(self.result)])

    def size(self) -> int:
        """How many nodes it has; a statement counts for one."""
        return sum(map(size, (self.result, *(s.tree for s in self.statements)))) + len(self.statements)


def arguments(tree: Tree) -> tuple[Any, ...]:
    """The subtrees."""
    return tree[2:] if tree[0] in ("op", "call") else ()


def size(tree: Tree) -> int:
    """How many nodes a tree has."""
    return 1 + sum(map(size, arguments(tree)))


def subtrees(tree: Tree) -> Iterator[Tree]:
    """The tree and all trees in it."""
    yield tree
    for child in arguments(tree):
        yield from subtrees(child)


def replaced(tree: Tree, old: Tree, new: Tree) -> Tree:
    """The tree with `new` wherever `old` stands."""
    if tree == old:
        return new
    if not arguments(tree):
        return tree
    return (*tree[:2], *[replaced(child, old, new) for child in arguments(tree)])


def rows(program: Program) -> set[str]:
    """The names of the rows that a program has."""
    trees = (program.result, *(s.tree for s in program.statements))
    return {t[1] for tree in trees for t in subtrees(tree) if t[0] == "op"}


def written(tree: Tree) -> str:
    """A tree as text: operators in brackets, everything else as a call by place."""
    kind, name = tree[0], tree[1]
    if kind in ("num", "var", "ref", "raw"):
        return f"({name})" if name.startswith("-") else name
    of = [written(child) for child in arguments(tree)]
    if kind == "call":
        return f"{name}({', '.join(of)})"
    row = TABLE[name]
    if name == "array":
        return f"[{', '.join(of)}]"
    if name == "index":
        return f"({of[0]})[{', '.join(of[1:])}]"
    if name == "where" and size(tree) % 2:
        return f"({of[1]} if {of[0]} else {of[2]})"
    if row.signature == "axis, *x":
        return f"{name}([{', '.join(of[1:])}], {of[0]})"
    if row.symbol and len(of) == 2:
        return f"({of[0]} {row.symbol} {of[1]})"
    if row.symbol:
        return f"({row.symbol} {of[0]})"
    if row.whole and "*" not in row.signature:  # by name: by place some are another row
        of = [v if p.default is None else f"{p.name}={v}" for p, v in zip(parameters(row), of, strict=False)]
    return f"{name}({', '.join(of)})"
