"""Bounds of determinants, inverses and solutions, against mpmath; good matrices need no balls, bad ones get them."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

import gradcli
from gradcli.core.ops import TABLE
from gradcli.domains.array_tape import function_of
from gradcli.domains.matrix_bounds import matrix_bound
from gradcli.domains.whole_bounds import size


def exactly(name: str, a: np.ndarray, b: np.ndarray) -> list:
    """The elements of the true result."""
    m, right = mpmath.matrix(a.tolist()), mpmath.matrix(b.tolist())
    if name in ("det", "logdet"):
        det = mpmath.det(m)
        return [mpmath.log(det) if name == "logdet" else det]
    found = {
        "inv": lambda: m**-1,
        "cofactor": lambda: (m**-1).T * mpmath.det(m),
        "solve": lambda: m**-1 * right,
    }[name]()
    return [found[i, j] for i in range(found.rows) for j in range(found.cols)]


def matrices() -> list[np.ndarray]:
    rng = np.random.default_rng(13)
    found = [rng.normal(size=(n, n)) for n in (1, 2, 3, 4, 6) for _ in range(4)]
    found += [np.array([[1 / (i + j + 1) for j in range(n)] for i in range(n)]) for n in (3, 5, 8)]
    found += [np.array([[1.0, 1.0], [1.0, 1 + 1e-9]]), np.array([[1e-8, 1.0], [1.0, 1.0]])]
    return found + [m * s for m in found[4:8] for s in (1e60, 1e-60)] + [np.diag([1e-90, 1e90, 3.0])]


@pytest.mark.parametrize("name", ["det", "logdet", "inv", "cofactor", "solve"])
@pytest.mark.parametrize("moved", [False, True])
def test_no_element_is_outside_its_bound(name: str, moved: bool) -> None:
    """moved: the operands are off by an error of first order and a rest."""
    rng, known, ratios = np.random.default_rng(1), 0, []
    for a in matrices():
        b = rng.normal(size=(len(a), 2))
        x = [a, b] if name == "solve" else [a]
        if name == "logdet" and np.linalg.det(a) <= 0:
            continue
        y = np.asarray(function_of(TABLE[name])(*x))
        errors = [v * rng.uniform(-1, 1, v.shape) * 1e-15 for v in x]
        rests = [np.abs(v) * 1e-18 for v in x]
        bounds = [(e, r) if moved else None for e, r in zip(errors, rests, strict=True)]
        with np.errstate(all="ignore"):
            bound, _ = matrix_bound(TABLE[name], x, y, bounds)
        reach = np.broadcast_to(size(bound), y.shape).ravel().tolist()
        known += math.inf not in reach
        with mpmath.workdps(250):
            exact = [mpmath.matrix(v.tolist()) for v in x]
            if moved:
                exact = [
                    m + mpmath.matrix((e + 0.9 * r).tolist()) for m, e, r in zip(exact, errors, rests, strict=True)
                ]
            moved_b = np.array(exact[-1].tolist(), object)
            for plain, true, far in zip(
                y.ravel().tolist(), exactly(name, np.array(exact[0].tolist(), object), moved_b), reach, strict=True
            ):
                error = abs(true - plain)
                assert error <= far * (1 + 1e-9) + 1e-200 * abs(true), (name, a)
                if error and 0 < far < math.inf:
                    ratios.append(float(far / error))
    assert known >= 10
    assert np.median(ratios) <= 2


def test_good_matrices_need_no_balls_and_bad_ones_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    hilbert = np.array([[1 / (i + j + 1) for j in range(5)] for i in range(5)])
    found = gradcli.function("det(A)").true_at({"A": hilbert})
    with mpmath.workdps(60):
        assert found.value == float(mpmath.det(mpmath.matrix(hilbert.tolist())))
    assert [note.kind for note in found.notes] == ["cancellation"]
    monkeypatch.setitem(__import__("sys").modules, "gradcli.domains.nearest", None)
    for text in ("sum(solve(A, b))", "det(A) + 0*sum(b)", "sum(inv(A)*b)", "logdet(A)*b[0]"):
        found = gradcli.function(text).true_at({"A": np.array([[4.0, 1.0], [1.0, 3.0]]), "b": np.array([1.0, 2.0])})
        assert not found.notes


def test_what_no_precision_decides_leaves_the_rest_true() -> None:
    """The slope of cofactor divides by the determinant, in balls."""
    found = gradcli.function("sum(cofactor(x))").true_at({"x": np.full((2, 2), -1.5589451958177138)})
    assert found.value == 0
