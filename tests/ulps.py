"""How far the kernels of compiled code are from the truth, in units of the last place: against balls of python-flint.

`python -m tests.ulps 100000` prints the largest error of each over so many points.
"""

from __future__ import annotations

import math
import sys
from functools import cache
from typing import Any

import flint
import numpy as np
from flint import arb

import gradcli
from gradcli.core.graph import VARIABLE, Graph
from gradcli.core.ops import by_name
from gradcli.domains.compiled.kernels.lacking import LACKS
from gradcli.domains.compiled.tape import CompiledTape
from gradcli.domains.graph_bounds import lacks

BITS = 400
EDGES = [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 2.0**-1022, -(2.0**-1022), 1.7976931348623157e308]
EDGES += [-EDGES[-1], 1.0, -1.0, 0.5, -0.5, 2.0, math.nextafter(1, 0), math.nextafter(1, 2), math.nextafter(-1, 0)]


def _near(low: float, high: float):
    return lambda rng, n: rng.uniform(low, high, n)


def _all(rng, n: int):
    """Any bits at all."""
    return rng.integers(0, 2**64, n, dtype=np.uint64).view(np.float64)


def _sizes(low: float, high: float):
    """Positive numbers of all magnitudes between two powers of ten."""
    return lambda rng, n: 10.0 ** rng.uniform(low, high, n)


def _either(low: float, high: float):
    return lambda rng, n: 10.0 ** rng.uniform(low, high, n) * rng.choice([-1.0, 1.0], n)


def _limits(y: float):
    """Where x**y comes to its largest and its smallest numbers."""
    return lambda rng, n: (
        2.0 ** (rng.choice([1023.5, -1022.0, -1050.0], n) / y).clip(-1074, 1023) * rng.uniform(0.7, 1.4, n)
    )


def _turns(rng, n: int):
    """Beside the multiples of pi/2."""
    k = rng.integers(-(10**6), 10**6, n)
    return k * (math.pi / 2) * (1 + rng.normal(0, 1e-15, n))


@cache
def _nearest_to_turns() -> list[float]:
    """Floats of all sizes that lie next to a multiple of pi/2: from the continued fractions of 2/pi*2**e."""
    found = []
    with flint.ctx.workprec(1600):
        for e in range(-52, 971, 9):
            rest, (low, q) = arb(2) ** (e + 1) / arb.pi(), (1, 0)
            while q < 2**53:
                whole = int(rest.floor().unique_fmpz())
                low, q = q, whole * q + low
                m = q * max(1, -(-(2**52) // q)) if q else 0
                if 2**52 <= m < 2**53:
                    found.append(math.ldexp(m, e))
                rest = 1 / (rest - whole)
    return found


_EXP = [_near(-750, 712), _near(-1, 1), _either(-20, 2)]
_ANGLE = [_near(-10, 10), _near(-1e6, 1e6), _turns, _either(-20, 9), _either(8, 300)]
_ANGLE += [lambda rng, n: rng.choice(_nearest_to_turns(), n)]
_BELL = [_near(-9, 9), _near(-39, 39), _either(-20, 1)]
_UNIT = [_near(-1, 1), _either(-20, 0), lambda rng, n: 1 - 10.0 ** rng.uniform(-16, -0.3, n)]
# The truth, and where points lie beside those of any bits.
KERNELS = {
    "exp(x)": (arb.exp, _EXP), "expm1(x)": (arb.expm1, _EXP), "exp2(x)": (lambda x: arb(2) ** x, _EXP),
    "tanh(x)": (arb.tanh, [*_EXP, _near(-20, 20)]),
    "sinh(x)": (arb.sinh, _EXP), "cosh(x)": (arb.cosh, _EXP),
    "log(x)": (arb.log, [_sizes(-320, 308), _near(0.5, 2)]),
    "log2(x)": (lambda x: x.log() / arb(2).log(), [_sizes(-320, 308), _near(0.5, 2)]),
    "log10(x)": (lambda x: x.log() / arb(10).log(), [_sizes(-320, 308), _near(0.5, 2)]),
    "log1p(x)": (arb.log1p, [_sizes(-30, 308), _near(-1, 2), _either(-20, -1)]),
    "sin(x)": (arb.sin, _ANGLE), "cos(x)": (arb.cos, _ANGLE), "tan(x)": (arb.tan, _ANGLE),
    "asin(x)": (arb.asin, _UNIT), "acos(x)": (arb.acos, _UNIT), "atan(x)": (arb.atan, [_near(-5, 5), _either(-20, 20)]),
    "asinh(x)": (arb.asinh, [_near(-5, 5), _either(-20, 300)]),
    "acosh(x)": (arb.acosh, [_near(1, 3), _sizes(0, 300), lambda rng, n: 1 + 10.0 ** rng.uniform(-15, 0, n)]),
    "atanh(x)": (arb.atanh, _UNIT),
    "cbrt(x)": (lambda x: x.root(3) if x > 0 else -(-x).root(3), [_either(-300, 300), _near(-8, 8)]),
    "sqrt(x)": (arb.sqrt, [_sizes(-300, 300)]),
    "erf(x)": (arb.erf, [_near(-6, 6), _either(-20, 1)]),
    "erfc(x)": (arb.erfc, [_near(-6, 27.3), _either(-20, 1)]),
    "erf_slope(x)": (lambda x: 2 / arb.pi().sqrt() * (-x * x).exp(), _BELL),
    "norm_pdf(x)": (lambda x: (-x * x / 2).exp() / (2 * arb.pi()).sqrt(), _BELL),
    **{f"x**{y}": (lambda x, y=y: x ** arb(y), [_sizes(-320, 308), _either(-5, 5), _near(1, 4), _limits(y)]) for y in (
        *(1.5, 3.5, -2.5, 2.2, 11, 3, 4, 5, 7, -1, -2, -3, -8),
    )},
    "gelu(x)": (lambda x: x * (-x / arb(2).sqrt()).erfc() / 2, [_near(-38.5, 9), _near(-1, 1), _either(-20, 1)]),
}  # fmt: skip
_TWO = [(_sizes(-5, 5), _near(-60, 60)), (_near(0.5, 2), _near(-700, 700)), (_near(0, 10), _near(-10, 10))]
_TWO += [(_either(-3, 3), lambda rng, n: rng.integers(-30, 30, n).astype(float)), (_sizes(-300, 300), _near(-1, 1))]
_PLANE = [(_near(-2, 2), _near(-2, 2)), (_either(-20, 20), _either(-20, 20)), (_either(-310, 308), _either(-310, 308))]
OF_TWO = {
    "x**y": (lambda x, y: x**y, _TWO),
    "hypot(x, y)": (lambda x, y: (x * x + y * y).sqrt(), _PLANE),
    "atan2(x, y)": (arb.atan2, _PLANE),
}
LEAST = 2.0**-1074


def compiled(text: str):
    """The value alone, as compiled code."""
    f = gradcli.function(text)
    tape = CompiledTape(f.optimised(False), [])
    return lambda *x: tape.run(dict(zip(f.variables, x, strict=True)), {}, len(x[0]))[0]


def points(ways: list, count: int, seed: int = 1):
    """Arrays of numbers, of any bits and of these ways, and the edges."""
    rng = np.random.default_rng(seed)
    share = count // (len(ways) + 1)
    return np.concatenate([EDGES, _all(rng, share), *[way(rng, share) for way in ways]])


def pairs(ways: list, count: int, seed: int = 1):
    """The same of two numbers, each edge with each."""
    rng = np.random.default_rng(seed)
    share = count // (len(ways) + 1)
    first = [np.repeat(EDGES, len(EDGES)), _all(rng, share), *[a(rng, share) for a, _ in ways]]
    second = [np.tile(EDGES, len(EDGES)), _all(rng, share), *[b(rng, share) for _, b in ways]]
    return np.concatenate(first), np.concatenate(second)


def error(got: float, truth: arb) -> float | None:
    """In units of the last place of the truth; None where the truth is no finite number of this size."""
    if not truth.is_finite() or truth.abs_lower() > 1.7976931348623157e308 or got != got:
        return None
    size = float(truth.abs_upper())
    if math.isinf(got):
        return None if size > 1.797693134862315e308 else math.inf
    return float(abs(truth - got) / max(math.ulp(size), LEAST))


def worst(text: str, count: int) -> tuple[float, tuple[float, ...]]:
    """The largest error of a kernel over so many points, and where it is."""
    function, ways = (KERNELS | OF_TWO)[text]
    given = pairs(ways, count) if text in OF_TWO else (points(ways, count),)
    largest, place = 0.0, ()
    with flint.ctx.workprec(BITS):
        for got, *x in zip(compiled(text)(*given).tolist(), *[v.tolist() for v in given], strict=True):
            if not all(map(math.isfinite, x)) or any(v == 0 and math.copysign(1, v) < 0 for v in x):
                continue  # balls know no -0
            found = error(got, function(*map(arb, x)))
            if found is not None and found > largest:
                largest, place = found, tuple(x)
    return largest, place


def lacking(name: str, count: int, tape: Any = CompiledTape) -> float:
    """How far off an executor is at most about what the float of a function lacks, in units of its last place."""
    x = points(KERNELS[f"{name}(x)"][1], count)
    x = x[np.isfinite(x)]
    nodes = [(VARIABLE, "x"), (by_name(name), 0), (lacks(name), 0, 1)]
    y, rest = tape(Graph(nodes, [1, 2], [0, 0, 0]), []).run({"x": x}, {}, len(x))
    told = np.isfinite(rest) & (np.abs(y) > 2.0**-960)
    assert np.mean(told) > 0.3
    largest = 0.0
    with flint.ctx.workprec(BITS):
        for got, less, at in zip(y[told].tolist(), rest[told].tolist(), x[told].tolist(), strict=True):
            largest = max(largest, float(abs(KERNELS[f"{name}(x)"][0](arb(at)) - got - less)) / math.ulp(got))
    return largest


def main() -> None:
    """Print the largest errors."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for text in sys.argv[2:] or [*KERNELS, *OF_TWO]:
        largest, place = worst(text, count)
        print(f"{text:12} {largest:.3f} ulp at {', '.join(map(repr, place))}", flush=True)
    for name in () if sys.argv[2:] else LACKS:
        print(f"what {name} lacks: {lacking(name, count):.3f} ulp", flush=True)


if __name__ == "__main__":
    main()
