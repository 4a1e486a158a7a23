"""`gradcli minimize` on the command line: its forms, its streams, its exit statuses."""

from __future__ import annotations

import json
import math
import os
import pty
import subprocess
import sys

import pytest
from cli import gradcli
from helpers import data

KEYS = ["minimum", "at", "grad_norm", "converged", "kind", "method", "steps", "evaluations", "why"]


def test_the_table():
    result = gradcli("minimize", "(x - 3)**2 + 1", "--start", "x=5")
    assert (result.status, result.err) == (0, "")
    head, _, tail = result.out.partition("\n\n")
    assert head == "minimum   1\nx         3"
    first, second = tail.splitlines()
    assert first == "converged: the gradient is 0 and all eigenvalues of the Hessian are positive"
    assert second.startswith("newton: ")
    assert second.endswith("the gradient's norm is 0")


def test_arrays_in_the_table():
    result = gradcli("minimize", "sum((x - [[1.5, 22], [3, 4]])**2)", "--start", "x=[[0,0],[0,0]]")
    assert result.out.startswith("minimum   0\nx         [[1.5, 22],\n           [3,    4]]\n\nconverged: ")


def test_json():
    result = gradcli("minimize", "(x - 3)**2 + sum((v - 1)**2)", "--start", "x=5,v=[0,3]", "--json")
    assert result.status == 0
    found = json.loads(result.out)
    assert list(found) == KEYS
    assert found["at"] == {"x": 3.0, "v": [1.0, 1.0]}
    assert (found["minimum"], found["grad_norm"], found["converged"]) == (0.0, 0.0, True)
    assert (found["kind"], found["method"]) == ("minimum", "newton")


def test_the_classical_problems_from_standard_input():
    """The exit status is 0 for a right answer."""
    for problem in data("minimize.jsonl"):
        start = ",".join(f"{name}={json.dumps(value)}" for name, value in problem["start"].items())
        result = gradcli("minimize", "-", "--start", start, "--json", stdin=problem["expr"].encode())
        value = json.loads(result.out)["minimum"]
        accepted = [problem["minimum"], *problem.get("also_accepted", [])]
        assert any(abs(value - v) <= (1e-8 * abs(v) or 1e-10) for v in accepted), problem["id"]
        assert result.status == 0, problem["id"]


@pytest.mark.parametrize(
    ("argv", "kind"),
    [
        (["x^2 - y^2", "--start", "x=0,y=0"], "undecided"),  # goes down from the saddle, without end
        (["-x^2", "--start", "x=0"], "undecided"),
        (["exp(-x)", "--start", "x=0"], "undecided"),
        (["(x - 3)^2", "--start", "x=5", "--method", "sgd", "--steps", "3"], "undecided"),
        (["log(x)", "--start", "x=-1"], "undecided"),
    ],
)
def test_not_converged_is_told_and_is_status_1(argv, kind):
    result = gradcli("minimize", *argv, "--json")
    assert (result.status, result.err) == (1, "")
    found = json.loads(result.out)
    assert found["converged"] is False
    assert found["kind"] == kind
    result = gradcli("minimize", *argv)
    assert result.status == 1
    assert result.out.startswith("value ")
    assert f"not converged: {found['why']}" in result.out


def test_from_a_file(tmp_path):
    path = tmp_path / "f.txt"
    path.write_text("d = x - 3\nd**2\n")
    assert json.loads(gradcli("minimize", "--file", str(path), "--start", "x=0", "--json").out)["at"] == {"x": 3.0}


def test_a_regression(tmp_path):
    """y = 2*x + 1 with a disturbance that is orthogonal to 1 and x: the fit is 2 and 1 all the same."""
    path = tmp_path / "points.csv"
    path.write_text("x,y,z\n-1.5,-1.5,0\n-0.5,-0.5,0\n0.5,1.5,0\n1.5,4.5,0\n")
    argv = ["minimize", "((x*w + b - y)**2).mean()", "--data", str(path), "--start", "w=0,b=0", "--json"]
    result = gradcli(*argv)
    assert result.status == 0
    assert result.err == f"note: column z of {path} ignored: not in the expression\n"
    found = json.loads(result.out)
    assert found["at"] == pytest.approx({"w": 2.0, "b": 1.0}, rel=1e-14)
    assert found["minimum"] == pytest.approx(0.25, rel=1e-14)
    result = gradcli(*argv, "--method", "sgd", "--lr", "0.1", "--steps", "1000")
    assert result.status == 0
    assert json.loads(result.out)["at"] == pytest.approx({"w": 2.0, "b": 1.0}, rel=1e-12)


def test_a_column_that_is_a_constant_is_told():
    result = gradcli("minimize", "sum((a - e)**2)", "--data", "-", "--start", "a=0", "--json", stdin=b"e\n1\n3\n")
    assert result.err == "note: e is a column of standard input here, not the constant 2.718281828459045\n"
    assert json.loads(result.out)["at"] == {"a": 2.0}


def test_a_start_that_is_a_constants_name_makes_it_a_variable():
    assert json.loads(gradcli("minimize", "(e - 1)**2", "--start", "e=5", "--json").out)["at"] == {"e": 1.0}


def test_notes_on_the_reading():
    result = gradcli("minimize", "1/2x + x**2", "--start", "x=1")
    assert result.err.startswith("note: ")


def test_bounds():
    argv = ["minimize", "sum((x - 1)**2) + y**2 - z", "--start", "x=[3,4],y=2,z=0", "--json"]
    found = json.loads(gradcli(*argv, "--bounds", "x=2:5,y=-1:3", "--bounds", "z=:7").out)
    assert found["at"] == {"x": [2.0, 2.0], "y": pytest.approx(0.0, abs=1e-9), "z": 7.0}
    assert found["converged"] is True
    assert found["why"].startswith("3 variables are held by a bound")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_the_trace_has_standard_output_to_itself(form):
    argv = ["minimize", "(x - 3)**2", "--start", "x=1", "--method", "sgd", "--lr", "0.25", "--steps", "2"]
    result = gradcli(*argv, "--trace", "-", *form)
    assert result.out.splitlines() == [
        '{"step": 0, "value": 4.0, "grad_norm": 4.0, "at": {"x": 1.0}}',
        '{"step": 1, "value": 1.0, "grad_norm": 2.0, "at": {"x": 2.0}}',
        '{"step": 2, "value": 0.25, "grad_norm": 1.0, "at": {"x": 2.5}}',
    ]
    if form:
        assert list(json.loads(result.err)) == KEYS
    else:
        assert result.err.startswith("value   0.25\n")


def test_fixed_numbers_and_arrays():
    argv = ["minimize", "sum((x - c)^2) + a*y^2 - y", "--start", "x=[0,0],y=5", "--json"]
    found = json.loads(gradcli(*argv, "--at", "a=2,c=[1,2]").out)
    assert found["at"] == {"x": [1.0, 2.0], "y": 0.25}
    assert found["minimum"] == -0.125


def test_a_maximum():
    argv = ["minimize", "a*x*exp(-x)", "--start", "x=3", "--at", "a=2", "--maximize"]
    found = json.loads(gradcli(*argv, "--json").out)
    assert list(found) == ["maximum", *KEYS[1:]]
    assert found["maximum"] == pytest.approx(2 / math.e, rel=1e-15)
    assert (found["at"], found["kind"], found["converged"]) == ({"x": 1.0}, "maximum", True)
    result = gradcli(*argv, "--trace", "-")
    assert json.loads(result.out.splitlines()[0])["value"] == pytest.approx(6 * math.exp(-3), rel=1e-15)
    assert result.err.startswith("maximum   0.73575888234288")
    assert "all eigenvalues of the Hessian are negative" in result.err


def test_a_table_by_position(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("x,y\n0,1\n1,3\n")
    found = json.loads(gradcli("minimize", "sum((w*x + b - y)^2)", str(path), "--start", "w=0,b=0", "--json").out)
    assert found["at"] == {"w": 2.0, "b": 1.0}
    (tmp_path / "f.txt").write_text("sum((w*x + b - y)^2)")
    argv = ["minimize", "--file", str(tmp_path / "f.txt"), str(path), "--start", "w=0,b=0", "--json"]
    assert json.loads(gradcli(*argv).out)["at"] == {"w": 2.0, "b": 1.0}


def test_the_trace_in_a_file(tmp_path):
    path = tmp_path / "trace.jsonl"
    result = gradcli("minimize", "sum(x**4)", "--start", "x=[1,2]", "--trace", str(path), "--json")
    found = json.loads(result.out)
    steps = [json.loads(line) for line in path.read_text().splitlines()]
    assert [step["step"] for step in steps] == list(range(found["steps"] + 1))
    assert steps[0]["at"] == {"x": [1.0, 2.0]}
    assert steps[-1]["at"] == found["at"]
    assert steps[-1]["value"] == found["minimum"]


def test_a_bar_with_the_value_where_standard_error_is_a_terminal():
    terminal, end = pty.openpty()
    argv = ["minimize", "x**2", "--start", "x=1", "--method", "sgd", "--lr", "1e-4", "--steps", "3000", "--json"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-m", "gradcli", *argv], stdout=subprocess.PIPE, stderr=end, env=environment
    ) as process:  # fmt: skip
        os.close(end)
        shown = b""
        while True:
            try:
                part = os.read(terminal, 65536)
            except OSError:  # Linux's way to say that the other end is closed
                break
            if not part:
                break
            shown += part
        assert process.stdout is not None
        out = process.stdout.read()
    os.close(terminal)
    assert list(json.loads(out)) == KEYS
    assert b"/3000" in shown
    assert b"value 0." in shown


def test_no_bar_elsewhere():
    assert gradcli("minimize", "x**2", "--start", "x=1").err == ""


def test_the_help_begins_with_examples():
    out = gradcli("minimize", "--help").out
    assert out.index("Examples") < out.index("Usage")
    assert "--start" in out


def test_a_name_that_is_no_column_is_told_with_the_columns():
    result = gradcli("minimize", "(x*w - z)**2", "--data", "-", "--start", "w=0", stdin=b"x,y\n1,2\n")
    assert (result.status, result.out) == (2, "")
    assert result.err.splitlines() == [
        "gradcli: no start for z, and no such column in standard input",
        "add --start z=1; the columns are x and y",
    ]


def test_a_trial_point_without_a_finite_hessian_shrinks_the_region():
    result = gradcli("minimize", "x-0.002*log(x)", "--start", "x=1", "--json")
    answer = json.loads(result.out)
    assert result.status == 0
    assert answer["at"]["x"] == pytest.approx(0.002, rel=1e-12)  # where 1 - 0.002/x is 0


@pytest.mark.parametrize("start", ["a=0,b=10", "a=1,b=1", "a=1000,b=-1", "a=500,b=5", "a=0,b=0", "a=250,b=10"])
def test_a_flat_start_is_no_fault(tmp_path, start):
    """The minimum is mpmath's; at the last start exp overflows, and the gradient is NaN."""
    table = tmp_path / "d.csv"
    table.write_text("x,y\n100,0\n200,0.1\n300,0.6\n400,0.9\n500,1\n")
    argv = ["minimize", "sum((1/(1+exp(-b*(x-a)))-y)^2)", "--data", str(table), "--start", start, "--json"]
    result = gradcli(*argv)
    found = json.loads(result.out)
    if start == "a=250,b=10":
        assert (result.status, found["steps"]) == (1, 0)
        assert found["why"].endswith("the gradient is not finite here")
    else:
        assert result.status == 0
        assert found["minimum"] == pytest.approx(0.0021057337793129694, rel=1e-13)
        assert found["at"] == pytest.approx({"a": 285.7242785722563, "b": 0.02355072923990451}, rel=1e-6)


def test_a_long_curved_valley_is_followed_to_its_end():
    """Without --steps more than 10,000 may be taken, as Rosenbrock's chain of 10,000 variables needs them."""
    result = gradcli("minimize", "1e-6*x^2 + 1e6*(y - x^2/100)^2", "--start", "x=250,y=0", "--json")
    found = json.loads(result.out)
    assert (result.status, found["kind"]) == (0, "minimum")
    assert found["steps"] > 10_000
    assert found["at"] == pytest.approx({"x": 0.0, "y": 0.0}, abs=1e-9)
