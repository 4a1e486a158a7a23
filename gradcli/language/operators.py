"""Operands and operators: what one token does to the stacks of the parser."""

from __future__ import annotations

from gradcli import language
from gradcli.core.op import NUMBER
from gradcli.core.ops import by_name
from gradcli.core.structure import ELLIPSIS
from gradcli.language import lexer
from gradcli.language.literals import decimal_of, value_of
from gradcli.language.names import PREFIX_HEADS, nfkc
from gradcli.language.signs import BINARY
from gradcli.language.state import ALL_KINDS, State, reduce_binary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar, NoReturn

    Handlers = dict[str, Callable[[Any, str], None]]
    Reducer = Callable[[State, tuple], None]

MAX_DIGITS = 4_000  # Python converts longer integers only in quadratic time

TERNARY, NOT, COMPARISON, UNARY, POWER = 1, 4, 5, 8, 9

_NEG = by_name("neg")


class Operators(State):
    """The handlers of operands and operators. Brackets and statements come with the parser."""

    def _number(self, token: str) -> None:
        following = self.tokens[self.i + 1]
        if following[0] in "_xXbBoO":
            language.juxtaposed.mind_bad_number(self, token, following)
        known = self.numbers.get(token)
        if known is None:
            self._mind_digits(token)
            known = self.numbers[token] = self.leaf((NUMBER, value_of(token), decimal_of(token)))
        self.push(known, self.i)

    def _mind_digits(self, token: str) -> None:
        if len(token) > MAX_DIGITS:
            self.fail(f"the number has more than {MAX_DIGITS:,} digits", "shorten it", self.i)

    def _name(self, token: str) -> None:
        following = self.tokens[self.i + 1]
        known = self.read.get(token)
        if known is not None and following not in ("(", ".", "="):
            self.values.append(known)
            self.starts.append(self.i)
            self.want = False
            return
        name = nfkc(token)
        if following == "(":
            language.calls.open_call(self, name, self.i)
        elif following == "." and name in PREFIX_HEADS and not self.is_known(name):
            language.calls.prefixed(self, name)
        elif following == "=" and self.frame.kind == "call":
            language.calls.keyword(self, name)
        else:
            if not token.isascii():
                language.juxtaposed.note_superscript_letters(self, token)
            self.push(self.lookup(name), self.i)

    def _sign(self, token: str) -> None:
        self._mind_depth()
        if self.tokens[self.i - 1] == "%":
            language.juxtaposed.note_percent(self)
        self.pending.append((UNARY, _reduce_prefix, None if token == "+" else _NEG, self.i))

    def _not(self, token: str) -> None:
        if self.pending[-1][0] > NOT:
            self.fail("not stands here without parentheses", "write (not x)", self.i)
        self._mind_depth()
        self.pending.append((NOT, _reduce_prefix, by_name("logical_not"), self.i))

    def _open_group(self, token: str) -> None:
        self.open("group")

    def _open_array(self, token: str) -> None:
        self.open("array")

    def _ellipsis(self, token: str) -> None:
        if self.frame.kind != "index":
            self._no_value(token)
        self.push(self.leaf((ELLIPSIS,)), self.i)

    def _no_value(self, token: str) -> NoReturn:
        language.juxtaposed.no_value(self, token)

    def _binary(self, token: str) -> None:
        op = by_name(BINARY[token])
        if token == "%":
            language.juxtaposed.note_share(self)
        precedence = op.precedence
        if precedence == POWER:
            self._mind_depth()
            precedence += 1
        if self.pending[-1][0] >= precedence:
            self.reduce(precedence)
        self.pending.append((op.precedence, reduce_binary, op, self.i))
        self.want = True

    def _mind_depth(self) -> None:
        """Operators that wait count before they are applied: there may be ten million."""
        if len(self.pending) > self.max_operations:
            self.too_many(self.i, self.i)

    def _compare(self, token: str) -> None:
        self.reduce(COMPARISON + 1)
        reducer: Reducer = reduce_binary
        if self.pending[-1][0] == COMPARISON:  # 0 < x < 1 is 0 < x and x < 1
            middle, start = self.values[-1], self.starts[-1]
            entry = self.pending.pop()
            entry[1](self, entry)
            self.values.append(middle)
            self.starts.append(start)
            reducer = _reduce_chain
        self.pending.append((COMPARISON, reducer, by_name(BINARY[token]), self.i))
        self.want = True

    def _if(self, token: str) -> None:
        self.reduce(TERNARY + 1)
        if self.pending[-1][0] == TERNARY and self.pending[-1][2] == "if":
            self.fail("a condition within a condition is unclear", "put it in parentheses", self.i)
        self.pending.append((TERNARY, _reduce_if, "if", self.i))
        self.want = True

    def _else(self, token: str) -> None:
        self.reduce(TERNARY + 1)
        while self.pending[-1][0] == TERNARY and self.pending[-1][2] == "else":
            entry = self.pending.pop()
            entry[1](self, entry)
        if self.pending[-1][0] != TERNARY:
            self.fail("else has no if", "write a if c else b", self.i)
        self.pending[-1] = (TERNARY, _reduce_else, "else", self.i)
        self.want = True

    def _superscript(self, token: str) -> None:
        digits = token.translate(lexer.SUPERSCRIPTS)
        if not digits.lstrip("+-") or "+" in digits[1:] or "-" in digits[1:]:
            self.fail("the superscript is not a number", "write x² or x**n", self.i)
        self._mind_digits(token)
        exponent = self.leaf((NUMBER, value_of(digits.lstrip("+-")), decimal_of(digits.lstrip("+-"))))
        if digits[0] == "-":
            exponent = self.node((_NEG, exponent), self.i, self.i)
        self.values[-1] = self.node((by_name("pow"), self.values[-1], exponent), self.starts[-1], self.i)

    def _factorial(self, token: str) -> None:
        if self.tokens[self.i + 1] == "!":
            self.fail("!! is no double factorial", "write (n!)! for the factorial of a factorial", self.i, self.i + 1)
        self.values[-1] = self.node((by_name("factorial"), self.values[-1]), self.starts[-1], self.i)

    def _open_index(self, token: str) -> None:
        if self.values[-1] in self.pairs:
            language.pairs.refuse_part(self, self.i)
        self.open("index")

    def _attribute(self, token: str) -> None:
        name = nfkc(self.tokens[self.i + 1])
        if name in ("values", "indices") and self.values[-1] in self.pairs:
            language.pairs.refuse_part(self, self.i + 1)
        if name == "T" and self.tokens[self.i + 2] != "(":
            self.i += 1
            self.values[-1] = self.node((by_name("transpose"), self.values[-1]), self.starts[-1], self.i)
            return
        language.calls.open_method(self, name)

    def _juxtapose(self, token: str) -> None:
        language.juxtaposed.product(self, token)

    def _no_operator(self, token: str) -> NoReturn:
        language.juxtaposed.no_operator(self, token)

    # Functions and no bound methods: a parser that is through would wait in a circle for the collector.
    on_operand: ClassVar[Handlers] = dict.fromkeys(ALL_KINDS, _no_value) | {
        "number": _number, "name": _name, "sign": _sign, "not": _not,
        "(": _open_group, "[": _open_array, "...": _ellipsis,
    }  # fmt: skip
    on_operator: ClassVar[Handlers] = dict.fromkeys(ALL_KINDS, _no_operator) | {
        "binary": _binary, "sign": _binary, "compare": _compare, "superscript": _superscript, "!": _factorial,
        "if": _if, "else": _else, "[": _open_index, ".": _attribute,
        "number": _juxtapose, "name": _juxtapose, "(": _juxtapose,
    }  # fmt: skip


def _reduce_prefix(p: State, entry: tuple) -> None:
    p.starts[-1] = entry[3]
    if entry[2] is not None:
        p.values[-1] = p.node((entry[2], p.values[-1]), entry[3], p.i - 1)


def _reduce_chain(p: State, entry: tuple) -> None:
    reduce_binary(p, entry)
    y = p.values.pop()
    p.starts.pop()
    p.values[-1] = p.node((by_name("logical_and"), p.values[-1], y), p.starts[-1], p.i - 1)


def _reduce_if(p: State, entry: tuple) -> NoReturn:
    p.fail("if has no else", "write a if c else b", entry[3])


def _reduce_else(p: State, entry: tuple) -> None:
    other = p.values.pop()
    condition = p.values.pop()
    del p.starts[-2:]
    p.values[-1] = p.node((by_name("where"), condition, p.values[-1], other), p.starts[-1], p.i - 1)
