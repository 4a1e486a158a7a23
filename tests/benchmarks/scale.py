"""A million operations of text to the first gradient: python tests/benchmarks/scale.py [KIND ...]

For each kind of formula the time at 10,000 to 1,000,000 operations, the exponent of its growth,
and the peak memory, each in a process of its own. Wanted: 7 s and 500 MB at a million, and an
exponent of at most 1.1.
"""

from __future__ import annotations

import math
import random
import resource
import subprocess
import sys
import time

SIZES = (10_000, 100_000, 1_000_000)


def sum_of_products(n: int) -> str:
    """A long sum of products of 50 variables with nested sin: 5 operations a term."""
    draw = random.Random(1)
    return " + ".join(
        f"x{draw.randrange(50)}*sin({draw.random():.6f}*sin(x{draw.randrange(50)}))" for _ in range(n // 5)
    )


def chain(n: int) -> str:
    """n operations inside one another."""
    return "sin(" * (n // 2) + "x" + "*y)" * (n // 2)


def program(n: int) -> str:
    """The chain as one statement a line."""
    return "x0 = x\n" + "\n".join(f"x{i + 1} = sin(x{i}*y)" for i in range(n // 2))


KINDS = {"sum": sum_of_products, "chain": chain, "program": program}


def one(kind: str, n: int) -> None:
    import gradcli

    text = KINDS[kind](n)
    start = time.perf_counter()
    f = gradcli.function(text)
    f.value_and_grad(**{x: 0.5 + 0.01 * i for i, x in enumerate(f.variables)})
    took = time.perf_counter() - start
    print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    if len(sys.argv) == 4 and sys.argv[1] == "--one":
        one(sys.argv[2], int(sys.argv[3]))
        return
    for kind in sys.argv[1:] or KINDS:
        times = []
        for n in SIZES:
            done = subprocess.run(
                [sys.executable, __file__, "--one", kind, str(n)], capture_output=True, text=True, check=True
            )
            took, memory = map(float, done.stdout.split())
            times.append(took)
            print(f"{kind:8} {n:9,} operations {took:7.2f} s {memory:6.0f} MB")
        exponent = math.log(times[-1] / times[0]) / math.log(SIZES[-1] / SIZES[0])
        print(f"{kind:8} grows with an exponent of {exponent:.2f}")


if __name__ == "__main__":
    main()
