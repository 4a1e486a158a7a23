"""The parameters of a fit as inputs, with their covariances."""

from __future__ import annotations

import math

from gradcli.errors import UsageError
from gradcli.text import listed
from gradcli.uncertainty.inputs import Input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gradcli.uncertainty.covariance import Inputs, Matrix


class Parameters:
    """names; inputs: name to Input; held: what the fit held, as constants."""

    def __init__(
        self, label: str, fitted: Mapping[str, tuple[float, float]], cov: Matrix, dof: float, held: Mapping[str, float]
    ) -> None:
        """label: of the fit, for messages; fitted: name to value and standard error; cov: in their order; dof: infinite
        where the uncertainties of the data are known."""
        self.label, self.names, self._cov = label, list(fitted), cov
        self.inputs = {x: Input(value, sd, dof) for x, (value, sd) in fitted.items()}
        self.held = {x: Input(float(value)) for x, value in held.items()}

    def mind(self, variables: Sequence[str]) -> None:
        """Raises UsageError where one of these is a parameter without a finite standard error."""
        lost = [name for name in self.names if name in variables and not math.isfinite(self.inputs[name].u)]
        if lost:
            what = f"{self.label} has no finite standard error of {listed(lost)}"
            raise UsageError(what, "fit fewer parameters, or hold some")

    def join(self, inputs: Inputs) -> None:
        """Give the inputs that are parameters their covariances. Raises UsageError."""
        used = [k for k, name in enumerate(self.names) if name in inputs.known]
        if used:
            inputs.join(self.label, [self.names[k] for k in used], self._cov[used][:, used])
