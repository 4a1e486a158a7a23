"""Chains of 100,000 recorded operations, forward and backward, against PyTorch eager: python tests/benchmarks/chain.py

Of numbers and of small arrays, by processor time and in turns. Wanted: no slower than PyTorch.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import gradcli

OPERATIONS = 100_000


def scaled(torch: Any, x: Any) -> Any:
    """A product with a number and a sum, in turn."""
    y = x
    for _ in range(OPERATIONS // 2):
        y = y * 1.00001 + x
    return y


def sines(torch: Any, x: Any) -> Any:
    """A function within itself."""
    y = x
    for _ in range(OPERATIONS):
        y = torch.sin(y)
    return y


def layers(torch: Any, x: Any) -> Any:
    """tanh(y*w + x) - 0.1, over and over."""
    y, w = x, x * 0.5
    for _ in range(OPERATIONS // 4):
        y = (y * w + x).tanh() - 0.1
    return y


def choices(torch: Any, x: Any) -> Any:
    """relu and a sum, in turn."""
    y = x
    for _ in range(OPERATIONS // 2):
        y = torch.relu(y) + x
    return y


def in_place(torch: Any, x: Any) -> Any:
    """Recorded changes in place."""
    y = x * 1.0
    for _ in range(OPERATIONS):
        y += x
    return y


KINDS: tuple[Callable[[Any, Any], Any], ...] = (scaled, sines, layers, choices, in_place)


def seconds(torch: Any, kind: Callable[[Any, Any], Any], values: Any) -> float:
    start = time.process_time()
    x = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    kind(torch, x).sum().backward()
    return time.process_time() - start


def main() -> None:
    libraries: dict[str, Any] = {"gradcli": gradcli}
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: nothing to compare with")
    else:
        torch.set_num_threads(1)
        libraries["PyTorch"] = torch
    for kind in KINDS:
        for what, values in (("numbers", 0.5), ("arrays of 3", [0.5, 0.25, 0.1])):
            times: dict[str, list[float]] = {name: [] for name in libraries}
            for _ in range(5):
                for name, library in libraries.items():
                    times[name].append(seconds(library, kind, values))
            found = {name: statistics.median(taken) for name, taken in times.items()}
            shown = "   ".join(f"{name} {taken:5.2f} s" for name, taken in found.items())
            ratio = f"   {found['gradcli'] / found['PyTorch']:.2f} of PyTorch's" if "PyTorch" in found else ""
            print(f"{kind.__name__:9} {what:12} {shown}{ratio}", flush=True)


if __name__ == "__main__":
    main()
