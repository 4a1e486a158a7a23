"""Backward step by step, as long histories go: here all of them do. The numbers are closed forms."""

from __future__ import annotations

import gc
import math

import pytest

import gradcli as torch
from gradcli.tensors import running, unrolled


@pytest.fixture(autouse=True)
def every_history_is_long(monkeypatch):
    gc.collect()  # a tensor with a hook, as other tests leave some, has all histories looked through for it
    monkeypatch.setattr(unrolled, "LONG", 0)
    monkeypatch.setattr(running, "_programs", {})
    monkeypatch.setattr(running, "_kept_nodes", 0)


def leaf(*values: float) -> torch.Tensor:
    return torch.tensor(list(values) if len(values) > 1 else values[0], requires_grad=True)


def no_graph_of_the_whole() -> bool:
    return not running._programs


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_rules_for_shapes_are_made_on_the_way(times):
    """The first two times a rule runs by a tape, then by a function of its own."""
    x, w = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True), leaf(0.5, -1.0)
    for _ in range(times):
        (x @ w * 3.0 + w.sum()).sum().backward()
    assert x.grad.tolist() == [[1.5 * times, -3.0 * times]] * 2
    assert w.grad.tolist() == [(3 * 4 + 2) * times, (3 * 6 + 2) * times]
    assert no_graph_of_the_whole()


def test_a_product_by_itself_and_two_uses():
    x = leaf(2.0)
    y = x * x
    (y * y + y / x).backward()
    assert x.grad.item() == 4 * 8 + 1
    assert no_graph_of_the_whole()


def test_numbers_and_arrays_mixed():
    w, total = leaf(1.0, 2.0, 3.0), torch.tensor(0.0)
    for k in range(5):
        total = total + ((w - k) ** 2).sum() * 0.5
    total.backward()
    assert w.grad.tolist() == [5 * v - 10 for v in (1.0, 2.0, 3.0)]


def test_what_is_asked_for_within_the_history():
    x = leaf(2.0)
    middle = x * 5
    side = torch.tensor(7.0, requires_grad=True)
    end = middle**2 + side
    assert [g.item() for g in torch.autograd.grad(end, [x, middle], retain_graph=True)] == [100.0, 20.0]
    middle.retain_grad()
    end.backward()
    assert (middle.grad.item(), x.grad.item(), side.grad.item()) == (20.0, 100.0, 1.0)
    assert no_graph_of_the_whole()


def test_only_what_leads_there_must_be_unchanged():
    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    square, product = x * 1.0, y * 1.0
    end = (square**2).sum() + (product**2).sum()
    product.add_(1.0)
    assert torch.autograd.grad(end, x, retain_graph=True)[0].tolist() == [2.0, 4.0]
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        end.backward()


def test_choices_are_masked_at_the_choice():
    x = leaf(-1.0, 2.0)
    torch.relu(x * 3.0).sum().backward()
    assert x.grad.tolist() == [0.0, 3.0]
    assert no_graph_of_the_whole()


def test_an_infinite_slope_below_a_choice_asks_the_graph_of_the_whole():
    x = leaf(0.0, 4.0)
    torch.relu(torch.sqrt(x) - 1.0).sum().backward()
    assert x.grad.tolist() == [0.0, 0.25]
    assert not no_graph_of_the_whole()


def test_squares_at_a_corner_are_smooth():
    x = leaf(0.0, 0.0)
    (torch.norm(x) ** 2).backward()
    assert x.grad.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("length", [lambda x: torch.norm(x), lambda x: abs(x).max(), lambda x: torch.hypot(x[0], x[1])])
def test_lengths_have_rules_of_their_own(length):
    x = leaf(0.0, -2.0)
    (length(x) * 3.0).backward()
    assert x.grad.tolist() == [0.0, -3.0]
    assert no_graph_of_the_whole()


def test_values_that_a_user_keeps_are_unpacked_once_each():
    x, kept, read = leaf(2.0), [], []

    def pack(tensor):
        kept.append(tensor.item())
        return len(kept) - 1

    def unpack(place):
        read.append(place)
        return torch.tensor(10 * kept[place])

    with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
        y = x * x + x.sin()
    y.backward()
    assert kept == [2.0, 2.0, 2.0]
    assert sorted(read) == [0, 1, 2]
    assert x.grad.item() == 40 + math.cos(20.0)
    assert no_graph_of_the_whole()


@pytest.mark.parametrize("watched", [False, True])
def test_a_packed_value_may_change_where_it_stands(watched):
    x, hooked = leaf(1.0, 3.0), leaf(0.0)
    if watched:  # then the graph of the whole tells the gradient
        hooked.register_hook(lambda g: g)
    y = x * 1.0
    with torch.autograd.graph.saved_tensors_hooks(lambda t: t.clone(), lambda t: t):
        end = (y * y).sum()
    y.mul_(2.0)
    end.backward()
    assert x.grad.tolist() == [2.0, 6.0]


def test_where_floats_raise_the_gradient_is_infinite():
    x = leaf(0.0)
    (1 / x).backward()
    assert x.grad.item() == -math.inf


def test_one_element_needs_no_gradient_of_its_own():
    x = torch.tensor([2.0], requires_grad=True)
    (x * x).backward()
    assert x.grad.tolist() == [4.0]


def test_zeros_keep_their_signs_and_numbers_their_kinds():
    x = torch.tensor(2.0, requires_grad=True)
    assert [math.copysign(1.0, (x * z).item()) for z in (0.0, -0.0, 0.0)] == [1.0, -1.0, 1.0]
    assert (torch.tensor([2.0], dtype=torch.float32, requires_grad=True) * 0.1).dtype == torch.float32


def test_freed_values_are_said_to_be():
    x = leaf(1.0, 2.0)
    end = (x * x).sum()
    end.backward()
    with pytest.raises(RuntimeError, match="a second time"):
        end.backward()


def test_a_number_is_of_no_mode():
    x = leaf(2.0)
    with torch.inference_mode(), torch.enable_grad():
        x * 0.123
    (x * 0.123).backward()
    assert x.grad.item() == 0.123
