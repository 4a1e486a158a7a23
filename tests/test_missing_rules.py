"""A derivative for which there is no rule is an error with its place and the cure, whoever asks for it."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from cli import gradcli as run

import gradcli
from gradcli import function
from gradcli.errors import ExpressionError

CURE = "differentiate by x alone: --wrt x; or write its a as a number"
TOLD = f"gradcli: no rule gives the derivative of gammainc by its a\n  gammainc(a, x)\n  ^^^^^^^^^^^^^^\n{CURE}\n"
TEXT, AT = "gammainc(a, x)", ("--at", "a=2,x=1")


@pytest.mark.parametrize(
    "words",
    [
        ("grad", TEXT, *AT), ("grad", TEXT, *AT, "--json"), ("grad", TEXT, *AT, "--digits", "20"),
        ("check", TEXT, *AT),
        ("diff", TEXT), ("diff", TEXT, *AT), ("diff", TEXT, "--mixed", "a,x"), ("hess", TEXT, *AT), ("jac", TEXT, *AT),
        ("taylor", TEXT, *AT, "--wrt", "a"), ("graph", TEXT, *AT), ("graph", TEXT, "--gradient"),
        ("explain", TEXT, *AT),
        ("propagate", TEXT, "--at", "a=2±0.1,x=1"), ("grad", TEXT, "--sweep", "a=1:2:3", "--at", "x=1"),
    ],
)  # fmt: skip
def test_every_command(words: tuple[str, ...]) -> None:
    result = run(*words)
    assert (result.status, result.out) == (2, "")
    assert result.err == TOLD


@pytest.mark.parametrize(
    "words",
    [
        ("grad", TEXT, *AT, "--wrt", "x", "--no-check"), ("eval", TEXT, *AT), ("hess", TEXT, *AT, "--wrt", "x"),
        ("check", TEXT, *AT, "--wrt", "x"), ("taylor", TEXT, *AT, "--wrt", "x"), ("diff", TEXT, "--wrt", "x"),
        ("graph", TEXT, *AT, "--wrt", "x"), ("explain", TEXT, *AT, "--wrt", "x"),
        ("grad", "gammainc(2, x)", "--at", "x=1"), ("propagate", TEXT, "--at", "a=2,x=1±0.1", "--trials", "1000"),
        ("minimize", "(gammainc(a, x) - 0.5)**2", "--start", "x=1", "--at", "a=2"),
    ],
)  # fmt: skip
def test_the_cure_cures(words: tuple[str, ...]) -> None:
    assert run(*words).status == 0


def test_where_nothing_else_is_left_the_operand_is_to_be_a_number() -> None:
    result = run("grad", "jv(n, 2*n)", "--at", "n=1")
    assert result.status == 2
    assert result.err.endswith("\nwrite its n as a number\n")
    inside = run("eval", "diff(betainc(x, 2, y), x)", "--at", "x=1,y=0.5")
    assert inside.status == 2
    assert "no rule gives the derivative of betainc by its a" in inside.err


def test_the_library() -> None:
    f = function(TEXT)
    assert f(a=2.0, x=1.0) == pytest.approx(0.26424111765711533, rel=1e-15)
    for call in (
        lambda: f.value_and_grad(a=2.0, x=1.0), lambda: f.evaluate(a=2.0, x=1.0), lambda: f.proven(a=2.0, x=1.0),
        lambda: f.diff("a"), lambda: f.hess(a=2.0, x=1.0), lambda: f.jac(a=2.0, x=1.0),
        lambda: f.map(a=np.ones(3), x=np.ones(3)), lambda: f.taylor(2, "a", a=2.0, x=1.0),
    ):  # fmt: skip
        with pytest.raises(ExpressionError, match="no rule gives the derivative of gammainc by its a") as error:
            call()
        assert error.value.span == (0, len(TEXT))
    assert f.diff("x").text == "x**(a - 1)*exp(-x)/gamma(a)"


def test_tensors_say_it_as_pytorch_does() -> None:
    """PyTorch 2.13 names its own function: igamma."""
    a, x = gradcli.tensor(2.0, requires_grad=True), gradcli.tensor(1.0, requires_grad=True)
    with pytest.raises(NotImplementedError, match=r"^the derivative for 'gammainc: a' is not implemented\.$"):
        gradcli.gammainc(a, x).backward()
    gradcli.gammainc(a.detach(), x).backward()
    assert x.grad.item() == pytest.approx(0.36787944117144233, rel=1e-6)


def test_a_parameter_that_is_rounded_is_bounded() -> None:
    """Its error passes on by differences, as the value moves one way with it: what is printed is true."""
    with mpmath.workdps(30):
        third, seventh = mpmath.mpf(1) / 3, mpmath.mpf(1) / 7
        gamma = mpmath.gammainc(2 * third, 0, 1, regularized=True)
        beta = mpmath.betainc(2 * third, 3 * seventh, 0, 0.5, regularized=True)
    for text, exact in (("gammainc(a/3, 1)", gamma), ("betainc(a/3, 3/7, a/4)", beta)):
        found = run("eval", text, "--at", "a=2", "--plain")
        assert abs(float(found.out) - exact) <= 8 * 2.0**-53 * exact
