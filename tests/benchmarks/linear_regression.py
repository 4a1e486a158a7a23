"""The linear-regression loop of the tutorials against PyTorch eager: python tests/benchmarks/linear_regression.py

100 steps on 10 points, by hand and with SGD. Wanted: at least 2 times as fast.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from peers import interleaved, ratios

import gradcli

STEPS = 100


def by_hand(torch: Any, x: Any, y: Any) -> Any:
    w = torch.zeros(1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for _ in range(STEPS):
        loss = ((x * w + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
            b -= 0.1 * b.grad
            w.grad.zero_()
            b.grad.zero_()
    return loss


def with_sgd(torch: Any, x: Any, y: Any) -> Any:
    w = torch.zeros(1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=0.1)
    for _ in range(STEPS):
        loss = ((x * w + b - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss


def main() -> None:
    gradcli.manual_seed(0)
    points = gradcli.randn(10, 1)
    data = {"gradcli": (gradcli, points, 3 * points + 2)}
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: nothing to compare with")
    else:
        torch.set_default_dtype(torch.float64)
        torch.set_num_threads(1)
        theirs = torch.tensor(points.tolist())
        data["PyTorch eager"] = (torch, theirs, 3 * theirs + 2)
    for loop in (by_hand, with_sgd):
        losses = {name: loop(*args).item() for name, args in data.items()}
        print(f"{loop.__name__}, {STEPS} steps; losses {losses}")
        times = interleaved({name: partial(loop, *args) for name, args in data.items()}, rounds=15)
        ratios({name: t / STEPS for name, t in times.items()}, "gradcli", label="us a step")


if __name__ == "__main__":
    main()
