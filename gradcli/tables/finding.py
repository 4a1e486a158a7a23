"""The files that names, globs, folders and URIs stand for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from pyarrow import fs

from gradcli.errors import UsageError
from gradcli.tables.formats import EXTENSIONS, known
from gradcli.tables.locations import (
    SCHEME,
    Location,
    filesystem_of,
    location_of,
    reached,
    reason,
    stated,
    without_password,
)
from gradcli.text import label_of

WILD = re.compile(r"[*?\[]")


def find(patterns: Iterable[str]) -> list[Location]:
    """The files that the patterns name: paths, globs (`*`, `?`, `[...]`, `**`), folders, URIs, `-`.

    A name that exists as it is wins over its reading as a glob. In a URI `?` begins the query, so it is no
    wildcard. A folder stands for the tables directly in it. The matches of one pattern are sorted by name,
    and a file that several patterns name comes once, where the first names it. Raises UsageError.
    """
    found: dict[tuple[str, str], Location] = {}
    for pattern in patterns:
        for location in _matches(pattern):
            key = (
                ("", os.path.abspath(location.local))
                if location.local is not None
                else (_server(location), location.path)
            )
            found.setdefault(key, location)
    return list(found.values())


def _matches(pattern: str) -> Iterator[Location]:
    if not pattern:
        raise UsageError("the name of an input file is empty")
    if pattern == "-":
        yield location_of("-")
    elif SCHEME.match(pattern) and not pattern.lower().startswith("file://"):
        yield from _remote(pattern)
    else:
        yield from _local(location_of(pattern) if not SCHEME.match(pattern) else _file_uri(pattern))


def _file_uri(pattern: str) -> Location:
    """file:///data/*.csv; a name as typed is one with quoted signs too."""
    from urllib.parse import unquote

    path = unquote(re.sub(r"^file://(localhost)?(?=/)", "", pattern, flags=re.IGNORECASE))
    if not path.startswith("/"):
        raise UsageError(f"{label_of(pattern)} is no URI of a file here", "file:///folder/name has three slashes")
    return Location(label_of(pattern), path, path)


def _local(location: Location) -> Iterator[Location]:
    path = location.path
    if os.path.isdir(path):
        names = [os.path.join(path, name) for name in _tables(_listing(location))]
        found = [name for name in names if not os.path.isdir(name)]
        if not found:
            raise UsageError(f"the folder {location.label} holds no tables", _endings_cure())
    elif os.path.lexists(path):
        yield stated(location)
        return
    else:
        from glob import glob

        found = [name for name in sorted(glob(path, recursive=True)) if not os.path.isdir(name)]
        if not found:
            raise _nothing(location.label, WILD.search(path) is not None)
    for name in found:
        yield stated(Location(label_of(name), name, name))


def _listing(location: Location) -> list[str]:
    try:
        return os.listdir(location.path)
    except OSError as error:
        raise UsageError(f"{location.label} cannot be read: {reason(error)}") from None


def _remote(uri: str) -> list[Location]:
    label = without_password(uri)
    wild = WILD.search(uri.partition("?")[0])
    filesystem, path = filesystem_of(uri)
    with reached(label):
        info = filesystem.get_file_info(path)
        if info.type == fs.FileType.File:
            return [_informed(label, uri, info)]
        if info.type == fs.FileType.Directory:
            inside = filesystem.get_file_info(fs.FileSelector(path))
            found = [info for info in inside if info.is_file and known(info.path)]
            root = uri
        else:
            root, found = _globbed(uri, wild.start()) if wild else (uri, [])
    if not found and info.type == fs.FileType.Directory:
        raise UsageError(f"the folder {label} holds no tables", _endings_cure())
    if not found:
        raise _nothing(label, wild is not None)
    scheme = uri.partition("://")[0] + "://"
    found.sort(key=lambda info: info.path)
    return [
        _informed(info.path if SCHEME.match(info.path) else scheme + info.path.lstrip("/"), root, info)
        for info in found
    ]


def _globbed(uri: str, wild: int) -> tuple[str, list[fs.FileInfo]]:
    """(URI of the folder before the first wildcard, the files that match)."""
    address, mark, query = uri.partition("?")
    folder = address[: address.rindex("/", 0, wild) + 1]
    root = folder + mark + query
    filesystem, path = filesystem_of(root)
    rest = address[len(folder) :]
    match = re.compile(_expression(path.rstrip("/") + "/", rest)).fullmatch
    selector = fs.FileSelector(path, allow_not_found=True, recursive="/" in rest)
    return root, [info for info in filesystem.get_file_info(selector) if info.is_file and match(info.path)]


def _informed(label: str, root: str, info: fs.FileInfo) -> Location:
    size = None if info.size is None or info.size < 0 else info.size
    return Location(label, info.path, None, root, size, info.mtime_ns)


def _expression(start: str, pattern: str) -> str:
    """A glob after a fixed start as a regular expression: `*` stays inside a folder, `**` does not."""
    out = [re.escape(start)]
    for part in re.findall(r"\*\*/|\*+|\[!?\]?[^\]]*\]|.", pattern, re.DOTALL):
        if part == "**/":
            out.append("(?:.*/)?")
        elif part.startswith("*"):
            out.append(".*" if len(part) > 1 else "[^/]*")
        elif len(part) > 1:
            out.append("[" + part[1:-1].replace("\\", r"\\").replace("!", "^", 1 if part[1] == "!" else 0) + "]")
        else:
            out.append(re.escape(part))
    return "".join(out)


def _tables(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if known(name) and not name.startswith((".", "_")))


def _endings_cure() -> str:
    return f"a table's name ends in {', '.join(EXTENSIONS)}"


def _nothing(label: str, wild: bool) -> UsageError:
    if wild:
        return UsageError(f"no file matches {label}", "put a glob in quotes, and ** for folders in folders")
    return UsageError(f"{label} cannot be read: {os.strerror(2)}")


def _server(location: Location) -> str:
    root = location.root or ""
    scheme, _, rest = root.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
