"""Taylor series: every row against mpmath's own differentiation, formulas of others, edges, and the command."""

from __future__ import annotations

import json
import math
import sys
from functools import partial
from pathlib import Path

import mpmath
import pytest
from cli import gradcli
from helpers import data
from mpmath import mp, mpf

from gradcli import function
from gradcli.api.taylor import taylor_of
from gradcli.core.graph import CONSTANT, CONSTANTS, NUMBER, VARIABLE
from gradcli.core.op import DISCRETE, MISSING
from gradcli.domains.floats import SAFE
from gradcli.domains.series import Broken, TaylorSeries
from gradcli.errors import ExpressionError, NoSeriesError, UsageError
from gradcli.language.parser import parse

sys.path.insert(0, str(Path(__file__).parent / "ops"))
from op_reference import REFERENCE, TABLE, count, grid, smooth

SLOW = ("kv", "yv", "y0", "y1", "k0", "k1")  # seconds for a derivative in mpmath
ROWS = [
    name
    for name, row in TABLE.items()
    if not row.decides and row.vjp != (DISCRETE,) and name != "detach" and name not in SLOW
]
REAL = {"pi": lambda: +mp.pi, "π": lambda: +mp.pi, "tau": lambda: 2 * mp.pi, "e": lambda: +mp.e}


def close(ours: float, true: mpf, scale: float = 0.0) -> bool:
    nearest = float(true)
    return abs(mpf(ours) - true) <= 1.01 * math.ulp(nearest) or abs(true) < scale


@pytest.mark.parametrize("name", ROWS)
def test_every_row_is_mpmaths_series(name: str) -> None:
    """In each argument that has a rule, at an ordinary point."""
    row, n = TABLE[name], count(TABLE[name])
    fixed = 1 if row.signature.startswith("n,") else row.vjp.count(MISSING)
    points = [
        p
        for p in grid(row)
        if smooth(row, p) and all(0.09 < abs(x) < 6 for x in p[fixed : 1 if name == "lambertw" else n])
    ]
    names = [f"x{k}" for k in range(n)]
    point = next(p for p in points if row.name not in ("pow", "root", "lambertw") or (p[0] > 0 and p[-1] >= 0))
    for k in range(fixed, n):
        if not callable(row.vjp[min(k, len(row.vjp) - 1)]) or (name == "where" and k == 0):
            continue
        text = f"{name}({', '.join(names)})" if not row.symbol else None
        if text is None or row.internal:
            continue
        for literal, at in zip(names[:fixed], point, strict=False):
            text = text.replace(literal, repr(at))
        program = parse(text)
        found = taylor_of(
            program, names[k], 4, {x: v for x, v in zip(names, point, strict=True) if x in program.variables}
        )
        with mp.workdps(90):
            exact = [mpf(x) for x in point]

            def along(t, k=k, exact=exact):
                return REFERENCE[name](*exact[:k], t, *exact[k + 1 :])

            true = [mpmath.diff(along, exact[k], i) / mpmath.factorial(i) for i in range(5)]
            for ours, wanted in zip(found, true, strict=True):
                assert close(ours, wanted, 1e-18), (point, k, found, [float(t) for t in true])


def value_of(program, at):
    """A program on mpmath's numbers, node by node."""
    values = []
    for node in program.nodes:
        if node[0] is VARIABLE:
            values.append(at[node[1]])
        elif node[0] is NUMBER:
            values.append(mpf(node[1]))
        elif node[0] is CONSTANT:
            values.append(REAL[node[1]]() if node[1] in REAL else mpf(CONSTANTS[node[1]]))
        else:
            values.append(REFERENCE[node[0].name](*[values[k] for k in node[1:]]))
    return values[program.results[0]]


def moved(program, at, x, t):
    """The program's value with another number for one variable."""
    return value_of(program, {**at, x: t})


def test_formulas_that_other_people_wrote() -> None:
    """Third-order coefficients in the first variable, against mpmath at 40 digits and more."""
    tried = 0
    for item in data("formulas.jsonl"):
        program = parse(item["expr"])
        at = {x: float(v) for x, v in item["points"][0]["at"].items()}
        x = item["variables"][0]
        try:
            found = taylor_of(program, x, 3, at)
        except NoSeriesError:
            continue
        with mp.workdps(120):
            exact = {name: mpf(v) for name, v in at.items()}
            step = mpf(10) ** -25 * (abs(exact[x]) or 1)
            for k, ours in enumerate(found):
                along = partial(moved, program, exact, x)
                true = mpmath.diff(along, exact[x], k, h=step) / mpmath.factorial(k)
                error = abs(mpf(ours) - true)
                assert error <= 1.01 * math.ulp(float(true)) or error < abs(true) * mpf(10) ** -15, (item["id"], k)
                tried += 1
    assert tried > 400


KNOWN = [
    ("exp(x)", {"x": 0.0}, [1 / math.factorial(k) for k in range(9)]),
    ("1/(1 - x)", {"x": 0.0}, [1.0] * 9),
    ("sin(x)**2 + cos(x)**2", {"x": 0.3}, [1.0] + [0.0] * 8),
    ("x**2", {"x": 3.0}, [9.0, 6.0, 1.0] + [0.0] * 6),
    ("where(x > 0, log(x), x)", {"x": -1.0}, [-1.0, 1.0] + [0.0] * 7),
    ("log1p(x) - x", {"x": 1e-9}, None),
    ("max(x, -x**2)", {"x": 2.0}, [2.0, 1.0] + [0.0] * 7),
    ("abs(x)*x", {"x": -2.0}, [-4.0, 4.0, -1.0] + [0.0] * 6),
    ("clamp(x, 0, 1)", {"x": 0.5}, [0.5, 1.0] + [0.0] * 7),
    ("floor(x)*x", {"x": 2.5}, [5.0, 2.0] + [0.0] * 7),
]


@pytest.mark.parametrize(("text", "at", "wanted"), KNOWN)
def test_series_that_people_know(text, at, wanted) -> None:
    found = function(text).taylor(8, **at)
    if wanted is None:
        assert found[0] == pytest.approx(-4.999999996666667e-19, rel=1e-15)
        return
    assert found == pytest.approx(wanted, rel=2.3e-16, abs=0)


def test_a_long_series_of_the_gamma_function() -> None:
    """The coefficients of 1 + euler... about 1 are zetas: DLMF 5.7.3."""
    found = function("lgamma(x)").taylor(25, x=1)
    assert found[0] == 0.0
    assert found[1] == -0.5772156649015329
    assert found[2:] == [pytest.approx(float((-1) ** k * mpmath.zeta(k) / k), rel=2.3e-16) for k in range(2, 26)]


@pytest.mark.parametrize(
    ("text", "x", "said"),
    [
        ("abs(x)", 0.0, "abs has a kink"), ("x + floor(x)", 2.0, "floor jumps"), ("log(x)", 0.0, "log has an infinite"),
        ("1/x", 0.0, "div has no finite value"), ("x if x < 1 else 2", 1.0, "lt is decided at equality"),
        ("max(x, 1)", 1.0, "max has a kink"), ("sqrt(x)", 0.0, "sqrt has an infinite"), ("log(x)", -1.0, "no value"),
        ("relu(x)", 0.0, "relu has a kink"), ("abs(sin(pi*x))", 1.0, "not decided"), ("gamma(x)", -1.0, "gamma has an"),
        ("where(x, 1, 2)", 0.0, "a condition is 0"),
    ],
)  # fmt: skip
def test_where_there_is_no_series(text: str, x: float, said: str) -> None:
    with pytest.raises(NoSeriesError, match=said):
        function(text).taylor(3, x=x)


def test_what_is_not_asked_of_numbers() -> None:
    for call in (
        lambda: function("sum(x)").taylor(2, x=[1.0, 2.0]),
        lambda: function("x*y").taylor(2, x=1.0, y=2.0),
        lambda: function("x*y").taylor(2, "z", x=1.0, y=2.0),
        lambda: function("x").taylor(-1, x=1.0),
        lambda: function("x").taylor(10**6, x=1.0),
        lambda: function("x, x").taylor(2, x=1.0),
    ):
        with pytest.raises((UsageError, ExpressionError)):
            call()
    assert function("x*y").taylor(2, "y", x=3.0, y=2.0) == [6.0, 3.0, 0.0]


def test_series_of_floats() -> None:
    """The same code over plain floats."""
    domain = TaylorSeries(SAFE, float, lambda c: c.hex())
    x = [0.5, 1.0]
    for name, order in (("exp", 6), ("sin", 6), ("tanh", 5), ("gamma", 4), ("erf", 5), ("sqrt", 5), ("log", 5)):
        found = domain.apply(TABLE[name], [x], order)
        with mp.workdps(40):
            assert found == pytest.approx([float(c) for c in mpmath.taylor(REFERENCE[name], 0.5, order)], rel=1e-13)
    assert isinstance(domain.apply(TABLE["abs"], [[0.0, 1.0]], 3), Broken)


def test_what_float64_cannot_hold_has_a_note() -> None:
    done = gradcli("taylor", "1/x", "--at", "x=1e-200", "--order", "3")
    assert done.err == "note: coefficient 1 is beyond float64: -inf (2 more are so)\n  1/x\n  ^^^\n"
    (note,) = json.loads(gradcli("taylor", "exp(x)", "--at", "x=0", "--order", "180", "--json").out)["notes"]
    told = "coefficient 178 is too small for float64: 0 (2 more are so)"
    assert note == {"kind": "underflow", "op": "exp", "at": [0, 6], "message": told}
    assert gradcli("taylor", "1/x", "--at", "x=1e-200", "--order", "3", "--quiet").err == ""
    assert gradcli("taylor", "1/x", "--at", "x=1e-200", "--digits", "5").err == ""


def test_the_command() -> None:
    line = json.loads(gradcli("taylor", "exp(x)", "--at", "x=0", "--order", "3", "--json").out)
    assert line == {
        "at": {"x": 0.0}, "wrt": "x", "coefficients": [1.0, 1.0, 0.5, 0.16666666666666666],
        "polynomial": "1 + x + 0.5*x**2 + 0.16666666666666666*x**3",
    }  # fmt: skip
    assert len(json.loads(gradcli("taylor", "exp(x)", "--at", "x=0", "--json").out)["coefficients"]) == 9
    several = gradcli("taylor", "abs(x)", "--sweep", "x=-1:1:3", "--order", "2", "--json")
    assert several.status == 1
    assert [json.loads(one)["polynomial"] for one in several.out.splitlines()] == ["1 - (x + 1)", "1 + (x - 1)"]
    assert "abs has a kink" in several.err
    assert "x=0" in several.err
    digits = json.loads(
        gradcli("taylor", "x**y", "--at", "x=2,y=1/3", "--wrt", "x", "--order", "1", "--digits", "20", "--json").out
    )
    assert digits["coefficients"] == ["1.2599210498948731648", "0.20998684164914552746"]
    assert digits["at"] == {"x": "2", "y": "0.33333333333333333333"}
    table = gradcli("taylor", "x**2", "--at", "x=-1", "--order", "2").out
    assert table.splitlines()[-1] == "1 - 2*(x + 1) + (x + 1)**2"
    for words in (["x*y", "--at", "x=1,y=2"], ["x", "--at", "x=1", "--csv"], ["x", "--at", "x=1", "--order", "2000"]):
        assert gradcli("taylor", *words).status == 2


def test_the_polynomial_is_a_formula_of_the_language() -> None:
    line = json.loads(gradcli("taylor", "sin(x)", "--at", "x=-0.5", "--order", "5", "--json").out)
    assert function(line["polynomial"])(x=-0.4) == pytest.approx(math.sin(-0.4), abs=1e-8)


def test_the_series_of_order_0_is_the_value():
    result = gradcli("taylor", "exp(x)", "--at", "x=2", "--order", "0", "--json")
    assert json.loads(result.out)["coefficients"] == [math.exp(2)]


@pytest.mark.parametrize("more", [[], ["--digits", "12"]])
def test_an_array_has_no_series(more):
    result = gradcli("taylor", "x**2", "--at", "x=[1, 2]", *more)
    assert (result.status, result.out) == (2, "")
    assert "a Taylor series is of one number" in result.err
