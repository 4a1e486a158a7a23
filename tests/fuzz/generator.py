"""Random programs and points. Everything is drawn from the table of operations: a new row is in by itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.core.ops import TABLE
from gradcli.domains.array_tape import call
from gradcli.language.names import parameters

from .programs import Program, Statement, arguments, replaced, size, subtrees

if TYPE_CHECKING:
    from random import Random

    from gradcli.core.op import Op

    from .programs import Point, Tree


def is_public(row: Op) -> bool:
    """Is it there for people, and not for the rules alone?"""
    return not row.internal


SCALAR = [row for row in TABLE.values() if not row.whole and is_public(row)]
WHOLE = [row for row in TABLE.values() if row.whole and is_public(row)]
# Where something is chosen, or a step is; and what carries slopes past it.
CHOICES = [row for row in SCALAR if row.active or row.decides or row.kink or row.jump]
ARITHMETIC = [row for row in SCALAR if row.symbol and not row.decides]
SMOOTH = [row for row in SCALAR if not row.decides and not row.jump]

LITERALS = ["0", "1", "2", "-1", "0.5", "3", "-2", "0.1", "0.3", "10", "1e-5", "pi", "e", "100"]
RARE_LITERALS = ["1e300", "1e-300", "5e-324", "inf", "nan", "1e-400", "1e400", "-0.0", "40", "-37", "1e16"]

KINKS = [0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, 1.5]
EDGES = [-0.0, 5e-324, -5e-324, 2.2e-308, 1e-300, -1e-160, 1e200, -1e300, 1.7e308, math.inf, -math.inf, math.nan]
FAR = [40.0, -40.0, 50.0, -37.0, 26.8, 27.0, 745.0, -800.0, 1e-17, 1.0000000001, -0.504083008264455, 1e16, 170.0]


def literal(rng: Random) -> Tree:
    """A number as it is typed."""
    return ("num", rng.choice(LITERALS if rng.random() < 0.9 else RARE_LITERALS))


def coordinate(rng: Random) -> float:
    """A value of a variable: kinks, edges, far out, and ordinary numbers of all sizes."""
    which = rng.random()
    if which < 0.4:
        return rng.choice(KINKS)
    if which < 0.5:
        return rng.choice(EDGES)
    if which < 0.6:
        return rng.choice(FAR)
    if which < 0.8:
        return rng.uniform(-3.0, 3.0)
    return math.copysign(10.0 ** rng.uniform(-20.0, 4.0), rng.random() - 0.3)


def point(rng: Random, shapes: dict[str, tuple[int, ...]]) -> Point:
    """A value for each variable. Now and then they are all the same number: ties."""
    tie = coordinate(rng) if rng.random() < 0.2 else None
    found: Point = {}
    for name, shape in shapes.items():
        count = math.prod(shape)
        values = [coordinate(rng) if tie is None else tie for _ in range(count)]
        found[name] = np.reshape(values, shape) if shape else values[0]
    return found


def scalar_program(rng: Random) -> Program:
    """A program on numbers, of 1 to 7 operations. What an operation has no rule for is a literal."""
    names = ["x", "y", "z"][: rng.choice((1, 1, 1, 2, 2, 3))]
    pool: list[Tree] = [("var", name) for name in names]
    for _ in range(rng.choice((1, 2, 2, 3, 3, 4, 5, 7))):
        draw = rng.random()
        row = rng.choice(CHOICES if draw < 0.3 else ARITHMETIC if draw < 0.5 else SMOOTH)
        chosen = [literal(rng) if k in row.missing else _operand(rng, pool) for k in range(_count(rng, row))]
        pool.append(("op", row.name, *chosen))
    return _with_statements(rng, pool[-1], names)


def _operand(rng: Random, pool: list[Tree]) -> Tree:
    if rng.random() < 0.2:
        return literal(rng)
    return pool[-1] if rng.random() < 0.5 else rng.choice(pool)


def _count(rng: Random, row: Op) -> int:
    """With how many arguments a row is called."""
    if row.variadic:
        return rng.choice((2, 2, 3))
    required = sum(p.default is None for p in parameters(row))
    return rng.randint(required, len(parameters(row)))


def _with_statements(rng: Random, tree: Tree, names: list[str]) -> Program:
    """Subtrees become assignments, where they stand several times most of all, or functions."""
    statements: list[Statement] = []
    inner = [t for t in dict.fromkeys(subtrees(tree)) if t[0] == "op"]
    for t in sorted(inner, key=size):
        uses = sum(s == t for s in subtrees(tree))
        if t != tree and rng.random() < (0.7 if uses > 1 else 0.1):
            name = "abcdgh"[len(statements) % 6] + ("" if len(statements) < 6 else str(len(statements)))
            if rng.random() < 0.25 and all(s[0] != "ref" for s in subtrees(t)):
                body, taken = t, [n for n in names if any(s == ("var", n) for s in subtrees(t))]
                for k, n in enumerate(taken):
                    body = replaced(body, ("var", n), ("var", f"u{k}"))
                if not taken:
                    continue
                statements.append(Statement(name, tuple(f"u{k}" for k in range(len(taken))), body))
                tree = replaced(tree, t, ("call", name, *[("var", n) for n in taken]))
            elif all(s[0] != "raw" for s in (t,)):
                statements.append(Statement(name, None, t))
                tree = replaced(tree, t, ("ref", name))
                inner = [replaced(s, t, ("ref", name)) for s in inner]
    # What was bound after it may hold a subtree that is bound: bodies say it by name.
    for k, s in enumerate(statements):
        body = s.tree
        for earlier in statements[:k]:
            if earlier.parameters is None and s.parameters is None:
                body = replaced(body, earlier.tree, ("ref", earlier.name))
        statements[k] = s._replace(tree=body)
    return Program(tuple(statements), tree)


# -- arrays

SHAPES = [(3,), (3,), (2,), (2, 2), (2, 2), (3, 2), (1, 3), (4,), (2, 1, 2)]
AXES = ["None", "0", "0", "1", "-1", "-2"]


def array_program(rng: Random) -> tuple[Program, dict[str, tuple[int, ...]]]:
    """A program on arrays whose result is one number, and the shapes of its variables."""
    shapes = {name: rng.choice(SHAPES) for name in ("x", "w")[: rng.choice((1, 1, 2))]}
    if rng.random() < 0.5:
        shapes["y"] = ()
    pool = [(("var", name), np.reshape(_sample(rng, math.prod(shape)), shape)) for name, shape in shapes.items()]
    whole = 0
    while whole < rng.choice((1, 2, 3)):
        made = _array_step(rng, pool)
        if made is not None:
            pool.append(made)
            whole += TABLE[made[0][1]].whole
    tree, value = pool[-1]
    if np.ndim(value) or np.asarray(value).dtype.kind == "b":
        tree = ("op", "sum", _weighted(rng, tree, value))
    return _with_statements(rng, tree, list(shapes)), shapes


def _sample(rng: Random, count: int) -> list[float]:
    return [rng.uniform(0.1, 2.0) for _ in range(count)]


def _weighted(rng: Random, tree: Tree, value: Any) -> Tree:
    """Different weights for the elements, so that their slopes do not cancel in the sum; or one element alone."""
    if np.ndim(value) == 1 and 0 < np.size(value) < 5 and rng.random() < 0.6:
        if rng.random() < 0.5:
            return ("op", "index", tree, ("raw", str(rng.randrange(np.size(value)))))
        return ("op", "mul", tree, ("op", "array", *[("num", str(k + 1)) for k in range(np.size(value))]))
    return tree


def _array_step(rng: Random, pool: list[tuple[Tree, Any]]) -> tuple[Tree, Any] | None:
    """One operation whose arguments fit, with its value at a sample; None where no draw fitted."""
    row = rng.choice(WHOLE if rng.random() < 0.65 else SCALAR)
    for _ in range(12):
        chosen = _array_arguments(rng, row, pool)
        values = [value for _, value in chosen]
        if row.whole and not any(isinstance(v, np.ndarray) for v in values):
            continue
        try:
            value = call(row, values)
        except (ValueError, ArithmeticError, NotImplementedError, IndexError, TypeError):
            continue
        if np.size(value) and np.size(value) <= 12:
            return ("op", row.name, *[tree for tree, _ in chosen]), value
    return None


def _array_arguments(rng: Random, row: Op, pool: list[tuple[Tree, Any]]) -> list[tuple[Tree, Any]]:
    """An argument for each parameter, by its name where it is no array; defaults written out."""
    found: list[tuple[Tree, Any]] = []
    for k, p in enumerate(parameters(row)):
        if k in row.missing:
            found.append(_array_literal(rng))
        elif p.name.startswith("*"):
            found += [_array_argument(rng, p.name, pool) for _ in range(rng.choice((1, 2, 2)))]
        else:
            found.append(_array_argument(rng, p.name, pool))
    return found


def _array_argument(rng: Random, name: str, pool: list[tuple[Tree, Any]]) -> tuple[Tree, Any]:
    number = {
        "axis": AXES, "axis0": ["0", "1"], "axis1": ["0", "1", "-1"], "keepdim": ["0", "1"], "k": ["0", "0", "1", "-1"],
        "correction": ["1", "0", "0.5"], "p": ["1", "2", "3", "0.5", "inf"], "start_dim": ["0"], "end_dim": ["-1", "1"],
        "*shape": ["2", "3", "-1", "4", "1"], "*axes": ["0", "1"], "*index": ["0", "1", "-1"], "target": ["0", "1"],
    }.get(name)  # fmt: skip
    if number is not None and (name not in ("p", "correction", "target", "*index") or rng.random() < 0.7):
        text = rng.choice(number)
        return ("raw" if text == "None" else "num", text), None if text == "None" else float(text)
    if name == "*index" and rng.random() < 0.7:
        text, value = rng.choice((("1:", slice(1, None)), (":-1", slice(None, -1)), (":", slice(None)), ("...", ...)))
        return ("raw", text), value
    if rng.random() < 0.1:
        return _array_literal(rng)
    if rng.random() < 0.12:
        values = [rng.choice(KINKS) for _ in range(3)]
        return ("op", "array", *[("num", repr(v)) for v in values]), np.array(values)
    return pool[-1] if rng.random() < 0.5 else rng.choice(pool)


__all__ = ["arguments", "array_program", "is_public", "point", "scalar_program"]


def _array_literal(rng: Random) -> tuple[Tree, Any]:
    tree = literal(rng)
    return tree, np.float64({"pi": "3.14", "e": "2.7"}.get(tree[1], tree[1]))
