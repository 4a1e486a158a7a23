"""C99: `double f(double x, double y, double grad[2])` returns the value."""

from __future__ import annotations

from gradcli.export.translate import C as TARGET
from gradcli.export.translate import Translated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gradcli.export.record import Example, Record

_KEYWORDS = """
    auto break case char const continue default do double else enum extern float for goto if inline int long register
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
    bool true false nullptr alignas alignof constexpr static_assert thread_local typeof typeof_unqual asm
    NAN INFINITY NULL HUGE_VAL HUGE_VALF HUGE_VALL OVERFLOW UNDERFLOW DOMAIN SING PLOSS TLOSS MAXFLOAT EOF
    linux unix i386 signgam isnan isinf isfinite isnormal signbit fpclassify isgreater isless isunordered
    math_errhandling float_t double_t main grad
    class new delete this template typename namespace using public private protected virtual friend operator try
    catch throw explicit export mutable
"""
_LIBRARY = """
    acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh drem erf erfc exp exp10 exp2 expm1 fabs fdim
    finite floor fma fmax fmin fmod frexp gamma hypot ilogb isinf isnan j0 j1 jn ldexp lgamma llrint llround log log10
    log1p log2 logb lrint lround modf nan nearbyint nextafter nexttoward pow pow10 remainder remquo rint round scalb
    scalbln scalbn significand sin sincos sinh sqrt tan tanh tgamma trunc y0 y1 yn abs exit abort index malloc free
"""

_EXTREME = """static double fn_{name}(double x, double y) {{ /* the {word}, and NaN beside NaN */
  return (y {sign} x || y != y) && x == x ? y : x;
}}"""
_HELPERS = {
    "max": _EXTREME.format(name="max", word="larger", sign=">="),
    "min": _EXTREME.format(name="min", word="smaller", sign="<="),
}
_MATH = """
    pow exp expm1 log log2 log10 log1p sqrt sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh fmod
    hypot erf erfc cbrt floor ceil trunc lgamma
"""


class C(Translated):
    """IEEE arithmetic is C's own; the value is returned, the gradient written."""

    target, helpers = TARGET, _HELPERS
    name, title, prefix = "c", "C", "fn_"
    cure = "export it --as python, or use gradcli's own library"
    ascii_only = True
    reserved = frozenset((*_KEYWORDS.split(), *_LIBRARY.split()))
    infinity, nan = "INFINITY", "NAN"
    functions: Mapping[str, str] = {
        **{name: name for name in _MATH.split()},
        "abs": "fabs", "round": "nearbyint", "gamma": "tgamma", "max": "fn_max", "min": "fn_min", "detach": "",
    }  # fmt: skip

    def statement(self, name: str, text: str, truth: bool) -> str:
        """A constant."""
        return f"const {'int' if truth else 'double'} {name} = {text};"

    def helper_function(self, name: str, names: Sequence[str], lines: Sequence[str], result: str, told: str) -> str:
        """A static function."""
        head = f"static double {name}({', '.join(f'double {x}' for x in names)}) {{ /* {comment(told)} */"
        return "\n  ".join([head, *lines, f"return {result};"]) + "\n}"

    def returns(self, module: Record) -> str:
        """What a call gives."""
        partials = ", ".join(f"d/d{x}" for x in module.wrt)
        return f"{module.name} returns the value and writes {partials or 'nothing'} to grad."

    def tested(self, module: Record, example: Example) -> list[str]:
        """The test point."""
        at = ", ".join(self.number(v) for v in example.at.values())
        grad = ", ".join(self.number(example.grad[x]) for x in module.wrt)
        return [f"At ({at}) the value is {self.number(example.value)}, grad {{{grad}}}."]

    def module(self, module: Record) -> str:
        """The header, the helpers and the function."""
        return "\n\n".join(["#include <math.h>", *module.helpers, self._function(module)]) + "\n"

    def _function(self, module: Record) -> str:
        count, value = len(module.partials), module.value_name
        parameters = [f"double {x}" for x in module.parameters.values()] + [f"double grad[{count or ''}]"]
        about = "\n".join([" *" + (f" {comment(line)}" if line else "") for line in self.told(module)])
        lines = [f"double {module.name}({', '.join(parameters)}) {{"]
        lines += [f"(void){x};" for x in (*module.unused, *(() if count else ("grad",)))]
        lines += module.lines
        lines.append(f"const double {value} = {module.value};")
        lines += [f"grad[{k}] = {text};" for k, text in enumerate(module.partials)]
        if count:
            lines.append(f"if ({value} != {value}) for (int i = 0; i < {count}; i++) grad[i] = {value};")
        lines.append(f"return {value};")
        return f"/*\n{about}\n */\n" + "\n  ".join(lines) + "\n}"


def comment(text: str) -> str:
    """A text that cannot end a comment, nor begin one (of which compilers warn)."""
    return text.replace("*/", "* /").replace("/*", "/ *").replace("??/", "? ?/").rstrip("\\")


LANGUAGE = C()
