"""README cannot go stale: every command in it runs and prints what it says."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from gradcli.commands.declarations import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


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
