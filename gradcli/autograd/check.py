"""Gradients against finite differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.backward import grad
from gradcli.tensors.grad_mode import enable_grad
from gradcli.tensors.jacobians import along
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


class GradcheckError(RuntimeError):
    """A gradient differs from the finite differences; the message shows both."""

    __module__ = "torch.autograd.gradcheck"  # as PyTorch shows it


def gradcheck(
    func: Callable[..., Any], inputs: Any, *, eps: float = 1e-06, atol: float = 1e-05, rtol: float = 0.001,
    raise_exception: bool = True, check_forward_ad: bool = False, check_backward_ad: bool = True, **others: Any,
) -> bool:  # fmt: skip
    """Is the gradient of `func` at these inputs what central differences with step eps say?

    Raises GradcheckError where not, or returns False without raise_exception; ValueError where no input requires grad;
    AssertionError where neither way is to be checked.
    """
    if not (check_forward_ad or check_backward_ad):
        raise AssertionError("Expected at least one of check_forward_ad or check_backward_ad to be True.")
    given = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    wanted = [k for k, x in enumerate(given) if isinstance(x, Tensor) and x.requires_grad]
    if not wanted:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True."
        )
    with enable_grad():
        outputs = func(*given)
    for n, output in enumerate((outputs,) if isinstance(outputs, Tensor) else outputs):
        for k in wanted:
            exact = _exact(output, given[k]) if check_backward_ad else _by_tangents(func, given, k, n)
            numeric = _differences(func, given, k, n, eps)
            if not np.allclose(exact, numeric, rtol, atol, equal_nan=True):
                if not raise_exception:
                    return False
                raise GradcheckError(
                    f"Jacobian mismatch for output {n} with respect to input {k},\n"
                    f"numerical:{made(numeric)}\nanalytical:{made(exact)}\n"
                )
    return True


def _exact(output: Tensor, x: Tensor) -> np.ndarray:
    """A row for each element of x, a column for each of the output."""
    jacobian = np.zeros((x.numel(), output.numel()))
    if output.op is None:
        return jacobian
    for column in range(output.numel()):
        weight = np.zeros(output.shape)
        weight.reshape(-1)[column] = 1.0
        (found,) = grad(output, x, made(weight), retain_graph=True, allow_unused=True)
        if found is not None:
            jacobian[:, column] = np.reshape(found.value, -1)
    return jacobian


def _by_tangents(func: Callable[..., Any], inputs: tuple[Any, ...], k: int, n: int) -> np.ndarray:
    """The same, a row by each unit tangent."""
    rows = []
    for place in range(inputs[k].numel()):
        tangent = np.zeros(inputs[k].shape)
        tangent.reshape(-1)[place] = 1.0
        with enable_grad():
            outputs = func(*inputs)
            output = outputs if isinstance(outputs, Tensor) else outputs[n]
            rows.append(np.reshape(along(output, [inputs[k]], [made(tangent)], False)[0].value, -1))
    return np.array(rows)


def _differences(func: Callable[..., Any], inputs: tuple[Any, ...], k: int, n: int, eps: float) -> np.ndarray:
    x = np.array(inputs[k].value, dtype=float)

    def at(point: np.ndarray) -> np.ndarray:
        with enable_grad():  # the function may ask whether something requires grad
            outputs = func(*inputs[:k], made(point).requires_grad_(), *inputs[k + 1 :])
        return np.reshape((outputs if isinstance(outputs, Tensor) else outputs[n]).value, -1)

    rows = []
    for i in range(x.size):
        ends = []
        for step in (eps, -eps):
            point = x.copy()
            point.reshape(-1)[i] += step
            ends.append(at(point))
        rows.append((ends[0] - ends[1]) / (2 * eps))
    return np.array(rows)


def gradgradcheck(
    func: Callable[..., Any], inputs: Any, grad_outputs: Any = None, *, eps: float = 1e-06, atol: float = 1e-05,
    rtol: float = 0.001, raise_exception: bool = True, **others: Any,
) -> bool:  # fmt: skip
    """Is the gradient of the gradient of `func` what central differences say? grad_outputs: weights of the outputs.

    Raises GradcheckError where not, or returns False without raise_exception.
    """
    given = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    with enable_grad():
        first = func(*given)
    outputs = (first,) if isinstance(first, Tensor) else tuple(first)
    if grad_outputs is None:
        source = np.random.default_rng(1)
        weights = [made(source.standard_normal(y.shape)).requires_grad_() for y in outputs]
    else:
        weights = [grad_outputs] if isinstance(grad_outputs, Tensor) else list(grad_outputs)
    count = len(given)

    def gradient(*both: Any) -> Any:
        with enable_grad():
            at = [_asked(x, given[k]) for k, x in enumerate(both[:count])]
            found = func(*at)
            results = (found,) if isinstance(found, Tensor) else tuple(found)
            wanted = [x for x in at if isinstance(x, Tensor) and x.requires_grad]
            return grad(results, wanted, both[count:], create_graph=True, allow_unused=True, materialize_grads=True)

    return gradcheck(gradient, (*given, *weights), eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception)


def _asked(x: Any, like: Any) -> Any:
    """x, requiring grad where the tensor does in whose place it stands."""
    wanted = isinstance(x, Tensor) and like.requires_grad and not x.requires_grad
    return x.detach().requires_grad_() if wanted else x
