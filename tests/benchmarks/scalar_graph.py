"""micrograd's example graph of numbers against micrograd's engine: python tests/benchmarks/scalar_graph.py

The engine is written anew in tests/micrograd.py. Wanted: at least as fast.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peers import interleaved, ratios

import gradcli

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from micrograd import Value, example

ROUNDS = 200


def many(leaf: Callable[[float], Any]) -> Callable[[], None]:
    def run() -> None:
        for _ in range(ROUNDS):
            a, b = leaf(-4.0), leaf(2.0)
            example(a, b).backward()

    return run


def main() -> None:
    candidates = {
        "gradcli": many(lambda v: gradcli.tensor(v, requires_grad=True)),
        "micrograd": many(Value),
    }
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: compared with micrograd alone")
    else:
        torch.set_num_threads(1)
        candidates["PyTorch eager"] = many(lambda v: torch.tensor(v, dtype=torch.float64, requires_grad=True))
    times = {name: found / ROUNDS for name, found in interleaved(candidates, rounds=15).items()}
    ratios(times, "gradcli", label="us a graph")


if __name__ == "__main__":
    main()
