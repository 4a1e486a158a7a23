"""L-BFGS, step by step as PyTorch's (Nocedal, 1980; the line search is Schmidt's minFunc, strong Wolfe conditions)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.optim.optimizer import Optimizer, checked
from gradcli.tensors.inplace import written

if TYPE_CHECKING:
    from collections.abc import Callable


class LBFGS(Optimizer):
    """The quasi-Newton method with a short memory; `step` needs a closure that computes the loss and its gradients.

    Raises ValueError for several groups of parameters.

    >>> import gradcli as torch
    >>> x = torch.tensor([3.0, -1.0], requires_grad=True)
    >>> optimizer = LBFGS([x], line_search_fn="strong_wolfe")
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = ((x - 1)**2).sum()
    ...     loss.backward()
    ...     return loss
    >>> optimizer.step(closure)
    tensor(8., grad_fn=<SumBackward0>)
    >>> x
    tensor([1., 1.], requires_grad=True)
    """

    options = "lr max_iter max_eval tolerance_grad tolerance_change history_size line_search_fn"
    keeps = "func_evals n_iter al d t old_dirs old_stps ro H_diag prev_flat_grad prev_loss"

    def __init__(
        self, params: Any, lr: float = 1, max_iter: int = 20, max_eval: int | None = None,
        tolerance_grad: float = 1e-07, tolerance_change: float = 1e-09, history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(params, checked({
            "lr": lr, "max_iter": max_iter, "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad, "tolerance_change": tolerance_change, "history_size": history_size,
            "line_search_fn": line_search_fn,
        }))  # fmt: skip
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        self._tensors = self.param_groups[0]["params"]

    def _gradient(self) -> np.ndarray:
        parts = [np.zeros(p.numel()) if p._grad is None else np.ravel(p._grad.value) for p in self._tensors]
        return np.concatenate(parts)

    def _place(self) -> np.ndarray:
        return np.concatenate([np.ravel(p.value) for p in self._tensors])

    def _move_to(self, place: np.ndarray) -> None:
        start = 0
        for p in self._tensors:
            part = place[start : start + p.numel()]
            if type(p.value) is float:
                p.value = float(part[0])
            else:
                p.value[...] = part.reshape(p.shape)
            written(p)
            start += p.numel()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Up to max_iter steps; the loss before them. Raises RuntimeError for an unknown line search, TypeError."""
        if closure is None:
            raise TypeError("LBFGS.step() missing 1 required positional argument: 'closure'")
        group = self.param_groups[0]
        if group["line_search_fn"] not in (None, "strong_wolfe"):
            raise RuntimeError("only 'strong_wolfe' is supported")
        first_loss = self._recomputed(closure)
        loss, g, evaluations = float(first_loss), self._gradient(), 1
        memory: dict[str, Any] = self.arrays.setdefault(self._tensors[0], {"func_evals": 0, "n_iter": 0})
        memory["func_evals"] += 1
        if np.abs(g).max() <= group["tolerance_grad"]:
            return first_loss
        for n in range(1, group["max_iter"] + 1):
            memory["n_iter"] += 1
            d = memory["d"] = self._direction(memory, g)
            memory["prev_flat_grad"], memory["prev_loss"] = g, loss
            t = memory["t"] = group["lr"] * (min(1.0, 1.0 / np.abs(g).sum()) if memory["n_iter"] == 1 else 1)
            slope = float(g @ d)
            if slope > -group["tolerance_change"]:
                break
            loss, g, memory["t"], more = self._moved(closure, t, d, loss, g, slope, n, evaluations)
            evaluations += more
            memory["func_evals"] += more
            if n == group["max_iter"] or evaluations >= group["max_eval"]:
                break
            if np.abs(g).max() <= group["tolerance_grad"]:
                break
            if np.abs(d * memory["t"]).max() <= group["tolerance_change"]:
                break
            if abs(loss - memory["prev_loss"]) < group["tolerance_change"]:
                break
        return first_loss

    def _moved(
        self, closure: Callable[[], Any], t: float, d: np.ndarray, loss: float, g: np.ndarray, slope: float, n: int,
        evaluations: int,
    ) -> tuple[float, np.ndarray, float, int]:  # fmt: skip
        """Go along d: (loss, gradient, how far, how many evaluations)."""
        group, start = self.param_groups[0], self._place()

        def at(step: float) -> tuple[float, np.ndarray]:
            self._move_to(start + step * d)
            return float(self._recomputed(closure)), self._gradient()

        if group["line_search_fn"] is None:
            if n == group["max_iter"]:
                self._move_to(start + t * d)
                return loss, g, t, 0
            return *at(t), t, 1
        loss, g, t, count = strong_wolfe(at, t, d, loss, g, slope, max_ls=group["max_eval"] - evaluations)
        self._move_to(start + t * d)
        return loss, g, t, count

    def _direction(self, memory: dict[str, Any], g: np.ndarray) -> np.ndarray:
        """-(approximate inverse Hessian) @ gradient, by the two loops over the remembered steps."""
        size = self.param_groups[0]["history_size"]
        if memory["n_iter"] == 1:
            memory.update(old_dirs=[], old_stps=[], ro=[], H_diag=1)
            return -g
        changes, steps, rho = memory["old_dirs"], memory["old_stps"], memory["ro"]
        y, s = g - memory["prev_flat_grad"], memory["d"] * memory["t"]
        if y @ s > 1e-10:
            if len(changes) == size:
                for kept in (changes, steps, rho):
                    kept.pop(0)
            changes.append(y)
            steps.append(s)
            rho.append(1.0 / (y @ s))
            memory["H_diag"] = (y @ s) / (y @ y)
        shares = memory.setdefault("al", [None] * size)
        q = -g
        for k in reversed(range(len(changes))):
            shares[k] = steps[k] @ q * rho[k]
            q = q - shares[k] * changes[k]
        r = q * memory["H_diag"]
        for k in range(len(changes)):
            r = r + steps[k] * (shares[k] - changes[k] @ r * rho[k])
        return r


def _cubic(x1: float, f1: float, g1: float, x2: float, f2: float, g2: float, low: float, high: float) -> float:
    """Where the cubic through two points with two slopes is least, within bounds."""
    d1 = g1 + g2 - 3 * (f1 - f2) / (x1 - x2)
    square = d1**2 - g1 * g2
    if square < 0:
        return (low + high) / 2.0
    d2 = math.sqrt(square)
    if x1 > x2:
        x1, g1, x2, g2 = x2, g2, x1, g1
    return min(max(x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2)), low), high)


def strong_wolfe(
    at: Callable[[float], tuple[float, np.ndarray]], t: float, d: np.ndarray, f: float, g: np.ndarray, slope: float,
    c1: float = 1e-4, c2: float = 0.9, tolerance_change: float = 1e-9, max_ls: int = 25,
) -> tuple[float, np.ndarray, float, int]:  # fmt: skip
    """A step along d that lowers f enough and flattens its slope enough: (f, gradient, step, evaluations).

    A point is (step, f, gradient, slope); the search brackets one that suits, and then narrows the bracket.
    """
    here = (t, *at(t))
    point = (*here, float(here[2] @ d))
    count, tries, last = 1, 0, (0.0, f, g, slope)
    bracket: list[Any] = []
    done = False
    while tries < max_ls:
        if point[1] > f + c1 * point[0] * slope or (tries > 1 and point[1] >= last[1]):
            bracket = [last, point]
            break
        if abs(point[3]) <= -c2 * slope:
            bracket, done = [point], True
            break
        if point[3] >= 0:
            bracket = [last, point]
            break
        t = _cubic(last[0], last[1], last[3], point[0], point[1], point[3],
                   point[0] + 0.01 * (point[0] - last[0]), point[0] * 10)  # fmt: skip
        last, here = point, (t, *at(t))
        point = (*here, float(here[2] @ d))
        count, tries = count + 1, tries + 1
    if not bracket:
        bracket = [(0.0, f, g, slope), point]
    width, stuck = np.abs(d).max(), False
    low, high = (0, len(bracket) - 1) if bracket[0][1] <= bracket[-1][1] else (1, 0)
    while not done and tries < max_ls:
        ends = (bracket[0][0], bracket[1][0])
        if abs(ends[1] - ends[0]) * width < tolerance_change:
            break
        (x1, f1, _, g1), (x2, f2, _, g2) = bracket
        t = _cubic(x1, f1, g1, x2, f2, g2, min(ends), max(ends))
        margin = 0.1 * (max(ends) - min(ends))
        if min(max(ends) - t, t - min(ends)) < margin:
            if stuck or t >= max(ends) or t <= min(ends):
                t = max(ends) - margin if abs(t - max(ends)) < abs(t - min(ends)) else min(ends) + margin
                stuck = False
            else:
                stuck = True
        else:
            stuck = False
        here = (t, *at(t))
        point = (*here, float(here[2] @ d))
        count, tries = count + 1, tries + 1
        if point[1] > f + c1 * t * slope or point[1] >= bracket[low][1]:
            bracket[high] = point
            low, high = (0, 1) if bracket[0][1] <= bracket[1][1] else (1, 0)
            continue
        if abs(point[3]) <= -c2 * slope:
            done = True
        elif point[3] * (bracket[high][0] - bracket[low][0]) >= 0:
            bracket[high] = bracket[low]
        bracket[low] = point
    t, f, g, _ = bracket[low]
    return f, g, t, count
