"""diff --simplify: shorter and the same function, or the formula stays and a note says why."""

from __future__ import annotations

import json
import math
from array import array

import pytest
from cli import gradcli

import gradcli as library
from gradcli.api.derivative import partials, text_of
from gradcli.core.graph import Graph
from gradcli.core.ops import TABLE
from gradcli.language.parser import parse
from gradcli.witness import simplify
from gradcli.witness.nodes import CHAINS, NAMES


def simplified(text: str, *more: str):
    return gradcli("diff", text, "--simplify", "--json", *more)


FORMS = [
    ("sin(x)**2 + cos(x)**2 + x", "1"), ("exp(x)*exp(y)/exp(x + y)*x", "1"), ("gamma(x + 1)/gamma(x)*0 + x", "1"),
    ("relu(x)*sin(x)**2 + relu(x)*cos(x)**2", "where(x > 0, 1, 0)"), ("0.1*x*3", "0.3"), ("x/3 + 0.1*x*3", "19/30"),
    ("log(exp(x**2))", "2*x"), ("x**2 + 3*x + 1", "3 + 2*x"), ("tanh(x)", "sech(x)**2"), ("ndtr(x)", "norm_pdf(x)"),
    ("(x**2 - 1)/(x - 1)", "1"), ("x*log(x)", "1 + log(x)"), ("sin(x)/x*x", "cos(x)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "derived"), FORMS)
def test_what_it_prints(text: str, derived: str) -> None:
    done = simplified(text, "--wrt", "x")
    assert (done.status, json.loads(done.out)) == (0, {"diff": {"x": derived}}), done.err


@pytest.mark.parametrize(
    "text",
    ["sin(x)**2*y + cos(x)**2*x", "1/(1 + exp(-x))", "gamma(x + 1)/gamma(x)", "log(x*y)*exp(x)**2", "x**3*y/(x + 1)",
     "atan(x/y)*abs(x)", "besselj(1, x)*x if x > 0 else x**2"],
)  # fmt: skip
def test_read_back_it_is_the_same_function(text: str) -> None:
    f = library.function(text)
    for name, derived in json.loads(simplified(text).out)["diff"].items():
        for x, y in ((0.5, 0.25), (-1.5, 2.0), (3.0, -0.75), (0.0, 1.0)):
            at = {"x": x, "y": y}
            wanted = f.proven(**{v: at[v] for v in f.variables}).grad[name]
            g = library.function(derived)
            found = g.proven(**{v: at[v] for v in g.variables}).value
            assert found == wanted or abs(found - wanted) <= 2 * math.ulp(wanted) or wanted != wanted, (derived, at)


def test_what_would_be_another_function_stays_with_a_note() -> None:
    """Where the formula has a value: sqrt(x)**2 has one at 0, and an indeterminate slope."""
    done = gradcli("diff", "sqrt(x)**2", "--simplify")
    assert done.out == gradcli("diff", "sqrt(x)**2").out
    assert done.err == "note: d/dx is not simplified: sympy's form has another value at x = 0\n"


def test_what_takes_too_long_stays_with_a_note(monkeypatch) -> None:
    monkeypatch.setattr(simplify, "SECONDS", 0.05)
    graphs = partials(parse("gamma(x)**sin(x)*exp(x)**2*besselj(2, x)*x**x*y"), ["x", "y"])
    found = simplify.simplified({**graphs, "z": partials(parse("x**2"), ["x"])["x"]}, ["x", "y"])
    assert found["x"][1] == simplify.TOO_LONG
    assert found["x"][0] is graphs["x"]
    assert text_of(found["z"][0]) == "2*x"


def test_arrays_and_long_formulas_are_not_asked_about() -> None:
    whole = parse("sum(x)")
    whole_graph = Graph(whole.nodes, list(whole.results), array("q", range(len(whole.nodes))))
    assert simplify.simplified({"x": whole_graph}, ["x"])["x"] == (whole_graph, simplify.NO_ARRAYS)
    long = partials(parse("+".join(f"sin({k}*x)" for k in range(600))), ["x"])["x"]
    assert simplify.simplified({"x": long}, ["x"])["x"] == (long, simplify.TOO_LARGE)


def test_with_latex_and_mixed_partials() -> None:
    done = gradcli("diff", "sin(x)**2*y + cos(x)**2*y", "--simplify", "--latex", "--mixed", "x,y", "--json")
    assert json.loads(done.out) == {"diff": {"x,y": "0"}}
    assert gradcli("diff", "x**2*y/2/3", "--simplify", "--latex").out.startswith("d/dx   \\frac{x y}{3}\n")


def test_where_it_does_not_belong() -> None:
    done = gradcli("diff", "x**2", "--simplify", "--at", "x=1")
    assert (done.status, done.err) == (2, "gradcli: --simplify is for formulas\nleave the point out\n")


def test_every_name_of_ours_is_an_operation() -> None:
    assert {*NAMES.values(), *CHAINS.values()} <= {name for name, row in TABLE.items() if not row.internal}
