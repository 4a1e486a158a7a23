"""Each function of the table on tensors: gradients against finite differences, second order too."""

from __future__ import annotations

import math

import numpy as np
import pytest

import gradcli as torch
from gradcli.core.ops import TABLE
from gradcli.tensors.methods import FUNCTIONS, METHODS

# Where a function is smooth: by default near 0.3 to 0.9.
SHIFTED = {
    "acosh": 1.5,
    "acoth": 1.5,
    "asec": 1.5,
    "acsc": 1.5,
    "log_base": 1.5,
    "mod": 0.05,
    "fmod": 0.05,
    "polygamma": 2.0,
}
# (numbers, places of tensors) for what takes literals or special shapes.
CALLS = {
    "polygamma": lambda f, x, y: f(1, x),
    "sinc_derivative": lambda f, x, y: f(1, x),
    **dict.fromkeys(("jv", "yv", "iv", "kv", "expint", "gammainc", "gammaincc"), lambda f, x, y: f(1, x)),
    "betainc": lambda f, x, y: f(2, 0.5, x),
    "where": lambda f, x, y: f(x > 0.5, x, y),
    "clamp": lambda f, x, y: f(x, 0.4, 0.8),
    "clip": lambda f, x, y: f(x, 0.4, 0.8),
    "elu": lambda f, x, y: f(x - 0.55, 0.7),
    "leaky_relu": lambda f, x, y: f(x - 0.55, 0.1),
}
PLAIN = sorted(
    name
    for name, f in FUNCTIONS.items()
    if name in TABLE and not TABLE[name].whole and not TABLE[name].decides and not TABLE[name].variadic
    and any(map(callable, TABLE[name].vjp))
)  # fmt: skip


def call(name, x, y):
    f = FUNCTIONS[name]
    if name in CALLS:
        return CALLS[name](f, x, y)
    count = len([p for p in TABLE[name].signature.split(",") if "=" not in p])
    return f(*(x, y, x + y)[:count])


@pytest.mark.parametrize("name", PLAIN)
def test_first_and_second_order_against_differences(name):
    shift = SHIFTED.get(name, 0.0)
    x = torch.tensor([0.31 + shift, 0.52 + shift, 0.87 + shift], requires_grad=True)
    y = torch.tensor([0.45 + shift, 0.83 + shift, 0.36 + shift], requires_grad=True)
    assert torch.autograd.gradcheck(lambda p, q: call(name, p, q), (x, y), rtol=1e-4)

    def slope(p):
        p = p if p.requires_grad else p.detach().requires_grad_()
        with torch.enable_grad():
            value = call(name, p, y.detach())
            if not value.requires_grad:
                return p * 0
            return torch.autograd.grad(value.sum(), p, create_graph=True)[0]

    assert torch.autograd.gradcheck(slope, x, rtol=1e-4)


@pytest.mark.parametrize("name", PLAIN)
def test_numbers_and_arrays_agree(name):
    """A 0-d tensor runs on plain floats, one of three elements on NumPy."""
    shift = SHIFTED.get(name, 0.0)
    x = torch.tensor([0.31 + shift, 0.52 + shift, 0.87 + shift])
    y = torch.tensor([0.45 + shift, 0.83 + shift, 0.36 + shift])
    together = call(name, x, y).tolist()
    for k in range(3):
        alone = call(name, torch.tensor(x[k].item()), torch.tensor(y[k].item())).item()
        assert together[k] == pytest.approx(alone, rel=1e-14, abs=1e-300)


M = [[2.0, 0.5, -1.0], [0.3, 1.5, 0.7], [1.1, -0.4, 3.0]]


def broadcast_loss(input, target):
    """As in PyTorch shapes that differ are computed, with a warning."""
    with pytest.warns(UserWarning, match="Using a target size"):
        return torch.nn.functional.mse_loss(input, target)


WHOLE = {
    "sum": lambda x: x.sum(0),
    "sum of all": lambda x: x.sum(),
    "mean": lambda x: x.mean(1, keepdim=True),
    "mean of several": lambda x: x.mean((0, 1)),
    "prod": lambda x: x.prod(1),
    "max": lambda x: x.max(),
    "max along": lambda x: x.max(1)[0],
    "min along": lambda x: x.min(0).values,
    "amax": lambda x: torch.amax(x, 0),
    "var": lambda x: x.var(0),
    "std": lambda x: x.std(),
    "std along": lambda x: x.std(1, correction=0),
    "norm": lambda x: x.norm(),
    "norm along": lambda x: x.norm(dim=1),
    "norm 3": lambda x: x.norm(3),
    "cumsum": lambda x: x.cumsum(0),
    "softmax": lambda x: torch.softmax(x, 1),
    "logsumexp": lambda x: x.logsumexp(0),
    "log_softmax": lambda x: x.log_softmax(-1),
    "matmul": lambda x: x @ x,
    "matvec": lambda x: x @ x[0],
    "vecmat": lambda x: x[0] @ x,
    "dot": lambda x: x[0] @ x[1],
    "outer": lambda x: torch.outer(x[0], x[1]),
    "batched": lambda x: torch.stack([x, x * 2]) @ x,
    "transpose": lambda x: x.T @ x[0],
    "det": torch.det,
    "inv": torch.linalg.inv,
    "solve": lambda x: torch.linalg.solve(x, x[0]),
    "trace": torch.trace,
    "diag": torch.diag,
    "diag of a vector": lambda x: torch.diag(x[0]),
    "cat": lambda x: torch.cat([x, x[:1]], 0),
    "stack": lambda x: torch.stack([x[0], x[1]], 1),
    "reshape": lambda x: x.reshape(9) ** 2,
    "flip": lambda x: x.flip(0) * x,
    "index": lambda x: x[1:, 0] * x[0, 1:],
    "fancy": lambda x: x[torch.tensor([0, 0, 2])] ** 2,
    "mask": lambda x: x[x > 0.4],
    "newaxis": lambda x: x[None, 0, :, None] * x,
    "expand": lambda x: x[:1].expand(4, 3) * torch.arange(4.0).reshape(4, 1),
    "permute": lambda x: x.reshape(3, 3, 1).permute(2, 1, 0),
    "squeeze": lambda x: x.unsqueeze(1).squeeze(1).squeeze(),
    "unbind": lambda x: torch.unbind(x)[1],
    "flatten": lambda x: x.flatten(),
    "clone": lambda x: x.clone() * x,
    "linear": lambda x: torch.nn.functional.linear(x, x, x[0]),
    "linear of a vector": lambda x: torch.nn.functional.linear(x[0], x),
    "mse_loss": lambda x: broadcast_loss(x, x[0]),
    "cross_entropy": lambda x: torch.nn.functional.cross_entropy(x, torch.tensor([0, 2, 1])),
    "cross_entropy of each": lambda x: torch.nn.functional.cross_entropy(x, torch.tensor([0, 2, 1]), reduction="none"),
    "l1_loss": lambda x: torch.nn.functional.l1_loss(x, torch.ones(3, 3) * 0.45, reduction="sum"),
    "bce": lambda x: torch.nn.functional.binary_cross_entropy(torch.sigmoid(x), torch.ones(3, 3) * 0.3),
    "bce with logits": lambda x: torch.nn.functional.binary_cross_entropy_with_logits(x, torch.ones(3, 3) * 0.3),
}


@pytest.mark.parametrize("name", WHOLE)
def test_operations_on_whole_tensors(name):
    x = torch.tensor(M, requires_grad=True)
    f = WHOLE[name]
    for _ in range(3):
        assert torch.autograd.gradcheck(f, x)

    def slope(p):
        p = p if p.requires_grad else p.detach().requires_grad_()
        with torch.enable_grad():
            return torch.autograd.grad((f(p) ** 2).sum(), p, create_graph=True)[0]

    assert torch.autograd.gradcheck(slope, x)


def test_functions_and_methods_are_the_same():
    x = torch.tensor([0.3, 0.6])
    for name in PLAIN:
        if name not in CALLS and "," not in TABLE[name].signature:
            assert np.array_equal(getattr(x, name)(), FUNCTIONS[name](x), equal_nan=True)
            for alias in TABLE[name].aliases:
                assert np.array_equal(getattr(torch, alias)(x), FUNCTIONS[name](x), equal_nan=True)


def test_in_place_functions():
    x = torch.tensor([4.0, 9.0])
    assert x.sqrt_() is x
    assert x.clamp_(min=2.5).tolist() == [2.5, 3.0]
    y = torch.tensor([4.0], requires_grad=True) * 1
    y.sqrt_()
    assert y.grad_fn.name() == "SqrtBackward0"


def test_keyword_arguments_of_both_libraries():
    x = torch.tensor(M)
    assert x.sum(dim=1).tolist() == x.sum(axis=1).tolist() == torch.sum(x, 1).tolist()
    assert torch.clamp(x, max=1.0).max().item() == 1.0
    assert torch.clamp(input=x, min=0).min().item() == 0.0
    assert torch.std(x, 0, unbiased=False).numpy() == pytest.approx(np.std(M, axis=0))
    assert torch.atan2(x, other=x).numpy() == pytest.approx(np.arctan2(M, M))


def test_operators_with_numbers_and_arrays_on_either_side():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    array = np.array([3.0, 4.0])
    for y in (array * x, x * array):
        assert y.tolist() == [3.0, 8.0]
        assert y.requires_grad
    assert (array - x).tolist() == [2.0, 2.0]
    assert (2 - x).tolist() == [1.0, 0.0]
    assert (2 / x).tolist() == [2.0, 1.0]
    assert (2**x).tolist() == [2.0, 4.0]
    assert (np.eye(2) @ x).tolist() == [1.0, 2.0]
    assert (x @ np.eye(2)).tolist() == [1.0, 2.0]
    assert (x > array[0] - 2).tolist() == [False, True]
    with pytest.raises(TypeError):
        x + "1"


def test_edges_of_types():
    assert (torch.tensor([5, -5]) % 3).tolist() == [2, 1]
    assert (torch.tensor([True, False]) & torch.tensor([True, True])).tolist() == [True, False]
    assert (~torch.tensor([True, False])).tolist() == [False, True]
    assert torch.tensor([1, 2]).sum().dtype is torch.int64
    assert torch.exp(torch.tensor([True])).tolist() == [math.e]
    assert torch.tensor([1, 2]).double().mean().item() == 1.5
    assert torch.where(torch.tensor([True, False])).__class__ is tuple


# PyTorch's documentation, "Tensor Views", of the functions that are here, and NumPy's names of the same.
VIEWS = {"expand", "permute", "squeeze", "transpose", "t", "unsqueeze", "swapaxes", "swapdims", "unbind", "view"}
VIEWS |= {"detach", "broadcast_to", "movedim", "moveaxis", "narrow", "select", "split", "chunk", "adjoint"}
VIEWS |= {"hsplit", "tensor_split", "vsplit"}
VIEWS |= {"unflatten", "diagonal", "reshape", "flatten", "ravel", "view_as", "reshape_as", "expand_as"}
ARGUMENTS = [(), (0,), (0, 1), ((2, 2),), (torch.ones(2, 2),), (torch.ones(2, 2), torch.ones(2, 2)), (0, 0), (0, 1, 0)]


@pytest.mark.parametrize("name", sorted(set(METHODS) - {n for n in METHODS if n.endswith("_")}))
def test_only_views_share_memory_and_then_a_change_is_noticed(name):
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    for arguments in ARGUMENTS:
        try:
            results = getattr(x, name)(*arguments)
        except (TypeError, ValueError, RuntimeError, IndexError, AttributeError):
            continue
        for result in results if isinstance(results, tuple) else (results,):
            if isinstance(result, torch.Tensor) and result is not x and np.shares_memory(result.value, x.value):
                assert name in VIEWS, arguments
                before = x._version
                result.zero_()
                assert x._version == before + 1, arguments
