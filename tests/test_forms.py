"""Every output form under every flag: what a flag asks for is in the output or beside it, or the flag is refused."""

from __future__ import annotations

import re

import pytest
from cli import gradcli

from gradcli.commands.declarations import COMMANDS
from gradcli.views.forms import FORMS, form_of

PROGRAM = "c = 11*x; abs(c - 33) + y"  # c is 33 at x = 3, where there is a kink
POINT = ("--at", "x=3,y=0.25")
POINTS = ("--at", "x=3,y=0.25", "--at", "x=5")

# A flag, where to look at it, and what must then be told: in the output, or on standard error.
FLAGS = {
    "one point": (POINT, ["0.25"], []),
    "several points": (POINTS, ["0.25", "22.25"], []),
    "--named": ((*POINT, "--named"), ["33"], []),
    "--named, several": ((*POINTS, "--named"), ["33", "55"], []),
    "--accumulate": ((*POINTS, "--accumulate"), ["22.5"], []),
    "--digits": ((*POINT, "--digits", "12"), ["0.25000000000"], []),
    "--digits, several": ((*POINTS, "--digits", "12"), ["22.2500000000"], []),
    "--digits --named": ((*POINT, "--digits", "12", "--named"), ["33.0000000000"], []),
    "--check": ((*POINT, "--check"), [], ["check"]),
    "--check --accumulate": ((*POINTS, "--check", "--accumulate"), [], ["check"]),
    "notes": (POINT, [], ["abs has a kink at 0"]),
    "notes of several": (POINTS, [], ["abs has a kink at 0"]),
    "notes of a sum": ((*POINTS, "--accumulate"), [], ["abs has a kink at 0"]),
    "notes of digits": ((*POINT, "--digits", "12"), [], ["kink"]),
}

# The same without a partial: what these show of a formula of arrays.
ARRAY = ("eval", "x*y", "--at", "x=[1,2.5],y=[3,4]")


def told(form: str, *argv: str) -> tuple[str, str]:
    """Standard output, and all that is told; a refused flag names the two that do not go together."""
    found = gradcli(*argv, *([f"--{form}"] if form else []))
    if found.status == 2:
        assert "exclude each other" in found.err, found.err
        refused = {flag for flag in argv if flag in form_of({form: True}).refuses}
        assert refused, f"{argv} is refused, and the form does not say so: {found.err}"
        pytest.skip(f"{form} refuses {refused}")
    assert found.status == 0, found.err
    return found.out, found.out + found.err


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize("command", ["grad", "eval"])
@pytest.mark.parametrize("form", FORMS)
def test_no_form_drops_a_flag(form, command, flag):
    argv, shown, beside = FLAGS[flag]
    if command == "eval" and ("--check" in argv or beside):
        pytest.skip("there is nothing to check, and a kink of a value is none")
    out, everything = told(form, command, PROGRAM, *argv)
    if form == "plain":
        assert len(out.splitlines()) == (2 if argv[:4] == POINTS and "--accumulate" not in argv else 1)
        shown = shown if command == "eval" else []  # else the partials alone
    for text in shown:
        assert re.search(rf"(?<![\d.]){re.escape(text)}", out), (text, out)
    for text in beside:
        assert text in everything, (text, everything)


@pytest.mark.parametrize("form", FORMS)
def test_arrays_in_every_form(form):
    out, _ = told(form, *ARRAY)
    assert re.search(r"\b3(\.0)?\b.*\b10(\.0)?\b", out)
    out, _ = told(form, "grad", "sum(x*y)", "--at", "x=[1,2.5],y=[3,4]")
    assert re.search(r"\b1(\.0)?\b.*\b2\.5\b", out)


@pytest.mark.parametrize("form", FORMS)
def test_no_points_at_all_is_no_answer(form):
    """A formula of constants is one point without variables."""
    out, _ = told(form, "eval", "2 + 3")
    assert "5" in out


def test_every_form_is_an_option_with_help():
    for command in ("grad", "eval"):
        options = {option.name: option for option in COMMANDS[command].options}
        for name, (text, _) in FORMS.items():
            assert not name or options[name].help == text
