"""`gradcli batch`: a formula over the rows of tables."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

from gradcli.api.evaluation import Evaluation
from gradcli.batch.outcome import DROPPED, SKIPPED, Moments, Outcome
from gradcli.commands import exits
from gradcli.commands.inputs.at import Given
from gradcli.commands.inputs.layout import layout_of
from gradcli.commands.inputs.pointfile import columns_of
from gradcli.commands.inputs.sources import expression
from gradcli.commands.problem import names_of_wrt, only_one
from gradcli.core.graph import CONSTANTS
from gradcli.errors import UsageError
from gradcli.language.parser import MAX_OPERATIONS
from gradcli.tables.formats import format_of, has_pyarrow, need_pyarrow
from gradcli.text import MANNER, label_of, listed, pieces, shown, tell, tell_note
from gradcli.views import summary
from gradcli.views.jsonlines import line
from gradcli.views.notes import readings
from gradcli.views.outcome import audit_of, lines
from gradcli.views.output import speak_utf8
from gradcli.views.progress import rows_done, units_done
from gradcli.views.screen import Screen
from gradcli.views.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.batch.output import Output
    from gradcli.batch.query import Query
    from gradcli.batch.run import Input


def run(command: str, parameters: dict[str, Any]) -> int:
    """`gradcli batch`. Raises UsageError."""
    only_one(parameters, "--accumulate", "--stats")
    only_one(parameters, "--resume", "--force")
    only_one(parameters, "--audit", "--float32")
    only_one(parameters, "--workers", "--cluster")
    if "-" in (parameters["EXPR"], parameters["file"]) and "-" in parameters["INPUT"]:
        raise UsageError("the expression and a table are both to come from standard input", "put one of them in a file")
    text = expression(command, parameters)
    if not parameters["INPUT"]:
        raise UsageError("batch needs a table", 'write gradcli batch "x**2" data.csv -o out.csv')
    query = _query(text, parameters)
    _refuse(parameters)
    if sys.platform == "linux":
        # Arrow's own pool gives pages back and takes fresh ones for every chunk: a quarter of the processor time.
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if not has_pyarrow():
        outcome = _plain(query, parameters)
    elif parameters["accumulate"] or parameters["stats"]:
        outcome = _summary(query, _inputs(parameters), parameters)
    else:
        outcome = _rows(query, _inputs(parameters), parameters)
    if parameters["debug"] and query.ran:
        tell_note(f"note: the formula ran as {' and '.join(_RAN[x] for x in sorted(query.ran))}")
    _tell_written(outcome, query, parameters)
    return exits.NO if outcome.lost else exits.DONE


def _tell_written(outcome: Outcome, query: Query, parameters: dict[str, Any]) -> None:
    """Tell at the end what is in the file or the folder."""
    path = _path(parameters)
    count = outcome.rows - sum([outcome.tallies[kind].count for kind in (SKIPPED, DROPPED) if kind in outcome.tallies])
    if path == "-" or MANNER.quiet or (parameters["resume"] and not count):
        return
    rows = f"{count:,} row{'' if count == 1 else 's'}"
    if parameters["accumulate"] or parameters["stats"]:
        what = f"the {'sums' if parameters['accumulate'] else 'statistics'} of {rows}"
    else:
        what = f"{rows}, each with {listed(query.results(()))}"
    tell(f"wrote {label_of(path)}: {what}")


_RAN = {"blocks": "blocks of NumPy", "compiled": "compiled code"}


def _refuse(parameters: dict[str, Any]) -> None:
    """Raises UsageError where options do not go together."""
    what = "--accumulate" if parameters["accumulate"] else "--stats" if parameters["stats"] else ""
    if parameters["json"] and not what:
        raise UsageError("--json prints a sum or statistics", "--to jsonl writes the rows as JSON lines")
    for flag in ("--resume", "--only", *(() if _path(parameters) != "-" else ("--to",))):
        if what and parameters[flag.removeprefix("--")]:
            raise UsageError(f"{what} writes no rows", f"leave {flag} out")


def _plain(query: Query, parameters: dict[str, Any]) -> Outcome:
    """Texts in, and a text or a sum out, where pyarrow is not installed."""
    from gradcli.batch.plain import PlainRun, sources, written

    for name in ("resume", "workers", "cluster"):
        if parameters[name]:
            need_pyarrow(f"--{name}")
    path, own, inputs = _path(parameters), *sources(parameters["INPUT"], layout_of(parameters), parameters["from"])
    labels = [x.label for x in inputs]
    if parameters["accumulate"] or parameters["stats"]:
        if path != "-":
            need_pyarrow("writing sums to a file")
        run = PlainRun(query, inputs, None)
        outcome = run.into(None)
        _print_summary(outcome, run.results, query, parameters)
        return _told(outcome, query, labels)
    form, compression = format_of(path, parameters["to"] or (own if path == "-" else None), "--to")
    if not form.text:
        need_pyarrow(f"writing {form.title}")
    run = PlainRun(query, inputs, form)
    if path == "-":
        speak_utf8()
        return _told(run.into(sys.stdout), query, labels)
    with written(path, compression, parameters["force"]) as out:
        outcome = run.into(out)
    return _told(outcome, query, labels)


def _query(text: str, parameters: dict[str, Any]) -> Query:
    from gradcli.batch.query import Query

    return Query(
        text,
        wrt=names_of_wrt(parameters["wrt"]),
        at=_fixed(parameters["at"]),
        columns=columns_of(parameters["column"]),
        names=_names(parameters["names"]),
        prefix=parameters["prefix"] or "",
        only=parameters["only"],
        on_error=parameters["on_error"] or "stop",
        dtype="float32" if parameters["float32"] else "float64",
        uncertain=not (parameters["accumulate"] or parameters["stats"]),
        audit=parameters["audit"],
        max_operations=parameters["max_operations"] or MAX_OPERATIONS,
    )


def _fixed(texts: list[str]) -> dict[str, float]:
    """The numbers of `--at`."""
    given = Given(texts)
    for name, count in given.counts.items():
        if count > 1:
            raise UsageError(f"--at gives {name} twice", "in a batch --at fixes a variable, and columns give the rows")
        if not isinstance(given.points[0][name][0], float):
            raise UsageError(f"--at {name} is an array", "in a batch every variable is a number")
    return {name: value for name, (value, _) in given.points[0].items()}


def _names(texts: list[str]) -> dict[str, str]:
    """Result to the name of its column, of `--names value=price,d/dx=delta`."""
    found = {}
    for text in texts:
        for part in pieces(text, ","):
            result, equals, name = part.partition("=")
            if not equals or not name.strip():
                raise UsageError(f'--names "{shown(part)}" names nothing', "write --names value=price,d/dx=delta")
            found[result.strip()] = name.strip()
    return found


def _inputs(parameters: dict[str, Any]) -> list[Input]:
    from gradcli.batch.run import Input
    from gradcli.tables.finding import find

    layout = layout_of(parameters)
    return [Input(location, parameters["from"], layout) for location in find(parameters["INPUT"])]


def _rows(query: Query, inputs: list[Input], parameters: dict[str, Any]) -> Outcome:
    from gradcli.batch.output import Output

    path = _path(parameters)
    output = Output(path, parameters["to"], inputs, parameters["resume"], parameters["force"])
    if output.skipped:
        tell_note(f"note: {_left(output, path)}")
    if not output.files and not output.folder:
        return Outcome()
    if _distributed(parameters) and output.files:
        from gradcli.batch.cluster import write

        outcome = write(query, output, parameters["workers"], parameters["cluster"], units_done)
    else:
        quiet = path == "-" and sys.stdout.isatty()  # the rows are what is looked at
        with nullcontext() if quiet else rows_done([x.location.size for x in inputs]) as advance:
            outcome = output.write(query, advance)
    return _told(outcome, query, [x.location.label for x in inputs])


def _left(output: Output, path: str) -> str:
    """What is said of files that are there already."""
    if not output.folder:
        return f"{path} is there already and left as it is; of which formula is not checked, --force writes it anew"
    files = "1 file" if output.skipped == 1 else f"{output.skipped} files"
    return f"{files} of {path} {'is' if output.skipped == 1 else 'are'} there already and left as they are"


def _path(parameters: dict[str, Any]) -> str:
    """Where the output goes."""
    path = parameters["output"]
    if path == "":
        raise UsageError("-o names no file", "-o - is standard output")
    return "-" if path is None else str(path)


def _distributed(parameters: dict[str, Any]) -> bool:
    return bool(parameters["workers"] or parameters["cluster"])


def _summary(query: Query, inputs: list[Input], parameters: dict[str, Any]) -> Outcome:
    """Sums or statistics of all rows, on standard output or in a file."""
    from gradcli.batch.output import Output
    from gradcli.batch.run import Run
    from gradcli.batch.target import Target

    path = _path(parameters)
    output = Output(path, parameters["to"], inputs, False, parameters["force"]) if path != "-" else None
    if output is not None and output.folder:
        raise UsageError(f"{path} is a folder, and this writes one file", "name the file")
    run = Run(query, inputs, None)
    if _distributed(parameters):
        from gradcli.batch.cluster import summed

        outcome = summed(query, inputs, parameters["workers"], parameters["cluster"], units_done)
    else:
        with rows_done([x.location.size for x in inputs]) as advance:
            outcome = run.into(Target(), {}, advance)
    if output is None:
        _print_summary(outcome, run.mapper.results, query, parameters)
    else:
        points, named = outcome.rows - outcome.lost, _named(outcome, run.mapper.results)
        from gradcli.batch.summary import statistics, sums

        form = output.files[0].form
        stats = parameters["stats"]
        output.write_table(statistics(points, named, form) if stats else sums(points, query.function.wrt, named, form))
    return _told(outcome, query, [x.location.label for x in inputs])


def _named(outcome: Outcome, results: list[str]) -> dict[str, Moments]:
    """The moments of each result."""
    return dict(zip(results, outcome.moments or [Moments() for _ in results], strict=True))


def _print_summary(outcome: Outcome, results: list[str], query: Query, parameters: dict[str, Any]) -> None:
    points, named = outcome.rows - outcome.lost, _named(outcome, results)
    audited = audit_of(outcome, query.function)
    if parameters["stats"]:
        if parameters["json"]:
            print(summary.json_line(points, named, audited))
        else:
            summary.show(Screen(), points, named)
        return
    value, *partials = [x.total for x in named.values()]
    evaluation = Evaluation({}, value, dict(zip(query.function.wrt, partials, strict=True)))
    if parameters["json"]:
        print(summary.with_audit(line(evaluation, points), audited))
    else:
        table = Table(points)
        table.point(evaluation)
        table.end()


def _told(outcome: Outcome, query: Query, labels: list[str]) -> Outcome:
    sys.stdout.flush()
    program = query.function.program
    columns = [name for name in program.variables if name in CONSTANTS and name not in query.at]
    for name in columns:
        tell_note(f"note: {name} is a column here, not the constant {CONSTANTS[name]!r}")
    for text in [*readings(program.notes, program.text), *lines(outcome, query.function, labels, query.at)]:
        tell_note(text)
    return outcome
