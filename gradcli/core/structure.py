"""Nodes that no row of the table makes: an empty place, `...`, what axes and indices are made of."""

from __future__ import annotations

from gradcli.core.op import STRUCTURE, Op

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


class ArrayMisuseError(ValueError):
    """An operation cannot be carried out on these arrays.

    The message goes on after the name of the operation; told: it tells the shapes, or no shape
    matters; cure: what to write instead, or "".
    """

    def __init__(self, message: str, cure: str = "", told: bool = False) -> None:
        self.cure = cure
        self.told = told
        super().__init__(message)


def _slice(np: Any, start: Array, stop: Array, step: Array) -> Array:
    return slice(*[None if v is None else whole_number(v) for v in (start, stop, step)])


def whole_number(v: Any) -> int:
    """A place or a length as an integer. Raises ArrayMisuseError, a ValueError."""
    if not getattr(v, "shape", ()) and v == v // 1:
        return int(v)
    raise ArrayMisuseError("an axis, a length or an index is a whole number")


NOTHING = Op("nothing", "", about="a place left empty: `None`, the open end of a slice", leaf=True)
ELLIPSIS = Op("ellipsis", "", about="`...` in an index: as many `:` as fit", leaf=True)
TUPLE = Op(
    "tuple", "*x", about="several results, or several axes",
    on_array=lambda np, *x: x, whole=True, vjp=(STRUCTURE,),
)  # fmt: skip
SLICE = Op("slice", "start, stop, step", about="a range of indices", on_array=_slice, whole=True, vjp=(STRUCTURE,) * 3)
