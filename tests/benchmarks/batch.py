"""`gradcli batch` on Parquet against pyarrow reading and writing the same bytes.

python tests/benchmarks/batch.py [MILLIONS ...]

Black-Scholes with its five partials: 5 columns in, 11 out. Wanted: at least half of pyarrow's speed, 0.4 for a run that
can be resumed (ours all can), 1.3 times the speed of plain blocks where the formula is compiled, and peak memory that
does not grow, below 400 MB: 1, 10 and 50 million rows by default.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FORMULA = (
    "d = (log(S/K) + (r + s**2/2)*t)/(s*sqrt(t)); "
    "S*(1 + erf(d/sqrt(2)))/2 - K*exp(-r*t)*(1 + erf((d - s*sqrt(t))/sqrt(2)))/2"
)
RANGES = {"S": (50, 150), "K": (50, 150), "r": (0, 0.1), "s": (0.1, 0.5), "t": (0.1, 2)}
ROWS = 1_000_000  # of a row group
ROUNDS = 5

WRITE = """
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
rng = np.random.default_rng(1)
ranges, writer = {ranges}, None
for _ in range(int(sys.argv[1])):
    table = pa.table({{name: rng.uniform(*ends, {rows}) for name, ends in ranges.items()}})
    writer = writer or pq.ParquetWriter(sys.argv[2], table.schema)
    writer.write_table(table)
writer.close()
"""

# What gradcli reads is read, and what it wrote is written, by row groups, with what it wrote at hand.
COPY = """
import sys, pyarrow as pa, pyarrow.parquet as pq
source, output, target = sys.argv[1:]
writer = None
batches = pq.ParquetFile(output).iter_batches({rows})
written = pa.Table.from_batches([next(batches)])
while written.num_rows < {rows}:
    written = pa.concat_tables([written, pa.Table.from_batches([next(batches)])])
for batch in pq.ParquetFile(source).iter_batches({rows}):
    writer = writer or pq.ParquetWriter(target, written.schema)
    writer.write_table(written.slice(0, batch.num_rows))
writer.close()
"""

BLOCKS = """
import gradcli.api.map
from gradcli.commands.main import main
gradcli.api.map.pays = lambda *_: False
main()
"""


def seconds(command: list[str]) -> tuple[float, float, int]:
    """How long a process takes, its processor time, and its peak memory in bytes."""
    begun = time.perf_counter()
    running = subprocess.Popen(command)
    _, status, usage = os.wait4(running.pid, 0)
    if status:
        raise SystemExit(f"{command[:4]} failed")
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main() -> None:
    sizes = [int(x) for x in sys.argv[1:]] or [1, 10, 50]
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        source, output, copy = (str(Path(folder) / name) for name in ("in.parquet", "out.parquet", "copy.parquet"))
        for size in sizes:
            seconds([python, "-c", WRITE.format(ranges=RANGES, rows=ROWS), str(size), source])
            rounds = ROUNDS if size <= 10 else 1
            words = ["batch", FORMULA, source, "-o", output, "--force", "--quiet"]
            commands = {
                "gradcli": [python, "-m", "gradcli", *words],
                "blocks": [python, "-c", BLOCKS, *words],
                "pyarrow": [python, "-c", COPY.format(rows=ROWS), source, output, copy],
            }
            found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in commands}
            for _ in range(rounds):
                for name, command in commands.items():
                    found[name].append(seconds(command))
            ours, blocks, theirs = (statistics.median(x[0] for x in runs) for runs in found.values())
            busy, plain, _ = (statistics.median(x[1] for x in runs) for runs in found.values())
            print(
                f"{size:3} million rows: {size / ours:6.2f} million rows/s, {theirs / ours:.2f} times the speed of "
                f"pyarrow reading and writing, {blocks / ours:.2f} times that of blocks, {plain / busy:.2f} by CPU "
                f"time; peak memory {max(x[2] for x in found['gradcli']) / 2**20:.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
