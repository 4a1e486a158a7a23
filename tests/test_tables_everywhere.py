"""One table of formats: what one command reads, all read, and no format is named anywhere else."""

from __future__ import annotations

import ast
import gzip
import io
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cli import gradcli

from gradcli.tables.formats import EXTENSIONS, FORMATS, format_of

PACKAGE = Path(__file__).parent.parent / "gradcli"
ROWS = [{"x": 1.5, "y": 2.0}, {"x": -3.0, "y": 4.0}, {"x": 0.25, "y": 8.0}]
VALUES = ["3.0", "-12.0", "2.0"]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def table(name: str, rows: list[dict] = ROWS) -> bytes:
    """The rows in the format of this name, as gradcli itself writes them."""
    form = FORMATS[name]
    source = "".join(json.dumps(row) + "\n" for row in rows)
    if form.lines:
        return source.encode()
    if form.delimiter:
        lines = [form.delimiter.join(rows[0])] + [form.delimiter.join(map(str, row.values())) for row in rows]
        return "".join(line + "\n" for line in lines).encode()
    pytest.importorskip("pyarrow")
    Path("source.jsonl").write_text(source)
    path = Path(f"written{form.endings[0]}")
    made = gradcli("batch", "x*y", "source.jsonl", "-o", str(path), "--force", "--prefix", "_")
    assert made.status == 0, made.err
    return path.read_bytes()


def by_points(path: str) -> list[str]:
    return gradcli("eval", "x*y", "--points", path, "--plain").out.split()


def by_batch(path: str) -> list[str]:
    pytest.importorskip("pyarrow")
    found = gradcli("batch", "x*y", path, "--only", "--wrt", "x", "--to", "csv")
    return [line.partition(",")[0] for line in found.out.splitlines()[1:]]


def by_data(path: str) -> list[str]:
    """A sum that is least at the mean of the products."""
    found = gradcli("minimize", "sum((a - x*y)**2)", "--data", path, "--start", "a=0", "--json")
    mean = json.loads(found.out)["at"]["a"]
    return VALUES if mean == pytest.approx(sum(map(float, VALUES)) / 3) else [str(mean)]


def by_array(path: str) -> list[str]:
    found = json.loads(gradcli("eval", "a*b", "--at", f"a=@{path}:x", "--at", f"b=@{path}:y", "--json").out)
    return list(map(repr, found["value"]))


READERS = [by_points, by_batch, by_data, by_array]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("ending", EXTENSIONS)
def test_every_ending(ending, read):
    Path(f"t{ending}").write_bytes(table(EXTENSIONS[ending].name))
    assert read(f"t{ending}") == VALUES


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_under_a_name_that_says_nothing(name, read):
    for path in ("t.txt", "t.dat", "t"):
        Path(path).write_bytes(table(name))
        assert read(path) == VALUES


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.text])
def test_every_text_compressed_also_under_a_wrong_name(name, read):
    data = table(name)
    packed = gzip.compress(data[:20]) + gzip.compress(data[20:]) + bytes(512)
    for path in (f"t{FORMATS[name].endings[0]}.gz", f"t{FORMATS[name].endings[0]}", "t.dat"):
        Path(path).write_bytes(packed)
        assert read(path) == VALUES


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
@pytest.mark.parametrize("read", READERS[:3])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_through_a_pipe(name, read):
    data = table(name)
    os.mkfifo("pipe")

    def write():
        with open("pipe", "wb") as pipe:
            pipe.write(data)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert read("pipe") == VALUES
    finally:
        writer.join()


@pytest.mark.skipif(not os.path.exists("/dev/stdin"), reason="no /dev/stdin")
@pytest.mark.parametrize("argv", [["eval", "x*y", "--plain", "--points"], ["batch", "x*y", "--only", "--wrt", "x"]])
def test_dev_stdin(argv):
    command = [sys.executable, "-c", "import sys; from gradcli.commands.main import main; sys.exit(main())", *argv]
    done = subprocess.run([*command, "/dev/stdin"], input=table("csv"), capture_output=True)
    assert [line.partition(b",")[0].decode() for line in done.stdout.splitlines()][-3:] == VALUES, done.stderr


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_array(read, indent):
    for name in ("t.json", "t.dat"):
        Path(name).write_text(json.dumps(ROWS, indent=indent))
        assert read(name) == VALUES


def test_elements_of_an_array_keep_their_text():
    pytest.importorskip("pyarrow")
    Path("t.json").write_text('[\n {"x": 1.50, "t": "a]\\n,"},\n {"t": "",\n  "x": 2e0}\n]\n')
    assert gradcli("batch", "x", "t.json", "--wrt", "x").out == (
        '{"x": 1.50, "t": "a]\\n,", "value": 1.5, "d/dx": 1.0}\n{"t": "",   "x": 2e0, "value": 2.0, "d/dx": 1.0}\n'
    )
    assert gradcli("eval", "x", "--points", "t.json", "--digits", "3", "--plain").out == "1.50\n2.00\n"


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.text])
def test_a_long_cell(name, read):
    rows = [{**row, "note": "n" * 200_000} for row in ROWS]
    Path("t.dat").write_bytes(table(name, rows))
    assert read("t.dat") == VALUES


def test_content_that_the_name_denies_is_told_with_the_cure():
    for name, form in FORMATS.items():
        if form.text:
            continue
        Path("t.csv").write_bytes(table(name))
        for read in (
            ("eval", "x*y", "--points"),
            ("batch", "x*y"),
            ("minimize", "a*sum(x)", "--start", "a=1", "--data"),
        ):
            found = gradcli(*read, "t.csv")
            assert found.status == 2
            assert f"t.csv is {form.title}, not CSV\n--from {name} " in found.err
        assert by_batch_as(name) == VALUES


def by_batch_as(name: str) -> list[str]:
    found = gradcli("batch", "x*y", "t.csv", "--from", name, "--only", "--wrt", "x", "--to", "csv")
    return [line.partition(",")[0] for line in found.out.splitlines()[1:]]


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/full", "/dev/urandom"])
def test_devices_without_an_end(path):
    if not os.path.exists(path):
        pytest.skip("there is none")
    for argv in (
        ("eval", "x", "--points"),
        ("batch", "x"),
        ("minimize", "x", "--start", "x=1", "--data"),
        ("eval", "--file"),
    ):
        found = gradcli(*argv, path)
        assert (found.status, found.err) == (2, f"gradcli: {path} is a device without an end\nname a file\n")
    assert f"{path} is a device without an end" in gradcli("eval", "x", "--at", f"x=@{path}").err


def test_a_pipe_without_line_ends(monkeypatch):
    class Endless(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    stdin = io.TextIOWrapper(io.BufferedReader(Endless()))
    monkeypatch.setattr(sys, "stdin", stdin)
    from gradcli.commands.main import main

    assert main(["eval", "x", "--points", "-"]) == 2


@pytest.mark.parametrize("sweeps", [["x=0:1:100000000000000"], ["x=0:1:1000000000", "y=0:1:1000000000"]])
def test_a_sweep_that_would_never_end(sweeps):
    argv = [word for sweep in sweeps for word in ("--sweep", sweep)]
    found = gradcli("grad", "x*y", *argv, *(["--at", "y=1"] if len(sweeps) == 1 else []), "--plain")
    assert (found.status, found.out) == (2, "")
    assert "points are more than" in found.err


# --- rows without their numbers, and columns of other names

NA = "id,width (cm),y\na,1,2\nb,NA,4\nc,,1\nd,3\ne,5,6\n"


def test_rows_are_skipped_on_request_everywhere():
    pytest.importorskip("pyarrow")
    Path("na.csv").write_text(NA)
    column = ("--column", "x=width (cm)")
    found = gradcli("eval", "x*y", "--points", "na.csv", *column, "--on-error", "skip", "--plain")
    assert (found.out, found.status) == ("2.0\n30.0\n", 1)
    assert "note: 3 of 5 rows of na.csv left out" in found.err
    found = gradcli("batch", "x*y", "na.csv", *column, "--on-error", "skip", "--only", "--wrt", "x")
    assert (found.out, found.status) == ("value,d/dx\n2.0,2.0\n30.0,6.0\n", 1)
    found = gradcli(
        "minimize", "sum((a - x)**2)", "--data", "na.csv", *column, "--on-error", "skip", "--start", "a=0", "--json"
    )
    assert json.loads(found.out)["at"]["a"] == pytest.approx(3)
    stopped = gradcli("eval", "x*y", "--points", "na.csv", *column)
    assert (stopped.status, stopped.out) == (2, "")
    Path("na.jsonl").write_text('{"x": 1, "y": 2}\n{"x": null, "y": 1}\n{"y": 3}\n')
    Path("b.jsonl").write_bytes(Path("na.jsonl").read_bytes())
    for name in ("parquet", "csv", "jsonl"):
        if name != "jsonl":
            gradcli("batch", "x", "na.jsonl", "--on-error", "nan", "-o", f"b.{name}", "--prefix", "_")
        found = gradcli("eval", "x*y", "--points", f"b.{name}", "--on-error", "skip", "--plain")
        assert found.out == "2.0\n", name


# --- nothing else knows the formats by name


def test_no_format_is_named_outside_of_the_table():
    names = set(FORMATS)
    found = []
    for path in PACKAGE.rglob("*.py"):
        if path.name == "formats.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                words = {x.value for x in ast.walk(node) if isinstance(x, ast.Constant) and isinstance(x.value, str)}
                found += [f"{path.name}:{node.lineno}" for _ in words & names]
    assert found == []


def test_the_help_and_the_manual_name_every_format():
    text = gradcli("batch", "--help").out
    manual = (PACKAGE / "docs" / "batch.md").read_text(encoding="utf-8").lower()
    for form in FORMATS.values():
        assert re.search(rf"\b{form.name}\b", text)
        assert form.name in manual or form.title.lower() in manual, f"name {form.name} in docs/batch.md"


def test_text_needs_no_pyarrow():
    code = """
import sys
sys.modules["pyarrow"] = None
from gradcli.commands.main import main
for argv in ARGVS:
    assert main(argv) == 0, argv
"""
    for name in ("csv", "tsv", "jsonl"):
        Path(f"t.{name}").write_bytes(table(name))
        Path(f"t.{name}.gz").write_bytes(gzip.compress(table(name)))
    argvs = []
    for path in sorted(map(str, Path().glob("t.*"))):
        argvs += [["eval", "x*y", "--points", path, "--plain"], ["eval", "sum(x)", "--at", f"x=@{path}:x"]]
        argvs += [["minimize", "sum((a-x*y)**2)", "--data", path, "--start", "a=0"]]
    done = subprocess.run([sys.executable, "-c", code.replace("ARGVS", repr(argvs))], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_format_is_known_by_its_name_and_by_its_first_bytes():
    for name, form in FORMATS.items():
        assert format_of(f"t{form.endings[0]}", None, "--from") == (form, None)
        assert format_of("t.unknown", None, "--from", table(name)) == (form, None)
        assert format_of("-", None, "--from", table(name)) == (form, None)


# --- faults of tables, by kind


def test_members_of_an_archive_that_nobody_asked_for():
    numpy = pytest.importorskip("numpy")
    pytest.importorskip("pyarrow")
    made = {"x": numpy.arange(3.0), "m": numpy.eye(2), "s": 5, "o": numpy.array([None, 1, 2]), "z": numpy.arange(4.0)}
    numpy.savez("m.npz", **made)
    found = gradcli("batch", "2*x", "m.npz", "--to", "csv")
    assert (found.out, found.status) == ("x,value,d/dx\n0.0,0.0,2.0\n1.0,2.0,2.0\n2.0,4.0,2.0\n", 0)
    assert found.err == "note: m, s, o and z of m.npz left out: no columns of this table\n"
    assert gradcli("eval", "2*x", "--points", "m.npz", "--plain").out == "0.0\n2.0\n4.0\n"
    assert "column m has 2 axes" in gradcli("batch", "m*x", "m.npz").err
    assert "x has 3 rows, z 4" in gradcli("batch", "x*z", "m.npz").err


def test_an_archive_without_members_and_one_with_a_name_in_latin_1():
    numpy = pytest.importorskip("numpy")
    pytest.importorskip("pyarrow")
    numpy.savez("e.npz")
    for argv in (("batch", "x", "e.npz"), ("eval", "x", "--points", "e.npz")):
        assert gradcli(*argv).err.startswith("gradcli: e.npz holds no arrays\n")
    numpy.savez("l.npz", x=numpy.arange(2.0), AB=numpy.arange(2.0))
    plain = Path("l.npz").read_bytes().replace(b"AB.npy", b"\xe9\xe8.npy")
    Path("l.npz").write_bytes(plain)
    assert gradcli("eval", "2*x", "--points", "l.npz", "--plain").out == "0.0\n2.0\n"
    assert gradcli("batch", "2*x", "l.npz", "--only", "--to", "csv").status == 0
    numpy.savez("u.npz", x=numpy.arange(2.0), é=numpy.arange(2.0))  # such a name is marked as UTF-8
    Path("u.npz").write_bytes(Path("u.npz").read_bytes().replace("é.npy".encode(), b"\xe9\xe8.npy"))
    found = gradcli("batch", "2*x", "u.npz")
    assert (found.status, found.err) == (2, "gradcli: u.npz: the name of an array in it is not UTF-8\nrename it\n")


@pytest.mark.parametrize("length", [246, 247, 251, 255])
def test_names_as_long_as_a_file_may_have(length):
    pytest.importorskip("pyarrow")
    Path("t.csv").write_bytes(table("csv"))
    name = "o" * (length - 4) + ".csv"
    for flags in ((), ("--resume", "--only"), ("--force",)):
        found = gradcli("batch", "x*y", "t.csv", "-o", name, *flags)
        assert found.status == 0, found.err
    assert sorted(os.listdir()) == sorted(["t.csv", name])


def test_columns_whose_names_are_no_variables_are_offered():
    Path("t.csv").write_text("sepal length (cm),x,'q'\n1,2,3\n")
    cure = "--column sepal='sepal length (cm)' reads it from that column\n"
    assert gradcli("eval", "x*sepal", "--points", "t.csv").err.endswith(f"add --at sepal=1\n{cure}")
    assert gradcli("minimize", "a*sum(x*sepal)", "--start", "a=1", "--data", "t.csv").err.endswith(cure)
    found = gradcli("eval", "x*sepal", "--points", "t.csv", "--column", "sepal=sepal length (cm)", "--plain")
    assert found.out == "2.0\n"
    pytest.importorskip("pyarrow")
    assert gradcli("batch", "x*sepal", "t.csv").err.endswith(cure)


@pytest.mark.parametrize("prefix", ["torch", "np", "math"])
def test_a_column_with_the_name_of_a_prefix(prefix):
    Path("t.csv").write_text(f"{prefix},x\n1,2\n")
    for argv in (("eval", f"{prefix}.exp(x)", "--points", "t.csv"), ("batch", f"{prefix}.exp(x)", "t.csv")):
        assert f"{prefix} is a variable here, and no prefix" in gradcli(*argv).err
        assert gradcli(*argv).err.endswith("write exp(x)\n")


@pytest.mark.parametrize("path", ["/proc/self/mem", "."])
@pytest.mark.parametrize(
    "argv", [["eval", "x", "--points"], ["batch", "x"], ["minimize", "x", "--start", "x=1", "--data"]]
)
def test_what_cannot_be_read(argv, path):
    if not os.path.exists(path):
        pytest.skip("there is none")
    found = gradcli(*argv, path)
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith((f"gradcli: {path} cannot be read: ", "gradcli: the folder . holds no tables"))


@pytest.mark.parametrize("text", ['{"x": 2}\n', '[{"x": 2}]\n', "x\n2\n", "x\ty\n2\t3\n"])
def test_blank_lines_before_a_text_say_nothing_of_its_format(text):
    Path("table").write_text("\n\n\n" + text)
    assert gradcli("eval", "x^2", "--points", "table", "--plain").out == "4.0\n"
