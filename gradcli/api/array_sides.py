"""The partials on the two sides of a kink in a program on arrays, element by element of its variables.

Beside the point the result is smooth: the partials there, at three small distances, tell the one at it. Where they do
not go to a limit alike, or the numbers are too many, a note stays without its slopes.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from gradcli.api.kinks import MOST, told
from gradcli.core.graph import VARIABLE, reachable
from gradcli.domains.array_tape import ArrayError, folded, operation
from gradcli.domains.run import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.api.evaluation import Note
    from gradcli.core.graph import Graph

FAR = (2.0**-27, 2.0**-28, 2.0**-40)  # of a number; of 0 as it stands
AROUND = (2.0**-27, 2.0**-27, 2.0**-12, 2.0**-12, 2.0**-6, 2.0**-6)  # each with other signs
SIDES = (-1.0, 1.0)
LIKE = 1e-6  # how near to one line, relatively, slopes at these distances are
NOISE = 1e-9  # how far the result may move, relatively, where its slope is 0
STEPPED = 1e-13  # a node that moves by more, relatively, and not in proportion to the distance has stepped
LARGEST = 20_000  # elements of an operation, times those that are moved


class ArraySides:
    """Of one point; each element that is moved costs six runs, so MOST of them are moved for all notes together.

    partials: the name and the node of each; leaves: the nodes of the variables; values: of all nodes.
    """

    def __init__(
        self, graph: Graph, partials: Sequence[tuple[str, int]], leaves: dict[str, int], values: Sequence[Any]
    ) -> None:
        self._graph, self._partials, self._leaves = graph, partials, leaves
        self._values = values
        self._left = MOST
        self._nodes: Sequence[Any] = ()
        self._runs: dict[tuple[str, int, float], list[list[Any]]] = {}  # of elements that were moved
        self._around: list[list[Any]] = []

    def work_out(self, note: Note, i: int, marks: Callable[[Sequence[Any]], Any]) -> bool:
        """Give the note of a kink of node i its slopes; False where they are those that were used: there is no note.

        marks: where the node has a kink, from the values of all nodes.
        """
        at, used = np.asarray(marks(self._values)), self._used()
        elements = self._moved(i, at)
        if used is None or elements is None or not at.any():
            return True
        found: dict[tuple[str, int], list[float]] = {}
        unmoved = True
        for name, place in elements:
            sides = [self._beside(name, place, side, at, marks) for side in SIDES]
            if not any(moved for moved, _ in sides):
                continue
            unmoved, own = False, float(used[name].flat[place])
            slopes = [self._limit(beside, own, self._scale(used)) for _, beside in sides]
            if any(slope != slope for slope in slopes):
                return True
            if slopes != [own, own]:
                found[name, place] = slopes
        if found:
            self._write(note, found, used)
        return bool(found) or (unmoved and bool(np.any(at & ~np.asarray(self.stays(marks)))))

    def leaps(self, i: int, at: Any) -> bool:
        """Has node i, at some of these elements, another value or piece beside the point, by one element moved?

        Also where these are too many to tell.
        """
        elements = self._moved(i, at)
        if elements is None:
            return True
        op, *operands = self._graph.nodes[i]
        here = np.asarray(self._values[i], dtype=np.float64)
        if op.decides:  # of `x == sin(x)` the difference shows farther off alone
            beside = [values for k in range(len(AROUND)) if (values := self._sample(k))]
            beside += [run for of in elements for side in SIDES for run in self._beside_of(*of, side)]
            odd = [np.isnan(values[k]) for values in beside for k in operands]
            # True numbers may have decided here what floats that stay would decide otherwise.
            other = [(of[i] != here) & self._differs(of, operands) for of in beside]
            return any(np.any(at & found) for found in (*odd, *other))
        for of in elements:
            for far, _, near in (self._beside_of(*of, side) for side in SIDES):
                if op.name == "where":  # is the other branch another function?
                    if np.any(at & (far[operands[1]] != far[operands[2]])):
                        return True
                    continue
                step, slope = np.asarray(near[i]) - here, np.asarray(far[i]) - here
                stepped = (np.abs(step) > 0.5 * np.abs(slope)) & (np.abs(step) > STEPPED * np.abs(here))
                if np.any(at & (stepped | ~np.isfinite(step))):
                    return True
        return False

    def _differs(self, values: Sequence[Any], operands: Sequence[int]) -> Any:
        """Where one of these nodes is another number than at the point."""
        return reduce(np.logical_or, [np.not_equal(values[k], self._values[k]) for k in operands])

    def shows(self, i: int, marks: Callable[[Sequence[Any]], Any]) -> bool:
        """Does the result change, in its value or its slope, where an element moves node i off its marks?"""
        at, used = np.asarray(marks(self._values)), self._used()
        elements = self._moved(i, at)
        if used is None or elements is None:
            return False
        for name, place in elements:
            own = float(used[name].flat[place])
            for side in SIDES:
                moved, slopes = self._beside(name, place, side, at, marks)
                value = float(np.reshape(self._beside_of(name, place, side)[-1][self._graph.outputs[0]], ()))
                if moved and value == value and self._limit(slopes, own, self._scale(used)) != own:
                    return True
        return False

    def _moved(self, i: int, at: Any) -> list[tuple[str, int]] | None:
        """The elements of variables that may be moved for these elements of node i; None where they are too many."""
        at = np.asarray(at)
        places = self._places(i, at)
        count = sum([len(of) for _, of in places])
        if not self._partials or count > MOST or np.size(at) * count > LARGEST:
            return None
        elements = [(name, int(k)) for name, of in places for k in of]
        fresh = [of for of in elements if (*of, 1.0) not in self._runs]
        if len(fresh) > self._left:
            return None
        self._left -= len(fresh)
        return elements

    def _used(self) -> dict[str, Any] | None:
        """The partials in the shapes of their variables; None where there are none of one number."""
        found = {}
        for name, partial in self._partials:
            if name not in self._leaves:
                continue
            shape = np.shape(self._values[self._leaves[name]])
            if np.shape(self._values[partial]) not in (shape, ()):
                return None
            found[name] = np.broadcast_to(np.asarray(self._values[partial], dtype=np.float64), shape)
        return found

    def _places(self, i: int, at: Any) -> list[tuple[str, Any]]:
        """The elements of each variable to move: of large ones those that stand where node i is marked."""
        below = reachable(self._graph.nodes, [i])
        found: list[tuple[str, Any]] = []
        for name, _ in self._partials:
            leaf = self._leaves.get(name)
            if leaf is None or not below[leaf]:
                continue
            x = np.asarray(self._values[leaf])
            every = x.size <= MOST or x.shape != at.shape
            found.append((name, np.arange(x.size) if every else np.flatnonzero(at)))
        return found

    def _scale(self, used: dict[str, Any]) -> float:
        return max(float(np.max(np.abs(x), initial=0.0)) for x in used.values())

    def _beside(
        self, name: str, place: int, side: float, at: Any, marks: Callable[[Sequence[Any]], Any]
    ) -> tuple[bool, list[float]]:
        """Whether the element moves the kink on a side, and the partial there at three distances.

        NaN where it is not known, as beside a step of the result.
        """
        partial = dict(self._partials)[name]
        x = np.asarray(self._values[self._leaves[name]], dtype=np.float64)
        here = float(x.flat[place])
        if here - here != 0:
            return True, [np.nan]
        runs = self._beside_of(name, place, side)
        slopes = [float(np.broadcast_to(np.asarray(v[partial], dtype=np.float64), x.shape).flat[place]) for v in runs]
        moves = [bool(np.any(at & ~np.asarray(marks(values)))) for values in runs]
        before, after = (float(np.reshape(of[self._graph.outputs[0]], ())) for of in (self._values, runs[-1]))
        rise = abs(slopes[-1]) * FAR[-1] * (abs(here) or 1.0)
        steady = after == before or abs(after - before) <= 2.0 * rise + NOISE * abs(before)
        return any(moves), slopes if steady and len(set(moves)) == 1 else [np.nan]

    def _beside_of(self, name: str, place: int, side: float) -> list[list[Any]]:
        """The values of all nodes where the element is moved to a side by three distances."""
        key = name, place, side
        if key not in self._runs:
            leaf = self._leaves[name]
            x = np.array(self._values[leaf], dtype=np.float64)
            here = float(x.flat[place])
            self._runs[key] = []
            for far in FAR:
                x.flat[place] = here + side * far * (abs(here) or 1.0)
                try:
                    self._runs[key].append(self._run({leaf: np.array(x)[()]}))
                except ArrayError:  # it is a place, which does not move
                    self._runs[key].append([*self._values])
        return self._runs[key]

    def _limit(self, slopes: Sequence[float], own: float, scale: float) -> float:
        """Where the slopes go to, `own` where it may be that but for rounding; NaN where they go nowhere."""
        far, half, near = slopes if len(slopes) == len(FAR) else (np.nan,) * 3
        if far == half == near:
            return near
        if all(abs(slope - own) <= FAR[2] * scale for slope in slopes):
            return own
        if abs(near - own) <= 2.0 * FAR[2] / FAR[1] * abs(half - own) and abs(half - own) < abs(far - own):
            return own  # at least as fast as the point is approached, as of abs(x)**3
        limit = 2.0 * half - far
        off = near - (limit + 2.0 * (far - half) * FAR[2] / FAR[0])
        if not abs(off) <= LIKE * max(map(abs, slopes)):
            return np.nan
        return own if abs(limit - own) <= 2.0 * abs(limit - near) else limit

    def stays(self, marks: Callable[[Sequence[Any]], Any]) -> Any:
        """Where the marks are all around the point, as of `abs(x - x)`: nothing turns or steps there.

        marks: as for `work_out`, or of any other thing that happens.
        """
        found: Any = True
        for k in range(len(AROUND)):
            values = self._sample(k)
            found = values and np.logical_and(found, marks(values))
            if not np.any(found):
                return False
        return found

    def _sample(self, k: int) -> list[Any]:
        """The values of all nodes at such a point; empty where a number that moved is a place."""
        if k == len(self._around):
            rng = np.random.default_rng(k)
            moved = {}
            for i in self._leaves.values():
                x = np.asarray(self._values[i])
                moves = rng.uniform(-0.5, 0.5, x.shape)
                moves = AROUND[k] * (moves + np.copysign(0.5, moves))
                moved[i] = (x + moves * np.where(x, np.abs(x), 1.0))[()]
            try:
                self._around.append(self._run(moved))
            except ArrayError:
                self._around.append([])
        return self._around[k]

    def _run(self, moved: dict[int, Any]) -> list[Any]:
        if not self._nodes:
            self._nodes = folded(self._graph).nodes

        def value(i: int, node: Any) -> Any:
            return moved.get(i, self._values[i]) if node[0] is VARIABLE else node[1]

        with np.errstate(all="ignore"):
            found: list[Any] = run(self._nodes, value, operation)
        return found

    def _write(self, note: Note, found: dict[tuple[str, int], list[float]], used: dict[str, Any]) -> None:
        sides: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
        parts = []
        for (name, place), pair in found.items():
            x = used[name]
            for side, slope in zip(sides, pair, strict=True):
                side.setdefault(name, np.array(x)).flat[place] = slope
            index = ", ".join(map(str, np.unravel_index(place, x.shape)))
            of = f"{name}[{index}]" if x.shape else name
            parts.append(
                told(pair[0], pair[1], float(x.flat[place]), "" if len(found) == 1 and not x.shape else f"by {of} ")
            )
        note.left, note.right = ({x: y if y.shape else float(y) for x, y in side.items()} for side in sides)
        note.message += f": {'; '.join(parts)}"
