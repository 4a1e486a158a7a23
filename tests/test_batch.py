"""`gradcli batch`: tables in, tables out, whole or not at all."""

from __future__ import annotations

import csv
import gzip
import json
import math
import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from cli import gradcli
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.batch import outcome, partial, target
from gradcli.batch.outcome import Moments, Outcome, Tally
from gradcli.batch.sums import moments
from gradcli.errors import UsageError
from gradcli.tables import chunk
from gradcli.tables.formats import FORMATS

TABLE = 'id,x,y,when,note\n007,1.10,2,2024-01-01,plain\n008,-4,3,2024-01-02,"a, b"\n009,0,4.5e0,,"say ""hi"""\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text(TABLE)
    return tmp_path


def batch(*argv: str, stdin: bytes = b"", status: int = 0):
    result = gradcli("batch", *argv, stdin=stdin)
    assert result.status == status, result.err
    return result


def columns(path: str) -> dict[str, list]:
    """The columns of a file, read by something that is not ours."""
    kind = path.rpartition(".")[2]
    if kind == "parquet":
        return pyarrow.parquet.read_table(path).to_pydict()
    if kind == "arrow":
        return pyarrow.feather.read_table(path).to_pydict()
    if kind == "npz":
        with np.load(path) as found:
            return {name: found[name].tolist() for name in found.files}
    with open(path, newline="", encoding="utf-8") as file:
        if kind == "jsonl":
            rows = [json.loads(line) for line in file]
        else:
            rows = list(csv.DictReader(file, delimiter=FORMATS[kind].delimiter))
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_the_columns_of_the_input_keep_their_text():
    assert batch("x*y", "a.csv").out == (
        "id,x,y,when,note,value,d/dx,d/dy\n"
        "007,1.10,2,2024-01-01,plain,2.2,2.0,1.1\n"
        '008,-4,3,2024-01-02,"a, b",-12.0,3.0,-4.0\n'
        '009,0,4.5e0,,"say ""hi""",0.0,4.5,0.0\n'
    )


@pytest.mark.parametrize("source", FORMATS)
@pytest.mark.parametrize("kind", FORMATS)
def test_from_every_format_to_every_other(source, kind):
    if source != "csv":
        batch("x + y", "a.csv", "-o", f"b.{source}", "--prefix", "_")
        batch("x*y", f"b.{source}", "-o", f"c.{kind}")
    else:
        batch("x*y", "a.csv", "-o", f"c.{kind}")
    found = columns(f"c.{kind}")
    assert [float(v) for v in found["value"]] == [1.10 * 2, -12, 0]
    assert [float(v) for v in found["d/dx"]] == [2, 3, 4.5]
    assert [float(v) for v in found["x"]] == [1.1, -4, 0]
    assert list(found["id"]) == ["007", "008", "009"]
    assert list(found["note"]) == ["plain", "a, b", 'say "hi"']
    if FORMATS[kind].typed:
        assert all(isinstance(v, float | int) for name in ("x", "y", "value") for v in found[name])
    if not (FORMATS[kind].typed or FORMATS[source].typed):
        assert found["x"] == ["1.10", "-4", "0"]


def test_json_lines_stay_as_they_are():
    Path("a.jsonl").write_text('{"x": 1.10, "deep": {"k": [1, 007.0]}}\n'.replace("007.0", "7.00") + '{ "x":2e0 }\n')
    assert batch("x**2", "a.jsonl").out == (
        '{"x": 1.10, "deep": {"k": [1, 7.00]}, "value": 1.2100000000000002, "d/dx": 2.2}\n'
        '{ "x":2e0, "value": 4.0, "d/dx": 4.0}\n'
    )


def test_numbers_of_json_lines_keep_their_text():
    Path("a.jsonl").write_text('{"x": 1.10, "k": 007e0, "y": 130}\n'.replace("007e0", "7e0"))
    assert batch("x*y", "a.jsonl", "--to", "csv").out == "x,k,y,value,d/dx,d/dy\n1.10,7e0,130,143.0,130.0,1.1\n"


def test_what_grad_prints_is_a_table():
    lines = gradcli("grad", "x*y", "--at", "x=2,y=3", "--at", "x=4,y=5", "--json").out.encode()
    found = batch("x + y", "-", "--only", "--to", "csv", stdin=lines)
    assert found.out == "value,d/dx,d/dy\n5.0,1.0,1.0\n9.0,1.0,1.0\n"


def test_names_and_what_is_left_out():
    head = batch("x*y*k", "a.csv", "--at", "k=2", "--wrt", "k,x", "--only", "--names", "value=v,d/dk=slope").out
    assert head.splitlines()[0] == "v,slope,d/dx"
    assert batch("x", "a.csv", "--only", "--prefix", "f ").out.splitlines()[0] == "f value,f d/dx"
    Path("v.csv").write_text("x,value\n3,1\n")
    assert "has a column value already" in batch("x", "v.csv", status=2).err
    assert batch("x", "v.csv", "--prefix", "p_").out == "x,value,p_value,p_d/dx\n3,1,3.0,1.0\n"


def test_columns_with_names_that_are_no_variables():
    Path("w.csv").write_text("sepal length (cm),π\n4,1\n")
    found = batch("s**2*pi", "w.csv", "--column", "s=sepal length (cm)", "--only")
    assert found.out == f"value,d/ds\n{16 * math.pi!r},{8 * math.pi!r}\n"
    found = batch("s**2*π", "w.csv", "--column", "s=sepal length (cm)", "--only")
    assert found.out == "value,d/ds,d/dπ\n16.0,8.0,16.0\n"
    assert "π is a column here, not the constant" in found.err


def test_many_tables_into_one_and_into_a_folder():
    os.mkdir("in")
    for k in range(3):
        Path(f"in/t{k}.csv").write_text(f"x\n{k}\n{k + 10}\n")
    batch("x**2", "in/t*.csv", "-o", "one.csv")
    assert columns("one.csv")["value"] == ["0.0", "100.0", "1.0", "121.0", "4.0", "144.0"]
    batch("x**2", "in", "-o", "out/", "--to", "parquet")
    assert sorted(os.listdir("out")) == ["t0.parquet", "t1.parquet", "t2.parquet"]
    assert columns("out/t1.parquet") == {"x": [1, 11], "value": [1, 121], "d/dx": [2, 22]}
    assert "out/t0.parquet exists already" in batch("x", "in", "-o", "out/", "--to", "parquet", status=2).err
    os.remove("out/t2.parquet")
    batch("x**2", "in", "-o", "out/", "--to", "parquet", "--resume")
    assert columns("out/t2.parquet")["value"] == [4, 144]


def test_folders_may_be_uris():
    os.mkdir("in")
    for k in range(3):
        Path(f"in/{k}.csv").write_text(f"x\n{k}\n")
    batch("x**2", "in", "-o", f"file://{os.getcwd()}/out/")
    assert sorted(os.listdir("out")) == ["0.csv", "1.csv", "2.csv"]


def test_a_folder_knows_of_which_run_its_files_are():
    os.mkdir("in")
    for name, text in {"a": "x\n1\n", "b": "x\nbad\n2\n", "c": "x\nno\n"}.items():
        Path(f"in/{name}.csv").write_text(text)
    batch("x**2", "in", "-o", "out/", status=2)
    assert sorted(os.listdir("out")) == [".gradcli-batch.jsonl", "a.csv"]
    assert (
        "out/a.csv is of another run: not the same query" in batch("x**3", "in", "-o", "out/", "--resume", status=2).err
    )
    os.remove("in/c.csv")
    Path("in/c.csv").write_text("x\n3\n")
    batch("x**2", "in", "-o", "out/", "--on-error", "nan", "--force", status=1)
    assert sorted(os.listdir("out")) == ["a.csv", "b.csv", "c.csv"]
    Path("in/d.csv").write_text("y\n3\n")
    os.remove("out/c.csv")
    batch("x**2", "in", "-o", "out/", "--on-error", "nan", "--force", status=2)
    os.remove("in/d.csv")
    found = batch("x**2", "in", "-o", "out/", "--on-error", "nan", "--resume", status=1)
    assert "1 of 4 rows has no number and gives NaN: in/b.csv, row 1" in found.err
    assert sorted(os.listdir("out")) == ["a.csv", "b.csv", "c.csv"]


def test_a_table_of_another_shape_is_an_error():
    Path("b.csv").write_text("x,y\n1,2\n")
    assert "b.csv has no column id" in batch("x*y", "a.csv", "b.csv", "-o", "c.csv", status=2).err
    assert sorted(os.listdir()) == ["a.csv", "b.csv"]


def test_rows_outside_the_domain_are_told_once():
    found = batch("sqrt(x)", "a.csv", "-o", "b.csv")
    assert found.err == (
        "note: 1 of 3 rows is NaN: a.csv, row 2, x=-4\n  sqrt is not defined at -4: NaN\n  sqrt(x)\n  ^^^^^^^\n"
        "note: 1 of 3 rows is not finite: a.csv, row 3, x=0\n  sqrt has an infinite slope at 0\n  sqrt(x)\n  ^^^^^^^\n"
        "wrote b.csv: 3 rows, each with value and d/dx\n"
    )
    assert columns("b.csv")["d/dx"] == [repr(0.5 / math.sqrt(1.1)), "nan", "inf"]


def test_the_end_tells_what_was_written():
    def told(*argv):
        return gradcli("batch", "a*x", *argv).err.splitlines()[-1:]

    Path("t.csv").write_text("a,x\n1,2\n3,4\n,5\n")
    skip = ("t.csv", "--on-error", "skip")
    by_x = ("--wrt", "x", "--prefix", "p_")
    assert told(*skip, "-o", "w.csv", *by_x) == ["wrote w.csv: 2 rows, each with p_value and p_d/dx"]
    assert told("t.csv", "--on-error", "nan", "-o", "n.csv") == ["wrote n.csv: 3 rows, each with value, d/da and d/dx"]
    assert told(*skip, "-o", "s.jsonl", "--accumulate") == ["wrote s.jsonl: the sums of 2 rows"]
    assert told(*skip, "-o", "s2.csv", "--stats") == ["wrote s2.csv: the statistics of 2 rows"]
    assert not any("wrote" in line for line in told(*skip))
    assert told(*skip, "-o", "q.csv", "--quiet") == []


BAD = "x,y\n1,2\n1,2,3\n4,x\n5,\n6,7\n"


def test_a_bad_row_stops_the_run():
    for text, why in {
        "x,y\n1,2\n4,x\n": 'b.csv, row 2, column y: "x" is not a number',
        "x,y\n1,2\n4,\n": "b.csv, row 2, column y: the number is missing",
        "x,y\n1,2\n4\n": "b.csv, row 2 has 1 cell, the header has 2",
    }.items():
        Path("b.csv").write_text(text)
        assert why in batch("x*y", "b.csv", "-o", "c.csv", status=2).err
        assert sorted(os.listdir()) == ["a.csv", "b.csv"]


def test_bad_rows_are_counted_where_they_may_be():
    Path("b.csv").write_text(BAD)
    found = batch("x*y", "b.csv", "--on-error", "nan", status=1)
    assert found.out == "x,y,value,d/dx,d/dy\n1,2,2.0,2.0,1.0\n4,x,nan,nan,nan\n5,,nan,nan,nan\n6,7,42.0,7.0,6.0\n"
    assert found.err == (
        'note: 2 of 5 rows have no number and give NaN, first: b.csv, row 3, column y: "x" is not a number\n'
        "note: 1 of 5 rows is left out: b.csv, row 2 has 3 cells, the header has 2\n"
    )
    assert batch("x*y", "b.csv", "--on-error", "nan", "--accumulate", "--json", status=1).out == (
        '{"points": 2, "value": 44.0, "grad": {"x": 9.0, "y": 7.0}}\n'
    )


def test_a_lost_row_keeps_its_other_numbers():
    Path("b.csv").write_text("x,y\n1,5\nbad,7\n3,\n")
    batch("x*y", "b.csv", "-o", "b.parquet", "--on-error", "nan", status=1)
    found = columns("b.parquet")
    assert (found["x"], found["y"]) == ([1, None, 3], [5, 7, None])
    assert [math.isnan(v) for v in found["value"]] == [False, True, True]


def test_values_are_not_changed_to_fit_the_first_table():
    for first, other in (
        (pa.array([1]), pa.array(["007"])),
        (pa.array([0.5]), pa.array(["1.10"])),
        (pa.array([True]), pa.array([7])),
        (pa.array([0.5], pa.float32()), pa.array([0.1])),
        (pa.array([0.5]), pa.array([2**53 + 1])),
        (pa.array(["a"]), pa.array([1.0])),
    ):
        pyarrow.parquet.write_table(pa.table({"x": [1.0], "k": first}), "1.parquet")
        pyarrow.parquet.write_table(pa.table({"x": [2.0], "k": other}), "2.parquet")
        found = batch("x", "1.parquet", "2.parquet", "-o", "b.parquet", status=2)
        assert f"2.parquet: column k is {other.type}, the first table's is {first.type}" in found.err
    pyarrow.parquet.write_table(pa.table({"x": [1.0], "k": [7]}), "1.parquet")
    pyarrow.parquet.write_table(pa.table({"x": [2], "k": pa.array([8], pa.int8())}), "2.parquet")
    batch("x", "1.parquet", "2.parquet", "-o", "b.parquet")
    assert columns("b.parquet")["k"] == [7, 8]


def test_categories_of_polars():
    views = pa.DictionaryArray.from_arrays(pa.array([1, 0, 1]), pa.array(["u", "v"], pa.string_view()))
    with (
        pa.OSFile("p.arrow", "wb") as file,
        pa.ipc.new_file(file, pa.schema([("x", "double"), ("c", views.type)])) as out,
    ):
        out.write_table(pa.table({"x": [1.0, 2.0, 3.0], "c": views}))
    assert batch("x", "p.arrow", "--to", "csv").out == "x,c,value,d/dx\n1.0,v,1.0,1.0\n2.0,u,2.0,1.0\n3.0,v,3.0,1.0\n"
    for kind in ("parquet", "arrow", "npz", "jsonl"):
        batch("x", "p.arrow", "-o", f"b.{kind}")
        assert list(columns(f"b.{kind}")["c"]) == ["v", "u", "v"]


def test_what_comes_through_a_pipe_may_be_compressed():
    assert (
        batch("x", "-", "--only", stdin=gzip.compress(TABLE.encode())).out == "value,d/dx\n1.1,1.0\n-4.0,1.0\n0.0,1.0\n"
    )
    assert batch("x", "a.csv", "-", "--only", stdin=TABLE.encode()).out.count("-4.0") == 2


def test_keys_that_the_first_json_line_lacks():
    Path("b.jsonl").write_text('{"x": 1, "k": "a"}\n{"x": 2, "lat": 51.5}\n')
    assert "b.jsonl, row 2 has a key lat that the first row lacks" in batch("x", "b.jsonl", "--to", "csv", status=2).err
    assert '"lat": 51.5, "value": 2.0' in batch("x", "b.jsonl").out


def test_an_output_is_not_replaced_by_accident():
    batch("x", "a.csv", "-o", "b.csv")
    before = Path("b.csv").read_bytes()
    assert "b.csv exists already" in batch("x*y", "a.csv", "-o", "b.csv", status=2).err
    assert Path("b.csv").read_bytes() == before
    assert "b.csv is there already and left as it is" in batch("x", "a.csv", "-o", "b.csv", "--resume").err
    batch("x*y", "a.csv", "-o", "b.csv", "--force")
    assert columns("b.csv")["value"] == ["2.2", "-12.0", "0.0"]


def test_a_table_without_rows():
    Path("e.csv").write_text("x,y\n")
    assert batch("x*y", "e.csv").out == "x,y,value,d/dx,d/dy\n"
    for kind in FORMATS:
        batch("x*y", "e.csv", "-o", f"e2.{kind}")
    assert columns("e2.parquet") == {"x": [], "y": [], "value": [], "d/dx": [], "d/dy": []}
    assert (
        batch("x*y", "e.csv", "--accumulate", "--json").out
        == '{"points": 0, "value": 0.0, "grad": {"x": 0.0, "y": 0.0}}\n'
    )


def test_float32():
    batch("x*y", "a.csv", "-o", "b.parquet", "--float32")
    found = pyarrow.parquet.read_table("b.parquet")
    assert found.schema.field("value").type == pa.float32()
    assert found["value"].to_pylist()[0] == float(np.float32(1.1) * np.float32(2))


# --- sums


def test_accumulate_is_the_sum_rounded_once():
    rng = np.random.default_rng(3)
    x, y = rng.normal(0, 1e8, 100_000), rng.normal(0, 1e-8, 100_000)
    np.savez("n.npz", x=x, y=y)
    found = json.loads(batch("x*y + x", "n.npz", "--accumulate", "--json").out)
    assert found["points"] == len(x)
    assert found["value"] == math.fsum((x * y + x).tolist())
    assert found["grad"] == {"x": math.fsum((y + 1).tolist()), "y": math.fsum(x.tolist())}


def test_sums_in_a_file():
    printed = batch("x*y", "a.csv", "--accumulate", "--json").out
    batch("x*y", "a.csv", "--accumulate", "-o", "s.json")
    assert Path("s.json").read_text() == printed
    batch("x*y", "a.csv", "--accumulate", "-o", "s.parquet")
    sums = json.loads(printed)
    by = sums["grad"]
    assert columns("s.parquet") == {"points": [3], "value": [sums["value"]], "d/dx": [by["x"]], "d/dy": [by["y"]]}
    batch("x*y", "a.csv", "--stats", "-o", "t.csv")
    assert columns("t.csv")["max"] == ["2.2", "4.5", "1.1"]
    assert "s.json exists already" in batch("x*y", "a.csv", "--stats", "-o", "s.json", status=2).err


def test_stats():
    import statistics

    Path("s.csv").write_text("x\n" + "\n".join(str(v) for v in (3, 1, 4, 1, 5, 9, 2, 6)) + "\n-1\n")
    found = json.loads(batch("sqrt(x)", "s.csv", "--stats", "--json").out)
    roots = [math.sqrt(v) for v in (3, 1, 4, 1, 5, 9, 2, 6)]
    value = found["stats"]["value"]
    assert (found["points"], value["count"], value["nan"]) == (9, 8, 1)
    assert (value["min"], value["max"]) == (1.0, 3.0)
    assert math.isclose(value["mean"], statistics.fmean(roots), rel_tol=1e-15)
    assert math.isclose(value["std"], statistics.stdev(roots), rel_tol=1e-14)
    assert batch("sqrt(x)", "s.csv", "--stats").out.splitlines()[0].split() == [
        "count",
        "nan",
        "mean",
        "std",
        "min",
        "max",
    ]


numbers = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(numbers, max_size=30), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_moments_merge_in_any_order(parts, random):
    merged = [moments(np.array(part)) for part in parts]
    random.shuffle(merged)
    found = merged[0]
    for other in merged[1:]:
        found = found.merge(other)
    back = Moments.of_json(json.loads(json.dumps(found.to_json())))
    numbers = [v for part in parts for v in part]
    exact = sum(map(Fraction, numbers))
    for one in (found, back):
        assert one.count == len(numbers)
        assert (one.low, one.high) == ((min(numbers), max(numbers)) if numbers else (math.inf, -math.inf))
        scale = sum((abs(Fraction(v)) for v in numbers), Fraction(0))
        assert abs(one.sum - exact) <= scale * Fraction(2) ** -100
        if len(numbers) > 1 and max(map(abs, numbers)) < 1e150:
            mean = exact / len(numbers)
            spread = sum((Fraction(v) - mean) ** 2 for v in numbers) / (len(numbers) - 1)
            assert math.isclose(one.std**2, float(spread), rel_tol=1e-9, abs_tol=1e-300)


def test_sums_of_what_is_not_finite():
    for given_, total, extremes in (
        ([1.0, math.inf], math.inf, (1.0, math.inf)),
        ([math.inf, -math.inf], math.nan, (-math.inf, math.inf)),
        ([1.0, math.nan], math.nan, (1.0, 1.0)),
        ([1e308, 1e308], math.inf, (1e308, 1e308)),
    ):
        found = moments(np.array(given_))
        assert found.total == total or (math.isnan(total) and math.isnan(found.total))
        assert found.extremes == extremes


def test_outcomes_keep_the_first_of_each_kind():
    one, other = Outcome(3), Outcome(4)
    one.count(outcome.UNDEFINED, Tally(2, (1, 7, {"x": "0x0p+0"})))
    other.count(outcome.UNDEFINED, Tally(5, (0, 9, {"x": "0x1p+0"})))
    merged = Outcome.of_json(json.loads(json.dumps(one.merge(other).to_json())))
    assert merged.rows == 7
    assert merged.tallies[outcome.UNDEFINED].count == 7
    assert merged.tallies[outcome.UNDEFINED].first == (0, 9, {"x": "0x1p+0"})


# --- stopped in the middle


@pytest.fixture
def small(monkeypatch):
    """Chunks of few rows, so that a small table has many."""
    monkeypatch.setattr(chunk, "ROWS", 100)
    rng = np.random.default_rng(1)
    np.savez("n.npz", x=rng.normal(size=1050), y=rng.normal(size=1050))


class Stop(BaseException):
    """A kill, as far as a test in one process can have one."""


def left(self):
    """What a kill leaves, but for the open files."""
    if self._writer is not None:
        self._writer.close()
    self._partial.leave()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("after", [0, 1, 2, 7])
def test_resumed_is_as_undisturbed(kind, after, small, monkeypatch):
    batch("exp(x)*y", "n.npz", "-o", f"whole.{kind}")
    true = target.FileTarget.append
    count = 0

    def append(self, *args):
        nonlocal count
        if count == after:
            raise Stop
        count += 1
        true(self, *args)

    monkeypatch.setattr(target.FileTarget, "append", append)
    monkeypatch.setattr(target.FileTarget, "abandon", left)
    for _ in range(3):
        with pytest.raises(Stop):
            gradcli("batch", "exp(x)*y", "n.npz", "-o", f"b.{kind}", "--resume")
        assert not os.path.exists(f"b.{kind}")
        count = max(after - 1, 0)
    monkeypatch.setattr(target.FileTarget, "append", true)
    found = batch("exp(x)*y", "n.npz", "-o", f"b.{kind}", "--resume")
    assert ("going on after" in found.err) == (after > 0)
    assert Path(f"b.{kind}").read_bytes() == Path(f"whole.{kind}").read_bytes()
    assert not os.path.exists(f"b.{kind}.partial")


def test_another_run_is_not_taken_up(small, monkeypatch):
    true = target.FileTarget.append

    def append(self, number, mapped):
        if mapped.index == 2:
            raise KeyboardInterrupt
        true(self, number, mapped)

    monkeypatch.setattr(target.FileTarget, "append", append)
    assert gradcli("batch", "x*y", "n.npz", "-o", "b.csv", "--resume").status == 130
    monkeypatch.setattr(target.FileTarget, "append", true)
    for more in ((), ("--resume",)):
        found = batch("x+y", "n.npz", "-o", "b.csv", *more, status=2)
        assert "b.csv.partial is of another run: not the same query" in found.err
    batch("x+y", "n.npz", "-o", "b.csv", "--force")
    assert not os.path.exists("b.csv.partial")


def test_what_nobody_asked_to_keep_is_dropped_by_another_run(small, monkeypatch):
    true = target.FileTarget.append

    def append(self, number, mapped):
        true(self, number, mapped)
        raise Stop

    monkeypatch.setattr(target.FileTarget, "abandon", left)
    monkeypatch.setattr(target.FileTarget, "append", append)
    with pytest.raises(Stop):
        gradcli("batch", "x*y", "n.npz", "-o", "b.csv")
    monkeypatch.setattr(target.FileTarget, "append", true)
    batch("x+y", "n.npz", "-o", "b.csv")
    assert columns("b.csv")["d/dx"][0] == "1.0"
    assert not os.path.exists("b.csv.partial")


def test_an_interrupted_run_leaves_nothing_unless_asked(small, monkeypatch):
    monkeypatch.setattr(target.FileTarget, "append", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    assert gradcli("batch", "x*y", "n.npz", "-o", "b.csv").status == 130
    assert sorted(os.listdir()) == ["a.csv", "n.npz"]


def test_a_full_disk(small, monkeypatch):
    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("gradcli.tables.textout.TextWriter.append", full)
    found = batch("x*y", "n.npz", "-o", "b.csv", status=2)
    assert found.err == f"gradcli: b.csv cannot be written: {os.strerror(28)}\n"
    assert sorted(os.listdir()) == ["a.csv", "n.npz"]


def test_two_runs_do_not_write_one_file():
    held = partial.Partial("b.csv", "b.csv")
    held.open({}, fresh=True, keep=False)
    assert "b.csv is being written by another gradcli" in batch("x", "a.csv", "-o", "b.csv", status=2).err
    held.remove()
    batch("x", "a.csv", "-o", "b.csv")


def test_a_folder_that_is_not_ours_is_not_touched():
    os.mkdir("b.csv.partial")
    Path("b.csv.partial/precious.txt").write_text("mine")
    assert "b.csv.partial is in the way" in batch("x", "a.csv", "-o", "b.csv", status=2).err
    assert Path("b.csv.partial/precious.txt").read_text() == "mine"
    os.remove("b.csv.partial/precious.txt")
    for text in ('{"my": 1}\n', "[]\n", "\0\0\0\n", "5\n"):
        Path("b.csv.partial/journal.jsonl").write_text(text)
        assert "b.csv.partial is damaged, or not gradcli's" in batch("x", "a.csv", "-o", "b.csv", status=2).err
        assert Path("b.csv.partial/journal.jsonl").read_text() == text
    os.remove("b.csv.partial/journal.jsonl")
    os.symlink("../a.csv", "b.csv.partial/journal.jsonl")
    batch("x", "a.csv", "-o", "b.csv", "--force", status=2)
    assert Path("a.csv").read_text() == TABLE


def test_outputs_that_are_no_regular_files():
    os.mkfifo("pipe.csv")
    assert "pipe.csv is no regular file" in batch("x", "a.csv", "-o", "pipe.csv", "--force", status=2).err
    os.mkdir("there")
    os.symlink("there/b.csv", "link.csv")
    batch("x", "a.csv", "-o", "there/b.csv")
    batch("x*y", "a.csv", "-o", "link.csv", "--force")
    assert os.path.islink("link.csv")
    assert columns("there/b.csv")["value"] == ["2.2", "-12.0", "0.0"]


def test_an_output_older_than_its_table_is_not_done():
    batch("x", "a.csv", "-o", "b.csv")
    os.utime("b.csv", (1, 1))
    assert "b.csv is older than a.csv" in batch("x", "a.csv", "-o", "b.csv", "--resume", status=2).err


def test_numbers_that_json_does_not_have():
    batch("x*k", "a.csv", "--at", "k=inf", "-o", "b.csv")
    assert columns("b.csv")["value"] == ["inf", "-inf", "nan"]


def test_names_that_only_csv_can_hold_twice():
    Path("d.csv").write_text("x,k,k\n1,2,3\n")
    assert batch("x", "d.csv").out == "x,k,k,value,d/dx\n1,2,3,1.0,1.0\n"
    for kind in ("jsonl", "npz", "parquet", "arrow"):
        assert "d.csv has two columns k" in batch("x", "d.csv", "-o", f"b.{kind}", status=2).err
        batch("x", "d.csv", "-o", f"b.{kind}", "--only")


def test_a_later_json_line_with_the_name_of_a_result():
    Path("c.jsonl").write_text('{"x": 1, "k": "\\"value\\""}\n{"x": 2, "value": 9}\n')
    assert "c.jsonl, row 2 has a column value already" in batch("x", "c.jsonl", "-o", "b.jsonl", status=2).err
    assert batch("x", "c.jsonl", "--prefix", "_").status == 0


def test_tables_of_different_types():
    pyarrow.parquet.write_table(pa.table({"x": [1.0], "k": [1]}), "1.parquet")
    pyarrow.parquet.write_table(pa.table({"x": [2.0], "k": ["a"]}), "2.parquet")
    found = batch("x**2", "1.parquet", "2.parquet", "-o", "b.parquet", status=2)
    assert "2.parquet: column k is string, the first table's is int64" in found.err
    batch("x**2", "1.parquet", "2.parquet", "-o", "b.parquet", "--only")
    assert columns("b.parquet") == {"value": [1, 4], "d/dx": [2, 4]}


def test_typed_formats_are_not_for_a_terminal(monkeypatch):
    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(target, "sys", SimpleNamespace(stdout=terminal))
    with pytest.raises(UsageError, match="parquet is not for a terminal"):
        target.target_for(None, FORMATS["parquet"], None, 2, keep=False, fresh=False)


# --- the same tables for --points


@pytest.mark.parametrize("name", ["b.npz", "b.parquet", "b.arrow", "b.csv.gz", "b.jsonl.zst"])
def test_points_of_the_other_commands(name):
    batch("x + y", "a.csv", "-o", name, "--prefix", "_")
    found = gradcli("grad", "x*y", "--points", name, "--json").out.splitlines()
    assert [json.loads(line)["value"] for line in found] == [2.2, -12.0, 0.0]
    exact = gradcli("eval", "x", "--points", name, "--digits", "25", "--json").out.splitlines()[0]
    text = "1.100000000000000000000000" if name in ("b.csv.gz", "b.jsonl.zst") else "1.100000000000000088817842"
    assert json.loads(exact)["value"] == text


@pytest.mark.parametrize("name", ["b.npz", "b.parquet", "b.arrow", "b.csv.gz", "b.csv"])
def test_points_from_standard_input(name):
    batch("x + y", "a.csv", "-o", name, "--prefix", "_")
    found = gradcli("eval", "x*y", "--points", "-", "--plain", stdin=Path(name).read_bytes())
    assert found.out.split() == ["2.2", "-12.0", "0.0"]


def test_points_without_a_number():
    pyarrow.parquet.write_table(pa.table({"x": [1.0, None]}), "b.parquet")
    found = gradcli("grad", "x", "--points", "b.parquet")
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith("gradcli: b.parquet, row 2, column x: the number is missing\n")
    pyarrow.parquet.write_table(pa.table({"x": pa.array([], pa.float64())}), "c.parquet")
    assert "c.parquet holds no points" in gradcli("grad", "x", "--points", "c.parquet").err
    assert "?.parquet is 2 tables" in gradcli("grad", "x", "--points", "?.parquet").err


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_killed_and_resumed(kind):
    rng = np.random.default_rng(1)
    np.savez("n.npz", x=rng.normal(size=1_000_000), y=rng.normal(size=1_000_000))
    program = (
        "import sys, gradcli.tables.chunk as c; c.ROWS = 20000; "
        "from gradcli.commands.main import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "batch", "exp(x)*y", "n.npz", "--resume", "-o"]
    subprocess.run([*command, f"whole.{kind}"], check=True)
    for chunks in (1, 5, 20):
        running = subprocess.Popen([*command, f"b.{kind}"], stderr=subprocess.DEVNULL)
        journal = Path(f"b.{kind}.partial/journal.jsonl")
        while running.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") > chunks):
            time.sleep(0.001)
        running.send_signal(signal.SIGKILL)
        assert running.wait() == -signal.SIGKILL
        assert not os.path.exists(f"b.{kind}")
    subprocess.run([*command, f"b.{kind}"], check=True)
    assert Path(f"b.{kind}").read_bytes() == Path(f"whole.{kind}").read_bytes()


def test_the_size_of_the_table_says_what_runs_the_formula(monkeypatch):
    asked = []
    monkeypatch.setattr("gradcli.api.map.pays", lambda graph, points, dtype: asked.append(points) or points > 1000)
    rows = "".join(f"{k}.5,{k}.25\n" for k in range(1000))
    Path("large.csv").write_text(f"x,y\n{rows}")
    Path("small.csv").write_text("x,y\n1.5,2.5\n")
    for table in ("large.csv", "small.csv"):
        assert batch("x*y", table, "--debug").err == "note: the formula ran as blocks of NumPy\n"
    Path("other.csv").write_text(f"x,y\n{rows}")
    large = batch("x*y", "large.csv", "other.csv", "small.csv", "-o", "all.csv", "--debug")
    assert large.err == (
        "note: the formula ran as compiled code\nwrote all.csv: 2,001 rows, each with value, d/dx and d/dy\n"
    )
    asked.clear()
    assert batch("x*y", "-", "--debug", stdin=f"x,y\n{rows}".encode()).err == "note: the formula ran as compiled code\n"
    assert asked[-1] == 16 * 1000
    assert batch("x*y", "large.csv", "other.csv", "-o", "f.csv", "--float32", "--debug").err.startswith(
        "note: the formula ran as compiled code\n"
    )
