"""JavaScript, a module: `f(x, y)` returns `{value, grad: [dx, dy]}`."""

from __future__ import annotations

import math

from gradcli.export.translate import JAVASCRIPT as TARGET
from gradcli.export.translate import Translated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gradcli.export.record import Example, Record

_RESERVED = """
    abstract arguments await boolean break byte case catch char class const continue debugger default delete do double
    else enum eval export extends false final finally float for function goto if implements import in instanceof int
    interface let long native new null package private protected public return short static super switch synchronized
    this throw throws transient true try typeof var void volatile while with yield async of
    Math NaN Infinity undefined Number
"""

_EXTREME = """function _{name}(x, y) {{ // the {word}, and NaN beside NaN
  return (y {sign} x || y !== y) && x === x ? y : x;
}}"""
_HELPERS = {
    "max": _EXTREME.format(name="max", word="larger", sign=">="),
    "min": _EXTREME.format(name="min", word="smaller", sign="<="),
    "pow": """function _pow(x, y) { // 1 to any power is 1, as IEEE 754 has it
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : Math.pow(x, y);
}""",
    "fmod": "function _fmod(x, y) { // the remainder with the sign of x\n  return x % y;\n}",
    "copysign": """function _copysign(x, y) {
  return y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x);
}""",
    "round": """function _round(x) { // ties to even
  const whole = Math.round(x);
  return Math.abs(x - Math.trunc(x)) === 0.5 ? 2 * Math.round(x / 2) : whole;
}""",
}
_MATH = """
    exp expm1 log log2 log10 log1p sqrt sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh hypot cbrt
    floor ceil trunc abs
"""


class JavaScript(Translated):
    """Numbers are IEEE's."""

    target, helpers = TARGET, _HELPERS
    name, title, prefix = "javascript", "JavaScript", "_"
    cure = "export it --as python, or use gradcli's own library"
    reserved = frozenset(_RESERVED.split())
    constants: Mapping[float, str] = {math.pi: "Math.PI", math.e: "Math.E"}
    infinity, nan = "Infinity", "NaN"
    functions: Mapping[str, str] = {
        **{name: f"Math.{name}" for name in _MATH.split()},
        **{name: f"_{name}" for name in ("max", "min", "pow", "fmod", "round")},
        "detach": "",
    }  # fmt: skip

    def number(self, value: float) -> str:
        """Without the zero behind the point."""
        return super().number(value).removesuffix(".0")

    def statement(self, name: str, text: str, truth: bool) -> str:
        """A constant."""
        return f"const {name} = {text};"

    def helper_function(self, name: str, names: Sequence[str], lines: Sequence[str], result: str, told: str) -> str:
        """A function."""
        head = f"function {name}({', '.join(names)}) {{ // {told}"
        return "\n  ".join([head, *lines, f"return {result};"]) + "\n}"

    def returns(self, module: Record) -> str:
        """What a call gives."""
        partials = ", ".join(f"d/d{x}" for x in module.wrt)
        return f"{module.name}({', '.join(module.parameters.values())}) returns {{value, grad: [{partials}]}}."

    def tested(self, module: Record, example: Example) -> list[str]:
        """The test point."""
        at = ", ".join(self.number(v) for v in example.at.values())
        grad = ", ".join(self.number(example.grad[x]) for x in module.wrt)
        return [f"{module.name}({at}) is {{ value: {self.number(example.value)}, grad: [{grad}] }}."]

    def module(self, module: Record) -> str:
        """The helpers and the function."""
        return "\n\n".join([*module.helpers, self._function(module)]) + "\n"

    def _function(self, module: Record) -> str:
        value = module.value_name
        about = "\n".join([" *" + (f" {line.replace('*/', '* /')}" if line else "") for line in self.told(module)])
        lines = [f"export function {module.name}({', '.join(module.parameters.values())}) {{", *module.lines]
        pairs = zip([value, *module.partial_names], [module.value, *module.partials], strict=True)
        lines += [f"const {x} = {text};" for x, text in pairs]
        key = "value" if value == "value" else f"value: {value}"
        if module.partials:
            nothing = ", ".join([value] * len(module.partials))
            lines.append(f"if ({value} !== {value}) return {{ {key}, grad: [{nothing}] }};")
        lines.append(f"return {{ {key}, grad: [{', '.join(module.partial_names)}] }};")
        return f"/**\n{about}\n */\n" + "\n  ".join(lines) + "\n}"


LANGUAGE = JavaScript()
