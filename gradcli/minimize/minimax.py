"""The lowest point of the largest of some linear functions, with a quadratic one added to all, within a box.

By a primal-dual interior point method with Mehrotra's predictor (Nocedal and Wright, Numerical Optimization, 16.6).
"""

from __future__ import annotations

from functools import partial

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.minimize.objective import Vector

ROUNDS = 60
CLOSE = 1e-15
INSIDE = 0.995  # the part of the way to the edge of the positive numbers


def minimax(heights: Vector, slopes: Vector, matrix: Vector, low: Vector, high: Vector) -> tuple[Vector, Vector]:
    """Where max(heights + slopes @ d) + d @ matrix @ d / 2 is lowest in low <= d <= high, and the functions' weights.

    heights: one for each function; slopes: a row for each; matrix: positive semidefinite. The weights are not
    negative, their sum is 1, and outside the box's sides they make the sum of all slopes 0.
    """
    functions, size = slopes.shape
    eye = np.eye(size)
    # In z = (d, v): the rows say heights + slopes @ d <= v and that d is within the box.
    rows = np.block([[slopes, -np.ones((functions, 1))], [eye, np.zeros((size, 1))], [-eye, np.zeros((size, 1))]])
    limits = np.concatenate([-heights, high, -low])
    bent = np.zeros((size + 1, size + 1))
    bent[:size, :size] = matrix
    cost = np.zeros(size + 1)
    cost[size] = 1.0
    z = np.append((low + high) / 2, 0.0)
    z[size] = np.max(heights + slopes @ z[:size]) + max(1.0, float(np.max(np.abs(slopes))))
    room = limits - rows @ z
    weights = np.concatenate([np.full(functions, 1 / functions), np.full(2 * size, 1 / functions)])
    for _ in range(ROUNDS):
        dual = bent @ z + cost + rows.T @ weights
        primal = rows @ z + room - limits
        mean = float(room @ weights) / room.size
        if mean < CLOSE and np.max(np.abs(dual)) < CLOSE * 10:
            break
        system = bent + (rows.T * (weights / room)) @ rows
        step = partial(_step, system, rows, room, weights, dual, primal)
        try:
            _, opened, added = step(room * weights)
            share = min(_most(room, opened), _most(weights, added))
            centre = float((room + share * opened) @ (weights + share * added)) / room.size / mean
            change, opened, added = step(room * weights + opened * added - centre**3 * mean)
        except np.linalg.LinAlgError:  # as close as rounding allows
            break
        share = INSIDE * min(_most(room, opened), _most(weights, added))
        z, room, weights = z + share * change, room + share * opened, weights + share * added
    return np.clip(z[:size], low, high), weights[:functions] / np.sum(weights[:functions])


def _step(
    system: Vector, rows: Vector, room: Vector, weights: Vector, dual: Vector, primal: Vector, product: Vector
) -> tuple[Vector, Vector, Vector]:
    """Newton's step to where all remainders are 0: the changes of the point, of the room and of the weights."""
    change = np.asarray(np.linalg.solve(system, -dual - rows.T @ ((weights * primal - product) / room)), np.float64)
    opened = -primal - rows @ change
    return change, opened, -(product + weights * opened) / room


def _most(positive: Vector, change: Vector) -> float:
    """The largest part of a change, at most all of it, that leaves nothing negative."""
    falls = change < 0
    return min(1.0, float(np.min(-positive[falls] / change[falls], initial=np.inf)))
