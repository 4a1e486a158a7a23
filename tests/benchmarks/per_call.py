"""One call of value_and_grad against PyTorch eager, on x**2 + 3*x + 1: python tests/benchmarks/per_call.py

Wanted: at least 5 times as fast. PyTorch is a peer to measure against, not a dependency.
"""

from __future__ import annotations

from peers import interleaved, ratios

import gradcli

CALLS = 2_000


def main() -> None:
    f = gradcli.function("x**2 + 3*x + 1")

    def ours() -> None:
        for _ in range(CALLS):
            f.value_and_grad(x=2.0)

    candidates = {"gradcli": ours}
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: nothing to compare with")
    else:
        torch.set_num_threads(1)

        def eager() -> None:
            for _ in range(CALLS):
                x = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
                y = x**2 + 3 * x + 1
                y.backward()
                y.item(), x.grad.item()  # type: ignore[union-attr]

        candidates["PyTorch eager"] = eager
    times = {name: found / CALLS for name, found in interleaved(candidates, rounds=9).items()}
    ratios(times, "gradcli")


if __name__ == "__main__":
    main()
