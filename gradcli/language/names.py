"""Names of the language: constants, functions and their signatures, prefixes of pasted code."""

from __future__ import annotations

from gradcli.core.families import ALIASES, INTERNAL
from gradcli.core.op import Op
from gradcli.core.table import FAMILY_OF, by_name

# Every name of a row, with the row's own. A call with so many arguments by place, or with such a keyword, may be
# another row.
FUNCTIONS = {name: row for row in FAMILY_OF for name in (row, *ALIASES.get(row, "").split())}
OVERLOADS: dict[tuple[str, int | str], str] = {
    ("log", 2): "log_base", ("log", "base"): "log_base",
    ("max", 1): "amax", ("min", 1): "amin",
    **{("norm", k): "pnorm" for k in (2, 3, 4, "p", "ord")},
    ("transpose", 3): "swapaxes", ("transpose", "dim0"): "swapaxes",
    ("transpose", 2): "permute", ("transpose", "axes"): "permute",
}  # fmt: skip
NUMPY = frozenset(("np", "numpy", "jnp", "jax.numpy"))
# There the second argument of these is an axis, else max(x, 0) is elementwise; and of two middle elements the mean.
EXTREMES = {"max": "amax", "min": "amin", "median": "middle"}
# Defaults of a library that are others: NumPy divides by n, SciPy goes over all elements.
DEFAULTS = {
    **dict.fromkeys(("var", "std"), (NUMPY, {"correction": "0"})),
    **dict.fromkeys(("softmax", "log_softmax"), (frozenset(("scipy.special", "special")), {"axis": "None"})),
}
# Their axis is the last one by default, and axis=None means all elements.
ALL_BY_NONE = frozenset(("sort", "softmax", "log_softmax"))
# Of these PyTorch gives a pair, the values and their places, where it goes along an axis.
PAIRS = {"max": "amax", "min": "amin", "sort": "sort", "median": "median"}
# Methods that are no functions.
METHODS = {"t": "transpose"}
# Parameters that take a tuple of whole numbers.
SEVERAL = frozenset(("axis", "*shape", "*axes", "*index"))

# What pasted code writes before a function or a constant.
PREFIXES = frozenset(
    (
        *("math", "np", "numpy", "np.linalg", "numpy.linalg", "jnp", "jax.numpy", "jnp.linalg", "jax.lax", "lax"),
        *("torch", "torch.special", "torch.linalg", "torch.nn.functional", "nn.functional", "F"),
        *("scipy.special", "jax.scipy.special", "special"),
    )
)
PREFIX_HEADS = frozenset(prefix.partition(".")[0] for prefix in PREFIXES)

# The same words in a library that means something else by them.
_STEPS = "differences of neighbours are x[1:] - x[:-1]; a derivative is diff(x**2, x)"
DIFFERENT = {
    **{(library, "diff"): _STEPS for library in ("np", "numpy", "torch", "jnp", "jax")},
    ("math", "remainder"): "math.remainder rounds to nearest, which gradcli lacks; x % y takes the floor",
}

# Keywords of NumPy and PyTorch for a parameter of ours.
KEYWORD_ALIASES = {
    "dim": "axis", "dims": "axis", "keepdims": "keepdim", "unbiased": "correction", "ddof": "correction", "ord": "p",
    "a_min": "min", "a_max": "max", "dim0": "axis0", "dim1": "axis1",
    "A": "a", "B": "b", "offset": "k", "diagonal": "k", "tensors": "x", "arrays": "x",
}  # fmt: skip
# And for a parameter by its place.
KEYWORD_PLACES = {"input": 0, "self": 0, "x1": 0, "a": 0, "other": 1, "x2": 1, "exponent": 1}
# Of a method, where the value is not the first parameter (PyTorch).
METHOD_ORDERS = {"where": ["x", "condition", "y"], "polygamma": ["x", "n"]}


class Parameter:
    """One parameter of a signature: its name and the text of its default, or None."""

    __slots__ = ("default", "name")

    def __init__(self, name: str, default: str | None) -> None:
        self.name = name
        self.default = default


_parameters: dict[str, list[Parameter]] = {}


def parameters(op: Op) -> list[Parameter]:
    """The parameters of a row, in order; `*x` is one parameter whose name keeps the star."""
    if op.name not in _parameters:
        parsed = []
        for part in op.signature.split(","):
            name, _, default = part.strip().partition("=")
            parsed.append(Parameter(name, default or None))
        _parameters[op.name] = parsed
    return _parameters[op.name]


def called(name: str) -> Op | None:
    """The row that has this name, or None."""
    row = FUNCTIONS.get(name)
    return None if row is None else by_name(row)


def public_names() -> list[str]:
    """The names of functions to tell of."""
    hidden = INTERNAL.split()
    return [name for name, row in FUNCTIONS.items() if row not in hidden]


_direct: dict[str, int] = {}


def direct(op: Op) -> int:
    """With how many arguments, all by place, a call is its row on these as they are; 0 where it may be another."""
    if op.name not in _direct:
        count = len(parameters(op))
        _direct[op.name] = 0 if op.whole or op.variadic or (op.name, count) in OVERLOADS else count
    return _direct[op.name]


def nfkc(name: str) -> str:
    """The name under which a spelling is known: `µ` (micro) is `μ` (mu)."""
    if name.isascii():
        return name
    import unicodedata

    return unicodedata.normalize("NFKC", name)
