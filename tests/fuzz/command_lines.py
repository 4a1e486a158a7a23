"""Random command lines: `python -m tests.fuzz.command_lines --least 500 --processes 3000 --seed 1`.

Most lines run through `main` in this process, `--processes` of them as processes of their own with a limit of 10 s and
1 GB. A line that fails is shrunk to the fewest words and characters that still fail.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from gradcli.commands.declarations import COMMANDS
from gradcli.commands.declared import Command, Option

from . import ready
from .commandwords import SLOW, Lines, make_files

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests"))  # where this runs without pytest

from cli import Result, gradcli  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# Of processor time: a process that waits for a busy machine does nothing wrong, unless it waits for ever.
SECONDS, MEMORY, PATIENCE = 10, 1 << 30, 300
STDIN = b"a,b\n1,2\n"
CONTROL = re.compile("[^\\S\t\n ]|[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Place:
    """A folder with the files of the lines, in which they run; what a line leaves is gone before the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, tuple[int, int]] = {}
        self.clean()

    def clean(self) -> None:
        found = {entry.name: entry.stat() for entry in os.scandir(self.folder)}
        for name in found.keys() - self.made.keys():
            path = self.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if (
            self.made != {name: (s.st_size, s.st_mtime_ns) for name, s in found.items() if name in self.made}
            or not found
        ):
            make_files(self.folder)
            self.made = {e.name: (e.stat().st_size, e.stat().st_mtime_ns) for e in os.scandir(self.folder)}


@contextlib.contextmanager
def place() -> Iterator[Place]:
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield Place(Path(folder))
        finally:
            os.chdir(before)


def wrong(words: list[str], result: Result) -> str:
    """What is wrong with a result, or nothing."""
    if result.status not in (0, 1, 2):
        return f"status {result.status}"
    if "Traceback" in result.err and "--debug" not in words:
        return "a traceback"
    # The cells and headers of a table that batch passes on are data, which a pipe gets as they are.
    data = "--png" in words or (words[0] == "batch" and any(re.search(r"odd|[*?\[]|^\.?/?$", word) for word in words))
    for stream, text in (("output", "" if data else result.out), ("errors", result.err)):
        if found := CONTROL.search(text):
            return f"control character {found[0]!r} in {stream}"
    if result.status == 2 and not result.err.startswith(("gradcli: ", "note: ", "Traceback")):
        return "no message"
    if result.status == 2 or "-h" in words or "--help" in words:
        return ""
    try:
        # What is called out.csv may be of another format, or code.
        named = data or words[0] in ("export", "graph") or any(word.startswith("--to") for word in words)
        return _malformed(words, result.out) or ("" if named else _malformed_file())
    except ValueError as error:
        return f"no JSON: {error}"


def _malformed(words: list[str], out: str) -> str:
    if any(word.startswith("--trace") for word in words):
        return ""
    if "--json" in words:
        for line in out.splitlines() if words[0] != "graph" else [out] * bool(out):
            json.loads(line, parse_constant=_refused)
    elif "--csv" in words:
        return _ragged(out)
    return ""


def _malformed_file() -> str:
    for path in map(Path, ("out.csv", "out.jsonl")):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if path.suffix == ".jsonl":
            for line in text.splitlines():
                json.loads(line, parse_constant=_refused)
        elif text and not text.startswith("{") and (what := _ragged(text)):  # a trace may have any name
            return f"{what} in a file"
    return ""


def _ragged(text: str) -> str:
    return "rows of several lengths in CSV" if len({len(row) for row in csv.reader(io.StringIO(text))}) > 1 else ""


def _refused(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def in_process(words: list[str]) -> Result:
    try:
        return gradcli(*words, stdin=STDIN)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Result(99, "", f"{type(error).__name__}: {error}")


def as_process(words: list[str], memory: int = MEMORY, seconds: int = SECONDS, patience: int = PATIENCE) -> Result:
    """A process of its own, within the limits of memory and of processor time."""
    import resource

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

    try:
        run = subprocess.run(
            [sys.executable, "-m", "gradcli", *words], input=STDIN, capture_output=True, timeout=patience, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}, preexec_fn=limited,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Result(98, "", f"no end in {patience} s")
    return Result(run.returncode, *[x.decode("utf-8", "surrogateescape") for x in (run.stdout, run.stderr)])


class Report:
    """What was run, what reached an answer, and the smallest line of each thing that went wrong."""

    def __init__(self, where: Place) -> None:
        self.place = where
        self.statuses: Counter[int] = Counter()
        self.answered: Counter[str] = Counter({key_of(*target): 0 for target in targets()})
        self.failures: dict[str, list[str]] = {}

    def take(self, command: Command, words: list[str], run: Callable[[list[str]], Result]) -> None:
        result, what = self._judged(words, run)
        self.statuses[result.status] += 1
        if what:
            first = result.err.splitlines()[0][:70] if what.startswith("status") and result.err else ""
            key = f"{command.name}: {what}: {first}"
            if key not in self.failures:
                self.failures[key] = self.shrunk(words, what, run)
        elif result.status in (0, 1):
            given = {command.flags[flag][0] for word in words if (flag := word.partition("=")[0]) in command.flags}
            self.answered.update(key_of(command, option) for option in {None, *given})

    def _judged(self, words: list[str], run: Callable[[list[str]], Result]) -> tuple[Result, str]:
        self.place.clean()
        result = run(words)
        return result, wrong(words, result)

    def shrunk(self, words: list[str], what: str, run: Callable[[list[str]], Result]) -> list[str]:
        """The line with words and characters left out, as long as the same is wrong."""
        k = len(words) - 1
        while k > 0:
            tried = [words[:k] + words[k + 1 :], [*words[:k], words[k][: len(words[k]) // 2], *words[k + 1 :]]]
            tried += [
                [*words[:k], words[k][:i] + words[k][i + 1 :], *words[k + 1 :]] for i in range(min(40, len(words[k])))
            ]
            smaller = next((t for t in tried if t != words and self._judged(t, run)[1] == what), None)
            words, k = (smaller, min(k, len(smaller) - 1)) if smaller else (words, k - 1)
        return words

    def text(self) -> str:
        lines = [f"{key}\n  gradcli {' '.join(map(_quoted, words))}" for key, words in self.failures.items()]
        counts = ", ".join(f"{name} {n}" for name, n in sorted(self.answered.items(), key=lambda pair: pair[1]))
        return "\n".join([*lines, f"answers: {counts}", f"statuses {dict(self.statuses)}; wrong: {len(self.failures)}"])


def _quoted(word: str) -> str:
    return shlex.quote(word) if word.isprintable() else f"$'{ascii(word)[1:-1]}'"


def key_of(command: Command, option: Option | None) -> str:
    return f"{command.name} {option.flag}" if option else command.name


def targets(name: str = "") -> Iterable[tuple[Command, Option | None]]:
    """Each command, and each option of each."""
    for command in COMMANDS.values():
        if name in ("", command.name):
            yield command, None
            yield from ((command, option) for option in command.options)


def campaign(
    seed: int, least: int, tries: int, processes: int = 0, only: str = "", seconds: float = math.inf
) -> Report:
    """Lines until each command and option was `least` times in one that reached an answer, or tried `tries` times."""
    end = time.monotonic() + seconds
    slow = [target for target in targets(only) if target[1] and target[1].name in SLOW]
    wanted = [target for target in targets(only) if target not in slow]
    with place() as where, ready.sympy():
        report = Report(where)
        _fill(report, wanted, f"{seed}/", "", least, tries, end)
        if slow and ready.DASK:
            with ready.dask() as address:
                _fill(report, slow, f"{seed}/", address, least, tries, end)
        lines = Lines(f"{seed}/{only}/processes")
        for k in range(processes):
            if time.monotonic() > end:
                break
            command, option = wanted[k % len(wanted)]
            report.take(command, lines.line(command, option), as_process)
    return report


def _fill(
    report: Report, wanted: Iterable[tuple[Command, Option | None]], seed: str, address: str, least: int, tries: int,
    end: float,
) -> None:  # fmt: skip
    for command, option in wanted:
        key = key_of(command, option)
        lines = Lines(f"{seed}{key}", address)
        for _ in range(tries):
            if report.answered[key] >= least or time.monotonic() > end:
                break
            report.take(command, lines.line(command, option), in_process)


def main() -> int:
    """Exit status 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[2])
    parser.add_argument("--least", type=int, default=20)
    parser.add_argument("--tries", type=int, default=0, help="at most so many for one option; 20 times --least")
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--command", default="", help="this command alone")
    parser.add_argument("--seconds", type=float, default=math.inf, help="no line begins after so many")
    given = parser.parse_args()
    tries = given.tries or 20 * given.least
    report = campaign(given.seed, given.least, tries, given.processes, given.command, given.seconds)
    print(report.text())
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
