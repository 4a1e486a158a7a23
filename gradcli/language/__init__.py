"""The language: tokens, the parser, what a text means and how it is written again.

What only some texts need is loaded with its first use: `language.calls` where one calls something,
`language.juxtaposed` where two tokens stand side by side, `language.pairs` where PyTorch gives two things.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.language import calls as calls
    from gradcli.language import juxtaposed as juxtaposed
    from gradcli.language import pairs as pairs

_LATER = ("calls", "juxtaposed", "pairs")


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return __import__(f"gradcli.language.{name}", fromlist=_LATER)
