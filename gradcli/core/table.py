"""The table of operations, by name: a leaf that `gradcli.core.ops` fills."""

from __future__ import annotations

from gradcli.core.op import Op

TABLE: dict[str, Op] = {}

by_name = TABLE.__getitem__
