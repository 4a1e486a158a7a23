"""The cure of a text that has failed: what was typed, as other tools have it, in our words."""

from __future__ import annotations

import re
from functools import cache

from gradcli.core.graph import CONSTANTS
from gradcli.errors import ExpressionError
from gradcli.language.advice import OTHERWISE, SENTENCES
from gradcli.language.foreign import FACTOR, FORMULAS, LIBRARIES, NAMES, PRODUCT
from gradcli.language.names import FUNCTIONS, PREFIXES, public_names
from gradcli.text import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from gradcli.language.program import Program

_OURS = {other: row.split()[0] for row in re.split(r"\||\n", NAMES) for other in row.split()[1:]}

_MOST = 20  # pieces of one text
_LONGEST = 2_000  # characters of a text that is read anew
_BEFORE, _BEHIND = 150, 350  # characters around the place of the error
_WIDEST = 100  # characters of a cure

_FOR_A_PRODUCT = " for a product"  # how the cure of two operands side by side ends

_ENDED = re.compile(r"a value is missing after \S+")  # nothing stands there that others write otherwise

_NO_FUNCTION = " is not a function"  # how the message ends where brackets follow a variable

_KEYWORDS = frozenset(("if", "else", "and", "or", "not"))
_SUPERSCRIPTS = "²³¹⁰⁴-⁹⁻"
_UNIT = r"[^()\[\]{}\n]"
for _ in range(4):  # brackets within brackets
    _UNIT = rf"(?:[^()\[\]{{}}\n]|[(\[{{]{_UNIT}*+[)\]}}])"
_NAME = r"[^\W\d]\w*"
_NUMBER = r"[0-9.]*[0-9](?:[eE][+-]?[0-9]+)?"
_GROUP = rf"[(\[]{_UNIT}*+[)\]]"
_OPERAND = rf"(?:(?:{_NUMBER}(?:{_NAME})?|{_NAME})(?:\.{_NAME})*(?:{_GROUP})*+|(?:{_GROUP})++)"
_ARGUMENT = rf"(?=\S)(?:(?![,;]|(?<![<>=!])=(?!=)){_UNIT})+?"
_POWER = rf"{_OPERAND}(?:(?:\^|\*\*)-?{_OPERAND}|[{_SUPERSCRIPTS}])*"
_WORD = r"[^\W\d]\w*"
_HOLES = {
    "a": _OPERAND,
    "b": _OPERAND,
    "t": _POWER,
    "p": rf"{_POWER}(?:\s*[*/%]\s*{_POWER})*",
    "u": rf"(?!\(){_OPERAND}(?:(?:\^|\*\*)-?{_OPERAND}|[{_SUPERSCRIPTS}])*",
    "x": _ARGUMENT,
    "y": _ARGUMENT,
    "z": _ARGUMENT,
    "args": rf"(?:(?!;){_UNIT})*?",
    "more": rf"{_UNIT}*?",
    "last": rf"{_UNIT}*?",
    "thousands": r"(?:[1-9][0-9]{0,2}(?:[ ',][0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3}){2,})(?![0-9.])",
    "decimal": r"(?:[0-9]{1,3}(?:[.'][0-9]{3})+|0|[0-9]+(?!,[0-9]{3}(?![0-9]))),[0-9]+(?![0-9.,])",
    "words": rf"(?!of\s)(?:[^\W\d_]{{4,}}|(?=[^\n]*[^\W\d_]{{3}}){_WORD}(?:[ \t,.]+\w+)+)[.!]?(?=[ \t]*(?:\n|$))",
    "blank": r"\s+",
    "start": r"(?<![^;\n])",
    "end": r"(?=\s*(?:[*/^<>=!,;)\]}\n]|$))",
    "d": "[0-9]",
    "n": r"[0-9]+(?:\.[0-9]+)?",
    "m": r"-?[0-9]+",
    "r": r"[0-9]+\.[0-9]*",
    "c": r"[^\W\d_]",
    "g": r"[^\W\d_](?!\w)",
    "k": r"[A-Z](?!\w)",
    "j": r"[a-z](?!\w)",
    "s": f"[{_SUPERSCRIPTS}]+",
    "v": _NAME,
    "w": _NAME,
    "f": _NAME,
    "lib": rf"(?:{'|'.join(LIBRARIES.split())})(?:(?:\.|::)\w+)*",
}


def better(error: ExpressionError, given: Collection[str], read: Callable[[str], Program]) -> ExpressionError:
    """The error in words of what was typed and of what it is here; the same error where no row fits its place.

    given: the variables that have values; read: parses a text.
    """
    for reading in _readings(error, given, SENTENCES):
        return reading.error(error.text, reading.ours)
    readings, text, found = _mended(error, given, read, FORMULAS)
    whole = found is None and len(text) <= _WIDEST and "\n" not in text
    if readings and not (found and readings[0].library):
        return readings[0].error(error.text, f"write {text.strip() if whole else readings[0].ours}")
    for reading in _readings(error, given, OTHERWISE) if not _ENDED.fullmatch(error.message) else ():
        return reading.error(error.text, reading.ours)
    suffix = _FOR_A_PRODUCT if error.cure.endswith(_FOR_A_PRODUCT) else ""
    if suffix or error.message.endswith(_NO_FUNCTION):
        readings, text, found = _mended(error, given, read, f"{FORMULAS}\n{PRODUCT}", FACTOR if not suffix else "")
        enough = bool(suffix) or len(readings) > 1  # of one factor the cure is known
        if enough and found is None and len(text) <= _WIDEST and "\n" not in text:
            return ExpressionError(error.message, error.text, error.span, f"write {text.strip()}{suffix}")
    return error


def _mended(
    error: ExpressionError, given: Collection[str], read: Callable[[str], Program], table: str, more: str = ""
) -> tuple[list[_Reading], str, ExpressionError | None]:
    """The readings that lead on one after the other, the text with them, and what is wrong with it then.

    table: for the first one; more: rows for all of them.
    """
    text, readings = error.text, list[_Reading]()
    found: ExpressionError | None = error
    while found is not None and len(readings) < _MOST:
        steps = (_step(text, reading, given, read) for reading in _readings(found, given, f"{table}\n{more}"))
        step = next(filter(None, steps), None)
        if step is None:
            break
        readings.append(step[0])
        _, text, found = step
        table = f"{FORMULAS}\n{PRODUCT}"
    return readings, text, found


def misread(program: Program, given: Collection[str]) -> ExpressionError | None:
    """What is wrong where a name without a value is no variable, as in `log^2(x)`; None where all may be meant."""
    for name in [name for name in program.variables if name not in given][:_MOST]:
        place = program.span(program.leaf[name])
        if program.text[slice(*place)] == name:
            factors, called = _factors(name, given), _called(name, given)
            if factors or called:
                cure = f"write {called}" if called else f"write {factors} for a product"
                return ExpressionError(f"{name} is one name", program.text, place, cure)
        error = ExpressionError(f"{name} has no value", program.text, place)
        readings = _readings(error, given, f"{SENTENCES}\n{FORMULAS}")
        if any(place[0] == r.start or place[1] == r.end or name in _literals(r.typed) for r in readings):
            return error
    return None


def _factors(name: str, given: Collection[str]) -> str:
    """`x*y` for the name `xy` of two that have values, also beside pi; or nothing."""
    known = sorted([*list(given)[:_MOST], "pi", "π", "tau"], key=len, reverse=True)
    factors = re.findall("|".join(map(re.escape, known)), name)
    return "*".join(factors) if len(factors) > 1 and "".join(factors) == name else ""


def _called(name: str, given: Collection[str]) -> str:
    """`sin(2x)` for the name `sin2x`, where x has a value; or nothing."""
    for k in range(len(name) - 1, 1, -1):  # `log10x` is no log of 10x
        argument = name[k:].lstrip("0123456789")
        if argument in given and name[:k] in public_names() and (argument == name[k:] or len(name[:k]) > 2):
            return f"{name[:k]}({name[k:]})"
    return ""


def _step(
    text: str, reading: _Reading, given: Collection[str], read: Callable[[str], Program]
) -> tuple[_Reading, str, ExpressionError | None] | None:
    """The reading, the text with it, and what fails then; None where nothing is won by it."""
    applied = reading.applied(text)
    if len(text) > _LONGEST:
        return reading, applied, None
    try:
        error = misread(read(applied), given)
    except ExpressionError as wrong:
        error = wrong
    further = not error or error.span[0] >= reading.start or error.span[1] > reading.start + len(reading.ours)
    if not further and error and error.cure.endswith(_FOR_A_PRODUCT) and error.span[0] < reading.start < error.span[1]:
        further = text[: reading.start].rstrip().endswith((")", "]"))  # of `\sin(x)\cos(x)` the product is read next
    return (reading, applied, error) if further else None


_OPERATORS = (
    r"[<>=]|!=|\b(?:and|or|not|if|else)\b", r"(?<=[\w!])\s*[+-]", r"[*/%@](?<!\*\*)(?!\*)|^\s*[+-]", r"\^|\*\*",
)  # fmt: skip
# How close the operators of a text must bind that stands between these signs: 1 a sum, 2 a product, 3 a power.
_LEFT: tuple[tuple[tuple[str, ...], int], ...] = ((("^", "**"), 3), (("/", "%"), 3), (("*", "@", "-"), 2), (("+",), 1))
_RIGHT: tuple[tuple[tuple[str, ...], int], ...] = (
    (("!=",), 0), (("^", "**", "!", "[", ".", *_SUPERSCRIPTS.replace("-", "")), 4), (("*", "/", "%", "@"), 2),
    (("+", "-"), 1),
)  # fmt: skip


def _closeness(text: str) -> int:
    """How close the loosest operator of a text binds; 4 where it is a number, a name, a call or a bracket."""
    text = re.sub(r"(?<=[0-9.])[eE][+-]?(?=[0-9])", "", text)
    count = 1
    while count:
        text, count = re.subn(r"[(\[][^()\[\]]*[)\]]", "_", text)
    return next((level for level, sign in enumerate(_OPERATORS) if re.search(sign, text)), 4)


def _joined(before: str, text: str, after: str) -> str:
    """The text, in parentheses where the operators beside it bind closer than its own."""
    before, after = before.rstrip(), after.lstrip()
    left = next((need for signs, need in _LEFT if before.endswith(signs)), 0)
    right = next((need for signs, need in _RIGHT if after.startswith(signs)), 0)
    return f"({text})" if max(left, right) > 0 and _closeness(text) < max(left, right) else text


class _Reading:
    """A row at a place: the half-open span of what was typed, and what it is here.

    typed: the row's text of what others type; ends: is that whole at its left and at its right end, as a call is?
    """

    __slots__ = ("end", "ends", "library", "ours", "start", "typed")

    def __init__(self, start: int, end: int, ours: str, library: str, typed: str) -> None:
        self.start = start
        self.end = end
        self.ours = ours
        self.library = library
        self.typed = typed
        left, right = typed.startswith("<"), typed.endswith(">") and not typed.endswith("<end>")
        self.ends = (False, False) if left and right else (True, not right)

    def applied(self, text: str) -> str:
        """The text with ours in the place of what was typed; in parentheses where what is beside it binds closer."""
        before, after = text[: self.start], text[self.end :]
        left, right = self.ends
        ours = _joined(before if left else "", self.ours, after if right else "")
        start = " " if before[-1:].isalnum() and ours[0].isalnum() else ""
        end = " " if after[:1].isalnum() and ours[-1].isalnum() else ""
        return f"{before}{start}{ours}{end}{after}"

    def error(self, text: str, cure: str) -> ExpressionError:
        typed = shown(text[self.start : self.end].strip(), 40)
        unknown = self.library and self.library not in PREFIXES
        message = f"{self.library} is no known prefix" if unknown else f"{typed} is not understood"
        return ExpressionError(message, text, (self.start, self.end), cure)


def _readings(error: ExpressionError, given: Collection[str], table: str) -> Iterator[_Reading]:
    """The rows that fit at the place of an error, in the order of the table."""
    text, place = error.text, error.span[0]
    first = max(0, place - _BEFORE)
    piece = text[first : place + _BEHIND]
    for ours, typed in _rows(table):
        if not all(sign in piece or (sign == "^" and "**" in piece) for sign in _literals(typed)):
            continue
        for match in _pattern(typed).finditer(piece):
            start, end = first + match.start(1), first + match.end(1)
            if start <= place < end:
                words = {hole: found.strip() for hole, found in match.groupdict().items()}
                if not _KEYWORDS.isdisjoint(words.values()):  # `not √x` is no product
                    continue
                if re.fullmatch(rf"\({_UNIT}*\)", words.get("t", "")):
                    words["t"] = words["t"][1:-1]
                if "thousands" in words:
                    words["thousands"] = re.sub("[ ',.]", "_", words["thousands"])
                if "decimal" in words:
                    words["decimal"] = re.sub("[.']", "", words["decimal"]).replace(",", ".")
                if "f" in words:
                    words["f"] = _ours(words["f"])
                if any(_is_known(word, given) for word in re.findall(_WORD, words.get("words", ""))):
                    continue
                here = _filled(ours, words)
                # Of a library that is known, what is ours is told of where it is read.
                known = words.get("lib") in PREFIXES and ("(" not in typed or words.get("v") in FUNCTIONS)
                if here and _tight(here) != _tight(match[1]) and words.get("f", "?") and not known:
                    yield _Reading(start, end, here, words.get("lib", ""), typed)


def _tight(text: str) -> str:
    """The text without the blanks beside its brackets and commas, which mean nothing."""
    return re.sub(r"\s*([()\[\]{},])\s*", r"\1", text)


@cache
def _rows(table: str) -> list[tuple[str, str]]:
    """(ours, typed), a row for each way of typing."""
    rows, ours = [], ""
    for line in table.split("\n"):
        first, *others = re.split(r"\s{2,}", line.strip())
        ours = ours if first == "|" else first
        rows += [(ours, typed) for typed in others if not ours.startswith("#")]
    return rows


@cache
def _literals(typed: str) -> list[str]:
    """The words and signs without which a row does not fit."""
    return re.findall(r"<\w+>|(\w+|[^\s\w])", typed)


@cache
def _pattern(typed: str) -> re.Pattern[str]:
    """The pattern of a row, found at every place; group 1 is what was typed."""
    pieces = re.findall(r"<\w+>|\s+|\w+|.", typed)
    pattern = ""
    for k, piece in enumerate(pieces):
        before = pieces[k - 1][-1] if k else ""
        hole = _HOLES[piece[1:-1]] if piece[0] == "<" and len(piece) > 2 else None
        word = piece.isidentifier()
        if piece.isspace():
            pattern += rf"(?!(?<=[^\W{_SUPERSCRIPTS}])(?=\w))\s*"
            continue
        if k == 0:
            pattern = r"(?<![^\W\d])" if hole or word else ""
        elif not (hole or word) or not (before.isalnum() or before in "_> "):
            pattern += r"\s*"
        if hole is not None:
            pattern += f"(?P<{piece[1:-1]}>{hole})" if f"(?P{piece}" not in pattern else f"(?P={piece[1:-1]})"
        else:
            pattern += {"^": r"(?:\^|\*\*)", "!": "!(?!=)"}.get(piece) or re.escape(piece)
            if word and pieces[k + 1 : k + 2] not in ([], [" "]) and pieces[k + 1][0] in "<_":
                continue
            pattern += (r"(?![^\W\d_])" if before == "\\" else r"(?!\w)") if word else ""
    if pieces[-1] in ("<x>", "<y>", "<z>", "<args>"):
        pattern += r"(?=\s*(?:[;,\n)\]}]|$))"
    return re.compile(f"(?=({pattern}))")


def _is_known(name: str, given: Collection[str]) -> bool:
    """Is it more than a word of a sentence: a variable with a value, a function, a constant?"""
    return name in given or name in CONSTANTS or bool(_ours(name))


def _ours(name: str) -> str:
    """Our name of a function, or nothing."""
    known = _OURS.get(name) or _OURS.get(name.lower(), name)
    return known if known in public_names() else next((x for x in public_names() if x == known.lower()), "")


def _filled(ours: str, words: dict[str, str]) -> str:
    """A row's text with its holes filled; an atom needs no parentheses."""

    def fill(hole: re.Match[str]) -> str:
        return _joined(ours[: hole.start()], words[hole[1]], ours[hole.end() :])

    filled = re.sub(r"<(\w+)>", fill, ours)
    return re.sub(rf"(?<![\w)\]])\(({_NAME}|[0-9.]+)\)", r"\1", filled)
