"""The propagation of uncertainty, held against official cases and against closed forms."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from cli import gradcli as run
from helpers import data

import gradcli
from gradcli.errors import UsageError
from gradcli.uncertainty.notation import decimal, input_of
from gradcli.uncertainty.rounding import rounded


def answer(*argv: str):
    done = run("propagate", *argv, "--json")
    assert done.status == 0, done.err
    return json.loads(done.out)


def place(found, path: str):
    for key in path.split("."):
        found = found[int(key)] if key.isdigit() else found[key]
    return found


def near(found, wanted, tolerance: float) -> bool:
    if isinstance(wanted, list):
        return all(near(a, b, tolerance) for a, b in zip(found, wanted, strict=True))
    return abs(found - wanted) <= tolerance


def test_the_official_cases(tmp_path, monkeypatch):
    for case in data("gum.jsonl"):
        folder = tmp_path / case["id"]
        folder.mkdir()
        monkeypatch.chdir(folder)
        for name, text in case.get("files", {}).items():
            Path(name).write_text(text)
        found = answer(*case["argv"])
        for key, want in case["want"].items():
            if key == "budget":
                parts = {row["input"]: row["contribution"] for row in found["budget"]}
                assert all(near(parts[x], *pair) for x, pair in want.items()), (case["id"], parts)
            elif isinstance(want, dict):
                got = place(found, key)
                assert any(near(got, *pair) for pair in want.values()), (case["id"], key, got)
            elif isinstance(want, list):
                assert near(place(found, key), *want), (case["id"], key, place(found, key))
            else:
                assert place(found, key) == want, (case["id"], key)


def test_the_answer_has_the_members_of_the_design():
    found = answer("x*y", "--at", "x=2±0.1,y=3", "--trials", "1000")
    assert list(found) == [
        "at", "value", "u", "u_first", "u_second", "shift", "dof", "coverage", "budget", "mc", "validated",
    ]  # fmt: skip
    assert found["budget"] == [
        {"input": "x", "value": 2.0, "u": 0.1, "sensitivity": 3.0, "contribution": found["u"], "share": 1.0}
    ]
    assert list(found["mc"]) == ["mean", "u", "interval", "trials", "seed"]
    assert found["mc"] == answer("x*y", "--at", "x=2±0.1,y=3", "--trials", "1000", "--seed", "1")["mc"]


@pytest.mark.parametrize(
    ("text", "value", "u"),
    [
        ("2±0.1", 2, 0.1), ("2+-0.1", 2, 0.1), ("2 +/- 0.1", 2, 0.1), ("-5±2%", -5, 0.1), ("2(1)", 2, 1),
        ("2.00(12)e-3", 2e-3, 1.2e-4), ("1.2340(750)", 1.234, 0.075), ("2.5(1.2)", 2.5, 1.2), ("-.5(1)", -0.5, 0.1),
        ("rect(1,3)", 2, 1 / math.sqrt(3)), ("tri(1,3)", 2, 1 / math.sqrt(6)), ("arcsine(1,3)", 2, 1 / math.sqrt(2)),
        ("t(1,2,4)", 1, 2 * math.sqrt(2)), ("7", 7, 0), ("1e+3±1e-1", 1000, 0.1),
    ],
)  # fmt: skip
def test_how_uncertainties_are_written(text, value, u):
    found = input_of("x", text, decimal)
    assert (found.value, found.u) == (pytest.approx(value, rel=1e-15), pytest.approx(u, rel=1e-15))


@pytest.mark.parametrize("text", ["2±-1", "rect(2,1)", "rect(1)", "t(0,1,2)", "uniform(1,2)", "nan±1", "2±", "x"])
def test_what_is_no_input_is_refused(text):
    with pytest.raises(UsageError):
        input_of("x", text, decimal)


@pytest.mark.parametrize("shape", ["0±1", "rect(-1,1)", "tri(-1,1)", "arcsine(-1,1)", "t(0,1,9)"])
def test_the_second_order_of_a_square_is_exact(shape):
    """x^2 has the variance E x^4 - (E x^2)^2 and the mean u^2: moments of the distributions' own."""
    fourth = {"0±1": 3, "rect(-1,1)": 1 / 5, "tri(-1,1)": 1 / 15, "arcsine(-1,1)": 3 / 8, "t(0,1,9)": 243 / 35}
    found = gradcli.propagate("x^2", {"x": shape}, trials=200_000)
    u = input_of("x", shape, decimal).u
    assert found.u_first == 0
    assert found.shift == pytest.approx(u**2)
    assert found.u == pytest.approx(math.sqrt(fourth[shape] - u**4), rel=1e-12)
    assert found.mc.u == pytest.approx(found.u, rel=0.05)
    assert found.validated is False


def test_correlated_normal_inputs_have_the_variance_of_their_product():
    """Var(xy) = a^2 v + b^2 u + 2ab c + uv + c^2 (Goodman 1960)."""
    found = gradcli.propagate("x*y", {"x": "2±0.3", "y": "5±0.4"}, corr={("x", "y"): 0.5}, trials=100_000)
    u, v, c = 0.09, 0.16, 0.06
    assert found.u**2 == pytest.approx(25 * u + 4 * v + 20 * c + u * v + c**2, rel=1e-13)
    assert found.shift == pytest.approx(c)
    assert found.mc.u == pytest.approx(found.u, rel=0.02)


def test_third_derivatives_count():
    """Var(x^3) for a normal x: 9 m^4 u^2 + 36 m^2 u^4 + 15 u^6; the last is beyond the order."""
    found = gradcli.propagate("x^3", {"x": "2±0.1"}, trials=0)
    assert found.u**2 == pytest.approx(9 * 16 * 1e-2 + 36 * 4 * 1e-4, rel=1e-12)


def test_readings_are_correlated_as_their_rows(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("V,I\n1,2\n2,4\n3,6\n4,8\n")
    found = answer("V/I", "--at", f"V=@{path}:V,I=@{path}:I", "--trials", "1000")
    assert found["u"] == pytest.approx(0, abs=1e-15)
    found = answer("V + I", "--at", f"V=@{path}:V,I=@{path}:I", "--trials", "1000")
    assert found["u_first"] == pytest.approx(3 * math.sqrt(5 / 3) / 2)
    assert found["dof"] == 3


def test_corr_cov_and_fit_say_the_same(tmp_path):
    cov, fit = tmp_path / "cov.csv", tmp_path / "fit.json"
    cov.write_text("x,y\n0.01,0.01\n0.01,0.04\n")
    fit.write_text(
        '{"parameters": {"x": {"value": 2, "sd": 0.1}, "y": {"value": 3, "sd": 0.2}, "z": {"value": 1, "sd": 1}},'
        ' "cov": [[0.01, 0.01, 0], [0.01, 0.04, 0], [0, 0, 1]], "dof": 7}'
    )
    few = ("--trials", "1000")
    first = answer("x*y", "--at", "x=2±0.1,y=3±0.2", "--corr", "x,y=0.5", *few)
    second = answer("x*y", "--at", "x=2,y=3", "--cov", str(cov), *few)
    third = answer("x*y", "--fit", str(fit), *few)
    assert first["u"] == pytest.approx(second["u"], rel=1e-12) == pytest.approx(third["u"], rel=1e-12)
    assert (first["dof"], third["dof"]) == ("Infinity", 7)


def test_a_fit_of_the_library_is_handed_on_with_its_covariances():
    """A thermometer's correction at 30 C is -0.1494 C, its standard uncertainty 0.0041 C (JCGM 100, H.3.4)."""
    t = [21.521, 22.012, 22.512, 23.003, 23.507, 23.999, 24.513, 25.002, 25.503, 26.010, 26.511]
    b = [-0.171, -0.169, -0.166, -0.159, -0.164, -0.165, -0.156, -0.157, -0.159, -0.161, -0.160]
    line = gradcli.fit("y1 + y2*(t - t0)", {"t": t, "b": b}, y="b", start={"y1": 0, "y2": 0}, at={"t0": 20})
    found = gradcli.propagate("y1 + y2*(30 - t0)", fit=line, trials=0)
    assert (round(found.value, 4), round(found.u, 4), found.dof) == (-0.1494, 0.0041, 9)
    with pytest.raises(UsageError, match="y1 is given twice"):
        gradcli.propagate("y1*2", {"y1": 1}, fit=line)
    with pytest.raises(UsageError, match="x is not in the expression"):
        gradcli.propagate("y1*2", {"x": 1}, fit=line)


def test_a_fit_hands_on_what_it_held_and_the_parameters_that_it_knows(tmp_path):
    """b is at a bound: without a standard error. The uncertainties of the data are known: k is that of a normal one."""
    path = tmp_path / "fit.json"
    path.write_text(
        '{"parameters": {"a": {"value": 2, "sd": 0.1}, "b": {"value": 1, "sd": "NaN"}},'
        ' "cov": [[0.01, "NaN"], ["NaN", "NaN"]], "dof": 4, "at": {"c": 3}, "absolute": true}'
    )
    found = answer("a*c", "--fit", str(path), "--trials", "0")
    assert (found["value"], found["u"], found["dof"]) == (6, pytest.approx(0.3), "Infinity")
    assert answer("a*c", "--fit", str(path), "--at", "c=4", "--trials", "0")["value"] == 8
    assert "no finite standard error of b" in run("propagate", "a*b", "--fit", str(path)).err


def test_welch_satterthwaite_is_refused_with_correlations():
    done = run("propagate", "x*y", "--at", "x=2±0.1,y=3±0.2", "--corr", "x,y=0.5", "--dof", "x=5", "--json")
    assert json.loads(done.out)["dof"] is None
    assert "Welch and Satterthwaite" in done.err


@pytest.mark.parametrize(
    ("text", "at", "kind"),
    [
        ("abs(x)", "x=0.1±1", "kink"), ("max(x, y)", "x=1±1,y=1.5±1", "kink"), ("sqrt(x)", "x=1±1", "domain"),
        ("1/x", "x=1±1", "infinite"), ("floor(x)", "x=0.5±1", "jump"), ("1 if x < 0 else x", "x=0.1±1", "boundary"),
        ("atan2(y, x)", "x=-1±0.1,y=0.1±1", "jump"),
    ],
)  # fmt: skip
def test_what_lies_within_the_uncertainty_is_noted(text, at, kind):
    assert kind in [note["kind"] for note in answer(text, "--at", at, "--trials", "1000")["notes"]]


@pytest.mark.parametrize("text", ["abs(x)", "sqrt(x)", "1/x", "max(x, 1)"])
def test_what_lies_far_away_is_not(text):
    assert "notes" not in answer(text, "--at", "x=9±0.1", "--trials", "1000")


def test_a_row_a_point(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("x,u_x,y\n2,0.1,3\n4,0.2,5\n")
    done = run("propagate", "x*y", "--points", str(path), "--json")
    assert [json.loads(row)["u"] for row in done.out.splitlines()] == pytest.approx([0.3, 1.0])
    done = run("propagate", "x*y + u_x", "--points", str(path), "--json")
    assert [json.loads(row)["u"] for row in done.out.splitlines()] == [0, 0]


def test_a_batch_gains_u(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("id,x,u_x,y,u_y\na,2,0.1,3,0.2\nb,0.5,0.2,1,0.3\nc,1,-1,1,0\n")
    done = run("batch", "x**3*exp(y)", str(path), "-o", str(tmp_path / "out.csv"))
    assert done.status == 0
    heads, *rows = [line.split(",") for line in (tmp_path / "out.csv").read_text().splitlines()]
    assert heads == ["id", "x", "u_x", "y", "u_y", "value", "d/dx", "d/dy", "u"]
    one_by_one = gradcli.propagate("x**3*exp(y)", {"x": (2, 0.1), "y": (3, 0.2)}, trials=0)
    assert float(rows[0][-1]) == pytest.approx(one_by_one.u, rel=1e-13)
    assert float(rows[1][-1]) == pytest.approx(
        gradcli.propagate("x**3*exp(y)", {"x": (0.5, 0.2), "y": (1, 0.3)}, trials=0).u, rel=1e-13
    )
    assert rows[2][-1] == "nan"
    done = run("batch", "x + u_x", str(path), "--only")
    assert done.out.splitlines()[0] == "value,d/dx,d/du_x"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("2*x", "may be trusted: the trials agree"),
        ("x**2", "may be trusted to one digit of its uncertainty, not to two"),
        ("x**9", "may not be trusted"),
    ],
)
def test_the_verdict_for_people(text, verdict):
    """x^2 at 1 ± 0.1: its ends are 1.96^2 0.01 = 0.04 off, a fifth of u = 0.20, more than 0.005 and less than 0.05."""
    assert verdict in run("propagate", text, "--at", "x=1±0.1", "--trials", "200000").out


@pytest.mark.parametrize(
    ("at", "trials", "cells", "verdict"),
    [
        ("x=-2±0.1", "1000", "nan nan 0.0%", "no trial has a value"),
        ("x=0±0.1", "1000", "inf inf", "the first order may not be trusted"),
        ("x=1±0.1", "1", "1 0.1 100.0%", "so few trials do not tell"),
    ],
)
def test_what_is_not_finite_is_not_shown_as_zero(at, trials, cells, verdict):
    text = run("propagate", "log(x)", "--at", at, "--trials", trials).out
    assert next(line.split(None, 3)[3].split() for line in text.splitlines() if line.startswith("x ")) == cells.split()
    assert verdict in text


def test_no_second_order_of_a_value_that_is_not_there():
    found = answer("log(x)", "--at", "x=-2±0.1", "--trials", "0")
    assert (found["value"], found["u_second"], found["shift"]) == ("NaN", None, None)


def test_a_report(tmp_path):
    path = tmp_path / "report.md"
    assert run("propagate", "x*y", "--at", "x=2±0.1,y=3±0.2", "--trials", "1000", "--report", str(path)).status == 0
    text = path.read_text(encoding="utf-8")
    assert "| value | 6.00 ± 0.50 | 6.00(50) |" in text


def test_three_correlations_that_cannot_be_together_name_a_pair():
    corr = {("x", "y"): 0.9, ("y", "z"): 0.9, ("x", "z"): -0.9}
    with pytest.raises(UsageError, match="cannot have"):
        gradcli.propagate("x+y+z", {"x": "1±1", "y": "1±1", "z": "1±1"}, corr=corr)


@pytest.mark.parametrize(
    ("value", "u", "gum", "pdg"),
    [
        (50000838.2, 33.9, "50000838 ± 34", "50000838 ± 34"),
        (0.827, 0.119, "0.83 ± 0.12", "0.83 ± 0.12"),
        (0.827, 0.367, "0.83 ± 0.37", "0.8 ± 0.4"),
        (0.827, 0.997, "0.8 ± 1.0", "0.8 ± 1.0"),
        (0.827, 0.3549, "0.83 ± 0.35", "0.83 ± 0.35"),
        (0.827, 0.3551, "0.83 ± 0.36", "0.8 ± 0.4"),
        (0.827, 0.9499, "0.83 ± 0.95", "0.8 ± 0.9"),
        (0.827, 0.9949, "0.83 ± 0.99", "0.8 ± 1.0"),
        (0.827, 0.9951, "0.8 ± 1.0", "0.8 ± 1.0"),
        (1.7266e-05, 1.76e-06, "(1.73 ± 0.18)e-5", "(1.73 ± 0.18)e-5"),
        (-0.0001, 0.5, "0.00 ± 0.50", "0.0 ± 0.5"),
    ],
)
def test_rounding(value, u, gum, pdg):
    """The rule and its examples 0.119, 0.367: Particle Data Group, Review of Particle Physics, introduction 5.3."""
    assert (rounded(value, u).pair, rounded(value, u, "pdg").pair) == (gum, pdg)


def test_the_library_prints_itself():
    found = gradcli.propagate("x*y, x/y", {"x": (2, 0.1), "y": [1.0, 2.0, 3.0]}, trials=0)
    assert repr(found).splitlines()[0] == "4.0 ± 1.2"
    assert "<table>" in found._repr_html_()
    assert found.corr[0][1] == pytest.approx(found.corr[1][0])


def test_0_is_a_seed_and_means_no_trials():
    assert answer("x*y", "--at", "x=2±0.1,y=3", "--trials", "0")["mc"] is None
    assert answer("x*y", "--at", "x=2±0.1,y=3", "--trials", "1000", "--seed", "0")["mc"]["seed"] == 0
