"""Kinks, steps, edges of domains and poles that lie within the uncertainty: there the linear answer says little.

A sample of the inputs is drawn. Where a choice of the gradient (a comparison, a step) falls both ways in it, where an
operation loses its value, or where the operand of one that has a pole changes its sign, a note says so.
"""

from __future__ import annotations

import numpy as np

from gradcli.api.compiled import Compiled
from gradcli.api.evaluation import Note
from gradcli.api.function import Function
from gradcli.api.on_arrays import ARRAYS
from gradcli.core.graph import Graph
from gradcli.uncertainty.montecarlo import Draws, only

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.language.program import Program
    from gradcli.uncertainty.covariance import Inputs

SAMPLE = 10_000
SOME = 10  # of the sample: about three standard deviations away
ROWS = 200  # of the sample, where a pole or a step is looked for row by row
MOST = 20_000  # nodes of a gradient that are looked at


def doubts(program: Program, result: int, inputs: Inputs, seed: int) -> list[Note]:
    """The notes on one result of an elementwise program."""
    function = Function(only(program, result), [name for name, x in inputs.known.items() if x.u])
    graph = function.optimised(True)
    if len(graph.nodes) > MOST:
        return []
    sample = {name: np.full(SAMPLE, x.value) for name, x in inputs.known.items()} | Draws(inputs, seed).next(SAMPLE)
    every = Graph(graph.nodes, list(range(len(graph.nodes))), graph.origin)
    with np.errstate(all="ignore"):
        values = Compiled(program, every, ARRAYS).outputs(sample)
    found: dict[int, Note] = {}
    value = graph.outputs[0]
    for i, node in enumerate(graph.nodes):
        origin = graph.origin[i]
        if node[0].leaf or origin < 0 or origin in found:
            continue
        told = _choice(program, origin, node, values, i) or (_edge(node, values, i) if i <= value else None)
        if told:
            kind, what, share = told
            op = program.nodes[origin][0]
            name = op.symbol or op.name
            message = f"{name} {what} within the uncertainty (beyond it {_percent(share)} of {SAMPLE:,} draws)"
            found[origin] = Note(kind, op.name, program.span(origin), message)
    return list(found.values())


def _choice(program: Program, origin: int, node: Any, values: list[Any], i: int) -> tuple[str, str, float] | None:
    """A comparison or a step of few values that comes out in more than one way."""
    op = program.nodes[origin][0]
    if not (node[0].decides or node[0].jump) or not (op.kink or op.jump or op.decides):
        return None
    if node[0].name.startswith("logical"):
        return None
    own = np.broadcast_to(values[i], SAMPLE)
    _, counts = np.unique(own[own == own], return_counts=True)
    share = 1 - float(counts.max()) / SAMPLE if 1 < counts.size < SAMPLE / 2 else 0.0
    if share * SAMPLE < SOME:
        return None
    if op.kink:
        return "kink", "has a kink", share
    return ("boundary", "is decided both ways", share) if op.decides else ("jump", "has a step", share)


def _edge(node: Any, values: list[Any], i: int) -> tuple[str, str, float] | None:
    """A value that is lost here, or a pole or a step where an operand changes its sign."""
    op, numbers = node[0], (np.ndarray, np.generic, float)
    own = np.broadcast_to(values[i], SAMPLE)
    operands = [np.broadcast_to(values[k], SAMPLE) for k in node[1:] if isinstance(values[k], numbers)]
    lost = np.isnan(own) & ~np.any([np.isnan(x) for x in operands], axis=0) if operands else np.isnan(own)
    if np.count_nonzero(lost) >= SOME:
        return "domain", "has no value", float(np.mean(lost))
    if not (op.pole or op.jump) or len(operands) != len(node) - 1:
        return None
    for k, x in enumerate(operands):
        share = min(float(np.mean(x > 0)), float(np.mean(x < 0)))
        if share * SAMPLE < SOME:
            continue
        for row in zip(*[y[:ROWS].tolist() for y in operands], strict=True):
            at = (*row[:k], 0.0, *row[k + 1 :])
            if op.pole and op.pole(*at):
                return "infinite", "has a pole", share
            if op.jump and op.jump(*at):
                return "jump", "has a step", share
    return None


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%" if share >= 0.1 else f"{100 * share:.1g}%"
