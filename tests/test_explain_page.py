"""The page of `gradcli explain`: what it holds without its script, and what the script computes, in Node."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from cli import gradcli
from helpers import data

import gradcli as library

FORMULA = "c = a*b; d = c**2; sin(d)*c + where(a > b, sqrt(a), 2*b)/3*pi"


def page(text: str, at: str, folder, *options: str) -> str:
    """The page of a formula at a point."""
    path = folder / "page.html"
    result = gradcli("explain", text, "--at", at, "-o", str(path), *options)
    assert (result.status, result.out) == (0, "")
    return path.read_text(encoding="utf-8")


class Reader(HTMLParser):
    """rows: of each table by its id the texts of the cells of each row; nodes: of each data-node the text inside."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: dict[str, list[list[str]]] = {}
        self.nodes: dict[int, str] = {}
        self._table = self._node = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        found = dict(attrs)
        if tag == "table":
            self._table = self.rows.setdefault(found["id"], [])
        if tag == "tr":
            self._table.append([])
        if tag in ("td", "th"):
            self._table[-1].append("")
        if tag == "div" and "data-node" in found:
            self._node = int(found["data-node"])
            self.nodes[self._node] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = None
        if tag == "div":
            self._node = None

    def handle_data(self, text: str) -> None:
        if self._table:
            self._table[-1][-1] += text.strip()
        if self._node is not None:
            self.nodes[self._node] += f"{text} "


def test_without_its_script_the_page_holds_every_number_in_full(tmp_path):
    text = page(FORMULA, "a=1,b=2", tmp_path)
    read = Reader(re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL))
    graph = json.loads(gradcli("graph", FORMULA, "--at", "a=1,b=2", "--json").out)
    told = json.loads(gradcli("explain", FORMULA, "--at", "a=1,b=2", "--json").out)
    assert set(read.nodes) == {node["id"] for node in graph["nodes"]}
    adjoints = [float(row[3]) for row in read.rows["steps"][1:]]
    assert sorted(adjoints) == sorted(node["adjoint"] for node in graph["nodes"] if "adjoint" in node)
    sent = [(float(row[4]), float(row[5])) for row in read.rows["sent"][1:]]
    assert sent == [(line["local"], line["sent"]) for line in told["backward"]]
    assert [row[1] for row in read.rows["gradient"]] == [repr(x) for x in (told["value"], *told["grad"].values())]
    assert read.nodes[5].split() == ["v5", "=", "sin(d)", "-0.756802", "2"]


def test_nothing_comes_from_elsewhere(tmp_path):
    text = page(FORMULA, "a=1,b=2", tmp_path)
    assert not re.search(r"https?:|src=|@import|url\((?!#)|<link|fetch\(|import\(|XMLHttp", text)


@pytest.mark.parametrize(
    ("text", "names", "count"),
    [
        ("+".join(f"sin(x{i}*y)**2*exp(-x{i})" for i in range(12)) + "*z + 1", 12, 101),
        ("+".join(f"sin(x{i % 10}*x{(3 * i + 1) % 10})" for i in range(30)) + "+y+z", 10, 103),
    ],
)
def test_a_hundred_nodes_are_less_than_60_kb(tmp_path, text, names, count):
    at = ",".join([f"x{i}=0.{i + 1}" for i in range(names)])
    found = page(text, f"{at},y=2,z=0.3", tmp_path)
    assert len(set(re.findall(r"data-node=(\d+)", found))) == count
    assert len(found.encode()) < 60_000


def test_no_text_of_the_user_is_markup(tmp_path):
    text = page("x*2 # </script><img src=a onerror=b> &amp; \x1b", "x=1", tmp_path)
    assert "<img" not in text
    assert "\x1b" not in text
    assert "&lt;/script&gt;&lt;img src=a onerror=b&gt; &amp;amp;" in text


def test_notes_are_on_the_page(tmp_path):
    text = page("abs(x)", "x=0", tmp_path)
    assert "<li>abs has a kink at 0: slope -1 on the left, 1 on the right; 0 used" in text


def test_arrays_are_played_and_not_computed_anew(tmp_path):
    text = page("sum(A @ v)", "A=[[1,2],[3,4]],v=[5,7]", tmp_path)
    assert "<input type" not in text
    assert Reader(text).rows["steps"][1] == ["A", "input", "[[1, 2], [3, 4]]", "[[5, 7], [5, 7]]"]


def test_by_some_variables_alone(tmp_path):
    text = page("x*y + y", "x=2,y=5", tmp_path, "--wrt", "x")
    assert Reader(text).rows["steps"][1:3] == [["x", "input", "2", "5"], ["y", "input", "5", ""]]


def test_what_javascript_lacks_leaves_the_fields_out(tmp_path):
    assert "<input type" not in page("lambertw(x)", "x=2", tmp_path)


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_function_of_the_page_computes_what_the_engine_does(tmp_path):
    lines, expected = ["const found = [];"], []
    for item in data("formulas.jsonl")[::8]:
        first, second = (point["at"] for point in item["points"][:2])
        text = page(item["expr"], ",".join(f"{x}={v!r}" for x, v in first.items()), tmp_path)
        scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        if len(scripts) < 2:
            continue
        function = library.function(item["expr"])
        inputs = [second[x] for x in re.findall(r'data-variable="(\w+)"', text)]
        lines.append(f"{{ {scripts[0]}\nfound.push(f(...{json.dumps(inputs)})); }}")
        rows = Reader(text).rows["steps"][1:]
        value, grad = function.value_and_grad(**{x: second[x] for x in function.variables})
        places = {row[0]: k for k, row in enumerate(rows)}
        expected.append((len(rows), value, {places[x]: d for x, d in grad.items() if x in places}))
    path = tmp_path / "all.js"
    path.write_text("\n".join([*lines, "console.log(JSON.stringify(found));"]), encoding="utf-8")
    done = subprocess.run(["node", str(path)], capture_output=True, text=True, check=True)
    for found, (count, value, partials) in zip(json.loads(done.stdout), expected, strict=True):
        assert found[count - 1] == pytest.approx(value, rel=1e-12)
        assert [found[count + k] for k in partials] == pytest.approx(list(partials.values()), rel=1e-11)


def test_sizes_where_there_is_nothing_to_play(tmp_path):
    for text, at, why in (("5", (), "there are no steps"), ("x", ("--at", "x=1"), "there are no steps")):
        result = gradcli("explain", text, *at, "-o", str(tmp_path / "page.html"))
        assert result.status == 2
        assert why in result.err
    long = "+".join(["x*y"] * 1500)
    result = gradcli("explain", long, "--at", "x=1,y=2", "-o", str(tmp_path / "page.html"))
    assert (result.status, "at most 2,000 nodes" in result.err) == (2, True)
    assert not (tmp_path / "page.html").exists()
