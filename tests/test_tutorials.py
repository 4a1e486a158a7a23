"""The programs of PyTorch's tutorials print here what they print there.

`tutorials/make_expected.py` wrote PyTorch's output down, under `set_default_dtype(float64)`.
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

HERE = Path(__file__).with_name("tutorials")
PROGRAMS = sorted(p.stem for p in HERE.glob("*.py") if p.stem not in ("make_expected", "conftest"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_prints_what_pytorch_prints(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # some save their models
    text = (HERE / f"{name}.py").read_text(encoding="utf-8")
    text = re.sub(r"^import torch$", "import gradcli as torch", text, flags=re.M)
    text = re.sub(r"^(import|from) torch\b", r"\1 gradcli", text, flags=re.M)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, name, "exec"), {"__name__": "__main__"})
    assert out.getvalue() == (HERE / f"{name}.txt").read_text(encoding="utf-8")


def test_every_program_has_its_output():
    assert sorted(p.stem for p in HERE.glob("*.txt")) == PROGRAMS
