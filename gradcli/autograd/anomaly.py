"""The search for what makes a gradient no number, as a context manager."""

from __future__ import annotations

from gradcli.tensors.anomaly import Anomaly


class detect_anomaly:  # noqa: N801 - PyTorch's name
    """Within it backward raises a RuntimeError that names the operation whose gradient holds a NaN.

    >>> import gradcli as torch
    >>> x = torch.tensor(0.0, requires_grad=True)
    >>> with detect_anomaly(), torch.enable_grad():
    ...     ((x * 0.0) * torch.sqrt(x)).detach()
    tensor(0.)
    """

    def __init__(self, check_nan: bool = True) -> None:
        self.check_nan = check_nan
        self._before: list[tuple[bool, bool]] = []

    def __enter__(self) -> None:
        self._before.append((Anomaly.on, Anomaly.checks_nan))
        Anomaly.on, Anomaly.checks_nan = True, self.check_nan

    def __exit__(self, *error: object) -> None:
        Anomaly.on, Anomaly.checks_nan = self._before.pop()


class set_detect_anomaly(detect_anomaly):  # noqa: N801 - PyTorch's name
    """`set_detect_anomaly(True)` takes effect at once; as a context manager it is undone on exit."""

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        super().__init__(check_nan)
        self._before.append((Anomaly.on, Anomaly.checks_nan))
        Anomaly.on, Anomaly.checks_nan = mode, check_nan

    def __enter__(self) -> None:
        pass
