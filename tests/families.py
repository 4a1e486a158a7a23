"""The names of the rows by family: `python -m tests.families` writes `gradcli/core/families.py`.

A formula loads the families that it names; so which names a family has is known before it is loaded.
"""

from __future__ import annotations

import pkgutil
import textwrap
from importlib import import_module
from pathlib import Path

from gradcli import core
from gradcli.core import ops

# As people read them; a family that is new comes last.
ORDER = (
    *("arithmetic", "logic", "choice", "elementary", "trigonometry", "hyperbolic", "rounding", "activation", "special"),
    *("arrays", "reductions", "norms", "softmax", "linear_algebra", "losses", "integrals", "incomplete", "ordering"),
)


def families() -> str:
    """The whole text: of each file of `gradcli/core/ops` that has rows the names of these."""
    files = {file.name: import_module(f"{ops.__name__}.{file.name}") for file in pkgutil.iter_modules(ops.__path__)}
    named = sorted(files, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    rows = {name: files[name].ROWS for name in named if hasattr(files[name], "ROWS")}
    every = [row for own in rows.values() for row in own]
    return "".join([
        '"""The names of the rows: of each family, what else they are called, and those that are not listed.\n\n',
        'Made by tests/families.py."""\n\nFAMILIES = {\n',
        *[_entry(name, [row.name for row in own]) for name, own in rows.items()],
        "}\nALIASES = {\n",
        *[_entry(row.name, row.aliases) for row in every if row.aliases],
        "}\nINTERNAL = (\n",
        *_lines([row.name for row in every if row.internal]),
        ")\n",
    ])  # fmt: skip


def _entry(key: str, words: list[str]) -> str:
    line = f'    "{key}": "{" ".join(words)}",\n'
    return line if len(line) <= 120 else "".join([f'    "{key}": (\n', *_lines(words, "    "), "    ),\n"])


def _lines(words: list[str], margin: str = "") -> list[str]:
    """The words as pieces of one text."""
    lines = textwrap.wrap(" ".join(words), 105)
    return [f'{margin}    "{line}{" " if line is not lines[-1] else ""}"\n' for line in lines]


if __name__ == "__main__":
    Path(core.__file__).with_name("families.py").write_text(families(), encoding="utf-8")
