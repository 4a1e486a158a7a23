"""Measuring against peers in one run: interleaved, so that a noisy machine is noisy for both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def interleaved(candidates: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median time of each candidate in seconds, the candidates taking turns."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, run in candidates.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) for name, found in times.items()}


def ratios(times: dict[str, float], ours: str, unit: float = 1e-6, label: str = "us") -> None:
    """Print each time and how many times ours it is."""
    for name, found in times.items():
        print(f"{name:28} {found / unit:12.2f} {label}   {found / times[ours]:8.2f} times ours")
