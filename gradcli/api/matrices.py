"""Second derivatives as they are kept: of numbers the entries that are not 0 by structure, of arrays blocks.

Rows and columns count the elements of all variables in order, those of an array in theirs; from 0.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any


class Entries:
    """A symmetric matrix of numbers by its entries on and above the diagonal; every other entry is 0 at every point."""

    __slots__ = ("_names", "_upper", "_zero")

    def __init__(self, names: Sequence[str], upper: list[tuple[int, int, Any]], zero: Any) -> None:
        """zero: the number that stands where no entry is."""
        self._names = names
        self._upper = upper
        self._zero = zero

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self._names)

    def entries(self) -> Iterator[tuple[int, int, Any]]:
        """Row, column and number of what is not 0 by structure, row after row.

        >>> list(Entries(["x", "y"], [(0, 1, 2.0)], 0.0).entries())
        [(0, 1, 2.0), (1, 0, 2.0)]
        """
        lower = [(j, i, number) for i, j, number in self._upper if i != j]
        return iter(sorted([*self._upper, *lower], key=lambda entry: entry[:2]))

    def lines(self, member: Callable[[str, Any], str]) -> Iterator[tuple[str, list[str]]]:
        """Of each row its variable and all its members as texts; those of the zeros are made once."""
        blank = [member(x, self._zero) for x in self._names]
        rows = [blank.copy() for _ in self._names]
        for i, j, number in self._upper:
            rows[i][j], rows[j][i] = (member(self._names[k], number) for k in (j, i))
        return zip(self._names, rows, strict=True)

    def nested(self) -> dict[str, dict[str, Any]]:
        """`["x"]["y"]` is the derivative by x and y."""
        blank = dict.fromkeys(self._names, self._zero)
        rows = [blank.copy() for _ in self._names]
        for i, j, number in self._upper:
            rows[i][self._names[j]] = rows[j][self._names[i]] = number
        return dict(zip(self._names, rows, strict=True))

    def dense(self) -> Any:
        """A NumPy array of floats."""
        import numpy as np

        matrix = np.zeros((self.size, self.size))
        for i, j, number in self._upper:
            matrix[i, j] = matrix[j, i] = float(number)
        return matrix


class Blocks:
    """A symmetric matrix where variables may be arrays: blocks in the shape of one variable, then of another.

    support: truths of all its rows, which entries are not 0 by structure; None where that is not known.
    """

    __slots__ = ("_blocks", "_sizes", "support")

    def __init__(self, blocks: dict[str, dict[str, Any]], sizes: Sequence[int]) -> None:
        """sizes: the number of elements of each variable."""
        self._blocks = blocks
        self._sizes = sizes
        self.support: Any = None

    @property
    def size(self) -> int:
        """The number of rows."""
        return sum(self._sizes)

    def entries(self) -> Iterator[tuple[int, int, Any]]:
        """Row, column and number of what is not 0 by structure, row after row; where that is not known, of all."""
        for i, row in enumerate(self.flat()):
            columns = range(self.size) if self.support is None else self.support[i].nonzero()[0].tolist()
            numbers = row.tolist()
            yield from [(i, j, numbers[j]) for j in columns]

    def lines(self, member: Callable[[str, Any], str]) -> Iterator[tuple[str, list[str]]]:
        """Of each row of blocks its variable and all its members as texts."""
        return ((x, [member(w, block) for w, block in row.items()]) for x, row in self._blocks.items())

    def nested(self) -> dict[str, dict[str, Any]]:
        """`["x"]["w"]` has the shape of x followed by that of w."""
        return self._blocks

    def dense(self) -> Any:
        """A NumPy array of floats."""
        return self.flat().astype(float)

    def flat(self) -> Any:
        """A NumPy array of all rows, in the numbers as they are."""
        import numpy as np

        rows = zip(self._blocks.values(), self._sizes, strict=True)
        parts = [
            [np.reshape(block, (m, n)) for block, n in zip(row.values(), self._sizes, strict=True)] for row, m in rows
        ]
        return np.block(parts) if parts else np.zeros((0, 0))
