"""What two witnesses say of one number of ours, and what follows from it."""

from __future__ import annotations

from flint import arb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.witness.numeric import Slopes

# More digits than this are not counted.
MOST_DIGITS = 30
# A rule may hold a constant that is rounded to float64 where the witness has the real number
# (16 digits, of which an ill-conditioned formula loses some); a wrong rule is wrong by far more.
ENOUGH_DIGITS = 12
NEGLIGIBLE = 1e-30
# Beyond float64 sympy's functions are not reliable: gamma(1e300) has 15 digits at any precision.
HUGE = 1e308

AGREES = "agrees"
DISAGREES = "disagrees"
KINK = "kink"
NOT_CHECKED = "not checked"

# What sympy may answer instead of a number; "0" is what it cannot tell from 0.
COMPLEX, NAN, INFINITE, PLUS, MINUS, ZERO = "complex", "NaN", "infinite", "Infinity", "-Infinity", "0"


def witness_ball(answer: tuple) -> arb | str | None:
    """What sympy answered: a ball, or one of the words above, or None where it failed."""
    if answer[0] == "other":
        return answer[1]
    if answer[0] == "zero":
        return ZERO
    if answer[0] != "number":
        return None
    _, mantissa, exponent, accuracy = answer
    middle = arb((mantissa, exponent))
    # Two precisions that agree by chance must not count.
    return arb(middle, (abs(middle) * arb(2) ** (10 - accuracy)).upper())


def common_digits(a: arb, b: arb) -> float | None:
    """On how many digits two balls agree at least; None where they do not know enough to say."""
    if a.contains(0) and b.contains(0):
        return float(MOST_DIGITS) if max(a.abs_upper(), b.abs_upper()) < NEGLIGIBLE else None
    size = max(a.abs_lower(), b.abs_lower())
    if not size > 0:
        return None
    error = ((a - b).abs_upper() / size).upper()
    digits = float(MOST_DIGITS) if error.is_zero() else -float((error.log() / arb.const_log10()).mid())
    if digits < ENOUGH_DIGITS and a.overlaps(b):
        return None
    return max(0.0, min(digits, float(MOST_DIGITS)))


def _opinion(digits: float | None) -> str | None:
    if digits is None:
        return None
    return AGREES if digits >= ENOUGH_DIGITS else DISAGREES


def of_sympy(ours: arb, theirs: arb | str | None) -> tuple[str | None, float | None]:
    """sympy's opinion of our number, and the digits in common."""
    if theirs is None:
        return None, None
    if isinstance(theirs, arb):
        if not ours.is_finite():
            return None, None  # on its way through complex numbers sympy finds values where we have none
        digits = common_digits(ours, theirs)
        if _opinion(digits) == DISAGREES and (abs(ours) > HUGE or abs(theirs) > HUGE):
            return None, None
        return _opinion(digits), digits
    if theirs == ZERO:
        return (AGREES, float(MOST_DIGITS)) if ours.contains(0) and ours.is_finite() else (None, None)
    if ours.is_nan():
        return (AGREES if theirs in (NAN, COMPLEX) else None), None
    sign = PLUS if ours > 0 else MINUS
    return (AGREES if not ours.is_finite() and theirs in (sign, INFINITE) else None), None


def of_differences(ours: arb, slopes: Slopes | None, special: bool) -> tuple[str | None, float | None]:
    """The numeric witness's opinion of our number, and the digits in common.

    special: something on the way stands at a kink, a jump or a pole. Only there two slopes
    that differ, or an infinite one, are believed.
    """
    if slopes is None:
        return None, None
    if slopes.both is not None:
        if not ours.is_finite():
            return DISAGREES, None
        digits = common_digits(ours, slopes.both)
        return _opinion(digits), digits
    sides = [x for x in (slopes.left, slopes.right) if x is not None]
    if not special or not sides or ours.is_nan():
        return None, None
    if not ours.is_finite():
        return (AGREES if all(x == ours for x in sides) else None), None
    if len(sides) == 1:
        if not sides[0].is_finite():
            return None, None
        digits = common_digits(ours, sides[0])
        return _opinion(digits), digits
    return (KINK if _is_between(ours, *sides) else DISAGREES), None


def _is_between(x: arb, a: arb, b: arb) -> bool:
    below = any(s <= x or s.overlaps(x) for s in (a, b))
    above = any(s >= x or s.overlaps(x) for s in (a, b))
    return below and above


def combine(symbolic: str | None, numeric: str | None, special: bool) -> tuple[str, str]:
    """The verdict and, where nothing could be checked, why. One good witness suffices."""
    if numeric == KINK:
        return KINK, ""
    if AGREES in (symbolic, numeric):
        return AGREES, ""
    if DISAGREES not in (symbolic, numeric):
        return NOT_CHECKED, ""
    if special:
        return NOT_CHECKED, "at a kink or an edge, where the conventions need not compose"
    return DISAGREES, ""
