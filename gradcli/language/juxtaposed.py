"""Tokens that stand side by side: the implicit product, and what is no sentence of the language."""

from __future__ import annotations

from gradcli.core.ops import by_name
from gradcli.language.mistakes import LOOKALIKES, NO_OPERATOR, NO_VALUE, STATEMENT_WORDS, character
from gradcli.language.names import FUNCTIONS, KEYWORDS
from gradcli.text import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from gradcli.language.state import State

PRODUCT = 7
_MUL = by_name("mul")
_DIVISIONS = (by_name("div"), by_name("mod"))


def product(p: State, token: str) -> None:
    """A number before a name or a parenthesis is a factor; anything else side by side is an error."""
    before = p.tokens[p.i - 1]
    if _kind(p, before) != "number" or _kind(p, token) == "number":
        _missing_operator(p, before, token)
    p.reduce(PRODUCT + 1)
    if p.pending[-1][2] in _DIVISIONS:
        _note_division(p)
    p.reduce(PRODUCT)
    p.pending.append((PRODUCT, p.reduce_binary, _MUL, p.i))
    p.want = True
    p.i -= 1  # the token is read again, as an operand


def note_superscript_letters(p: State, token: str) -> None:
    """`xⁿ` is an identifier like any other, the same as `xn` (NFKC); a reader sees a power."""
    import unicodedata

    letters = [c for c in token if unicodedata.decomposition(c).startswith("<super>")]
    if letters:
        plain, power = (unicodedata.normalize("NFKC", text) for text in (token, letters[0]))
        message = f"{shortened(token)} is the name {shortened(plain)}, no power: that is **{power}"
        p.program.notes.append((message, *p.program.place(p.i, p.i)))


def _kind(p: State, token: str) -> str:
    return p.kinds.get(token) or p.classify(token)


def _note_division(p: State) -> None:
    start, middle = p.program.place(p.starts[-2], p.i - 1)
    _, end = p.program.place(p.i, p.i)
    left, right = p.text[start:middle], p.text[middle:end].strip()
    if p.tokens[p.i] == "(":
        right = "(...)"
    elif p.tokens[p.i + 1] == "(":
        right += "(...)"
    if len(left) > 40:
        left = "..."
    p.program.notes.append((f"{left}{right} is read as ({left})*{right}", start, end))


def _missing_operator(p: State, before: str, token: str) -> NoReturn:
    before, token = shortened(before), shortened(token)
    if token == "(" and before == ")":
        message, cure = "an operator is missing between the parentheses", "write (a)*(b) for a product"
    elif before in STATEMENT_WORDS:
        message, cure = f"{before} has no meaning here", STATEMENT_WORDS[before]
    elif _kind(p, before) == "name" and before in FUNCTIONS:
        message, cure = f"{before} needs parentheses", f"write {before}({'...' if token == '(' else token})"
    elif _kind(p, before) == "number" == _kind(p, token):
        message, cure = f"two numbers side by side: {before} and {token}", f"write {before}*{token} for a product"
    else:
        shown = "(" if token == "(" else token
        message = f"an operator is missing between {before} and {shown}"
        right = "(...)" if token == "(" else token
        left = "(...)" if before == ")" else before
        if _kind(p, p.tokens[p.i - 1]) == "superscript":
            left = shortened(p.tokens[p.i - 2]) + before if p.tokens[p.i - 2] != ")" else f"(...){before}"
        cure = f"write {left}*{right} for a product"
        cure = _almost_keyword(before, token) or cure
    p.fail(message, cure, p.i - 1, p.i)


def _almost_keyword(before: str, token: str) -> str | None:
    """`x AND y`, `x iff y`: a word that is nearly a keyword of the language."""
    for word in (before, token):
        if word.lower() in KEYWORDS:
            return f"write {word.lower()} in small letters"
    return None


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


def no_value(p: State, token: str) -> NoReturn:
    """A token stands where a number, a name or a parenthesis could."""
    before = shortened(p.tokens[p.i - 1]) if p.i else ""
    where = "at the start" if before in ("", ";", "\n") else f"after {before}"
    if token == "=" and before in ("+", "-", "*", "/", "**", "^", "%", "@"):
        p.fail(f"{before}= is not understood", f"write x = x {before} 1", p.i - 1, p.i)
    if before == "=" and token == "=":
        p.fail("= = is not understood", "write == to compare", p.i - 1, p.i)
    if token in (")", "]", ",") and before in ("(", "[", ","):
        message = "the parentheses are empty" if (before, token) == ("(", ")") else f"a value is missing before {token}"
        p.fail(message, "write a number, a name or a formula", p.i - 1 if before != "," else p.i, p.i)
    if token in NO_VALUE:
        message, cure = NO_VALUE[token]
        p.fail(message, cure, p.i)
    if _kind(p, token) == "unknown":
        unknown(p, token)
    p.fail(f"a value is missing {where}, before {character(token)}", "write a number, a name or a formula", p.i)


def missing_value(p: State) -> NoReturn:
    """The statement ends where a value is needed. The parser stands on what ends it."""
    before = shortened(p.tokens[p.i - 1])
    p.fail(f"a value is missing after {before}", "write a number, a name or a formula after it", p.i - 1)


def no_operator(p: State, token: str) -> NoReturn:
    """A token stands where an operator could."""
    if token in NO_OPERATOR:
        message, cure = NO_OPERATOR[token]
        p.fail(message, cure, p.i)
    if token == "not":
        p.fail("not stands before a value, not after one", "write a != b, or a and not b", p.i)
    unknown(p, token)


def unknown(p: State, token: str) -> NoReturn:
    """A character that has no meaning, or a name with such a character in it."""
    if len(token) == 1 and token not in LOOKALIKES:
        p.fail(f"the character {character(token)} has no meaning here", "remove it", p.i)
    bad = next((c for c in token if not ("a" + c).isidentifier()), token[0])
    shown = "".join(c if c.isprintable() else character(c) for c in shortened(token))
    if bad in "₀₁₂₃₄₅₆₇₈₉":
        plain = token.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
        p.fail(f"{shown} has a small digit, which no name can have", f"write {shortened(plain)}", p.i)
    if bad in LOOKALIKES:
        p.fail(f"{shown} is not a name: {bad} only looks like {LOOKALIKES[bad]}", f"write {LOOKALIKES[bad]}", p.i)
    p.fail(f"{shown} is not a name: {character(bad)} cannot stand in one", "remove it", p.i)
