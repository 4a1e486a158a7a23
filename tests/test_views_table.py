"""The table for people, at fixed widths, with colour and without; and the notes under it."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable

import pytest
from helpers import Terminal, on_terminal

from gradcli.api.evaluation import Evaluation, Note
from gradcli.text import visible
from gradcli.views.notes import Notes, readings
from gradcli.views.screen import Screen
from gradcli.views.table import CHUNK, Table

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def show(screen: Screen, evaluations: Iterable[Evaluation], points: int | None = None) -> None:
    form = Table(points, screen)
    for evaluation in evaluations:
        form.point(evaluation)
    form.end()


def table(*evaluations: Evaluation, points: int | None = None) -> str:
    """As in a pipe."""
    file = io.StringIO()
    show(Screen(file), evaluations, points)
    return file.getvalue()


def at_width(width: int, *evaluations: Evaluation) -> str:
    """As on a terminal, without the colours."""
    return on_terminal(width, lambda screen: show(screen, evaluations))


EXAMPLE = Evaluation({"x": 2.0}, 11.0, {"x": 7.0})
LONG = Evaluation({"x": 2.0, "theta": -0.3}, 0.8414709848078965, {"x": -1.2345678901234567e-100, "theta": math.inf})
NAMED = Evaluation({"a": 1.0, "b": 2.0}, 7.0, {"a": 8.0, "b": 4.0}, named={"c": (2.0, 4.0), "d": (4.0, 1.0)})


def test_one_point() -> None:
    assert (
        table(EXAMPLE)
        == """\
value   11
d/dx     7   x = 2
"""
    )


def test_decimal_points_stand_in_one_column() -> None:
    assert (
        table(LONG)
        == """\
value        0.8414709848078965
d/dx        -1.2345678901234567e-100   x     =  2
d/dtheta   inf                         theta = -0.3
"""
    )


def test_names_that_the_program_assigns() -> None:
    assert (
        table(NAMED)
        == """\
value   7
d/da    8   a = 1
d/db    4   b = 2

d/dc    4   c = 2
d/dd    1   d = 4
"""
    )


def test_names_of_variables_that_the_program_assigns_anew() -> None:
    assert (
        table(Evaluation({"x": 1.0}, 4.0, {"x": 2.0}, named={"x": (2.0, 2.0)}))
        == """\
value             4
d/dx              2   x            = 1

d/dx (assigned)   2   x (assigned) = 2
"""
    )


def test_eval() -> None:
    evaluation = Evaluation({"a": 1.0, "b": 2.0}, 7.0, named={"c": (2.0, None)})
    assert (
        table(evaluation)
        == """\
value   7   a = 1
            b = 2

c       2
"""
    )


def test_no_variables_and_a_tuple() -> None:
    assert table(Evaluation({}, 3.0, {})) == "value   3\n"
    assert table(Evaluation({"u": 1.5}, (3.0, math.nan))) == "value   (3, nan)   u = 1.5\n"


def test_variables_without_a_partial_are_shown() -> None:
    assert (
        table(Evaluation({"x": 1.0, "y": 2.0}, 3.0, {"y": 4.0}))
        == """\
value   3
d/dy    4   y = 2
            x = 1
"""
    )


def test_sum_over_points() -> None:
    assert (
        table(Evaluation({}, 3.0, {"x": 4.0}), points=11)
        == """\
value   3   sum over 11 points
d/dx    4
"""
    )


def test_several_points() -> None:
    points = [Evaluation({"x": x}, x * x, {"x": 2 * x}) for x in (0.0, 0.25, -10.0)]
    assert (
        table(*points)
        == """\
x        value      d/dx
─────────────────────────
  0        0          0
  0.25     0.0625     0.5
-10      100        -20
"""
    )


def test_several_points_with_names() -> None:
    assert table(NAMED, NAMED).splitlines()[0] == "a   b   value   d/da   d/db   c   d/dc   d   d/dd"


def test_no_points() -> None:
    assert table() == ""


def test_a_long_table_is_printed_while_it_is_computed() -> None:
    file = io.StringIO()
    seen = []

    def points() -> object:
        for k in range(CHUNK + 2):
            seen.append(file.getvalue().count("\n"))
            yield Evaluation({"x": float(k)}, 10.0**k if k < 300 else 0.0)

    show(Screen(file), points())  # type: ignore[arg-type]
    assert seen[CHUNK - 1] == 0
    assert seen[CHUNK + 1] == CHUNK + 2
    assert file.getvalue().count("\n") == CHUNK + 4


@pytest.mark.parametrize("width", [20, 30, 40, 200])
def test_digits_are_never_folded_or_cut(width: int) -> None:
    digits = "-1." + "1234567890" * 30
    evaluation = Evaluation({"x": "0.333333333333333333333"}, digits, {"x": digits})
    for output in (at_width(width, evaluation), at_width(width, evaluation, evaluation)):
        assert output.count(digits) >= 2
        assert "0.333333333333333333333" in output


def test_a_narrow_terminal_gets_short_lines() -> None:
    assert (
        at_width(20, LONG)
        == """\
value
  0.8414709848078965
d/dx
  -1.2345678901234567e-100
  x = 2
d/dtheta
  inf
  theta = -0.3
"""
    )
    assert at_width(20, EXAMPLE) == table(EXAMPLE)


def test_several_points_on_a_narrow_terminal() -> None:
    assert at_width(30, NAMED, NAMED) == table(NAMED) + "\n" + table(NAMED)


def test_colours() -> None:
    file = Terminal()
    show(Screen(file), [EXAMPLE])
    assert file.getvalue() == ("value   \x1b[1m11\x1b[0m\nd/dx    \x1b[1;36m 7\x1b[0m   \x1b[2mx = 2\x1b[0m\n")


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colours(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    file = Terminal()
    show(Screen(file), [EXAMPLE])
    assert "36" not in file.getvalue()
    assert ESCAPE.sub("", file.getvalue()) == table(EXAMPLE)


def test_colours_in_a_pipe_where_they_are_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1m11\x1b[0m" in table(EXAMPLE)


def test_wide_characters_keep_the_columns() -> None:
    assert (
        table(Evaluation({"μ": 2.0, "变量": 1.0}, 3.0, {"μ": 2.5, "变量": 1.0}))
        == """\
value     3
d/dμ      2.5   μ    = 2
d/d变量   1     变量 = 1
"""
    )


def test_an_encoding_without_the_characters() -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii")
    show(Screen(file), [Evaluation({"μ": 1.0}, 2.0), Evaluation({"μ": 2.0}, 3.0)])
    file.flush()
    assert raw.getvalue() == b"\\u03bc   value\n---------\n1   2\n2   3\n"


def test_nothing_in_a_text_reaches_the_terminal_as_a_command() -> None:
    assert visible("x\x1b[31m\ty\u202e") == "x\N{REPLACEMENT CHARACTER}[31m y\N{REPLACEMENT CHARACTER}"


TEXT = "abs(x) + y/x"
KINK = Note("kink", "abs", (0, 6), "abs has a kink at 0: slope -1 on the left, 1 on the right; 0 used")
POLE = Note("infinite", "div", (9, 12), "2 / 0 is infinite")


def told(notes: Notes, capsys: pytest.CaptureFixture[str]) -> str:
    notes.tell()
    return capsys.readouterr().err


def test_notes_of_one_point(capsys: pytest.CaptureFixture[str]) -> None:
    notes = Notes(TEXT, several=False)
    notes.add(Evaluation({"x": 0.0, "y": 2.0}, math.inf, {}, [KINK, POLE], more=1))
    assert (
        told(notes, capsys)
        == """\
note: abs has a kink at 0: slope -1 on the left, 1 on the right; 0 used
  abs(x) + y/x
  ^^^^^^
note: 2 / 0 is infinite
  abs(x) + y/x
           ^^^
note: 1 more note not shown
"""
    )


def test_notes_of_several_points_are_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    notes = Notes(TEXT, several=True)
    for y in (2.0, 0.5, 3.0):
        notes.add(Evaluation({"x": 0.0, "y": y}, math.inf, {}, [KINK] + [POLE, POLE] * (y > 1)))
    assert (
        told(notes, capsys)
        == """\
note at x=0,y=2: abs has a kink at 0: slope -1 on the left, 1 on the right; 0 used (and at 2 more points)
  abs(x) + y/x
  ^^^^^^
note at x=0,y=2: 2 / 0 is infinite (and at 1 more point)
  abs(x) + y/x
           ^^^
"""
    )


def test_no_notes(capsys: pytest.CaptureFixture[str]) -> None:
    notes = Notes(TEXT, several=True)
    notes.add(Evaluation({"x": 1.0}, 1.0))
    assert told(notes, capsys) == ""


def test_readings_of_the_parser() -> None:
    assert list(readings([("1/2x is read as (1/2)*x", 0, 4)], "1/2x")) == [
        "note: 1/2x is read as (1/2)*x\n  1/2x\n  ^^^^"
    ]


FOUR = [
    Evaluation(
        {"a": a / 3, "b": 0.1, "c": -2 / 7, "d": 1e-5 * a},
        math.sin(a),
        {"a": -math.pi, "b": math.e * 1e-10, "c": 1 / 3, "d": -2e5 / 3},
    )
    for a in (1.0, 2.0)
]


def test_a_sweep_of_four_variables_is_a_table_at_80_columns() -> None:
    head, rule, *rows, remark = at_width(80, *FOUR).splitlines()
    assert head.split() == ["a", "b", "c", "d", "value", "d/da", "d/db", "d/dc", "d/dd"]
    assert 70 < len(rule) <= 80
    digits = int(re.fullmatch(r"rounded to (\d+) digits to fit the terminal; --round 17 shows all of them", remark)[1])
    for line, point in zip(rows, FOUR, strict=True):
        numbers = [*point.at.values(), point.value, *(point.grad or {}).values()]
        assert [float(x) for x in line.split()] == [float(f"{x:.{digits}g}") for x in numbers]
    for whole in (table(*FOUR), at_width(200, *FOUR)):
        assert "rounded" not in whole
        assert "0.8414709848078965" in whole


def test_a_later_chunk_is_rounded_further() -> None:
    """The columns of a long table are not known before its end."""
    first = [Evaluation({"x": 1.0, "y": 2.0}, 0.25, {"x": 0.5, "y": 1 / 3})] * CHUNK
    last = Evaluation({"x": 1.0, "y": 2.0}, 1 / 7, {"x": -1e-300 / 3, "y": 1 / 3})
    lines = at_width(44, *first, last).splitlines()
    assert max(map(len, lines)) <= 44
    assert lines[2].endswith("0.3333333333333333")
    assert lines[-3].split() == ["1", "2", "0.142857", "-3.33333e-301", "0.333333"]
    assert " ".join(lines[-2:]) == "rounded to 6 digits to fit the terminal; --round 17 shows all of them"


def test_sentences_break_between_words_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    file = Terminal()
    Screen(file).sentence("the least number is -1.2345678901234567e-100 and it does not break-up")
    assert file.getvalue().splitlines() == [
        "the least number is",
        "-1.2345678901234567e-100 and",
        "it does not break-up",
    ]
