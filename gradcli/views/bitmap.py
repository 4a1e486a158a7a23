"""Dots in the cells of a terminal: 2 by 4 to a cell, as braille signs or, where there are none, as ASCII."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ACROSS, DOWN = 2, 4  # dots of a cell
BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
BRAILLE = 0x2800


class Bitmap:
    """Cells of width by height; dot (0, 0) is the left upper one."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._bits = [[0] * width for _ in range(height)]
        self._styles = [[""] * width for _ in range(height)]
        self._marks: dict[tuple[int, int], str] = {}

    def dot(self, x: int, y: int, style: str = "") -> None:
        """Set a dot; outside it is none."""
        if 0 <= x < ACROSS * self.width and 0 <= y < DOWN * self.height:
            self._bits[y // DOWN][x // ACROSS] |= BITS[y % DOWN][x % ACROSS]
            self._styles[y // DOWN][x // ACROSS] = style

    def mark(self, x: float, y: float, sign: str) -> None:
        """What ASCII shows in place of the dots at a point, in parts of width and height."""
        column, row = round(x * (ACROSS * self.width - 1)), round((1 - y) * (DOWN * self.height - 1))
        self._marks[row // DOWN, column // ACROSS] = sign

    def path(self, parts: Sequence[tuple[float, float]], style: str = "", every: int = 1) -> None:
        """Lines through points in parts of width and height, the latter from below; every: which of the dots are set.

        Neighbouring dots of a line touch, at a corner at the least.
        """
        wide, high = ACROSS * self.width - 1, DOWN * self.height - 1
        dots = [(round(x * wide), round((1 - y) * high)) for x, y in parts]
        number = 0
        for k, (x, y) in enumerate(dots[:1] if len(dots) == 1 else dots[:-1]):
            to_x, to_y = dots[min(k + 1, len(dots) - 1)]
            steps = max(abs(to_x - x), abs(to_y - y), 1)
            for i in range(steps + 1):
                if number % every == 0:
                    self.dot(x + round((to_x - x) * i / steps), y + round((to_y - y) * i / steps), style)
                number += i < steps and (to_x, to_y) != (x, y)

    def rows(self, ascii_only: bool) -> Iterator[list[tuple[str, str]]]:
        """Row by row from the top, for each cell the sign, "" where there is no dot, and its style."""
        for row, (bits, styles) in enumerate(zip(self._bits, self._styles, strict=True)):
            signs = [_sign(b, ascii_only) if b else "" for b in bits]
            if ascii_only:
                signs = [self._marks.get((row, column), sign) for column, sign in enumerate(signs)]
            yield list(zip(signs, styles, strict=True))


def _sign(bits: int, ascii_only: bool) -> str:
    if not ascii_only:
        return chr(BRAILLE + bits)
    heights = [[y for y in range(DOWN) if bits & BITS[y][x]] for x in range(ACROSS)]
    every = sorted({y for column in heights for y in column})
    if every[-1] - every[0] == DOWN - 1 or len(every) >= DOWN - 1:
        left, right = (sum(column) / len(column) if column else None for column in heights)
        if left is None or right is None or abs(left - right) < 1:
            return "|"
        return "\\" if left < right else "/"
    middle = sum(every) / len(every)
    return "'" if middle < 1 else "." if middle > 2 else "-"
