"""The help texts: a typer app, built from the declarations, whose help is drawn here."""

from __future__ import annotations

import inspect
from contextlib import contextmanager, nullcontext

import typer
from typer.core import TyperCommand, TyperGroup

from gradcli.commands.declarations import COMMANDS
from gradcli.commands.declared import HELP_FLAGS, TOGGLE, VERSION, Argument, Command, Option
from gradcli.views.manual import pages, show, title
from gradcli.views.prose import continued, definitions, wrapped
from gradcli.views.screen import Screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from typing import Any


def print_help(command: Command | None, manual: bool = False) -> None:
    """The help of a command, or of all, as wide as the terminal; manual: then the command's page, if it has one."""
    formatter: Any = Formatter(Screen())
    live = app()
    context = live.make_context("gradcli", [], resilient_parsing=True)
    if command is None:
        live.format_help(context, formatter)
        return
    found = live.get_command(context, command.name)
    assert found is not None
    found.format_help(found.make_context(command.name, [], context, resilient_parsing=True), formatter)
    if command.name in pages():
        formatter.write_paragraph()
        if manual:
            show(formatter.screen, pages()[command.name])
        else:
            formatter.write_text(f"gradcli help {command.name} tells more.")


class Formatter:
    """What typer writes a help text to: prose is folded between words, and no option's name is cut or folded."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.width = screen.prose

    def write_usage(self, prog: str, args: str = "") -> None:
        """How a line begins."""
        self._lines(wrapped(f"Usage: {prog} {args}", self.width - 1))

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """What is written inside stands under this heading."""
        self.screen.line()
        self._lines([self.screen.paint(f"{name}:", "head")])
        yield

    def indentation(self) -> AbstractContextManager[None]:
        """Prose stands where headings stand."""
        return nullcontext()

    def write_paragraph(self) -> None:
        """An empty line."""
        self.screen.line()

    def write_text(self, text: str) -> None:
        """Prose."""
        self._lines(wrapped(text, self.width - 1))

    def write_dl(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names, each with what it is."""
        for term, text in definitions(rows, self.width - 3):
            self._lines([f"  {self.screen.paint(term, 'variable')}{text}"])

    def write_examples(self, examples: Sequence[tuple[str, str]]) -> None:
        """Command lines, to be pasted: what each is for stands behind it, or above where a line would be too long."""
        behind = all(len(line) + len(told) + 8 <= self.width for line, told in examples)
        with self.section("Examples"):
            for line, told in examples:
                parts = wrapped(told, self.width - 5) if told else []
                what = [f"  {self.screen.paint(f'# {part}', 'faint')}" for part in parts]
                lines = [f"  {part}" for part in continued(line, self.width - 3)]
                self._lines([f"{lines[0]}{''.join(what)}"] if behind else [*what, *lines])
        self.screen.line()

    def _lines(self, lines: list[str]) -> None:
        for line in lines:
            self.screen.line(f" {line}")


def app() -> TyperGroup:
    """The live command tree."""
    application = typer.Typer(
        add_completion=False,
        no_args_is_help=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": list(HELP_FLAGS)},
        help="Gradients on the command line: the value and every partial derivative of a formula.",
    )
    application.callback(cls=_Group)(_with_parameters((VERSION,)))
    for command in COMMANDS.values():
        application.command(
            command.name,
            cls=_Command,
            help=command.summary,
            context_settings={"help_option_names": list(HELP_FLAGS)},
        )(_with_parameters(command.options, command))
    group = typer.main.get_command(application)
    assert isinstance(group, TyperGroup)
    return group


class _Command(TyperCommand):
    """A command whose help begins with examples."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write_examples(COMMANDS[str(self.name)].examples)
        super().format_help(ctx, formatter)


class _Group(TyperGroup):
    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write_examples([(command.examples[0][0], "") for command in COMMANDS.values()])
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(command.name, command.summary) for command in COMMANDS.values()])
        with formatter.section("Topics of gradcli help"):
            formatter.write_dl([(topic, f"{title(text)}.") for topic, text in pages().items()])


def _with_parameters(options: Sequence[Option], command: Command | None = None) -> Any:
    """A function with the signature that typer reads."""

    def function(**parameters: Any) -> None:
        pass

    declared: dict[str, tuple[Any, Any]] = {}
    if command is not None:
        further = command.further
        declared["argument"] = (str | None, _argument(command.argument.name, command.argument))
        if further is not None:
            declared["further"] = (list[str] | None, _argument(f"{further.name}...", further))
    for option in options:  # none of which may be called as a keyword of Python: `from`
        declared[f"{option.name}_"] = (list[str] if option.takes_value else bool | None, _option(option))
    function.__signature__ = inspect.Signature([  # type: ignore[attr-defined]
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=info, annotation=kind)
        for name, (kind, info) in declared.items()
    ])  # fmt: skip
    function.__annotations__ = {name: kind for name, (kind, _) in declared.items()}
    return function


def _argument(name: str, argument: Argument) -> Any:
    return typer.Argument(None, metavar=name, help=argument.help, show_default=False)


def _option(option: Option) -> Any:
    flags = [f"{option.flag}/{option.negative}" if option.kind == TOGGLE else option.flag]
    flags += [option.short] if option.short else []
    return typer.Option(None, *flags, help=option.help, metavar=option.metavar or None, show_default=False)
