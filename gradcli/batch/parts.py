"""The parts of an output that several machines compute, in a folder beside it.

`OUT.partial/` holds a file for each unit of work, which appears whole. It is an Arrow stream with
one record batch for each chunk, so that the join gives the writer exactly the chunks that one
process would have given it. What a later run needs to know stands in its schema.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pyarrow as pa
from pyarrow import fs

from gradcli.batch.mapper import Mapped
from gradcli.batch.outcome import Outcome
from gradcli.batch.partial import JOINED, WHOLE, beside, differs, in_the_way, of_another_run, ours
from gradcli.batch.target import Target
from gradcli.tables.locations import Location
from gradcli.tables.numbers import whole
from gradcli.tables.writing import fitted, plain_schema


class Parts:
    """The folder of an output's parts, on any file system."""

    def __init__(self, location: Location) -> None:
        self.location = location
        self.filesystem = location.filesystem
        # A link stays one: the file that it names is replaced.
        self._output = location.path if location.local is None else os.path.realpath(location.local)
        self.folder = beside(self._output)

    def make(self) -> None:
        """The folder is there. Raises UsageError where it is somebody else's."""
        self.filesystem.create_dir(self.folder, recursive=self.location.local is None)
        if not self._ours():
            raise in_the_way(self.folder)

    def clear(self) -> None:
        """Remove the folder, where it is gradcli's."""
        if self._is(self.folder, fs.FileType.Directory) and self._ours():
            self.filesystem.delete_dir(self.folder)

    def _ours(self) -> bool:
        return ours(info.base_name for info in self.filesystem.get_file_info(fs.FileSelector(self.folder)))

    def holds(self, name: str, identity: dict[str, Any], must_match: bool) -> bool:
        """Is this part there, and of this run? One of another run is no part.

        Raises UsageError for one of another run under must_match.
        """
        if not self._is(self._path(name)):
            return False
        with self._opened(name) as file:
            what = differs(json.loads(pa.ipc.open_stream(file).schema.metadata[b"identity"]), identity)
        if what and must_match:
            raise of_another_run(self.location.label, what)
        return not what

    def chunks(self, name: str) -> Iterator[Mapped]:
        """What a part holds, as it came from the mapper."""
        with self._opened(name) as file:
            for batch, metadata in pa.ipc.open_stream(file).iter_batches_with_custom_metadata():
                yield _restored(batch, json.loads(metadata[b"chunk"]))

    def joined(self) -> Location:
        """Where the output is put together."""
        path = self._path(JOINED)
        return Location(self.location.label, path, None if self.location.local is None else path, self.location.root)

    def outcome(self, identity: dict[str, Any]) -> Outcome | None:
        """That of an output which an earlier attempt has put together, or None."""
        if not self._is(self._path(WHOLE)) or not (self._is(self._path(JOINED)) or self._is(self._output)):
            return None
        with self.filesystem.open_input_file(self._path(WHOLE)) as file:
            found = json.loads(file.read())
        return Outcome.of_json(found["outcome"]) if found["identity"] == identity else None

    def note(self, identity: dict[str, Any], outcome: Outcome) -> None:
        """The output is put together."""
        appearing = Appearing(self, WHOLE)
        found = {"identity": identity, "outcome": outcome.to_json()}
        appearing.file.write(json.dumps(found, allow_nan=False).encode())
        appearing.publish()

    def publish(self) -> None:
        """It takes its place."""
        if self._is(self._path(JOINED)):
            if self.location.local is not None and os.path.exists(self._output):
                shutil.copymode(self._output, self._path(JOINED))
            self.filesystem.move(self._path(JOINED), self._output)

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name}"

    def _is(self, path: str, kind: fs.FileType = fs.FileType.File) -> bool:
        return bool(self.filesystem.get_file_info(path).type == kind)

    def _opened(self, name: str) -> pa.NativeFile:
        return self.filesystem.open_input_file(self._path(name))


class Appearing:
    """A file of the folder that appears whole. It is written under a name of its own: two may write it at once."""

    def __init__(self, parts: Parts, name: str) -> None:
        self._filesystem = parts.filesystem
        self._path = f"{parts.folder}/{name}"
        self._working = f"{self._path}.{uuid.uuid4().hex}"
        self.file = self._filesystem.open_output_stream(self._working)

    def publish(self) -> None:
        """The file is whole: it gets its name."""
        self.file.close()
        self._filesystem.move(self._working, self._path)

    def drop(self) -> None:
        """The file is not needed."""
        with suppress(OSError):
            self.file.close()
        with suppress(OSError):
            self._filesystem.delete_file(self._working)


class PartTarget(Target):
    """Takes the chunks of a unit into its part."""

    def __init__(self, parts: Parts, name: str) -> None:
        super().__init__()
        self._parts = parts
        self._name = name
        self._appearing: Appearing | None = None
        self._writer: Any = None

    def append(self, number: int, mapped: Mapped) -> None:
        table = fitted(mapped.table, plain_schema(mapped.table.schema))
        if mapped.lines is not None:
            table = table.append_column("", mapped.lines)
        self._open(table.schema)
        note = {"index": mapped.index, "lines": mapped.lines is not None, "outcome": mapped.outcome.to_json()}
        batch = pa.record_batch([whole(column) for column in table.columns], schema=table.schema)
        self._writer.write_batch(batch, custom_metadata={"chunk": json.dumps(note, allow_nan=False)})
        super().append(number, mapped)

    def finish(self) -> None:
        self._open(plain_schema(self._schema))
        self._writer.close()
        assert self._appearing is not None
        self._appearing.publish()

    def abandon(self) -> None:
        if self._appearing is not None:
            self._appearing.drop()

    def _open(self, schema: pa.Schema) -> None:
        if self._writer is None:
            self._appearing = Appearing(self._parts, self._name)
            schema = schema.with_metadata({"identity": json.dumps(self._identity)})
            self._writer = pa.ipc.new_stream(self._appearing.file, schema)


def _restored(batch: pa.RecordBatch, note: dict[str, Any]) -> Mapped:
    table = pa.Table.from_batches([batch])
    lines = None
    if note["lines"]:
        lines = whole(table.column(-1))
        table = table.remove_column(table.num_columns - 1)
    return Mapped(note["index"], table, lines, Outcome.of_json(note["outcome"]))
