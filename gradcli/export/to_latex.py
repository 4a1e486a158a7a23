"""LaTeX: the formula and its partials as aligned equations, what the text would double as equations of their own."""

from __future__ import annotations

import math
import re

from gradcli.core.op import CONSTANT, VARIABLE
from gradcli.core.passes.expand import expand
from gradcli.domains.domain import steps_of
from gradcli.errors import UsageError
from gradcli.export.lowering import Derived
from gradcli.language.printer import literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.core.graph import Graph, Node
    from gradcli.core.op import Op
    from gradcli.core.trace import Template
    from gradcli.language.program import Program

ATOM, POWER, MINUS, PRODUCT, SUM, COMPARED, LOGIC = 9, 8, 7, 6, 5, 4, 2

_SMALL = """alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon varphi
    chi psi omega phi vartheta epsilon hbar"""
_CAPITAL = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
_GREEK = frozenset((*_SMALL.split(), *_CAPITAL.split(), "ell"))
_LETTERS = dict(zip("αβγδεζηθικλμνξπρστυφχψωϕϑϵħΓΔΘΛΞΠΣΥΦΨΩ", (*_SMALL.split(), *_CAPITAL.split()), strict=True))
_CONSTANTS = {"pi": r"\pi", "π": r"\pi", "tau": r"\tau", "e": r"\mathrm{e}", "inf": r"\infty", "nan": r"\mathrm{NaN}"}
_SAME = "sin cos tan cot sec csc sinh cosh tanh coth max min"
_FUNCTIONS = {
    **{name: rf"\{name}" for name in _SAME.split()},
    "log": r"\ln", "log2": r"\log_2", "log10": r"\log_{10}", "asin": r"\arcsin", "acos": r"\arccos",
    "atan": r"\arctan", "gamma": r"\Gamma", "digamma": r"\psi", "sigmoid": r"\sigma",
}  # fmt: skip
_TEMPLATES = {
    "sqrt": r"\sqrt{{{}}}", "cbrt": r"\sqrt[3]{{{}}}", "abs": r"\left|{}\right|",
    "floor": r"\left\lfloor {}\right\rfloor", "ceil": r"\left\lceil {}\right\rceil",
}  # fmt: skip
_COMPARISONS = {"lt": "<", "le": r"\le", "gt": ">", "ge": r"\ge", "eq": "=", "ne": r"\ne"}
_CONNECTIVES = {"logical_and": r"\land", "logical_or": r"\lor"}
_LONGEST = 240  # signs of LaTeX that stand in one place


def latex(program: Program, wrt: Sequence[str], name: str) -> str:
    """The equations, an `align*`. Raises UsageError for arrays and for a tuple of results.

    >>> from gradcli.language.parser import parse
    >>> print(latex(parse("x**2*sin(y)"), ("x", "y"), "f"))
    \\begin{align*}
    f(x, y) &= x^{2} \\sin\\left(y\\right) \\\\
    \\frac{\\partial f}{\\partial x} &= 2 x \\sin\\left(y\\right) \\\\
    \\frac{\\partial f}{\\partial y} &= x^{2} \\cos\\left(y\\right)
    \\end{align*}
    """
    _mind_arrays(program)
    derived = Derived(program, wrt)
    count = 1 + len(wrt)
    graph = expand(derived.graph, lambda op: _definition(op) if op.internal else None)
    names = dict(zip(graph.outputs[count:], map(symbol, derived.names), strict=True))
    graph.outputs = graph.outputs[:count]
    text = _Equations(graph, names)
    f = symbol(name)
    sides = [f"{f}({', '.join(map(symbol, program.variables))})"]
    d = r"\partial" if len(program.variables) > 1 else r"\mathrm{d}"
    sides += [rf"\frac{{{d} {f}}}{{{d} {symbol(x)}}}" for x in wrt]
    lines = text.lines + [f"{left} &= {text.of(i)}" for left, i in zip(sides, graph.outputs, strict=True)]
    return "\n".join([r"\begin{align*}", " \\\\\n".join(lines), r"\end{align*}"])


def formula(program: Program, graph: Graph) -> str:
    """The formula of a graph with one output, made of a program; what its text would double follows it.

    Raises UsageError for arrays.
    """
    _mind_arrays(program)
    text = _Equations(graph, {})
    return r",\quad ".join([text.of(graph.outputs[0]), *[line.replace(" &= ", " = ", 1) for line in text.lines]])


def _mind_arrays(program: Program) -> None:
    if program.whole:
        raise UsageError("there are arrays in this formula, and none in our LaTeX", "export it --as numpy")


def _definition(op: Op) -> Template | None:
    """What stands for a row that serves rules alone; `positive`, x + 0, is left to be x."""
    return steps_of(op) if op.definition and op.name != "positive" else None


def symbol(name: str) -> str:
    """A name as mathematics: Greek letters, the rest of `x_1` or `x1` as an index, words upright.

    >>> [symbol(x) for x in ("x", "x1", "E_n", "theta", "rate", "μ", "a_b_c")]
    ['x', 'x_{1}', 'E_{n}', '\\\\theta', '\\\\mathrm{rate}', '\\\\mu', 'a_{b,c}']
    """
    stem, *rest = name.split("_") if not name.startswith("_") and not name.endswith("_") else [name]
    if not rest and (parts := re.fullmatch(r"(\D+?)(\d+)", name)):
        stem, rest = parts[1], [parts[2]]
    main = _word(stem)
    return (
        main
        if not rest
        else f"{main}_{{{','.join([part if len(part) < 2 or part.isdigit() else _word(part) for part in rest])}}}"
    )


def _word(text: str) -> str:
    if text in _LETTERS:
        return rf"\{_LETTERS[text]}"
    if text in _GREEK:
        return rf"\{text}"
    return text if len(text) == 1 and text != "_" else r"\mathrm{" + text.replace("_", r"\_") + "}"


def numeral(value: float, decimal: tuple[int, int] | None = None) -> str:
    """A number; decimal: as the text of a formula has it.

    >>> [numeral(x) for x in (2.0, -0.5, 1.5e-10, 1e300, float("inf"))]
    ['2', '-0.5', '1.5 \\\\cdot 10^{-10}', '10^{300}', '\\\\infty']
    """
    if not math.isfinite(value):
        return r"\mathrm{NaN}" if value != value else rf"{'-' if value < 0 else ''}\infty"
    digits, _, power = literal(value, decimal, exact=False).partition("e")
    if not power:
        return digits
    return ("" if digits == "1" else rf"{digits} \cdot ") + f"10^{{{int(power)}}}"


class _Equations:
    """lines: the equations of what has a name; names: of nodes."""

    def __init__(self, graph: Graph, names: dict[int, str]) -> None:
        self.lines: list[str] = []
        self._nodes = nodes = graph.nodes
        self._text: list[tuple[int, str]] = []
        uses = [0] * len(nodes)
        for node in nodes:
            for k in () if node[0].leaf else node[1:]:
                uses[k] += 1
        for i, node in enumerate(nodes):
            precedence, text = self._leaf(node) if node[0].leaf else self._operation(node)
            long = len(text) > _LONGEST or (uses[i] > 1 and len(text) > 40)
            if not node[0].leaf and (i in names or (long and i not in graph.outputs)):
                name = names.get(i) or f"t_{{{len(self.lines) + 1}}}"
                self.lines.append(f"{name} &= {text}")
                precedence, text = ATOM, name
            self._text.append((precedence, text))

    def of(self, i: int, least: int = 0) -> str:
        """The text of a node."""
        precedence, text = self._text[i]
        return rf"\left({text}\right)" if precedence < least else text

    def _leaf(self, node: Node) -> tuple[int, str]:
        if node[0] is VARIABLE:
            return ATOM, symbol(node[1])
        if node[0] is CONSTANT:
            return ATOM, _CONSTANTS[node[1]]
        text = numeral(node[1], node[2])
        return (PRODUCT if "^" in text else MINUS if text[0] == "-" else ATOM), text

    def _operation(self, node: Node) -> tuple[int, str]:
        op, *x = node
        if op.name in ("add", "sub"):
            return (
                SUM,
                f"{self.of(x[0], SUM)} {op.symbol} {self.of(x[1], SUM + (op.name == 'sub') + self._is_minus(x[1]))}",
            )
        if op.name == "positive":  # x + 0
            return self._text[x[0]]
        if op.name == "mul":
            if self.of(x[1])[:1].isdigit() and not self.of(x[0])[:1].isdigit():
                x.reverse()
            left, right = self.of(x[0], PRODUCT), self.of(x[1], PRODUCT + self._is_minus(x[1]))
            return PRODUCT, f"{left}{_between(left, right)}{right}"
        if op.name == "div":
            return PRODUCT, rf"\frac{{{self.of(x[0])}}}{{{self.of(x[1])}}}"
        if op.name in ("pow", "square"):
            return POWER, f"{self.of(x[0], ATOM)}^{{{self.of(x[1]) if op.name == 'pow' else 2}}}"
        if op.name == "neg":
            return MINUS - 1, f"-{self.of(x[0], PRODUCT)}"
        if op.name == "exp":
            return POWER, rf"\mathrm{{e}}^{{{self.of(x[0])}}}"
        if op.name == "where":
            parts = self.of(x[1]), self.of(x[0]), self.of(x[2])
            return ATOM, r"\begin{{cases}}{} & {} \\ {} & \text{{else}}\end{{cases}}".format(*parts)
        if op.name in _COMPARISONS:
            return COMPARED, f"{self.of(x[0], SUM)} {_COMPARISONS[op.name]} {self.of(x[1], SUM)}"
        if op.name in _CONNECTIVES:
            return LOGIC, f"{self.of(x[0], LOGIC + 1)} {_CONNECTIVES[op.name]} {self.of(x[1], LOGIC + 1)}"
        if op.name == "logical_not":
            return COMPARED, rf"\lnot {self.of(x[0], ATOM)}"
        if op.name in _TEMPLATES:
            return ATOM, _TEMPLATES[op.name].format(self.of(x[0]))
        function = _FUNCTIONS.get(op.name) or r"\operatorname{" + op.name.replace("_", r"\_") + "}"
        return ATOM, rf"{function}\left({', '.join(map(self.of, x))}\right)"

    def _is_minus(self, i: int) -> bool:
        return self._text[i][1].startswith("-")


def _between(left: str, right: str) -> str:
    """A thin space, or a dot where two numbers would run into each other."""
    return r" \cdot " if right[:1].isdigit() else " "
