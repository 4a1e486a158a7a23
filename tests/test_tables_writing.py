"""Tables as files: read back by csv, json, gzip, bz2, numpy, zipfile and pyarrow, and gone on with after a kill."""

from __future__ import annotations

import bz2
import csv
import datetime
import decimal
import errno
import gzip
import io
import json
import math
import os
import shutil
import signal
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow")

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc
from pyarrow import parquet as pq

from gradcli.errors import UsageError
from gradcli.tables import opening, parquetout, textout, writing
from gradcli.tables.formats import FORMATS as BY_NAME

INF, NAN = math.inf, math.nan

TEXT_FORMATS = [
    (kind, compression) for kind, row in BY_NAME.items() if row.text for compression in (None, "gzip", "zstd", "bz2")
]
FORMATS = [*TEXT_FORMATS, *[(kind, None) for kind, row in BY_NAME.items() if not row.text]]

ADDED = ["value", "d/dx"]


def open_writer(kind: str, *arguments: object) -> writing.Writer:
    return opening.open_writer(BY_NAME[kind], *arguments)


def encoder(kind: str, *arguments: object) -> object:
    return opening.encoder(BY_NAME[kind], *arguments)


def chunk(seed: int, rows: int) -> pa.Table:
    """Columns that every format can hold, with results."""
    rng = np.random.default_rng(seed)
    numbers = rng.standard_normal((3, rows)) * 10.0 ** rng.integers(-300, 300, (3, rows))
    texts = [["007", "1.10", 'a "b", c', "é€😀", "", "two\nlines\t\\"][k] for k in rng.integers(0, 6, rows)]
    return pa.table(
        {
            "x": numbers[0],
            "name": pa.array(texts, pa.string()),
            "n": rng.integers(-(2**62), 2**62, rows),
            "value": numbers[1],
            "d/dx": (numbers[2] % 1e30).astype("f4"),
        }
    )


CHUNKS = [chunk(k, rows) for k, rows in enumerate((5, 1, 300, 0, 40))]
SCHEMA = CHUNKS[0].schema


def written(folder: Path, kind: str, tables: list[pa.Table], compression: str | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    writer = open_writer(kind, compression, str(folder), tables[0].schema, 2, None)
    for table in tables:
        writer.append(table, None)
    path = Path(writer.finish())
    writer.close()
    assert path.parent == folder
    return path


def text_of(table: pa.Table, kind: str, lines: pa.Array | None = None) -> str:
    rows = encoder(kind, table.schema, 2)
    text = rows.head() + b"".join(rows.pieces(table, lines, bytes))
    rows.close()
    return text.decode()


def cells_of(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def results(**columns: object) -> pa.Table:
    """A table of these columns and results of zero."""
    count = len(next(iter(columns.values())))  # type: ignore[arg-type]
    return pa.table({**columns, "value": [0.0] * count, "d/dx": [0.0] * count})


# --- text


def test_csv_quotes_only_what_needs_it() -> None:
    table = results(a=["007", "1.10", " x ", 'say "hi"', "a,b", "tab\there", "line\r", "", None])
    cells = ["007", "1.10", " x ", '"say ""hi"""', '"a,b"', "tab\there", '"line\r"', "", ""]
    assert text_of(table, "csv") == "a,value,d/dx\n" + "".join(f"{cell},0.0,0.0\n" for cell in cells)
    cells[4:6] = ["a,b", '"tab\there"']
    assert text_of(table, "tsv") == "a\tvalue\td/dx\n" + "".join(f"{cell}\t0.0\t0.0\n" for cell in cells)


def test_a_header_is_quoted_as_a_cell() -> None:
    table = results(**{'a,"b"': ["1"], "c\nd": ["2"]})
    assert cells_of(text_of(table, "csv")) == [['a,"b"', "c\nd", "value", "d/dx"], ["1", "2", "0.0", "0.0"]]


def test_a_single_column_has_no_blank_lines() -> None:
    rows = encoder("csv", pa.schema([("value", pa.string())]), 1)
    assert b"".join(rows.pieces(pa.table({"value": ["a", "", None]}), None, bytes)) == b'a\n""\n""\n'
    rows.close()


@pytest.mark.parametrize("kind", [kind for kind, row in BY_NAME.items() if row.delimiter])
@settings(deadline=None)
@given(data=st.lists(st.tuples(st.text(), st.text()), max_size=20))
def test_any_text_comes_back_by_csv(kind: str, data: list[tuple[str, str]]) -> None:
    table = results(a=pa.array([a for a, _ in data], pa.string()), b=pa.array([b for _, b in data], pa.string()))
    found = cells_of(text_of(table, kind), BY_NAME[kind].delimiter)
    assert found == [["a", "b", *ADDED], *([a, b, "0.0", "0.0"] for a, b in data)]


@settings(deadline=None)
@given(data=st.lists(st.one_of(st.none(), st.text()), max_size=20), name=st.text())
def test_any_text_comes_back_by_json(data: list[str | None], name: str) -> None:
    if name in ADDED:
        return
    lines = text_of(results(**{name: pa.array(data, pa.string())}), "jsonl").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == [{name: text, "value": 0, "d/dx": 0} for text in data]


DOUBLES = [
    0.0,
    -0.0,
    1.0,
    0.1,
    1 / 3,
    5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    1e22,
    1e-7,
    123456789012.5,
]


@settings(deadline=None)
@given(values=st.lists(st.floats(allow_nan=False), max_size=50).map(lambda more: DOUBLES + more))
def test_doubles_come_back_to_the_bit(values: list[float]) -> None:
    table = pa.table({"value": values, "d/dx": values})
    packed = [struct.pack("d", value) for value in values]
    for kind, delimiter in (("csv", ","), ("tsv", "\t")):
        rows = cells_of(text_of(table, kind), delimiter)[1:]
        assert [struct.pack("d", float(row[0])) for row in rows] == packed
    found = [json.loads(line)["d/dx"] for line in text_of(table, "jsonl").splitlines()]
    assert [struct.pack("d", float(value)) for value in found] == packed
    assert {type(value) for value in found} <= {float, str}


@settings(deadline=None)
@given(values=st.lists(st.floats(width=32), min_size=1))
def test_floats_of_32_bits_take_the_digits_of_32_bits(values: list[float]) -> None:
    single = np.array(values, "f4")
    cells = [row[1] for row in cells_of(text_of(pa.table({"value": single, "d/dx": single}), "csv"))[1:]]
    assert np.array_equal(np.array([float(cell) for cell in cells]).astype("f4"), single, equal_nan=True)
    shortest = [np.format_float_scientific(value, unique=True) for value in single]
    numbers = [[decimal.Decimal(text) for text in texts if text != "nan"] for texts in (cells, shortest)]
    assert numbers[0] == numbers[1]


@settings(deadline=None)
@given(values=st.lists(st.integers(-(2**53), 2**53) | st.integers(-(10**11), 10**11), min_size=1))
def test_a_whole_number_stays_a_float(values: list[int]) -> None:
    edges = [0, 1, 10, 100, 10**10 - 1, 10**10, 10**10 + 1, 123_456_789, 10**7]
    for dtype in ("f8", "f4"):
        floats = np.array(edges + values, dtype)
        found = [json.loads(line)["value"] for line in text_of(pa.table({"value": floats}), "jsonl").splitlines()]
        assert {type(value) for value in found} == {float}
        assert np.array_equal(np.array(found, dtype), floats)
    assert text_of(pa.table({"value": [2.0], "d/dx": [-0.0]}), "csv") == "value,d/dx\n2.0,-0.0\n"


def test_what_is_not_finite() -> None:
    table = pa.table(
        {"value": [NAN, INF, -INF, None, -0.5], "d/dx": pa.array([NAN, INF, -INF, None, -0.5], pa.float32())}
    )
    assert text_of(table, "csv") == "value,d/dx\nnan,nan\ninf,inf\n-inf,-inf\n,\n-0.5,-0.5\n"
    shown = ["NaN", "Infinity", "-Infinity", None, -0.5]
    assert [json.loads(line) for line in text_of(table, "jsonl").splitlines()] == [
        {"value": v, "d/dx": v} for v in shown
    ]


def test_lines_keep_their_text() -> None:
    lines = ['{"x": 1.10}', "{}", '  {"a" : { } } \r', '{"at":{"x":1e2 }}', "{ }", '{"é😀":"}{"}']
    table = pa.table({"value": [1.5, NAN, 3, 4, 5, 6], "d/dx": [0.5] * 6})
    assert text_of(table, "jsonl", pa.array(lines)).split("\n") == [
        '{"x": 1.10, "value": 1.5, "d/dx": 0.5}',
        '{"value": "NaN", "d/dx": 0.5}',
        '  {"a" : { }, "value": 3.0, "d/dx": 0.5}',
        '{"at":{"x":1e2 }, "value": 4.0, "d/dx": 0.5}',
        '{"value": 5.0, "d/dx": 0.5}',
        '{"é😀":"}{", "value": 6.0, "d/dx": 0.5}',
        "",
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(rows=st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=10), ascii_=st.booleans())
def test_results_are_spliced_into_any_object(rows: list[dict[str, object]], ascii_: bool) -> None:
    lines = pa.array([json.dumps(row, ensure_ascii=ascii_) for row in rows], pa.string())
    zeros = pa.array([0.0] * len(rows), pa.float64())
    found = text_of(pa.table({"value": zeros, "d/dx": zeros}), "jsonl", lines).split("\n")[:-1]
    assert [json.loads(line) for line in found] == [{**row, "value": 0, "d/dx": 0} for row in rows]


NESTED = {
    "list": pa.array([[1.5, NAN], [], None, [None]], pa.list_(pa.float64())),
    "large": pa.array([["a"], None, [], ['"']], pa.large_list(pa.string())),
    "pair": pa.array([[1, 2], None, [3, 4], [5, None]], pa.list_(pa.int8(), 2)),
    "view": pa.array([[1], None, [3, 4], []], pa.list_view(pa.int16())),
    "object": pa.array([{"p": 1, 'q"': ["é"]}, None, {"p": None, 'q"': None}, {"p": 2, 'q"': []}]),
    "map": pa.array([[("k", 1)], [], None, [("z", None)]], pa.map_(pa.string(), pa.int64())),
    "keys": pa.array([[(1, True)], [], None, [(2, False)]], pa.map_(pa.int8(), pa.bool_())),
    "deep": pa.array([[[1], None], [], None, [[], [2, 3]]], pa.list_(pa.list_(pa.int32()))),
    "coded": pa.array(["u", "v", None, "u"]).dictionary_encode(),
    "codes": pa.array([1.5, NAN, None, 1.5]).dictionary_encode(),
    "coded list": pa.array([["u"], [], None, ["u", "v"]], pa.list_(pa.dictionary(pa.int8(), pa.string()))),
    "coded view": pa.array([[1.5], [], None, [2.0, 1.5]], pa.list_view(pa.dictionary(pa.int8(), pa.float64()))),
    "runs": pa.RunEndEncodedArray.from_arrays(pa.array([3, 4], pa.int32()), pa.array(["u", "v"])),
}
NESTED_JSON: dict[str, list[Any]] = {
    "list": [[1.5, "NaN"], [], None, [None]],
    "large": [["a"], None, [], ['"']],
    "pair": [[1, 2], None, [3, 4], [5, None]],
    "view": [[1], None, [3, 4], []],
    "object": [{"p": 1, 'q"': ["é"]}, None, {"p": None, 'q"': None}, {"p": 2, 'q"': []}],
    "map": [{"k": 1}, {}, None, {"z": None}],
    "keys": [{"1": True}, {}, None, {"2": False}],
    "deep": [[[1], None], [], None, [[], [2, 3]]],
    "coded": ["u", "v", None, "u"],
    "codes": [1.5, "NaN", None, 1.5],
    "coded list": [["u"], [], None, ["u", "v"]],
    "coded view": [[1.5], [], None, [2.0, 1.5]],
    "runs": ["u", "u", "u", "v"],
}


@pytest.mark.parametrize("name", NESTED)
def test_nested_values_are_json(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = results(c=NESTED[name])
    for cells in (textout.PIECE_CELLS, 6):  # 6: pieces of two rows, so slices of slices
        monkeypatch.setattr(textout, "PIECE_CELLS", cells)
        for part, wanted in ((table, NESTED_JSON[name]), (table.slice(1), NESTED_JSON[name][1:])):
            assert [json.loads(line)["c"] for line in text_of(part, "jsonl").splitlines()] == wanted
            found = [row[0] for row in cells_of(text_of(part, "csv"))[1:]]
            if name in ("coded", "runs", "codes"):
                assert found == [str(value or "").replace("NaN", "nan") for value in wanted]
            else:
                assert [json.loads(cell) if cell else None for cell in found] == wanted


DAY = datetime.datetime(2020, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (pa.array([DAY.date()]), "2020-01-02", "2020-01-02"),
        (pa.array([DAY.date()], pa.date64()), "2020-01-02", "2020-01-02"),
        (pa.array([DAY], pa.timestamp("s")), "2020-01-02T03:04:05", "2020-01-02T03:04:05"),
        (pa.array([DAY], pa.timestamp("ms", "UTC")), "2020-01-02T03:04:05.000Z", "2020-01-02T03:04:05.000Z"),
        (pa.array([DAY.time()], pa.time32("s")), "03:04:05", "03:04:05"),
        (pa.array([7], pa.duration("s")), "7", 7),
        (pa.array([True]), "true", True),
        (pa.array([2**64 - 1], pa.uint64()), "18446744073709551615", 2**64 - 1),
        (pa.array([decimal.Decimal("1.10")]), "1.10", decimal.Decimal("1.10")),
        (pa.array([b"a,b"]), '"a,b"', "a,b"),
        (pa.array([b"abc"], pa.binary(3)), "abc", "abc"),
        (pa.array(["s"], pa.string_view()), "s", "s"),
        (pa.array(["s"], pa.large_string()), "s", "s"),
        (pa.array(np.array([0.5], "f2")), "0.5", decimal.Decimal("0.5")),
        (pa.array(np.array([NAN], "f2")), "nan", "NaN"),
        (pa.array([None]), "", None),
        (pa.array(["[1]"], pa.json_()), "[1]", "[1]"),
    ],
)
def test_types_as_text(column: pa.Array, cell: str, value: object) -> None:
    table = results(c=column)
    assert text_of(table, "csv") == f"c,value,d/dx\n{cell},0.0,0.0\n"
    assert json.loads(text_of(table, "jsonl"), parse_float=decimal.Decimal)["c"] == value


def test_what_has_no_text() -> None:
    interval = pa.array([(1, 2, 3)], pa.month_day_nano_interval())
    with pytest.raises(UsageError, match="column c is of type month_day_nano_interval"):
        encoder("csv", results(c=interval).schema, 2)
    with pytest.raises(UsageError, match="column c holds bytes that are no UTF-8 text"):
        text_of(results(c=pa.array([b"\xff"])), "csv")


@pytest.mark.parametrize(("kind", "compression"), TEXT_FORMATS)
def test_text_files(kind: str, compression: str | None, tmp_path: Path) -> None:
    path = written(tmp_path / "w", kind, CHUNKS, compression)
    assert path.name == f"table.{kind}" + {None: "", "gzip": ".gz", "zstd": ".zst", "bz2": ".bz2"}[compression]
    data = path.read_bytes()
    if compression == "gzip":
        assert data[4:8] == bytes(4)  # no time
        data = gzip.decompress(data)
    elif compression == "bz2":
        data = bz2.decompress(data)
    elif compression == "zstd":
        data = pa.CompressedInputStream(pa.BufferReader(data), "zstd").read()
    assert data.decode() == text_of(pa.concat_tables(CHUNKS), kind)


def test_pieces_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.concat_tables(CHUNKS)
    lines = pa.array(text_of(table.select([0]), "jsonl").splitlines())
    wanted = [text_of(table, kind) for kind in ("csv", "jsonl")] + [text_of(table, "jsonl", lines)]
    monkeypatch.setattr(textout, "PIECE_ROWS", 7)
    assert [text_of(table, kind) for kind in ("csv", "jsonl")] + [text_of(table, "jsonl", lines)] == wanted


# --- Parquet and Arrow


def everything() -> pa.Table:
    """Columns of many types, with nulls."""
    columns = {name: column for name, column in NESTED.items() if "view" not in name and name != "runs"}
    columns |= {
        "half": pa.array(np.array([0.5, 1, 2, 3], "f2")),
        "when": pa.array([DAY, None, DAY, DAY], pa.timestamp("us", "Europe/Berlin")),
        "day": pa.array([DAY.date(), None, DAY.date(), DAY.date()]),
        "decimal": pa.array([decimal.Decimal("1.10"), None, decimal.Decimal("2"), None]),
        "bytes": pa.array([b"\xff", None, b"", b"a"]),
        "bool": pa.array([True, None, False, True]),
        "nothing": pa.nulls(4),
        "dotted.name": pa.array(["a", "a", "a", "a"]),
        "text": pa.array(["a", None, "", "b"], pa.large_string()),
    }
    return results(**columns)


def decoded(table: pa.Table) -> pa.Table:
    for name, kind in (("coded", pa.string()), ("codes", pa.float64()), ("coded list", pa.list_(pa.string()))):
        table = table.set_column(table.schema.get_field_index(name), name, table.column(name).cast(kind))
    return table


def assert_same(found: pa.Table, wanted: pa.Table) -> None:
    assert found.schema.equals(wanted.schema)
    assert repr(found.to_pylist()) == repr(wanted.to_pylist())  # a NaN is not equal to itself


def test_parquet_keeps_every_type_and_a_row_group_a_chunk(tmp_path: Path) -> None:
    table = everything().replace_schema_metadata({"pandas": "{}"})
    path = written(tmp_path / "w", "parquet", [table, table.slice(1, 2), table.slice(0, 0), table])
    file = pq.ParquetFile(path)
    assert_same(file.read(), decoded(pa.concat_tables([table, table.slice(1, 2), table])))
    assert [file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)] == [4, 2, 4]
    assert file.metadata.num_rows == 10
    assert b"pandas" not in (file.schema_arrow.metadata or {})
    assert file.read_row_group(1, columns=["text"]).column(0).to_pylist() == [None, ""]
    assert file.metadata.row_group(2).column(0).statistics is not None
    file.close()


def test_what_parquet_cannot_hold(tmp_path: Path) -> None:
    interval = results(a=[1], c=pa.array([(1, 2, 3)], pa.month_day_nano_interval()))
    with pytest.raises(UsageError, match="column c is of type month_day_nano_interval, which Parquet cannot hold"):
        open_writer("parquet", None, str(tmp_path), interval.schema, 2, None)
    views = results(c=pa.array(["a", None], pa.string_view()))
    assert pq.read_table(written(tmp_path, "parquet", [views]))["c"].to_pylist() == ["a", None]


def test_parquet_reads_with_polars(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    path = written(tmp_path / "w", "parquet", CHUNKS)
    assert polars.read_parquet(path).equals(polars.from_arrow(pa.concat_tables(CHUNKS)))
    whole = pa.concat_tables(CHUNKS)
    wanted = whole.filter(pc.greater(whole["x"], 0)).num_rows
    assert polars.scan_parquet(path).filter(polars.col("x") > 0).collect().height == wanted


def test_how_many_values_parquet_encodes_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many numbers, to the same bytes; of long texts fewer, because a page ends only behind such a part."""
    numbers = pa.table({"x": np.random.default_rng(1).uniform(size=200_000), "y": np.arange(200_000) % 7})
    longest = pa.table({"s": ["x" * 10_000] * 20, "x": np.arange(20.0)})
    assert (parquetout.at_a_time(numbers), parquetout.at_a_time(longest)) == (65536, 1024)
    assert parquetout.at_a_time(pa.table({"s": ["x" * 100] * 20})) == 2**19 // 104
    long = Path(written(tmp_path / "a", "parquet", [numbers])).read_bytes()
    monkeypatch.setattr(parquetout, "MOST", 1024)
    assert Path(written(tmp_path / "b", "parquet", [numbers])).read_bytes() == long


def test_parquet_of_repeated_values_is_small(tmp_path: Path) -> None:
    count = 100_000
    rng = np.random.default_rng(0)
    repeated = pa.table({"x": rng.integers(0, 5, count) * 0.1, "value": np.full(count, 2.5), "d/dx": rng.random(count)})
    path = written(tmp_path / "w", "parquet", [repeated])
    columns = pq.read_metadata(path).row_group(0)
    assert [columns.column(k).has_dictionary_page for k in range(3)] == [True, True, False]
    assert columns.column(1).total_compressed_size < 1000
    assert pq.read_table(path).equals(repeated)


def test_arrow_keeps_every_type_and_a_batch_a_chunk(tmp_path: Path) -> None:
    table = everything()
    path = written(tmp_path / "w", "arrow", [table, table.slice(1, 2), table])
    with ipc.open_file(path) as file:
        assert [file.get_batch(k).num_rows for k in range(file.num_record_batches)] == [4, 2, 4]
        assert_same(file.read_all(), decoded(pa.concat_tables([table, table.slice(1, 2), table])))


def test_chunks_of_many_pieces_are_one(tmp_path: Path) -> None:
    table = pa.concat_tables([CHUNKS[0], CHUNKS[2]])
    assert table["x"].num_chunks == 2
    assert pq.ParquetFile(written(tmp_path / "p", "parquet", [table])).num_row_groups == 1
    with ipc.open_file(written(tmp_path / "a", "arrow", [table])) as file:
        assert file.num_record_batches == 1


@pytest.mark.parametrize("tables", [[], [CHUNKS[0].slice(0, 0)]])
def test_a_table_without_rows(tables: list[pa.Table], tmp_path: Path) -> None:
    def empty(kind: str) -> str:
        folder = tmp_path / kind
        folder.mkdir()
        writer = open_writer(kind, None, str(folder), SCHEMA, 2, None)
        for table in tables:
            writer.append(table, None)
        return writer.finish()

    assert pq.read_table(empty("parquet")).equals(SCHEMA.empty_table())
    with ipc.open_file(empty("arrow")) as file:
        assert file.read_all().equals(SCHEMA.empty_table())
    with np.load(empty("npz")) as arrays:
        assert {name: len(arrays[name]) for name in arrays} == dict.fromkeys(SCHEMA.names, 0)
    assert Path(empty("csv")).read_text() == "x,name,n,value,d/dx\n"
    assert Path(empty("jsonl")).read_text() == ""


# --- NPZ


def test_npz_reads_with_numpy(tmp_path: Path) -> None:
    path = written(tmp_path / "w", "npz", CHUNKS)
    whole = pa.concat_tables(CHUNKS)
    with np.load(path, allow_pickle=False) as arrays:
        assert list(arrays) == SCHEMA.names
        for name in SCHEMA.names:
            wanted = np.array(whole[name].to_pylist()) if name == "name" else whole[name].to_numpy()
            assert arrays[name].dtype == wanted.dtype
            assert np.array_equal(arrays[name], wanted)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {(i.date_time, i.compress_type) for i in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), 0)}
    assert os.listdir(path.parent) == ["table.npz"] or set(os.listdir(path.parent)) == {"table.npz", "done"}


def test_npz_types(tmp_path: Path) -> None:
    table = results(
        day=pa.array([DAY.date(), None]),
        day64=pa.array([DAY.date(), None], pa.date64()),
        when=pa.array([DAY, None], pa.timestamp("ms")),
        lasting=pa.array([7, None], pa.duration("s")),
        half=pa.array(np.array([0.5, 1], "f2")),
        single=pa.array([0.5, None], pa.float32()),
        small=pa.array([1, 2], pa.uint8()),
        flag=pa.array([True, False]),
        text=pa.array(["é😀", None]),
        coded=pa.array(["u", "v"]).dictionary_encode(),
        decimal=pa.array([decimal.Decimal("1.10"), None]),
        **{"../up": pa.array([1, 2])},
    )
    with np.load(written(tmp_path / "w", "npz", [table, table.slice(1), table.slice(0, 1)])) as arrays:
        order = [0, 1, 1, 0]
        nat = np.datetime64("NaT")
        day = np.datetime64("2020-01-02")
        wanted = {
            "day": np.array([day, nat], "M8[D]"),
            "day64": np.array([day, nat], "M8[D]"),
            "when": np.array([np.datetime64("2020-01-02T03:04:05"), nat], "M8[ms]"),
            "lasting": np.array([7, np.timedelta64("NaT")], "m8[s]"),
            "half": np.array([0.5, 1], "f2"),
            "single": np.array([0.5, NAN], "f4"),
            "small": np.array([1, 2], "u1"),
            "flag": np.array([True, False]),
            "text": np.array(["é😀", ""]),
            "coded": np.array(["u", "v"]),
            "decimal": np.array(["1.10", ""]),
            "../up": np.array([1, 2]),
        }
        for name, values in wanted.items():
            assert arrays[name].dtype == values.dtype, name
            assert np.array_equal(arrays[name], values[order], equal_nan=values.dtype.kind in "fmM"), name


@settings(deadline=None)
@given(texts=st.lists(st.text(), max_size=30))
def test_any_text_comes_back_from_npz(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    table = results(a=pa.array(texts, pa.string()))
    with np.load(written(tmp_path_factory.mktemp("npz"), "npz", [table, table])) as arrays:
        # NumPy's own texts end before the zeros at their end.
        assert arrays["a"].tolist() == [text.rstrip("\0") for text in texts * 2]


def test_what_npz_cannot_hold(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"column c is of type list<.*>, which NPZ cannot hold"):
        written(tmp_path / "a", "npz", [results(c=[[1.0]])])
    with pytest.raises(UsageError, match="column n has a null"):
        written(tmp_path / "b", "npz", [results(n=[1, None])])
    with pytest.raises(UsageError, match="column b has a null, which NPZ cannot hold among truth values"):
        written(tmp_path / "c", "npz", [results(b=[True, None])])


# --- killed and gone on with


def lines_of(kind: str, table: pa.Table) -> pa.Array | None:
    return pa.array(text_of(table.select([0, 1]), "jsonl").split("\n")[:-1], pa.string()) if kind == "lines" else None


def wrecked(folder: Path, to: Path) -> Path:
    """What is on the disk right now, with half of something at the end of every file."""
    shutil.copytree(folder, to)
    for path in to.iterdir():
        with open(path, "ab") as file:
            file.write(b"PAR1 half of a chunk \xff\n" * 7)
    return to


@pytest.mark.parametrize(("kind", "compression"), [*FORMATS, ("lines", None)])
def test_a_killed_run_ends_with_the_same_bytes(kind: str, compression: str | None, tmp_path: Path) -> None:
    form = "jsonl" if kind == "lines" else kind
    plain = tmp_path / "plain"
    plain.mkdir()
    writer = open_writer(form, compression, str(plain), SCHEMA, 2, None)
    for table in CHUNKS:
        writer.append(table, lines_of(kind, table))
    wanted = Path(writer.finish()).read_bytes()
    for first in range(len(CHUNKS) + 1):
        folder = tmp_path / f"{first}-start"
        folder.mkdir()
        state = None
        # Killed with `first` chunks done and then again and again, each time in the midst of the chunks that follow.
        for done in range(first, len(CHUNKS) + 1):
            writer = open_writer(form, compression, str(folder), SCHEMA, 2, state)
            for table in CHUNKS[0 if state is None else done - 1 : done]:
                writer.append(table, lines_of(kind, table))
            state = json.loads(json.dumps(writer.state()))
            for table in CHUNKS[done:]:
                writer.append(table, lines_of(kind, table))
            folder = wrecked(folder, tmp_path / f"{first}-{done}")
            writer.close()
        writer = open_writer(form, compression, str(folder), SCHEMA, 2, state)
        assert Path(writer.finish()).read_bytes() == wanted
        writer.close()


@pytest.mark.parametrize(("kind", "compression"), FORMATS)
def test_a_run_killed_after_its_end_ends_again(kind: str, compression: str | None, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    folder.mkdir()
    writer = open_writer(kind, compression, str(folder), SCHEMA, 2, None)
    for table in CHUNKS:
        writer.append(table, None)
    state = writer.state()
    wanted = Path(writer.finish()).read_bytes()
    for _ in range(2):
        again = open_writer(kind, compression, str(folder), SCHEMA, 2, state)
        assert again.state() == state
        assert Path(again.finish()).read_bytes() == wanted


@pytest.mark.parametrize("members", range(len(SCHEMA)))
@pytest.mark.parametrize("when", ["in the member", "before its raw file is gone"])
def test_npz_killed_while_it_ends(members: int, when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gradcli.tables.npzout import NpzWriter

    wanted = written(tmp_path / "plain", "npz", CHUNKS).read_bytes()
    folder = tmp_path / "w"
    folder.mkdir()
    writer = open_writer("npz", None, str(folder), SCHEMA, 2, None)
    for table in CHUNKS:
        writer.append(table, None)
    state = writer.state()
    name = "_add_member" if when == "in the member" else "_remove"
    real = getattr(NpzWriter, name)
    left = [members]

    def stop(self: NpzWriter, *arguments: object) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(self, *arguments)

    monkeypatch.setattr(NpzWriter, name, stop)
    with pytest.raises(KeyboardInterrupt):
        writer.finish()
    monkeypatch.undo()
    if (folder / "table.npz").exists():
        with open(folder / "table.npz", "r+b") as file:  # the directory at the end is overwritten by half a member
            file.seek(-30, os.SEEK_END)
            file.write(b"half of a member " * 10)
    again = open_writer("npz", None, str(folder), SCHEMA, 2, state)
    assert Path(again.finish()).read_bytes() == wanted


CHILD = """
import json, os, signal, sys
import numpy as np, pyarrow as pa
sys.path.insert(0, sys.argv[2])
from test_tables_writing import CHUNKS, FORMATS, SCHEMA
from test_tables_writing import open_writer
states, writers = {}, []
for kind, compression in FORMATS:
    folder = os.path.join(sys.argv[1], f"{kind}-{compression}")
    os.mkdir(folder)
    writers.append(open_writer(kind, compression, folder, SCHEMA, 2, None))
    for table in CHUNKS[:3]:
        writers[-1].append(table, None)
    states[folder] = writers[-1].state()
    writers[-1].append(CHUNKS[0], None)
with open(os.path.join(sys.argv[1], "states"), "w") as file:
    json.dump(states, file)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_is_killed(tmp_path: Path) -> None:
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": str(here.parent)}
    done = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path), str(here)], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    states = json.loads((tmp_path / "states").read_text())
    for kind, compression in FORMATS:
        folder = str(tmp_path / f"{kind}-{compression}")
        writer = open_writer(kind, compression, folder, SCHEMA, 2, states[folder])
        for table in CHUNKS[3:]:
            writer.append(table, None)
        found = Path(writer.finish()).read_bytes()
        assert found == written(tmp_path / f"plain-{kind}-{compression}", kind, CHUNKS, compression).read_bytes()


@pytest.mark.parametrize("done", range(3))
def test_arrow_killed_while_it_is_taken_up_again(done: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many of the batches that are there, and once more."""
    from gradcli.tables.arrowout import ArrowWriter

    (tmp_path / "w").mkdir()
    writer = open_writer("arrow", None, str(tmp_path / "w"), SCHEMA, 2, None)
    for table in CHUNKS[:4]:
        writer.append(table, None)
    state = writer.state()
    writer.close()
    real = ArrowWriter._write
    left = [done]

    def stop(self: ArrowWriter, batch: object) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(self, batch)

    monkeypatch.setattr(ArrowWriter, "_write", stop)
    for left[0] in (done, 0):
        with pytest.raises(KeyboardInterrupt):
            open_writer("arrow", None, str(tmp_path / "w"), SCHEMA, 2, state)
    monkeypatch.undo()
    again = open_writer("arrow", None, str(tmp_path / "w"), SCHEMA, 2, state)
    for table in CHUNKS[4:]:
        again.append(table, None)
    assert Path(again.finish()).read_bytes() == written(tmp_path / "plain", "arrow", CHUNKS).read_bytes()
    assert [path.name for path in (tmp_path / "w").iterdir()] == ["table.arrow"]


@pytest.mark.parametrize(("kind", "compression"), FORMATS)
def test_a_state_does_not_grow(kind: str, compression: str | None, tmp_path: Path) -> None:
    writer = open_writer(kind, compression, str(tmp_path), SCHEMA, 2, None)
    for table in CHUNKS * 5:
        writer.append(table, None)
    assert len(json.dumps(writer.state())) < 100
    writer.close()


@pytest.mark.parametrize("kind", ["csv", "parquet", "arrow", "npz"])
def test_a_folder_that_lost_its_files(kind: str, tmp_path: Path) -> None:
    writer = open_writer(kind, None, str(tmp_path), SCHEMA, 2, None)
    writer.append(CHUNKS[0], None)
    state = writer.state()
    writer.close()
    victim = max(tmp_path.iterdir(), key=lambda path: path.stat().st_size)
    for harm in (lambda: os.truncate(victim, victim.stat().st_size - 1), victim.unlink):
        harm()
        with pytest.raises(UsageError, match="cannot be taken up again"):
            open_writer(kind, None, str(tmp_path), SCHEMA, 2, state)


@pytest.mark.parametrize(("kind", "compression"), FORMATS)
def test_files_that_differ(kind: str, compression: str | None, tmp_path: Path) -> None:
    writer = open_writer(kind, compression, str(tmp_path), results(n=[1]).schema, 2, None)
    writer.append(results(n=[1]), None)
    writer.append(results(n=[2.0]), None)
    with pytest.raises(UsageError, match="column n is of type double here, and its values do not fit int64"):
        writer.append(results(n=[2.5]), None)
    writer.close()


def test_a_new_run_in_an_old_folder(tmp_path: Path) -> None:
    for kind, compression in FORMATS:
        folder = tmp_path / f"{kind}-{compression}"
        first = written(folder, kind, CHUNKS, compression).read_bytes()
        assert written(folder, kind, CHUNKS, compression).read_bytes() == first


# --- a disk that is full, a folder that cannot be written

FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")


@FULL
@pytest.mark.parametrize(("kind", "compression"), FORMATS)
def test_a_full_disk(kind: str, compression: str | None, tmp_path: Path) -> None:
    def fill() -> None:
        writer = open_writer(kind, compression, str(tmp_path), SCHEMA, 2, None)
        state = writer.state()
        writer.append(CHUNKS[2], None)
        writer.close()
        names = [path for path in tmp_path.iterdir() if path.name.startswith(("table", "column"))]
        for path in names:
            path.unlink()
            path.symlink_to("/dev/full")
        # From the start: nothing to cut back in a device.
        writer = open_writer(kind, compression, str(tmp_path), SCHEMA, 2, None if kind != "parquet" else state)
        try:
            writer.append(CHUNKS[2], None)
            writer.finish()
        finally:
            writer.close()

    with pytest.raises(OSError, match="No space left") as caught:
        fill()
    assert caught.value.errno == errno.ENOSPC


LIMITED = """
import gc, os, resource, sys, warnings
warnings.simplefilter("error")
sys.path.insert(0, sys.argv[2])
from test_tables_writing import FORMATS, SCHEMA, chunk, open_writer
big = chunk(1, 20000)
def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
for kind, compression in [*FORMATS, ("npz", "at its end")]:
    ending, compression = compression == "at its end", None if kind == "npz" else compression
    folder = os.path.join(sys.argv[1], f"{kind}-{compression}-{ending}")
    os.mkdir(folder)
    writer = open_writer(kind, compression, folder, SCHEMA, 2, None)
    writer.append(big, None)
    state = writer.state()
    writer.append(big, None)
    if ending:
        writer.append(big, None)
        state = writer.state()
    limit(max(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)) + 1000)
    try:
        if not ending:
            writer.append(big, None)
        writer.finish()
    except OSError as error:
        print(error.errno)
    writer.close()
    writer.close()
    del writer
    gc.collect()
    limit(resource.RLIM_INFINITY)
    writer = open_writer(kind, compression, folder, SCHEMA, 2, state)
    for _ in range(0 if ending else 2):
        writer.append(big, None)
    os.replace(writer.finish(), folder + ".whole")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit of a file's size to set")
def test_a_disk_that_fills_in_a_chunk(tmp_path: Path) -> None:
    """Half of a chunk is written when the room ends; with room again, the run goes on."""
    here = Path(__file__).parent
    command = [sys.executable, "-X", "dev", "-c", LIMITED, str(tmp_path), str(here)]
    environment = {**os.environ, "PYTHONPATH": str(here.parent)}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.split() == [str(errno.EFBIG)] * (len(FORMATS) + 1)
    big = [chunk(1, 20000)] * 3
    for kind, compression in FORMATS:
        wanted = written(tmp_path / "plain", kind, big, compression).read_bytes()
        assert (tmp_path / f"{kind}-{compression}-False.whole").read_bytes() == wanted
        if kind == "npz":
            assert (tmp_path / "npz-None-True.whole").read_bytes() == wanted


@pytest.mark.parametrize(("kind", "compression"), FORMATS)
def test_no_folder(kind: str, compression: str | None, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_writer(kind, compression, str(tmp_path / "none"), SCHEMA, 2, None)


def test_npz_of_texts_that_would_fill_the_disk(tmp_path: Path) -> None:
    table = pa.table({"t": ["a"] * 100_000 + ["b" * 100_000]})
    writer = open_writer("npz", None, str(tmp_path), table.schema, 0)
    with pytest.raises(
        UsageError, match=r"column t would take 40\.0 GB in NPZ: one of its texts has 100,000 characters"
    ):
        writer.append(table)
    writer.close()
