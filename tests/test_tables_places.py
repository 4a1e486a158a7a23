"""Where table files are found, and what their format is."""

from __future__ import annotations

import http.server
import io
import os
import pickle
import sys
import threading

import pytest

pytest.importorskip("pyarrow")

from gradcli.errors import UsageError
from gradcli.tables.finding import find
from gradcli.tables.formats import FORMATS as TABLE
from gradcli.tables.formats import format_of, need_pyarrow
from gradcli.tables.locations import location_of


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with some tables."""
    monkeypatch.chdir(tmp_path)
    for name in ("b.csv", "a.csv", "c.txt", "data[1].csv", "sub/d.csv", "sub/deep/e.csv", ".hidden.csv", "sub/_x.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x\n1\n")
    return tmp_path


def labels(*patterns):
    return [location.label for location in find(patterns)]


FORMATS = {
    "a.csv": ("csv", None),
    "A.CSV": ("csv", None),
    "a.tsv": ("tsv", None),
    "a.tab": ("tsv", None),
    "a.jsonl": ("jsonl", None),
    "a.ndjson": ("jsonl", None),
    "a.json": ("jsonl", None),
    "a.npz": ("npz", None),
    "a.parquet": ("parquet", None),
    "a.pq": ("parquet", None),
    "a.arrow": ("arrow", None),
    "a.feather": ("arrow", None),
    "a.ipc": ("arrow", None),
    "a.csv.gz": ("csv", "gzip"),
    "a.tsv.zst": ("tsv", "zstd"),
    "b.v2/a.jsonl.bz2": ("jsonl", "bz2"),
    "s3://b/a.csv.gz?region=x": ("csv", "gzip"),
}


def named(*arguments):
    form, compression = format_of(*arguments)
    return form.name, compression


@pytest.mark.parametrize("path", FORMATS)
def test_format_by_name(path):
    assert named(path, None, "--from") == FORMATS[path]


def test_given_format_wins():
    assert named("a.parquet", "csv", "--from") == ("csv", None)
    assert named("-", "arrow", "--to") == ("arrow", None)
    assert named("a.gz", "tsv", "--from") == ("tsv", "gzip")


@pytest.mark.parametrize(
    ("path", "given", "message"),
    [
        ("a.xls", None, "a.xls does not end in the name of a format"),
        ("folder.csv/a", None, "folder.csv/a does not end in the name of a format"),
        ("a.gz", None, "a.gz does not end in the name of a format"),
        ("-", None, "the format of standard input or output is not known"),
        ("a.parquet.gz", None, "a.parquet.gz: parquet is not read or written inside another compression"),
    ],
)
def test_unknown_format(path, given, message):
    with pytest.raises(UsageError) as caught:
        format_of(path, given, "--from")
    assert caught.value.message == message
    assert ", ".join(name for name, form in TABLE.items() if form.text) in caught.value.cure


def test_pyarrow_missing(monkeypatch):
    need_pyarrow()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError) as caught:
        need_pyarrow("gradcli batch")
    assert caught.value.message == "gradcli batch needs pyarrow, which is not installed"
    assert caught.value.cure == "pip install 'gradcli[data]'"


def test_plain_names_keep_their_order(folder):
    assert labels("b.csv", "a.csv", "b.csv", "./a.csv", str(folder / "b.csv")) == ["b.csv", "a.csv"]


def test_globs_are_sorted(folder):
    assert labels("*.csv") == ["a.csv", "b.csv", "data[1].csv"]
    assert labels("b.csv", "*.csv") == ["b.csv", "a.csv", "data[1].csv"]
    assert labels("?.csv") == ["a.csv", "b.csv"]
    assert labels("[!a].csv") == ["b.csv"]
    assert labels("**/[de].csv") == ["sub/d.csv", "sub/deep/e.csv"]


def test_a_name_that_exists_is_no_glob(folder):
    assert labels("data[1].csv") == ["data[1].csv"]
    (folder / "data1.csv").write_text("x\n")
    assert labels("data[1].csv") == ["data[1].csv"]
    (folder / "data[1].csv").unlink()
    assert labels("data[1].csv") == ["data1.csv"]


def test_folder_stands_for_its_tables(folder):
    assert labels(str(folder)) == [str(folder / name) for name in ("a.csv", "b.csv", "data[1].csv")]
    assert labels("sub") == [os.path.join("sub", "d.csv")]


def test_size_stamp_and_name(folder):
    (location,) = find(["sub/d.csv"])
    status = os.stat("sub/d.csv")
    assert (location.name, location.size, location.stamp) == ("d.csv", status.st_size, status.st_mtime_ns)
    assert location.local == "sub/d.csv"
    assert location.seekable
    with location.open() as file:
        assert file.read_at(1, 2) == b"1"


def test_file_uri(folder):
    (location,) = find([f"file://{folder}/a.csv"])
    assert location.local == str(folder / "a.csv")
    assert len(find([f"file://{folder}/*.csv", str(folder / "a.csv")])) == 3
    (folder / "with blank.csv").write_text("x\n")
    assert [location.name for location in find([f"file://{folder}/with%20blank.csv"])] == ["with blank.csv"]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("none.csv", "none.csv cannot be read: No such file or directory"),
        ("none*.csv", "no file matches none*.csv"),
        ("empty", "the folder empty holds no tables"),
        ("a.csv/x.csv", "a.csv/x.csv cannot be read: No such file or directory"),
        ("", "the name of an input file is empty"),
        ("dangling.csv", "dangling.csv cannot be read: No such file or directory"),
        ("a\0b", "a\N{REPLACEMENT CHARACTER}b is no name of a file"),
        ("file://host/x.csv", "file://host/x.csv is no URI of a file here"),
    ],
)
def test_what_cannot_be_found(folder, pattern, message):
    (folder / "empty").mkdir()
    (folder / "dangling.csv").symlink_to("nowhere")
    with pytest.raises(UsageError) as caught:
        find([pattern])
    assert caught.value.message == message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(folder):
    os.chmod("a.csv", 0)
    with pytest.raises(UsageError, match=r"a\.csv cannot be read: Permission denied"):
        find(["a.csv"])


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x\n1\n")))
    (location,) = find(["-", "-"])
    assert (location.label, location.local, location.size, location.seekable) == ("standard input", None, None, False)
    assert location.standard_input
    copy = location.spooled()
    assert copy.label == "standard input"
    with copy.open() as file:
        assert (file.size(), file.read_at(1, 2)) == (4, b"1")


def test_named_pipe(tmp_path):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"x\n1\n",))
    writer.start()
    (location,) = find([str(path)])
    assert not location.seekable
    with location.spooled().open() as file:
        assert file.read() == b"x\n1\n"
    writer.join()


def test_pickled(folder):
    location = pickle.loads(pickle.dumps(find(["a.csv"])[0]))
    assert (location.label, location.size, location.open().read()) == ("a.csv", 4, b"x\n1\n")
    assert pickle.loads(pickle.dumps(location_of("-"))).standard_input


def test_output_need_not_exist(folder):
    location = location_of("new/out.csv")
    assert (location.local, location.name, location.size) == ("new/out.csv", "out.csv", None)


def test_scheme_that_nothing_knows():
    pytest.importorskip("fsspec")
    with pytest.raises(UsageError, match="foo:// is not a kind of store that is known here"):
        find(["foo://bucket/x.csv"])


def test_scheme_that_needs_fsspec(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(UsageError) as caught:
        find(["ftps2://bucket/x.csv"])
    assert caught.value.message == "ftps2://bucket/x.csv: ftps2:// needs fsspec, which is not installed"


@pytest.fixture
def memory():
    """A store in memory, which fsspec gives."""
    fsspec = pytest.importorskip("fsspec")
    store = fsspec.filesystem("memory")
    for name in ("b.csv", "a.csv", "c.txt", "year[1].csv", "deep/d.csv"):
        store.pipe(f"/tables-test/{name}", b"x\n1\n")
    yield store
    store.rm("/tables-test", recursive=True)


def names_in(*patterns):
    return [location.path for location in find(patterns)]


def test_store_that_fsspec_knows(memory):
    root = "memory://tables-test"
    (location,) = find([f"{root}/a.csv"])
    assert (location.label, location.name, location.size, location.local) == (f"{root}/a.csv", "a.csv", 4, None)
    assert location.open().read() == b"x\n1\n"
    assert location.seekable
    assert pickle.loads(pickle.dumps(location)).open().read() == b"x\n1\n"
    assert names_in(f"{root}/*.csv") == ["/tables-test/" + n for n in ("a.csv", "b.csv", "year[1].csv")]
    assert names_in(f"{root}/b.csv", f"{root}/[ab].csv") == ["/tables-test/b.csv", "/tables-test/a.csv"]
    assert names_in(f"{root}/**/d.csv") == ["/tables-test/deep/d.csv"]
    assert names_in(f"{root}/year[1].csv") == ["/tables-test/year[1].csv"]
    assert names_in(root) == ["/tables-test/" + n for n in ("a.csv", "b.csv", "year[1].csv")]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("memory://tables-test/none.csv", "memory://tables-test/none.csv cannot be read: No such file or directory"),
        ("memory://tables-test/none*", "no file matches memory://tables-test/none*"),
    ],
)
def test_store_without_the_file(memory, pattern, message):
    with pytest.raises(UsageError) as caught:
        find([pattern])
    assert caught.value.message == message


@pytest.fixture
def web(folder):
    """A web server that gives files only as a whole."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_file_on_the_web(folder, web):
    pytest.importorskip("aiohttp")
    data = bytes(range(256)) * 40_000
    (folder / "large.csv").write_bytes(data)
    (location,) = find([f"{web}/large.csv"])
    assert (location.label, location.name, location.size) == (f"{web}/large.csv", "large.csv", len(data))
    with location.stream() as file:
        assert b"".join(iter(lambda: file.read(2**20), b"")) == data
    copy = location.spooled()
    with copy.open() as file:
        assert file.read_at(4, 1000) == data[1000:1004]
    with pytest.raises(UsageError) as caught:
        find([f"{web}/none.csv"])
    assert caught.value.message == f"{web}/none.csv cannot be read: No such file or directory"


def test_password_is_not_shown():
    location = location_of("s3://key:secret@bucket/a.parquet?region=us-east-1")
    assert location.label == "s3://key:***@bucket/a.parquet?region=us-east-1"
    assert (location.path, location.name) == ("bucket/a.parquet", "a.parquet")
