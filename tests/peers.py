"""Exported code, run and compared: python tests/peers.py [LANGUAGE ...]

Every formula of `formulas.jsonl`, the whole table of conventions and every elementwise function go to each language,
are compiled and run there, and are compared: formulas with their 20 digits, the rest with the engine. Prints a line a
language, and what is left out; exit status 1 where a number differs.
"""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import gradcli
from gradcli.core.ops import TABLE
from gradcli.errors import UsageError
from gradcli.export import languages
from gradcli.export.module import Module
from gradcli.language.names import parameters
from gradcli.language.parser import parse

TOOLS = {"python": None, "numpy": None, "c": "gcc", "javascript": "node"}
PLACES = [0.3, -0.7, 1.0, 0.0, 2.5, -1.0, 40.0, -3.5, 1e-9, math.inf, -math.inf, math.nan, 1e300]
ULP = 2.0**-52


class Case:
    """A formula at points: (values by variable, expected value and partials, what each may differ by)."""

    def __init__(self, text: str, bound: frozenset[str] = frozenset()) -> None:
        self.program = parse(text, bound=bound)
        self.points: list[tuple[dict, list[float], list[float]]] = []


def formulas() -> list[Case]:
    from helpers import data

    cases = []
    for item in data("formulas.jsonl"):
        case = Case(item["expr"], frozenset(item["variables"]))
        for point in item["points"]:
            keys = ["value", *item["variables"]]
            truths = [Decimal(point["value"]), *[Decimal(point["grad"][x]) for x in item["variables"]]]
            allowed = [
                float(abs(t)) * max(16 * ULP, 4 * point["cond"][k], 2 * point["direct"][k]) + 1e-300
                for k, t in zip(keys, truths, strict=True)
            ]
            case.points.append(({x: point["at"][x] for x in case.program.variables}, truths, allowed))
        cases.append(case)
    return cases


def conventions() -> list[Case]:
    from test_conventions import CASES

    cases = []
    for text, at, _, _ in CASES:
        case = Case(text)
        point = {x: float(at[x]) for x in case.program.variables}
        value, grad = gradcli.function(text).value_and_grad(**point)
        expected = [value, *grad.values()]
        case.points.append((point, expected, [8 * ULP * abs(y) if y - y == 0 else 0.0 for y in expected]))
        cases.append(case)
    return cases


def functions() -> list[Case]:
    """Each elementwise function that people call, at regular places, edges, infinities and NaN."""
    cases = []
    for row in TABLE.values():
        if row.whole or row.internal or row.symbol or row.name in ("polygamma", "log_base"):
            continue
        names = ["x", "y"] if row.variadic else ["x", "y", "z"][: sum(p.default is None for p in parameters(row))]
        # An operand without a rule is a number.
        written = ["2" if k in row.missing else name for k, name in enumerate(names)]
        names = [name for name in names if name in written]
        case = Case(f"{row.name}({', '.join(written)})")
        f = gradcli.function(case.program.text)
        for k, x in enumerate(PLACES):
            point = {name: [x, PLACES[(k + 4) % 9], PLACES[(k + 2) % 9]][j] for j, name in enumerate(names)}
            value, grad = f.value_and_grad(**point)
            expected = [value, *grad.values()]
            case.points.append((point, expected, [_loose(f, point, y, n) for n, y in enumerate(expected)]))
        cases.append(case)
    return cases


def _loose(f: gradcli.Function, point: dict, y: float, n: int) -> float:
    """16 ulp, or what an ulp of the inputs makes (4 times that), since helpers are not rounded correctly."""
    if y - y != 0:
        return 0.0
    moved = 0.0
    for name, x in point.items():
        if x - x == 0 and x:
            value, grad = f.value_and_grad(**{**point, name: x * (1 + 4 * ULP)})
            other = [value, *grad.values()][n]
            moved += abs(other - y) if other - other == 0 else 0.0
    return max(16 * ULP * abs(y), moved) + 1e-300


def run(language: str, cases: list[Case], folder: Path) -> tuple[list[list[list[float]] | None], list[str]]:
    """For each case the numbers at each point, and why cases are left out."""
    modules: list[Module | None] = []
    missing = []
    for k, case in enumerate(cases):
        try:
            modules.append(Module(case.program, case.program.variables, f"f{k}", languages.named(language)))
        except UsageError as error:
            missing.append(f"{case.program.text}: {str(error).splitlines()[0]}")
            modules.append(None)
    if language in ("python", "numpy"):
        return [None if m is None else _in_python(m, case) for m, case in zip(modules, cases, strict=True)], missing
    lines = (_in_c if language == "c" else _in_javascript)(modules, cases, folder)
    found: list[list[list[float]] | None] = []
    for module, case in zip(modules, cases, strict=True):
        found.append(None if module is None else [list(map(float, next(lines).split())) for _ in case.points])
    return found, missing


def _in_python(module: Module, case: Case) -> list[list[float]]:
    import numpy as np

    space: dict = {}
    exec(compile(module.source(), module.name, "exec"), space)
    function = space[module.name]
    if module.language.name == "python":
        return [[v, *g] for v, g in (function(*at.values()) for at, _, _ in case.points)]
    columns = [np.array([at[x] for at, _, _ in case.points]) for x in case.program.variables]
    value, grad = function(*columns)
    rows = np.broadcast_arrays(value, *grad, *columns)[: 1 + len(grad)]
    return np.array([np.broadcast_to(row, (len(case.points),)) for row in rows]).T.tolist()


def _in_c(modules: list, cases: list[Case], folder: Path):
    number = languages.named("c").number
    parts, calls = ["#include <stdio.h>\n"], []
    for k, (module, case) in enumerate(zip(modules, cases, strict=True)):
        if module is None:
            continue
        parts.append(re.sub(r"\bfn_(\w+)", rf"fn_\1_{k}", module.source()))  # helpers are static in a file of their own
        count = len(module.partials)
        for at, _, _ in case.points:
            calls.append(f"  v = f{k}({', '.join([*map(number, at.values()), 'g'])});\n  show(v, g, {count});")
    parts.append('static void show(double v, const double *g, int n) {\n  printf("%.17g", v);')
    parts.append('  for (int i = 0; i < n; i++) printf(" %.17g", g[i]);\n  printf("\\n");\n}')
    parts.append("int main(void) {\n  double v, g[32];\n" + "\n".join(calls) + "\n  return 0;\n}\n")
    path = folder / "all.c"
    path.write_text("\n".join(parts), encoding="utf-8")
    flags = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror"]
    subprocess.run(["gcc", *flags, str(path), "-o", str(folder / "all"), "-lm"], check=True)
    return iter(subprocess.run([folder / "all"], capture_output=True, text=True, check=True).stdout.splitlines())


def _in_javascript(modules: list, cases: list[Case], folder: Path):
    lines = []
    number = languages.named("javascript").number
    for k, (module, case) in enumerate(zip(modules, cases, strict=True)):
        if module is None:
            continue
        (folder / f"f{k}.mjs").write_text(module.source(), encoding="utf-8")
        lines.append(f"import {{ f{k} }} from './f{k}.mjs';")
        lines += [f"show(f{k}({', '.join(map(number, at.values()))}));" for at, _, _ in case.points]
    lines.append("function show({ value, grad }) { console.log([value, ...grad].map(String).join(' ')); }")
    (folder / "main.mjs").write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(["node", folder / "main.mjs"], capture_output=True, text=True, check=True)
    return iter(done.stdout.replace("Infinity", "inf").splitlines())


def differences(cases: list[Case], found: list) -> tuple[int, list[str]]:
    """How many numbers were compared, and what differs."""
    count, wrong = 0, []
    for case, rows in zip(cases, found, strict=True):
        for (at, expected, allowed), got in zip(case.points, rows or [], strict=rows is not None):
            for name, y, true, most in zip(["value", *case.program.variables], got, expected, allowed, strict=True):
                count += 1
                if not _agrees(y, true, most):
                    wrong.append(f"{case.program.text} at {at}: {name} is {y!r}, not {true!r}")
    return count, wrong


def _agrees(y: float, true: float | Decimal, most: float) -> bool:
    if y - y != 0 or not Decimal(true).is_finite():
        return repr(float(true)) == repr(y)
    return abs(Decimal(y) - Decimal(true)) <= Decimal(most) * Decimal("1.000001")


def main(wanted: list[str]) -> int:
    """Compare in these languages, or in all."""
    cases = formulas() + conventions() + functions()
    failed = False
    for language in wanted or TOOLS:
        tool = TOOLS[language]
        if tool and not shutil.which(tool):
            print(f"{language}: left out, {tool} is not installed")
            continue
        with tempfile.TemporaryDirectory() as folder:
            found, missing = run(language, cases, Path(folder))
        count, wrong = differences(cases, found)
        failed = failed or bool(wrong) or count == 0
        print(f"{language}: {count:,} numbers of {len(cases) - len(missing)} formulas, {len(wrong)} differ")
        for line in wrong[:20]:
            print(f"  {line}")
        for line in missing:
            print(f"  left out: {line}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
