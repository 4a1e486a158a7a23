"""Modules and layers; what they compute is compared with PyTorch in test_tutorials.py."""

from __future__ import annotations

import numpy as np
import pytest

import gradcli as torch
from gradcli import nn


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
        self.scale = nn.Parameter(torch.ones(3))
        self.shared = self.inner[0]

    def forward(self, x):
        return self.inner(x) * self.scale


def test_parameters_have_dotted_names_and_come_once():
    block = Block()
    assert [name for name, _ in block.named_parameters()] == ["scale", "inner.0.weight", "inner.0.bias"]
    assert [type(m).__name__ for m in block.modules()] == ["Block", "Sequential", "Linear", "ReLU"]


def test_backward_reaches_every_parameter():
    block = Block()
    block(torch.ones(4, 2)).sum().backward()
    assert all(p.grad is not None and p.grad.shape == p.shape for p in block.parameters())
    block.zero_grad()
    assert all(p.grad is None for p in block.parameters())


def test_linear_begins_within_its_bound_and_reproducibly():
    torch.manual_seed(7)
    first = nn.Linear(16, 4)
    torch.manual_seed(7)
    second = nn.Linear(16, 4)
    assert torch.equal(first.weight, second.weight)
    assert np.abs(first.weight.detach().numpy()).max() <= 0.25
    assert nn.Linear(2, 1, bias=False).bias is None


def test_state_goes_from_one_module_to_another():
    a, b = nn.Linear(2, 2), nn.Linear(2, 2)
    b.load_state_dict(a.state_dict())
    assert torch.equal(a.weight, b.weight)
    with pytest.raises(RuntimeError, match=r'Missing key\(s\) in state_dict: "bias"'):
        b.load_state_dict({"weight": a.weight})


def test_training_mode_and_freezing():
    block = Block().eval()
    assert not block.inner.training
    block.train().requires_grad_(False)
    assert block.inner.training
    assert not block(torch.ones(1, 2)).requires_grad


def test_types_of_parameters():
    layer = nn.Linear(2, 1).float()
    assert layer(torch.ones(1, 2, dtype=torch.float32)).dtype is torch.float32
    assert layer.double().weight.dtype is torch.float64


def test_parameter_is_a_leaf_that_prints_as_pytorch_prints_it():
    parameter = nn.Parameter(torch.tensor([1.0, 2.0]))
    assert repr(parameter) == "Parameter containing:\ntensor([1., 2.], requires_grad=True)"
    assert type(parameter * 2) is torch.Tensor


def test_sequential_as_a_list():
    layers = nn.Sequential(nn.Linear(1, 2), nn.Tanh(), nn.Sigmoid())
    assert len(layers) == 3
    assert isinstance(layers[1], nn.Tanh)
    assert len(layers[:2]) == 2


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_reductions_of_losses(reduction):
    x, y = torch.tensor([1.0, 2.0]), torch.tensor([0.0, 4.0])
    expected = {"mean": 2.5, "sum": 5.0, "none": [1.0, 4.0]}[reduction]
    assert nn.MSELoss(reduction=reduction)(x, y).tolist() == expected


def test_cross_entropy_of_probabilities_and_classes():
    logits = torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    logs = np.log(np.exp(logits.numpy()) / np.exp(logits.numpy()).sum(1, keepdims=True))
    by_class = nn.CrossEntropyLoss()(logits, torch.tensor([2, 0]))
    assert by_class.item() == pytest.approx(-(logs[0, 2] + logs[1, 0]) / 2)
    weights = torch.tensor([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0]])
    assert nn.CrossEntropyLoss()(logits, weights).item() == pytest.approx(-(logs * weights.numpy()).sum() / 2)


@pytest.mark.parametrize(
    ("attempt", "kind", "message"),
    [
        (lambda: nn.Module()(1), NotImplementedError, "forward"),
        (
            lambda: setattr(Block(), "scale", torch.ones(3)),
            TypeError,
            "DoubleTensor' as parameter 'scale'",
        ),
        (lambda: nn.MSELoss(reduction="max")(torch.ones(1), torch.ones(1)), ValueError, "not a valid value"),
        (lambda: nn.Linear(2, 3)(torch.ones(4, 5)), RuntimeError, r"cannot be multiplied \(4x5 and 2x3\)"),
    ],
)
def test_mistakes(attempt, kind, message):
    with pytest.raises(kind, match=message):
        attempt()
