"""Where a plan takes its signs: each value may be stored as its negative, so that few steps do nothing but negate.

A sum of stored negatives is a difference, a product carries a sign that its literal can take, and so on;
the sign of a value is chosen from the last step to the first. Only the sign of a zero can
change, so what is not seen through sums, products and results alone keeps its own.
"""

from __future__ import annotations

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.domains.blocks.plan import Plan, Step

_SUMS = {np.add: 1, np.subtract: -1}
_AWARE = (*_SUMS, np.multiply, np.divide, np.negative)


def place_signs(plan: Plan) -> None:
    """Rewrite the steps of the plan."""
    if any(step.function is np.negative for step in plan.steps):
        _Signs(plan).rewrite()


class _Signs:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.sign: dict[int, int] = {}  # of a value: -1 where its negative is stored
        self.users: dict[int, list[Step]] = {}
        for step in plan.steps:
            for k in {c >> 1 for c in step.operands}:
                self.users.setdefault(k, []).append(step)
        self.results = set(plan.outputs)
        self.free: set[int] = set()  # values whose zeros may have either sign
        for step in reversed(plan.steps):
            if step.function in _AWARE:  # the others keep the sign of what they see
                self._choose(step)

    def _choose(self, step: Step) -> None:
        """Store the negative where that saves its users more negations than it may cost here.

        An equal cost is a gain too: the sign then moves on to the operands, which may take it.
        """
        i = step.results[0] >> 1
        users = self.users.get(i, [])
        if not all(user.results[0] >> 1 in self.free and not _divides_by(user, i) for user in users):
            return
        self.free.add(i)
        if i in self.results:
            return
        before, own = sum(map(self._needs_negation, users)), self._needs_negation(step)
        self.sign[i] = -1
        gain = before - sum(map(self._needs_negation, users))
        if gain < 1 or gain < self._needs_negation(step) - own:
            del self.sign[i]

    def _signs(self, step: Step) -> tuple[int, ...]:
        """The signs of the operands as stored, in the result as stored."""
        own = self.sign.get(step.results[0] >> 1, 1)
        signs = [self.sign.get(k >> 1, 1) for k in step.operands]
        if step.function in _SUMS:
            return own * signs[0], own * signs[1] * _SUMS[step.function]
        product = -own if step.function is np.negative else own
        for s in signs:
            product *= s
        return (product,)

    def _needs_negation(self, step: Step) -> bool:
        if max(self._signs(step)) > 0:
            return False
        return not (step.function in (np.multiply, np.divide) and self._same_everywhere(step) is not None)

    def _same_everywhere(self, step: Step) -> int | None:
        """The place among the operands of one that is the same at every point, and can take a sign."""
        return next((p for p, k in enumerate(step.operands) if self.plan.is_uniform(k >> 1)), None)

    def rewrite(self) -> None:
        plan = self.plan
        steps, plan.steps = plan.steps, []
        stored: dict[int, int] = {}  # value to the one that it is now
        for step in steps:
            signs = self._signs(step) if step.function in _AWARE else ()
            step.operands = tuple(2 * stored.get(k >> 1, k >> 1) + (k & 1) for k in step.operands)
            if signs:
                self._rewrite(step, signs, stored)
            else:
                plan.steps.append(step)
        plan.outputs = [stored.get(i, i) for i in plan.outputs]

    def _rewrite(self, step: Step, signs: tuple[int, ...], stored: dict[int, int]) -> None:
        plan = self.plan
        if max(signs) < 0:
            p = self._same_everywhere(step) if step.function in (np.multiply, np.divide) else None
            if p is not None:
                operands = list(step.operands)
                operands[p] = 2 * plan.opposite(operands[p] >> 1)
                step.operands = tuple(operands)
            elif step.function is not np.negative:
                function = np.add if step.function in _SUMS else step.function
                plan.steps.append(plan.step(function, step.operands))
                step = type(step)(np.negative, plan.steps[-1].results, step.results)
        elif step.function in _SUMS:
            step.function = np.add if min(signs) > 0 else np.subtract
            step.operands = step.operands if signs[0] > 0 else step.operands[::-1]
        elif step.function is np.negative:
            stored[step.results[0] >> 1] = step.operands[0] >> 1
            return
        plan.steps.append(step)


def _divides_by(step: Step, i: int) -> bool:
    return step.function is np.divide and step.operands[1] >> 1 == i
