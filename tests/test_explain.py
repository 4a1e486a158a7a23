"""`gradcli explain`: every line of both passes against arithmetic, the graph, and written derivatives."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from random import Random

import numpy as np
import pytest
from cli import gradcli
from fuzz import generator
from helpers import data, on_terminal
from test_conventions import CASES

from gradcli.api.annotation import Use, uses
from gradcli.api.function import Function
from gradcli.language.parser import parse

nan = math.nan


def passes(text: str, at: dict, *, true: bool = True, bound: tuple = ()) -> tuple[list, list, list[Use], int]:
    """Values, adjoints, what is sent, and the id of the result."""
    program = parse(text, bound=frozenset(bound))
    function = Function(program)
    point = {x: at[x] if isinstance(at[x], np.ndarray) else float(at[x]) for x in program.variables}
    values, adjoints = function.annotate(point, true=true)
    return values, adjoints, uses(function, point, values, adjoints), program.results[0]


def same(x: float, y: float, most: float) -> bool:
    return x == y or (x != x and y != y) or abs(x - y) <= most


def check(adjoints: list, sent: list[Use], result: int) -> None:
    """Each line is a product, and the lines to a node add up; a node stands after all that send to it."""
    got = defaultdict(list)
    done = set()
    for use in sent:
        assert use.arrived == adjoints[use.node] or use.arrived != use.arrived
        if use.local is None:  # float64 cannot hold a factor
            assert 0 < abs(use.sent) < math.inf
        else:
            # neither infinity nor NaN passes a step
            cut = use.arrived - use.arrived != 0 and use.local == use.sent == 0
            most = 2 * math.ulp(use.sent) if use.sent - use.sent == 0 else 0
            assert cut or same(use.arrived * use.local, use.sent, most), use.node
        assert use.to not in done
        done.add(use.node)
        got[use.to].append(use.sent)
    for i, adjoint in enumerate(adjoints):
        if adjoint is not None and i != result:
            total = sum(map(abs, got[i]))
            assert same(math.fsum(got[i]) if total - total == 0 else sum(got[i]), adjoint, 2 * math.ulp(total)), i


@pytest.mark.parametrize("true", [True, False])
def test_every_line_holds_on_formulas_of_science(true):
    for item in data("formulas.jsonl"):
        for point in item["points"]:
            _, adjoints, sent, result = passes(item["expr"], point["at"], true=true, bound=tuple(item["variables"]))
            check(adjoints, sent, result)


@pytest.mark.parametrize(("text", "at", "value", "grad"), CASES)
def test_every_line_holds_by_the_conventions(text, at, value, grad):
    _, adjoints, sent, result = passes(text, at)
    check(adjoints, sent, result)


def test_every_line_holds_on_random_programs():
    for k in range(120):
        rng = Random(f"explain/{k}")
        text, at = generator.scalar_program(rng).text(), generator.point(rng, dict.fromkeys("xyz", ()))
        _, adjoints, sent, result = passes(text, {x: float(v) for x, v in at.items()}, true=bool(k % 2))
        check(adjoints, sent, result)


def test_ids_values_and_adjoints_are_those_of_the_graph():
    for item in data("formulas.jsonl")[::6]:
        for point in item["points"][:2]:
            at = ",".join(f"{x}={v!r}" for x, v in point["at"].items())
            graph = json.loads(gradcli("graph", item["expr"], "--at", at, "--json").out)
            told = json.loads(gradcli("explain", item["expr"], "--at", at, "--json").out)
            assert list(told)[:5] == ["at", "forward", "backward", "value", "grad"]
            nodes = {node["id"]: node for node in graph["nodes"]}
            forward = [{key: nodes[i][key] for key in ("id", "text", "value")} for i in nodes if "value" in nodes[i]]
            assert told["forward"] == forward
            adjoints = {i: node["adjoint"] for i, node in nodes.items() if "adjoint" in node}
            assert {line["id"]: line["arrived"] for line in told["backward"]}.items() <= adjoints.items()
            wanted = {(i, k) for i, node in nodes.items() for k in node.get("args", []) if k in adjoints}
            assert {(line["id"], line["to"]) for line in told["backward"]} == wanted
            assert told["value"] == nodes[graph["roots"][0]["id"]]["value"]
            leaves = {nodes[i]["text"]: adjoint for i, adjoint in adjoints.items() if nodes[i]["op"] == "variable"}
            assert told["grad"] == leaves
            assert told.get("notes") == graph.get("notes")


def told(text: str, at: str, *options: str) -> list[tuple]:
    """(text of the operation, text of the operand, arrived, local, sent) of each line."""
    graph = json.loads(gradcli("graph", text, "--at", at, "--json").out)
    source = {node["id"]: node["text"] for node in graph["nodes"]}
    found = json.loads(gradcli("explain", text, "--at", at, "--json", *options).out)
    numbers = ("arrived", "local", "sent")
    return [(source[s["id"]], source[s["to"]], *[s[name] for name in numbers]) for s in found["backward"]]


def test_what_underflows_is_no_product():
    item = next(
        item for item in data("formulas.jsonl") if item["id"].endswith("probabilities-in-a-clustering-algorithm")
    )
    point = next(point["at"] for point in item["points"] if point["at"]["s"] < -300)
    at = ",".join(f"{x}={v!r}" for x, v in point.items())
    lines = [line for line in told(item["expr"], at) if line[3] is None]
    assert [line[:3] for line in lines] == [
        ("exp(-s)", "-s", 0.0),
        ("1/(1 + exp(-s))", "1 + exp(-s)", 2.697440751493502e152),
    ]
    text = gradcli("explain", item["expr"], "--at", at).out
    small = "exp(v8), a factor is too small for float64   sends 2.143702883368798e-167"
    assert small in text
    assert " 0 * " not in text


def test_a_line_for_each_use():
    assert told("x*x + x", "x=3") == [
        ("x*x + x", "x*x", 1.0, 1.0, 1.0),
        ("x*x + x", "x", 1.0, 1.0, 1.0),
        ("x*x", "x", 1.0, 3.0, 3.0),
        ("x*x", "x", 1.0, 3.0, 3.0),
    ]


def test_what_is_not_chosen_is_sent_nothing():
    assert told("where(x > 0, sqrt(x), -x)", "x=-1") == [
        ("where(x > 0, sqrt(x), -x)", "x > 0", 1.0, 0.0, 0.0),
        ("where(x > 0, sqrt(x), -x)", "sqrt(x)", 1.0, 0.0, 0.0),
        ("where(x > 0, sqrt(x), -x)", "-x", 1.0, 1.0, 1.0),
        ("-x", "x", 1.0, -1.0, -1.0),
        ("sqrt(x)", "x", 0.0, 0.0, 0.0),
        ("x > 0", "x", 0.0, 0.0, 0.0),
    ]


def test_where_the_value_is_nan_every_line_is():
    assert told("log(x) + y", "x=-1,y=2") == [
        ("log(x) + y", "log(x)", "NaN", "NaN", "NaN"),
        ("log(x) + y", "y", "NaN", "NaN", "NaN"),
        ("log(x)", "x", "NaN", "NaN", "NaN"),
    ]


def test_by_some_variables_alone():
    assert [line[1] for line in told("x*y + y", "x=2,y=5", "--wrt", "x")] == ["x*y", "x"]


def test_a_tie_of_the_largest():
    assert told("max(x, y, 2)", "x=2,y=2")[0] == ("max(x, y, 2)", "x", 1.0, 1 / 3, 1 / 3)


def test_arrays_have_a_local_derivative_where_there_is_a_product():
    x, rows = np.array([1.0, 2.0, 3.0]), np.array([[1.0, 2.0], [3.0, 4.0]])
    _, _, sent, _ = passes("sum(x**2)*y", {"x": x, "y": 2.0})
    found = [(use.arrived, use.local, use.sent) for use in sent]
    assert [np.shape(local) for _, local, _ in found] == [(), (), (3,), (3,)]
    for arrived, local, got in found:
        np.testing.assert_array_equal(arrived * local, got)
    np.testing.assert_array_equal(sent[-1].sent, 4 * x)
    _, _, sent, _ = passes("sum(A @ v)", {"A": rows, "v": np.array([5.0, 7.0])})
    assert [use.local is None for use in sent] == [False, True, True]
    np.testing.assert_array_equal(sent[1].sent, [[5, 7], [5, 7]])
    np.testing.assert_array_equal(sent[2].sent, [4, 6])
    line = json.loads(gradcli("explain", "sum(A @ v)", "--at", "A=[[1,2],[3,4]],v=[5,7]", "--json").out)
    assert line["backward"][1]["local"] is None


ARRAYS = [
    "sum(x[1:3]**2) + max(y, axis=0)*x[0]", "mean(softmax(x)*x)", "norm(x) + dot(x, x)", "sum(A @ x)", "sum(A.T @ y)",
    "x.reshape(3, 1)[0, 0]", "sum(where(x > 1, x, x**2))", "std(x)*y[0]", "sum(stack([x, x], axis=0))",
    "x[x > 1].sum()", "det(A[:, :2])", "logsumexp(x, axis=0)", "cumsum(x)[-1]", "sum(x*y[0] + A)",
    "sum([x[0]**2, x[1]])", "trace(A @ A.T)", "argmax(x)*x[0]", "inv(A[:, :2])[0, 0]", "outer(x, y)[0, 1]",
    "sum(max(x, 2)) + prod(abs(x))", "sum(log(1e10*x + 1) - log(1e10*x))",
]  # fmt: skip


@pytest.mark.parametrize("text", ARRAYS)
def test_what_arrays_are_sent_adds_up(text, tmp_path):
    values = {
        "x": np.array([1.0, 2.0, 4.0]),
        "y": np.array([2.0, 5.0]),
        "A": np.array([[1.0, 2.0, 3.0], [4.0, 5.5, 6.0]]),
    }
    function = Function(parse(text))
    point = {x: values[x] for x in function.variables}
    grad = function.true_at(point).grad
    _, adjoints = function.annotate(point, true=True)
    got: dict = defaultdict(float)
    for use in uses(function, point, *function.annotate(point, true=True)):
        got[use.to] = got[use.to] + use.sent
        if use.local is not None:
            np.testing.assert_allclose(use.arrived * use.local, use.sent, rtol=1e-15)
    for i, total in got.items():
        np.testing.assert_allclose(total, adjoints[i], rtol=1e-13, atol=1e-13)
    for x, partial in grad.items():
        np.testing.assert_allclose(adjoints[function.program.leaf[x]], partial, rtol=1e-13, atol=1e-13)
    at = ",".join(f"{x}={v.tolist()}" for x, v in point.items())
    for form in ((), ("--json",), ("--markdown",), ("-o", str(tmp_path / "page.html"))):
        assert gradcli("explain", text, "--at", at, *form).status == 0


def test_true_numbers_are_explained_by_true_numbers():
    """d/dN of log(N + 1) - log(N) is -1/(N*(N + 1))."""
    values, adjoints, sent, result = passes("log(N + 1) - log(N)", {"N": 1e10})
    check(adjoints, sent, result)
    assert adjoints[0] == -9.999999999e-21
    assert values[result] == 9.9999999995e-11
    assert "9.99982319171977e-11" in gradcli("explain", "log(N + 1) - log(N)", "--at", "N=1e10", "--plain-floats").out


TEXT = """\
Forward: each step is computed from the inputs and the steps before it.

  x = 2
  v2 = x**2 = 2**2 = 4
  v3 = sin(v2) = sin(4) = -0.7568024953079282
  v4 = x*v3 = 2*(-0.7568024953079282) = -1.5136049906158564

Backward: the adjoint of a step is the derivative of the result by that step. By
the chain rule a step sends to each of its operands its own adjoint times its
local derivative; what an operand is sent adds up to its adjoint.

  v4 = x*v3   has the adjoint 1, because it is the result
    to x    product rule   v3 = -0.7568024953079282   sends 1 * (-0.7568024953079282) = -0.7568024953079282
    to v3   product rule   x = 2                      sends 1 * 2 = 2

  v3 = sin(v2)   has the adjoint 2
    to v2   derivative of sin   cos(v2) = -0.6536436208636119   sends 2 * (-0.6536436208636119) = -1.3072872417272239

  v2 = x**2   has the adjoint -1.3072872417272239
    to x   power rule   2*x = 4   sends -1.3072872417272239 * 4 = -5.2291489669088955
    adjoint of x: -0.7568024953079282 - 5.2291489669088955 = -5.985951462216824

The gradient: the adjoints of the inputs.

  value   -1.5136049906158564
  d/dx    -5.985951462216824    = -0.7568024953079282 - 5.2291489669088955
"""


def test_text():
    assert gradcli("explain", "x*sin(x**2)", "--at", "x=2").out == TEXT


def test_a_name_of_the_program_stands_for_its_step_and_no_name_is_taken_twice():
    out = gradcli("explain", "c = v1*v2; c**2", "--at", "v1=1,v2=3").out
    assert "  c = v1*v2 = 1*3 = 3\n  w4 = c**2 = 3**2 = 9\n" in out
    assert "x = x + 1" not in gradcli("explain", "x = x + 1; x*2", "--at", "x=1").out


def test_why_nothing_is_sent():
    out = gradcli("explain", "where(x > 0, relu(x), -x)*2", "--at", "x=-1").out
    assert "v2 = (x > 0) = ((-1) > 0) = 0, false\n" in out
    assert "choice                   0, as x > 0 is false   sends 2 * 0 = 0\n" in out
    assert "v3 = relu(x)   has the adjoint 0\n    sends 0 to x\n" in out
    assert "0, as x != 0 is false" in gradcli("explain", "abs(x)", "--at", "x=0").out


def test_notes_are_told():
    result = gradcli("explain", "abs(x)", "--at", "x=0")
    assert result.err == gradcli("grad", "abs(x)", "--at", "x=0", "--no-check").err != ""


def test_quiet_and_strict():
    quiet, strict = (gradcli("explain", "abs(x)", "--at", "x=0", flag) for flag in ("--quiet", "--strict"))
    assert (quiet.err, quiet.status, strict.status) == ("", 0, 1)
    assert "notes" in json.loads(gradcli("explain", "abs(x)", "--at", "x=0", "--json").out)
    assert "notes" not in json.loads(gradcli("explain", "abs(x)", "--at", "x=0", "--json", "--quiet").out)


def test_a_narrow_terminal_has_the_cells_of_a_line_below_each_other():
    from gradcli.views.derivation import Derivation
    from gradcli.views.explain import show_derivations

    shown = on_terminal(40, lambda screen: show_derivations(screen, [Derivation(parse("x*sin(x**2)"), "x")]))
    assert "  v4 = x*v3\n    product rule\n    v4' = v3 + x*v3' = sin(x**2) + 2*x**2*cos(x**2)\n" in shown


def test_without_steps():
    assert gradcli("explain", "x", "--at", "x=3").out.splitlines()[-2:] == ["  value   3", "  d/dx    1"]
    assert json.loads(gradcli("explain", "5", "--json").out) == {
        "at": {}, "forward": [], "backward": [], "value": 5.0, "grad": {},
    }  # fmt: skip
    found = json.loads(gradcli("explain", "a = 5*x; 3*y", "--at", "x=1,y=2", "--json").out)
    assert found["grad"] == {"x": 0.0, "y": 3.0}


# --- the derivation by rules


def test_the_derivation_ends_in_what_diff_prints():
    for item in data("formulas.jsonl")[::4]:
        found = json.loads(gradcli("explain", item["expr"], "--json").out)
        assert found["diff"] == json.loads(gradcli("diff", item["expr"], "--json").out)["diff"]
        x = next(iter(found["diff"]))
        assert gradcli("explain", item["expr"], "--wrt", x).out.endswith(f"\n  d/d{x} = {found['diff'][x]}\n")


def test_each_step_has_its_rule():
    steps = json.loads(gradcli("explain", "a = 3*x; (a - x)*exp(a)/x + sqrt(x)**2 + 2**x + 1/x + y", "--json").out)
    rules = {line["text"]: line["rule"] for line in steps["derivation"]["x"]}
    assert rules["3*x"] == "constant multiple rule"
    assert rules["a - x"] == "difference rule"
    assert rules["exp(a)"] == "chain rule, derivative of exp"
    assert rules["(a - x)*exp(a)"] == "product rule"
    assert rules["(a - x)*exp(a)/x"] == "quotient rule"
    assert rules["sqrt(x)**2"] == "chain rule, power rule"
    assert rules["2**x"] == "exponential rule"
    assert rules["1/x"] == "reciprocal rule"
    assert {line["rule"] for line in steps["derivation"]["y"][:-1]} == {"constant in y"}


def test_the_derivative_of_each_step_is_that_of_its_text():
    for item in data("formulas.jsonl")[::9]:
        if ";" in item["expr"] or "\n" in item["expr"]:
            continue
        x = item["variables"][0]
        at = item["points"][0]["at"]
        for line in json.loads(gradcli("explain", item["expr"], "--wrt", x, "--json").out)["derivation"][x]:
            if "derivative" not in line or "..." in line["text"]:
                continue
            step, derivative = (Function(parse(t, bound=frozenset(at))) for t in (line["text"], line["derivative"]))
            _, grad = step.value_and_grad(**{v: at[v] for v in step.variables})
            found = derivative(**{v: at[v] for v in derivative.variables})
            assert found == pytest.approx(grad.get(x, 0.0), rel=1e-9, abs=1e-300), line


# --- files and forms


def test_files_by_their_endings(tmp_path):
    for name in ("a.txt", "a.json", "a.md"):
        for at in (("--at", "x=2"), ()):
            path = tmp_path / name
            result = gradcli("explain", "x*sin(x)", *at, "-o", str(path))
            assert (result.status, result.out) == (0, "")
            form = {"a.txt": (), "a.json": ("--json",), "a.md": ("--markdown",)}[name]
            assert path.read_text(encoding="utf-8").rstrip() == gradcli("explain", "x*sin(x)", *at, *form).out.rstrip()


def test_markdown_is_tables_in_which_nothing_of_the_text_is_markup():
    for at in (("--at", "x=2,y=3"), ()):
        out = gradcli("explain", "(x*y # a | b ``` <i>\n+ x)", *at, "--markdown").out
        assert out.startswith("````text\n(x*y # a | b ``` <i>\n+ x)\n````\n")
        rows = [line for line in out.splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in rows}) <= 3
        assert "| `v3` | `x` | sum rule | `1` | `1` | `1` |" in rows or not at
