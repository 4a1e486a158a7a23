"""The row of the table of operations: everything that the program knows about one operation.

Parser, reverse mode, executors, witness, notes, help and completions read these rows;
nothing else in the code lists the operations.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Op:
    """One operation.

    name, aliases: how the language calls it; the first name is the one that we print.
    signature: the parameters as a user writes them, `x, base=e`; `*x` takes any number.
    about, example, domain, edges: text for `gradcli functions`.
    formula: what it computes, in the language, where the name does not say it.
    symbol, precedence: how the printer writes it, where it is not a call.
    on_float: the value on Python floats; may raise ArithmeticError or ValueError.
    safe: the IEEE value where `on_float` raised. Without it a ValueError means NaN and an
        OverflowError means infinity.
    on_array: the value on NumPy arrays: the name of a NumPy function, `special.NAME` for one of
        scipy.special, or a function `np -> function` where it takes more than one.
    whole: the operation is not elementwise: it looks at whole arrays.
    on_ball: the value on `flint.arb` balls.
    to_sympy: the sympy form; the first argument is the sympy module.
    vjp: for each argument the rule `(g, y, *x) -> cotangent`, written with ordinary operators
        on graph nodes, or None where no gradient flows; what the tuple lacks is None. Of an
        operation on any number of arguments it may be a function from the place of an argument
        to its rule `(g, y, x)`.
    active: for each argument the condition `(y, *x) -> boolean node` under which the result
        depends on it, or None for always.
    share: of an operation on any number of arguments, `(g, y, *x) -> g` once for all of them;
        then `vjp` and `active` are one rule each and see the argument alone, `(g, y, x)`.
    simplify: `(builder, *ids) -> id or None`, exact rewriting while a graph is built.
    kink, jump, pole: predicates on floats: is this input a kink, a step, or a point with an
        infinite value or slope?
    decides: the operation is a comparison or logic: its value chooses.
    """

    __slots__ = (
        "about",
        "active",
        "aliases",
        "decides",
        "domain",
        "edges",
        "example",
        "formula",
        "jump",
        "kink",
        "leaf",
        "like",
        "name",
        "on_array",
        "on_ball",
        "on_float",
        "placed",
        "pole",
        "precedence",
        "safe",
        "share",
        "signature",
        "simplify",
        "symbol",
        "templates",
        "to_sympy",
        "variadic",
        "vjp",
        "whole",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        signature: str,
        *,
        about: str,
        example: str = "",
        aliases: str = "",
        domain: str = "all numbers",
        edges: str = "",
        formula: str = "",
        symbol: str = "",
        precedence: int = 0,
        on_float: Callable[..., float] | None = None,
        safe: Callable[..., float] | None = None,
        on_array: str | Callable[[Any], Callable[..., Any]] = "",
        on_ball: Callable[..., Any] | None = None,
        to_sympy: Callable[..., Any] | None = None,
        vjp: tuple[Callable[..., Any] | None, ...] | Callable[[int], Callable[..., Any]] = (),
        active: tuple[Callable[..., Any] | None, ...] = (),
        share: Callable[..., Any] | None = None,
        simplify: Callable[..., int | None] | None = None,
        kink: Callable[..., bool] | None = None,
        jump: Callable[..., bool] | None = None,
        pole: Callable[..., bool] | None = None,
        decides: bool = False,
        leaf: bool = False,
        whole: bool = False,
    ) -> None:
        self.name = name
        self.aliases = tuple(aliases.split())
        self.signature = signature
        self.about = about
        self.example = example
        self.domain = domain
        self.edges = edges
        self.formula = formula
        self.symbol = symbol
        self.precedence = precedence
        self.on_float = on_float
        self.safe = safe
        self.on_array = on_array
        self.on_ball = on_ball
        self.to_sympy = to_sympy
        self.vjp = vjp
        self.placed = callable(vjp)
        self.active = active
        self.share = share
        self.simplify = simplify
        self.kink = kink
        self.jump = jump
        self.pole = pole
        self.decides = decides
        self.leaf = leaf
        self.whole = whole
        names = signature.replace(" ", "").split(",")
        self.like = names.index("like") + 1 if "like" in names else 0  # the operand whose shape the result has
        self.variadic = signature.startswith("*")
        self.templates: dict[tuple[str, int, int], Any] = {}

    def __repr__(self) -> str:
        return f"<op {self.name}>"


# The leaves of a graph. A node is (op, *operands): ids of earlier nodes, or for a leaf its data.
VARIABLE = Op("variable", "name", about="a variable", leaf=True)
NUMBER = Op("number", "value, decimal", about="a literal: its float64, and its decimal where that differs", leaf=True)
CONSTANT = Op("constant", "name", about="pi, tau, e, inf or nan", leaf=True)
