"""A name or an alias that NumPy, scipy or math also has means the same as there."""

from __future__ import annotations

import math
import warnings

import numpy
import pytest
import scipy.special
from op_reference import TABLE, grid

from gradcli.domains.float_tape import call

LIBRARIES = (math, numpy, scipy.special)
DIFFERENT = {
    ("math", "remainder"): "rounds the quotient to nearest; the parser tells it apart by its prefix",
    ("math", "factorial"): "of integers alone",
    ("scipy.special", "factorial"): "0 below 0, where we have the gamma function",
    **{
        ("scipy.special", name): "of any order, where ours are whole numbers"
        for name in ("jv", "yv", "iv", "kv", "jn", "yn", "kn", "expn")
    },
    ("scipy.special", "zeta"): "also of q below 0",
    ("scipy.special", "lambertw"): "complex numbers",
    ("numpy", "max"): "reduces over an axis",
    ("numpy", "min"): "reduces over an axis",
    ("numpy", "round"): "the second argument is a number of decimals",
    ("numpy", "around"): "the second argument is a number of decimals",
}
PAIRS = [
    (library, name, row)
    for row in TABLE.values()
    for name in (row.name, *row.aliases)
    for library in LIBRARIES
    if hasattr(library, name) and (library.__name__, name) not in DIFFERENT
]


@pytest.mark.parametrize(("library", "name", "row"), PAIRS, ids=[f"{p[0].__name__}.{p[1]}" for p in PAIRS])
def test_name_means_the_same_elsewhere(library, name, row) -> None:
    function = getattr(library, name)
    tried = 0
    for point in grid(row)[:60]:
        if any(x != 0 and not 1e-3 < abs(x) < 60 for x in point):
            continue
        if row.signature.startswith("*"):
            point = point[:2]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = float(function(*_arguments(row, point)))
        except (ValueError, ZeroDivisionError):
            continue  # math raises outside the domain
        if not math.isnan(theirs):
            tried += 1
            # scipy's digamma keeps 9 digits near -1
            assert call(row, point) == pytest.approx(theirs, rel=1e-8, abs=1e-13), point
    assert tried > 2


def _arguments(row, point):
    """An order is an integer there."""
    return (int(point[0]), *point[1:]) if row.signature.startswith("n,") else point


ALIASES = [
    ("ln", "log"), ("arcsin", "asin"), ("arctan2", "atan2"), ("absolute", "abs"), ("fabs", "abs"), ("clip", "clamp"),
    ("maximum", "max"), ("minimum", "min"), ("power", "pow"), ("float_power", "pow"), ("swish", "silu"),
    ("expit", "sigmoid"), ("log_sigmoid", "logsigmoid"), ("gammaln", "lgamma"), ("psi", "digamma"),
    ("rad2deg", "degrees"), ("deg2rad", "radians"), ("sgn", "sign"), ("rint", "round"), ("fix", "trunc"),
    ("stop_gradient", "detach"), ("true_divide", "div"),
]  # fmt: skip


@pytest.mark.parametrize(("alias", "name"), ALIASES)
def test_alias(alias: str, name: str) -> None:
    assert alias in TABLE[name].aliases
