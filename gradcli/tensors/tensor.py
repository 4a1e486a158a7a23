"""The tensor: a value, and where grad mode is on the operation and the tensors it came from.

A tensor is at the same time a node of the history. `op` is None for what does not require
grad, LEAF for a leaf that does, else the recorded operation; `operands` are its tensors and
`versions` the versions of their values at that moment.
"""

from __future__ import annotations

import warnings
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcli.tensors import dtypes
from gradcli.tensors.devices import CPU, device
from gradcli.tensors.dtypes import F64
from gradcli.tensors.grad_mode import MODE
from gradcli.tensors.history import LEAF, NEVER, UNCOUNTED, Handle, Kind, Size, Versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_new = object.__new__


class Tensor(metaclass=Kind):
    """An array of numbers with gradients, as in PyTorch. Made by `gradcli.tensor` and its kin."""

    # The state of a plain value; only what differs is stored in a tensor.
    value: Any
    op: Any = None
    operands: tuple[Tensor, ...] = ()
    versions: tuple[int, ...] = (0, 0)  # of one or two operands that never changed
    counter = NEVER
    born = 0  # the version of the value when the tensor was made
    past: list[tuple[int, Tensor]] | None = None  # (version, the tensor as it was up to that version)
    spent: Any = None  # the op of a freed operation
    base: Tensor | None = None  # of a view: whose memory it shows
    hooks: dict[int, Callable[[Tensor], Tensor | None]] | None = None
    after_hooks: dict[int, Callable[[Tensor], None]] | None = None
    step_hooks: dict[int, Callable[..., Any]] | None = None  # of its `grad_fn`
    packed: tuple[Callable[[Any], Tensor], dict[int, Any]] | None = None  # by the user: values that backward reads
    keeps_grad = False
    number = False  # of Python's beside a tensor, which `saved_tensors_hooks` do not see
    _grad: Tensor | None = None

    if TYPE_CHECKING:  # gradcli.tensors.methods gives the class what other modules define

        def __getattr__(self, name: str) -> Any: ...

        __add__: Any
        __sub__: Any
        __mul__: Any
        __truediv__: Any
        __pow__: Any
        __matmul__: Any
        __neg__: Any
        __abs__: Any
        __lt__: Any
        __le__: Any
        __gt__: Any
        __ge__: Any
        __and__: Any
        __getitem__: Any
        __setitem__: Any
        __rmul__: Any
        __rsub__: Any

    __array_priority__ = 1000  # NumPy's arrays leave the operators to us
    __hash__ = object.__hash__

    # -- what it is

    @property
    def shape(self) -> Size:
        """The lengths of the axes."""
        value = self.value
        return Size(value.shape) if type(value) is np.ndarray else Size()

    @property
    def dtype(self) -> dtypes.dtype:
        """The type of the elements."""
        value = self.value
        return dtypes.float64 if type(value) is float or value.dtype is F64 else dtypes.of(value.dtype)

    @property
    def device(self) -> device:
        """Always the CPU."""
        return CPU

    def is_inference(self) -> bool:
        """Was it made within `inference_mode`?"""
        return self.counter is UNCOUNTED

    @property
    def ndim(self) -> int:
        """How many axes."""
        value = self.value
        return value.ndim if type(value) is np.ndarray else 0

    def dim(self) -> int:
        """How many axes."""
        return self.ndim

    def size(self, dim: int | None = None) -> Size | int:
        """The shape, or the length along one axis. Raises IndexError where there is no such axis."""
        shape = self.shape
        if dim is None:
            return shape
        count = max(len(shape), 1)
        if not shape or not -count <= dim < count:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-count}, {count - 1}], but got {dim})"
                if shape
                else f"Dimension specified as {dim} but tensor has no dimensions"
            )
        return shape[dim]

    def numel(self) -> int:
        """How many elements."""
        return int(np.size(self.value))

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return len(self.value)

    @property
    def requires_grad(self) -> bool:
        """Are gradients by it asked for, or do they flow through it?"""
        return self.op is not None

    @requires_grad.setter
    def requires_grad(self, flag: bool) -> None:
        self.requires_grad_(flag)

    def requires_grad_(self, flag: bool = True) -> Tensor:
        """Let gradients be collected for this leaf, or no longer. Raises RuntimeError for integers and non-leaves."""
        if not flag and not self.is_leaf:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. "
                "If you want to use a computed variable in a subgraph that doesn't require differentiation "
                "use var_no_grad = var.detach()."
            )
        if flag and not self.dtype.is_floating_point:
            raise RuntimeError(
                f"Only Tensors of floating point and complex dtype can require gradients: this one has {self.dtype}; "
                "write its numbers with a decimal point, or give dtype=torch.float64"
            )
        if flag and self.counter is UNCOUNTED and not MODE.inference:
            raise RuntimeError(
                "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed; "
                "use .clone() first"
            )
        if self.is_leaf:
            self.op = LEAF if flag else None
        return self

    @property
    def is_leaf(self) -> bool:
        """Was it made by no recorded operation?"""
        return self.op is None or self.op is LEAF

    @property
    def grad(self) -> Tensor | None:
        """The gradient that `backward` has collected, None before the first."""
        if self._grad is None and not self.is_leaf and not self.keeps_grad:
            warnings.warn(
                "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute "
                "won't be populated during autograd.backward(). If you indeed want the .grad field to be populated for "
                "a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor.",
                UserWarning,
                stacklevel=2,
            )
        return self._grad

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        """Raises TypeError, RuntimeError for what is no tensor of this shape."""
        if value is not None:
            if not isinstance(value, Tensor):
                raise TypeError(
                    f"assigned grad expected to be a Tensor or None but got grad of type {type(value).__name__}"
                )
            if value.shape != self.shape:
                raise RuntimeError(
                    f"attempting to assign a gradient of size '{list(value.shape)}' to a tensor of size "
                    f"'{list(self.shape)}'. Please ensure that the gradient and the tensor are the same size"
                )
        self._grad = value

    @grad.deleter
    def grad(self) -> None:
        self._grad = None

    def retain_grad(self) -> None:
        """Let `.grad` be kept for this result of an operation too. Raises RuntimeError where none is required."""
        if self.op is None:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        if self.op is not LEAF:
            self.keeps_grad = True
            watch(self)

    @property
    def retains_grad(self) -> bool:
        """Is `.grad` kept for this result of an operation?"""
        return self.keeps_grad

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> Handle:
        """Call `hook(grad)` when this tensor's gradient is known; what it returns, if not None, takes its place.

        Raises RuntimeError where it requires no gradient.
        """
        if self.op is None:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        if self.hooks is None:
            self.hooks = {}
            watch(self)
        handle = Handle(self.hooks)
        self.hooks[handle.key] = hook
        return handle

    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], None]) -> Handle:
        """Call `hook(tensor)` after each `backward` has added to `.grad` of this leaf.

        Raises RuntimeError for what is no leaf.
        """
        if self.op is not LEAF:
            raise RuntimeError(
                "cannot register a hook on a tensor that doesn't require gradient"
                if self.op is None
                else "post accumulate grad hooks cannot be registered on non-leaf tensors"
            )
        if self.after_hooks is None:
            self.after_hooks = {}
            watch(self)
        handle = Handle(self.after_hooks)
        self.after_hooks[handle.key] = hook
        return handle

    @property
    def _base(self) -> Tensor | None:
        return self.base

    def _is_view(self) -> bool:
        return self.base is not None

    # -- its value

    @property
    def _version(self) -> int:
        if self.counter is UNCOUNTED:
            raise RuntimeError("Inference tensors do not track version counter.")
        return self.counter.count

    def array(self) -> np.ndarray:
        """The value as an array in memory of its own, which views may share."""
        value = self.value
        if type(value) is not np.ndarray:
            value = self.value = np.asarray(value, dtype=F64)
        return value

    def item(self) -> float | int | bool:
        """The number in a tensor of one element. Raises RuntimeError for more elements."""
        value = self.value
        if type(value) is float:
            return value
        if value.size != 1:
            raise RuntimeError(
                f"a Tensor with {value.size} elements cannot be converted to Scalar: "
                "use .tolist(), or .sum() or .mean() first"
            )
        return value.item()

    def tolist(self) -> Any:
        """Nested lists of numbers; of a 0-d tensor the number."""
        return self.value if type(self.value) is float else self.value.tolist()

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """The array itself, memory shared. Raises RuntimeError for a tensor that requires grad."""
        if self.op is not None and MODE.recording and not force:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        return self.array()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        found = self.numpy()
        if dtype is not None and found.dtype != dtype:
            return found.astype(dtype)
        return found.copy() if copy else found

    def __array_wrap__(self, array: np.ndarray, context: Any = None, return_scalar: bool = False) -> Tensor:
        """What a function of NumPy's gives of a tensor is one, without history."""
        other = _new(Tensor)
        other.value = array if array.ndim or array.dtype is not F64 else float(array)
        return other

    def __float__(self) -> float:
        return float(self._scalar())

    def __int__(self) -> int:
        return int(self._scalar())

    def _scalar(self) -> float | int | bool:
        if np.size(self.value) != 1:
            raise ValueError("only one element tensors can be converted to Python scalars: use .tolist()")
        return self.item()

    def __index__(self) -> int:
        if self.dtype.category == 2 or self.numel() != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self.item())

    def __bool__(self) -> bool:
        if self.numel() != 1:
            raise RuntimeError(
                "Boolean value of Tensor with more than one value is ambiguous: use .any() or .all()"
                if self.numel()
                else "Boolean value of Tensor with no values is ambiguous"
            )
        return bool(self.item())

    def __format__(self, spec: str) -> str:
        if self.ndim == 0 and type(self) is Tensor:
            return format(self.item(), spec)
        return object.__format__(self, spec)

    def __iter__(self) -> Iterator[Tensor]:
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind())

    def __contains__(self, element: Any) -> bool:
        return bool(np.any(self.value == (element.value if isinstance(element, Tensor) else element)))


# Living tensors with a hook or a kept gradient, or of a user's function: backward looks for them only where there
# are any.
WATCHED: dict[int, weakref.ref[Tensor]] = {}


def watch(tensor: Tensor) -> None:
    """Let backward look at a tensor that is more than a value of its operation."""
    key = id(tensor)
    WATCHED[key] = weakref.ref(tensor, lambda _: WATCHED.pop(key, None))


def share_versions(tensor: Tensor) -> Versions:
    """The tensor's own counter of changes, which views may share."""
    if tensor.counter is NEVER:
        tensor.counter = Versions()
    return tensor.counter


def as_it_is(tensor: Tensor) -> Tensor:
    """A tensor that keeps the history and takes the hooks of one that is about to change."""
    before = _new(Tensor)
    before.value = tensor.value
    before.op, before.operands, before.versions, before.born = tensor.op, tensor.operands, tensor.versions, tensor.born
    before.counter = share_versions(tensor)
    if tensor.hooks is not None:
        before.hooks = tensor.hooks
        tensor.hooks = None
        watch(before)
    if tensor.step_hooks is not None:
        before.step_hooks, tensor.step_hooks = tensor.step_hooks, None
        watch(before)
    return before


def remembered(tensor: Tensor, before: Tensor) -> int:
    """Let those who read the tensor up to now find it as it was; the number of its version from now on."""
    version = tensor.counter.count
    if tensor.past is None:
        tensor.past = []
    tensor.past.append((version, before))
    return version
