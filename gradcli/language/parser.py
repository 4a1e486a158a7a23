"""The parser: tokens to a graph of operations, in one pass without recursion.

The grammar, loosest first; `{a}` is any number of a, `[a]` an optional a:

    program    = statement { (";" | newline) statement }
    statement  = [ name "=" | name "(" name {"," name} ")" "=" ] results | nothing
    results    = ternary { "," ternary }
    ternary    = or [ "if" or "else" ternary ]
    or         = and { "or" and }
    and        = not { "and" not }
    not        = "not" not | comparison
    comparison = sum { ("<" | "<=" | ">" | ">=" | "==" | "!=") sum }
    sum        = product { ("+" | "-") product }
    product    = unary { ("*" | "/" | "%" | "@") unary | (after a number) power of a name or "(" }
    unary      = ("-" | "+") unary | power
    power      = postfix [ ("**" | "^") unary ]
    postfix    = primary { superscript | "[" indices "]" | "." name [ "(" arguments ")" ] }
    primary    = number | name | name "(" arguments ")" | "(" results ")" | "[" [ results ] "]"
    arguments  = [ [ name "=" ] ternary { "," [ name "=" ] ternary } ]
    indices    = index { "," index };  index = ternary | [ternary] ":" [ternary] [ ":" [ternary] ] | "..."

Operators wait on one stack with their precedence, operands on another (Dijkstra's shunting
yard); an open bracket or call is an entry of precedence 0.
"""

from __future__ import annotations

from array import array

from gradcli.core.collector import Paused
from gradcli.core.graph import CONSTANTS, Node
from gradcli.core.op import CONSTANT, NUMBER, VARIABLE
from gradcli.core.ops import by_name
from gradcli.core.structure import ARRAY, ELLIPSIS, INDEX, NOTHING, SLICE, TRANSPOSE, TUPLE
from gradcli.errors import ExpressionError
from gradcli.language import calls, juxtaposed, lexer
from gradcli.language.calls import Function
from gradcli.language.frame import Frame
from gradcli.language.literals import decimal_of, value_of
from gradcli.language.names import PREFIX_HEADS, nfkc
from gradcli.language.program import Program
from gradcli.language.signs import BINARY, KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Set
    from typing import NoReturn

MAX_OPERATIONS = 2_000_000
MAX_DEPTH = 1_000_000
MAX_DIGITS = 4_000  # Python converts longer integers only in quadratic time

TERNARY, NOT, COMPARISON, UNARY, POWER = 1, 4, 5, 8, 9

_NEG, _NOT, _WHERE, _AND, _POW = (by_name(n) for n in ("neg", "logical_not", "where", "logical_and", "pow"))


def parse(text: str, bound: Set[str] = frozenset(), max_operations: int = MAX_OPERATIONS) -> Program:
    """Parse a program.

    bound: names that the caller gives values to, and that are therefore variables even where
    they would mean a constant (`e`) or the prefix of a library (`F`).
    Raises ExpressionError with the place and the cure.
    """
    with Paused():
        return Parser(text, bound, max_operations).parse()


class Parser:
    """The state of one pass. Handlers of tokens are methods, chosen by kind of token."""

    def __init__(self, text: str, bound: Set[str], max_operations: int) -> None:
        self.text = text
        self.bound = bound
        self.max_operations = max_operations
        self.operations = 0
        self.tokens = lexer.split(text)
        self.kinds = dict(KINDS)
        self.i = 0
        self.want = True  # an operand, or else an operator
        self.first, self.last = array("q"), array("q")
        self.nodes: list[Node] = []
        self.program = Program(text, self.nodes, self.first, self.last)
        self.values: list[int] = []
        self.starts: list[int] = []  # where each value starts: a parenthesis belongs to it
        self.frame = Frame("statement", 0)
        self.frames = [self.frame]
        self.pending: list[tuple] = [(0, None, None, 0)]
        self.leaves: dict[Node, int] = {}
        self.numbers: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.functions: dict[str, Function] = {}
        self.defining: Function | None = None
        self.constants: dict[str, None] = {}
        self.prefixes: set[str] = set()
        self.target: str | None = None
        self.unused: tuple[int, int] | None = None
        self.begin = 0
        self.on_operand: dict[str, Callable[[str], None]] = {
            "number": self._number, "name": self._name, "sign": self._sign, "not": self._not,
            "(": self._open_group, "[": self._open_array, ")": self._close_early, "]": self._close_early,
            ",": self._comma_early, ":": self._colon, "...": self._ellipsis, "end": self._end_early,
        }  # fmt: skip
        self.on_operator: dict[str, Callable[[str], None]] = {
            "binary": self._binary, "sign": self._binary, "compare": self._compare, "superscript": self._superscript,
            "if": self._if, "else": self._else, "[": self._open_index, ".": self._attribute,
            ")": self._close, "]": self._close, ",": self._comma, ":": self._colon, "end": self._end,
            "number": self._juxtapose, "name": self._juxtapose, "(": self._juxtapose,
        }  # fmt: skip

    def parse(self) -> Program:
        tokens, kinds = self.tokens, self.kinds
        count = len(tokens)
        self._start_statement()
        while self.i < count:
            token = tokens[self.i]
            kind = kinds.get(token) or self.classify(token)
            if self.want:
                self.on_operand.get(kind, self._no_value)(token)
            else:
                self.on_operator.get(kind, self._no_operator)(token)
            self.i += 1
        if self.frame.kind != "statement":
            opened = tokens[self.frame.open]
            closing = {"(": ")", "[": "]"}[opened]
            self.fail(f"{opened} is never closed", f"add {closing}", self.frame.open)
        return self._finish()

    def fail(self, message: str, cure: str, first: int, last: int | None = None) -> NoReturn:
        """Raise the error at the tokens from `first` to `last`."""
        span = lexer.locate(self.text, first, first if last is None else last)
        raise ExpressionError(message, self.text, span, cure)

    def node(self, node: Node, first: int, last: int) -> int:
        """Append an operation."""
        self.operations += 1
        if self.operations > self.max_operations:
            self.too_many(first, last)
        self.nodes.append(node)
        self.first.append(first)
        self.last.append(last)
        return len(self.nodes) - 1

    def too_many(self, first: int, last: int) -> NoReturn:
        self.fail(
            f"the program has more than {self.max_operations:,} operations",
            "a larger limit can be set with --max-operations",
            first, last,
        )  # fmt: skip

    def leaf(self, node: Node) -> int:
        """The id of a leaf, appended at its first appearance."""
        known = self.leaves.get(node)
        if known is not None:
            return known
        self.nodes.append(node)
        self.first.append(self.i)
        self.last.append(self.i)
        self.leaves[node] = len(self.nodes) - 1
        return self.leaves[node]

    def push(self, value: int, start: int) -> None:
        self.values.append(value)
        self.starts.append(start)
        self.want = False

    # Operands

    def classify(self, token: str) -> str:
        c = token[0]
        if c.isascii() and (c.isdigit() or (c == "." and len(token) > 1)):
            kind = "number"
        elif c in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻":
            kind = "superscript"
        elif token.isidentifier() or nfkc(token).isidentifier():
            kind = "name"
        else:
            kind = "unknown"
        self.kinds[token] = kind
        return kind

    def _number(self, token: str) -> None:
        following = self.tokens[self.i + 1]
        if following[0] in "_xXbBoO":
            juxtaposed.mind_bad_number(self, token, following)
        known = self.numbers.get(token)
        if known is None:
            self._mind_digits(token)
            known = self.numbers[token] = self.leaf((NUMBER, value_of(token), decimal_of(token)))
        self.push(known, self.i)

    def _mind_digits(self, token: str) -> None:
        if len(token) > MAX_DIGITS:
            self.fail(f"the number has more than {MAX_DIGITS:,} digits", "shorten it", self.i)

    def _name(self, token: str) -> None:
        name = nfkc(token)
        following = self.tokens[self.i + 1]
        if following == "(":
            calls.open_call(self, name, self.i)
        elif following == "." and name in PREFIX_HEADS and not self.is_known(name):
            calls.prefixed(self, name)
        elif following == "=" and self.frame.kind == "call":
            calls.keyword(self, name)
        elif name == "None" and calls.is_argument(self) and not self.is_known(name):
            self.push(self.leaf((NOTHING,)), self.i)
        else:
            if not token.isascii():
                juxtaposed.note_superscript_letters(self, token)
            self.push(self.lookup(name), self.i)

    def is_known(self, name: str) -> bool:
        """Is the name assigned, a parameter, or given a value by the caller?"""
        return name in self.names or name in self.bound or (self.defining is not None and name in self.defining.leaves)

    def lookup(self, name: str) -> int:
        if self.defining is not None and name in self.defining.leaves:
            return self.defining.leaves[name]
        if name in self.names:
            return self.names[name]
        if name in CONSTANTS and name not in self.bound:
            self.constants[name] = None
            return self.leaf((CONSTANT, name))
        return self.leaf((VARIABLE, name))

    def _sign(self, token: str) -> None:
        self._mind_depth()
        self.pending.append((UNARY, self._reduce_prefix, None if token == "+" else _NEG, self.i))

    def _not(self, token: str) -> None:
        if self.pending[-1][0] > NOT:
            self.fail("not stands here without parentheses", "write (not x)", self.i)
        self._mind_depth()
        self.pending.append((NOT, self._reduce_prefix, _NOT, self.i))

    def open(self, kind: str) -> Frame:
        self.frame = Frame(kind, self.i)
        self.frames.append(self.frame)
        if len(self.frames) > MAX_DEPTH:
            self.fail(f"more than {MAX_DEPTH:,} brackets are open", "take parts out and name them", self.i)
        self.pending.append((0, None, None, self.i))
        self.want = True
        return self.frame

    def _open_group(self, token: str) -> None:
        self.open("group")

    def _open_array(self, token: str) -> None:
        self.open("array")

    def _ellipsis(self, token: str) -> None:
        if self.frame.kind != "index":
            self._no_value(token)
        self.push(self.leaf((ELLIPSIS,)), self.i)

    def _no_value(self, token: str) -> NoReturn:
        juxtaposed.no_value(self, token)

    # Operators

    def reduce(self, precedence: int) -> None:
        """Apply the waiting operators that bind at least as tightly."""
        pending = self.pending
        while pending[-1][0] >= precedence:
            entry = pending.pop()
            entry[1](entry)

    def _binary(self, token: str) -> None:
        op = BINARY[token]
        precedence = op.precedence
        if precedence == POWER:
            self._mind_depth()
            precedence += 1
        self.reduce(precedence)
        self.pending.append((op.precedence, self._reduce_binary, op, self.i))
        self.want = True

    def _mind_depth(self) -> None:
        """Operators that wait count before they are applied: there may be ten million."""
        if len(self.pending) > self.max_operations:
            self.too_many(self.i, self.i)

    def _reduce_binary(self, entry: tuple) -> None:
        y = self.values.pop()
        self.starts.pop()
        self.values[-1] = self.node((entry[2], self.values[-1], y), self.starts[-1], self.i - 1)

    def _reduce_prefix(self, entry: tuple) -> None:
        self.starts[-1] = entry[3]
        if entry[2] is not None:
            self.values[-1] = self.node((entry[2], self.values[-1]), entry[3], self.i - 1)

    def _compare(self, token: str) -> None:
        self.reduce(COMPARISON + 1)
        reducer: Callable[[tuple], None] = self._reduce_binary
        if self.pending[-1][0] == COMPARISON:  # 0 < x < 1 is 0 < x and x < 1
            middle, start = self.values[-1], self.starts[-1]
            entry = self.pending.pop()
            entry[1](entry)
            self.values.append(middle)
            self.starts.append(start)
            reducer = self._reduce_chain
        self.pending.append((COMPARISON, reducer, BINARY[token], self.i))
        self.want = True

    def _reduce_chain(self, entry: tuple) -> None:
        self._reduce_binary(entry)
        y = self.values.pop()
        self.starts.pop()
        self.values[-1] = self.node((_AND, self.values[-1], y), self.starts[-1], self.i - 1)

    def _if(self, token: str) -> None:
        self.reduce(TERNARY + 1)
        if self.pending[-1][0] == TERNARY and self.pending[-1][2] == "if":
            self.fail("a condition within a condition is unclear", "put it in parentheses", self.i)
        self.pending.append((TERNARY, self._reduce_if, "if", self.i))
        self.want = True

    def _else(self, token: str) -> None:
        self.reduce(TERNARY + 1)
        while self.pending[-1][0] == TERNARY and self.pending[-1][2] == "else":
            entry = self.pending.pop()
            entry[1](entry)
        if self.pending[-1][0] != TERNARY:
            self.fail("else has no if", "write a if c else b", self.i)
        self.pending[-1] = (TERNARY, self._reduce_else, "else", self.i)
        self.want = True

    def _reduce_if(self, entry: tuple) -> NoReturn:
        self.fail("if has no else", "write a if c else b", entry[3])

    def _reduce_else(self, entry: tuple) -> None:
        other = self.values.pop()
        condition = self.values.pop()
        del self.starts[-2:]
        self.values[-1] = self.node((_WHERE, condition, self.values[-1], other), self.starts[-1], self.i - 1)

    def _superscript(self, token: str) -> None:
        digits = token.translate(lexer.SUPERSCRIPTS)
        if not digits.lstrip("+-") or "+" in digits[1:] or "-" in digits[1:]:
            self.fail("the superscript is not a number", "write x² or x**n", self.i)
        self._mind_digits(token)
        exponent = self.leaf((NUMBER, value_of(digits.lstrip("+-")), decimal_of(digits.lstrip("+-"))))
        if digits[0] == "-":
            exponent = self.node((_NEG, exponent), self.i, self.i)
        self.values[-1] = self.node((_POW, self.values[-1], exponent), self.starts[-1], self.i)

    def _open_index(self, token: str) -> None:
        self.open("index")

    def _attribute(self, token: str) -> None:
        name = nfkc(self.tokens[self.i + 1])
        if name == "T" and self.tokens[self.i + 2] != "(":
            self.i += 1
            self.values[-1] = self.node((TRANSPOSE, self.values[-1]), self.starts[-1], self.i)
            return
        calls.open_method(self, name)

    def _juxtapose(self, token: str) -> None:
        juxtaposed.product(self, token)

    def _no_operator(self, token: str) -> NoReturn:
        juxtaposed.no_operator(self, token)

    # Brackets and separators

    def _comma(self, token: str) -> None:
        self.reduce(TERNARY)
        frame = self.frame
        if frame.kind == "index":
            self._finish_index()
        else:
            frame.arguments.append(self.values.pop())
            self.starts.pop()
        self.want = True

    def _comma_early(self, token: str) -> None:
        if self.frame.kind == "index" and self.frame.parts:
            self._finish_index()
            return
        self._no_value(token)

    def _colon(self, token: str) -> None:
        frame = self.frame
        if frame.kind != "index" or len(frame.parts) == 2:
            (self._no_value if self.want else self._no_operator)(token)
        self._take_part()

    def _take_part(self) -> None:
        """One place of a slice: what was read, or nothing."""
        if self.want:
            self.frame.parts.append(self.leaf((NOTHING,)))
            return
        self.reduce(TERNARY)
        self.frame.parts.append(self.values.pop())
        self.starts.pop()
        self.want = True

    def _finish_index(self) -> None:
        """One index of several: a value, or a slice."""
        frame = self.frame
        if not frame.parts:
            frame.arguments.append(self.values.pop())
            self.starts.pop()
            return
        self._take_part()
        while len(frame.parts) < 3:
            frame.parts.append(self.leaf((NOTHING,)))
        frame.arguments.append(self.node((SLICE, *frame.parts), frame.open, self.i))
        frame.parts = []

    def _close_early(self, token: str) -> None:
        """A closing bracket where a value could stand: nothing, a last comma, or an open slice."""
        frame = self.frame
        if frame.kind == "statement":
            self.fail(f"{token} closes nothing", "remove it", self.i)
        after_operator = self.pending[-1][0] != 0
        slicing = frame.kind == "index" and bool(frame.parts)
        empty = frame.kind in ("call", "array") and len(frame.arguments) not in frame.names
        if after_operator or not (slicing or empty):
            self._no_value(token)
        self._close(token)

    def _close(self, token: str) -> None:
        if not self.want:
            self.reduce(TERNARY)
        frame = self.frame
        if frame.kind == "statement":
            self.fail(f"{token} closes nothing", "remove it", self.i)
        opened = self.tokens[frame.open]
        if (opened == "(") != (token == ")"):
            self.fail(f"{opened} is closed by {token}", f"write {')' if opened == '(' else ']'}", frame.open, self.i)
        self.pending.pop()
        if frame.kind == "index":
            self._finish_index()
        elif not self.want and (frame.kind != "group" or frame.arguments):
            frame.arguments.append(self.values.pop())
            self.starts.pop()
        self.frames.pop()
        self.frame = self.frames[-1]
        self._apply(frame)
        self.want = False

    def _apply(self, frame: Frame) -> None:
        """What a closed bracket stands for becomes a value."""
        if frame.kind == "call":
            self.push(calls.close_call(self, frame), frame.start)
        elif frame.kind == "array":
            self.push(self.node((ARRAY, *frame.arguments), frame.open, self.i), frame.open)
        elif frame.kind == "index":
            self.values[-1] = self.node((INDEX, self.values[-1], *frame.arguments), self.starts[-1], self.i)
        elif frame.arguments:
            if self.tokens[self.i + 1] not in (")", ",", ";", "\n"):
                self.fail("a tuple of results has no operators", "apply the operator to each part", frame.open, self.i)
            self.push(self.node((TUPLE, *frame.arguments), frame.open, self.i), frame.open)
        else:
            self.starts[-1] = frame.open

    # Statements

    def _start_statement(self) -> None:
        """Note what the statement assigns or defines, and go to its first token after that."""
        tokens, i = self.tokens, self.i
        self.begin = i
        following = tokens[i + 1] if i + 1 < len(tokens) else "\n"
        if following != "=" and following != "(":
            return
        if (self.kinds.get(tokens[i]) or self.classify(tokens[i])) != "name":
            return
        name = nfkc(tokens[i])
        if following == "=":
            self.target = name
            self.i = i + 2
        else:
            calls.open_definition(self, name)

    def _end_early(self, token: str) -> None:
        if self.frame.kind != "statement" and token == "\n":
            return
        nothing = self.pending[-1][0] == 0 and not self.frame.arguments and self.i == self.begin
        if not nothing or self.frame.kind != "statement":
            juxtaposed.missing_value(self)
        self.i += 1
        self._start_statement()
        self.i -= 1

    def _end(self, token: str) -> None:
        if self.frame.kind != "statement":
            if token == "\n":
                return
            self.fail(f"{self.tokens[self.frame.open]} is never closed", "close it before the ;", self.frame.open)
        self.reduce(TERNARY)
        self._mind_unused()
        results = (*self.frame.arguments, self.values.pop())
        start = self.starts.pop()
        self.frame.arguments.clear()
        if len(results) == 1 and self.nodes[results[0]][0] is TUPLE:
            results = self.nodes[results[0]][1:]
        self._bind(results, start)
        self.want = True
        self.i += 1
        self._start_statement()
        self.i -= 1

    def _bind(self, results: tuple[int, ...], start: int) -> None:
        """A statement is complete: assign, define, or keep as the result."""
        if len(results) > 1 and (self.target is not None or self.defining is not None):
            self.fail("a name can hold one result", "assign each part to a name of its own", start, self.i - 1)
        if self.defining is not None:
            calls.close_definition(self, results[0])
            self.program.results = ()
            return
        self.program.results = results
        if self.target is not None:
            self.names[self.target] = self.program.named[self.target] = results[0]
            self.target = None
        else:
            self.unused = (start, self.i - 1)

    def _mind_unused(self) -> None:
        """A bare expression before the last statement has no effect: say so."""
        if self.unused is not None:
            first, last = self.unused
            self.program.notes.append(("the value of this statement is not used", *self.program.place(first, last)))
            self.unused = None

    def _finish(self) -> Program:
        program = self.program
        if not program.results:
            if self.functions:
                self.fail(
                    "the program ends with a definition", "add what to compute, such as f(x)", len(self.tokens) - 1
                )
            raise ExpressionError("the expression is empty", self.text, (0, 0), 'write a formula, such as "x**2"')
        program.leaf = {node[1]: i for i, node in enumerate(self.nodes) if node[0] is VARIABLE}
        program.variables = tuple(program.leaf)
        program.constants = tuple(self.constants)
        program.prefixes = tuple(sorted(self.prefixes))
        return program
