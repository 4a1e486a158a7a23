"""Linear algebra: products, determinants, inverses and systems of equations."""

from __future__ import annotations

from gradcli.core.op import LIKE, STRUCTURE, Op
from gradcli.core.ops.arrays import narrowed
from gradcli.core.ops.reductions import products_of_others
from gradcli.core.ops.sums import is_rounded
from gradcli.core.structure import ArrayMisuseError, whole_number
from gradcli.core.trace import fn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gradcli.core.op import Array


def _product(np: Any, x: Array, y: Array) -> Array:
    if not np.ndim(x) and not np.ndim(y):
        raise ArrayMisuseError(" multiplies matrices, and these are numbers", "write a*b", told=True)
    if not np.ndim(x) or not np.ndim(y):
        raise ArrayMisuseError(" multiplies matrices, and one of these is a number", "write a*b", told=True)
    return np.matmul(x, y)


def _left_of_product(np: Any, g: Array, like: Array, y: Array) -> Array:
    """The gradient of sum(g * (like @ y)) by `like`."""
    shape = np.shape(like)
    if np.ndim(y) == 1:
        g, y = np.asarray(g)[..., None], np.asarray(y)[:, None]
    if len(shape) == 1:
        return narrowed(np, np.matmul(y, np.asarray(g)[..., None])[..., 0], shape)
    return narrowed(np, np.matmul(g, np.swapaxes(y, -1, -2)), shape)


def _right_of_product(np: Any, g: Array, x: Array, like: Array) -> Array:
    """The gradient of sum(g * (x @ like)) by `like`."""
    shape = np.shape(like)
    if np.ndim(x) == 1:
        g = np.asarray(g)[None] if len(shape) == 1 else np.asarray(g)[..., None, :]
        x = np.asarray(x)[None, :]
    x = np.swapaxes(x, -1, -2)
    if len(shape) == 1:
        return narrowed(np, np.matmul(x, np.asarray(g)[..., None])[..., 0], shape)
    return narrowed(np, np.matmul(x, g), shape)


def _square(np: Any, x: Array) -> Array:
    shape = np.shape(x)
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ArrayMisuseError("it needs a square matrix")


def _trace(np: Any, x: Array) -> Array:
    if np.ndim(x) != 2:
        raise ArrayMisuseError("it needs a matrix")
    return np.trace(x)


def _det(np: Any, x: Array) -> Array:
    """By NumPy: the pivots that PyTorch multiplies (gradcli.tensors.lapack) need SciPy, which takes 0.2 s to load."""
    _square(np, x)
    y = np.linalg.det(x)
    if not is_rounded(y):
        return y
    near, scale = _near_one(np, x)  # NumPy goes by the logarithm, of which a large one loses digits
    y = np.ldexp(np.linalg.det(near), np.trace(scale, axis1=-2, axis2=-1))
    return np.where(np.isnan(x).any(axis=(-2, -1)), np.nan, y)[()]


def _near_one(np: Any, x: Array) -> tuple[Array, Array]:
    """The matrix, its rows and columns divided by powers of two so that no largest element is far from 1; exponents."""
    scale = np.zeros((), dtype=np.int64)
    for axis in (-1, -2):
        _, by = np.frexp(np.max(np.abs(x), axis=axis, keepdims=True, initial=0.0))
        by = np.where(np.isfinite(x).all(axis=axis, keepdims=True), by, 0)
        x, scale = np.ldexp(x, -by), scale + by
    return x, scale


def _logdet(np: Any, x: Array) -> Array:
    _square(np, x)
    sign, size = np.linalg.slogdet(x)
    return np.where(sign < 0, np.nan, size)[()]


def _slogdet(np: Any, x: Array) -> Array:
    _square(np, x)
    return np.stack(np.linalg.slogdet(x))


def _cofactor(np: Any, x: Array) -> Array:
    """det(x) * inv(x).T, also of singular matrices: of x = u s v it is det(u) det(v) u others(s) v."""
    _square(np, x)
    if not np.isfinite(x).all():
        return np.full(np.shape(x), np.nan)
    near, scale = _near_one(np, x)
    total = np.trace(scale, axis1=-2, axis2=-1)[..., None, None]
    return np.ldexp(_moderate_cofactor(np, near), total - scale)


def _moderate_cofactor(np: Any, x: Array) -> Array:
    u, s, v = np.linalg.svd(x)
    return _turn(np, u, v) * np.matmul(u * products_of_others(np, s)[..., None, :], v)


def _turn(np: Any, u: Array, v: Array) -> Array:
    """det(u) det(v), 1 or -1, to multiply matrices with."""
    return np.round(np.linalg.det(u) * np.linalg.det(v))[..., None, None]


def _cofactor_along(np: Any, x: Array, g: Array) -> Array:
    """The derivative of cofactor(x) in the direction g, without a division by singular values.

    Of a diagonal matrix s it has at (i, j) minus g[j, i] times the product of all s but two,
    and on the diagonal the sum over j of g[j, j] times that product.
    """
    if not (np.isfinite(x).all() and np.isfinite(g).all()):
        return np.full(np.shape(x), np.nan)
    u, s, v = np.linalg.svd(x)
    n = s.shape[-1]
    turned = np.matmul(np.swapaxes(u, -1, -2), np.matmul(g, np.swapaxes(v, -1, -2)))
    left_out = np.eye(n, dtype=bool)
    left_out = left_out[:, None, :] | left_out[None, :, :]
    without = np.prod(np.where(left_out, 1.0, s[..., None, None, :]), axis=-1)
    without[..., range(n), range(n)] = 0.0
    inner = -np.swapaxes(turned, -1, -2) * without
    inner[..., range(n), range(n)] = np.matmul(without, np.diagonal(turned, axis1=-2, axis2=-1)[..., None])[..., 0]
    return _turn(np, u, v) * np.matmul(u, np.matmul(inner, v))


def _inv(np: Any, x: Array) -> Array:
    _square(np, x)
    try:
        return _nowhere(np, np.linalg.inv(x), x)
    except np.linalg.LinAlgError:
        return np.full(np.shape(x), np.nan)


def _nowhere(np: Any, y: Array, x: Array) -> Array:
    """NaN where a matrix is not finite: LAPACK gives numbers here and there."""
    finite = np.isfinite(x).all(axis=(-2, -1), keepdims=True) if is_rounded(y) else np.True_
    return y if finite.all() else np.where(finite, y, np.nan)


def _solve(np: Any, a: Array, b: Array) -> Array:
    _square(np, a)
    if not np.ndim(b):
        raise ArrayMisuseError("the right-hand side is a vector or a matrix")
    vector = np.ndim(b) == 1
    try:
        y = _nowhere(np, np.linalg.solve(a, np.asarray(b)[:, None] if vector else b), a)
    except np.linalg.LinAlgError:
        shape = np.broadcast_shapes(np.shape(a)[:-2], np.shape(b)[:-2])
        y = np.full((*shape, *np.shape(b)[-2:], *((1,) if vector else ())), np.nan)
    return y[..., 0] if vector else y


def _diag(np: Any, x: Array, k: Array) -> Array:
    if np.ndim(x) not in (1, 2):
        raise ArrayMisuseError("it needs a vector or a matrix")
    return np.diag(x, whole_number(k))


def _diag_back(np: Any, g: Array, like: Array, k: Array) -> Array:
    k, shape = whole_number(k), np.shape(like)
    if len(shape) == 1:
        return np.diagonal(g, k)
    out = np.zeros(shape, dtype=np.result_type(g))
    rows = np.arange(np.size(g)) + max(-k, 0)
    out[rows, rows + k] = g
    return out


def _linear(np: Any, x: Array, weight: Array, bias: Array) -> Array:
    if not np.ndim(x) or not np.ndim(weight):
        raise ArrayMisuseError("x and weight are arrays")
    product = np.matmul(x, np.transpose(weight))
    y = np.add(product, bias)
    if np.shape(y) != np.shape(product):
        raise ArrayMisuseError("the bias has more elements than there are outputs")
    return y


def _inner(a: Array, b: Array) -> Array:
    """The sum of the products of all elements of two matrices, as a matrix of one."""
    return fn.sum(fn.sum(a * b, -1, 1), -2, 1)


def _chain(a: Array, b: Array, c: Array) -> Array:
    return fn.matmul(fn.matmul(a, fn.swapaxes(b, -1, -2)), c)


def _along_by_x(h: Array, r: Array, x: Array, g: Array) -> Array:
    """The third derivative of det, from cofactor_along = (sum(g*y)*y - y @ g.T @ y)/det; not at singular matrices."""
    y = fn.cofactor(x)
    inside = _inner(h, y) * g + _inner(g, y) * h - _chain(h, y, g) - _chain(g, y, h)
    return (fn.cofactor_along(x, inside) - _inner(h, r) * y) / fn.unsqueeze(fn.unsqueeze(fn.det(x), -1), -1)


def _det_slope(g: Array, y: Array, x: Array) -> Array:
    return fn.unsqueeze(fn.unsqueeze(g, -1), -1) * fn.cofactor(x)


def _inv_slope(g: Array, y: Array, x: Array) -> Array:
    turned = fn.swapaxes(y, -1, -2)
    return -fn.matmul(fn.matmul(turned, g), turned)


def _solve_by_a(g: Array, y: Array, a: Array, b: Array) -> Array:
    return -fn.left_of_product(fn.solve(fn.swapaxes(a, -1, -2), g), a, y)


def _ones(x: Array) -> Array:
    return fn.match(1.0, x)


def _logdet_slope(g: Array, x: Array) -> Array:
    return fn.unsqueeze(fn.unsqueeze(g, -1), -1) * fn.swapaxes(fn.inv(x), -1, -2)


def _of_its_matrix(g: Array, y: Array, x: Array) -> Array:
    return fn.match(fn.any(fn.any(g, -1, 1), -2, 1), x)


ROWS = (
    Op(
        "matmul", "x, y",
        aliases="mm mv bmm dot vdot", about="the matrix product", example="[1, 2] @ [3, 4]", symbol="@", precedence=7,
        domain="vectors and matrices", whole=True,
        on_array=_product,
        reach=(
            lambda g, r, x, y: fn.left_of_product(g, x, _ones(y)),
            lambda g, r, x, y: fn.right_of_product(g, _ones(x), y),
        ),
        vjp=(lambda g, r, x, y: fn.left_of_product(g, x, y), lambda g, r, x, y: fn.right_of_product(g, x, y)),
        promotes=True, fresh=True, integral=True,
        underflow=lambda x, y: (abs(x) @ abs(y) == 0) & ((x != 0) @ (y != 0)),
    ),
    Op(
        "left_of_product", "g, like, y",
        about="the gradient of sum(g*(x @ y)) by x; serves the rule of @",
        example="left_of_product(1, [2, 3], [4, 5])", whole=True,
        on_array=_left_of_product,
        reach=(
            lambda h, r, g, like, y: fn.match(fn.matmul(h, _ones(y)), g),
            None,
            lambda h, r, g, like, y: fn.right_of_product(_ones(g), h, y),
        ),
        vjp=(
            lambda h, r, g, like, y: fn.matmul(h, y),
            LIKE,
            lambda h, r, g, like, y: fn.right_of_product(g, h, y),
        ),
        internal=True, torch="Mm",
        fresh=True,
    ),
    Op(
        "right_of_product", "g, x, like",
        about="the gradient of sum(g*(x @ y)) by y; serves the rule of @",
        example="right_of_product(1, [2, 3], [4, 5])", whole=True,
        on_array=_right_of_product,
        reach=(
            lambda h, r, g, x, like: fn.match(fn.matmul(_ones(x), h), g),
            lambda h, r, g, x, like: fn.left_of_product(_ones(g), x, h),
        ),
        vjp=(
            lambda h, r, g, x, like: fn.matmul(x, h),
            lambda h, r, g, x, like: fn.left_of_product(g, x, h),
            LIKE,
        ),
        internal=True, torch="Mm",
        fresh=True,
    ),
    Op(
        "outer", "x, y",
        aliases="ger", about="the outer product: every element of x times every one of y",
        example="outer([1, 2], [3, 4])", whole=True,
        reach=(
            lambda g, r, x, y: fn.reshape_like(fn.any(g, 1, 0), x),
            lambda g, r, x, y: fn.reshape_like(fn.any(g, 0, 0), y),
        ),
        vjp=(
            lambda g, r, x, y: fn.reshape_like(fn.matmul(g, fn.flatten(y, 0, -1)), x),
            lambda g, r, x, y: fn.reshape_like(fn.matmul(fn.flatten(x, 0, -1), g), y),
        ),
        torch="Mul", promotes=True, fresh=True, integral=True,
        definition="unsqueeze(flatten(x), 1)*flatten(y)",
    ),
    Op(
        "linear", "x, weight, bias=0",
        about="a layer of a network: x @ weight.T + bias", example="linear([1, 2], [[3, 4]], [5])", whole=True,
        definition="x @ weight.T + bias",
        on_array=_linear,
        reach=(
            lambda g, r, x, weight, bias: fn.left_of_product(g, x, fn.transpose(_ones(weight))),
            lambda g, r, x, weight, bias: fn.transpose(fn.right_of_product(g, _ones(x), fn.transpose(weight))),
            lambda g, r, x, weight, bias: fn.match(g, bias),
        ),
        vjp=(
            lambda g, r, x, weight, bias: fn.left_of_product(g, x, fn.transpose(weight)),
            lambda g, r, x, weight, bias: fn.transpose(fn.right_of_product(g, x, fn.transpose(weight))),
            lambda g, r, x, weight, bias: g,
        ),
        torch=None, promotes=True, integral=True,
    ),
    Op(
        "trace", "x",
        about="the sum of the diagonal", example="trace([[1, 2], [3, 4]])", domain="matrices", whole=True,
        on_array=_trace,
        vjp=(lambda g, r, x: fn.where(fn.eye_like(x), g, 0),),
        active=(lambda r, x: fn.eye_like(x) != 0,),
        definition="sum(diag(x))",
    ),
    Op(
        "eye_like", "x",
        about="ones on the diagonal, in the shape of x; serves the rules of trace and others",
        example="eye_like([[5, 6], [7, 8]])", whole=True,
        on_array=lambda np, x: np.broadcast_to(np.eye(*np.shape(x)[-2:]), np.shape(x)),
        vjp=(LIKE,),
        internal=True,
    ),
    Op(
        "det", "x",
        about="the determinant", example="det([[1, 2], [3, 4]])", domain="square matrices", whole=True,
        on_array=_det, vjp=(_det_slope,), reach=(lambda g, y, x: fn.match(fn.unsqueeze(fn.unsqueeze(g, -1), -1), x),),
        torch="LinalgDet",
    ),
    Op(
        "cofactor", "x",
        about="the matrix of cofactors, the gradient of det", example="cofactor([[1, 2], [3, 4]])",
        domain="square matrices", whole=True,
        on_array=_cofactor, vjp=(lambda g, r, x: fn.cofactor_along(x, g),), reach=(_of_its_matrix,),
    ),
    Op(
        "cofactor_along", "x, g",
        about="the derivative of cofactor in the direction g; serves its rule",
        example="cofactor_along([[1, 2], [3, 4]], [[1, 0], [0, 0]])", domain="square matrices", whole=True,
        on_array=_cofactor_along, vjp=(_along_by_x, lambda h, r, x, g: fn.cofactor_along(x, h)),
        internal=True,
    ),
    Op(
        "inv", "x",
        aliases="inverse", about="the inverse matrix", example="inv([[1, 2], [3, 4]])",
        domain="square matrices that are not singular", whole=True,
        on_array=_inv, vjp=(_inv_slope,), reach=(_of_its_matrix,),
        torch="LinalgInvEx", fresh=True,
    ),
    Op(
        "solve", "a, b",
        about="the x with a @ x = b", example="solve([[1, 2], [3, 4]], [5, 6])",
        domain="square matrices that are not singular", whole=True,
        on_array=_solve,
        vjp=(_solve_by_a, lambda g, y, a, b: fn.solve(fn.swapaxes(a, -1, -2), g)),
        torch="LinalgSolveEx", promotes=True, fresh=True,
    ),
    Op(
        "diag", "x, k=0",
        about="the diagonal of a matrix, or a matrix with this diagonal", example="diag([1, 2])", whole=True,
        on_array=_diag,
        vjp=(lambda g, y, x, k: fn.diag_back(g, x, k), STRUCTURE),
        active=(lambda y, x, k: fn.diag_back(fn.match(1.0, y), x, k) != 0, None),
        torch="DiagEmbed",
    ),
    Op(
        "diag_back", "x, like, k",
        about="the diagonal put back into zeros, or taken out again; serves the rule of diag",
        example="diag_back([1, 2], [[3, 4], [5, 6]], 0)", whole=True,
        on_array=_diag_back,
        vjp=(lambda g, y, x, like, k: fn.diag(g, k), LIKE, STRUCTURE),
        internal=True,
    ),
    Op(
        "logdet", "x",
        about="the logarithm of the determinant, without overflow", example="logdet([[2, 1], [1, 3]])",
        definition="log(det(x))", domain="square matrices with det(x) >= 0", whole=True,
        on_array=_logdet, reach=(lambda g, y, x: fn.match(fn.unsqueeze(fn.unsqueeze(g, -1), -1), x),),
        vjp=(lambda g, y, x: _logdet_slope(g, x),),
        torch="LinalgSlogdet",
    ),
    Op(
        "slogdet", "x",
        about="the sign of the determinant and the logarithm of its size, one after the other",
        example="slogdet([[1, 2], [3, 4]])", definition="[sign(det(x)), log(abs(det(x)))]", domain="square matrices",
        whole=True, on_array=_slogdet,
        reach=(lambda g, y, x: fn.match(fn.unsqueeze(fn.unsqueeze(fn.index(g, 1), -1), -1), x),),
        vjp=(lambda g, y, x: _logdet_slope(fn.index(g, 1), x),),
        torch="LinalgSlogdet", fresh=True,
    ),
)  # fmt: skip
