"""Start-up is a feature: what the short way must not load."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("numpy", "rich", "sympy", "scipy", "flint", "mpmath", "typer", "click")


def loaded(code: str) -> set[str]:
    """The heavy packages that are loaded after a piece of Python."""
    tail = f"\nimport sys; print('loaded', *[m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    return set(done.stderr.split("loaded", 1)[1].split())


@pytest.mark.parametrize(
    "argv",
    [
        ["grad", "x**2+3*x+1", "--at", "x=2", "--json"],
        ["grad", "-x**2", "--at", "x=2", "--plain"],
        ["eval", "sin(x)*exp(y)", "--at", "x=2,y=pi/4", "--json"],
        ["grad", "abs(x)", "--at", "x=0", "--csv"],
        ["grad", "x*y", "--sweep", "x=0:1:5", "--at", "y=2", "--json"],
    ],
)
def test_a_machine_format_loads_nothing_heavy(argv):
    assert loaded(f"from gradcli.commands.main import main; main({argv!r})") == set()


def test_the_library_loads_nothing_heavy():
    assert loaded("import gradcli; gradcli.function('x**2*tanh(y)').value_and_grad(x=2.0, y=1.0)") == set()


def test_the_table_is_on_the_screen_before_sympy_loads():
    """The parent never loads sympy: it asks a process of its own, after the numbers were flushed."""
    code = "from gradcli.commands.main import main; main(['grad', 'x**2', '--at', 'x=2'])"
    assert "sympy" not in loaded(code)
