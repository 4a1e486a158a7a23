"""What true numbers cost beside plain floats: python tests/benchmarks/bounds.py [points|audit] [FORMULA ...]

points: a point of a long run of `grad --json`, where no digits are lost, against `--plain-floats`, of processor time in
this process, the two taking turns; wanted: at most twice as much. Beside it how many of these points bounds in
floats leave to balls, and what a point takes whose digits are lost.
audit: `batch --audit` of a million rows of Parquet against the run without, processor time of whole processes; wanted:
at most 3 times as much. It needs pyarrow; install llvmlite or not to see both executors.
"""

from __future__ import annotations

import io
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import throughput

import gradcli
from gradcli.commands.main import main as command
from gradcli.domains.generated import generated
from gradcli.domains.generated_bounds import BoundedSourceText

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
POINTS, ROUNDS, ROWS = 5_000, 9, 1_000_000


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


def escalates(text: str, points: list[dict[str, float]]) -> float:
    """The share of points of which bounds in floats do not say that they are true."""
    f = gradcli.function(text)
    tape = f.compiled(True).tape
    vouched = generated(tape, [name for _, name in tape.inputs], source=BoundedSourceText)
    return sum(vouched(point) is None for point in points) / len(points)


def of_points(name: str) -> None:
    text = FORMULAS[name]
    variables = gradcli.function(text).variables
    others = ",".join(f"{x}=0.8" for x in variables[1:])
    grad = ["grad", text, "--json"]
    with tempfile.TemporaryDirectory() as folder:
        shown = []
        sorts = points_of(text)
        for points in sorts:
            file = Path(folder, "points.jsonl")
            file.write_text("".join(json.dumps(point) + "\n" for point in points))
            runs = {"true": [*grad, "--points", str(file)], "plain": [*grad, "--points", str(file), "--plain-floats"]}
            shown.append(least(runs, len(points)) if points else {})
        sweep = [*grad, "--sweep", f"{variables[0]}=0.5:2:{POINTS}", *(["--at", others] if others else [])]
        swept = least({"true": sweep, "plain": [*sweep, "--plain-floats"]}, POINTS)
    kept, lost = shown
    by_balls = escalates(text, sorts[0])
    print(
        f"{name:14} --points {kept['true']:5.1f} us, plain {kept['plain']:5.1f}: {kept['true'] / kept['plain']:.2f}; "
        f"--sweep {swept['true'] / swept['plain']:.2f}; by balls {by_balls:.0%}"
        + (f"; digits lost: {lost['true']:.0f} us" if lost else ""),
        flush=True,
    )


def of_audits(name: str) -> None:
    import pyarrow
    import pyarrow.parquet

    text = FORMULAS[name]
    with tempfile.TemporaryDirectory() as folder:
        source, target = (str(Path(folder, file)) for file in ("in.parquet", "out.parquet"))
        pyarrow.parquet.write_table(pyarrow.table(throughput.columns(gradcli.function(text).variables, ROWS)), source)
        batch = [sys.executable, "-m", "gradcli", "batch", text, source, "-o", target, "--force", "--quiet"]
        times: dict[str, list[float]] = {"": [], "--audit": []}
        for _ in range(3):
            for flag, found in times.items():
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                subprocess.run([*batch, *flag.split()], check=True, stdout=subprocess.DEVNULL)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                found.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    plain, audited = (min(found) for found in times.values())
    print(f"{name:14} batch {plain:.2f} s, --audit {audited:.2f} s: {audited / plain:.2f}", flush=True)


SUBJECTS: dict[str, Callable[[str], None]] = {"points": of_points, "audit": of_audits}


def main() -> None:
    words = sys.argv[1:]
    subjects = [words.pop(0)] if words[:1] and words[0] in SUBJECTS else [*SUBJECTS]
    for subject in subjects:
        for name in words or (throughput.FORMULAS if subject == "audit" else FORMULAS):
            SUBJECTS[subject](name)


if __name__ == "__main__":
    main()
