"""Tokens that stand side by side: the implicit product, and what is no sentence of the language."""

from __future__ import annotations

from gradcli.core.ops import by_name
from gradcli.errors import ExpressionError
from gradcli.language import lexer
from gradcli.language.names import nfkc
from gradcli.language.state import reduce_binary
from gradcli.text import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from gradcli.language.state import State

PRODUCT = 7
_MUL = by_name("mul")
_POW = by_name("pow")
_DIVISIONS = (by_name("div"), by_name("mod"))

# What has a place of its own, and stands in another.
_ELSEWHERE = {
    "...": ("... stands only in an index", "write x[..., 0]"),
    ":": (": stands only in an index", "write x[1:3]"),
    ".": ("a number or a name is missing at the point", "write 0.5 or x.sin()"),
    "not": ("not stands before a value, not after one", "write a != b, or a and not b"),
}


def product(p: State, token: str) -> None:
    """A number before a name or a parenthesis is a factor; anything else side by side is an error."""
    last = _last(p)
    if p.kinds[p.tokens[last]] != "number" or p.kinds[token] == "number":
        _missing_operator(p, last, token)
    exponent = any(entry[2] is _POW for entry in p.pending[-2:])
    p.reduce(PRODUCT + 1)
    if exponent or p.pending[-1][2] in _DIVISIONS:
        _note_product(p, exponent and p.pending[-1][2] not in _DIVISIONS)
    p.reduce(PRODUCT)
    p.pending.append((PRODUCT, reduce_binary, _MUL, p.i))
    p.want = True
    p.i -= 1  # the token is read again, as an operand


def _last(p: State) -> int:
    """The token before that on which the parser stands; within brackets the end of a line is none."""
    k = p.i - 1
    while k > 0 and p.tokens[k] == "\n" and p.frame.kind != "statement":
        k -= 1
    return k


def note_superscript_letters(p: State, token: str) -> None:
    """`xⁿ` is an identifier like any other, the same as `xn` (NFKC); a reader sees a power."""
    import unicodedata

    letters = [c for c in token if unicodedata.decomposition(c).startswith("<super>")]
    if letters:
        plain, power = (unicodedata.normalize("NFKC", text) for text in (token, letters[0]))
        message = f"{shortened(token)} is the name {shortened(plain)}, no power: that is **{power}"
        p.program.notes.append((message, *p.program.place(p.i, p.i)))


def _note_product(p: State, power: bool) -> None:
    """`1/2x` is (1/2)*x, and `e^2x` is (e^2)*x."""
    start, middle = p.program.place(p.starts[-1 if power else -2], _last(p))
    _, end = p.program.place(p.i, p.i)
    left, right = p.text[start:middle], p.text[middle:end].strip()
    if p.tokens[p.i] == "(":
        right = "(...)"
    elif p.tokens[p.i + 1] == "(":
        right += "(...)"
    if len(left) > 40:
        left = "..."
    p.program.notes.append((f"{left}{right} is read as ({left})*{right}", start, end))


def note_percent(p: State) -> None:
    """`25% + 1` is no sum: the sign belongs to what the remainder is taken by. The parser stands on the sign."""
    start, end = p.program.place(p.i - 1, p.i)
    if not p.text[start - 1].isspace() and p.text[start + 1].isspace():
        p.program.notes.append(("% is the remainder here; 25 percent are 25/100", start, end))


def note_share(p: State) -> None:
    """`10%x` is no share of x. The parser stands on the sign."""
    number, name = p.tokens[p.i - 1], p.tokens[p.i + 1]
    if p.kinds[number] != "number" or not (name == "(" or p.kinds[name] == "name"):
        return
    start, end = p.program.place(p.i - 1, p.i + 1)
    if p.text[start:end] == f"{number}%{name}":
        number, name = shortened(number), "(...)" if name == "(" else shortened(name)
        what = f"{number}%{name} is the remainder of {number} by {name}"
        p.program.notes.append((f"{what}; {number} percent of it are {number}/100*{name}", start, end))


def _missing_operator(p: State, last: int, token: str) -> NoReturn:
    before, token = shortened(p.tokens[last]), shortened(token)
    if before == "!":
        start, end = p.program.place(p.starts[-1], last)
        left, right = shortened(p.text[start:end]), "(...)" if token == "(" else token
        p.fail(
            f"an operator is missing between {left} and {token}",
            f"write {left}*{right} for a product",
            p.starts[-1],
            p.i,
        )
    if token == "(" and before == ")":
        message, cure = "an operator is missing between the parentheses", "write (a)*(b) for a product"
    elif p.kinds[before] == "number" == p.kinds[token]:
        message, cure = f"two numbers side by side: {before} and {token}", f"write {before}*{token} for a product"
    else:
        message = f"an operator is missing between {before} and {token}"
        right = "(...)" if token == "(" else token
        left = "(...)" if before == ")" else before
        if p.kinds[p.tokens[last]] == "superscript":
            left = shortened(p.tokens[last - 1]) + before if p.tokens[last - 1] != ")" else f"(...){before}"
        cure = f"write {left}*{right} for a product"
    p.fail(message, cure, last, p.i)


def mind_bad_number(p: State, token: str, following: str) -> None:
    """`0x10`, `1__0`, `1_`: numbers of Python that are none here, or of nobody."""
    if following[0] == "_":
        plain = shortened((token + following).replace("_", ""))
        cure = f"write {plain}" if plain.isdigit() else "write one _ between digits, or * for a product"
        p.fail(f"{shortened(token + following)} is not a number", cure, p.i, p.i + 1)
    if token != "0" or not following[1:2].isalnum() or len(following) > 40:
        return
    try:
        decimal = str(int(token + following, 0))
    except ValueError:
        return
    p.fail(f"0{following} is not a decimal number", f"write {decimal}, or 0*{following} for a product", p.i, p.i + 1)


def mind_grouped_digits(p: State) -> None:
    """`1,000` and `1,5*x`: no two results, no two arguments. The parser stands on the comma."""
    before, after = p.tokens[p.i - 1], p.tokens[p.i + 1]
    if not (before.replace(".", "").isdigit() and after.isdigit()):
        return
    start, end = p.program.place(p.i - 1, p.i + 1)
    if end - start != len(before) + 1 + len(after):
        return
    result = p.frame.kind in ("statement", "group")
    grouped = before.isdigit() and len(before) <= 3 == len(after) and (after[0] == "0" or result)
    # A result that is a number alone is no result.
    if not grouped and not (p.frame.kind == "statement" and (p.i < 2 or p.tokens[p.i - 2] in "\n;")):
        return
    p.fail(f"{before},{after} is two numbers", "put a blank between them", p.i - 1, p.i + 1)


def no_value(p: State, token: str) -> NoReturn:
    """A token stands where a number, a name or a parenthesis could."""
    before = shortened(p.tokens[_last(p)]) if p.i else ""
    where = "at the start" if before in ("", ";", "\n") else f"after {before}"
    if token in (")", "]", ",") and before in ("(", "[", ","):
        message = "the parentheses are empty" if (before, token) == ("(", ")") else f"a value is missing before {token}"
        p.fail(message, "write a number, a name or a formula", p.i - 1 if before != "," else p.i, p.i)
    if before == "%":
        missing_value(p)
    if p.kinds[token] == "unknown":
        unknown(p, token)
    _mind_elsewhere(p, token)
    p.fail(f"a value is missing {where}, before {_character(token)}", "write a number, a name or a formula", p.i)


def missing_value(p: State) -> NoReturn:
    """The statement ends where a value is needed. The parser stands on what ends it."""
    before = shortened(p.tokens[p.i - 1])
    p.fail(f"a value is missing after {before}", "write a number, a name or a formula after it", p.i - 1)


def no_operator(p: State, token: str) -> NoReturn:
    """A token stands where an operator could."""
    _mind_elsewhere(p, token)
    unknown(p, token)


def _mind_elsewhere(p: State, token: str) -> None:
    if token in _ELSEWHERE:
        p.fail(*_ELSEWHERE[token], p.i)


def unknown(p: State, token: str) -> NoReturn:
    """A sign that has no meaning, or a name with such a character in it: raises ExpressionError."""
    start, end = lexer.locate(p.text, p.i, p.i)
    bad = next((k for k, c in enumerate(token) if not f"a{c}".isidentifier()), 0)
    if len(token) == 1 or not any(f"a{c}".isidentifier() for c in token):
        raise ExpressionError(f"{_character(token)} has no meaning here", p.text, (start, end), "remove it")
    plain = nfkc(token)
    cure = f"write {shortened(plain)}" if plain.isascii() else "remove it"
    message = f"{_character(token[bad])} cannot stand in a name"
    raise ExpressionError(message, p.text, (start + bad, start + bad + 1), cure)


def _character(c: str) -> str:
    """A sign for a message, by its code where it cannot be seen."""
    return shortened(c) if c.isprintable() and not c.isspace() and c < "\ue000" else f"U+{ord(c[0]):04X}"
