"""Einstein's sums: `einsum("ij,jk->ik", a, b)` as products of matrices, two operands after the other."""

from __future__ import annotations

import string
from collections import Counter
from typing import Any

import numpy as np

from gradcli.tensors.indexing import get
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor


def einsum(equation: str, *operands: Any) -> Tensor:
    """Products of elements, summed over the letters that the result does not have. Raises RuntimeError, ValueError.

    >>> import gradcli as torch
    >>> a = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> einsum("ij,jk->ik", a, a)
    tensor([[ 7., 10.],
            [15., 22.]])
    >>> einsum("ii", a)
    tensor(5.)
    """
    tensors = list(operands[0]) if len(operands) == 1 and isinstance(operands[0], (list, tuple)) else list(operands)
    if not tensors:
        raise ValueError("einsum(): must specify the equation string and at least one operand, or at least one operand")
    names, out = _names(equation.replace(" ", ""), tensors)
    _check_sizes(names, tensors)
    parts = [_diagonals(x, letters) for x, letters in zip(tensors, names, strict=True)]
    x, letters = parts[0]
    for k, (y, others) in enumerate(parts[1:], 2):
        rest = set(out).union(*[n for _, n in parts[k:]])
        x, letters = _pair(x, letters, y, others, rest)
    gone = [k for k, letter in enumerate(letters) if letter not in out]
    if gone:
        x = x.sum(gone)
        letters = "".join(letter for letter in letters if letter in out)
    order = [letters.index(letter) for letter in out]
    return x if order == sorted(order) else x.permute(*order)


def _names(equation: str, tensors: list[Tensor]) -> tuple[list[str], str]:
    """The letters of each operand and of the result, axes under an ellipsis with letters of their own."""
    left, arrow, out = equation.partition("->")
    names = left.split(",")
    if len(names) != len(tensors):
        raise RuntimeError(
            f"einsum(): more operands were provided than specified in the equation ({len(tensors)}, {len(names)})"
            if len(tensors) > len(names)
            else f"einsum(): fewer operands were provided than specified in the equation ({len(tensors)}, {len(names)})"
        )
    for letter in left + out:
        if letter not in string.ascii_letters + ",.":
            raise RuntimeError(f"einsum(): invalid subscript given: subscripts must be in [a-zA-Z], not {letter!r}")
    spare = [c for c in reversed(string.ascii_letters) if c not in equation]
    widths = [x.ndim - len(n.replace("...", "")) if "..." in n else 0 for x, n in zip(tensors, names, strict=True)]
    wide = "".join(spare[: max(widths)])
    full = [n.replace("...", wide[len(wide) - w :]) for n, w in zip(names, widths, strict=True)]
    if not arrow:
        counts = Counter("".join(full))
        return full, wide + "".join(sorted(c for c in counts if counts[c] == 1 and c not in wide))
    out = out.replace("...", wide)
    for letter in out:
        if letter not in "".join(full):
            raise RuntimeError(
                f"einsum(): output subscript {letter} does not appear in the equation for any input operand"
            )
    return full, out


def _check_sizes(names: list[str], tensors: list[Tensor]) -> None:
    known: dict[str, int] = {}
    for k, (letters, x) in enumerate(zip(names, tensors, strict=True)):
        if len(letters) != x.ndim:
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({len(letters)}) does not match the number of "
                f"dimensions ({x.ndim}) for operand {k} and no ellipsis was given"
            )
        for letter, n in zip(letters, x.shape, strict=True):
            if known.setdefault(letter, n) != n and 1 not in (n, known[letter]):
                raise RuntimeError(
                    f"einsum(): subscript {letter} has size {n} for operand {k} which does not broadcast with "
                    f"previously seen size {known[letter]}"
                )
            known[letter] = max(known[letter], n)


def _diagonals(x: Tensor, letters: str) -> tuple[Tensor, str]:
    """An operand in which each letter stands once."""
    for letter in [c for c, n in Counter(letters).items() if n > 1]:
        places = [k for k, c in enumerate(letters) if c == letter]
        rest = [k for k in range(len(letters)) if k not in places]
        steps = made(np.arange(x.shape[places[0]]))
        x = get(x.permute(*rest, *places), (..., *[steps] * len(places)), "DiagonalBackward0")
        letters = "".join(letters[k] for k in rest) + letter
    return x, letters


def _pair(x: Tensor, a: str, y: Tensor, b: str, rest: set[str]) -> tuple[Tensor, str]:
    """Two operands as one, summed over the letters that nothing after them has."""
    for mine, other in ((a, b), (b, a)):
        alone = [k for k, c in enumerate(mine) if c not in other and c not in rest]
        if alone and mine is a:
            x, a = x.sum(alone), "".join(c for k, c in enumerate(mine) if k not in alone)
        elif alone:
            y, b = y.sum(alone), "".join(c for k, c in enumerate(mine) if k not in alone)
    batch = [c for c in a if c in b and c in rest]
    inner = [c for c in a if c in b and c not in rest]
    left, right = [c for c in a if c not in b], [c for c in b if c not in a]
    sizes: dict[str, int] = {}
    for mine, shape in ((a, x.shape), (b, y.shape)):
        sizes.update({c: max(n, sizes.get(c, 1)) for c, n in zip(mine, shape, strict=True)})
    letters = "".join((*batch, *left, *right))
    if not inner:  # nothing is summed: a product of elements
        return _spread(x, a, letters) * _spread(y, b, letters), letters
    first = _block(x, a, (batch, left, inner), sizes)
    second = _block(y, b, (batch, inner, right), sizes)
    product = first @ second
    return product.reshape(*[sizes[c] for c in letters]), letters


def _spread(x: Tensor, letters: str, wanted: str) -> Tensor:
    moved = x.permute(*sorted(range(len(letters)), key=lambda k: wanted.index(letters[k]))) if x.ndim else x
    lengths = iter(moved.shape)
    return moved.reshape(*[next(lengths) if c in letters else 1 for c in wanted])


def _block(x: Tensor, letters: str, groups: Any, sizes: dict[str, int]) -> Tensor:
    """An operand with three axes: the batch, rows, columns."""
    order = [letters.index(c) for group in groups for c in group]
    moved = x.permute(*order) if order else x
    moved = moved.expand(*[sizes[c] for group in groups for c in group]) if order else moved
    return moved.reshape(*[int(np.prod([sizes[c] for c in group], dtype=int)) for group in groups])
