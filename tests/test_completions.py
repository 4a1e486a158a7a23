"""The completion scripts: fresh, and tried in the real shells."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from gradcli.commands.completions import function_names, script
from gradcli.commands.declarations import COMMANDS, SHELLS

FOLDER = Path(__file__).resolve().parents[1] / "completions"
FILES = {"bash": "gradcli.bash", "zsh": "_gradcli", "fish": "gradcli.fish", "powershell": "gradcli.ps1"}

OPTIONS = {
    name: {*[flag for flag in command.flags if flag.startswith("--")], "--help"} for name, command in COMMANDS.items()
}


@pytest.mark.parametrize("shell", SHELLS)
def test_the_committed_script_is_fresh(shell):
    committed = (FOLDER / FILES[shell]).read_text(encoding="utf-8")
    assert committed == script(shell), f"run: gradcli completions {shell} > completions/{FILES[shell]}"


def require(shell: str) -> str:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not installed")
    return path


def bash(folder: Path, words: list[str]) -> set[str]:
    """What bash offers for the last of these words; `=` is a word of its own, as bash has it."""
    lines = [
        f"source {FOLDER / FILES['bash']}",
        'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gradcli; printf "%s\\n" "${COMPREPLY[@]}"',
    ]
    run = subprocess.run(
        [require("bash"), "--norc", "-c", "\n".join(lines), "bash", *words],
        cwd=folder, capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    assert run.stderr == ""
    return set(run.stdout.split("\n")) - {""}


def fish(folder: Path, words: list[str]) -> set[str]:
    """What fish offers; it writes `--points=data.csv` in one piece."""
    line = " ".join(words).replace(" = ", "=").replace(" =", "=")
    what = 'source $argv[1]; complete -C "$argv[2]"'
    run = subprocess.run(
        [require("fish"), "--no-config", "-c", what, str(FOLDER / FILES["fish"]), line],
        cwd=folder, capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    offered = {row.partition("\t")[0] for row in run.stdout.split("\n")} - {""}
    return {word.rpartition("=")[2] for word in offered}


# compadd is told every match; this one also writes them to a file.
ZSH = """\
PS1='READY> '; unsetopt beep; LISTMAX=10000
autoload -Uz compinit; compinit -u -D
source {script}
compadd() {{ local -a hits; builtin compadd -A hits "$@"; print -rl -- $hits >> {offered}; builtin compadd "$@" }}
cd {folder}
"""


def zsh(folder: Path, words: list[str]) -> set[str]:
    """What an interactive zsh offers after the tabulator is pressed."""
    shell = require("zsh")
    offered = folder.parent / "offered"
    offered.write_text("")
    setup = folder.parent / "setup.zsh"
    setup.write_text(ZSH.format(script=FOLDER / FILES["zsh"], offered=offered, folder=folder))
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [shell, "-f", "-i"], stdin=end, stdout=end, stderr=end, start_new_session=True,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200", "LINES": "200"},
    )  # fmt: skip
    os.close(end)
    try:
        os.write(terminal, f"source {setup}\n".encode())
        wait_for(terminal, b"READY> ")
        line = " ".join(words).replace(" = ", "=").replace(" =", "=")
        os.write(terminal, line.encode() + b"\t")
        # What was typed is thrown away, and the next line proves that the completion is over.
        os.write(terminal, b"\x15print COMPLE''TED\n")
        wait_for(terminal, b"COMPLETED\r")
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
    return set(offered.read_text().split("\n")) - {""}


def wait_for(terminal: int, what: bytes) -> None:
    seen, end = b"", time.monotonic() + 60
    while what not in seen:
        ready, _, _ = select.select([terminal], [], [], max(0.0, end - time.monotonic()))
        assert ready, f"the shell said {seen!r}"
        seen += os.read(terminal, 65536)


@pytest.fixture
def folder(tmp_path):
    """A folder with two files and a folder in it."""
    place = tmp_path / "place"
    (place / "deeper").mkdir(parents=True)
    (place / "data.csv").write_text("x\n1\n")
    (place / "some points.csv").write_text("x\n1\n")
    return place


SHELL = pytest.mark.parametrize("complete", [bash, zsh, fish])


@SHELL
def test_commands(complete, folder):
    assert complete(folder, ["gradcli", ""]) >= set(COMMANDS)
    assert complete(folder, ["gradcli", "gra"]) == {"grad", "graph"}


@SHELL
@pytest.mark.parametrize("command", COMMANDS)
def test_options(complete, folder, command):
    assert {word.removesuffix("=") for word in complete(folder, ["gradcli", command, "--"])} == OPTIONS[command]


@SHELL
def test_forms(complete, folder):
    assert complete(folder, ["gradcli", "graph", "x", "--do"]) == {"--dot"}
    assert complete(folder, ["gradcli", "grad", "x", "--at", "x=2", "--js"]) == {"--json"}


@SHELL
def test_files(complete, folder):
    for flag in ("--points", "--file"):
        assert complete(folder, ["gradcli", "grad", "x", flag, "da"]) == {"data.csv"}
    assert complete(folder, ["gradcli", "grad", "--points", "=", "da"]) == {"data.csv"}
    found = {
        word.replace("\\", "").removesuffix("/") for word in complete(folder, ["gradcli", "check", "--points", ""])
    }
    assert found == {"data.csv", "some points.csv", "deeper"}


@SHELL
def test_tables_and_the_file_to_write(complete, folder):
    for words in (["x*y", "da"], ["x*y", "data.csv", "-o", "da"], ["x*y", "data.csv", "--output", "da"]):
        assert complete(folder, ["gradcli", "batch", *words]) == {"data.csv"}


@SHELL
def test_names_of_functions(complete, folder):
    offered = complete(folder, ["gradcli", "functions", "arc"])
    assert offered == {name for name in function_names() if name.startswith("arc")}
    assert {"arcsin", "arctan2"} <= offered


@SHELL
def test_shells(complete, folder):
    assert complete(folder, ["gradcli", "completions", ""]) == set(SHELLS)


@SHELL
def test_values_that_are_known(complete, folder):
    assert complete(folder, ["gradcli", "minimize", "x", "--method", ""]) >= {"newton", "lbfgs", "adam"}
    assert complete(folder, ["gradcli", "minimize", "x", "--method", "=", "ne"]) == {"newton"}
    assert complete(folder, ["gradcli", "batch", "x", "--on-error", ""]) == {"stop", "nan", "skip"}
    assert complete(folder, ["gradcli", "grad", "x", "--on-error", ""]) == {"stop", "skip"}
    assert complete(folder, ["gradcli", "batch", "x", "--to", "ts"]) == {"tsv"}
    assert complete(folder, ["gradcli", "export", "x", "--as", "ja"]) == {"javascript"}
    assert complete(folder, ["gradcli", "fit", "x", "--loss", "hu"]) == {"huber"}


@SHELL
def test_topics(complete, folder):
    assert complete(folder, ["gradcli", "help", "la"]) == {"language"}
    assert {"grad", "batch", "conventions", "tutorial"} <= complete(folder, ["gradcli", "help", ""])


@SHELL
def test_no_files_where_none_belong(complete, folder):
    assert complete(folder, ["gradcli", "grad", "x", "--at", "da"]) == set()
    assert complete(folder, ["gradcli", "grad", "x", "--digits", "da"]) == set()
    assert complete(folder, ["gradcli", "minimize", "x", "--method", "qq"]) == set()
