"""Slopes against one-sided differences: wrong rules, and notes that miss or lie."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb

from gradcli.core.ops import by_name

from . import exact
from .exact import Sides, same

if TYPE_CHECKING:
    from gradcli.api.evaluation import Note

    from .oracle import Truth

_DETACH = by_name("detach")
NOTED = {"kink", "jump", "boundary", "infinite", "domain", "overflow", "underflow", "indeterminate"}
NOTED |= {"undecided", "cancellation"}
FLAT = 1e-24  # a difference does not tell such a slope from 0
SEEN = 1e-20  # nor slopes that differ by less from each other
BY_SIGN = {"atan2", "acot"}  # beside what has a pole
LARGEST = 6  # so many numbers of a point are moved


class Slopes:
    """The partials of one point on trial."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.trial = truth.trial
        self.graph = truth.trial.graph(False)
        self.nodes = self.graph.nodes
        self.output = self.graph.outputs[0]
        self.sides: dict[tuple[str, tuple[int, ...]], Sides] = {}

    def judge(self) -> None:
        """Every partial, then every note."""
        if any(node[0] is _DETACH for node in self.nodes):
            return  # a constant for the gradient, and none for a difference
        middle = exact.run(self.nodes, self.truth.at, self.trial.arrays)
        self.is_exact = self._is_exact(middle)
        for name, place in exact.elements(self.trial.point)[:LARGEST]:
            sides = Sides(self.graph, self.truth.at, (name, place), arrays=self.trial.arrays, middle=middle)
            self.sides[name, place] = sides
            self.trial.seen["partials"] += 1
            self._partial(name, place)
        if self.truth.notes is not None and self.is_exact and not self.trial.arrays:
            for note in self.truth.notes:
                if note.kind == "kink":
                    self._note(note)

    def _is_exact(self, middle: list[Any]) -> bool:
        """Are all numbers of the text the same in floats and in truth? Then both stand at the same kinks."""
        if self.trial.arrays:
            return all(_is_short(v) for x in self.truth.at.values() for v in np.ravel(x))
        floats = self.trial.values(self.graph)
        if any(self._reads_signed_zero(node, floats) for node in self.nodes):
            return False  # balls have no -0: by IEEE atan2(0, -0) is pi
        return all(
            v.is_finite() and x - x == 0 and (v == x or self._only_smooth(i))
            for i, (v, x) in enumerate(zip(middle, floats, strict=True))
        )

    @staticmethod
    def _reads_signed_zero(node: Any, floats: list[Any]) -> bool:
        """Is the sign of a 0 what an operation goes by?"""
        op, *operands = node
        if op.leaf or not (op.pole or op.name in BY_SIGN):
            return False
        return any(floats[k] == 0 and math.copysign(1.0, floats[k]) < 0 for k in operands)

    def _only_smooth(self, i: int) -> bool:
        """Does no operation that chooses, steps or ends somewhere read what comes of this node?"""
        reach = {i}
        for k in range(i + 1, len(self.nodes)):
            op, *operands = self.nodes[k]
            if not op.leaf and reach.intersection(operands):
                if op.kink or op.jump or op.decides or op.active or op.pole:
                    return False
                reach.add(k)
        return True

    def _partial(self, name: str, place: tuple[int, ...]) -> None:
        truth, sides = self.truth, self.sides[name, place]
        used = truth.grad[name][place] if place else truth.grad[name]
        left, right = sides.slopes(self.output)
        if sides.jumps(self.output):
            self.trial.seen["jumps"] += 1
            if self._is_silent() and self._confirmed(name, place, lambda s: s.jumps(self.output)):
                self.trial.fail("jump missed", "notes", f"the result jumps at this {name}")
        elif left is None or right is None:
            return
        elif same(left, right):
            self._smooth(name, place, used, left)
        elif self._is_silent() and self._confirmed(name, place, lambda s: not same(*_both(s, self.output))):
            told = f"{_text(left)} on the left, {_text(right)} on the right"
            self.trial.fail("kink missed", "notes", f"{name}: {told}, {used!r} used")

    def _is_silent(self) -> bool:
        """Ought there to be a note, and is there none?"""
        return self.is_exact and self.truth.notes is not None and not self.truth.kinds & NOTED

    def _smooth(self, name: str, place: tuple[int, ...], used: float, slope: arb) -> None:
        """Both sides agree: so does our number, or a note says why not."""
        truth = self.truth
        if used != used and "nan" in self.trial.text:
            return
        if used - used == 0 and ((slope - used).contains(0) or abs(slope - used) <= abs(slope) * 2.0**-30 + 1e-250):
            return
        if abs(used) < FLAT and slope.abs_upper() < FLAT:
            return
        ours = self._ours(name, place)
        if ours is not None and ours.is_finite() and same(ours, slope):
            return  # rounding: judged where numbers are
        is_open = ours is not None and not (ours.is_finite() or ours.is_nan() or ours.is_exact())
        if is_open or truth.kinds & NOTED:
            return
        if not self.is_exact and used - used == 0:
            k = 1 + self.truth.f.variables.index(name)
            e = int(np.ravel_multi_index(place, np.shape(truth.grad[name]))) if place else 0
            within = truth.within(k, e)
            if not within.is_finite() or within.overlaps(slope):
                return
        if self._confirmed(name, place, lambda s: _is_smooth(s, self.output, slope)):
            self.trial.fail("slope", "floats", f"{name}: {used!r}, and {_text(slope)} on both sides, without a note")

    def _ours(self, name: str, place: tuple[int, ...]) -> Any:
        truth = self.truth
        found = exact.outputs(truth.graph, truth.values)[1 + truth.f.variables.index(name)]
        if isinstance(found, np.ndarray) and place:
            found = np.broadcast_to(found, np.shape(truth.grad[name]))[place]
        return found if isinstance(found, arb) else None

    def _confirmed(self, name: str, place: tuple[int, ...], holds: Any) -> bool:
        """Does it hold a much smaller step away, too?"""
        return bool(holds(Sides(self.graph, self.truth.at, (name, place), arrays=self.trial.arrays, far=True)))

    # -- notes

    def _note(self, note: Note) -> None:
        """A kink note: its operation has a kink, its slopes are right, and they differ or another one is used."""
        truth = self.truth
        left, right = note.left or {}, note.right or {}
        if any(slope != slope for slope in (*left.values(), *right.values())):
            return  # not known, and told so
        if left and all(left[x] != right[x] and abs(left[x] - right[x]) < SEEN for x in left):
            return
        agrees = bool(left)
        for name in left:
            sides = self.sides.get((name, ()))
            found = (None, None) if sides is None else sides.slopes(self.output)
            if sides is None or None in found or sides.jumps(self.output):
                agrees = False
                continue
            for k, said in enumerate((left[name], right[name])):
                if self._is_wrong(name, k, said):
                    where = ("left", "right")[k]
                    told = f"slope by {name} {said!r} on the {where}, {_text(found[k])} in truth"
                    self.trial.fail("note lies", "notes", f"{note.op}: {told}")
                    return
            used = _fits(truth.grad[name], found[0])
            if note.op == "clamp" and same(*found) and not used:
                return  # clamp(x, 1, 1) is level at 1, and by convention has x's slope there
            agrees = agrees and same(*found) and used
        if agrees and all(self._stays(name, left[name]) for name in left):
            told = "has a kink note, and both slopes are the one that is used"
            self.trial.fail("note lies", "notes", f"{note.op} {told}")
        elif left and not agrees and not self._has_kink(note):
            self.trial.fail("note lies", "notes", f"{note.op} is blamed, and has no kink here")

    def _stays(self, name: str, slope: float) -> bool:
        """Is a slope that of both sides a much smaller step away, too?"""
        return self._confirmed(
            name, (), lambda s: all(v is not None and _fits(slope, v) for v in s.slopes(self.output))
        )

    def _is_wrong(self, name: str, side: int, said: float) -> bool:
        """Is a slope on a side another one than a note says, seen from afar and from near?"""
        if _fits(said, self.sides[name, ()].slopes(self.output)[side]):
            return False
        return self._confirmed(name, (), lambda s: not _fits(said, s.slopes(self.output)[side]))

    def _has_kink(self, note: Note) -> bool:
        """Does an operation that the note may mean have a kink or a step by one of the variables?

        Or, where the note says that the slopes agree and another one is used: does it split that among operands?
        """
        program, origin = self.truth.f.program, self.graph.origin
        for i, node in enumerate(self.nodes):
            if node[0].name == note.op and origin[i] >= 0 and program.span(origin[i]) == tuple(note.at):
                for sides in self.sides.values():
                    left, right = sides.slopes(i)
                    if left is None or right is None or not same(left, right) or sides.jumps(i):
                        return True
                if not any(sides.middle[i] is not sides.left[i] for sides in self.sides.values()):
                    return True
                if note.left == note.right and any(self._splits(i, sides) for sides in self.sides.values()):
                    return True
        return False

    def _splits(self, i: int, sides: Sides) -> bool:
        """Does an operation stand at several of its operands, whose slopes differ on a side?"""
        y = sides.middle[i]
        ties = [k for k in self.nodes[i][1:] if isinstance(sides.middle[k], arb) and sides.middle[k].overlaps(y)]
        for slopes in zip(*[sides.slopes(k) for k in ties], strict=True):
            known = [slope for slope in slopes if slope is not None]
            if any(not same(known[0], slope) for slope in known[1:]):
                return True
        return False


def _is_short(v: arb) -> bool:
    return bool(v.is_finite() and (v * 8).is_integer() and abs(v) < 1e6)


def _both(sides: Sides, i: int) -> tuple[arb, arb]:
    left, right = sides.slopes(i)
    return (arb(0), arb(0)) if left is None or right is None else (left, right)


def _is_smooth(sides: Sides, i: int, slope: arb) -> bool:
    left, right = sides.slopes(i)
    return left is not None and right is not None and same(left, slope) and same(right, slope) and not sides.jumps(i)


def _fits(x: float, slope: Any) -> bool:
    return slope is None or (x - x == 0 and bool(abs(slope - x) <= abs(slope) * 1e-8 + 1e-100)) or x - x != 0


def _text(x: arb) -> str:
    return x.str(8, radius=False)
