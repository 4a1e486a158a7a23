"""What others answer where there is no gradient, or no digit left: python tests/benchmarks/silence.py

README's table holds what they said: PyTorch 2.13, JAX 0.10.2 in float64, qalc 4.5.1. What is not installed is left out.
"""

from __future__ import annotations

import shutil
import subprocess

import gradcli

# The formula, its point, and how qalc writes value and slope.
CASES = (
    ("abs(x)", 0.0, "diff(abs(x); x; 1; 0)"),
    ("where(x > 0, sqrt(x), 0)", -1.0, "diff(if(x > 0; sqrt(x); 0); x; 1; -1)"),
    ("log(x + 1) - log(x)", 1e10, "diff(ln(x + 1) - ln(x); x; 1; 1e10)"),
)


def in_torch(text: str, point: float) -> tuple[float, float]:
    import torch

    x = torch.tensor(point, dtype=torch.float64, requires_grad=True)
    zero = torch.zeros((), dtype=torch.float64)
    value = eval(text.replace(", 0)", ", zero)"), {**vars(torch), "x": x, "zero": zero})
    value.backward()
    return value.item(), x.grad.item()


def in_jax(text: str, point: float) -> tuple[float, float]:
    import jax

    jax.config.update("jax_enable_x64", True)
    value, slope = jax.value_and_grad(lambda x: eval(text, {**vars(jax.numpy), "x": x}))(point)
    return float(value), float(slope)


def in_qalc(text: str) -> str:
    done = subprocess.run(["qalc", text], capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def main() -> None:
    for text, point, slope in CASES:
        print(f"{text} at {point:g}")
        found = gradcli.function(text).proven(x=point)
        print(f"  gradcli  {found.value!r}, {found.grad['x']!r}")
        for name, answer in {"PyTorch": in_torch, "JAX": in_jax}.items():
            try:
                value, partial = answer(text, point)
                print(f"  {name:<8} {value!r}, {partial!r}")
            except ImportError:
                print(f"  {name} is not installed")
        print(f"  qalc     {in_qalc(slope)}" if shutil.which("qalc") else "  qalc is not installed")


if __name__ == "__main__":
    main()
