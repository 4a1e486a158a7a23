"""The page: the graph, tables of both passes, number fields, and a script that plays and recomputes."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from pathlib import Path

from gradcli.core.graph import Graph
from gradcli.errors import UsageError
from gradcli.export import languages
from gradcli.export.several import function_of
from gradcli.numerals import to_show
from gradcli.pictures.boxes import ADVANCE, FONT, PADDING, Boxes
from gradcli.pictures.graphview import GraphView
from gradcli.pictures.layout import Layout
from gradcli.text import shown, visible
from gradcli.views.explain import BACKWARD, FORWARD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gradcli.api.annotation import Passes
    from gradcli.api.evaluation import Evaluation
    from gradcli.language.program import Program
    from gradcli.pictures.layout import Point
    from gradcli.views.lesson import Lesson

MOST = 2000  # nodes
WIDTH = "-1.23457e-07"  # what a number in a box takes at most
HERE = Path(__file__).parent


class Page:
    """The page of a lesson. Raises UsageError for a graph without steps, and for one of too many nodes."""

    def __init__(self, program: Program, lesson: Lesson, passes: Passes | None, evaluation: Evaluation) -> None:
        """passes: their graph, None where the formula has arrays; evaluation: the point, the result and the notes."""
        self._program, self._lesson, self._evaluation = program, lesson, evaluation
        self._view = _Steps(program, lesson)
        if not lesson.backward:
            raise UsageError("there are no steps to play: the formula is its result", "leave -o out")
        if sum(self._view.live) > MOST:
            raise UsageError(f"a page is of at most {MOST:,} nodes", "write .md, .json or .txt")
        self._function = "" if passes is None or not program.variables else self._in_javascript(passes)

    def lines(self) -> Iterator[str]:
        """The lines of the page."""
        text = visible(self._program.text).strip()
        yield "<!DOCTYPE html>"
        yield '<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        yield f"<title>{escape(shown(text))}, step by step</title>"
        yield f"<style>{_read('page.css')}</style>"
        yield f"<h1>The gradient, step by step</h1><pre>{escape(text)}</pre>"
        yield from self._inputs()
        yield from self._summary()
        yield from _PLAYER
        yield from self._drawing()
        yield from self._steps()
        yield from self._sent()
        if self._function:
            yield f"<script>{self._function}</script>"
        yield f"<script>{_read('page.js')}</script></html>"

    def _in_javascript(self, passes: Passes) -> str:
        """The function that computes all numbers, "" where JavaScript lacks something."""
        count, rows = len(passes.which), [id for id, *_ in self._rows()]
        place = {i: k for k, i in enumerate(passes.which)}
        order = [place[i] for i in rows]
        outputs = passes.graph.outputs
        numbers = [outputs[k] for k in order] + [outputs[count + k] for k in order] + outputs[2 * count :]
        graph = Graph(passes.graph.nodes, numbers, passes.graph.origin)
        try:
            text = function_of(graph, self._program.variables, "f", languages.named("javascript"))
        except UsageError:
            return ""
        return _compact(text)

    def _inputs(self) -> Iterator[str]:
        at = self._evaluation.at
        if self._function:
            yield '<form class="js">'
            for x, value in at.items():
                field = f'<input type="number" step="any" data-variable="{escape(x)}" value="{to_show(value)}">'
                yield f"<label><code>{escape(x)}</code> = {field}</label>"
            yield '<button type="reset">Reset</button></form>'
            yield '<p class="js anew">Computed by this page in plain floats; gradcli itself prints true digits.</p>'
        elif at:
            yield '<p class="js">This formula has what a page cannot compute: other inputs go by another --at.</p>'

    def _summary(self) -> Iterator[str]:
        """The result, the gradient and the notes."""
        lesson, leaf = self._lesson, self._program.leaf
        yield '<table id="gradient">'
        yield f'<tr><th>value<td class="v" data-of="{self._program.results[0]}">{escape(lesson.value)}'
        for x, partial, _ in lesson.gradient:
            yield f'<tr><th><code>d/d{escape(x)}</code><td class="a" data-of="{leaf[x]}">{escape(partial)}'
        yield "</table>"
        if self._evaluation.notes:
            yield '<ul class="came">'
            yield from [f"<li>{escape(visible(note.message))}" for note in self._evaluation.notes]
            yield "</ul>"

    def _drawing(self) -> Iterator[str]:
        """Boxes from the top down, and arrows below them."""
        view = self._view
        found = Boxes(view)
        sizes = [box.size for box in found.boxes]
        least = len(f"adj {WIDTH}") * ADVANCE * FONT + 2 * PADDING[0]  # what the style sheet says
        layout = Layout(sizes, found.layers, found.arrows)
        wide, high = f"{layout.width:.0f}", f"{layout.height:.0f}"
        yield (
            f'<div class="wide frame"><div id="graph" data-result="{self._program.results[0]}" '
            f'style="width:{wide}px;height:{high}px">'
        )
        yield f"<svg width={wide} height={high}>{_HEAD}"
        for (source, target), points in zip(found.arrows, layout.paths, strict=True):
            yield f"<path data-ends={found.boxes[source].node}-{found.boxes[target].node} d={_way(points)} />"
        yield "</svg>"
        for box, (x, y), (width, _) in zip(found.boxes, layout.corners, sizes, strict=True):
            i = box.node
            place = f"left:{x:.0f}px;top:{y:.0f}px" + (f";width:{width:.0f}px" if width > least else "")
            numbers = f"<i>{view.short(i)[0]}</i><u>{view.short(i)[1]}</u>" if i in view.numbered else ""
            label = escape(view.lines(i)[0][1])
            kind = _KINDS[view.kind(i) if i in view.numbered or view.nodes[i][0].leaf else "number"]
            yield f"<div data-node={i} {kind}style={place}><b>{label}</b>{numbers}</div>"
        yield "</div></div>"

    def _rows(self) -> list[tuple[int, str, str, str]]:
        """(id, name, formula or "input", value) of inputs and steps."""
        lesson = self._lesson
        return [(i, x, "input", v) for i, x, v in lesson.inputs] + [
            (line.id, line.name, line.formula, lesson.values[line.id]) for line in lesson.forward
        ]

    def _steps(self) -> Iterator[str]:
        yield f"<h2>Forward</h2><p>{FORWARD[0].upper()}{FORWARD[1:]}</p>"
        yield '<div class="wide"><table id="steps"><tr><th>step<th>formula<th>value<th>adjoint'
        for i, name, formula, value in self._rows():
            adjoint = self._lesson.adjoints.get(i, "")
            yield f"<tr data-node={i}><td>{escape(name)}<td>{escape(formula)}<td>{value}<td>{adjoint}"
        yield "</table></div>"

    def _sent(self) -> Iterator[str]:
        yield f"<h2>Backward</h2><p>{BACKWARD[0].upper()}{BACKWARD[1:]}</p>"
        heads = "<th>from<th>to<th>rule<th>local derivative<th>here<th>sent"
        yield f'<div class="wide"><table id="sent"><tr>{heads}'
        for block in self._lesson.backward:
            for line in block.lines:
                cells = (block.name, line.name, line.rule, line.formula, line.local, line.sent)
                yield f"<tr>{''.join([f'<td>{escape(c)}' for c in cells])}"
        yield "</table></div>"


class _Steps(GraphView):
    """The graph with the names and formulas of the steps, and numbers of six digits."""

    def __init__(self, program: Program, lesson: Lesson) -> None:
        super().__init__(program.nodes, [("", program.results[0])], program.text, program.span)
        self._lesson = lesson
        self._label = {i: x for i, x, _ in lesson.inputs}
        self._label |= {line.id: f"{line.name} = {line.formula}" for line in lesson.forward}
        self.numbered = set(self._label)

    def lines(self, i: int) -> list[tuple[str, str]]:
        """What decides the size of a box: its label, and room for two numbers."""
        label = self._label.get(i) or self.source(i)
        if i not in self.numbered:
            return [("text", label)]
        return [("text", shown(label, 36)), ("text", f"= {WIDTH}"), ("text", f"adj {WIDTH}")]

    def short(self, i: int) -> tuple[str, str]:
        """The value and the adjoint to six digits."""
        return _short(self._lesson.values[i]), _short(self._lesson.adjoints.get(i, ""))


def _way(points: Sequence[Point]) -> str:
    """The path of an arrow in whole numbers: upright within a layer, a curve between two. See `Layout.paths`.

    >>> _way([(10.2, 0.0), (10.2, 20.0), (30.0, 40.4)])
    'M10,0V20c0,10,20,10,20,20'
    """
    places = [(round(x), round(y)) for x, y in points]
    pieces = ["M{},{}".format(*places[0])]
    for k, ((x, y), (right, down)) in enumerate(pairwise(places)):
        if k % 2 and right != x:
            half = (down - y) // 2
            pieces.append(f"c0,{half},{right - x},{half},{right - x},{down - y}")
        elif down != y:
            pieces.append(f"V{down}")
    return "".join(pieces)


def _read(name: str) -> str:
    """A file of this folder, without what only people need."""
    lines = [line.strip() for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if not line.startswith("// ")]
    text = "\n".join(lines)
    if name.endswith(".css"):
        for sign in "{}:;,":
            text = text.replace(f"{sign} ", sign)
        text = text.replace(" {", "{").replace(" }", "}")
    return text


def _compact(code: str) -> str:
    """JavaScript without what only people need: statements that follow each other declare as one.

    >>> _compact("  const t1 = x * y;\\n  const t2 = t1 - -x; // a note\\n  return t2;")
    'const t1=x*y,\\nt2=t1 - -x;\\nreturn t2;'
    """
    lines: list[str] = []
    declares = False
    for line in code.splitlines():
        short = line.split("//")[0].strip()
        for sign in "=*/+,":
            short = short.replace(f" {sign} ", sign).replace(f"{sign} ", sign if sign == "," else f"{sign} ")
        follows = declares and short.startswith("const ")
        declares = short.startswith("const ") and short.endswith(";")
        if follows:
            lines[-1] = f"{lines[-1][:-1]},"
            short = short.removeprefix("const ")
        if short:
            lines.append(short)
    return "\n".join(lines)


def _short(text: str) -> str:
    try:
        return f"{float(text):.6g}"
    except ValueError:
        return shown(text, len(WIDTH))


_KINDS = {"operation": "", "variable": "class=v ", "constant": "class=c ", "number": "class=n "}  # see page.css
_HEAD = (
    '<marker id="head" viewBox="-8 -4 9 8" markerWidth=9 markerHeight=8 markerUnits=userSpaceOnUse orient=auto>'
    '<path d="M-6 -3.5L0 0L-6 3.5"/></marker>'
)
_PLAYER = (
    '<div id="player" class="js"><nav>',
    '<button id="first" title="Home" aria-label="first step">|&lt;</button>',
    '<button id="back" title="left arrow" aria-label="step back">&lt;</button>',
    '<button id="play" title="space">Play</button>',
    '<button id="next" title="right arrow" aria-label="next step">&gt;</button>',
    '<button id="last" title="End" aria-label="last step">&gt;|</button>',
    '<input id="place" type="range" min="0" aria-label="step"></nav>',
    '<output id="told" aria-live="polite"></output></div>',
)
