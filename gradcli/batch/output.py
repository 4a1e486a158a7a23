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
from gradcli.tables.locations import Place, place_for, why
from gradcli.text import listed, tell

Advance = Callable[[int, int, float], None]


@dataclass(slots=True)
class File:
    """One file to write: its place (None: standard output), format, inputs, and the number of the first of these."""

    place: Place | None
    form: Format
    compression: str | None
    inputs: Sequence[Input]
    first: int

    @property
    def label(self) -> str:
        """What messages call it."""
        return "standard output" if self.place is None else self.place.label


class Output:
    """files: to be written, without those that are there already and need not be.

    skipped: how many those are.
    """

    def __init__(self, path: str, to: str | None, inputs: Sequence[Input], resume: bool, force: bool) -> None:
        """path: as typed; resume: go on where a run stopped; force: replace what is there. Raises UsageError."""
        self.resume = resume
        self.force = force
        # What comes through a pipe cannot be known for the same again.
        piped = [x.place.label for x in inputs if not x.place.seekable]
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
            self.files = [File(place_for(path), *format_of(path, to, "--to"), inputs, 0)]
        local = place_for(path).local if self.folder else None
        self._record = Record(local) if local is not None else None
        found = [file for file in self.files if file.place is not None and _exists(file.place)]
        if found and not (resume or force):
            raise UsageError(f"{found[0].label} exists already", "--force replaces it, --resume goes on")
        done = [file for file in found if resume and not _partial(file.place)]
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
            assert file.place is not None
            made = identity(query, file.inputs, file.form, file.compression)
            outcome = outcome.merge(self._record.outcome(file.label, file.place.name, made) or Outcome())
        return outcome

    def record(self, file: File, query: Query, outcome: Outcome) -> None:
        """Note that a file of a folder is done. Raises OSError."""
        if self._record is not None and file.place is not None:
            made = identity(query, file.inputs, file.form, file.compression)
            self._record.add(file.place.name, made, outcome)

    def complete(self) -> None:
        """All files are done."""
        if self._record is not None:
            self._record.remove()

    def write_table(self, table: pa.Table) -> None:
        """Write these rows to the one file. Raises UsageError."""
        (file,) = self.files
        target = target_for(file.place, file.form, file.compression, 0, keep=False, fresh=True)
        try:
            target.begin({})
            target.append(0, Mapped(0, table, None, Outcome()))
            target.finish(table.schema)
        except BaseException:
            target.abandon()
            raise

    def write_one(self, file: File, query: Query, advance: Advance | None = None) -> Outcome:
        """Write one file in this process; what there is to tell of its rows."""
        run = Run(query, file.inputs, file.form, first=file.first)
        if file.place is None:
            run.check()
        if run.mapper.left_out:
            names = listed(run.mapper.left_out)
            tell(f"note: {names} of {file.inputs[0].place.label} left out: no columns of this table")
        added = len(run.mapper.results)
        target = target_for(file.place, file.form, file.compression, added, keep=self.resume, fresh=self._fresh)
        try:
            return run.into(target, run.identity(file.form, file.compression), _telling(advance))
        except KeyboardInterrupt:
            if self.resume and file.place is not None and file.place.local is not None:
                tell(f"note: what is done of {file.label} is kept for --resume")
            raise


def _telling(advance: Advance | None) -> Advance:
    """The same, which says first what an earlier run has done."""
    begun = False

    def told(rows: int, number: int, fraction: float) -> None:
        nonlocal begun
        if rows and not begun:
            tell(f"note: going on after {rows:,} rows that are done")
        begun = True
        if advance is not None:
            advance(rows, number, fraction)

    return told


def _in_folder(path: str, to: str | None, inputs: Sequence[Input]) -> list[File]:
    """A file for each input, with its name and the ending of the output's format."""
    files: dict[str, File] = {}
    for k, x in enumerate(inputs):
        if not x.place.seekable:
            raise UsageError(f"{x.place.label} has no name for a file in a folder", "name the output file")
        stem, ending = os.path.splitext(x.place.name)
        if ending.lower() in COMPRESSIONS and x.compression:
            stem = os.path.splitext(stem)[0]
        if to is None or to == x.form.name:
            name, form, compression = x.place.name, FORMATS[x.form.name], x.compression
        else:
            name = stem + (FORMATS[to].endings[0] if to in FORMATS else "")
            form, compression = format_of(name, to, "--to")
        if name in files:
            labels = f"{files[name].inputs[0].place.label} and {x.place.label}"
            raise UsageError(f"{labels} would both be written to {name}", "give them different names or folders")
        files[name] = File(place_for(path.rstrip("/") + "/" + name), form, compression, [x], k)
    return list(files.values())


def _check_age(file: File) -> None:
    """Raises UsageError where an output that counts as done is older than one of its tables."""
    assert file.place is not None
    stamp = file.place.filesystem.get_file_info(file.place.path).mtime_ns
    for x in file.inputs:
        if stamp is not None and x.place.stamp is not None and stamp < x.place.stamp:
            raise UsageError(f"{file.label} is older than {x.place.label}", "--force writes it anew")


def _make_folder(path: str) -> None:
    place = place_for(path.rstrip("/"))
    try:
        place.filesystem.create_dir(place.path, recursive=place.local is None)
    except Exception as error:  # a store's client raises what it likes
        raise UsageError(f"{path} cannot be written: {why(error)}") from None


def _exists(place: Place) -> bool:
    """Is there a file? Raises UsageError where something else is, or the place cannot be reached."""
    if place.local is not None and os.path.lexists(place.local):
        mode = os.stat(place.local).st_mode if os.path.exists(place.local) else 0
        if not stat.S_ISREG(mode):
            raise UsageError(f"{place.label} is no regular file", "-o - writes to standard output")
        return True
    try:
        return bool(place.filesystem.get_file_info(place.path).type)
    except Exception as error:  # a store's client raises what it likes
        raise UsageError(f"{place.label} cannot be written: {why(error)}") from None


def _partial(place: Place | None) -> bool:
    """Has a run been killed while it wrote this file?"""
    return place is not None and place.local is not None and os.path.exists(beside(os.path.realpath(place.local)))
