"""Start-up is a feature: what the short way must not load, and what is left of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("numpy", "rich", "sympy", "scipy", "flint", "mpmath", "typer", "click")
SHORT = ["grad", "x**2+3*x+1", "--at", "x=2", "--json"]
TABLE = ["grad", "x**2+3*x+1", "--at", "x=2"]
# Of the standard library what costs more than a millisecond: `array` and `collections` too.
SLOW = ("array", "collections", "copy", "dataclasses", "enum", "functools", "json", "operator", "re", "typing")


def modules(code: str) -> set[str]:
    """What is loaded after a piece of Python, in an interpreter that loads nothing by itself."""
    tail = "\nimport sys; print('loaded', *sys.modules, file=sys.stderr)"
    start = f"import sys; sys.path[:] = {sys.path!r}\n"
    command = [sys.executable, "-I", "-S", "-c", start + code + tail]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stderr.split("loaded", 1)[1].split())


def after(argv: list[str], before: str = "") -> set[str]:
    """What a command line loads."""
    return modules(f"{before}\nfrom gradcli.commands.main import main; main({argv!r})")


@pytest.mark.parametrize(
    "argv",
    [
        ["grad", "-x**2", "--at", "x=2", "--plain"],
        ["eval", "sin(x)*exp(y)", "--at", "x=2,y=pi/4", "--json"],
        ["grad", "abs(x)", "--at", "x=0", "--csv"],
        SHORT,
    ],
)
def test_a_machine_format_loads_nothing_heavy(argv):
    assert not after(argv) & {*HEAVY, *SLOW}


def test_many_points_in_a_machine_format_load_no_library():
    assert not after(["grad", "x*y", "--sweep", "x=0:1:5", "--at", "y=2", "--json"]) & {*HEAVY}


def test_the_table_is_drawn_without_rich():
    assert not after([*TABLE, "--no-check"]) & {*HEAVY, *SLOW}


def test_the_library_loads_nothing_heavy():
    assert not modules("import gradcli; gradcli.function('x**2*tanh(y)').value_and_grad(x=2.0, y=1.0)") & {*HEAVY}


def test_the_table_is_on_the_screen_before_sympy_loads():
    """The parent never loads sympy: it asks a process of its own, after the numbers were flushed."""
    assert "sympy" not in after(TABLE)


def test_how_much_a_short_answer_loads():
    """Each module of ours takes 0.1 to 0.3 ms."""
    loaded = after(SHORT)
    assert {name for name in loaded if name.startswith("gradcli.core.ops.")} == {
        "gradcli.core.ops.arithmetic",
        "gradcli.core.ops.logic",
    }
    assert len([name for name in loaded if name.startswith("gradcli")]) <= 65


def test_rows_that_a_formula_does_not_use_cost_nothing():
    """With ten thousand rows more the same is loaded, and as few rows are made."""
    more = "from gradcli.core.families import FAMILIES; FAMILIES['more'] = ' '.join(f'f{k}' for k in range(10_000))"
    assert after(SHORT, more) == after(SHORT, "import gradcli.core.families")
    count = "from gradcli.core.op import Op; import gc; print(sum(type(x) is Op for x in gc.get_objects()))"
    code = f"from gradcli.commands.main import main; main({SHORT!r})\n{count}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout.splitlines()[-1]) < 40


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("x + 1", {"arithmetic"}),
        ("sin(x)", {"arithmetic", "trigonometry"}),
        ("arcsin(x)", {"arithmetic", "trigonometry"}),
    ],
)
def test_a_formula_loads_the_families_that_it_names(text, families):
    loaded = after(["eval", text, "--at", "x=0.5", "--json"])
    assert {name.rpartition(".")[2] for name in loaded if name.startswith("gradcli.core.ops.")} == families


def test_what_waits_for_the_end_gets_it():
    code = f"import atexit, sys; atexit.register(print, 'late'); sys.argv[1:] = {SHORT!r}\n"
    code += "from gradcli.__main__ import main; main(); print('after')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:] == ["after", "late"]


@pytest.mark.parametrize(
    ("words", "status"), [(SHORT, 0), (["eval", "x+", "--at", "x=1"], 2), ([*SHORT, "--strict"], 0)]
)
def test_where_nothing_waits_the_program_ends_with_its_status(words, status):
    done = subprocess.run([sys.executable, "-m", "gradcli", *words], capture_output=True, check=False)
    assert (done.returncode, bool(done.stdout), bool(done.stderr)) == (status, status == 0, status != 0)
