"""NumPy: `f(x, y)` returns `(value, (dx, dy))` over arrays; with operations on whole arrays, of their one result."""

from __future__ import annotations

import math

from gradcli.core.structure import ELLIPSIS, NOTHING
from gradcli.export.array_source import Sources
from gradcli.export.to_python import Python, docstring, in_tuple, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.core.op import Op
    from gradcli.export.record import Example, Record

_RENAMED = {
    "mod": "mod", "neg": "negative", "pow": "power", "max": "maximum", "min": "minimum", "detach": "positive",
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh", "acosh": "arccosh",
    "atanh": "arctanh", "round": "rint",
}  # fmt: skip
_SAME = """
    exp expm1 log log2 log10 log1p sqrt cbrt hypot sin cos tan sinh cosh tanh sign floor ceil trunc fmod abs
"""
# Of one number at a time.
_EACH = ("erf", "erfc", "gamma", "lgamma", "digamma", "polygamma", "erfinv", "sinc_derivative")


class NumPy(Python):
    """As Python, by functions of arrays."""

    name, title = "numpy", "NumPy"
    arrays = True
    reserved = Python.reserved | {"np"}
    constants: Mapping[float, str] = {math.pi: "np.pi", math.e: "np.e"}
    infinity, nan = "np.inf", "np.nan"
    leaves: Mapping[Op, str] = {NOTHING: "None", ELLIPSIS: "..."}
    functions: Mapping[str, str] = {
        **{name: f"np.{name}" for name in _SAME.split()},
        **{name: f"np.{text}" for name, text in _RENAMED.items()},
        **{name: f"_each_{name}" for name in _EACH},
    }  # fmt: skip

    def divides(self, divisor: tuple) -> bool:
        """Arrays divide by 0 as IEEE 754 has it."""
        return True

    def choice(self, condition: str, x: str, y: str) -> tuple[int, str]:
        """Element by element."""
        return 11, f"np.where({condition}, {x}, {y})"

    def joined(self, x: str, y: str, word: str) -> tuple[int, str]:
        """Element by element."""
        return 11, f"np.logical_{word}({x}, {y})"

    def negated(self, condition: str) -> tuple[int, str]:
        """Element by element."""
        return 11, f"np.logical_not({condition})"

    def helper(self, name: str) -> str:
        """What serves one number, for each of an array."""
        if not name.startswith("each_"):
            return super().helper(name)
        one = name.removeprefix("each_")
        text = f"math.{one}" if one in ("erf", "erfc") else f"_{one}"
        return f"def _{name}(*x):\n    return np.vectorize(lambda *v: {text}(*v), otypes=[float])(*x)"

    def whole(self, op: Op, helpers: dict[str, str]) -> str:
        """The function of the table, with its source."""
        return Sources(helpers).function(op)

    def called(self, function: str, operands: Sequence[str]) -> str:
        """A call; a list is written as one."""
        if function == "tuple":
            return f"({', '.join(operands)},)"
        return super().called(function.removesuffix("(np"), (["np"] if function.endswith("(np") else []) + [*operands])

    def helper_function(self, name: str, names: Sequence[str], lines: Sequence[str], result: str, told: str) -> str:
        """A function with a docstring."""
        return "\n    ".join([f"def {name}({', '.join(names)}):", f'"""{told}"""', *lines, f"return {result}"])

    def tested(self, module: Record, example: Example) -> list[str]:
        """The test point."""
        at = ", ".join(_listed(v) for v in example.at.values())
        grad = in_tuple([_listed(example.grad[x]) for x in module.wrt])
        return [f"{module.name}({at}) is ({_listed(example.value)}, {grad})."]

    def module(self, module: Record) -> str:
        """The imports, the helpers and the function."""
        imports = "import math\n\n" if any("math." in text for text in module.helpers) else ""
        head = f"from __future__ import annotations\n\n{imports}import numpy as np\n\n\n"
        return head + "\n\n\n".join([*module.helpers, self._function(module)]) + "\n"

    def _function(self, module: Record) -> str:
        names = list(module.parameters.values())
        lines = [f"{x} = np.asarray({x}, dtype=float)" for x in names]
        value, partials = module.value_name, module.partial_names
        inside = [*module.lines, f"{value} = {module.value}"]
        inside += [f"{x} = {text}" for x, text in zip(partials, module.partials, strict=True)]
        lines += ['with np.errstate(all="ignore"):', *[f"    {line}" for line in inside]]
        if module.whole:
            lines.append(f"{value} = np.asarray({value}, dtype=float).reshape(())[()]")
            pairs = list(zip(partials, [module.parameters[x] for x in module.wrt], strict=True))
            lines += [f"{d} = np.where(np.isnan({value}), np.nan, {d} + np.zeros_like({x}))" for d, x in pairs]
        elif names:
            results = [value, *partials]
            targets = ", ".join([*results, *["_"] * len(names)])
            lines.append(f"{targets} = map(np.array, np.broadcast_arrays({', '.join([*results, *names])}))")
            lines += [f"{d}[np.isnan({value})] = np.nan" for d in partials]
        value = value if module.whole or not names else f"{value}[()]"
        lines.append(f"return {value}, {in_tuple([f'{x}[()]' for x in partials])}")
        return "\n    ".join(
            [f"def {module.name}({', '.join(names)}):", *docstring(self.told(module)), *lines]
        ).replace("\n    \n", "\n\n")


def _listed(x: Any) -> str:
    """A number or an array as one may type it."""
    if getattr(x, "shape", ()):
        return f"[{', '.join(map(_listed, x))}]"
    return shown(float(x))


LANGUAGE = NumPy()
