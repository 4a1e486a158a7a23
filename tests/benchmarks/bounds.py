"""What true numbers cost beside plain floats: python tests/benchmarks/bounds.py [points] [FORMULA ...]

points: a point of a long run of `grad --json`, where nothing escalates, against `--plain-floats`, of processor time in
this process, the two taking turns; wanted: at most twice as much. Beside it what a point takes whose digits are lost.
"""

from __future__ import annotations

import io
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import throughput

import gradcli
from gradcli.commands.main import main as command

FORMULAS = {
    **throughput.FORMULAS,
    "quadratic": "x**2 + 3*x + 1",
    "powers": "x**y + y**x",
    "sigmoid": "log(sigmoid(x)) + sigmoid(y)*x",
    "softplus": "softplus(x)*tanh(y)",
    "gelu": "gelu(x)*y",
    "angles": "atan2(y, x) + hypot(x, y)",
    "extremes": "max(x, y)*abs(x - 2*y)",
    "waves": " + ".join(f"sin({k}.5*x)*exp(-y/{k + 1})" for k in range(10)),
}
POINTS, ROUNDS = 5_000, 9


def processor_time(words: list[str]) -> float:
    """Of one command line whose answers nobody reads."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    start = time.process_time()
    with mock.patch.multiple(sys, stdout=out, stderr=err):
        status = command(words)
    took = time.process_time() - start
    if status:
        sys.exit(err.buffer.getvalue().decode())
    return took


def least(runs: dict[str, list[str]], count: int) -> dict[str, float]:
    """Microseconds a point of each command line, the command lines taking turns."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, words in runs.items():
            times[name].append(processor_time(words))
    return {name: 1e6 * min(found) / count for name, found in times.items()}


def points_of(text: str) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Random points at which nothing escalates, and some at which digits are lost."""
    f, rng = gradcli.function(text), random.Random(0)
    kept: list[dict[str, float]] = []
    lost: list[dict[str, float]] = []
    while len(kept) < POINTS:
        point = {x: rng.uniform(0.5, 2.0) for x in f.variables}
        (lost if f.true_at(point).notes else kept).append(point)
    return kept, lost[:500]


def of_points(name: str) -> None:
    text = FORMULAS[name]
    variables = gradcli.function(text).variables
    others = ",".join(f"{x}=0.8" for x in variables[1:])
    grad = ["grad", text, "--json"]
    with tempfile.TemporaryDirectory() as folder:
        shown = []
        for points in points_of(text):
            file = Path(folder, "points.jsonl")
            file.write_text("".join(json.dumps(point) + "\n" for point in points))
            runs = {"true": [*grad, "--points", str(file)], "plain": [*grad, "--points", str(file), "--plain-floats"]}
            shown.append(least(runs, len(points)) if points else {})
        sweep = [*grad, "--sweep", f"{variables[0]}=0.5:2:{POINTS}", *(["--at", others] if others else [])]
        swept = least({"true": sweep, "plain": [*sweep, "--plain-floats"]}, POINTS)
    kept, lost = shown
    print(
        f"{name:14} --points {kept['true']:5.1f} us, plain {kept['plain']:5.1f}: {kept['true'] / kept['plain']:.2f}; "
        f"--sweep {swept['true'] / swept['plain']:.2f}" + (f"; digits lost: {lost['true']:.0f} us" if lost else ""),
        flush=True,
    )


SUBJECTS: dict[str, Callable[[str], None]] = {"points": of_points}


def main() -> None:
    words = sys.argv[1:]
    subjects = [words.pop(0)] if words[:1] and words[0] in SUBJECTS else [*SUBJECTS]
    for subject in subjects:
        for name in words or FORMULAS:
            SUBJECTS[subject](name)


if __name__ == "__main__":
    main()
