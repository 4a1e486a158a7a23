"""The check under the table of `grad`, in the machine forms, and `gradcli check`."""

from __future__ import annotations

import json
import math
import re
import sys
from unittest import mock

import pytest
from cli import gradcli

from gradcli.api.evaluation import Evaluation, Note
from gradcli.commands import checking
from gradcli.core.ops import TABLE

FORMULA = ("x**2*sin(y)", "--at", "x=2,y=1")
SWEPT = ("x**2", "--sweep", "x=1:3:5")


@pytest.fixture
def wrong(monkeypatch):
    """A wrong rule in the table: the derivative of sin is 2 everywhere."""
    monkeypatch.setattr(TABLE["sin"], "vjp", (lambda g, r, x: g * 2,))
    monkeypatch.setattr(TABLE["sin"], "templates", {})


def test_the_table_has_a_check_under_it():
    result = gradcli("grad", *FORMULA)
    assert (result.status, result.err) == (0, "")
    table, line = result.out.split("\n\n")
    assert table == gradcli("grad", *FORMULA, "--no-check").out.rstrip("\n")
    assert line.startswith("check: sympy agrees on all 2 partials")


def test_the_numbers_are_on_the_screen_before_the_witness_is_loaded():
    table = gradcli("grad", *FORMULA, "--no-check").out.encode()
    seen = []

    class Watching(checking.Checks):
        def __init__(self, problem, **options):
            seen.append(sys.stdout.buffer.getvalue())
            super().__init__(problem, **options)

    with mock.patch.object(checking, "Checks", Watching):
        gradcli("grad", *FORMULA)
    assert seen == [table]


@pytest.mark.parametrize("form", ["--json", "--csv", "--plain"])
def test_machine_forms_are_not_checked_unless_asked(form):
    with mock.patch.object(checking.Checker, "check", side_effect=AssertionError):
        assert gradcli("grad", *FORMULA, form).status == 0
        assert gradcli("grad", *FORMULA, form, "--no-check").status == 0


def test_a_check_in_json():
    result = gradcli("grad", *SWEPT, "--json", "--check")
    assert result.status == 0
    checks = [json.loads(line)["check"] for line in result.out.splitlines()]
    assert len(checks) == 5
    for check in checks:
        assert check["ok"] is True
        assert 0 <= check["max_rel_error"] <= 2.3e-16


@pytest.mark.parametrize("form", ["--json", "--csv", "--plain"])
def test_a_check_does_not_change_the_numbers(form):
    plain = gradcli("grad", *SWEPT, form).out
    checked = gradcli("grad", *SWEPT, form, "--check").out
    if form == "--json":
        assert [json.loads(line) | {"check": None} for line in checked.splitlines()] == [
            json.loads(line) | {"check": None} for line in plain.splitlines()
        ]
    else:
        assert checked == plain


def test_a_form_without_room_for_the_check_tells_it_on_standard_error():
    for form in ("--csv", "--plain"):
        result = gradcli("grad", *SWEPT, form, "--check")
        assert result.err.startswith("check: sympy agrees on d/dx at all 5 points")
        assert gradcli("grad", *SWEPT, form).err == ""


def test_a_witness_that_disagrees_is_an_exit_status(wrong):
    table = gradcli("grad", *FORMULA)
    assert table.status == 1
    assert "\ncheck: disagrees: d/dy is 8 here" in table.out
    line = gradcli("grad", *FORMULA, "--json", "--check")
    assert line.status == 1
    assert json.loads(line.out)["check"]["ok"] is False
    assert gradcli("grad", *FORMULA, "--plain", "--check").status == 1
    assert gradcli("grad", *FORMULA, "--no-check").status == 0
    assert gradcli("check", *FORMULA).status == 1


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("x**2", "--sweep", "x=0:1:101"), "more than 100 points"),
        ((" + ".join(["x"] * 5002), "--at", "x=1"), "more than 5,000 operations"),
    ],
)
def test_what_is_too_much_to_check(argv, why):
    result = gradcli("grad", *argv)
    assert result.status == 0  # a check that could not be made is no "no"
    assert result.out.rstrip("\n").split("\n")[-1] == f"not checked: {why}"
    check = json.loads(gradcli("grad", *argv, "--json", "--check").out.split("\n")[0])["check"]
    assert (check["ok"], check["why"]) == (None, why)


def test_a_check_that_has_no_time_left():
    with mock.patch.object(checking.Checker, "used", new_callable=mock.PropertyMock, side_effect=[100.0, 102.5]):
        result = gradcli("grad", *FORMULA)
    assert result.status == 0
    assert result.out.endswith("\nnot checked: the time is over\n")


def test_under_digits_the_floats_are_checked():
    result = gradcli("grad", *FORMULA, "--digits", "30", "--json", "--check")
    answer = json.loads(result.out)
    assert answer["value"] == "3.36588393923158602661000928652"
    assert answer["check"]["ok"] is True


def test_eval_has_no_check():
    assert "check" not in gradcli("eval", *FORMULA).out


# --- gradcli check


def test_check_at_one_point():
    result = gradcli("check", *FORMULA)
    assert (result.status, result.err) == (0, "")
    header, *rows = result.out.rstrip("\n").split("\n")
    assert header.split()[0] == "gradcli"
    assert [row.split()[0] for row in rows] == ["value", "d/dx", "d/dy"]
    assert all(row.endswith("agrees") for row in rows)


def test_check_by_some_variables():
    rows = gradcli("check", *FORMULA, "--wrt", "y").out.rstrip("\n").split("\n")[1:]
    assert [row.split()[0] for row in rows] == ["value", "d/dy"]


def test_check_at_several_points():
    result = gradcli("check", *SWEPT)
    assert result.status == 0
    blocks = result.out.split("\n\n")
    assert [block.split("\n")[0] for block in blocks] == ["x=1", "x=1.5", "x=2", "x=2.5", "x=3"]


def test_check_in_json():
    lines = [json.loads(line) for line in gradcli("check", *SWEPT, "--json").out.splitlines()]
    assert [line["at"] for line in lines] == [{"x": x} for x in (1.0, 1.5, 2.0, 2.5, 3.0)]
    assert all(line["ok"] is True and line["grad"]["x"]["verdict"] == "agrees" for line in lines)


def test_a_kink_is_no_disagreement():
    result = gradcli("check", "abs(x)", "--at", "x=0", "--json")
    assert json.loads(result.out)["grad"]["x"]["verdict"] == "kink"
    assert result.status == 0


def test_what_no_witness_could_check_is_a_no():
    result = gradcli("check", "x**2", "--at", "x=2", "--timeout", "1e-9")
    assert result.status == 1
    assert "not checked" in result.out


@pytest.mark.parametrize("seconds", ["1e30", "1e300"])
def test_a_limit_beyond_any_timer(seconds):
    assert gradcli("check", "x", "--at", "x=0", "--timeout", seconds).status == 0


def test_a_constant_has_nothing_to_disagree_about():
    assert gradcli("check", "2 + 3").status == 0
    assert gradcli("grad", "2 + 3").status == 0


# --- lost digits

# Exact: log(1 + 1/x) is 9.999999999995e-13, its slope -1/(x*(x + 1)) is -9.99999999999e-25 (mpmath).
LOSSY = ("log(x + 1) - log(x)", "--at", "x=1e12")


def test_lost_digits_are_a_note_where_a_check_was_made():
    notes = json.loads(gradcli("grad", *LOSSY, "--json", "--check", "--plain-floats").out)["notes"]
    assert [(note["kind"], note["op"], note["at"]) for note in notes] == [("cancellation", "sub", [0, 19])] * 2
    value, slope = (note["message"] for note in notes)
    assert re.fullmatch(r"value: float64 kept [0-7] of 16 digits; --digits 20 gives more", value)
    assert re.fullmatch(r"d/dx: float64 kept [0-7] of 16 digits; --digits 20 gives more", slope)
    assert "notes" not in json.loads(gradcli("grad", *LOSSY, "--json", "--plain-floats").out)
    assert json.loads(gradcli("check", *LOSSY, "--json", "--plain-floats").out)["notes"] == notes


def test_check_tells_what_plain_floats_kept_of_true_numbers():
    found = json.loads(gradcli("check", *LOSSY, "--json").out)
    plain = json.loads(gradcli("check", *LOSSY, "--json", "--plain-floats").out)
    assert (found["value"]["number"], found["grad"]["x"]["number"]) == (9.999999999995e-13, -9.99999999999e-25)
    assert found["value"]["plain"] == plain["value"]["number"] == math.log(1e12 + 1) - math.log(1e12)
    assert found["max_rel_error"] < 2**-53
    for number, other in ((found["value"], plain["value"]), (found["grad"]["x"], plain["grad"]["x"])):
        assert number["kept"] == other["kept"] < 5
    assert [note["kind"] for note in found["notes"]] == ["cancellation"]


def test_lost_digits_are_told_once():
    plain = (*LOSSY, "--plain-floats")
    for result in (gradcli("grad", *plain), gradcli("grad", *plain, "--csv", "--check")):
        said = result.out + result.err
        assert len(re.findall(r"of 16 digits of value,", said)) == 1
        assert "note: value" not in said
        assert re.search(
            r"^note: d/dx: float64 kept \d of 16 digits; --digits 20 gives more$", result.err, re.MULTILINE
        )
    both = gradcli("check", *LOSSY, "--plain-floats")
    assert both.err.count("note: ") == 2
    assert both.status == 0


def test_lost_digits_at_several_points_are_told_once_with_their_number():
    points = ("--at", "x=1e12", "--at", "x=1e13", "--at", "x=1")
    result = gradcli("grad", "log(x + 1) - log(x)", *points, "--plain-floats")
    assert result.err.count("note") == 1
    assert "(and at 1 more point)" in result.err


def test_no_digits_lost_no_note():
    assert "notes" not in json.loads(gradcli("grad", *FORMULA, "--json", "--check").out)
    assert gradcli("check", *FORMULA).err == ""
    asked = gradcli("grad", *LOSSY, "--digits", "30", "--json", "--check")
    assert "notes" not in json.loads(asked.out)


def test_notes_are_at_most_twenty_a_point():
    evaluation = Evaluation({}, 1.0, notes=[Note("kink", "abs", (0, 1), "")] * 19)
    checking.add_notes(evaluation, [Note("cancellation", "sub", (0, 1), "")] * 3)
    assert (len(evaluation.notes), evaluation.more) == (20, 2)


# --- a sum over points


def test_a_sum_over_points_is_not_checked_and_says_so():
    table = gradcli("grad", *SWEPT, "--accumulate")
    assert table.status == 0
    assert table.out.endswith("\n\nnot checked: a sum over points\n")
    assert gradcli("grad", *SWEPT, "--accumulate", "--check").out == table.out
    assert "check" not in gradcli("grad", *SWEPT, "--accumulate", "--no-check").out
    line = gradcli("grad", *SWEPT, "--accumulate", "--json", "--check")
    assert json.loads(line.out)["check"] == {"ok": None, "max_rel_error": None, "why": "a sum over points"}
    plain = gradcli("grad", *SWEPT, "--accumulate", "--plain", "--check")
    assert (plain.status, plain.err) == (0, "not checked: a sum over points\n")
    assert "check" not in gradcli("eval", *SWEPT, "--accumulate").out


def test_partials_infinite_on_both_sides_are_checked_without_a_crash():
    """The direction of the check has entries of both signs, so their sum is NaN."""
    result = gradcli("grad", "sum(1e999x)*y", "--at", "x=[7,3,3],y=3")
    assert result.status == 0
    assert "internal error" not in result.err


def test_minus_zero_is_zero_for_people():
    out = gradcli("check", "-x*y", "--at", "x=0,y=1").out
    assert [line.split()[:2] for line in out.splitlines()[1:4]] == [["value", "0"], ["d/dx", "-1"], ["d/dy", "0"]]
    assert not re.search(r"-0\b(?!\.)", out)
