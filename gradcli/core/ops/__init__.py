"""The table of operations. A new operation is one row in one of these files.

>>> by_name("softplus").definition, by_name("softplus").signature
('log(1 + exp(x))', 'x')
"""

from __future__ import annotations

from gradcli.core.ops import (
    activation,
    arithmetic,
    arrays,
    choice,
    elementary,
    hyperbolic,
    integrals,
    linear_algebra,
    logic,
    losses,
    reductions,
    rounding,
    softmax,
    special,
    trigonometry,
)
from gradcli.core.table import TABLE, by_name

FAMILIES = (
    *(arithmetic, logic, choice, elementary, trigonometry, hyperbolic, rounding, activation, special),
    *(arrays, reductions, softmax, linear_algebra, losses),
    integrals,
)

TABLE.update((row.name, row) for family in FAMILIES for row in family.ROWS)

__all__ = ["FAMILIES", "TABLE", "by_name"]
