"""What is finished of an output, in a folder beside it: a killed run goes on from there.

`OUT.partial/` holds the file under construction and `journal.jsonl`. Its first line says what is
being computed from what; each further line what was reached when a chunk had been written:
the next chunk, how to go on writing, and what there is to tell.
"""

from __future__ import annotations

import json
import os
import shutil

from gradcli.batch.outcome import Outcome
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

ENDING = ".partial"
JOURNAL = "journal.jsonl"
OF_A_CLUSTER = (JOINED, WHOLE) = ("joined", "whole.json")  # see parts.py
PART = ".arrows"


def ours(names: Iterable[str]) -> bool:
    """Is a folder with these names one of gradcli's, or empty? Nothing is removed from another."""
    first = (JOURNAL, *OF_A_CLUSTER)
    found = list(names)
    return not found or any(name.startswith(first) or name.endswith(PART) for name in found)


def in_the_way(folder: str) -> UsageError:
    return UsageError(f"{folder} is in the way: it is not gradcli's", "move it, or write elsewhere")


class Reached:
    """How far a run is.

    input: the number of its input; chunk: the next one there; schema: of the output, in
    Arrow's form as text, and state: of its writer, both None before the first chunk; outcome:
    of what is done; finished: the output stands in its place.
    """

    __slots__ = ("chunk", "finished", "input", "outcome", "schema", "state")

    def __init__(self) -> None:
        self.input = 0
        self.chunk = 0
        self.schema: str | None = None
        self.state: Any = None
        self.outcome = Outcome()
        self.finished = False


class Partial:
    """The folder beside an output, held by this process alone."""

    def __init__(self, output: str) -> None:
        self.output = output
        self.folder = output + ENDING
        self._journal: int | None = None

    def open(self, identity: dict[str, Any], fresh: bool, must_match: bool) -> Reached:
        """Take the folder; what an earlier run reached there, if it was the same run.

        fresh: begin anew in any case; must_match: an earlier run that was another one is an
        error, else it is dropped. Raises UsageError and OSError.
        """
        path = os.path.join(self.folder, JOURNAL)
        if not os.path.isdir(self.folder):
            os.mkdir(self.folder)
        elif not ours(os.listdir(self.folder)):
            raise in_the_way(self.folder)
        self._journal = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        _lock(self._journal, self.output)
        with open(path, "rb") as file:
            lines = file.read().split(b"\n")[:-1]  # a line that a kill cut short has no end
        head = json.loads(json.dumps(identity))
        if lines and not fresh:
            earlier = json.loads(lines[0])
            if earlier == head:
                os.ftruncate(self._journal, sum(len(line) + 1 for line in lines))
                return self._reached(lines)
            if must_match:
                self._release()
                raise UsageError(_difference(self.output, earlier, head), "--force begins anew")
        os.ftruncate(self._journal, 0)
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            if os.path.isdir(path):
                shutil.rmtree(path)
            elif name != JOURNAL:
                os.remove(path)
        self._write(head)
        return Reached()

    def keep(self, reached: Reached) -> None:
        """Note in the journal what is reached."""
        self._write({
            "input": reached.input, "chunk": reached.chunk, "schema": reached.schema, "state": reached.state,
            "outcome": reached.outcome.to_json(),
        })  # fmt: skip

    def publish(self, path: str, reached: Reached) -> None:
        """The finished file takes the output's place at once, and the folder goes."""
        self._write({"whole": os.path.basename(path), "outcome": reached.outcome.to_json()})
        os.replace(path, self.output)
        self.remove()

    def remove(self) -> None:
        self._release()
        shutil.rmtree(self.folder, ignore_errors=True)

    def leave(self) -> None:
        """Stop here; what is reached stays."""
        self._release()

    def _reached(self, lines: list[bytes]) -> Reached:
        found = Reached()
        if len(lines) == 1:
            return found
        last = json.loads(lines[-1])
        found.outcome = Outcome.of_json(last["outcome"])
        if "whole" in last:  # killed while the file was taking its place
            path = os.path.join(self.folder, last["whole"])
            if os.path.exists(path):
                os.replace(path, self.output)
            self.remove()
            found.finished = True
            return found
        found.input, found.chunk, found.schema, found.state = (last[x] for x in ("input", "chunk", "schema", "state"))
        return found

    def _release(self) -> None:
        if self._journal is not None:
            os.close(self._journal)
            self._journal = None

    def _write(self, line: dict[str, Any]) -> None:
        assert self._journal is not None
        data = json.dumps(line, ensure_ascii=False, allow_nan=False).encode() + b"\n"
        if os.write(self._journal, data) != len(data):
            raise OSError(28, os.strerror(28), self.folder)


def _difference(output: str, earlier: dict[str, Any], now: dict[str, Any]) -> str:
    what = next((key for key in now if earlier.get(key) != now[key]), "version")
    return f"{output}{ENDING} is of another run: not the same {what}"


def _lock(journal: int, output: str) -> None:
    try:
        import fcntl
    except ImportError:  # Windows refuses to replace an open file by itself
        return
    try:
        fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(journal)
        raise UsageError(f"{output} is being written by another gradcli", "wait for it, or stop it") from None
