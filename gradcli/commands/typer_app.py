"""The typer app, built from the declarations: it reads what the light reader does not, and prints the help."""

from __future__ import annotations

import inspect

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from gradcli.commands import suggestions
from gradcli.commands.declarations import COMMANDS, HELP_FLAGS, TOGGLE, VERSION, Command, Option
from gradcli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

LEAST_WIDTH = 80  # columns of a help text

# Below typer 0.26 this is click's own class, from then on typer's copy of it.
_ClickUsageError: type[Exception] = typer.BadParameter.__mro__[1]


def parse(argv: Sequence[str]) -> tuple[str, dict[str, Any], list[str]] | None:
    """The command's name, its options as given and its texts; None where help was printed.

    Raises UsageError, and BrokenPipeError where nobody reads the help.
    """
    try:
        parsed = app().main(args=list(argv), prog_name="gradcli", standalone_mode=False)
    except _ClickUsageError as error:
        raise _translated(error, argv) from None
    except SystemExit:  # what rich and typer make of a closed pipe
        raise BrokenPipeError from None
    return parsed if isinstance(parsed, tuple) else None


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
            context_settings={"allow_extra_args": True, "help_option_names": list(HELP_FLAGS)},
        )(_with_parameters(command.options, command))
    group = typer.main.get_command(application)
    assert isinstance(group, TyperGroup)
    return group


class _Command(TyperCommand):
    """A command that returns what was given rather than run anything."""

    def invoke(self, ctx: Any) -> Any:
        command = COMMANDS[str(self.name)]
        given = {option.name: ctx.params[_key(option)] for option in command.options}
        given = {name: value for name, value in given.items() if value is not None and value != []}
        first = ctx.params["argument"]
        further = ctx.params.get("further") or ()
        return command.name, given, [*([] if first is None else [first]), *further, *ctx.args]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _print_examples(COMMANDS[str(self.name)].examples)
        _keep_names_whole()
        super().format_help(ctx, formatter)


class _Group(TyperGroup):
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in COMMANDS:
            raise suggestions.no_such_command(args[0])
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _print_examples([command.examples[0] for command in COMMANDS.values()])
        _keep_names_whole()
        super().format_help(ctx, formatter)

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)


def _with_parameters(options: Sequence[Option], command: Command | None = None) -> Any:
    """A function with the signature that typer reads."""

    def function(**parameters: Any) -> None:
        pass

    declared = []
    if command is not None:
        argument = command.argument
        info = typer.Argument(None, metavar=argument.name, help=escape(argument.help), show_default=False)
        declared.append(_parameter("argument", str | None, info))
        if command.further is not None:
            name = f"{command.further.name}..."
            info = typer.Argument(None, metavar=name, help=escape(command.further.help), show_default=False)
            declared.append(_parameter("further", list[str] | None, info))
    declared += [_parameter(_key(option), _annotation(option), _typer_option(option)) for option in options]
    function.__signature__ = inspect.Signature(declared)  # type: ignore[attr-defined]
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in declared}
    return function


def _key(option: Option) -> str:
    """The option as a parameter of a function: `from` could be none."""
    return f"{option.name}_"


def _parameter(name: str, annotation: Any, info: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=info, annotation=annotation)


def _annotation(option: Option) -> Any:
    # Each text is kept, also of an option that must not be repeated: `finish` says so.
    return list[str] if option.takes_value else bool | None


def _typer_option(option: Option) -> Any:
    flags = [f"{option.flag}/{option.negative}" if option.kind == TOGGLE else option.flag]
    flags += [option.short] if option.short else []
    return typer.Option(
        None, *flags, help=escape(option.help), metavar=escape(option.metavar) or None, show_default=False
    )


def _print_examples(examples: Sequence[tuple[str, str]]) -> None:
    console = Console(highlight=False)
    console.print("\n Examples:", style="bold")
    for line, what in examples:
        console.print(Text(f"   {line}"), Text(f"  # {what}", style="dim"), sep="", soft_wrap=True)


def _keep_names_whole() -> None:
    """Typer's help cuts the names of options to fit; so it never gets less than LEAST_WIDTH."""
    rich_utils.MAX_WIDTH = max(LEAST_WIDTH, Console().width)


def _translated(error: Any, argv: Sequence[str]) -> UsageError:
    """A click error in our words."""
    flag = str(getattr(error, "option_name", ""))
    command = COMMANDS.get(argv[0]) if argv else None
    if not flag:
        return UsageError("a command is missing", f"the commands are {', '.join(COMMANDS)}")
    if type(error).__name__ == "NoSuchOption":
        return suggestions.no_such_option(flag, command)
    option = command.flags[flag][0] if command else VERSION
    if option.takes_value:
        return UsageError(f"{flag} needs a value", f"write {flag} {option.metavar}")
    return UsageError(f"{flag} takes no value", f"write {flag} alone")
