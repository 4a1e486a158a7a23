"""What is finished of an output, in a folder beside it: a killed run goes on from there.

`OUT.partial/` holds the file under construction and `journal.jsonl`. Its first line says what is being computed from
what; each other line what was reached when a chunk had been written: the next chunk, how to go on writing, and what
there is to tell.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from gradcli.batch.outcome import Outcome
from gradcli.errors import UsageError

ENDING = ".partial"
LONGEST = 255  # bytes of the name of a file
JOURNAL = "journal.jsonl"
JOINED, WHOLE = "joined", "whole.json"  # of a cluster, see parts.py
PART = ".arrows"  # also of a cluster
LAYOUT = 2  # of the folder; another one is of another version

# What gradcli writes into such a folder. Nothing else in it is ever removed.
OURS = re.compile(
    r"journal\.jsonl|table\.[a-z.0-9]+|footers|done.*|column\d+.*|joined(\.partial)?|whole\.json.*|\d{6}-\d{6}\.arrows.*"
)
NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)  # of some network file systems


def beside(output: str) -> str:
    """The folder of an output; where a name leaves no room for the ending, it is named by a digest of it."""
    folder, name = os.path.split(output)
    if len(os.fsencode(name + ENDING)) > LONGEST:
        name = sha256(os.fsencode(name)).hexdigest()
    return os.path.join(folder, name + ENDING)


def ours(names: Iterable[str]) -> bool:
    """Is a folder with these names one of gradcli's, or empty?"""
    return all(OURS.fullmatch(name) for name in names)


def in_the_way(folder: str) -> UsageError:
    """The error of a folder that is not one of ours."""
    return UsageError(f"{folder} is in the way: it is not gradcli's", "move it, or write elsewhere")


def differs(earlier: dict[str, Any], now: dict[str, Any], but: str = "keep") -> str:
    """The first thing but one in which what two runs are known by differs; "" where it is the same run."""
    return next((key for key in {**now, **earlier} if key != but and earlier.get(key) != now.get(key)), "")


def of_another_run(label: str, what: str) -> UsageError:
    """The error of a run that is asked to go on where a different one stopped."""
    return UsageError(f"{label}{ENDING} is of another run: not the same {what}", "--force begins anew")


@dataclass
class Reached:
    """How far a run is.

    input: the number of its input; chunk: the next one there; state: of the writer, None before the first chunk;
    outcome: of what is done; finished: the output stands in its place.
    """

    input: int = 0
    chunk: int = 0
    state: Any = None
    outcome: Outcome = field(default_factory=Outcome)
    finished: bool = False


class Partial:
    """The folder beside an output, held by this process alone."""

    def __init__(self, output: str, label: str) -> None:
        """output: the path; label: what messages call it."""
        self.output = output
        self.folder = beside(output)
        self._label = label
        self._journal: int | None = None

    def open(self, identity: dict[str, Any], *, fresh: bool, keep: bool) -> Reached:
        """Take the folder; what an earlier run reached there, if it was the same run.

        fresh: begin anew in any case; keep: what is done is to stay when this run stops. What another run
        has done is an error where either wants it kept, else it is dropped. Raises UsageError and OSError.
        """
        self._take()
        head = {"gradcli": LAYOUT, "keep": keep, **identity}
        earlier, reached, size = self._read()
        if earlier is not None and not fresh:
            what = differs(earlier, head)
            if not what:
                assert self._journal is not None
                os.ftruncate(self._journal, size)
                return self._settled(reached)
            if reached.state is not None and (keep or earlier.get("keep")):
                self.leave()
                raise of_another_run(self._label, what)
        if earlier is None and keep and not fresh and any(name.endswith(PART) for name in os.listdir(self.folder)):
            self._leave_journal_out()
            message = f"{self._label}{ENDING} is of a run with --cluster or --workers"
            raise UsageError(message, "the same option goes on with it, --force begins anew")
        self._empty()
        self._write(head)
        return Reached()

    def keep(self, reached: Reached) -> None:
        """Note what is reached."""
        outcome = reached.outcome.to_json()
        self._write({"input": reached.input, "chunk": reached.chunk, "state": reached.state, "outcome": outcome})

    def publish(self, path: str, reached: Reached) -> None:
        """The finished file takes the output's place at once, and the folder goes."""
        if os.path.exists(self.output):
            shutil.copymode(self.output, path)
        self._write({"whole": os.path.basename(path), "outcome": reached.outcome.to_json()})
        os.replace(path, self.output)
        self.remove()

    def remove(self) -> None:
        """Remove the folder: the journal last."""
        if self._journal is None:
            return
        try:
            self._empty()
            self._leave_journal_out()
            os.rmdir(self.folder)
        except OSError:
            pass  # what is left is in nobody's way
        self.leave()

    def leave(self) -> None:
        """Stop here; what is reached stays."""
        if self._journal is not None:
            os.close(self._journal)
            self._journal = None

    def _leave_journal_out(self) -> None:
        """Stop without a journal: it goes before its lock does."""
        path = os.path.join(self.folder, JOURNAL)
        try:
            os.remove(path)
        except PermissionError:  # Windows removes no open file, and has no lock
            self.leave()
            os.remove(path)
        self.leave()

    def _take(self) -> None:
        """Open the journal and lock it."""
        path = os.path.join(self.folder, JOURNAL)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        while True:
            if not os.path.lexists(self.folder):
                os.mkdir(self.folder)
            elif os.path.islink(self.folder) or not os.path.isdir(self.folder) or not ours(os.listdir(self.folder)):
                raise in_the_way(self._label + ENDING)
            try:
                self._journal = os.open(path, flags, 0o666)
            except FileNotFoundError:
                continue  # another run has just removed the folder
            try:
                _lock(self._journal, self._label)
                if os.path.samestat(os.fstat(self._journal), os.stat(path)):
                    return
            except FileNotFoundError:
                pass
            except BaseException:
                self.leave()
                raise
            self.leave()

    def _read(self) -> tuple[dict[str, Any] | None, Reached, int]:
        """The first line of the journal (None: there is none), what it says is reached, and its length in bytes."""
        found = Reached()
        with open(os.path.join(self.folder, JOURNAL), "rb") as file:
            lines = file.read().split(b"\n")[:-1]  # a line that a kill cut short has no end
        if not lines:
            return None, found, 0
        try:
            head, *others = [json.loads(line) for line in (lines[:1] + lines[1:][-1:])]
            if "gradcli" not in head:
                raise ValueError
            if others:
                self._fill(found, others[0])
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            self.leave()
            folder = self._label + ENDING
            raise UsageError(f"{folder} is damaged, or not gradcli's", f"remove {folder}") from None
        return head, found, sum(len(line) + 1 for line in lines)

    def _fill(self, found: Reached, last: dict[str, Any]) -> None:
        found.outcome = Outcome.of_json(last["outcome"])
        if "whole" in last:
            found.state = os.path.basename(last["whole"])
            found.finished = True
        else:
            found.input, found.chunk, found.state = last["input"], last["chunk"], last["state"]

    def _settled(self, reached: Reached) -> Reached:
        """The same; of a run that was killed while its file was taking its place, after that is done."""
        if not reached.finished:
            return reached
        path = os.path.join(self.folder, reached.state)
        if os.path.exists(path):
            os.replace(path, self.output)
        if os.path.exists(self.output):
            self.remove()
            return reached
        head = self._read()[0]
        assert head is not None
        self._empty()
        self._write(head)
        return Reached()

    def _empty(self) -> None:
        """Remove what is in the folder but for the journal, whose lines go."""
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)  # `joined.partial` of a cluster
            elif name != JOURNAL:
                os.remove(path)
        assert self._journal is not None
        os.ftruncate(self._journal, 0)

    def _write(self, line: dict[str, Any]) -> None:
        assert self._journal is not None
        data = json.dumps(line, ensure_ascii=False, allow_nan=False).encode() + b"\n"
        if os.write(self._journal, data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self.folder)


def _lock(journal: int, output: str) -> None:
    """Raises UsageError where another process has it."""
    try:
        import fcntl
    except ImportError:  # on Windows, where two runs to one output are the user's to avoid
        return
    try:
        fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(f"{output} is being written by another gradcli", "wait for it, or stop it") from None
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
