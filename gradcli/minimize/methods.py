"""The methods: those of scipy.optimize, and plain steps along the gradient.

Each takes the recorder and goes from its start until it stops; why is the text it returns, or
that of the StoppedError which the recorder raises. None of them judges whether it is a minimum.
"""

from __future__ import annotations

import math

import numpy as np

from gradcli.minimize import trust
from gradcli.minimize.curvature import DENSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gradcli.minimize.objective import Vector
    from gradcli.minimize.recorder import Recorder


def newton(recorder: Recorder, rate: float) -> str:
    """The exact Hessian; where many variables have kinks only at the end."""
    if recorder.objective.size > DENSE and recorder.objective.kinked:
        lbfgs(recorder, rate)
    return trust.newton(recorder)


def bfgs(recorder: Recorder, rate: float) -> str:
    """scipy's BFGS."""
    return _scipy(recorder, "BFGS", {"gtol": 0.0, "maxiter": 2 * recorder.limit})


def lbfgs(recorder: Recorder, rate: float) -> str:
    """scipy's L-BFGS-B."""
    most = 2 * recorder.limit
    options = {"ftol": 0.0, "gtol": 0.0, "maxcor": 20, "maxls": 50, "maxiter": most, "maxfun": 50 * most}
    limits = None if recorder.bounds is None else np.stack(recorder.bounds, axis=1)
    return _scipy(recorder, "L-BFGS-B", options, bounds=limits)


def _scipy(recorder: Recorder, method: str, options: dict[str, Any], **more: Any) -> str:
    from scipy import optimize

    def arrived(x: Vector) -> None:
        if not np.array_equal(x, recorder.last.x):
            recorder.step(x)

    try:
        optimize.minimize(
            recorder.value_or_inf, recorder.last.x, jac=lambda x: recorder.evaluate(x)[1],
            method=method, options=options, callback=arrived, **more,
        )  # fmt: skip
    except (np.linalg.LinAlgError, ValueError):
        return "the derivatives are not finite where the method wants to go on"
    return "no step lowers the value any further"


def sgd(recorder: Recorder, rate: float) -> str:
    """Steps of a fixed part of the gradient."""
    return _descend(recorder, rate, "SGD")


def momentum(recorder: Recorder, rate: float) -> str:
    """The same with momentum, PyTorch's."""
    return _descend(recorder, rate, "SGD", momentum=0.9)


def adam(recorder: Recorder, rate: float) -> str:
    """PyTorch's Adam."""
    return _descend(recorder, rate, "Adam")


def _descend(recorder: Recorder, rate: float, optimizer: str, **options: float) -> str:
    """The steps of one of our tensors' optimisers, held within the bounds."""
    from gradcli import no_grad, optim, tensor

    last = recorder.last
    parameter = tensor(last.x, requires_grad=True)
    stepper = getattr(optim, optimizer)([parameter], lr=rate, **options)
    while True:
        parameter.grad = tensor(last.gradient)
        stepper.step()
        x = parameter.detach().numpy().copy()
        if recorder.bounds is not None:
            x = recorder.within(x)
            with no_grad():
                parameter.copy_(tensor(x))
        if np.array_equal(x, last.x):
            return "the steps are too small to change anything"
        if not math.isfinite(recorder.evaluate(x)[0]):
            return f"the value is not finite one step on: steps of --lr {rate:g} may be too large"
        last = recorder.step(x)


class Method:
    """run: the function; bounded: does it know bounds? rate: its step size by default, if it has one."""

    __slots__ = ("bounded", "rate", "run")

    def __init__(self, run: Callable[[Recorder, float], str], bounded: bool, rate: float | None) -> None:
        self.run = run
        self.bounded = bounded
        self.rate = rate


METHODS = {
    "newton": Method(newton, bounded=True, rate=None),
    "bfgs": Method(bfgs, bounded=False, rate=None),
    "lbfgs": Method(lbfgs, bounded=True, rate=None),
    "sgd": Method(sgd, bounded=True, rate=0.01),
    "momentum": Method(momentum, bounded=True, rate=0.01),
    "adam": Method(adam, bounded=True, rate=0.01),
}
