"""Operations that choose among their arguments. What was not chosen is not differentiated."""

from __future__ import annotations

from gradcli.core import simplify
from gradcli.core.op import DISCRETE, STRUCTURE, Op
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.core.op import Array


def _share(g: Array, r: Array, *x: Array) -> Array:
    """A tie is split evenly (PyTorch and JAX agree)."""
    ties = x[0] == r
    for v in x[1:]:
        ties = ties + (v == r)
    return g / ties


def _extreme(name: str, word: str, extreme: Callable[..., float]) -> Op:
    return Op(
        name, "*x",
        aliases=f"{name}imum", about=f"the {word} argument", example=f"{name}(2, 3)",
        edges=f"kink where the {word} two are equal; the gradient is split evenly",
        share=_share, vjp=(lambda g, r, x: g,), rules=(("choice",) * 2,), active=(lambda r, x: x == r,),
        kink=lambda *x: x[0] == x[1] if len(x) == 2 else x.count(extreme(x)) > 1,
        integral=True,
        torch=f"{name.capitalize()}imum",
    )  # fmt: skip


ROWS = (
    Op(
        "where", "condition, x, y",
        about="x where the condition is true (not 0), else y; also x if condition else y",
        example="where(1 < 2, 3, 4)",
        vjp=(DISCRETE, lambda g, r, c, x, y: g, lambda g, r, c, x, y: g),
        rules=(("choice",) * 2,) * 3,
        active=(None, lambda r, c, x, y: fn.ne(c, 0), lambda r, c, x, y: fn.eq(c, 0)),
        simplify=simplify.where,
        integral=True,
        fresh=False,
    ),
    _extreme("max", "largest", max),
    _extreme("min", "smallest", min),
    Op(
        "clamp", "x, min=-inf, max=inf",
        aliases="clip", about="x kept between min and max; max wins where they cross", example="clamp(5, 0, 1)",
        definition="min(max(x, min), max)",
        edges="kink at x = min and x = max, slope 1 used",
        vjp=(lambda g, r, x, low, high: g, lambda g, r, x, low, high: g, lambda g, r, x, low, high: g),
        active=(
            lambda r, x, low, high: fn.logical_and(x >= low, x <= high),
            lambda r, x, low, high: fn.logical_and(x < low, low < high),
            lambda r, x, low, high: fn.logical_or(x > high, fn.logical_and(x < low, high <= low)),
        ),
        kink=lambda x, low, high: ((low < high) & ((x == low) | (x == high))) | ((low == high) & (x <= low)),
        integral=True,
    ),
    Op(
        "abs", "x",
        aliases="absolute fabs", about="the absolute value", example="abs(-3)", edges="kink at 0, slope 0 used",
        vjp=(lambda g, r, x: g * fn.sign(x),), active=(lambda r, x: x != 0,), squared=(lambda g, r, x: g * (2 * x),),
        kink=lambda x: x == 0,
        integral=True,
    ),
    Op(
        "detach", "x",
        aliases="stop_gradient", about="x as a constant: its gradient is 0", example="detach(3)",
        vjp=(STRUCTURE,),
        integral=True,
        torch=None, fresh=False,
    ),
)  # fmt: skip
