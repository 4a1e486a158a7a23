"""What is known and waits for a later change: one list, which only shrinks.

Each entry has a program that shows it; `test_fuzz` fails where it shows no longer, and the entry goes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .oracle import Failure


class Known(NamedTuple):
    """A fault that is known: kinds of failure, of which executors, what the text and the detail hold; the reason."""

    kinds: str
    executors: str
    pattern: str
    reason: str
    text: str
    point: dict
    detail: str = ""

    def covers(self, failure: Failure) -> bool:
        """Is this failure that fault?"""
        return (
            failure.kind in self.kinds.split(", ")
            and failure.who in self.executors.split(", ")
            and re.search(self.pattern, failure.text) is not None
            and self.detail in failure.detail
        )


KNOWN: tuple[Known, ...] = (
    Known(
        "number", "floats, map", r"\*\*",
        "the slope of x**y takes y - 1, which is even where y is 2**53 or more", "x**y", {"x": -1.0, "y": 1e16},
    ),
    Known(
        "number", "floats", r"det\(",
        "NumPy's det goes through the logarithm of its size: digits are lost far out",
        "ceil(det(w))", {"w": [[-1e300, 0.0], [0.0, 1.0]]},
    ),
    Known(
        "number", "floats", r"prod\(",
        "a product that underflows on the way to a larger number has lost digits, without a note (N1)",
        "prod(x)", {"x": [-2e-11, 2e-308, 170.0, 1.0]},
    ),
    Known(
        "jump missed", "notes", r"(max|min)\(.*(acosh|sqrt|asin|acos|atanh|log)",
        "a choice that changes at the edge of a domain, where the other's slope is infinite, is silent (N3)",
        "max(x, (acosh(x) * 1e300))", {"x": 1.0},
    ),
    Known(
        "silence", "notes", r"max|min|clamp|where|if|relu",
        "a NaN in the slope of what is not active has no note", "clamp(100, relu(1/(x < x)))", {"x": 1.0},
    ),
    Known(
        "number", "floats", r"softmax\(",
        "beside a tie the difference of two shares has lost digits: true digits own it",
        "sum(log_softmax(x, axis=None))", {"x": [0.0, -8e-7]},
    ),
    Known(
        "choice", "floats", r"(inv|solve)\(",
        "NumPy's inverse of a matrix that is not finite is finite here and there",
        "sum(inv(expm1(x)))", {"x": [[1.7e308, -0.5910185712846552], [float("inf"), -0.5613006489330261]]},
    ),
    Known(
        "note lies", "notes", r"clamp\(",
        "a clamp of which both bounds are level has a note on a kink where the remainder has its step",
        "(y % cos(clamp(y, (y != y), (y != y))))", {"y": 0.0},
    ),
    Known(
        "jump missed", "notes, digits", r"\*\*|polygamma\(|root\(|[jyik]v\(",
        "a comparison with what has a value at single points alone is silent", "(2 >= (x ** x))", {"x": -1.0},
    ),
    Known(
        "number", "floats, map", r"zeta\(",
        "the slope of zeta(s, q) by q takes s + 1, which is rounded near its pole", "zeta(y, y)", {"y": 2e-05},
    ),
    Known(
        "second", "tensors", r"acot\(",
        "acot of a zero has the sign of that zero, and steps there", "(acot((x % x)) / x)", {"x": -1.0},
    ),
)  # fmt: skip


def known(failure: Failure) -> Known | None:
    """The entry that covers a failure."""
    return next((entry for entry in KNOWN if entry.covers(failure)), None)
