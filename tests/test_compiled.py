"""Compiled code: its kernels against balls, whole formulas against the executor for one point, and who runs what."""

from __future__ import annotations

import functools
import math
import pickle
import re
from collections import Counter

import llvmlite
import numpy as np
import pytest
from fuzz.campaign import Plan, run_chunk
from helpers import data
from test_map import awkward, points_of
from ulps import KERNELS, OF_TWO, compiled, lacking, pairs, points, worst

import gradcli
from gradcli.api.map import executor_of
from gradcli.domains.blocks import memory
from gradcli.domains.compiled import code, engine
from gradcli.domains.compiled import tape as tapes
from gradcli.domains.compiled.choice import PAST_CACHE, pays
from gradcli.domains.compiled.kernels.lacking import LACKS
from gradcli.domains.compiled.kernels.quotients import inverse, near_ties
from gradcli.domains.compiled.tape import CompiledTape

inf, nan = math.inf, math.nan
COUNT = 1500  # `python -m tests.ulps 100000` looks at more


def same(got, true) -> bool:
    """The same bits, where they are numbers."""
    got, true = np.asarray(got), np.asarray(true)
    number = true == true
    return np.array_equal(got, true, equal_nan=True) and np.array_equal(
        np.signbit(got)[number], np.signbit(true)[number]
    )


@pytest.mark.parametrize("text", [*KERNELS, *OF_TWO])
def test_kernels_are_near_the_truth_over_their_whole_range(text):
    largest, place = worst(text, COUNT)
    assert largest <= (2.5 if "erf" in text else 2.0), place


@pytest.mark.parametrize("name", LACKS)
def test_what_a_float_lacks_is_known(name):
    assert lacking(name, COUNT) <= LACKS[name][1]


@pytest.mark.parametrize("text", [*KERNELS, *OF_TWO])
def test_kernels_have_the_edges_of_one_point(text):
    """Zeros with their signs, infinities, NaN, the smallest numbers."""
    f = gradcli.function(text)
    given = pairs([], 0) if text in OF_TWO else (points([], 0),)
    for got, *x in zip(compiled(text)(*given).tolist(), *[v.tolist() for v in given], strict=True):
        true = f(**dict(zip(f.variables, x, strict=True)))
        exact = true == 0 or math.isinf(true) or math.isnan(true)
        near = math.isclose(got, true, rel_tol=1e-15, abs_tol=5e-324)
        assert same(got, true) if exact else near, (x, got, true)


def test_what_needs_no_approximation_is_exact():
    x, y = pairs([(lambda rng, n: rng.uniform(-9, 9, n), lambda rng, n: rng.integers(-3, 4, n) / 2)], 1500)
    texts = ["x + y", "x - y", "x*y", "x/y", "-x", "abs(x)", "max(x, y)", "min(x, y)", "sign(x)", "floor(x)", "ceil(x)"]
    texts += ["trunc(x)", "round(x)", "x if x < y else y", "x > y", "x >= y or x == y", "not x <= y", "x != y and y"]
    texts += ["where(x, y, 1)", "clamp(x, -1, y)", "fmod(x, y)", "x % y"]
    for text in texts:
        f = gradcli.function(text)
        given = {"x": x, "y": y} if "y" in f.variables else {"x": x}
        true = [f(**{k: float(v[i]) for k, v in given.items()}) for i in range(len(x))]
        assert same(compiled(text)(*given.values()), true), text


@pytest.mark.parametrize(
    "y", [math.sqrt(2), math.pi, 3.0, -10.0, 0.1, 1.3, 1.9, 6.62607015e-34, 1.7, 1e300, 5e-324, 0.0, inf, nan]
)
def test_a_quotient_by_a_literal_has_the_bits_of_a_division(y):
    """Results below 2**-960 may be off by a unit in the last place."""
    near = near_ties(int(math.ldexp(math.frexp(y)[0], 53))) if 1 < y < 2 else ()
    x = np.concatenate([points([lambda rng, n: rng.uniform(-4, 4, n)], 20_000), np.array([*near, 4785074604081154.0])])
    with np.errstate(all="ignore"):
        true = x / y
    got = compiled(f"x/({y!r})")(x)
    tiny = (np.abs(true) < 2.0**-960) & (true != 0)
    assert same(got[~tiny], true[~tiny])
    assert (np.abs(got[tiny] - true[tiny]) <= np.spacing(np.abs(true[tiny]))).all()


def test_a_literal_of_which_the_product_would_be_wrong_is_divided_by():
    """Of 1.7 it is wrong for 4785074604081154 alone."""
    assert inverse(1.7) is None
    high, low = inverse(1.3)
    assert 0 < low < math.ulp(high)
    assert "fdiv" in tapes.coded(gradcli.function("x/1.7").optimised(False), frozenset()).text
    assert "fdiv" not in tapes.coded(gradcli.function("x/1.3 + log(x)").optimised(False), frozenset()).text


@pytest.mark.parametrize("length", [1, 8, 1500])
def test_real_formulas_agree_with_one_point(length):
    for item in data("formulas.jsonl")[:: 1 if length == 8 else 5]:
        f = gradcli.function(item["expr"])
        values, grads = f.map("compiled", **points_of(item, length))
        count = len(item["points"])
        for k in range(min(length, count)):
            point = item["points"][k]
            one, by = f.value_and_grad(**point["at"])
            for name, true in {"value": one, **by}.items():
                got = (values if name == "value" else grads[name])[k]
                allowed = 2 * point["direct"][name] * abs(true) + 8 * math.ulp(true)
                assert abs(got - true) <= allowed, (item["id"], name, got, true)


def test_random_programs_agree_with_one_point():
    report = run_chunk(Plan(11, ("floats", "compiled"), arrays=0.0), 0, 80)
    assert not report.failures, report.text()


TEXTS = ["sin(x)*y + exp(-x*y)", "where(x > 1, x**y, log(x + y))", "erf(x)/tanh(y)", "gamma(x)*y + sin(gamma(y))"]


@pytest.mark.parametrize("text", TEXTS)
def test_bits_do_not_depend_on_width_split_or_threads(text, monkeypatch):
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 3, (2, 20_001))
    f = gradcli.function(text)
    true = f.map("compiled", x=x, y=y)

    def holds(found):
        return same(found[0], true[0]) and all(same(found[1][k], true[1][k]) for k in true[1])

    def by(threads: int, **patched):
        with monkeypatch.context() as patch:
            for name, value in patched.items():
                patch.setattr(code if name == "PART" else tapes, name, value)
            tape = CompiledTape(f.optimised(True), [])
            value, *partials = tape.run({"x": x, "y": y}, {}, len(x), threads)
            return value, dict(zip(f.variables, partials, strict=True))

    assert holds(by(1))
    assert holds(by(3, BLOCK=1024, SMALL_BLOCK=1024))
    assert holds(by(2, PART=20))
    assert holds(by(2, compiled=functools.partial(engine.compiled, width=256)))
    assert holds(f.map("compiled", x=x.astype(object), y=y))
    for k in (0, 1, 7, 8, 9, 1025):
        assert same(f.map("compiled", x=x[:k], y=y[:k])[0], true[0][:k])


@pytest.mark.parametrize("kept", [2**20, memory.KEPT])
def test_results_may_go_past_the_cache(monkeypatch, kept):
    """For which they begin at a cache line, also where they are too long to be kept."""
    monkeypatch.setattr(memory, "KEPT", kept)
    f = gradcli.function("x*y + 3")
    x = np.linspace(-1, 1, PAST_CACHE + 5)
    true = f.map("blocks", x=x, y=2.0)
    found = f.map("compiled", x=x, y=2.0)
    assert same(found[0], true[0])
    assert same(found[1]["y"], true[1]["y"])
    assert [key[1] for key in f.block_tapes] == ["float64", "compiled float64 past the cache"]


def test_many_results_go_through_the_cache():
    """Each core has few places for lines that go past it: Black-Scholes took a fifth longer."""
    for text, few in (("a*b + c*d", True), ("a*b + c*d + e*f", False)):
        code = tapes.coded(gradcli.function(text).optimised(True), frozenset(), past_cache=True)
        assert ("nontemporal" in code.text) is few


@pytest.mark.parametrize("zero", ["(1 - 1)", "(-0.0)", "frac(2)"])
def test_a_power_of_no_exponent_is_1(zero):
    x = np.resize([0.0, -0.0, 1.0, inf, -inf, 2.5, -3.0], 40)
    value, grad = gradcli.function(f"x**{zero}").map("compiled", x=x)
    assert value.tolist() == [1.0] * 40
    assert grad["x"].tolist() == [0.0] * 40


def test_awkward_inputs():
    f = gradcli.function("where(x > 50, x**3*y, sqrt(x) - y)")
    x = np.resize(np.arange(101.0), 20_003)
    true, by = f.map("compiled", x=x, y=np.linspace(1, 2, len(x)))
    for kind, given in awkward(x).items():
        got, grads = f.map("compiled", x=given, y=np.linspace(1, 2, len(x)))
        assert same(got, true), kind
        assert same(grads["x"], by["x"]), kind


@pytest.mark.parametrize("text", [*TEXTS, "x*y + 0.1*x"])
def test_float32_is_float64_rounded(text):
    """Also where an operation is a call of NumPy, for which columns are widened."""
    f = gradcli.function(text)
    for length in (5, 2051, PAST_CACHE + 13 if text is TEXTS[0] else 8):
        x, y = np.random.default_rng(7).uniform(0, 3, (2, length)).astype(np.float32)
        x[:5] = [0.0, -0.0, 1e38, inf, nan]
        wide = f.map("compiled", x=x.astype(float), y=y.astype(float))
        with np.errstate(over="ignore"):
            true = [v.astype(np.float32) for v in (wide[0], *wide[1].values())]
        value, by = f.map("float32", "compiled", x=x, y=y)
        assert value.dtype == np.float32
        assert all(map(same, (value, *by.values()), true))
    assert same(f.map("float32", "compiled", x=x.astype(">f8"), y=y.astype(object))[0], value)


def test_where_the_value_is_nan_all_partials_are():
    f = gradcli.function("log(x) + y")
    values, grads = f.map("compiled", x=[-1.0, 2.0], y=[1.0, nan])
    assert np.isnan([values, grads["x"], grads["y"]]).all()


def test_scalars_constants_and_what_does_not_move():
    f = gradcli.function("a*exp(b)*x + 2*b")
    values, grads = f.map("compiled", x=[1.0, 2.0, 3.0], a=2.0, b=0.0)
    assert values.tolist() == [2.0, 4.0, 6.0]
    assert (grads["a"].tolist(), grads["x"].tolist()) == ([1.0, 2.0, 3.0], [2.0, 2.0, 2.0])
    assert grads["b"].tolist() == [4.0, 6.0, 8.0]
    assert f.map("compiled", x=[1.0], a=3.0, b=0.0)[0].tolist() == [3.0]
    values, grads = gradcli.function("3 + 0*x").map("compiled", x=[1.0, inf])
    assert same(values, [3.0, nan])


def test_angles_beside_a_multiple_of_a_quarter_turn():
    """Digits of mpmath; glibc's functions, and so the executor for one point, are 7,500 units off at the first."""
    for text, x, true in (
        ("sin(x)", 1.2085420784183104e44, 6.2373485557199969738e-17),
        ("cos(x)", 1.2094912707964283e23, 1.194088187629847841e-17),
        ("tan(x)", 8.163776831937144e296, -28707588789652275.105),
        ("cos(x)", 1.7976931348623157e308, -0.9999876894265600),
    ):
        found = compiled(text)(np.array([x, -x]))
        assert abs(found - [true, true if "cos" in text else -true]).max() <= math.ulp(true)
    for name in ("sin", "cos", "tan"):
        found = compiled(f"{name}(x)")(np.array([inf, -inf, nan, 0.0, -0.0]))
        assert same(found, [nan, nan, nan, 1.0, 1.0] if name == "cos" else [nan, nan, nan, 0.0, -0.0])


def test_a_long_program_is_compiled_in_parts_and_its_text_is_linear():
    def lines(count: int) -> int:
        steps = "".join(f"z{k + 1} = sin(z{k}*y) + z{max(0, k - 9)}*x; " for k in range(count))
        f = gradcli.function(f"z0 = x; {steps}z{count}")
        return tapes.coded(f.optimised(True), frozenset()).text.count("\n")

    assert lines(80) < 2.2 * lines(40)


@pytest.mark.parametrize("text", ["i0(-2/x)", "sin(x)*y + exp(-x*y)", "gamma(x)*y + sin(gamma(y)) + lgamma(x)"])
def test_a_stage_of_one_part_keeps_nothing_in_slots(text, monkeypatch):
    """A slot holds 64 points, and a part that is alone runs over all of them: it wrote beyond the buffer."""
    graph = gradcli.function(text).optimised(True)
    for limit in range(1, 160):
        monkeypatch.setattr(code, "PART", limit)
        parts = re.findall(
            r"^define internal void @part(\d+)_(.*?)^}", tapes.coded(graph, frozenset()).text, re.M | re.S
        )
        count = Counter(depth for depth, _ in parts)
        assert not [depth for depth, body in parts if count[depth] == 1 and "%buffer" in body], limit


def test_who_runs_hangs_on_the_formula_and_the_number_of_points():
    light, heavy = (gradcli.function(text).optimised(True) for text in ("x*y + 1", "erf(x)*sin(y)*erf(x*y)"))
    for graph in (light, heavy):
        assert [pays(graph, 10**k) for k in (0, 4, 9)] == [False, False, True]
    assert pays(heavy, 8_000_000)
    assert not pays(light, 8_000_000)
    f = gradcli.function("erf(x)*sin(y)*erf(x*y)")
    assert [executor_of(f, "float64", n) for n in (1, 10**8)] == ["blocks", "compiled"]
    assert [executor_of(f, "float32", n) for n in (1, 5_000_000, 10**8)] == ["blocks", "blocks", "compiled"]
    assert executor_of(f, "float64", 5_000_000) == "compiled"


@pytest.mark.parametrize("reason", ["llvmlite is not installed", "the processor has no fma"])
def test_without_compiled_code_the_blocks_run(monkeypatch, reason):
    missing = "llvmlite" in reason
    monkeypatch.setattr("gradcli.api.map.is_installed", lambda: not missing)
    monkeypatch.setattr("gradcli.api.map.obstacle", lambda: reason)
    f = gradcli.function("erf(x)*sin(x)")
    assert executor_of(f, "float64", 10**8) == "blocks"
    with pytest.raises(ValueError, match=f"there is no compiled code here: {reason}\n") as caught:
        f.map("compiled", x=[1.0])
    assert ("pip install 'gradcli[fast]'" in str(caught.value)) is missing


def test_what_stands_in_the_way_is_said_in_words(monkeypatch):
    for name, answer, words in (
        ("is_installed", lambda: False, "llvmlite is not installed"),
        ("_may_execute", lambda: False, "memory may not be made executable"),
        ("OLDEST", 10**6, f"llvmlite {llvmlite.__version__} is older than 0.45"),
        ("_features", lambda: {"fma": False, "avx2": True}, "the processor has no fma"),
        ("_library", lambda: None, "the C library has no fmod"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(engine, name, answer)
            patch.setattr(engine.platform, "machine", lambda: "x86_64")
            assert engine.obstacle.__wrapped__().startswith(words)
    assert engine.obstacle() == ""


def test_names_by_place():
    f = gradcli.function("2*x")
    assert f.map("blocks", x=[1.0])[0].tolist() == f.map({"x": [1.0]}, "compiled")[0].tolist() == [2.0]
    assert f.map("float32", "blocks", x=[1.0])[0].dtype == np.float32
    for wrong, message in (
        (("quick",), "'quick' is neither a type that map computes in nor an executor"),
        (("compiled", "blocks"), "f.map takes its variables as keywords"),
    ):
        with pytest.raises(ValueError, match=message):
            f.map(*wrong, x=[1.0])


def test_a_function_that_has_compiled_code_pickles():
    f = gradcli.function("x*y")
    f.map("compiled", x=[1.0], y=[2.0])
    assert pickle.loads(pickle.dumps(f)).map("compiled", x=[3.0], y=[2.0])[0].tolist() == [6.0]


def test_what_is_shared_is_written_once():
    both, one = (
        tapes.coded(gradcli.function(text).optimised(False), frozenset()).text for text in ("sin(x) + cos(x)", "sin(x)")
    )
    counts = [Counter(line.split(" = ")[-1].split(" ")[0] for line in text.splitlines()) for text in (both, one)]
    assert counts[0]["call"] < 1.5 * counts[1]["call"]
