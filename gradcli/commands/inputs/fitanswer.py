"""What `gradcli fit --json` wrote, read again by `propagate --fit` and `plot --fit`."""

from __future__ import annotations

import json
import math

import numpy as np

from gradcli.errors import UsageError
from gradcli.tables.files import read_text
from gradcli.text import label_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class FitAnswer:
    """The answer in a file. values, sd: of the parameters by name; cov: their covariances, in this order."""

    def __init__(self, path: str) -> None:
        """Raises UsageError where the file is no such answer."""
        self.label = label_of(path)
        try:
            self._take(json.loads(read_text(path)))
        except UsageError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            what = f"{self.label} is no answer of gradcli fit --json"
            raise UsageError(what, "write gradcli fit .. --json > fit.json, and --fit fit.json") from None
        count = len(self.values)
        if self.cov.shape != (count, count):
            raise UsageError(f"cov of {self.label} has the shape {self.cov.shape}", f"it has {count} parameters")

    def _take(self, found: dict[str, Any]) -> None:
        """What is read of the object. Raises UsageError, and KeyError and its kin for what is not there."""
        self.values = {x: float(p["value"]) for x, p in found["parameters"].items()}
        self.sd = {x: float(p["sd"]) for x, p in found["parameters"].items()}
        self.cov = np.array([[float(v) for v in row] for row in found["cov"]], float)
        if not all(map(math.isfinite, self.values.values())):
            raise UsageError(f"{self.label} has parameters without a finite number", "fit fewer parameters")
