"""Text that is not ours (expression, names, headers, cells, paths): no stream for people gets a control character."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from cli import gradcli

import gradcli as library
from gradcli.text import MARK, tell, visible
from gradcli.views.screen import Screen

PACKAGE = Path(library.__file__).parent
ODD = ["\x1b", "\r", "\a", "\x7f", "\x9b", "\u202e", "\u2066", "\x1b[31m"]
CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# {} is the odd text; FILE is a table with it in its header and its cells, PATH a file with it in its name.
LINES = [
    ["grad", "x{}", "--at", "x=2"],
    ["grad", "x # {}\n + abs(x)", "--at", "x=0", "--no-check"],
    ["graph", "1/2x {}", "--at", "x=0"],
    ["graph", "x # {}\n+ 1", "--dot"],
    ["eval", "x", "--at", "x{}=2"],
    ["eval", "x", "--sweep", "x=0:{}:1"],
    ["grad", "x*y", "--at", "x=1,y=1", "--wrt", "x,{}"],
    ["minimize", "x{}", "--start", "x=1"],
    ["minimize", "x", "--start", "x=1", "--method", "{}"],
    ["minimize", "x", "--start", "x=1", "--trace", "/absent/{}"],
    ["functions", "{}"],
    ["completions", "{}"],
    ["{}"],
    ["grad", "--{}"],
    ["grad", "x", "x{}", "--at", "x=1", "--debug"],
    ["eval", "x", "--points", "/absent/{}"],
    ["eval", "x", "--points", "FILE"],
    ["eval", "a*q", "--points", "FILE"],
    ["eval", "b", "--points", "FILE"],
    ["minimize", "sum((a - x)**2)", "--data", "FILE", "--start", "x=1"],
    ["batch", "a", "PATH", "--stats", "--prefix", "{}"],
    ["batch", "a", "FILE", "--stats", "--names", "value={}"],
    ["batch", "a", "PATH", "--accumulate"],
    ["batch", "q", "PATH"],
    ["batch", "c", "FILE", "--stats"],
    ["batch", "a", "PATH", "-o", "PATH"],
    ["batch", "log(a - 1)", "PATH", "--stats"],
    ["batch", "a", "FILE", "--column", "a={}", "--stats"],
    ["eval", "sum(x)", "--at", "x=@PATH:{}"],
]


@pytest.mark.parametrize("odd", ODD, ids=ascii)
@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_no_control_character_reaches_a_stream(line, odd, tmp_path):
    table, named = tmp_path / "table.csv", tmp_path / f"t{odd}.csv"
    text = f'a,"b{odd}",c\n1,2,"{odd}"\n0,1,2\n'.encode()
    table.write_bytes(text)
    named.write_bytes(text)
    places = {"FILE": str(table), "PATH": str(named)}
    words = [re.sub("FILE|PATH", lambda m: places[m[0]], word).replace("{}", odd) for word in line]
    result = gradcli(*words)
    assert result.status in (0, 1, 2)
    assert not CONTROL.search(result.out + result.err)


def test_a_lone_surrogate():
    for words in (["eval", "\udc80"], ["eval", "x", "--points", "/absent/\udc80"], ["\udc80"]):
        result = gradcli(*words)
        assert (result.status, CONTROL.search(result.err)) == (2, None)
        assert MARK in result.err


def test_visible():
    assert visible("x\x1b[31m\ty\n\u202e\udc80") == f"x{MARK}[31m y\n{MARK}{MARK}"


def test_a_screen_with_colours_lets_its_own_codes_pass_alone(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    file = io.StringIO()
    screen = Screen(file)
    screen.line(screen.paint("a\x1b]0;t\a", "value") + "\x1b[2J\nb")
    assert file.getvalue() == f"\x1b[1ma{MARK}]0;t{MARK}\x1b[0m{MARK}[2J b\n"


def test_standard_error_has_one_way_in():
    """Whatever is printed there passes through `tell`; what writes to standard output escapes, or has our own text."""
    for path in PACKAGE.rglob("*.py"):
        if path.name != "text.py":
            assert not re.search(r"file=sys\.stderr|sys\.stderr\.write", path.read_text(encoding="utf-8")), path


def test_tell(capsys):
    tell("a\x1b\nb")
    assert capsys.readouterr().err == f"a{MARK}\nb\n"
