"""Transcripts: command lines as one types them, with the exact text and exit status of each.

    # a comment
    $ printf 'x,y\\n1,2\\n' > points.csv
    $ gradcli grad "sine(x)"
    gradcli: there is no function sine
      sine(x)
      ^^^^
    did you mean sin?
    [2]

A command may get its standard input by `printf '...' |`. The lines are those of standard error.
`python tests/transcripts.py` writes the texts anew, for a look at the difference.
"""

from __future__ import annotations

import os
import shlex
import tempfile
from pathlib import Path

from cli import Result, gradcli


class Row:
    """One command line, where it stands, and what it must say."""

    def __init__(self, command: str, line: int) -> None:
        self.command = command
        self.line = line
        self.text = ""
        self.status: int | None = None

    def __repr__(self) -> str:
        return self.command


def read(path: Path) -> list[Row]:
    """The rows of a transcript, in order."""
    rows: list[Row] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("$ "):
            rows.append(Row(line[2:], number))
        elif line.startswith("[") and line.endswith("]"):
            rows[-1].status = int(line[1:-1])
        elif line and not line.startswith("# "):
            rows[-1].text += line + "\n"
    return rows


def run(command: str, folder: Path) -> Result | None:
    """Run a command line in a folder; None where it makes a file."""
    words = [os.fsdecode(unescape(word[1:])) if word.startswith("\0") else word for word in split(command)]
    if words[0] == "printf" and words[2] == ">":
        (folder / words[3]).write_bytes(unescape(words[1]))
        return None
    stdin = b""
    if words[0] == "printf" and words[2] == "|":
        stdin, words = unescape(words[1]), words[3:]
    assert words[0] == "gradcli"
    before = Path.cwd()
    os.chdir(folder)
    try:
        return gradcli(*words[1:], stdin=stdin)
    finally:
        os.chdir(before)


def split(command: str) -> list[str]:
    """The words; one in bash's `$'...'` comes with a NUL before it, and is yet to be unescaped."""
    return shlex.split(command.replace("$'", "'\0"))


def unescape(text: str) -> bytes:
    """As printf has it: `\\n`, `\\t`, `\\xff`."""
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1")


def rewrite(path: Path) -> None:
    """Run all command lines and write down what they say now."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for row in read(path):
            if row.status is None:
                run(row.command, Path(folder))
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.startswith(("$ ", "# ")) or not line:
                lines.append(line)
            if line.startswith("$ "):
                result = run(line[2:], Path(folder))
                if result is not None:
                    lines += [*result.err.rstrip("\n").split("\n"), f"[{result.status}]"]
    path.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    rewrite(Path(__file__).with_name("error_table.txt"))
