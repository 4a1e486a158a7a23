"""Optimisers; their steps are compared with PyTorch's in test_tutorials.py (minimum, accumulate)."""

from __future__ import annotations

import pytest

import gradcli as torch
from gradcli import optim


def quadratic(x):
    return ((x - 3) ** 2).sum()


@pytest.mark.parametrize(
    "make",
    [
        lambda p: optim.SGD(p, lr=0.1),
        lambda p: optim.SGD(p, lr=0.02, momentum=0.9),
        lambda p: optim.Adam(p, lr=0.1),
        lambda p: optim.AdamW(p, lr=0.1, weight_decay=0.0),
        lambda p: optim.RMSprop(p, lr=0.01),
    ],
)
def test_minimum_of_a_quadratic(make):
    x = torch.tensor([0.0, 5.0], requires_grad=True)
    optimizer = make([x])
    for _ in range(1000):
        optimizer.zero_grad()
        quadratic(x).backward()
        optimizer.step()
    assert x.tolist() == pytest.approx([3.0, 3.0], abs=0.02)


def end(rule, loss, steps, **options):
    """Where a rule leads from (1, -2)."""
    x = torch.tensor([1.0, -2.0], requires_grad=True)
    optimizer = rule([x], **options)
    for _ in range(steps):
        optimizer.zero_grad()
        loss(x).backward()
        optimizer.step()
    return x.tolist()


@pytest.mark.parametrize(
    "rule",
    [
        *(optim.SGD, optim.Adam, optim.RMSprop, optim.Adagrad, optim.Adamax, optim.Adadelta, optim.NAdam, optim.RAdam),
        optim.ASGD,
    ],
)
def test_decay_is_the_gradient_of_half_the_square(rule):
    decayed = end(rule, quadratic, 8, weight_decay=0.3)
    assert decayed == pytest.approx(end(rule, lambda x: quadratic(x) + 0.15 * (x * x).sum(), 8), rel=1e-12)
    assert decayed != pytest.approx(end(rule, quadratic, 8), rel=1e-9)


@pytest.mark.parametrize(
    ("rule", "options"),
    [
        (optim.AdamW, {}),
        (optim.NAdam, {"decoupled_weight_decay": True}),
        (optim.RAdam, {"decoupled_weight_decay": True}),
    ],
)
def test_decay_apart_from_the_gradient_is_a_factor(rule, options):
    plain = end(rule, quadratic, 1, lr=0.1, weight_decay=0.0)
    decayed = end(rule, quadratic, 1, lr=0.1, weight_decay=0.3, **options)
    assert [x - y for x, y in zip(plain, decayed, strict=True)] == pytest.approx([0.03, -0.06], rel=1e-14)


@pytest.mark.parametrize(
    ("rule", "options", "message"),
    [
        (optim.SGD, {"momentum": -0.5}, "Invalid momentum value: -0.5"),
        (optim.RMSprop, {"weight_decay": -1.0}, "Invalid weight_decay value: -1.0"),
        (optim.Adagrad, {"lr_decay": -1.0}, "Invalid lr_decay value: -1.0"),
        (optim.NAdam, {"momentum_decay": -1.0}, "Invalid momentum_decay value: -1.0"),
        (optim.RAdam, {"betas": (0.9, 1.5)}, "Invalid beta parameter at index 1: 1.5"),
        (optim.LBFGS, {"lr": -1.0}, "Invalid learning rate: -1.0"),
    ],
)
def test_options_out_of_range_are_refused(rule, options, message):
    with pytest.raises(ValueError, match=message):
        rule([torch.ones(1, requires_grad=True)], **options)


def test_groups_have_their_own_options():
    x, y = torch.tensor(1.0, requires_grad=True), torch.tensor(1.0, requires_grad=True)
    optimizer = optim.SGD([{"params": [x]}, {"params": [y], "lr": 1.0}], lr=0.1)
    (x + y).backward()
    optimizer.step()
    assert x.item() == pytest.approx(0.9)
    assert y.item() == 0.0
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 1.0]


def test_a_changed_learning_rate_counts():
    x = torch.tensor(1.0, requires_grad=True)
    optimizer = optim.SGD([x], lr=0.1)
    x.backward()
    optimizer.param_groups[0]["lr"] = 0.5
    optimizer.step()
    assert x.item() == 0.5


def test_a_tensor_without_gradient_stays():
    x, y = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    optimizer = optim.Adam([x, y])
    x.backward()
    optimizer.step()
    assert y.item() == 2.0


def test_closure_gives_the_loss():
    x = torch.tensor([1.0], requires_grad=True)
    optimizer = optim.SGD([x], lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = quadratic(x)
        loss.backward()
        return loss

    with torch.no_grad():
        assert optimizer.step(closure).item() == 4.0
    assert x.item() == pytest.approx(1.4)


def test_step_is_a_change_that_backward_notices():
    x = torch.tensor([1.0], requires_grad=True)
    optimizer = optim.SGD([x], lr=0.1)
    loss = (x * x).sum()
    loss.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(RuntimeError, match="inplace"):
        loss.backward()


def test_state_goes_from_one_optimizer_to_another():
    def run(steps, optimizer, x):
        for _ in range(steps):
            optimizer.zero_grad()
            quadratic(x).backward()
            optimizer.step()

    x = torch.tensor([0.0], requires_grad=True)
    first = optim.Adam([x], lr=0.1)
    run(3, first, x)
    y = x.detach().clone().requires_grad_()
    second = optim.Adam([y], lr=0.5)
    second.load_state_dict(first.state_dict())
    run(2, first, x)
    run(2, second, y)
    assert x.item() == y.item()


@pytest.mark.parametrize(
    ("attempt", "kind", "message"),
    [
        (lambda x: optim.SGD([], lr=0.1), ValueError, "optimizer got an empty parameter list"),
        (lambda x: optim.SGD([x], lr=-1.0), ValueError, "Invalid learning rate: -1.0"),
        (
            lambda x: optim.SGD([x], nesterov=True),
            ValueError,
            "Nesterov momentum requires a momentum and zero dampening",
        ),
        (lambda x: optim.Adam([x], betas=(1.0, 0.9)), ValueError, "Invalid beta parameter at index 0: 1.0"),
        (lambda x: optim.SGD([x * 1]), ValueError, "can't optimize a non-leaf Tensor"),
        (lambda x: optim.SGD([1.0]), TypeError, "can only optimize Tensors"),
        (lambda x: optim.SGD([{"params": [x]}, {"params": [x]}]), ValueError, "more than one parameter group"),
    ],
)
def test_mistakes(attempt, kind, message):
    with pytest.raises(kind, match=message):
        attempt(torch.tensor([1.0], requires_grad=True))


def test_looks():
    text = repr(optim.SGD([torch.tensor([1.0], requires_grad=True)], lr=0.1))
    assert text.startswith("SGD (\nParameter Group 0\n    dampening: 0\n")
    assert "    lr: 0.1\n" in text
