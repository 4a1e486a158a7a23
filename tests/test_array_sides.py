"""The slopes on the two sides of kinks in programs on arrays: by hand, and as a program of numbers tells them."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest
from cli import gradcli as run

import gradcli

# A text, a point, the partials on the left and on the right.
CASES = [
    ("sum(abs(x))", {"x": [0, 1]}, {"x": [-1, 1]}, {"x": [1, 1]}),
    ("abs(x[0])", {"x": [0, 1]}, {"x": [-1, 0]}, {"x": [1, 0]}),
    ("x[0]*abs(y)", {"x": [3, 2], "y": 0}, {"y": -3}, {"y": 3}),
    ("sum(x*abs(y - 1))", {"x": [3, 2], "y": 1}, {"y": -5}, {"y": 5}),
    ("sum(max(x, y))", {"x": [1, 2], "y": [1, 3]}, {"x": [0, 0], "y": [0, 1]}, {"x": [1, 0], "y": [1, 1]}),
    ("amax(x)", {"x": [3, 3, 1]}, {"x": [0, 0, 0]}, {"x": [1, 1, 0]}),
    ("median(x)", {"x": [1, 1, 2]}, {"x": [0, 0, 0]}, {"x": [1, 1, 0]}),
    ("sort(x)[0]", {"x": [1, 1]}, {"x": [1, 1]}, {"x": [0, 0]}),
    ("norm(x)", {"x": [0, 0]}, {"x": [-1, -1]}, {"x": [1, 1]}),
    ("norm(x, 1)", {"x": [[0, 4]]}, {"x": [[-1, 1]]}, {"x": [[1, 1]]}),
    ("std(x)", {"x": [1, 1]}, {"x": [-(0.5**0.5), -(0.5**0.5)]}, {"x": [0.5**0.5, 0.5**0.5]}),
    ("sum(relu(A @ [1, 1]))", {"A": [[1, -1], [2, 1]]}, {"A": [[0, 0], [1, 1]]}, {"A": [[1, 1], [1, 1]]}),
    ("mean(abs(x - y))", {"x": [1, 2], "y": 1}, {"x": [-0.5, 0.5], "y": -1}, {"x": [0.5, 0.5], "y": 0}),
    ("sum(clamp(x, 0, 1))", {"x": [0, 0.5, 1]}, {"x": [0, 1, 1]}, {"x": [1, 1, 0]}),
    ("abs(det(A))", {"A": [[1, 2], [2, 4]]}, {"A": [[-4, -2], [-2, -1]]}, {"A": [[4, 2], [2, 1]]}),
    # the conventions do not compose: the slope is 1 on both sides
    ("sum(relu(x)) - sum(relu(-x))", {"x": [0, 1]}, {"x": [1, 1]}, {"x": [1, 1]}),
]


@pytest.mark.parametrize(("text", "point", "left", "right"), CASES, ids=[case[0] for case in CASES])
def test_the_partials_on_the_two_sides(text, point, left, right):
    note = gradcli.function(text).evaluate(**point).notes[0]
    assert note.kind == "kink"
    for found, expected in ((note.left, left), (note.right, right)):
        assert list(found) == list(expected)
        for name, slopes in expected.items():
            np.testing.assert_allclose(found[name], slopes, rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("max([x, y, z])", "max(x, y, z)"),
        ("norm([x - y, 2*z])", "hypot(x - y, 2*z)"),
        ("sum(abs([x - y, y + z]))*exp(x)", "(abs(x - y) + abs(y + z))*exp(x)"),
        ("min([x*x, y])*max([y, z**2])", "min(x*x, y)*max(y, z**2)"),
        ("[relu(x), relu(-x)] @ [y, z]", "relu(x)*y + relu(-x)*z"),
    ],
)
def test_what_single_numbers_have(text, numbers):
    """Where a variable has other slopes beside a kink than the one that is used, they are the same in both programs."""
    for x, y, z in product((-1.0, 0.0, 1.0), repeat=3):
        sides = []
        for source in (text, numbers):
            found = gradcli.function(source).evaluate(x=x, y=y, z=z)
            pairs = {v: (n.left[v], n.right[v]) for n in found.notes if n.left for v in n.left}
            sides.append({v: pair for v, pair in pairs.items() if pair != pytest.approx((found.grad[v],) * 2)})
        assert list(map(set, sides)) == [set(sides[1])] * 2, (x, y, z)
        for v, pair in sides[0].items():
            assert pair == pytest.approx(sides[1][v], rel=1e-12, abs=1e-12), (x, y, z)


def test_what_has_one_slope_that_was_used_is_no_kink():
    assert gradcli.function("sum(abs(x)*x)").evaluate(x=[0.0, 1.0]).notes == []
    assert gradcli.function("sum(abs(x)**3)*exp(y)").evaluate(x=[0.0, 1.0], y=1.0).notes == []


# An operation that stands at a kink or a step at the point and all around it.
STAYING = [
    "max(x, x)", "min(x, x)", "abs(0*x)", "abs(x - x)", "relu(x - x)", "floor(x*0)", "ceil((x + 1)/(x + 1))",
    "fmod(x + 1, x + 1)", "clamp(1, 1, x + 2)", "where(x > x, 2, 3)", "where(x == x, x, 2*x)", "sign(exp(x*0) - 1)",
    "trunc(min(-1, x + 2))", "hypot(x - x, 0*x)",
]  # fmt: skip


@pytest.mark.parametrize("text", STAYING)
def test_what_is_no_kink_of_numbers_is_none_of_arrays(text):
    """Nothing turns or steps beside the point: `d/dx max(x, x)` is 1 everywhere."""
    for point in (0.0, 1.0, -0.5):
        assert gradcli.function(text).evaluate(x=point).notes == []
        assert gradcli.function(f"sum({text})").evaluate(x=[point, 2.0]).notes == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("max(x, -x)", ["kink"]), ("abs(x*1e-9)", ["kink"]), ("floor(x*0 + x)", ["jump"]),
        ("where(x > x*x, 2, 3)", ["boundary"]), ("abs(max(x, x))", ["kink"]), ("floor(x)*0", ["jump"]),
        ("abs(x**9)", []), ("abs(x)**3", []), ("sign(x - x + 1e-300*x)", ["jump"]), ("log(abs(x) - 1)", ["domain"]),
    ],
)  # fmt: skip
def test_what_turns_or_steps_beside_the_point_is_told_of_arrays_as_of_numbers(text, kinds):
    """Where the result is NaN nothing has a slope, and no kink is told beside it."""
    assert [note.kind for note in gradcli.function(text).evaluate(x=0.0).notes] == kinds
    assert [note.kind for note in gradcli.function(f"sum({text})").evaluate(x=[0.0]).notes] == kinds


@pytest.mark.parametrize(
    ("text", "numbers", "x", "kinds"),
    [
        # what is not chosen steps into the result, or ends beside it
        ("max(x % sigmoid(x))", "max(x % sigmoid(x), y % sigmoid(y))", [1.0, 0.0], ["jump"]),
        ("min(1/x)", "min(1/x, 1/y)", [1.0, 0.0], ["infinite"]),
        ("sum(relu((x > 1) - 0.5))", "relu((x > 1) - 0.5) + relu((y > 1) - 0.5)", [1.0, 0.5], ["boundary"]),
        ("max(abs(x < 1))", "max(abs(x < 1), abs(y < 1))", [0.0, 1.0], []),
        ("max(sign(x))", "max(sign(x), sign(y))", [0.0, 3.0], []),
        # a step to the same value, and a choice of the same
        ("sum(where(x, 2*x[0], 2*x[0]))", "where(x, 2*x, 2*x) + where(y, 2*x, 2*x)", [0.0, 1.0], []),
        ("sum(floor(x) == floor(x))", "(floor(x) == floor(x)) + (floor(y) == floor(y))", [1.0, 0.5], ["jump"]),
        ("sum(asin(x) == x)", "(asin(x) == x) + (asin(y) == y)", [0.0, 0.5], ["boundary"]),
        # numbers that are equal all around
        ("min(exp(min(x, -2)))", "min(exp(min(x, -2)), exp(min(y, -2)))", [0.5, -1.0], []),
        ("norm(x - x)", "hypot(x - x, y - y)", [3.0, -2.0], []),
        ("sum(x**x[0])", "x**x + y**x", [-2.0, 1.0], ["domain"]),
    ],
)
def test_what_is_told_of_numbers_is_told_of_their_array(text, numbers, x, kinds):
    assert sorted({note.kind for note in gradcli.function(text).evaluate(x=x).notes}) == kinds
    found = gradcli.function(numbers).evaluate(**dict(zip("xy", x, strict=True)))
    assert sorted({note.kind for note in found.notes}) == kinds


def test_a_kink_beside_a_step_is_told():
    """clamp stands at its upper bound by y; where x moves too it falls to the lower one, which is another kink."""
    f = gradcli.function("sum(clamp(not x, 0, x + y))")
    assert [note.kind for note in f.evaluate(x=[0.0], y=[1.0]).notes] == ["boundary", "kink"]


def test_a_weak_kink_is_one():
    (note,) = gradcli.function("sum(x + 1e-7*abs(x))*exp(x[0])").evaluate(x=[0.0, 0.0]).notes
    assert note.right["x"] == pytest.approx([1 + 1e-7] * 2, rel=1e-14)


def test_slopes_without_a_limit_are_not_told():
    note = gradcli.function("sum(sqrt(abs(x)))").evaluate(x=[0.0, 1.0]).notes[0]
    assert (note.kind, note.left, note.message) == ("kink", None, "abs has a kink at 0 (1 of 2 elements)")


def test_at_most_20_elements_are_moved(monkeypatch):
    import gradcli.api.array_sides as module

    runs = []
    original = module.run
    monkeypatch.setattr(module, "run", lambda *a: runs.append(1) or original(*a))
    notes = gradcli.function("sum(abs(x)) + sum(abs(y))").evaluate(x=np.zeros(15), y=np.zeros(15)).notes
    assert [note.left is None for note in notes] == [False, True]
    assert len(runs) == 15 * 6 + 1  # and one, where no kink stays one


def test_they_are_in_json_and_in_the_sentence():
    (note,) = json.loads(run("grad", "sum(abs(x))", "--at", "x=[0,1]", "--json").out)["notes"]
    assert (note["left"], note["right"]) == ({"x": [-1.0, 1.0]}, {"x": [1.0, 1.0]})
    assert (
        note["message"] == "abs has a kink at 0 (1 of 2 elements): by x[0] slope -1 on the left, 1 on the right; 0 used"
    )
