"""Ctrl-C: exit status 130 and one line, at whatever moment; tests/fuzz/command_interrupts.py tries random ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# SIGINT when a module is looked for, and an answer that does not end before it; then, is the last module of that import
# there?
PROGRAM = """
import atexit, os, signal, sys, time
atexit.register(int)  # else the program would end at once
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {when!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
from gradcli import __main__ as program
run = program.edge._run
program.edge._run = lambda words: run(words) + time.sleep(20)
status = program.main()
print({last!r} in sys.modules, file=sys.stderr)
sys.exit(status)
"""
INTERRUPTED = (130, b"gradcli: interrupted\n")


def run(code: str, *argv: str, **settings) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code, *argv], capture_output=True, env=environment, timeout=120, **settings
    )


def test_before_main():
    done = run(PROGRAM.format(when="gradcli.commands.main", last=""), "eval", "1", "--plain")
    assert (done.returncode, done.stderr, done.stdout) == (*INTERRUPTED, b"")


@pytest.mark.parametrize(
    ("when", "last", "argv"),
    [
        ("gradcli.language.lexer", "gradcli.commands.problem", ["eval", "x", "--at", "x=1"]),
        ("numpy.linalg", "numpy.lib", ["eval", "sum(x)", "--at", "x=[1,2]", "--json"]),
        ("flint.types", "flint", ["eval", "x", "--at", "x=1", "--digits", "30"]),
        (
            "scipy.linalg._basic",
            "scipy.optimize",
            ["minimize", "sum(x**4)", "--start", "x=[1,2,3]", "--method", "lbfgs"],
        ),
    ],
)
def test_an_import_is_brought_to_its_end_first(when, last, argv):
    done = run(PROGRAM.format(when=when, last=last), *argv)
    assert (done.returncode, done.stderr) == (130, INTERRUPTED[1] + b"True\n")


def test_in_a_finaliser():
    code = """
import os, signal, sys, time
from gradcli import __main__ as program
class Late:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0)
def answer(*_):
    Late()
    time.sleep(20)
program.edge._run = answer
sys.exit(program.main())
"""
    done = run(code)
    assert (done.returncode, done.stderr) == INTERRUPTED


def test_twice():
    code = """
import os, signal, sys
from gradcli import __main__ as program
def interrupt(*_):
    os.kill(os.getpid(), signal.SIGINT)
program.edge._run = program.edge._drop_output = interrupt
sys.exit(program.main())
"""
    done = run(code)
    assert (done.returncode, done.stderr) == (130, b"")


def test_after_the_answer():
    code = """
import atexit, os, signal, sys
from gradcli.__main__ import main
atexit.register(os.kill, os.getpid(), signal.SIGINT)
sys.exit(main())
"""
    done = run(code, "eval", "1+1", "--plain")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"2.0\n", b"")


def test_where_it_is_ignored_it_stays_so():
    code = """
import signal, sys
from gradcli.__main__ import main
assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
sys.exit(main())
"""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        done = run(code, "eval", "1+1", "--plain")
    finally:
        signal.signal(signal.SIGINT, before)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_library_leaves_it_to_python():
    code = """
import gradcli, signal
from gradcli.commands.main import main
main(["eval", "1+1", "--plain"])
gradcli.tensor([1.0])
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
"""
    assert run(code).returncode == 0
