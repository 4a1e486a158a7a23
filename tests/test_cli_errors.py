"""Every error message is a row of `error_table.txt`: the command line, its exact text, its exit status."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from cli import gradcli
from transcripts import Row, read, run

from gradcli import errors

TABLE = Path(__file__).with_name("error_table.txt")
PACKAGE = Path(errors.__file__).parent
ROWS = read(TABLE)
RAISERS = {"ExpressionError", "UsageError", "fail"}

# What the library alone can say, and what no line of a table can hold: a closed stream, a cell of
# 200,000 characters, a number of 5,000 digits, a million brackets. These have tests of their own.
ELSEWHERE = {"binding", "as_float", "as_array", "_prepare_streams", "_standard_input", "cells", "_mind_digits", "open"}
ELSEWHERE |= {"by_place", "not_a_variable", "without_value", "proven", "decimal", "join_readings"}
# What needs a table that is not text, a terminal, or two processes: test_batch.py.
ELSEWHERE |= {"_exists", "_check_age", "_lock", "take", "_one", "_cast", "target_for", "in_the_way", "_read", "outcome"}
ELSEWHERE |= {"of_another_run", "taylor", "taylor_of"}
# A terminal, a package or a font that is not there, too many pixels: test_pictures.py.
ELSEWHERE |= {"deliver_bytes", "png"}
LIBRARY = {"map.py", "library.py"}
# Files of tables and clusters, which no line of a table can hold either: test_tables_*.py and test_cluster.py;
# and what is there without pyarrow: test_batch_plain.py.
OTHERS = {"tables", "cluster.py", "client.py", "worker.py", "parts.py", "plain.py"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the files of the table are: all of them made before the first row runs."""
    place = tmp_path_factory.mktemp("errors")
    for row in ROWS:
        if row.status is None:
            run(row.command, place)
    return place


@pytest.mark.parametrize("row", [row for row in ROWS if row.status is not None], ids=lambda row: f"line {row.line}")
def test_the_text_and_the_status(row: Row, folder):
    result = run(row.command, folder)
    assert (result.err, result.status) == (row.text, row.status), f"error_table.txt, line {row.line}: {row.command}"
    assert result.out == ""


def places() -> list[tuple[Path, int, int, str]]:
    """Each call that makes an error: file, first and last line, and the function around it."""
    found = []
    for path in sorted(p for p in PACKAGE.rglob("*.py") if p.name not in LIBRARY and not OTHERS & set(p.parts)):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and function.name not in {*ELSEWHERE, "fail"}:
                for node in ast.walk(function):
                    if isinstance(node, ast.Call):
                        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                        if name in RAISERS:
                            found.append((path, node.lineno, node.end_lineno or 0, function.name))
    return found


def test_every_place_that_makes_an_error_has_a_row(folder, monkeypatch):
    """Run the whole table and note from which lines errors come."""
    reached: set[tuple[str, int]] = set()

    def noting(original):
        def init(self, *arguments, **keywords):
            frame = sys._getframe(1)
            while frame is not None:
                reached.add((frame.f_code.co_filename, frame.f_lineno))
                frame = frame.f_back
            original(self, *arguments, **keywords)

        return init

    for kind in (errors.ExpressionError, errors.UsageError):
        monkeypatch.setattr(kind, "__init__", noting(kind.__init__))
    for row in ROWS:
        run(row.command, folder)
    missed = [
        f"{path.relative_to(PACKAGE)}:{first} in {function}"
        for path, first, last, function in places()
        if not any((str(path), line) in reached for line in range(first, last + 1))
    ]
    assert missed == []


def test_a_number_of_too_many_digits():
    result = gradcli("grad", "x + " + "1" * 5000)
    assert result.status == 2
    assert result.err.startswith("gradcli: the number has more than 4,000 digits\n")
    assert result.err.endswith("^\nshorten it\n")
