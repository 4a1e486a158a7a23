"""Derivatives as formulas: they read back to the same function, and look as a person would write them."""

from __future__ import annotations

import json
import math
import pickle
import tracemalloc
from collections.abc import Iterator

import pytest
from cli import gradcli
from helpers import data

import gradcli as library
from gradcli.api.derivative import partials
from gradcli.api.hessian import Hessian
from gradcli.core.op import Op
from gradcli.language.parser import parse


def differences(text: str, at: dict[str, float], second: bool = True) -> Iterator[tuple[str, float]]:
    """Each derivative of a formula, and how far its text is from what grad and hess say, in ulp: proven numbers."""
    f = library.function(text)
    grad = f.proven(**at).grad
    for x, derived in f.diff().items():
        yield derived.text, ulps(derived.proven(**at).value, grad[x])
    if second:
        hess = Hessian(parse(text)).true_at(at).matrix.nested()
        for x in f.variables:
            for w in f.variables:
                derived = f.diff(x, w)
                yield derived.text, ulps(derived.proven(**at).value, hess[x][w]) - 8  # hess may be off by 8


def ulps(ours: float, theirs: float) -> float:
    return 0.0 if ours == theirs or (ours != ours and theirs != theirs) else abs(ours - theirs) / math.ulp(theirs)


def test_formulas_of_others_read_back() -> None:
    """All 107, with mixed seconds; these at every point were run once."""
    items = data("formulas.jsonl")
    for item in items:
        for text, off in differences(item["expr"], item["points"][0]["at"]):
            assert off <= 2, (item["id"], text)
    assert len(items) == 107


@pytest.mark.parametrize(
    ("text", "derived"),
    [
        ("x**2 + 3*x + 1", "3 + 2*x"),
        ("x*x*x", "3*x**2"),
        ("x**3/3", "x**2"),
        ("-x", "-1"),
        ("x*sin(x)", "sin(x) + x*cos(x)"),
        ("log(x)", "1/x"),
        ("sqrt(x)", "1/(2*sqrt(x))"),
        ("1/x", "-1/x**2"),
        ("x**-2", "-2/x**3"),
        ("x**2.5", "5*x**1.5/2"),
        ("exp(-x**2/2)", "-x*exp(-x**2/2)"),
        ("1/(1 + exp(-x))", "exp(-x)/(1 + exp(-x))**2"),
        ("tanh(x)", "sech(x)**2"),
        ("abs(x)", "sign(x)"),
        ("relu(x)", "where(x > 0, 1, 0)"),
        ("x if x > 0 else -x", "where(x > 0, 1, -1)"),
        ("where(x > 0, sqrt(x), 0)", "where(x > 0, 1/(2*sqrt(x)), 0)"),
        ("x - x + x", "1"),
        ("(x + 1)**2 - (x + 1)**2", "0"),
        ("asinh(x)", "1/hypot(1, x)"),
        ("erf(x)", "2*exp(-x**2)/sqrt(pi)"),
        ("sinc(x)", "where(x != 0, (cos(pi*x) - sinc(x))/x, 0)"),
        ("where(y > 0, x*(y - x/2), 0)", "where(y > 0, y - x, 0)"),
        ("where(x > 0, where(x > 0, x**2, 3), -where(x > 0, 1, x))", "where(x > 0, 2*x, -1)"),
    ],
)
def test_how_they_look(text: str, derived: str) -> None:
    assert library.function(text).diff("x").text == derived


KINKS = [
    "abs(x)*x", "relu(x)**2", "max(x, 0.5)*x", "clamp(x, 0, 1)*x", "hypot(x, x)", "sqrt(abs(x))", "x**1.5", "x**0.5",
    "leaky_relu(x)", "elu(x)", "where(x > 0, x**2, -x)", "x % 1", "floor(x)*x", "sign(x)*x", "sinc(x)", "atan2(x, x)",
    "xlogy(x, x)", "x**x", "min(x, x**2)", "softsign(x)", "gelu(x)", "asin(x)", "acos(x)", "atanh(x)", "log1p(x)",
    "logaddexp(x, 1)", "erfinv(x)", "ndtr(x)", "gamma(x + 1)", "log(x**2 + 1, 3)", "heaviside(x, 0.5)*x", "cbrt(x)",
]  # fmt: skip


@pytest.mark.parametrize("text", KINKS)
def test_the_conventions_are_kept(text: str) -> None:
    f = library.function(text)
    for x in (0.0, 1.0, -0.25, 0.75):
        value, grad = f.value_and_grad(x=x)
        if value == value:
            ours, theirs = f.diff("x")(x=x), grad["x"]
            assert ours == pytest.approx(theirs, rel=1e-13, nan_ok=True), (x, f.diff("x").text)


def test_operations_that_people_cannot_write_are_not_printed() -> None:
    for text in KINKS:
        parsed = parse(library.function(text).diff("x", "x").text)
        ops: list[Op] = [node[0] for node in parsed.nodes]
        assert not any(op.internal for op in ops), text


def test_the_second_derivative_of_sinc_at_0() -> None:
    f = library.function("sinc(x)")
    assert f.diff("x", "x")(x=0.0) == pytest.approx(-(math.pi**2) / 3, rel=1e-15)
    assert f.diff("x", "x", "x", "x")(x=0.0) == pytest.approx(math.pi**4 / 5, rel=1e-15)


def test_common_parts_have_names_where_the_text_would_double() -> None:
    nested = "exp(sin(x)*exp(sin(x)*exp(sin(x)*exp(sin(x)*exp(sin(x))))))"
    derived = library.function(nested).diff("x")
    assert derived.text.startswith("t1 = ")
    assert len(derived.text) < 12 * len(nested)
    assert derived(x=0.3) == pytest.approx(library.function(nested).value_and_grad(x=0.3)[1]["x"], rel=1e-14)
    assert ";" not in library.function("exp(x**2)*sin(x)").diff("x").text


def test_large_formulas_take_linear_time() -> None:
    text = " + ".join(f"x{k}*x{k + 1}" for k in range(600))
    derived = library.function(text).diff()
    assert derived["x300"].text == "x301 + x299"
    product = "*".join(f"x{k}" for k in range(1000))
    assert len(library.function(product).diff("x500").text) < 12_000


@pytest.mark.parametrize("begin", ["abs(", "sin(", "-exp(", "1/(x + "])
def test_deep_formulas_take_linear_room(begin: str) -> None:
    """20,000 nested abs took 7 GB, because every product held all of its factors."""
    peaks = []
    for n in (150, 600):
        program = parse(f"{begin * n}x - 1{')' * n}")
        tracemalloc.start()
        partials(program, ["x"])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 6 * peaks[0]


def test_a_derivative_takes_the_point_of_its_formula() -> None:
    f = library.function("x**2*y")
    second = f.diff("x", "x")
    assert (second.text, second(x=1.0, y=3.0)) == ("2*y", 6.0)
    assert pickle.loads(pickle.dumps(second)).variables == ("x", "y")
    assert f.diff("x").diff("y").text == "2*x"
    with pytest.raises(ValueError, match="z is not a variable"):
        f.diff("z")


def test_the_command() -> None:
    assert gradcli("diff", "x**2 + 3*x + 1").out == "d/dx   3 + 2*x\n"
    assert json.loads(gradcli("diff", "x*sin(y)", "--json").out) == {"diff": {"x": "sin(y)", "y": "x*cos(y)"}}
    assert json.loads(gradcli("diff", "x*sin(y)", "--wrt", "y", "--json").out) == {"diff": {"y": "x*cos(y)"}}
    assert gradcli("diff", "x**3*y", "--mixed", "x,x,y").out == "d³/dx²dy   6*x\n"
    assert json.loads(gradcli("diff", "x**3*y", "--mixed", "x,x,y", "--json").out) == {"diff": {"x,x,y": "6*x"}}


def test_the_command_with_a_point() -> None:
    done = gradcli("diff", "x**3*y", "--at", "x=2,y=5", "--at", "x=3", "--json")
    assert [json.loads(line) for line in done.out.splitlines()] == [
        {"at": {"x": 2.0, "y": 5.0}, "diff": {"x": 60.0, "y": 8.0}},
        {"at": {"x": 3.0, "y": 5.0}, "diff": {"x": 135.0, "y": 27.0}},
    ]
    done = gradcli("diff", "x**3*y", "--mixed", "x,x,y", "--at", "x=1/3,y=5", "--digits", "20", "--json")
    assert json.loads(done.out)["diff"] == {"x,x,y": "2.0000000000000000000"}
    assert gradcli("diff", "x**3*y", "--at", "x=2,y=5").out == "d/dx   60\nd/dy    8\n"
    assert json.loads(gradcli("diff", "abs(x)", "--at", "x=0", "--json").out)["notes"][0]["kind"] == "kink"
    assert json.loads(gradcli("diff", "log(x)", "--mixed", "x,x", "--at", "x=-1", "--json").out)["diff"] == {
        "x,x": "NaN"
    }


def test_without_variables() -> None:
    done = gradcli("diff", "x = 3; x**2")
    assert (done.status, done.out, done.err) == (0, "", "note: there is no variable by which to differentiate\n")
    assert gradcli("diff", "2", "--json").out == '{"diff": {}}\n'


def test_grad_without_a_point() -> None:
    done = gradcli("grad", "x*exp(y)")
    assert (done.status, done.out) == (0, "d/dx   exp(y)\nd/dy   x*exp(y)\n")
    assert done.err == "add --at x=1,y=1 for numbers\n"
    for flag in ("--json", "--csv", "--plain"):
        assert gradcli("grad", "x*exp(y)", flag).status == 2


def test_what_no_formula_says() -> None:
    done = gradcli("diff", "inv(x)[0, 0]")
    assert (done.status, done.out) == (2, "")
    assert "hess, jac and grad" in done.err
    assert gradcli("diff", "x, y").status == 2
    assert gradcli("diff", "x", "--mixed", "z").status == 2
    assert gradcli("diff", "x", "--digits", "5").status == 2


@pytest.mark.parametrize(
    ("text", "note"),
    [("log(x)", "log(x) is not defined at x=-1: d/dx is NaN there, and its formula gives -1"),
     ("3*log(x*y) + z", "log(x*y) is not defined at x=-1,y=2.408,z=0.463: d/dx is NaN there, and its formula gives -3; "
      "so of 2 more"),
     ("atanh(x)", "atanh(x) is not defined at x=2: d/dx is NaN there, and its formula gives -0.3333333333333333")],
)  # fmt: skip
def test_a_formula_that_gives_numbers_outside_the_domain_has_a_note(text: str, note: str) -> None:
    for command in ("diff", "grad"):
        assert gradcli(command, text).err.startswith(f"note: {note}\n")
    assert gradcli("diff", text, "--quiet").err == ""
    done = gradcli("diff", text, "--json")
    assert set(json.loads(done.out)) == {"diff"}


@pytest.mark.parametrize(
    "text", ["sqrt(x)", "x*log(x)", "where(x > 0, log(x), 0)", "1/x", "x/y", "gamma(x)", "acosh(x)", "abs(x)", "x**y"]
)
def test_a_formula_that_gives_none_has_no_note(text: str) -> None:
    assert gradcli("diff", text).err == ""


def test_latex():
    """Read by eye against the rules of the calculus, and by what LaTeX needs."""
    assert gradcli("diff", "x**2 + 3*x + 1", "--latex").out == "d/dx   3 + 2 x\n"
    assert json.loads(gradcli("diff", "sqrt(theta)*exp(-k_1*t)", "--latex", "--json").out)["diff"] == {
        "theta": r"\frac{\mathrm{e}^{-k_{1} t}}{2 \sqrt{\theta}}",
        "k_1": r"-t \sqrt{\theta} \mathrm{e}^{-k_{1} t}",
        "t": r"-k_{1} \sqrt{\theta} \mathrm{e}^{-k_{1} t}",
    }


def test_zeta_at_the_removable_pole_of_its_rule():
    """zeta(0, q) is 1/2 - q (Apostol, Introduction to Analytic Number Theory, 12.13)."""
    f = library.function("zeta(s, q)")
    assert f.value_and_grad(s=0.0, q=2.0)[1]["q"] == -1.0
    assert f.hess(s=0.0, q=2.0)[2]["q"]["q"] == 0.0
