"""Formulas that other people wrote, with answers of 20 digits (see the data's own README)."""

from __future__ import annotations

import math
import statistics
from decimal import Decimal

import pytest
from helpers import data

import gradcli
from gradcli.api.function import Function
from gradcli.core.op import NUMBER, VARIABLE
from gradcli.language.parser import parse
from gradcli.witness.check import Checker

RATIONAL = {"add", "sub", "mul", "div", "neg", "pow"}


@pytest.fixture(scope="module")
def formulas():
    return data("formulas.jsonl")


def errors(item: dict):
    """(relative error, condition figure, direct figure, absolute error) of each number of a formula."""
    f = gradcli.function(item["expr"])
    assert list(f.variables) == item["variables"]
    for point in item["points"]:
        value, grad = f.value_and_grad(**point["at"])
        truths = {"value": point["value"], **point["grad"]}
        for name, got in {"value": value, **grad}.items():
            true = Decimal(truths[name])
            error = abs(Decimal(got) - true)
            ulps = 8 * math.ulp(float(true)) / abs(float(true)) if float(true) else 0.0
            yield float(error / abs(true)), max(ulps, 4 * point["cond"][name]), point["direct"][name], float(error)


def test_all_are_within_a_direct_evaluation(formulas):
    assert len(formulas) == 107
    for item in formulas:
        for relative, allowed, direct, absolute in errors(item):
            assert relative <= max(allowed, 2 * direct) or absolute < 1e-300, item["id"]


def test_the_strict_rule_holds_for_at_least_88(formulas):
    """What JAX and PyTorch reach: no engine that evaluates the text in float64 gets those that cancel on purpose."""
    right = sum(all(r <= allowed or a < 1e-300 for r, allowed, _, a in errors(item)) for item in formulas)
    assert right >= 88


def test_the_gradient_costs_at_most_4_times_the_value(formulas):
    found = []
    for item in formulas:
        f = Function(parse(item["expr"]))
        value, both = f.optimised(False).operations(), f.optimised(True).operations()
        found.append(both / value)
        if _is_rational(f):
            assert both <= 4 * value, item["expr"]
    assert statistics.median(found) <= 4


def _is_rational(f: Function) -> bool:
    """Sums, products, quotients, and powers by whole numbers."""
    nodes = f.optimised(False).nodes
    for node in nodes:
        if node[0] in (NUMBER, VARIABLE) or node[0].leaf:
            continue
        if node[0].name not in RATIONAL:
            return False
        if node[0].name == "pow" and not (nodes[node[2]][0] is NUMBER and nodes[node[2]][1].is_integer()):
            return False
    return True


def test_the_check_agrees_and_raises_no_alarm(formulas):
    """Both witnesses, on one point of every fourth formula."""
    for item in formulas[::4]:
        at = item["points"][0]["at"]
        program = parse(item["expr"])
        answer = Function(program).evaluate_at(at)
        checker = Checker(program, program.variables, thorough=True)
        try:
            check = checker.check(at, (answer.value, answer.grad), timeout=20)
        finally:
            checker.close()
        assert check.ok, item["id"]
        assert {row.verdict for row in check.rows} == {"agrees"}, (item["id"], check.rows)


def test_digits_are_proven(formulas):
    """30 digits at a point whose numbers mean exactly these floats: they begin as the answers of 20 do."""
    for item in formulas[::6]:
        point = item["points"][1]
        if any(n[0] is NUMBER and n[2] is not None for n in parse(item["expr"]).nodes):
            continue  # the data means the float64 of a literal, --digits the decimal
        texts = {x: str(Decimal(v)) for x, v in point["at"].items()}
        found = Function(parse(item["expr"])).proven_at(texts, 30)
        for name, true in {"value": point["value"], **point["grad"]}.items():
            got = found.value if name == "value" else found.grad[name]
            assert abs(Decimal(got) - Decimal(true)) <= abs(Decimal(true)) * Decimal("1e-19"), (item["id"], name)
