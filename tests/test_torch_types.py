"""Types of elements, as PyTorch 2.13 computes with them: small floats and integers, bits, mixtures."""

from __future__ import annotations

import numpy as np
import pytest

import gradcli as torch


def refusal(error, action):
    with pytest.raises(error) as caught:
        action()
    return str(caught.value)


def test_halves_are_computed_in_32_bits_and_rounded_once():
    ones = torch.ones(4096, dtype=torch.float16)
    assert ones.sum().item() == 4096.0  # 2048 + 1 is 2048 in 16 bits
    assert ones.reshape(64, 64).sum(0).dtype is torch.float16
    big = torch.tensor([60000.0, 60000.0], dtype=torch.float16)
    assert big.mean().item() == 60000.0
    assert torch.isinf(big + big).all()
    x = torch.tensor([0.5, 2.0], dtype=torch.float16, requires_grad=True)
    torch.erf(x).sum().backward()
    assert x.grad.dtype is torch.float16
    assert x.grad.tolist() == np.array([0.878782578935445, 0.020666985354092], np.float16).tolist()


def test_a_view_of_halves_is_a_view():
    x = torch.zeros(4, dtype=torch.float16)
    x.view(2, 2)[1, 1] = 3
    assert x.tolist() == [0.0, 0.0, 0.0, 3.0]


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        ("int32", "int64", "int64"), ("uint8", "int8", "int16"), ("int16", "float16", "float16"),
        ("float16", "float32", "float32"), ("bool", "uint8", "uint8"), ("int64", "float32", "float32"),
    ],
)  # fmt: skip
def test_two_types_make_a_third(first, second, result):
    x, y = (torch.ones(2, dtype=getattr(torch, name)) for name in (first, second))
    assert (x + y).dtype is getattr(torch, result)
    assert torch.promote_types(x.dtype, y.dtype) is getattr(torch, result)


def test_a_number_beside_a_small_type_leaves_it():
    x = torch.tensor([1, 2], dtype=torch.int32)
    assert (x + 1).dtype is torch.int32
    assert (x * 2.5).dtype is torch.float64
    assert (x / 2).dtype is torch.float64
    assert x.sum().dtype is torch.int64
    assert (torch.tensor([300]).to(torch.uint8) == 44).all()


def test_whole_numbers_are_combined_by_bits():
    x, y = torch.tensor([6, 5]), torch.tensor([3, -1])
    assert [(x & y).tolist(), (x | y).tolist(), (x ^ y).tolist()] == [[2, 5], [7, -1], [5, -6]]
    assert [(x << 1).tolist(), (y >> 1).tolist(), (~x).tolist()] == [[12, 10], [1, -1], [-7, -6]]
    x &= y
    assert x.tolist() == [2, 5]
    assert (torch.tensor(2**53 + 1) // 1).item() == 2**53 + 1
    assert refusal(TypeError, lambda: ~torch.ones(2)).startswith("~ (operator.invert) is only implemented on integer")
    assert "not implemented for 'Double'" in refusal(NotImplementedError, lambda: torch.ones(2) & torch.ones(2))
    assert refusal(RuntimeError, lambda: x // 0) == "ZeroDivisionError"


def test_what_is_refused_and_how():
    truths = torch.tensor([True, False])
    assert "Use the `^` or `logical_xor()`" in refusal(RuntimeError, lambda: truths - truths)
    assert "use the `~` or `logical_not()`" in refusal(RuntimeError, lambda: -truths)
    layer = torch.nn.Linear(2, 1)
    assert refusal(RuntimeError, lambda: layer(torch.ones(1, 2, dtype=torch.float32))) == (
        "mat1 and mat2 must have the same dtype, but got Float and Double: use .to(torch.float64)"
    )
    assert "use float32, or float16" in refusal(AttributeError, lambda: torch.bfloat16)
    assert "use float32, or float16" in refusal(AttributeError, lambda: torch.ones(2).bfloat16())
    assert "without CUDA" in refusal(AttributeError, lambda: torch.ones(2).cuda())
    assert "Use torch.iinfo to handle" in refusal(TypeError, lambda: torch.finfo(torch.int32))


def test_the_memory_of_a_number_without_axes_is_shared_by_its_views():
    x = torch.tensor(3.0)
    x.unsqueeze(0)[0] = 5.0
    assert x.item() == 5.0
    y = torch.tensor(2.0, requires_grad=True)
    y.view(1).sum().backward()
    assert y.grad.item() == 1.0


def test_a_singular_matrix_is_told_by_its_pivot():
    ones = torch.ones(2, 2)
    assert refusal(torch.linalg.LinAlgError, lambda: torch.linalg.inv(ones)).startswith(
        "linalg.inv: The diagonal element 2 is zero, the inversion could not be completed"
    )
    assert refusal(RuntimeError, lambda: torch.linalg.solve(ones, ones)).endswith("the input matrix is singular.")
    assert torch.linalg.det(torch.tensor([[4.0, 1.0], [2.0, 3.0]])).item() == 10.0


def test_padding_refuses_what_does_not_fit():
    F = torch.nn.functional  # noqa: N806
    assert refusal(RuntimeError, lambda: F.pad(torch.ones(2, 2), (1, 2, 3))) == "Padding length must be divisible by 2"
    assert "should be less than the corresponding input dimension" in refusal(
        RuntimeError, lambda: F.pad(torch.ones(1, 4), (4, 0), mode="reflect")
    )
    assert refusal(NotImplementedError, lambda: F.pad(torch.ones(1, 4), (1, 1), mode="mirror")) == (
        "Unrecognised padding mode mirror"
    )
