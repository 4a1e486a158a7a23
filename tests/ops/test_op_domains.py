"""Each operation says its value once: definitions and precise forms against mpmath, in every domain of numbers."""

from __future__ import annotations

import itertools
import math
import re

import flint
import numpy as np
import pytest
from mpmath import mp, mpf
from op_reference import TABLE, as_mpf, count, exact, grid

from gradcli.core.op import Op
from gradcli.core.trace import FORMAT
from gradcli.domains import arrays, floats, symbols
from gradcli.domains.arb import PRIMITIVES
from gradcli.domains.balls import BALLS
from gradcli.domains.domain import Domain, steps_of

INF = math.inf
DEFINED = [name for name, row in TABLE.items() if row.definition]
PRECISE = [name for name, row in TABLE.items() if row.precise is not None]
BITS = 2000


@pytest.mark.parametrize("name", TABLE)
def test_every_domain_serves_every_row(name: str) -> None:
    for domain in (floats.FLOATS, floats.SAFE, arrays.ARRAYS, arrays.NARROW, BALLS, symbols.SYMBOLS):
        assert callable(domain[name])


def test_what_is_not_supplied_and_not_defined_is_an_error() -> None:
    with pytest.raises(KeyError):
        Domain({}, float)["sin"]


def is_right(traced, row: Op, points) -> bool:
    """Do these steps give the operation's true value, in balls of many digits at points where there is one?"""
    function, tried = BALLS.run(traced, count(row)), 0
    for point in points:
        true = exact(row, point)
        if true is None:
            continue
        with flint.ctx.workprec(BITS):
            ball = function(*[flint.arb(x) for x in point])
        if not ball.is_finite():
            continue  # a removable point, or a number beyond all bits
        with mp.workprec(BITS):
            distance = abs(as_mpf(ball.mid()) - true)
            if distance > as_mpf(ball.rad()) + abs(true) * mpf(2) ** -1000:
                return False
            tried += distance <= abs(true) * mpf(2) ** -60
    return tried > 5


def moderate(row: Op) -> list[tuple[float, ...]]:
    return [p for p in grid(row) if all(x == 0 or 1e-20 < abs(x) < 1e3 for x in p)][: None if count(row) < 3 else 60]


@pytest.mark.parametrize("name", DEFINED)
def test_the_definition_is_the_operation(name: str) -> None:
    assert is_right(steps_of(TABLE[name]), TABLE[name], moderate(TABLE[name]))


@pytest.mark.parametrize("name", PRECISE)
def test_the_precise_form_is_the_operation(name: str) -> None:
    """In exact arithmetic it is the same function as the definition: that is why balls may run it."""
    assert is_right(steps_of(TABLE[name], precise=True), TABLE[name], moderate(TABLE[name]))


def changed(row: Op):
    """The definition with each of its numbers changed, and each sign and function exchanged for another."""
    pairs = {"+": "-", "-": "+", "*": "/", "/": "*", "exp": "exp2", "log": "log2", "sqrt": "cbrt", "max": "min",
             "sin": "cos", "cos": "sin", "cosh": "sinh", "sinh": "cosh", "tanh": "sinh", "min": "max",
             "trunc": "floor", "floor": "trunc", "erfc": "erf", "erf": "erfc", "hypot": "add", "expm1": "exp",
             ">=": "<", ">": "<", "<": ">", "abs": "sign", "gamma": "lgamma", "lgamma": "gamma",
             "erfinv": "erf", "erfcx": "erfc", "log1p": "log", "ndtr": "erf", "norm_pdf": "ndtr", "tan": "sin",
             "digamma": "lgamma", "jv": "iv", "iv": "jv", "yv": "kv", "kv": "yv",
             "acos": "asin", "asin": "acos", "atan": "asin", "acosh": "asinh", "asinh": "acosh", "atanh": "atan",
             }  # fmt: skip
    for match in re.finditer(r"\d+|[a-z][a-z0-9_]*(?=\()|>=|[-+/<>]|(?<!\*)\*(?!\*)", row.definition):
        token = match.group()
        other = str(int(token) + 1) if token.isdigit() else pairs[token]
        yield row.definition[: match.start()] + other + row.definition[match.end() :]


@pytest.mark.parametrize("name", DEFINED)
def test_a_change_in_a_definition_is_found(name: str) -> None:
    row = TABLE[name]
    points = [*moderate(row), *itertools.product((0.0, 2.0, -0.5), repeat=count(row))]
    names = row.signature
    for text in changed(row):
        other = Op(name, names, about="changed", definition=text, vjp=row.vjp)
        if (name, text) not in SAME:
            assert not is_right(steps_of(other), row, points), text


SAME = {
    ("positive", "x - 0"), ("circle", "sqrt((1 + x)*(1 - x))"),
    ("clamp", "min(max(x, min), max)"),
}  # fmt: skip


def distance(value: float, true: mpf) -> float:
    """In units of the last place of the true value; overflow must be infinite."""
    nearest = float(true)
    if math.isinf(nearest) or math.isinf(value):
        return 0.0 if value == nearest else INF
    with mp.workprec(1200):
        return float(abs(mpf(value) - true) / math.ulp(nearest))


def keeps_its_digits(traced, row: Op) -> bool:
    """Do these steps on floats give the true value within the row's limit?"""
    function = floats.SAFE.run(traced, count(row))
    pairs = ((function(*point), exact(row, point)) for point in grid(row))
    return all(true is None or distance(value, true) <= row.ulp for value, true in pairs)


@pytest.mark.parametrize("name", PRECISE)
def test_a_changed_number_in_a_precise_form_is_found(name: str) -> None:
    """But for the bounds between two ways to the same value."""
    row = TABLE[name]
    answer, steps = steps_of(row, precise=True)
    assert keeps_its_digits((answer, steps), row)
    inputs, bounds = count(row), set()
    for op, what in steps:
        if op is not None and (op.decides or op.name in ("clamp", "where")):
            bounds |= set(what[1:] if op.name == "clamp" else what[:2] if op.name == "where" else what)
    for k, (op, what) in enumerate(steps):
        if op is None and what not in FORMAT and inputs + k not in bounds and (name, what) not in HARMLESS:
            other = (answer, [*steps[:k], (None, what + 1), *steps[k + 1 :]])
            assert not (is_right(other, row, moderate(row)) and keeps_its_digits(other, row)), (k, what)


HARMLESS = {
    ("softsign", 1),  # what stands in for a number that is not used
    ("acsch", 0),  # times a number that is lost
    *((name, 90.0) for name in ("sind", "cosd", "tand")),  # any way to cut a turn into pieces
}


def test_constants_of_the_number_formats() -> None:
    """A number in two parts is the number; one in a single part is the nearest float."""
    flint.ctx.prec = 300
    try:
        true = {name: BALLS.literal(name) for name in FORMAT}
        for literal, digits, half in ((floats.literal, 53, 26), (arrays.narrow_literal, 24, 12)):
            for name in ("degree", "radian"):
                both = flint.arb(literal(name)) + flint.arb(literal(f"{name}_rest"))
                assert abs(both / true[name] - 1) < 2.0 ** (1 - 2 * digits)
                assert literal(f"{name}_rest") > 0
            both = flint.arb(literal("root_half_high")) + flint.arb(literal("root_half_low"))
            assert abs(both / true["root_half"] - 1) < 2.0 ** (-digits - 20)
            assert (literal("root_half_high") * 2**half).is_integer()
            assert abs(flint.arb(literal("root_half")) / true["root_half"] - 1) < 2.0**-digits
            assert literal("splitter") == 2 ** (digits - digits // 2) + 1
        for name in ("bell", "normal", "pi"):
            assert floats.literal(name) == float(true[name])
    finally:
        flint.ctx.default()


@pytest.mark.parametrize("name", PRECISE)
def test_forms_keep_to_the_limit_of_the_row(name: str) -> None:
    """Step by step on floats, and bound to the namespace of arrays: within so many ulp of the true value."""
    row = TABLE[name]
    points = [p for p in grid(row) if exact(row, p) is not None]
    with np.errstate(all="ignore"):
        found = np.asarray(arrays.ARRAYS[name](*[np.array(c) for c in zip(*points, strict=True)])).tolist()
    for point, value in zip(points, found, strict=True):
        true = exact(row, point)
        assert distance(floats.SAFE[name](*point), true) <= row.ulp, point
        assert distance(value, true) <= row.ulp, point


def test_the_later_of_two_zeros_is_the_extreme() -> None:
    for name, (x, y) in itertools.product(("max", "min"), ((0.0, -0.0), (-0.0, 0.0))):
        for domain in (floats.FLOATS, arrays.ARRAYS):
            assert math.copysign(1.0, domain[name](x, y)) == math.copysign(1.0, y)


def test_balls_know_as_much_as_the_better_of_two_forms() -> None:
    """Far out the definition says nothing at a low precision, and the precise form all."""
    with flint.ctx.workprec(60):
        for name, x in (("softplus", -300.0), ("sigmoid", 1e6), ("silu", -1e3), ("logsigmoid", 500.0)):
            assert BALLS[name](flint.arb(x)).rel_accuracy_bits() > 40
        wide = BALLS["sigmoid"](flint.arb(0, 3))
        assert wide.contains(0.5)
        assert wide.rad() < 0.5
    assert "sigmoid" not in PRIMITIVES
