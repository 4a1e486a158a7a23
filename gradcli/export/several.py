"""A graph of any outputs as one function of a language, for what needs more than a value and its partials."""

from __future__ import annotations

from gradcli.export.lowering import lowered
from gradcli.export.names import Names
from gradcli.export.writer import Code, Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradcli.core.graph import Graph
    from gradcli.export.language import Language


def function_of(graph: Graph, variables: Sequence[str], name: str, language: Language) -> str:
    """The source of a function of the variables that gives a list of the outputs, after the helpers that it needs.

    Raises UsageError where the language lacks a function.

    >>> from gradcli.core.graph import finish, optimise
    >>> from gradcli.export import languages
    >>> from gradcli.language.parser import parse
    >>> program = parse("x*y, x + y")
    >>> graph = finish(*optimise(program.nodes, program.results))
    >>> print(function_of(graph, program.variables, "f", languages.named("javascript")))
    function f(x, y) { // all numbers
      return [x * y, x + y];
    }
    """
    names = Names(language.reserved, language.ascii_only, language.prefix)
    name = names.take(name)
    parameters = {x: names.take(x) for x in variables}
    code = Code(language)
    writer = Writer(code, lowered(graph, language.supplies), parameters, names)
    result = f"[{', '.join(writer.outputs())}]"
    own = language.helper_function(name, list(parameters.values()), writer.lines, result, "all numbers")
    return "\n".join([*code.helpers.values(), own])
