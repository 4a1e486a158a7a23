"""The drawing of the rooms in the README, held against the imports and against the contract of import-linter."""

from __future__ import annotations

import ast
import itertools
import re
import tomllib
from pathlib import Path

import gradcli

ROOT = Path(__file__).parents[1]
PACKAGE = Path(gradcli.__file__).parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def drawn() -> list[list[str]]:
    """The rooms by their lines, from the top down."""
    text = README.partition("The rooms of `gradcli/`")[2].partition("\n| ")[0]
    lines = [line for line in text.splitlines() if line.startswith("    ")]
    told = re.match(r" +\w+ +", lines[0]).end()  # the column where each line says what its rooms are
    return [line[:told].split() for line in lines]


def imports() -> set[tuple[str, str]]:
    """(room, room that it imports from), wherever in a file and for whatever the import stands."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "gradcli":
                found.update((room, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gradcli."):
                found.add((room, node.module.split(".")[1]))
            elif isinstance(node, ast.Import):
                found.update((room, x.name.split(".")[1]) for x in node.names if x.name.startswith("gradcli."))
    rooms = {path.name.removesuffix(".py") for path in PACKAGE.iterdir()}
    return {(a, b) for a, b in found if a != b and b in rooms and not a.startswith("__")}


def test_the_drawing_shows_every_room_once():
    rooms = {path.parts[len(PACKAGE.parts)].removesuffix(".py") for path in PACKAGE.rglob("*.py")}
    shown = [room for line in drawn() for room in line]
    assert sorted(shown) == sorted(room for room in rooms if not room.startswith("__"))


def test_every_import_leads_to_a_lower_line():
    height = {room: -k for k, line in enumerate(drawn()) for room in line}
    assert [(a, b) for a, b in sorted(imports()) if height[a] <= height[b]] == []


def test_no_line_could_be_lower():
    """A room stands on one that it needs: else the drawing would say more than is true."""
    lines = drawn()
    needed = imports()
    for line, below in itertools.pairwise(lines):
        assert any((a, b) in needed for a in line for b in below), (line, below)


def test_the_contract_of_the_gate_is_the_drawing():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = [x["layers"] for x in declared["contracts"] if x["type"] == "layers"]
    assert [layer.split(" | ") for layer in layers if layer != "__main__"] == drawn()
