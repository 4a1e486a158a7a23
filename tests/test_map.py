"""f.map: every point of columns, held against the executor for one point."""

from __future__ import annotations

import gc
import math
import re

import numpy as np
import pytest
from helpers import data

import gradcli
from gradcli.api.map import block_tape
from gradcli.domains.blocks import erf as erfblocks
from gradcli.domains.blocks import memory
from gradcli.domains.blocks import tape as blocks
from gradcli.domains.blocks import trig as trigblocks
from gradcli.domains.blocks.tape import BLOCK, SMALLEST

inf, nan = math.inf, math.nan


def same(got, true) -> bool:
    return bool(np.array_equal(np.asarray(got), np.asarray(true), equal_nan=True))


def points_of(item: dict, length: int) -> dict[str, np.ndarray]:
    return {x: np.resize([p["at"][x] for p in item["points"]], length) for x in item["variables"]}


@pytest.mark.parametrize("length", [1, 7, 2 * SMALLEST + 1])
def test_real_formulas_agree_with_one_point(length):
    for item in data("formulas.jsonl"):
        f = gradcli.function(item["expr"])
        values, grads = f.map(**points_of(item, length))
        count = len(item["points"])
        for k in {0, min(length, count) - 1, length - 1}:
            point = item["points"][k % count]
            one, by = f.value_and_grad(**point["at"])
            for name, true in {"value": one, **by}.items():
                got = (values if name == "value" else grads[name])[k]
                allowed = 2 * point["direct"][name] * abs(true) + 8 * math.ulp(true)
                assert abs(got - true) <= allowed, (item["id"], name, got, true)


@pytest.mark.parametrize("length", [0, 1, 2, 12345, SMALLEST - 1, SMALLEST + 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_lengths(length):
    x = np.arange(length) / 8.0
    values, grads = gradcli.function("x**2 + 3*x + 1").map(x=x)
    assert same(values, x * x + 3 * x + 1)
    assert same(grads["x"], 2 * x + 3)
    assert values.dtype == np.float64
    assert values.shape == grads["x"].shape == (length,)


def awkward(x: np.ndarray) -> dict[str, np.ndarray]:
    frozen = x.copy()
    frozen.flags.writeable = False
    raw = np.empty(8 * len(x) + 1, np.uint8)
    crooked = raw[1:].view(np.float64)
    crooked[:] = x
    return {
        "every third": np.repeat(x, 3)[::3], "backwards": x[::-1].copy()[::-1], "read-only": frozen,
        "big-endian": x.astype(">f8"), "little integers": x.astype(np.int8), "unsigned": x.astype(np.uint64),
        "float32": x.astype(np.float32), "objects": x.astype(object), "not aligned": crooked,
        "big-endian integers": x.astype(">i4"), "column of a matrix": np.stack([x, x], axis=1)[:, 0],
    }  # fmt: skip


def test_awkward_inputs():
    f = gradcli.function("where(x > 50, x**3*y, sqrt(x) - y)")
    x = np.resize(np.arange(101.0), BLOCK + 3)
    y = np.linspace(1, 2, len(x))
    true, by = f.map(x=x, y=y)
    for kind, given in awkward(x).items():
        before = given.copy()
        got, grads = f.map(x=given, y=y)
        assert same(got, true), kind
        assert same(grads["x"], by["x"]), kind
        assert same(grads["y"], by["y"]), kind
        assert given.tolist() == before.tolist(), kind


class Series:
    """What pandas, polars and pyarrow have in common."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype)


def test_anything_with_the_array_interface():
    f = gradcli.function("x*y")
    values, grads = f.map(x=Series([1.0, 2.0]), y=[3, 4])
    assert values.tolist() == [3.0, 8.0]
    assert grads["x"].tolist() == [3.0, 4.0]
    assert f.map(x=[True, False], y=2.0)[0].tolist() == [2.0, 0.0]
    for library, series in (("pandas", "Series"), ("polars", "Series"), ("pyarrow", "array")):
        try:
            module = __import__(library)
        except ImportError:
            continue
        assert f.map(x=getattr(module, series)([1.0, 2.0]), y=2)[0].tolist() == [2.0, 4.0]


class Nullable(Series):
    """pandas' Series of its own types, polars' and pyarrow's each say in their way which rows have no value."""

    def __init__(self, values, missing):
        super().__init__(values)
        self.missing = np.isin(np.arange(len(values)), missing)


class OfPandas(Nullable):
    dtype = "Float64"

    def isna(self):
        return Series(self.missing)


class OfPolars(Nullable):
    def null_count(self):
        return self.missing.sum()

    def is_null(self):
        return Series(self.missing)


class OfArrow(OfPolars):
    num_chunks = 1

    @property
    def null_count(self):
        return self.missing.sum()

    def chunk(self, k):
        return Series(self.values)

    def __array__(self, dtype=None, copy=None):
        raise AssertionError("one chunk is not copied")


@pytest.mark.parametrize("kind", [OfPandas, OfPolars, OfArrow])
def test_rows_without_a_value_are_refused(kind):
    f = gradcli.function("2*x")
    assert same(f.map(x=kind([1.0, nan, 3.0], []))[0], [2, nan, 6])
    with pytest.raises(ValueError, match=r"x has no value in row 2 \(the first row is 0\)"):
        f.map(x=kind([1.0, 2.0, nan, nan], [2, 3]))


def test_masked_arrays_and_objects_without_a_value_are_refused():
    f = gradcli.function("2*x")
    assert same(f.map(x=np.ma.array([1.0, 2.0], mask=False))[0], [2, 4])
    with pytest.raises(ValueError, match="x has no value in row 1"):
        f.map(x=np.ma.array([1.0, 2.0], mask=[0, 1]))
    with pytest.raises(ValueError, match=r"x has no number in row 1 .*None"):
        f.map(x=[1.0, None])


def test_real_columns_of_other_libraries():
    """With the packages that are there; the stand-ins above hold everywhere."""
    f = gradcli.function("2*x")
    for library, make in {
        "pandas": lambda m: [m.Series([1, m.NA], dtype="Int64"), m.Series([0.5, m.NA], dtype="Float64")],
        "polars": lambda m: [m.Series([1, None]), m.Series([0.5, None])],
        "pyarrow": lambda m: [m.array([1, None]), m.chunked_array([[0.5], [None]])],
    }.items():
        try:
            module = __import__(library)
        except ImportError:
            continue
        for column in make(module):
            with pytest.raises(ValueError, match="x has no value in row 1"):
                f.map(x=column)
            assert same(f.map(x=column[:1])[0], [2 * float(column[0])])


def test_float32():
    text = "where(x > y, exp(-x**2)*erf(x), log(x + y)**3) + sin(x)/3 + relu(y - 1)*ndtr(x)"
    f = gradcli.function(text)
    x, y = np.random.default_rng(4).uniform(0.5, 2, (2, 2 * BLOCK + 5)).astype(np.float32)
    true, by = f.map(x=x, y=y)
    for kind in ("float32", np.float32, np.dtype("float32")):
        values, grads = f.map(kind, x=x, y=y)
        assert values.dtype == grads["x"].dtype == np.float32
        assert np.allclose(values, true, rtol=3e-6, atol=1e-6)
        for name in "xy":
            assert np.allclose(grads[name], by[name], rtol=1e-5, atol=1e-6)
    assert f.map(x=x, y=y)[0].dtype == np.float64
    values, grads = gradcli.function("x*y + z").map("float32", x=x.astype(">f8"), y=3, z=1e-3)
    assert values.dtype == grads["y"].dtype == np.float32
    assert np.allclose(values, 3 * x + 1e-3, rtol=1e-6)


def test_float32_keeps_the_conventions():
    for text in CONVENTIONS:
        if "gamma" in text:
            continue
        f = gradcli.function(text if "x" in text.replace("max", "").replace("exp", "") else text + " + 0*x")
        with np.errstate(all="ignore"):
            values, grads = f.map("float32", x=np.float32(EDGES_OF_FLOAT32))
        for k, x in enumerate(EDGES_OF_FLOAT32):
            one, by = f.value_and_grad(x=x)
            for got, true in ((values[k], one), (grads["x"][k], by["x"])):
                with np.errstate(over="ignore"):
                    true = float(np.float32(true))
                near = math.isclose(got, true, rel_tol=3e-6, abs_tol=1e-6)
                assert near or (math.isnan(got) and math.isnan(true)), (text, x, got, true)


def test_a_variable_may_be_called_dtype():
    f = gradcli.function("dtype*x")
    assert f.map(dtype=[2.0], x=[3.0])[0].tolist() == [6.0]
    assert f.map("float32", dtype=[2.0], x=[3.0])[1]["dtype"].dtype == np.float32
    for wrong in ("int64", "float16", "x", [1.0, 2.0]):
        with pytest.raises(ValueError, match="is neither a type that map computes in nor an executor"):
            f.map(wrong, dtype=[2.0], x=[3.0])


EDGES_OF_FLOAT32 = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, inf, -inf, nan]
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 1e-200, -1e-200, 1e200, -1e200, 1e5, 3e7, inf, -inf, nan]
CONVENTIONS = [
    "where(x > 0, sqrt(x), 0)", "where(x > 0, 0, log(-x))", "where(x > 0, log(x), sqrt(-x))",
    "sqrt(x) if x > 0 else -x", "where(x, 1/x, 0)", "abs(x)", "relu(x)", "max(x, 0)", "max(x, 1, -1)", "min(x, 2)",
    "clamp(x, -1, 1)", "sign(x)*x", "floor(x)*x", "x**2", "x**3", "x**8", "x**9", "x**-1", "x**-2", "x**-3",
    "x**0.5", "x**-0.5", "x**1.5", "x**0", "x**1", "1/x", "sqrt(x)", "log(x)", "asin(x)", "sin(x)", "cos(x)",
    "sin(x)*cos(x)", "1/sin(x)", "x > 1", "(x > 1) + x", "not x", "(x > 0 and x < 2)*x", "(x < 0 or x > 2)*x",
    "sigmoid(x)", "softplus(x)", "tanh(x)", "exp(x)", "erf(x)", "leaky_relu(x)", "elu(x)", "silu(x)", "gelu(x)",
    "logsigmoid(x)", "sinc(x)", "xlogy(x, x)", "logaddexp(x, -x)", "lgamma(x)", "digamma(x)", "x % 2",
    "hypot(x, 1)", "cbrt(x)", "log(x, 2)", "rsqrt(x)", "softsign(x)", "x*nan", "x - x", "3", "pi*x", "x == x",
    "x != 1", "ndtr(x)", "round(x)*x", "fmod(x, 2)", "degrees(x)", "sech(x)", "csch(x)", "coth(x)", "logit(x)",
    "relu(x) - relu(-x)",
]  # fmt: skip


@pytest.mark.parametrize("text", CONVENTIONS)
def test_conventions_are_those_of_one_point(text):
    """Also signs of zero where a further step would show them, infinities and NaN."""
    if "x" not in text.replace("max", "").replace("exp", ""):
        text += " + 0*x"
    f = gradcli.function(text)
    values, grads = f.map(x=EDGES)
    allowed = 2e-16 if "gamma" in text else 1e-300  # scipy's digamma loses digits beside its zeros
    for k, x in enumerate(EDGES):
        one, by = f.value_and_grad(x=x)
        for got, true in ((values[k], one), (grads["x"][k], by["x"])):
            both_nan = math.isnan(got) and math.isnan(true)
            assert both_nan or got == true or math.isclose(got, true, rel_tol=4e-15, abs_tol=allowed), (x, got, true)


def test_every_operation_on_numbers_agrees_with_one_point():
    from gradcli.core.ops import TABLE
    from gradcli.language.names import parameters

    for row in TABLE.values():
        if row.symbol or row.whole or row.missing:
            continue
        count = 2 if row.variadic else len([p for p in parameters(row) if p.default is None])
        names = ["x", "y", "z"][:count]
        try:
            f = gradcli.function(f"{row.name}({', '.join(names)})")
        except gradcli.ExpressionError:
            continue  # serves rules alone
        columns = {x: np.array([0.3, 0.7, 1.4, -0.6]) + 0.1 * k for k, x in enumerate(names)}
        values, grads = f.map(**columns)
        for k in range(4):
            one, by = f.value_and_grad(**{x: c[k] for x, c in columns.items()})
            assert math.isclose(values[k], one, rel_tol=1e-13) or (one != one and values[k] != values[k]), row.name
            for x in names:
                got, true = grads[x][k], by[x]
                assert math.isclose(got, true, rel_tol=1e-12, abs_tol=1e-15) or (true != true and got != got), row.name


def test_where_the_value_is_nan_all_partials_are():
    values, grads = gradcli.function("log(x) + y").map(x=[1.0, -1.0, 2.0], y=[1.0, 2.0, nan])
    assert np.isnan(values).tolist() == [False, True, True]
    assert grads["x"][0] == grads["y"][0] == 1.0
    assert np.isnan([grads["x"][1:], grads["y"][1:]]).all()


def test_numbers_hold_for_all_points():
    f = gradcli.function("x**p*y")
    x = np.linspace(0.5, 2, 1001)
    values, grads = f.map(x=x, p=2, y=np.float32(3))
    assert np.allclose(values, 3 * x**2, rtol=1e-15)
    assert np.allclose(grads["p"], 3 * x**2 * np.log(x), rtol=1e-14)
    assert np.allclose(grads["y"], x**2, rtol=1e-15)
    again, _ = f.map(x=x, p=np.full(1001, 2.0), y=3)
    assert np.allclose(again, values, rtol=1e-15)


@pytest.mark.parametrize("p", [2.0, -3.0, 0.0])
def test_choices_among_numbers(p):
    f = gradcli.function(
        "where(p > 0 and p < 9, p**2, -p)*x + where(not p, 3, p > 0) + max(p, 1)*clamp(x, p, 2) + relu(p)"
    )
    values, grads = f.map(x=[0.25, 3.0], p=p)
    for k, x in enumerate([0.25, 3.0]):
        one, by = f.value_and_grad(x=x, p=p)
        assert math.isclose(values[k], one, rel_tol=1e-15)
        assert [grads["x"][k], grads["p"][k]] == [by["x"], by["p"]]


def test_partials_that_do_not_vary():
    values, grads = gradcli.function("x").map(x=[1, 2])
    assert values.tolist() == [1.0, 2.0]
    assert grads["x"].tolist() == [1.0, 1.0]
    values, grads = gradcli.function("x + y").map(x=[1, 2], y=1)
    assert grads["x"].tolist() == grads["y"].tolist() == [1.0, 1.0]
    assert grads["x"] is not grads["y"]


def test_constants_are_variables_where_they_are_given():
    values, grads = gradcli.function("e*x").map(e=[2.0, 3.0], x=5)
    assert values.tolist() == [10.0, 15.0]
    assert list(grads) == ["e", "x"]
    assert grads["e"].tolist() == [5.0, 5.0]


def test_names_are_compared_after_nfkc_and_take_any_name():
    assert gradcli.function("self*µ").map(self=[2.0], μ=[3.0])[0].tolist() == [6.0]


@pytest.mark.parametrize(
    ("text", "columns", "words"),
    [
        ("x*y", {"x": [1, 2], "y": [1, 2, 3]}, ["x has 2", "y has 3"]),
        ("x*y", {"x": 1, "y": 2}, ["at least one array", "value_and_grad"]),
        ("x*y", {"x": [1]}, ["no value for y"]),
        ("x", {"x": [1], "z": [1]}, ["z is not a variable"]),
        ("x", {"x": [[1], [2]]}, ["shape (2, 1)", "ravel"]),
        ("x", {"x": ["a"]}, ["x is neither a number nor a column"]),
        ("x", {"x": [[1], [2, 3]]}, ["x is neither a number nor a column"]),
        ("x", {"x": np.array([1j])}, ["x is neither a number nor a column"]),
        ("x", {"x": None}, ["x"]),
        ("x.sum()", {"x": [1]}, ["sum", "value_and_grad"]),
        ("x[0] + y", {"x": [1], "y": [1]}, ["index"]),
        ("x @ x", {"x": [1]}, ["value_and_grad"]),
        ("x, 2*x", {"x": [1]}, ["tuple"]),
    ],
)
def test_mistakes(text, columns, words):
    with pytest.raises(ValueError) as found:  # noqa: PT011
        gradcli.function(text).map(**columns)
    assert all(word in str(found.value) for word in words), str(found.value)


def test_threads_give_the_same_bits(monkeypatch):
    f = gradcli.function("where(x > y, sin(x)*exp(y), log(x)*y**3)")
    x, y = np.random.default_rng(1).uniform(0.5, 2, (2, 20 * BLOCK + 17))
    first, by = f.map(x=x, y=y)
    for cores in (1, 2, 7):
        monkeypatch.setattr(blocks, "cores", lambda cores=cores: cores)
        again, grads = f.map(x=x, y=y)
        assert same(again, first)
        assert same(grads["x"], by["x"])
        assert same(grads["y"], by["y"])


def test_many_callers_share_one_tape():
    """As the rows of a file do: each caller with as many threads as it may have."""
    from concurrent.futures import ThreadPoolExecutor

    f = gradcli.function("where(x > y, sin(x)*exp(y), log(x)*y**3) + erf(x)")
    x, y = np.random.default_rng(6).uniform(0.5, 2, (2, 5 * BLOCK + 17))
    first, by_x, by_y = block_tape(f, frozenset()).run({"x": x, "y": y}, {}, len(x), threads=1)
    with ThreadPoolExecutor(6) as pool:
        runs = pool.map(
            lambda k: block_tape(f, frozenset()).run({"x": x, "y": y}, {}, len(x), threads=1 + k % 3), range(24)
        )
        for value, dx, dy in runs:
            assert same(value, first)
            assert same(dx, by_x)
            assert same(dy, by_y)


def test_a_point_has_the_same_bits_wherever_it_stands():
    f = gradcli.function("sin(x)*exp(x)/x")
    x = np.random.default_rng(2).uniform(0.5, 2, BLOCK + 99)
    whole, part = f.map(x=x)[0], f.map(x=x[-55:])[0]
    assert same(whole[-55:], part)


def test_results_are_nobody_elses():
    """Memory is used again, but never while somebody holds a view of it."""
    f = gradcli.function("2*x")
    n = 2 * memory.SMALLEST_KEPT // 8
    x = np.arange(float(n))
    values, grads = f.map(x=x)
    view = values[5:10]
    del values, grads
    gc.collect()
    for k in range(5):
        f.map(x=x + k)
    assert view.tolist() == [10.0, 12.0, 14.0, 16.0, 18.0]
    kept = [f.map(x=x + k)[0] for k in range(40)]
    assert [v[0] for v in kept] == [2.0 * k for k in range(40)]
    assert sum(base.nbytes for base in memory._results) <= memory.KEPT


def test_memory_of_dropped_results_is_used_again():
    f = gradcli.function("3*x")
    x = np.arange(2.0 * memory.SMALLEST_KEPT / 8)
    values, grads = f.map(x=x)
    del values, grads
    gc.collect()
    before = {id(base) for base in memory._results}
    values, grads = f.map(x=x)
    assert {id(base) for base in memory._results} == before
    assert id(values.base) in before
    assert id(grads["x"].base) in before


def test_an_error_in_a_block_reaches_the_caller(monkeypatch):
    f = gradcli.function("x*x")
    f.map(x=[1.0])

    def broken(*operands):
        raise MemoryError

    f.block_tapes[frozenset(), "float64"].plan.steps[0].function = broken
    with pytest.raises(MemoryError):
        f.map(x=np.ones(10 * BLOCK))


@pytest.mark.parametrize(("way", "ulps"), [("by_tangents", 3.3), ("by_polynomials", 2.5)])
def test_sine_and_cosine_are_as_exact_as_told(way, ulps):
    import mpmath

    rng = np.random.default_rng(3)
    x = np.concatenate([
        rng.uniform(-10, 10, 2000), rng.uniform(-trigblocks.LIMIT, trigblocks.LIMIT, 2000),
        np.arange(-500, 500) * (math.pi / 4), rng.uniform(1e5, 1e18, 50), [0.0, -0.0, 5e-324, inf, nan],
    ])  # fmt: skip
    sine, cosine, alone, work = np.empty((4, len(x)))
    with np.errstate(all="ignore"):
        getattr(trigblocks, way)(x, sine, cosine, work)
        trigblocks.sin_alone(x, alone, work)
    assert way == "by_polynomials" or same(alone, sine)
    assert np.isnan([sine[-2:], cosine[-2:]]).all()
    assert math.copysign(1, sine[-4]) == -1
    with mpmath.workdps(50):
        for v, s, c in zip(x[:-2].tolist(), sine.tolist(), cosine.tolist(), strict=False):
            for got, true in ((s, mpmath.sin(mpmath.mpf(v))), (c, mpmath.cos(mpmath.mpf(v)))):
                assert abs(got - true) <= ulps * math.ulp(float(true)), (v, got)


@pytest.mark.parametrize("way", ["by_tangents", "by_polynomials"])
@pytest.mark.parametrize("x", [[], [1e15], [-1e15], [trigblocks.LIMIT], [1.0, -1e15], [1e15, 1.0]])
def test_sine_and_cosine_of_few_and_far_points(way, x):
    sine, cosine, work = np.empty((3, len(x)))
    getattr(trigblocks, way)(np.array(x), sine, cosine, work)
    assert sine.tolist() == pytest.approx([math.sin(v) for v in x], rel=1e-15)
    assert cosine.tolist() == pytest.approx([math.cos(v) for v in x], rel=1e-15)


def test_the_error_function_is_as_exact_as_told():
    import mpmath

    rng = np.random.default_rng(5)
    x = np.concatenate([rng.uniform(-6.5, 6.5, 2000), rng.uniform(-1, 1, 4000), 10 ** rng.uniform(-310, 0, 500)])
    x = np.concatenate([x, [0.0, 5e-324, 5.9, 5.95, 6.0, 1e300, inf, -inf, -0.0, nan]])
    got, size, work = np.empty((3, len(x)))
    with np.errstate(all="ignore"):
        erfblocks.erf(x, got, size, work)
    assert got[-3:-1].tolist() == [-1.0, 0.0]
    assert math.copysign(1, got[-2]) == -1
    assert math.isnan(got[-1])
    with mpmath.workdps(40):
        for v, y in zip(x[:-3].tolist(), got.tolist(), strict=False):
            true = mpmath.erf(mpmath.mpf(v))
            assert abs(y - true) <= 2 * math.ulp(float(true)), (v, y)


def test_a_long_formula_needs_few_buffers():
    text = "t0 = x; " + "; ".join(f"t{k + 1} = t{k}*y + x" for k in range(2000)) + "; t2000"
    f = gradcli.function(text)
    values, _ = f.map(x=[0.5], y=[0.25])
    assert math.isclose(values[0], f(x=0.5, y=0.25), rel_tol=1e-13)


def test_dtype_as_a_keyword():
    with pytest.raises(ValueError, match=r"the type comes first: f.map\('float32', x=xs\)"):
        gradcli.function("x").map(x=[1.0], dtype="float32")
    assert gradcli.function("x*dtype").map(x=[2.0], dtype=3.0)[0].tolist() == [6.0]
    with pytest.raises(ValueError, match="x is None"):
        gradcli.function("x*y").map(x=None, y=[1.0])


# --- columns and numbers by place

TABLE = {"x": [1.0, 2.0], "y": [3.0, 4.0], "unused": ["a", "b"]}


def test_a_table_of_columns():
    f = gradcli.function("x*y")
    values, partials = f.map(TABLE)
    assert values.tolist() == [3.0, 8.0]
    assert {x: d.tolist() for x, d in partials.items()} == {"x": TABLE["y"], "y": TABLE["x"]}
    assert f.map(TABLE, y=2)[0].tolist() == [2.0, 4.0]  # a keyword wins
    pyarrow = pytest.importorskip("pyarrow")
    assert f.map(pyarrow.table(TABLE))[0].tolist() == [3.0, 8.0]


class Labelled(list):
    """As much of pandas' as counts here."""

    class Index(tuple):
        def equals(self, other):
            return self == other

    def __init__(self, values, index):
        super().__init__(values)
        self.index = self.Index(index)
        self.iloc = None


def test_series_meet_by_their_indexes_or_not_at_all():
    f = gradcli.function("x*y")
    assert f.map(x=Labelled([1, 2], "ab"), y=Labelled([3, 4], "ab"))[0].tolist() == [3.0, 8.0]
    with pytest.raises(ValueError, match="x and y have different indexes"):
        f.map(x=Labelled([1, 2], "ab"), y=Labelled([3, 4], "ba"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: f(1, 2), "f takes its variables as keywords, not 2 values by place\nwrite f(x=..., y=...)"),
        (lambda f: f(TABLE), "f takes its variables as keywords, not a table by place"),
        (lambda f: f.value_and_grad(1), "f.value_and_grad takes its variables as keywords, not a value by place"),
        (lambda f: f.evaluate(1, y=2), "f.evaluate takes its variables as keywords, not a value by place"),
        (lambda f: f.map([1], [2]), "f.map takes its variables as keywords, not 2 values by place"),
        (lambda f: f.map(np.ones((2, 2))), "is neither a type that map computes in nor an executor"),
    ],
)
def test_numbers_by_place_are_one_clear_sentence(call, message):
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        call(gradcli.function("x*y"))
    assert str(caught.value).count("\n") == 1


@pytest.mark.parametrize(
    ("text", "wanted"), [("-where(y, 2, 2)", -2.0), ("3*where(y, 2, 2) + y*0", 6.0), ("2/where(y, 4, 4)", 0.5)]
)
def test_a_choice_between_equal_numbers_is_that_number(text, wanted):
    value, _ = gradcli.function(text).map(y=np.array([0.0, 1.0, -3.0]))
    assert value.tolist() == [wanted] * 3
