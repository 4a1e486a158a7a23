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
    postfix    = primary { superscript | "!" | "[" indices "]" | "." name [ "(" arguments ")" ] }
    primary    = number | name | name "(" arguments ")" | "(" results ")" | "[" [ results ] "]"
    arguments  = [ [ name "=" ] ternary { "," [ name "=" ] ternary } ]
    indices    = index { "," index };  index = ternary | [ternary] ":" [ternary] [ ":" [ternary] ] | "..."

Operators wait on one stack with their precedence, operands on another (Dijkstra's shunting
yard); an open bracket or call is an entry of precedence 0.
"""

from __future__ import annotations

from gradcli import language
from gradcli.core.collector import Paused
from gradcli.core.op import VARIABLE
from gradcli.core.ops import by_name
from gradcli.core.structure import NOTHING, SLICE, TUPLE
from gradcli.errors import ExpressionError
from gradcli.language.names import nfkc
from gradcli.language.operators import TERNARY, Operators

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Set

    from gradcli.language.program import Program
    from gradcli.language.state import Frame

MAX_OPERATIONS = 2_000_000


def parse(text: str, bound: Set[str] = frozenset(), max_operations: int = MAX_OPERATIONS) -> Program:
    """Parse a program.

    bound: names that the caller gives values to, and that are therefore variables even where
    they would mean a constant (`e`) or the prefix of a library (`F`).
    Raises ExpressionError with the place and the cure.

    >>> program = parse("c = 2*x; c + y")
    >>> program.variables, program.source(program.results[0])
    (('x', 'y'), 'c + y')
    """
    with Paused():
        try:
            return Parser(text, bound, max_operations).parse()
        except ExpressionError as error:
            from gradcli.language.cures import better

            raise better(error, bound, lambda text: Parser(text, bound, max_operations).parse()) from None


def mind_names(program: Program, given: Collection[str]) -> None:
    """Raises ExpressionError where a variable without a value is none: the `log` of `log^2(x)`, the `xy` of x and y."""
    if any(name not in given for name in program.variables):
        from gradcli.language.cures import better, misread

        error = misread(program, given)
        if error is not None:
            bound = frozenset(given)
            raise better(error, bound, lambda text: Parser(text, bound, MAX_OPERATIONS).parse())


class Parser(Operators):
    """One pass over a text. Handlers of tokens are methods, chosen by kind of token."""

    def parse(self) -> Program:
        """Read the whole text. Raises ExpressionError."""
        tokens, kinds = self.tokens, self.kinds
        on_operand, on_operator, count = self.on_operand, self.on_operator, len(tokens)
        self._start_statement()
        while self.i < count:
            token = tokens[self.i]
            (on_operand if self.want else on_operator)[kinds[token]](self, token)
            self.i += 1
        if self.frame.kind != "statement":
            opened = tokens[self.frame.open]
            closing = {"(": ")", "[": "]"}[opened]
            self.fail(f"{opened} is never closed", f"add {closing}", self.frame.open)
        return self._finish()

    # Brackets and separators

    def _comma(self, token: str) -> None:
        self.reduce(TERNARY)
        frame = self.frame
        if self.tokens[self.i + 1].isdigit():
            language.juxtaposed.mind_grouped_digits(self)
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
        frame, start = self.frame, self.i
        if self.want:
            part = self.leaf((NOTHING,))
        else:
            self.reduce(TERNARY)
            part, start = self.values.pop(), self.starts.pop()
            self.want = True
        if not frame.parts:
            frame.start = start
        frame.parts = (*frame.parts, part)

    def _finish_index(self) -> None:
        """One index of several: a value, or a slice."""
        frame = self.frame
        if not frame.parts:
            frame.arguments.append(self.values.pop())
            self.starts.pop()
            return
        self._take_part()
        parts = frame.parts
        if len(parts) == 2:  # no step
            parts = (*parts, self.leaf((NOTHING,)))
        frame.arguments.append(self.node((SLICE, *parts), frame.start, self.i - 1))
        frame.parts = ()

    def _close_early(self, token: str) -> None:
        """A closing bracket where a value could stand: nothing, a last comma, or an open slice."""
        frame = self.frame
        if frame.kind == "statement":
            self.fail(f"{token} closes nothing", "remove it", self.i)
        after_operator = self.pending[-1][0] != 0
        slicing = frame.kind == "index" and bool(frame.parts)
        empty = frame.kind in ("call", "array") and len(frame.arguments) not in frame.names
        empty |= frame.kind == "group" and bool(frame.arguments)  # (2,) is a tuple of one
        if after_operator or not (slicing or empty):
            self._no_value(token)
        self._close(token)

    def _close(self, token: str) -> None:
        if not self.want and self.pending[-1][0] >= TERNARY:
            self.reduce(TERNARY)
        frame = self.frame
        if frame.kind == "statement":
            self.fail(f"{token} closes nothing", "remove it", self.i)
        opened = self.tokens[frame.open]
        if (opened == "(") != (token == ")"):
            self.fail(f"{opened} is closed by {token}", f"write {')' if opened == '(' else ']'}", frame.open, self.i)
        if frame.kind == "index":
            self._finish_index()  # before the bracket goes: the operators outside have to wait
        elif not self.want and (frame.kind != "group" or frame.arguments):
            frame.arguments.append(self.values.pop())
            self.starts.pop()
        self.pending.pop()
        frames = self.frames
        frames.pop()
        self.frame = frames[-1]
        self._apply(frame)
        self.want = False

    def _apply(self, frame: Frame) -> None:
        """What a closed bracket stands for becomes a value."""
        if frame.kind == "call":
            self.push(language.calls.close_call(self, frame), frame.start)
        elif frame.kind == "array":
            elements = frame.arguments or [self.leaf((NOTHING,))]
            self.push(self.node((by_name("array"), *elements), frame.open, self.i), frame.open)
        elif frame.kind == "index":
            self.values[-1] = self.node((by_name("index"), self.values[-1], *frame.arguments), self.starts[-1], self.i)
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
        if self.kinds[tokens[i]] != "name":
            return
        name = nfkc(tokens[i])
        if following == "=":
            self.target = name
            self.i = i + 2
        else:
            language.calls.open_definition(self, name)

    def _end_early(self, token: str) -> None:
        if self.frame.kind != "statement" and token == "\n":
            return
        nothing = self.pending[-1][0] == 0 and not self.frame.arguments and self.i == self.begin
        if not nothing or self.frame.kind != "statement":
            language.juxtaposed.missing_value(self)
        self.i += 1
        self._start_statement()
        self.i -= 1

    def _end(self, token: str) -> None:
        if self.frame.kind != "statement":
            if token == "\n":
                return
            self.fail(f"{self.tokens[self.frame.open]} is never closed", "close it before the ;", self.frame.open)
        self.reduce(TERNARY)
        if self.unused is not None:
            self._mind_unused(*self.unused)
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
            language.calls.close_definition(self, results[0])
            self.program.results = ()
            return
        self.program.results = results
        if self.target is not None:
            self.names[self.target] = self.read[self.target] = results[0]
            self.program.assign(self.begin, results[0])
            self.target = None
        else:
            self.unused = (start, self.i - 1)

    def _mind_unused(self, first: int, last: int) -> None:
        """A bare expression before the last statement has no effect: say so."""
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
        program.leaf = {node[1]: i for node, i in self.leaves.items() if node[0] is VARIABLE}
        program.variables = tuple(program.leaf)
        program.constants = tuple(self.constants)
        program.prefixes = tuple(sorted(self.prefixes))
        program.whole = any(op.whole for op in {node[0] for node in self.nodes})
        return program

    on_operand = Operators.on_operand | {
        ")": _close_early, "]": _close_early, ",": _comma_early, ":": _colon, "end": _end_early,
    }  # fmt: skip
    on_operator = Operators.on_operator | {
        ")": _close, "]": _close, ",": _comma, ":": _colon, "end": _end,
    }  # fmt: skip
