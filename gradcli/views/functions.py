"""`gradcli functions`: the table of operations, all of it or one row."""

from __future__ import annotations

from typing import NamedTuple

from gradcli.core.graph import VARIABLE, Builder, finish
from gradcli.core.op import FLAG, LIKE, SHAPE, STRUCTURE
from gradcli.core.ops import FAMILIES, TABLE
from gradcli.core.reverse import differentiate
from gradcli.core.trace import partial_of, rule_of
from gradcli.errors import UsageError
from gradcli.language.names import DIFFERENT, PREFIXES, called, nfkc, parameters
from gradcli.language.printer import to_text
from gradcli.views.jsonlines import json_of
from gradcli.views.numbers import to_show
from gradcli.views.prose import GAP, columns, padded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradcli.core.op import Op
    from gradcli.views.screen import Screen


def find(name: str) -> Op | None:
    """The row with this name, with or without the prefix of a library, operator sign or way to write it."""
    prefix, bare = split(name)
    if (prefix.partition(".")[0], bare) in DIFFERENT:
        return None
    row = called(nfkc(bare))
    sign = "".join(name.split()).replace("^", "**")
    if row is None and sign:
        row = next((row for row in TABLE.values() if sign in (row.symbol, "".join(written(row).split()))), None)
    return row


def split(name: str) -> tuple[str, str]:
    """The prefix of a library, or "", and the name after it: `np` and `sin`."""
    prefix, _, bare = name.strip().rpartition(".")
    return (prefix, bare) if prefix in PREFIXES else ("", name.strip())


def groups() -> Iterator[tuple[str, list[Op]]]:
    """(title, rows) of each family, without what only serves the rules of others."""
    for family in FAMILIES:
        title = (family.__doc__ or "").partition("\n")[0].rstrip(".").partition(". ")[0]
        yield title, [row for row in family.ROWS if not row.internal]


def show_list(screen: Screen) -> None:
    """The rows by family: how to write each, and what it is."""
    usages = iter(padded([written(row) for _, rows in groups() for row in rows]))
    for title, rows in groups():
        screen.part()
        screen.line(screen.paint(title, "head"))
        for row in rows:
            usage = f"  {next(usages)}"
            if screen.width is not None and columns(usage) + len(GAP) + columns(row.about) > screen.width:
                screen.line(usage)
                screen.line(f"      {screen.paint(row.about, 'faint')}")
            else:
                screen.line(f"{usage}{GAP}{screen.paint(row.about, 'faint')}")


def show_one(screen: Screen, row: Op) -> None:
    """One row: how to write it, what it is, its rules, and where they do not hold."""
    usage = written(row)
    first, *others = screen.folded(f"{usage}{GAP}{row.about}", GAP)
    screen.line(screen.paint(usage, "head") + first.removeprefix(usage))
    for line in others:
        screen.line(line)
    screen.line()
    facts = _facts(row)
    for label, (_, text) in zip(padded([label for label, _ in facts]), facts, strict=True):
        indent = " " * (columns(label) + len(GAP))
        first, *others = screen.folded(indent + text, indent)
        screen.line(f"{screen.paint(label, 'faint')}{GAP}{first.strip()}")
        for line in others:
            screen.line(line)


def line(row: Op) -> str:
    """One row as a JSON object."""
    family = next(family for family in FAMILIES if row in family.ROWS)
    rules = []
    for rule in derivatives(row):
        rules.append({"by": rule.by, "rule": rule.text, **({"where": rule.where} if rule.where else {})})
    value, gradient = price(row)
    return json_of({
        "name": row.name, "written": written(row), "signature": signature(row), "aliases": list(row.aliases),
        "family": family.__name__.rpartition(".")[2], "about": row.about, "formula": row.definition,
        "derivatives": rules, "domain": row.domain, "edges": row.edges, "example": row.example,
        "operations": {"value": value, "gradient": gradient},
    })  # fmt: skip


def signature(row: Op) -> str:
    """`atan2(y, x)`; `max(x, ...)` takes any number."""
    if row.takes_list:
        return f"{row.name}([x, ...], axis=0)"
    parts = [f"{part[1:]}, ..." if part.startswith("*") else part for part in row.signature.split(", ")]
    return f"{row.name}({', '.join(parts)})"


def written(row: Op) -> str:
    """As a user writes it: `x + y`, `not x`, `atan2(y, x)`."""
    if not row.symbol:
        return signature(row)
    names = _arguments(row)
    builder = Builder()
    return to_text(builder.nodes, [builder.intern((row, *[builder.intern((VARIABLE, name)) for name in names]))])


LACKING = "no rule: leave it out by --wrt"


class Derivative(NamedTuple):
    """The partial by one argument: its formula, and the condition outside of which it is 0."""

    by: str
    text: str
    where: str


def derivatives(row: Op) -> list[Derivative]:
    """The rule of the table for each argument, run on symbols and printed in the language.

    Left out is what has no gradient by structure; by what is discrete the partial is 0.
    """
    names = _arguments(row)
    made = []
    for k, name in enumerate(names):
        if rule_of(row, k) in (STRUCTURE, FLAG, SHAPE, LIKE):
            continue
        builder = Builder()
        operands = [builder.intern((VARIABLE, n)) for n in names]
        y = builder.intern((row, *operands))
        found = partial_of(builder, y, k, builder.number(1.0))
        if found is None:
            made.append(Derivative(name, LACKING if k in row.missing else "0", ""))
            continue
        partial, condition = found
        where = "" if condition is None else to_text(builder.nodes, [condition], exact=False)
        made.append(Derivative(name, _told(row, builder, partial), where))
    return made


def _told(row: Op, builder: Builder, partial: int) -> str:
    """A partial in what people may write, as `diff` has it; of arrays, or where no formula says it, as in the rule."""
    from gradcli.api.derivative import public, text_of

    if not row.whole:
        try:
            return text_of(public(builder, partial))
        except UsageError:
            pass
    return to_text(builder.nodes, [partial], exact=False)


def price(row: Op) -> tuple[int, int]:
    """How many operations its value takes, and how many more its partials add within a formula."""
    builder = Builder()
    operands = [builder.intern((VARIABLE, name)) for name in _arguments(row)]
    y = builder.intern((row, *operands))
    # The product makes the adjoint of y something other than 1, as it is within a formula.
    total = builder.intern((TABLE["mul"], builder.intern((VARIABLE, "g")), y))
    moving = [x for k, x in enumerate(operands) if k not in row.missing]
    adjoints = differentiate(builder, total, moving)
    both = finish(builder, [y, *adjoints.values()]).operations()
    return 1, both - 1


def _arguments(row: Op) -> list[str]:
    """Names for its arguments; two where it takes any number."""
    names = [parameter.name.removeprefix("*") for parameter in parameters(row)]
    return ["x", "y"] if row.variadic else names


def _facts(row: Op) -> list[tuple[str, str]]:
    facts = []
    if row.symbol:
        facts.append(("function", signature(row)))
    if row.aliases:
        facts.append(("also", ", ".join(row.aliases)))
    if row.definition:
        facts.append(("formula", row.definition))
    for rule in derivatives(row):
        facts.append((f"d/d{rule.by}", rule.text + (f"   where {rule.where}, else 0" if rule.where else "")))
    facts.append(("domain", row.domain))
    if row.edges:
        facts.append(("edges", row.edges))
    if row.example:
        facts.append(("example", f"{row.example} = {_value(row.example)}"))
    value, gradient = price(row)
    facts.append(("operations", f"{value} for the value, {gradient} more for the gradient"))
    return facts


def _value(example: str) -> str:
    from gradcli.api.function import function

    return to_show(function(example)())
