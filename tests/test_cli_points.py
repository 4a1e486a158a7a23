"""Where points come from: `--at`, `--sweep` and `--points` (design, section 2)."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import pytest
from cli import gradcli
from hypothesis import given
from hypothesis import strategies as st


def points(*argv: str, stdin: bytes = b"") -> list[dict]:
    """The `at` of each JSON line."""
    result = gradcli("eval", *argv, "--json", stdin=stdin)
    assert result.status == 0, result.err
    return [json.loads(line)["at"] for line in result.out.splitlines()]


@pytest.mark.parametrize(
    ("expression", "at", "expected"),
    [
        ("x", ["x=2"], [{"x": 2.0}]),
        ("x*y", ["x=2,y=3"], [{"x": 2.0, "y": 3.0}]),
        ("x*y", ["x=2", "y=3"], [{"x": 2.0, "y": 3.0}]),
        ("y*x", ["x=2,y=3"], [{"y": 3.0, "x": 2.0}]),
        ("x", ["x=1", "x=2"], [{"x": 1.0}, {"x": 2.0}]),
        ("x", ["x=1,x=2,x=3"], [{"x": 1.0}, {"x": 2.0}, {"x": 3.0}]),
        # a new point is a copy of the last
        ("x*y", ["x=1,y=5", "x=2"], [{"x": 1.0, "y": 5.0}, {"x": 2.0, "y": 5.0}]),
        ("x*y", ["x=1,y=1", "x=2,y=2"], [{"x": 1.0, "y": 1.0}, {"x": 2.0, "y": 2.0}]),
        ("x*y", ["x=1,y=1", "x=2", "y=2", "y=3"], [{"x": 1.0, "y": 1.0}, {"x": 2.0, "y": 2.0}, {"x": 2.0, "y": 3.0}]),
        # what is named once holds for all points, wherever it stands
        ("x*y", ["x=1", "x=2", "y=5"], [{"x": 1.0, "y": 5.0}, {"x": 2.0, "y": 5.0}]),
        ("x*y", ["y=5", "x=1", "x=2"], [{"x": 1.0, "y": 5.0}, {"x": 2.0, "y": 5.0}]),
        # values
        ("x", [" x = 2 "], [{"x": 2.0}]),
        ("x", ["x=-2"], [{"x": -2.0}]),
        ("x", ["x=+.5e1"], [{"x": 5.0}]),
        ("x", ["x=1_000"], [{"x": 1000.0}]),
        ("x", ["x=1/3"], [{"x": 1 / 3}]),
        ("x", ["x=pi/4"], [{"x": math.pi / 4}]),
        ("x", ["x=-2*pi"], [{"x": -2 * math.pi}]),
        ("x", ["x=2^10"], [{"x": 1024.0}]),
        ("x", ["x=max(1,2),x=(3)"], [{"x": 2.0}, {"x": 3.0}]),
        ("x", ["x=1e999"], [{"x": "Infinity"}]),
        ("x", ["x=-inf"], [{"x": "-Infinity"}]),
        ("x", ["x=nan"], [{"x": "NaN"}]),
        # names
        ("μ", ["\N{MICRO SIGN}=2"], [{"μ": 2.0}]),
        ("e*x", ["e=3,x=e"], [{"e": 3.0, "x": math.e}]),
        ("pi", ["pi=3"], [{"pi": 3.0}]),
        ("np*2", ["np=3"], [{"np": 3.0}]),
        ("2 + 3", [], [{}]),
    ],
)
def test_at(expression, at, expected):
    argv = [word for text in at for word in ("--at", text)]
    found = points(expression, *argv)
    assert found == expected
    assert [list(point) for point in found] == [list(point) for point in expected]  # in the order of the text


@pytest.mark.parametrize(
    ("sweep", "expected"),
    [
        ("x=0:1:11", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
        ("x=1:0:3", [1.0, 0.5, 0.0]),
        ("x=-pi:pi:3", [-math.pi, 0.0, math.pi]),
        ("x=5:7:1", [5.0]),
        ("x=5:7:2", [5.0, 7.0]),
        ("x = 2 : 2 : 3", [2.0, 2.0, 2.0]),
        ("x=-1.7e308:1.7e308:3", [-1.7e308, 0.0, 1.7e308]),
        ("x=5e-324:5e-324:2", [5e-324, 5e-324]),
    ],
)
def test_sweep(sweep, expected):
    assert [point["x"] for point in points("x", "--sweep", sweep)] == expected


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(2, 9),
)
def test_a_number_of_a_sweep_is_the_exact_one_rounded(start, stop, count):
    from gradcli.commands.inputs.sweep import sweep

    found = [x for (x,) in sweep(f"x={start!r}:{stop!r}:{count}").floats()]
    assert (found[0], found[-1]) == (start, stop)
    step = (Fraction(stop) - Fraction(start)) / (count - 1)
    assert found[1:-1] == [float(Fraction(start) + i * step) for i in range(1, count - 1)]


def test_several_sweeps_make_their_grid_and_the_last_is_fastest():
    found = points("x*y*z", "--sweep", "x=0:1:2", "--sweep", "y=5:7:3", "--at", "z=9")
    assert [(p["x"], p["y"], p["z"]) for p in found] == [(x, y, 9.0) for x in (0.0, 1.0) for y in (5.0, 6.0, 7.0)]


FILES = {
    "points.csv": b"x,y\n1,2\n3,4\n",
    "bom.csv": b"\xef\xbb\xbfx,y\r\n1,2\r\n3,4\r\n",
    "quoted.csv": b'"x", "y" ,"a ""name"", unused"\n"1","2",z\n3 , 4,z\n',
    "blank.csv": b"\nx,y\n\n1,2\n   \n3,4\n\n",
    "mac.csv": b"x,y\r1,2\r3,4",
    "points.tsv": b"x\ty\n1\t2\n3\t4\n",
    "points.jsonl": b'{"x": 1, "y": 2}\n\n{"y": 4, "x": 3, "unused": null}\n',
    "ours.jsonl": b'{"at": {"x": 1.0, "y": 2.0}, "value": 5.0}\r\n{"at": {"x": "3.00", "y": "4"}, "value": 5.0}',
    "sniffed.txt": b"x\ty\n1\t2\n3\t4\n",
    "sniffed": b' {"x": 1, "y": 2}\n {"x": 3, "y": 4}\n',
    "comma.data": b"y,x\n2,1\n4,3\n",
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_points(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(FILES[name])
    assert points("x + y", "--points", str(path)) == [{"x": 1.0, "y": 2.0}, {"x": 3.0, "y": 4.0}]


@pytest.mark.parametrize("name", ["points.csv", "bom.csv", "points.tsv", "points.jsonl", "ours.jsonl", "comma.data"])
def test_points_from_standard_input(name):
    assert points("x + y", "--points", "-", stdin=FILES[name]) == [{"x": 1.0, "y": 2.0}, {"x": 3.0, "y": 4.0}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"x\n1e3\n-.5\n+2\n1_000\n", [1000.0, -0.5, 2.0, 1000.0]),
        (b"x\nnan\nNaN\ninf\n-Infinity\n1e999\n", ["NaN", "NaN", "Infinity", "-Infinity", "Infinity"]),
        (b'{"x": NaN}\n{"x": "NaN"}\n{"x": "-Infinity"}\n{"x": 1e999}\n', ["NaN", "NaN", "-Infinity", "Infinity"]),
        (b'{"x": 123456789012345678901234567890}\n', [123456789012345678901234567890.0]),
    ],
)
def test_numbers_in_files(text, expected):
    assert [point["x"] for point in points("x", "--points", "-", stdin=text)] == expected


def test_at_and_sweep_complete_the_rows_of_a_file(tmp_path):
    path = tmp_path / "points.csv"
    path.write_bytes(FILES["points.csv"])
    found = points("x*y*z*w", "--points", str(path), "--at", "z=5", "--sweep", "w=0:1:2")
    assert [tuple(point.values()) for point in found] == [(1, 2, 5, 0), (1, 2, 5, 1), (3, 4, 5, 0), (3, 4, 5, 1)]


def test_other_columns_are_ignored_in_one_note():
    result = gradcli("eval", "x", "--points", "-", "--plain", stdin=b"id,x,label\n1,2,a\n3,4,b\n")
    assert result.out == "2.0\n4.0\n"
    assert result.err == "note: columns id and label of standard input ignored: not in the expression\n"


def test_a_column_binds_the_name_of_a_constant_and_a_note_says_so():
    result = gradcli("grad", "e*x", "--points", "-", "--plain", stdin=b"x,e\n2,3\n")
    assert result.out == "2.0 3.0\n"
    assert result.err == "note: e is a column of standard input here, not the constant 2.718281828459045\n"


def test_gradcli_reads_what_it_writes():
    first = gradcli("eval", "x*y", "--sweep", "x=0:1:3", "--at", "y=1/3", "--json")
    second = gradcli("eval", "x*y", "--points", "-", "--json", stdin=first.out.encode())
    assert (second.out, second.err) == (first.out, "")
    table = gradcli("eval", "x*y", "--sweep", "x=0:1:3", "--at", "y=1/3", "--csv")
    again = gradcli("eval", "x*y", "--points", "-", "--csv", stdin=table.out.encode())
    assert again.out == table.out
    assert again.err == "note: column value of standard input ignored: not in the expression\n"


def test_many_points_go_through():
    rows = "x,y\n" + "".join(f"{i},{i / 7!r}\n" for i in range(5000))
    result = gradcli("grad", "x*y", "--points", "-", "--plain", stdin=rows.encode())
    assert result.out == "".join(f"{i / 7!r} {float(i)!r}\n" for i in range(5000))


def test_accumulate_sums_as_repeated_backward_does():
    rows = b"x\n0.1\n0.2\n0.3\n0.7\n"
    result = gradcli("grad", "x**2", "--points", "-", "--json", "--accumulate", stdin=rows)
    xs = [0.1, 0.2, 0.3, 0.7]
    expected = {"points": 4, "value": math.fsum(x * x for x in xs), "grad": {"x": math.fsum(2 * x for x in xs)}}
    assert json.loads(result.out) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([1e308, 1e308, -1e308], 1e308), ([1e308, 1e308], math.inf), ([math.inf, 1.0], math.inf), ([0.1] * 10, 1.0)],
)
def test_sums_at_the_edge(numbers, expected):
    from gradcli.commands.accumulate import total

    assert total(numbers) == expected


def test_a_sum_of_opposite_infinities_is_nan():
    from gradcli.commands.accumulate import total

    assert math.isnan(total([math.inf, -math.inf]))
    assert math.isnan(total([math.inf, math.nan]))


# --- constants as variables


def test_a_constant_in_wrt_keeps_its_value_and_is_differentiated_by():
    answer = json.loads(gradcli("grad", "e*x**2", "--wrt", "e", "--at", "x=2", "--json").out)
    assert answer == {"at": {"e": math.e, "x": 2.0}, "value": 4 * math.e, "grad": {"e": 4.0}}
    assert gradcli("grad", "pi**2", "--wrt", "pi", "--plain").out == f"{2 * math.pi!r}\n"


def test_a_constant_in_wrt_beside_several_points():
    argv = ("e*x", "--wrt", "e", "--plain")
    assert gradcli("grad", *argv, "--at", "x=1", "--at", "x=3").out == "1.0\n3.0\n"
    assert gradcli("grad", *argv, "--sweep", "x=0:2:3").out == "0.0\n1.0\n2.0\n"
    assert gradcli("grad", *argv, "--at", "e=1,x=5").out == "5.0\n"


def test_under_digits_a_constant_in_wrt_is_the_real_number():
    answer = json.loads(gradcli("eval", "e", "--digits", "30", "--json").out)
    bound = json.loads(gradcli("grad", "e", "--wrt", "e", "--digits", "30", "--json").out)
    assert bound["value"] == bound["at"]["e"] == answer["value"] == "2.71828182845904523536028747135"


def test_nobody_is_asked_whether_a_constant_means_itself():
    assert "did you mean" not in gradcli("grad", "e*x", "--wrt", "e").err


# --- what a sum over points tells


def test_the_notes_of_a_sum_say_at_how_many_points():
    result = gradcli("grad", "abs(x) + 1/y", "--points", "-", "--accumulate", "--json", stdin=b"x,y\n0,1\n1,1\n0,0\n")
    assert [note["message"] for note in json.loads(result.out)["notes"]] == [
        "abs has a kink at 0: slope -1 on the left, 1 on the right; 0 used (at 2 of 3 points)",
        "1 / 0 is infinite (at 1 of 3 points)",
    ]
    one = gradcli("grad", "abs(x)", "--at", "x=0", "--accumulate", "--json")
    assert "points)" not in json.loads(one.out)["notes"][0]["message"]


# --- numbers that are not finite, in each form


@pytest.mark.parametrize("digits", [(), ("--digits", "8")])
def test_what_is_not_finite_has_the_same_names_in_all_forms_for_people(digits):
    argv = ("--sweep", "x=-1:1:3", *digits)
    found = [gradcli("eval", text, *argv, "--plain").out.split()[k] for text, k in (("log(x)", 0), ("log(x)", 1))]
    assert found == ["nan", "-inf"]
    assert gradcli("grad", "log(x)", "--at", "x=0", *digits, "--plain").out == "inf\n"
    assert gradcli("grad", "log(x)", "--at", "x=0", *digits, "--csv").out.endswith(",-inf,inf\n")
    table = gradcli("grad", "log(x)", "--at", "x=0", *digits, "--no-check").out
    assert table.split()[:4] == ["value", "-inf", "d/dx", "inf"]
    answer = json.loads(gradcli("grad", "log(x)", "--at", "x=0", *digits, "--json").out)
    assert (answer["value"], answer["grad"]) == ("-Infinity", {"x": "Infinity"})


# --- a variable called value


def test_a_variable_called_value_has_a_column_of_its_own():
    table = gradcli("grad", "value**2", "--at", "value=1", "--at", "value=3", "--csv")
    assert table.out.splitlines() == ["value (variable),value,d/dvalue", "1.0,1.0,2.0", "3.0,9.0,6.0"]
    again = gradcli("grad", "value**2", "--points", "-", "--csv", stdin=table.out.encode())
    assert again.out == table.out
    shown = gradcli("grad", "value**2", "--at", "value=1", "--at", "value=3", "--no-check").out
    assert shown.splitlines()[0].split("   ") == ["value (variable)", "value", "d/dvalue"]
    named = gradcli("grad", "value = 2*x; value", "--at", "x=1", "--csv", "--named")
    assert named.out.splitlines()[0] == "x,value,d/dx,value (assigned),d/dvalue (assigned)"


def test_arrays_of_a_file_skip_rows_on_request(tmp_path):
    """A row that lacks one of the columns that the line names is left out of all of them, and counts as lost."""
    path = tmp_path / "na.csv"
    path.write_text("x,y,z\n1,2,0\nNA,3,0\n4,5,NA\n6,NA,0\n")
    skip = ("--on-error", "skip", "--plain")
    both = gradcli("eval", "sum(x*y)", "--at", f"x=@{path}:x,y=@{path}:y", *skip)
    assert (both.status, both.out) == (1, "22.0\n")
    assert both.err == f"note: 2 of 4 rows of {path} left out: no numbers\n"
    one = gradcli("eval", "sum(x)", "--at", f"x=@{path}:x", *skip)
    assert (one.status, one.out, "1 of 4 rows" in one.err) == (1, "11.0\n", True)
    matrix = gradcli("eval", "sum(x)", "--at", f"x=@{path}", *skip)
    assert (matrix.status, matrix.out, "3 of 4 rows" in matrix.err) == (1, "3.0\n", True)
    assert gradcli("eval", "sum(x)", "--at", f"x=@{path}:x").status == 2
    least = gradcli("minimize", "sum((x - 1)^2)", "--start", f"x=@{path}:y", "--on-error", "skip", "--json")
    assert (least.status, "1 of 4 rows" in least.err, '"converged": true' in least.out) == (1, True, True)


@pytest.mark.parametrize(
    ("at", "noted"),
    [("x=1e-400", True), ("x=-1E-500", True), ("x=.01e-340", True), ("x=0", False), ("x=0e5", False),
     ("x=1e-300", False)],
)  # fmt: skip
def test_a_value_that_became_0_is_noted(at, noted):
    found = json.loads(gradcli("grad", "x + 1", "--at", at, "--json").out)
    notes = [(note["kind"], note["op"], note["at"]) for note in found.get("notes", [])]
    assert notes == ([("underflow", "variable", [0, 1])] if noted else [])
    assert "notes" not in json.loads(gradcli("grad", "x + 1", "--at", at, "--digits", "5", "--json").out)
