"""A page of gradcli/docs on a terminal or in a pipe: the little of Markdown that these pages are written in.

Prose is folded between words to the width; code, and what a command prints, is never folded.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from gradcli.views.prose import columns, definitions, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.views.screen import Screen

_CODE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


@cache
def pages() -> dict[str, str]:
    """Topic to the text of its page.

    >>> "language" in pages()
    True
    """
    found = sorted((p for p in files("gradcli").joinpath("docs").iterdir() if p.name.endswith(".md")), key=str)
    return {page.name.removesuffix(".md"): page.read_text(encoding="utf-8") for page in found}


def title(text: str) -> str:
    """The heading of a page, which is its first line."""
    return text.partition("\n")[0].removeprefix("# ")


def show(screen: Screen, text: str) -> None:
    """Print a page."""
    lines = iter(_LINK.sub(_linked, text).split("\n"))
    paragraph: list[str] = []
    for line in lines:
        if line.startswith("```"):
            _code(screen, "\n".join(iter(lambda: next(lines), "```")).rstrip().split("\n"))
        elif line.startswith("|"):
            _table(screen, [line, *iter(lambda: next(lines, ""), "")])
            screen.line()
        elif line.startswith("#"):
            head = line.lstrip("# ")
            for part in wrapped(head, screen.prose):
                screen.line(screen.paint(part, "head"))
            if line.startswith("# "):
                screen.line(screen.paint(("-" if screen.ascii else "─") * min(columns(head), screen.prose), "faint"))
        elif line.startswith("    "):
            _code(screen, [line.removeprefix("    ")])
        elif line:
            if line.startswith("- ") and paragraph:
                _prose(screen, paragraph)
                paragraph = []
            paragraph.append(line)
            continue
        elif paragraph:
            _prose(screen, paragraph)
            paragraph = []
            screen.line()
        else:
            screen.line()
    if paragraph:
        _prose(screen, paragraph)


def _linked(link: re.Match[str]) -> str:
    """A link as a reader sees it, who cannot click."""
    text, target = link.groups()
    return f"{text} ({target})" if target.startswith("https:") else text


def _prose(screen: Screen, lines: list[str]) -> None:
    text = " ".join(line.strip() for line in lines)
    mark = "- " if text.startswith("- ") else ""
    for k, line in enumerate(wrapped(text.removeprefix("- "), screen.prose - len(mark))):
        screen.line((" " * len(mark) if k else mark) + _marked(screen, line))


def _marked(screen: Screen, line: str) -> str:
    """Code and emphasis in colour; without colours the signs of code stay, for they tell it from the prose."""

    def painted(found: re.Match[str]) -> str:
        code, strong = found.groups()
        if strong:
            return screen.paint(strong, "head")
        in_colour = screen.paint(code, "variable")
        return f"`{code}`" if in_colour == code else in_colour

    return _CODE.sub(painted, line)


def _code(screen: Screen, lines: list[str]) -> None:
    for line in lines:
        screen.line("  " + screen.paint(line, "value" if line.startswith("$ ") else ""))


def _table(screen: Screen, lines: list[str]) -> None:
    """The rows of two cells; the head may be empty."""
    head, _, *rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in lines]
    headed = any(head)
    for term, text in definitions([(first, second) for first, second in [head] * headed + rows], screen.prose - 2):
        screen.line("  " + (screen.paint(term + text, "head") if headed else _marked(screen, term + text)))
        headed = False
