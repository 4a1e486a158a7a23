"""An older state and this one in turn: python tests/benchmarks/in_turn.py OLD_PYTHON NEW_PYTHON [KIND ...] [PAIRS]

Each is an interpreter into which a wheel of that state was installed (`gradcli[data]`). Every measurement is a process
of its own, the two states take turns, and what is compared are medians of processor time (and of peak memory at a
million operations), so that others on the machine count for little. Wanted: 1 ms of start-up, 5 % elsewhere.
"""

from __future__ import annotations

import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
FORMULAS = HERE.parents[1].parent / "shared" / "data" / "formulas.jsonl"
COMPOSED = (
    *("sigmoid(w*x + b)", "softplus(x)*y", "gelu(x) - gelu(y)", "ndtr((x - m)/s)", "silu(x)**2", "logaddexp(x, y)"),
    *("tanh(x)/cosh(y)", "softsign(x) + elu(y)", "xlogy(x, y) - relu(x)", "logit(sigmoid(x)*y/3)", "sech(x)*sinc(y)"),
    *("norm_pdf(x)*logsigmoid(y)", "clamp(x, 0, 1) + hypot(x, y)", "degrees(atan2(y, x))", "log2(x)*exp2(y)"),
)
MAPPED = ("gamma(x)", "lgamma(x)", "digamma(x)", "erfc(x)", "gelu(x)", "ndtr(x)", "logaddexp(x, -x)", "sinc(x)")


def seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def least(run: Callable[[], object], rounds: int) -> float:
    return min(seconds(run) for _ in range(rounds))


def first_calls(texts: dict[str, dict[str, float]]) -> dict[str, float]:
    """Text to the first gradient at a point, each time of a new function."""
    import gradcli

    def once(text: str) -> None:
        gradcli.function(text).value_and_grad(**texts[text])

    for text in texts:
        once(text)
    return {text: least(lambda text=text: once(text), 15) for text in texts}


def formulas() -> dict[str, float]:
    items = map(json.loads, FORMULAS.read_text().splitlines())
    return first_calls({item["expr"]: item["points"][0]["at"] for item in items})


def composed() -> dict[str, float]:
    import gradcli

    return first_calls({text: dict.fromkeys(gradcli.function(text).variables, 0.7) for text in COMPOSED})


def million() -> dict[str, float]:
    from scale import KINDS

    import gradcli

    def run(text: str) -> None:
        f = gradcli.function(text)
        f.value_and_grad(**{x: 0.5 + 0.01 * i for i, x in enumerate(f.variables)})

    text = KINDS["sum"](1_000_000)
    took = seconds(lambda: run(text))
    return {"time": took, "peak memory": float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)}


def throughput() -> dict[str, float]:
    import throughput

    import gradcli

    found = {}
    for name, text in throughput.FORMULAS.items():
        f = gradcli.function(text)
        columns = throughput.columns(f.variables, 1_000_000)
        f.map(**columns)
        found[name] = least(lambda f=f, columns=columns: f.map(**columns), 9)
    return found


def special() -> dict[str, float]:
    import numpy as np

    import gradcli

    x = np.random.default_rng(0).uniform(0.1, 12.0, 200_000)
    found = {}
    for text in MAPPED:
        f = gradcli.function(text)
        f.map(x=x)
        found[text] = least(lambda f=f: f.map(x=x), 3)
    return found


def training() -> dict[str, float]:
    import linear_regression
    import network

    import gradcli

    points = gradcli.linspace(-1.0, 1.0, 10).reshape(10, 1)
    rows = [[math.sin(3 * i), math.cos(5 * i)] for i in range(64)]
    batch = network.data_of(gradcli, rows)
    loops = {
        "by hand": lambda: linear_regression.by_hand(gradcli, points, 3 * points + 2),
        "with SGD": lambda: linear_regression.with_sgd(gradcli, points, 3 * points + 2),
        "network": lambda: network.train(gradcli, *batch),
        "modules": lambda: network.with_modules(gradcli, *batch),
    }
    for run in loops.values():
        run()
    return {name: least(run, 5) for name, run in loops.items()}


def start_up() -> dict[str, float]:
    command = Path(sys.executable).with_name("gradcli")

    def run() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words = [command, "grad", "x**2+3*x+1", "--at", "x=2", "--json"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    run()
    return {"grad --json": statistics.median(run() for _ in range(10))}


KINDS: dict[str, Callable[[], dict[str, float]]] = {
    "start-up": start_up, "formulas": formulas, "composed": composed, "million": million,
    "throughput": throughput, "training": training, "special": special,
}  # fmt: skip


def measured(python: str, kind: str) -> dict[str, float]:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}
    words = [python, __file__, "--one", kind]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment, cwd="/")
    return json.loads(done.stdout)


def compare(old: str, new: str, kind: str, pairs: int) -> None:
    """Print the ratio of the medians of each measurement, and the mean of these ratios."""
    found: dict[str, list[dict[str, float]]] = {old: [], new: []}
    for _ in range(pairs):
        for python, results in found.items():
            results.append(measured(python, kind))
    print(f"{kind}, {pairs} pairs")
    ratios = []
    for name in found[old][0]:
        before, after = (statistics.median(result[name] for result in found[python]) for python in (old, new))
        ratios.append(after / before)
        print(f"  {name:60.60} {before:12.6f} {after:12.6f} {after / before:8.3f}")
    print(f"  geometric mean {math.exp(statistics.fmean(map(math.log, ratios))):.3f}", flush=True)


def main() -> None:
    words = sys.argv[1:]
    if words[:1] == ["--one"]:
        print(json.dumps(KINDS[words[1]]()))
        return
    pairs = int(words.pop()) if words[-1].isdigit() else 15
    old, new, *kinds = words
    for kind in kinds or KINDS:
        compare(old, new, kind, pairs)


if __name__ == "__main__":
    main()
