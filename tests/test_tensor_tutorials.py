"""What PyTorch's tutorials do beside the mathematics: devices, formats, messages, as PyTorch 2.13 prints them."""

from __future__ import annotations

from collections import OrderedDict

import pytest

import gradcli as torch

nn, F = torch.nn, torch.nn.functional


def refusal(error, action):
    with pytest.raises(error) as caught:
        action()
    return str(caught.value)


def test_a_program_may_name_the_cpu():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    assert repr(device) == "device(type='cpu')"
    assert f"Using {device} device" == "Using cpu device"
    assert repr(torch.device("cpu:0")) == "device(type='cpu', index=0)"
    a = torch.full((), 0.5, device=device, dtype=torch.float, requires_grad=True)
    assert repr(a) == "tensor(0.5000, dtype=torch.float32, requires_grad=True)"
    assert a.device == device
    assert torch.randn(2, 3, device="cpu").shape == (2, 3)
    assert not torch.accelerator.is_available()


def test_to_takes_a_device_a_type_or_both():
    x = torch.ones(2)
    assert x.to("cpu") is x
    assert x.cpu() is x
    assert x.to(torch.device("cpu"), torch.float32).dtype is torch.float32
    assert x.to(dtype=torch.int64).dtype is torch.int64
    layer = nn.Linear(2, 1, device="cpu")
    assert layer.to("cpu") is layer
    assert layer.to(torch.float32).weight.dtype is torch.float32


def test_another_device_is_refused():
    assert "device 'cuda' is not supported" in refusal(RuntimeError, lambda: torch.ones(2, device="cuda"))
    assert "device 'cuda' is not supported" in refusal(RuntimeError, lambda: torch.ones(2).to("cuda"))


def test_type_names_or_casts():
    x = torch.tensor([True, False, True])
    assert x.type() == "torch.BoolTensor"
    assert x.type(torch.float).sum().item() == 2.0


def test_a_tensor_without_axes_formats_as_its_number():
    x = torch.tensor(2.0, requires_grad=True)
    assert f"{x} {x * 3} {x:>6.2f}" == "2.0 6.0   2.00"
    assert f"{torch.ones(2)}" == "tensor([1., 1.])"
    assert "unsupported format string" in refusal(TypeError, lambda: f"{torch.ones(2):.2f}")


def test_a_part_of_a_shape_is_a_shape():
    assert repr(torch.ones(2, 3, 4).shape[1:]) == "torch.Size([3, 4])"
    assert torch.ones(2, 3, 4).shape[1] == 3


def test_names_of_backward_functions_of_losses_and_rows():
    x = torch.tensor([[0.5, -1.0]], requires_grad=True)
    ones = torch.ones(1, 2)
    names = [
        F.binary_cross_entropy_with_logits(x, ones).grad_fn.name(),
        F.binary_cross_entropy(torch.sigmoid(x), ones).grad_fn.name(),
        F.mse_loss(x, ones, reduction="sum").grad_fn.name(),
        F.cross_entropy(x, torch.tensor([1]), reduction="sum").grad_fn.name(),
        F.l1_loss(x, ones).grad_fn.name(),
        next(iter(x)).grad_fn.name(),
    ]
    assert names == [
        "BinaryCrossEntropyWithLogitsBackward0", "BinaryCrossEntropyBackward0", "MseLossBackward0",
        "NllLossBackward0", "MeanBackward0", "UnbindBackward0",
    ]  # fmt: skip


def test_functions_in_place():
    x = torch.tensor([0.0, 1.0])
    assert torch.exp_(x) is x
    assert repr(x) == "tensor([1.0000, 2.7183])"
    leaf = torch.ones(2, requires_grad=True)
    assert refusal(RuntimeError, lambda: torch.sin_(leaf)).startswith("a leaf Variable that requires grad is being")

    def put():
        leaf[0] = 5.0

    assert refusal(RuntimeError, put).startswith("a view of a leaf Variable that requires grad is being used in an")


def test_flatten_as_a_module():
    model = nn.Sequential(nn.Linear(3, 1), nn.Flatten(0, 1))
    assert repr(model[1]) == "Flatten(start_dim=0, end_dim=1)"
    assert model(torch.ones(5, 3)).shape == (5,)
    assert nn.Flatten()(torch.ones(2, 3, 4)).shape == (2, 12)


def test_state_dict_prints_and_loads_as_in_pytorch():
    layer = nn.Linear(1, 1)
    state = layer.state_dict()
    assert type(state) is OrderedDict
    assert repr(layer.load_state_dict(state)) == "<All keys matched successfully>"
    assert refusal(RuntimeError, lambda: layer.load_state_dict({"weight": state["weight"], "a": state["bias"]})) == (
        "Error(s) in loading state_dict for Linear:\n"
        '\tMissing key(s) in state_dict: "bias". \n'
        '\tUnexpected key(s) in state_dict: "a". '
    )


def test_mistakes_with_classes():
    loss, x = nn.CrossEntropyLoss(), torch.ones(2, 3)
    assert refusal(IndexError, lambda: loss(x, torch.tensor([0, 5]))).startswith("Target 5 is out of bounds")
    assert refusal(IndexError, lambda: loss(x, torch.tensor([0, -1]))).startswith("Target -1 is out of bounds")
    message = refusal(RuntimeError, lambda: loss(x, torch.tensor([0.0, 1.0])))
    assert message.startswith("expected target dtype to be Long or Byte, but got Double")
    assert "must be Tensor, not list" in refusal(TypeError, lambda: loss(x, [0, 1]))


def test_mistakes_with_shapes():
    one, two = torch.ones(2), torch.ones(3)
    assert refusal(RuntimeError, lambda: torch.stack([one, two])) == (
        "stack expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 1"
    )
    assert refusal(RuntimeError, lambda: torch.cat([one, torch.ones(2, 2)])) == (
        "Tensors must have same number of dimensions: got 1 and 2"
    )
    assert refusal(TypeError, lambda: torch.stack([one, 1.0])) == (
        "expected Tensor as element 1 in argument 0, but got float"
    )
    assert refusal(RuntimeError, lambda: nn.Linear(2, 3)(two)).startswith(
        "mat1 and mat2 shapes cannot be multiplied (1x3 and 2x3)"
    )
    with pytest.warns(UserWarning, match="Using a target size"):
        refused = refusal(RuntimeError, lambda: F.mse_loss(torch.ones(2, 3), one))
    assert refused.startswith(
        "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1"
    )


def test_mistakes_with_axes():
    x = torch.ones(2, 3)
    assert refusal(IndexError, lambda: x[0, 0, 0]) == "too many indices for tensor of dimension 2"
    assert refusal(IndexError, lambda: x.transpose(0, 2)) == (
        "Dimension out of range (expected to be in range of [-2, 1], but got 2)"
    )
    assert refusal(RuntimeError, lambda: torch.ones(2) @ torch.ones(3)) == (
        "inconsistent tensor size, expected tensor [2] and src [3] to have the same number of elements, "
        "but got 2 and 3 elements respectively"
    )


def test_grad_mode_shows_itself():
    assert repr(torch.set_grad_enabled(True)) == "torch.autograd.grad_mode.set_grad_enabled(mode=True)"


def test_mistakes_with_gradients():
    x, other = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)

    def assign():
        x.grad = torch.ones(3)

    assert refusal(RuntimeError, assign) == (
        "attempting to assign a gradient of size '[3]' to a tensor of size '[2]'. "
        "Please ensure that the gradient and the tensor are the same size"
    )
    assert refusal(RuntimeError, lambda: torch.autograd.grad(x.sum(), [x, other])) == (
        "The differentiated Tensor at index 1 appears to not have been used in the graph. "
        "Set allow_unused=True if this is the desired behavior."
    )
    with torch.inference_mode():
        y = x * 2
    assert y.is_inference()
    assert not x.is_inference()
    assert "or use `torch.no_grad()` instead of `torch.inference_mode()`" in refusal(RuntimeError, lambda: x * y)


def test_inference_shows_in_views_and_counts_no_versions():
    x = torch.ones(2, requires_grad=True)
    with torch.inference_mode():
        view, made = x[:1], torch.ones(2)
    assert [t.is_inference() for t in (view, made[:1], made.detach())] == [False, True, True]
    assert refusal(RuntimeError, lambda: made._version) == "Inference tensors do not track version counter."
    assert "cannot be saved for backward" in refusal(RuntimeError, lambda: x * made[:1])


def test_a_module_before_its_start():
    class Late(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(1, 1)

    assert refusal(AttributeError, Late).startswith("cannot assign module before Module.__init__() call")


def test_the_state_of_an_optimiser_prints_as_in_pytorch():
    x, b = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor(0.5, requires_grad=True)
    first = torch.optim.Adam([x, b], lr=0.1)
    ((x**2).sum() + b**2).backward()
    first.step()
    state = first.state_dict()
    assert repr(state["state"]) == (
        "{0: {'step': tensor(1.), 'exp_avg': tensor([0.2000, 0.4000]), 'exp_avg_sq': tensor([0.0040, 0.0160])}, "
        "1: {'step': tensor(1.), 'exp_avg': tensor(0.1000), 'exp_avg_sq': tensor(0.0010)}}"
    )
    y, c = x.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()
    second = torch.optim.Adam([y, c], lr=0.1)
    second.load_state_dict(state)
    y.grad, c.grad = x.grad, b.grad
    first.step()
    second.step()
    assert torch.equal(x, y)
    assert b.item() == c.item()
