"""Tables of every format in chunks of rows, and their columns as numbers."""

from __future__ import annotations

import bz2
import csv
import datetime
import decimal
import gzip
import io
import json
import math
import os
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow")

import pyarrow as pa
import pyarrow.parquet as pq

from gradcli.errors import UsageError
from gradcli.tables import chunk, textsource
from gradcli.tables.chunk import pack, row_of
from gradcli.tables.chunksource import Wanted
from gradcli.tables.finding import find
from gradcli.tables.formats import format_of
from gradcli.tables.numbers import check_type, floats
from gradcli.tables.opening import open_table
from gradcli.tables.source import column_of


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def small(monkeypatch):
    """Limits that a few rows reach."""
    monkeypatch.setattr(chunk, "ROWS", 7)
    monkeypatch.setattr(textsource, "BLOCK", 64)


def opened(name, data=None, kind=None):
    """The source of a file, written first where `data` is given."""
    if data is not None:
        with open(name, "wb") as file:
            file.write(data)
    (place,) = find([name])
    return open_table(place, *format_of(name, kind, "--from"))


def rows_of(source, columns=None, **options):
    """All rows, as tuples."""
    columns = source.names if columns is None else columns
    found = []
    for part in source.chunks(Wanted(columns, 1, **options)):
        found += zip(*(column.to_pylist() for column in part.table.columns), strict=True)
    return found


def refused(name, data, columns=None, **options):
    """The message that the file gives."""
    with pytest.raises(UsageError) as caught, opened(name, data) as source:
        rows_of(source, columns, **options)
    return caught.value.message


# --- what goes into a chunk


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 300)), max_size=20))
def test_pack_takes_every_row_once_and_in_order(blocks):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunk, "ROWS", 10)
        patch.setattr(chunk, "BYTES", 100)
        packed = list(pack((k, rows, cost) for k, (rows, cost) in enumerate(blocks)))
    seen = [(k, row) for pieces in packed for k, low, high in pieces for row in range(low, high)]
    assert seen == [(k, row) for k, (rows, _) in enumerate(blocks) for row in range(rows)]
    for pieces in packed:
        assert sum(high - low for _, low, high in pieces) <= 10
        if len(pieces) > 1:
            assert sum(blocks[k][1] for k, _, _ in pieces) <= 100


def test_pack_cuts_a_large_block_evenly(monkeypatch):
    monkeypatch.setattr(chunk, "ROWS", 10)
    assert list(pack([("a", 25, 0)])) == [[("a", 0, 9)], [("a", 9, 18)], [("a", 18, 25)]]
    monkeypatch.setattr(chunk, "BYTES", 100)
    assert list(pack([("a", 4, 200), ("b", 1, 1)])) == [[("a", 0, 2)], [("a", 2, 4)], [("b", 0, 1)]]


def test_rows_are_counted_past_those_left_out():
    dropped = [(2, ""), (3, ""), (5, "")]
    assert [row_of(0, k, dropped) for k in range(4)] == [1, 4, 6, 7]
    assert [row_of(10, k, []) for k in range(2)] == [11, 12]


# --- the same chunks however a file is read

COUNT = 40

NUMBERS = [k / 7 - 2 for k in range(COUNT)]

TEXTS = [f"t{k:03}" * (k % 5) for k in range(COUNT)]


def _csv(delimiter=","):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["x", "t"])
    writer.writerows(zip(NUMBERS, TEXTS, strict=True))
    return out.getvalue().encode()


def _jsonl():
    return "".join(json.dumps({"x": x, "t": t}) + "\n" for x, t in zip(NUMBERS, TEXTS, strict=True)).encode()


def _parquet(group):
    out = io.BytesIO()
    pq.write_table(pa.table({"x": NUMBERS, "t": TEXTS}), out, row_group_size=group)
    return out.getvalue()


def _arrow(opener, size, **options):
    out = io.BytesIO()
    table = pa.table({"x": NUMBERS, "t": TEXTS})
    with opener(out, table.schema, **options) as writer:
        writer.write_table(table, size)
    return out.getvalue()


def _npz(save):
    out = io.BytesIO()
    save(out, x=np.array(NUMBERS), t=np.array(TEXTS))
    return out.getvalue()


FILES = {
    "plain.csv": _csv,
    "plain.tsv": lambda: _csv("\t"),
    "packed.csv.gz": lambda: gzip.compress(_csv()[:99]) + gzip.compress(_csv()[99:]),
    "packed.csv.bz2": lambda: bz2.compress(_csv()[:99]) + bz2.compress(_csv()[99:]),
    "packed.csv.zst": lambda: pa.compress(_csv(), "zstd", asbytes=True),
    "plain.jsonl": _jsonl,
    "packed.jsonl.gz": lambda: gzip.compress(_jsonl()),
    "small_groups.parquet": lambda: _parquet(3),
    "one_group.parquet": lambda: _parquet(COUNT),
    "small_batches.arrow": lambda: _arrow(pa.ipc.new_file, 3),
    "one_batch.arrow": lambda: _arrow(pa.ipc.new_file, COUNT),
    "lz4.feather": lambda: _arrow(pa.ipc.new_file, 5, options=pa.ipc.IpcWriteOptions(compression="lz4")),
    "stream.arrow": lambda: _arrow(pa.ipc.new_stream, 9),
    "plain.npz": lambda: _npz(np.savez),
    "packed.npz": lambda: _npz(np.savez_compressed),
}


def _same(one, other):
    assert (one.index, one.start, one.position, one.dropped) == (
        other.index,
        other.start,
        other.position,
        other.dropped,
    )
    assert one.table.equals(other.table)
    assert one.lines == other.lines


@pytest.mark.parametrize("columns", [["t", "x"], ["x"], []])
@pytest.mark.parametrize("name", FILES)
def test_chunks(small, name, columns):
    with opened(name, FILES[name]()) as source:
        assert source.names == ("x", "t")
        parts = list(source.chunks(Wanted(columns, 2, numbers=["x"])))
        assert len(parts) > 5
        count = source.count(Wanted(columns, 2, ["x"]))
        assert count in (None, len(parts))
        assert (count is None) == (source.units == "bytes" or source.total is None)
        assert [part.index for part in parts] == list(range(len(parts)))
        assert all(len(part.table) <= 7 for part in parts)
        starts = [0]
        for part in parts:
            assert part.start == starts[-1]
            assert part.table.schema == source.schema(Wanted(columns, 2, ["x"]))
            starts.append(starts[-1] + len(part.table))
        assert starts[-1] == COUNT
        assert parts[-1].position == source.total or source.total is None
        if "x" in columns:
            found = [floats(part.table["x"], "x", name, part.start, False)[0] for part in parts]
            assert np.concatenate(found).tolist() == NUMBERS
        if "t" in columns:
            assert [t for part in parts for t in part.table["t"].to_pylist()] == TEXTS
        for first, stop in ((0, 1), (2, 4), (3, None), (len(parts) - 1, None), (len(parts), None), (1, 1)):
            some = list(source.chunks(Wanted(columns, 2, ["x"]), first, stop))
            for one, other in zip(some, parts[first:stop], strict=True):
                _same(one, other)


@pytest.mark.parametrize("name", FILES)
def test_rows_of_a_chunk_follow_from_the_limit_in_bytes(monkeypatch, name):
    monkeypatch.setattr(chunk, "BYTES", 1000)
    monkeypatch.setattr(textsource, "BLOCK", 64)
    with opened(name, FILES[name]()) as source:
        narrow = [len(part.table) for part in source.chunks(Wanted(["x"], 1, numbers=["x"]))]
        wide = [len(part.table) for part in source.chunks(Wanted(["x"], 25, numbers=["x"]))]
    assert sum(narrow) == sum(wide) == COUNT
    assert max(wide) <= 5  # 25 numbers take 200 bytes
    assert max(narrow) > 5


@pytest.mark.parametrize("name", FILES)
def test_standard_input_gives_the_same(small, monkeypatch, name):
    data = FILES[name]()
    with opened(name, data) as source:
        expected = list(source.chunks(Wanted(["x", "t"], 1, numbers=["x"])))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    (place,) = find(["-"])
    with open_table(place, *format_of(name, None, "--from")) as source:
        for one, other in zip(source.chunks(Wanted(["x", "t"], 1, numbers=["x"])), expected, strict=True):
            _same(one, other)


def test_a_pipe_that_gives_little_at_a_time(small, tmp_path):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    data = _csv()

    def write():
        with open(path, "wb", buffering=0) as pipe:
            for k in range(0, len(data), 11):
                pipe.write(data[k : k + 11])

    writer = threading.Thread(target=write)
    writer.start()
    with opened(str(path)) as source:
        parts = list(source.chunks(Wanted(["x", "t"], 1)))
    writer.join()
    with opened("plain.csv", data) as source:
        for one, other in zip(parts, source.chunks(Wanted(["x", "t"], 1)), strict=True):
            _same(one, other)


@pytest.mark.parametrize("name", FILES)
def test_a_column_that_is_not_there(name):
    with opened(name, FILES[name]()) as source, pytest.raises(UsageError) as caught:
        list(source.chunks(Wanted(["y"], 1)))
    assert (caught.value.message, caught.value.cure) == (f"{name} has no column y", "its columns are x and t")


# --- CSV and TSV

CELLS = st.text(st.sampled_from('ab1 .,\t"\n\r;é\u2028\x00'), max_size=6) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=4
)


def _quoted(cell, delimiter, always):
    if always or any(c in cell for c in f'"\r\n{delimiter}'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS, st.booleans()), min_size=1, max_size=12),
    st.sampled_from([",", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(8, 80),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_csv_cells_keep_their_text(tmp_path_factory, rows, delimiter, end, block, last):
    lines = ["p,q,r".replace(",", delimiter)]
    for *cells, always in rows:
        lines.append(delimiter.join(_quoted(cell, delimiter, always) for cell in cells))
    expected = [tuple(row) for row in csv.reader(io.StringIO(end.join(lines), newline=""), delimiter=delimiter)][1:]
    path = str(tmp_path_factory.getbasetemp() / ("cells.csv" if delimiter == "," else "cells.tsv"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textsource, "BLOCK", block)
        with opened(path, (end.join(lines) + end * last).encode()) as source:
            assert source.names == ("p", "q", "r")
            assert rows_of(source) == expected


@given(st.text('a,"\n\r ', max_size=60), st.integers(4, 30))
@settings(max_examples=200, deadline=None)
def test_csv_rows_do_not_depend_on_the_blocks(tmp_path_factory, text, block):
    path = str(tmp_path_factory.getbasetemp() / "blocks.csv")

    def read(size):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(textsource, "BLOCK", size)
            try:
                with opened(path, b"p,q\n" + text.encode()) as source:
                    parts = list(source.chunks(Wanted(["p", "q"], 1, lenient=True)))
            except UsageError as error:
                return error.message
        rows = [row for part in parts for row in part.table.to_pylist()]
        return rows, [d for part in parts for d in part.dropped]

    assert read(block) == read(2**20)


def test_csv_text_comes_as_it_is():
    data = b'\xef\xbb\xbf id , when,"a ""b""",e\n007,2024-01-31,1.10,\n NA ,null,"x,\ny",nan\n'
    with opened("t.csv", data) as source:
        assert source.names == ("id", "when", 'a "b"', "e")
        assert rows_of(source) == [("007", "2024-01-31", "1.10", ""), (" NA ", "null", "x,\ny", "nan")]
        assert (source.units, source.total) == ("bytes", len(data))
        assert rows_of(source, ["e", "id"]) == [("", "007"), ("nan", " NA ")]


def test_csv_blank_lines_are_no_rows(small):
    data = b"\n\na,b\n\n1,2\n   \n\r\n" + b"\n" * 200 + b"3,4\n5\n"
    assert refused("t.csv", data) == "t.csv, row 3 has 1 cell, the header has 2"
    with opened("t.csv", data[:-2]) as source:
        assert rows_of(source) == [("1", "2"), ("3", "4")]


def test_csv_quotes_inside_a_cell_are_signs(small):
    rows = "".join(f'{k},5" pipe\n"q""{k}" x"y,"a\nb"\n' for k in range(20))
    with opened("t.csv", f"n,t\n{rows}".encode()) as source:
        assert rows_of(source) == [row for k in range(20) for row in ((str(k), '5" pipe'), (f'q"{k} x"y', "a\nb"))]


def test_csv_without_rows():
    for data in (b"a,b\n", b"a,b", b"a,b\r\n\r\n"):
        with opened("t.csv", data) as source:
            assert (source.names, rows_of(source)) == (("a", "b"), [])
            assert source.schema(Wanted(["b"], 0)) == pa.schema([("b", pa.string())])


def test_csv_same_name_twice():
    with opened("t.csv", b"x,n,n\n1,2,3\n") as source:
        assert rows_of(source) == [("1", "2", "3")]
        with pytest.raises(UsageError, match="has two columns n"):
            rows_of(source, ["n"], numbers=["n"])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "t.csv is empty"),
        (b"\n \n", "t.csv is empty"),
        (b"a;b\n1;2\n", 't.csv has one column, "a;b"'),
        (b"1,2\n3,4\n", "t.csv has no header: it begins with numbers"),
        (b"\xff\xfea\x00,\x00b\x00", "t.csv is UTF-16, not UTF-8"),
        ("a,é\n1,2\n".encode("utf-16-le"), "t.csv is no text: it holds zero bytes"),
        (b"a,\xe9\n1,2\n", "t.csv is not UTF-8: byte 0xe9 in its header"),
        (b"a,b\n1,2\n3,\xe9\n", "t.csv, row 2, column b is not UTF-8"),
        (b"a,b\n1,2\n3,4\n5,6,7\n", "t.csv, row 3 has 3 cells, the header has 2"),
        (b'a,b\n1,"2\n3,4\n', 't.csv: a quote is opened and never closed, at "2 3,4'),
        (b'a,b\n"x ""y"" z', 't.csv: a quote is opened and never closed, at "x ""y"" z'),
        (b'a,b\n"1,2\n3,4\n', 't.csv: a quote is opened and never closed, at "1,2 3,4'),
    ],
)
def test_csv_errors(data, message):
    assert refused("t.csv", data) == message


def test_csv_row_without_end(monkeypatch):
    monkeypatch.setattr(textsource, "BLOCK", 64)
    monkeypatch.setattr(textsource, "LONGEST", 256)
    assert refused("t.csv", b'a,b\n1,"2' + b"\n3,4" * 1000) == "t.csv has a row of more than 0 MB"


def test_csv_damaged_compression():
    assert refused("t.csv.gz", gzip.compress(_csv())[:-20]).startswith(
        "t.csv.gz cannot be read: its compression is damaged"
    )
    assert refused("t.csv.gz", _csv()).startswith("t.csv.gz cannot be read: its compression is damaged")


def test_csv_rows_left_out(small):
    lines = [f"{k},b" if k % 3 else f"{k}" for k in range(1, 61)]
    with opened("t.csv", ("a,b\n" + "\n".join(lines)).encode()) as source:
        parts = list(source.chunks(Wanted(["a"], 1, lenient=True)))
        again = list(source.chunks(Wanted(["a"], 1, lenient=True), first=3))
    assert [d for part in parts for d in part.dropped] == [(k, "has 1 cell, the header has 2") for k in range(3, 61, 3)]
    for part in parts:
        assert [str(part.row(k)) for k in range(len(part.table))] == part.table["a"].to_pylist()
    for one, other in zip(again, parts[3:], strict=True):
        _same(one, other)


def test_csv_all_rows_left_out():
    with opened("t.csv", b"a,b\n1\n2\n") as source:
        (part,) = source.chunks(Wanted(["a", "b"], 1, lenient=True))
    assert (len(part.table), [row for row, _ in part.dropped]) == (0, [1, 2])


# --- JSON lines

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.tuples(st.floats(), JSON), min_size=1, max_size=10), st.booleans(), st.integers(8, 99))
@settings(max_examples=200, deadline=None)
def test_json_lines_round_trip(tmp_path_factory, rows, nested, block):
    path = str(tmp_path_factory.getbasetemp() / "lines.jsonl")
    lines = [json.dumps({"at": {"x": x, "y": y}} if nested else {"x": x, "y": y}) for x, y in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textsource, "BLOCK", block)
        with opened(path, "\n".join(lines).encode()) as source:
            assert source.names == ("x", "y")
            parts = list(source.chunks(Wanted(["y", "x"], 1, numbers=["x"])))
            assert [str(line) for part in parts for line in part.lines] == lines
            found = [x for part in parts for x in part.table["x"].to_pylist()]
            texts = [y for part in parts for y in part.table["y"].to_pylist()]
            only = [x for part in source.chunks(Wanted(["x"], 1, numbers=["x"])) for x in part.table["x"].to_pylist()]
    assert list(map(repr, found)) == list(map(repr, only)) == [repr(x) for x, _ in rows]
    for text, (_, y) in zip(texts, rows, strict=True):
        if y is None or isinstance(y, str):
            assert text == y
        else:
            assert repr(json.loads(text)) == repr(y)


def test_json_lines_of_gradcli():
    data = b'{"at": {"x": "NaN", "y": 2}, "value": 1}\r\n\n{"at": {"x": "-Infinity", "y": null}}\n'
    with opened("t.jsonl", data) as source:
        (part,) = source.chunks(Wanted(["x", "y"], 1, numbers=["x", "y"]))
    assert source.names == ("x", "y")
    assert list(map(repr, part.table["x"].to_pylist())) == ["nan", "-inf"]
    assert part.table["y"].to_pylist() == [2.0, None]
    assert part.lines.to_pylist() == [line.strip() for line in data.decode().split("\n") if line.strip()]


def test_json_texts_keep_their_numbers():
    data = b'{"a": 1.10, "b": {"c": [1.0e5, null, "\xc3\xa9"]}, "d": true}\n{"a": "007"}\n'
    with opened("t.jsonl", data) as source:
        assert rows_of(source) == [("1.10", '{"c": [1.0e5, null, "é"]}', "true"), ("007", None, None)]


@pytest.mark.parametrize("text", ["1e400", "-1e400", "1e-400", "12345678901234567890123", "0.1", "4.35", "-0.0", "NaN"])
def test_json_numbers(text):
    with opened("t.jsonl", f'{{"x": {text}}}\n'.encode()) as source:
        assert repr(rows_of(source, ["x"], numbers=["x"])) == repr([(float(text),)])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "t.jsonl is empty"),
        (b"[\n1]", "t.jsonl, row 1 is no JSON object"),
        (b"x\n", "t.jsonl, row 1 is no JSON"),
        (b"3\n", "t.jsonl, row 1 is no JSON object"),
        (b"\xff\xfe{\x00", "t.jsonl is UTF-16, not UTF-8"),
        (b'{"x": 1}\n\n{"x": 2,}\n', "t.jsonl, row 2 is no JSON"),
        (b'{"x": 1}\n[2]\n', "t.jsonl, row 2 is no JSON object"),
        (b'{"x": 1}\n{"x": 2} {"x": 3}\n', "t.jsonl, row 2 is no JSON"),
        (b'{"x": 1}\n{"x": 1, "x": 2}\n', "t.jsonl, row 2 has x twice"),
        (b'{"x": 1}\n{"x": "\xff"}\n', "t.jsonl, row 2 is not UTF-8: byte 0xff"),
        (b'{"x": 1}\n{"x": true}\n', "t.jsonl, row 2, column x: a boolean is not a number"),
        (b'{"x": 1}\n{"x": [1]}\n', "t.jsonl, row 2, column x: an array is not a number"),
        (b'{"x": 1}\n{"x": "one"}\n', 't.jsonl, row 2, column x: "one" is not a number'),
        (b'{"x": 1}\n{"x": ""}\n', "t.jsonl, row 2, column x: the number is missing"),
    ],
)
def test_json_errors(data, message):
    assert refused("t.jsonl", data, ["x"], numbers=["x"]) == message


def test_json_lines_left_out(small):
    lines = [f'{{"x": {k}}}' if k % 3 else f"[{k}]" if k % 2 else "{" for k in range(1, 61)]
    with opened("t.jsonl", "\n".join(lines).encode()) as source:
        parts = list(source.chunks(Wanted(["x"], 1, lenient=True, numbers=["x"])))
        again = list(source.chunks(Wanted(["x"], 1, lenient=True, numbers=["x"]), first=3))
    assert [d for part in parts for d in part.dropped] == [
        (k, "is no JSON object" if k % 2 else "is no JSON") for k in range(3, 61, 3)
    ]
    for part in parts:
        assert [part.row(k) for k in range(len(part.table))] == part.table["x"].to_pylist()
        assert [lines[part.row(k) - 1] for k in range(len(part.table))] == part.lines.to_pylist()
    for one, other in zip(again, parts[3:], strict=True):
        _same(one, other)


def test_json_cells_that_are_no_numbers_are_remarked():
    data = b'{"x": 1, "y": 2}\n[]\n{"x": null, "y": true}\n{"x": "abc", "y": 3}\n{"x": [], "y": 4}\n'
    with opened("t.jsonl", data) as source:
        (part,) = source.chunks(Wanted(["x", "y"], 1, lenient=True, numbers=["x", "y"]))
    assert part.table["x"].to_pylist() == [1, None, None, None]
    assert part.table["y"].to_pylist() == [2, None, 3, 4]
    messages = [
        floats(part.table[name], name, "t.jsonl", part.start, True, part.dropped, part.remarks)[2] for name in "xy"
    ]
    assert messages == [
        "t.jsonl, row 3, column x: the number is missing",
        "t.jsonl, row 3, column y: a boolean is not a number",
    ]
    assert part.remarks["x"] == (4, '"abc" is not a number')


def test_json_surrogates_are_no_text():
    assert refused("t.jsonl", b'{"x": "a"}\n{"x": "\\ud800"}\n') == (
        "t.jsonl, row 2 has half of a surrogate pair, which is no text"
    )


# --- Parquet and Arrow

TYPED = {
    "x": pa.array([1.5, None, 3.0]),
    "i": pa.array([1, 2, 2**53 + 1]),
    "when": pa.array([datetime.date(2024, 1, 31), None, datetime.date(1969, 1, 1)]),
    "stamp": pa.array([0, 1, 2], pa.timestamp("us", "UTC")),
    "d": pa.array([decimal.Decimal("1.10"), None, decimal.Decimal("-0.01")]),
    "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
    "list": pa.array([[1, 2], [], None]),
    "struct": pa.array([{"p": 1, "q": "z"}, None, {"p": 2, "q": None}]),
    "a.b": pa.array(["u", "v", "w"]),
    "a": pa.array([True, False, None]),
}


@pytest.mark.parametrize("name", ["t.parquet", "t.arrow", "stream.arrow"])
def test_typed_columns_pass(name):
    table = pa.table(TYPED)
    if name == "t.parquet":
        pq.write_table(table, name, row_group_size=2)
    else:
        with (pa.ipc.new_file if name == "t.arrow" else pa.ipc.new_stream)(name, table.schema) as writer:
            writer.write_table(table)
    with opened(name) as source:
        assert source.names == tuple(TYPED)
        for columns in (list(TYPED), ["a", "x"], ["a.b", "struct", "i"], ["struct"]):
            (part,) = source.chunks(Wanted(columns, 1))
            assert part.table.to_pydict() == table.select(columns).to_pydict()
            assert part.table.schema.equals(source.schema(Wanted(columns, 1)))
            assert source.schema(Wanted(columns, 1)).types == table.select(columns).schema.types


@pytest.mark.parametrize("name", ["t.parquet", "t.arrow", "stream.arrow"])
def test_typed_without_rows(name):
    table = pa.table({"x": pa.array([], pa.float64())})
    if name == "t.parquet":
        pq.write_table(table, name)
    else:
        with (pa.ipc.new_file if name == "t.arrow" else pa.ipc.new_stream)(name, table.schema) as writer:
            writer.write_table(table)
    with opened(name) as source:
        assert (source.names, rows_of(source), source.count(Wanted(["x"], 1))) == (
            ("x",),
            [],
            None if name == "stream.arrow" else 0,
        )


def test_texts_in_a_dictionary_count_in_full(monkeypatch):
    monkeypatch.setattr(chunk, "BYTES", 100_000)
    pq.write_table(pa.table({"t": ["long" * 100] * 1000}), "t.parquet")  # 400 kB of text in some kB of file
    with opened("t.parquet") as source:
        assert [len(part.table) for part in source.chunks(Wanted(["t"], 0))] == [200] * 5


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("t.parquet", b"", "t.parquet is no Parquet file"),
        ("t.parquet", b"x,y\n1,2\n3,4\n5,6\n", "t.parquet is no Parquet file"),
        ("t.parquet", _parquet(9)[:-40], "t.parquet is cut off: a Parquet file's end is missing"),
        ("t.parquet", b"PAR1" + b"\xff" * 40 + b"PAR1", "t.parquet cannot be read: it is no Parquet file, or it is d"),
        ("t.arrow", b"", "t.arrow cannot be read: it is no Arrow file or stream"),
        ("t.arrow", b"x,y\n1,2\n3,4\n5,6\n", "t.arrow cannot be read: it is no Arrow file or stream"),
        ("t.arrow", _arrow(pa.ipc.new_file, 9)[:-40], "t.arrow cannot be read: it is damaged, or its end is missing"),
        ("t.arrow", _arrow(pa.ipc.new_stream, 9)[:-90], "t.arrow cannot be read: it is damaged, or its end is missing"),
        ("t.feather", b"FEA1" + b"\0" * 40, "t.feather is in the old Feather format"),
        ("t.npz", b"", "t.npz cannot be read: it is no NPZ archive, or it is damaged"),
        ("t.npz", _npz(np.savez)[:-40], "t.npz cannot be read: it is no NPZ archive, or it is damaged"),
    ],
)
def test_damaged_files(name, data, message):
    assert refused(name, data).startswith(message)


def test_damage_in_the_middle():
    data = bytearray(_parquet(COUNT))
    data[8:40] = b"\xff" * 32
    assert refused("t.parquet", bytes(data)).startswith("t.parquet cannot be read: the file is damaged")
    data = bytearray(_npz(np.savez_compressed))
    data[100:140] = b"\xff" * 40
    assert refused("t.npz", bytes(data)).startswith("t.npz cannot be read: it is no NPZ archive, or it is damaged")


# --- NPZ


@pytest.mark.parametrize(
    ("array", "expected", "kind"),
    [
        (np.array([1, -2], ">i4"), [1, -2], pa.int32()),
        (np.array([1, 2**64 - 1], "u8"), [1, 2**64 - 1], pa.uint64()),
        (np.array([0.5, -1.25], ">f8"), [0.5, -1.25], pa.float64()),
        (np.array([0.5, -1.25], "f4"), [0.5, -1.25], pa.float32()),
        (np.array([True, False]), [True, False], pa.bool_()),
        (np.array(["é", "long text"]), ["é", "long text"], pa.string()),
        (np.array(["é", "x"]).astype(">U3"), ["é", "x"], pa.string()),
        (np.array([b"ab", b"c"]), ["ab", "c"], pa.string()),
        (
            np.array(["2024-01-31", "NaT"], "M8[D]"),
            [datetime.date(2024, 1, 31), None],
            pa.date32(),
        ),
        (np.array([1, 2], "M8[h]"), [datetime.datetime(1970, 1, 1, h) for h in (1, 2)], pa.timestamp("s")),
        (np.array([1, 2], "m8[D]"), [datetime.timedelta(d) for d in (1, 2)], pa.duration("s")),
    ],
    ids=str,
)
def test_npz_types(array, expected, kind):
    np.savez("t.npz", v=array)
    with opened("t.npz") as source:
        (part,) = source.chunks(Wanted(["v"], 1))
        assert part.table["v"].to_pylist() == expected
        assert part.table["v"].type == source.schema(Wanted(["v"], 1)).field("v").type == kind


def test_npz_members_that_are_no_columns():
    np.savez(
        "t.npz",
        x=np.arange(3.0),
        y=np.arange(4),
        m=np.eye(2),
        s=np.float64(1),
        o=np.array([1, "a"], object),
        c=np.array([1j, 2, 3]),
    )
    with opened("t.npz") as source:
        assert source.names == ("x", "y", "m", "s", "o", "c")
        assert rows_of(source, ["x"]) == [(0.0,), (1.0,), (2.0,)]
        messages = {}
        for name in ("y", "m", "s", "o", "c"):
            with pytest.raises(UsageError) as caught:
                rows_of(source, ["x", name])
            messages[name] = caught.value.message
    assert messages == {
        "y": "t.npz: x has 3 rows, y 4",
        "m": "t.npz, column m has 2 axes",
        "s": "t.npz, column s is a single value",
        "o": "t.npz, column o holds Python objects, which are not read",
        "c": "t.npz, column c is of type complex128, which no column of a table is",
    }


# --- names and numbers


def test_column_of_a_variable():
    assert column_of(["a", " x ", "y"], "x") == " x "
    assert column_of(["ﬁ"], "fi") == "ﬁ"
    assert column_of(["value (variable)", "value"], "value") == "value (variable)"
    assert column_of(["value"], "value") == "value"
    assert column_of(["a"], "b") is None


def numbers_of(values, kind=None, **options):
    return floats(pa.chunked_array([pa.array(values, kind)]), "x", "t.csv", 0, options.pop("lenient", False), **options)


@given(st.lists(st.floats() | st.integers(-(2**70), 2**70)))
def test_text_is_read_as_python_reads_it(values):
    found, missing, message = numbers_of([repr(v) for v in values], pa.string())
    assert list(map(repr, found.tolist())) == [repr(float(v)) for v in values]
    assert (missing, message) == (None, "")


@given(st.lists(st.sampled_from([" 1 ", "+1", "1_0", "nan", "-INF", "\u0661", "1.", ".5", "1e5", "\t2\n", "1e400"])))
def test_unusual_numbers(texts):
    assert list(map(repr, numbers_of(texts, pa.string())[0].tolist())) == [repr(float(text)) for text in texts]


@pytest.mark.parametrize("cell", ["abc", "0x10", "1,5", "1 2", "--1", "1_", "true"])
@pytest.mark.parametrize("others", [["1", "2"], [" 1 ", "1_0"], ["", "1"]])
def test_no_number(cell, others):
    texts = [others[1], cell, others[0]]
    with pytest.raises(UsageError) as caught:
        numbers_of(texts)
    assert caught.value.message == f't.csv, row 2, column x: "{cell}" is not a number'
    assert "--on-error nan" in caught.value.cure
    found, missing, message = numbers_of(texts, lenient=True)
    assert missing.tolist() == [False, True, others[0] == ""]
    assert math.isnan(found[1])
    assert found[0] == float(others[1])
    assert message == caught.value.message


@pytest.mark.parametrize("values", [["1", ""], ["1", None], ["1", "  "], [1.5, None], [1, None], [True, None]])
def test_missing(values):
    with pytest.raises(UsageError) as caught:
        numbers_of(values)
    assert caught.value.message == "t.csv, row 2, column x: the number is missing"
    found, missing, message = numbers_of(values, lenient=True)
    assert (missing.tolist(), message) == ([False, True], caught.value.message)
    assert found.dtype == np.float64
    assert (found[0], math.isnan(found[1])) == (float(values[0]), True)


def test_row_of_the_message():
    column = pa.chunked_array([["1", "2"], ["x"]])
    with pytest.raises(UsageError, match=r"t\.csv, row 103, column x"):
        floats(column, "x", "t.csv", 100, False)
    with pytest.raises(UsageError, match=r"t\.csv, row 105, column x"):
        floats(column, "x", "t.csv", 100, False, [(101, ""), (103, ""), (200, "")])


def test_numbers_are_not_copied():
    for kind in ("f8", "f4", "i8", "u1"):
        array = np.arange(5).astype(kind)
        found, _, _ = floats(pa.chunked_array([pa.array(array)]), "x", "t", 0, False)
        assert found.dtype == array.dtype
        assert np.shares_memory(found, array)


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([True, False], pa.bool_(), [1, 0]),
        (["1.5", "2"], pa.large_string(), [1.5, 2]),
        (["1.5", "2"], pa.string_view(), [1.5, 2]),
        (["1.5", "2"], pa.dictionary(pa.int8(), pa.string()), [1.5, 2]),
        ([1.5, 0.25], pa.float16(), [1.5, 0.25]),
        ([decimal.Decimal("0.1"), decimal.Decimal("12345678901234567.9")], None, [0.1, 12345678901234567.9]),
        ([], pa.null(), []),
        ([], pa.string(), []),
    ],
    ids=str,
)
def test_kinds_of_numbers(values, kind, expected):
    found, missing, _ = numbers_of(values, kind)
    assert found.tolist() == expected
    assert missing is None


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.float64()], ids=str)
def test_categories(kind):
    parts = [
        pa.DictionaryArray.from_arrays(pa.array(indices, pa.int8()), pa.array(["1.5", "2"]).cast(kind))
        for indices in ([1, 0], [0], [])
    ]
    assert floats(pa.chunked_array(parts), "x", "t", 0, False)[0].tolist() == [2, 1.5, 1.5]
    parts.append(pa.DictionaryArray.from_arrays(pa.array([None], pa.int8()), parts[0].dictionary))
    assert floats(pa.chunked_array(parts), "x", "t", 0, True)[1].tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("values", "kind", "named"),
    [
        ([datetime.date(2024, 1, 1)], None, "date32[day]"),
        ([datetime.timedelta(1)], None, "duration[us]"),
        ([[1]], None, "list<item: int64>"),
        ([{"a": 1}], None, "struct<a: int64>"),
        ([b"1"], None, "binary"),
    ],
    ids=str,
)
def test_kinds_that_are_no_numbers(values, kind, named):
    message = f"t.csv, column x is of type {named}, which is not a number"
    for lenient in (False, True):
        with pytest.raises(UsageError) as caught:
            numbers_of(values, kind, lenient=lenient)
        assert caught.value.message == message
    with pytest.raises(UsageError):
        check_type(pa.array(values, kind).type, "x", "t.csv")
