"""Random words of a command line: a line that fits (expression, point, files), further options, and mutations.

Commands, options and arguments come from gradcli's own declarations, so a new option is tried without a word here.
The files that lines name are prepared in the folder where they run.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from gradcli.commands.declared import PATH, SECONDS, TEXT, TEXTS, WHOLE, Command, Option
from gradcli.commands.options import PICTURE, STEPS_OF, TO_PAGE, TO_PICTURE

if TYPE_CHECKING:
    from pathlib import Path

ODD = [*"\x1b\r\a\x01\x9b\x7f\t\n\u202e\u2028\ufeff", "\udc80", "\x1b[31m", "é", "μ", "²", "π", "\U0001f600"]
PIECES = [*"xyab0123.,:;=+-*/^()[]{}@'\"\\ #|$%&!?", "e", "nan", "inf", "1e999", "sin(", "**", "--", "d/dx", *ODD]
# Formulas of x and y at any point; of an array x; with a minimum.
FORMULAS = ["x*y + x", "x**2*y + 3*x", "sin(x)*exp(y)", "abs(x) + y", "log(x) - y/2", "c = x*y\nc + x", "x/y"]
FORMULAS += ["max(x, y)", "where(x > 0, x, x*y)", "1/2x + y", "gamma(x)*y", "hypot(x, y)", "f(u) = u*y\nf(x)"]
ARRAYS = ["sum(x*x)*y", "mean(x) + y", "prod(x)*y", "sum(softmax(x)*x) + y", "norm(x)*y", "dot(x, x) + y", "max(x) + y"]
MINIMA = ["(x - 3)**2 + y**2", "x**2 + x*y + y**2", "exp(x) - x + y**2", "c = x - 1\nc**2 + y**2", "abs(x) + y**2"]
ODDITIES = ["2", "x, y", "x/x", "-", "sum((a - x)**2)", "a*b", "log(a)", "x=0", "x=-1,y=nan", "x=@data.csv:a"]
ODDITIES += ["x=pi/4,y=1e-300", "a=0:1:2", "absent", "", "odd.csv", "odd.jsonl", "odd.npz", "odd.parquet", "empty.csv"]
NUMBERS = ["2", "1/3", "0.5", "pi/4", "-1", "0", "1e-300", "1e300", "3", "7"]
TABLES = [f"{{}}.{form}" for form in ("csv", "tsv", "jsonl", "npz", "parquet", "arrow")]
FILE_NAMES = [
    "formula.txt",
    "odd.txt",
    "there.csv",
    "data.csv",
    "points.csv",
    "odd.csv",
    "odd.jsonl",
    "absent",
    "",
    "-",
]
# Values for options of text; an option that is not here gets one of any of these.
VALUES = {
    "at": ["x=2,y=1", "x=1,y=3", "a=1,b=2"], "sweep": ["x=0:1:3", "y=-1:1:2", "x=1:1:1"], "wrt": ["x", "y", "x,y", "a"],
    "mixed": ["x,x", "x,y", "y,x,x", "a"],
    "start": ["x=2,y=1", "x=[1,2,3],y=1"], "bounds": ["x=0:10", "x=0:", "x=:9"], "lr": ["0.1", "1e-3", "2"],
    "method": ["newton", "bfgs", "lbfgs", "sgd", "momentum", "adam"], "on_error": ["stop", "nan", "skip"],
    "from": ["csv", "tsv", "jsonl", "npz", "parquet", "arrow"], "to": ["csv", "tsv", "jsonl"],
    "column": ["a=b", "x=a", "x=b"], "names": ["value=v", "d/da=g", "value=v,d/da=g"], "prefix": ["p_", "my "],
    "cluster": ["nowhere"], "delimiter": [",", ",", ";", "tab"], "decimal": [".", ".", ","],
    "comment": ["#", "%", "//"], "header": ["x,y", "a,b", "none"],
    "corr": ["x,y=0.5", "x,y=-1", "x,y=2"], "dof": ["x=5,y=9", "y=inf"], "coverage": ["0.9", "0.5", "2"],
    "round": ["gum", "pdg"], "y": ["b", "log(b + 9)"], "sigma": ["1", "abs(b) + 1"], "loss": ["huber", "cauchy:2"],
    "range": ["x=0:1", "y=-2:2", "-1:1", "x=1:0"], "tangent": ["x=1", "0.5", "y=2"],
    "profile": ["x", "x,y"], "band": ["a=0:1:3", "a=1:2:2"],
    "along": ["x=1,y=2", "y=1,x=0.5", "x=0,y=-1", "x=1"],
    "as": ["python", "numpy", "c", "javascript", "latex", "dot"], "name": ["f", "exp", "2x"],
}  # fmt: skip
OUT = ("csv", "tsv", "jsonl", "npz", "parquet", "arrow", "\x1b.csv")
# What is said of texts alone.
SPLIT = {"delimiter", "decimal", "comment", "header"}
# What starts processes or waits for a network is no further option of other lines.
SLOW = {"workers", "cluster"}


def make_files(folder: Path) -> None:
    """Tables and texts for the lines; those named odd hold what no terminal should get."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name, x, y in (("data", "a", "b"), ("points", "x", "y"), ("gaps", "a", "b"), ("holes", "x", "y")):
        gap = name in ("gaps", "holes")
        for form, mark in (("csv", ","), ("tsv", "\t")):
            lines = [f"{x}{mark}{y}", f"1{mark}2", f"{mark}3" if gap else f"3{mark}4", f"0.5{mark}-1"]
            (folder / f"{name}.{form}").write_text("\n".join(lines) + "\n")
        second = "null" if gap else "3"
        (folder / f"{name}.jsonl").write_text(f'{{"{x}": 1, "{y}": 2}}\n{{"{x}": {second}, "{y}": 4}}\n')
        columns = {x: [1.0, None if gap else 3.0], y: [2.0, 4.0]}
        np.savez(folder / f"{name}.npz", **{key: np.array(column, dtype=float) for key, column in columns.items()})
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
        with pa.ipc.new_file(folder / f"{name}.arrow", pa.table(columns).schema) as writer:
            writer.write_table(pa.table(columns))
    (folder / "there.csv").write_text("1\n")
    (folder / "bare.csv").write_text("1,2\n3,4\n")
    (folder / "odd.csv").write_text("a,b\x1b[31m,\x9b\u202e\n1,\x07,2\n\x1b]0;t\x07,1,\u202e\n")
    (folder / "odd.jsonl").write_text('{"a\\u001b": 1, "b\\u202e\\ud800": "\\u001b"}\n')
    (folder / "odd_bytes.csv").write_bytes(b"a,b\n\xff\x1b,\0\n")
    (folder / "empty.csv").write_text("")
    (folder / "fit.json").write_text(
        '{"parameters": {"x": {"value": 2.0, "sd": 0.1}, "y": {"value": 1.0, "sd": 0.2}},'
        ' "cov": [[0.01, 0.01], [0.01, 0.04]], "dof": 9}\n'
    )
    (folder / "line.json").write_text(
        '{"parameters": {"x": {"value": 1.0, "sd": 0.1}}, "cov": [[0.01]], "dof": 1, "converged": true, "why": "",'
        ' "residual_sd": 0.1, "model": "x*a", "y": "b", "reading": {"data": "data.csv"}}\n'
    )
    (folder / "steps.jsonl").write_text(
        '{"step": 0, "value": 3.0, "at": {"x": 1.0, "y": 2.0}}\n{"step": 1, "value": 1.0, "at": {"x": 0.5, "y": 0.0}}\n'
    )
    (folder / "model.txt").write_text("x*a + y\n")
    (folder / "cov.csv").write_text("x,y\n0.01,0.01\n0.01,0.04\n")
    (folder / "formula.txt").write_text("(a - 1)**2 + b**2 # of a file\n")
    (folder / "odd.txt").write_text("a*b # \x1b\n")
    np.savez(folder / "odd.npz", **{"a": np.ones(2), "b\x1b": np.zeros(2)})
    pq.write_table(pa.table({"a": [1.0, 2.0], "b": [2.0, 3.0], "c\x1b": ["\x1b", "x"]}), folder / "odd.parquet")


class Lines:
    """Random lines of one command; `seed` decides them all. address: of a scheduler that is there."""

    def __init__(self, seed: str, address: str = "") -> None:
        self.rng = random.Random(seed)
        self.address = address

    def line(self, command: Command, wanted: Option | None = None) -> list[str]:
        """A line of this command, with this option where one is wanted."""
        rng = self.rng
        parts = self._fitting(command, wanted)
        given = {word.partition("=")[0] for part in parts for word in part}
        free = [
            o
            for o in command.options
            if not given & {o.flag, o.negative, o.short} and o is not wanted and o.name not in SLOW
        ]
        if wanted and not given & {wanted.flag, wanted.negative, wanted.short}:
            parts.append(self._given(wanted))
        parts += [self._given(o) for o in rng.sample(free, min(len(free), rng.choice([0, 0, 0, 0, 1, 1, 2, 4])))]
        if rng.random() < 0.1:
            rng.shuffle(parts)
        words = [word for part in parts for word in part]
        for _ in range(rng.choice([0, 0, 0, 0, 0, 0, 1, 1, 1, 3])):
            words = self._mutated(words)
        # A null byte can be no word of a command line, and no line writes outside its folder.
        return [command.name, *[re.sub(r"^((-o|-[a-z-]*=)?)/", r"\1./", word.replace("\0", "\x01")) for word in words]]

    def _fitting(self, command: Command, wanted: Option | None) -> list[list[str]]:
        rng, name = self.rng, wanted.name if wanted else ""
        if command.name == "batch":
            return self._batch(name)
        if command.name == "minimize":
            return self._minimum(name)
        if command.name == "fit":
            return self._fit(name)
        if command.name == "propagate":
            return self._propagation(name)
        if command.name == "plot":
            return self._picture(name)
        if command.argument.name == "TOPIC":
            return [[rng.choice(["notes", "language", "conventions", "grad", "plot", "batch"])]]
        if command.argument.name != "EXPR":
            return [[rng.choice(command.argument.choices or ("sin", "atan2", "max", "sum", "where", "abs"))]]
        at, x, y = self._number(), "x", "y"
        if name == "file":
            parts, x, y = [["--file", "formula.txt"]], "a", "b"
        elif (
            command.name in ("taylor", "export")
            or name in ("sweep", "points", "column", "on_error", "latex", "simplify", *SPLIT)
            or rng.random() < 0.8
        ):
            parts = [[rng.choice(FORMULAS)]]
        else:
            parts, at = [[rng.choice(ARRAYS)]], f"[{self._number()},{self._number()},3]"
        if command.name == "grad" and name != "check" and rng.random() < 0.8:  # sympy is a process of half a second
            parts.append(["--no-check"])
        if command.name == "taylor":
            parts.append(["--wrt", rng.choice([x, y])])
        elif name == "wrt" or (command.name != "eval" and rng.random() < 0.1):
            parts.append(["--wrt", rng.choice([x, y, f"{x},{y}", f"{y},{x}"])])
        if command.name == "export":
            parts += [["--as", rng.choice(VALUES["as"])]] if name != "as" else []
        elif name in ("latex", "simplify"):
            return parts
        source = "points" if name in SPLIT else name
        if source not in ("sweep", "points", "column", "on_error"):
            source = rng.choice(["at"] * 4 + ["sweep", "points"])
        if source == "at" or at[0] == "[" or "sweep" not in {option.name for option in command.options}:
            return [*parts, ["--at", f"{x}={at},{y}={self._number()}"]]
        if source == "sweep":
            return [
                *parts,
                ["--sweep", f"{x}={rng.choice(['0:1:3', '1:2:2', '2:2:1'])}"],
                ["--at", f"{y}={self._number()}"],
            ]
        table = self._table(name)
        if source == "column":
            return [*parts, ["--points", table.format("data")], [f"--column={x}=a"], ["--column", f"{y}=b"]]
        holes = source == "on_error"
        parts.append(["--points", table.format("holes" if holes else "data" if x == "a" else "points")])
        return [*parts, ["--on-error", "skip"]] if holes and rng.random() < 0.7 else parts

    def _picture(self, name: str) -> list[list[str]]:
        rng = self.rng
        x, y = ("a", "b") if name == "file" else ("x", "y")
        parts = [["--file", "formula.txt"]] if name == "file" else [[rng.choice(FORMULAS)]]
        span = rng.choice(["0:1", "-2:2", "1/3:pi", "1:1e6", "-1e-9:0"])
        if name == "fit":
            return [["--fit", rng.choice(["fit.json", "line.json"])]]
        if name == "trace" or rng.random() < 0.2:
            ranges = [] if rng.random() < 0.5 else [["--range", f"{x}={span}"], ["--range", f"{y}=-1:1"]]
            return [*parts, *ranges, ["--trace", "steps.jsonl"]]
        parts.append([f"--range={x}={span}" if name == "at" or rng.random() < 0.7 else f"--range={span}"])
        return [*parts, ["--at", f"{y}={self._number()}"]]

    def _minimum(self, name: str) -> list[list[str]]:
        rng = self.rng
        x, y = ("a", "b") if name == "file" else ("x", "y")
        parts = [["--file", "formula.txt"]] if name == "file" else [[rng.choice(MINIMA)]]
        start = f"{x}={rng.choice(['2', '1/3', '0.5'])},{y}={rng.choice(['1', '2', '0'])}"
        if name in ("data", "column", "on_error", *SPLIT):
            parts = [[f"mean(({'q' if name == 'column' else 'b'} - x*a - y)**2)"]]
            parts.append(["--data", self._table(name).format("gaps" if name == "on_error" else "data")])
            parts += {"column": [["--column", "q=b"]], "on_error": [["--on-error", "skip"]]}.get(name, [])
        if name == "lr":
            parts.append(["--method", rng.choice(["sgd", "momentum", "adam"])])
        if name == "at":
            parts, start = [[rng.choice(MINIMA)], ["--at", f"{y}={self._number()}"]], f"{x}=2"
        if name != "steps" and rng.random() < 0.8:  # a method of the learning rate takes all that it may
            parts.append(["--steps", rng.choice(["1", "5", "20"])])
        return [*parts, ["--start", start]]

    def _fit(self, name: str) -> list[list[str]]:
        rng = self.rng
        model, y = rng.choice(["x*a + y", "x*exp(y*a/9)", "x + y*a**2"]), "q" if name == "column" else "b"
        parts = [["--file", "model.txt"]] if name == "file" else [[model]]
        table = self._table(name).format("gaps" if name == "on_error" else "data")
        parts += [["--data", table]] if name in ("data", "file") or rng.random() < 0.3 else [[table]]
        parts += [["--y", y], ["--steps", rng.choice(["3", "20"])]]
        parts += {"column": [["--column", "q=b"]], "on_error": [["--on-error", "skip"]]}.get(name, [])
        if name == "at":
            return [*parts, ["--start", "x=1"], ["--at", "y=0.5"]]
        return [*parts, ["--start", f"x={rng.choice(['1', '2'])},y={rng.choice(['0.5', '1'])}"]]

    def _propagation(self, name: str) -> list[list[str]]:
        rng = self.rng
        x, y = ("a", "b") if name == "file" else ("x", "y")
        parts = [["--file", "formula.txt"]] if name == "file" else [[rng.choice(FORMULAS)]]
        if name != "trials":
            parts.append(["--trials", "100"])
        if name == "fit":
            return [*parts, ["--fit", "fit.json"]]
        if name == "cov":
            return [*parts, ["--at", "x=2,y=1"], ["--cov", "cov.csv"]]
        if name in ("points", "column", "on_error", *SPLIT):
            table = self._table(name)
            if name == "column":
                return [*parts, ["--points", table.format("data")], [f"--column={x}=a"], ["--column", f"{y}=b"]]
            parts.append(["--points", table.format("holes" if name == "on_error" else "points")])
            return [*parts, ["--on-error", "skip"]] if name == "on_error" else parts
        one, other = rng.choice(["2±0.1", "5±2%", "2.0(1)", "rect(1,2)", "t(1,1,5)"]), rng.choice(["1±0.5", "tri(0,1)"])
        return [*parts, ["--at", f"{x}={one},{y}={other}"]]

    def _batch(self, name: str) -> list[list[str]]:
        rng = self.rng
        formula = re.sub(r"\bx\b", "a", re.sub(r"\by\b", "b", rng.choice(FORMULAS)))
        form = self._table(name)
        table = form.format("gaps" if name == "on_error" else "data")
        parts = [["--file", "formula.txt"]] if name == "file" else [[formula]]
        parts.append([table if name != "from" and rng.random() < 0.9 else "-"])
        if name == "from":
            parts.append(["--from", "csv"])
        elif name == "column":
            parts[:2] = [[formula.replace("b", "q") if "abs" not in formula else "a*q"], [table], ["--column", "q=b"]]
        elif name == "at":
            parts[0] = ["a*b*k"]
            parts.append(["--at", f"k={self._number()}"])
        elif name == "json":
            parts.append([rng.choice(["--accumulate", "--stats"])])
        elif name in SLOW:
            parts.append(
                rng.choice([["-o", f"out.{rng.choice(OUT[:6])}"], ["-o", "out/"], ["--accumulate"], ["--stats"]])
            )
        elif name in ("resume", "force"):
            parts.append(["-o", f"out.{rng.choice(OUT[:6])}"])
        elif name == "on_error":
            parts.append(["--on-error", rng.choice(["nan", "skip", "stop"])])
        elif name == "names":
            parts.append(["--names", rng.choice(["value=v", "value=é", "d/da=g", "value=v v,d/db=g"])])
        elif name == "wrt":
            parts[0] = ["a*b"]
            parts.append(["--wrt", rng.choice(["a", "b", "a,b", "b,a"])])
        return parts

    def _table(self, name: str) -> str:
        """The name of a table without its beginning; where this option wants a text, of one."""
        if name == "header":
            return "bare.csv"
        return "{}.csv" if name in SPLIT else self.rng.choice(TABLES)

    def _number(self) -> str:
        return self.rng.choice(NUMBERS)

    def _given(self, option: Option) -> list[str]:
        rng = self.rng
        if not option.takes_value:
            return [rng.choice([flag for flag in (option.flag, option.negative) if flag])]
        if option.name == "report":
            value = rng.choice(["out.md", "out.txt", "", "."])
        elif option is TO_PICTURE:
            value = rng.choice(["out.svg", "out.png", "out.dot", "out.mmd", "out.json", "out.txt", "out.csv", "-"])
        elif option is TO_PAGE:
            value = rng.choice(["out.html", "out.md", "out.txt", "out.json", "out.csv", ""])
        elif option is PICTURE:
            value = rng.choice(["out.svg", "out.PNG", "out.txt", "", "."])
        elif option is STEPS_OF:
            value = rng.choice(["steps.jsonl", "odd.jsonl", "absent", "data.csv"])
        elif option.name in ("output", "trace"):
            value = f"out.{rng.choice(OUT)}" if rng.random() < 0.9 else rng.choice(["there.csv", "data.csv", "-"])
        elif option.kind == PATH:
            value = rng.choice(FILE_NAMES)
        elif option.name == "cluster" and self.address and rng.random() < 0.9:
            value = self.address
        elif option.kind == WHOLE:
            value = rng.choice(["1", "2", "5", "20", "100"] if option.name != "max_operations" else ["9", "50", "1000"])
        elif option.kind in (TEXT, TEXTS):
            value = rng.choice(VALUES.get(option.name) or [x for values in VALUES.values() for x in values])
        else:
            assert option.kind == SECONDS
            value = rng.choice(["1", "0.5", "3"])
        if rng.random() < 0.3:
            return [f"{option.flag}={value}"]
        return [rng.choice([option.flag, option.short or option.flag]), value]

    def _mutated(self, words: list[str]) -> list[str]:
        rng = self.rng
        if not words:
            return [rng.choice(PIECES)]
        k = rng.randrange(len(words))
        word, kind = words[k], rng.randrange(8)
        at = rng.randrange(len(word) + 1)
        if kind == 0:
            return words[:k] + words[k + 1 :]
        if kind == 1:
            return [*words[:k], word, *words[k:]]
        if kind == 2:
            return [*words[:k], rng.choice(ODDITIES), *words[k + 1 :]]
        new = {
            3: word[:at] + word[at + 1 :],
            4: word + rng.choice(PIECES),
            5: "".join(rng.choices(PIECES, k=rng.randrange(6))),
            6: word[:at] + rng.choice(ODD) + word[at:],
            7: word[:at] + rng.choice(PIECES) + word[at:],
        }[kind]
        return [*words[:k], new, *words[k + 1 :]]
