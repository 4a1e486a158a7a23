"""From a program that fails to the smallest one that fails in the same way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .programs import Program, arguments, replaced, size, subtrees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .programs import Point, Tree

MOST_TRIES = 600
SIMPLE = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, 3.0)


def shrink(program: Program, point: Point, fails: Callable[[Program, Point], bool]) -> tuple[Program, Point]:
    """Take the first smaller candidate that still fails, until none does."""
    tries = 0
    while True:
        for smaller, at in _candidates(program, point):
            tries += 1
            if tries > MOST_TRIES:
                return program, point
            if fails(smaller, at):
                program, point = smaller, at
                break
        else:
            return program, point


def _candidates(program: Program, point: Point) -> Iterator[tuple[Program, Point]]:
    for k, statement in enumerate(program.statements):
        rest = program.statements[:k] + program.statements[k + 1 :]
        if statement.parameters is None:
            yield program._replace(statements=program.statements[:k], result=statement.tree), point
        yield _inlined(program, k, rest), point
    for smaller in _smaller_trees(program.result):
        yield program._replace(result=smaller), point
    for k, statement in enumerate(program.statements):
        for smaller in _smaller_trees(statement.tree):
            changed = (*program.statements[:k], statement._replace(tree=smaller), *program.statements[k + 1 :])
            yield program._replace(statements=changed), point
    for name, value in point.items():
        for simpler in _simpler(value):
            yield program, {**point, name: simpler}


def _inlined(program: Program, k: int, rest: tuple[Any, ...]) -> Program:
    """Without a statement: its tree stands where its name stood."""
    gone = program.statements[k]

    def inline(tree: Tree) -> Tree:
        if tree == ("ref", gone.name):
            return gone.tree
        of = [inline(child) for child in arguments(tree)]
        if tree[:2] == ("call", gone.name):
            body = gone.tree
            for parameter, value in zip(gone.parameters or (), of, strict=True):
                body = replaced(body, ("var", parameter), value)
            return body
        return (*tree[:2], *of) if of else tree

    return Program(tuple(s._replace(tree=inline(s.tree)) for s in rest), inline(program.result))


def _smaller_trees(tree: Tree) -> Iterator[Tree]:
    """Parts of a tree, and the tree with a part in place of what holds it, or with a leaf in place of a part."""
    yield from sorted((t for t in subtrees(tree) if t != tree and t[0] in ("op", "call", "ref", "var")), key=size)
    for part in dict.fromkeys(subtrees(tree)):
        if part == tree or part[0] == "raw":
            continue
        for child in arguments(part):
            if child[0] != "raw":
                yield replaced(tree, part, child)
        if arguments(part):
            yield replaced(tree, part, ("num", "1"))
        elif part[0] == "num" and part[1] not in ("0", "1", "2"):
            yield replaced(tree, part, ("num", "1"))
            yield replaced(tree, part, ("num", "2"))


def _simpler(value: Any) -> Iterator[Any]:
    if np.ndim(value):
        flat = np.ravel(value)
        for k in range(flat.size):
            for v in _simpler(float(flat[k])):
                changed = flat.copy()
                changed[k] = v
                yield np.reshape(changed, np.shape(value))
        return
    rank = SIMPLE.index(value) if value in SIMPLE and not (value == 0 and math.copysign(1, value) < 0) else len(SIMPLE)
    yield from SIMPLE[:rank]
    if math.isfinite(value) and not float(value).is_integer():
        for digits in (0, 1, 3):
            short = float(f"{value:.{digits}e}")
            if short != value:
                yield short
                break
