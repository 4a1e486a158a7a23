"""Notebooks: what is shown of functions, evaluations, notes and graphs, and `%load_ext gradcli`."""

from __future__ import annotations

import copy
import json
import os
import pickle
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

import gradcli
from gradcli.commands.notebook import run

F = "x**2*sin(y)"


def test_a_function_is_a_table_and_equations():
    f = gradcli.function(F)
    cells = [re.sub("<[^>]*>", "", cell) for cell in re.findall("<td>(.*?)</td>", f._repr_html_())]
    assert cells == ["f(x, y)", F, "d/dx", "2*x*sin(y)", "d/dy", "x**2*cos(y)"]
    assert f._repr_latex_() == (
        "$$\\begin{aligned}\n"
        "f(x, y) &= x^{2} \\sin\\left(y\\right) \\\\\n"
        "\\frac{\\partial f}{\\partial x} &= 2 x \\sin\\left(y\\right) \\\\\n"
        "\\frac{\\partial f}{\\partial y} &= x^{2} \\cos\\left(y\\right)\n"
        "\\end{aligned}$$"
    )


@pytest.mark.parametrize("text", ["x, y", "+".join(f"x{k}" for k in range(600))])
def test_what_has_no_short_partials_is_its_text(text):
    html = gradcli.function(text)._repr_html_()
    assert "d/d" not in html
    assert text[:100] in html
    assert gradcli.function(text)._repr_latex_() is None


def test_arrays_have_no_latex():
    assert gradcli.function("sum(x)*2")._repr_latex_() is None


def test_an_evaluation_is_a_table_with_its_notes():
    found = gradcli.function("abs(x) + y").evaluate(x=0, y=0.1)
    assert repr(found).startswith(
        "Evaluation(at={'x': 0.0, 'y': 0.1}, value=0.1, grad={'x': 0.0, 'y': 1.0}, notes=[Note("
    )
    cells = [re.sub("<[^>]*>", "", cell) for cell in re.findall("<td>(.*?)</td>", found._repr_html_())]
    assert cells == ["value", "0.1", "", "d/dx", "0", "x = 0", "d/dy", "1", "y = 0.1"]
    assert "<li><b>kink</b>: abs has a kink at 0" in found._repr_html_()
    assert found.notes[0]._repr_html_() in found._repr_html_()
    assert found._repr_latex_().splitlines()[1:4] == [
        r"f &= 0.1 \quad (x = 0, y = 0.1) \\",
        r"\frac{\partial f}{\partial x} &= 0 \\",
        r"\frac{\partial f}{\partial y} &= 1",
    ]


def test_numbers_of_every_size_are_latex():
    found = gradcli.function("x*1e200").evaluate(x=1.5e-7)
    assert 1.5e-7 * 1e200 == 1.4999999999999998e193
    assert r"f &= 1.4999999999999998 \cdot 10^{193} \quad (x = 1.5 \cdot 10^{-7}) \\" in found._repr_latex_()
    assert r"f &= \infty" in gradcli.function("1/x").evaluate(x=0)._repr_latex_()
    assert gradcli.function("sum(x)").evaluate(x=[1.0, 2.0])._repr_latex_() is None


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", "</code><b>", "&amp;\x1b[31m\u202e", '" onload="x'])
def test_a_text_is_never_markup(evil):
    f = gradcli.function(f"(x # {evil}\n+ 1)*abs(x)")
    shown = [f._repr_html_(), f.evaluate(x=0)._repr_html_(), f.graph()._repr_svg_(), f.graph(x=0)._repr_svg_()]
    for text in shown:
        ET.fromstring(f"<all>{text}</all>")
        assert "<script" not in text
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_a_graph_draws_itself_and_has_the_ids_of_the_command():
    f = gradcli.function("c = a*b; abs(c) + a")
    graph = f.graph()
    assert str(graph) == "0 variable a\n1 variable b\n2 mul 0 1\n3 abs 2\n4 add 3 0\n-> 4"
    assert repr(graph) == "gradcli.function('c = a*b; abs(c) + a').graph()"
    assert re.findall(r'data-node="(\d)"', graph._repr_svg_()) == ["0", "1", "2", "3", "4"]
    assert "value" not in re.sub("<style>.*</style>", "", graph._repr_svg_(), flags=re.DOTALL)


def test_a_graph_at_a_point_has_numbers_and_kinks():
    graph = gradcli.function("c = a*b; abs(c) + a").graph(a=2, b=0)
    assert repr(graph) == "gradcli.function('c = a*b; abs(c) + a').graph(a=2.0, b=0.0)"
    svg = graph._repr_svg_()
    assert '<tspan class="said">adjoint </tspan><tspan>1</tspan>' in svg
    assert 'class="node operation noted kink" data-node="3"' in svg
    assert "adjoint" not in gradcli.function("x*y, x").graph(x=2, y=3)._repr_svg_()
    with pytest.raises(gradcli.UsageError, match="keyword"):
        gradcli.function("x").graph(2.0)


def test_what_is_too_large_to_draw_stays_a_text():
    graph = gradcli.function("abs(" * 10_001 + "x" + ")" * 10_001).graph()
    assert graph._repr_svg_() is None


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies(copied):
    f = gradcli.function("abs(x)*y")
    graph, evaluation = f.graph(x=0, y=2), f.evaluate(x=0, y=2)
    assert copied(graph)._repr_svg_() == graph._repr_svg_()
    assert repr(copied(evaluation)) == repr(evaluation)


def test_nothing_of_it_loads_ipython():
    code = "import sys, gradcli; gradcli.load_ipython_extension; gradcli.function('x').graph()._repr_svg_()"
    subprocess.run([sys.executable, "-c", f"{code}; sys.exit('IPython' in sys.modules)"], check=True)


# --- the command line in a cell


def test_a_cell_is_the_program(capsys):
    run("--at x=2 --plain", "c = x**2\nc*3 + x\n")
    run("eval --at x=2 --plain", "c = x**2\nc*3 + x\n")
    run('grad "x**2" --at x=3 --plain')
    run("--at x=2 --plain", "-x**2")
    run("--at x=2 --plain", "--x**2")
    assert capsys.readouterr() == ("13.0\n14.0\n6.0\n-4.0\n4.0\n", "")


def test_errors_are_messages(capsys):
    run("--at x=2", "x**\n")
    run('grad "x')
    run("batch nofile.csv -o a.csv", "x")
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "gradcli: a value is missing after **\n  x**\n   ^^\nwrite a number, a name or a formula after it\n"
        "gradcli: a quotation mark is without its partner\nwrite the formula in quotes, or in a %%gradcli cell\n"
        "gradcli: nofile.csv cannot be read: No such file or directory\n"
    )


CELLS = [
    "import gradcli\n%load_ext gradcli",
    "gradcli.function('x**2')",
    "gradcli.function('x**2').graph(x=2.0)",
    "gradcli.fit('a*x', {'x': [1, 2, 3], 'y': [2, 4, 6.1]}, y='y', start={'a': 1})",
    "gradcli.propagate('x*y', {'x': '2±0.1', 'y': 3}, trials=1000)",
    "%%gradcli --at x=2 --no-check --no-color\nc = x**2\nc*3 + x",
    "a = 7\n%gradcli grad x**2 --at x={a} --json",
    "%%gradcli graph --svg\nx**2",
    "%gradcli graph x --png",
    "%gradcli grad x** --at x=1 --no-color",
]

EXECUTE = """
import json, sys
import nbformat, nbclient
cells = [nbformat.v4.new_code_cell(text) for text in json.load(sys.stdin)]
nbclient.NotebookClient(nbformat.v4.new_notebook(cells=cells), timeout=300, kernel_name="tried").execute()
print(json.dumps([cell.outputs for cell in cells]))
"""


def test_a_notebook(tmp_path):
    """Executed by a kernel of this Python, in a process of its own."""
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    spec = tmp_path / "kernels" / "tried"
    spec.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "tried", "language": "python"}))
    places = {f"JUPYTER_{x}_DIR": str(tmp_path / x) for x in ("CONFIG", "DATA", "RUNTIME")}
    environment = {**os.environ, **places, "JUPYTER_PATH": str(tmp_path), "IPYTHONDIR": str(tmp_path / "ipython")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", EXECUTE],
        input=json.dumps(CELLS), capture_output=True, text=True, cwd=tmp_path, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outputs = json.loads(done.stdout.splitlines()[-1])
    streams = [{o["name"]: o["text"] for o in cell if o["output_type"] == "stream"} for cell in outputs]
    shown = [set().union(*[o.get("data", ()) for o in cell]) for cell in outputs]
    assert streams[0] == {}
    assert {"text/html", "text/latex"} <= shown[1]
    assert "image/svg+xml" in shown[2]
    assert "text/html" in shown[3] & shown[4]
    text = "".join(o["text"] for o in outputs[5])
    assert (shown[5], text.split()) == (set(), ["value", "14", "d/dx", "13", "x", "=", "2"])
    assert streams[6] == {"stdout": '{"at": {"x": 7.0}, "value": 49.0, "grad": {"x": 14.0}}\n'}
    assert "image/svg+xml" in shown[7]
    assert "image/png" in shown[8]
    assert streams[9]["stderr"].startswith("gradcli: a value is missing after **\n  x**\n")
    assert not any(o["output_type"] == "error" for cell in outputs for o in cell)
