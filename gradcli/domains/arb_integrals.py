"""Bessel functions, exponential integrals and zeta functions of balls."""

from __future__ import annotations

from flint import arb, arb_series, ctx

from gradcli.domains.arb import INF, guarded, terms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SLOW = 512  # bits from which Arb takes seconds for K and expint at some whole orders
MOST = 1000  # orders, and arguments of zeta: beyond these Arb takes seconds, and knows nothing


def _order(n: arb) -> int | None:
    """The whole number that an order is exactly."""
    return int(n.unique_fmpz()) if n.is_exact() and n.is_integer() and abs(n) <= MOST else None


def _no_order(n: arb) -> bool:
    return bool(not n.contains_integer() or abs(n) > MOST or (n.is_exact() and not n.is_integer()))


def _sign(n: int) -> int:
    return -1 if n % 2 else 1


def _jv(n: arb, x: arb) -> arb:
    """J(-n, x) = J(n, -x) = (-1)**n J(n, x): DLMF 10.4.1, 10.11.1."""
    order = _order(n)
    if order is None:
        return n.nan()
    if abs(x) == INF:
        return arb(0)
    y = (-x).bessel_j(abs(order)) * _sign(order) if x < 0 else x.bessel_j(abs(order))
    return y * _sign(order) if order < 0 else y


def _iv(n: arb, x: arb) -> arb:
    """I(-n, x) = I(n, x), and I(n, -x) = (-1)**n I(n, x): DLMF 10.27.1, 10.34.1."""
    order = _order(n)
    if order is None:
        return n.nan()
    if abs(x) == INF:
        return x.pos_inf() if x > 0 or order % 2 == 0 else x.neg_inf()
    if abs(x) > 1e6:  # larger than any float
        y = arb(2) ** arb(10**9)
        y = y.union(y * y)
        return y if x > 0 or order % 2 == 0 else -y
    return x.bessel_i(abs(order)) if not x < 0 else (-x).bessel_i(abs(order)) * _sign(order)


def _yv(n: arb, x: arb) -> arb:
    """Y(-n, x) = (-1)**n Y(n, x): DLMF 10.4.1."""
    order = _order(n)
    if order is None:
        return n.nan()
    if x.is_zero():
        return x.neg_inf() if order >= 0 or order % 2 == 0 else x.pos_inf()
    if x == INF:
        return arb(0)
    y = x.bessel_y(abs(order))
    return y * _sign(order) if order < 0 else y


def _kv(n: arb, x: arb) -> arb:
    order = _order(n)
    if order is None:
        return n.nan()
    if x.is_zero():
        return x.pos_inf()
    if x == INF:
        return arb(0)
    return x.bessel_k(abs(order)) if ctx.prec < SLOW or not order else _k_by_orders(abs(order), x)


def _k_by_orders(n: int, x: arb) -> arb:
    """From K(0, x) upwards: DLMF 10.28.2 (the Wronskian) and 10.29.1, of positive terms."""
    lower = x.bessel_k(0)
    y = (1 / x - x.bessel_i(1) * lower) / x.bessel_i(0)
    for k in range(1, n):
        lower, y = y, lower + 2 * k / x * y
    return y


def _no_second(n: arb, x: arb) -> bool:
    return bool(x < 0) or _no_order(n)


def _expint(n: arb, x: arb) -> arb:
    order = _order(n)
    if order is None or x < 0:
        return n.nan()
    if x.is_zero():
        return x.pos_inf() if order <= 1 else 1 / arb(order - 1)
    if x == INF:
        return arb(0)
    return x.expint(order) if ctx.prec < SLOW or not 0 < order < x else _expint_by_orders(order, x)


def _expint_by_orders(n: int, x: arb) -> arb:
    """From E(1, x) = -Ei(-x) upwards, where x is above all orders: DLMF 6.2.6, 8.19.12."""
    y, small = -(-x).ei(), (-x).exp()
    for k in range(1, n):
        y = (small - x * y) / k
    return y


def _no_zeta(s: arb, q: arb) -> bool:
    return bool(q <= 0 or abs(s) > MOST or q == INF)


def _zeta(s: arb, q: arb) -> arb:
    if s == 1 and q > 0:
        return s.pos_inf()
    if not (q > 0 and abs(s) <= MOST) or q == INF:
        return s.nan()
    return s.zeta() if q == 1 else s.zeta(q)


def _zeta_derivative(n: arb, s: arb, q: arb) -> arb:
    order = _order(n)
    if order == 0:
        return _zeta(s, q)
    if order is None or order < 0 or not (q > 0 and abs(s) <= MOST) or q == INF:
        return n.nan()
    if s == 1:
        return s.neg_inf() if order % 2 else s.pos_inf()
    with terms(order + 1) as count:
        return arb_series([s, 1], count).zeta(q)[order] * arb(order).fac()


def _no_derivative(n: arb, s: arb, q: arb) -> bool:
    return _no_zeta(s, q) or _no_order(n) or bool(n < 0)


def _at(order: int, function: Callable[..., arb]) -> Callable[[arb], arb]:
    return lambda x: function(arb(order), x)


_JV, _YV = guarded(_jv, lambda n, x: _no_order(n)), guarded(_yv, _no_second)
_IV, _KV = guarded(_iv, lambda n, x: _no_order(n)), guarded(_kv, _no_second)

PRIMITIVES: dict[str, Callable[..., arb]] = {
    "jv": _JV, "yv": _YV, "iv": _IV, "kv": _KV,
    "j0": _at(0, _JV), "y0": _at(0, _YV), "i0": _at(0, _IV), "k0": _at(0, _KV),
    "j1": _at(1, _JV), "y1": _at(1, _YV), "i1": _at(1, _IV), "k1": _at(1, _KV),
    "expint": guarded(_expint, _no_second),
    "expi": guarded(arb.ei, edges={0.0: -INF, INF: INF, -INF: 0.0}),
    "zeta": guarded(_zeta, _no_zeta),
    "zeta_derivative": guarded(_zeta_derivative, _no_derivative),
}  # fmt: skip
