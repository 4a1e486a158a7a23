"""`--at X=@FILE`: an array from a file of NumPy, a CSV table, or JSON."""

from __future__ import annotations

from gradcli.commands.sources import read_text
from gradcli.errors import UsageError
from gradcli.tables.headers import is_number
from gradcli.words import label_of, listed, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CURE = "write X=@data.npy, X=@data.npz:key, X=@data.csv, X=@data.csv:column, or X=@data.json"


def array_of(place: str, text: str) -> Any:
    """The array that `FILE` or `FILE:KEY` names. Raises UsageError, which names the place."""
    path, kind, key = _parts(place, text)
    try:
        if kind in ("npy", "npz"):
            found = _of_numpy(path, kind, key)
        elif kind == "json":
            found = _of_json(path, key)
        else:
            found = _of_table(path, "," if kind == "csv" else "\t", key)
    except UsageError as error:
        raise UsageError(f"{place}: {error.message}", error.cure) from None
    return found


def _parts(place: str, text: str) -> tuple[str, str, str]:
    """The path, the kind by its ending, and the key or ""."""
    lower = text.lower()
    for kind in ("npy", "npz", "csv", "tsv", "json"):
        if lower.endswith(f".{kind}"):
            return text, kind, ""
        at = lower.rfind(f".{kind}:")
        if at >= 0:
            end = at + 1 + len(kind)
            return text[:end], kind, text[end + 1 :].strip()
    raise UsageError(f'{place}: "@{shown(text)}" names no file of arrays', CURE)


def numbers(label: str, value: Any) -> Any:
    """Nested lists or an array as float64. Raises UsageError."""
    import numpy as np

    try:
        found = np.asarray(value)
        if found.dtype.kind not in "biufO":
            raise TypeError
        return found.astype(np.float64)
    except (ValueError, TypeError):
        raise UsageError(f"{label} is no array of numbers", "rows of one length, and a number in each place") from None


def _of_numpy(path: str, kind: str, key: str) -> Any:
    import numpy as np

    label = label_of(path)
    try:
        found = np.load(path, allow_pickle=False)
    except OSError as error:
        raise UsageError(f"{label} cannot be read: {error.strerror or error}") from None
    except (ValueError, EOFError):
        raise UsageError(f"{label} is no file of NumPy arrays") from None
    if isinstance(found, np.ndarray):
        if key:
            raise UsageError(f"{label} holds one array and no key {shown(key)}", f"write @{label}")
        return numbers(label, found)
    with found:
        return numbers(label, found[_key(label, key, found.files)])


def _key(label: str, key: str, keys: list[str]) -> str:
    if not key and len(keys) == 1:
        return keys[0]
    if key not in keys:
        what = f"has no {shown(key)}" if key else f"holds {len(keys)} arrays"
        raise UsageError(f"{label} {what}", f"its keys are {listed(keys)}: write @{label}:{keys[0] if keys else 'key'}")
    return key


def _of_json(path: str, key: str) -> Any:
    import json

    label = label_of(path)
    try:
        value = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"{label} is no JSON: {error}") from None
    if isinstance(value, dict):
        value = value[_key(label, key, list(value))]
    elif key:
        raise UsageError(f"{label} is a list and has no key {shown(key)}", f"write @{label}")
    return numbers(label, value)


def _of_table(path: str, delimiter: str, key: str) -> Any:
    """A column by its name, or all columns as a matrix; a first row without numbers is the header."""
    from gradcli.commands.pointfile import cells

    label = label_of(path)
    rows = [row for _, row in cells(read_text(path), delimiter, label)]
    if not rows:
        raise UsageError(f"{label} is empty")
    names = [name.strip() for name in rows[0]]
    header = not all(is_number(name) for name in names)
    table = rows[1:] if header else rows
    for k, row in enumerate(table, 1):
        if len(row) != len(names):
            raise UsageError(f"{label}: row {k} has {len(row)} cells, the first row {len(names)}")
    if key and not header:
        raise UsageError(f"{label} has no header, so no column {shown(key)}", f"write @{label} for the whole table")
    if key and names.count(key) != 1:
        what = "two columns" if names.count(key) > 1 else "no column"
        raise UsageError(f"{label} has {what} {shown(key)}", f"its columns are {listed(names)}")
    places = [names.index(key)] if key else range(len(names))
    import numpy as np

    try:
        found = np.array([[float(row[k]) for k in places] for row in table])
    except ValueError:
        pass
    else:
        return found[:, 0] if key else found.reshape(len(table), len(names))
    k, name, cell = next(
        (k, names[c], row[c]) for k, row in enumerate(table, 1) for c in places if not is_number(row[c])
    )
    raise UsageError(f'{label}, row {k}, column {name}: "{shown(cell)}" is not a number')
