"""Names in another language: words that it reserves, and signs that it does not have, give way."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Names:
    """Names for the things of one function, each of them once.

    >>> names = Names({"double"}, ascii_only=True, ours="fn_")
    >>> [names.take(x) for x in ("x", "double", "μ", "x²", "_x", "fn_a", "x")]
    ['x', 'double_', 'mu', 'xu00b2', 'v_x', 'vfn_a', 'x_']
    """

    def __init__(self, reserved: Iterable[str], ascii_only: bool, ours: str) -> None:
        """ours: what the names of helpers begin with."""
        self._taken = set(reserved)
        self._ascii_only = ascii_only
        self._ours = ours

    def take(self, wanted: str) -> str:
        """The wanted name, or the next best that is free."""
        name = "".join(map(_in_ascii, wanted)) if self._ascii_only else wanted
        if name.startswith((self._ours, "_") if self._ascii_only else self._ours):
            name = f"v{name}"
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name


def _in_ascii(sign: str) -> str:
    """Greek letters by their names, anything else by its number."""
    if sign.isascii():
        return sign
    what = unicodedata.name(sign, "").split()
    if what[:1] == ["GREEK"] and what[2:3] == ["LETTER"] and len(what) == 4:
        return what[3].lower() if what[1] == "SMALL" else what[3].capitalize()
    return f"u{ord(sign):04x}"
