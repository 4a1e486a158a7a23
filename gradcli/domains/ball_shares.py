"""Softmax and its kin on arrays of balls: beside the largest element of each row, and by the conventions at infinities.

The largest element itself counts as exp(0): so no power is beyond Arb, and in a row of one number, or of one beside
-inf, the logarithm of a share is exactly 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb

from gradcli.core.ops.reductions import along_last
from gradcli.domains.arb import INF
from gradcli.domains.balls import BALLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcli.domains.domain import Domain


def _below_top(row: list[arb]) -> tuple[list[arb], list[arb]] | None:
    """Each element less the largest, and the exponentials of these; None where there is no value."""
    top = max(range(len(row)), key=lambda k: row[k].mid())
    if any(x.is_nan() or x == INF for x in row) or row[top] == -INF:
        return None
    less = [arb(0) if k == top else BALLS["sub"](x, row[top]) for k, x in enumerate(row)]
    return less, [BALLS["exp"](x) for x in less]


def _shares(row: list[arb]) -> list[arb]:
    found = _below_top(row)
    if found is None:
        return [arb("nan")] * len(row)
    total = sum(found[1], arb(0))
    return [x / total for x in found[1]]


def _log_shares(row: list[arb]) -> list[arb]:
    found = _below_top(row)
    if found is None:
        return [arb("nan")] * len(row)
    lost = BALLS["log"](sum(found[1], arb(0)))
    return [BALLS["sub"](x, lost) for x in found[0]]


def _share_of(p: arb, log: arb) -> arb:
    return p if p.is_zero() else BALLS["mul"](p, log)


def supply(domain: Domain, plain: Callable[[Any], Any]) -> None:
    """Give the domain these operations. plain: makes an axis of one of its numbers."""

    def of_rows(function: Callable[[list[arb]], list[arb]]) -> Callable[[Any, Any], Any]:
        def run(x: Any, axis: Any) -> Any:
            rows, back = along_last(np, x, plain(axis))
            out = np.empty(rows.shape, object)
            for place in np.ndindex(rows.shape[:-1] if rows.shape[-1] else 0):
                out[place] = function(rows[place].tolist())
            return back(out)[()]

        return run

    domain["softmax"], log_softmax = of_rows(_shares), of_rows(_log_shares)
    domain["log_softmax"] = log_softmax

    def cross_entropy(x: Any, target: Any) -> Any:
        """By its definition, but that what the target excludes may be infinitely unlikely."""
        axis = domain["class_axis"](x)
        logs = np.frompyfunc(_share_of, 2, 1)(domain["probabilities"](target, x), log_softmax(x, axis))
        rows = domain["count"](x, None) / domain["count"](x, axis)
        return -domain["sum"](logs, None, arb(0)) / rows

    domain["cross_entropy"] = cross_entropy
