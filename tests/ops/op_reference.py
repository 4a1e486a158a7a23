"""What each operation of the table should compute, in mpmath; a row without an entry fails its tests."""

from __future__ import annotations

import itertools
from functools import cache

import flint
import mpmath
from mpmath import mp, mpf
from op_typed import EXACT, TYPED

from gradcli.core import ops
from gradcli.core.op import Op
from gradcli.domains import floats
from gradcli.domains.float_tape import call


def _sign(x):
    return mpf(mpmath.sign(x))


def _trunc(x):
    return mpmath.floor(x) if x > 0 else mpmath.ceil(x)


def _sinc_derivative(n, x):
    """From the power series, in enough digits for its cancellation."""
    n = int(n)
    with mp.extraprec(int(6 * abs(x)) + 40):
        z = mp.pi * x
        total, k, term = mpf(0), (n + 1) // 2, mpf(1)
        while k < 20 or abs(term) > mpf(2) ** (-3 * mp.prec):
            term = (-1) ** k * z ** (2 * k - n) / (mpmath.factorial(2 * k - n) * (2 * k + 1))
            total += term
            k += 1
            if x == 0 and k > n:
                break
        return mp.pi**n * total


def _polygamma(n, x):
    """mpmath's own needs n steps where x is far below 0."""
    if x > -30 or n == 0:
        return mpmath.psi(int(n), x)
    cot = mpmath.diff(lambda t: mp.pi * mpmath.cot(mp.pi * t), x, int(n))
    return (-1) ** int(n) * mpmath.psi(int(n), 1 - x) - cot


def _erfc(x):
    """mpmath's own overflows where the result is far below every float."""
    return mpf(0) if x > 1e20 else mpmath.erfc(x)


def _softplus(x):
    return mpmath.log1p(mpmath.exp(x)) if x < 0 else x + mpmath.log1p(mpmath.exp(-x))


REFERENCE = {
    # arithmetic
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "mod": lambda x, y: x - mpmath.floor(x / y) * y,
    "neg": lambda x: -x,
    "positive": lambda x: x,
    "pow": lambda x, y: x**y,
    # logic
    "lt": lambda x, y: mpf(x < y),
    "le": lambda x, y: mpf(x <= y),
    "gt": lambda x, y: mpf(x > y),
    "ge": lambda x, y: mpf(x >= y),
    "eq": lambda x, y: mpf(x == y),
    "ne": lambda x, y: mpf(x != y),
    "logical_and": lambda x, y: mpf(bool(x) and bool(y)),
    "logical_or": lambda x, y: mpf(bool(x) or bool(y)),
    "logical_not": lambda x: mpf(not x),
    # choice
    "where": lambda c, x, y: x if c else y,
    "max": max,
    "min": min,
    "clamp": lambda x, low, high: min(max(x, low), high),
    "abs": abs,
    "detach": lambda x: x,
    # elementary
    "exp": mpmath.exp,
    "exp2": lambda x: mpf(2) ** x,
    "exp10": lambda x: mpf(10) ** x,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "log10": lambda x: mpmath.log(x) / mpmath.log(10),
    "log_base": lambda x, base: mpmath.log(x) / mpmath.log(base),
    "log1p": mpmath.log1p,
    "sqrt": mpmath.sqrt,
    "cbrt": lambda x: _sign(x) * mpmath.cbrt(abs(x)),
    "square": lambda x: x * x,
    "reciprocal": lambda x: 1 / x,
    "rsqrt": lambda x: 1 / mpmath.sqrt(x),
    "hypot": mpmath.hypot,
    "hypot1": lambda x: mpmath.hypot(1, x),
    "xlogy": lambda x, y: x * mpmath.log(y) if x else mpf(0),
    "logaddexp": lambda x, y: x + _softplus(y - x),
    "logit": lambda x: mpmath.log(x / (1 - x)),
    # trigonometry
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "sec": mpmath.sec,
    "csc": mpmath.csc,
    "cot": mpmath.cot,
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
    "atan2": mpmath.atan2,
    "over_squares": lambda z, x, y: z / (x * x + y * y),
    "circle": lambda x: mp.sqrt((1 - x) * (1 + x)),
    "over_circle": lambda z, x: z / ((1 - x) * (1 + x)),
    "sinc": mpmath.sincpi,
    "sinc_derivative": _sinc_derivative,
    "degrees": lambda x: x * 180 / mp.pi,
    "radians": lambda x: x * mp.pi / 180,
    # hyperbolic
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "sech": mpmath.sech,
    "csch": mpmath.csch,
    "coth": mpmath.coth,
    "asinh": mpmath.asinh,
    "acosh": mpmath.acosh,
    "atanh": mpmath.atanh,
    # rounding
    "sign": _sign,
    "floor": mpmath.floor,
    "ceil": mpmath.ceil,
    "round": mpmath.nint,
    "trunc": _trunc,
    "frac": lambda x: x - _trunc(x),
    "fmod": lambda x, y: x - _trunc(x / y) * y,
    "heaviside": lambda x, values: mpf(x > 0) if x else values,
    # activation
    "relu": lambda x: max(x, mpf(0)),
    "leaky_relu": lambda x, slope: x if x > 0 else slope * x,
    "elu": lambda x, alpha: x if x > 0 else alpha * mpmath.expm1(x),
    "gelu": lambda x: x * _erfc(-x / mpmath.sqrt(2)) / 2,
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "logsigmoid": lambda x: -_softplus(-x),
    "softplus": _softplus,
    "softsign": lambda x: x / (1 + abs(x)),
    # special
    "erf": mpmath.erf,
    "erfc": _erfc,
    "erf_slope": lambda x: 2 / mpmath.sqrt(mp.pi) * mpmath.exp(-x * x),
    "erfinv": mpmath.erfinv,
    "ndtr": lambda x: _erfc(-x / mpmath.sqrt(2)) / 2,
    "norm_pdf": lambda x: mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mp.pi),
    "gamma": mpmath.gamma,
    "lgamma": lambda x: mpmath.re(mpmath.loggamma(x)),
    "digamma": mpmath.digamma,
    "polygamma": _polygamma,
    **TYPED,
}

# Points: ordinary ones, and beside them tiny, huge, and near the edges of the domains.
ORDINARY = (
    *(0.5, 1.5, -0.3, -2.7, 3.25, 0.1, 0.9, 2.0000001, 7.7, -9.1, 0.7203112521441384, -1.192394042905726),
    *(17.3, -25.3, -1.8939127, 0.3010868, 0.7516, -0.4142, 1.1, -0.05, 0.6151, 0.0123, 37.9, -37.2, 1.4142135),
)
FAR = (
    *(0.9999, 1.0001, -0.9999999, 1 - 2**-53, 1 + 2**-52, 1e-3, -1e-3, 1e-8, -1e-8, 1e-20, -1e-20, 1e-160, -1e-160),
    *(1e-300, -1e-300, 88.8, -99.9, 350.5, -354.7, 700.1, -707.3, 1e6 + 0.3, -1e6 + 0.3, 1e16, -1e16, 1e150, -1e150),
    *(1.3e200, -1.3e200, 1e300, -1e300),
)
# For several arguments: all pairs or triples of these.
SEVERAL = (0.5, -0.3, 1.7, -2.6, 10.1, -150.7, 1e-10, -1e-10, 0.999, 3.25, 1e100, -1e100, 1e-200)
FEW = (0.5, -0.3, 1.7, -2.6, 3.25, 1e-10, 150.3)
ORDERS = (0.0, 1.0, 2.0, 3.0, 5.0)

# Where the whole grid is too much for the reference, or makes no sense.
GRIDS = {
    "where": tuple(itertools.product((0.0, 1.0), FEW, FEW)),
    "polygamma": tuple(itertools.product(ORDERS, (*ORDINARY[::2], 1e-3, 1e-20, -1e-20, 700.1, 1e16, 1e300, -354.7))),
    "root": tuple(itertools.product((*FEW, -32.0, 1e-300, 1e300, -1e100), (1.0, 2.0, 3.0, 5.0, -3.0, 2.7, 0.0))),
    "binomial": (
        *itertools.product((5.0, 10.0, 2.5, -0.5, 20.0, -3.3), (0.0, 2.0, 3.3, -1.5)),
        *((-2.0, 3.0), (30.5, 20.25), (-7.0, 4.0)),
    ),
    "beta": tuple(itertools.product((0.5, 3.3, -2.6, 20.5), repeat=2)),
    **dict.fromkeys(
        ("binomial_by_m", "binomial_by_k"),
        tuple(itertools.product((5.0, 2.5, -0.5, 20.0, 1e-5), (0.0, 2.3, 1.0, 0.75))),
    ),
    "digamma_step": tuple(itertools.product((0.5, 3.3, -2.6, 20.5), (0.5, 2.75, -1.2, 0.001, 0.0))),
    "betaln": tuple(itertools.product((0.5, 3.3, -2.6, 20.5), repeat=2)),
    **{
        name: tuple((x,) for x in ORDINARY + FAR if abs(x) < 10 or (name == "erfcx" and abs(x) > 1e20))
        for name in ("erfcx", "erfcx_slope", "log_ndtr", "log_ndtr_slope")
    },
    **dict.fromkeys(
        ("sind", "cosd", "tand"),
        tuple((float(x),) for x in (*ORDINARY, *FAR, 30, -30, 45, -45, 60, 135, -150, 180, 210, 300, 330, 360e15)),
    ),
    **dict.fromkeys(
        ("jv", "yv", "iv", "kv", "expint"),
        tuple(itertools.product((0.0, 1.0, 2.0, 5.0, -1.0, 0.5), (0.5, 3.25, 17.3, 0.01, -2.7))),
    ),
    **dict.fromkeys(
        ("j0", "j1", "y0", "y1", "i0", "i1", "k0", "k1", "expi"),
        tuple((x,) for x in (0.5, 1.5, 2.404825557695773, 7.7, 17.3, 0.1, 1e-20, -2.7)),
    ),
    **dict.fromkeys(
        ("gammainc", "gammaincc"),
        (
            *itertools.product((0.5, 1.0, 3.25, 17.3, 1e-3), (0.5, 3.25, 17.3, 0.01, 1e-20, 60.0, -2.7)),
            *((1e-20, 0.5), (150.5, 130.0), (0.0, 2.0), (-1.5, 0.7)),
        ),
    ),
    "gamma_density": tuple(
        itertools.product((0.5, 3.25, 17.3, 1e-3, -1.5), (0.5, 3.25, 17.3, 0.01, 1e-20, 60.0, -2.7))
    ),
    "betainc": (
        *itertools.product((0.5, 1.0, 3.25), (0.5, 2.0, 17.3), (0.25, 0.9, 1e-3, 1e-20, 1.5)),
        *((150.5, 80.25, 0.6), (1e-3, 2.0, 0.3), (-1.0, 2.0, 0.5)),
    ),
    "beta_density": (
        *itertools.product((2.5,), (0.5, 3.25, -0.5), (0.75, 2.0, 17.3), (0.25, 0.9, 1e-3, 1.5)),
        (0.5, 2.0, -3.5, 0.25),
    ),
    "zeta": tuple(itertools.product((2.0, 3.5, -1.3), (1.0, 2.7, -0.5))),
    "zeta_derivative": tuple(itertools.product((1.0, 2.0), (2.0, 3.5, -1.3), (1.0, 2.7))),
    "lambertw": tuple(
        itertools.product(
            (
                *(0.5, 1.0, 2.718281828, 10.0, 1e-10, -1e-10, 1e5, 1e20, 1e300, 1e-300, -0.3, -0.36),
                *(-0.1, -0.01, -1e-100, 0.0, -0.37, 3.7),
            ),
            (0.0, -1.0, 1.0, -0.5),
        )
    ),
    "erfcinv": tuple((x,) for x in (0.5, 1.5, 0.1, 1.9, 1.0, 1e-3, 0.9, 1.1, 1.9999, 1e-20, 1e-100, 1e-300, 2.5, -0.1)),
    "ndtri": tuple((x,) for x in (0.5, 0.25, 0.1, 0.9, 0.975, 1e-3, 0.49, 0.9999, 1e-20, 1e-100, 1e-300, 1.5, -0.1)),
    "sinc_derivative": tuple(itertools.product(ORDERS, (*ORDINARY[::2], 0.9999, 1e-3, -1e-8, 1e-20, 1e-300))),
}


# Correctly rounded by construction: these are balls. mpmath is slow at many of them.
ROUNDED = floats.ROUNDED | {"polygamma", "sinc_derivative"}

# The operations on single numbers.
TABLE = {name: row for name, row in ops.TABLE.items() if not row.whole}


def count(row: Op) -> int:
    """How many arguments to try a row with."""
    return 3 if row.signature.startswith("*") else row.signature.count(",") + 1


def grid(row: Op) -> tuple[tuple[float, ...], ...]:
    """Points at which to test a row; it need not have a value there."""
    if row.name in GRIDS:
        return GRIDS[row.name]
    n = count(row)
    if n == 1:
        return tuple((x,) for x in ORDINARY + FAR)
    return tuple(itertools.product(SEVERAL if n == 2 else FEW, repeat=n))


def smooth(row: Op, point: tuple[float, ...]) -> bool:
    """Has the row a finite value and a derivative at the point, by its own account?"""
    value = call(row, point)
    marks = (row.kink, row.jump, row.pole)
    return value - value == 0 and not any(mark is not None and mark(*point) for mark in marks)


def exact(row: Op, point: tuple[float, ...]) -> mpf | None:
    """The value to many digits, or None outside the domain."""
    return _exact(row.name, *map(float.hex, point))


@cache
def _exact(name: str, *point: str) -> mpf | None:
    """Of numbers as texts, which tell 0 from -0."""
    with mp.workprec(EXACT):
        try:
            value = REFERENCE[name](*[mpf(float.fromhex(x)) for x in point])
        except (ValueError, ZeroDivisionError):
            return None
        return None if isinstance(value, mpmath.mpc) or mpmath.isnan(value) else value


def as_mpf(x: flint.arb) -> mpf:
    """An exact ball as a number of mpmath."""
    mantissa, exponent = x.man_exp()
    with mp.workprec(8000):
        return mpmath.ldexp(mpf(int(mantissa)), int(exponent))
