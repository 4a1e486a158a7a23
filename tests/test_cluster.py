"""`gradcli batch` on a Dask cluster: a scheduler and two workers as processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from gradcli.errors import UsageError

pa = pytest.importorskip("pyarrow")
distributed = pytest.importorskip("distributed")
pq = pytest.importorskip("pyarrow.parquet")

from cli import gradcli  # noqa: E402

from gradcli.batch import worker  # noqa: E402
from gradcli.batch.query import Query  # noqa: E402
from gradcli.batch.run import Input  # noqa: E402
from gradcli.errors import ExpressionError  # noqa: E402
from gradcli.tables.finding import find  # noqa: E402

FILES = 40
ROWS = 500  # of a chunk
CHUNKS = 1  # of a unit
FORMULA = "x*log(y) + z"
ROOT = Path(__file__).resolve().parents[1]

# A file system of fsspec that several processes share.
SHARED = """
import fsspec
from fsspec.implementations.local import LocalFileSystem
class Shared(LocalFileSystem):
    protocol = "shared"
    @classmethod
    def _strip_protocol(cls, path):
        return LocalFileSystem._strip_protocol(path.removeprefix("shared://"))
fsspec.register_implementation("shared", Shared, clobber=True)
"""

# Workers begin with it: small chunks, and a note of each that is mapped, slowly.
PRELOAD = f"""
import os, time
from gradcli.batch import worker
from gradcli.batch.mapper import Mapper
from gradcli.tables import chunk
chunk.ROWS = {ROWS}
worker.CHUNKS = {CHUNKS}
mapped = globals().get("mapped", Mapper.map)  # it may be run twice
def slow(self, chunk, numbers, number):
    with open(os.environ["GRADCLI_TEST_LOG"], "a") as file:
        file.write(f"{{os.getpid()}} {{number}} {{chunk.index}}\\n")
    time.sleep(0.01)
    return mapped(self, chunk, numbers, number)
Mapper.map = slow
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals")


class Dask:
    """address: of the scheduler; log: of what the workers have mapped; env: for processes with such workers."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._log = folder / "log"
        (folder / "preload.py").write_text(SHARED + PRELOAD)
        self.env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            "GRADCLI_TEST_LOG": str(self._log),
        }
        self.preloading = {**self.env, "DASK_DISTRIBUTED__WORKER__PRELOAD": str(folder / "preload.py")}
        given = ["--scheduler-file", str(self._file), "--no-dashboard"]
        self._processes = [
            self._start("scheduler", *given, "--port", "0", "--host", "127.0.0.1"),
            self._start(
                "worker", *given, "--nworkers", "2", "--nthreads", "1", "--preload", str(folder / "preload.py"),
                "--memory-limit", "0",
            ),
        ]  # fmt: skip
        self.address = ""

    def _start(self, what: str, *arguments: str) -> subprocess.Popen:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments]
        return subprocess.Popen(
            command, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def ready(self) -> bool:
        """Is the scheduler's file written?"""
        with contextlib.suppress(OSError, ValueError):
            self.address = json.loads(self._file.read_text())["address"]
        if not self.address:
            return False
        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(2)
        return True

    def lines(self) -> list[list[str]]:
        """(process, number of the input, chunk) of what has been mapped."""
        return [line.split() for line in self._log.read_text().splitlines()] if self._log.exists() else []

    def mapped(self) -> list[tuple[int, int]]:
        return [(int(number), int(chunk)) for _, number, chunk in self.lines()]

    def forget(self) -> None:
        self._log.write_text("")

    def close(self) -> None:
        for process in self._processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait(what, seconds: float = 300.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    found = Dask(tmp_path_factory.mktemp("dask"))
    try:
        wait(found.ready)
        yield found
    finally:
        found.close()


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch, dask):
    monkeypatch.setattr("gradcli.tables.chunk.ROWS", ROWS)
    monkeypatch.setattr("gradcli.batch.worker.CHUNKS", CHUNKS)
    monkeypatch.setattr("gradcli.batch.client.PATIENCE", 300.0)  # for a machine with much to do
    dask.forget()


@pytest.fixture
def shared():
    """The scheme of the file system here."""
    pytest.importorskip("fsspec")
    exec(SHARED, {})
    return "shared://"


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> Path:
    """40 Parquet files of several row groups, three chunks each."""
    folder = tmp_path_factory.mktemp("tables")
    draw = np.random.default_rng(7)
    for k in range(FILES):
        n = 1100 + k
        columns = {name: draw.normal(size=n) for name in "xyz"}
        table = pa.table({"id": [f"{k:02d}-{i:04d}" for i in range(n)], **columns})
        pq.write_table(table, folder / f"part-{k:02d}.parquet", row_group_size=400)
    return folder


@pytest.fixture(scope="module")
def one(tables, tmp_path_factory):
    """What one process writes: into a file, and into a folder; and what it says."""
    folder = tmp_path_factory.mktemp("one")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gradcli.tables.chunk.ROWS", ROWS)
        (folder / "each").mkdir()
        said = [
            gradcli("batch", FORMULA, f"{tables}/*.parquet", "-o", str(folder / "all.parquet")),
            gradcli("batch", FORMULA, f"{tables}/*.parquet", "-o", f"{folder}/each/"),
        ]
    return folder, *said


def said(result) -> tuple[int, str]:
    """The status and what is told, but for the name of the output."""
    return result.status, re.sub(r"^wrote .*?: (?=[\d,]+ row)", "wrote: ", result.err, flags=re.MULTILINE)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_folder_as_one_process_writes_it(dask, tables, one, tmp_path):
    result = gradcli("batch", FORMULA, f"{tables}/*.parquet", "-o", f"{tmp_path}/out/", "--cluster", dask.address)
    assert said(result) == said(one[2])
    assert bytes_of(tmp_path / "out") == bytes_of(one[0] / "each")
    assert sorted(dask.mapped()) == sorted((k, chunk) for k in range(FILES) for chunk in range(3))


def test_joined_file_as_one_process_writes_it(dask, tables, one, tmp_path):
    out = tmp_path / "all.parquet"
    result = gradcli("batch", FORMULA, f"{tables}/*.parquet", "-o", str(out), "--cluster", dask.address)
    assert said(result) == said(one[1])
    assert out.read_bytes() == (one[0] / "all.parquet").read_bytes()
    assert [x.name for x in tmp_path.iterdir()] == ["all.parquet"]
    assert pq.read_metadata(out).num_row_groups == 3 * FILES


@pytest.mark.parametrize("ending", ["csv", "jsonl.gz", "arrow", "npz"])
def test_other_formats_out(dask, tables, tmp_path, ending):
    given = ["batch", FORMULA, f"{tables}/part-0[0-3].parquet", "-o"]
    alone = gradcli(*given, f"{tmp_path}/a.{ending}")
    shared = gradcli(*given, f"{tmp_path}/b.{ending}", "--cluster", dask.address)
    assert said(alone) == said(shared)
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


@pytest.mark.parametrize(("first", "second", "out"), [
    ("csv", "csv", "parquet"), ("csv", "csv", "csv"), ("jsonl", "jsonl", "jsonl"), ("jsonl", "csv", "jsonl"),
])  # fmt: skip
def test_text_in(dask, tmp_path, first, second, out):
    for k, kind in enumerate((first, second)):
        rows = [(i + 2000 * k, i / 7 - 30) for i in range(1, 1200)]
        if kind == "csv":
            text = "id,x\n" + "".join(f"{i:05d},{x}\n" for i, x in rows)
        else:
            text = "".join(f'{{"id": "{i:05d}",   "x": {x}}}\n' for i, x in rows)
        (tmp_path / f"{k}.{kind}").write_text(text)
    given = ["batch", "sqrt(x)", *[str(tmp_path / f"{k}.{kind}") for k, kind in enumerate((first, second))], "-o"]
    alone = gradcli(*given, f"{tmp_path}/a.{out}")
    shared = gradcli(*given, f"{tmp_path}/b.{out}", "--cluster", dask.address)
    assert said(alone) == said(shared)
    assert alone.status == 0
    assert "418 of 2,398 rows are NaN" in shared.err
    assert (tmp_path / f"a.{out}").read_bytes() == (tmp_path / f"b.{out}").read_bytes()


@pytest.mark.parametrize("what", ["--accumulate", "--stats"])
def test_sums_are_those_of_one_process(dask, tables, what):
    given = ["batch", FORMULA, f"{tables}/*.parquet", what, "--json"]
    alone, shared = gradcli(*given), gradcli(*given, "--cluster", dask.address)
    assert alone.status == shared.status == 0
    assert (shared.out, shared.err) == (alone.out, alone.err)
    assert len(dask.mapped()) == 3 * FILES


def test_workers_of_this_machine(tables, tmp_path, monkeypatch):
    monkeypatch.undo()  # they have chunks of the usual size
    given = ["batch", FORMULA, f"{tables}/part-0*.parquet", "-o"]
    alone = gradcli(*given, f"{tmp_path}/a.parquet")
    shared = gradcli(*given, f"{tmp_path}/b.parquet", "--workers", "2")
    assert said(alone) == said(shared)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_killed_worker_loses_nothing(dask, tables, one, tmp_path):
    def kill() -> None:
        for count in (20, 60):
            wait(lambda count=count: len(dask.lines()) > count)
            killed.append(int(dask.lines()[-1][0]))
            os.kill(killed[-1], signal.SIGKILL)

    killed: list[int] = []
    killer = threading.Thread(target=kill)
    killer.start()
    out = tmp_path / "all.parquet"
    result = gradcli("batch", FORMULA, f"{tables}/*.parquet", "-o", str(out), "--cluster", dask.address)
    killer.join()
    assert len(killed) == 2
    assert said(result) == said(one[1])
    assert out.read_bytes() == (one[0] / "all.parquet").read_bytes()
    assert [x.name for x in tmp_path.iterdir()] == ["all.parquet"]


@pytest.fixture
def start(dask):
    """A run on workers of its own, as a process that leads a group of all of them."""
    processes = []

    def started(*argv: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "gradcli", "batch", *argv, "--workers", "2"]
        processes.append(subprocess.Popen(command, env=dask.preloading, stderr=subprocess.PIPE, start_new_session=True))
        return processes[-1]

    yield started
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stderr.close()


def killed(process: subprocess.Popen) -> None:
    """Kill the group, and wait for its last process: each has standard error, and holds its locks until it is gone."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_killed_run_goes_on(dask, start, tables, one, tmp_path, kind):
    out = tmp_path / "all.parquet" if kind == "file" else tmp_path / "each"
    given = [FORMULA, f"{tables}/*.parquet", "-o", str(out) if kind == "file" else f"{out}/"]
    process = start(*given)
    wait(lambda: len(dask.lines()) > 40)
    killed(process)
    if kind == "file":
        parts = [x.name for x in (tmp_path / "all.parquet.partial").glob("*.arrows")]
        there = {(int(name[:6]), int(name[7:13])) for name in parts}
        assert not out.exists()
    else:
        whole = [int(x.name[5:7]) for x in out.glob("*.parquet") if not Path(f"{x}.partial").exists()]
        there = {(k, chunk) for k in whole for chunk in range(3)}
    assert len(there) > 10
    dask.forget()
    result = gradcli("batch", *given, "--resume", "--cluster", dask.address)
    assert (result.status, result.out) == (0, ""), result.err
    assert not there & set(dask.mapped())
    if kind == "file":
        assert out.read_bytes() == (one[0] / "all.parquet").read_bytes()
        assert said(result) == said(one[1])
        assert [x.name for x in tmp_path.iterdir()] == ["all.parquet"]
    else:
        assert bytes_of(out) == bytes_of(one[0] / "each")


def test_killed_run_over_text_goes_on(dask, start, tmp_path):
    inputs = tmp_path / "in"
    inputs.mkdir()
    for k in range(2):
        (inputs / f"{k}.csv").write_text("x\n" + "".join(f"{i / 7 - 100 * k}\n" for i in range(100 * ROWS)))
    alone = gradcli("batch", "sqrt(x)", f"{inputs}/*.csv", "-o", f"{tmp_path}/alone/")
    given = ["sqrt(x)", f"{inputs}/*.csv", "-o", f"{tmp_path}/out/"]
    process = start(*given)
    wait(lambda: len(dask.lines()) > 40)
    killed(process)
    assert {x.name for x in (tmp_path / "out").iterdir()} == {"0.csv.partial", "1.csv.partial"}
    dask.forget()
    result = gradcli("batch", *given, "--resume", "--cluster", dask.address)
    assert said(result) == said(alone)
    assert result.status == 0
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "alone")
    assert len(dask.mapped()) < 170


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize("ending", ["parquet", "jsonl.zst"])
@pytest.mark.parametrize(("size", "units"), [(1, 3), (2, 2)])
def test_join_may_be_stopped_and_run_again(tables, tmp_path, monkeypatch, shared, local, ending, size, units):
    from gradcli.batch import worker
    from gradcli.batch.output import Output
    from gradcli.batch.query import Query
    from gradcli.batch.run import Input
    from gradcli.tables.finding import find

    def stop(*_: object) -> None:
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt

    calls: list[int] = []
    monkeypatch.setattr(worker, "CHUNKS", size)
    inputs = [Input(location, None) for location in find([f"{tables}/part-00.parquet", f"{tables}/part-01.parquet"])]
    query = Query(FORMULA)
    expected = Output(f"{tmp_path}/a.{ending}", None, inputs, False, False).write(query)
    file = Output(f"{'' if local else shared}{tmp_path}/b.{ending}", None, inputs, True, False).files[0]
    work = worker.Work(query, file.location, file.form, file.compression, 2, inputs[:1], 0, keep=True)
    monkeypatch.setattr(worker, "_wanted", lambda *_: None)
    found = [worker.unit(work, x, k, chunk) for k, x in enumerate(inputs) for chunk in range(units)]
    assert [x.units for x in found[::units]] == [units, units]
    monkeypatch.setattr(worker, "_wanted", stop)
    assert isinstance(worker.join(work, [units, units], "digest"), worker.Failed)
    assert not (tmp_path / f"b.{ending}").exists()
    outcomes = [worker.join(work, [units, units], "digest") for _ in range(2)]
    assert len(calls) == (5 + 2 if local else 5 + 6)  # a file system elsewhere has no half of a file
    assert [x.to_json() for x in outcomes] == 2 * [expected.to_json()]
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()
    worker.clear(work)
    assert sorted(x.name for x in tmp_path.iterdir()) == [f"a.{ending}", f"b.{ending}"]


def test_parts_of_another_run_are_an_error(dask, start, tables, tmp_path):
    given = [f"{tables}/*.parquet", "-o", str(tmp_path / "all.csv")]
    process = start(FORMULA, *given)
    wait(lambda: len(dask.lines()) > 20)
    killed(process)
    result = gradcli("batch", "x*y", *given, "--resume", "--cluster", dask.address)
    assert result.status == 2
    assert result.err == (
        f"gradcli: {tmp_path}/all.csv.partial is of another run: not the same query\n--force begins anew\n"
    )
    assert gradcli("batch", "x*y", *given, "--force", "--cluster", dask.address).status == 0
    assert [x.name for x in tmp_path.iterdir()] == ["all.csv"]


def test_interrupt_leaves_nothing(dask, start, tables, tmp_path):
    process = start(FORMULA, f"{tables}/*.parquet", "-o", str(tmp_path / "all.parquet"))
    wait(lambda: len(dask.lines()) > 10)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=300) == 130
    assert process.stderr.read() == b"gradcli: interrupted\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("out", ["all.csv", "each/"])
def test_bad_row_is_one_error(dask, tmp_path, out):
    inputs = tmp_path / "in"
    inputs.mkdir()
    for k in range(10):
        text = "x\n" + "".join(f"{i}\n" for i in range(1, 1200))
        (inputs / f"{k}.csv").write_text(text.replace("\n700\n", "\nabc\n") if k == 7 else text)
    given = ["batch", "x**2", f"{inputs}/*.csv", "-o", f"{tmp_path}/{out}"]
    alone = gradcli(*given)
    assert alone.err.startswith(f'gradcli: {inputs}/7.csv, row 700, column x: "abc" is not a number')
    for path in tmp_path.glob("each/*"):
        path.unlink()
    shared = gradcli(*given, "--cluster", dask.address)
    assert said(shared) == said(alone)
    assert not [x for x in tmp_path.rglob("*") if "partial" in x.name]
    assert not (tmp_path / "all.csv").exists()
    lenient = gradcli(*given, "--on-error", "nan", "--force", "--cluster", dask.address)
    assert lenient.status == 1
    assert "1 of 11,990 rows has no number" in lenient.err


def test_file_system_of_fsspec(dask, shared, tables, one, tmp_path):
    given = ["batch", FORMULA, f"{shared}{tables}/*.parquet"]
    result = gradcli(*given, "-o", f"{shared}{tmp_path}/all.parquet", "--cluster", dask.address)
    assert result.status == 0
    assert (tmp_path / "all.parquet").read_bytes() == (one[0] / "all.parquet").read_bytes()
    assert [x.name for x in tmp_path.iterdir()] == ["all.parquet"]
    (tmp_path / "each").mkdir()
    result = gradcli(*given, "-o", f"{shared}{tmp_path}/each/", "--cluster", dask.address)
    assert result.status == 0
    assert bytes_of(tmp_path / "each") == bytes_of(one[0] / "each")


def test_scheduler_that_is_not_there(tables, tmp_path, monkeypatch):
    monkeypatch.setattr("gradcli.batch.client.PATIENCE", 0.5)
    for address in ("tcp://127.0.0.1:9", "nothing://here"):
        result = gradcli("batch", "x", f"{tables}/*.parquet", "-o", f"{tmp_path}/out.csv", "--cluster", address)
        assert result.status == 2
        assert result.err.startswith(f"gradcli: the scheduler {address} is not reached")
        assert "Traceback" not in result.err
    assert list(tmp_path.iterdir()) == []


def test_another_version(dask, tables, tmp_path, monkeypatch):
    from gradcli import __version__

    monkeypatch.setattr("gradcli.batch.client.__version__", "0.0.1")
    result = gradcli("batch", "x", f"{tables}/*.parquet", "-o", f"{tmp_path}/out.csv", "--cluster", dask.address)
    assert result.status == 2
    assert f"has gradcli {__version__}, this is 0.0.1\ninstall the same version on both\n" in result.err


def test_nothing_but_files(dask, tables):
    result = gradcli("batch", "x", f"{tables}/*.parquet", "--cluster", dask.address)
    assert result.err == ("gradcli: a cluster writes files, not standard output\n-o FILE or -o FOLDER/ names them\n")
    result = gradcli("batch", "x", "-", "-o", "x.csv", "--workers", "1", stdin=b"x\n1\n")
    assert result.err == (
        "gradcli: standard input can be read only here and once, not by the workers of a cluster\nput it in a file\n"
    )


def test_without_the_package(tables, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = gradcli("batch", "x", f"{tables}/*.parquet", "-o", f"{tmp_path}/out.csv", "--workers", "2")
    assert result.err == (
        "gradcli: --workers and --cluster need dask.distributed, which is not installed\n"
        "pip install 'gradcli[cluster]'\n"
    )


@pytest.mark.parametrize("error", [
    UsageError("message", "cure"), ExpressionError("message", "x +* y", (3, 4), "cure"),
])  # fmt: skip
def test_errors_travel(error):
    from gradcli.batch.worker import Failed

    found = pickle.loads(pickle.dumps(Failed(error))).error()
    assert (type(found), str(found), vars(found)) == (type(error), str(error), vars(error))


def test_all_workers_run_what_the_driver_chose(dask, tables, tmp_path, monkeypatch):
    monkeypatch.setattr("gradcli.api.map.pays", lambda graph, points, dtype: points > 0)
    given = ["batch", FORMULA, f"{tables}/part-0*.parquet", "--debug", "-o"]
    alone = gradcli(*given, f"{tmp_path}/a.parquet")
    shared = gradcli(*given, f"{tmp_path}/b.parquet", "--cluster", dask.address)
    assert said(alone) == said(shared)
    assert "note: the formula ran as compiled code\n" in alone.err
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_a_worker_without_compiled_code_says_so(tables, monkeypatch):
    monkeypatch.setattr(worker, "obstacle", lambda: "llvmlite is not installed")
    inputs = [Input(location, None, {}) for location in find([f"{tables}/part-00.parquet"])]
    query = Query(FORMULA)
    work = worker.Work(query, None, None, None, 1, inputs, 0, executor="compiled")
    with pytest.raises(UsageError, match="to be compiled, and on a worker of the cluster llvmlite is not installed"):
        raise worker.sums(work, inputs[0], 0, 0).error()


@pytest.mark.parametrize(("here", "there"), [("", "llvmlite is not installed"), ("llvmlite is not installed", "")])
def test_an_audit_refuses_workers_of_which_some_compile(tables, monkeypatch, here, there):
    """Its bounds would differ from row to row."""
    monkeypatch.setattr(worker, "obstacle", lambda: there)
    inputs = [Input(location, None, {}) for location in find([f"{tables}/part-00.parquet"])]
    options = {"executor": "blocks", "obstacle": here}
    with pytest.raises(UsageError) as caught:
        worker.UnitRun(
            worker.Work(Query(FORMULA, audit=True), None, None, None, 1, inputs, 0, **options), inputs[0], 0, 0
        )
    who = "on a worker of the cluster" if there else "where the command runs"
    assert f"some not: {who} llvmlite is not installed" in str(caught.value)
    worker.UnitRun(worker.Work(Query(FORMULA), None, None, None, 1, inputs, 0, **options), inputs[0], 0, 0)


@pytest.mark.parametrize("lacking", ["", "llvmlite is not installed"])
def test_workers_are_told_what_the_driver_of_an_audit_lacks(dask, tables, monkeypatch, lacking):
    monkeypatch.setattr("gradcli.batch.cluster.obstacle", lambda: lacking)
    result = gradcli("batch", FORMULA, f"{tables}/part-00.parquet", "--audit", "--stats", "--cluster", dask.address)
    assert ("some not: where the command runs llvmlite is not installed" in result.err) is bool(lacking)
    assert result.status == (2 if lacking else 0)
