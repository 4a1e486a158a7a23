"""`--at X=@FILE`: an array from a file of NumPy, a table, or JSON."""

from __future__ import annotations

import os

from gradcli.errors import UsageError
from gradcli.tables.formats import by_name
from gradcli.tables.opening import TableFile
from gradcli.tables.plain import array_of
from gradcli.text import listed, pieces, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.commands.inputs.layout import ArrayFiles
    from gradcli.tables.source import Source

CURE = "write X=@data.npy, X=@data.npz:key, X=@data.csv, X=@data.csv:column, or X=@data.json"

NPY = b"\x93NUMPY"  # with what such a file begins


def array_in(place: str, text: str, files: ArrayFiles) -> Any:
    """The array that `FILE` or `FILE:KEY` names. Raises UsageError, which names the place."""
    path, key = parts_of(text)
    if not os.path.exists(path) and "://" not in path and path != "-" and not _named(path):
        raise UsageError(f'{place}: "@{shown(text)}" names no file of arrays', CURE)
    try:
        return _found(TableFile(path, files.layout), path, key, files)
    except UsageError as error:
        raise UsageError(f"{place}: {error.message}", error.cure) from None


def parts_of(text: str) -> tuple[str, str]:
    """The path, and the key or ""."""
    at = text.rfind(":")
    if at < 0 or os.path.exists(text) or by_name(text)[0] or text.startswith("//", at + 1):
        return text, ""
    return text[:at], text[at + 1 :].strip()


def _named(path: str) -> bool:
    return by_name(path)[0] is not None or path.lower().endswith(".npy")


def _found(table: TableFile, path: str, key: str, files: ArrayFiles) -> Any:
    if table.form.arrays or table.head.startswith(NPY) or path.lower().endswith(".npy"):
        return _of_numpy(table, key)
    text = table.text() if table.plain else None
    if text is not None and text.strip() and table.form.lines:
        import json

        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            if "\n" not in text.strip():
                raise UsageError(f"{table.label} is no JSON: {error}") from None
        else:
            if not (isinstance(value, list) and value and isinstance(value[0], dict)):
                return _of_json(table.label, value, key)
    with table.table(text, bare=True) as source:
        asked = _asked(files, path) if key and files.skip else [key] if key else list(source.names)
        return _of_table(source, key, asked, files)


def _asked(files: ArrayFiles, path: str) -> list[str]:
    """The columns of a file that the command line names."""
    values = [piece.partition("=")[2].strip() for text in files.texts for piece in pieces(text, ",")]
    named = [parts_of(value[1:].strip()) for value in values if value.startswith("@")]
    return list(dict.fromkeys(key for other, key in named if other == path and key))


def _of_numpy(table: TableFile, key: str) -> Any:
    import zlib
    from zipfile import BadZipFile

    try:
        return array_of(table.label, _loaded(table, key))
    except UsageError:
        raise
    except (OSError, EOFError, ValueError, BadZipFile, zlib.error):
        raise UsageError(f"{table.label} is no file of NumPy arrays") from None


def _loaded(table: TableFile, key: str) -> Any:
    import numpy as np

    label = table.label
    with table.seekable() as file:
        found = np.load(file, allow_pickle=False)
        if isinstance(found, np.ndarray):
            if key:
                raise UsageError(f"{label} holds one array and no key {shown(key)}", f"write @{label}")
            return found
        with found:
            return found[_key(label, key, found.files)]


def _key(label: str, key: str, keys: list[str]) -> str:
    if not key and len(keys) == 1:
        return keys[0]
    if key not in keys:
        what = f"has no {shown(key)}" if key else f"holds {len(keys)} arrays"
        raise UsageError(f"{label} {what}", f"its keys are {listed(keys)}: write @{label}:{keys[0] if keys else 'key'}")
    return key


def _of_json(label: str, value: Any, key: str) -> Any:
    if isinstance(value, dict):
        value = value[_key(label, key, list(value))]
    elif key:
        raise UsageError(f"{label} is a list and has no key {shown(key)}", f"write @{label}")
    return array_of(label, value)


def _of_table(source: Source, key: str, names: list[str], files: ArrayFiles) -> Any:
    """A column by its name, or all columns as a matrix. names: the columns without which a row is left out."""
    import numpy as np

    if key and not source.headed:
        raise UsageError(
            f"{source.label} has no header, so no column {shown(key)}", f"write @{source.label} for the whole table"
        )
    read = source.read(names, skip=files.skip)
    files.leave_out(source.label, read.skipped, read.count)
    found = np.array([np.asarray(column, np.float64) for column in read.numbers])
    return found[names.index(key)] if key else found.T.reshape(-1, len(names))
