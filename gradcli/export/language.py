"""What every language says of itself: how it writes numbers, choices, statements and functions."""

from __future__ import annotations

import math

from gradcli.core.op import NUMBER, VALUE, Op
from gradcli.export.special import SPECIAL
from gradcli.text import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gradcli.export.record import Example, Record


class Language:
    """name: as `--as` has it; title: as people call it; prefix: what helpers begin with; reserved: words that are no
    names; ascii_only: are names? arrays: does it have them? functions: of an operation the function of the language, or
    a helper; words: of the connectives; leaves: text for nodes without a number; cure: where a function is missing.
    """

    name = title = prefix = cure = ""
    reserved: frozenset[str] = frozenset()
    ascii_only = False
    arrays = False
    functions: Mapping[str, str] = {}
    words: Mapping[str, str] = {"logical_and": "&&", "logical_or": "||"}
    leaves: Mapping[Op, str] = {}
    constants: Mapping[float, str] = {}
    infinity = nan = ""

    def supplies(self, op: Op) -> bool:
        """Has the language words for this operation, or a helper that is written by hand?"""
        return op.name in _WRITTEN or op.name in self.functions or op.name in SPECIAL

    def number(self, value: float) -> str:
        """A float, exactly."""
        if value != value:
            return self.nan
        if math.isinf(value):
            return self.infinity if value > 0 else f"-{self.infinity}"
        return self.constants.get(value) or repr(value)

    def divides(self, divisor: tuple) -> bool:
        """Is the sign of division right for this divisor? In Python a division by 0 raises."""
        return True

    def choice(self, condition: str, x: str, y: str) -> tuple[int, str]:
        """x where the condition holds, else y; and how tightly it binds."""
        return 1, f"{condition} ? {x} : {y}"

    def joined(self, x: str, y: str, word: str) -> tuple[int, str]:
        """Two conditions as one. C warns of `a && b || c`."""
        return 1, f"{closed(x)} {word} {closed(y)}"

    def negated(self, condition: str) -> tuple[int, str]:
        """Not the condition; and how tightly it binds."""
        return 10, f"!{condition}" if condition.isidentifier() else f"!({condition})"

    def called(self, function: str, operands: Sequence[str]) -> str:
        """A call."""
        return f"{function}({', '.join(operands)})"

    def helper(self, name: str) -> str:
        """The source of a helper that is written by hand; "" where there is none."""
        raise NotImplementedError

    def whole(self, op: Op, helpers: dict[str, str]) -> str:
        """The function that an operation on whole arrays is, its source among the helpers."""
        raise NotImplementedError

    def statement(self, name: str, text: str, truth: bool) -> str:
        """The line that gives a name to an expression, which is a truth or a number."""
        raise NotImplementedError

    def helper_function(self, name: str, names: Sequence[str], lines: Sequence[str], result: str, told: str) -> str:
        """A helper of these parameters and statements; told: what it computes, in our language."""
        raise NotImplementedError

    def told(self, module: Record) -> list[str]:
        """Lines for a comment: the formula, the signature, renamed variables, and the test point."""
        lines = [*visible(module.text).strip().splitlines(), "", self.returns(module)]
        lines += [f"{code} is {x} of the formula." for x, code in module.parameters.items() if code != x]
        return lines if module.example is None else [*lines, "", *self.tested(module, module.example)]

    def returns(self, module: Record) -> str:
        """A sentence: what a call gives."""
        raise NotImplementedError

    def tested(self, module: Record, example: Example) -> list[str]:
        """Lines that tell what a call at the test point gives."""
        raise NotImplementedError

    def module(self, module: Record) -> str:
        """The whole text."""
        raise NotImplementedError


_WRITTEN = frozenset((
    "add", "sub", "mul", "div", "neg", "where", "logical_and", "logical_or", "logical_not",
    "lt", "le", "gt", "ge", "eq", "ne",
))  # fmt: skip


def finite_divisor(divisor: tuple) -> bool:
    """Is it a literal that is not 0?"""
    return (divisor[0] is VALUE or divisor[0] is NUMBER) and divisor[1] not in (None, 0.0)


def closed(condition: str) -> str:
    """A condition, in parentheses where it is itself made of conditions."""
    made = any(sign in condition for sign in (" and ", " or ", "&&", "||", " ? ", " if ", "not "))
    return f"({condition})" if made else condition
