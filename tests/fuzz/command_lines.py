"""Random command lines: `python tests/fuzz/command_lines.py --least 500 --processes 3000 --seed 1`.

Commands, options and arguments come from gradcli's own declarations, so a new one is tried without a word here; values
are good ones, mutated. Most lines run through `main` in this process, `--processes` of them as processes of their own
with a limit of 10 s and 1 GB. A line that fails is shrunk to the fewest words that still fail.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from cli import Result, gradcli  # noqa: E402

from gradcli.commands.declarations import COMMANDS, TEXT, WHOLE, Command, Option  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SECONDS, MEMORY = 10, 1 << 30
ODD = [*"\x1b\r\a\0\x9b\x7f\t\n\u202e\u2028\ufeff", "\udc80", "\x1b[31m", "é", "μ", "²", "π", "\U0001f600"]
PIECES = [*"xyab0123.,:;=+-*/^()[]{}@'\"\\ #|$%&!?", "e", "nan", "inf", "1e999", "sin(", "**", "--", "d/dx", *ODD]
EXPRESSIONS = [
    "x*y",
    "x**2 + 3*x + 1",
    "sin(x)*exp(y)",
    "abs(x)",
    "a*b",
    "log(a)",
    "1/2x",
    "c = x*y\nc + x",
    "2",
    "x, y",
]
EXPRESSIONS += ["sum([x, y])", "max(x, y)", "where(x > 0, x, y)", "(x - 3)**2", "x/x", "sum((a - x)**2)", "-"]
POINTS = ["x=2,y=1", "x=1/3", "y=2", "x=0", "x=[1,2,3]", "x=-1,y=nan", "a=1,b=2", "x=pi/4,y=1e-300", "x=@{}/data.csv:a"]
SWEEPS = ["x=0:1:3", "y=-1:1:2", "x=1:1:1", "a=0:1:2"]
FILES = [
    "data.csv",
    "points.csv",
    "data.jsonl",
    "odd.csv",
    "odd.jsonl",
    "data.parquet",
    "data.npz",
    "empty.csv",
    "bytes.csv",
]
FILES += ["formula.txt", "absent", "", "-"]
# Good values for options of text; an option that is not here gets some of all of them.
VALUES = {
    "at": ["x=2,y=1"] * 9 + POINTS, "sweep": SWEEPS, "wrt": ["x", "y", "x,y", "a"], "start": ["x=2,y=1"] * 9 + POINTS,
    "bounds": ["x=0:10", "x=0:", "x=:2"],
    "method": ["newton", "bfgs", "lbfgs", "sgd", "momentum", "adam"], "lr": ["0.1", "1e-3", "2"],
    "from": ["csv", "tsv", "jsonl", "npz", "parquet", "arrow"], "to": ["csv", "tsv", "jsonl"],
    "on_error": ["stop", "nan"],
    "column": ["a=b", "x=a", "x=b"], "names": ["value=v", "d/da=g"], "prefix": ["p_"],
    "cluster": ["tcp://127.0.0.1:1", "nowhere"],
}  # fmt: skip
# What starts a process of its own, or waits for a network, is tried this seldom.
SLOW = {"workers": 0.002, "cluster": 0.002}
FORMATS = {"json", "csv"}


def make_files(folder: Path) -> None:
    """Tables and texts for the lines; some of them hold what no terminal should get."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    (folder / "data.csv").write_text("a,b\n1,2\n3,4\n0,-1\n")
    (folder / "points.csv").write_text("x,y\n1,2\n3,4\n")
    (folder / "data.jsonl").write_text('{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n')
    (folder / "odd.csv").write_text("a,b\x1b[31m,\x9b\u202e\n1,\x07,2\n\x1b]0;t\x07,1,\u202e\n")
    (folder / "odd.jsonl").write_text('{"a\\u001b": 1, "b\\u202e\\ud800": "\\u001b"}\n')
    (folder / "bytes.csv").write_bytes(b"a,b\n\xff\x1b,\0\n")
    (folder / "empty.csv").write_text("")
    (folder / "formula.txt").write_text("a*b # \x1b\n")
    np.savez(folder / "data.npz", **{"a": np.ones(2), "b\x1b": np.zeros(2)})
    pq.write_table(pa.table({"a": [1.0, 2.0], "b": [2.0, 3.0], "c\x1b": ["\x1b", "x"]}), folder / "data.parquet")


class Lines:
    """Random lines of one command."""

    def __init__(self, seed: str, folder: Path) -> None:
        self.rng = random.Random(seed)
        self.folder = str(folder)

    def line(self, command: Command, wanted: Option | None = None) -> list[str]:
        """A line of this command, with this option where one is wanted; most lines are good but for one mutation."""
        rng, parts = self.rng, []
        if command.argument.choices:
            parts.append([rng.choice(command.argument.choices)])
        elif command.argument.name != "EXPR":
            parts.append([rng.choice(["sin", "atan2", "max"])] if rng.random() < 0.9 else [])
        elif wanted is None or wanted.name != "file":
            good = "a*b" if command.further or (wanted and wanted.completes == "file") else "x*y + x"
            parts.append([good if rng.random() < 0.6 else rng.choice(EXPRESSIONS)])
        if command.further is not None:
            parts.append([self._file()])
        names = {option.name for option in command.options}
        must = [option for option in command.options if option.name in ("at", "start") and not command.further]
        chosen = ([wanted] if wanted else []) + [o for o in must if wanted is not o and rng.random() < 0.9]
        for option in rng.sample(command.options, min(len(names), rng.choice([0, 0, 1, 1, 2, 4]))):
            if option not in chosen and rng.random() < SLOW.get(option.name, 1):
                chosen.append(option)
        parts += [self._given(option) for option in chosen]
        if rng.random() < 0.2:
            rng.shuffle(parts)
        words = [word for part in parts for word in part]
        if words and rng.random() < 0.35:
            k = rng.randrange(len(words))
            words[k] = self._mutated(words[k])
        # A null byte can be no word of a command line.
        return [command.name, *[word.replace("\0", "\x01") for word in words]]

    def _given(self, option: Option) -> list[str]:
        rng = self.rng
        if not option.takes_value:
            return [rng.choice([flag for flag in (option.flag, option.negative) if flag])]
        if option.completes == "file":
            value = self._file() if option.name not in ("output", "trace") else f"{self.folder}/out.{rng.choice(OUT)}"
        elif option.kind == WHOLE:
            value = str(rng.choice([1, 2, 5, 20, 100]))
        elif option.kind == TEXT:
            value = rng.choice(VALUES.get(option.name) or [x for values in VALUES.values() for x in values]).format(
                self.folder
            )
        else:
            value = rng.choice(["1", "0.5", "3"])
        return (
            [f"{option.flag}={value}"]
            if rng.random() < 0.3
            else [rng.choice([option.flag, option.short or option.flag]), value]
        )

    def _file(self) -> str:
        name = self.rng.choice(FILES[:6]) if self.rng.random() < 0.6 else self.rng.choice(FILES)
        return name if name in ("", "-") else f"{self.folder}/{name}"

    def _mutated(self, word: str) -> str:
        rng, at = self.rng, self.rng.randrange(len(word) + 1)
        kind = rng.randrange(5)
        if kind == 0:
            return word[:at] + word[at + 1 :]
        if kind == 1:
            return word + rng.choice(PIECES)
        if kind == 2:
            return "".join(rng.choices(PIECES, k=rng.randrange(6)))
        return word[:at] + rng.choice(ODD if kind == 3 else PIECES) + word[at:]


OUT = ("csv", "tsv", "jsonl", "npz", "parquet", "arrow", "\x1b.csv")
CONTROL = re.compile("[^\\S\t\n ]|[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def wrong(words: list[str], result: Result) -> str:
    """What is wrong with a result, or nothing."""
    if result.status not in (0, 1, 2):
        return f"status {result.status}"
    if "Traceback" in result.err and "--debug" not in words:
        return "a traceback"
    for stream, text in (("output", result.out), ("errors", result.err)):
        # The cells of a table that batch passes on are data, which a pipe gets as they are.
        found = None if stream == "output" and words[0] == "batch" else CONTROL.search(text)
        if found:
            return f"control character {found[0]!r} in {stream}"
    if result.status == 2 and not result.err.startswith(("gradcli: ", "note: ", "Traceback")):
        return "no message"
    return _malformed(words, result)


def _malformed(words: list[str], result: Result) -> str:
    if result.status == 2 or "-h" in words or "--help" in words or "--trace" in words:
        return ""
    try:
        if "--json" in words:
            for line in result.out.splitlines() if words[0] != "graph" else [result.out]:
                json.loads(line, parse_constant=lambda name: _refused(name))
        elif "--csv" in words and len({len(row) for row in csv.reader(io.StringIO(result.out))}) > 1:
            return "rows of several lengths in CSV"
    except ValueError as error:
        return f"no JSON: {error}"
    return ""


def _refused(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def in_process(words: list[str]) -> Result:
    try:
        return gradcli(*words, stdin=b"a,b\n1,2\n")
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return Result(99, "", f"{type(error).__name__}: {error}")


def as_process(words: list[str]) -> Result:
    """A process of its own, within the limits of time and memory."""
    import resource

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    try:
        run = subprocess.run(
            [sys.executable, "-m", "gradcli", *words], input=b"a,b\n1,2\n", capture_output=True, timeout=SECONDS,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}, preexec_fn=limited, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Result(98, "", f"more than {SECONDS} s")
    return Result(run.returncode, *[x.decode("utf-8", "surrogateescape") for x in (run.stdout, run.stderr)])


def shrunk(words: list[str], run: Callable[[list[str]], Result]) -> list[str]:
    """The line with words and characters left out, as long as the same is wrong."""
    what = wrong(words, run(words))
    k = len(words) - 1
    while k > 0:
        tried = [words[:k] + words[k + 1 :], [*words[:k], words[k][: len(words[k]) // 2], *words[k + 1 :]]]
        tried += [
            [*words[:k], words[k][:i] + words[k][i + 1 :], *words[k + 1 :]] for i in range(min(40, len(words[k])))
        ]
        smaller = next((t for t in tried if t != words and wrong(t, run(t)) == what), None)
        words, k = (smaller, min(k, len(smaller) - 1)) if smaller else (words, k - 1)
    return words


class Report:
    """What was run, what reached an answer, and the smallest line of each thing that went wrong."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.answered: Counter[str] = Counter()
        self.failures: dict[str, list[str]] = {}

    def take(self, command: Command, words: list[str], run: Callable[[list[str]], Result]) -> None:
        result = run(words)
        self.statuses[result.status] += 1
        what = wrong(words, result)
        if what:
            key = f"{command.name}: {what}: {result.err.splitlines()[0][:70] if what.startswith('status') else ''}"
            if key not in self.failures:
                self.failures[key] = shrunk(words, run)
        if result.status in (0, 1):
            self.answered[command.name] += 1
            given = {command.flags[flag][0].name for word in words if (flag := word.partition("=")[0]) in command.flags}
            self.answered.update(f"{command.name} --{name}" for name in given)

    def text(self) -> str:
        lines = [f"{key}\n  gradcli {' '.join(map(_quoted, words))}" for key, words in self.failures.items()]
        few = ", ".join(f"{name}: {n}" for name, n in self.answered.most_common()[:-9:-1])
        return "\n".join(
            [*lines, f"statuses {dict(self.statuses)}; fewest answers: {few}; wrong: {len(self.failures)}"]
        )


def _quoted(word: str) -> str:
    return shlex.quote(word) if word.isprintable() else f"$'{ascii(word)[1:-1]}'"


def targets() -> Iterable[tuple[Command, Option | None]]:
    """Each command, and each option of each."""
    for command in COMMANDS.values():
        yield command, None
        for option in command.options:
            yield command, option


def campaign(seed: int, least: int, tries: int, processes: int = 0) -> Report:
    """Lines until each command and option was `least` times in one that reached an answer, or tried `tries` times."""
    report = Report()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_files(folder)
        wanted = list(targets())
        for command, option in wanted:
            key = command.name + (f" --{option.name}" if option else "")
            lines = Lines(f"{seed}/{key}", folder)
            for _ in range(tries if not option or option.name not in SLOW else 1):
                if report.answered[key] >= least:
                    break
                report.take(command, lines.line(command, option), in_process)
        lines = Lines(f"{seed}/processes", folder)
        for k in range(processes):
            command, option = wanted[k % len(wanted)]
            if not option or option.name not in SLOW:
                report.take(command, lines.line(command, option), as_process)
    return report


def main() -> int:
    """Exit status 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[2])
    parser.add_argument("--least", type=int, default=20)
    parser.add_argument(
        "--tries", type=int, default=0, help="at most so many for one option; 20 times --least by default"
    )
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    report = campaign(given.seed, given.least, given.tries or 20 * given.least, given.processes)
    print(report.text())
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
