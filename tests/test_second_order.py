"""Hessians and Jacobians: against differences of mpmath at 80 digits, against PyTorch's answers, and at edges."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
from cli import gradcli
from helpers import data
from mpmath import mp, mpf
from op_reference import REFERENCE

import gradcli as library
from gradcli.api.hessian import Hessian
from gradcli.api.jacobian import Jacobian
from gradcli.core.op import CONSTANT, NUMBER, VARIABLE
from gradcli.language.parser import parse
from gradcli.language.program import Program

EVERY = 8  # of formulas.jsonl's Jacobians one in so many; all of them, at every point, were run once

CONSTANTS = {"pi": lambda: +mp.pi, "e": lambda: +mp.e}


def in_mpmath(program: Program, result: int, numbers: dict[str, mpf]) -> mpf:
    """The value of a node, operation by operation, by the tests' own reference."""
    values: list = []
    for node in program.nodes[: result + 1]:
        if node[0] is VARIABLE:
            values.append(numbers[node[1]])
        elif node[0] is NUMBER or node[0] is CONSTANT:
            values.append(mpf(node[1]) if node[0] is NUMBER else CONSTANTS[node[1]]())
        elif node[0].name == "where":
            values.append(values[node[2]] if values[node[1]] else values[node[3]])
        else:
            values.append(REFERENCE[node[0].name](*[values[k] for k in node[1:]]))
    return values[result]


def second_partials(text: str, at: dict[str, float]) -> Iterator[tuple[str, str, mpf]]:
    """Every second partial at 40 digits or more."""
    program, names = parse(text), list(at)

    def value(*x: mpf) -> mpf:
        return in_mpmath(program, program.results[0], dict(zip(names, x, strict=True)))

    with mp.workdps(60):
        point = tuple(map(mpf, at.values()))
        for i, x in enumerate(names):
            for j, w in enumerate(names[i:], i):
                orders = tuple((k == i) + (k == j) for k in range(len(names)))
                yield x, w, mpmath.diff(value, point, orders)


def first_partials(program: Program, result: int, at: dict[str, float]) -> Iterator[tuple[str, mpf]]:
    """The partials of one of several results at 40 digits or more."""

    def value(*x: mpf) -> mpf:
        return in_mpmath(program, result, dict(zip(at, x, strict=True)))

    with mp.workdps(60):
        for x in at:
            yield x, mpmath.diff(value, tuple(map(mpf, at.values())), tuple(int(w == x) for w in at))


def ulps_off(text: str, at: dict[str, float]) -> float:
    """The largest error of a second partial that the command prints, in units of the last place."""
    hess = Hessian(parse(text)).true_at(at).matrix.nested()
    worst = 0.0
    for x, w, true in second_partials(text, at):
        assert hess[x][w] == hess[w][x]
        if abs(true) > mpf(10) ** -38 * max(1, abs(mpf(hess[x][w]))):  # else the differences say nothing
            worst = max(worst, float(abs(mpf(hess[x][w]) - true) / math.ulp(float(true))))
        else:
            assert abs(hess[x][w]) < 1e-30, (text, x, w)
    return worst


def test_second_derivatives_of_formulas_of_others() -> None:
    """All 107."""
    items = data("formulas.jsonl")
    for item in items:
        assert ulps_off(item["expr"], item["points"][0]["at"]) <= 8, item["id"]
    assert len(items) == 107


def test_eigenvalues_of_arrays_are_those_of_numbers() -> None:
    """1e-5 beside 4e10: of the floats of the matrix it would be 7.6e-6."""
    text, same = (
        "1e10*{0}**2 + 2e10*{0}*{1} + {1}**2*(1e10 + 1e-5)".format(*names) for names in (("x[0]", "x[1]"), "xy")
    )
    for more in ((), ("--digits", "20")):
        found = [
            json.loads(gradcli("hess", *asked, "--json", *more).out)["eigenvalues"]
            for asked in ((text, "--at", "x=[1,1/3]"), (same, "--at", "x=1,y=1/3"))
        ]
        assert found[0] == found[1]
    printed = json.loads(gradcli("hess", "sum(x**2) + a*sum(x)", "--at", "x=[1,2],a=0", "--json").out)
    with mp.workdps(30):
        assert printed["eigenvalues"] == [float(1 - mp.sqrt(3)), 2.0, float(1 + mp.sqrt(3))]


def test_jacobians_of_pairs_of_formulas_of_others() -> None:
    """Against differences of mpmath. Of all pairs and triples at all points the worst was 7.94 ulp."""
    items = [item for item in data("formulas.jsonl") if ";" not in item["expr"]]
    for first, second in zip(items[::EVERY], items[1::EVERY], strict=False):
        at = {**first["points"][0]["at"], **second["points"][0]["at"]}
        program = parse(f"({first['expr']}), ({second['expr']})", bound=frozenset(at))
        at = {x: at[x] for x in program.variables}
        rows = Jacobian(program).true_at(at).jac
        for result, row in zip(program.results, rows, strict=True):
            for x, true in first_partials(program, result, at):
                assert abs(row[x] - true) <= max(8 * math.ulp(float(true)), mpf(10) ** -38), (program.text, x)


def test_jacobians_of_formulas_of_others_on_arrays() -> None:
    """The five points of each as arrays: on the diagonal the stored partials. Of all the worst was 6.72 ulp."""
    for item in data("formulas.jsonl")[::EVERY]:
        points = item["points"]
        at = {x: np.array([point["at"][x] for point in points]) for x in item["variables"]}
        (row,) = Jacobian(parse(item["expr"], bound=frozenset(at))).true_at(at).jac
        for x, found in row.items():
            assert np.count_nonzero(found - np.diag(np.diag(found))) == 0
            for number, point in zip(np.diag(found), points, strict=True):
                true = Fraction(point["grad"][x])
                assert abs(Fraction(float(number)) - true) <= 8 * Fraction(math.ulp(float(true))), (item["id"], x)


# --- arrays


ANSWERS = Path(__file__).with_name("data").joinpath("torch_answers.jsonl").read_text(encoding="utf-8").splitlines()[1:]
WHOLE = [case for case in map(json.loads, ANSWERS) if not case["elementwise"] and np.prod(case["shapes"]["x"]) > 1]


def weights(shape: tuple[int, ...], which: int = 0) -> np.ndarray:
    """As in make_torch_answers.py."""
    numbers = [0.5 + (0.5 + 0.375 * k + 0.625 * which) % 2.5 for k in range(int(np.prod(shape)))]
    return np.array(numbers).reshape(shape)


@pytest.mark.parametrize("case", [case for case in WHOLE if "Infinity" not in str(case)][::9], ids=lambda c: c["text"])
def test_arrays_against_pytorch(case: dict) -> None:
    at = {x: np.array(case["at"][x], float).reshape(case["shapes"][x]) for x in case["at"]}
    f = library.function(case["text"])
    (value,), (jac,) = f.jac(**at)
    weight = weights(np.shape(value))
    for x in at:
        grad = np.tensordot(weight, jac[x], np.ndim(value)).reshape(np.shape(at[x]))
        np.testing.assert_allclose(grad, np.reshape(case["grad"][x], np.shape(grad)), rtol=1e-10, atol=1e-12)
    total = library.function(f"sum(weight*({case['text']}))")
    _, _, hess = total.hess(**at, weight=weight)
    for x in at:
        double = sum(np.tensordot(weights(np.shape(at[w]), k), hess[w][x], np.ndim(at[w])) for k, w in enumerate(at, 1))
        np.testing.assert_allclose(double, np.reshape(case["double"][x], np.shape(at[x])), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(
    ("text", "left", "right", "used"),
    [("elu(x)", 1, 0, 1), ("softsign(x)", 2, -2, 0), ("x*abs(x)", -2, 2, 0), ("relu(x)**2", 0, 2, 0)],
)
def test_where_a_second_derivative_jumps_it_is_told(text: str, left: int, right: int, used: int) -> None:
    """Also where the partial alone has a kink, at one point as at many, and under --digits."""
    for how in (["--at", "x=0"], ["--sweep", "x=-1:1:3"], ["--at", "x=0", "--digits", "10"]):
        answers = [json.loads(line) for line in gradcli("hess", text, *how, "--json").out.splitlines()]
        (told,) = [answer for answer in answers if "notes" in answer]
        assert float(told["at"]["x"]) == 0
        assert float(told["hess"]["x"]["x"]) == used
        (note,) = told["notes"]
        assert note["message"] == f"d/dx has a kink: slope {left} by x on the left, {right} on the right; {used} used"


@pytest.mark.parametrize("text", ["abs(x)**3", "x**2*relu(x)", "elu(x) + exp(x)*0 - elu(x)"])
def test_a_second_derivative_that_goes_on_has_no_note(text: str) -> None:
    for how in (["--at", "x=0"], ["--sweep", "x=-1:1:3"]):
        assert gradcli("hess", text, *how, "--json").out.count("notes") == 0


def test_shapes() -> None:
    f = library.function("sum(A @ x)*y")
    _, grad, hess = f.hess(A=np.ones((2, 3)), x=[1.0, 2.0, 3.0], y=2.0)
    assert grad["A"].shape == (2, 3)
    assert hess["A"]["x"].shape == (2, 3, 3)
    assert hess["x"]["A"].shape == (3, 2, 3)
    assert hess["A"]["y"].shape == (2, 3)
    assert hess["y"]["y"] == 0.0
    np.testing.assert_array_equal(hess["A"]["x"], 2 * np.broadcast_to(np.eye(3), (2, 3, 3)))


def test_an_element_that_another_one_does_not_depend_on_has_no_nan() -> None:
    _, _, hess = library.function("sum(log(x))").hess(x=[1.0, 0.0])
    assert hess["x"]["x"].tolist() == [[-1.0, 0.0], [0.0, -math.inf]]


# --- structure


def test_rosenbrock_in_1000_variables() -> None:
    """The sparsity is structural: 1,000 on the diagonal and 999 on each side."""
    text = " + ".join(f"100*(x{k + 1} - x{k}**2)**2 + (1 - x{k})**2" for k in range(999))
    hess = Hessian(parse(text))
    found = list(hess.evaluate_at({f"x{k}": 0.0 for k in range(1000)}).matrix.entries())
    assert len(found) == 2998
    assert len(hess.graph_of(True, False).nodes) < 40_000


def test_zeros_by_structure_are_no_nodes() -> None:
    hess = Hessian(parse("x*y + sin(z) + w"))
    hess.evaluate_at({"x": 1.0, "y": 2.0, "z": 0.0, "w": 0.0})
    assert list(hess.places) == [(0, 1), (2, 2)]


# --- kinks, branches, edges


@pytest.mark.parametrize(
    ("text", "x", "second"),
    [
        ("abs(x)", 0.0, 0.0),
        ("abs(x)**2", 0.0, 2.0),
        ("abs(x)*x", 0.0, 0.0),
        ("relu(x)**2", 0.0, 0.0),
        ("relu(x)**2", 1.0, 2.0),
        ("max(x, 0)**2", 0.0, 0.5),
        ("where(x > 0, sqrt(x), 0)", -1.0, 0.0),
        ("where(x > 0, sqrt(x), x**3)", -1.0, -6.0),
        ("x**2 if x < 1 else log(x - 1)", 0.5, 2.0),
        ("clamp(x, 0, 1)**2", 1.0, 2.0),
        ("x**1.5", 0.0, math.inf),
        ("log(x)", -1.0, math.nan),
        ("hypot(x, 0)**2", 0.0, 2.0),
        ("leaky_relu(x)*x", 0.0, 0.02),
        ("softplus(x)", 800.0, 0.0),
    ],
)
def test_conventions(text: str, x: float, second: float) -> None:
    _, _, hess = library.function(text).hess(x=x)
    assert hess["x"]["x"] == second or (second != second and hess["x"]["x"] != hess["x"]["x"])


def test_a_tie_is_split_at_second_order_too() -> None:
    _, _, hess = library.function("max(x, y)**2").hess(x=1.0, y=1.0)
    assert hess == {"x": {"x": 0.5, "y": 0.5}, "y": {"x": 0.5, "y": 0.5}}


def test_a_kink_of_a_partial_alone_has_its_note() -> None:
    found = json.loads(gradcli("hess", "relu(x)**2", "--at", "x=0", "--json").out)
    (note,) = found["notes"]
    assert (note["kind"], note["op"], note["at"]) == ("kink", "relu", [0, 7])
    assert note["message"] == "d/dx has a kink: slope 0 by x on the left, 2 on the right; 0 used"
    assert "notes" not in json.loads(gradcli("grad", "relu(x)**2", "--at", "x=0", "--json").out)


def test_an_infinite_second_slope_has_its_note() -> None:
    (note,) = json.loads(gradcli("hess", "x**1.5", "--at", "x=0", "--json").out)["notes"]
    assert (note["kind"], note["message"]) == ("infinite", "the slope by x,x is infinite: inf")


# --- the commands


def test_hess_as_json() -> None:
    done = gradcli("hess", "100*(y - x^2)^2 + (1 - x)^2", "--at", "x=1,y=2", "--wrt", "x,y", "--json")
    found = json.loads(done.out)
    assert (done.status, done.err) == (0, "")
    assert found.pop("eigenvalues") == pytest.approx([-111.554238858359, 713.554238858359], rel=1e-14)
    assert found == {
        "at": {"y": 2.0, "x": 1.0},
        "value": 100.0,
        "grad": {"x": -400.0, "y": 200.0},
        "hess": {"x": {"x": 402.0, "y": -400.0}, "y": {"x": -400.0, "y": 200.0}},
    }


def test_hess_as_lines() -> None:
    done = gradcli("hess", "x**2 + 3*x*y", "--at", "x=1,y=2", "--at", "x=3", "--sparse")
    assert done.out == "0 0 2.0\n0 1 3.0\n1 0 3.0\n\n0 0 2.0\n0 1 3.0\n1 0 3.0\n"


def test_hess_as_a_table() -> None:
    done = gradcli("hess", "x**2/4 + 3*x*y", "--at", "x=1,y=2")
    assert done.out == (
        "value   6.25\n"
        "d/dx    6.5    x = 1\n"
        "d/dy    3      y = 2\n"
        "\n"
        "Hessian   x     y\n"
        "x         0.5   3\n"
        "y         3     0\n"
        "\n"
        "eigenvalues   -2.760398644698074   3.260398644698074\n"
        "saddle: the Hessian is as at one, but the gradient is not 0\n"
    )


@pytest.mark.parametrize(
    ("text", "at", "verdict"),
    [
        ("x**2 + y**2 + x*y", "x=0,y=0", "minimum: the gradient is 0 and all eigenvalues are positive"),
        ("-x**2 - y**2", "x=0,y=0", "maximum: the gradient is 0 and all eigenvalues are negative"),
        ("x*y", "x=0,y=0", "saddle: the gradient is 0 and eigenvalues have both signs"),
        ("x**4 + y**2", "x=0,y=0", "undecided: an eigenvalue cannot be told from 0"),
        ("(x + y)**2", "x=0,y=0", "undecided: an eigenvalue cannot be told from 0"),
        ("x**2 + 1e-30*y**2 + 1e-20*x*y", "x=0,y=0", "minimum: the gradient is 0 and all eigenvalues are positive"),
        ("log(x)", "x=-1", "undecided: the Hessian is not finite"),
    ],
)
def test_what_eigenvalues_say(text: str, at: str, verdict: str) -> None:
    assert gradcli("hess", text, "--at", at).out.splitlines()[-1] == verdict


def test_eigenvalues_are_true() -> None:
    """By mpmath; in floats the smaller ones of the Hilbert matrix are lost."""
    names = [f"x{k}" for k in range(8)]
    text = " + ".join(f"{a}*{b}/({i + j + 1}*2)" for i, a in enumerate(names) for j, b in enumerate(names))
    found = json.loads(gradcli("hess", text, "--at", ",".join(f"{x}=0" for x in names), "--json").out)
    with mp.workdps(40):
        hilbert = mp.matrix(8, 8)
        for i in range(8):
            for j in range(8):
                hilbert[i, j] = mpf(1) / (i + j + 1)
        true = sorted(mp.eigsy(hilbert, eigvals_only=True))
        for ours, theirs in zip(found["eigenvalues"], true, strict=True):
            assert abs(ours - theirs) <= 2 * math.ulp(float(theirs))


def test_digits() -> None:
    found = json.loads(gradcli("hess", "exp(x*y)/3", "--at", "x=1,y=1", "--digits", "30", "--json").out)
    with mp.workdps(40):
        assert found["hess"]["x"]["x"] == mpmath.nstr(mp.e / 3, 30)
        assert found["hess"]["x"]["y"] == mpmath.nstr(2 * mp.e / 3, 30)
        assert found["eigenvalues"][1] == mpmath.nstr(mp.e, 30, strip_zeros=False)
    whole = json.loads(gradcli("hess", "sum(x**3)/3", "--at", "x=[1,2]", "--digits", "5", "--json").out)
    assert whole["hess"] == {"x": {"x": [["2.0000", "0"], ["0", "4.0000"]]}}


def test_what_is_printed_is_true() -> None:
    """The second derivative of log(x + 1) - log(x) is 2e-30 at 1e10; floats make 3e-30 of it."""
    done = gradcli("hess", "log(x + 1) - log(x)", "--at", "x=1e10", "--json")
    found = json.loads(done.out)
    with mp.workdps(50):
        true = 1 / mpf(10**10) ** 2 - 1 / mpf(10**10 + 1) ** 2
    assert abs(found["hess"]["x"]["x"] - true) <= math.ulp(float(true))
    assert found["notes"][0]["kind"] == "cancellation"


def test_jac_as_json() -> None:
    done = gradcli("jac", "x*y, x + y, 3", "--at", "x=2,y=5", "--json")
    assert json.loads(done.out) == {
        "at": {"x": 2.0, "y": 5.0},
        "value": [10.0, 7.0, 3.0],
        "jac": [{"x": 5.0, "y": 2.0}, {"x": 1.0, "y": 1.0}, {"x": 0.0, "y": 0.0}],
    }
    whole = json.loads(gradcli("jac", "A @ x", "--at", "A=[[1,2],[3,4]],x=[1,1]", "--wrt", "x", "--json").out)
    assert (whole["value"], whole["jac"]) == ([[3.0, 7.0]], [{"x": [[1.0, 2.0], [3.0, 4.0]]}])


def test_jac_in_other_forms() -> None:
    done = gradcli("jac", "x*y, x + y", "--at", "x=2,y=5", "--at", "x=3")
    assert done.out.split("\n\n")[0] == (
        "        value   d/dx   d/dy\nx*y     10      5      2\nx + y    7      1      1\nat x=2,y=5"
    )
    done = gradcli("jac", "x*y, x + y", "--at", "x=2,y=5", "--csv")
    assert done.out == 'x,y,value,d/dx,d/dy\n2.0,5.0,"[10.0, 7.0]","[5.0, 1.0]","[2.0, 1.0]"\n'
    done = gradcli("jac", "x/y", "--at", "x=1,y=3", "--digits", "5", "--json")
    assert json.loads(done.out)["jac"] == [{"x": "0.33333", "y": "-0.11111"}]


def test_jac_of_one_result_outside_its_domain() -> None:
    found = json.loads(gradcli("jac", "log(x), abs(x - y)", "--at", "x=-1,y=-1", "--json").out)
    assert found["jac"] == [{"x": "NaN", "y": "NaN"}, {"x": 0.0, "y": 0.0}]
    assert [note["kind"] for note in found["notes"]] == ["domain", "kink"]


def test_jac_of_arrays_to_digits() -> None:
    """The derivative of x**2 at 0.1 and 3 is 0.2 and 6; the decimal 0.1 of an array is its float64."""
    result = gradcli("jac", "x**2, sum(x)", "--at", "x=[0.1, 3]", "--digits", "12", "--json")
    assert result.status == 0
    assert json.loads(result.out)["jac"] == [
        {"x": [["0.200000000000", "0"], ["0", "6.00000000000"]]}, {"x": ["1.00000000000", "1.00000000000"]},
    ]  # fmt: skip


@pytest.mark.parametrize("more", [[], ["--digits", "12"], ["--plain-floats"]])
@pytest.mark.parametrize(
    ("text", "x", "kinds"),
    [
        ("abs(x), 2*x", "[0, 1]", ["kink"]),
        ("abs(x) - abs(-x)", "[0, 1]", ["kink", "kink"]),  # told although the slopes of the sum cancel
        ("sqrt(x)", "[0, 1]", ["infinite"]),
        ("floor(x)", "[1, 2.5]", ["jump"]),
        ("where(x > 0, x, 2*x)", "[0, 1]", ["boundary"]),
        ("sqrt(x)**2", "[0, 1]", ["infinite", "indeterminate"]),
        ("[sqrt(x[0]), -sqrt(x[0])]", "[0, 1]", ["infinite"]),
        ("sqrt(x)[1:]", "[0, 1]", []),
        ("log(x)", "[-1, 1]", ["domain"]),
    ],
)
def test_jac_of_arrays_says_what_happened(text: str, x: str, kinds: list[str], more: list[str]) -> None:
    answer = json.loads(gradcli("jac", text, "--at", f"x={x}", "--json", *more).out)
    assert [note["kind"] for note in answer.get("notes", [])] == kinds


def test_forms_that_there_are_not() -> None:
    for line in (("hess", "x", "--at", "x=1", "--csv"), ("jac", "x", "--at", "x=1", "--plain")):
        assert gradcli(*line).status == 2
    assert gradcli("hess", "x, y", "--at", "x=1,y=1").status == 2
    assert gradcli("hess", "x", "--at", "x=1", "--json", "--sparse").status == 2
