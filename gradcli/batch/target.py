"""Where the rows of a run go: a file that appears whole or not at all, or standard output."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa

from gradcli.batch.mapper import Mapped
from gradcli.batch.partial import Partial, Reached
from gradcli.errors import UsageError
from gradcli.tables.formats import Format
from gradcli.tables.locations import Location, why
from gradcli.tables.opening import encoder, open_writer
from gradcli.tables.writing import Writer


class Target:
    """Takes the chunks of a run. Of this one no rows go anywhere: the outcome is all."""

    def __init__(self) -> None:
        self._reached = Reached()

    def begin(self, identity: dict[str, Any], schema: pa.Schema) -> Reached:
        """How far an earlier run of the same identity came; its outcome grows with every chunk. Raises UsageError.

        schema: of all chunks.
        """
        self._identity, self._schema = identity, schema
        return self._reached

    def append(self, number: int, mapped: Mapped) -> None:
        """Take a chunk of the input of this number. Raises UsageError."""
        self._reached.outcome = self._reached.outcome.merge(mapped.outcome)

    def finish(self) -> None:
        """All are taken. Raises UsageError."""

    def abandon(self) -> None:
        """Stop before the end."""


class FileTarget(Target):
    """A file on this machine's disk.

    path, label: of the output, for us and for messages; form, compression: of the file; added:
    how many columns are results; keep: what is finished stays when the run stops before its end;
    fresh: whatever an earlier run left is dropped.
    """

    def __init__(
        self,
        path: str,
        label: str,
        form: Format,
        compression: str | None,
        added: int,
        *,
        keep: bool = False,
        fresh: bool = False,
    ) -> None:
        super().__init__()
        self._label = label
        self._partial = Partial(path, label)
        self._form = form
        self._compression = compression
        self._added = added
        self._keep = keep
        self._fresh = fresh
        self._writer: Writer | None = None

    def begin(self, identity: dict[str, Any], schema: pa.Schema) -> Reached:
        super().begin(identity, schema)
        with self._writing():
            self._reached = reached = self._partial.open(identity, fresh=self._fresh, keep=self._keep)
            if reached.state is not None and not reached.finished:
                self._keep = True  # so is what is there already
                self._open()
        return reached

    def append(self, number: int, mapped: Mapped) -> None:
        """Write it, and note that it is done."""
        with self._writing():
            writer = self._writer or self._open()
            reached = self._reached
            writer.append(mapped.table, mapped.lines)
            reached.input, reached.chunk = number, mapped.index + 1
            reached.state = writer.state()
            super().append(number, mapped)
            self._partial.keep(reached)

    def finish(self) -> None:
        """The file takes its place."""
        with self._writing():
            writer = self._writer or self._open()
            self._publish(writer.finish())

    def abandon(self) -> None:
        """What is done stays where a later run can use it."""
        if self._writer is not None:
            self._writer.close()
        if self._keep:
            self._partial.leave()
        else:
            self._partial.remove()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (BrokenPipeError, UsageError):
            raise
        except (OSError, NotImplementedError) as error:
            cure = "what is done is kept for --resume" if self._keep else ""
            raise UsageError(f"{self._label} cannot be written: {why(error)}", cure) from None

    def _publish(self, path: str) -> None:
        self._partial.publish(path, self._reached)

    def _open(self) -> Writer:
        folder, state = self._partial.folder, self._reached.state
        self._writer = open_writer(self._form, self._compression, folder, self._schema, self._added, state)
        return self._writer


class SpooledTarget(FileTarget):
    """A file that is made on this machine's disk and then goes elsewhere whole: to another file system, or a pipe."""

    def __init__(self, location: Location | None, form: Format, compression: str | None, added: int) -> None:
        """location: where it goes; None is standard output."""
        self._folder = tempfile.mkdtemp(prefix="gradcli-")
        label = "standard output" if location is None else location.label
        super().__init__(os.path.join(self._folder, "output"), label, form, compression, added)
        self._location = location

    def abandon(self) -> None:
        super().abandon()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _publish(self, path: str) -> None:
        if self._location is None:
            with open(path, "rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer, 2**20)
        else:
            upload(path, self._location)
        self._partial.remove()
        shutil.rmtree(self._folder, ignore_errors=True)


def upload(path: str, location: Location) -> None:
    """Copy a file to another file system, where it appears whole: under another name first."""
    working = f"{location.path}.partial"
    try:
        with open(path, "rb") as file, location.filesystem.open_output_stream(working) as out:
            shutil.copyfileobj(file, out, 2**22)
        location.filesystem.move(working, location.path)
    except BaseException:
        with suppress(Exception):
            location.filesystem.delete_file(working)
        raise


class StreamTarget(Target):
    """Standard output, as text."""

    def __init__(self, form: Format, added: int) -> None:
        super().__init__()
        self._form = form
        self._added = added
        self._encoder: Any = None

    def append(self, number: int, mapped: Mapped) -> None:
        self._start()
        for text in self._encoder.pieces(mapped.table, mapped.lines, bytes):
            self._write(text)
        super().append(number, mapped)

    def finish(self) -> None:
        self._start()
        self._encoder.close()

    def abandon(self) -> None:
        """What is written is written."""
        if self._encoder is not None:
            self._encoder.close()

    def _start(self) -> None:
        if self._encoder is None:
            self._encoder = encoder(self._form, self._schema, self._added)
            self._write(self._encoder.head())

    def _write(self, data: bytes) -> None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def target_for(
    location: Location | None, form: Format, compression: str | None, added: int, *, keep: bool, fresh: bool
) -> Target:
    """What writes to this location; None is standard output. Raises UsageError for bytes on a terminal."""
    if location is None:
        if form.text:
            return StreamTarget(form, added)
        if sys.stdout.isatty():
            raise UsageError(f"{form.name} is not for a terminal", "-o FILE writes it to a file, --to csv writes text")
        return SpooledTarget(None, form, compression, added)
    if location.local is None:
        return SpooledTarget(location, form, compression, added)
    # A link stays one: the file that it names is replaced.
    return FileTarget(
        os.path.realpath(location.local), location.label, form, compression, added, keep=keep, fresh=fresh
    )
