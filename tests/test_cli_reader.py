"""The light reader: what it takes for an option and what for text; and that typer reads the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.commands.declarations import COMMANDS
from gradcli.commands.reader import Scan, finish, read
from gradcli.errors import UsageError


def values(*argv: str) -> dict:
    """What a command line gives, without what is left at its default."""
    known = read(argv)
    assert known is not None
    command, parameters = known
    return {"command": command.name, **{name: x for name, x in parameters.items() if x not in (None, False, [])}}


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ("grad x**2", {"EXPR": "x**2"}),
        ("grad -x**2 --at x=2", {"EXPR": "-x**2", "at": ["x=2"]}),
        ("grad -j*x --at j=1,x=2", {"EXPR": "-j*x", "at": ["j=1,x=2"]}),
        ("grad --at x=2 -x", {"EXPR": "-x", "at": ["x=2"]}),
        ("grad --at x=2 --json -x --no-check", {"EXPR": "-x", "at": ["x=2"], "json": True}),
        ("grad --json x --at x=2", {"EXPR": "x", "json": True, "at": ["x=2"]}),
        ("grad x --at=x=2", {"EXPR": "x", "at": ["x=2"]}),
        ("grad x --at x=-2", {"EXPR": "x", "at": ["x=-2"]}),
        ("grad x --at -x=2", {"EXPR": "x", "at": ["-x=2"]}),
        ("grad x --at x=1 --at x=2", {"EXPR": "x", "at": ["x=1", "x=2"]}),
        ("grad x --check", {"EXPR": "x", "check": True}),
        ("grad x --digits 50", {"EXPR": "x", "digits": 50}),
        ("grad x --digits=50", {"EXPR": "x", "digits": 50}),
        ("grad - --points data.csv", {"EXPR": "-", "points": "data.csv"}),
        ("grad x --points -", {"EXPR": "x", "points": "-"}),
        ("grad --at x=2 -- --x", {"EXPR": "--x", "at": ["x=2"]}),
        ("grad -- -h", {"EXPR": "-h"}),
        ("grad -- --json", {"EXPR": "--json"}),
        ("check x --timeout 2.5", {"EXPR": "x", "timeout": 2.5}),
        ("graph x --dot", {"EXPR": "x", "dot": True}),
        ("functions", {}),
        ("functions sin", {"NAME": "sin"}),
        ("functions -", {"NAME": "-"}),
        ("completions zsh", {"SHELL": "zsh"}),
        ("grad x --max-operations 1000 --debug", {"EXPR": "x", "max_operations": 1000, "debug": True}),
    ],
)
def test_what_is_an_option_and_what_is_text(argv, expected):
    words = argv.split(" ")
    assert values(*words) == {"command": words[0], **expected}


def test_the_last_of_two_switches_counts():
    assert read(["grad", "x", "--check", "--no-check"])[1]["check"] is False
    assert read(["grad", "x", "--no-check", "--check"])[1]["check"] is True
    assert read(["grad", "x"])[1]["check"] is None


def test_an_empty_value_is_a_value():
    assert read(["grad", "", "--at="])[1]["at"] == [""]
    assert read(["grad", ""])[1]["EXPR"] == ""


def test_the_light_reader_needs_no_typer_for_what_is_right(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "gradcli.commands.typer_app", None)
    assert values("grad", "-x**2", "--at", "x=2", "--json")["json"] is True


# --- both readers

FLAGS = sorted({flag for command in COMMANDS.values() for flag in command.flags})
TOKENS = st.one_of(
    st.sampled_from(FLAGS),
    st.sampled_from(
        ["x**2", "-x", "-j*x", "-", "--", "-h", "--help", "x=2", "--at=x=1", "--json=1", "--nonsense", "3", ""]
    ),
    st.builds("{}={}".format, st.sampled_from(FLAGS), st.text(max_size=4)),
    st.text(max_size=6),
)


def outcome(reader, argv):
    """What a reader makes of it: a command and its values, a help, or an error."""
    try:
        parsed = reader(argv)
        if parsed is None:
            return "help"
        name, given, texts = parsed
        return name, finish(COMMANDS[name], given, texts)
    except UsageError as error:
        return error.message, error.cure


def light(argv):
    scan = Scan(COMMANDS[argv[0]], argv[1:])
    return (argv[0], scan.given, scan.texts) if scan.clean else None


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(COMMANDS)), st.lists(TOKENS, max_size=6))
def test_both_readers_agree(name, tokens):
    from gradcli.commands.typer_app import parse

    argv = [name, *tokens]
    scan = Scan(COMMANDS[name], tokens)
    if not set(tokens) & {"-h", "--help"}:
        heavy = outcome(parse, [name, *scan.rewritten()])
        if scan.clean:
            assert heavy == outcome(light, argv)
        else:
            assert isinstance(heavy[0], str)
            assert len(heavy) == 2  # an error: typer knows nothing that the light reader does not


def test_the_live_tree_is_the_declared_one():
    import typer

    from gradcli.commands.typer_app import app

    live = app()
    context = typer.Context(live)
    assert live.list_commands(context) == list(COMMANDS)
    for name, command in COMMANDS.items():
        found = live.get_command(context, name)
        flags = {flag for parameter in found.params for flag in (*parameter.opts, *parameter.secondary_opts)}
        assert flags - {"argument", "further"} == set(command.flags)
