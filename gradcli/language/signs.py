"""The signs of the language: their spellings, their operations, and the kind of each token."""

from __future__ import annotations

from gradcli.core.op import Op
from gradcli.core.ops import by_name

SPELLINGS = {
    "−": "-",
    "×": "*", "·": "*", "⋅": "*", "∙": "*", "∗": "*", "÷": "/", "∕": "/", "≤": "<=", "≥": ">=", "≠": "!=", "^": "**",
}  # fmt: skip

_BINARY: dict[str, Op] = {
    "or": by_name("logical_or"), "and": by_name("logical_and"),
    "<": by_name("lt"), "<=": by_name("le"), ">": by_name("gt"), ">=": by_name("ge"),
    "==": by_name("eq"), "!=": by_name("ne"), "+": by_name("add"), "-": by_name("sub"),
    "*": by_name("mul"), "/": by_name("div"), "%": by_name("mod"), "@": by_name("matmul"), "**": by_name("pow"),
}  # fmt: skip
BINARY = _BINARY | {sign: _BINARY[plain] for sign, plain in SPELLINGS.items()}

KINDS = {
    **dict.fromkeys(BINARY, "binary"),
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!=", "≤", "≥", "≠"), "compare"),
    **dict.fromkeys(("+", "-", "−"), "sign"),
    **{c: c for c in ("(", ")", "[", "]", ",", ".", ":", "...", "if", "else", "not")},
    ";": "end", "\n": "end", "!": "!",
}  # fmt: skip
