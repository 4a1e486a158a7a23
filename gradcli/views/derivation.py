"""The derivation of a partial by rules: the derivative of each step from those of the steps before it."""

from __future__ import annotations

from gradcli.api.derivative import partials, public, text_of
from gradcli.core.graph import optimise
from gradcli.core.op import VARIABLE
from gradcli.core.reverse import differentiate
from gradcli.errors import UsageError
from gradcli.views.steps import Steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.language.program import Program

MOST_STEPS = 400  # of all derivations together: each told as a formula of the variables is work that grows twice over
LONGEST = 60  # signs of a formula that stands beside that of names
# Rules that textbooks state of x alone: of anything else they go with the chain rule.
OF_X = ("power rule", "exponential rule", "reciprocal rule")


class Derived:
    """A line: the id of a step, its name and formula, the rules, its derivative by names ("v2' + v4'") and by variables
    ("" where that is long)."""

    def __init__(self, id: int, name: str, formula: str, rule: str, chained: str) -> None:
        self.id, self.name, self.formula, self.rule, self.chained = id, name, formula, rule, chained
        self.full = ""


class Derivation:
    """by: the variable, of so many; lines; formula: what `gradcli diff` prints.

    >>> from gradcli.language.parser import parse
    >>> for line in Derivation(parse("x*sin(x**2)"), "x").lines:
    ...     print(line.name, "=", line.formula, "|", line.rule, "|", line.chained, "|", line.full)
    v2 = x**2 | power rule | 2*x | 2*x
    v3 = sin(v2) | chain rule, derivative of sin | v2'*cos(v2) | 2*x*cos(x**2)
    v4 = x*v3 | product rule | v3 + x*v3' | sin(x**2) + 2*x**2*cos(x**2)
    """

    def __init__(self, program: Program, by: str, count: int = 1) -> None:
        """Raises UsageError for arrays, for a tuple of results, and where no text can say the derivative."""
        if program.whole:
            cure = "add --at for the passes in numbers; diff prints the derivative as a formula where there is one"
            raise UsageError("a derivation by rules is of numbers, and there are arrays in this formula", cure)
        self.by = by
        self.formula = text_of(partials(program, [by])[by])
        self._steps = steps = Steps(program, [by])
        self.lines = [
            Derived(i, steps.names[i], steps.formula(i), self._rule(i), steps.chained(i)) for i in steps.order
        ]
        if count * len(self.lines) <= MOST_STEPS:
            self._tell_in_full(program)

    def _rule(self, i: int) -> str:
        """The rules by which a step is differentiated, each once."""
        steps = self._steps
        if not steps.depends[i]:
            return f"constant in {self.by}"
        found: dict[str, None] = {}
        for k, x in enumerate(steps.nodes[i][1:]):
            if steps.depends[x]:
                rule = steps.rule(i, k)
                chained = steps.nodes[x][0] is not VARIABLE and (rule in OF_X or rule.startswith("derivative"))
                found[f"chain rule, {rule}" if chained else rule] = None
        return " and ".join(found)

    def _tell_in_full(self, program: Program) -> None:
        leaf = program.leaf[self.by]
        moving = [line for line in self.lines if self._steps.depends[line.id]]
        builder, (x, *ids) = optimise(program.nodes, [leaf, *[line.id for line in moving]])
        for line, i in zip(moving, ids, strict=True):
            node = differentiate(builder, i, [x]).get(x, builder.number(0.0))
            text = text_of(public(builder, node))
            line.full = text if len(text) <= LONGEST else ""
