"""The languages, by name."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.export.language import Language

NAMES = ("python", "numpy", "c", "javascript")


def named(name: str) -> Language:
    """The language of this name, one of NAMES. Raises KeyError."""
    if name not in NAMES:
        raise KeyError(name)
    found: Language = import_module(f"gradcli.export.to_{name}").LANGUAGE
    return found
