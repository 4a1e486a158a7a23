"""`gradcli batch` on a cluster of this machine: python tests/benchmarks/cluster.py [FILES [ROWS]]

40 Parquet files of 500,000 rows and five columns, value and five partials: in one process, with
one worker on one core and on two, and with two workers, into a folder, into one file (which is
joined from parts), and as statistics. Then what a task costs that does nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FORMULA = "a*exp(-(x - y)**2/(2*s**2)) + b"
TASKS = 3000


def make(folder: Path, files: int, rows: int) -> int:
    """The number of bytes."""
    draw = np.random.default_rng(1)
    for k in range(files):
        table = pa.table({name: draw.uniform(0.5, 2, rows) for name in "abxys"})
        pq.write_table(table, folder / f"part-{k:03d}.parquet")
    return sum(path.stat().st_size for path in folder.iterdir())


def took(folder: Path, output: list[str], flags: list[str], cores: int) -> float:
    command = [sys.executable, "-m", "gradcli", "batch", FORMULA, f"{folder}/*.parquet", *output, *flags]
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    os.sync()  # what an earlier run wrote is not to slow this one
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, allowed))
    return time.perf_counter() - start


def nothing(number: int) -> int:
    return number


def per_task() -> float:
    """Seconds a task from submission to result, of tasks that do nothing, on two workers."""
    from gradcli.batch.client import Backlog, Task, cluster, run

    with cluster(2, None) as found:
        for count in (100, TASKS):
            start = time.perf_counter()
            backlog = Backlog(Task(nothing, (k,)) for k in range(count))
            assert sum(value for _, value in run(found, backlog)) == count * (count - 1) // 2
        return (time.perf_counter() - start) / TASKS


def main() -> None:
    given = [int(x) for x in sys.argv[1:]]
    files, rows = [*given, *(40, 500_000)[len(given) :]]
    with tempfile.TemporaryDirectory(prefix="gradcli-benchmark-") as name:
        inputs, out = Path(name) / "in", Path(name) / "out"
        inputs.mkdir()
        size = make(inputs, files, rows)
        print(f"{files} files of {rows:,} rows, {size / 1e6:,.0f} MB; {FORMULA}, value and 5 partials")
        for what, output in {
            "a folder": ["-o", f"{out}/each/"], "one file": ["-o", f"{out}/all.parquet"], "--stats": ["--stats"],
        }.items():  # fmt: skip
            base = 0.0
            for workers, cores in ((0, 2), (1, 1), (1, 2), (2, 2)):
                out.mkdir()
                flags = ["--workers", str(workers)] if workers else []
                seconds = took(inputs, output, flags, cores)
                shutil.rmtree(out)
                base = seconds if (workers, cores) == (1, 1) else base
                label = f"{' '.join(flags) or 'one process'} on {cores} core{'' if cores == 1 else 's'}"
                scaling = f" {base / seconds:6.2f} times one worker on one core" if base else ""
                print(f"{what:9} {label:24} {seconds:7.2f} s {files * rows / seconds / 1e6:7.2f} M rows/s{scaling}")
    print(f"a task that does nothing: {1e3 * per_task():.2f} ms")


if __name__ == "__main__":
    main()
