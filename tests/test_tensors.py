"""Tensors: history, gradients, memory. What PyTorch prints is compared in test_tutorials.py."""

from __future__ import annotations

import copy
import gc
import math
import subprocess
import sys
import threading
import warnings
import weakref

import numpy as np
import pytest
from micrograd import Value, example

import gradcli as torch
from gradcli.tensors import running as machinery


def leaf(*values: float) -> torch.Tensor:
    return torch.tensor(list(values), requires_grad=True)


def test_import_loads_no_numpy():
    code = "import gradcli, sys; assert not {'numpy', 'gradcli.tensors'} & set(sys.modules); gradcli.tensor(1.0)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_names_that_do_not_exist_are_attribute_errors():
    with pytest.raises(AttributeError, match="left out here: gradcli is a calculator of gradients"):
        _ = torch.convolution
    with pytest.raises(AttributeError, match="no attribute 'sinn': did you mean sin"):
        _ = torch.sinn
    assert {"tensor", "nn", "sin", "function"} <= set(dir(torch))


@pytest.mark.parametrize(("a", "b"), [(-4.0, 2.0), (1.5, -0.25), (3.0, 7.0), (0.3, 0.1)])
def test_micrograd_graph_to_the_last_bits(a, b):
    x, y = Value(a), Value(b)
    theirs = example(x, y)
    theirs.backward()
    p, q = torch.tensor(a, requires_grad=True), torch.tensor(b, requires_grad=True)
    for _ in range(3):  # the first run, the one that makes the plan, the plan
        p.grad = q.grad = None
        ours = example(p, q)
        ours.backward()
        for mine, reference in ((ours, theirs.data), (p.grad, x.grad), (q.grad, y.grad)):
            assert abs(mine.item() - reference) <= 4 * math.ulp(reference)


def test_a_long_chain_of_operations():
    x = torch.tensor(2.0, requires_grad=True)
    y = x
    for _ in range(20_000):
        y = y * 0.5 + 1.0
    (2.0 * y).backward()
    assert x.grad.item() == 2.0 * 0.5**20_000


def test_a_long_history_is_dropped_without_recursion():
    y = leaf(1.0)
    for _ in range(100_000):
        y = y + 1.0
    del y


def test_graphs_are_freed_by_reference_counting_alone():
    gc.disable()
    try:
        x = leaf(1.0, 2.0)
        middle = (x * 2).exp()
        loss = middle.sum()
        seen = weakref.ref(middle)
        loss.backward()
        del middle
        assert seen() is None  # though the loss lives
        again = x.exp()
        seen = weakref.ref(again)
        total = again.sum()
        del again
        assert seen() is not None
        del total
        assert seen() is None
    finally:
        gc.enable()


def test_a_loop_compiles_once():
    x = leaf(1.0, 2.0)
    (x.sin() * 2.25).sum().backward()
    programs = len(machinery._programs)
    for step in range(5):
        (x.sin() * (0.5 * step)).sum().backward()  # a number that changes is an input, not a new structure
    assert len(machinery._programs) == programs


def last_program():
    return list(machinery._programs.values())[-1]


def test_what_lies_below_a_choice_is_masked_again_only_where_a_result_is_not_finite(monkeypatch):
    monkeypatch.setattr(machinery, "_programs", {})
    monkeypatch.setattr(machinery, "_kept_nodes", 0)
    x, w = torch.tensor([[1.0, -1.0], [4.0, 0.0]]), leaf(3.0, 5.0)
    torch.relu(x @ w).sum().backward()
    assert w.grad.tolist() == [4.0, 0.0]  # x @ w is -2 and 12: the second row counts
    assert last_program().doubtful
    assert "guarded" not in vars(last_program())  # one product, and none for what is masked
    v = leaf(0.0, 4.0)
    torch.relu(torch.sqrt(v) - 1).sum().backward()
    assert v.grad.tolist() == [0.0, 0.25]  # 0 times an infinite slope
    assert "guarded" in vars(last_program())
    u = leaf(2.0, 3.0)
    (u**2).sum().backward()
    assert not last_program().doubtful  # of a power only the exponent is one


def test_new_shapes_of_one_structure():
    w = torch.tensor([2.0], requires_grad=True)
    for n in (3, 3, 3, 5, 5, 5, 1, 1, 1, 3):
        w.grad = None
        x = torch.arange(float(n))
        ((w * x) ** 2).mean().backward()
        assert w.grad.item() == pytest.approx(4 * float((x.numpy() ** 2).mean()))
    for _ in range(4):  # the operand that was repeated now has the full shape
        v = leaf(1.0, 2.0, 3.0)
        ((v * torch.arange(3.0)) ** 2).mean().backward()
        assert v.grad.tolist() == pytest.approx([0.0, 4 / 3, 8.0])


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 1), (1, 3), (0,)])
def test_broadcasting_is_undone(shape):
    x = torch.ones(*shape, requires_grad=True)
    other = torch.arange(6.0).reshape(2, 3) if shape != (0,) else torch.ones(2, 1)
    for _ in range(4):
        x.grad = None
        (x * other + x).sum().backward()
        counts = np.broadcast_to(other.numpy(), np.broadcast_shapes(shape, other.shape)) + 1
        total = np.zeros(shape)
        for index in np.ndindex(counts.shape):
            place = tuple(i if n > 1 else 0 for i, n in zip(index[2 - len(shape) :], shape, strict=True))
            total[place] += counts[index]
        assert x.grad.shape == shape
        assert np.array_equal(x.grad.numpy(), total)


def test_broadcasting_of_a_sum_is_not_shortened():
    """A number that stands for an array must be counted once for each element."""
    for _ in range(4):
        a, b = torch.ones(3, 1, requires_grad=True), torch.ones(1, 4, requires_grad=True)
        (a + b).sum().backward()
        assert a.grad.tolist() == [[4.0]] * 3
        assert b.grad.tolist() == [[3.0] * 4]


def test_gradients_do_not_share_memory():
    for _ in range(4):
        x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
        (x + y).sum().backward()
        x.grad += 5
        assert y.grad.tolist() == [1.0, 1.0]
        z = leaf(1.0, 2.0)
        (z * y.detach()).sum().backward()
        z.grad.zero_()
        assert y.tolist() == [3.0, 4.0]


def test_where_no_branch_is_differentiated_that_was_not_chosen():
    for _ in range(3):
        x = leaf(4.0, -1.0)
        torch.where(x > 0, x.sqrt(), x * 0 + 3).sum().backward()
        assert x.grad.tolist() == [0.25, 0.0]


def test_conventions_of_the_table():
    for _ in range(3):
        x = leaf(0.0, 2.0)
        (x.abs() + x.relu() + torch.maximum(x, torch.zeros(2)) + x**0).sum().backward()
        assert x.grad.tolist() == [0.5, 3.0]


def test_zero_gradients_where_a_step_hides_the_tensor():
    x = leaf(1.5)
    x.floor().sum().backward()
    assert x.grad.tolist() == [0.0]


def test_in_place_after_use_keeps_the_history_apart():
    x = leaf(1.0, 2.0)
    y = x * 3
    before = y + 0.0
    y *= 2
    (before + y).sum().backward()
    assert x.grad.tolist() == [9.0, 9.0]


def opcodes(run):
    """How many instructions of Python a call takes: no clock."""
    count = 0

    def trace(frame, event, arg):
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "change",
    [lambda y: y.add_(1.0), lambda y: y.mul_(0.5), lambda y: y[0].add_(1.0), lambda y: y.__setitem__(1, y[0] * 2)],
    ids=["add_", "mul_", "a view", "an element"],
)
def test_a_loop_of_changes_in_place_is_linear(change):
    """Eight more take what eight more took before, with their backward: no change looks at those before it."""

    def loop(times):
        x = torch.ones(3, requires_grad=True)
        y = x * 1
        for _ in range(times):
            change(y)
        y.sum().backward()

    loop(4)  # what is compiled once is there; of a history that was seen before the backward is quicker
    some, more, most = (opcodes(lambda n=n: loop(n)) for n in (16, 24, 32))
    assert most - more <= 1.01 * (more - some)


def test_in_place_with_itself():
    x = leaf(2.0, 3.0)
    y = x * 1
    y *= y
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_version_message_names_operation_and_versions():
    x = leaf(1.0, 2.0)
    y = x.exp()
    z = y * y
    y += 1
    with pytest.raises(
        RuntimeError, match=r"\[torch.DoubleTensor \[2\]\].*is at version 1; expected version 0 instead"
    ):
        z.sum().backward()


def test_what_is_not_read_may_change():
    x = leaf(1.0, 2.0)
    y = x * 2
    mean = y.mean() + (y + 1).sum()
    with torch.no_grad():
        y += 5
    mean.backward()
    assert x.grad.tolist() == [3.0, 3.0]


def test_changes_through_data_are_not_noticed():
    x = leaf(1.0, 2.0)
    y = (x * x).sum()
    x.data[0] = 5.0
    y.backward()
    assert x.grad.tolist() == [10.0, 4.0]


def test_changes_through_detach_are_noticed():
    x = leaf(1.0, 2.0)
    y = (x * x).sum()
    x.detach()[0] = 5.0
    with pytest.raises(RuntimeError, match="inplace"):
        y.backward()


def test_a_view_of_a_changed_tensor_is_taken_again():
    x = leaf(1.0, 2.0)
    y = x * 2
    view = y[:1]
    y *= 2
    (view * 2).sum().backward()
    assert x.grad.tolist() == [8.0, 0.0]
    y[:1].mul_(2)
    assert y.tolist() == [8.0, 8.0]


def test_a_long_history_goes_backward_step_by_step():
    x, y = leaf(1.0, 2.0), torch.tensor(1.0, requires_grad=True)
    a, b = x, y
    for _ in range(1500):
        a, b = a * 1.0001 + 0.5, b * 1.0001 + 0.5
    a.sum().backward()
    (b * b).backward()
    assert x.grad.tolist() == pytest.approx([1.0001**1500] * 2, rel=1e-12)
    assert y.grad.item() == pytest.approx(2 * b.item() * 1.0001**1500, rel=1e-12)
    with pytest.raises(RuntimeError, match="a second time"):
        (b * b).backward(retain_graph=True)


def test_numbers_share_memory_with_their_data():
    w = torch.tensor(2.0, requires_grad=True)
    w.data -= 0.5
    assert w.item() == 1.5
    array = w.detach().numpy()
    with torch.no_grad():
        w -= 0.5
    assert array == 1.0
    (w * w).backward()
    assert w.grad.item() == 2.0


def test_grad_is_kept_in_place_while_it_accumulates():
    x = leaf(1.0, 2.0)
    (x * 2).sum().backward()
    held = x.grad
    (x * 2).sum().backward()
    assert held is x.grad
    assert held.tolist() == [4.0, 4.0]


def test_backward_with_weights_and_inputs():
    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    (x * y).backward(torch.tensor([1.0, 10.0]), inputs=[x])
    assert x.grad.tolist() == [3.0, 40.0]
    assert y.grad is None
    (x * y).backward(gradient=np.array([1.0, 1.0]))
    assert y.grad.tolist() == [1.0, 2.0]
    with pytest.raises(RuntimeError, match="Mismatch in shape"):
        (x * y).backward(torch.ones(3))


def test_grad_of_several_outputs_and_inputs():
    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    outputs = [(x * y).sum(), (x**2).sum()]
    found = torch.autograd.grad(outputs, [x, y])
    assert [g.tolist() for g in found] == [[5.0, 8.0], [1.0, 2.0]]
    assert x.grad is None
    middle = x * 2
    (by_middle,) = torch.autograd.grad((middle**2).sum(), middle)
    assert by_middle.tolist() == [4.0, 8.0]
    unused = leaf(1.0)
    assert torch.autograd.grad((x * 2).sum(), [x, unused], allow_unused=True)[1] is None
    assert torch.autograd.grad((x * 2).sum(), [x, unused], materialize_grads=True)[1].tolist() == [0.0]


def test_gradient_of_a_gradient_through_guards():
    x = leaf(-1.0, 0.5, 2.0)
    (g,) = torch.autograd.grad((x.relu() ** 3).sum(), x, create_graph=True)
    (h,) = torch.autograd.grad(g.sum(), x)
    assert h.tolist() == [0.0, 3.0, 12.0]


def test_gradient_penalty():
    w = leaf(1.0, -2.0, 0.5)
    loss = (w**4).sum()
    (g,) = torch.autograd.grad(loss, w, create_graph=True)
    (loss + (g**2).sum()).backward()
    v = np.array([1.0, -2.0, 0.5])
    assert w.grad.tolist() == pytest.approx((4 * v**3 + 2 * 4 * v**3 * 12 * v**2).tolist())


def test_hook_runs_once_with_the_whole_gradient():
    x = leaf(1.0)
    seen = []
    x.register_hook(lambda g: seen.append(g.tolist()))
    y = x * 2
    y.register_hook(lambda g: seen.append(g.tolist()))
    (y * x + y).sum().backward()
    assert seen == [[2.0], [6.0]]


def test_grad_of_what_is_no_leaf_warns():
    y = leaf(1.0) * 2
    with pytest.warns(UserWarning, match="not a leaf Tensor"):
        assert y.grad is None


def test_grad_mode_belongs_to_its_thread():
    found = []
    with torch.no_grad():
        thread = threading.Thread(target=lambda: found.append(torch.is_grad_enabled()))
        thread.start()
        thread.join()
    assert found == [True]


def test_grad_mode_decorators():
    @torch.no_grad
    def bare(x):
        return x * 2

    @torch.enable_grad()
    def enabled(x):
        return x * 2

    @torch.set_grad_enabled(False)
    def disabled(x):
        return x * 2

    @torch.inference_mode()
    def inferred(x):
        return x * 2

    x = leaf(1.0)
    assert torch.is_grad_enabled()
    assert not bare(x).requires_grad
    assert not disabled(x).requires_grad
    assert not inferred(x).requires_grad
    with torch.no_grad():
        assert enabled(x).requires_grad
    torch.set_grad_enabled(False)
    assert not (x * 2).requires_grad
    torch.set_grad_enabled(True)
    assert (x * 2).requires_grad


def test_numpy_is_silent_and_its_settings_stay():
    before = np.geterr()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x = torch.tensor([0.0, 1e308], requires_grad=True)
        y = (x * 10 / torch.zeros(2) + x.log()).sum()
        y.backward()
        scalar = torch.tensor(0.0, requires_grad=True)
        (1 / scalar).backward()
        assert scalar.grad.item() == -math.inf
    assert np.geterr() == before


@pytest.mark.parametrize("by", [{}, {"dim": 0}, {"dim": 1, "keepdim": True}])
@pytest.mark.parametrize("name", ["sum", "mean", "var", "std", "norm", "logsumexp", "prod", "amax"])
def test_a_reduction_keeps_float32(name, by):
    if name == "logsumexp" and not by:
        by = {"dim": -1}
    x = torch.tensor([[1.0, 2.0, 4.0], [3.0, 5.0, 9.0]], dtype=torch.float32, requires_grad=True)
    y = getattr(x, name)(**by)
    y.sum().backward()
    assert (y.dtype, x.grad.dtype) == (torch.float32, torch.float32)


def test_float32_stays_float32():
    x = torch.tensor([1.0, 2.0], dtype=torch.float32, requires_grad=True)
    for _ in range(3):
        x.grad = None
        y = (2.5 * x**2 + x.tanh()).mean()
        assert y.dtype is torch.float32
        y.backward()
        assert x.grad.dtype is torch.float32
    assert x.grad.numpy() == pytest.approx(2.5 * np.array([1.0, 2.0]) + (1 - np.tanh([1.0, 2.0]) ** 2) / 2, rel=1e-6)


def test_default_dtype():
    torch.set_default_dtype(torch.float32)
    try:
        assert torch.tensor(1.5).dtype is torch.float32
        assert repr(torch.tensor([1.5])) == "tensor([1.5000])"
        assert repr(torch.tensor([1.5], dtype=torch.float64)) == "tensor([1.5000], dtype=torch.float64)"
        assert (torch.tensor([1, 2]) * 0.5).dtype is torch.float32
        assert torch.randn(2).dtype is torch.float32
        assert torch.nn.Linear(2, 1).weight.dtype is torch.float32
    finally:
        torch.set_default_dtype(torch.float64)
    with pytest.raises(TypeError, match="floating-point"):
        torch.set_default_dtype(torch.int64)


@pytest.mark.parametrize(
    ("attempt", "kind", "cure"),
    [
        (lambda x: (x * 2).backward(), RuntimeError, r"only for scalar outputs.*\.sum\(\)"),
        (lambda x: x.detach().sum().backward(), RuntimeError, "does not require grad.*requires_grad=True"),
        (lambda x: x.add_(1), RuntimeError, r"a leaf Variable that requires grad.*no_grad\(\)"),
        (lambda x: x.numpy(), RuntimeError, r"Use tensor.detach\(\).numpy\(\) instead"),
        (lambda x: torch.tensor([1], requires_grad=True), RuntimeError, "Only Tensors of.*decimal point"),
        (lambda x: torch.optim.SGD([], lr=0.1), ValueError, "empty parameter list.*SGD"),
        (lambda x: torch.optim.SGD(x, lr=0.1), TypeError, r"write \[x\]"),
        (lambda x: torch.optim.SGD([x * 2], lr=0.1), ValueError, "can't optimize a non-leaf Tensor"),
        (lambda x: x.item(), RuntimeError, "cannot be converted to Scalar.*tolist"),
        (lambda x: bool(x), RuntimeError, r"ambiguous.*\.any\(\)"),
        (lambda x: x @ torch.ones(3, 2) @ x, RuntimeError, "mat1 and mat2"),
        (lambda x: torch.ones(2, 3) @ torch.ones(2, 3), RuntimeError, "cannot be multiplied .2x3 and 2x3."),
        (lambda x: x + torch.ones(3), RuntimeError, r"tensor a \(2\) must match the size of tensor b \(3\)"),
        (lambda x: x[7], IndexError, "index 7 is out of bounds for dimension 0 with size 2"),
        (lambda x: x[::-1], ValueError, r"step must be greater than zero.*flip"),
        (lambda x: torch.sin("x"), TypeError, "tensor"),
        (lambda x: torch.clamp(x, lowest=0), TypeError, "argument 'lowest'"),
        (lambda x: torch.tensor([[1.0], [1.0, 2.0]]), ValueError, "lengths 1, 2"),
        (lambda x: torch.tensor(["1"]), ValueError, "too many dimensions 'str'.*numbers"),
        (lambda x: torch.linalg.inv(torch.zeros(2, 2)), RuntimeError, "[Ss]ingular"),
        (lambda x: copy.deepcopy(x * 2), RuntimeError, "deepcopy"),
        (lambda x: setattr(x, "grad", torch.ones(3)), RuntimeError, "the same size"),
    ],
)  # fmt: skip
def test_mistakes_are_refused_with_the_cure(attempt, kind, cure):
    with pytest.raises(kind, match=cure):
        attempt(leaf(1.0, 2.0))


def test_copies():
    x = leaf(1.0, 2.0)
    y = copy.deepcopy(x)
    y.data[0] = 5.0
    assert x.tolist() == [1.0, 2.0]
    assert y.requires_grad
    z = x.clone()
    with torch.no_grad():
        z += 1
    assert x.tolist() == [1.0, 2.0]


# -- literals beside tensors ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y", "values", "dtype"),  # PyTorch's documented promotion: the higher category, floats by the default type
    [
        (1, 0, [1, 0], torch.int64),
        (1.0, 0, [1.0, 0.0], torch.float64),
        (True, False, [True, False], torch.bool),
        (True, 2, [1, 2], torch.int64),
        (2.5, torch.tensor([1, 2]), [2.5, 2.0], torch.float64),
        (2.5, torch.tensor([1.0, 2.0], dtype=torch.float32), [2.5, 2.0], torch.float32),
    ],
)
def test_where_with_literal_branches(x, y, values, dtype):
    found = torch.where(torch.tensor([True, False]), x, y)
    assert (found.tolist(), found.dtype) == (values, dtype)
    single = torch.where(torch.tensor(True), x, 0)
    assert single.item() == x


def test_literals_have_the_default_type():
    condition, whole = torch.tensor([True, False]), torch.tensor([1, 2])
    torch.set_default_dtype(torch.float32)
    try:
        for found in (
            torch.where(condition, 1.0, 0.0), torch.where(condition, 2.5, whole), torch.clamp(whole, 0.5, 1.5),
        ):  # fmt: skip
            assert found.dtype is torch.float32
    finally:
        torch.set_default_dtype(torch.float64)


@pytest.mark.parametrize(
    ("function", "at", "derivatives"),  # by hand
    [
        (lambda x: torch.clamp(x, 0, 10), 1.5, [1.0]),
        (lambda x: torch.where(x > 0, x * x * x, x), 1.5, [6.75, 9.0, 6.0]),
        (lambda x: x * x.abs(), -1.5, [3.0, -2.0, 0.0]),
        (lambda x: x * x.relu(), 1.5, [3.0, 2.0]),
        (lambda x: x**x, 1.0, [1.0, 2.0, 3.0]),
        (lambda x: torch.atan2(x, 2 * x + 1), 1.0, [0.1, -0.14, 0.292]),
        (lambda x: torch.hypot(x, 2 * x), 1.0, [math.sqrt(5), 0.0]),
        (lambda x: torch.maximum(x * x, x), 2.0, [4.0, 2.0]),
    ],
)
def test_derivatives_of_a_number_again_and_again(function, at, derivatives):
    for x in (torch.tensor(at, requires_grad=True), torch.tensor([at], requires_grad=True)):
        y = function(x)
        for expected in derivatives:
            (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
            assert y.item() == pytest.approx(expected, rel=1e-14, abs=1e-14)


# What PyTorch 2.13 answers.


def test_not_a_number_is_close_to_itself_only_where_asked():
    x = torch.tensor([1.0, math.nan])
    assert not torch.allclose(x, x)
    assert torch.allclose(x, x, equal_nan=True)


@pytest.mark.parametrize(
    ("shape", "dim", "range_"),
    [
        ((3,), 1, "[-1, 0]"),
        ((3,), -2, "[-1, 0]"),
        ((), 1, "[-1, 0]"),
        ((), -2, "[-1, 0]"),
        ((2, 3), 2, "[-2, 1]"),
        ((2, 3), -3, "[-2, 1]"),
    ],
)
def test_an_axis_out_of_range(shape, dim, range_):
    with pytest.raises(IndexError) as error:
        torch.zeros(shape).sum(dim=dim)
    assert str(error.value) == f"Dimension out of range (expected to be in range of {range_}, but got {dim})"


@pytest.mark.parametrize(
    ("bias", "shape", "name"),
    [
        (True, (2,), "ViewBackward0"), (True, (4, 2), "AddmmBackward0"), (True, (5, 4, 2), "ViewBackward0"),
        (False, (2,), "SqueezeBackward4"), (False, (4, 2), "MmBackward0"), (False, (5, 4, 2), "UnsafeViewBackward0"),
    ],
)  # fmt: skip
def test_the_name_of_a_layer_s_function(bias, shape, name):
    assert torch.nn.Linear(2, 3, bias=bias)(torch.ones(shape)).grad_fn.name() == name


def test_gradients_share_no_memory():
    x = torch.zeros(2, 3, requires_grad=True)
    w = torch.zeros(3, 2, requires_grad=True)
    ((x.T + w) * torch.arange(6.0).reshape(3, 2)).sum().backward()
    x.grad.zero_()
    assert w.grad.tolist() == [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
