"""Infinite operands: what floats and `--digits` make of them, alone, beside other numbers and in arrays."""

from __future__ import annotations

import json
import math
from itertools import product

import numpy as np
import pytest
from cli import gradcli

from gradcli.api.function import Function
from gradcli.core.ops import TABLE
from gradcli.errors import UsageError
from gradcli.language.names import parameters
from gradcli.language.parser import parse

ROWS = [row for row in TABLE.values() if not (row.internal or row.missing)]
SEVERAL = [row for row in ROWS if not row.whole and "," in row.signature]
NUMBERS = {"inf": math.inf, "-inf": -math.inf, "pi": math.pi, "-pi/7": -math.pi / 7}


@pytest.mark.parametrize("row", SEVERAL, ids=lambda row: row.name)
def test_floats_and_digits_agree_on_an_infinity_beside_what_no_decimal_is(row):
    """A number that is a ball at every precision: `inf + pi` was not decided."""
    names = "xyz"[: len(parameters(row))]
    f = Function(parse(f"{row.name}({', '.join(names)})"))
    for point in product(NUMBERS, repeat=len(names)):
        if {"inf", "-inf"} & set(point) and {"pi", "-pi/7"} & set(point):
            value = f(**{x: NUMBERS[v] for x, v in zip(names, point, strict=True)})
            found = f.proven_at(dict(zip(names, point, strict=True)), 10, gradient=False)
            assert float(found.value) == pytest.approx(value, rel=1e-9, abs=0, nan_ok=True), point


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sum([inf, pi])", math.inf), ("sum([-inf, inf, pi])", math.nan), ("mean([pi, -inf])", -math.inf),
        ("cumsum([pi, inf])[1]", math.inf), ("prod([inf, 0, pi])", math.nan), ("prod([inf, -pi])", -math.inf),
        ("[inf, pi] @ [-e, 1]", -math.inf), ("[0, pi] @ [inf, 1]", math.nan),
        ("sum([[inf, pi]] @ [[1], [e]])", math.inf),
        ("std([inf, -inf, pi])", math.nan), ("log_softmax([-inf, pi])[0]", -math.inf), ("norm([inf, pi])", math.inf),
        ("logsumexp([-inf, -inf])", -math.inf),
        ("logsumexp([inf, pi])", math.inf), ("([inf, 1] + [pi, 1])[0]", math.inf),
        ("amax([inf], 0, keepdim=1)[0]", math.inf), ("amax(inf, 0, 1)", math.inf),
        ("softmax([inf, pi])[1]", math.nan), ("log_softmax([[inf, pi]])[0, 1]", math.nan),
        ("log_softmax([-inf, pi])[1]", 0.0), ("log_softmax([pi])[0]", 0.0), ("cross_entropy([-inf, pi], 1)", 0.0),
        ("cross_entropy([[-inf, pi], [0, 0]], [0, 1])", math.inf), ("softmax([[-inf], [pi]], 0)[1, 0]", 1.0),
    ],
)  # fmt: skip
def test_arrays_with_an_infinity(text, value):
    """By hand. A sum or product of infinities that has no value is NaN, and no precision is asked for it."""
    for digits in ((), ("--digits", "10")):
        answer = gradcli("eval", text, "--json", *digits)
        found = json.loads(answer.out)
        assert answer.status == 0
        assert float(found["value"]) == pytest.approx(value, nan_ok=True)
        assert [note["kind"] for note in found.get("notes", [])] == (["indeterminate"] if value != value else [])


@pytest.mark.parametrize("row", [row for row in ROWS if row.whole], ids=lambda row: row.name)
def test_whole_arrays_have_one_convention_at_infinities(row):
    """In floats, in true numbers and in digits, for the value and, of what is one number, the slopes."""
    for more in ("", ", 0", ", [0.5, 0.5]"):
        try:
            f = Function(parse(f"{row.name}(x{more})"))
            is_number = np.ndim(f(x=np.array([1.0, 2.0]))) == 0
        except (UsageError, ValueError):
            continue  # it takes other operands
        for x in product((math.inf, -math.inf, 0.0, 1.5), repeat=2):
            at = {"x": np.array(x)}
            value, grad = f.value_and_grad(**at) if is_number else (f(**at), {})
            for found in (f.true_at(at), f.proven_at(at, 10)) if is_number else (f.proven_at(at, 10, gradient=False),):
                for ours, floats in ((found.value, value), *[(found.grad[k], v) for k, v in grad.items()]):
                    numbers = np.vectorize(float, otypes=[float])(ours)
                    assert numbers == pytest.approx(np.asarray(floats, float), rel=1e-9, nan_ok=True), (f.text, x)


def test_an_infinity_that_was_typed_is_no_overflow():
    """Nor is one of a literal array: the result is infinite because the operand is."""
    found = set()
    more = ("", ", 1", ", [1, 2]", ", 1, 2")
    for row, operand, rest in product(ROWS, ("inf", "[inf, 1]", "[-inf, -inf]", "[[inf, 0], [0, 1]]"), more):
        text = f"{row.name}({operand}{rest})"
        try:
            evaluation = Function(parse(text)).evaluate()
        except (UsageError, ValueError):
            continue  # it takes other operands
        found.add(row.name)
        assert "overflow" not in [note.kind for note in evaluation.notes], text
    assert len(found) > 0.9 * len(ROWS)
