"""The reader: what it takes for an option and what for text; and that typer reads the same declarations so."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.commands.declarations import COMMANDS
from gradcli.commands.reader import Scan, read
from gradcli.errors import UsageError


@cache
def live_tree():
    from gradcli.commands.help import app

    return app()


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


def test_the_reader_needs_no_typer(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "gradcli.commands.help", None)
    assert values("grad", "-x**2", "--at", "x=2", "--json")["json"] is True


# --- what typer makes of the same declarations

FLAGS = sorted({flag for command in COMMANDS.values() for flag in command.flags})
TOKENS = st.one_of(
    st.sampled_from(FLAGS),
    st.sampled_from(
        ["x**2", "-x", "-j*x", "-", "--", "-h", "--help", "x=2", "--at=x=1", "--json=1", "--nonsense", "3", ""]
    ),
    st.builds("{}={}".format, st.sampled_from(FLAGS), st.text(max_size=4)),
    st.text(max_size=6),
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(set(COMMANDS) - {"help"})), st.lists(TOKENS, max_size=6))
def test_typer_reads_the_same(name, tokens):
    """What the reader takes for an option and its value is one for typer too; all else is one error with its cure.

    Of what follows `help` the first word alone counts.
    """
    import typer

    scan = Scan(COMMANDS[name], tokens)
    if scan.help:
        return
    if scan.odd or scan.open:
        with pytest.raises(UsageError) as caught:
            read([name, *tokens])
        assert caught.value.message
        assert caught.value.cure
        return
    words = []
    for option in COMMANDS[name].options:
        found = scan.given.get(option.name, [])
        if option.takes_value:
            words += [f"{option.flag}={text}" for text in found]
        elif found != []:
            words.append(option.flag if found else option.negative)
    command = live_tree().get_command(typer.Context(live_tree()), name)
    context = command.make_context(name, [*words, "--", *scan.texts], allow_extra_args=True)
    params = {key: value for key, value in context.params.items() if value not in (None, [], ())}
    texts = [
        *filter(lambda x: x is not None, [params.pop("argument", None)]),
        *params.pop("further", ()),
        *context.args,
    ]
    given = {key.removesuffix("_"): list(x) if isinstance(x, tuple) else x for key, x in params.items()}
    assert given == scan.given
    assert texts == scan.texts


def test_the_live_tree_is_the_declared_one():
    import typer

    live = live_tree()
    context = typer.Context(live)
    assert live.list_commands(context) == list(COMMANDS)
    for name, command in COMMANDS.items():
        found = live.get_command(context, name)
        flags = {flag for parameter in found.params for flag in (*parameter.opts, *parameter.secondary_opts)}
        assert flags - {"argument", "further"} == set(command.flags)
