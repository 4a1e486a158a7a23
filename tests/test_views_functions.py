"""`gradcli functions`: every row of the table can be shown."""

from __future__ import annotations

import io
import json
import re

import pytest
from helpers import on_terminal

from gradcli.core.op import FLAG, LIKE, SHAPE, STRUCTURE, Op
from gradcli.core.ops import TABLE
from gradcli.core.trace import rule_of
from gradcli.language.names import parameters, public_names
from gradcli.language.parser import parse
from gradcli.views import functions
from gradcli.views.screen import Screen


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def one(name: str) -> str:
    row = functions.find(name)
    assert row is not None
    file = io.StringIO()
    functions.show_one(Screen(file), row)
    return file.getvalue()


def test_one_function() -> None:
    assert (
        one("fabs")
        == """\
abs(x)   the absolute value

also         absolute, fabs
d/dx         sign(x)   where x != 0, else 0
domain       all numbers
edges        kink at 0, slope 0 used
example      abs(-3) = 3
operations   1 for the value, 4 more for the gradient
"""
    )


def test_an_operator() -> None:
    assert (
        one("/")
        == """\
x/y   the quotient

function     div(x, y)
also         divide, true_divide
d/dx         1/y
d/dy         -x/y**2
domain       y != 0
edges        infinite at y = 0
example      6/3 = 2
operations   1 for the value, 3 more for the gradient
"""
    )


def test_find() -> None:
    assert functions.find("ln") is TABLE["log"]
    assert functions.find("**") is TABLE["pow"]
    assert functions.find("nosuch") is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("x**y", "pow"), ("x ** y", "pow"), ("x^y", "pow"), ("^", "pow"), ("x+y", "add"), ("-x", "neg"),
        ("np.sin", "sin"), ("torch.relu", "relu"), ("torch.nn.functional.relu", "relu"), ("math.log", "log"),
        ("np.arctan2", "atan2"), (" sin ", "sin"),
    ],
)  # fmt: skip
def test_find_by_what_a_user_writes(written: str, name: str) -> None:
    assert functions.find(written) is TABLE[name]


@pytest.mark.parametrize("name", ["os.sin", "math.remainder", "x.sin", ""])
def test_what_is_not_found(name: str) -> None:
    assert functions.find(name) is None


def test_what_serves_the_rules_is_not_listed() -> None:
    listed = [row.name for _, rows in functions.groups() for row in rows]
    hidden = {name for name, row in TABLE.items() if row.internal}
    assert hidden >= {"positive", "over_squares", "hypot1", "erf_slope", "sinc_derivative", "scatter", "eye_like"}
    assert not hidden & {"sqrt", "asinh", "erf", "atan2", "sinc", "gelu", "count", "length"}
    assert sorted([*listed, *hidden]) == sorted(TABLE)
    assert not hidden & set(public_names())
    assert all("; serves " in TABLE[name].about for name in hidden), "the text says what it is there for"


PUBLIC = [row for row in TABLE.values() if not row.internal and not row.whole]


@pytest.mark.parametrize("row", PUBLIC, ids=[row.name for row in PUBLIC])
def test_derivatives_are_told_in_what_people_may_write(row: Op) -> None:
    hidden = {name for name, other in TABLE.items() if other.internal and not other.symbol}
    words = {word for d in functions.derivatives(row) for word in re.findall(r"\w+(?=\()", d.text)}
    assert not words & hidden - {"zeta_derivative", "gamma_density", "beta_density"}  # no formula says these


# From tables of derivatives (Abramowitz and Stegun 4.4.52, 4.4.54, 7.1.19).
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("log", "1/x"),
        ("atan", "1/(1 + x**2)"),
        ("acosh", "1/(sqrt(x - 1)*sqrt(x + 1))"),
        ("erf", "2*exp(-x**2)/sqrt(pi)"),
    ],
)
def test_a_derivative_is_that_of_the_tables(name: str, told: str) -> None:
    assert functions.derivatives(TABLE[name])[0].text == told


def test_the_list_names_every_row_once() -> None:
    file = io.StringIO()
    functions.show_list(Screen(file))
    lines = file.getvalue().splitlines()
    assert lines[0] == "Arithmetic: the operators of the language"
    for row in [row for row in TABLE.values() if not row.internal]:
        assert sum(line.startswith(f"  {functions.written(row)} ") and line.endswith(row.about) for line in lines) == 1


def test_the_list_on_a_narrow_terminal() -> None:
    plain = on_terminal(60, functions.show_list)
    assert "  clamp(x, min=-inf, max=inf)\n      x kept between min and max; max wins where they cross\n" in plain
    assert re.search(r"\n  sin\(x\) +the sine\n", plain)


@pytest.mark.parametrize("name", TABLE)
def test_every_row_is_whole(name: str) -> None:
    row = TABLE[name]
    shown = json.loads(functions.line(row))
    names = ["x", "y"] if row.signature.startswith("*") else [p.name.removeprefix("*") for p in parameters(row)]
    assert [rule["by"] for rule in shown["derivatives"]] == [
        name for k, name in enumerate(names) if rule_of(row, k) not in (STRUCTURE, FLAG, SHAPE, LIKE)
    ]
    assert all(shown[key] for key in ("about", "example", "domain"))
    for rule in shown["derivatives"]:  # the rules are programs of the language
        assert (rule["rule"] == functions.LACKING) == (names.index(rule["by"]) in row.missing)
        parse(rule["rule"] if rule["rule"] != functions.LACKING else "0")
        parse(rule.get("where", "1"))
    assert one(name).count("\n") >= 4


# The value and all partials, counted by hand.
PRICES = {"add": (1, 0), "mul": (1, 2), "div": (1, 3), "exp": (1, 1), "sin": (1, 2), "relu": (1, 2), "lt": (1, 0)}


@pytest.mark.parametrize(("name", "price"), PRICES.items())
def test_price(name: str, price: tuple[int, int]) -> None:
    assert functions.price(TABLE[name]) == price
