"""Where all nodes stand that were computed in arrays of balls, for the notes."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
from flint import arb

from gradcli.domains.digits import each
from gradcli.domains.nearest import as_float

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.core.graph import Graph
    from gradcli.domains.ball_tape import Balls


def standing(graph: Graph, balls: Balls) -> list[Any]:
    """The values of all nodes as arrays have them: 0 or infinite only where that is what a number is."""
    found = [
        np.asarray(each(x, _within), np.float64) if isinstance(x, np.ndarray) else _within(x) for x in balls.values
    ]
    return [np.asarray(x, bool)[()] if node[0].decides else x for node, x in zip(graph.nodes, found, strict=True)]


def _within(x: Any) -> Any:
    y = as_float(x)
    beyond = isinstance(x, arb) and y - y != 0 and x.is_finite()
    return math.copysign(sys.float_info.max, y) if beyond else y
