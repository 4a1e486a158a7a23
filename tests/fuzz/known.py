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


# True digits own what is printed at given points; PyTorch's face follows PyTorch.
KNOWN: tuple[Known, ...] = (
    Known(
        "number", "floats, map", r"\*\*",
        "the slope of x**y takes y - 1, which is even where y is 2**53 or more: true digits own it",
        "x**y", {"x": -1.0, "y": 1e16},
    ),
    Known(
        "number", "floats", r"softmax\(",
        "beside a tie the difference of two shares has lost digits: true digits own it",
        "sum(log_softmax(x, axis=None))", {"x": [0.0, -8e-7]},
    ),
    Known(
        "number", "floats, map", r"zeta\(",
        "the slope of zeta(s, q) by q takes s + 1, which is rounded near its pole: true digits own it",
        "zeta(y, y)", {"y": 2e-05},
    ),
    Known(
        "number", "floats", r"xlog1?p?y\(.*(round|floor|ceil|trunc|sign)",
        "a step that rounding decides leads out of a domain: true digits own it",
        "xlog1py(round(ndtr(square(x))), (-2))", {"x": 5e-15},
    ),
    Known(
        "second", "tensors", r"acot\(",
        "acot of a zero has the sign of that zero, and steps there, as PyTorch's atan(1/x)",
        "(acot((x % x)) / x)", {"x": -1.0},
    ),
)  # fmt: skip


def known(failure: Failure) -> Known | None:
    """The entry that covers a failure."""
    return next((entry for entry in KNOWN if entry.covers(failure)), None)
