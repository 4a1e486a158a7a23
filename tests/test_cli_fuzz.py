"""Whatever is typed: an answer or an error with a cure, never a traceback."""

from __future__ import annotations

from cli import gradcli
from hypothesis import example, given, settings
from hypothesis import strategies as st

WORDS = "x y 2 0.5 1e999 + - * / ** ^ ( ) [ ] , ; = == < if else and not sin( max( np. pi e nan # | $ {"
PIECES = [*WORDS.split(), *"\n²'\"\\\0"]
TEXT = st.one_of(
    st.text(max_size=20),
    st.text(st.characters(), max_size=20),  # lone surrogates too: bytes that are no UTF-8
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
)
AT = st.one_of(TEXT, st.builds("{}={}".format, st.sampled_from(["x", "y", " x ", "µ"]), TEXT))
SWEEP = st.one_of(TEXT, st.builds("x={}:{}:{}".format, TEXT, TEXT, st.sampled_from(["1", "3", "x", "-1"])))
FORM = st.sampled_from(
    [["--json"], ["--csv"], ["--plain"], ["--no-check"], ["--json", "--named"], ["--accumulate", "--json"]]
)
COMMAND = st.sampled_from(["grad", "eval"])


def is_answered(result) -> None:
    assert result.status in (0, 1, 2)
    if result.status == 1:  # sin(pi) is 0, and no precision says that it is not a little less
        assert "is not decided at" in result.out + result.err
    assert "Traceback" not in result.err
    if result.status == 2:
        assert result.out == ""
        assert result.err.startswith("gradcli: ")
        assert "internal error" not in result.err


@settings(max_examples=300, deadline=None)
@given(COMMAND, TEXT, FORM)
@example("grad", "__import__('os').system('true')", ["--json"])
@example("grad", "9**9**9**9", ["--json"])
def test_any_expression(command, text, form):
    form = [word for word in form if command == "grad" or word != "--no-check"]
    is_answered(gradcli(command, *form, "--at", "x=1,y=2", "--", text))
    is_answered(gradcli(command, *form, "--", text))


@settings(max_examples=300, deadline=None)
@given(st.lists(AT, max_size=4))
def test_any_point(at):
    is_answered(gradcli("grad", "x*y", "--json", *[word for text in at for word in ("--at", text)]))


@settings(max_examples=200, deadline=None)
@given(SWEEP, TEXT)
def test_any_sweep(sweep, wrt):
    is_answered(gradcli("grad", "x", "--json", f"--sweep={sweep}", f"--wrt={wrt}"))


CELLS = st.sampled_from(
    [
        "x",
        "y",
        "1",
        "-2.5",
        "nan",
        "1e5",
        "",
        " ",
        '"',
        '"3"',
        ",",
        "\t",
        "\n",
        "\r\n",
        "{",
        "}",
        '"x": 1',
        "[1]",
        "\ufeff",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.lists(CELLS, max_size=15).map("".join).map(str.encode)))
@example(b"x,y\n" + b"[" * 100_000)
@example(b'{"x":' + b"[" * 100_000)
@example(b"\x00,x,y\n1,2,3\n")
def test_any_bytes_as_points(data):
    is_answered(gradcli("grad", "x*y", "--json", "--points", "-", stdin=data))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(
            TEXT,
            st.sampled_from(["grad", "graph", "functions", "completions", "--at", "--file", "--json", "--nonsense"]),
        ),
        max_size=5,
    )
)
def test_any_words(words):
    if not set(words) & {"-h", "--help", "--version", "check"}:
        is_answered_or_shown(gradcli(*words))


def is_answered_or_shown(result) -> None:
    assert result.status in (0, 1, 2), result.err
    assert "Traceback" not in result.err
