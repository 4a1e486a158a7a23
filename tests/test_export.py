"""Code to take away: as it reads, as it runs, and what it is held against. `.ci/peers` compares all of it."""

from __future__ import annotations

import doctest
import math
import random
import shutil
from pathlib import Path

import cli
import numpy as np
import peers
import pytest

import gradcli
from gradcli.domains.floats import SAFE
from gradcli.errors import UsageError
from gradcli.export import languages
from gradcli.export.array_source import Sources
from gradcli.export.module import Module
from gradcli.export.special import SPECIAL
from gradcli.language.parser import parse


def source(text: str, language: str, name: str = "f") -> str:
    program = parse(text)
    return Module(program, program.variables, name, languages.named(language)).source()


def loaded(text: str, language: str = "python"):
    space: dict = {}
    exec(source(text, language), space)
    return space["f"]


@pytest.mark.parametrize("language", languages.NAMES)
def test_the_conventions_hold_in_every_language(language, tmp_path):
    tool = peers.TOOLS[language]
    if tool and not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")
    cases = peers.conventions()
    found, missing = peers.run(language, cases, tmp_path)
    count, wrong = peers.differences(cases, found)
    assert missing == []
    assert wrong == []
    assert count > 200


def test_c_compiles_without_a_warning_whatever_the_names(tmp_path):
    if not shutil.which("gcc"):
        pytest.skip("gcc is not installed")
    texts = [
        "double*exp*_x + fn_max*I",
        "μ*y0 - y1*gamma",
        "x - x + y",
        "3",
        "NAN*linux*grad*value*t1",
        "c = x; d = c*c; 2*x",
    ]
    cases = [peers.Case(text) for text in texts]
    for case in cases:
        at = {x: 2.0 + k for k, x in enumerate(case.program.variables)}
        value, grad = gradcli.function(case.program.text).value_and_grad(**at)
        case.points.append((at, [value, *grad.values()], [0.0] * (1 + len(grad))))
    found, _ = peers.run("c", cases, tmp_path)
    assert peers.differences(cases, found)[1] == []


def test_words_of_a_language_give_way():
    assert "function f(lambda, delete_, μ)" in source("lambda*delete*μ", "javascript")
    assert "def f(lambda_: float, delete: float, μ: float)" in source("lambda*delete*μ", "python")
    assert "double f(double lambda, double delete_, double mu, double grad[3])" in source("lambda*delete*μ", "c")
    assert "delete_ is delete of the formula." in source("delete", "c")
    assert loaded("math*abs*float*value*_sin*sin(t1)")(1, 2, 3, 4, 5, 0.0)[1][-1] == 120.0


def test_names_of_the_program_are_kept():
    lines = source("area = w*h; cost = area**2; cost + sin(area)", "c").splitlines()
    assert "  const double area = w * h;" in lines
    assert "  const double cost = area * area;" in lines


@pytest.mark.parametrize("text", ['x # """', "x # \\", "x # */ /* ??/", "x # \x07 \u2028 é"])
@pytest.mark.parametrize("language", languages.NAMES)
def test_no_comment_of_the_formula_gets_out(text, language, tmp_path):
    tool = peers.TOOLS[language]
    if tool and not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")
    case = peers.Case(text)
    case.points.append(({"x": 2.0}, [2.0, 1.0], [0.0, 0.0]))
    assert peers.run(language, [case], tmp_path)[0] == [[[2.0, 1.0]]]


def test_python_needs_nothing_but_math_and_says_what_it_gives():
    space: dict = {}
    done = cli.gradcli("export", "x**2*sigmoid(y)/x", "--as", "python", "--at", "x=2,y=0")
    exec(done.out, space)
    found = doctest.DocTestFinder().find(space["f"], "f", globs=space)
    assert [test.examples[0].want for test in found] == ["(1.0, (0.5, 0.5))\n"]
    runner = doctest.DocTestRunner()
    assert runner.run(found[0]).failed == 0
    assert [line for line in done.out.splitlines() if "import" in line] == ["import math"]


def test_nothing_raises_in_python():
    f = loaded("exp(x) + x**y + log(x)/y + sin(x) + gamma(x) + fmod(x, y) + cosh(x) + tan(x*y) + round(x)")
    values = [0.0, -0.0, 1e308, -1e308, 5e-324, math.inf, -math.inf, math.nan, -3.0, 0.5]
    for x in values:
        for y in values:
            value, grad = f(x, y)
            assert type(value) is float
            assert list(map(type, grad)) == [float, float]


ARRAYS = [
    ("sum(x@w) + max(x, axis=1)[0] + norm(x)", {"x": [[1.0, 2.0], [3.0, 4.0]], "w": [1.0, 2.0]}),
    ("sum(softmax(v)*v) + logsumexp(v) + prod(v) + var(v) + std(v)", {"v": [0.1, 2.0, 3.0]}),
    ("det(A) + sum(inv(A)) + sum(solve(A, [1, 2]))", {"A": [[3.0, 1.0], [2.0, 5.0]]}),
    (
        "sum(where(x > 0, sqrt(x), 0)) + x[x > 1].sum() + cumsum(x)[-1] + sum(x[1:]*x[:-1])",
        {"x": [-1.0, 0.0, 2.0, 3.0]},
    ),
    ("c = mean((b - w*a)**2); c + sum(erf(a))", {"b": [1.0, 2.0, 3.0], "w": 2.0, "a": [3.0, 4.0, 7.0]}),
    ("sum(concatenate([x, y])*2) + sum(stack([x, x])[0]*y) + dot(x, y)", {"x": [1.0, 2.0], "y": [3.0, 4.0]}),
    ("sum(log(x))", {"x": [1.0, -1.0]}),
]


@pytest.mark.parametrize(("text", "at"), ARRAYS, ids=[text for text, _ in ARRAYS])
def test_numpy_takes_whole_arrays(text, at):
    value, grad = gradcli.function(text).value_and_grad(**at)
    got, partials = loaded(text, "numpy")(*[at[x] for x in grad])
    np.testing.assert_allclose(got, value, rtol=1e-15)
    for partial, expected in zip(partials, grad.values(), strict=True):
        assert np.shape(partial) == np.shape(expected)
        np.testing.assert_allclose(partial, expected, rtol=1e-14)


def test_every_operation_on_arrays_has_a_source():
    from gradcli.core.ops import TABLE

    for row in TABLE.values():
        if row.on_array:
            helpers: dict[str, str] = {}
            Sources(helpers).function(row)
            exec(
                "from __future__ import annotations\nimport math\nimport numpy as np\n" + "\n".join(helpers.values()),
                {},
            )


@pytest.mark.parametrize(
    "name", ["gamma", "lgamma", "digamma", "polygamma", "erf", "erfc", "erfinv", "sinc_derivative"]
)
def test_special_functions_are_those_of_balls(name):
    """To 16 ulp, or 8 times what an ulp of x makes."""
    rng, first = random.Random(name), (2.0,) if name == "polygamma" else (1.0,) if name == "sinc_derivative" else ()
    for k in range(60):
        x = rng.uniform(*((-0.99, 0.99) if name == "erfinv" else [(-5, 5), (0, 30), (-30, 0), (0, 1)][k % 4]))
        true, beside = SAFE[name](*first, x), SAFE[name](*first, math.nextafter(x, math.inf))
        allowed = max(16 * math.ulp(true), 8 * abs(beside - true), 1e-15 * (name == "lgamma"))
        assert abs(SPECIAL[name](*first, x) - true) <= allowed, x
    for x in (0.0, -0.0, math.inf, -math.inf, math.nan, -1.0, -2.0):
        assert repr(SPECIAL[name](*first, x)) == repr(SAFE[name](*first, x)) or abs(x) in (1.0, 2.0), x


def test_the_size_is_linear():
    def size(n: int) -> int:
        return len(source("x" + "".join([f"*sin(x + {k})" for k in range(n)]), "c"))

    assert size(400) < 2.2 * size(200)


def test_equations():
    done = cli.gradcli("export", "c = a*b; c**2/sqrt(theta) if a > 0 else -b", "--as", "latex", "--wrt", "a")
    assert done.out.splitlines() == [
        r"\begin{align*}",
        r"c &= a b \\",
        r"f(a, b, \theta) &= \begin{cases}\frac{c^{2}}{\sqrt{\theta}} & a > 0 \\ -b & \text{else}\end{cases} \\",
        r"\frac{\partial f}{\partial a} &= "
        r"\begin{cases}2 c \frac{1}{\sqrt{\theta}} b & a > 0 \\ 0 & \text{else}\end{cases}",
        r"\end{align*}",
    ]


def test_a_graph_for_graphviz():
    lines = cli.gradcli("export", "x*y", "--as", "dot").out.splitlines()
    assert lines[0] == "digraph gradcli {"
    assert any("d/dy" in line for line in lines)


def test_a_file(tmp_path: Path):
    path = tmp_path / "bell.c"
    assert cli.gradcli("export", "exp(-x**2)", "--as", "c", "--name", "bell", "-o", str(path)).out == ""
    assert "double bell(double x, double grad[1]) {" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x"], "gradcli: --as is missing\nwrite --as python, numpy, c, javascript, latex or dot"),
        (
            ["x", "--as", "pyton"],
            'gradcli: --as takes python, numpy, c, javascript, latex or dot, not "pyton"\ndid you mean python?',
        ),
        (["sum(x)", "--as", "c"], "gradcli: there are arrays in this formula, and none in C\nexport it --as numpy"),
        (["x, y", "--as", "c"], "gradcli: a tuple of results has no single gradient\nexport one result at a time"),
        (["x", "--as", "c", "--name", "2x"], 'gradcli: --name: "2x" is no name of a function\n'),
        (["x", "--as", "c", "--at", "x=1", "--at", "x=2"], "gradcli: one test point, not 2\ngive each variable once"),
    ],
)
def test_what_cannot_be_exported_is_said(words, message):
    done = cli.gradcli("export", *words)
    assert done.status == 2
    assert done.err.startswith(message)


def test_a_function_that_a_language_lacks_is_no_fault():
    from gradcli.core.op import Op
    from gradcli.export.writer import Code

    with pytest.raises(UsageError, match="there is no nowhere in C"):
        Code(languages.named("c")).call(Op("nowhere", "x", about="a row that no language knows", vjp=(None,)))
