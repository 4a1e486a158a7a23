"""Gradients of arrays in words of the language: what undoes broadcasting is left out where it changes nothing.

The shapes are not known yet. Of each node it is known of which arrays it has the shape after broadcasting (its key):
x*y has that of x and y, sum(x) that of no array, a matrix product that of itself. Elementwise operations and
broadcasting commute, so that a number which was repeated to a shape may stay a number where the rest has that shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.core.graph import NUMBER, VARIABLE, Graph
from gradcli.core.passes import Copy, rewritten
from gradcli.core.structure import NOTHING
from gradcli.core.table import by_name

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from gradcli.core.graph import Node

    Key = frozenset[Any]

_MATCH, _MUL, _NE, _RESHAPE, _UNSQUEEZE = map(by_name, ("match", "mul", "ne", "reshape_like", "unsqueeze"))
_NO_SHAPE: Key = frozenset()
# The operands in which these are linear.
_LINEAR = {"mul": (0, 1), "div": (0,), "neg": (0,), "positive": (0,)}
# Of these the result along all axes is one number; where the axes are kept it has one element.
_REDUCTIONS = frozenset(("sum", "mean", "prod", "amax", "amin", "var", "std", "norm", "logsumexp", "median", "count"))


def without_broadcasts(graph: Graph, single: Collection[int]) -> Graph:
    """The same outputs with fewer operations that only bring arrays to a shape, and none of them internal.

    single: nodes that have one element, whatever their shape.
    """
    work = _Work(single)
    found = rewritten(graph, work.node, work.begin)
    return Graph(found.nodes, [work.loose(work.copy, i) for i in found.outputs], found.origin)


class _Work:
    def __init__(self, single: Collection[int]) -> None:
        self._single = single
        self._keys: dict[int, Key] = {}
        self._loosened: dict[int, int] = {}
        self._ones: set[int] = set()
        self._at = -1
        self.copy = Copy()

    def begin(self, i: int) -> None:
        """The next node is this one of the graph that is read."""
        self._at = i

    def node(self, copy: Copy, node: Node) -> int:
        """What stands for a node."""
        self.copy = copy
        i = self._made(copy, node)
        if self._at in self._single:
            self._ones.add(i)
        return i

    def _made(self, copy: Copy, node: Node) -> int:
        op, *x = node
        if op.name == "expand":
            c, like, axis, keepdim = x
            kept = copy.nodes[axis][0] is NOTHING or copy.nodes[keepdim][:2] == (NUMBER, 1.0)
            return self._match(copy, c if kept else copy.add((_UNSQUEEZE, c, axis)), like)
        if op.name in ("softmax", "log_softmax") and copy.nodes[x[1]][0] is NOTHING:
            return self._of_all(copy, op.name, x[0], x[1])  # without an axis it means the last
        if op is _MATCH:
            return self._match(copy, *x)
        if op.name == "any_like":
            return self._any(copy, *x)
        if op is _RESHAPE and self._key(copy, x[0]) == self._key(copy, x[1]):
            return x[0]
        if op.name in ("left_of_product", "right_of_product") and self._is_one(copy, x[0]):
            other, like = (x[2], x[1]) if op.name == "left_of_product" else (x[1], x[2])
            return self._made(copy, (_RESHAPE, self._loosen(copy, copy.add((_MUL, x[0], other))), like))
        for k in op.shapes:
            x[k] = self._simplest(copy, x[k])
        i = copy.add((op, *x))
        if not op.whole and not op.leaf and all(self._is_one(copy, k) for k in x):
            self._ones.add(i)
        return self.loose(copy, i) if not op.whole and not op.leaf else i

    def _any(self, copy: Copy, c: int, like: int) -> int:
        """Truths; where elements of the other are repeated any of theirs."""
        if self._key(copy, c) <= self._key(copy, like):
            return c
        zero = copy.add((NUMBER, 0.0, None))
        return copy.add((_NE, self._match(copy, copy.add((_NE, c, zero)), like), zero))

    def _of_all(self, copy: Copy, name: str, x: int, axis: int) -> int:
        """The softmax of all elements, or its logarithm."""
        total = copy.add((by_name("logsumexp"), x, axis, copy.add((NUMBER, 0.0, None))))
        log = copy.add((by_name("sub"), x, total))
        return log if name == "log_softmax" else copy.add((by_name("exp"), log))

    def _match(self, copy: Copy, c: int, like: int) -> int:
        """c brought to the shape of another node."""
        wanted = self._key(copy, like)
        c = self._unsummed(copy, c, wanted)
        free = self._loosen(copy, c)
        if self._key(copy, c) <= self._key(copy, free) | wanted:
            c = free
        if self._key(copy, c) == wanted:
            return c
        i = copy.add((_MATCH, c, self._simplest(copy, like)))
        if self._is_one(copy, c) and self._is_one(copy, like):
            self._ones.add(i)
        return i

    def _is_one(self, copy: Copy, i: int) -> bool:
        """Has a node one element?"""
        return i in self._ones or not self._key(copy, i)

    def _unsummed(self, copy: Copy, i: int, wanted: Key) -> int:
        """What sums to the same over that shape: a sum over fewer axes before it is left out, also in a product.

        u*match(v, like) is match(u*v, like), where u does not vary along the axes that are summed.
        """
        op, *x = copy.nodes[i]
        if op is _MATCH:
            within = wanted <= self._key(copy, x[1]) <= self._key(copy, x[0])
            return self._unsummed(copy, x[0], wanted) if within else i
        for k in _LINEAR.get(op.name, ()):
            inside, *like = copy.nodes[x[k]]
            shape = self._key(copy, like[1]) if inside is _MATCH else _NO_SHAPE
            free = self._unsummed(copy, x[k], wanted)
            if free != x[k] and all(self._key(copy, v) <= shape for n, v in enumerate(x) if n != k):
                return copy.add((op, *x[:k], free, *x[k + 1 :]))
        return i

    def loose(self, copy: Copy, i: int) -> int:
        """An elementwise node without what only repeats elements, where it keeps its shape without that."""
        free = self._loosen(copy, i)
        return free if self._key(copy, free) == self._key(copy, i) else i

    def _loosen(self, copy: Copy, i: int) -> int:
        """What broadcasts to the same array as node i."""
        if i not in self._loosened:
            op, *x = copy.nodes[i]
            found = i
            if op is _MATCH and self._key(copy, x[0]) <= self._key(copy, x[1]):
                found = self._loosen(copy, x[0])
            elif not op.leaf and not op.whole:
                found = copy.add((op, *[self._loosen(copy, k) for k in x]))
                if i in self._ones:
                    self._ones.add(found)
            self._loosened[i] = found
        return self._loosened[i]

    def _simplest(self, copy: Copy, i: int) -> int:
        """A node of the same shape, the variable itself where it has that of one."""
        key = self._key(copy, i)
        (k, *more) = key or (None,)
        return k if not more and isinstance(k, int) and copy.nodes[k][0] is VARIABLE else i

    def _key(self, copy: Copy, i: int) -> Key:
        if i not in self._keys:
            self._keys[i] = self._shape(copy, i)
        return self._keys[i]

    def _shape(self, copy: Copy, i: int) -> Key:
        op, *x = copy.nodes[i]
        if op.leaf:
            return frozenset((i,)) if op is VARIABLE else _NO_SHAPE
        if not op.whole:
            return _joined(frozenset().union(*[self._key(copy, k) for k in x]))
        if op.like:
            return self._key(copy, x[op.like - 1])
        if op.name in ("softmax", "log_softmax"):
            return self._key(copy, x[0])
        if op.name in _REDUCTIONS and copy.nodes[x[1]][0] is NOTHING:
            kept = op.name != "count" and copy.nodes[x[-1]][:2] != (NUMBER, 0.0)
            return frozenset((("kept", self._key(copy, x[0])),)) if kept else _NO_SHAPE
        return frozenset((i,))


def _joined(key: Key) -> Key:
    """Ones beside the array of which they are the axes count for nothing."""
    return frozenset(k for k in key if not (isinstance(k, tuple) and k[1] <= key))
