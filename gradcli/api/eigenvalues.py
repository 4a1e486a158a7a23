"""The eigenvalues of a Hessian and what they say of the point."""

from __future__ import annotations

import math

from gradcli.api.evaluation import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.api.evaluation import SecondOrder
    from gradcli.language.program import Program

MOST_ROWS = 2000  # of more the eigenvalues would take minutes
MOST_TRUE = 12  # up to so many rows they are computed in balls
EPSILON = 2.0**-52


class Spectrum:
    """The eigenvalues of a point: values, ascending; verdict, what they say, in words; notes on those not decided."""

    __slots__ = ("notes", "values", "verdict")

    def __init__(self, values: list[Any], verdict: str, notes: list[Note]) -> None:
        self.values = values
        self.verdict = verdict
        self.notes = notes


def spectrum(evaluation: SecondOrder, program: Program, digits: int | None) -> Spectrum | None:
    """Of a point: NaN where an entry is not finite. None where there are too many rows, or no digits of them."""
    size = evaluation.matrix.size
    if size > MOST_ROWS or (digits is not None and (evaluation.exact is None or size > MOST_TRUE)):
        return None
    if not all(math.isfinite(float(number)) for _, _, number in evaluation.matrix.entries()):
        return Spectrum([math.nan if digits is None else "NaN"] * size, "undecided: the Hessian is not finite", [])
    if evaluation.exact is not None and size <= MOST_TRUE:
        found = _in_balls(evaluation, program, digits)
        if found is not None:
            return found
    import numpy as np

    matrix = evaluation.matrix.dense()
    values = np.linalg.eigvalsh(matrix).tolist()
    bound = (size + 8) * EPSILON * float(np.linalg.norm(matrix, 2 if size < 100 else "fro")) if size else 0.0
    return Spectrum(values, said([_sign(x, bound) for x in values], _flat(evaluation)), [])


def _in_balls(evaluation: SecondOrder, program: Program, digits: int | None) -> Spectrum | None:
    """The nearest floats, or proven digits; None where the entries are no numbers."""
    from gradcli.domains.digits import BITS_PER_DIGIT, GUARD, is_settled, text_of
    from gradcli.domains.eigenvalues import enclosures
    from gradcli.domains.nearest import ACCURACY, LIMIT, float_of, is_known

    known, accuracy, limit, decimals = is_known, ACCURACY, LIMIT, 1000
    if digits is not None:
        decimals = max(10 * digits, 1000)
        known, accuracy = is_settled, int((digits + 1.5) * BITS_PER_DIGIT)
        limit = int(decimals * BITS_PER_DIGIT) + GUARD
    precision = min(accuracy + GUARD, limit)
    while True:
        rows = evaluation.exact(precision)
        if rows is None or not all(x.is_finite() for row in rows for x in row):
            return None
        balls = _sorted_with_zeros(enclosures(rows, precision), evaluation.matrix.size)
        if precision >= limit or all(known(x, accuracy) for x in balls):
            break
        precision = min(2 * precision, limit)
    signs = [1 if x > 0 else -1 if x < 0 else 0 for x in balls]
    flat = _flat(evaluation)
    if digits is None:
        signs = [s if abs(x) > 0 and float_of(x) else 0 for s, x in zip(signs, balls, strict=True)]
        return Spectrum([float_of(x) for x in balls], said(signs, flat), [])
    texts = [text_of(x, digits) if known(x, accuracy) else "0" for x in balls]
    notes = []
    if not all(known(x, accuracy) for x in balls):
        why = f"an eigenvalue of the Hessian cannot be told from 0 at {decimals} decimals"
        notes.append(Note("undecided", "hess", (0, len(program.text)), why))
    return Spectrum(texts, said(signs, flat), notes)


def _sorted_with_zeros(balls: list[Any], size: int) -> list[Any]:
    """Variables without second derivatives have the eigenvalue 0, exactly."""
    from flint import arb

    return sorted([*balls, *[arb(0)] * (size - len(balls))], key=float)


def _flat(evaluation: SecondOrder) -> bool:
    grad = evaluation.grad or {}
    return all(float(x) == 0 for g in grad.values() for x in getattr(g, "flat", [g]))


def _sign(x: float, bound: float) -> int:
    return 0 if not abs(x) > bound else 1 if x > 0 else -1


def said(signs: list[int], flat: bool) -> str:
    """What the signs of the eigenvalues say; 0 is one that its bound does not tell; flat: the gradient is 0.

    >>> said([1, 1], True)
    'minimum: the gradient is 0 and all eigenvalues are positive'
    """
    slope = "the gradient is 0" if flat else "the Hessian is as at one, but the gradient is not 0"
    if 1 in signs and -1 in signs:
        return f"saddle: {slope} and eigenvalues have both signs" if flat else f"saddle: {slope}"
    if 0 in signs or not signs:
        return "undecided: an eigenvalue cannot be told from 0"
    kind, word = ("minimum", "positive") if 1 in signs else ("maximum", "negative")
    return f"{kind}: {slope} and all eigenvalues are {word}" if flat else f"{kind}: {slope}"
