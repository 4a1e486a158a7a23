"""The signs of the language: their spellings, their operations, and the kind of each token."""

from __future__ import annotations

SPELLINGS = {
    "−": "-",
    "×": "*", "·": "*", "⋅": "*", "∙": "*", "∗": "*", "÷": "/", "∕": "/", "≤": "<=", "≥": ">=", "≠": "!=", "^": "**",
}  # fmt: skip

_BINARY = {
    "or": "logical_or", "and": "logical_and",
    "<": "lt", "<=": "le", ">": "gt", ">=": "ge",
    "==": "eq", "!=": "ne", "+": "add", "-": "sub",
    "*": "mul", "/": "div", "%": "mod", "@": "matmul", "**": "pow",
}  # fmt: skip
BINARY = _BINARY | {sign: _BINARY[plain] for sign, plain in SPELLINGS.items()}

KINDS = {
    **dict.fromkeys(BINARY, "binary"),
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!=", "≤", "≥", "≠"), "compare"),
    **dict.fromkeys(("+", "-", "−"), "sign"),
    **{c: c for c in ("(", ")", "[", "]", ",", ".", ":", "...", "if", "else", "not")},
    ";": "end", "\n": "end", "!": "!",
}  # fmt: skip
