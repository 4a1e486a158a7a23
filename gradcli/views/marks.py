"""Colours of messages on standard error, by rich's rules: the word that begins one, and the carets."""

from __future__ import annotations

import sys

from gradcli.views.screen import Screen

# The word that begins a message, and how it looks.
HEADS = {"gradcli:": "bad", "note:": "doubt", "note at": "doubt"}


def painted(text: str) -> str:
    """The message with its first word and its carets in colour, where standard error is for that."""
    screen = Screen(sys.stderr)
    # Excerpts of a text, with carets under it, are indented, and stay as they are.
    lines = [part for line in text.split("\n") for part in ([line] if line[:1] == " " else screen.folded(line))]
    head = next((head for head in HEADS if text.startswith(head)), "")
    if head:
        lines[0] = screen.paint(head, HEADS[head]) + lines[0][len(head) :]
    for k, line in enumerate(lines):
        carets = line.strip()
        if carets and not carets.strip("^"):
            lines[k] = line[: line.index("^")] + screen.paint(carets, "bad" if head == "gradcli:" else "doubt")
    return "\n".join(lines)
