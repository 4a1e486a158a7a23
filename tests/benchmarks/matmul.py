"""A 1000x1000 matrix product forward and backward against NumPy's own three products: python tests/benchmarks/matmul.py

Wanted: within 1.2 times.
"""

from __future__ import annotations

import numpy as np
from peers import interleaved, ratios

import gradcli

N = 1_000


def main() -> None:
    rng = np.random.default_rng(0)
    a, b, g = rng.standard_normal((3, N, N))

    def numpy_alone() -> None:
        a @ b
        g @ b.T
        a.T @ g

    x = gradcli.tensor(a, requires_grad=True)
    y = gradcli.tensor(b, requires_grad=True)
    weights = gradcli.tensor(g)

    def ours() -> None:
        x.grad = y.grad = None
        (x @ y).backward(weights)

    candidates = {"gradcli": ours, "NumPy, three products": numpy_alone}
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: compared with NumPy alone")
    else:
        p, q = (torch.tensor(v, requires_grad=True) for v in (a, b))
        seed = torch.tensor(g)

        def eager() -> None:
            p.grad = q.grad = None
            (p @ q).backward(seed)

        candidates["PyTorch eager"] = eager
    times = interleaved(candidates, rounds=9)
    ratios(times, "gradcli", unit=1e-3, label="ms")
    print(f"gradcli takes {times['gradcli'] / times['NumPy, three products']:.3f} times NumPy's three products")


if __name__ == "__main__":
    main()
