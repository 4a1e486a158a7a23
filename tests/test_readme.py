"""README and the pages of gradcli/docs cannot go stale: every command in them runs and prints what it says."""

from __future__ import annotations

import ast
import doctest
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections import Counter
from pathlib import Path

import pytest

from gradcli import api
from gradcli.api.evaluation import Note
from gradcli.commands.declarations import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {path.name: path for path in (ROOT / "README.md", *sorted((ROOT / "gradcli" / "docs").glob("*.md")))}
PAGE = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
NOTING = {"Note", "note", "of_slope", "_note"}


def examples() -> list[tuple[str, str]]:
    """(command, what it prints) of all console blocks."""
    found = []
    for path in PAGES.values():
        for block in re.findall(r"```console\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
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
    environment.pop("LINES", None)  # readline sets it in the processes of pytest-xdist
    if not shutil.which("gradcli", path=scripts):
        command = command.replace("gradcli ", f"{sys.executable} -m gradcli ")
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=300, env=environment, cwd=ROOT, check=False
    )
    assert [line.rstrip() for line in (done.stdout + done.stderr).splitlines()] == printed.splitlines()


@PAGE
def test_python_examples(path: Path):
    runner = doctest.DocTestRunner()
    blocks = re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    runner.run(doctest.DocTestParser().get_doctest("\n".join(blocks), {}, path.name, str(path), 0))
    assert runner.summarize(verbose=False).failed == 0


@PAGE
def test_every_link_leads_to_a_file(path: Path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).is_file()] == []


def test_every_page_is_reached_from_the_readme():
    assert [name for name in PAGES if name != "README.md" and f"(gradcli/docs/{name})" not in README] == []


def test_nothing_is_said_twice():
    """No command is shown on two pages, and no sentence of some length."""
    told = [command for command, _ in examples()]
    for path in PAGES.values():
        prose = " ".join(re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL).split())
        told += [text for text in re.split(r"(?<=[.:;]) ", prose) if len(text) > 60]
    assert [text for text, times in Counter(told).items() if times > 1] == []


def test_every_command_is_mentioned():
    for name in COMMANDS:
        assert f"gradcli {name}" in README


def test_every_kind_of_note_is_told():
    """The kinds that the code gives, and those that the docstring of Note lists, are those of the table."""
    page = PAGES["notes.md"].read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", page.partition("| kind of note |")[2], re.MULTILINE))
    text = " ".join((Note.__doc__ or "").partition("kind: one of ")[2].partition(";")[0].split())
    given = {
        call.args[0].value
        for path in Path(api.__file__).parent.glob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in NOTING
        if isinstance(call.args[0], ast.Constant)
    }
    assert told == set(text.split(", ")) >= given >= {"kink", "domain", "cancellation"}
