"""Graph to text in our own language, in linear time and without recursion.

What is used more than once, and what would nest too deeply, is assigned to a name first:
`t1 = sin(x); t1*t1 + t1`.
"""

from __future__ import annotations

import math

from gradcli.core.graph import reachable
from gradcli.core.op import CONSTANT, NUMBER, VARIABLE, Op
from gradcli.core.ops import by_name
from gradcli.core.structure import ELLIPSIS, NOTHING, SLICE, TUPLE
from gradcli.language.literals import decimal_of
from gradcli.language.names import Parameter, parameters
from gradcli.text import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gradcli.core.graph import Node

    # Text, or a node and the precedence that it must have to stand without parentheses.
    Piece = str | tuple[int, int]

# Precedences that no row of the table has; a number takes no point and no index.
NUMERAL, ATOM = 10, 11
COMPARISON, MINUS = 5, 8
SPACED = 6  # operators up to this precedence stand between blanks: a*b + c
RIGHT = ("**",)  # right-associative
SHORT, LONGEST = 8, 10**9  # texts that get no name; lengths that are told apart
DEEPEST = 24  # so many brackets may stand within each other


def to_text(nodes: list[Node], outputs: Sequence[int], *, exact: bool = True, sparing: bool = False) -> str:
    """The program that computes these outputs; parsed again it is the same graph.

    sparing: what is used more than once gets a name only where the text would be twice as long without names.

    exact: a float that no literal was typed for, such as one that a rule computed, is written
    with all its digits, so that it is the same number at every precision; else the shortest
    text that gives this float64.
    """
    writer = _Writer(nodes, exact)
    named = _assigned(nodes, outputs, sparing)
    variables = {node[1] for node in nodes if node[0] is VARIABLE}
    parts: list[str] = []
    number = 0
    for i in named:
        number += 1
        while f"t{number}" in variables:
            number += 1
        parts += [f"t{number} = ", *writer.pieces(i), "; "]
        writer.names[i] = f"t{number}"
    for k, i in enumerate(outputs):
        parts += [", ", *writer.pieces(i)] if k else writer.pieces(i)
    return "".join(parts)


def snippets(nodes: list[Node], width: int) -> Callable[[int], str]:
    """A function from a node's id to its formula on at most `width` characters.

    `...` stands for what is left out; the time does not depend on the size of the formula.
    """
    writer = _Writer(nodes, exact=False)

    def snippet(i: int) -> str:
        text = ""
        for piece in writer.pieces(i, deepest=4):
            text += piece
            if len(text) > width:
                return shortened(text, width)
        return text

    return snippet


def steps(nodes: list[Node], names: Mapping[int, str]) -> Callable[[int], str]:
    """A function from the id of an operation to its text, in which each operand that has a name stands by it.

    >>> from gradcli.language.parser import parse
    >>> program = parse("sin(x**2) + 1")
    >>> text = steps(program.nodes, {2: "v2", 3: "v3"})
    >>> text(2), text(3), text(5)
    ('x**2', 'sin(v2)', 'v3 + 1')
    """
    writer = _Writer(nodes, exact=False)

    def text(i: int) -> str:
        writer.names = {k: names[k] for k in nodes[i][1:] if k in names}
        return "".join(writer.pieces(i, deepest=4))

    return text


def literal(value: float, decimal: tuple[int, int] | None, exact: bool = True) -> str:
    """A number as it may be typed: the decimal m * 10**k where there is one, else the float."""
    if decimal is not None:
        return _decimal(*decimal)
    text = repr(value).removesuffix(".0")
    if not exact or not math.isfinite(value) or decimal_of(text.lstrip("-")) is None:
        return text
    numerator, denominator = abs(value).as_integer_ratio()
    places = denominator.bit_length() - 1
    return ("-" if value < 0 else "") + _decimal(numerator * 5**places, -places)


def _decimal(m: int, k: int) -> str:
    """m * 10**k as Python writes it: positional where that is short, else with an exponent."""
    digits = str(m)
    point = len(digits) + k
    if not -4 < point <= max(16, len(digits)):
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{digits[0]}{tail}e{point - 1}"
    if point <= 0:
        return f"0.{'0' * -point}{digits}"
    if k >= 0:
        return digits + "0" * k
    return f"{digits[:point]}.{digits[point:]}"


def _assigned(nodes: list[Node], outputs: Sequence[int], sparing: bool) -> list[int]:
    """The operations that get a name, in the order in which they are needed."""
    live = reachable(nodes, outputs)
    uses = [0] * len(nodes)
    for i in outputs:
        uses[i] += 1
    for i, node in enumerate(nodes):
        if live[i] and not node[0].leaf:
            for k in node[1:]:
                uses[k] += 1
    worthy = _worthy(nodes, outputs, uses) if sparing else [n > 1 for n in uses]
    depth = [0] * len(nodes)
    named = []
    for i, node in enumerate(nodes):
        if not live[i] or node[0].leaf or node[0] is SLICE or node[0] is TUPLE:
            continue
        nested = [depth[k] + _brackets(node, j, nodes[k][0]) for j, k in enumerate(node[1:]) if not nodes[k][0].leaf]
        depth[i] = max(nested, default=0)
        if worthy[i] or depth[i] > DEEPEST:
            named.append(i)
            depth[i] = 0
    return named


def _worthy(nodes: list[Node], outputs: Sequence[int], uses: Sequence[int]) -> list[bool]:
    """Whether a node that is used more than once gets a name; about how long texts are is all that is known."""
    whole, parts = [1] * len(nodes), [1] * len(nodes)
    names = 0
    for i, node in enumerate(nodes):
        op = node[0]
        if op.leaf or not uses[i]:
            whole[i] = parts[i] = len(str(node[1])) if len(node) > 1 else 1
            continue
        own = len(op.symbol or op.name) + 2
        whole[i] = min(own + sum([whole[k] for k in node[1:]]), LONGEST)
        parts[i] = min(own + sum([parts[k] for k in node[1:]]), LONGEST)
        if uses[i] > 1 and parts[i] > SHORT:
            names += parts[i] + SHORT
            parts[i] = 2
    doubles = sum([whole[i] for i in outputs]) > 2 * (names + sum([parts[i] for i in outputs]))
    return [doubles and n > 1 and whole[i] > SHORT for i, n in enumerate(uses)]


def _brackets(node: Node, position: int, operand: Op) -> bool:
    """May the operand stand in brackets? The first of a + b + c does not."""
    op = node[0]
    if position or not op.symbol:
        return True
    least = op.precedence + (len(node) == 2 or op.symbol in RIGHT)
    return bool(operand.symbol) and operand.precedence < least


class _Writer:
    """What is written so far: `names` are the nodes that have a name by now."""

    def __init__(self, nodes: list[Node], exact: bool) -> None:
        self.nodes = nodes
        self.exact = exact
        self.names: dict[int, str] = {}
        self.variables: set[str] | None = None

    def pieces(self, root: int, deepest: float = math.inf) -> Iterator[str]:
        """The text of one node, piece by piece; `...` for operations more than `deepest` levels down."""
        stack: list[Piece | None] = [(root, 0)]
        depth = 0
        while stack:
            piece = stack.pop()
            if piece is None:
                depth -= 1
            elif isinstance(piece, str):
                yield piece
            elif piece[0] in self.names:
                yield self.names[piece[0]]
            elif depth > deepest and not self.nodes[piece[0]][0].leaf:
                yield "..."
            else:
                depth += 1
                stack.append(None)
                stack.extend(reversed(self.parts(*piece)))

    def parts(self, i: int, least: int) -> list[Piece]:
        """The pieces of a node, in parentheses where it binds less tightly than `least`."""
        precedence, parts = self._plain(self.nodes[i])
        return ["(", *parts, ")"] if precedence < least else parts

    def _plain(self, node: Node) -> tuple[int, list[Piece]]:
        """The precedence of a node's text, and the pieces."""
        op, operands = node[0], node[1:]
        if op.leaf:
            return self._leaf(node)
        if op is SLICE:
            return ATOM, self._slice(operands)
        if op in _STRUCTURE:
            return ATOM, _STRUCTURE[op](operands)
        if not op.symbol:
            return ATOM, [op.name, "(", *(self._arguments(op, operands) if op.whole else _listed(operands)), ")"]
        precedence = op.precedence
        if len(operands) == 1:
            if op.symbol.isalpha():
                return precedence, [op.symbol, " ", (operands[0], precedence)]
            return precedence, [op.symbol, (operands[0], precedence + 1)]
        return precedence, _infix(op, *operands)

    def _leaf(self, node: Node) -> tuple[int, list[Piece]]:
        op = node[0]
        if op is VARIABLE:
            return ATOM, [node[1]]
        if op is CONSTANT:
            return ATOM, [self._constant(node[1])]
        if op is not NUMBER:
            return ATOM, ["..." if op is ELLIPSIS else "" if op is NOTHING else node[1]]
        value, decimal = node[1:]
        if decimal is None and not math.isfinite(value):
            name = self._constant("nan" if math.isnan(value) else "inf")
            return (MINUS, ["-", name]) if value < 0 else (ATOM, [name])
        text = literal(value, decimal, self.exact)
        return (MINUS if text[0] == "-" else NUMERAL), [text]

    def _slice(self, operands: Sequence[int]) -> list[Piece]:
        start, stop, step = operands
        parts: list[Piece] = [(start, 1), ":", (stop, 1)]
        return parts if self.nodes[step][0] is NOTHING else [*parts, ":", (step, 1)]

    def _arguments(self, op: Op, operands: Sequence[int]) -> list[Piece]:
        """The arguments of an operation on arrays: what is as by default is left out, other options are named."""
        parts: list[Piece] = []
        options: list[Piece] = []
        for name, k in given(self.nodes, (op, *operands)):
            if name:
                options += [f", {name}=", "None" if self.nodes[k][0] is NOTHING else (k, 1)]
            else:
                parts += [", ", (k, 1)] if parts else [(k, 1)]
        if op.takes_list:
            parts = ["[", *parts, "]"]
        return [*parts, *options]

    def _constant(self, name: str) -> str:
        """The name, with a prefix where a variable has taken it."""
        if self.variables is None:
            self.variables = {node[1] for node in self.nodes if node[0] is VARIABLE}
        return f"math.{name}" if name in self.variables else name


def given(nodes: Sequence[Node], node: Node) -> list[tuple[str, int]]:
    """The operands of an operation on arrays but for those that are as by default: (name to write, id).

    The name is "" where an operand stands by its place.
    """
    op, operands = node[0], node[1:]
    wanted = parameters(op)
    if op.takes_list:
        wanted = [Parameter("axis", "0"), *[Parameter("", None) for _ in operands[1:]]]
    if len(wanted) != len(operands):
        return [("", k) for k in operands]
    pairs = zip(wanted, operands, strict=True)
    return [(p.name if p.default else "", k) for p, k in pairs if p.default is None or not _is(nodes, k, p.default)]


def _is(nodes: Sequence[Node], k: int, default: str) -> bool:
    """Is the operand what the default says?"""
    node = nodes[k]
    if node[0] is NOTHING:
        return default == "None"
    if node[0] is by_name("neg"):
        return default.startswith("-") and _is(nodes, node[1], default[1:])
    return node[0] is NUMBER and node[2] is None and default == literal(node[1], None)


def _infix(op: Op, x: int, y: int) -> list[Piece]:
    precedence = op.precedence
    sign = f" {op.symbol} " if precedence <= SPACED else op.symbol
    if precedence == COMPARISON:  # a < b < c would be a chain
        left = right = precedence + 1
    elif op.symbol in RIGHT:  # on its right a sign may stand, which binds less tightly
        left, right = precedence + 1, precedence - 1
    else:
        left, right = precedence, precedence + 1
    return [(x, left), sign, (y, right)]


def _listed(operands: Sequence[int]) -> list[Piece]:
    parts: list[Piece] = []
    for k in operands:
        parts += [", ", (k, 1)] if parts else [(k, 1)]
    return parts


_STRUCTURE: dict[Op, Callable[[Sequence[int]], list[Piece]]] = {
    TUPLE: lambda x: ["(", *_listed(x), ")"],
    by_name("array"): lambda x: ["[", *_listed(x), "]"],
    by_name("index"): lambda x: [(x[0], ATOM), "[", *_listed(x[1:]), "]"],
    by_name("transpose"): lambda x: [(x[0], ATOM), ".T"],
}
