"""Calls that give a pair in PyTorch, the values and their places, and here the values: `torch.max(x, 1)[0]`."""

from __future__ import annotations

from gradcli.core.op import NUMBER
from gradcli.core.ops import by_name
from gradcli.language.names import PAIRS
from gradcli.text import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from gradcli.language.state import Frame, State


def note_pair(p: State, frame: Frame, made: int) -> None:
    """Remember a call that was made, of one of PAIRS, where it is such a one: how the values are written here."""
    words, row = frame.names.values(), PAIRS[frame.name]
    meant = frame.prefix.partition(".")[0] == "torch" or "dim" in words or (frame.method and "axis" not in words)
    values, *rest = frame.arguments
    # Else it is of two arrays, or of all elements.
    along = rest and (frame.names[1] == "dim" if 1 in frame.names else _is_whole(p, rest[0]))
    if not meant or not (along or row == "sort"):
        return
    parts = [values, rest[0]] if along else [values]
    texts = [shortened(p.text[slice(*p.program.span(x))]) for x in parts]
    p.pairs[made] = f"{row}({', '.join(texts)})"


def _is_whole(p: State, x: int) -> bool:
    """Is an argument a whole number that is typed, as an axis is?"""
    node = p.nodes[x]
    if node[0] is by_name("neg"):
        node = p.nodes[node[1]]
    return node[0] is NUMBER and node[1].is_integer()


def refuse_part(p: State, last: int) -> NoReturn:
    """A part is asked for of the pair that was read last; last: the token that asks. Raises ExpressionError."""
    values = p.pairs[p.values[-1]]
    cure = f"write {values} for the values, {values}[0] for the first of them"
    p.fail("PyTorch gives a pair there, the values and their places", cure, p.starts[-1], last)
