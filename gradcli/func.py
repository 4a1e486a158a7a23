"""Gradients of functions: `grad`, `vjp`, `jvp`, `jacrev`, `jacfwd`, `hessian`, one within another, and `vmap`.

>>> import gradcli as torch
>>> x = torch.tensor(2.0)
>>> grad(lambda x: x**3)(x)
tensor(12.)
>>> grad(grad(lambda x: x**3))(x)
tensor(12.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.tensors.creation import zeros_like
from gradcli.tensors.grad_mode import MODE, enable_grad
from gradcli.tensors.history import LEAF
from gradcli.tensors.jacobians import along, grads, rows
from gradcli.tensors.random import default_generator
from gradcli.tensors.running import collect
from gradcli.tensors.shapes import stack
from gradcli.tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def _leaves(value: Any) -> list[Tensor]:
    """The tensors in tuples, lists and dicts."""
    if isinstance(value, Tensor):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else ()
    return [x for part in parts for x in _leaves(part)]


def _with(value: Any, tensors: Iterable[Any]) -> Any:
    """The same tuples, lists and dicts with other tensors."""
    rest = iter(tensors)

    def fill(part: Any) -> Any:
        if isinstance(part, Tensor):
            return next(rest)
        if isinstance(part, dict):
            return {k: fill(v) for k, v in part.items()}
        if isinstance(part, (tuple, list)):
            filled = [fill(v) for v in part]
            return type(part)(*filled) if hasattr(part, "_fields") else type(part)(filled)
        return part

    return fill(value)


def _own(values: list[Tensor]) -> list[Tensor]:
    """Tensors that this transformation differentiates by: they hide what the caller differentiates by."""
    further = MODE.recording  # else nothing beyond this transformation is differentiated
    return [x.view_as(x) if x.requires_grad and further else x.detach().requires_grad_() for x in values]


def _settled(result: Tensor, own: list[Tensor]) -> Tensor:
    """A result without a history where it depends on nothing but this transformation's own tensors."""
    if not result.requires_grad:
        return result
    mine = {id(x) for x in own if x.is_leaf}
    queue, _, _ = collect(result)
    return result if any(t.op is LEAF and id(t) not in mine for t in queue) else result.detach()


def _at(args: tuple[Any, ...], argnums: Any) -> tuple[Any, tuple[int, ...]]:
    places = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    for k in places:
        if not -len(args) <= k < len(args):
            raise RuntimeError(f"Got argnum={k}, but only {len(args)} positional inputs")
    chosen = tuple(args[k] for k in places)
    return (chosen[0] if isinstance(argnums, int) else chosen), tuple(k % len(args) for k in places)


def _differentiable(args: tuple[Any, ...], argnums: Any) -> tuple[Any, list[Tensor], list[Any]]:
    """What is differentiated by, leaves of its own in its place, and all arguments with these."""
    chosen, places = _at(args, argnums)
    own = _own(_leaves(chosen))
    replaced = _with(chosen, own)
    given = list(args)
    for k, value in zip(places, (replaced,) if isinstance(argnums, int) else replaced, strict=True):
        given[k] = value
    return chosen, own, given


def grad_and_value(func: Callable[..., Any], argnums: Any = 0, has_aux: bool = False) -> Callable[..., Any]:
    """A function that gives (gradient, value); with has_aux func gives (value, more) and so does this."""

    def wrapper(*args: Any, **options: Any) -> Any:
        chosen, own, given = _differentiable(args, argnums)
        with enable_grad():
            output = func(*given, **options)
            output, aux = output if has_aux else (output, None)
            if not isinstance(output, Tensor):
                raise RuntimeError(
                    f"grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got {type(output)}"
                )
            if output.ndim:
                raise RuntimeError(
                    "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with "
                    f"{output.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead? Or add .sum()"
                )
            found = grads(output, own, None, True)
        gradient = _with(chosen, [_settled(g, own) for g in found])
        value = _settled(output, own)
        more = _with(aux, [_settled(t, own) for t in _leaves(aux)])
        return (gradient, (value, more)) if has_aux else (gradient, value)

    return wrapper


def grad(func: Callable[..., Any], argnums: Any = 0, has_aux: bool = False) -> Callable[..., Any]:
    """A function that gives the gradient of func by the argument at argnums."""

    def wrapper(*args: Any, **options: Any) -> Any:
        gradient, value = grad_and_value(func, argnums, has_aux)(*args, **options)
        return (gradient, value[1]) if has_aux else gradient

    return wrapper


def vjp(func: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """(func(*primals), a function from weights of its outputs to the gradients of the primals)."""
    own = _own(_leaves(primals))
    with enable_grad():
        output = func(*_with(primals, own))
    output, aux = output if has_aux else (output, None)
    outputs = _leaves(output)

    def pull(*weights: Any, **options: Any) -> Any:
        given = _leaves(weights)
        if len(given) != len(outputs):
            raise RuntimeError("Expected pytree structure of cotangents to be the same as pytree structure of outputs")
        totals: list[Any] = [None] * len(own)
        with enable_grad():
            for y, w in zip(outputs, given, strict=True):
                found = grads(y, own, w, True)
                totals = [g if t is None else t + g for t, g in zip(totals, found, strict=True)]
        asked = MODE.recording
        return _with(primals, [_settled(g, own) if asked else g.detach() for g in totals])

    value = _with(output, [_settled(y, own) for y in outputs])
    more = _with(aux, [_settled(t, own) for t in _leaves(aux)])
    return (value, pull, more) if has_aux else (value, pull)


def jvp(func: Callable[..., Any], primals: Any, tangents: Any, *, has_aux: bool = False) -> Any:
    """(func(*primals), its derivative along the tangents), by differentiating a vjp.

    Raises RuntimeError for what is no tuple.
    """
    if not isinstance(primals, tuple):
        raise RuntimeError(
            "jvp(f, primals, tangents): Expected primals to be a tuple. E.g. it should be valid to call f(*primals)."
        )
    own = _own(_leaves(primals))
    directions = _leaves(tangents)
    if len(own) != len(directions):
        raise RuntimeError(
            "jvp(f, primals, tangents): Expected primals and tangents to have the same python structure."
        )
    for x, direction in zip(own, directions, strict=True):
        if x.shape != direction.shape:
            raise RuntimeError(
                "Trying to set a forward gradient that has a different size than that of the original Tensor, this is "
                f"not supported. Tensor is of size {list(x.shape)} while the given forward gradient is of size "
                f"{list(direction.shape)}."
            )
    with enable_grad():
        output = func(*_with(primals, own))
        output, aux = output if has_aux else (output, None)
        outputs = _leaves(output)
        pairs = [along(y, own, directions, True) for y in outputs]
    own += [weight for _, weight in pairs]
    value = _with(output, [_settled(y, own) for y in outputs])
    tangent = _with(output, [_settled(t, own) for t, _ in pairs])
    more = _with(aux, [_settled(t, own) for t in _leaves(aux)])
    return (value, tangent, more) if has_aux else (value, tangent)


def linearize(func: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """(func(*primals), a function from tangents to the derivative along them)."""
    value = jvp(func, primals, _with(primals, [zeros_like(x) for x in _leaves(primals)]))[0]
    return value, lambda *tangents: jvp(func, primals, tangents)[1]


def jacrev(func: Callable[..., Any], argnums: Any = 0, *, has_aux: bool = False, **others: Any) -> Callable[..., Any]:
    """A function that gives the Jacobian of func by the argument at argnums, a row of the output after the other."""

    def wrapper(*args: Any, **options: Any) -> Any:
        chosen, own, given = _differentiable(args, argnums)
        with enable_grad():
            output = func(*given, **options)
            output, aux = output if has_aux else (output, None)
            if not _leaves(output):
                raise RuntimeError(
                    "vjp(f, *primals): expected f(*primals) to return only tensors, got unsupported type "
                    f"{type(output)}"
                )
            blocks = [_with(chosen, [_settled(b, own) for b in rows(y, own)]) for y in _leaves(output)]
            more = _with(aux, [_settled(t, own) for t in _leaves(aux)])
        result = _with(output, blocks)
        return (result, more) if has_aux else result

    return wrapper


jacfwd = jacrev  # the same numbers


def hessian(func: Callable[..., Any], argnums: Any = 0) -> Callable[..., Any]:
    """A function that gives the second derivatives of func by the argument at argnums."""
    return jacfwd(jacrev(func, argnums), argnums)


def vmap(func: Callable[..., Any], in_dims: Any = 0, out_dims: Any = 0, **others: Any) -> Callable[..., Any]:
    """A function that calls func with each part of its arguments along an axis, and joins what it gives."""

    def wrapper(*args: Any, **options: Any) -> Any:
        dims = in_dims if isinstance(in_dims, (tuple, list)) else (in_dims,) * len(args)
        name = getattr(func, "__name__", repr(func))
        if len(dims) != len(args):
            raise ValueError(
                f"vmap({name}, in_dims={in_dims}, ...)(<inputs>): in_dims is not compatible with the structure of "
                f"inputs. in_dims has {len(dims)} entries but there are {len(args)} inputs"
            )
        axes = [_axes_of(a, d) for a, d in zip(args, dims, strict=True)]
        for a, places in zip(args, axes, strict=True):
            for x, d in zip(_leaves(a), places, strict=True):
                if d is not None and not -x.ndim <= d < x.ndim:
                    raise ValueError(
                        f"vmap({getattr(func, '__name__', func)}, in_dims={in_dims}, ...)(<inputs>): Got in_dim={d} "
                        f"for some input, but that input is a Tensor of dimensionality {x.ndim} so expected in_dim to "
                        f"satisfy -{x.ndim} <= in_dim < {x.ndim}."
                    )
        if not args:
            raise ValueError(
                f"vmap({name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to vmap "
                "over a function with no inputs. The latter is unsupported."
            )
        sizes = [x.shape[d] for a, places in zip(args, axes, strict=True)
                 for x, d in zip(_leaves(a), places, strict=True) if d is not None]  # fmt: skip
        if len(set(sizes)) != 1:
            raise ValueError(
                "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
                f"{list(dict.fromkeys(sizes))} for the mapped dimension"
            )
        state = default_generator.get_state() if others.get("randomness") == "same" else None
        results = []
        for k in range(sizes[0]):
            if state is not None:
                default_generator.set_state(state)
            parts = [_with(a, [x if d is None else x.select(d, k) for x, d in zip(_leaves(a), places, strict=True)])
                     for a, places in zip(args, axes, strict=True)]  # fmt: skip
            results.append(func(*parts, **options))
        first = results[0]
        if isinstance(out_dims, tuple) and isinstance(first, tuple):
            return type(first)(_joined([r[k] for r in results], d, name) for k, d in enumerate(out_dims))
        return _joined(results, out_dims, name)

    return wrapper


def _axes_of(value: Any, dims: Any) -> list[Any]:
    """The axis of each tensor in tuples, lists and dicts: one for all, or one in the same place."""
    if isinstance(dims, dict):
        return [d for key, part in value.items() for d in _axes_of(part, dims[key])]
    if isinstance(dims, (tuple, list)):
        return [d for part, axis in zip(value, dims, strict=True) for d in _axes_of(part, axis)]
    return [dims] * len(_leaves(value))


def _joined(results: list[Any], dim: Any, name: str) -> Any:
    """What each call of a mapped function gave, stacked along a new axis. Raises ValueError for what is no tensor."""
    columns = [list(column) for column in zip(*[_leaves(r) for r in results], strict=True)]
    if not columns:
        raise ValueError(
            f"vmap({name}, ...): `{name}` must only return Tensors, got type {type(results[0])}. Did you mean to set "
            "out_dims= to None for output?"
        )
    return _with(results[0], [stack(column, dim) for column in columns])


def functional_call(
    module: Any, parameter_and_buffer_dicts: Any, args: Any = (), kwargs: Any = None, *, strict: bool = False
) -> Any:
    """A module called with other tensors in the place of its parameters and buffers: a dict, or several.

    Raises RuntimeError, if strict, where the names are not those of the module.
    """
    given = parameter_and_buffer_dicts
    parameters = given if isinstance(given, dict) else {name: t for part in given for name, t in part.items()}
    if strict:
        own = {name for name, _ in (*module.named_parameters(), *module.named_buffers())}
        for what, names in (("Missing", own - parameters.keys()), ("Unexpected", parameters.keys() - own)):
            if names:
                raise RuntimeError(f"{what} key(s): {', '.join(sorted(names))}.")
    before = []
    for name, value in parameters.items():
        path, _, last = name.rpartition(".")
        owner = module.get_submodule(path)
        before.append((owner, last, owner.__dict__[last]))
        owner.__dict__[last] = value
    try:
        return module(*(args if isinstance(args, tuple) else (args,)), **(kwargs or {}))
    finally:
        for owner, last, value in before:
            owner.__dict__[last] = value


def stack_module_state(models: Any) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The parameters of several modules of one kind, stacked along a new first axis, and so their buffers.

    Raises RuntimeError for none, or for modules of different kinds.
    """
    if not len(models):
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if any(type(m) is not type(models[0]) for m in models):
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    if any(m.training != models[0].training for m in models):
        raise RuntimeError("stack_module_state: Expected all models to have the same training/eval mode.")
    both = ([dict(m.named_parameters()) for m in models], [dict(m.named_buffers()) for m in models])
    parameters, buffers = ({name: _leaf([state[name] for state in states]) for name in states[0]} for states in both)
    return parameters, buffers


def _leaf(tensors: list[Tensor]) -> Tensor:
    return stack(tensors).detach().requires_grad_(tensors[0].requires_grad)


__all__ = [
    "functional_call", "grad", "grad_and_value", "hessian", "jacfwd", "jacrev", "jvp", "linearize",
    "stack_module_state", "vjp", "vmap",
]  # fmt: skip
