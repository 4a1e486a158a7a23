"""Symbols that stand for blocks, and what stands for NumPy, while a form of several calls is taken apart."""

from __future__ import annotations

from typing import Any

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcli.executors.blockplan import Plan


class Symbol:
    """A value of a plan in the hands of a form written for arrays: what it does becomes steps."""

    def __init__(self, plan: Plan, place: int) -> None:
        self.plan = plan
        self.place = place

    def __array_ufunc__(self, function: Any, method: str, *operands: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            return NotImplemented
        return apply(self.plan, function, operands)

    def __bool__(self) -> bool:
        raise NotImplementedError("a form that looks at values is not taken apart")


def apply(plan: Plan, function: Any, operands: Sequence[Any]) -> Symbol:
    places = [x.place if isinstance(x, Symbol) else plan.factor(float(x)) for x in operands]
    return Symbol(plan, plan.ufunc(function, places))


def _operator(function: Any, swapped: bool = False) -> Callable[..., Symbol]:
    def method(self: Symbol, *others: Any) -> Symbol:
        operands = (self, *others)
        return apply(self.plan, function, operands[::-1] if swapped else operands)

    return method


for _name, _function in {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide, "pow": np.power,
    "and": np.logical_and, "or": np.logical_or,
}.items():  # fmt: skip
    setattr(Symbol, f"__{_name}__", _operator(_function))
    setattr(Symbol, f"__r{_name}__", _operator(_function, swapped=True))
for _name, _function in {  # type: ignore[assignment]
    "neg": np.negative, "abs": np.absolute, "lt": np.less, "le": np.less_equal, "gt": np.greater,
    "ge": np.greater_equal, "eq": np.equal, "ne": np.not_equal,
}.items():  # fmt: skip
    setattr(Symbol, f"__{_name}__", _operator(_function))


class Tracer:
    """What stands for NumPy while a form is taken apart."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def __getattr__(self, name: str) -> Any:
        found = getattr(np, name)
        if isinstance(found, float):
            return found
        if isinstance(found, np.ufunc):
            return lambda *x: apply(self._plan, found, x)
        if name == "asarray":
            return lambda x: x
        if name in ("where", "clip"):
            return getattr(self, f"_{name}")
        raise AttributeError(name)

    def _clip(self, x: Symbol, low: float, high: float) -> Symbol:
        plan = self._plan
        return Symbol(plan, plan.clip(x.place, plan.factor(low), plan.factor(high)))

    def _where(self, c: Any, x: Any, y: Any) -> Symbol:
        plan = self._plan
        c, x, y = (v.place if isinstance(v, Symbol) else plan.factor(float(v)) for v in (c, x, y))
        return Symbol(plan, plan.select(plan.truth(c), plan.number(x), plan.number(y)))
