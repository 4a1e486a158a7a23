"""What several tests use: real data from outside the repository, terminals, and trees as text."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gradcli.core.op import CONSTANT, NUMBER, VARIABLE
from gradcli.language.parser import parse
from gradcli.views.screen import Screen

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def data(name: str) -> list[dict]:
    """The lines of a file of real data, or its items; where it is absent the test is skipped, in CI it fails."""
    text = text_of(name)
    return list(json.loads(text)) if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]


def text_of(name: str) -> str:
    """The same as text."""
    path = DATA / name
    if path.exists():
        return path.read_text(encoding="utf-8")
    if os.environ.get("GRADCLI_REQUIRE_DATA"):
        pytest.fail(f"{name} is required here and absent")
    pytest.skip(f"the data {name} is not beside this repository")


class Terminal(io.StringIO):
    """A file that says it is one."""

    def isatty(self) -> bool:
        return True


def on_terminal(columns: int, show: Callable[[Screen], object]) -> str:
    """What is printed on a terminal of so many columns, without its colours."""
    file = Terminal()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("TERM", "xterm")
        show(Screen(file))
    return re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue())


def tree(text: str) -> str:
    """The graph of a text as one nested expression: `(add (mul 2 x) 1)`."""
    program = parse(text)
    shown: list[str] = []
    for node in program.nodes:
        if node[0] is NUMBER:
            shown.append(repr(node[1]).removesuffix(".0"))
        elif node[0] in (VARIABLE, CONSTANT):
            shown.append(node[1] if node[0] is VARIABLE else node[1].upper())
        elif node[0].leaf:
            shown.append(f"<{node[0].name}>")
        else:
            shown.append(f"({' '.join([node[0].name, *[shown[k] for k in node[1:]]])})")
    return " , ".join(shown[i] for i in program.results)
