"""Unknown commands and options: what may have been meant."""

from __future__ import annotations

from gradcli.commands.declarations import COMMANDS
from gradcli.commands.declared import Command
from gradcli.errors import UsageError
from gradcli.text import listed, nearest, shown
from gradcli.views.manual import pages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# What others call them, a line each: ours, then their words. Of several lines the first that a command has is taken.
_COMMANDS = """
    grad gradient backward partials
    diff derivative differentiate derive deriv partial d/dx df symbolic
    hess hessian second d2 curvature
    jac jacobian jacobi
    eval evaluate value compute calc calculate solve run
    graph tree draw dot tape
    plot curve chart draw show visualize visualise sketch
    check verify test prove gradcheck validate
    taylor series maclaurin expand expansion
    minimize optimize optimise minimise min argmin
    fit regress regression curve_fit lsq least_squares nls leastsq
    batch map apply table csv
    propagate uncertainty uncertainties error gum
    functions list ops function operators
    completions completion complete autocomplete
    help man usage manual docs
    --version version
"""
_OPTIONS = """
    --digits --precision --prec --dps -d
    --points --input --csv-file --in -i
    --range --sweep --xlim --xrange --domain --interval
    --sweep --range --linspace --grid
    --at --point --var --set --where --value --values --x --with -x
    --wrt --vars --variables --by --respect-to
    --along --direction --dir --vector --directional
    --order --degree --terms
    --accumulate --sum --total
    --to --format --output-format --fmt -f
    --output --out --save -o
    --file --expr --expression --formula --script -f
    --steps --maxiter --max-iter --iterations --epochs --max-steps
    --lr --learning-rate --rate
    --start --x0 --init --initial --guess --at
    --method --solver --optimizer --algorithm
    --float32 --dtype --f32
    --workers --jobs --threads --parallel -j
    --json --jsonl -j
    --plain --raw --bare --text
    --csv --tsv
    --check --verify
    --max-operations --limit
    --timeout --time-limit
"""
# What has no word of ours.
_SENTENCES = {
    **dict.fromkeys(("maximize", "maximise", "argmax"), "gradcli minimize EXPR --maximize finds the maximum"),
    **dict.fromkeys(("--output", "--out", "--save", "-o"), "write > FILE at the end of the line"),
    **dict.fromkeys(("--silent", "-q", "-s"), "--quiet leaves the notes out"),
    **dict.fromkeys(("--verbose", "-v"), "--debug shows the traceback of an error"),
    "--version": "write gradcli --version",
}


def no_such_command(word: str) -> UsageError:
    """The error of an unknown command, with the nearest one."""
    message = f'there is no command "{shown(word)}"'
    if word in _SENTENCES:
        return UsageError(message, _SENTENCES[word])
    meant = command_meant(word)
    if not meant and word in pages():
        return UsageError(message, f"gradcli help {word} is a page on it")
    if meant:
        return UsageError(message, f"did you mean gradcli {meant}?")
    if word.isidentifier() or word.startswith("--"):
        return UsageError(message, f"the commands are {', '.join(COMMANDS)}")
    return UsageError(message, f'write gradcli grad "{shown(word)}" for a gradient')


def command_meant(word: str) -> str | None:
    """The command that an unknown word stands for, or None."""
    return meant_in(word, COMMANDS, _COMMANDS)


def no_such_option(flag: str, command: Command | None) -> UsageError:
    """The error of an unknown option, with the nearest one, or the command that has it."""
    if command is None and flag == "--debug":
        return UsageError(
            "no command stands before --debug", "put --debug after the command: gradcli grad EXPR --debug"
        )
    if command is None:
        return UsageError(f"there is no option {shown(flag)}", "a command comes first: gradcli grad EXPR --at x=2")
    message = f"{command.name} has no option {shown(flag)}"
    typed = flag.removeprefix("--")
    if command.argument.name == "EXPR" and (len(typed) == 1 or not typed.replace("-", "").isidentifier()):
        point = f"a point is given by --at {typed}=2; " if typed.isidentifier() else ""
        return UsageError(message, f'{point}after -- all is text: gradcli {command.name} -- "{shown(flag)}"')
    others = [other.name for other in COMMANDS.values() if flag in other.flags and flag not in _SENTENCES]
    if others:
        return UsageError(message, f"gradcli {listed(others)} {'has' if len(others) == 1 else 'have'} it")
    meant = meant_in(flag, command.flags, _OPTIONS)
    if meant:
        return UsageError(message, f"did you mean {meant}?")
    forms = [form for form in ("--json", "--csv", "--plain", "--dot") if form in command.flags]
    if flag in ("--format", "--output-format", "--fmt", "-f") and forms:
        return UsageError(message, f"write {listed(forms, 'or')}")
    return UsageError(message, _SENTENCES.get(flag, f"gradcli {command.name} --help lists them"))


def meant_in(word: str, words: Iterable[str], table: str) -> str | None:
    """The word among ours that was meant: by the table, or by its letters."""
    rows = [line.split() for line in table.split("\n") if line]
    own = [ours for ours, *others in rows if word in others or word.lower() in others]
    known = list(words)
    return next((x for x in own if x in known or x in ("--help", "--version")), None) or nearest(word, known)
