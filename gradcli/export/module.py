"""One function of value and gradient, ready to be written in a language."""

from __future__ import annotations

from gradcli.errors import UsageError
from gradcli.export.lowering import Derived, lowered
from gradcli.export.names import Names
from gradcli.export.record import Example, Record
from gradcli.export.writer import Code, Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.export.language import Language
    from gradcli.language.program import Program


class Module(Record):
    """The record of a program, made for a language.

    >>> from gradcli.export import languages
    >>> from gradcli.language.parser import parse
    >>> print(Module(parse("c = x*y; c*sin(c)"), ("x", "y"), "f", languages.named("javascript")).source())
    /**
     * c = x*y; c*sin(c)
     *
     * f(x, y) returns {value, grad: [d/dx, d/dy]}.
     */
    export function f(x, y) {
      const c = x * y;
      const t1 = Math.sin(c);
      const t2 = t1 + c * Math.cos(c);
      const value = c * t1;
      const dx = y * t2;
      const dy = x * t2;
      if (value !== value) return { value, grad: [value, value] };
      return { value, grad: [dx, dy] };
    }
    <BLANKLINE>
    """

    def __init__(
        self, program: Program, wrt: Sequence[str], name: str, language: Language, example: Example | None = None
    ) -> None:
        """Raises UsageError where the language has no arrays, or lacks a function."""
        if program.whole and not language.arrays:
            raise UsageError(f"there are arrays in this formula, and none in {language.title}", "export it --as numpy")
        self.language = language
        self.text = program.text
        self.example = example
        self.whole = program.whole
        names = Names(language.reserved, language.ascii_only, language.prefix)
        self.name = names.take(name)
        self.parameters = {x: names.take(x) for x in program.variables}
        self.wrt = tuple(wrt)
        derived = Derived(program, wrt)
        graph = lowered(derived.graph, language.supplies, program.whole)
        count = 1 + len(self.wrt)
        self.value_name = names.take("value")
        self.partial_names = [names.take(f"d{self.parameters[x]}") for x in self.wrt]
        assigned: dict[int, str] = {}
        for x, i in zip(derived.names, graph.outputs[count:], strict=True):
            if not graph.nodes[i][0].leaf and i not in assigned:
                assigned[i] = names.take(x)
        graph.outputs = graph.outputs[:count]
        code = Code(language)
        writer = Writer(code, graph, self.parameters, names, assigned)
        self.lines = writer.lines
        self.value, *self.partials = writer.outputs()
        self.helpers = list(code.helpers.values())
        used = {node[1] for node in graph.nodes if node[0].name == "variable"}
        self.unused = [self.parameters[x] for x in program.variables if x not in used]

    def source(self) -> str:
        """The text, with a newline at its end."""
        return self.language.module(self)
