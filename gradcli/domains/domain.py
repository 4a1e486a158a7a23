"""Domains of numbers: what the operations of the table do to floats, to arrays, to balls, to expressions.

A domain supplies some of the elementwise operations as primitives. The others are composed: of the row's precise
form where numbers are rounded floats, else of its definition.
"""

from __future__ import annotations

from gradcli.core.graph import VARIABLE
from gradcli.core.table import by_name
from gradcli.core.trace import FORMAT, Template, template
from gradcli.language.names import parameters
from gradcli.language.parser import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from gradcli.core.op import Op


class UndecidedError(ArithmeticError):
    """A shape, a place or a choice of elements hangs on a number that the domain cannot decide.

    node: its id in the graph, where there is one.
    """

    def __init__(self, node: int | None = None) -> None:
        self.node = node
        super().__init__(node)


class Domain(dict):
    """Numbers of one kind: `domain[name]` is a function of them, for each elementwise operation.

    primitives: what is supplied, by the names of rows; literal: makes a number of a float or of the name of a
    constant; rounds: numbers are floats, so precise forms serve; moving: literals are made at each call.
    A name that is neither supplied nor composed raises KeyError.
    """

    def __init__(
        self,
        primitives: Mapping[str, Callable[..., Any]],
        literal: Callable[[Any], Any],
        *,
        rounds: bool = False,
        moving: bool = False,
    ) -> None:
        super().__init__(primitives)
        self.literal = literal
        self.rounds = rounds
        self.moving = moving
        self.names = Names(self)

    def __missing__(self, name: str) -> Callable[..., Any]:
        function = self[name] = self.composed(by_name(name))
        return function

    def composed(self, row: Op) -> Callable[..., Any]:
        """The function of a row that is not supplied."""
        if self.rounds and row.precise is not None:
            return row.precise.__get__(self.names)  # bound: quicker than any call in between
        return self.run(steps_of(row, self.rounds), len(parameters(row)))

    def run(self, traced: Template, count: int) -> Callable[..., Any]:
        """A template as a function of so many inputs."""
        answer, steps = traced
        literals = [what for op, what in steps if op is None]
        made = None if self.moving else self._made(literals)
        place = list(range(count))  # of each input and step among the values: the literals follow the inputs
        plan: list[tuple[Callable[..., Any], list[int], int, int, int]] = []
        seen = 0
        for op, what in steps:
            if op is None:
                place.append(count + seen)
                seen += 1
            else:
                place.append(count + len(literals) + len(plan))
                operands = [place[k] for k in what]
                plan.append((self[op.name], operands, len(operands), operands[0], operands[-1]))
        answer = place[answer]

        def call(*x: Any) -> Any:
            values = [*x, *(self._made(literals) if made is None else made)]
            for function, operands, n, first, last in plan:
                if n == 1:
                    values.append(function(values[first]))
                elif n == 2:
                    values.append(function(values[first], values[last]))
                else:
                    values.append(function(*[values[k] for k in operands]))
            return values[answer]

        return call

    def at(self, traced: Template, inputs: Sequence[Any]) -> Any:
        """The value of a template at these inputs."""
        return self.run(traced, len(inputs))(*inputs)

    def _made(self, literals: Sequence[Any]) -> list[Any]:
        """Numbers of the domain; an empty place stays one."""
        return [None if what is None else self.literal(what) for what in literals]


class Names:
    """What a precise form is called with: `m.exp` is the operation, `m.splitter` a constant of the number format."""

    def __init__(self, domain: Domain) -> None:
        self._domain = domain

    def __getattr__(self, name: str) -> Any:
        found = self._domain.literal(name) if name in FORMAT else self._domain[name]
        setattr(self, name, found)
        return found


def steps_of(row: Op, precise: bool = False) -> Template:
    """A composed operation as a template of other operations. Raises KeyError where there is no definition.

    precise: by the precise form, where the row has one.
    """
    traced = template(row, "precise", 0, len(parameters(row))) if precise else None
    if traced is not None:
        return traced
    key = ("definition", 0, 0)
    if key not in row.templates:
        row.templates[key] = _defined(row)
    return row.templates[key]


def _defined(row: Op) -> Template:
    if not row.definition:
        raise KeyError(row.name)
    program = parse(row.definition)
    names = [parameter.name for parameter in parameters(row)]
    place: list[int] = []
    steps: list[Any] = []
    for node in program.nodes:
        if node[0] is VARIABLE:
            place.append(names.index(node[1]))
            continue
        place.append(len(names) + len(steps))
        if node[0].leaf:  # a number, a constant, or an empty place
            steps.append((None, node[1] if len(node) > 1 else None))
        else:
            steps.append((node[0], tuple(place[k] for k in node[1:])))
    return [place[program.results[0]], steps]
