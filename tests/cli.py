"""The command line run in this process."""

from __future__ import annotations

import io
import sys
from unittest import mock

from gradcli.commands.main import main


class Result:
    """What a command line did; raw: standard output where it is no text."""

    def __init__(self, status: int, out: str, err: str, raw: bytes = b"") -> None:
        self.status = status
        self.raw = raw
        self.out = out
        self.err = err


def gradcli(*argv: str, stdin: bytes = b"", encoding: str = "utf-8") -> Result:
    """Run `gradcli ARGV` with these bytes on standard input."""
    out, err = (
        io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=errors, newline="")
        for errors in ("strict", "backslashreplace")
    )
    source = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    with mock.patch.multiple(sys, stdin=source, stdout=out, stderr=err):
        status = main(argv)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode(stream.encoding, errors="replace"))
    return Result(status, *texts, out.buffer.getvalue())
