"""Random numbers: PyTorch's streams, so that a seed gives the numbers that it gives there.

The source is the Mersenne Twister of 32 bits (Matsumoto and Nishimura, 1998) with the seeding that NumPy's
`RandomState` has too; how bits become numbers follows ATen's `DistributionsHelper.h` and `DistributionTemplates.h`.
"""

from __future__ import annotations

import math
import os
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors.creation import finished, shape_of
from gradcli.tensors.devices import check
from gradcli.tensors.dtypes import Default, dtype, float64, int64
from gradcli.tensors.inplace import may_change, written
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

_PAIRED = 16  # from so many numbers on normal ones are made in blocks of 16


class Generator:
    """A stream of random numbers: `Generator().manual_seed(0)`.

    >>> import gradcli as torch
    >>> torch.rand(2, generator=Generator().manual_seed(0))
    tensor([0.9701, 0.7078])
    """

    def __init__(self, device: Any = "cpu") -> None:
        check(device)
        self._lock = threading.RLock()
        self.manual_seed(67280421310721)

    def manual_seed(self, seed: int) -> Generator:
        """Begin the stream anew. Raises RuntimeError for what is no whole number of 64 bits."""
        if not -(2**63) <= seed < 2**64:
            raise RuntimeError("Overflow when unpacking long long")
        with self._lock:
            self._seed = int(seed) % 2**64
            self._source = np.random.RandomState(self._seed & 0xFFFFFFFF)
            self._spare: float | None = None
        return self

    def seed(self) -> int:
        """Begin the stream at a number that the system chooses, which is returned."""
        return self.manual_seed(int.from_bytes(os.urandom(8), "little")).initial_seed()

    def initial_seed(self) -> int:
        """The seed that the stream began with."""
        return self._seed

    def get_state(self) -> Any:
        """Where the stream is; `set_state` goes back there."""
        return self._source.get_state(), self._spare, self._seed

    def set_state(self, state: Any) -> Generator:
        """Go back to where `get_state` was called."""
        with self._lock:
            source, self._spare, self._seed = state
            self._source.set_state(source)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _generator, (self.get_state(),)

    def bits32(self, count: int) -> np.ndarray:
        """So many numbers of 32 bits."""
        return self._source.randint(0, 2**32, count, np.uint32).astype(np.uint64)

    def bits64(self, count: int) -> np.ndarray:
        """So many numbers of 64 bits, each of two of 32, the high part first."""
        pairs = self.bits32(2 * count)
        return (pairs[0::2] << np.uint64(32)) | pairs[1::2]

    def uniform(self, count: int, kind: dtype) -> np.ndarray:
        """Evenly distributed from 0 to 1, 1 excluded: of 53 bits, of 24 for float32."""
        with self._lock:
            if kind is float64:
                return (self.bits64(count) & np.uint64(2**53 - 1)) * 2.0**-53
            return ((self.bits32(count) & np.uint64(2**24 - 1)) * 2.0**-24).astype(np.float32)

    def normal(self, count: int, kind: dtype) -> np.ndarray:
        """Normally distributed, mean 0 and variance 1 (Box and Muller, 1958)."""
        with self._lock:
            if count < _PAIRED:
                return np.array([self._one_normal() for _ in range(count)], kind.numpy)
            values = self.uniform(count, kind)
            blocks = values[: count - count % _PAIRED].reshape(-1, _PAIRED)
            blocks[...] = _in_pairs(blocks)
            if count % _PAIRED:  # the last block is drawn anew, over what lies there
                values[-_PAIRED:] = _in_pairs(self.uniform(_PAIRED, kind)[None])[0]
            return values

    def _one_normal(self) -> float:
        if self._spare is not None:
            spare, self._spare = self._spare, None
            return spare
        angle, size = self.uniform(2, float64).tolist()
        radius = math.sqrt(-2.0 * math.log1p(-size))
        self._spare = radius * math.sin(2.0 * math.pi * angle)
        return radius * math.cos(2.0 * math.pi * angle)

    def below(self, limit: int, count: int) -> np.ndarray:
        """Whole numbers from 0 to limit, limit excluded."""
        with self._lock:
            drawn = self.bits64(count) if limit >= 2**32 else self.bits32(count)
        return (drawn % np.uint64(limit)).astype(np.int64)

    def permutation(self, n: int) -> list[int]:
        """0 to n - 1 in random order (Fisher and Yates)."""
        order = list(range(n))
        with self._lock:
            drawn = self.bits32(max(n - 1, 0)).tolist()
        for i, bits in enumerate(drawn):
            k = i + bits % (n - i)
            order[i], order[k] = order[k], order[i]
        return order


def _in_pairs(uniform: np.ndarray) -> np.ndarray:
    half = _PAIRED // 2
    radius = np.sqrt(-2 * np.log(1 - uniform[:, :half]))
    angle = 2 * np.pi * uniform[:, half:]
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], 1).astype(uniform.dtype)


def _generator(state: Any) -> Generator:
    return Generator().set_state(state)


default_generator = Generator()
default_generator.seed()


def manual_seed(seed: int) -> Generator:
    """Begin the common stream of random numbers anew: PyTorch's numbers for that seed."""
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Begin the common stream at a number that the system chooses, which is returned."""
    return default_generator.seed()


def initial_seed() -> int:
    """The seed that the common stream began with."""
    return default_generator.initial_seed()


def get_rng_state() -> Any:
    """Where the common stream is."""
    return default_generator.get_state()


def set_rng_state(new_state: Any) -> None:
    """Go back to where `get_rng_state` was called."""
    default_generator.set_state(new_state)


def _filled(method: str, about: str) -> Any:
    def make(
        *lengths: Any, size: Any = None, generator: Generator | None = None, dtype: dtype | None = None,
        requires_grad: bool = False,
    ) -> Tensor:  # fmt: skip
        shape = shape_of(lengths if size is None else size if isinstance(size, (tuple, list)) else (size,))
        values = getattr(generator or default_generator, method)(math.prod(shape), dtype or Default.dtype)
        return finished(values.reshape(shape), requires_grad)

    make.__name__ = make.__qualname__ = "randn" if method == "normal" else "rand"
    make.__doc__ = about
    return make


randn = _filled("normal", "Normally distributed numbers, mean 0 and variance 1.")
rand = _filled("uniform", "Numbers evenly distributed from 0 to 1, 1 excluded.")


def randint(
    low: int, high: Any = None, size: Any = None, *, generator: Generator | None = None, dtype: dtype | None = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """Whole numbers from low to high, high excluded: `randint(high, size)` begins at 0.

    Raises RuntimeError where there is none.
    """
    if size is None:
        low, high, size = 0, low, high
    elif high is None:
        low, high = 0, low
    if low >= high:
        raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
    shape = shape_of(tuple(size))
    values = low + (generator or default_generator).below(high - low, math.prod(shape)).reshape(shape)
    return finished(values, False).to(dtype or int64).requires_grad_(requires_grad)


def randperm(n: int, *, generator: Generator | None = None, dtype: dtype | None = None) -> Tensor:
    """0, 1, ..., n - 1 in random order. Raises RuntimeError for a negative n."""
    if n < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {n}: [{n}]")
    order = np.array((generator or default_generator).permutation(n), np.int64)
    return finished(order).to(dtype or int64)


def _like(make: Any) -> Any:
    def make_like(input: Tensor, *, dtype: dtype | None = None, requires_grad: bool = False) -> Tensor:
        return make(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)

    make_like.__name__ = make_like.__qualname__ = f"{make.__name__}_like"
    make_like.__doc__ = f"{make.__doc__} Of the same shape and type."
    return make_like


randn_like, rand_like = _like(randn), _like(rand)


def randint_like(input: Tensor, low: int, high: Any = None, *, dtype: dtype | None = None) -> Tensor:
    """Whole numbers from low to high, high excluded, of the same shape and type."""
    first, last = (0, low) if high is None else (low, high)
    return randint(first, last, input.shape, dtype=dtype or input.dtype)


def normal(
    mean: Any = 0.0, std: Any = 1.0, size: Any = None, *, generator: Generator | None = None,
    dtype: dtype | None = None, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """Normally distributed numbers: mean and std are numbers with a size, or tensors.

    Raises RuntimeError for a negative std.
    """
    if not isinstance(std, Tensor) and std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std}")
    given = [np.asarray(v.value) for v in (mean, std) if isinstance(v, Tensor)]
    shape = np.broadcast_shapes(*[v.shape for v in given]) if size is None else shape_of((size,))
    drawn = randn(shape, generator=generator, dtype=dtype)
    with_std = drawn * (std.detach() if isinstance(std, Tensor) else std)
    return (with_std + (mean.detach() if isinstance(mean, Tensor) else mean)).requires_grad_(requires_grad)


def bernoulli(input: Tensor, *, generator: Generator | None = None) -> Tensor:
    """1 with the probability that each element says, else 0. Raises RuntimeError for what is no probability."""
    p = np.asarray(input.value)
    if p.size and not ((p >= 0) & (p <= 1)).all():
        raise RuntimeError("Expected p_in >= 0 && p_in <= 1 to be true, but got false.")
    drawn = (generator or default_generator).uniform(p.size, input.dtype).reshape(p.shape)
    return finished((drawn < p).astype(p.dtype))


def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *, generator: Generator | None = None
) -> Tensor:
    """Places drawn with the weights of a row, or of each row of a matrix.

    Raises RuntimeError for weights that are none, or where there are fewer than are to be drawn.
    """
    weights = np.asarray(input.value)
    if weights.ndim not in (1, 2) or num_samples <= 0:
        raise RuntimeError("prob_dist must be 1 or 2 dim, and num_samples above 0")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if not replacement and num_samples > weights.shape[-1]:
        raise RuntimeError("cannot sample n_sample > prob_dist.size(-1) samples without replacement")
    rows = weights.reshape(-1, weights.shape[-1])
    if (rows.sum(1) <= 0).any():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
    source = generator or default_generator
    found = [_drawn(row, num_samples, replacement, source) for row in rows]
    return finished(np.array(found, np.int64).reshape(*weights.shape[:-1], num_samples))


def _drawn(weights: np.ndarray, count: int, replacement: bool, source: Generator) -> np.ndarray:
    if replacement and count > 1:
        edges = np.cumsum(weights, dtype=float) / weights.sum(dtype=float)
        return np.searchsorted(edges, source.uniform(count, float64), side="right").clip(max=len(weights) - 1)
    with np.errstate(divide="ignore"):  # the largest of weight/exponential are a draw without replacement
        waits = -np.log1p(-source.uniform(len(weights), float64))
        keys = np.where(weights > 0, weights / waits.astype(weights.dtype), -1.0)
    return np.argsort(-keys, kind="stable")[:count]


# -- into the memory of a tensor


def _into(tensor: Tensor, values: np.ndarray) -> Tensor:
    """Write drawn numbers; a change that is recorded cuts the history off. Raises RuntimeError as PyTorch does."""
    may_change(tensor)
    memory = tensor.array()
    memory[...] = values.reshape(memory.shape)
    if memory.ndim == 0 and memory.base is None and memory.dtype == np.float64:
        tensor.value = memory
    written(tensor)
    return tensor


def uniform_(
    self: Tensor, a: float = 0.0, b: float = 1.0, *, generator: Generator | None = None, **ends: float
) -> Tensor:
    """Fill with numbers evenly distributed from a to b (PyTorch calls them from and to)."""
    low, high = ends.get("from", a), ends.get("to", b)
    return _into(self, (generator or default_generator).uniform(self.numel(), self.dtype) * (high - low) + low)


def normal_(self: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: Generator | None = None) -> Tensor:
    """Fill with normally distributed numbers."""
    return _into(self, (generator or default_generator).normal(self.numel(), self.dtype) * std + mean)


def bernoulli_(self: Tensor, p: Any = 0.5, *, generator: Generator | None = None) -> Tensor:
    """Fill with 1 of probability p, a number or a tensor, else 0."""
    chances = np.broadcast_to(np.asarray(p.value), self.shape).ravel() if isinstance(p, Tensor) else p
    kind = p.dtype if isinstance(p, Tensor) else float64
    drawn = (generator or default_generator).uniform(self.numel(), kind)
    return _into(self, (drawn < chances).astype(self.dtype.numpy))


def _of_uniform(name: str, about: str, function: Callable[..., np.ndarray]) -> Any:
    """Fill with a function of numbers evenly distributed above 0 and below 1."""

    def fill(self: Tensor, *args: float, generator: Generator | None = None, **options: float) -> Tensor:
        drawn = 1.0 - (generator or default_generator).uniform(self.numel(), float64)
        return _into(self, function(drawn, *args, **options))

    fill.__name__ = fill.__qualname__ = name
    fill.__doc__ = f"Fill with {about}."
    return fill


def log_normal_(self: Tensor, mean: float = 1.0, std: float = 2.0, *, generator: Generator | None = None) -> Tensor:
    """Fill with exponentials of normally distributed numbers."""
    drawn = (generator or default_generator).normal(self.numel(), self.dtype)
    return _into(self, np.exp(drawn * std + mean))


def random_(self: Tensor, low: int = 0, high: int | None = None, *, generator: Generator | None = None) -> Tensor:
    """Fill with whole numbers from low to high, high excluded; of int64 without bounds of 63 bits."""
    source = generator or default_generator
    if high is None:
        high, low = (low, 0) if low else (2**63 if self.dtype is int64 else 2**53 + 1, 0)
    return _into(self, low + source.below(high - low, self.numel()))


METHODS = {
    "exponential_": _of_uniform("exponential_", "waiting times of this rate", lambda u, lambd=1.0: -np.log(u) / lambd),
    "geometric_": _of_uniform("geometric_", "how many tries the first success of probability p takes",
                              lambda u, p: np.ceil(np.log(1.0 - u) / np.log1p(-p))),
    "cauchy_": _of_uniform("cauchy_", "numbers of Cauchy's distribution",
                           lambda u, median=0.0, sigma=1.0: median + sigma * np.tan(np.pi * (0.5 - u))),
    "log_normal_": log_normal_, "uniform_": uniform_, "normal_": normal_, "bernoulli_": bernoulli_, "random_": random_,
    "multinomial": multinomial, "bernoulli": bernoulli,
}  # fmt: skip
