"""`gradcli graph` at a point: notes, and what has no slope (design, section 4)."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from cli import gradcli


@pytest.mark.parametrize(
    ("text", "point", "kinds"),
    [
        ("log(x)", "x=-1", ["domain"]),
        ("abs(x)", "x=0", ["kink"]),
        ("1/x", "x=0", ["infinite"]),
        ("relu(x) - relu(-x)", "x=0", ["kink", "kink"]),
        ("x**2", "x=2", []),
    ],
)
@pytest.mark.parametrize("gradient", [(), ("--gradient",)])
def test_notes_as_grad_has_them(text, point, kinds, gradient):
    grad = gradcli("grad", text, "--at", point, "--no-check")
    expected = json.loads(gradcli("grad", text, "--at", point, "--json").out).get("notes", [])
    assert [note["kind"] for note in expected] == kinds
    for form in ((), ("--dot",), ("--mermaid",)):
        assert gradcli("graph", text, "--at", point, *form, *gradient).err == grad.err
    graph = gradcli("graph", text, "--at", point, "--json", *gradient)
    assert (json.loads(graph.out).get("notes", []), graph.err) == (expected, "")


def test_no_point_no_notes():
    result = gradcli("graph", "log(x)", "--json")
    assert (result.status, result.err) == (0, "")
    assert "notes" not in json.loads(result.out)


def test_a_tuple_of_results_has_notes_on_its_values():
    result = gradcli("graph", "x, 1/x", "--at", "x=0")
    assert result.status == 0
    assert result.err == "note: 1 / 0 is infinite\n  x, 1/x\n     ^^^\n"


def test_where_the_value_is_nan_every_slope_is():
    graph = json.loads(gradcli("graph", "log(x) + y", "--at", "x=-1,y=2", "--json").out)
    assert {node["adjoint"] for node in graph["nodes"]} == {"NaN"}
    graph = json.loads(gradcli("graph", "log(x) + y", "--at", "x=-1,y=2", "--json", "--gradient").out)
    assert [(root["label"], root["value"]) for root in graph["roots"]] == [("d/dx", "NaN"), ("d/dy", "NaN")]
    lines = gradcli("graph", "log(x) + y", "--at", "x=-1,y=2", "--gradient").out.splitlines()
    assert [line.split() for line in lines if line.startswith("d/d")] == [["d/dx", "nan"], ["d/dy", "nan"]]


def test_the_roots_of_a_gradient_have_their_values():
    graph = json.loads(gradcli("graph", "3*x + x*y", "--at", "x=2,y=5", "--json", "--gradient").out)
    assert [(root["label"], root["value"]) for root in graph["roots"]] == [("d/dx", 8.0), ("d/dy", 2.0)]


def test_a_variable_that_is_not_in_wrt_has_no_adjoint():
    graph = json.loads(gradcli("graph", "x*y", "--at", "x=2,y=3", "--wrt", "x", "--json").out)
    adjoints = {node["text"]: node.get("adjoint") for node in graph["nodes"]}
    assert adjoints == {"x": 3.0, "y": None, "x*y": 1.0}


def test_a_literal_alone():
    assert gradcli("graph", "5").out == "number 5\n"
    assert re.search(r"value", gradcli("graph", "2 + 3").out)


def test_equal_constants_have_adjoints_of_their_own():
    """Both 10/2 and 5 are 5, and the derivative by each is what it is multiplied with."""
    for text, source, adjoint in (("5*x + (10/2)*y", "10/2", 7.0), ("(-2)*x + (-2)*y", "-2", 20.0)):
        graph = json.loads(gradcli("graph", text, "--at", "x=20,y=7", "--json").out)
        assert next(node["adjoint"] for node in graph["nodes"] if node["text"] == source) == adjoint
    named = json.loads(gradcli("grad", "c = 10/2; 5*x + c*y", "--at", "x=20,y=7", "--json", "--named").out)["named"]
    assert named == {"c": {"value": 5.0, "grad": 7.0}}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("sum(x[1:3]**2) + max(y, axis=0)*x[0]", "x=[1,2,3],y=[2,5]"),
        ("trace(A@A.T)", "A=[[1,2,3],[4,5.5,6]]"),
        ("inv(A[:,:2])[0,0]", "A=[[1,2,3],[4,5.5,6]]"),
        ("sum(where(x > 1, x**2, -x))", "x=[1,2,4]"),
        ("mean(softmax(x)*x) + norm(x)", "x=[1,2,4]"),
    ],
)
def test_adjoints_of_arrays_are_the_gradient(text, at):
    graph = json.loads(gradcli("graph", text, "--at", at, "--json").out)
    grad = json.loads(gradcli("grad", text, "--at", at, "--json").out)["grad"]
    plain = json.loads(gradcli("graph", text, "--at", at, "--json", "--plain-floats").out)
    for node, other in zip(graph["nodes"], plain["nodes"], strict=True):
        for key in ("value", "adjoint"):
            assert np.array(node.get(key, 0)) == pytest.approx(np.array(other.get(key, 0)), rel=1e-12, abs=1e-12)
        if node["op"] == "variable":
            assert np.array(node["adjoint"]) == pytest.approx(np.array(grad[node["text"]]), rel=1e-12, abs=1e-12)
