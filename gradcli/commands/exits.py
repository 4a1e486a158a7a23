"""Exit statuses. Plain integers: `enum` would cost more to load than all of this program's reading."""

from __future__ import annotations

DONE = 0
NO = 1  # an answer that is "no": a witness disagrees, a digit is undecided
USAGE = 2  # bad usage, expression, input or file
FAULT = 3  # a fault of gradcli itself
INTERRUPTED = 130
CLOSED_PIPE = 141
