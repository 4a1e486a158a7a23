"""Rules as templates: a rule of the table is run once on symbols and then replayed on node ids."""

from __future__ import annotations

from gradcli.core.op import DISCRETE, FLAG, STRUCTURE, Op
from gradcli.core.table import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gradcli.core.graph import Builder

# A template is a list of steps (op, operands); operands index the inputs (g, y, *x) and after
# them the results of the steps. A step without op is a literal. The last result is the answer.
Template = list


def _operator(name: str) -> tuple[Any, Any]:
    """The operation of this name with a symbol as its first operand, and as its second."""
    return (lambda x, y: apply(by_name(name), (x, y))), (lambda x, y: apply(by_name(name), (y, x)))


class MissingRuleError(Exception):
    """A derivative is wanted by an operand for which the table has no rule.

    op: the operation's name; operand: that of the parameter; node: the operation in the graph as written, or -1.
    """

    def __init__(self, op: str, operand: str, node: int = -1) -> None:
        self.op, self.operand, self.node = op, operand, node
        super().__init__(f"no rule gives the derivative of {op} by its {operand}")


class Symbol:
    """A node of a template: what the rules of the table calculate with."""

    __slots__ = ("index", "steps")

    def __init__(self, steps: Template, index: int) -> None:
        self.steps = steps
        self.index = index

    __add__, __radd__ = _operator("add")
    __sub__, __rsub__ = _operator("sub")
    __mul__, __rmul__ = _operator("mul")
    __truediv__, __rtruediv__ = _operator("div")
    __pow__, __rpow__ = _operator("pow")
    __lt__, __le__, __gt__, __ge__ = (_operator(name)[0] for name in ("lt", "le", "gt", "ge"))
    __eq__, __ne__ = _operator("eq")[0], _operator("ne")[0]

    def __neg__(self) -> Symbol:
        return fn.neg(self)


# What a precise form may read of the number format, beside the operations: `m.splitter`.
FORMAT = frozenset((
    "splitter", "least", "most", "pi", "degree", "degree_rest", "radian", "radian_rest", "root_half", "root_half_high",
    "root_half_low", "bell", "normal", "inf",
))  # fmt: skip


class _Functions:
    """`fn.cos(x)` in a rule is the operation `cos` of the table."""

    def __getattr__(self, name: str) -> Any:
        if name in FORMAT:
            return name
        return lambda *operands: apply(by_name(name), operands)


fn = _Functions()


def apply(op: Op, operands: tuple[Any, ...]) -> Symbol:
    """A new symbol for `op(*operands)`; operands are symbols, numbers, names of constants, or None."""
    steps = next(x.steps for x in operands if isinstance(x, Symbol))
    indices = []
    for x in operands:
        if not isinstance(x, Symbol):
            steps.append((None, x))
            x = Symbol(steps, steps[0] + len(steps) - 2)
        indices.append(x.index)
    steps.append((op, tuple(indices)))
    return Symbol(steps, steps[0] + len(steps) - 2)


def template(op: Op, kind: str, index: int, count: int) -> Template | None:
    """The template of a rule of `op` ("vjp", "squared", "active", "reach", ...) for argument `index` of `count`.

    None where a mark says that there is no gradient, and where there is no such thing.
    """
    key = (kind, index if op.placed else 0, 1) if op.variadic and kind != "share" else (kind, index, count)
    if key not in op.templates:
        op.templates[key] = _trace(op, *key)
    return op.templates[key]


def rule_of(op: Op, index: int) -> Callable[..., Any] | str | None:
    """The rule for argument `index`, or the mark in its place; a parameter with a star is the last."""
    return op.vjp(index) if callable(op.vjp) else op.vjp[0 if op.variadic else min(index, len(op.vjp) - 1)]


def refuse_missing(op: Op, index: int, node: int = -1) -> None:
    """Raises MissingRuleError where the argument has a gradient that no rule gives; node: see there."""
    if index in op.missing:
        raise MissingRuleError(op.name, op.signature.split(",")[index].partition("=")[0].strip(), node)


def seen(op: Op, operands: Sequence[Any], index: int) -> Sequence[Any]:
    """The operands that the rule of an argument sees: all, or of any number its own alone."""
    return operands[index : index + 1] if op.variadic else operands


def moves(op: Op, index: int, count: int) -> bool:
    """Does the rule of an argument only move elements: are shapes and places all that it reads?"""
    key = ("moves", index if op.placed else 0, 1) if op.variadic else ("moves", index, count)
    if key not in op.templates:
        traced = template(op, "vjp", index, count)
        marks = ["", ""] + [rule_of(op, k) for k in seen(op, range(count), index)]
        op.templates[key] = traced is not None and all(
            k == 0 or marks[k] in (STRUCTURE, FLAG, DISCRETE) for k in read_by(traced, len(marks), ranks=False)
        )
    return op.templates[key]


def read_by(traced: Template, inputs: int, ranks: bool = True) -> set[int]:
    """Which of its inputs a template reads; some lend their shape alone, and, where ranks don't count, their order."""
    answer, steps = traced
    read = {answer} if answer < inputs else set()
    for op, operands in steps:
        if op is not None:
            lent = op.shapes if ranks or not op.ranked else (0, *op.shapes)
            read.update(i for k, i in enumerate(operands) if i < inputs and k not in lent)
    return read


def _trace(op: Op, kind: str, index: int, count: int) -> Template | None:
    rules = getattr(op, kind)
    if kind == "reach" and index >= len(rules):
        return template(op, "vjp", index, count) if moves(op, index, count) else None
    if kind in ("active", "reach", "squared"):
        rules = rules[min(index, len(rules) - 1)]  # a parameter with a star is the last
    function = rule_of(op, index) if kind == "vjp" else rules
    if function is None or isinstance(function, str):
        return None
    inputs = count + {"active": 1, "precise": 0}.get(kind, 2)
    steps: Template = [inputs]
    symbols = [Symbol(steps, k) for k in range(inputs)]
    answer = function(fn, *symbols) if kind == "precise" else function(*symbols)
    if not isinstance(answer, Symbol):
        steps.append((None, answer))
        answer = Symbol(steps, inputs + len(steps) - 2)
    return [answer.index, steps[1:]]


def replay(builder: Builder, traced: Template, inputs: list[int]) -> int:
    """Build a template on the ids of its inputs; the id of the answer."""
    answer, steps = traced
    ids = inputs
    make, make_of_two = builder.make, builder.make_of_two
    for op, operands in steps:
        if op is None:
            ids.append(builder.literal(operands))
        elif len(operands) == 2:
            x, y = operands
            ids.append(make_of_two(op, ids[x], ids[y]))
        elif len(operands) == 1:
            ids.append(make(op, ids[operands[0]]))
        else:
            ids.append(make(op, *[ids[k] for k in operands]))
    return ids[answer]


def partial_of(builder: Builder, i: int, k: int, seed: int) -> tuple[int, int | None] | None:
    """Append the partial of node i by its operand k, times a seed.

    Returns its id and that of the condition outside of which it is 0, if there is one; None where a mark stands in the
    place of a rule.
    """
    op, *operands = builder.nodes[i]
    rule = template(op, "vjp", k, len(operands))
    if rule is None:
        return None
    if op.share is not None:
        shared = template(op, "share", 0, len(operands))
        assert shared is not None
        seed = replay(builder, shared, [seed, i, *operands])
    partial = replay(builder, rule, [seed, i, *seen(op, operands, k)])
    condition = template(op, "active", k, len(operands)) if op.active else None
    return partial, None if condition is None else replay(builder, condition, [i, *seen(op, operands, k)])
