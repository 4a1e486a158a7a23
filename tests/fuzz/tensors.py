"""The tensor executor: a program as a user of `import gradcli as torch` writes it, to the second order."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb, ctx

import gradcli as torch
from gradcli.core.graph import CONSTANT, CONSTANTS, NUMBER, VARIABLE, finish, optimise
from gradcli.core.ops import by_name
from gradcli.core.reverse import differentiate
from gradcli.core.structure import ELLIPSIS, SLICE, TUPLE, whole_number
from gradcli.domains import array_tape as arrays
from gradcli.language.names import parameters
from gradcli.tensors.record import operation

from . import exact
from .oracle import JUDGED, flat, is_near
from .rounding import rounded_graph, run_marked
from .whole import UndecidedError

if TYPE_CHECKING:
    from gradcli.core.graph import Graph
    from gradcli.core.op import Op

    from .oracle import Trial

STRUCTURE = {
    *("axis", "axis0", "axis1", "keepdim", "k", "start_dim", "end_dim", "*shape", "*axes", "p", "correction", "n"),
}
OPERATORS = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "mod": operator.mod,
    "pow": operator.pow, "neg": operator.neg, "matmul": operator.matmul, "abs": abs,
    "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge, "eq": operator.eq, "ne": operator.ne,
}  # fmt: skip


def judge(trial: Trial) -> None:
    """Value, gradient and second order of every point of a trial, with create_graph."""
    for point in trial.points[:JUDGED]:
        trial.point = point
        try:
            value, grad = trial.function.value_and_grad(**trial.point)
        except ValueError:
            continue
        if value != value or not trial.function.variables:
            continue
        _judge_point(trial, value, grad)


def _judge_point(trial: Trial, value: float, grad: dict[str, Any]) -> None:
    names = trial.function.variables
    leaves = [torch.tensor(trial.point[x], dtype=torch.float64, requires_grad=True) for x in names]
    try:
        result = _result(trial.graph(False), dict(zip(names, leaves, strict=True)))
        if not isinstance(result, torch.Tensor) or not result.requires_grad:
            return
        first = torch.autograd.grad(result, leaves, create_graph=True, allow_unused=True)
        ours = [
            result.item(),
            *[
                np.zeros(np.shape(v)) if g is None else _numbers(g)
                for g, v in zip(first, map(_numbers, leaves), strict=True)
            ],
        ]
        total = None
        for k, g in enumerate(g for g in first if g is not None and g.requires_grad):
            part = (g * _weights(g, k)).sum()
            total = part if total is None else total + part
        second = None if total is None else torch.autograd.grad(total, leaves, allow_unused=True)
    except Exception as error:
        if str(error).startswith("linalg."):  # PyTorch raises where the language says NaN
            return
        trial.fail("crash", "tensors", f"{type(error).__name__}: {error}".partition("\n")[0])
        return
    theirs = [value, *[grad[x] for x in names]]
    if value - value != 0:  # there a 0 that merely happens meets infinities
        theirs, ours = theirs[:1], ours[:1]
    # PyTorch multiplies by a literal 0, which a formula's gradient drops.
    ours = [np.where(np.isnan(a) & (np.asarray(b) == 0), 0.0, a)[()] for a, b in zip(ours, theirs, strict=True)]
    if not all(map(is_near, ours, theirs)):
        trial.against("tensors", ours, theirs)
    elif second is not None:
        _second(trial, first, second)


def _numbers(t: Any) -> Any:
    a = np.asarray(t.detach().numpy(), dtype=np.float64)
    return a if a.ndim else float(a)


def _weights(g: Any, k: int) -> Any:
    """Numbers to multiply the slopes with, so that no two second derivatives cancel."""
    count = int(np.prod(g.shape)) if g.shape else 1
    weights = np.array([1.0 + 0.5 * k + 0.25 * e for e in range(count)]).reshape(tuple(g.shape))
    return torch.tensor(weights) if g.shape else float(weights)


def _result(graph: Graph, leaves: dict[str, Any]) -> Any:
    values: list[Any] = []
    for op, *operands in graph.nodes:
        if op is VARIABLE:
            values.append(leaves[operands[0]])
        elif op is NUMBER:
            values.append(operands[0])
        elif op is CONSTANT:
            values.append(CONSTANTS[operands[0]])
        elif op.leaf:
            values.append(Ellipsis if op is ELLIPSIS else None)
        else:
            values.append(_call(op, [values[k] for k in operands]))
    return values[graph.outputs[0]]


def _call(op: Op, x: list[Any]) -> Any:
    """An operation as its users write it: public names and operators where there are some."""
    if op is TUPLE:
        return tuple(x)
    if op is SLICE:
        return slice(*[None if v is None else whole_number(v) for v in x])
    if not any(isinstance(v, torch.Tensor) for v in x):
        y = arrays.call(op, x)
        return torch.tensor(y) if np.ndim(y) else float(y)
    if op.name == "index":
        return x[0][tuple(int(k) if isinstance(k, float) else _places(k) for k in x[1:])]
    if not op.decides:
        first = 1 if op.name == "where" else 0
        x = [*x[:first], *[v.to(torch.float64) if isinstance(v, torch.Tensor) else v for v in x[first:]]]
    if op.whole:
        x = _arguments(op, x)
    if op.name in OPERATORS:
        return OPERATORS[op.name](*x)
    if op.name == "detach":
        return x[0].detach()
    if op.name in ("array", "stack"):
        dim, of = (0, x) if op.name == "array" else (x[0], x[1:])
        return torch.stack(
            [v if isinstance(v, torch.Tensor) else torch.tensor(v, dtype=torch.float64) for v in of], dim
        )
    if op.name == "concatenate":
        return torch.cat(x[1:], x[0])
    if op.name == "where":
        return torch.where(x[0] != 0 if isinstance(x[0], torch.Tensor) else torch.tensor(bool(x[0])), *x[1:])
    return operation(op, tuple(x))


def _places(k: Any) -> Any:
    """Numbers as an index are whole ones; truths stay."""
    return k.long() if isinstance(k, torch.Tensor) and k.dtype is torch.float64 else k


def _arguments(op: Op, x: list[Any]) -> list[Any]:
    """Axes and lengths as integers, numbers among arrays as tensors."""
    names = [p.name for p in parameters(op)]
    names += names[-1:] * (len(x) - len(names))
    found = []
    for name, v in zip(names, x, strict=False):
        if not isinstance(v, float):
            found.append(v)
        elif name in STRUCTURE:
            found.append(int(v) if v.is_integer() else v)
        else:
            found.append(torch.tensor(v, dtype=torch.float64))
    return found


def _second(trial: Trial, first: Any, second: Any) -> None:
    """The second order against differences of the gradient in balls, where both sides agree."""
    names = trial.function.variables
    graph = trial.graph(True)
    if any(node[0] is by_name("detach") for node in graph.nodes) or not all(
        np.isfinite(v).all() for v in trial.point.values()
    ):
        return
    at = exact.exactly(trial.point)
    near = min([1.0, *[abs(v) for x in trial.point.values() for v in np.ravel(x) if v]])
    size = max(
        [1.0 / near, *[abs(v) for t in (*first, *second) if t is not None for v in flat(_numbers(t)) if v - v == 0]]
    )
    used = [k for k, g in enumerate(first) if g is not None and g.requires_grad]
    try:
        for name, place in exact.elements(trial.point)[:4]:
            sides = exact.Sides(graph, at, (name, place), arrays=trial.arrays)
            left, right = _weighted(sides, graph, used, first)
            if left is None or right is None or not exact.same(left, right):
                continue
            by = second[names.index(name)]
            found = 0.0 if by is None else float(np.asarray(_numbers(by))[place])
            if abs(right - found) <= abs(right) * 2.0**-20 + 1e-200 or (
                right.abs_upper() < 1e-25 and abs(found) < 1e-9 * size
            ):
                continue
            within = _enclosed(trial, used, first, name)
            if within is None or not within.is_finite() or (within + abs(within) * arb(0, 1e-9)).contains(found):
                continue
            if found - found != 0:
                continue  # NaN says that there is none
            trial.fail("second", "tensors", f"{name}: {found!r}, and {right.str(12, radius=False)} by differences")
    except UndecidedError:
        trial.seen["undecided"] += 1


def _weighted(sides: exact.Sides, graph: Any, used: list[int], first: Any) -> tuple[arb | None, arb | None]:
    """The slopes on both sides of the weighted sum of the first derivatives."""
    with ctx.workprec(exact.PRECISION):
        left, right = arb(0), arb(0)
        for which, k in enumerate(used):
            i = graph.outputs[1 + k]
            weights = np.asarray(_numbers(_weights(first[k], which)) if first[k].shape else 1.0 + 0.5 * which).ravel()
            of = [flat(v[i], len(weights)) for v in (sides.left, sides.middle, sides.right)]
            for w, a, b, c in zip(weights, *of, strict=True):
                if not all(isinstance(v, arb) and v.is_finite() for v in (a, b, c)):
                    return None, None
                left, right = left + (b - a) / sides.h * float(w), right + (c - b) / sides.h * float(w)
        return exact.seen(left), exact.seen(right)


def _enclosed(trial: Trial, used: list[int], first: Any, name: str) -> arb | None:
    """What rounding may make of a second derivative by a number, of a sum of first ones by numbers."""
    if any(first[k].shape for k in used) or np.ndim(trial.point[name]):
        return None
    graph = rounded_graph(trial.program, trial.function.variables, trial.arrays)
    builder, ids = optimise(graph.nodes, graph.outputs)
    leaf = next((i for i, node in enumerate(builder.nodes) if node[0] is VARIABLE and node[1] == name), None)
    if leaf is None:
        return None
    adjoints = [(k, differentiate(builder, ids[1 + k], [leaf], arrays=trial.arrays).get(leaf)) for k in used]
    terms = [(1.0 + 0.5 * k, i) for k, (_, i) in enumerate(adjoints) if i is not None]
    found = finish(builder, [i for _, i in terms])
    values = exact.outputs(found, run_marked(found.nodes, exact.exactly(trial.point), trial.arrays))
    return sum((v * weight for v, (weight, _) in zip(values, terms, strict=True)), arb(0))
