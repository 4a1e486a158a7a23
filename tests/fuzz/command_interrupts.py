"""Ctrl-C at random moments, on demand: `python tests/fuzz/command_interrupts.py --tries 500 --seed 1`.

Each try is a process group of its own that gets SIGINT, as from a terminal, at a random moment between its loading
and its usual end. It must exit with 130 and say `gradcli: interrupted` at the most, or have been done before.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

LINES = (
    ("check", "x**2*sin(y)", "--at", "x=2,y=1"),
    ("grad", "gamma(x)", "--at", "x=2.5"),
    ("grad", "sin(x)*y", "--at", "x=1,y=2", "--digits", "50"),
    ("minimize", "sum((x - 1)**4)", "--start", "x=[3,4,5]"),
    ("graph", "x*sin(x)", "--gradient"),
    ("eval", "sum(x*x)", "--at", "x=[1,2,3]", "--json"),
    ("functions", "--json"),
    ("grad", "--help"),
)
INTERRUPTED = b"gradcli: interrupted\n"
# A byte when the program is there and has not begun.
START = "import os, sys; from gradcli import __main__ as program; os.write({}, b'.'); sys.exit(program.main())"


def tried(line: tuple[str, ...], delay: float | None) -> tuple[int, bytes, float]:
    """Status, standard error, and the seconds from the byte to the end."""
    ours, theirs = os.pipe()
    code = START.format(theirs)
    with subprocess.Popen(
        [sys.executable, "-c", code, *line],
        pass_fds=[theirs],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as run:
        os.close(theirs)
        os.read(ours, 1)
        os.close(ours)
        begun = time.monotonic()
        if delay is not None:
            time.sleep(delay)
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGINT)
        _, err = run.communicate(timeout=120)
        return run.returncode, err, time.monotonic() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[2])
    parser.add_argument("--tries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    rng, counts, wrong = random.Random(given.seed), Counter[str](), 0
    usual = {line: tried(line, None) for line in LINES}
    for k in range(given.tries):
        line = LINES[k % len(LINES)]
        status, said, seconds = usual[line]
        delay = rng.random() * seconds
        found, err, _ = tried(line, delay)
        if found == 130 and err in (b"", said, INTERRUPTED, said + INTERRUPTED):
            counts["interrupted"] += 1
        elif (found, err) == (status, said):
            counts["done before"] += 1
        else:
            wrong += 1
            print(f"{' '.join(line)} after {delay:.4f} s: {found}, {err.decode(errors='replace')}")
    print(f"{dict(counts)}, wrong: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
