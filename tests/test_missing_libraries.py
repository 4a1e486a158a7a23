"""A library is not installed: one sentence says which, and the line that installs it; status 2, never a fault."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from unittest import mock

import pytest
from cli import gradcli

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]

# Runs a command line in which these modules cannot be found.
WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1].split(","):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from gradcli.commands.main import main
sys.exit(main(sys.argv[2:]))
"""

DIGITS = ["grad", "x**2", "--at", "x=2", "--digits", "30"]
CHECK = ["check", "sin(x)", "--at", "x=1"]
ARRAY = ["grad", "sum(x)", "--at", "x=[1,2]"]
MINIMIZE = ["minimize", "x**2", "--start", "x=1"]
# (module, what pip calls it, command lines that need it)
NEEDED = [
    ("flint", "python-flint", [DIGITS, CHECK]),
    ("numpy", "numpy", [ARRAY, MINIMIZE]),
    ("scipy", "scipy", [[*MINIMIZE, "--method", "bfgs"]]),
    ("rich", "rich", [["grad", "変**2", "--at", "変=2", "--no-check"]]),  # how wide a sign is
    ("typer", "typer", [["--help"], ["grad", "--help"]]),
]
PLAIN = ["grad", "x**2", "--at", "x=2", "--plain", "--no-check"]


def run(absent, words):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, absent, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("module", "package", "words"), [(m, p, words) for m, p, lines in NEEDED for words in lines], ids=str
)
def test_what_is_missing_is_named_with_the_line_that_installs_it(module, package, words):
    status, out, err = run(module, words)
    assert (status, out) == (2, "")
    assert err == f"gradcli: this needs {module}, which is not installed\npip install {package}\n"


@pytest.mark.parametrize("module", [m for m, _, _ in NEEDED] + ["sympy", "pyarrow", "distributed"])
def test_a_plain_answer_needs_none_of_them(module):
    assert run(module, PLAIN) == (0, "4.0\n", "")


def test_every_library_that_is_always_installed_is_tried_here():
    names = {text.partition(">")[0] for text in PROJECT["dependencies"]}
    assert names - {"sympy"} <= {package for _, package, _ in NEEDED}


def test_tables_name_the_extra(tmp_path):
    table = tmp_path / "points.parquet"
    table.write_bytes(b"PAR1\x15")
    for words in (["batch", "x**2", str(table)], ["eval", "x", "--points", str(table)]):
        status, _, err = run("pyarrow", words)
        assert status == 2
        assert err == f"gradcli: reading {table} needs pyarrow, which is not installed\npip install 'gradcli[data]'\n"


@pytest.mark.parametrize("module", ["sympy", "mpmath"])
def test_without_sympy_check_says_that_it_was_not_heard(module, tmp_path):
    """sympy lives in a process of its own: a package of its name that fails stands for its absence."""
    (tmp_path / module).mkdir()
    (tmp_path / module / "__init__.py").write_text(
        f"raise ModuleNotFoundError('No module named {module}', name='{module}')"
    )
    done = subprocess.run(
        [sys.executable, "-m", "gradcli", *CHECK],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
    )
    assert done.stderr == ""
    assert "not checked: sympy cannot be loaded; pip install sympy\n" in done.stdout


def test_a_missing_part_of_gradcli_itself_is_a_fault():
    """Its cure is not an installation of something else."""
    with mock.patch("gradcli.commands.problem.parse", side_effect=ModuleNotFoundError("no", name="gradcli.lost")):
        result = gradcli("grad", "x", "--at", "x=2")
    assert (result.status, result.err.startswith("gradcli: internal error: ModuleNotFoundError")) == (3, True)


def test_a_picture_of_pixels_names_the_extra():
    status, out, err = run("resvg_py", ["graph", "x", "--png"])
    assert (status, out) == (2, "")
    assert err == (
        "gradcli: a PNG needs resvg_py, which is not installed\npip install 'gradcli[png]'; an SVG needs nothing more\n"
    )
