"""Literals: the float64 that a decimal means, and the decimal where it means something else."""

from __future__ import annotations

_POWERS = {k: k for k in range(-40, 0)}  # one object each, where a text has 100,000 literals of six digits


def value_of(token: str) -> float:
    """The float64 nearest to a decimal literal; beyond the range it is infinity or 0."""
    return float(token.replace("_", ""))


def decimal_of(token: str) -> tuple[int, int] | None:
    """The literal as (m, k), meaning m * 10**k, or None where its float64 is exactly that.

    m has no trailing zeros, so that equal decimals are equal pairs.
    """
    digits = token.replace("_", "").lower()
    if len(digits) < 16 and digits.isdigit():
        return None
    mantissa, _, exponent = digits.partition("e")
    whole, _, fraction = mantissa.partition(".")
    significant = (whole + fraction).lstrip("0")
    stripped = significant.rstrip("0")
    if not stripped:
        return None
    k = int(exponent or 0) - len(fraction) + len(significant) - len(stripped)
    k = _POWERS.get(k, k)
    m = int(stripped)
    return None if _is_exact(m, k, float(digits)) else (m, k)


def _is_exact(m: int, k: int, value: float) -> bool:
    """Is m * 10**k exactly this float64?"""
    if value - value != 0 or not -1100 < k < 400 or (k < 0 and m % 5):  # a float has no fifths
        return False
    numerator, denominator = value.as_integer_ratio()
    if k >= 0:
        return denominator == 1 and numerator == m * 10**k
    return numerator * 10**-k == m * denominator
