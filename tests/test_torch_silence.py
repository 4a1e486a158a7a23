"""PyTorch's face is silent about nothing: what it does otherwise than PyTorch it refuses, with the cure.

The answers are PyTorch's (2.13), stored: a value, or the beginning of the message of what it raises. Where this
package refuses what PyTorch does, OURS says how.
"""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest

import gradcli as torch

LEAF = "x = torch.ones(3, requires_grad=True)\n"
ANSWERS = [
    # a view of a single element is a view
    ("x = torch.zeros(4); x[2].fill_(7)", "x.tolist()", [0.0, 0.0, 7.0, 0.0]),
    ("x = torch.ones(3); x[0].mul_(2)", "x.tolist()", [2.0, 1.0, 1.0]),
    ("x = torch.ones(3)\nfor e in x: e.add_(1)", "x.tolist()", [2.0, 2.0, 2.0]),
    ("x = torch.zeros(2, 2); x[0, 0].fill_(5); x[1][1].fill_(6)", "x.tolist()", [[5.0, 0.0], [0.0, 6.0]]),
    ("x = torch.zeros(2); y = x[-1]; y += 5", "(x.tolist(), y.item())", ([0.0, 5.0], 5.0)),
    ("x = torch.zeros(2); y = x[0]; x.fill_(3)", "y.item()", 3.0),
    ("x = torch.zeros(2); x.unbind()[0].fill_(3)", "x.tolist()", [3.0, 0.0]),
    ("x = torch.zeros(2); x[0].view(1).fill_(3)", "x.tolist()", [3.0, 0.0]),
    ("x = torch.zeros(1); x.squeeze().fill_(3)", "x.tolist()", [3.0]),
    ("x = torch.zeros(1); x.view(()).fill_(3)", "x.tolist()", [3.0]),
    ("x = torch.zeros(2, 3); x[..., 1, 2].fill_(3)", "x.tolist()", [[0.0] * 3, [0.0, 0.0, 3.0]]),
    ("x = torch.arange(3); x[1].fill_(9)", "x.tolist()", [0, 9, 2]),
    ("x = torch.ones(2); x.sum().fill_(9); x[torch.tensor(0)].fill_(4)", "x.tolist()", [4.0, 1.0]),
    ("x = torch.ones(2); x[[0]].fill_(9)", "x.tolist()", [1.0, 1.0]),
    (LEAF + "x.data[0].mul_(4)", "x.tolist()", [4.0, 1.0, 1.0]),
    ("layer = torch.nn.Linear(2, 1)\nwith torch.no_grad(): layer.weight.zero_(); layer.weight[0, 0].fill_(5)", "layer.weight.tolist()", [[5.0, 0.0]]),
    (LEAF + "y = x*2; y[0].add(1).backward()", "x.grad.tolist()", [2.0, 0.0, 0.0]),
    (LEAF + "sum(e*e for e in x).backward()", "x.grad.tolist()", [2.0, 2.0, 2.0]),
    # a leaf's views
    (LEAF + "x[0].mul_(2)", "", "a view of a leaf Variable that requires grad is being used in an in-place operation"),
    (LEAF + "x.view_as(x).mul_(2)", "", "a view of a leaf Variable that requires grad is being used in an in-place operation"),
    (LEAF + "x[0:1].mul_(2)", "", "a view of a leaf Variable that requires grad is being used in an in-place operation"),
    # True, False and nothing as an index
    ("x = torch.tensor([1.0, 2.0])", "x[True].tolist(), x[torch.tensor(True)].tolist()", ([[1.0, 2.0]], [[1.0, 2.0]])),
    ("x = torch.tensor([1.0, 2.0])", "list(x[False].shape), list(x[[]].shape)", ([0, 2], [0])),
    ("x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])", "x[0, True].tolist(), x[:, True].tolist()", ([[1.0, 2.0]], [[[1.0, 2.0]], [[3.0, 4.0]]])),
    ("x = torch.ones(2); x[True] = 0; y = torch.ones(2); y[False] = 0; z = torch.ones(2); z[True].fill_(5)", "x.tolist(), y.tolist(), z.tolist()", ([0.0, 0.0], [1.0, 1.0], [1.0, 1.0])),
    # view never copies
    *[(f"x = torch.arange(24.0).reshape(2, 3, 4); x{view}", "", "view size is not compatible with input tensor's size and stride")
      for view in ("[0].t().view(12)", "[0].T.view(-1)", ".permute(1, 0, 2).view(3, 8)", "[:, :, :2].view(12)", "[0, 0].expand(2, 4).view(8)", "[0].t().view_as(torch.ones(12))")],
    ("x = torch.arange(8.0)", "x[::2].view(2, 2).tolist(), x.reshape(2, 4).t().contiguous().view(8).tolist(), x.reshape(2, 4).t().reshape(8).tolist()",
     ([[0.0, 2.0], [4.0, 6.0]], [0.0, 4.0, 1.0, 5.0, 2.0, 6.0, 3.0, 7.0], [0.0, 4.0, 1.0, 5.0, 2.0, 6.0, 3.0, 7.0])),
    ("x = torch.arange(24.0).reshape(4, 6)[:, :4]", "list(x.view(4, 2, 2).shape)", [4, 2, 2]),
    ("x = torch.ones(2, 3, requires_grad=True); (x.t().contiguous().view(6)*torch.arange(6.0)).sum().backward()", "x.grad.tolist()", [[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]]),
    # accumulation: in place if and only if create_graph is false
    (LEAF + "(x**2).sum().backward(); g = x.grad; (x**2).sum().backward(create_graph=True)", "g is x.grad, g.tolist(), x.grad.tolist(), x.grad.requires_grad", (False, [2.0] * 3, [4.0] * 3, True)),
    (LEAF + "(x**2).sum().backward(create_graph=True); g = x.grad; (x**2).sum().backward()", "g is x.grad, g.tolist(), g.requires_grad", (True, [4.0] * 3, True)),
    (LEAF + "(x**2).sum().backward(); g = x.grad; (x**2).sum().backward()", "g is x.grad, g.tolist(), g._version", (True, [4.0] * 3, 1)),
    ("x = torch.tensor(2.0, requires_grad=True); (x**3).backward(); g = x.grad; (x**3).backward()", "g is x.grad, g.item()", (True, 24.0)),
    # hooks stay with the value that they were set on
    (LEAF + "y = x*2; out = []; y.register_hook(lambda g: out.append(g.tolist())); y.mul_(3); y.sum().backward()", "out", [[3.0] * 3]),
    (LEAF + "y = x*2; out = []; y.mul_(3); y.register_hook(lambda g: out.append(g.tolist())); y.sum().backward()", "out", [[1.0] * 3]),
    (LEAF + "y = x*2; y.register_hook(lambda g: g*10); y.mul_(3); y.sum().backward()", "x.grad.tolist()", [60.0] * 3),
    (LEAF + "y = x*2; h = y.register_hook(lambda g: g*10); y.mul_(3); h.remove(); y.sum().backward()", "x.grad.tolist()", [6.0] * 3),
    (LEAF + "y = x*2; y.retain_grad(); y.mul_(3); y.sum().backward()", "y.grad.tolist()", [1.0] * 3),
    # detach_
    (LEAF + "y = x.exp(); z = (y*y).sum(); y.detach_(); z.backward()", "", "Trying to use a saved tensor that has been detached in-place"),
    (LEAF + "y = x*2; z = (y + 1).sum(); y.detach_(); z.backward()", "x.grad.tolist(), y.requires_grad, y.is_leaf", ([2.0] * 3, False, True)),
    (LEAF + "y = x*2; y.detach_(); (y*x).sum().backward()", "x.grad.tolist()", [2.0] * 3),
    (LEAF + "(x*2)[0:1].detach_()", "", "Can't detach views in-place. Use detach() instead."),
    # data
    (LEAF + "x.data = torch.tensor([1, 2])", "", "data set to a tensor that requires gradients must be floating point or complex dtype"),
    (LEAF + "x.data = torch.ones(2)", "x.tolist(), x.requires_grad", ([1.0, 1.0], True)),
    # views of what is no leaf
    (LEAF + "y = x*2; y[0].mul_(5); y.sum().backward()", "x.grad.tolist(), y.tolist()", ([10.0, 2.0, 2.0], [10.0, 2.0, 2.0])),
    (LEAF + "y = x*2; v = y[0]; y.mul_(3); v.sum().backward()", "x.grad.tolist(), v.grad_fn.name()", ([6.0, 0.0, 0.0], "AsStridedBackward0")),
    (LEAF + "y = x*2; y.expand(2, 3).mul_(2)", "", "unsupported operation: more than one element of the written-to tensor refers to a single memory location."),
    (LEAF + "y = x*2; a, b, c = y; a.mul_(2)", "", "Output 0 of Unbind is a view and is being modified inplace."),
    # what is freed
    ("x = torch.tensor(2.0, requires_grad=True); y = torch.tensor(3.0, requires_grad=True); z = x*x + y*y; a = torch.autograd.grad(z, x); b = torch.autograd.grad(z, y)", "a[0].item(), b[0].item()", (4.0, 6.0)),
    ("x = torch.tensor(2.0, requires_grad=True); z = x*x + 1; torch.autograd.grad(z, x); torch.autograd.grad(z, x)", "", "Trying to backward through the graph a second time"),
    (LEAF + "z = (x*x).sum() + 1; z.backward(); z.backward()", "", "Trying to backward through the graph a second time"),
    # modes
    ("@torch.no_grad()\ndef steps():\n    got = yield torch.is_grad_enabled()\n    yield got, torch.is_grad_enabled()\ns = steps(); first = next(s), torch.is_grad_enabled(); second = s.send(7), torch.is_grad_enabled()", "first, second", ((False, True), ((7, False), True))),
    (LEAF + "with torch.no_grad(): a = x.numpy()", "a.tolist()", [1.0, 1.0, 1.0]),
    (LEAF + "x.numpy()", "", "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."),
    # words
    ("x = torch.zeros(size=(2,)); y = torch.ones(size=(2, 3)); z = torch.rand(size=(2,)); v = torch.randn(size=(1, 2)); w = torch.empty(size=(4,))", "[list(t.shape) for t in (x, y, z, v, w)]", [[2], [2, 3], [2], [1, 2], [4]]),
    ("", "torch.arange(start=1, end=4).tolist(), torch.arange(end=3).tolist(), torch.arange(1, end=3).tolist(), torch.arange(1, 7, step=2).tolist()", ([1, 2, 3], [0, 1, 2], [1, 2], [1, 3, 5])),
    ("", "torch.linspace(start=0, end=1, steps=3).tolist()", [0.0, 0.5, 1.0]),
    ("x = torch.ones(2, 3)", "[list(t.shape) for t in (x.sum(1, keepdims=True), x.mean(dim=1, keepdims=True), x.max(1, keepdims=True).values, x.argmax(0, keepdims=True), x.std(1, keepdims=True), x.logsumexp(1, keepdims=True))]", [[2, 1], [2, 1], [2, 1], [1, 3], [2, 1], [2, 1]]),
    ("", "torch.Tensor([1, 2]).tolist(), list(torch.Tensor(2, 3).shape), list(torch.Tensor().shape), list(torch.Tensor(4).shape)", ([1.0, 2.0], [2, 3], [0], [4])),
    ("torch.Tensor(3.5)", "", "new(): data must be a sequence (got float)"),
    ("F = torch.nn.functional; F.binary_cross_entropy(torch.full((4, 1), 0.5), torch.ones(4))", "", "Using a target size (torch.Size([4])) that is different to the input size (torch.Size([4, 1])) is deprecated."),
]  # fmt: skip
# What PyTorch does and this package refuses: it says what to write.
OURS = [
    ("torch.nn.Conv2d(1, 1, 3)", "nn.Conv2d is left out here: gradcli is a calculator of gradients, without convolutions"),
    ("torch.ones(2)[True, False]", "True or False beside other tensors in an index is left out: use unsqueeze and a mask"),
    ("torch.zeros('a')", "a shape is made of whole numbers, such as (2, 3), not of"),
    ("torch.zeros(2, foo=3)", "zeros() got an unexpected keyword argument 'foo'"),
]  # fmt: skip


def run(code: str) -> dict:
    names: dict = {"torch": torch}
    exec(code, names)
    return names


@pytest.mark.parametrize(
    ("code", "question", "answer"), ANSWERS, ids=[code[:60] or question[:60] for code, question, _ in ANSWERS]
)
def test_an_answer_of_pytorch(code, question, answer):
    if question:
        assert eval(question, run(code)) == answer
        return
    with pytest.raises((RuntimeError, ValueError, TypeError), match=f"^{re.escape(answer)}"):
        run(code)


@pytest.mark.parametrize(("code", "cure"), OURS)
def test_what_is_refused_names_the_cure(code, cure):
    with pytest.raises((RuntimeError, TypeError, IndexError, AttributeError), match=f"^{re.escape(cure)}"):
        run(code)


@pytest.mark.parametrize("loss", ["mse_loss", "l1_loss"])
def test_shapes_that_differ_are_warned_of(loss):
    function = getattr(torch.nn.functional, loss)
    with pytest.warns(
        UserWarning, match=re.escape("Using a target size (torch.Size([4])) that is different to the input")
    ):
        function(torch.ones(4, 1), torch.ones(4))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert function(torch.ones(4), torch.zeros(4)).item() == 1.0


def test_a_generator_without_gradients_takes_errors_and_ends():
    @torch.no_grad()
    def steps():
        try:
            yield 1
        except KeyError:
            yield torch.is_grad_enabled()
        return 5

    started = steps()
    assert next(started) == 1
    assert started.throw(KeyError()) is False
    with pytest.raises(StopIteration) as end:
        next(started)
    assert end.value.value == 5
    assert torch.is_grad_enabled()
    closed = steps()
    next(closed)
    closed.close()
    assert list(closed) == []


def test_a_freed_history_holds_no_values():
    x = torch.tensor(np.ones(1000), requires_grad=True)
    total = (x.exp() * x).sum() + 1.0
    total.backward()
    held = [total]
    for tensor in held:
        held += tensor.operands
    assert sum(np.size(tensor.value) for tensor in held if tensor.value is not None) < 10
