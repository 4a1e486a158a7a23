"""Tensors at their edges: a history that is used up, memory that is shared or is not, defaults, lines of 80 columns.

The right answers are PyTorch 2.13's.
"""

from __future__ import annotations

import array
import itertools

import numpy as np
import pytest

import gradcli as torch


def leaf(*values: float) -> torch.Tensor:
    return torch.tensor(list(values), dtype=torch.float64, requires_grad=True)


# -- a history that is used up ---------------------------------------------------------------------


HOOKS = [lambda y: None, lambda y: y.register_hook(lambda gradient: None)]


@pytest.mark.parametrize("hook", HOOKS, ids=["bare", "hooked"])
def test_a_history_that_was_let_go_is_refused_wherever_it_is_needed(hook):
    x = leaf(1.0, 2.0)
    y = x * x
    hook(y)
    z = (y * y).sum()
    z.backward()
    for output in (z, (y * 3).sum(), y.sum()):
        with pytest.raises(RuntimeError, match="a second time"):
            output.backward()
    assert x.grad.tolist() == [4.0, 32.0]


@pytest.mark.parametrize("hook", HOOKS, ids=["bare", "hooked"])
def test_a_history_that_was_let_go_is_not_missed_above_it(hook):
    x = leaf(1.0, 2.0)
    y = x * x
    hook(y)
    y.sum().backward()
    assert torch.autograd.grad((y * 3).sum(), y)[0].tolist() == [3.0, 3.0]
    (y * y).sum().backward(inputs=[y])
    assert y.grad.tolist() == [2.0, 8.0]
    for inputs in (x, [y, x]):
        with pytest.raises(RuntimeError, match="a second time"):
            torch.autograd.grad((y * 3).sum(), inputs)


def _changed_leaf() -> tuple[torch.Tensor, torch.Tensor]:
    x = leaf(1.0, 2.0)
    return x, (x * x).sum()


def _changed_number() -> tuple[torch.Tensor, torch.Tensor]:
    c = torch.tensor([1.0, 2.0])
    return c, (leaf(1.0, 2.0) * c).sum()


def _changed_result() -> tuple[torch.Tensor, torch.Tensor]:
    y = leaf(1.0, 2.0) * 3
    return y, (y * y).sum()


def _changed_own_result() -> tuple[torch.Tensor, torch.Tensor]:
    y = leaf(1.0, 2.0).exp()
    return y, y.sum()


@pytest.mark.parametrize(
    ("build", "origin"),
    [
        (_changed_leaf, "[torch.DoubleTensor [2]] is"),
        (_changed_number, "[torch.DoubleTensor [2]] is"),
        (_changed_result, "[torch.DoubleTensor [2]], which is output 0 of Mul, is"),
        (_changed_own_result, "[torch.DoubleTensor [2]], which is output 0 of Exp, is"),
    ],
)
def test_what_was_changed_is_said_with_what_made_it(build, origin):
    changed, output = build()
    with torch.no_grad():
        changed.mul_(2)
    with pytest.raises(RuntimeError) as error:
        output.backward()
    assert f"inplace operation: {origin} at version 1; expected version 0 instead." in str(error.value)


@pytest.mark.parametrize("asked", [False, True])
def test_a_gradient_has_a_history_only_where_asked(asked):
    x, y = leaf(1.0, 2.0), leaf(1.0, 2.0)
    (x**3).sum().backward(**{"create_graph": True} if asked else {})
    torch.autograd.backward([(y**3).sum()], **{"create_graph": True} if asked else {})
    (third,) = torch.autograd.grad((x**3).sum(), x, **{"create_graph": True} if asked else {})
    assert [t.requires_grad for t in (x.grad, y.grad, third)] == [asked] * 3


# -- memory ----------------------------------------------------------------------------------------


def _own() -> np.ndarray:
    return np.array([1.0, 2.0])


class _Sub(np.ndarray):
    pass


DATA = {
    "array": _own,
    "view": lambda: _own()[:],
    "subclass": lambda: _own().view(_Sub),
    "buffer": lambda: array.array("d", [1.0, 2.0]),
}


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
@pytest.mark.parametrize(("make", "first"), [("tensor", 1.0), ("as_tensor", 5.0)])
def test_tensor_copies_and_as_tensor_does_not(make, first, data):
    given = data()
    made = getattr(torch, make)(given)
    given[0] = 5.0
    assert made.tolist() == [first, 2.0]


@pytest.mark.parametrize("reuse", [1, 4])
def test_a_first_gradient_is_the_leaf_s_own(reuse):
    for _ in range(reuse):
        x, y, w = leaf(1.0, 2.0), leaf(3.0, 4.0), torch.tensor([5.0, 6.0])
        (x + y).backward(w)
        x.grad.zero_()
        assert y.grad.tolist() == [5.0, 6.0]
        y.grad.zero_()
        assert w.tolist() == [5.0, 6.0]


def test_what_is_detached_has_a_history_of_its_own():
    x, w = torch.tensor([1.0, 2.0]), leaf(3.0, 4.0)
    apart = x.detach()
    apart.add_(w)
    assert (x.tolist(), x.requires_grad, apart.requires_grad) == ([4.0, 6.0], False, True)


SHAPES = [(), (1,), (3,), (4, 3), (4, 1), (2, 4, 3)]


@pytest.mark.parametrize(
    ("x", "y"), [pair for pair in itertools.product(SHAPES, SHAPES) if len(pair[0]) >= len(pair[1])]
)
def test_a_gradient_is_summed_over_what_was_repeated(x, y):
    """By counting: every weight is added to the element that met it."""
    size = np.broadcast_shapes(x, y)
    weights = np.arange(1.0, 1.0 + np.prod(size)).reshape(size)
    for _ in range(4):
        a, b = torch.ones(x, requires_grad=True), torch.ones(y, requires_grad=True)
        ((a + b) * torch.tensor(weights)).sum().backward()
        for leaf_, shape in ((a, x), (b, y)):
            total = np.zeros(shape)
            for index in np.ndindex(size):
                total[tuple(k % n for k, n in zip(index[len(size) - len(shape) :], shape, strict=True))] += weights[
                    index
                ]
            assert leaf_.grad.shape == shape
            assert np.array_equal(leaf_.grad.numpy(), total)


# -- arguments -------------------------------------------------------------------------------------

MADE = {
    "zeros": (2,), "ones": (2,), "empty": (2,), "full": ((2,), 3.0), "arange": (2.0,), "linspace": (0.0, 1.0, 3),
    "eye": (2,), "randn": (2,), "rand": (2,), "tensor": ([1.0],), "zeros_like": (leaf(1.0),),
    "ones_like": (leaf(1.0),), "empty_like": (leaf(1.0),), "full_like": (leaf(1.0), 3.0), "randn_like": (leaf(1.0),),
    "rand_like": (leaf(1.0),),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_a_new_tensor_requires_grad_only_where_asked(name):
    make = getattr(torch, name)
    assert not make(*MADE[name]).requires_grad
    assert make(*MADE[name], requires_grad=True).requires_grad


def test_one_operand_has_no_other():
    with pytest.raises(TypeError, match="no parameter 'other'"):
        torch.sin(leaf(1.0), other=2)


@pytest.mark.parametrize(("shape", "dim"), [((3,), 0), ((3,), -1), ((), 0), ((), -1), ((2, 3), 1), ((2, 3), -2)])
def test_an_axis_at_the_end_of_the_range(shape, dim):
    assert torch.ones(shape).sum(dim=dim).shape == (shape[:dim] + shape[dim:][1:] if shape else ())


def test_a_number_beside_a_tensor_has_its_type():
    """2**53 + 1 is no float64: beside one it is 2**53."""
    for x in (torch.tensor(2.0**53), torch.tensor([2.0**53])):
        for equal, less in ((x == 2**53 + 1, x < 2**53 + 1), (torch.eq(x, 2**53 + 1), torch.lt(x, 2**53 + 1))):
            assert bool(equal)
            assert not bool(less)


@pytest.mark.parametrize("number", [0.1, np.float64(0.1), np.float32(0.1)])
def test_a_number_of_numpy_beside_a_tensor_is_a_number(number):
    """What the tensor holds is 0.1 in 32 bits, and so is the number beside it."""
    for x in (torch.tensor(0.1, dtype=torch.float32), torch.tensor([0.1], dtype=torch.float32)):
        for equal, less in ((x == number, x < number), (torch.eq(x, number), torch.lt(x, number))):
            assert bool(equal)
            assert not bool(less)


def test_mixed_lists_are_floats():
    for data in ([1, 2.5], [True, 0.5], [torch.tensor([1.0, 2.0]), [3, 4]], [1, np.float32(2)], []):
        assert torch.tensor(data).dtype is torch.float64
    for data in ([1, 2], [torch.tensor([1, 2]), [3, 4]], [np.int64(3)]):
        assert torch.tensor(data).dtype is torch.int64


# -- printing --------------------------------------------------------------------------------------


# PyTorch breaks a line where the text before a suffix, 2, and the suffix with its ", " come to more than 80 columns.
@pytest.mark.parametrize(
    ("data", "dtype", "last"),
    [
        (
            [[1000.0] * 7],
            torch.float64,
            "tensor([[1000., 1000., 1000., 1000., 1000., 1000., 1000.]], requires_grad=True)",
        ),
        ([[10.0] * 10], torch.float64, "       requires_grad=True)"),
        ([[[1000.0] * 7] * 2], torch.float64, "       requires_grad=True)"),
        ([100.0] * 5, torch.float32, "tensor([100., 100., 100., 100., 100.], dtype=torch.float32, requires_grad=True)"),
        ([[[100000.0] * 3]], torch.float32, "       requires_grad=True)"),
        ([[10.0] * 10], torch.float32, "       dtype=torch.float32, requires_grad=True)"),
    ],
)
def test_a_suffix_is_folded_from_80_columns_on(data, dtype, last):
    assert str(torch.tensor(data, dtype=dtype, requires_grad=True)).split("\n")[-1] == last


def test_the_derivative_of_several_results_along_a_direction():
    x, y = torch.tensor([1.0, 2.0]), torch.tensor(3.0)

    def given(x, y):
        return x * x * y, x.sum(), y

    values, slopes = torch.func.jvp(given, (x, y), (torch.tensor([1.0, 10.0]), torch.tensor(1.0)))
    assert [v.tolist() for v in values] == [[3.0, 12.0], 3.0, 3.0]
    assert [v.tolist() for v in slopes] == [[7.0, 124.0], 11.0, 1.0]
    values, slopes = torch.autograd.functional.jvp(given, (x, y), (torch.tensor([1.0, 10.0]), torch.tensor(1.0)))
    assert [v.tolist() for v in slopes] == [[7.0, 124.0], 11.0, 1.0]
