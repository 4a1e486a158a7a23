"""A figure as SVG: no script, no font of its own, light and dark as the reader's screen is."""

from __future__ import annotations

from gradcli.pictures.svg import xml_escape
from gradcli.text import shown
from gradcli.views.plotpanel import CURVES, LEFT, WIDTH, Drawing, colour_of, text_at
from gradcli.views.prose import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradcli.plotting.figure import Figure

HEIGHT = 460.0  # of the axes and what is around them, without the sentences
MORE = 150.0  # for a further panel
TOP, BOTTOM = 44.0, 34.0
LINE = 20.0  # of text
WRAPPED = 112  # characters of a sentence
NAMED = 18.0  # for the name of an upright axis
# Names of colours: light, dark.
COLOURS = {
    "paper": ("#ffffff", "#15171c"), "ink": ("#1f2328", "#e6e8eb"), "faint": ("#656d76", "#9198a1"),
    "grid": ("#e4e7eb", "#2b3038"), "first": ("#0969da", "#6cb6ff"), "second": ("#c93c37", "#ff938a"),
    "third": ("#1a7f37", "#57d27a"), "fourth": ("#8250df", "#c9a5ff"), "fifth": ("#9a6700", "#e3b341"),
    "sixth": ("#0b7285", "#66d9e8"), "doubt": ("#bc4c00", "#ffa657"),
}  # fmt: skip
# Of levels from the lowest up.
SHADES = (
    ("#440154", "#472c7a", "#3b518b", "#2c718e", "#1f8a8b", "#1f9c74", "#3f9f3f", "#7a9a12", "#a08500"),
    ("#a08bdc", "#8396e0", "#66a8e4", "#55bcd4", "#52ccb4", "#6fd98c", "#9fdf68", "#cfe056", "#fbe34a"),
)
FONTS = "'DejaVu Sans',Verdana,'Liberation Sans','Noto Sans',Arial,sans-serif"


def svg(figure: Figure) -> tuple[str, float, float]:
    """The picture as one text, its width and its height."""
    legend = [layer for panel in figure.panels for layer in panel.layers if layer.label]
    captions = [line for caption in figure.captions for line in wrapped(caption.text, WRAPPED, "  ")]
    tall = HEIGHT + MORE * (len(figure.panels) - 1)
    height = tall + LINE * (len(legend) + len(captions)) + (8 if legend or captions else 0)
    parts = [_head(figure, height)]
    named = NAMED if any(panel.y.name for panel in figure.panels) else 0.0
    top, room = TOP, tall - TOP - (BOTTOM + named) * len(figure.panels)
    drawings = []
    for number, panel in enumerate(figure.panels):
        part = room * panel.share / sum(other.share for other in figure.panels)
        drawings.append(Drawing(panel, number, top + named, part))
        top += part + named + BOTTOM
    for drawing in drawings:
        drawing.left = max(other.left for other in drawings)
        parts += drawing.elements()
    y = tall + 8
    for layer in legend:
        colour = colour_of(layer)
        parts.append(f'<path class="key {colour}" d="M{LEFT} {y - 5:g}h22"/>')
        parts.append(text_at(LEFT + 30, y, layer.label, "ink"))
        y += LINE
    for caption in captions:
        parts.append(text_at(LEFT, y, caption, "faint"))
        y += LINE
    return "\n".join([*parts, "</svg>", ""]), WIDTH, height


def _head(figure: Figure, height: float) -> str:
    title = xml_escape(shown(figure.title, 90))
    light, dark = (_styles(k) for k in (0, 1))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" '
        f'height="{height:g}" role="img">',
        f"<title>{title}</title>",
        "<style>",
        f"text{{font:13px {FONTS}}}",
        "path{fill:none;stroke-width:1}.key{stroke-width:2}.curve{stroke-width:2;stroke-linejoin:round;stroke-linecap:round}",
        ".contour{stroke-width:1.4;stroke-linejoin:round}.path{stroke-width:1.8;stroke-linejoin:round}",
        ".level{font-size:12px;stroke-width:4px;paint-order:stroke;stroke-linejoin:round}",
        ".tangent{stroke-width:1.5;stroke-dasharray:6 4}.pole{stroke-dasharray:2 4}.title{font-size:15px}",
        *light,
        "@media (prefers-color-scheme:dark){",
        *dark,
        "}",
        "</style>",
        f'<rect class="paper" width="{WIDTH:g}" height="{height:g}"/>',
        f'<text class="ink title" x="{LEFT:g}" y="26">{title}</text>',
    ])  # fmt: skip


def _styles(which: int) -> Iterator[str]:
    """The rules of one scheme."""
    colour = {name: pair[which] for name, pair in COLOURS.items()}
    yield f".paper{{fill:{colour['paper']}}}text.ink{{fill:{colour['ink']}}}text.faint{{fill:{colour['faint']}}}"
    yield f".grid{{stroke:{colour['grid']}}}.frame,.zero,.pole{{stroke:{colour['faint']}}}"
    yield f".curve{{stroke:{colour['first']}}}"
    yield f".band{{fill:{colour['first']};fill-opacity:.18}}"
    yield f"path.ink{{stroke:{colour['ink']}}}circle.ink{{fill:{colour['ink']}}}"
    yield f".full{{fill:{colour['doubt']}}}.empty{{fill:{colour['paper']};stroke:{colour['doubt']};stroke-width:1.4}}"
    for number, shade in enumerate(SHADES[which]):
        yield f"path.shade{number}{{stroke:{shade}}}text.shade{number}{{fill:{shade}}}"
    yield f"text.level{{stroke:{colour['paper']}}}"
    for name in (*CURVES, "doubt"):
        yield f"path.{name}{{stroke:{colour[name]}}}circle.{name}{{fill:{colour[name]}}}"


__all__ = ["FONTS", "svg"]
