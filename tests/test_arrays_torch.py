"""Arrays against PyTorch's answers: value, gradient and double backward, with shapes and broadcasting."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gradcli.api.on_arrays import slope
from gradcli.core.graph import VARIABLE, finish, optimise
from gradcli.core.ops import by_name
from gradcli.core.reverse import differentiate
from gradcli.core.structure import NOTHING
from gradcli.domains.array_tape import ArrayTape
from gradcli.language.parser import parse

LINES = Path(__file__).with_name("data").joinpath("torch_answers.jsonl").read_text(encoding="utf-8").splitlines()[1:]
CASES = [case for case in map(json.loads, LINES) if not case["elementwise"]]
NAMES = [f"{k} {case['text']} {list(case['shapes'].values())}" for k, case in enumerate(CASES)]


# The answers that are not PyTorch's: the text, what, where, why.
DIFFERENT = [
    ("polygamma(1, x)", ("value", "grad", "double"), None, "PyTorch's trigamma is good to nine digits"),
    ("norm(x)", ("double",), [0.0, 0.0], "design, section 4: slope 0 at the origin, at any order"),
    ("norm(x)", ("value", "grad", "double"), [3e200, 4e200], "PyTorch's squares overflow"),
    ("logsumexp(x, axis=0)", ("grad",), ["Infinity", 0.0], "where softmax has no value none of its elements has"),
    (
        "sum(where(x > 0, sqrt(x), 0*x))",
        ("grad", "double"),
        [4.0, -1.0, 0.0],
        "the branch not chosen counts for nothing",
    ),
]


def is_different(case: dict, what: str) -> bool:
    return any(
        case["text"] == text and what in kinds and where in (None, case["at"]["x"])
        for text, kinds, where, _ in DIFFERENT
    )


def weights(shape: tuple[int, ...], which: int = 0):
    """What PyTorch's result and gradients were multiplied with."""
    numbers = [0.5 + (0.5 + 0.375 * k + 0.625 * which) % 2.5 for k in range(int(np.prod(shape)))]
    return np.array(numbers).reshape(shape)


def answers(text: str, at: dict) -> tuple:
    """The value, the gradients and the double backward, as the data file has them."""
    program = parse(text)
    names = list(at)
    leaves = [program.leaf[x] for x in names]
    builder, (result, *leaves) = optimise(program.nodes, [program.results[0], *leaves])
    zero = builder.number(0.0)
    weight = [builder.intern((VARIABLE, f"weight{k}")) for k in range(len(names) + 1)]
    adjoints = differentiate(builder, result, leaves, arrays=True, seed=weight[0])
    grad = [adjoints.get(i, zero) for i in leaves]
    total = zero
    for w, g in zip(weight[1:], grad, strict=True):
        product = builder.make(by_name("mul"), w, g)
        total = builder.make(
            by_name("add"), total, builder.make(by_name("sum"), product, builder.intern((NOTHING,)), zero)
        )
    adjoints = differentiate(builder, total, leaves, arrays=True)
    tape = ArrayTape(finish(builder, [result, *grad, *[adjoints.get(i, zero) for i in leaves]]))
    value = ArrayTape(finish(*optimise(program.nodes, program.results)))
    shape = np.shape(value.run(at)[value.outputs[0]])
    point = at | {f"weight{k}": weights(np.shape(at[x]), k) for k, x in enumerate(names, 1)}
    values = tape.run(point | {"weight0": weights(shape)})
    found = [values[i] for i in tape.outputs]
    shaped = [slope(0.0, y, at[x]) for y, x in zip(found[1:], names * 2, strict=True)]
    return found[0], shaped[: len(names)], shaped[len(names) :]


def array(nested, shape=None):
    found = np.array(nested, dtype=np.float64)
    return found[()] if shape is None else found.reshape(shape)[()]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_whole_arrays(case) -> None:
    at = {x: array(case["at"][x], case["shapes"][x]) for x in case["at"]}
    value, grad, double = answers(case["text"], at)
    if not is_different(case, "value"):
        np.testing.assert_allclose(value, array(case["value"], np.shape(value)), rtol=1e-12, atol=1e-14)
    if np.isnan(value).any():
        return  # then our partials are NaN (design, section 4)
    for what, ours in (("grad", grad), ("double", double)):
        for x, y in zip(at, ours, strict=True):
            if is_different(case, what):
                continue
            np.testing.assert_allclose(y, array(case[what][x], np.shape(y)), rtol=1e-10, atol=1e-12, err_msg=what)
