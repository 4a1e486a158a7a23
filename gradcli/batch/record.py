"""Which files of a folder are done, and of which run: kept in the folder until all are."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import Any

from gradcli.batch.outcome import Outcome
from gradcli.batch.partial import differs
from gradcli.errors import UsageError

NAME = ".gradcli-batch.jsonl"


class Record:
    """The lines of the record: a file's name, what it was made of and with, and what there was to tell."""

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, NAME)
        self._found: dict[str, dict[str, Any]] = {}
        with suppress(OSError), open(self._path, "rb") as file:
            for line in file.read().split(b"\n")[:-1]:
                with suppress(ValueError, TypeError, KeyError):
                    found = json.loads(line)
                    self._found[found["name"]] = found

    def outcome(self, label: str, name: str, identity: dict[str, Any]) -> Outcome | None:
        """That of a file that is done, None where nothing is known. Raises UsageError where it is of another run."""
        found = self._found.get(name)
        if found is None:
            return None
        # Without the machine: the files of one folder may be of several.
        if what := differs(found["identity"], identity, but="machine"):
            raise UsageError(f"{label} is of another run: not the same {what}", "--force writes all anew")
        return Outcome.of_json(found["outcome"])

    def add(self, name: str, identity: dict[str, Any], outcome: Outcome) -> None:
        """This file is done."""
        line = json.dumps({"name": name, "identity": identity, "outcome": outcome.to_json()}, allow_nan=False)
        with open(self._path, "ab") as file:
            file.write(line.encode() + b"\n")

    def remove(self) -> None:
        """All files are done."""
        with suppress(OSError):
            os.remove(self._path)
