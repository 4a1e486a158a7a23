"""Two ways to the same tokens: the regular expression, and by hand the first short texts."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from gradcli.language.lexer import scanned, split

for _ in range(3):
    split("+" * 3_000)  # from here on by the expression

PIECES = (
    *("x", "e", "E", "_", "0", "12", "3.5", ".5", "1_0", "1__0", "2e3", "2e-3x", "2e", "1E+", "f(", ")", "[", "]", "{"),
    *(
        "+",
        "-",
        "*",
        "**",
        "/",
        "//",
        "<",
        "<=",
        "=",
        "==",
        "!",
        "!=",
        "=<",
        "&&",
        "||",
        "|",
        ":",
        ":=",
        "->",
        "=>",
        "<>",
    ),
    *(
        "...",
        "..",
        ".",
        ",",
        ";",
        "#",
        "# a comment",
        "\n",
        " ",
        "\t",
        "\x1c",
        "\r",
        "\\",
        "$",
        "'",
        '"',
        "?",
        "@",
        "~",
    ),
)


def by_hand(text: str) -> list[str]:
    return [f"{text}\n"[start:end] for start, end in scanned(text + "\n")]


def test_by_hand_as_by_the_expression() -> None:
    rng = random.Random(0)
    for _ in range(20_000):
        text = "".join(rng.choices(PIECES, k=rng.randrange(1, 12)))
        assert by_hand(text) == split(text), text


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("x**2 + 3*x", ["x", "**", "2", "+", "3", "*", "x"]),
        ("2e3x 2e 1_000.5e-1_0", ["2e3", "x", "2", "e", "1_000.5e-1_0"]),
        ("1__0 1_ ._5 1._5", ["1", "__0", "1", "_", ".", "_5", "1.", "_5"]),
        ("x[1:...] # [2]", ["x", "[", "1", ":", "...", "]"]),
        ("a1_b<=-.5", ["a1_b", "<=", "-", ".5"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert by_hand(text) == split(text) == [*tokens, "\n"]


def test_a_short_command_loads_no_regular_expressions() -> None:
    program = (
        "import sys; before = set(sys.modules); from gradcli.commands.main import main; main()\n"
        "print(*set(sys.modules) - before)"
    )
    words = ["grad", "x**2 + 3*x + 1", "--at", "x=2", "--json"]
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "gradcli.language.parser" in loaded
    assert not loaded & {"re", "enum", "functools", "numpy"}
