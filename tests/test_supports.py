"""hess --sparse of arrays: against the second derivatives that sympy finds not to be 0."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from cli import gradcli

import gradcli as library
from gradcli.api.hessian import Hessian
from gradcli.language.parser import parse

BAND = "[[1,0,0,0],[2,1,0,0],[0,3,1,0],[0,0,4,1]]"
ROWS = [[1, 0, 0, 0], [2, 1, 0, 0], [0, 3, 1, 0], [0, 0, 4, 1]]

# The text, and the same of a list of four symbols; by every element at 0, where much is 0 that is not so by structure.
VECTORS = [
    ("sum(100*(x[1:]-x[:-1]**2)**2+(1-x[:-1])**2)",
     lambda x: sum(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(3))),
    ("sum(x**3)", lambda x: sum(v**3 for v in x)),
    ("sum(x)**2", lambda x: sum(x) ** 2),
    ("sum(x[::2]*x[1::2])", lambda x: x[0] * x[1] + x[2] * x[3]),
    ("sum(x*flip(x))", lambda x: 2 * x[0] * x[3] + 2 * x[1] * x[2]),
    ("x[0]*sin(x[3]) + x[1]", lambda x: x[0] * sympy.sin(x[3]) + x[1]),
    ("sum([1,0,2,0]*x**3)", lambda x: x[0] ** 3 + 2 * x[2] ** 3),
    ("sum(where([1,0,0,1], x**3, x))", lambda x: x[0] ** 3 + x[3] ** 3 + x[1] + x[2]),
    ("sum(where(not [1,0,0,1], x**3, x))", lambda x: x[1] ** 3 + x[2] ** 3 + x[0] + x[3]),
    (f"sum(({BAND}@x)**2)", lambda x: sum(sum(row[k] * x[k] for k in range(4)) ** 2 for row in ROWS)),
    (f"x@{BAND}@x", lambda x: sum(x[i] * ROWS[i][j] * x[j] for i in range(4) for j in range(4))),
    ("sum(cumsum(x)[:2]**2)", lambda x: x[0] ** 2 + (x[0] + x[1]) ** 2),
    ("sum((x[[3,0]] - 1)**3)", lambda x: (x[3] - 1) ** 3 + (x[0] - 1) ** 3),
    ("sum(reshape(x, 2, 2).T*reshape(x, 2, 2))", lambda x: x[0] ** 2 + 2 * x[1] * x[2] + x[3] ** 2),
    ("sum(concatenate([x[:1], x[2:]], axis=0)**3)", lambda x: x[0] ** 3 + x[2] ** 3 + x[3] ** 3),
    ("sum(logsumexp(reshape(x, 2, 2), axis=0))",
     lambda x: sympy.log(sympy.exp(x[0]) + sympy.exp(x[2])) + sympy.log(sympy.exp(x[1]) + sympy.exp(x[3]))),
    ("sum(outer(x[:2], x[2:])**2)", lambda x: sum(x[i] ** 2 * x[j] ** 2 for i in (0, 1) for j in (2, 3))),
    ("sum((x[1:] - x[:-1])**3*x[0])", lambda x: sum((x[k + 1] - x[k]) ** 3 * x[0] for k in range(3))),
]  # fmt: skip


def wanted(value: sympy.Expr, symbols: list[sympy.Symbol]) -> set[tuple[int, int]]:
    """The places of the second derivatives that are not 0 everywhere."""
    hessian = sympy.hessian(value, symbols)
    size = len(symbols)
    return {(i, j) for i in range(size) for j in range(size) if sympy.expand(hessian[i, j]) != 0}


def printed(text: str, *more: str) -> list[set[tuple[int, int]]]:
    """The places of the lines of each point."""
    done = gradcli("hess", text, "--sparse", *more)
    assert done.status == 0, done.err
    places = [[line.split()[:2] for line in block.splitlines()] for block in done.out.split("\n\n")]
    return [{(int(i), int(j)) for i, j in block} for block in places]


@pytest.mark.parametrize(("text", "same"), VECTORS)
def test_what_is_not_0_by_structure(text: str, same) -> None:
    x = list(sympy.symbols("x:4", real=True))
    assert printed(text, "--at", "x=[0,0,0,0]", "--at", "x=[1,-2,3,0.5]") == [wanted(same(x), x)] * 2


def test_numbers_and_arrays_side_by_side() -> None:
    a, b, c, x0, x1 = symbols = list(sympy.symbols("a b c x:2"))
    (found,) = printed("a*sum(x**2) + b**3 + c", "--at", "a=0,b=0,c=0,x=[0,0]", "--wrt", "a,b,c,x")
    assert found == wanted(a * (x0**2 + x1**2) + b**3 + c, symbols)


def test_a_matrix_and_a_vector() -> None:
    symbols = list(sympy.symbols("w:4 x:2"))
    w, x = np.reshape(symbols[:4], (2, 2)), np.array(symbols[4:])
    (found,) = printed("sum((w@x)**2)", "--at", "w=[[0,0],[0,0]],x=[0,0]")
    assert found == wanted(sum((w @ x) ** 2), symbols)


@pytest.mark.parametrize("size", [20, 250])  # with true numbers, and with plain floats
def test_rosenbrock_of_arrays(size: int) -> None:
    """At the minimum, and at 0, where many a second derivative is 0 by chance."""
    hessian = Hessian(parse("sum(100*(x[1:]-x[:-1]**2)**2+(1-x[:-1])**2)"))
    hessian.structural = True
    for x in (np.ones(size), np.zeros(size)):
        entries = list(hessian.true_at({"x": x}).matrix.entries())
        assert len(entries) == 3 * size - 2
        dense = library.function(hessian.text).hess(x=x)[2]["x"]["x"]
        assert {(i, j): v for i, j, v in entries if v} == {(i, j): dense[i, j] for i, j in np.argwhere(dense)}
