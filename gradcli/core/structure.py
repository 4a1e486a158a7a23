"""Operations that build and take apart arrays. The language has them; executors follow."""

from __future__ import annotations

from gradcli.core.op import Op

NOTHING = Op("nothing", "", about="a place left empty: `None`, the open end of a slice", leaf=True)
ELLIPSIS = Op("ellipsis", "", about="`...` in an index: as many `:` as fit", leaf=True)
ARRAY = Op("array", "*x", about="an array of its elements along a new first axis", example="[1, 2, 3]")
TUPLE = Op("tuple", "*x", about="several results, or several axes", example="1, 2")
INDEX = Op("index", "x, *index", about="elements of an array", example="[1, 2, 3][0]")
SLICE = Op("slice", "start, stop, step", about="a range of indices", example="[1, 2, 3][0:2]")
MATMUL = Op("matmul", "x, y", about="the matrix product", example="[1, 2] @ [3, 4]", symbol="@", precedence=7)
TRANSPOSE = Op("transpose", "x", about="the array with its axes reversed", example="[[1, 2], [3, 4]].T")

ARRAYS = frozenset((NOTHING, ELLIPSIS, ARRAY, INDEX, SLICE, MATMUL, TRANSPOSE))

# Functions that need an axis or elements: known, so that nobody is told that `sum` is a typo.
FUNCTIONS = frozenset(
    (
        *("sum", "mean", "prod", "var", "std", "norm", "dot", "matmul", "outer", "transpose", "reshape", "cumsum"),
        *("softmax", "log_softmax", "logsumexp", "trace", "det", "inv", "solve", "diag", "concatenate", "cat", "stack"),
        *("linear", "mse_loss", "cross_entropy", "amax", "amin", "argmax", "argmin", "any", "all"),
    )
)
