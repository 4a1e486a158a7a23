"""What other systems lack or refuse, set up here by patches of the module that asks for it."""

import contextlib
import os
import signal
import sys
import threading
from unittest import mock

import pyarrow as pa
import pytest
from cli import gradcli

from gradcli.batch.partial import Partial
from gradcli.commands import declarations
from gradcli.errors import UsageError
from gradcli.tables.formats import FORMATS
from gradcli.tables.opening import open_writer
from gradcli.witness import worker


def without(*modules):
    """The modules are not there, as on Windows."""
    return mock.patch.dict(sys.modules, dict.fromkeys(modules))


@pytest.fixture
def open_files_stay(monkeypatch):
    """Windows: a file that this process has open is not removed, renamed or replaced."""

    def guarded(usual):
        def guard(*paths):
            for path in filter(os.path.exists, paths):
                if any(os.path.samestat(found, os.stat(path)) for found in _open_files()):
                    raise PermissionError(13, "The process cannot access the file", path)
            usual(*paths)

        return guard

    for name in ("remove", "rename", "replace"):
        monkeypatch.setattr(os, name, guarded(getattr(os, name)))


def _open_files():
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # that of the list itself
            yield os.fstat(int(name))


needs_proc = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")


@needs_proc
def test_the_folder_beside_an_output_goes_where_open_files_stay(tmp_path, open_files_stay):
    partial = Partial(str(tmp_path / "out.csv"), "out.csv")
    partial.open({}, fresh=False, keep=False)
    partial.remove()
    assert os.listdir(tmp_path) == []


@needs_proc
def test_a_refusal_leaves_no_journal_where_open_files_stay(tmp_path, open_files_stay):
    folder = tmp_path / "out.csv.partial"
    folder.mkdir()
    (folder / "000000-000001.arrows").touch()
    with pytest.raises(UsageError, match="is of a run with --cluster or --workers"):
        Partial(str(tmp_path / "out.csv"), "out.csv").open({}, fresh=False, keep=True)
    assert os.listdir(folder) == ["000000-000001.arrows"]


@needs_proc
@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_a_table_is_taken_up_again_where_open_files_stay(form, tmp_path, open_files_stay):
    columns = {"a": [1.0, 2.0], "value": [3.0, 4.0], "d/da": [5.0, 6.0]}
    state = None
    for _ in range(2):
        writer = open_writer(form, None, str(tmp_path), pa.table(columns).schema, 2, state)
        writer.append(pa.table(columns))
        state = writer.state()
        writer.close()
    again = open_writer(form, None, str(tmp_path), pa.table(columns).schema, 2, state)
    os.replace(again.finish(), tmp_path / "done")


def test_without_locks_the_folder_is_taken_all_the_same(tmp_path):
    with without("fcntl"):
        partial = Partial(str(tmp_path / "out.csv"), "out.csv")
        partial.open({}, fresh=False, keep=False)
        partial.remove()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("error", [ValueError("current limit exceeds maximum limit"), OSError(22, "Invalid argument")])
def test_a_limit_of_memory_that_is_refused_stops_no_witness(error):
    """macOS has RLIMIT_AS and refuses to set it."""
    resource = mock.Mock(RLIM_INFINITY=-1, RLIMIT_AS=5)
    resource.getrlimit.return_value = (-1, -1)
    resource.setrlimit.side_effect = error
    with mock.patch.dict(sys.modules, resource=resource):
        worker.limit_memory()
    resource.setrlimit.assert_called_once_with(5, (worker.MEMORY, -1))


def test_without_limits_of_memory_there_is_a_witness_too():
    with without("resource"):
        worker.limit_memory()


def test_without_timers_of_the_processor_the_clock_ends_the_witness(monkeypatch):
    ended = threading.Event()
    statuses = []
    monkeypatch.delattr(signal, "setitimer", raising=False)
    monkeypatch.setattr(os, "_exit", lambda status=0: (statuses.append(status), ended.set()))
    limit = worker.time_limit()
    limit(3600.0)
    limit(0)  # the timer is off
    limit(1e-6)
    assert ended.wait(60)
    assert statuses == [worker.LATE]
    assert worker.LATE in worker.LATE_STATUSES


LINES = [
    ["grad", "x**2*\u03b1", "--at", "x=2,\u03b1=3"],
    ["grad", "abs(x)", "--at", "x=0"],
    ["eval", "\u221a2*\u03c0"],
    ["graph", "sin(x)*x", "--at", "x=1"],
    ["check", "sin(x)*\u4e2d", "--at", "x=1,\u4e2d=2"],
    ["functions"],
    ["functions", "sin"],
    ["minimize", "(x-1)**2", "--start", "x=3"],
    ["--help"],
    [],
    *([name, "--help"] for name in declarations.COMMANDS),
    ["grad", "\u4e2d+", "--at", "\u4e2d=1"],
]


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_a_console_of_few_characters_takes_every_output(words, encoding):
    result = gradcli(*words, encoding=encoding)
    assert result.status in (0, 1, 2)
    assert "internal error" not in result.err
    assert "?" not in result.out.replace("?", "", gradcli(*words).out.count("?"))  # nothing replaced in silence
    assert "\N{REPLACEMENT CHARACTER}" not in result.out
