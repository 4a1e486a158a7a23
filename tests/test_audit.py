"""Graphs of bounds: no number is outside them, and an audit says with them what it says without."""

from __future__ import annotations

import json
import math
import random

import numpy as np
import pytest
from cli import gradcli as run
from flint import arb, ctx
from fuzz.generator import point, scalar_program
from helpers import data
from ulps import KERNELS, lacking

import gradcli
from gradcli.api.function import Function
from gradcli.api.map import worst_tape
from gradcli.batch import audit
from gradcli.core.ops import by_name
from gradcli.domains import ball_tape
from gradcli.domains.blocks.lacking import LACKS
from gradcli.domains.blocks.tape import BlockTape
from gradcli.domains.compiled.choice import bounds_pay
from gradcli.domains.graph_bounds import all_known

Columns = dict[str, np.ndarray]
# Kinks, steps and choices that hang on rounding, products that vanish, and what leaves the range of floats.
TEXTS = {
    "relu(3*x - 0.3)": [0.1, 0.1 + 2e-17, 0.2, -1.0], "clamp(x*x, 0.01, 1)*x": [0.1, 1.0, -0.1, 1.0000000001, 3.0],
    "where(x*x > 0.01, x, 1/x)": [0.1, 0.3, -0.1], "abs(x*x - 0.01)": [0.1, 0.3],
    "max(x*x, 0.01)*min(x, 3*x)": [0.1, -2.0], "x*exp(-x*x)": [0.0, 27.0, -26.7, 1e-200, 30.0],
    "x*x*1e-200": [1e-60, 1e-70, 1e-155, 1.0], "1/exp(x)": [1000.0, 709.0],
    "exp(x)/(1 + exp(x))": [800.0, 1.0, -800.0], "sin(x)*cos(x*x)": [0.0, 3.1415926535, 1e10, 1e200],
    "tan(x*1.0000001)": [1.5707963, 1.0], "log(x*x)": [1.0, 1.00000001, 1e-170, 1e300],
    "(x + 1)**2.5 - x**0.3": [1e-9, 4.0], "log(1 - exp(-x))": [1e-20, 1e-8, 3.0], "floor(x*10)/x": [0.3, 0.35],
    "tanh(x) - expm1(x)": [1e-9, 0.2, 30.0], "erf(x*1.1) - erf(x)": [0.1, 0.5, 5.9, 7.0],
    "atan2(x*3, x - 1) + gamma(x*1.3)": [0.7, 2.0], "pi*x - 3.141592653589793*x": [1.0],
    "sign(x*x - 0.01)*x": [0.1, 0.3, -0.1], "(x - 0.1)**(x - 1)": [0.5, 0.1, 2.0],
    "x*0.5 + x/4": [1.0, 5e-324, 1.7e308], "where(x > 0.3 or x - x == 0, x*x, 1)": [0.3, 1.0],
}  # fmt: skip


def bounded(f: Function, columns: Columns, executor: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The results, and what is told of the rows: [at most, of which, at least] in units of the last place."""
    value, partials = f.map(executor, **columns)
    outputs = [value, *partials.values()]
    by = "blocks" if executor == "blocks" and all_known(f.optimised(True), LACKS) else "compiled"
    given = {f"result {k}": y for k, y in enumerate(outputs)}
    return outputs, worst_tape(f, frozenset(), list(given), by).run({**columns, **given}, {}, len(value))


def check(f: Function, columns: Columns, executor: str) -> int:
    """Assert that the truth lies between; how many rows were seen."""
    outputs, (most, _, least) = bounded(f, columns, executor)
    graph, seen = f.compiled(True).graph, 0
    for row in range(len(most)):
        at = {x: float(column[row]) for x, column in columns.items()}
        with ctx.workprec(600):
            balls = ball_tape.run(graph.nodes, {x: arb(v) for x, v in at.items()})
            off = [0.0]
            for i, output in zip(graph.outputs, outputs, strict=True):
                y, true = float(output[row]), balls[i]
                if y - y == 0 and true.is_finite() and (true.rel_accuracy_bits() > 100 or true.is_zero()):
                    off.append(float(abs(true - y)) / math.ulp(y))
        if math.isnan(outputs[0][row]):
            continue
        seen += 1
        assert max(off) <= most[row] * 1.000001 + 1e-9, (f.text, at)
        if len(off) > len(outputs):
            assert max(off) >= min(least[row], 1e300) * 0.999999 - 1e-9, (f.text, at)
    return seen


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("executor", ["blocks", "compiled"])
def test_no_number_is_outside_its_bound(text: str, executor: str) -> None:
    assert check(gradcli.function(text), {"x": np.array(TEXTS[text])}, executor)


@pytest.mark.parametrize("executor", ["blocks", "compiled"])
@pytest.mark.parametrize("text", ["x**y", "abs(x - 2*y)*x", "where(x != 1 or y - y == 0, x*y, y)", "sign(x - 2*y)*x*y"])
def test_choices_that_rounding_leaves_alone_have_a_bound(text: str, executor: str) -> None:
    rng = np.random.default_rng(0)
    f, columns = gradcli.function(text), {x: rng.uniform(0.5, 2.0, 20) for x in "xy"}
    assert check(f, columns, executor) == 20
    assert np.isfinite(bounded(f, columns, executor)[1][0]).all()


def test_no_number_of_a_formula_is_outside_its_bound() -> None:
    rng, seen = np.random.default_rng(0), 0
    for item in data("formulas.jsonl")[::4]:
        f = gradcli.function(item["expr"])
        if not f.variables or f.program.whole:
            continue
        points = [p["at"] for p in item["points"]]
        columns = {x: np.repeat([float(p[x]) for p in points], 4) for x in f.variables}
        seen += check(f, {x: v * (1 + rng.normal(0, 0.01, len(v))) for x, v in columns.items()}, "blocks")
    assert seen > 300


@pytest.mark.parametrize("seed", range(2))
def test_no_number_of_a_random_program_is_outside_its_bound(seed: int) -> None:
    atan2 = by_name("atan2")
    for k in range(40):
        rng = random.Random(f"audit-{seed}-{k}")
        f = gradcli.function(scalar_program(rng).text())
        if not f.variables or f.program.whole or any(node[0] is atan2 for node in f.program.nodes):
            continue  # balls know no -0, on whose sign atan2 hangs
        points = [point(rng, dict.fromkeys(f.variables, ())) for _ in range(4)]
        check(f, {x: np.array([float(p[x]) + 0.0 for p in points]) for x in f.variables}, "compiled")


@pytest.mark.parametrize("text", ["log(x + 1) - log(x)", "sin(x)*y - gamma(y)*x", "(x*x - 1)/y + pi*y"])
def test_graphs_of_bounds_say_what_whole_arrays_say(text: str, tmp_path, monkeypatch) -> None:
    rng = random.Random(text)
    table, found = tmp_path / "t.csv", []
    rows = [(10 ** rng.uniform(-2, 12), rng.uniform(-3, 3)) for _ in range(500)] + [("", 1.0), (math.nan, 0.0)]
    table.write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in rows))
    for executor in ("compiled", "blocks", ""):
        monkeypatch.setattr(audit, "bounds_pay", lambda *_, by=executor: bool(by))
        monkeypatch.setattr(audit, "is_installed", lambda by=executor: by == "compiled")
        result = run("batch", text, str(table), "--audit", "--stats", "--json", "--on-error", "nan")
        found.append(json.loads(result.out)["audit"])
    *graphs, arrays = found
    for ours in graphs:
        assert ours["rows"] == arrays["rows"] == 501
        assert 0.97 * arrays["over"] <= ours["over"] <= arrays["over"]
        if math.isfinite(arrays["worst"]["ulps"]):
            assert ours["worst"]["ulps"] == pytest.approx(arrays["worst"]["ulps"], rel=0.5)


def test_a_number_for_all_rows_has_a_bound_too(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(audit, "bounds_pay", lambda *_: True)
    table = tmp_path / "t.csv"
    table.write_text("x\n1\n2.5\n")
    result = run("batch", "exp(a*1.1) + x*log(a)", str(table), "--at", "a=0.1", "--audit", "--stats", "--json")
    audited = json.loads(result.out)["audit"]
    assert audited["over"] == 0
    assert 0 < audited["worst"]["ulps"] < 8


@pytest.mark.parametrize("name", [x for x in LACKS if f"{x}(x)" in KERNELS])
def test_blocks_know_what_a_float_lacks(name: str) -> None:
    assert lacking(name, 300, BlockTape) <= LACKS[name]


def test_blocks_bound_functions_too_where_long_doubles_are_longer() -> None:
    graph = gradcli.function("erf(x)*exp(x) - sin(x)**2.5").optimised()
    assert all_known(graph, LACKS) is (np.finfo(np.longdouble).nmant > 60)
    assert not all_known(gradcli.function("gamma(x)").optimised(), LACKS)


def test_compiled_bounds_serve_large_tables() -> None:
    graph = gradcli.function("x**2 + sin(x)").optimised(True)
    assert not bounds_pay(graph, 10_000)
    assert bounds_pay(graph, 1_000_000)
