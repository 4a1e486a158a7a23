"""What is 0 in floats and not in truth says so, and what is 0 in truth does not: every row against balls."""

from __future__ import annotations

from itertools import product

import pytest
from flint import arb, ctx

from gradcli.core.ops import TABLE
from gradcli.domains.balls import evaluate
from gradcli.domains.float_tape import call

SLOW = ("zeta", "zeta_derivative", "polygamma", "beta_density")  # minutes of high orders
ROWS = [r for r in TABLE.values() if not (r.whole or r.leaf or r.decides or r.variadic or r.name in SLOW)]
FAR = (0.0, 5e-324, 1e-200, 0.5, 1.0, 2.0, -2.0, 40.0, -40.0, 200.0, -200.5, 800.0, -800.0, 1e16, 1e200, -1e200)
FEW = (0.0, 5e-324, 1e-200, 2.0, 40.0, 0.5, -200.5, 1e200)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_zero_of_floats_alone_is_told(row) -> None:
    """The log of expint(2, 800), which is 4e-351, is no pole; 3 over 5 is 0 in truth."""
    count = len(row.signature.split(","))
    with ctx.workprec(400):
        for x in product({1: FAR, 2: FEW}.get(count, FEW[:5]), repeat=count):
            if call(row, list(x)) == 0:
                truth, told = evaluate(row, [arb(v) for v in x]), bool(row.underflow and row.underflow(*x))
                assert not truth.is_finite() or truth.contains(0) or told, x
                assert not (truth == 0 and told), x
