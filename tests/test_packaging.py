"""What pyproject.toml says of the distributions, held against the tree. No build: an installer does that."""

import ast
import tomllib
from pathlib import Path

from families import families
from stub import stub

import gradcli
from gradcli.tensors.namespace import NAMES

ROOT = Path(__file__).parents[1]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TARGETS = DECLARED["tool"]["hatch"]["build"]["targets"]


def test_the_source_distribution_holds_what_its_tests_read():
    included = TARGETS["sdist"]["include"]
    assert {"/gradcli", "/tests", "/completions", "/CHANGELOG.md"} <= set(included)
    assert all((ROOT / path.removeprefix("/")).exists() for path in included)


def test_the_wheel_is_the_package_with_its_types():
    assert TARGETS["wheel"]["packages"] == ["gradcli"]
    assert (ROOT / "gradcli" / "py.typed").is_file()


def test_the_wheel_brings_the_man_page_and_the_completions():
    shared = TARGETS["wheel"]["shared-data"]
    assert all((ROOT / path).is_file() for path in shared)
    assert set(shared.values()) >= {"share/man/man1/gradcli.1", "share/bash-completion/completions/gradcli"}


def test_type_checkers_know_every_name_that_is_made_at_run_time():
    text = (ROOT / "gradcli" / "tensors" / "namespace.pyi").read_text(encoding="utf-8")
    assert text == stub(), "run: python -m tests.stub > gradcli/tensors/namespace.pyi"
    said = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    said |= {node.target.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.AnnAssign)}
    said |= {node.asname for node in ast.walk(ast.parse(text)) if isinstance(node, ast.alias)}
    assert set(NAMES) <= said


def test_the_names_of_the_rows_are_known_before_their_families_are_loaded():
    text = (ROOT / "gradcli" / "core" / "families.py").read_text(encoding="utf-8")
    assert text == families(), "run: python -m tests.families"


def test_the_version_is_said_once():
    place = ROOT / DECLARED["tool"]["hatch"]["version"]["path"]
    assert f'__version__ = "{gradcli.__version__}"' in place.read_text(encoding="utf-8")
    assert "version" not in DECLARED["project"]


def test_the_licence_is_an_expression_with_its_file():
    project = DECLARED["project"]
    assert project["license"] == "MIT"
    assert all((ROOT / name).is_file() for name in project["license-files"])
    assert not [c for c in project["classifiers"] if c.startswith("License")]  # refused beside an expression
