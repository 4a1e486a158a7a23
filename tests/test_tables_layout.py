"""Texts as instruments write them: `--delimiter`, `--comment`, `--header` and `--decimal` on every reader."""

from __future__ import annotations

import bz2
import gzip
import json
import pickle
from pathlib import Path

import pytest
from cli import gradcli

from gradcli.tables.formats import FORMATS

# What a file holds, and the options that read it: always the points (0.5, 2), (-1.5, 4), (0.25, 800).
VALUES = ["1.0", "-6.0", "200.0"]
WRITTEN = {
    "a spectrometer's, in German": ('"x";"y"\r\n0,5;2\r\n-1,5;4,0\r\n"0,25";8e2\r\n', "--delimiter ; --decimal ,"),
    "a logger's, with remarks": (
        '# run 5, "unfinished\n  # T = 20 K\nx,y\n0.5,2\n# filter changed\n\n-1.5,4\n.25,8e2\n', "--comment #",
    ),
    "numpy.savetxt's": (
        "# x y\n5.0e-01 2.0e+00\n-1.5e+00 4.0e+00\n2.5e-01 8.0e+02\n", "--delimiter blank --comment # --header x,y",
    ),
    "Fortran's columns": ("  0.5     2\n -1.5     4\n\t0.25  800  \n", "--delimiter blank --header x,y"),
    "an oscilloscope's": ("0.5,2\n-1.5,4\n0.25,800\n", "--header x,y"),
    "a table of bars": ("%% v2\nx|y\n0.5|2\n-1.5|4\n0.25|800", "--delimiter | --comment %%"),
    "a tab-separated one, in French": ("x\ty\n0,5\t2\n-1,5\t4\n0,25\t800\n", "--delimiter tab --decimal ,"),
    "numbered": ("0.5 7 2\n-1.5 7 4\n0.25 7 800\n", "--delimiter blank --header none --column x=1 --column y=3"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def by_points(path: str, options: list[str]) -> list[str]:
    return gradcli("eval", "x*y", "--points", path, "--plain", *options).out.split()


def by_digits(path: str, options: list[str]) -> list[str]:
    return [repr(float(x)) for x in by_points(path, [*options, "--digits", "5"])]


def by_batch(path: str, options: list[str]) -> list[str]:
    pytest.importorskip("pyarrow")
    found = gradcli("batch", "x*y", path, "--only", "--wrt", "x", "--to", "csv", *options)
    return [line.partition(",")[0] for line in found.out.splitlines()[1:]]


def by_data(path: str, options: list[str]) -> list[str]:
    found = gradcli("minimize", "sum((a - x*y)**2)", "--data", path, "--start", "a=0", "--json", *options)
    return VALUES if json.loads(found.out)["at"]["a"] == pytest.approx(65) else [found.out]


def by_array(path: str, options: list[str]) -> list[str]:
    names = {option.partition("=")[0]: option.partition("=")[2] for option in options if "=" in option}
    options = [option for option in options if "=" not in option and option != "--column"]
    if names:  # columns of numbers alone: the whole table is a matrix
        at = ["--at", f"m=@{path}"]
        return list(map(repr, json.loads(gradcli("eval", "m[:,0]*m[:,2]", *at, "--json", *options).out)["value"]))
    at = ["--at", f"a=@{path}:x", "--at", f"b=@{path}:y"]
    return list(map(repr, json.loads(gradcli("eval", "a*b", *at, "--json", *options).out)["value"]))


READERS = [by_points, by_digits, by_batch, by_data, by_array]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("kind", WRITTEN)
def test_what_instruments_write(kind, read):
    text, options = WRITTEN[kind]
    for name in ("t.dat", "t.csv"):
        Path(name).write_bytes(text.encode())
        assert read(name, options.split()) == VALUES
    Path("t.dat.gz").write_bytes(gzip.compress(text.encode()))
    Path("t.dat").write_bytes(bz2.compress(b"\xef\xbb\xbf" + text.encode()))
    assert read("t.dat.gz", options.split()) == read("t.dat", options.split()) == VALUES


def test_every_block_of_a_long_text(monkeypatch):
    """Lines are whole and comments are gone wherever a block ends."""
    pytest.importorskip("pyarrow")
    text = "".join(f"  {k}.5   {k}  \n" + ("! note\n" if k % 3 == 0 else "") for k in range(300))
    Path("t.dat").write_text(text)
    for size in (7, 64, 1000):
        monkeypatch.setattr("gradcli.tables.textsource.BLOCK", size)
        monkeypatch.setattr("gradcli.tables.files.PIECE", size)
        options = ["--delimiter", "blank", "--comment", "!", "--header", "x,y"]
        found = gradcli("batch", "x - y", "t.dat", "--only", "--wrt", "x", "--to", "csv", *options)
        assert found.out == "value,d/dx\n" + 300 * "0.5,1.0\n"
        assert gradcli("eval", "x - y", "--points", "t.dat", "--plain", *options).out == 300 * "0.5\n"


def test_a_wrong_cell_is_found_under_its_line():
    pytest.importorskip("pyarrow")
    Path("t.dat").write_text("# a\n# b\n1,5;2\n# c\n1,x;2\n")
    options = ["--delimiter", ";", "--comment", "#", "--header", "x,y", "--decimal", ","]
    assert "t.dat, row 2 (line 5), column x: " in gradcli("eval", "x*y", "--points", "t.dat", *options).err
    assert "t.dat, row 2, column x: " in gradcli("batch", "x*y", "t.dat", *options).err
    skipped = gradcli("batch", "x*y", "t.dat", *options, "--on-error", "skip", "--only", "--wrt", "x", "--to", "csv")
    assert skipped.out == "value,d/dx\n3.0,2.0\n"


def test_cells_stay_as_they_are_in_an_output():
    pytest.importorskip("pyarrow")
    Path("t.csv").write_text("id;x\n007;0,5\n")
    found = gradcli("batch", "2*x", "t.csv", "--delimiter", ";", "--decimal", ",")
    assert found.out == 'id,x,value,d/dx\n007,"0,5",1.0,2.0\n'


def test_a_layout_travels_and_makes_another_run():
    """Workers get the same layout, and --resume does not go on with a table that is read otherwise."""
    pytest.importorskip("pyarrow")
    from gradcli.batch.run import Input
    from gradcli.tables.finding import find

    Path("t.csv").write_text("x;y\n1;2\n")
    plain, laid = (Input(find(["t.csv"])[0], None, layout) for layout in ({}, {"delimiter": ";"}))
    assert plain.form is FORMATS["csv"]
    assert vars(pickle.loads(pickle.dumps(laid)).form) == vars(laid.form)
    assert laid.form.delimiter == ";"
    assert plain.known() != laid.known()
