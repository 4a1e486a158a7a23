"""README cannot go stale: every command in it runs and prints what it says."""

from __future__ import annotations

import ast
import doctest
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from gradcli import api
from gradcli.api.evaluation import Note
from gradcli.commands.declarations import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOTING = {"Note", "note", "_note"}


def examples() -> list[tuple[str, str]]:
    """(command, what it prints) of all console blocks."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            found.append((command, printed))
    return found


@pytest.mark.parametrize(("command", "printed"), examples(), ids=[c for c, _ in examples()])
def test_console_example(command, printed):
    if "| jq" in command and not shutil.which("jq"):
        pytest.skip("jq is not installed")
    scripts = sysconfig.get_path("scripts")
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100"}
    if not shutil.which("gradcli", path=scripts):
        command = command.replace("gradcli ", f"{sys.executable} -m gradcli ")
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=60, env=environment, cwd=ROOT, check=False
    )
    assert [line.rstrip() for line in (done.stdout + done.stderr).splitlines()] == printed.splitlines()


def test_python_examples():
    runner = doctest.DocTestRunner()
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    runner.run(doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README", "README.md", 0))
    assert blocks
    assert runner.summarize(verbose=False).failed == 0


def test_every_command_is_mentioned():
    for name in COMMANDS:
        assert f"gradcli {name}" in README


def test_every_kind_of_note_is_told():
    """The kinds that the code gives, and those that the docstring of Note lists, are those of the table."""
    told = set(re.findall(r"`(\w+)`", README.partition("| kind of note |")[2].partition("| case |")[0])) - {
        "floor",
        "sign",
    }
    text = " ".join((Note.__doc__ or "").partition("kind: one of ")[2].partition(";")[0].split())
    given = {
        call.args[0].value
        for path in Path(api.__file__).parent.glob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in NOTING
        if isinstance(call.args[0], ast.Constant)
    }
    assert told == set(text.split(", ")) >= given >= {"kink", "domain", "cancellation"}
