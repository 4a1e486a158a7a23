"""The net of random command lines in the gate: a few hundred of them, and the net itself on planted faults."""

from __future__ import annotations

import pytest
from cli import Result

from gradcli.commands import functions
from gradcli.commands.declarations import COMMANDS
from gradcli.language.parser import parse
from gradcli.witness.symbolic import TOO_LONG, Symbolic

from . import command_lines, ready
from .command_lines import campaign, wrong
from .commandwords import Lines


def test_random_lines_end_as_they_should_and_reach_every_option() -> None:
    report = campaign(seed=1, least=2, tries=25)
    assert not report.failures, report.text()
    without_dask = set() if ready.DASK else {"batch --workers", "batch --cluster"}
    assert {name for name, n in report.answered.items() if n < 2} == without_dask, report.text()


def test_a_planted_crash_is_found_and_shrunk(monkeypatch) -> None:
    usual = functions.run

    def run(command: str, parameters: dict) -> int:
        if parameters["json"]:
            raise RuntimeError("planted")
        return usual(command, parameters)

    monkeypatch.setattr(functions, "run", run)
    report = campaign(seed=2, least=5, tries=20, only="functions")
    crash = ["functions", "--json"]
    assert {tuple(line) for line in report.failures.values()} == {tuple(crash)}, report.text()
    assert "status 3" in report.text()


def test_a_planted_escape_is_found_and_shrunk(monkeypatch) -> None:
    usual = functions.run

    def run(command: str, parameters: dict) -> int:
        if parameters["NAME"] and "s" in parameters["NAME"]:
            print("\x1b]0;planted\a")
        return usual(command, parameters)

    monkeypatch.setattr(functions, "run", run)
    report = campaign(seed=2, least=5, tries=20, only="functions")
    assert report.failures.pop("functions: control character '\\x1b' in output: ") == ["functions", "s"]
    assert not report.failures


@pytest.mark.parametrize(
    ("words", "status", "out", "err", "found"),
    [
        ("grad x --json", 0, '{"value": NaN}\n', "", "no JSON: NaN is not JSON"),
        ("grad x --json", 0, "{\n", "", "no JSON: Expecting"),
        ("grad x --csv", 0, "a,b\n1\n", "", "rows of several lengths"),
        ("grad x", 2, "", "Traceback (most recent call last)", "a traceback"),
        ("grad x", 2, "", "", "no message"),
        ("grad x", 2, "", "gradcli: \x9b", "control character '\\x9b' in errors"),
        ("batch x data.csv", 0, "a\x1b\n", "", "control character '\\x1b' in output"),
        ("batch x odd.csv", 0, "a\x1b\n", "", ""),
        ("grad x", 98, "", "", "status 98"),
        ("grad x", -11, "", "", "status -11"),
        ("grad x", 1, "x\n", "", ""),
    ],
)
def test_what_is_wrong_with_a_result(words, status, out, err, found) -> None:
    what = wrong(words.split(), Result(status, out, err))
    assert what.startswith(found)
    assert bool(what) == bool(found)


LONG = " + ".join(f"sin(x + {k})" for k in range(3000))


@pytest.mark.parametrize(("text", "seconds", "answer"), [("x**2", 60.0, 9), (LONG, 0.001, TOO_LONG)])
def test_the_witness_that_stands_ready_is_heard_and_ended_as_any(text, seconds, answer) -> None:
    with ready.sympy():
        witness = Symbolic(parse(text), [])
        witness.ask({"x": 3.0}, seconds)
        found = witness.answer()
        witness.close()
    assert found[1] == answer


def test_the_same_seed_gives_the_same_lines() -> None:
    first, second = ([Lines("5").line(command) for command in COMMANDS.values()] for _ in range(2))
    assert first == second


def test_a_process_of_its_own_has_its_limits() -> None:
    run = command_lines.as_process
    assert run(["eval", "x", "--at", "x=2", "--plain"]).out == "2.0\n"
    assert run(["--version"], patience=0).status == 98
    assert run(["eval", "x", "--sweep", "x=0:1:100000000", "--plain"], seconds=1).status < 0
    assert run(["eval", "x", "--at", "x=@-:0"], memory=1 << 20).status not in (0, 1, 2)
