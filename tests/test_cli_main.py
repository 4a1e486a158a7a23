"""The edge of the program: streams, exit statuses, help (design, section 2)."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pyarrow.parquet
import pytest
from cli import gradcli

import gradcli as library
from gradcli.commands.declarations import COMMANDS
from gradcli.commands.main import main

ROOT = Path(__file__).resolve().parents[1]
PYTHON = [sys.executable, "-m", "gradcli"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def process(argv: str, **settings) -> subprocess.CompletedProcess:
    """Run a line of shell; `gradcli` in it is this one."""
    line = argv.replace("gradcli ", f"{' '.join(PYTHON)} ")
    environment = {**ENVIRONMENT, **settings.pop("env", {})}
    return subprocess.run(["bash", "-c", line], capture_output=True, env=environment, timeout=300, **settings)


def test_results_are_alone_on_standard_output():
    result = gradcli("grad", "1/2x + abs(x)", "--at", "x=0", "--json")
    answer = json.loads(result.out)
    assert (answer["value"], answer["grad"]) == (0.0, {"x": 0.5})
    assert [note["kind"] for note in answer["notes"]] == ["kink"]
    assert result.err == "note: 1/2x is read as (1/2)*x\n  1/2x + abs(x)\n  ^^^^\n"
    table = gradcli("grad", "1/2x + abs(x)", "--at", "x=0", "--no-check")
    assert "note" not in table.out
    assert "kink" in table.err


def test_bare_gradcli_prints_a_short_help():
    result = gradcli()
    assert (result.status, result.err) == (0, "")
    assert result.out.count("\n") < 24  # a screen
    assert 'gradcli grad "x**2 + 3*x + 1" --at x=2' in result.out


@pytest.mark.parametrize("flag", ["-V", "--version"])
def test_version(flag):
    result = gradcli(flag)
    assert (result.status, result.out, result.err) == (0, f"gradcli {library.__version__}\n", "")


def unfolded(text: str) -> str:
    """The text as a shell reads it: lines that end in a backslash go on."""
    return re.sub(r" \\\n +", " ", text)


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_begins_with_examples(command, flag):
    result = gradcli(*([command] if command else []), flag)
    assert (result.status, result.err) == (0, "")
    assert result.out.lstrip().startswith("Examples:\n")
    examples = [line for line in unfolded(result.out).split("\n") if line.startswith("   gradcli ")]
    assert len(examples) >= 3
    declared = COMMANDS[command].examples if command else [c.examples[0] for c in COMMANDS.values()]
    assert [line.partition("  # ")[0].strip() for line in examples] == [line for line, _ in declared]


@pytest.mark.parametrize("width", ["20", "40", "80", "200"])
def test_examples_can_be_pasted_at_any_width(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", width)
    result = gradcli("completions", "-h")
    assert 'gradcli completions zsh > "${fpath[1]}/_gradcli"' in unfolded(result.out)


def test_help_wherever_it_stands():
    for argv in (
        ["grad", "x", "--at", "x=2", "-h"],
        ["grad", "--nonsense", "--help"],
        ["grad", "-h", "-x", "y"],
        ["grad", "x", "--at", "--help"],
        ["help", "grad"],
        ["help", "grad", "x"],
    ):
        assert gradcli(*argv).out == gradcli("grad", "--help").out
    assert gradcli("help").out == gradcli("--help").out


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_every_option_is_in_the_help(command):
    text = gradcli(command.name, "--help").out
    for flag in command.flags:
        assert re.search(rf"(?<![\w-]){flag}(?![\w-])", text)


def test_every_example_runs(tmp_path):
    (tmp_path / "data.csv").write_text("a,b,c\n1,2,3\n4,5,6\n")
    (tmp_path / "curve.csv").write_text("x,y,s\n1,2,0.1\n2,3.6,0.1\n3,4.8,0.2\n5,7.1,0.2\n8,9.3,0.3\n")
    (tmp_path / "trees.csv").write_text("id,Width (cm)\n1,10\n")
    (tmp_path / "rows.csv").write_text("V,I\n5,0.02\n4.9,0.0201\n5.1,0.0199\n")
    fitted = '{"parameters": {"b1": {"value": 9, "sd": 0.3}, "b2": {"value": 0.1, "sd": 0.2}}'
    drawn = ', "dof": 3, "converged": true, "why": "", "residual_sd": 0.4, "model": "b1*x**b2", "y": "y"'
    read = ', "reading": {"data": "curve.csv"}}'
    (tmp_path / "fit.json").write_text(fitted + ', "cov": [[0.09, 0], [0, 0.04]]' + drawn + read)
    steps = ('{"value": 7, "at": {"x": 1, "y": 2}}', '{"value": 0, "at": {"x": 0, "y": 0}}')
    (tmp_path / "steps.jsonl").write_text("\n".join(steps))
    (tmp_path / "data").mkdir()
    for place in ("data.parquet", "data/1.parquet", "data/2.parquet"):
        pyarrow.parquet.write_table(pyarrow.table({"a": [1.0, 4.0], "b": [2.0, 5.0]}), tmp_path / place)
    with mock.patch.dict(os.environ):
        os.chdir(tmp_path)
        try:
            for command in COMMANDS.values():
                for line, _ in command.examples:
                    words = shell_words(line)
                    if "--cluster" in words:  # test_cluster.py has one
                        continue
                    assert gradcli(*words).status == 0, line
        finally:
            os.chdir(ROOT)


def shell_words(line: str) -> list[str]:
    """The words of an example, up to a pipe or a redirection."""
    import shlex

    words = shlex.split(line)[1:]
    ends = [k for k, word in enumerate(words) if word in ("|", ">", ">>")]
    return words[: ends[0]] if ends else words


# --- where the text comes from


def test_expression_from_standard_input():
    assert gradcli("grad", "-", "--at", "x=3", "--plain", stdin=b"c = x*x\nc + 1\n").out == "6.0\n"


def test_expression_from_a_file(tmp_path):
    path = tmp_path / "program.txt"
    path.write_bytes(b"\xef\xbb\xbfc = x*x  # a square\r\nc + 1\r\n")
    assert gradcli("grad", "--file", str(path), "--at", "x=3", "--plain").out == "6.0\n"
    assert gradcli("grad", "--file", "-", "--at", "x=3", "--plain", stdin=b"x**3").out == "27.0\n"


def test_after_two_minuses_everything_is_text():
    assert gradcli("grad", "--at", "x=3", "--plain", "--", "--x").out == "1.0\n"
    assert gradcli("grad", "--plain", "--at", "h=3", "--", "-h").out == "-1.0\n"


def test_a_leading_minus_is_a_minus():
    assert gradcli("grad", "-x**2", "--at", "x=3", "--plain").out == "-6.0\n"
    assert gradcli("grad", "--plain", "--at", "j=2,x=3", "-j*x").out == "-3.0 -2.0\n"


# --- faults


def broken(error):
    """gradcli in which the parser raises."""
    return mock.patch("gradcli.commands.problem.parse", side_effect=error)


def test_a_fault_of_gradcli_says_how_to_report_it():
    with broken(RuntimeError("out of\norder")):
        result = gradcli("grad", "x", "--at", "x=2")
    assert result.status == 3
    assert result.err == (
        "gradcli: internal error: RuntimeError: out of order\n"
        "This is a fault of gradcli. Please report it on the project's page, with the command line,\n"
        "what gradcli --version says, and what --debug added to the command line shows.\n"
    )


def test_debug_shows_the_traceback():
    with broken(RuntimeError("out of order")):
        result = gradcli("grad", "x", "--at", "x=2", "--debug")
    assert result.status == 3
    assert result.err.startswith("Traceback (most recent call last):\n")
    assert result.err.endswith("shows.\n")
    user = gradcli("grad", "sine(x)", "--debug")
    assert user.status == 2
    assert user.err.startswith("Traceback (most recent call last):\n")
    assert "\ngradcli: there is no function sine\n" in user.err


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (KeyboardInterrupt(), 130, "gradcli: interrupted\n"),
        (BrokenPipeError(), 141, ""),
        (MemoryError(), 2, "gradcli: not enough memory for this input\n"),
        (OSError(28, "No space left on device"), 2, "gradcli: No space left on device\n"),
        (OSError(5, "Input/output error", "data.csv"), 2, "gradcli: data.csv: Input/output error\n"),
    ],
)
def test_what_the_system_says(error, status, text):
    with broken(error):
        result = gradcli("grad", "x", "--at", "x=2")
    assert (result.status, result.err) == (status, text)


def test_recursion_is_a_fault():
    with broken(RecursionError("maximum recursion depth exceeded")):
        result = gradcli("grad", "x", "--at", "x=2")
    assert result.status == 3
    assert result.err.startswith("gradcli: internal error: RecursionError: maximum recursion depth exceeded\n")


# --- encodings


def test_tables_and_machine_forms_on_a_terminal_that_is_not_utf_8():
    table = gradcli("eval", "μ", "--at", "μ=2", encoding="ascii")
    assert table.status == 0
    assert "\\u03bc = 2" in table.out
    error = gradcli("eval", "sine(μ)", encoding="ascii")
    assert error.status == 2
    assert "sine(\\u03bc)" in error.err
    run = process("gradcli eval μ --at μ=2 --json", env={"PYTHONIOENCODING": "latin-1"})
    assert run.stdout.decode("utf-8") == '{"at": {"μ": 2.0}, "value": 2.0}\n'


# --- processes


def test_a_closed_pipe_is_silent():
    run = process('gradcli grad "x**2" --sweep x=0:1:100000 --json | head -n 1; exit ${PIPESTATUS[0]}')
    assert (run.returncode, run.stderr) == (141, b"")
    assert run.stdout == b'{"at": {"x": 0.0}, "value": 0.0, "grad": {"x": 0.0}}\n'
    table = process('gradcli grad "x**2" --sweep x=0:1:100000 --no-check | head -n 1; exit ${PIPESTATUS[0]}')
    assert (table.returncode, table.stderr) == (141, b"")


def test_a_closed_standard_output():
    run = process("gradcli eval 1+1 --plain >&-")
    assert (run.returncode, run.stderr) == (2, b"gradcli: standard output is closed\n")


def test_a_closed_standard_input():
    run = process("gradcli eval - --plain <&-")
    assert (run.returncode, run.stderr) == (2, b"gradcli: standard input is closed\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_device():
    run = process("gradcli eval 1+1 --plain > /dev/full")
    assert (run.returncode, run.stderr) == (2, b"gradcli: No space left on device\n")


def test_ctrl_c():
    command = [*PYTHON, "grad", "x**2", "--sweep", "x=0:1:100000000", "--json"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
    assert run.stdout is not None
    run.stdout.readline()
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=300)
    assert (run.returncode, err) == (130, b"gradcli: interrupted\n")


@pytest.mark.parametrize("settings", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_none_is_wanted(settings):
    plain = terminal('gradcli eval "x**2" --at x=3; gradcli -h', {"TERM": "xterm-256color", **settings})
    assert "\x1b[3" not in plain
    assert "\x1b[1m" not in plain or "NO_COLOR" in settings  # NO_COLOR leaves bold alone, by rich's rules


def test_colour_on_a_terminal_and_none_in_a_pipe():
    line = 'gradcli grad "x**2" --at x=3 --no-check'
    assert "\x1b[" in terminal(line, {"TERM": "xterm-256color"})
    assert b"\x1b[" not in process(line).stdout


def test_digits_are_never_cut_on_a_narrow_terminal():
    text = terminal('gradcli eval "x*1e-300/3" --at x=1/7', {"TERM": "dumb", "COLUMNS": "20"})
    assert repr(1 / 7 * 1e-300 / 3) in text
    piped = process('gradcli eval "x*1e-300/3" --at x=1/7', env={"COLUMNS": "20"}).stdout.decode()
    assert repr(1 / 7 * 1e-300 / 3) in piped
    assert repr(1 / 7) in piped


def terminal(line: str, settings: dict[str, str]) -> str:
    """What a line of shell prints on a terminal."""
    import pty

    environment = {name: x for name, x in ENVIRONMENT.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    ours, theirs = pty.openpty()
    line = line.replace("gradcli ", f"{' '.join(PYTHON)} ")
    run = subprocess.Popen(
        ["bash", "-c", line], stdin=theirs, stdout=theirs, stderr=theirs, env={**environment, **settings}
    )
    os.close(theirs)
    seen, end = b"", time.monotonic() + 300
    while time.monotonic() < end:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        seen += piece
    run.wait(timeout=300)
    os.close(ours)
    return seen.decode()


def test_the_light_way_loads_no_library():
    """Start-up: what `gradcli grad ... --json` imports."""
    code = (
        "import sys; from gradcli.commands.main import main; status = main(sys.argv[1:]); "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr); sys.exit(status)"
    )
    python = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"]
    argv = ["grad", "x**2+3*x+1", "--at", "x=2", "--json"]
    run = subprocess.run([*python, *argv], capture_output=True, text=True, check=True)
    assert run.stdout == '{"at": {"x": 2.0}, "value": 11.0, "grad": {"x": 7.0}}\n'
    heavy = "numpy rich sympy scipy flint mpmath typer click json typing dataclasses csv argparse inspect difflib"
    assert set(run.stderr.split()) & set(heavy.split()) == set()


@pytest.mark.parametrize("argv", [[], ["-h"], ["grad", "-h"], ["completions", "--help"], ["functions"]])
def test_a_text_into_a_pipe_that_nobody_reads(argv):
    read_end, write_end = os.pipe()
    os.close(read_end)
    run = subprocess.run([*PYTHON, *argv], stdout=write_end, stderr=subprocess.PIPE, env=ENVIRONMENT, check=False)
    os.close(write_end)
    assert (run.returncode, run.stderr) == (141, b"")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_a_narrow_help_keeps_the_names_of_options_whole(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    text = gradcli(command.name, "--help").out
    for flag in command.flags:
        assert re.search(rf"(?<![\w-]){flag}(?![\w-])", text)


def test_debug_before_the_command_is_no_reason_for_a_traceback():
    result = gradcli("--debug", "grad", "x", "--at", "x=2")
    assert result.status == 2
    assert "Traceback" not in result.err
    assert "put --debug after the command" in result.err


def test_the_help_of_functions_speaks_of_functions():
    assert "one object a function" in " ".join(gradcli("functions", "-h").out.split())


def test_an_output_without_an_encoding(monkeypatch):
    """An io.StringIO has none."""
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert main(["eval", "2*μ", "--at", "μ=3", "--plain"]) == 0
    assert sys.stdout.getvalue() == "6.0\n"
