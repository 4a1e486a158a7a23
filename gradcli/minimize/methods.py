"""The methods: those of scipy.optimize, and plain steps along the gradient.

Each takes the recorder and goes from its start until it stops; why is the text it returns, or
that of the StoppedError which the recorder raises. None of them judges whether it is a minimum.
"""

from __future__ import annotations

import math

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gradcli.minimize.objective import Vector
    from gradcli.minimize.recorder import Recorder

    Bounds = tuple[Vector, Vector]

DENSE = 100  # up to so many variables each step of newton makes the Hessian as a matrix
FURTHEST = 1e200  # the largest step of a trust region


def newton(recorder: Recorder, bounds: Bounds | None, rate: float) -> str:
    """A trust region with the exact Hessian (Conn, Gould and Toint, Trust Region Methods, section 7.3)."""
    objective = recorder.objective
    x = recorder.start.x
    radius = max(1.0, 0.1 * float(np.max(np.abs(x), initial=0.0)))
    options = {"gtol": 0.0, "initial_trust_radius": radius, "max_trust_radius": FURTHEST}
    options["maxiter"] = 50 * recorder.limit  # the recorder counts those that lead anywhere
    if objective.size > DENSE:
        return _scipy(recorder, "trust-ncg", options, hessp=lambda x, d: _finite(objective.product(x, d)))
    curvature = _Curvature(recorder)
    try:
        return _scipy(recorder, "trust-exact", options, value=curvature.value, hess=curvature.matrix)
    except UnboundLocalError:  # scipy's exact step is not found where all is flat
        return bfgs(recorder, bounds, rate)


class _Curvature:
    """The Hessian where it is finite. Elsewhere the value counts as infinite, so that the region shrinks."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._at: Vector | None = None
        self._matrix: Vector = np.zeros((0, 0))

    def matrix(self, x: Vector) -> Vector:
        if self._at is None or not np.array_equal(x, self._at):
            self._at, self._matrix = x.copy(), self._recorder.objective.hessian(x)
        return _finite(self._matrix)

    def value(self, x: Vector) -> float:
        recorder = self._recorder
        self.matrix(x)
        finite = np.isfinite(self._matrix).all() and np.isfinite(recorder.evaluate(x)[1]).all()
        return recorder.value_or_inf(x) if finite or np.array_equal(x, recorder.start.x) else math.inf


def _finite(curvature: Vector) -> Vector:
    """The same, or none where it is not finite."""
    return curvature if np.isfinite(curvature).all() else np.zeros_like(curvature)


def bfgs(recorder: Recorder, bounds: Bounds | None, rate: float) -> str:
    """scipy's BFGS."""
    return _scipy(recorder, "BFGS", {"gtol": 0.0, "maxiter": 2 * recorder.limit})


def lbfgs(recorder: Recorder, bounds: Bounds | None, rate: float) -> str:
    """scipy's L-BFGS-B."""
    most = 2 * recorder.limit
    options = {"ftol": 0.0, "gtol": 0.0, "maxcor": 20, "maxls": 50, "maxiter": most, "maxfun": 50 * most}
    limits = None if bounds is None else np.stack(bounds, axis=1)
    return _scipy(recorder, "L-BFGS-B", options, bounds=limits)


def _scipy(
    recorder: Recorder,
    method: str,
    options: dict[str, Any],
    value: Callable[[Vector], float] | None = None,
    **more: Any,
) -> str:
    from scipy import optimize

    def arrived(x: Vector) -> None:
        if not np.array_equal(x, recorder.last.x):
            recorder.step(x)

    try:
        optimize.minimize(
            value or recorder.value_or_inf, recorder.last.x, jac=lambda x: recorder.evaluate(x)[1],
            method=method, options=options, callback=arrived, **more,
        )  # fmt: skip
    except (np.linalg.LinAlgError, ValueError):
        return "the derivatives are not finite where the method wants to go on"
    return "no step lowers the value any further"


def sgd(recorder: Recorder, bounds: Bounds | None, rate: float) -> str:
    """Gradient descent."""
    return _descend(recorder, bounds, rate, "SGD")


def momentum(recorder: Recorder, bounds: Bounds | None, rate: float) -> str:
    """Gradient descent with nine tenths of the last step."""
    return _descend(recorder, bounds, rate, "SGD", momentum=0.9)


def adam(recorder: Recorder, bounds: Bounds | None, rate: float) -> str:
    """Adam."""
    return _descend(recorder, bounds, rate, "Adam")


def _descend(recorder: Recorder, bounds: Bounds | None, rate: float, optimizer: str, **options: float) -> str:
    """The steps of one of our tensors' optimisers, held within the bounds."""
    from gradcli import no_grad, optim, tensor

    last = recorder.last
    parameter = tensor(last.x, requires_grad=True)
    stepper = getattr(optim, optimizer)([parameter], lr=rate, **options)
    while True:
        parameter.grad = tensor(last.gradient)
        stepper.step()
        x = parameter.detach().numpy().copy()
        if bounds is not None:
            x = np.clip(x, *bounds)
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

    def __init__(self, run: Callable[[Recorder, Bounds | None, float], str], bounded: bool, rate: float | None) -> None:
        self.run = run
        self.bounded = bounded
        self.rate = rate


METHODS = {
    "newton": Method(newton, bounded=False, rate=None),
    "bfgs": Method(bfgs, bounded=False, rate=None),
    "lbfgs": Method(lbfgs, bounded=True, rate=None),
    "sgd": Method(sgd, bounded=True, rate=0.01),
    "momentum": Method(momentum, bounded=True, rate=0.01),
    "adam": Method(adam, bounded=True, rate=0.01),
}
