"""What notebooks show: tables of HTML and equations of LaTeX, without a script, a user's text escaped.

The protocol: https://ipython.readthedocs.io/en/stable/config/integrating.html#rich-display.
"""

from __future__ import annotations

from html import escape

from gradcli.errors import UsageError
from gradcli.numerals import to_show
from gradcli.text import shortened, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from gradcli.language.program import Program

LONGEST = 2_000  # characters of a text
MOST_NODES = 500  # of a formula whose partials are shown


def table(rows: Iterable[Sequence[str]], heads: Sequence[str] = ()) -> str:
    """A table of cells that are HTML already.

    >>> table([["<b>x</b>", "2"]], ["input", "value"])
    '<table><tr><th>input</th><th>value</th></tr><tr><td><b>x</b></td><td>2</td></tr></table>'
    """
    head = "".join([f"<th>{cell}</th>" for cell in heads])
    lines = ["".join([f"<td>{cell}</td>" for cell in row]) for row in rows]
    return "<table>" + "".join([f"<tr>{line}</tr>" for line in ([head] if heads else []) + lines]) + "</table>"


def code(text: str) -> str:
    """A text of our language, or a number, as it is."""
    return f'<code style="white-space: pre-wrap">{escape(shortened(visible(text), LONGEST))}</code>'


def function_html(program: Program, wrt: Sequence[str]) -> str:
    """The formula, and of a short one the partials."""
    rows = [(escape(f"f({', '.join(program.variables)})"), code(program.text.strip()))]
    rows += [(escape(f"d/d{x}"), code(text)) for x, text in _partials(program, wrt).items()]
    return table(rows)


def _partials(program: Program, wrt: Sequence[str]) -> dict[str, str]:
    """The partials as texts; none of what is long, and where no formula says them."""
    from gradcli.api.derivative import partials, text_of

    if len(program.nodes) > MOST_NODES or len(program.results) > 1:
        return {}
    try:
        return {x: text_of(graph) for x, graph in partials(program, wrt).items()}
    except UsageError:
        return {}


def function_latex(program: Program, wrt: Sequence[str]) -> str | None:
    """The formula and its partials; None where LaTeX does not say them."""
    from gradcli.export.to_latex import latex

    if len(program.nodes) > MOST_NODES:
        return None
    try:
        return _displayed(latex(program, wrt, "f"))
    except UsageError:
        return None


def evaluation_html(at: Mapping[str, Any], value: Any, grad: Mapping[str, Any], notes: Sequence[str]) -> str:
    """The value, the partials beside their variables, and the notes, which are HTML already."""
    told = {x: f"{escape(x)} = {code(to_show(number))}" for x, number in at.items()}
    rows = [("value", code(to_show(value)), "")]
    rows += [(escape(f"d/d{x}"), code(to_show(d)), told.pop(x, "")) for x, d in grad.items()]
    rows += [("", "", rest) for rest in told.values()]
    listed = "".join([f"<li>{note}</li>" for note in notes])
    return table(rows) + (f"<ul>{listed}</ul>" if notes else "")


def evaluation_latex(at: Mapping[str, Any], value: Any, grad: Mapping[str, Any]) -> str | None:
    """The same as equations; None where there are arrays or several results."""
    from gradcli.export.to_latex import numeral, symbol

    if not all(isinstance(x, float) for x in (value, *at.values(), *grad.values())):
        return None
    point = ", ".join([f"{symbol(x)} = {numeral(number)}" for x, number in at.items()])
    lines = [f"f &= {numeral(value)}" + (rf" \quad ({point})" if point else "")]
    d = r"\partial" if len(at) > 1 else r"\mathrm{d}"
    lines += [rf"\frac{{{d} f}}{{{d} {symbol(x)}}} &= {numeral(y)}" for x, y in grad.items()]
    return _displayed("\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}")


def note_html(kind: str, message: str) -> str:
    """The kind and the sentence."""
    return f"<b>{escape(kind)}</b>: {escape(visible(message))}"


def _displayed(equations: str) -> str:
    return f"$${equations.replace('align*', 'aligned')}$$"
