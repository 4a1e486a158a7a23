"""sympy expressions as numbers, with the accuracy that they have.

sympy's own `evalf` visits a shared part once for each use, and near a cancellation its
accuracy cannot be relied on (`log(1 + 1e-300)` is 0, `log(x - 1)` at 1 a number). So the parts
are evaluated one by one, by sympy's functions on numbers, at two precisions: how far the
results differ shows what was lost.
"""

from __future__ import annotations

import sympy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# In bits. The second pair is for what loses most of the first.
PRECISIONS = ((400, 600), (2000, 3000))
ENOUGH_BITS = 110


def evaluate(parts: list[Any], point: dict[Any, Any]) -> tuple:
    """An expression, given as its parts, where each symbol is this Rational.

    ("number", mantissa, exponent of 2, bits that are right), ("zero",) for what cannot be
    told from 0, or ("other", word) with the word NaN, complex, infinite, Infinity or -Infinity.
    """
    if parts[-1].is_Rational:  # what sympy itself knows, such as the 0 that is a derivative of floor
        rough, fine = PRECISIONS[-1]
        return ("number", *_binary(sympy.Float(parts[-1], precision=fine)), rough)
    answer: tuple = ("zero",)
    for rough, fine in PRECISIONS:
        answer = _compared(_value(parts, point, rough), _value(parts, point, fine))
        if answer[0] == "number" and answer[3] >= ENOUGH_BITS:
            break
    return answer


def parts_of(expression: Any) -> list[Any]:
    """The parts of an expression: each once, after its own parts, the whole at the end."""
    order: list[Any] = []
    seen: set[int] = set()
    stack = [(expression, False)]
    while stack:
        part, done = stack.pop()
        if done:
            order.append(part)
        elif id(part) not in seen:
            seen.add(id(part))
            stack.append((part, True))
            stack.extend((a, False) for a in part.args)
    return order


def _value(parts: list[Any], point: dict[Any, Any], bits: int) -> Any:
    """The last part as a number of so many bits."""
    digits = int(bits / 3.3)
    values: dict[int, Any] = {}
    for part in parts:
        if part in point:
            value = sympy.Float(point[part], precision=bits)
        elif part.args:
            value = part.func(*[values[id(a)] for a in part.args])
        else:
            value = part
        if isinstance(value, sympy.Expr) and not value.is_Rational and not value.is_Float:
            value = _evaluated(value, digits)
        values[id(part)] = value
    return values[id(parts[-1])]


def _evaluated(value: Any, digits: int) -> Any:
    """A constant such as pi, a root or a complex number as floats; NaN for a function of an infinity."""
    value = value.evalf(digits)
    if value.has(sympy.Function, sympy.Derivative, sympy.Subs):
        if value.has(sympy.oo, -sympy.oo, sympy.zoo, sympy.nan):
            return sympy.nan
        raise NotImplementedError
    return value


def _compared(rough: Any, fine: Any) -> tuple:
    for value in (rough, fine):
        if not (value.is_Rational or value.is_Float):
            return ("other", _word(value))
    if not fine:
        return ("zero",)
    rough, fine = (sympy.Float(value, precision=PRECISIONS[-1][1]) for value in (rough, fine))
    lost = abs((rough - fine) / fine)
    return ("number", *_binary(fine), max(0, -_size(lost)) if lost else PRECISIONS[0][0])


def _binary(x: Any) -> tuple[int, int]:
    sign, mantissa, exponent, _ = x._mpf_
    return -int(mantissa) if sign else int(mantissa), int(exponent)


def _size(x: Any) -> int:
    """The exponent of 2 of a number."""
    _, _, exponent, bits = x._mpf_
    return int(exponent + bits)


def _word(value: Any) -> str:
    if value is sympy.S.Infinity:
        return "Infinity"
    if value is sympy.S.NegativeInfinity:
        return "-Infinity"
    if value is sympy.S.NaN:
        return "NaN"
    if value.has(sympy.oo, -sympy.oo, sympy.zoo, sympy.nan):
        return "infinite"
    if value.has(sympy.I):
        return "complex"
    raise NotImplementedError  # sympy left something as it is
