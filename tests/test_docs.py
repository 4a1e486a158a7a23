"""What is public says what it does and what it raises; the modules of every package have examples that run."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
from pathlib import Path

import pytest

import gradcli

PACKAGE = Path(gradcli.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef
NO_ERROR = {"NotImplementedError"}  # what a sub-class has to supply


def public(module: ast.Module) -> list[tuple[str, Function, str]]:
    """(name, function, docstring) of the public functions and methods; of `__init__` also that of its class."""
    found = []
    for node in module.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            found.append((node.name, node, ast.get_docstring(node) or ""))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for method in node.body:
                if isinstance(method, Function) and (method.name == "__init__" or not method.name.startswith("_")):
                    text = ast.get_docstring(method) or ""
                    if method.name == "__init__":
                        text += ast.get_docstring(node) or ""
                    found.append((f"{node.name}.{method.name}", method, text))
    return found


def raised(function: Function) -> set[str]:
    """What a function itself raises, by name; not under a `try` of its own, and a bare `raise` passes one on."""
    names = set()
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        if isinstance(node, Function | ast.Lambda | ast.ClassDef):
            continue
        if isinstance(node, ast.Raise) and node.exc is not None:
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            names.add(getattr(error, "id", getattr(error, "attr", "")))
        caught = node.body if isinstance(node, ast.Try) and node.handlers else []
        todo.extend(child for child in ast.iter_child_nodes(node) if child not in caught)
    return names - NO_ERROR


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_public_function_that_raises_says_so(path: Path):
    functions = public(ast.parse(path.read_text(encoding="utf-8")))
    for name, function, text in functions:
        errors = raised(function)
        assert not errors or "aises" in text, f"{name} raises {errors}"
        assert [error for error in errors if error.endswith("Error") and error not in text] == [], name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_public_method_says_what_it_does(path: Path):
    """Or a class that it is inherited from does, for what it takes the place of."""
    if path.name == "__main__.py":
        return
    module = importlib.import_module(name_of(path))
    for kind in (k for k in vars(module).values() if isinstance(k, type) and k.__module__ == module.__name__):
        for name, method in vars(kind).items():
            function = getattr(method, "fget", None) or getattr(method, "__func__", method)
            own = inspect.isfunction(function) and function.__module__ == module.__name__
            if own and not kind.__name__.startswith("_") and not name.startswith("_"):
                assert any(getattr(vars(base).get(name), "__doc__", "") for base in kind.__mro__), f"{kind}.{name}"


def name_of(path: Path) -> str:
    return ".".join(("gradcli", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


PACKAGES = sorted({path.parent for path in MODULES if path.parent.name != "__pycache__"})


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: str(folder.relative_to(PACKAGE)))
def test_each_package_has_an_example_that_pytest_runs(folder: Path):
    finder = doctest.DocTestFinder(exclude_empty=True)
    for path in folder.glob("*.py"):
        written = ">>>" in path.read_text(encoding="utf-8")
        if written and any(test.examples for test in finder.find(importlib.import_module(name_of(path)))):
            return
    pytest.fail("no docstring of this package has an example")
