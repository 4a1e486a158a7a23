"""The child process in which sympy simplifies: formulas in, nodes of our operations out."""

from __future__ import annotations

import os

from gradcli.witness.pipe import receive, send
from gradcli.witness.worker import ABSENT, reason, serve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO


def main() -> None:
    """Serve on standard input and output."""
    serve(_serve)


def _serve(requests: BinaryIO, replies: BinaryIO, limit: Callable[[float], Any]) -> None:
    try:
        import sympy

        from gradcli.witness.formula import Formula
        from gradcli.witness.nodes import nodes_of
    except ImportError:
        os._exit(ABSENT)
    while (request := receive(requests)) is not None:
        limit(request["seconds"])
        try:
            formula = Formula({**request, "wrt": []})
            answer: Any = nodes_of(sympy.simplify(formula.expression([()] * request["count"])))
        except KeyError:
            answer = "what sympy makes of it is no formula here"
        except Exception as error:
            answer = reason(error)
        limit(0)
        send(replies, answer)
