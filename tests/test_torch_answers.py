"""PyTorch's answers: value, gradient and double backward of every operation that it has too.

`data/make_torch_answers.py` wrote them down; PyTorch is not needed here. Four ways of ours are
held against them: plain floats, the graph on arrays, `gradcli.function`, and tensors. Where we
rightly differ, a table says why; everything else must agree.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

import gradcli
from gradcli.core.graph import VARIABLE, Graph, finish, optimise
from gradcli.core.ops import by_name
from gradcli.core.reverse import differentiate
from gradcli.domains.array_tape import ArrayTape
from gradcli.domains.float_tape import Tape
from gradcli.language.parser import parse

HEAD, *LINES = Path(__file__).with_name("data").joinpath("torch_answers.jsonl").read_text(encoding="utf-8").splitlines()

INF = math.inf
ALL = ("value", "grad", "double")
SLOPES = ("grad", "double")


def is_far(*x: float) -> bool:
    return any(abs(v) > 1e100 for v in x)


# Numbers: (texts, what, where, why). These answers are not PyTorch's.
DIFFERENT = [
    (("acosh(x)", "asinh(x)"), SLOPES, is_far, "PyTorch squares numbers beyond 1e154"),
    (("atan2(x, y)", "hypot(x, y)"), SLOPES, is_far, "PyTorch squares numbers beyond 1e154"),
    (("atan2(x, y)", "hypot(x, y)"), SLOPES, lambda x, y: x == y == 0, "design, section 4: slope 0 at the origin"),
    (("elu(x)", "elu(x, 0.5)"), ("double",), lambda x: x == 0, "a kink of the slope: ours is the left one"),
    (("expm1(x)",), SLOPES, lambda x: x < -5, "PyTorch adds 1 to the value, and the digits go"),
    (("sigmoid(x)", "silu(x)"), SLOPES, lambda x: abs(x) > 5, "PyTorch takes 1 - y"),
    (("logsigmoid(x)", "softplus(x)"), SLOPES, lambda x: abs(x) > 5, "PyTorch takes 1 - y"),
    (("sigmoid(x)",), ("double",), lambda x: abs(x) < 1e-6, "PyTorch takes 1 - 2*y"),
    (("sigmoid(x)", "silu(x)"), ALL, lambda x: x < -700, "PyTorch overflows in exp(-x)"),
    (("logsigmoid(x)", "softplus(x)"), ALL, lambda x: abs(x) > 700, "subnormal numbers, a digit off"),
    (("elu(x, 0.5)",), SLOPES, lambda x: x < -700, "subnormal numbers, some digits off"),
    (("tanh(x)",), SLOPES, lambda x: abs(x) > 5, "PyTorch takes 1 - y*y"),
    (("softsign(x)",), ALL, lambda x: abs(x) > 1e6, "PyTorch has inf/inf, and loses digits before"),
    (("sign(x)",), ALL, lambda x: x != x, "the sign of NaN is NaN, as in NumPy"),
    (("gelu(x)", "ndtr(x)"), ALL, lambda x: x < -5, "PyTorch takes 1 + erf(x), and the digits go"),
    (("gelu(x)",), ("double",), is_far, "PyTorch has 0*inf"),
    (("logit(x)",), ("double",), lambda x: x == 1e-200, "-1e400 overflows; PyTorch has inf - inf"),
    (("sinc(x)",), ALL, lambda x: abs(x) < 1e-6 or abs(x) >= 1, "PyTorch evaluates sin(pi*x)/(pi*x) as written"),
    (("polygamma(1, x)", "polygamma(2, x)"), ALL, lambda x: x == INF or x <= 0, "at a pole PyTorch picks -inf"),
    (("x**0.5",), ALL, lambda x: x == -INF, "IEEE's power is inf there; PyTorch takes the square root"),
    (("fmod(x, y)",), SLOPES, lambda x, y: (x, y) == (-2.0, 0.4), "the remainder's quotient is 4, not x/y rounded, 5"),
    (("x % y",), SLOPES, lambda x, y: abs(y) == INF, "(x - r)/y is inf/inf"),
    (("x**y",), ("double",), lambda x, y: x == 0, "0**y by y is 0 for y >= 0, also in the second order"),
    (("x**y",), ("double",), lambda x, y: y == 0, "the slope of x**y by x grows by 1/x with y; PyTorch has 0"),
    (("xlogy(x, y)",), ALL, lambda x, y: x == 0 and y <= 0, "the slope by x is log(y)"),
    (("logaddexp(x, y)",), ("double",), is_far, "PyTorch has inf - inf"),
    (("where(x > y, x, y*y)",), ALL, is_far, "the branch not chosen counts for nothing; PyTorch has inf*0"),
]  # fmt: skip

# Whole arrays: (text, x, what, why).
DIFFERENT_ARRAYS = [
    ("norm(x)", [0.0, 0.0], ("double",), "design, section 4: slope 0 at the origin"),
    ("norm(x)", [3e200, 4e200], ALL, "PyTorch squares numbers beyond 1e154"),
    ("sum(where(x > 0, sqrt(x), 0*x))", [4.0, -1.0, 0.0], SLOPES, "the branch not chosen counts for nothing"),
    ("logsumexp(x, axis=0)", ["Infinity", 0.0], SLOPES, "inf - inf"),
    ("var(x)", [2.0], SLOPES, "the value is NaN"),
]

# PyTorch's trigamma is good to nine digits.
DIGITS = {"digamma(x)": 1e-8, "lgamma(x)": 1e-8, "polygamma(1, x)": 1e-8, "polygamma(2, x)": 1e-8}


class Case:
    """A line of the file, with arrays."""

    def __init__(self, line: str) -> None:
        case = json.loads(line)
        shapes = case["shapes"]
        self.text = case["text"]
        self.elementwise = case["elementwise"]
        self.x = case["at"]["x"]
        self.at = {x: array(numbers, shapes[x]) for x, numbers in case["at"].items()}
        self.value = array(case["value"], shapes["value"])
        self.grad = {x: array(numbers, shapes[x]) for x, numbers in case["grad"].items()}
        self.double = {x: array(numbers, shapes[x]) for x, numbers in case["double"].items()}
        self.weights = {f"weight{k}": weights(np.shape(x), k) for k, x in enumerate((self.value, *self.at.values()))}

    def __repr__(self) -> str:
        return f"{self.text} {' '.join([str(x.shape).replace(' ', '') for x in self.at.values()])}"


def array(numbers: list, shape: list[int]) -> np.ndarray:
    return np.array(numbers, np.float64).reshape(shape)


def weights(shape: tuple[int, ...], which: int) -> np.ndarray:
    """As in make_torch_answers.py."""
    return array([0.5 + (0.5 + 0.375 * k + 0.625 * which) % 2.5 for k in range(math.prod(shape))], list(shape))


CASES = [Case(line) for line in LINES]
POINTWISE = [case for case in CASES if case.elementwise]
WHOLE = [case for case in CASES if not case.elementwise]


def graph_of(text: str, arrays: bool) -> tuple[list[str], Graph]:
    """The variables, and the graph of the value, the weighted gradient and the weighted double backward."""
    program = parse(text)
    builder, (result, *leaves) = optimise(program.nodes, [program.results[0], *program.leaf.values()])
    names = list(program.leaf)
    zero = builder.number(0.0)
    seed = builder.intern((VARIABLE, "weight0"))
    adjoints = differentiate(builder, result, leaves, arrays=arrays, seed=seed)
    grad = [adjoints.get(i, zero) for i in leaves]
    total = zero
    for k, g in enumerate(grad, 1):
        weighted = builder.make(by_name("mul"), builder.intern((VARIABLE, f"weight{k}")), g)
        if arrays:
            weighted = builder.make(by_name("sum"), weighted, builder.literal(None), zero)
        total = builder.make(by_name("add"), total, weighted)
    adjoints = differentiate(builder, total, leaves, arrays=arrays)
    return names, finish(builder, [result, *grad, *[adjoints.get(i, zero) for i in leaves]])


def agree(ours: float, theirs: float, tolerance: float, noise: float) -> bool:
    if ours != ours or theirs != theirs:
        return ours != ours and theirs != theirs
    return ours == theirs or abs(ours - theirs) <= max(tolerance * max(abs(ours), abs(theirs)), noise)


def by_numbers(case: Case) -> list[list[float]]:
    """Value, partials and second partials of each element by itself, in plain floats."""
    _, graph = graph_of(case.text, arrays=False)
    tape = Tape(graph)
    rows = []
    for k in range(case.value.size):
        numbers = {**case.at, **case.weights}
        values = tape.run({x: float(v[k]) for x, v in numbers.items()})
        rows.append([values[i] for i in tape.outputs])
    return rows


def by_arrays(case: Case) -> list[list[float]]:
    """The same of all elements at once."""
    _, graph = graph_of(case.text, arrays=True)
    tape = ArrayTape(graph)
    values = tape.run({**case.at, **case.weights})
    outputs = [np.broadcast_to(values[i], case.value.shape) for i in tape.outputs]
    return np.stack(outputs, axis=1).tolist()


def by_tensors(case: Case) -> list[list[float]]:
    """The same by tensors, as in PyTorch."""
    value, grad, double = tensor_answers(case)
    return np.stack([value, *grad, *double], axis=1).tolist()


def tensor_answers(case: Case) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    names = {x: gradcli.tensor(v, requires_grad=True) for x, v in case.at.items()}
    leaves = list(names.values())
    scope = {name: getattr(gradcli, name, None) or getattr(gradcli.nn.functional, name, None) for name in FUNCTIONS}
    text = AS_TENSORS.get(case.text, case.text).replace("axis", "dim")
    result = eval(text, {"__builtins__": {}}, {**scope, **names})
    if isinstance(result, list):
        result = gradcli.stack(result)
    weight = [gradcli.tensor(w) for w in case.weights.values()]
    grad = derivatives(result, leaves, weight[0])
    total = sum([(w * g).sum() for w, g in zip(weight[1:], grad, strict=True)])
    double = derivatives(total, leaves, gradcli.tensor(1.0))
    return result.detach().numpy(), [g.detach().numpy() for g in grad], [g.detach().numpy() for g in double]


def derivatives(result, leaves, weight):
    """The gradients, zeros where the result does not depend on a leaf."""
    if not result.requires_grad:
        return [gradcli.zeros_like(x) for x in leaves]
    found = gradcli.autograd.grad(result, leaves, weight, create_graph=True, allow_unused=True)
    return [gradcli.zeros_like(x) if g is None else g for x, g in zip(leaves, found, strict=True)]


FUNCTIONS = sorted({word for case in CASES for word in re.findall(r"\b[a-z_0-9]+(?=\()", case.text)})

# What is written in another way for tensors, as for PyTorch's.
AS_TENSORS = {
    "detach(x)*x": "x.detach()*x", "transpose(x)": "transpose(x, 0, 1)", "x[::-1]": "x.flip(0)",
    "x[3:0:-2]": "x.flip(0)[1:4:2]", "x[:, ::-1]": "x.flip(1)",
}  # fmt: skip


@pytest.mark.parametrize("way", [by_numbers, by_arrays, by_tensors])
@pytest.mark.parametrize("case", POINTWISE, ids=repr)
def test_numbers(case: Case, way):
    """Each element by itself. Where our value is NaN the rest is not looked at: all partials are NaN then.

    The double backward is compared where value and gradient are finite.
    """
    tolerance = DIGITS.get(case.text, 1e-12)
    count = len(case.at)
    noise = 0.0 if count == 1 else 1e-15  # what cancels in the sum over the variables; the weights are about 1
    wrong = []
    for k, row in enumerate(way(case)):
        point = tuple(x[k].item() for x in case.at.values())
        ours = {"value": row[:1], "grad": row[1 : 1 + count], "double": row[1 + count :]}
        theirs = {"value": [case.value[k].item()]}
        theirs.update({what: [x[k].item() for x in getattr(case, what).values()] for what in SLOPES})
        finite = all(math.isfinite(x) for x in (*ours["value"], *ours["grad"], *theirs["grad"]))
        for what in ALL if finite else ("value",) if row[0] != row[0] else ("value", "grad"):
            pairs = zip(ours[what], theirs[what], strict=True)
            if not is_different(case.text, what, point) and not all(agree(a, b, tolerance, noise) for a, b in pairs):
                wrong.append((point, what, ours[what], theirs[what]))
    assert wrong == []


def is_different(text: str, what: str, point: tuple[float, ...]) -> bool:
    return any(text in texts and what in kinds and where(*point) for texts, kinds, where, _ in DIFFERENT)


def is_different_array(case: Case, what: str) -> bool:
    return any(case.text == text and case.x == x and what in kinds for text, x, kinds, _ in DIFFERENT_ARRAYS)


def assert_close(case: Case, what: str, ours, theirs: np.ndarray) -> None:
    if not is_different_array(case, what):
        tolerance = DIGITS.get(case.text, 1e-11)
        large = float(np.max(np.abs(theirs), initial=0.0, where=np.isfinite(theirs)))
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=1e-13 * large, err_msg=what)


@pytest.mark.parametrize("case", WHOLE, ids=repr)
def test_arrays(case: Case):
    """The graph on arrays, to the second order."""
    names, graph = graph_of(case.text, arrays=True)
    tape = ArrayTape(graph)
    values = tape.run({x: v[()] for x, v in {**case.at, **case.weights}.items()})
    value, *slopes = [values[i] for i in tape.outputs]
    assert np.shape(value) == case.value.shape
    assert_close(case, "value", value, case.value)
    for k, x in enumerate(names):
        assert_close(case, "grad", np.broadcast_to(slopes[k], case.at[x].shape), case.grad[x])
        assert_close(case, "double", np.broadcast_to(slopes[len(names) + k], case.at[x].shape), case.double[x])


@pytest.mark.parametrize("case", WHOLE, ids=repr)
def test_functions(case: Case):
    """`gradcli.function` on arrays."""
    value = gradcli.function(case.text)(**case.at)
    assert np.shape(value) == case.value.shape
    assert_close(case, "value", value, case.value)
    total = gradcli.function(f"sum(weight0*({case.text}))")
    sum_of_all, grad = total.value_and_grad(**case.at, weight0=case.weights["weight0"])
    if not math.isnan(sum_of_all):
        for x, theirs in case.grad.items():
            assert np.shape(grad[x]) == theirs.shape
            assert_close(case, "grad", grad[x], theirs)


@pytest.mark.parametrize("case", WHOLE, ids=repr)
def test_tensors(case: Case):
    """Tensors, to the second order."""
    value, grad, double = tensor_answers(case)
    assert value.shape == case.value.shape
    assert_close(case, "value", value, case.value)
    for x, g, d in zip(case.at, grad, double, strict=True):
        assert g.shape == d.shape == case.at[x].shape
        assert_close(case, "grad", g, case.grad[x])
        assert_close(case, "double", d, case.double[x])


def test_each_exception_is_one():
    """The tables speak of texts that are there."""
    known = {case.text for case in CASES}
    assert {text for texts, *_ in DIFFERENT for text in texts} | {text for text, *_ in DIFFERENT_ARRAYS} <= known


def test_the_version_is_told():
    assert json.loads(HEAD)["torch"].split(".")[0] == "2"
