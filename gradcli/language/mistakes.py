"""What people write that is not this language, and what to write instead."""

from __future__ import annotations

from gradcli.text import shortened

# Where a value is expected: token -> (message, cure).
NO_VALUE = {
    "|": ("|x| is not understood", "write abs(x)"),
    "||": ("|| is not understood", "write a or b"),
    "&&": ("&& is not understood", "write a and b"),
    "!": ("! is not understood here", "write not x"),
    "~": ("~ is not understood", "write not x"),
    "√": ("√ is not understood", "write sqrt(x)"),
    '"': ("text in quotes has no place in a formula", "remove the quotes"),
    "'": ("text in quotes has no place in a formula", "remove the quotes"),
    "{": ("braces are not understood", "write parentheses ( )"),
    "\\": ("\\ is not understood", "write sqrt(x) by its name; to go on in the next line use parentheses"),
    "$": ("$ is not understood", "write variables by their bare names"),
    "...": ("... stands only in an index", "write x[..., 0]"),
    ":": (": stands only in an index", "write x[1:3]"),
    ".": ("a number or a name is missing at the point", "write 0.5 or x.sin()"),
    "=": ("= assigns a name, and there is none before it", "write c = a*b, or a == b to compare"),
}

# Where an operator is expected.
NO_OPERATOR = {
    "|": ("| is not understood", "write abs(x), or a or b"),
    "||": ("|| is not understood", "write a or b"),
    "&&": ("&& is not understood", "write a and b"),
    "&": ("& is not understood", "write a and b"),
    "!": ("! is not understood", "write gamma(n + 1) for the factorial n!"),
    "//": ("// is not understood", "write floor(a/b)"),
    "'": ("x' is not understood", "gradcli differentiates by itself: write x, and read d/dx"),
    "=": ("= stands only after a name at the start of a statement", "write == to compare"),
    ":=": (":= is not understood", "write c = a*b; and use c after it"),
    "->": ("-> is not understood", "write a >= b to compare"),
    "=>": ("=> is not understood", "write >="),
    "=<": ("=< is not understood", "write <="),
    "<>": ("<> is not understood", "write !="),
    "?": ("c ? a : b is not understood", "write a if c else b"),
    ":": (": stands only in an index", "write x[1:3]"),
    "{": ("braces are not understood", "write parentheses ( )"),
    "}": ("braces are not understood", "write parentheses ( )"),
    "°": ("° is not understood", "write radians(x)"),
    "...": ("... stands only in an index", "write x[..., 0]"),
    "\\": ("\\ is not understood", "put the whole in parentheses to go on in the next line"),
    '"': ("text in quotes has no place in a formula", "remove the quotes"),
    "`": ("` is not understood", "remove it"),
    "~": ("~ is not understood", "write not x"),
    "$": ("$ is not understood", "write variables by their bare names"),
}

# Characters that look like one of ours and are none.
LOOKALIKES = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\uff0d", "-"),
    "\uff0b": "+",
    "\uff0a": "*",
    "\uff0f": "/",
    "\u2044": "/",
    "\uff1d": "=",
    "\uff3e": "^",
    "\uff05": "%",
    "\uff08": "(",
    "\uff09": ")",
    "\uff3b": "[",
    "\uff3d": "]",
    "\uff0c": ",",
    "\uff1b": ";",
    "\uff0e": ".",
    "\u2266": "<=",
    "\u2267": ">=",
    "\uff1c": "<",
    "\uff1e": ">",
    "\u221e": "inf",
}

STATEMENT_WORDS = {
    "lambda": "write f(x) = x**2; f(3)",
    "def": "write f(x) = x**2; f(3)",
    "return": "the last statement is the result: write it bare",
    "import": "nothing needs an import: np.sin(x), math.sin(x) and sin(x) all work",
    "from": "nothing needs an import: np.sin(x), math.sin(x) and sin(x) all work",
    "let": "write c = a*b",
    "for": "there are no loops: write the terms, or give an array",
    "while": "there are no loops",
}


def character(c: str) -> str:
    """A character or a longer sign for a message, by its code where it cannot be seen."""
    if c.isprintable() and not c.isspace() and c < "\ue000":
        return shortened(c)
    return f"U+{ord(c[0]):04X}"
