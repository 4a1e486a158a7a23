"""The forward and the backward pass of a program at a point, line by line: what text, Markdown and the page show."""

from __future__ import annotations

from gradcli.core.op import NUMBER
from gradcli.language.printer import steps
from gradcli.views.numbers import tabled, to_show
from gradcli.views.steps import Steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gradcli.api.annotation import Use
    from gradcli.api.evaluation import Evaluation
    from gradcli.language.program import Program

LONGEST = 40  # signs of a local derivative that is told as a formula
MOST_TERMS = 6  # of a sum that is written out
MOST_ELEMENTS = 12  # of an array that is written out


class Computed:
    """A line of the forward pass: the step's id and name, its formula, that with numbers ("" for none), its value."""

    def __init__(self, id: int, name: str, formula: str, numbers: str, value: str) -> None:
        self.id, self.name, self.formula, self.numbers, self.value = id, name, formula, numbers, value


class Sent:
    """A line of the backward pass.

    to: the id of the operand; name: its name; rule; slope: the local derivative as a formula, or ""; formula:
    the same at any point; told: that with its number; arrived, local, sent: numbers, local "" where what is sent is no
    product of floats; why: in words, where the result does not depend on it.
    total: "" or after the last line that sends to the operand what it got in all.
    """

    def __init__(self, use: Use, steps: Steps, values: Sequence[Any]) -> None:
        i, k = use.node, use.place
        self.to, self.name, self.rule = use.to, steps.names[use.to], steps.rule(i, k)
        self.arrived, self.sent = brief(use.arrived), brief(use.sent)
        self.local = "" if use.local is None else brief(use.local)
        is_number = isinstance(use.sent, float) and isinstance(values[i], float)
        slope, where = steps.slope(i, k) if self.local or is_number else "", steps.condition(i, k)
        slope = "" if len(slope) > LONGEST else slope
        self.slope = "" if slope == self.local else slope
        self.formula = f"{slope} where {where}".lstrip() if where and len(where) <= LONGEST else self.slope
        self.why = steps.closed(i, k, values) if is_number and use.local == 0 else ""
        self.told = f"0, as {self.why}" if self.why else " = ".join(filter(None, (self.slope, self.local)))
        if is_number and use.local is None:
            self.told += f"{', ' if self.told else ''}a factor is too small for float64"
        self.total = ""


class Arrived:
    """An operation of the backward pass: its id, name, formula and adjoint, and what it sends; silent: 0 to all."""

    def __init__(self, line: Computed, adjoint: str, lines: list[Sent]) -> None:
        self.id, self.name, self.formula, self.adjoint, self.lines = line.id, line.name, line.formula, adjoint, lines
        self.silent = adjoint == "0" and all(sent.sent == "0" for sent in lines)


class Lesson:
    """forward, backward: the lines; inputs: (id, name, value) of each variable; value: of the result; gradient: (name,
    partial, terms), the terms as text where several were added; values, adjoints: by node, as text."""

    def __init__(
        self,
        program: Program,
        wrt: Sequence[str],
        numbers: tuple[Sequence[Any], Sequence[Any]],
        uses: Sequence[Use],
        result: Evaluation,
    ) -> None:
        """numbers: the values and the adjoints by node; result: the value and the partials."""
        values, adjoints = numbers
        self.steps = Steps(program, wrt)
        self.values, self.adjoints = ({i: brief(x) for i, x in enumerate(of) if x is not None} for of in numbers)
        self._numbers = (
            steps(program.nodes, self.values), steps(program.nodes, {i: factor(x) for i, x in self.values.items()})
        )  # fmt: skip
        self.inputs = [(i, x, brief(values[i])) for x, i in program.leaf.items() if values[i] is not None]
        self.forward = [self._computed(i, self.values[i]) for i in self.steps.order]
        by_node: dict[int, list[Use]] = {}
        terms: dict[int, list[str]] = {}
        last: dict[int, Sent] = {}
        for use in uses:
            by_node.setdefault(use.node, []).append(use)
        self.backward = []
        for line in reversed(self.forward):
            if adjoints[line.id] is None:
                continue
            lines = [Sent(use, self.steps, values) for use in by_node.get(line.id, [])]
            for sent in lines:
                terms.setdefault(sent.to, []).append(sent.sent)
                last[sent.to] = sent
            self.backward.append(Arrived(line, brief(adjoints[line.id]), lines))
        for i, sent in last.items():
            sent.total = f"{added} = {brief(adjoints[i])}" if (added := _sum(terms[i])) else ""
        self.value = brief(result.value)
        partials = (result.grad or {}).items()
        self.gradient = [(x, brief(d), _sum(terms.get(program.leaf[x], []))) for x, d in partials]

    def _computed(self, i: int, value: str) -> Computed:
        op, *operands = self.steps.nodes[i]
        formula, numbers = self.steps.formula(i), self._numbers[bool(op.symbol)](i)
        if op.decides:
            formula, numbers = f"({formula})", f"({numbers})"
            value = {"0": "0, false", "1": "1, true"}.get(value, value)
        plain = all(self.steps.nodes[k][0] is NUMBER for k in operands)
        return Computed(i, self.steps.names[i], formula, "" if plain or numbers == value else numbers, value)


def brief(x: Any) -> str:
    """A number with all its digits, or an array of which the shape alone is told where it is long."""
    return f"array of shape {x.shape}" if getattr(x, "size", 1) > MOST_ELEMENTS else to_show(tabled(x))


def factor(text: str) -> str:
    """A number as an operand of a product."""
    return f"({text})" if text.startswith("-") else text


def _sum(terms: Sequence[str]) -> str:
    """`3 + 4 - 1`; "" where there is one term."""
    if len(terms) < 2:
        return ""
    if len(terms) > MOST_TERMS:
        return f"the sum of {len(terms)} terms"
    return terms[0] + "".join([f" - {x[1:]}" if x.startswith("-") else f" + {x}" for x in terms[1:]])
