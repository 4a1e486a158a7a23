"""Write down what PyTorch answers: `python tests/data/make_torch_answers.py` makes torch_answers.jsonl anew.

It needs PyTorch, which the tests do not. The first line of the file holds PyTorch's version;
each further line is a case:

    text, at      the expression in gradcli's language, and the variables' arrays
    value         the result
    grad          by each variable the gradient of sum(weights * result)
    double        by each variable the gradient of the sum, over all variables x, of
                  sum(weights * grad[x]): the double backward pass
    shapes        those of the value and of the variables: an empty list does not tell
    elementwise   each number stands for itself: the case is many cases

The weights are `weights(shape)` for the result and `weights(shape, k)` for the k-th variable,
k from 1; all is float64. What is not finite is a string.
"""

from __future__ import annotations

import json
import math
from itertools import product
from pathlib import Path

import torch
from torch.nn import functional

INF, NAN = math.inf, math.nan

FINITE = [0.3, 0.7, 1.7, 2.5, -0.4, -1.3, -3.2, 5.5, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 1e-8, -1e-8, 1e-200]
FAR = [12.0, -12.0, 40.0, -40.0, 720.0, -720.0, 1e10, -1e10, 1e200, -1e200, INF, -INF, NAN]
SHORT = [-INF, -2.5, -2.0, -1.0, -0.0, 0.0, 0.4, 1.0, 3.0, 1e200, INF, NAN]

UNARY = {
    "abs(x)": torch.abs, "acos(x)": torch.acos, "acosh(x)": torch.acosh, "asin(x)": torch.asin,
    "asinh(x)": torch.asinh, "atan(x)": torch.atan, "atanh(x)": torch.atanh, "ceil(x)": torch.ceil,
    "clamp(x, -1, 0.5)": lambda x: torch.clamp(x, -1, 0.5), "clamp(x, min=0)": lambda x: torch.clamp(x, min=0),
    "cos(x)": torch.cos, "cosh(x)": torch.cosh, "degrees(x)": torch.rad2deg, "detach(x)*x": lambda x: x.detach() * x,
    "digamma(x)": torch.digamma, "elu(x)": functional.elu, "elu(x, 0.5)": lambda x: functional.elu(x, 0.5),
    "erf(x)": torch.erf,
    "erfc(x)": torch.erfc, "erfinv(x)": torch.erfinv, "exp(x)": torch.exp, "exp2(x)": torch.exp2,
    "expm1(x)": torch.expm1, "floor(x)": torch.floor, "frac(x)": torch.frac, "gelu(x)": functional.gelu,
    "leaky_relu(x)": functional.leaky_relu, "leaky_relu(x, 0.2)": lambda x: functional.leaky_relu(x, 0.2),
    "lgamma(x)": torch.lgamma,
    "log(x)": torch.log, "log10(x)": torch.log10, "log1p(x)": torch.log1p, "log2(x)": torch.log2,
    "logit(x)": torch.logit, "logsigmoid(x)": functional.logsigmoid, "ndtr(x)": torch.special.ndtr, "-x": torch.neg,
    "polygamma(1, x)": lambda x: torch.polygamma(1, x), "polygamma(2, x)": lambda x: torch.polygamma(2, x),
    "radians(x)": torch.deg2rad, "reciprocal(x)": torch.reciprocal, "relu(x)": torch.relu, "round(x)": torch.round,
    "rsqrt(x)": torch.rsqrt, "sigmoid(x)": torch.sigmoid, "sign(x)": torch.sign, "silu(x)": functional.silu,
    "sin(x)": torch.sin, "sinc(x)": torch.sinc, "sinh(x)": torch.sinh, "softplus(x)": functional.softplus,
    "softsign(x)": functional.softsign, "sqrt(x)": torch.sqrt, "square(x)": torch.square, "tan(x)": torch.tan,
    "tanh(x)": torch.tanh, "trunc(x)": torch.trunc, "x**0": lambda x: x**0, "x**0.5": lambda x: x**0.5,
    "x**1": lambda x: x**1, "x**2": lambda x: x**2, "x**3": lambda x: x**3, "x**-1": lambda x: x**-1,
    "x**2.5": lambda x: x**2.5, "2**x": lambda x: 2**x, "where(x > 0, x, 3*x)": lambda x: torch.where(x > 0, x, 3 * x),
}  # fmt: skip

BINARY = {
    "x + y": torch.add, "x - y": torch.sub, "x*y": torch.mul, "x/y": torch.div, "x % y": torch.remainder,
    "fmod(x, y)": torch.fmod, "x**y": torch.pow, "max(x, y)": torch.maximum, "min(x, y)": torch.minimum,
    "atan2(x, y)": torch.atan2, "hypot(x, y)": torch.hypot, "xlogy(x, y)": torch.xlogy,
    "logaddexp(x, y)": torch.logaddexp, "where(x > y, x, y*y)": lambda x, y: torch.where(x > y, x, y * y),
    "clamp(x, y, 1)": lambda x, y: torch.clamp(x, y, torch.ones_like(y)),
    "(x < y)*x + (x == y)*y": lambda x, y: (x < y).double() * x + (x == y).double() * y,
}  # fmt: skip

SHAPES = [
    ((), ()), ((3,), ()), ((), (2, 2)), ((2, 3), (3,)), ((3, 1), (1, 4)), ((2, 1, 3), (4, 1)), ((1,), (5,)),
    ((1, 1), ()), ((0,), (1,)), ((0, 3), (3,)), ((2, 0), (1, 1)), ((1, 3), (2, 3)),
]  # fmt: skip

# (text, PyTorch's form, shapes of x and of y where there is one)
WHOLE = [
    ("sum(x)", lambda x: x.sum(), [(), (1,), (4,), (2, 3), (0,), (2, 3, 2)]),
    ("sum(x, axis=0)", lambda x: x.sum(0), [(4,), (2, 3), (0, 3), (2, 3, 2)]),
    ("x.sum(dim=-1, keepdim=True)", lambda x: x.sum(-1, keepdim=True), [(4,), (2, 3), (3, 0)]),
    ("mean(x)", lambda x: x.mean(), [(), (1,), (4,), (2, 3), (0,)]),
    ("mean(x, axis=1)", lambda x: x.mean(1), [(2, 3), (2, 3, 2)]),
    ("x.mean(0, keepdim=True)", lambda x: x.mean(0, keepdim=True), [(2, 3)]),
    ("prod(x)", lambda x: x.prod(), [(), (1,), (4,), (2, 3), (0,)]),
    ("prod(x, axis=1)", lambda x: x.prod(1), [(2, 3)]),
    ("amax(x)", lambda x: x.amax(), [(), (1,), (4,), (2, 3)]),
    ("amax(x, axis=0)", lambda x: x.amax(0), [(4,), (2, 3)]),
    ("amin(x, axis=1)", lambda x: x.amin(1), [(2, 3)]),
    ("x.amin(dim=-1, keepdim=True)", lambda x: x.amin(-1, keepdim=True), [(2, 3)]),
    ("x.max()", lambda x: x.max(), [(4,), (2, 3)]),
    ("x.min()", lambda x: x.min(), [(4,), (2, 3)]),
    ("var(x)", lambda x: x.var(), [(4,), (2, 3)]),
    ("var(x, axis=0)", lambda x: x.var(0), [(4,), (2, 3)]),
    ("std(x)", lambda x: x.std(), [(4,), (2, 3)]),
    ("std(x, axis=1)", lambda x: x.std(1), [(2, 3)]),
    ("norm(x)", lambda x: x.norm(), [(), (1,), (4,), (2, 3)]),
    ("cumsum(x, axis=0)", lambda x: x.cumsum(0), [(4,), (2, 3), (0,)]),
    ("cumsum(x, axis=1)", lambda x: x.cumsum(1), [(2, 3)]),
    ("softmax(x, axis=0)", lambda x: x.softmax(0), [(4,), (2, 3)]),
    ("softmax(x, axis=-1)", lambda x: x.softmax(-1), [(1,), (2, 3), (2, 3, 2)]),
    ("log_softmax(x, axis=-1)", lambda x: x.log_softmax(-1), [(4,), (2, 3)]),
    ("logsumexp(x, axis=0)", lambda x: x.logsumexp(0), [(4,), (2, 3)]),
    ("logsumexp(x, axis=1, keepdim=True)", lambda x: x.logsumexp(1, keepdim=True), [(2, 3)]),
    ("x.T", lambda x: x.T, [(2, 3), (3, 1), (0, 2)]),
    ("transpose(x)", lambda x: x.T, [(2, 3)]),
    ("reshape(x, (3, 2))", lambda x: x.reshape(3, 2), [(2, 3), (6,)]),
    ("reshape(x, (-1,))", lambda x: x.reshape(-1), [(), (2, 3)]),
    ("trace(x)", lambda x: x.trace(), [(2, 2), (3, 3), (2, 3)]),
    ("det(x)", lambda x: x.det(), [(1, 1), (2, 2), (3, 3)]),
    ("inv(x)", lambda x: x.inverse(), [(1, 1), (2, 2), (3, 3)]),
    ("diag(x)", lambda x: x.diag(), [(1,), (3,), (3, 3)]),
    ("x[0]", lambda x: x[0], [(1,), (4,), (2, 3)]),
    ("x[-1]", lambda x: x[-1], [(4,), (2, 3)]),
    ("x[1:]", lambda x: x[1:], [(4,), (1,), (2, 3)]),
    ("x[::2]", lambda x: x[::2], [(5,), (3, 2)]),
    ("x[::-1]", lambda x: x.flip(0), [(0,), (1,), (4,), (2, 3)]),
    ("x[3:0:-2]", lambda x: x.flip(0)[1:4:2], [(5,)]),
    ("x[:, ::-1]", lambda x: x.flip(1), [(2, 3)]),
    ("x[1, :]*x[:, 1]", lambda x: x[1, :] * x[:, 1], [(3, 3)]),
    ("x[..., 0]", lambda x: x[..., 0], [(4,), (2, 3), (2, 3, 2)]),
    ("x[1:3]*x[:2]", lambda x: x[1:3] * x[:2], [(4,)]),
    ("[x, 2*x, x*x]", lambda x: torch.stack([x, 2 * x, x * x]), [(), (2,)]),
    ("x @ x.T", lambda x: x @ x.T, [(2, 3), (1, 1)]),
    ("dot(x, y)", torch.dot, [((3,), (3,)), ((0,), (0,)), ((1,), (1,))]),
    ("outer(x, y)", torch.outer, [((3,), (2,)), ((1,), (4,))]),
    ("x @ y", torch.matmul, [
        ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((1, 1), (1, 1)), ((2, 0), (0, 3)),
        ((2, 2, 3), (3, 2)), ((2, 2, 3), (2, 3, 1)), ((2, 2, 3), (3,)), ((3,), (2, 3, 2)),
    ]),
    ("solve(x, y)", torch.linalg.solve, [((2, 2), (2,)), ((3, 3), (3, 2)), ((1, 1), (1,))]),
    ("concatenate([x, y])", lambda x, y: torch.cat([x, y]), [((3,), (2,)), ((0,), (2,)), ((2, 3), (1, 3))]),
    ("concatenate([x, y], axis=1)", lambda x, y: torch.cat([x, y], 1), [((2, 3), (2, 1))]),
    ("stack([x, y])", lambda x, y: torch.stack([x, y]), [((), ()), ((3,), (3,)), ((2, 3), (2, 3))]),
    ("stack([x, y], axis=1)", lambda x, y: torch.stack([x, y], 1), [((3,), (3,))]),
    ("linear(x, y)", functional.linear, [((2, 3), (4, 3)), ((3,), (2, 3))]),
    ("mse_loss(x, y)", functional.mse_loss, [((3,), (3,)), ((2, 3), (2, 3)), ((), ())]),
    ("cross_entropy(x, [0, 2])", lambda x: functional.cross_entropy(x, torch.tensor([0, 2])), [(2, 3)]),
    ("sum(x*y, axis=0)*y", lambda x, y: (x * y).sum(0) * y, [((2, 3), (3,)), ((3, 1), (1, 4))]),
]  # fmt: skip

# Whole arrays at awkward places: ties, zeros, far out, not finite.
AWKWARD = [
    ("amax(x)", lambda x: x.amax(), [1.0, 3.0, 3.0]),
    ("amin(x, axis=0)", lambda x: x.amin(0), [[1.0, 2.0], [1.0, -2.0]]),
    ("x.max()", lambda x: x.max(), [2.0, 2.0, 2.0]),
    ("prod(x)", lambda x: x.prod(), [2.0, 0.0, 3.0]),
    ("prod(x)", lambda x: x.prod(), [0.0, 0.0, 3.0]),
    ("prod(x)", lambda x: x.prod(), [0.0, 0.0, 0.0]),
    ("norm(x)", lambda x: x.norm(), [0.0, 0.0]),
    ("norm(x)", lambda x: x.norm(), [3e200, 4e200]),
    ("std(x)", lambda x: x.std(), [1.0, 1.0, 1.0]),
    ("var(x)", lambda x: x.var(), [1e8, 1e8 + 1, 1e8 + 2]),
    ("var(x)", lambda x: x.var(), [2.0]),
    ("logsumexp(x, axis=0)", lambda x: x.logsumexp(0), [1000.0, 1000.0]),
    ("logsumexp(x, axis=0)", lambda x: x.logsumexp(0), [-1000.0, -2000.0]),
    ("logsumexp(x, axis=0)", lambda x: x.logsumexp(0), [-INF, 0.0]),
    ("logsumexp(x, axis=0)", lambda x: x.logsumexp(0), [-INF, -INF]),
    ("logsumexp(x, axis=0)", lambda x: x.logsumexp(0), [INF, 0.0]),
    ("softmax(x, axis=0)", lambda x: x.softmax(0), [1000.0, 0.0, -1000.0]),
    ("softmax(x, axis=0)", lambda x: x.softmax(0), [-INF, 0.0, 1.0]),
    ("log_softmax(x, axis=0)", lambda x: x.log_softmax(0), [1000.0, 0.0, -1000.0]),
    ("sum(abs(x))", lambda x: x.abs().sum(), [0.0, -1.0, 2.0]),
    ("sum(where(x > 0, sqrt(x), 0*x))", lambda x: torch.where(x > 0, x.sqrt(), 0 * x).sum(), [4.0, -1.0, 0.0]),
    ("det(x)", lambda x: x.det(), [[1.0, 2.0], [2.0, 4.0]]),
    ("mean(x)", lambda x: x.mean(), [1e308, 1e308]),
    ("cumsum(x, axis=0)", lambda x: x.cumsum(0), [1.0, INF, 2.0]),
]


def weights(shape: tuple[int, ...], which: int = 0) -> torch.Tensor:
    """1, 1.375, 1.75, 2.125, ... from 0.5 to 3, starting further on for each `which`: exact numbers that differ."""
    numbers = [0.5 + (0.5 + 0.375 * k + 0.625 * which) % 2.5 for k in range(math.prod(shape))]
    return torch.tensor(numbers, dtype=torch.float64).reshape(shape)


def ordinary(shape: tuple[int, ...], shift: int) -> torch.Tensor:
    """Numbers without a pattern between -2 and 3, no two equal."""
    count = math.prod(shape)
    numbers = [((k + shift) * 0.6180339887498949 % 1.0) * 5 - 2 for k in range(1, count + 1)]
    return torch.tensor(numbers, dtype=torch.float64).reshape(shape)


def answer(text: str, function, tensors: list[torch.Tensor], elementwise: bool) -> dict:
    at = dict(zip("xy", tensors, strict=False))
    leaves = [x.clone().requires_grad_() for x in tensors]
    result = function(*leaves)
    if result.requires_grad:
        grad = torch.autograd.grad(result, leaves, weights(result.shape), create_graph=True, materialize_grads=True)
    else:
        grad = tuple(torch.zeros_like(x) for x in leaves)
    if any(g.requires_grad for g in grad):
        total = sum((weights(g.shape, k) * g).sum() for k, g in enumerate(grad, 1))
        double = torch.autograd.grad(total, leaves, materialize_grads=True)
    else:
        double = tuple(torch.zeros_like(x) for x in leaves)
    return {
        "text": text,
        "at": {name: listed(x) for name, x in at.items()},
        "value": listed(result),
        "grad": {name: listed(g) for name, g in zip(at, grad, strict=True)},
        "double": {name: listed(g) for name, g in zip(at, double, strict=True)},
        "shapes": {"value": list(result.shape), **{name: list(x.shape) for name, x in at.items()}},
        "elementwise": elementwise,
    }


def listed(tensor: torch.Tensor):
    tensor = tensor.detach().double()
    if tensor._is_zerotensor():  # zeros that take no memory, and have no list
        tensor = torch.zeros(tensor.shape)
    return named(tensor.tolist())


def named(x):
    """The number or nested list with strings for what JSON has no number for."""
    if isinstance(x, list):
        return [named(v) for v in x]
    return x if math.isfinite(x) else "NaN" if x != x else "Infinity" if x > 0 else "-Infinity"


def cases():
    numbers = torch.tensor(FINITE + FAR, dtype=torch.float64)
    for text, function in UNARY.items():
        yield answer(text, function, [numbers], True)
        yield answer(text, function, [ordinary((), 3).abs() / 4 + 0.1], False)
        yield answer(text, function, [torch.zeros((2, 0), dtype=torch.float64)], False)
    pairs = torch.tensor(list(product(SHORT, SHORT)), dtype=torch.float64)
    for text, function in BINARY.items():
        yield answer(text, function, [pairs[:, 0].clone(), pairs[:, 1].clone()], True)
        for left, right in SHAPES:
            yield answer(text, function, [ordinary(left, 1).abs() + 0.1, ordinary(right, 40).abs() + 0.2], False)
    for text, function, shapes in WHOLE:
        for shape in shapes:
            several = shape if shape and isinstance(shape[0], tuple) else (shape,)
            yield answer(text, function, [ordinary(s, 1 + 40 * k) for k, s in enumerate(several)], False)
    for text, function, numbers in AWKWARD:
        yield answer(text, function, [torch.tensor(numbers, dtype=torch.float64)], False)


def main() -> None:
    lines = [json.dumps({"torch": torch.__version__.partition("+")[0], "dtype": "float64"})]
    lines += [json.dumps(case, allow_nan=False) for case in cases()]
    Path(__file__).with_name("torch_answers.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
