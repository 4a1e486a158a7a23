"""Pickles and deep copies: of a function, a tensor, a module, an optimiser, an error."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

import gradcli
import gradcli as torch
from gradcli.api.function import Function
from gradcli.errors import ExpressionError, UsageError
from gradcli.language.parser import parse

TEXTS = [
    "a*x**2 + sin(x)",
    "y = exp(x); z = y*y\nz + a",
    "where(x > 1, x*a, -x)",
    "sum([x, a, x*a])",
    "np.exp(x) + a*pi",
    "(x + a, x*a)",
]
POINT = {"x": 1.5, "a": 0.25}


def _pickled(x):
    return pickle.loads(pickle.dumps(x))


COPIES = pytest.mark.parametrize("copied", [_pickled, copy.deepcopy, copy.copy])


@COPIES
@pytest.mark.parametrize("used", [False, True], ids=["new", "used"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_copy_of_a_function_gives_the_same_results(text, used, copied):
    f = gradcli.function(text)
    single = len(f.program.results) == 1
    for _ in range(3 * used):  # what it has compiled by then is no part of the copy
        f(**POINT)
        if single:
            f.value_and_grad(**POINT)
    g = copied(f)
    assert (repr(g), g.variables, g.wrt) == (repr(f), f.variables, f.wrt)
    assert g(**POINT) == f(**POINT)
    if single:
        assert g.value_and_grad(**POINT) == f.value_and_grad(**POINT)


@COPIES
def test_a_copy_keeps_bound_constants_the_chosen_variables_and_the_names(copied):
    f = gradcli.function("e*x").binding({"e": 3.0, "x": 2.0})
    assert copied(f)(e=3.0, x=2.0) == 6.0
    f = Function(parse("u = x*y; u*u"), wrt=["y"], named=True)
    assert copied(f).wrt == ("y",)
    assert copied(f).evaluate(x=2.0, y=3.0).grad == {"y": 24.0}
    assert copied(f).evaluate(x=2.0, y=3.0).named == {"u": (6.0, 12.0)}


def test_a_method_and_an_evaluation_travel_too():
    f = gradcli.function("abs(x)")
    assert np.array_equal(_pickled(f.map)(x=np.array([1.0, -2.0]))[0], [1.0, 2.0])
    there, back = f.evaluate(x=0.0), _pickled(f.evaluate(x=0.0))
    assert (back.value, back.grad, repr(back.notes)) == (there.value, there.grad, repr(there.notes))


@COPIES
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("value", [2.5, [1.0, -2.0], [[1.0], [2.0]]])
def test_a_copy_of_a_leaf_is_a_leaf_that_collects_gradients(value, dtype, copied):
    x = torch.tensor(value, dtype=dtype, requires_grad=True)
    y = copied(x)
    assert (y.is_leaf, y.requires_grad, y.dtype, repr(y)) == (True, True, dtype, repr(x))
    (y * y).sum().backward()
    assert y.grad.tolist() == (2 * y).tolist()
    assert x.grad is None
    y.requires_grad_(False)
    assert not y.requires_grad


@pytest.mark.parametrize("copied", [_pickled, copy.deepcopy])
def test_a_copy_has_memory_of_its_own(copied):
    x = torch.tensor([1.0, 2.0, 3.0])
    y = copied(x[1:])
    y[0] = 7.0
    assert (x.tolist(), y.tolist()) == ([1.0, 2.0, 3.0], [7.0, 3.0])
    assert type(copied(x.shape)) is type(x.shape)
    assert not copied(x).requires_grad


def test_a_result_is_pickled_as_a_leaf_and_not_deep_copied():
    """PyTorch's rules (Tensor.__reduce_ex__ saves value and flag; Tensor.__deepcopy__ raises)."""
    y = torch.tensor(3.0, requires_grad=True) * 2
    assert (_pickled(y).item(), _pickled(y).is_leaf, _pickled(y).requires_grad) == (6.0, True, True)
    with pytest.raises(RuntimeError, match="graph leaves"):
        copy.deepcopy(y)


@pytest.mark.parametrize("copied", [_pickled, copy.deepcopy])
def test_a_copy_of_a_network_and_its_optimiser_goes_on_as_the_first(copied):
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    optimiser = torch.optim.Adam(model.parameters(), lr=0.1)
    data = torch.tensor([[1.0, 2.0], [3.0, -1.0]])

    def step(model, optimiser):
        optimiser.zero_grad()
        loss = model(data).pow(2).mean()
        loss.backward()
        optimiser.step()
        return loss.item()

    step(model, optimiser)
    twin, follower = copied((model, optimiser))
    assert all(type(p) is torch.nn.Parameter and p.is_leaf for p in twin.parameters())
    assert [step(twin, follower) for _ in range(3)] == [step(model, optimiser) for _ in range(3)]
    assert repr(twin) == repr(model)


@COPIES
@pytest.mark.parametrize(
    "error", [UsageError("no file", "write one"), UsageError("no file"), ExpressionError("wrong", "x+", (1, 2), "x")]
)
def test_a_copy_of_an_error_says_the_same(error, copied):
    other = copied(error)
    assert (type(other), str(other), vars(other)) == (type(error), str(error), vars(error))


def test_a_tensor_from_a_pickle_has_its_methods_where_nothing_else_was_imported():
    text = pickle.dumps(torch.tensor([1.0, 2.0]))
    code = f"import pickle; print(pickle.loads({text!r}).sum())"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "tensor(3.)\n"
