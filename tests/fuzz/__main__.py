"""Random programs, on demand: `python -m tests.fuzz --programs 10000 --seed 1`.

Every program is computed by every executor that is asked for, and their numbers and notes are held against each
other, against ball arithmetic and against one-sided differences. A failure is shrunk to the smallest program that
shows it and printed as a command. `--program TEXT --at x=1` judges one program; `--executors` is a list of floats
(always), map, compiled, balls, notes, digits and tensors.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from typing import Any

import numpy as np

from .campaign import CHUNK, Plan, Report, judged, needed, run
from .known import known

ALL = "floats,map,balls,notes,digits"


def main() -> int:
    """Exit status 1 where something is wrong that is not on the list of what is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition("\n\n")[2])
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, metavar="CHUNK", help=f"{CHUNK} programs are a chunk")
    parser.add_argument("--executors", default=ALL, help="default: %(default)s")
    parser.add_argument("--arrays", type=float, default=0.15, help="the share of programs on arrays")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--log", help="a file that gets the report after every 20 chunks")
    parser.add_argument("--program")
    parser.add_argument("--at", action="append", default=[])
    given = parser.parse_args()
    executors = tuple(given.executors.split(","))
    if given.program is not None:
        return _one(given.program, dict(_value(pair) for pair in given.at), executors)
    chunks = range(given.first, given.first + -(-given.programs // CHUNK))

    def told(report: Report) -> None:
        if given.log and not report.programs % (20 * CHUNK):
            with open(given.log, "w", encoding="utf-8") as file:
                file.write(report.text() + "\n")

    report = run(Plan(given.seed, executors, given.arrays), chunks, given.workers, told)
    text = report.text()
    if given.log:
        with open(given.log, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    print(text)
    return 1 if report.failures else 0


def _value(pair: str) -> tuple[str, Any]:
    name, _, text = pair.partition("=")
    if text.startswith("["):
        text = text.replace("nan", "NaN").replace("inf", "Infinity")
        return name, np.array(json.loads(text), dtype=np.float64)
    return name, float(text)


def _one(text: str, point: dict[str, Any], executors: tuple[str, ...]) -> int:
    wanted = {e for who in executors for e in needed(who)}
    found = judged(text, [point], wanted, Counter(points=5))
    for failure in found:
        entry = known(failure)
        print(f"{failure.kind} ({failure.who}): {failure.detail}" + (f" [known: {entry.reason}]" if entry else ""))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
