"""Eigenvalues of a real symmetric matrix of balls, enclosed.

Rotations (Jacobi 1846) at the current precision make an approximate basis V. With V'AV = D + R and V'V = 1 + E the
eigenvalues of A lie within those of D, moved by at most |R| (Weyl) and scaled by 1/(1 + e), |e| <= |E| (Ostrowski),
also where several are equal.
"""

from __future__ import annotations

from flint import arb, arb_mat, ctx

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SWEEPS = 40


def enclosures(matrix: Sequence[Sequence[arb]], precision: int) -> list[arb]:
    """A ball for each eigenvalue of a finite matrix, ascending; precision: in bits.

    >>> from flint import arb
    >>> [round(float(x), 9) for x in enclosures([[arb(2), arb(1)], [arb(1), arb(2)]], 100)]
    [1.0, 3.0]
    """
    with ctx.workprec(precision):
        return _enclosed(matrix)


def _enclosed(matrix: Sequence[Sequence[arb]]) -> list[arb]:
    n = len(matrix)
    basis = arb_mat([[x.mid() for x in row] for row in _basis(matrix)])
    turned = basis.transpose() * arb_mat([list(row) for row in matrix]) * basis
    unit = basis.transpose() * basis
    diagonal = [turned[i, i].mid() for i in range(n)]
    rest = _norm([[turned[i, j] - (diagonal[i] if i == j else 0) for j in range(n)] for i in range(n)])
    skew = _norm([[unit[i, j] - (1 if i == j else 0) for j in range(n)] for i in range(n)])
    scale = 1 / (1 + arb(0, skew))
    return [(d + arb(0, rest)) * scale for d in sorted(diagonal, key=float)]


def _norm(matrix: Sequence[Sequence[arb]]) -> arb:
    """A bound on the spectral norm of a symmetric matrix: its largest sum of a row."""
    sums = [sum((abs(x).upper() for x in row), arb(0)).upper() for row in matrix]
    return max(sums, default=arb(0))


def _basis(matrix: Sequence[Sequence[arb]]) -> list[list[arb]]:
    """The columns are nearly eigenvectors, and nearly orthonormal."""
    n = len(matrix)
    a = [[x.mid() for x in row] for row in matrix]
    v = [[arb(i == j) for j in range(n)] for i in range(n)]
    small = arb(2) ** -(ctx.prec + 8) * _norm(a)
    for _ in range(SWEEPS):
        still = True
        for p in range(n):
            for q in range(p + 1, n):
                if not abs(a[p][q]).mid() > small:
                    continue
                still = False
                c, s = _rotation(a[p][p], a[q][q], a[p][q])
                for row in (*a, *v):
                    row[p], row[q] = (c * row[p] - s * row[q]).mid(), (s * row[p] + c * row[q]).mid()
                a[p], a[q] = (
                    [(c * x - s * y).mid() for x, y in zip(a[p], a[q], strict=True)],
                    [(s * x + c * y).mid() for x, y in zip(a[p], a[q], strict=True)],
                )
        if still:
            break
    return v


def _rotation(app: arb, aqq: arb, apq: arb) -> tuple[arb, arb]:
    """The cosine and the sine of the smaller angle that makes the entry p, q vanish."""
    theta = (aqq - app) / (2 * apq)
    t = 1 / (abs(theta) + (1 + theta * theta).sqrt())
    if theta < 0:
        t = -t
    c = 1 / (1 + t * t).sqrt()
    return c.mid(), (t * c).mid()
