r"""Which operation has which kernel: `KERNELS[name](writer, *operands)`.

Operands are vectors, or floats where the operand is a literal. An operation without a kernel stays a call of
NumPy between two compiled parts.

>>> from gradcli.domains.compiled.writer import NUMBERS, Writer
>>> m = Writer()
>>> _ = KERNELS["max"](m, m.vector("%x", NUMBERS), m.vector("%y", NUMBERS))
>>> print(*m.lines, sep="\n")
%0 = fcmp ogt <16 x double> %x, %y
%1 = fcmp une <16 x double> %x, %x
%2 = or <16 x i1> %0, %1
%3 = select <16 x i1> %2, <16 x double> %x, <16 x double> %y
"""

from __future__ import annotations

import operator
from typing import Any

from gradcli.domains.compiled.kernels import (
    elementary,
    errors,
    exponentials,
    inverse,
    lacking,
    logarithms,
    quotients,
    roots,
    trigonometric,
)
from gradcli.domains.compiled.writer import Vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _plain(function: Callable[..., Any]) -> Callable[..., Vector]:
    """Of Python's operators."""
    return lambda m, *x: function(*map(m.number, x))


def _on_numbers(kernel: Callable[..., Vector]) -> Callable[..., Vector]:
    return lambda m, *x: kernel(m, *map(m.number, x))


def _intrinsic(name: str) -> Callable[..., Vector]:
    return lambda m, *x: m.call(name, *x)


def _logic(function: Callable[..., Any]) -> Callable[..., Vector]:
    return lambda m, *x: function(*[m.truth(v if isinstance(v, Vector) else m.number(v)) for v in x])


KERNELS: dict[str, Callable[..., Vector]] = {
    **{name: _plain(getattr(operator, name)) for name in (
        *("add", "sub", "mul", "neg", "lt", "le", "gt", "ge", "eq", "ne"),
    )},
    "div": quotients.over,
    "positive": lambda m, x: m.number(x), "detach": lambda m, x: m.number(x),
    "logical_and": _logic(operator.and_), "logical_or": _logic(operator.or_), "logical_not": _logic(operator.invert),
    "where": elementary.where, "max": elementary.largest, "min": elementary.smallest, "clamp": elementary.clamp,
    "sign": _on_numbers(elementary.sign),
    "abs": _intrinsic("fabs"), "sqrt": _intrinsic("sqrt"), "floor": _intrinsic("floor"), "ceil": _intrinsic("ceil"),
    "trunc": _intrinsic("trunc"), "round": _intrinsic("roundeven"),
    **{kernel.__name__: _on_numbers(kernel) for kernel in (
        *(exponentials.exp, exponentials.exp2, exponentials.expm1),
        *(exponentials.sinh, exponentials.cosh, exponentials.tanh),
        *(logarithms.log, logarithms.log2, logarithms.log10, logarithms.log1p),
        *(logarithms.asinh, logarithms.acosh, logarithms.atanh),
        *(trigonometric.sin, trigonometric.cos, trigonometric.tan),
        *(inverse.asin, inverse.acos, inverse.atan, inverse.atan2),
        *(roots.cbrt, roots.hypot, elementary.fmod, elementary.mod),
        *(errors.erf, errors.erfc, errors.erf_slope, errors.norm_pdf, errors.gelu),
    )},
    "pow": logarithms.pow_of,
    **{f"{name} lacks": _on_numbers(kernel) for name, (kernel, _) in lacking.LACKS.items()},
}  # fmt: skip
