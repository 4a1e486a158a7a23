"""A table of numbers in columns, with as many digits as a terminal has room for."""

from __future__ import annotations

from gradcli.views.numbers import fewer
from gradcli.views.prose import GAP, columns, padded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.views.screen import Screen


def show(
    screen: Screen, digits: int | None, columns_of: Callable[[int | None], list[list[str]]], styles: Sequence[str]
) -> None:
    """Print columns, the head of each first. columns_of: so many digits to columns; styles: of each below its head."""
    for some in fewer(digits):
        grid = [padded(column) for column in columns_of(some)]
        if screen.fits(columns(GAP.join([column[0] for column in grid]))):
            break
    for k, row in enumerate(zip(*grid, strict=True)):
        screen.line(GAP.join([screen.paint(x, style if k else "head") for x, style in zip(row, styles, strict=True)]))
    screen.say_rounded(some if digits is None else None)
