"""`gradcli batch` without pyarrow: plain text in and out needs none."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

# Runs command lines in a process where pyarrow cannot be found: (status, output, errors) of each.
WITHOUT = """
import contextlib, io, json, sys
sys.modules["pyarrow"] = None
from gradcli.commands.main import main
found = []
for argv in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        status = main(argv)
    found.append((status, out.getvalue(), err.getvalue()))
print(json.dumps(found))
"""

FILES = {
    "t.csv": 'id,x,y\n007,1.5,2\n"a,b",-1,4\n',
    "t.tsv": "x\ty\n3\t1\n",
    "t.jsonl": '{"x": 1.50, "n": [1, 2], "s": "é"}\n{"x": -3}\n',
    "t.json": '[{"x": 2},\n {"x": 4}]\n',
    "bad.csv": "x,y\n1,2\n3\nq,1\n5,0\n",
    "semi.csv": "# run 5\nt;v\n0,5;1,25\n",
    "taken.jsonl": '{"x": 1}\n{"x": 2, "value": 3}\n',
}

# (command line after `gradcli batch`, output, first line of the errors)
ROWS = [
    (["x*y", "t.csv"], 'id,x,y,value,d/dx,d/dy\n007,1.5,2,3.0,2.0,1.5\n"a,b",-1,4,-4.0,4.0,-1.0\n', ""),
    (["x*y", "t.csv", "--only", "--wrt", "y", "--to", "tsv"], "value\td/dy\n3.0\t1.5\n-4.0\t-1.0\n", ""),
    (
        ["x", "t.csv", "--at", "z=1", "--to", "jsonl", "--prefix", "p_"], "",
        "gradcli: --at gives z, which is not in the expression",
    ),
    (
        ["x", "t.csv", "--to", "jsonl", "--prefix", "p_"],
        '{"id": "007", "x": 1.5, "y": "2", "p_value": 1.5, "p_d/dx": 1.0}\n'
        '{"id": "a,b", "x": -1.0, "y": "4", "p_value": -1.0, "p_d/dx": 1.0}\n', "",
    ),
    (
        ["x**2", "t.jsonl"],
        '{"x": 1.50, "n": [1, 2], "s": "é", "value": 2.25, "d/dx": 3.0}\n{"x": -3, "value": 9.0, "d/dx": -6.0}\n', "",
    ),
    (["x**2", "t.jsonl", "--to", "csv"], 'x,n,s,value,d/dx\n1.50,"[1, 2]",é,2.25,3.0\n-3,,,9.0,-6.0\n', ""),
    (["x", "t.json"], '{"x": 2, "value": 2.0, "d/dx": 1.0}\n{"x": 4, "value": 4.0, "d/dx": 1.0}\n', ""),
    (["x", "t.tsv", "t.csv", "--only", "--to", "csv"], "value,d/dx\n3.0,1.0\n1.5,1.0\n-1.0,1.0\n", ""),
    (["x", "t.*sv", "--only", "--to", "csv"], "value,d/dx\n1.5,1.0\n-1.0,1.0\n3.0,1.0\n", ""),
    (["t*v", "semi.csv", "--delimiter", ";", "--comment", "#", "--decimal", ",", "--only"],
     "value,d/dt,d/dv\n0.625,1.25,0.5\n", ""),
    (["x/y", "bad.csv"], "", "gradcli: bad.csv, row 2 has 1 cell, the header has 2"),
    (
        ["x/y", "bad.csv", "--on-error", "nan"],
        "x,y,value,d/dx,d/dy\n1,2,0.5,0.5,-0.25\nq,1,nan,nan,nan\n5,0,inf,inf,-inf\n",
        "note: 1 of 4 rows has no number and gives NaN: bad.csv, row 3, column x: \"q\" is not a number",
    ),
    (
        ["x/y", "bad.csv", "--on-error", "skip", "--to", "jsonl"],
        '{"x": 1.0, "y": 2.0, "value": 0.5, "d/dx": 0.5, "d/dy": -0.25}\n'
        '{"x": 5.0, "y": 0.0, "value": "Infinity", "d/dx": "Infinity", "d/dy": "-Infinity"}\n',
        "note: 1 of 4 rows is left out: bad.csv, row 3, column x: \"q\" is not a number",
    ),
    (["x", "taken.jsonl"], "", "gradcli: the input has a column value already"),
    (["x*y", "t.csv", "--accumulate", "--json"], '{"points": 2, "value": -1.0, "grad": {"x": 6.0, "y": 0.5}}\n', ""),
    (
        ["x", "t.csv", "--stats", "--json"],
        '{"points": 2, "stats": {"value": {"count": 2, "nan": 0, "mean": 0.25, "std": 1.7677669529663689, '
        '"min": -1.0, "max": 1.5}, "d/dx": {"count": 2, "nan": 0, "mean": 1.0, "std": 0.0, "min": 1.0, "max": 1.0}}}\n',
        "",
    ),
    (["x", "t.csv", "-o", "o.parquet"], "", "gradcli: writing Parquet needs pyarrow, which is not installed"),
    (["x", "t.csv", "-o", "o.csv", "--resume"], "", "gradcli: --resume needs pyarrow, which is not installed"),
    (["x", "t.csv", "--workers", "2"], "", "gradcli: --workers needs pyarrow, which is not installed"),
    (["x", "none.csv"], "", "gradcli: none.csv cannot be read: No such file or directory"),
]  # fmt: skip


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")


def without(*lines: list[str]) -> list[tuple[int, str, str]]:
    argv = json.dumps([["batch", *line] for line in lines])
    done = subprocess.run([sys.executable, "-c", WITHOUT, argv], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [tuple(found) for found in json.loads(done.stdout)]


def test_rows_and_sums(here):
    for (argv, out, err), found in zip(ROWS, without(*[argv for argv, _, _ in ROWS]), strict=True):
        assert (argv, found[1], found[2].partition("\n")[0]) == (argv, out, err)
        assert found[0] == (2 if err.startswith("gradcli") else 1 if err else 0)


def test_the_same_with_pyarrow(here):
    """But for messages: row by row here, a table there."""
    pytest.importorskip("pyarrow")
    from cli import gradcli

    for argv, out, err in ROWS:
        if not err.startswith("gradcli"):
            found = gradcli("batch", *argv)
            assert (argv, found.out, found.err.partition("\n")[0]) == (argv, out, err)


def test_files(here):
    (first, second, third, fourth) = without(
        ["x", "t.tsv", "-o", "out.csv.gz"],
        ["x", "t.csv", "-o", "out.csv.gz"],
        ["x", "bad.csv", "-o", "new.csv"],
        ["x", "t.csv", "-o", "out.csv.gz", "--force", "--only"],
    )
    wrote = "wrote out.csv.gz: 1 row, each with value and d/dx\n"
    assert [first, fourth] == [(0, "", wrote), (0, "", wrote.replace("1 row", "2 rows"))]
    assert gzip.decompress(Path("out.csv.gz").read_bytes()) == b"value,d/dx\n1.5,1.0\n-1.0,1.0\n"
    assert second == (2, "", "gradcli: out.csv.gz exists already\n--force replaces it\n")
    assert third[0] == 2
    assert sorted(x.name for x in Path().iterdir()) == sorted([*FILES, "out.csv.gz"])
