"""Each elementwise row on arrays, in blocks and on tensors: the value at one point, and near the truth."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest
from mpmath import mp, mpf
from op_reference import REFERENCE, ROUNDED, TABLE, grid

import gradcli
from gradcli.core.op import MISSING
from gradcli.domains import array_tape as arrays
from gradcli.domains import float_tape as floats
from gradcli.tensors import bound_op

INF = math.inf
EDGES = (0.0, -0.0, INF, -INF, math.nan, 1.0, -1.0, 2.0, -2.0, 5e-324, -5e-324, 1.5e-323, 2.2e-308, -3e-310, 1.7e308)
# Zeros of digamma and of lgamma, and where erfc, ndtr and gamma come near the ends of the floats.
CRITICAL = (
    *(-0.504083008264455, -1.573498473162390, -2.610720868444144, -19.7, -20.3, 1.461632144968362, 1e22, -1e22),
    *(1.0000000001, 2.0000000001, 0.9999999, -2.457024738220801, -2.747682646727413, -3.143580888349980),
    *(26.5, 26.8, 27.2, -37.0, -37.7, -38.3, 170.5, 171.6, -170.5, -177.8, -183.3, -2049675709101665.8),
)
# Units in the last place of float64 beyond 2: "" for all; of blocks alone, where both follow from sines by tangents.
# One point has the C library's erfc (2.7 in glibc), tanh and exp; NumPy has its own.
WIDER = {"erfc": 4, "ndtr": 4, "gelu": 5, "coth": 3, "silu": 3}
WIDER_IN_BLOCKS = {"cos": 4, "sec": 4, "sinc": 4, "cot": 4, "csc": 3}
WIDER_IN_BLOCKS |= dict.fromkeys(("sinpi", "cospi", "sind", "cosd", "tand"), 4)
# NumPy's float32 code takes either zero as the larger; exp(x) is a subnormal of few digits in silu far below 0.
EITHER_ZERO = {"max", "min", "clamp", "mod"}
SLOW = ROUNDED


def points(row) -> list[tuple[float, ...]]:
    found = list(grid(row))
    if row.name in SLOW:
        return found[::3]
    rng = random.Random(row.name)
    n = len(found[0])
    near = [x * (1 + k * 0.00097) for point in found[:: max(1, len(found) // 60)] for x in point for k in (-2, 1, 3)]
    spread = [rng.uniform(-30.0, 30.0) for _ in range(200)] + [rng.uniform(-3.0, 3.0) for _ in range(200)]
    far = [rng.choice((-1, 1)) * 10.0 ** rng.uniform(-323, 308) for _ in range(100)]
    mixed = [*EDGES, *CRITICAL, *near, *spread, *far]
    if n == 2:
        found += itertools.product(EDGES, repeat=2)
    return found + [tuple(rng.choice(mixed) if k else x for k in range(n)) for x in mixed]


def mapped(row, columns: list) -> np.ndarray:
    """Without a rule by its first operands these are literals, each of their values for itself."""
    fixed = row.vjp.count(MISSING)
    if fixed:
        out, parameters = np.empty_like(columns[0]), np.stack(columns[:fixed], 1)
        for literals in dict.fromkeys(map(tuple, parameters.tolist())):
            here = (parameters == literals).all(1)
            text = f"{row.name}({', '.join(map(repr, literals))}, x)"
            out[here] = gradcli.function(text).map(columns[0].dtype.name, x=columns[-1][here])[0]
        return out
    named = {f"v{k}": column for k, column in enumerate(columns)}
    return gradcli.function(f"{row.name}({', '.join(named)})").map(columns[0].dtype.name, **named)[0]


WAYS = {
    "blocks": mapped,
    "arrays": arrays.call,
    "tensors": lambda row, columns: bound_op.function_of(row)(*columns),
}


def distance(ours: float, wanted: float, unit: float) -> float:
    if ours != ours or wanted != wanted:
        return 0.0 if ours != ours and wanted != wanted else INF
    if ours == wanted:
        return 0.0 if wanted or math.copysign(1.0, ours) == math.copysign(1.0, wanted) else 0.1
    return abs(ours - wanted) / unit if math.isfinite(ours) and math.isfinite(wanted) else INF


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", TABLE)
def test_float64_is_as_one_point(name: str, way: str) -> None:
    row = TABLE[name]
    tried = points(row)
    with np.errstate(all="ignore"):
        found = WAYS[way](row, [np.array(column) for column in zip(*tried, strict=True)])
    allowed = max(WIDER.get(name, 2), WIDER_IN_BLOCKS.get(name, 2) if way == "blocks" else 2)
    found = np.broadcast_to(found, len(tried)).astype(float).tolist()
    for point, ours in zip(tried, found, strict=True):
        wanted = floats.call(row, point)
        far = distance(ours, wanted, math.ulp(wanted))
        assert far <= allowed, (point, ours, wanted)
        assert far != 0.1, (point, ours, wanted)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", TABLE)
def test_float32_is_the_nearest_or_close(name: str, way: str) -> None:
    """Within 4 units of float32 of the value at exactly these numbers."""
    row = TABLE[name]
    with np.errstate(all="ignore"):
        columns = [np.array(column, np.float32) for column in zip(*points(row), strict=True)]
        found = WAYS[way](row, columns)
    assert row.decides or found.dtype == np.float32
    tried = zip(*[column.tolist() for column in columns], strict=True)
    found = np.broadcast_to(found, len(columns[0])).astype(float).tolist()
    for point, ours in zip(tried, found, strict=True):
        with np.errstate(all="ignore"):
            wanted = np.float32(floats.call(row, point))
            unit = float(np.spacing(np.abs(wanted)))
        far = distance(ours, float(wanted), unit)
        if name == "silu" and point[0] < -87.0:
            far *= 0.1
        assert far <= 4, (point, ours, wanted)
        assert far != 0.1 or name in EITHER_ZERO, (point, ours, wanted)


TRUE = {
    "erf": 1.5, "erfc": 1.0, "erfinv": 1.5, "ndtr": 1.5, "gelu": 2.0, "gamma": 1.6, "lgamma": 2.0, "digamma": 2.0,
    "logaddexp": 2.0, "polygamma": 1.0, "sinc_derivative": 2.0,
}  # fmt: skip
RANGES = ((-36, -20), (-20, 0), (-3, 0), (0, 1), (1, 3), (3, 20), (20, 26))


def of_each_kind(name: str) -> list[tuple[float, ...]]:
    rng = random.Random(11)
    lowest = -37.1 if name in ("ndtr", "gelu") else -150.0  # no subnormal results
    tried = [rng.uniform(*ends) for ends in RANGES for _ in range(70)]
    tried += [x for x in CRITICAL if lowest < x < 26.2 and x % 1]
    if name == "logaddexp":
        return [(-abs(x) / 40, math.log(-math.expm1(-abs(x) / 40))) for x in tried]
    if name in ("polygamma", "sinc_derivative"):
        return [(n, x) for n in (1.0, 2.0) for x in tried[:: 4 if n == 1.0 else 9]]
    return [(x,) if name != "erfinv" else (math.tanh(x),) for x in tried if name != "erfinv" or abs(x) < 18]


@pytest.mark.parametrize("name", TRUE)
def test_arrays_are_true(name: str) -> None:
    """Against mpmath, on other points than the values at one point are tried on."""
    row, tried = TABLE[name], of_each_kind(name)
    found = arrays.call(row, [np.array(column) for column in zip(*tried, strict=True)]).tolist()
    for point, ours in zip(tried, found, strict=True):
        with mp.workprec(400):
            true = REFERENCE[name](*[mpf(x) for x in point])
            assert abs(mpf(ours) - true) <= TRUE[name] * math.ulp(float(true)), (point, ours, float(true))


def test_arrays_know_the_values_that_people_know() -> None:
    with np.errstate(all="ignore"):
        assert arrays.call(TABLE["gamma"], [np.arange(1.0, 171.0)]).tolist() == [
            float(math.factorial(n)) for n in range(170)
        ]
        for name, x, wanted in (("erfc", 0.0, 1.0), ("ndtr", 0.0, 0.5), ("lgamma", 1.0, 0.0), ("lgamma", 2.0, 0.0)):
            value = arrays.call(TABLE[name], [np.array([x])])[0]
            assert (value, math.copysign(1.0, value)) == (wanted, 1.0)
