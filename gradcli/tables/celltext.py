"""Columns as text: what a cell of a CSV file holds, and a value of JSON. Nulls stay null."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gradcli.errors import UsageError

_POSITIONAL = 1e10  # numbers below it are written by Arrow without an exponent
_SPECIAL = r'["\\\x00-\x1f]'  # what JSON escapes


def has_text(kind: pa.DataType) -> bool:
    """Whether values of this type can be written as text."""
    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return has_text(kind.storage_type)
    if types.is_struct(kind):
        return all(has_text(field.type) for field in kind)
    if types.is_map(kind):
        return has_text(kind.key_type) and has_text(kind.item_type)
    if _is_list(kind):
        return has_text(kind.value_type)
    return not (types.is_interval(kind) or types.is_union(kind))


def cell_text(column: pa.Array, name: str) -> pa.Array:
    """The text of each value: numbers as the shortest that round-trips, dates as ISO 8601, nested values as JSON.

    Raises UsageError, naming the column, where bytes are no UTF-8 text.
    """
    kind = column.type
    types = pa.types
    if types.is_string(kind):
        return column
    if isinstance(kind, pa.BaseExtensionType):
        return cell_text(column.storage, name)
    if types.is_nested(kind):
        return json_text(column, name)
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        try:
            return column.cast(pa.string())
        except pa.ArrowInvalid:
            raise UsageError(f"column {name} holds bytes that are no UTF-8 text", _BYTES_CURE) from None
    if types.is_floating(kind):
        return _number_text(column)
    if types.is_timestamp(kind):
        text = pc.replace_substring(column.cast(pa.string()), " ", "T", max_replacements=1)
        return pc.replace_substring_regex(text, r"([+-]\d\d)(\d\d)$", r"\1:\2") if kind.tz else text
    return column.cast(pa.string())


_BYTES_CURE = "Parquet and Arrow files can hold them"


def json_text(column: pa.Array, name: str) -> pa.Array:
    """Each value as JSON; not-finite numbers as the strings that gradcli prints for them."""
    kind = column.type
    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return json_text(column.storage, name)
    if types.is_dictionary(kind):
        return json_text(column.cast(kind.value_type), name)
    if types.is_struct(kind):
        return _object(column, name)
    if types.is_map(kind):
        return _map(column, name)
    if _is_list(kind):
        return _list(column, json_text(column.flatten(), name), "[", "]")
    text = cell_text(column, name)
    if types.is_floating(kind):
        return _finite(column, text)
    bare = types.is_integer, types.is_decimal, types.is_boolean, types.is_null, types.is_duration
    return text if any(test(kind) for test in bare) else quoted_json(text)


def quoted_json(text: pa.Array) -> pa.Array:
    """Texts as JSON strings, in UTF-8 where they can be."""
    if _any_byte(text, lambda data: (data < 0x20) | (data == 0x22) | (data == 0x5C)):
        special = pc.fill_null(pc.match_substring_regex(text, _SPECIAL), False)
        escaped = [json.dumps(value, ensure_ascii=False)[1:-1] for value in text.filter(special).to_pylist()]
        text = pc.replace_with_mask(text, special, pa.array(escaped, pa.string()))
    return _join('"', text, '"')


def quoted_cells(text: pa.Array, delimiter: str) -> pa.Array:
    """Cells of a delimited file: quoted where they hold the delimiter, a quote or a line end."""
    sign = ord(delimiter)
    if not _any_byte(text, lambda data: (data == sign) | (data == 0x22) | (data == 0x0A) | (data == 0x0D)):
        return text
    special = pc.fill_null(pc.match_substring_regex(text, f'[{delimiter}"\r\n]'), False)
    inner = pc.replace_substring(text.filter(special), '"', '""')
    return pc.replace_with_mask(text, special, _join('"', inner, '"'))


def _any_byte(text: pa.Array, test: Callable[[np.ndarray], np.ndarray]) -> bool:
    """Whether a byte of the texts passes; without a look at the single texts."""
    data = utf8(text)
    return bool(len(data)) and bool(test(data).any())


def utf8(text: pa.Array) -> np.ndarray:
    """The bytes of all texts of a string array in a row, not copied. Those of nulls may be among them."""
    _, ends, data = text.buffers()
    if data is None or not len(text):
        return np.empty(0, np.uint8)
    offsets = np.frombuffer(ends, np.int32)
    first, last = offsets[text.offset], offsets[text.offset + len(text)]
    return np.frombuffer(data, np.uint8)[first:last]


def _number_text(column: pa.Array) -> pa.Array:
    """The shortest that round-trips; 1.0 for one, so that readers that guess by the first rows take it for a float."""
    text = column.cast(pa.string())
    values = column.to_numpy(zero_copy_only=False)
    if values.dtype == np.float16:
        values = values.astype(np.float32)
    integral = (values == np.trunc(values)) & (np.abs(values) < _POSITIONAL)
    if not integral.any():
        return text
    return _join(text, pc.if_else(pa.array(integral), ".0", ""))


def _join(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _finite(column: pa.Array, text: pa.Array) -> pa.Array:
    if pc.all(pc.is_finite(column), min_count=0).as_py():
        return text
    nan, infinite = pc.is_nan(column), pc.is_inf(column)
    text = pc.if_else(nan, '"NaN"', text)
    signed = pc.if_else(pc.starts_with(text, "-"), '"-Infinity"', '"Infinity"')
    return pc.if_else(infinite, signed, text)


# --- nested values


def _is_list(kind: pa.DataType) -> bool:
    types = pa.types
    return (
        types.is_list(kind)
        or types.is_large_list(kind)
        or types.is_fixed_size_list(kind)
        or types.is_list_view(kind)
        or types.is_large_list_view(kind)
    )


def _list(column: pa.Array, values: pa.Array, opening: str, closing: str) -> pa.Array:
    """The lists' texts, of those of their values (which `flatten` gives, without those of null lists)."""
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    ends = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(ends), pc.fill_null(values, "null"))
    text = _join(opening, pc.binary_join(lists, ", "), closing)
    return pc.if_else(column.is_valid(), text, pa.scalar(None, pa.string()))


def _map(column: pa.Array, name: str) -> pa.Array:
    """A JSON object; keys that are no texts become texts."""
    pairs = column.cast(pa.list_(pa.struct([("key", column.type.key_type), ("value", column.type.item_type)])))
    keys, values = pairs.flatten().flatten()
    entries = _join(quoted_json(cell_text(keys, name)), ": ", pc.fill_null(json_text(values, name), "null"))
    return _list(pairs, entries, "{", "}")


def _object(column: pa.Array, name: str) -> pa.Array:
    parts: list[pa.Array | str] = []
    for field, values in zip(column.type, column.flatten(), strict=True):
        parts.append((", " if parts else "{") + json.dumps(field.name, ensure_ascii=False) + ": ")
        parts.append(pc.fill_null(json_text(values, name), "null"))
    text = _join(*parts, "}") if parts else pa.array(["{}"] * len(column))
    return pc.if_else(column.is_valid(), text, pa.scalar(None, pa.string()))
