"""Like terms and powers joined, signs and numbers collected: the graph that a person would write.

A value is kept as a sum of products of powers, and becomes nodes where something else needs it. Nothing is multiplied
out, and nothing that may be 0 is cancelled. Numbers are joined where that is exact, as fractions.
"""

from __future__ import annotations

from fractions import Fraction

from gradcli.core.constants import is_short
from gradcli.core.graph import Graph, reachable
from gradcli.core.op import CONSTANT, NUMBER, VARIABLE
from gradcli.core.passes import Copy
from gradcli.core.table import by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from gradcli.core.graph import Node
    from gradcli.core.op import Op

LARGEST = 2**53  # of numerators and denominators
FEW = 4  # factors of a product that is used several times and yet written out

_ADD, _SUB, _MUL, _DIV, _NEG, _POW = map(by_name, ("add", "sub", "mul", "div", "neg", "pow"))
_WHERE, _SIGN, _NE, _EQ, _NOT = map(by_name, ("where", "sign", "ne", "eq", "logical_not"))
_AND, _OR = map(by_name, ("logical_and", "logical_or"))

_FIRST = {NUMBER: 0, CONSTANT: 1, VARIABLE: 2}  # the order of factors; the rest comes as it was written

Powers = dict[int, int]  # node to its exponent, from 1


class Product:
    """number * over / under. Its powers are its own: a product that is needed no more grows in place."""

    __slots__ = ("number", "over", "under")

    def __init__(self, number: Fraction, over: Powers | None = None, under: Powers | None = None) -> None:
        self.number = number
        self.over = over or {}
        self.under = under or {}

    @property
    def size(self) -> int:
        """How many factors it has."""
        return len(self.over) + len(self.under)

    def key(self) -> tuple[Any, Any]:
        """What like terms have in common."""
        return frozenset(self.over.items()), frozenset(self.under.items())

    def times(self, other: Product, turned: bool = False, spent: tuple[bool, bool] = (False, False)) -> Product | None:
        """The product, or the quotient; None where a number grows too large, or is divided by 0.

        spent: is this one needed no more, and the other? Then a long chain costs what its links do.
        """
        if turned and other.number == 0:
            return None
        number = self.number / other.number if turned else self.number * other.number
        if max(abs(number.numerator), number.denominator) >= LARGEST:
            return None
        over, under = (other.under, other.over) if turned else (other.over, other.under)
        return Product(number, _joined(self.over, over, spent), _joined(self.under, under, spent))


class Sum:
    """Terms in the order in which they came, like ones joined."""

    __slots__ = ("terms",)

    def __init__(self) -> None:
        self.terms: dict[Any, Product] = {}

    def add(self, term: Product, sign: int) -> None:
        """One term more."""
        key = term.key()
        known = self.terms.get(key)
        number = sign * term.number + (known.number if known is not None else 0)
        if max(abs(number.numerator), number.denominator) >= LARGEST:
            key, number = (key, len(self.terms)), sign * term.number  # a term of its own
        self.terms[key] = Product(number, {**term.over}, {**term.under})


def collected(graph: Graph, arrays: bool = False) -> Graph:
    """The same outputs in that form. arrays: terms that cancel stay, because they have a shape.

    >>> nodes = [(VARIABLE, "x"), (NUMBER, 2.0, None), (_MUL, 1, 0), (_MUL, 0, 2), (_SUB, 3, 2), (_ADD, 4, 0)]
    >>> print(collected(Graph(nodes, [5], list(range(6)))))
    0 variable x
    1 number 2.0
    2 pow 0 1
    3 mul 1 2
    4 sub 3 0
    -> 4
    """
    found = _Collector(graph, arrays)
    return Graph(found.copy.nodes, found.outputs, found.copy.origin)


class _Collector:
    def __init__(self, graph: Graph, arrays: bool) -> None:
        self.nodes = graph.nodes
        self._arrays = arrays
        self.copy = Copy(len(graph.nodes))
        live = reachable(graph.nodes, graph.outputs)
        self.uses = [0] * len(graph.nodes)
        for i, node in enumerate(graph.nodes):
            if live[i] and not node[0].leaf:
                for k in node[1:]:
                    self.uses[k] += 1
        for i in graph.outputs:
            self.uses[i] += 1
        self.forms: list[Product | Sum | None] = []
        self.made: dict[int, int] = {}
        for i, node in enumerate(graph.nodes):
            self.copy.place = graph.origin[i]
            self.forms.append(self._form(node) if live[i] else None)
        self.outputs = [self._node(i) for i in graph.outputs]

    # What a node is

    def _form(self, node: Node) -> Product | Sum:
        op = node[0]
        if op is NUMBER and node[2] is None and is_short(node[1]):
            return Product(Fraction(node[1]))
        if op.leaf:
            return self._atom(self.copy.add(node))
        rule = _RULES.get(op)
        return rule(self, *node[1:]) if rule is not None else self._atom(self._other(node))

    def _atom(self, i: int) -> Product:
        return Product(Fraction(1), {i: 1})

    def _other(self, node: Node) -> int:
        if node[0] is _WHERE:
            return self._choice(*node[1:])
        operands = [self._node(k) for k in node[1:]]
        settled = self._settled(node[0], operands)
        return self.copy.add((node[0], *operands)) if settled is None else settled

    def _settled(self, op: Op, operands: list[int]) -> int | None:
        """x - x == 0, by which rules ask whether x is finite, and what it leaves of `and` and `or`."""
        nodes = self.copy.nodes
        if op is _EQ and nodes[operands[1]][:2] == (NUMBER, 0.0):
            above = nodes[operands[0]]
            is_nothing = above[:2] == (NUMBER, 0.0) or (above[0] is _SUB and above[1] == above[2])
            return self.copy.add((NUMBER, 1.0, None)) if is_nothing else None
        for i, other in (operands, operands[::-1]) if op in (_AND, _OR) else ():
            if nodes[i][0] is NUMBER and bool(nodes[i][1]) is (op is _OR):
                return i
            if nodes[i][0] is NUMBER and nodes[other][0].decides:
                return other
        return None

    def _choice(self, condition: int, *chosen: int) -> int:
        nodes, c = self.copy.nodes, self._node(condition)
        if nodes[c][0] is _NOT:
            c, chosen = nodes[c][1], chosen[::-1]
        x, y = (self._within(c, i, k) for k, i in enumerate(chosen, 2))
        if x == y:
            return x
        test, *compared = nodes[c]
        if test is _NE and nodes[x] == (_SIGN, compared[0]) and self._is_zero(y) and self._is_zero(compared[1]):
            return x  # the sign of 0 is 0
        return self.copy.add((_WHERE, c, x, y))

    def _within(self, condition: int, i: int, k: int) -> int:
        """Node i where this condition chose operand k: in its factors the same choice is made."""
        form = self.forms[i]
        if not isinstance(form, Product):
            return self._node(i)
        nodes = self.copy.nodes
        made = [j for j in form.over if nodes[j][:2] == (_WHERE, condition) and form.over[j] == 1]
        found = Product(form.number, {j: n for j, n in form.over.items() if j not in made}, {**form.under})
        for j in made:
            op, *value = nodes[nodes[j][k]]
            factor = Product(Fraction(value[0])) if op is NUMBER and is_short(value[0]) else self._atom(nodes[j][k])
            product = found.times(factor) if factor.number or not found.size else None
            if product is None:
                return self._node(i)
            found = product
        return self._product(found) if made else self._node(i)

    def negative(self, x: int) -> Product | Sum:
        form = self.forms[x]
        if isinstance(form, Sum) and self.uses[x] == 1:
            return _summed((form, -1))
        factor = self._factor(x)
        if self.uses[x] == 1:
            return Product(-factor.number, factor.over, factor.under)
        return Product(-factor.number, {**factor.over}, {**factor.under})

    def plus(self, x: int, y: int, sign: int = 1) -> Product | Sum:
        first, second = self._terms(x), self._terms(y)
        if isinstance(first, Sum) and self.uses[x] == 1:  # a long chain grows by a term at a time
            _join(first, second, sign)
            return _single(first)
        return _summed((first, 1), (second, sign))

    def minus(self, x: int, y: int) -> Product | Sum:
        return self.plus(x, y, -1)

    def times(self, x: int, y: int) -> Product:
        return self.quotient(x, y, turned=False)

    def quotient(self, x: int, y: int, turned: bool = True) -> Product:
        first, second = self._factor(x), self._factor(y)
        spent = self.uses[x] == 1, self.uses[y] == 1
        found = first.times(second, turned, spent)
        if found is None:
            found = self._atom(self.copy.add((_DIV if turned else _MUL, self._node(x), self._node(y))))
        return found

    def power(self, x: int, y: int) -> Product:
        base, exponent = self.forms[x], self.forms[y]
        n = exponent.number if isinstance(exponent, Product) and not exponent.size else None
        if n is None or n.denominator != 1 or not 0 < abs(n) < 2**20:
            return self._atom(self.copy.add((_POW, self._node(x), self._node(y))))
        powers = {self._node(x): 1}
        if isinstance(base, Product) and base.number == 1 and len(base.over) == 1 and not base.under:
            powers = base.over
        powers = {i: e * int(abs(n)) for i, e in powers.items()}
        return Product(Fraction(1), powers) if n > 0 else Product(Fraction(1), {}, powers)

    def square(self, x: int) -> Product:
        factor = self._factor(x)
        return factor.times(factor) or self._atom(self.copy.add((by_name("square"), self._node(x))))

    def reciprocal(self, x: int) -> Product:
        found = Product(Fraction(1)).times(self._factor(x), turned=True)
        return found or self._atom(self.copy.add((by_name("reciprocal"), self._node(x))))

    def _factor(self, x: int) -> Product:
        """Node x as a factor: a product as it is, unless it is long and used elsewhere too."""
        form = self.forms[x]
        if isinstance(form, Product) and (self.uses[x] == 1 or form.size <= FEW):
            return form
        return self._atom(self._node(x))

    def _terms(self, x: int) -> Product | Sum:
        """Node x as terms: a sum that is used elsewhere too stays one."""
        form = self.forms[x]
        return form if isinstance(form, Sum) and self.uses[x] == 1 else self._factor(x)

    # Nodes again

    def _node(self, i: int) -> int:
        if i not in self.made:
            form = self.forms[i]
            assert form is not None
            self.made[i] = self._sum(form) if isinstance(form, Sum) else self._product(form)
        return self.made[i]

    def _number(self, value: int) -> int:
        return self.copy.add((NUMBER, float(value), None))

    def _sum(self, form: Sum) -> int:
        terms = self._choices(list(form.terms.values()))
        first = next((k for k, term in enumerate(terms) if term.number > 0), 0)
        terms.insert(0, terms.pop(first))
        total = -1
        for term in terms:
            if term.number == 0:
                total = self._vanished(total, term)
            elif total < 0:
                total = self._product(term)
            else:
                size = Product(abs(term.number), term.over, term.under)
                total = self.copy.add((_ADD if term.number > 0 else _SUB, total, self._product(size)))
        return self._number(0) if total < 0 else total

    def _choices(self, terms: list[Product]) -> list[Product]:
        """Terms that are 0 unless a condition holds, and unless it does not, as one choice."""
        found: list[Product] = []
        places: dict[tuple[int, bool], int] = {}
        for term in terms:
            (i,) = term.over if term.number == 1 and term.size == 1 and term.over else (-1,)
            op, *operands = self.copy.nodes[i] if i >= 0 else (_ADD,)
            zeros = [self._is_zero(k) for k in operands[1:]] if op is _WHERE and term.over[i] == 1 else []
            if sum(zeros) != 1:
                found.append(term)
                continue
            condition, x, y = operands
            other = places.pop((condition, not zeros[0]), None)
            if other is None:
                places[condition, zeros[0]] = len(found)
                found.append(term)
                continue
            (k,) = found[other].over
            _, _, u, v = self.copy.nodes[k]
            pair = (x, v) if zeros[1] else (u, y)
            found[other] = self._atom(self.copy.add((_WHERE, condition, *pair)))
        return found

    def _is_zero(self, i: int) -> bool:
        node = self.copy.nodes[i]
        return node[0] is NUMBER and node[1] == 0

    def _vanished(self, total: int, term: Product) -> int:
        """Terms that cancel: they count for nothing where they are numbers at every point."""
        plain = all(self.copy.nodes[i][0] in (VARIABLE, CONSTANT, NUMBER) for i in term.over)
        if plain and not term.under and not self._arrays:
            return total
        one = self._product(Product(Fraction(1), term.over, term.under))
        total = one if total < 0 else self.copy.add((_ADD, total, one))
        return self.copy.add((_SUB, total, one))

    def _product(self, form: Product) -> int:
        number, under = abs(form.number.numerator), self._powers(form.under)
        over = self._powers(form.over)
        if form.number.denominator != 1:
            under = [self._number(form.number.denominator), *under]
        if number != 1 or not over:
            sign = -1 if form.number < 0 else 1
            over = [self._number(sign * number), *over]
        elif form.number < 0:
            over[0] = self.copy.add((_NEG, over[0]))
        if not form.size and form.number.denominator & (form.number.denominator - 1) == 0:
            return self.copy.add((NUMBER, float(form.number), None))
        product = self._chain(over)
        return product if not under else self.copy.add((_DIV, product, self._chain(under)))

    def _powers(self, powers: Mapping[int, int]) -> list[int]:
        nodes = self.copy.nodes
        order = sorted(powers, key=lambda i: (_FIRST.get(nodes[i][0], len(_FIRST)), i))
        return [i if powers[i] == 1 else self.copy.add((_POW, i, self._number(powers[i]))) for i in order]

    def _chain(self, factors: list[int]) -> int:
        product = factors[0]
        for factor in factors[1:]:
            product = self.copy.add((_MUL, product, factor))
        return product


def _joined(powers: Powers, further: Powers, spent: tuple[bool, bool]) -> Powers:
    (short, _), (long, is_spent) = sorted(((powers, spent[0]), (further, spent[1])), key=lambda pair: len(pair[0]))
    found = long if is_spent else {**long}
    for i, n in short.items():
        found[i] = found.get(i, 0) + n
    return found


def _summed(*parts: tuple[Product | Sum, int]) -> Product | Sum:
    found = Sum()
    for form, sign in parts:
        _join(found, form, sign)
    return _single(found)


def _join(total: Sum, form: Product | Sum, sign: int) -> None:
    for term in form.terms.values() if isinstance(form, Sum) else (form,):
        if term.number or term.size:
            total.add(term, sign)


def _single(form: Sum) -> Product | Sum:
    """A sum of one term is that."""
    if not form.terms:
        return Product(Fraction(0))
    (term, *others) = form.terms.values()
    return form if others or not term.number else term


# The method of each operation that is taken apart.
_RULES: dict[Op, Callable[..., Product | Sum]] = {
    _ADD: _Collector.plus,
    _SUB: _Collector.minus,
    _MUL: _Collector.times,
    _DIV: _Collector.quotient,
    _NEG: _Collector.negative,
    _POW: _Collector.power,
    by_name("square"): _Collector.square,
    by_name("reciprocal"): _Collector.reciprocal,
}
