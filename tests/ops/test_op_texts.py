"""The texts of the table: what help, completion and error messages are made of."""

from __future__ import annotations

import inspect
import math

import pytest
from op_reference import TABLE as NUMBERS

from gradcli.core.graph import CONSTANT, CONSTANTS, NUMBER
from gradcli.core.ops import TABLE
from gradcli.domains.float_tape import call
from gradcli.language.parser import parse


@pytest.mark.parametrize("name", TABLE)
def test_texts(name: str) -> None:
    row = TABLE[name]
    assert row.name == name
    assert 0 < len(row.about) < 90
    assert "\n" not in row.about
    assert not row.about.endswith(".")
    assert 0 < len(row.example) < 60
    assert row.domain
    marked = row.kink or row.jump or row.pole
    assert bool(row.edges) or not marked, "an edge that the predicates know is described"


@pytest.mark.parametrize("name", NUMBERS)
def test_rules_are_complete(name: str) -> None:
    """One rule for each argument, or one for all; conditions mirror them."""
    row = TABLE[name]
    parameters = [p for p in row.signature.split(",") if p.strip()]
    assert len(row.vjp) == len(parameters)
    assert len(row.active) in (0, len(parameters))
    for rule in row.vjp:
        variadic = row.signature.startswith("*")
        if callable(rule) and not variadic:
            assert len(inspect.signature(rule).parameters) == len(parameters) + 2
    for rule in row.active:
        if rule is not None and not row.signature.startswith("*"):
            assert len(inspect.signature(rule).parameters) == len(parameters) + 1


def test_every_name_and_alias_is_unique() -> None:
    seen: dict[str, str] = {}
    for row in TABLE.values():
        for name in (row.name, *row.aliases):
            assert name not in seen, (name, row.name, seen.get(name))
            assert name.isidentifier()
            seen[name] = row.name


def value_of(text: str) -> float:
    """The value of an expression of numbers."""
    program = parse(text)
    assert not program.variables
    values: list[float] = []
    for node in program.nodes:
        if node[0] is NUMBER:
            values.append(node[1])
        elif node[0] is CONSTANT:
            values.append(CONSTANTS[node[1]])
        else:
            values.append(call(node[0], [values[k] for k in node[1:]]))
    return values[program.results[0]]


@pytest.mark.parametrize("name", NUMBERS)
def test_example_is_an_expression_that_uses_the_operation(name: str) -> None:
    row = TABLE[name]
    program = parse(row.example)
    assert any(node[0] is row for node in program.nodes), row.example
    assert not math.isnan(value_of(row.example))


@pytest.mark.parametrize("name", [name for name, row in NUMBERS.items() if row.definition])
def test_formula_says_what_the_operation_computes(name: str) -> None:
    """The formula, with numbers for its parameters, has the operation's value."""
    row = TABLE[name]
    names = [p.strip().partition("=")[0] for p in row.signature.split(",")]
    first = next(x for x in (0.7, 1.7) if call(row, [x, 1.9, 0.4, 0.3][: len(names)]) > -math.inf)
    numbers = dict(zip(names, (first, 1.9, 0.4, 0.3), strict=False))
    text = "; ".join(f"{n} = {v}" for n, v in numbers.items()) + "; " + row.definition
    assert value_of(text) == pytest.approx(call(row, list(numbers.values())), rel=1e-14)
