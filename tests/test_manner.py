"""How the program speaks: --quiet, --strict, --no-color, --round, and colours on standard error."""

from __future__ import annotations

import json
import re

import pytest
from cli import gradcli as run

from gradcli.views.forms import FORMS as TABLE

# A kink, an edge, a domain, a reading that may not be meant, digits lost, and a NaN that is no one's fault.
NOTED = {
    "kink": ("abs(x)", "x=0"),
    "infinite": ("sqrt(x)", "x=0"),
    "domain": ("log(x)", "x=-1"),
    "reading": ("1/2x", "x=1"),
    "cancellation": ("log(x + 1) - log(x)", "x=1e8"),
}
FORMS = [(), *[(f"--{name}",) for name in TABLE if name]]


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("case", NOTED.values(), ids=NOTED)
def test_quiet_says_nothing_beside_the_answer(case: tuple[str, str], form: tuple[str, ...]) -> None:
    line = ["grad", case[0], "--at", case[1], "--no-check", *form]
    loud, quiet = run(*line), run(*line, "--quiet")
    assert quiet.err == ""
    assert quiet.status == 0
    if form == ("--json",):
        full = json.loads(loud.out)
        assert "notes" in full or "note:" in loud.err
        full.pop("notes", None)
        assert json.loads(quiet.out) == full
    else:
        assert "note:" in loud.err
        assert quiet.out == loud.out


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("case", [*NOTED.values(), ("x", "x=nan")], ids=[*NOTED, "nan"])
def test_strict_is_status_1_where_there_is_a_note_or_nan(case: tuple[str, str], form: tuple[str, ...]) -> None:
    line = ["grad", case[0], "--at", case[1], "--no-check", *form]
    assert run(*line).status == 0
    assert run(*line, "--strict").status == 1
    assert run(*line, "--strict", "--quiet").status == 1
    assert run("grad", "x**2", "--at", "x=2", "--strict", *form).status == 0


@pytest.mark.parametrize("form", FORMS[:2], ids=str)
@pytest.mark.parametrize("flag", ["--condition", "--named"])
def test_strict_minds_nan_beside_the_partials(flag: str, form: tuple[str, ...]) -> None:
    # At 0 the condition 0*0/0 of x**2 has no value, nor has the c that is not chosen.
    text = "x**2" if flag == "--condition" else "c = log(x - 1); 0*x if x < 1 else c"
    line = ["grad", text, "--at", "x=0", "--no-check", flag, *form]
    assert run(*line).status == 0
    assert run(*line, "--strict").status == 1
    assert "lost" not in run(*line).out


@pytest.mark.parametrize("form", FORMS[:2], ids=str)
@pytest.mark.parametrize(
    "line", [("graph", *NOTED["kink"]), ("check", *NOTED["cancellation"])], ids=lambda line: line[0]
)
def test_other_commands_are_quiet_and_strict_too(line: tuple[str, str, str], form: tuple[str, ...]) -> None:
    command, text, point = line
    done = run(command, text, "--at", point, "--strict", "--quiet", *form)
    assert done.status == 1
    assert "note" not in done.out + done.err


def test_a_check_without_notes_is_good_enough() -> None:
    assert run("check", "x**2", "--at", "x=2", "--strict").status == 0


def test_round_is_significant_digits_of_the_table() -> None:
    done = run("grad", "x/3 + 1000*y", "--at", "x=2,y=-0.0", "--round", "4", "--no-check")
    assert done.out.split() == ["value", "0.6667", "d/dx", "0.3333", "x", "=", "2", "d/dy", "1000", "y", "=", "0"]


@pytest.mark.parametrize("form", FORMS[1:], ids=str)
def test_only_a_table_is_rounded(form: tuple[str, ...]) -> None:
    done = run("grad", "x/3", "--at", "x=2", "--round", "4", *form)
    assert done.status == 2
    assert f"--round and {form[0]} exclude each other" in done.err


def test_the_sign_of_zero_is_for_machines() -> None:
    assert run("eval", "x*0", "--at", "x=-1").out.split() == ["value", "0", "x", "=", "-1"]
    assert run("eval", "x*0", "--at", "x=-1", "--plain").out == "-0.0\n"


def test_colours_of_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    wrong = ["grad", "sqqrt(x)", "--at", "x=1"]
    assert run(*wrong).err.startswith("\x1b[1;31mgradcli:\x1b[0m there is no function sqqrt\n  sqqrt(x)\n  \x1b[1;31m^")
    noted = ["grad", "abs(x)", "--at", "x=0"]
    assert "\x1b[33mnote:\x1b[0m abs has a kink" in run(*noted).err
    assert "\x1b[" in run(*noted).out
    for line in (wrong, noted):
        done = run(*line, "--no-color")
        assert "\x1b" not in done.out + done.err


LONG = (
    ("grad", "abs(x)*y + 1/3", "--at", "x=0,y=1/3"),
    ("hess", "x**2*y + 3*x*y", "--at", "x=1,y=2"),
    ("check", "x**2*sin(y)", "--at", "x=2,y=1"),
    ("minimize", "(x - 3)**2 + 1", "--start", "x=5"),
    ("propagate", "x*y", "--at", "x=2±0.1,y=rect(3,4)", "--trials", "1000"),
    ("functions", "tanh"),
    ("grad", "sqqrt(x) + a_name_of_twenty_letters"),
)


@pytest.mark.parametrize("line", LONG, ids=lambda line: line[0])
def test_on_a_narrow_terminal_prose_is_folded_and_a_number_never(
    line: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    piped = run(*line)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = run(*line, "--no-color")
    assert shown.status == piped.status
    for text, seen in ((piped.out, shown.out), (piped.err, shown.err)):
        assert {word for word in text.split() if re.search(r"\d", word)} <= {
            word.strip(",;:") for word in seen.split()
        } | set(seen.split())
    assert all(len(part) <= 40 for part in shown.out.split("\n"))
