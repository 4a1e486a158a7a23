"""What training programs use beside: data in batches, gradients by computing again."""

from __future__ import annotations

from gradcli.utils import checkpoint, data

__all__ = ["checkpoint", "data"]
