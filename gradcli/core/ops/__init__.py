"""The table of operations. A new operation is one row in one of these files."""

from __future__ import annotations

from gradcli.core.op import Op
from gradcli.core.ops import (
    activation,
    arithmetic,
    arrays,
    choice,
    elementary,
    hyperbolic,
    linear_algebra,
    logic,
    losses,
    reductions,
    rounding,
    special,
    trigonometry,
)

FAMILIES = (
    *(arithmetic, logic, choice, elementary, trigonometry, hyperbolic, rounding, activation, special),
    *(arrays, reductions, linear_algebra, losses),
)

TABLE: dict[str, Op] = {row.name: row for family in FAMILIES for row in family.ROWS}

by_name = TABLE.__getitem__
