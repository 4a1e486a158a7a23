"""gradcli help: commands, topics, the man page; and how all help texts fit a terminal."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cli import gradcli

from gradcli.commands.declarations import COMMANDS
from gradcli.commands.manpage import man_page
from gradcli.commands.options import AS, LOSS, METHOD, ROUNDING
from gradcli.export.languages import NAMES
from gradcli.minimize.methods import METHODS
from gradcli.regression.loss import LOSSES
from gradcli.uncertainty.rounding import RULES
from gradcli.views.manual import pages, title

MAN = Path(__file__).resolve().parents[1] / "completions" / "gradcli.1"
WIDTHS = pytest.mark.parametrize("width", [40, 80, 200])


@pytest.mark.parametrize("topic", pages())
def test_a_topic_is_its_page(topic):
    done = gradcli("help", topic)
    assert (done.status, done.err) == (0, "")
    assert f"{title(pages()[topic])}\n" in done.out
    for said in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", pages()[topic], flags=re.DOTALL)):
        assert said in done.out


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_its_help_and_then_its_manual(command):
    text, short = gradcli("help", command).out, gradcli(command, "-h").out
    pointer = f"\n gradcli help {command} tells more.\n"
    assert text.startswith(short.removesuffix(pointer))
    assert (pointer in short) == (command in pages())
    assert (text != short) == (command in pages())


def test_all_commands_and_topics_are_listed():
    text = gradcli("help").out
    assert all(re.search(rf"^   {name} ", text, re.MULTILINE) for name in [*COMMANDS, *pages()])


@WIDTHS
@pytest.mark.parametrize("argv", [[], ["help"], *[["help", x] for x in [*COMMANDS, *pages()]]], ids=str)
def test_prose_is_folded_between_words_and_code_is_not(argv, width, monkeypatch):
    """What is wider than the terminal is a line of code, or one word."""
    monkeypatch.setenv("COLUMNS", str(width))
    verbatim = {line.strip() for text in pages().values() for line in text.split("\n")}
    for line in gradcli(*argv).out.split("\n"):
        word = re.sub(r'"[^"]*"', lambda quoted: quoted[0].replace(" ", "_"), line.removesuffix(" \\"))
        alone = re.fullmatch(r"(.*\s{2,})?(> |--\S+ )?(`[^`]*`|[^\s`])+", word)
        assert len(line) <= width or line.strip() in verbatim or alone


@WIDTHS
def test_examples_are_folded_as_a_shell_reads_them(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    for name, command in COMMANDS.items():
        text = gradcli(name, "-h").out
        joined = re.sub(r" \\\n +", " ", text)
        assert all(f"   {line}\n" in joined or f"   {line}  # " in joined for line, _ in command.examples)
    assert '\n   gradcli fit "a*(1 - exp(-b*x))" \\\n     curve.csv' in gradcli("fit", "-h").out or width > 40


def test_pages_in_a_pipe_are_plain_and_on_a_terminal_in_colour(monkeypatch):
    assert "\x1b" not in gradcli("help", "notes").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[32mkink\x1b[0m" in gradcli("help", "notes").out
    assert "\x1b" not in gradcli("help", "notes", "--no-color").out
    assert "\x1b[1mOptions:\x1b[0m" in gradcli("grad", "-h").out


def test_the_man_page_is_fresh():
    assert MAN.read_text(encoding="utf-8") == man_page(), "run: gradcli help --man > completions/gradcli.1"
    assert gradcli("help", "--man").out == man_page()


def test_the_man_page_prints_every_command_option_and_example():
    if not shutil.which("groff"):
        pytest.skip("groff is not installed")
    line = ["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-P-c", "-rLL=200n", str(MAN)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    text = re.sub(r".\x08", "", done.stdout)
    for command in COMMANDS.values():
        assert f"gradcli {command.name} " in text
        assert all(flag in text for flag in command.flags)
        assert all(line in text for line, _ in command.examples)


def test_the_words_of_an_option_are_those_of_its_table():
    assert METHOD.choices == tuple(METHODS)
    assert LOSS.choices == tuple(LOSSES)
    assert ROUNDING.choices == RULES
    assert AS.choices == (*NAMES, "latex", "dot")
