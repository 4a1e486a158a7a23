"""The row of the table of operations: everything that the program knows about one operation.

Parser, reverse mode, executors, witness, notes, help and completions read these rows;
nothing else in the code lists the operations.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Array = Any  # of floats or of the objects of a domain, one such number, or what stands for them in a rule

# What stands in the place of a rule where no gradient flows to a parameter.
STRUCTURE = "no gradient by structure"  # an axis, a length; or it is cut off on purpose
FLAG = "a flag: true where it is not 0"
SHAPE = "its shape alone is read"
LIKE = "its shape alone is read, and the result has it"
DISCRETE = "discrete"  # a truth, a place, a whole number, or the value has steps alone
MISSING = "no rule is known"  # there is a gradient: who asks for it gets an error, not a zero


def not_zero(*x: float) -> bool:
    """The underflow of an operation that is 0 at finite operands only where one of them is."""
    found = True
    for v in x:
        found = found & (v != 0) & (v - v == 0)
    return found


def always(*x: float) -> bool:
    """The predicate of what is so everywhere."""
    return True


class Op:
    """One operation.

    name, aliases: how the language calls it; the first name is the one that we print.
    signature: the parameters as a user writes them, `x, base=e`; `*x` takes any number.
    about, example, domain, edges: text for `gradcli functions`.
    definition: what it computes, a line of the language over its parameters. People read it, and it is what a
        domain of numbers runs that does not supply the operation (see gradcli.domains).
    precise: where floats would lose digits by the definition, the same number by another way: `(m, *x) -> y` with
        ordinary operators and the operations and constants of the number format in the namespace m.
    ulp: how far a float is from the true value at most, in units of the last place.
    internal: it serves the rules of others, and is not listed.
    integral: of integers it makes an integer.
    period: after which distance it repeats, or has poles again; 0 where never. Slopes at two places further apart tell
        nothing of those between.
    relates: of two equal operands it gives the same result, whatever number they are.
    rearranges: of the first operand the result has elements and nothing else, in other places.
    ranked: of the first operand the order alone is read.
    fresh: on arrays the result has memory of its own; by default where the operation is elementwise.
    chain: the operation of any number of operands that a long one is; one of another name turns its second operand.
    takes_list: its operands are an axis and arrays, which the language writes as one list: `stack([x, y], axis=0)`.
    promotes: on whole arrays it brings its operands to one type, as every elementwise operation does.
    torch: PyTorch's name for its backward step where that is not the name in CamelCase; None where PyTorch has no
        such function.
    symbol, precedence: how the printer writes it, where it is not a call.
    on_array: of an operation on whole arrays, the name of a NumPy function, or `(np, *x) -> y` for NumPy or its like.
    whole: the operation is not elementwise: it looks at whole arrays.
    vjp: for each argument the rule `(g, y, *x) -> cotangent`, written with ordinary operators
        on graph nodes, or a mark that says why there is none; a parameter with a star has one for all
        that it stands for, and truths are discrete without a word. Of an operation on any number of
        arguments it may be a function from the place of an argument to its rule `(g, y, x)`.
    rules: for each argument what textbooks call its rule, and what where all other arguments are constants; without
        them it is the derivative of the operation.
    active: for each argument the condition `(y, *x) -> boolean node` under which the result
        depends on it, or None for always.
    reach: of an operation on whole arrays, for each argument `(g, y, *x) -> elements`: those on which the elements g
        of the result depend (not 0). Without one it is every element, or where the rule reads no number and only
        moves elements, those to which it moves g.
    squared: for each argument the rule `(g, y, *x) -> cotangent` of the square of the operation, which is smooth where
        that has a kink.
    share: of an operation on any number of arguments, `(g, y, *x) -> g` once for all of them;
        then `vjp` and `active` are one rule each and see the argument alone, `(g, y, x)`.
    simplify: `(builder, *ids) -> id or None`, exact rewriting while a graph is built.
    kink, jump, pole: predicates on floats: is this input a kink, a step, or a point with an
        infinite value or slope? On whole arrays a kink is one of an element of the result.
    end: a predicate on floats: does the domain end here, with a finite value and slope?
    isolated: for each argument a predicate on floats, or None: does a value exist at single points of it alone? Of what
        is discrete it does; of what is an axis, a length or an index too.
    turns: of an operation on whole arrays, for each argument the kind of what happens where it alone moves, `kink` or
        `jump`, and a predicate of where, or None.
    underflow: a predicate on floats where the value is 0: is the true one another number?
    single: the parameters that are one number each, by their places.
    decides: the operation is a comparison or logic: its value chooses.

    Raises TypeError where a parameter has neither a rule nor a mark: what is missing is no zero.
    """

    name: str
    signature: str
    about: str
    example: str = ""
    aliases: tuple[str, ...] = ()
    domain: str = "all numbers"
    edges: str = ""
    definition: str = ""
    precise: Callable[..., Any] | None = None
    ulp: float = 2.0
    symbol: str = ""
    precedence: int = 0
    on_array: str | Callable[..., Any] = ""
    vjp: Any = ()
    rules: tuple[tuple[str, str], ...] = ()
    active: tuple[Callable[..., Any] | None, ...] = ()
    reach: tuple[Callable[..., Any] | None, ...] = ()
    squared: tuple[Callable[..., Any] | str, ...] = ()
    share: Callable[..., Any] | None = None
    simplify: Callable[..., int | None] | None = None
    kink: Callable[..., bool] | None = None
    jump: Callable[..., bool] | None = None
    pole: Callable[..., bool] | None = None
    end: Callable[..., bool] | None = None
    isolated: tuple[Callable[..., bool] | None, ...] = ()
    turns: tuple[tuple[str, Callable[..., bool]] | None, ...] = ()
    underflow: Callable[..., bool] | None = None
    single: tuple[int, ...] = ()
    decides: bool = False
    internal: bool = False
    integral: bool = False
    period: float = 0.0
    relates: bool = False
    chain: str = ""
    rearranges: bool = False
    ranked: bool = False
    fresh: bool = False
    takes_list: bool = False
    promotes: bool = False
    torch: str | None = ""
    leaf: bool = False
    whole: bool = False

    def __init__(self, name: str, signature: str, aliases: str = "", **facts: Any) -> None:
        if not facts.keys() <= _FIELDS:
            raise TypeError(f"{name}: no row has the field {', '.join(facts.keys() - _FIELDS)}")
        own = {"name": name, "signature": signature, "aliases": tuple(aliases.split())}
        elementwise = {} if "whole" in facts else {"fresh": True, "promotes": True}
        # All in the row itself: what is looked up in the class takes longer, and loops look at rows for each node.
        self.__dict__ = {**_DEFAULTS, **elementwise, **facts, **own}
        names = signature.split(",")
        if self.decides and not self.vjp:
            self.vjp = (DISCRETE,) * len(names)
        self.placed = callable(self.vjp)
        if not self.leaf and not self.placed and len(self.vjp) != len(names):
            raise TypeError(f"{name} has {len(names)} parameters, and rules or marks for {len(self.vjp)}")
        marks = () if self.placed else self.vjp
        # The operands whose shape alone is read, and (from 1, 0 for none) the one whose shape the result has.
        self.shapes = tuple(k for k, mark in enumerate(marks) if mark in (SHAPE, LIKE))
        self.like = marks.index(LIKE) + 1 if LIKE in marks else 0
        self.missing = tuple(k for k, mark in enumerate(marks) if mark == MISSING)
        self.variadic = signature.startswith("*")
        self.templates: dict[tuple[Any, ...], Any] = {}

    def __repr__(self) -> str:
        return f"<op {self.name}>"


_FIELDS = Op.__annotations__.keys()
_DEFAULTS = {name: value for name, value in vars(Op).items() if name in _FIELDS}

# The leaves of a graph. A node is (op, *operands): ids of earlier nodes, or for a leaf its data.
VARIABLE = Op("variable", "name", about="a variable", leaf=True)
NUMBER = Op("number", "value, decimal", about="a literal: its float64, and its decimal where that differs", leaf=True)
CONSTANT = Op("constant", "name", about="pi, tau, e, inf or nan", leaf=True)
VALUE = Op("value", "value", about="a constant in the arithmetic of a domain, where a graph was folded", leaf=True)
