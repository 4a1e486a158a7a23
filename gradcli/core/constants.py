"""What is known of numbers while a graph is built, and whether it is exact in every executor."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.core.op import Op


def is_short(x: float | None) -> bool:
    """Is it a multiple of 2**-10 below 2**20? Sums, differences and products below 2**30 of such are exact."""
    return x is not None and abs(x) < 2.0**20 and (x * 2.0**10).is_integer()


def constant(op: Op, values: Sequence[float], exact: bool) -> tuple[float, bool] | None:
    """The value of a product, quotient or negation of constants, and whether it is exact. exact: are they?

    Not sums: what cancels is not known well enough to be compared.
    """
    if op.name == "neg" and values[0] != 0.0:
        return -values[0], exact
    if op.name == "mul":
        return values[0] * values[1], False
    if op.name == "div" and values[1] != 0.0:
        value = values[0] / values[1]
        return value, exact and is_short(value) and is_short(values[0]) and value * values[1] == values[0]
    return None
