"""The graph for Graphviz (`--dot`) and Mermaid (`--mermaid`): data flows from left to right.

Source of the escapes: the DOT language, https://graphviz.org/doc/info/lang.html, and Mermaid's
entity codes, https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gradcli.pictures.graphview import GraphView

DOT_STYLES = {
    "variable": "shape=ellipse, style=filled, fillcolor=palegreen",
    "constant": "shape=ellipse, style=filled, fillcolor=lavender",
    "number": "shape=plaintext",
    "operation": 'shape=box, style="rounded,filled", fillcolor=aliceblue',
}
MERMAID_SHAPES = {
    "variable": ("([", "])"),
    "constant": ("(", ")"),
    "number": ("(", ")"),
    "operation": ("[", "]"),
}


def dot(view: GraphView) -> Iterator[str]:
    """Lines of a digraph; the edges into a node come in the order of its operands."""
    yield "digraph gradcli {"
    yield '  rankdir=LR; ordering=in; node [fontname="monospace"];'
    for i in _live(view):
        label = "\\n".join([dot_escape(line) for line in view.label(i)])
        yield f'  n{i} [label="{label}", {DOT_STYLES[view.kind(i)]}];'
    yield from _edges(view, lambda source, target: f"  {source} -> {target};")
    for k, (label, i) in enumerate(view.roots):
        if label:
            text = "\\n".join([dot_escape(line) for line in _root(view, k)])
            yield f'  r{k} [label="{text}", shape=plaintext];'
            yield f"  n{i} -> r{k};"
    yield "}"


def mermaid(view: GraphView) -> Iterator[str]:
    """Lines of a flowchart."""
    yield "flowchart LR"
    for i in _live(view):
        left, right = MERMAID_SHAPES[view.kind(i)]
        label = "<br/>".join([mermaid_escape(line) for line in view.label(i)])
        yield f'  n{i}{left}"{label}"{right}'
    yield from _edges(view, lambda source, target: f"  {source} --> {target}")
    for k, (label, i) in enumerate(view.roots):
        if label:
            yield f'  r{k}[["{"<br/>".join([mermaid_escape(line) for line in _root(view, k)])}"]]'
            yield f"  n{i} --> r{k}"


def _root(view: GraphView, k: int) -> list[str]:
    """The lines inside the node of a root."""
    answer = view.answer(k)
    return [view.roots[k][0], *([f"value {answer}"] if answer else [])]


def _live(view: GraphView) -> Iterator[int]:
    return (i for i in range(len(view.nodes)) if view.live[i])


def _edges(view: GraphView, edge: Callable[[str, str], str]) -> Iterator[str]:
    for i in _live(view):
        node = view.nodes[i]
        if not node[0].leaf:
            for k in node[1:]:
                yield edge(f"n{k}", f"n{i}")


def dot_escape(text: str) -> str:
    """Inside double quotes: quotes, backslashes (`\\N` is the node's name), and `&`, which starts an entity."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def mermaid_escape(text: str) -> str:
    """Inside double quotes. All punctuation but a few signs is a code: `1. x`, `- x` and `*x*` would be Markdown."""
    return "".join([c if c.isalnum() or c in " =,()" or not c.isascii() else f"#{ord(c)};" for c in text])
