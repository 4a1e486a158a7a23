"""A recorded change in place: the tensor gets a new history, and so do its base and the views of that.

Who read one of them before still finds it as it was. A change of a view is, for the base, a choice: the new elements
where the view lies, the old ones elsewhere. The views are then taken again from the base, by their places in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradcli.core.ops import by_name
from gradcli.tensors.bound_op import HOLE, bind
from gradcli.tensors.history import LEAF, Versions
from gradcli.tensors.record import apply, made, operation
from gradcli.tensors.tensor import Tensor, as_it_is, remembered, share_versions
from gradcli.tensors.views import fresh, place_tensors, taken

if TYPE_CHECKING:
    from collections.abc import Callable

_MATCH, _SCATTER = by_name("match"), by_name("scatter")
_CHOICE = bind(by_name("where"), (HOLE, HOLE, HOLE), "CopySlices")


def rebase(tensor: Tensor, build: Callable[[Tensor], Tensor], write: Callable[[Tensor, object], None]) -> Tensor:
    """Give a tensor the value and the history of what `build` makes of it as it was."""
    before = as_it_is(fresh(tensor))
    base = tensor.base
    if base is None:
        result = build(before)
        _keep_value(before, result)
        write(tensor, result.value)
        share_versions(tensor).count += 1
        _given(tensor, before, result)
        if before.op is None:
            _refresh(tensor, None)
        return tensor
    old, array = as_it_is(base), base.array()
    places = place_tensors(tensor, base)
    source = made(before.value)  # the view as it was, but for its hooks: these belong to the view's own history
    source.counter = before.counter
    if old.op is not None:
        taken(source, old, places)
    result = build(source)
    _keep_value(source, result)
    mask = np.zeros(array.shape, bool)
    mask[tuple(p.value for p in places)] = True
    spread = operation(_SCATTER, (operation(_MATCH, (result, source)), old, *places))
    chosen = apply(_CHOICE, (made(mask), spread, old))
    write(tensor, result.value)
    share_versions(tensor).count += 1
    _given(base, old, chosen)
    remembered(tensor, before)
    taken(tensor, base, places)
    if old.op is None:
        _refresh(base, tensor)
    return tensor


def turned(tensor: Tensor, function: Callable[[Tensor], Tensor]) -> Tensor:
    """A tensor that becomes a view of itself, with other axes."""
    before = as_it_is(tensor)
    result = function(before)
    tensor.value = result.value
    share_versions(tensor).count += 1
    if result.op is not None and result.op is not LEAF:
        _given(tensor, before, result)
    return tensor


def _keep_value(before: Tensor, result: Tensor) -> None:
    """Where the rule of the change reads the value that is written over, it gets a copy of it."""
    if result.op is None or result.op is LEAF:
        return
    saves = result.op.saves(tuple([p for p, t in enumerate(result.operands) if t.op is not None]))
    if saves and any(k >= 0 and result.operands[k] is before for k in saves):
        value, count = before.value, before.counter.count
        before.value, before.counter = value if type(value) is float else value.copy(), Versions()
        before.counter.count = count


def _given(tensor: Tensor, before: Tensor, result: Tensor) -> None:
    version = remembered(tensor, before)
    tensor.op, tensor.operands, tensor.versions, tensor.born = result.op, result.operands, result.versions, version


def _refresh(base: Tensor, but: Tensor | None) -> None:
    """Take the living views of a tensor that had no history again from its new one, but one that has been.

    Others have a history, and are taken again when they are used.
    """
    for view in base.counter.living():
        if view.base is base and view is not but and base.op is not None:
            before = as_it_is(view)
            remembered(view, before)
            taken(view, base, place_tensors(view, base))
