"""`f.map`: the value and all partials at every point of equal-length columns."""

from __future__ import annotations

import numpy as np

from gradcli.api.call_mistakes import by_place
from gradcli.core.collector import Paused
from gradcli.domains.blocks.tape import BlockTape
from gradcli.domains.compiled.choice import PAST_CACHE, pays
from gradcli.domains.compiled.engine import is_installed, obstacle
from gradcli.errors import ExpressionError, UsageError
from gradcli.language.names import nfkc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Protocol

    from gradcli.core.graph import Graph
    from gradcli.language.program import Program

    class Formula(Protocol):
        """What is mapped, of gradcli.api.function.Function."""

        program: Program
        variables: tuple[str, ...]
        wrt: tuple[str, ...]
        block_tapes: dict[tuple[frozenset[str], str], Any]

        def binding(self, at: Mapping[str, Any]) -> Formula: ...
        def optimised(self, gradient: bool = True) -> Graph: ...


TYPES = ("float64", "float32")
EXECUTORS = ("blocks", "compiled")


def mapped(function: Formula, columns: Mapping[str, Any], *given: Any) -> tuple[Any, dict[str, Any]]:
    """See Function.map; given: what stands by place. Raises UsageError where the columns do not go together."""
    executors = [x for x in given if isinstance(x, str) and x in EXECUTORS]
    others = [x for x in given if not (isinstance(x, str) and x in EXECUTORS)]
    if len(others) > 1 or len(executors) > 1:
        raise by_place(given, function.variables, "map")
    dtype = others[0] if others else "float64"
    table = _table(dtype)
    if table is not None:
        columns = {**{x: table[x] for x in _names(table) if x in function.variables}, **columns}
        dtype = "float64"
    kind = _type(dtype)
    if "dtype" in columns and "dtype" not in function.variables:
        cure = f"the type comes first: f.map({columns['dtype']!r:.20}, x=xs)"
        raise UsageError("dtype is not a variable of the text", cure)
    given_columns = {nfkc(x): v for x, v in columns.items()}
    _same_index(given_columns)
    f = function.binding(given_columns)
    arrays = {x: _column(x, v) for x, v in given_columns.items()}
    scalars = {x: float(v) for x, v in arrays.items() if v.ndim == 0}
    for x in scalars:
        del arrays[x]
    length = _length(arrays)
    executor = executor_of(f, kind, length, *executors)
    tape = tape_of(f, frozenset(scalars), kind, executor, length >= PAST_CACHE)
    value, *partials = tape.run(arrays, scalars, length)
    return value, dict(zip(f.wrt, partials, strict=True))


def executor_of(f: Formula, dtype: str, points: int, wanted: str = "") -> str:
    """What runs f at so many points: "compiled" where that pays, or is wanted, else "blocks".

    Raises UsageError where there is no compiled code, and where the text has operations on whole arrays.
    """
    _refuse_whole(f)
    if wanted != "compiled":
        may = wanted != "blocks" and is_installed() and pays(f.optimised(True), points, dtype)
        return "compiled" if may and not obstacle() else "blocks"
    if obstacle():
        cure = 'f.map("blocks", x=xs) needs none of it' if is_installed() else "pip install 'gradcli[fast]'"
        raise UsageError(f"there is no compiled code here: {obstacle()}", cure)
    return wanted


def tape_of(f: Formula, scalars: frozenset[str], dtype: str, executor: str, past_cache: bool = False) -> Any:
    """The value and the partials of f for this executor. scalars: variables that are one number."""
    return _compiled_tape(f, scalars, dtype, past_cache) if executor == "compiled" else block_tape(f, scalars, dtype)


def _compiled_tape(f: Formula, scalars: frozenset[str], dtype: str, past_cache: bool) -> Any:
    from gradcli.domains.compiled.tape import CompiledTape

    key = (scalars, f"compiled {dtype}{' past the cache' if past_cache else ''}")
    if key not in f.block_tapes:
        with Paused():
            f.block_tapes[key] = CompiledTape(f.optimised(True), scalars, past_cache, dtype)
    return f.block_tapes[key]


def worst_tape(f: Formula, scalars: frozenset[str], given: Sequence[str], executor: str) -> Any:
    """What bounds the errors of the value and the partials for this executor, see gradcli.domains.graph_bounds."""
    from gradcli.domains.blocks.lacking import LACKS
    from gradcli.domains.compiled.kernels.lacking import LACKS as OF_KERNELS
    from gradcli.domains.compiled.tape import CompiledTape
    from gradcli.domains.graph_bounds import worst_of

    key = (scalars, f"worst {executor}")
    if key not in f.block_tapes:
        known = {name: units for name, (_, units) in OF_KERNELS.items()} if executor == "compiled" else LACKS
        with Paused():
            tape = CompiledTape if executor == "compiled" else BlockTape
            f.block_tapes[key] = tape(worst_of(f.optimised(True), given, scalars, known), scalars)
    return f.block_tapes[key]


def block_tape(f: Formula, scalars: frozenset[str], dtype: str = "float64") -> BlockTape:
    """The value and the partials of f in plain blocks; scalars: variables that are one number.

    Raises UsageError where the text has operations on whole arrays.
    """
    _refuse_whole(f)
    key = (scalars, dtype)
    if key not in f.block_tapes:
        with Paused():
            f.block_tapes[key] = BlockTape(f.optimised(True), scalars, dtype)
    found: BlockTape = f.block_tapes[key]
    return found


def _table(given: Any) -> Any:
    """A mapping, or a data frame of pandas, polars or pyarrow; None for what is none."""
    is_one = not isinstance(given, (str, type, np.dtype, np.ndarray)) and hasattr(given, "__getitem__")
    return given if is_one and any(hasattr(given, x) for x in ("keys", "columns", "column_names")) else None


def _names(table: Any) -> list[Any]:
    if hasattr(table, "keys"):
        return list(table.keys())
    return list(table.column_names if hasattr(table, "column_names") else table.columns)


def _same_index(columns: Mapping[str, Any]) -> None:
    """Raises UsageError where the rows of two Series have different labels: by place, others would meet."""
    series = [(x, v) for x, v in columns.items() if hasattr(v, "iloc") and hasattr(v, "index")]
    for x, v in series[1:]:
        first, other = series[0]
        if not v.index.equals(other.index):
            message = f"{first} and {x} have different indexes"
            raise UsageError(message, f"align them first, or give {first}.to_numpy() and {x}.to_numpy()")


def _type(dtype: Any) -> str:
    try:
        name = np.dtype(dtype).name
    except TypeError:
        name = ""
    if name not in TYPES:
        message = f"{' '.join(repr(dtype).split()):.60} is neither a type that map computes in nor an executor"
        types, executors = (" and ".join(f'"{x}"' for x in names) for names in (TYPES, EXECUTORS))
        cure = f"the types are {types}, the executors {executors}; columns are keywords: f.map(x=xs)"
        raise UsageError(message, cure)
    return name


def _refuse_whole(f: Formula) -> None:
    if not f.program.whole:
        return
    i = next(i for i, node in enumerate(f.program.nodes) if node[0].whole)
    name = f.program.nodes[i][0].name
    cure = "write the formula of one point; for one array as a whole call f(x=...) or f.value_and_grad(x=...)"
    message = f"{name} looks at a whole array, and here is one point at a time"
    raise ExpressionError(message, f.program.text, f.program.span(i), cure)


def _column(name: str, value: Any) -> Any:
    """A column as an array of real numbers, not copied where it is one; a number as an array of no axes."""
    if value is None:
        raise UsageError(f"{name} is None", "give a column of numbers, or one number")
    row = _first_missing(value)
    if row is not None:
        raise UsageError(
            f"{name} has no value in row {row} (the first row is 0)", "drop such rows, or fill them: NaN is a number"
        )
    if getattr(value, "num_chunks", 0) == 1 and hasattr(value, "chunk"):  # pyarrow would copy
        value = value.chunk(0)
    try:
        found = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        found = np.empty(0, "S1")
    if found.dtype.kind == "O":
        found = _numbers(name, found)
    if found.dtype.kind not in "biuf":
        message = f"{name} is neither a number nor a column of numbers: {value!r:.60}"
        raise UsageError(message, "give a 1-D array of NumPy, a Series or a list of numbers")
    if found.ndim > 1:
        raise UsageError(
            f"{name} has the shape {found.shape}; map takes columns", f"give {name}.ravel(), or one column of it"
        )
    return found


def _first_missing(value: Any) -> int | None:
    """The first row without a value in a column (masked, of pandas, polars, pyarrow) that tells such from NaN."""
    if len(getattr(value, "shape", (0,))) != 1:
        return None
    count = getattr(value, "null_count", None)
    if isinstance(value, np.ma.MaskedArray):
        gaps = np.ma.getmaskarray(value)
    elif count is not None:
        if not (count() if callable(count) else count):
            return None
        gaps = np.asarray(value.is_null())
    elif hasattr(value, "isna") and not isinstance(getattr(value, "dtype", None), np.dtype):
        gaps = np.asarray(value.isna())
    else:
        return None
    return int(gaps.argmax()) if gaps.any() else None


def _numbers(name: str, found: Any) -> Any:
    """Objects as float64. Raises UsageError with the row of the first that is no number."""
    try:
        if found.ndim != 1 or not any(v is None for v in found.tolist()):  # NumPy makes NaN of None
            return found.astype(np.float64)
    except (ValueError, TypeError, OverflowError):
        pass
    for row, v in enumerate(found.tolist() if found.ndim == 1 else ()):
        try:
            float(v)
        except (ValueError, TypeError, OverflowError):
            message = f"{name} has no number in row {row} (the first row is 0): {v!r:.60}"
            raise UsageError(message, "drop such rows, or fill them: NaN is a number") from None
    return np.empty(0, "S1")


def _length(arrays: Mapping[str, Any]) -> int:
    if not arrays:
        raise UsageError("map needs at least one array", "for one point call f.value_and_grad(x=...)")
    lengths = {x: len(v) for x, v in arrays.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{x} has {n}" for x, n in lengths.items())
        raise UsageError(
            f"the columns differ in length: {told}", "give columns of one length, and numbers for the rest"
        )
    return next(iter(lengths.values()))
