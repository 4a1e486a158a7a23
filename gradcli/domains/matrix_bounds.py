"""Bounds on the errors of determinants, inverses and solutions of equations (gradcli.domains.array_bounds).

An approximate inverse y of a has the residual r = 1 - a y, which long doubles know to many digits, and
inverse(a) - y = y r + y r r + ... A determinant is that of a factorisation in long doubles, whose backward error is at
most n units of |l| |u|. Where a residual or the bound of an operand is not small, nothing is known, and balls decide.
Sources: N. J. Higham, Accuracy and Stability of Numerical Algorithms (2002), 9.3 and 14; S. M. Rump, Verification
methods (2010), 10.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gradcli.domains.whole_bounds import LEAST, UNIT, UNKNOWN, WIDE, edges, size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.op import Op
    from gradcli.domains.whole_bounds import Bound

SMALL = 0.1  # of residuals, and of errors of operands against what makes the matrix singular
ROUNDING = 2.0**-50  # of a product of bounds in doubles
LOWEST = 1e-290  # below it the parts of a product may underflow


class _UnknownError(ArithmeticError):
    """Nothing is known: the matrix is as good as singular."""


class Inverse(NamedTuple):
    """The inverse is y + error ± rest; with an error e of the matrix, y e is at most `moved`."""

    y: Any
    error: Any
    rest: Any
    moved: Any


def matrix_bound(op: Op, x: Sequence[Any], y: Any, bounds: Sequence[Bound]) -> tuple[Bound, Any]:
    """The bound of a result, and what of it is the operation's own rounding."""
    numbers = [np.asarray(v, np.float64) for v in x]
    if UNIT > 2.0**-60 or not all(np.all(np.isfinite(v)) for v in [*numbers, y]):
        return edges(op, numbers, y, bounds, UNKNOWN), 0.0
    rule = RULES[op.name] if numbers[0].shape[-1] != 2 else OF_TWO_ROWS.get(op.name, RULES[op.name])
    try:
        own = rule(y, numbers, [None] * len(numbers))
        found = own if all(b is None for b in bounds) else rule(y, numbers, bounds)
    except (_UnknownError, np.linalg.LinAlgError):
        return UNKNOWN, 0.0
    return found, size(own)


def _parts(bound: Bound, like: Any) -> tuple[Any, Any]:
    error, rest = bound or (0.0, 0.0)
    return np.broadcast_to(error, like.shape), np.broadcast_to(rest, like.shape)


def _inverse(a: Any, bound: Bound) -> Inverse:
    n, y, (e, r) = a.shape[-1], np.linalg.inv(a), _parts(bound, a)
    eye = np.eye(n)
    wide = eye - np.matmul(a.astype(WIDE), y.astype(WIDE))
    unsure = (n + 2) * UNIT * (np.matmul(np.abs(a), np.abs(y)) + eye)
    residual = wide.astype(np.float64)
    moved = np.matmul(np.abs(y), np.abs(e) + r)
    eta, sigma = _most(np.abs(residual) + unsure), _most(moved)
    if not (np.all(eta < SMALL) and np.all(sigma < SMALL)):
        raise _UnknownError
    error = np.matmul(y, residual) - np.matmul(np.matmul(y, e), y)
    rest = np.matmul(np.abs(y), unsure + n * ROUNDING * np.abs(residual)) + _higher(y, np.abs(residual) + unsure)
    through = np.matmul(moved, np.abs(y))
    rest = rest + np.matmul(np.matmul(np.abs(y), r), np.abs(y)) + (2 * n * ROUNDING + 3 * eta) * through
    return Inverse(y, error, rest + 1.2 * np.matmul(moved, through) + LEAST, moved)


def _higher(y: Any, r: Any) -> Any:
    """At least y r r + y r r r + ..., of sizes."""
    second = np.matmul(np.matmul(np.abs(y), r), r)
    if np.all(np.matmul(second, r) <= second / 2):
        return 2 * second
    return 1.2 * _most(r) * _most(np.matmul(np.abs(y), r))


def _most(x: Any) -> Any:
    """The largest sum of a row, for each matrix."""
    return np.max(np.sum(x, -1), -1)[..., None, None]


def _det(y: Any, x: Sequence[Any], bounds: Sequence[Bound]) -> Bound:
    wide, rest, _ = _determinant(x[0], bounds[0])
    return (wide - y).astype(np.float64)[()], rest[()]


def _determinant(a: Any, bound: Bound) -> tuple[Any, Any, Inverse]:
    """As a long double, with the first-order error of the matrix; how far it may be off; the inverse."""
    inverse, (e, r) = _inverse(a, bound), _parts(bound, a)
    stack = a.reshape(-1, *a.shape[-2:])
    parts = [_factorised(m) for m in stack]
    wide = np.array([d for d, _ in parts], WIDE).reshape(a.shape[:-2])
    backward = np.array([m for _, m in parts]).reshape(a.shape)
    across = np.swapaxes(np.abs(inverse.y) + np.abs(inverse.error) + inverse.rest, -1, -2)
    total = np.sum(across * backward, (-2, -1)) + a.shape[-1] * UNIT
    moves = np.sum(across * (np.abs(e) + r), (-2, -1))
    size_ = np.abs(wide).astype(np.float64)
    if not (np.all(total < SMALL) and np.all(moves < SMALL) and np.all(size_ > LOWEST)):
        raise _UnknownError
    shift = np.sum(np.swapaxes(inverse.y, -1, -2) * e, (-2, -1))
    eta = np.sum(np.abs(np.swapaxes(inverse.error, -1, -2) * e), (-2, -1))
    rest = 1.2 * total + 1.2 * np.sum(across * r, (-2, -1)) + 2 * moves * moves + 2 * eta
    return wide + wide * shift, size_ * (rest + a.shape[-1] ** 2 * ROUNDING * moves), inverse


def _factorised(matrix: Any) -> tuple[Any, Any]:
    """The determinant by l u in long doubles, and how far off a matrix is of which this is exact."""
    a, n = matrix.astype(WIDE), len(matrix)
    order, sign = np.arange(n), 1.0
    for k in range(n):
        pivot = k + int(np.argmax(np.abs(a[k:, k])))
        if a[pivot, k] == 0:
            raise _UnknownError
        if pivot != k:
            a[[k, pivot]], order[[k, pivot]], sign = a[[pivot, k]], order[[pivot, k]], -sign
        a[k + 1 :, k] /= a[k, k]
        a[k + 1 :, k + 1 :] -= np.outer(a[k + 1 :, k], a[k, k + 1 :])
    sizes = np.abs(a).astype(np.float64)
    backward = np.empty((n, n))
    backward[order] = 1.1 * n * UNIT * np.matmul(np.tril(sizes, -1) + np.eye(n), np.triu(sizes))
    return sign * np.prod(np.diagonal(a)), backward


def _logdet(y: Any, x: Sequence[Any], bounds: Sequence[Bound]) -> Bound:
    wide, rest, _ = _determinant(x[0], bounds[0])
    far = 1.2 * rest / np.abs(wide).astype(np.float64) + 16 * UNIT * (1 + np.abs(y))
    return (np.log(wide) - y).astype(np.float64)[()], far[()]


def _inv(y: Any, x: Sequence[Any], bounds: Sequence[Bound]) -> Bound:
    inverse = _inverse(x[0], bounds[0])
    return inverse.error + (inverse.y - y), inverse.rest


def _cofactor(y: Any, x: Sequence[Any], bounds: Sequence[Bound]) -> Bound:
    """The determinant times the inverse, turned."""
    wide, off, inverse = _determinant(x[0], bounds[0])
    turned = [np.swapaxes(v, -1, -2) for v in (inverse.y.astype(WIDE) + inverse.error, inverse.rest)]
    det, off = wide[..., None, None], np.asarray(off)[..., None, None]
    sizes = np.abs(turned[0]).astype(np.float64) + turned[1]
    rest = np.abs(det).astype(np.float64) * (turned[1] + 4 * UNIT * sizes) + off * sizes
    return (det * turned[0] - y).astype(np.float64), rest + LEAST


def _solve(y: Any, x: Sequence[Any], bounds: Sequence[Bound]) -> Bound:
    """By the residual b - a y, which the inverse brings to the solution."""
    a, b = x
    inverse, (ea, ra), (eb, rb) = _inverse(a, bounds[0]), _parts(bounds[0], a), _parts(bounds[1], b)
    is_vector = b.ndim == 1
    if is_vector:
        b, eb, rb, y = b[:, None], eb[:, None], rb[:, None], np.asarray(y)[:, None] if y.ndim == 1 else y[..., None]
    sizes = np.matmul(np.abs(a), np.abs(y)) + np.abs(b)
    residual = (b - np.matmul(a.astype(WIDE), y.astype(WIDE))).astype(np.float64) + eb - np.matmul(ea, y)
    unsure = (a.shape[-1] + 2) * UNIT * sizes + rb + np.matmul(ra, np.abs(y)) + 4 * ROUNDING * np.abs(residual)
    error = np.matmul(inverse.y, residual)
    off = np.abs(inverse.error) + inverse.rest + a.shape[-1] * ROUNDING * np.abs(inverse.y)
    rest = np.matmul(np.abs(inverse.y), unsure) + np.matmul(off, np.abs(residual) + unsure) + LEAST
    return (error[..., 0], rest[..., 0]) if is_vector else (error, rest)


def _unknown(y: Any, x: Sequence[Any], bounds: Sequence[Bound]) -> Bound:
    raise _UnknownError


def _det_of_two(y: Any, x: Sequence[Any], bounds: Sequence[Bound]) -> Bound:
    """By its two products, also where it is singular."""
    (matrix,), (e, r) = x, _parts(bounds[0], x[0])
    a, b, c, d = _elements(matrix.astype(WIDE))
    (ea, eb, ec, ed), (ra, rb, rc, rd) = _elements(e), _elements(r)
    sizes, first = np.abs(a * d) + np.abs(b * c), d * ea + a * ed - c * eb - b * ec
    moved = np.abs(d) * ra + np.abs(a) * rd + np.abs(c) * rb + np.abs(b) * rc
    beyond = (np.abs(ea) + ra) * (np.abs(ed) + rd) + (np.abs(eb) + rb) * (np.abs(ec) + rc)
    error = a * d - b * c - y + first
    rest = 4 * UNIT * sizes + moved + beyond + ROUNDING * (np.abs(error) + np.abs(first) + moved)
    return np.asarray(error, np.float64)[()], (np.asarray(rest, np.float64) + LEAST * (rest != 0))[()]


def _cofactor_of_two(y: Any, x: Sequence[Any], bounds: Sequence[Bound]) -> Bound:
    """The elements of the last operand, moved and turned: also of the derivative of cofactors along that."""
    error, rest = (_turned(part, y) for part in _parts(bounds[-1], x[-1]))
    error = np.asarray(_turned(x[-1].astype(WIDE), y) - y + error, np.float64)
    rest = np.abs(rest) + ROUNDING * np.abs(error)
    return (error, rest + LEAST * (error != 0)) if np.any(error) or np.any(rest) else None


def _elements(matrix: Any) -> tuple[Any, ...]:
    return matrix[..., 0, 0], matrix[..., 0, 1], matrix[..., 1, 0], matrix[..., 1, 1]


def _turned(matrix: Any, y: Any) -> Any:
    a, b, c, d = _elements(matrix)
    return np.broadcast_to(np.stack([np.stack([d, -c], -1), np.stack([-b, a], -1)], -2), np.shape(y))


RULES: dict[str, Callable[[Any, Sequence[Any], Sequence[Bound]], Bound]] = {
    "det": _det, "logdet": _logdet, "inv": _inv, "cofactor": _cofactor, "solve": _solve, "cofactor_along": _unknown,
}  # fmt: skip
OF_TWO_ROWS: dict[str, Callable[[Any, Sequence[Any], Sequence[Bound]], Bound]] = {
    "det": _det_of_two, "cofactor": _cofactor_of_two, "cofactor_along": _cofactor_of_two,
}  # fmt: skip
