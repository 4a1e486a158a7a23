"""The outputs of a run: one file for all inputs, a folder with a file for each, or standard output."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from gradcli.batch.mapper import Mapped
from gradcli.batch.outcome import Outcome
from gradcli.batch.partial import beside
from gradcli.batch.query import Query
from gradcli.batch.record import Record
from gradcli.batch.run import Input, Run, identity
from gradcli.batch.target import target_for
from gradcli.errors import UsageError
from gradcli.tables.formats import COMPRESSIONS, CSV, FORMATS, Format, format_of
from gradcli.tables.locations import Location, location_of, why
from gradcli.text import listed, tell_note

Advance = Callable[[int, int, float], None]


@dataclass(slots=True)
class File:
    """One file to write: its location (None: standard output), format, inputs, and the number of the first of these."""

    location: Location | None
    form: Format
    compression: str | None
    inputs: Sequence[Input]
    first: int

    @property
    def label(self) -> str:
        """What messages call it."""
        return "standard output" if self.location is None else self.location.label


class Output:
    """files: to be written, without those that are there already and need not be.

    skipped: how many those are.
    """

    def __init__(self, path: str, to: str | None, inputs: Sequence[Input], resume: bool, force: bool) -> None:
        """path: as typed; resume: go on where a run stopped; force: replace what is there. Raises UsageError."""
        self.resume = resume
        self.force = force
        # What comes through a pipe cannot be known for the same again.
        piped = [x.location.label for x in inputs if not x.location.seekable]
        if resume and piped:
            raise UsageError(f"--resume needs its input again, and {piped[0]} is gone then", "put it in a file")
        if resume and path == "-":
            raise UsageError("--resume is for files, not for standard output", "-o FILE names one")
        self._fresh = force or bool(piped)
        self.inputs = inputs
        self.path = path
        self.folder = path != "-" and (path.endswith(("/", os.sep)) or os.path.isdir(path))
        if path == "-":
            own = inputs[0].form if inputs[0].form.text else CSV
            self.files = [File(None, *format_of(path, to or own.name, "--to"), inputs, 0)]
        elif self.folder:
            self.files = _in_folder(path, to, inputs)
        else:
            self.files = [File(location_of(path), *format_of(path, to, "--to"), inputs, 0)]
        local = location_of(path).local if self.folder else None
        self._record = Record(local) if local is not None else None
        found = [file for file in self.files if file.location is not None and _exists(file.location)]
        if found and not (resume or force):
            raise UsageError(f"{found[0].label} exists already", "--force replaces it, --resume goes on")
        done = [file for file in found if resume and not _partial(file.location)]
        for file in done:
            _check_age(file)
        self.files = [file for file in self.files if file not in done]
        self._done = done
        self.skipped = len(done)

    def make_folder(self) -> None:
        """The folder that the files go to is there. Raises UsageError."""
        if self.folder:
            _make_folder(self.path)

    def write(self, query: Query, advance: Advance | None = None) -> Outcome:
        """Write all files. Raises UsageError, ExpressionError, OSError."""
        outcome = self.settled(query)
        if self.folder:
            Run(query, self.inputs[:1], None)  # what is wrong with the formula is told before the folder is made
            self.make_folder()
        for file in self.files:
            found = self.write_one(file, query, advance)
            self.record(file, query, found)
            outcome = outcome.merge(found)
        self.complete()
        return outcome

    def settled(self, query: Query) -> Outcome:
        """What there is to tell of files that are done. Raises UsageError where one is known to be of another run."""
        outcome = Outcome()
        if self._record is None:
            return outcome
        for file in self._done:
            assert file.location is not None
            made = identity(query, file.inputs, file.form, file.compression)
            outcome = outcome.merge(self._record.outcome(file.label, file.location.name, made) or Outcome())
        return outcome

    def record(self, file: File, query: Query, outcome: Outcome) -> None:
        """Note that a file of a folder is done. Raises OSError."""
        if self._record is not None and file.location is not None:
            made = identity(query, file.inputs, file.form, file.compression)
            self._record.add(file.location.name, made, outcome)

    def complete(self) -> None:
        """All files are done."""
        if self._record is not None:
            self._record.remove()

    def write_table(self, table: pa.Table) -> None:
        """Write these rows to the one file. Raises UsageError."""
        (file,) = self.files
        target = target_for(file.location, file.form, file.compression, 0, keep=False, fresh=True)
        try:
            target.begin({}, table.schema)
            target.append(0, Mapped(0, table, None, Outcome()))
            target.finish()
        except BaseException:
            target.abandon()
            raise

    def write_one(self, file: File, query: Query, advance: Advance | None = None) -> Outcome:
        """Write one file in this process; what there is to tell of its rows."""
        run = Run(query, file.inputs, file.form, first=file.first)
        if file.location is None:
            run.check()
        if run.mapper.left_out:
            names = listed(run.mapper.left_out)
            tell_note(f"note: {names} of {file.inputs[0].location.label} left out: no columns of this table")
        added = len(run.mapper.results)
        target = target_for(file.location, file.form, file.compression, added, keep=self.resume, fresh=self._fresh)
        try:
            return run.into(target, run.identity(file.form, file.compression), _telling(advance))
        except KeyboardInterrupt:
            if self.resume and file.location is not None and file.location.local is not None:
                tell_note(f"note: what is done of {file.label} is kept for --resume")
            raise


def _telling(advance: Advance | None) -> Advance:
    """The same, which says first what an earlier run has done."""
    begun = False

    def told(rows: int, number: int, fraction: float) -> None:
        nonlocal begun
        if rows and not begun:
            tell_note(f"note: going on after {rows:,} rows that are done")
        begun = True
        if advance is not None:
            advance(rows, number, fraction)

    return told


def _in_folder(path: str, to: str | None, inputs: Sequence[Input]) -> list[File]:
    """A file for each input, with its name and the ending of the output's format."""
    files: dict[str, File] = {}
    for k, x in enumerate(inputs):
        if not x.location.seekable:
            raise UsageError(f"{x.location.label} has no name for a file in a folder", "name the output file")
        stem, ending = os.path.splitext(x.location.name)
        if ending.lower() in COMPRESSIONS and x.compression:
            stem = os.path.splitext(stem)[0]
        if to is None or to == x.form.name:
            name, form, compression = x.location.name, FORMATS[x.form.name], x.compression
        else:
            name = stem + (FORMATS[to].endings[0] if to in FORMATS else "")
            form, compression = format_of(name, to, "--to")
        if name in files:
            labels = f"{files[name].inputs[0].location.label} and {x.location.label}"
            raise UsageError(f"{labels} would both be written to {name}", "give them different names or folders")
        files[name] = File(location_of(path.rstrip("/") + "/" + name), form, compression, [x], k)
    return list(files.values())


def _check_age(file: File) -> None:
    """Raises UsageError where an output that counts as done is older than one of its tables."""
    assert file.location is not None
    stamp = file.location.filesystem.get_file_info(file.location.path).mtime_ns
    for x in file.inputs:
        if stamp is not None and x.location.stamp is not None and stamp < x.location.stamp:
            raise UsageError(f"{file.label} is older than {x.location.label}", "--force writes it anew")


def _make_folder(path: str) -> None:
    location = location_of(path.rstrip("/"))
    try:
        location.filesystem.create_dir(location.path, recursive=location.local is None)
    except Exception as error:  # a store's client raises what it likes
        raise UsageError(f"{path} cannot be written: {why(error)}") from None


def _exists(location: Location) -> bool:
    """Is there a file? Raises UsageError where something else is, or the location cannot be reached."""
    if location.local is not None and os.path.lexists(location.local):
        mode = os.stat(location.local).st_mode if os.path.exists(location.local) else 0
        if not stat.S_ISREG(mode):
            raise UsageError(f"{location.label} is no regular file", "-o - writes to standard output")
        return True
    try:
        return bool(location.filesystem.get_file_info(location.path).type)
    except Exception as error:  # a store's client raises what it likes
        raise UsageError(f"{location.label} cannot be written: {why(error)}") from None


def _partial(location: Location | None) -> bool:
    """Has a run been killed while it wrote this file?"""
    return (
        location is not None and location.local is not None and os.path.exists(beside(os.path.realpath(location.local)))
    )
