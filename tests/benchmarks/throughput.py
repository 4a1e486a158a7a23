"""Value and all partials at 4 million points against installed peers: python tests/benchmarks/throughput.py [POINTS]

Ours is compiled code, warm. Wanted, as geometric means over eight formulas: at least 5 times JAX jit, 8 times PyTorch
eager, 12 times sympy's lambdify with cse; no formula under 2.5 of JAX. Beside it stand the limit, a two-thread copy of
the same columns into fresh arrays, which light formulas should reach and the others half; our own blocks and float32;
and a first call with the executor that is chosen. At the end: what compiling takes.
"""

from __future__ import annotations

import math
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from peers import interleaved

import gradcli
from gradcli.domains.compiled.choice import pays
from gradcli.domains.compiled.tape import CompiledTape

POLYNOMIAL = " + ".join(f"{k + 1}*x**{4 - k % 5}*y**{k % 4}" for k in range(10))
FORMULAS = {
    "Rosenbrock": "(1 - x)**2 + 100*(y - x**2)**2",
    "gaussian": "exp(-(x - y)**2/(2*s**2))/(sqrt(2*pi)*s)",
    "trigonometry": "sqrt(x)*sin(y) + log(x + y)*cos(x)",
    "Black-Scholes": (
        "d = (log(S/K) + (r + s**2/2)*t)/(s*sqrt(t)); "
        "S*(1 + erf(d/sqrt(2)))/2 - K*exp(-r*t)*(1 + erf((d - s*sqrt(t))/sqrt(2)))/2"
    ),
    "logistic loss": "log(1 + exp(-y*(w*x + b)))",
    "rational": "(x**2 + 3*x*y + 1)/(y**2 + x + 2)",
    "polynomial": POLYNOMIAL,
    "where": "where(x > y, sqrt(x)*y, x*y**2)",
}


def columns(names: tuple[str, ...], points: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {x: rng.uniform(0.5, 2.0, points) for x in names}


def gradients_in_sympy(text: str, names: tuple[str, ...]):
    """sympy's own function of the columns: value and partials, common parts shared."""
    import sympy

    symbols = {x: sympy.Symbol(x, real=True) for x in names}
    functions = {"where": lambda c, x, y: sympy.Piecewise((x, c), (y, True))}
    known = {**vars(sympy), **functions, **symbols}
    *assignments, last = text.split("; ")
    for statement in assignments:
        name, _, body = statement.partition(" = ")
        known[name] = eval(body, known)
    value = eval(last, known)
    arguments = list(symbols.values())
    return sympy.lambdify(arguments, [value, *[sympy.diff(value, x) for x in arguments]], ["scipy", "numpy"], cse=True)


def in_torch(text: str, given: dict[str, np.ndarray]):
    import torch

    leaves = {x: torch.tensor(v, requires_grad=True) for x, v in given.items()}
    known = {
        **{name: getattr(torch, name) for name in ("exp", "log", "sin", "cos", "erf", "where")},
        "sqrt": lambda x: torch.sqrt(x) if torch.is_tensor(x) else math.sqrt(x),
        "pi": math.pi,
        **leaves,
    }
    code = compile("; ".join(text.split("; ")[:-1]), "text", "exec"), compile(text.split("; ")[-1], "text", "eval")

    def run() -> object:
        names = dict(known)
        exec(code[0], names)
        value = eval(code[1], names)
        return value, torch.autograd.grad(value.sum(), list(leaves.values()))

    return run


def in_jax(text: str, given: dict[str, np.ndarray]):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    known = {name: getattr(jnp, name) for name in ("exp", "log", "sin", "cos", "where", "sqrt", "pi")}
    known["erf"] = jax.scipy.special.erf

    def one(*point: object) -> object:
        names = {**known, **dict(zip(given, point, strict=True))}
        *assignments, last = text.split("; ")
        exec("; ".join(assignments), names)
        return eval(last, names)

    both = jax.jit(jax.vmap(jax.value_and_grad(one, argnums=tuple(range(len(given))))))
    arrays = [jnp.asarray(v) for v in given.values()]
    return lambda: jax.block_until_ready(both(*arrays))


def copier(given: dict[str, np.ndarray]):
    """Read the columns and write a value and a partial by each, on two threads, with no arithmetic."""
    sources = [*given.values(), next(iter(given.values()))]
    pool = ThreadPoolExecutor(2)

    def run() -> object:
        fresh = [np.empty_like(x) for x in sources]
        parts = [slice(0, len(sources[0]) // 2), slice(len(sources[0]) // 2, None)]
        list(pool.map(lambda p: [np.copyto(y[p], x[p]) for x, y in zip(sources, fresh, strict=True)], parts))
        return fresh

    return run


def candidates(text: str, given: dict[str, np.ndarray]):
    f = gradcli.function(text)
    narrow = {x: v.astype(np.float32) for x, v in given.items()}
    found = {
        "gradcli": lambda: f.map("compiled", **given),
        "copy": copier(given),
        "blocks": lambda: f.map("blocks", **given),
        "float32": lambda: f.map("float32", "compiled", **narrow),
        "blocks of float32": lambda: f.map("float32", "blocks", **narrow),
    }
    for name, make in {"JAX jit": in_jax, "PyTorch": in_torch}.items():
        try:
            found[name] = make(text, given)
        except ImportError:
            print(f"{name} is not installed")
    compiled = gradients_in_sympy(text, tuple(given))
    found["sympy"] = lambda: compiled(*given.values())
    return found


WANTED = {"JAX jit": 5.0, "PyTorch": 8.0, "sympy": 12.0}
LEAST_OF_JAX = 2.5
WARM_UP = 5  # rounds; the first ones pay for pages that nobody has touched yet


def first_call(text: str, given: dict[str, np.ndarray]) -> str:
    """The time of a function that is new, with the executor that is chosen."""
    f = gradcli.function(text)
    start = time.perf_counter()
    f.map(**given)
    taken = time.perf_counter() - start
    ran = "compiled" if "compiled" in next(iter(f.block_tapes))[1] else "blocks"
    return f"{ran} in {1e3 * taken:.0f} ms"


def break_even(text: str) -> float:
    """From how many million points on compiled code is chosen."""
    graph = gradcli.function(text).optimised(True)
    points = 1000.0
    while not pays(graph, round(points)):
        points *= 1.05
    return points / 1e6


def compile_times() -> None:
    """Of sums of random terms, of 10 to 10,000 operations."""
    for size in (10, 100, 1_000, 10_000):
        kinds = ("sin(x*{})", "x*y + {}", "exp(-x*{})", "sqrt(x + {})", "(x - y*{})**2")
        f = gradcli.function(" + ".join(kinds[k % 5].format(k + 1.5) for k in range(max(size // 4, 2))))
        graph = f.optimised(True)
        start = time.perf_counter()
        CompiledTape(graph, [])
        taken = time.perf_counter() - start
        print(f"{size:6} operations, {graph.operations()} with the partials: compiled in {1e3 * taken:.0f} ms")


def main() -> None:
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    ratios: dict[str, dict[str, float]] = {}
    for name, text in FORMULAS.items():
        given = columns(gradcli.function(text).variables, points)
        runs = candidates(text, given)
        interleaved(runs, WARM_UP)
        times = interleaved(runs, rounds)
        ours = times.pop("gradcli")
        for peer, found in times.items():
            ratios.setdefault(peer, {})[name] = found / ours
        shown = ", ".join(f"{peer} {found / ours:.2f}" for peer, found in times.items() if peer != "copy")
        speed, limit = (f"{points / t / 1e6:5.0f}" for t in (ours, times["copy"]))
        share = times["copy"] / ours
        print(f"{name:14} {speed} million points/s, {share:.2f} of the limit {limit}; times ours: {shown}", flush=True)
        print(
            f"{'':14} a first call: {first_call(text, given)}; compiled from {break_even(text):.1f} million points on"
        )
    for peer, found in ratios.items():
        mean = math.exp(sum(map(math.log, found.values())) / len(found))
        wanted = f", wanted {WANTED[peer]}" if peer in WANTED else ""
        print(f"geometric mean: {peer} takes {mean:.2f} times ours{wanted}")
    if "JAX jit" in ratios:
        slow = {name: f"{found:.2f}" for name, found in ratios["JAX jit"].items() if found < LEAST_OF_JAX}
        print(f"under {LEAST_OF_JAX} of JAX: {slow or 'none'}")
    compile_times()


if __name__ == "__main__":
    main()
