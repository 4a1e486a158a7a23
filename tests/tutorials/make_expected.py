"""Write down what PyTorch prints for each program here: python tests/tutorials/make_expected.py

The tests compare with these files and need no PyTorch.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import warnings
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent


def main() -> None:
    torch.set_default_dtype(torch.float64)
    os.chdir(tempfile.mkdtemp())  # some save their models
    warnings.simplefilter("ignore")
    for program in sorted(HERE.glob("*.py")):
        if program.stem in ("make_expected", "conftest"):
            continue
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(program.read_text(encoding="utf-8"), program.name, "exec"), {"__name__": "__main__"})
        program.with_suffix(".txt").write_text(out.getvalue(), encoding="utf-8")
    (HERE / "VERSION").write_text(f"The .txt files are the output of PyTorch {torch.__version__}.\n", encoding="utf-8")


if __name__ == "__main__":
    main()
