"""A 2-16-1 tanh network, batch 64, 300 steps, against PyTorch eager: python tests/benchmarks/network.py

Wanted: at least 2 times as fast.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from peers import interleaved, ratios

import gradcli

STEPS = 300


def data_of(torch: Any, rows: list[list[float]]) -> tuple[Any, Any]:
    x = torch.tensor(rows)
    return x, (x[:, :1] * x[:, 1:]).detach()


def train(torch: Any, x: Any, y: Any) -> Any:
    """By hand, as tutorials begin; the first weights are the same in both libraries."""
    w1 = (torch.arange(32.0).reshape(2, 16) / 16 - 1).requires_grad_()
    b1 = torch.zeros(16, requires_grad=True)
    w2 = (torch.arange(16.0).reshape(16, 1) / 16 - 0.5).requires_grad_()
    b2 = torch.zeros(1, requires_grad=True)
    parameters = [w1, b1, w2, b2]
    for _ in range(STEPS):
        hidden = torch.tanh(x @ w1 + b1)
        loss = ((hidden @ w2 + b2 - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for p in parameters:
                p -= 0.05 * p.grad
                p.grad = None
    return loss


def with_modules(torch: Any, x: Any, y: Any) -> Any:
    """With nn and optim."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    criterion = torch.nn.MSELoss()
    for _ in range(STEPS):
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss


def main() -> None:
    gradcli.manual_seed(0)
    rows = gradcli.randn(64, 2).tolist()
    data = {"gradcli": (gradcli, *data_of(gradcli, rows))}
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: nothing to compare with")
    else:
        torch.set_default_dtype(torch.float64)
        torch.set_num_threads(1)
        data["PyTorch eager"] = (torch, *data_of(torch, rows))
    for loop in (train, with_modules):
        losses = {name: loop(*args).item() for name, args in data.items()}
        print(f"{loop.__name__}, {STEPS} steps; losses {losses}")
        times = interleaved({name: partial(loop, *args) for name, args in data.items()}, rounds=9)
        ratios({name: t / STEPS for name, t in times.items()}, "gradcli", label="us a step")


if __name__ == "__main__":
    main()
