"""Python that needs nothing but `math`: `f(x, y)` returns `(value, (dx, dy))`."""

from __future__ import annotations

import inspect
import keyword
import math
import re

from gradcli.export.guards import GUARDS
from gradcli.export.language import Language, finite_divisor
from gradcli.export.special import SPECIAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gradcli.export.record import Example, Record


class Python(Language):
    """Numbers are floats, and functions that raise are guarded."""

    name, title, prefix = "python", "Python", "_"
    cure = "gradcli's own library has it: gradcli.function(..)"
    reserved = frozenset((*keyword.kwlist, "math", "float", "abs"))
    words: Mapping[str, str] = {"logical_and": "and", "logical_or": "or"}
    constants: Mapping[float, str] = {math.pi: "math.pi", math.tau: "math.tau", math.e: "math.e"}
    infinity, nan = "math.inf", "math.nan"
    functions: Mapping[str, str] = {
        **{name: f"_{name}" for name in GUARDS},
        **{name: f"math.{name}" for name in ("atan", "atan2", "tanh", "asinh", "hypot", "erf", "erfc", "cbrt")},
        "abs": "abs", "detach": "float",
    }  # fmt: skip

    def divides(self, divisor: tuple) -> bool:
        """Only by literals."""
        return finite_divisor(divisor)

    def choice(self, condition: str, x: str, y: str) -> tuple[int, str]:
        """As in our language."""
        return 1, f"{x} if {condition} else {y}"

    def negated(self, condition: str) -> tuple[int, str]:
        """As in our language."""
        return 1, f"not {condition}" if condition.isidentifier() else f"not ({condition})"

    def helper(self, name: str) -> str:
        """Its own source."""
        function = GUARDS.get(name) or SPECIAL.get(name)
        source = "" if function is None else inspect.getsource(function).rstrip()
        return re.sub(r"(?<!def )\b_(erfc?)\(", r"math.\1(", source)

    def statement(self, name: str, text: str, truth: bool) -> str:
        """An assignment."""
        return f"{name} = {text}"

    def helper_function(self, name: str, names: Sequence[str], lines: Sequence[str], result: str, told: str) -> str:
        """A function with a docstring."""
        head = f"def {name}({', '.join(f'{x}: float' for x in names)}) -> float:"
        return "\n    ".join([head, f'"""{told}"""', *lines, f"return {result}"])

    def returns(self, module: Record) -> str:
        """What a call gives."""
        partials = "".join(f"d/d{x}, " for x in module.wrt)
        partials = partials if len(module.wrt) == 1 else partials.rstrip(", ")
        return f"{module.name}({', '.join(module.parameters.values())}) returns (value, ({partials.rstrip()}))."

    def tested(self, module: Record, example: Example) -> list[str]:
        """The test point, as a session shows it."""
        call = f"{module.name}({', '.join(shown(v) for v in example.at.values())})"
        return [f">>> {call}", repr((example.value, tuple(example.grad[x] for x in module.wrt)))]

    def module(self, module: Record) -> str:
        """The imports, the helpers and the function."""
        parts = [*module.helpers, self._function(module)]
        return "import math\n\n\n" + "\n\n\n".join(parts) + "\n"

    def _function(self, module: Record) -> str:
        names = list(module.parameters.values())
        head = f"def {module.name}({', '.join(f'{x}: float' for x in names)}) -> tuple[float, tuple[float, ...]]:"
        lines = docstring(self.told(module))
        lines += [f"{x} = float({x})" for x in names]
        lines += module.lines
        value = module.value_name
        lines.append(f"{value} = {module.value}")
        lines += [f"{x} = {text}" for x, text in zip(module.partial_names, module.partials, strict=True)]
        count = len(module.partials)
        if count:
            lines += [f"if {value} != {value}:", f"    return {value}, {in_tuple([value] * count)}"]
        lines.append(f"return {value}, {in_tuple(module.partial_names)}")
        return "\n    ".join([head, *lines]).replace("\n    \n", "\n\n")


def docstring(told: Sequence[str]) -> list[str]:
    """The lines of a docstring; a text with backslashes or quotes cannot end it."""
    lines = [line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') for line in told]
    lines[0] = f'"""{lines[0]}'
    if lines[-1].endswith('"'):
        lines[-1] += " "
    return [*lines, '"""']


def shown(x: object) -> str:
    """A number as one may type it in Python."""
    return repr(x) if x == x and x not in (math.inf, -math.inf) else f'float("{x}")'


def in_tuple(texts: Sequence[str]) -> str:
    """A tuple of any length."""
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"


LANGUAGE = Python()
