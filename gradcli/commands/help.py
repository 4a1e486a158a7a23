"""The help texts: a typer app, built from the declarations, that does nothing but print them."""

from __future__ import annotations

import inspect

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from gradcli.commands.declarations import COMMANDS
from gradcli.commands.declared import HELP_FLAGS, TOGGLE, VERSION, Argument, Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

LEAST_WIDTH = 80  # columns of a help text


def print_help(command: Command | None) -> None:
    """The help of a command, or of all. Raises BrokenPipeError where nobody reads it."""
    words = [HELP_FLAGS[1]] if command is None else [command.name, HELP_FLAGS[1]]
    rich_utils.MAX_WIDTH = max(LEAST_WIDTH, Console(force_jupyter=False).width)  # else names of options are cut to fit
    try:
        app().main(args=words, prog_name="gradcli", standalone_mode=False)
    except SystemExit:  # what rich and typer make of a closed pipe
        raise BrokenPipeError from None


def app() -> TyperGroup:
    """The live command tree."""
    application = typer.Typer(
        add_completion=False,
        no_args_is_help=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": list(HELP_FLAGS)},
        help="Gradients on the command line: the value and every partial derivative of a formula.",
    )
    application.callback(cls=_Group)(_with_parameters((VERSION,)))
    for command in COMMANDS.values():
        application.command(
            command.name,
            cls=_Command,
            help=escape(command.summary),
            context_settings={"help_option_names": list(HELP_FLAGS)},
        )(_with_parameters(command.options, command))
    group = typer.main.get_command(application)
    assert isinstance(group, TyperGroup)
    return group


class _Command(TyperCommand):
    """A command whose help begins with examples."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _print_examples(COMMANDS[str(self.name)].examples)
        super().format_help(ctx, formatter)


class _Group(TyperGroup):
    def format_help(self, ctx: Any, formatter: Any) -> None:
        _print_examples([command.examples[0] for command in COMMANDS.values()])
        super().format_help(ctx, formatter)


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
    return typer.Argument(None, metavar=name, help=escape(argument.help), show_default=False)


def _option(option: Option) -> Any:
    flags = [f"{option.flag}/{option.negative}" if option.kind == TOGGLE else option.flag]
    flags += [option.short] if option.short else []
    return typer.Option(
        None, *flags, help=escape(option.help), metavar=escape(option.metavar) or None, show_default=False
    )


def _print_examples(examples: Sequence[tuple[str, str]]) -> None:
    console = Console(highlight=False, force_jupyter=False)
    console.print("\n Examples:", style="bold")
    for line, what in examples:
        console.print(Text(f"   {line}"), Text(f"  # {what}", style="dim"), sep="", soft_wrap=True)
