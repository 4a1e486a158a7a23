"""An SVG as pixels, by resvg: https://pypi.org/project/resvg-py."""

from __future__ import annotations

import math

from gradcli.errors import UsageError

MOST = 100e6  # pixels
ZOOM = 2.0  # pixels for a unit of length, where there are not too many

_LETTER = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'


def png(text: str, width: float, height: float, fonts: str) -> bytes:
    """The picture of an SVG of this size; fonts: one of which draws its texts.

    Raises UsageError where resvg_py or a font is not installed, and for what is too large.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        cure = "pip install 'gradcli[png]'; an SVG needs nothing more"
        raise UsageError("a PNG needs resvg_py, which is not installed", cure) from None
    if width * height > MOST:
        size = f"{width:,.0f} by {height:,.0f} pixels"
        raise UsageError(f"the PNG would have {size}", "an SVG has no limit")
    letter = f'<text x="2" y="15" style="font: 12px {fonts}">M</text>'
    if svg_to_bytes(svg_string=_LETTER.format(letter)) == svg_to_bytes(svg_string=_LETTER.format("")):
        cure = "install one, such as DejaVu Sans Mono; an SVG needs none"
        raise UsageError("no font is installed that the texts of a PNG could be drawn with", cure)
    zoom = min(ZOOM, math.sqrt(MOST / (width * height)))
    return svg_to_bytes(svg_string=text, zoom=zoom)
