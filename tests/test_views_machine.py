"""The forms for programs: JSON lines, CSV and bare numbers."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from contextlib import redirect_stdout
from io import BytesIO, StringIO, TextIOWrapper
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcli.api.evaluation import Evaluation, Note
from gradcli.views import jsonlines
from gradcli.views.delimited import CsvForm
from gradcli.views.forms import Form
from gradcli.views.plain import PlainForm

KINK = Note("kink", "abs", (0, 6), "abs has a kink at 0", {"x": -1.0}, {"x": 1.0})
POLE = Note("infinite", "div", (0, 3), "1 / 0 is infinite")


def with_check(evaluation: Evaluation, **check: Any) -> Evaluation:
    rows = [SimpleNamespace(verdict="not checked"), SimpleNamespace(verdict=check.pop("verdict", "agrees"))]
    evaluation.check = SimpleNamespace(**{"rows": rows, "ok": True, "max_rel_error": 0.0, "why": ""} | check)
    return evaluation


LINES = {
    '{"at": {"x": 2.0}, "value": 11.0, "grad": {"x": 7.0}}': Evaluation({"x": 2.0}, 11.0, {"x": 7.0}),
    '{"at": {"x": 2.0}, "value": 11.0}': Evaluation({"x": 2.0}, 11.0),
    '{"at": {}, "value": 3.0, "grad": {}}': Evaluation({}, 3.0, {}),
    '{"at": {"μ": 1e-07}, "value": "NaN", "grad": {"μ": "-Infinity"}}': (
        Evaluation({"μ": 1e-7}, math.nan, {"μ": -math.inf})
    ),
    '{"at": {"x": "2"}, "value": "11.00", "grad": {"x": "Infinity"}}': Evaluation({"x": "2"}, "11.00", {"x": "inf"}),
    '{"at": {"x": 1.0}, "value": [1.0, "Infinity"]}': Evaluation({"x": 1.0}, (1.0, math.inf)),
    '{"at": {"x": [[1.0], [2.0]]}, "value": 3.0}': Evaluation({"x": [[1.0], [2.0]]}, 3.0),
    '{"at": {"x": -0.0}, "value": 3.0}': Evaluation({"x": -0.0}, 3),
    '{"at": {"a": 1.0}, "value": 7.0, "grad": {"a": 8.0}, "named": {"c": {"value": 2.0, "grad": 4.0}}}': (
        Evaluation({"a": 1.0}, 7.0, {"a": 8.0}, named={"c": (2.0, 4.0)})
    ),
    '{"at": {"a": 1.0}, "value": 7.0, "named": {"c": {"value": 2.0}}}': (
        Evaluation({"a": 1.0}, 7.0, named={"c": (2.0, None)})
    ),
    '{"at": {"x": 0.0}, "value": 0.0, "grad": {"x": 0.0}, "notes": [{"kind": "kink", "op": "abs", "at": [0, 6], '
    '"left": {"x": -1.0}, "right": {"x": 1.0}, "message": "abs has a kink at 0"}]}': (
        Evaluation({"x": 0.0}, 0.0, {"x": 0.0}, [KINK])
    ),
    '{"at": {}, "value": "Infinity", "notes": [{"kind": "infinite", "op": "div", "at": [0, 3], '
    '"message": "1 / 0 is infinite"}], "more": 3}': Evaluation({}, math.inf, notes=[POLE], more=3),
    '{"at": {"x": 2.0}, "value": 11.0, "check": {"ok": true, "max_rel_error": 1.1e-16}}': (
        with_check(Evaluation({"x": 2.0}, 11.0), max_rel_error=1.1e-16)
    ),
    '{"at": {"x": 2.0}, "value": 11.0, "check": {"ok": false, "max_rel_error": 0.0}}': (
        with_check(Evaluation({"x": 2.0}, 11.0), verdict="disagrees", ok=False)
    ),
    '{"at": {"x": 2.0}, "value": 11.0, "check": {"ok": null, "max_rel_error": null, "why": "too slow"}}': (
        with_check(Evaluation({"x": 2.0}, 11.0), verdict="not checked", max_rel_error=None, why="too slow")
    ),
}


@pytest.mark.parametrize(("line", "evaluation"), LINES.items(), ids=range(len(LINES)))
def test_json_line(line: str, evaluation: Evaluation) -> None:
    assert jsonlines.line(evaluation) == line
    json.loads(line)


def test_json_line_of_a_sum_over_points() -> None:
    line = jsonlines.line(Evaluation({}, 11.0, {"x": 7.0}), points=3)
    assert line == '{"points": 3, "value": 11.0, "grad": {"x": 7.0}}'


NAMES = st.text(min_size=1).filter(str.isidentifier) | st.sampled_from(
    ["x", "μ", "变量", "\N{MATHEMATICAL ITALIC SMALL X}", "x\u0301"]
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.dictionaries(NAMES, FLOATS), FLOATS, st.dictionaries(NAMES, FLOATS), st.text())
def test_json_line_is_what_the_json_module_writes(
    at: dict[str, float], value: float, grad: dict[str, float], message: str
) -> None:
    line = jsonlines.line(Evaluation(at, value, grad))
    assert line == json.dumps({"at": at, "value": value, "grad": grad}, ensure_ascii=False)
    noted = json.loads(jsonlines.line(Evaluation(at, value, grad, [Note("kink", "abs", (0, 1), message)])))
    assert noted["notes"][0]["message"] == message


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_any_value_is_json(value: Any) -> None:
    assert json.loads(jsonlines.json_of(value)) == value


def test_numbers_that_json_does_not_have_and_arrays() -> None:
    assert jsonlines.json_of({"x": [math.inf, -math.inf, math.nan], "t": (1, 2.5), "e": {}}) == (
        '{"x": ["Infinity", "-Infinity", "NaN"], "t": [1.0, 2.5], "e": {}}'
    )


@given(st.text(st.characters(categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Lu", "Po"))))
def test_any_text_is_a_json_string_that_can_be_written(text: str) -> None:
    quoted = jsonlines.quote(text)
    # A surrogate pair in the escapes is one character, as JSON has it.
    assert json.loads(quoted) == json.loads(json.dumps(text))
    quoted.encode()


def test_the_machine_forms_load_no_json() -> None:
    modules = "gradcli.views.jsonlines, gradcli.views.delimited, gradcli.views.plain"
    code = f"import sys, {modules}; print('json' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def printed(form: type[Form], *evaluations: Evaluation, points: int | None = None) -> list[str]:
    """The lines that a form prints."""
    out = TextIOWrapper(BytesIO(), "utf-8")
    with redirect_stdout(out):
        made = form(points)
        made.begin(evaluations[0])
        for evaluation in evaluations:
            made.point(evaluation)
        made.end()
    out.seek(0)
    return out.read().splitlines()


def test_csv() -> None:
    evaluation = Evaluation({"x": 2.0, "y": 0.1}, math.nan, {"y": math.inf, "x": -1e300})
    assert printed(CsvForm, evaluation) == ["x,y,value,d/dy,d/dx", "2.0,0.1,nan,inf,-1e+300"]


def test_csv_of_eval() -> None:
    assert printed(CsvForm, Evaluation({"x": 2.0}, 11.0)) == ["x,value", "2.0,11.0"]


def test_csv_with_names_one_of_which_is_a_variable_too() -> None:
    named = {"c": (1.0, 2.0), "x": (3.0, 4.0)}
    assert printed(CsvForm, Evaluation({"x": 2.0}, 5.0, {"x": 6.0}, named=named)) == [
        "x,value,d/dx,c,d/dc,x (assigned),d/dx (assigned)",
        "2.0,5.0,6.0,1.0,2.0,3.0,4.0",
    ]
    named = {"c": (1.0, None), "x": (3.0, None)}
    assert printed(CsvForm, Evaluation({"x": 2.0}, 5.0, named=named)) == ["x,value,c,x (assigned)", "2.0,5.0,1.0,3.0"]


def test_csv_of_a_sum_over_points() -> None:
    evaluation = Evaluation({}, 5.0, {"x": 6.0})
    assert printed(CsvForm, evaluation, points=3) == ["points,value,d/dx", "3,5.0,6.0"]


def test_csv_quotes_what_a_reader_would_split() -> None:
    row = printed(CsvForm, Evaluation({"x": [1.0, math.nan]}, (1.0, 2.0), {}))[1]
    assert next(csv.reader(StringIO(row))) == ['[1.0, "NaN"]', "[1.0, 2.0]"]


def test_plain() -> None:
    texts = {"x": "NaN", "y": "Infinity", "z": "-Infinity"}
    cases = {
        "7.0 nan -inf": Evaluation({"x": 2.0}, 11.0, {"x": 7.0, "y": math.nan, "z": -math.inf}),
        "inf": Evaluation({"x": 2.0}, math.inf),
        "1.0 0.1": Evaluation({"x": 2.0}, (1.0, 0.1)),
        "7.000": Evaluation({"x": "2"}, "11.000", {"x": "7.000"}),
        "nan inf -inf": Evaluation({}, "NaN", texts),
    }
    assert printed(PlainForm, *cases.values()) == list(cases)
    assert printed(CsvForm, Evaluation({}, "NaN", texts))[1] == "nan,nan,inf,-inf"
