"""What programs of PyTorch set for all of their run; most of it cannot be chosen here, and is so anyway."""

from __future__ import annotations

from typing import Any

from gradcli import cpu
from gradcli.tensors import devices, dtypes
from gradcli.tensors.anomaly import Anomaly
from gradcli.tensors.memory import STRIDED, Word


class _Chosen:
    """What was set."""

    threads: int | None = None
    deterministic = False
    precision = "highest"


def set_num_threads(n: int) -> None:
    """Keep the number; NumPy's libraries have theirs. Raises RuntimeError for none."""
    if n <= 0:
        raise RuntimeError("Expected num_threads > 0 to be true, but got false.")
    _Chosen.threads = n


def get_num_threads() -> int:
    """The number that was set, or that of the processors."""
    return cpu.cores() if _Chosen.threads is None else _Chosen.threads


def set_default_device(device: Any) -> None:
    """The CPU is it already. Raises RuntimeError for another one."""
    devices.check(device)


def get_default_device() -> Any:
    """The CPU."""
    return devices.CPU


def set_default_tensor_type(t: Any) -> None:
    """Let floats be of this type where nothing says otherwise: `torch.FloatTensor`, or its name. Raises TypeError."""
    name = (t if isinstance(t, str) else t.__name__).removeprefix("torch.")
    kinds = {legacy: dtypes.NAMED[kind] for kind, legacy in dtypes.LEGACY.items()}
    if name not in kinds:
        raise TypeError(f"invalid type object: {name}")
    dtypes.set_default_dtype(kinds[name])


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Results are the same at each run, whatever is said."""
    _Chosen.deterministic = bool(mode)


def are_deterministic_algorithms_enabled() -> bool:
    """What was said."""
    return _Chosen.deterministic


def set_float32_matmul_precision(precision: str) -> None:
    """Products of float32 are float32. Raises RuntimeError for an unknown word."""
    if precision not in ("highest", "high", "medium"):
        raise RuntimeError(f"Invalid precision: {precision}; expected 'highest', 'high' or 'medium'")
    _Chosen.precision = precision


def get_float32_matmul_precision() -> str:
    """What was said."""
    return _Chosen.precision


def is_anomaly_enabled() -> bool:
    """Does backward look for what makes a gradient no number?"""
    return Anomaly.on


def is_anomaly_check_nan_enabled() -> bool:
    """Would it raise where there is one?"""
    return Anomaly.checks_nan


def set_anomaly_enabled(mode: bool, check_nan: bool = True) -> None:
    """Let backward look for it, or no longer."""
    Anomaly.on, Anomaly.checks_nan = mode, check_nan


NAMES: dict[str, Any] = {
    "is_anomaly_enabled": is_anomaly_enabled, "set_anomaly_enabled": set_anomaly_enabled,
    "is_anomaly_check_nan_enabled": is_anomaly_check_nan_enabled,
    "set_num_threads": set_num_threads, "get_num_threads": get_num_threads,
    "set_default_device": set_default_device, "get_default_device": get_default_device,
    "set_default_tensor_type": set_default_tensor_type, "use_deterministic_algorithms": use_deterministic_algorithms,
    "are_deterministic_algorithms_enabled": are_deterministic_algorithms_enabled,
    "set_float32_matmul_precision": set_float32_matmul_precision,
    "get_float32_matmul_precision": get_float32_matmul_precision,
    "strided": STRIDED, **{n: Word(n) for n in ("contiguous_format", "preserve_format")},
}  # fmt: skip
