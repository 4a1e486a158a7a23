"""A column of a table as the numbers of a variable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gradcli.errors import UsageError
from gradcli.tables.chunk import row_of
from gradcli.tables.source import MISSING, ROW_CURE, no_number
from gradcli.text import shown


def floats(
    column: pa.ChunkedArray,
    name: str,
    label: str,
    start: int,
    lenient: bool,
    dropped: Iterable[tuple[int, str]] = (),
    remarks: Mapping[str, tuple[int, str]] = MappingProxyType({}),
    decimal: str = ".",
) -> tuple[np.ndarray, np.ndarray | None, str]:
    """(numbers, which rows have none or None, message about the first of those or "").

    The numbers are float64, or of the column's own type of number, without a copy where it is one piece
    and nothing is missing. Text is read as Python's float reads it. start: number in the file of the first
    row, from 0; dropped, remarks: those of the chunk; decimal: the sign before decimals in text. Rows without a
    number are an error, or if lenient NaN. Raises UsageError.
    """
    column = _plain(column, name, label)
    numbers, missing, wrong = _text(column, decimal) if is_text(column.type) else _typed(column)
    if missing is None:
        return numbers, None, ""
    k = int(np.argmax(missing))
    row = row_of(start, k, dropped)
    other, remark = remarks.get(name, (0, ""))
    message = f"{label}, row {row}, column {shown(name)}: {remark if other == row else wrong or MISSING}"
    if not lenient:
        raise UsageError(message, ROW_CURE)
    return numbers, missing, message


def check_type(kind: pa.DataType, name: str, label: str) -> None:
    """Raises UsageError where a column of this type holds no numbers."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    is_a = pa.types
    if is_text(kind) or is_a.is_boolean(kind) or is_a.is_integer(kind) or is_a.is_floating(kind):
        return
    if not (is_a.is_decimal(kind) or is_a.is_null(kind)):
        raise UsageError(f"{label}, column {shown(name)} is of type {kind}, which is not a number")


def is_text(kind: pa.DataType) -> bool:
    """Is it a type of texts?"""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _plain(column: pa.ChunkedArray, name: str, label: str) -> pa.ChunkedArray:
    """A column of text, or of a type that NumPy has."""
    kind = column.type
    check_type(kind, name, label)
    if pa.types.is_dictionary(kind):
        column = pa.chunked_array(map(decoded, column.chunks), _cell_type(kind))
        kind = column.type
    if pa.types.is_decimal(kind) or pa.types.is_string_view(kind):
        # Through its digits: pyarrow's way from a decimal to a float may be off in the last bit.
        return column.cast(pa.string())
    if pa.types.is_null(kind) or pa.types.is_boolean(kind):
        return column.cast(pa.float64() if pa.types.is_null(kind) else pa.uint8())
    return column.cast(pa.float32()) if pa.types.is_float16(kind) else column


def _cell_type(kind: pa.DictionaryType) -> pa.DataType:
    """That of the decoded cells; polars writes categories as views, for which pyarrow has few functions."""
    return pa.string() if pa.types.is_string_view(kind.value_type) else kind.value_type


def decoded(chunk: pa.DictionaryArray) -> pa.Array:
    """The cells of a column of categories."""
    return chunk.dictionary.cast(_cell_type(chunk.type)).take(chunk.indices)


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The column as one array."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _typed(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray | None, str]:
    if not len(column):
        return np.empty(0), None, ""
    if not column.null_count:
        return whole(column).to_numpy(zero_copy_only=True), None, ""
    missing = whole(column.is_null()).to_numpy(zero_copy_only=False)
    if not pa.types.is_floating(column.type):
        column = column.cast(pa.float64(), safe=False)
    numbers = whole(column).fill_null(float("nan")).to_numpy()
    return numbers, missing, ""


def _text(column: pa.ChunkedArray, decimal: str) -> tuple[np.ndarray, np.ndarray | None, str]:
    if not len(column):
        return np.empty(0), None, ""
    if decimal != ".":
        column = pc.replace_substring(column, decimal, ".")
    try:
        return _typed(column.cast(pa.float64()))
    except pa.ArrowInvalid:
        pass
    trimmed = pc.utf8_trim_whitespace(column)
    trimmed = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    try:
        return _typed(trimmed.cast(pa.float64()))
    except pa.ArrowInvalid:
        return _by_python(column)


def _by_python(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray | None, str]:
    """Cell by cell; the words are about the first cell that is no number."""
    cells: list[Any] = column.to_pylist()
    numbers = np.empty(len(cells))
    bad = []
    for k, cell in enumerate(cells):
        try:
            numbers[k] = float(cell)
        except (ValueError, TypeError):
            numbers[k] = np.nan
            bad.append(k)
    if not bad:
        return numbers, None, ""
    missing = np.zeros(len(cells), bool)
    missing[bad] = True
    first = cells[bad[0]]
    return numbers, missing, MISSING if first is None else no_number(first)
