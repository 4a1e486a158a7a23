"""`grad --along`: the directional derivative, in every form and where conventions give the partials."""

from __future__ import annotations

import json

import pytest
from cli import gradcli


def along(*words: str) -> object:
    return json.loads(gradcli("grad", *words, "--json").out)["along"]


@pytest.mark.parametrize(
    ("text", "at", "direction", "wanted"),
    [
        ("x*y", "x=1,y=2", "x=1,y=2", 4.0), ("x*y", "x=1,y=2", "y=1,x=0", 1.0), ("sin(x)", "x=0", "x=1/4", 0.25),
        ("abs(x)*y", "x=0,y=2", "x=1,y=2", 0.0), ("max(x, y)", "x=1,y=1", "x=1,y=0", 0.5),
        ("sum(x*x)*y", "x=[1,2],y=2", "x=[1,1],y=0", 12.0), ("sum(x)", "x=[1,2]", "x=3", 6.0),
        ("log(x) - y", "x=-1,y=1", "x=1,y=1", "NaN"), ("sqrt(x)", "x=0", "x=1", "Infinity"),
        ("1e16*x*y + y - 1e16*x*y", "x=3,y=1", "x=1,y=1/3", 0.3333333333333333),
        ("sqrt(x) + y", "x=0,y=1", "x=0,y=2", 2.0),
    ],
)  # fmt: skip
def test_the_derivative_along_a_vector(text: str, at: str, direction: str, wanted: object) -> None:
    assert along(text, "--at", at, "--along", direction) == wanted


def test_it_is_true_where_the_partials_cancel_in_it() -> None:
    """1e16*(x - y) + x in the direction (1, 1): the sum of the rounded partials would lose the 1."""
    assert along("exp(1e3*(x - y)) + x/3", "--at", "x=0.1,y=0.1", "--along", "x=1,y=1") == 1 / 3


def test_in_digits() -> None:
    assert along("sin(x)*y", "--at", "x=1,y=2", "--along", "x=1,y=1/3", "--digits", "20") == "1.3610949400055782704"
    assert along("abs(x)*y", "--at", "x=0,y=2", "--along", "x=1,y=1", "--digits", "9") == "0"
    assert along("max(x, y)", "--at", "x=1,y=1", "--along", "x=1,y=3", "--digits", "3") == "2.00"


def test_the_other_forms() -> None:
    words = ["x*y", "--at", "x=1,y=2", "--along", "x=1,y=2"]
    assert gradcli("grad", *words, "--csv").out == "x,y,value,d/dx,d/dy,along\n1.0,2.0,2.0,2.0,1.0,4.0\n"
    assert "along   4" in gradcli("grad", *words, "--no-check").out
    assert gradcli("grad", *words, "--plain").status == 2
    assert gradcli("grad", *words, "--accumulate").status == 2
    sweep = gradcli("grad", "x**2", "--sweep", "x=0:1:2", "--along", "x=1", "--csv")
    assert [line.rpartition(",")[2] for line in sweep.out.splitlines()] == ["along", "0.0", "2.0"]


def test_by_some_of_the_variables() -> None:
    assert along("x*y", "--at", "x=1,y=2", "--wrt", "x", "--along", "x=3") == 6.0
