"""NPZ: the one-dimensional members of the archive are the columns, read as streams."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import IO

import numpy as np
import pyarrow as pa
from numpy.lib import format as npy

from gradcli.errors import UsageError
from gradcli.tables.chunksource import PlannedSource, Wanted, worded
from gradcli.tables.formats import Format
from gradcli.tables.locations import Location
from gradcli.tables.source import indices
from gradcli.text import shown

EMPTY = b"PK\x05\x06"  # with what an archive without members begins, which is its end

DAMAGED = "it is no NPZ archive, or it is damaged"

KINDS = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError)  # what zipfile and numpy raise


class NpzSource(PlannedSource):
    """An archive of arrays, as numpy.savez and savez_compressed write it. Raises UsageError."""

    def __init__(self, location: Location, form: Format, compression: str | None) -> None:
        super().__init__(location.label)
        self._location = location.spooled()
        self._handle = self._location.open()
        with worded(self._location, DAMAGED, KINDS):
            empty = self._handle.read_at(4, 0) == EMPTY
            try:
                self._zip = zipfile.ZipFile(BytesIO(EMPTY + bytes(18)) if empty else self._handle)
            except UnicodeDecodeError:
                raise UsageError(f"{self.label}: the name of an array in it is not UTF-8", "rename it") from None
            members = [name for name in self._zip.namelist() if name.endswith(".npy")]
            self._members = {name.removesuffix(".npy"): Member(self._zip, name, self.label) for name in members}
        if not members:
            raise UsageError(f"{self.label} holds no arrays", "numpy.savez(FILE, x=..., y=...) writes such a file")
        self.names = tuple(self._members)
        self.total = next((m.shape[0] for m in self._members.values() if len(m.shape) == 1), None)

    def schema(self, wanted: Wanted) -> pa.Schema:
        return pa.schema([(m.label, m.type) for m in self._chosen(wanted)])

    @contextmanager
    def reading(self, wanted: Wanted) -> Iterator[Callable[[list[tuple[None, int, int]]], pa.Table]]:
        members = self._chosen(wanted)
        streams: list[IO[bytes]] = []

        def read(pieces: list[tuple[None, int, int]]) -> pa.Table:
            [(_, low, high)] = pieces
            if not members:
                return pa.table({"": pa.nulls(high - low)}).select([])
            with worded(self._location, DAMAGED, KINDS):
                streams.extend([] if streams else [m.open(low) for m in members])
                arrays = [m.read(stream, high - low) for m, stream in zip(members, streams, strict=True)]
            return pa.Table.from_arrays(arrays, names=list(wanted.columns))

        try:
            yield read
        finally:
            for stream in streams:
                stream.close()

    def blocks(self, wanted: Wanted) -> Iterator[tuple[None, int, int]]:
        members = self._chosen(wanted)
        rows = members[0].shape[0] if members else self.total or 0
        size = sum(m.dtype.itemsize for m in members) + 8 * wanted.width
        if rows:
            yield None, rows, rows * size

    def _chosen(self, wanted: Wanted) -> list[Member]:
        """The members of these columns. Raises UsageError where they are not columns of one table."""
        indices(self.label, self.names, wanted.columns)
        members = [self._members[name] for name in wanted.columns]
        for member in members:
            member.check()
        for member in members[1:]:
            if member.shape != members[0].shape:
                first = members[0]
                lengths = f"{shown(first.label)} has {first.shape[0]} rows, {shown(member.label)} {member.shape[0]}"
                raise UsageError(f"{self.label}: {lengths}", "the columns of a table are of one length")
        return members

    def beside(self, columns: Sequence[str]) -> list[str]:
        first = next((self._members[name] for name in columns), None)
        return [x for x, member in self._members.items() if member.beside(first)]

    def close(self) -> None:
        self._zip.close()
        self._handle.close()


class Member:
    """One array of the archive: its header is read, its numbers are not."""

    def __init__(self, archive: zipfile.ZipFile, name: str, where: str) -> None:
        self.label = name.removesuffix(".npy")
        self._archive = archive
        self._name = name
        self._where = f"{where}, column {shown(self.label)}"
        self.shape: tuple[int, ...] = ()
        self.dtype = np.dtype(object)
        self.type: pa.DataType = pa.null()
        with archive.open(name) as stream:
            version = npy.read_magic(stream)
            header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            if version <= (2, 0):
                self.shape, _, self.dtype = header(stream)
                self._start = stream.tell()
        if self._convertible():
            self.type = self._array(np.empty(0, self.dtype)).type

    def _convertible(self) -> bool:
        kind = self.dtype.kind
        return kind in "biuSUmM" or (kind == "f" and self.dtype.itemsize <= 8)

    def beside(self, other: Member | None) -> bool:
        """Can it be a column of a table with this other one?"""
        return len(self.shape) == 1 and self._convertible() and (other is None or self.shape == other.shape)

    def check(self) -> None:
        """Raises UsageError where it is no column."""
        if len(self.shape) != 1:
            shape = f"has {len(self.shape)} axes" if self.shape else "is a single value"
            raise UsageError(f"{self._where} {shape}", "a column is an array of one axis")
        if self.dtype.hasobject:
            raise UsageError(f"{self._where} holds Python objects, which are not read", "save it as numbers or text")
        if not self._convertible():
            raise UsageError(f"{self._where} is of type {self.dtype}, which no column of a table is")

    def open(self, row: int) -> IO[bytes]:
        """A stream that is at this row."""
        stream = self._archive.open(self._name)
        stream.seek(self._start + row * self.dtype.itemsize)
        return stream

    def read(self, stream: IO[bytes], rows: int) -> pa.Array:
        """At most so many bytes. Raises UsageError where the member is cut off."""
        size = rows * self.dtype.itemsize
        data = stream.read(size)
        if len(data) < size:
            raise UsageError(f"{self._where} is cut off", "copy the file again")
        return self._array(np.frombuffer(data, self.dtype))

    def _array(self, values: np.ndarray) -> pa.Array:
        """As Arrow has it: in this machine's byte order, times in a unit that it knows, text as text."""
        values = values.astype(values.dtype.newbyteorder("="), copy=False)
        if values.dtype.kind in "mM":
            unit, count = np.datetime_data(values.dtype)
            if unit not in ("s", "ms", "us", "ns", "D") or count != 1 or (values.dtype.kind == "m" and unit == "D"):
                values = values.astype(f"{values.dtype.kind}8[s]")
        if values.dtype.kind == "S":
            return pa.array(values, pa.binary()).cast(pa.string())
        return pa.array(values, pa.string() if values.dtype.kind == "U" else None)
