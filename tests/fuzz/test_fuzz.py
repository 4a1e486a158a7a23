"""The net of random programs in the gate: a fixed number of them, and the net itself on planted faults."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

import gradcli
from gradcli.core.ops import TABLE

from . import generator
from .campaign import Plan, command, judged, needed, run, run_chunk, smallest
from .known import KNOWN, Known
from .programs import Program, rows

if TYPE_CHECKING:
    from .oracle import Failure

EXECUTORS = ("floats", "map", "balls", "notes", "digits")
# Together about half a minute.
CHUNKS, TENSOR_CHUNKS = 14, 3


def test_programs_on_every_executor() -> None:
    report = run(Plan(1, EXECUTORS), range(CHUNKS))
    assert not report.failures, report.text()


def test_programs_on_tensors_to_the_second_order() -> None:
    report = run(Plan(2, ("floats", "tensors"), arrays=0.4), range(TENSOR_CHUNKS))
    assert not report.failures, report.text()


@pytest.mark.parametrize("entry", KNOWN, ids=lambda entry: entry.text)
def test_what_is_known_still_occurs(entry: Known) -> None:
    """An entry that shows no longer is to be taken off the list."""
    assert any(map(entry.covers, _judged(entry.text, entry.point, *entry.executors.split(", "))))


def _judged(text: str, point: dict, *executors: str) -> list[Failure]:
    at = {x: np.array(v) if isinstance(v, list) else v for x, v in point.items()}
    return judged(text, [at], {e for who in executors for e in needed(who)}, Counter(points=5))


@pytest.mark.parametrize("text", ["min(x, hypot(x, x), hypot(x, x))", "min(x, 2*abs(x))", "relu(x) - relu(-x)"])
def test_a_tie_that_splits_a_slope_is_blamed_rightly(text: str) -> None:
    """Both sides agree, and the split of the tie makes another number: min has no kink by x, and is the reason."""
    assert "x" in gradcli.function(text).evaluate(x=0.0).notes[-1].left
    assert not _judged(text, {"x": 0.0}, "notes")


@pytest.mark.parametrize(
    ("text", "point", "who"),
    [
        ("atan2(not x, 1 % x)", {"x": -1.0}, "notes"),  # atan2(0, -0) is pi by IEEE, as beside it
        ("cross_entropy(w, 0) != cross_entropy(w, 0)", {"w": [0.0, np.inf, 0.0]}, "balls"),  # NaN, as in PyTorch
        # The step is told that rounding takes; what is lost to 0 below it is lost beside 1e-17.
        ("detach(max(x, frac(cosd(root(y, z) - y))))", {"x": 0.5, "y": 1e-17, "z": 1e-17}, "notes"),
    ],
)
def test_what_the_conventions_say_is_no_failure(text: str, point: dict, who: str) -> None:
    assert not _judged(text, point, who)


def test_the_generator_reaches_every_public_row() -> None:
    rng, reached = Random(0), Counter[str]()
    for _ in range(3000):
        reached.update(rows(generator.scalar_program(rng)))
        reached.update(rows(generator.array_program(rng)[0]))
    assert {row.name for row in TABLE.values() if generator.is_public(row)} <= reached.keys()


def test_the_same_seed_gives_the_same_programs() -> None:
    first, second = (generator.scalar_program(Random("5/3")).text() for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("row", "rule", "text", "point"),
    [
        ("tanh", lambda g, r, x: g * (1 - r), "tanh(x)", {"x": 0.7}),
        ("hypot", lambda g, r, x, y: g * (y / r), "hypot(x, y)", {"x": 3.0, "y": 1.0}),
        ("prod", lambda g, r, x, axis, keepdim: g + 0 * x, "prod(x)", {"x": [2.0, 3.0]}),
    ],
)
def test_a_planted_wrong_rule_is_found(monkeypatch, row, rule, text, point) -> None:
    op = TABLE[row]
    monkeypatch.setattr(op, "vjp", (rule, *op.vjp[1:]))
    monkeypatch.setattr(op, "templates", {})
    assert ("slope", "floats") in {failure.key for failure in _judged(text, point, "balls")}


def test_a_planted_wrong_rule_is_found_by_itself_and_shrunk(monkeypatch) -> None:
    """Random programs come upon it, and the shrinker leaves the operation alone."""
    op = TABLE["atan"]
    monkeypatch.setattr(op, "vjp", (lambda g, r, x: g / (1 + x),))
    monkeypatch.setattr(op, "templates", {})
    report = run_chunk(Plan(4, EXECUTORS, arrays=0.0), 1, count=1000)
    found = [f for f in report.failures.values() if f.key == ("slope", "floats")]
    assert found
    assert all("atan(" in f.text and len(f.text) < 25 for f in found), found


def test_the_shrinker_shrinks_a_planted_fault(monkeypatch) -> None:
    op = TABLE["sinh"]
    monkeypatch.setattr(op, "vjp", (lambda g, r, x: g,))
    monkeypatch.setattr(op, "templates", {})
    x, y = ("var", "x"), ("var", "y")
    sinh = ("op", "sinh", ("op", "mul", x, y))
    program = Program((), ("op", "add", ("op", "exp", y), ("op", "where", ("op", "gt", x, y), sinh, y)))
    point = {"x": 2.3, "y": 1.7}
    failure = next(f for f in _judged(program.text(), point, "balls") if f.kind == "slope")
    small = smallest(program, failure)
    assert small.text in ("sinh(x)", "sinh(y)")
    assert command(small).startswith("python -m tests.fuzz --program 'sinh(")
    assert small.point[small.text[5]] in (1.0, -1.0)
