"""Steps: rounding, signs and remainders towards 0. Their gradient is 0 also at a step."""

from __future__ import annotations

from gradcli.core.op import DISCRETE, Op
from gradcli.core.ops.arithmetic import is_multiple
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _is_whole(x: float) -> bool:
    return x % 1 == 0


def _is_step_of_trunc(x: float) -> bool:
    return (x != 0) & (x % 1 == 0)


def _step(name: str, about: str, example: float, edges: str, jump: Callable[[float], bool], aliases: str = "") -> Op:
    return Op(
        name, "x",
        aliases=aliases, about=about, example=f"{name}({example})", edges=f"jump at {edges}",
        vjp=(DISCRETE,), jump=jump,
        integral=True, ulp=0,
    )  # fmt: skip


ROWS = (
    _step("sign", "-1, 0 or 1", -3, "0", lambda x: x == 0, "sgn"),
    _step("floor", "the largest integer not above x", 2.7, "integers", _is_whole),
    _step("ceil", "the smallest integer not below x", 2.3, "integers", _is_whole),
    _step("round", "the nearest integer, ties to even", 2.5, "half-integers", lambda x: x % 1 == 0.5, "rint around"),
    _step("trunc", "x without its decimals", -2.7, "integers but 0", _is_step_of_trunc, "fix"),
    Op(
        "frac", "x",
        about="the decimals of x, with its sign", ulp=0, example="frac(-2.7)", definition="x - trunc(x)",
        domain="finite numbers", edges="jump at integers but 0",
        vjp=(lambda g, y, x: g,), jump=_is_step_of_trunc,
    ),
    Op(
        "fmod", "x, y",
        about="the remainder x - trunc(x/y)*y, with the sign of x", ulp=0, example="fmod(-7, 3)",
        definition="x - trunc(x/y)*y",
        domain="x finite, y != 0", edges="jump where x/y is an integer but 0",
        # (x - r)/y is the quotient but for rounding; trunc(x/y) may be one too high
        vjp=(lambda g, r, x, y: g, lambda g, r, x, y: -(g * fn.round((x - r) / y))),
        jump=lambda x, y: x != 0 and is_multiple(x, y),
        integral=True,
    ),
    Op(
        "heaviside", "x, values=0.5",
        about="0 below 0, 1 above, and `values` at 0", ulp=0, example="heaviside(2)", edges="jump at x = 0",
        definition="1 if x > 0 else 0 if x < 0 else values if x == 0 else x",
        vjp=(DISCRETE, lambda g, y, x, values: g), active=(None, lambda y, x, values: x == 0),
        jump=lambda x, values: x == 0,
    ),
)  # fmt: skip
