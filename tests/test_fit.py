"""Least squares, held against the certified answers of NIST and against closed forms."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from cli import gradcli as run
from helpers import data, text_of

import gradcli
from gradcli.errors import UsageError
from gradcli.language.parser import parse
from gradcli.regression import rows as rows_module
from gradcli.regression.loss import LOSSES, Loss
from gradcli.regression.problem import Problem
from gradcli.regression.rows import Rows


def digits(found: float, true: float) -> float:
    """-log10 of the relative error, NIST's LRE, at most 11."""
    error = abs(found - true) / abs(true)
    return 11.0 if error == 0 else min(11.0, -math.log10(error))


@pytest.fixture(scope="module")
def sets():
    found = []
    for item in data("nist/index.json"):
        table = list(csv.DictReader(text_of(f"nist/{item['data']}").splitlines()))
        columns = {name: np.array([float(row[name]) for row in table]) for name in table[0]}
        found.append((item, columns))
    return found


@pytest.mark.parametrize("start", ["start1", "start2"])
def test_the_certified_answers_of_nist(sets, start):
    for item, columns in sets:
        found = gradcli.fit(item["model"], columns, y=item["response"], start=item[start])
        assert found.converged, (item["name"], found.why)
        worst = min(digits(found.parameters[name][0], true) for name, true in item["certified"].items())
        assert worst >= 8, (item["name"], worst)
        if item["name"] != "Lanczos1":
            assert digits(found.rss, item["rss"]) >= 8
            worst = min(digits(found.parameters[name][1], true) for name, true in item["certified_sd"].items())
            assert worst >= 8, (item["name"], worst)
            assert (found.dof, digits(found.residual_sd, item["residual_sd"]) >= 8) == (item["dof"], True)


def test_the_command_and_its_way_to_propagate(sets, tmp_path, monkeypatch):
    item = next(item for item, _ in sets if item["name"] == "Misra1c")
    table = text_of("nist/Misra1c.csv").encode()
    start = ",".join(f"{name}={value}" for name, value in item["start1"].items())
    done = run("fit", item["model"], "-", "--y", "y", "--start", start, "--json", stdin=table)
    found = json.loads(done.out)
    assert done.status == 0
    assert list(found)[:10] == [
        "parameters", "cov", "rss", "residual_sd", "dof", "reduced_chi2", "converged", "why", "steps", "evaluations",
    ]  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("fit.json").write_text(done.out)
    after = json.loads(run("propagate", "b1", "--fit", "fit.json", "--trials", "1000", "--json").out)
    assert (after["u"], after["dof"]) == (pytest.approx(found["parameters"]["b1"]["sd"]), 12)


def test_a_line_through_the_calibration_of_gum_h3():
    """JCGM 100:2008, H.3: y1 = -0.1712(29), y2 = 0.00218(67), r = -0.930, s = 0.0035, for t0 = 20."""
    t = [21.521, 22.012, 22.512, 23.003, 23.507, 23.999, 24.513, 25.002, 25.503, 26.010, 26.511]
    b = [-0.171, -0.169, -0.166, -0.159, -0.164, -0.165, -0.156, -0.157, -0.159, -0.161, -0.160]
    found = gradcli.fit("y1 + y2*(t - 20)", {"t": t, "b": b}, y="b", start={"y1": 0, "y2": 0})
    (y1, u1), (y2, u2) = found.parameters.values()
    assert (round(y1, 4), round(u1, 4), round(y2, 5), round(u2, 5)) == (-0.1712, 0.0029, 0.00218, 0.00067)
    assert (round(found.correlations[0, 1], 3), round(found.residual_sd, 4)) == (-0.930, 0.0035)
    at30 = gradcli.fit("y1 + y2*(t - 30)", {"t": t, "b": b}, y="b", start={"y1": 0, "y2": 0})
    assert [round(x, 4) for x in at30.parameters["y1"]] == [-0.1494, 0.0041]


LINE = {"x": [0.0, 1.0, 2.0, 3.0, 4.0], "y": [1.1, 2.9, 5.2, 6.8, 9.1], "s": [0.1, 0.2, 0.1, 0.3, 0.2]}


def normal_equations(weights):
    design = np.stack([np.ones(5), LINE["x"]], axis=1) * np.array(weights)[:, None]
    cov = np.linalg.inv(design.T @ design)
    return cov @ design.T @ (np.array(LINE["y"]) * weights), cov


def test_weights_known_and_up_to_a_factor():
    b, cov = normal_equations(1 / np.array(LINE["s"]))
    found = gradcli.fit("a + b*x", LINE, sigma="s", absolute=True, start={"a": 0, "b": 0})
    assert found.b == pytest.approx(b, rel=1e-12)
    assert found.cov == pytest.approx(cov, rel=1e-12)
    other = gradcli.fit("a + b*x", LINE, sigma="s", start={"a": 0, "b": 0})
    assert other.cov == pytest.approx(cov * found.reduced_chi2, rel=1e-12)


def test_the_profile_and_the_band_of_a_line_are_those_of_the_linear_theory(tmp_path):
    """t = 3.182446305 for 3 degrees of freedom and 95%."""
    path = tmp_path / "line.csv"
    path.write_text("x,y\n" + "\n".join(f"{x},{y}" for x, y in zip(LINE["x"], LINE["y"], strict=True)))
    argv = ("fit", "a + b*x", str(path), "--y", "y", "--start", "a=0,b=1", "--profile", "b", "--band", "x=0:4:3")
    found = json.loads(run(*argv, "--json").out)
    b, cov = normal_equations(np.ones(5))
    half = 3.182446305 * math.sqrt(cov[1, 1] * found["reduced_chi2"])
    assert found["profile"]["b"] == pytest.approx([b[1] - half, b[1] + half], rel=1e-8)
    assert [row["x"] for row in found["band"]] == [0, 2, 4]
    half = 3.182446305 * math.sqrt(found["reduced_chi2"] / 5)  # at the mean of x
    assert found["band"][1]["high"] == pytest.approx(b[0] + 2 * b[1] + half, rel=1e-8)
    assert run(*argv).out.count("\n") > 8


def test_a_profile_ends_where_the_sum_of_squares_has_grown_by_t_squared():
    """Misra1a, of NIST; t = 2.178812830 for 12 degrees of freedom and 95%."""
    x = [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0]
    y = [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78]
    found = gradcli.fit(
        "b1*(1 - exp(-b2*x))", {"x": x, "y": y}, start={"b1": 500, "b2": 0.0001}, profile=["b1"]
    )  # fmt: skip
    assert (found.b[0], found.rss) == (pytest.approx(238.94212918, rel=1e-10), pytest.approx(0.12455138894, rel=1e-10))
    for end in found.profile["b1"]:
        held = gradcli.fit("b1*(1 - exp(-b2*x))", {"x": x, "y": y}, start={"b2": 0.0005}, at={"b1": end})
        assert (held.rss - found.rss) / found.reduced_chi2 == pytest.approx(2.17881283**2, rel=1e-5)


def test_several_predictors_bounds_and_what_is_held():
    rng = np.random.default_rng(1)
    x, z = rng.random(50), rng.random(50)
    table = {"x": x, "z": z, "y": 2 + 3 * x - z}
    found = gradcli.fit("a + b*x + c*z", table, start={"a": 1, "b": 1}, at={"c": -1})
    assert found.b == pytest.approx([2, 3])
    assert found.dof == 48
    found = gradcli.fit("a + b*x + c*z", table, start={"a": 1, "b": 1, "c": 0}, bounds={"b": (0, 2)})
    assert (found.converged, found.b[1], found.at_bounds) == (True, 2, ["b"])
    assert math.isnan(found.parameters["b"][1])
    inner = gradcli.fit("a + b*x + c*z", table, start={"a": 1, "c": 0}, at={"b": 2})
    assert found.b[[0, 2]] == pytest.approx(inner.b)


@pytest.mark.parametrize("loss", LOSSES)
def test_robust_losses_are_least_where_their_slope_is_zero(loss):
    table = {"x": np.arange(20.0), "y": 1 + 2 * np.arange(20.0) + np.sin(np.arange(20.0))}
    table["y"][7] += 100
    found = gradcli.fit("a + b*x", table, start={"a": 0, "b": 0}, loss=loss)
    assert found.converged
    assert found.b == pytest.approx([1, 2], abs=0.5)
    own = Loss(loss, 1.0)

    def cost(a, b):
        return own.cost(a + b * table["x"] - table["y"])

    least = cost(*found.b)
    assert all(
        cost(found.b[0] + da, found.b[1] + db) > least for da, db in [(1e-3, 0), (-1e-3, 0), (0, 1e-4), (0, -1e-4)]
    )


@pytest.mark.parametrize(
    ("model", "names"),
    [("a*b*x", ["a", "b"]), ("a*exp(b + c*x)", ["a", "b"]), ("a + b*x + 0*c", ["c"]), ("a + b*x + c*(x - 1)", None)],
)
def test_what_the_data_cannot_tell_is_named(model, names, tmp_path):
    start = {name: 1.0 for name in "abc" if name in parse(model).variables}
    found = gradcli.fit(model, LINE, start=start)
    assert found.unknown == (names or ["a", "b", "c"])
    assert not found.converged
    path = tmp_path / "line.csv"
    path.write_text("x,y\n0,1\n1,3\n2,5\n3,8\n")
    done = run("fit", model, str(path), "--y", "y", "--start", ",".join(f"{name}=1" for name in start))
    assert done.status == 1
    assert "not converged: the data cannot tell" in done.out


def test_a_fit_that_did_not_get_there_is_not_called_one():
    done = run("fit", "a*exp(b*x)", "-", "--y", "y", "--start", "a=1,b=3", "--steps", "1", "--json", stdin=CSV)
    assert (done.status, json.loads(done.out)["converged"]) == (1, False)


CSV = b"x,y\n0,1\n1,2\n2,5\n3,9\n"


def test_rows_without_numbers_are_left_out_on_request():
    gaps = CSV + b"4,\n5,nan\n"
    argv = ("fit", "a + b*x", "-", "--y", "y", "--start", "a=0,b=1", "--json")
    assert "row 5" in run(*argv, stdin=gaps).err
    done = run(*argv, "--on-error", "skip", stdin=gaps)
    assert done.status == 1
    assert "2 of 6 rows" in done.err
    assert json.loads(done.out)["parameters"] == json.loads(run(*argv, stdin=CSV).out)["parameters"]


def test_the_response_is_an_expression():
    found = gradcli.fit("log(a) + b*x", {"x": [0, 1, 2.0], "y": [3, 6, 12.0]}, y="log(y)", start={"a": 1, "b": 1})
    assert found.b == pytest.approx([3, math.log(2)])


def test_rows_in_a_file_of_their_own_are_the_same(monkeypatch):
    monkeypatch.setattr(rows_module, "MEMORY", 1000)
    monkeypatch.setattr(rows_module, "CHUNK", 7)
    rng = np.random.default_rng(2)
    columns = [rng.random(100) for _ in range(3)]
    rows = Rows(3)
    for part in range(0, 100, 30):
        rows.append([column[part : part + 30] for column in columns])
    for _ in range(2):
        again = [np.concatenate(parts) for parts in zip(*[[c.copy() for c in chunk] for chunk in rows], strict=True)]
        assert np.array_equal(again, columns)


def test_chunks_are_factored_as_the_whole():
    rng = np.random.default_rng(3)
    x, y = rng.random(9000), rng.random(9000)
    rows = Rows(3)
    rows.append([x, y, np.full(9000, 2.0)])
    triangle = Problem(parse("a + b*exp(x)"), ["a", "b"], ["x"], {}, rows).at(np.array([1.0, 0.5]))
    design = np.stack([np.ones(9000), np.exp(x)], axis=1) * 2
    residuals = (1 + 0.5 * np.exp(x) - y) * 2
    assert triangle.r.T @ triangle.r == pytest.approx(design.T @ design)
    assert triangle.gradient == pytest.approx(design.T @ residuals)
    assert triangle.rss == pytest.approx(residuals @ residuals)


def test_a_long_table_is_fitted_from_where_some_of_its_rows_lead():
    x = np.linspace(0, 5, 250_000)
    found = gradcli.fit("a*exp(-b*x)", {"x": x, "y": 3 * np.exp(-x) + 0.1 * np.sin(1e5 * x)}, start={"a": 1, "b": 3})
    assert found.converged
    assert found.evaluations < 8
    assert found.b == pytest.approx([3, 1], rel=1e-2)


def test_the_library_refuses_names_that_are_not_there():
    with pytest.raises(UsageError, match="there is no loss tukey"):
        gradcli.fit("a*x", LINE, start={"a": 1}, loss="tukey")
    with pytest.raises(UsageError, match="q is no parameter"):
        gradcli.fit("a*x", LINE, start={"a": 1}, profile=["q"])
    assert "<table>" in gradcli.fit("a*x", LINE, start={"a": 1})._repr_html_()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"x": [1, 2, 3], "y": [1, 2]}, "x has 3, y has 2 rows"),
        ({"x": [[1, 2], [3, 4]], "y": [1, 2]}, "the column x has the shape (2, 2)"),
        ({"x": [1, "b"], "y": [1, 2]}, "the column x has something that is no number"),
        ([1, 2], "list is no table"),
    ],
)
def test_the_library_refuses_what_is_no_table(data, what):
    with pytest.raises(UsageError) as caught:
        gradcli.fit("a*x", data, start={"a": 1})
    assert what in caught.value.message


def test_the_library_takes_columns_a_chunk_at_a_time(monkeypatch):
    """The slope through the origin is sum(x y)/sum(x^2)."""
    lengths = []
    append = Rows.append
    monkeypatch.setattr(Rows, "append", lambda rows, columns: (lengths.append(len(columns[0])), append(rows, columns)))
    x = np.arange(1, 2 * rows_module.CHUNK + 8, dtype=np.int32)
    found = gradcli.fit("a*x", {"x": x, "y": np.sqrt(x)}, start={"a": 1})
    assert lengths[:3] == [rows_module.CHUNK, rows_module.CHUNK, 7]
    assert found.b[0] == pytest.approx(math.fsum(x**1.5) / math.fsum(x.astype(float) ** 2), rel=1e-12)


def test_the_library_prints_what_the_shell_does(tmp_path):
    """`0.14999999999999997 ± 1e-17` says more than is known."""
    (tmp_path / "line.csv").write_text("x,y\n0,0.1\n1,0.25\n2,0.4\n3,0.55\n")
    told = run("fit", "a + b*x", str(tmp_path / "line.csv"), "--y", "y", "--start", "a=1,b=1").out.splitlines()
    found = gradcli.fit("a + b*x", str(tmp_path / "line.csv"), start={"a": 1, "b": 1})
    assert [row.split() for row in repr(found).splitlines()[:2]] == [row.split() for row in told[:2]]
    assert [row.split()[:2] for row in told[:2]] == [["a", "0.1"], ["b", "0.15"]]
