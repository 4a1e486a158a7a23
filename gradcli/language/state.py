"""What a pass of the parser knows: its place in the tokens, its stacks, its names."""

from __future__ import annotations

from gradcli.core.graph import CONSTANTS, Node
from gradcli.core.integers import integers
from gradcli.core.op import CONSTANT, VARIABLE
from gradcli.errors import ExpressionError
from gradcli.language import lexer
from gradcli.language.names import nfkc
from gradcli.language.program import Program
from gradcli.language.scope import WORDS, Definition
from gradcli.language.signs import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Set
    from typing import NoReturn

    from gradcli.core.op import Op

MAX_DEPTH = 1_000_000
NO_NAMES: dict[int, str] = {}  # one for the million calls that have no keywords


ALL_KINDS = {*KINDS.values(), "number", "superscript", "name", "unknown"}


class Kinds(dict[str, str]):
    """The kind of each token, found when it is met for the first time."""

    def __missing__(self, token: str) -> str:
        c = token[0]
        if token.isidentifier():
            kind = "name"
        elif c.isascii() and (c.isdigit() or (c == "." and len(token) > 1)):
            kind = "number"
        elif c in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻":
            kind = "superscript"
        elif nfkc(token).isidentifier():
            kind = "name"
        else:
            kind = "unknown"
        self[token] = kind
        return kind


class Frame:
    """An open bracket: its kind, where it stands, and what was read in it so far."""

    __slots__ = ("arguments", "function", "kind", "method", "name", "names", "open", "parts", "prefix", "start")

    def __init__(self, kind: str, opened: int) -> None:
        self.kind = kind  # statement, group, call, array or index
        self.open = opened
        self.arguments: list[int] = []
        self.parts: tuple[int, ...] = ()  # of a slice
        # Where a call or a slice starts; of a call what it calls under which name and prefix, and its keywords' names.
        self.start = opened
        self.function: Op | Definition | None = None
        self.name = ""
        self.prefix = ""
        self.method = False
        self.names = NO_NAMES


class State:
    """The state of one pass, and the steps that all parts of the parser take."""

    def __init__(self, text: str, bound: Set[str], max_operations: int) -> None:
        self.text = text
        self.bound = bound
        self.max_operations = max_operations
        self.operations = 0
        self.tokens = lexer.split(text)
        self.kinds = Kinds(KINDS)
        self.i = 0
        self.want = True  # an operand, or else an operator
        self.first, self.last = integers(len(self.tokens)), integers(len(self.tokens))
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
        self.read: dict[str, int] = {}  # what names mean, of those that were read or assigned
        self.functions: dict[str, Definition] = {}
        self.pairs: dict[int, str] = {}  # calls that give a pair in PyTorch, with what is written for its values
        self.defining: Definition | None = None
        self.constants: dict[str, None] = {}
        self.prefixes: set[str] = set()
        self.target: str | None = None
        self.unused: tuple[int, int] | None = None
        self.begin = 0

    def fail(self, message: str, cure: str, first: int, last: int | None = None) -> NoReturn:
        """The error at the tokens from `first` to `last`: raises ExpressionError."""
        span = lexer.locate(self.text, first, first if last is None else last)
        raise ExpressionError(message, self.text, span, cure)

    def node(self, node: Node, first: int, last: int) -> int:
        """Append an operation."""
        self.operations += 1
        if self.operations > self.max_operations:
            self.too_many(first, last)
        i = len(self.nodes)
        self.nodes.append(node)
        self.first.append(first)
        self.last.append(last)
        return i

    def too_many(self, first: int, last: int) -> NoReturn:
        """The error of a program above its limit."""
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
        """Put an operand on the stack; an operator has to follow."""
        self.values.append(value)
        self.starts.append(start)
        self.want = False

    def is_known(self, name: str) -> bool:
        """Is the name assigned, a parameter, or given a value by the caller?"""
        return name in self.names or name in self.bound or (self.defining is not None and name in self.defining.leaves)

    def lookup(self, name: str) -> int:
        """The node that a name stands for."""
        if self.defining is not None and name in self.defining.leaves:
            return self.defining.leaves[name]
        if name in self.names:
            return self.names[name]
        if name in CONSTANTS and name not in self.bound:
            self.constants[name] = None
            return self.leaf((CONSTANT, name))
        if name in WORDS and self.frame.kind in ("call", "index") and name not in self.bound:
            return self.leaf(WORDS[name])
        x = self.leaf((VARIABLE, name))
        if name not in WORDS:
            self.read[name] = x
        return x

    def open(self, kind: str) -> Frame:
        """Open a bracket. Raises ExpressionError where too many are open."""
        self.frame = Frame(kind, self.i)
        self.frames.append(self.frame)
        if len(self.frames) > MAX_DEPTH:
            self.fail(f"more than {MAX_DEPTH:,} brackets are open", "take parts out and name them", self.i)
        self.pending.append((0, None, None, self.i))
        self.want = True
        return self.frame

    def reduce(self, precedence: int) -> None:
        """Apply the waiting operators that bind at least as tightly."""
        pending = self.pending
        while pending[-1][0] >= precedence:
            entry = pending.pop()
            entry[1](self, entry)


def reduce_binary(p: State, entry: tuple) -> None:
    """Apply a waiting operator of two operands."""
    values, starts = p.values, p.starts
    y = values.pop()
    starts.pop()
    values[-1] = p.node((entry[2], values[-1], y), starts[-1], p.i - 1)
