"""All names of PyTorch that this package has: what `import gradcli as torch` finds."""

from __future__ import annotations

import math
from typing import Any

from gradcli.tensors import (
    built,
    creation,
    devices,
    differences,
    dtypes,
    files,
    functions,
    grad_mode,
    printing,
    products,
    questions,
    random,
    searching,
    settings,
    solving,
    statistics,
    worded,
)
from gradcli.tensors.einsum import einsum
from gradcli.tensors.history import Size
from gradcli.tensors.linalg import linalg, old_svd
from gradcli.tensors.methods import FUNCTIONS
from gradcli.tensors.outputs import placed, public
from gradcli.tensors.tensor import Tensor


def _of(module: Any, names: str) -> dict[str, Any]:
    return {name: getattr(module, name) for name in names.split()}


def _placed(module: Any, names: str) -> dict[str, Any]:
    """Functions that take `device` too."""
    return {name: placed(function) for name, function in _of(module, names).items()}


NAMES: dict[str, Any] = {
    **FUNCTIONS,
    **functions.IN_PLACE,
    "where": functions.where,
    **creation.NAMES,
    **products.NAMES,
    **differences.NAMES,
    **searching.NAMES,
    **statistics.NAMES,
    **questions.NAMES,
    **worded.NAMES,
    **built.NAMES,
    **settings.NAMES,
    "einsum": einsum,
    **_of(linalg, "cholesky slogdet matrix_power matrix_exp"),
    "cholesky_solve": solving.cholesky_solve,
    "chain_matmul": lambda *matrices: linalg.multi_dot(matrices),
    "pinverse": linalg.pinv,
    "svd": old_svd,
    "set_printoptions": printing.set_printoptions,
    "save": files.save,
    "load": files.load,
    "is_tensor": functions.is_tensor,
    "linalg": linalg,
    "Tensor": Tensor,
    "Size": Size,
    "dtype": dtypes.dtype,
    "device": devices.device,
    "cuda": devices.ABSENT,
    "accelerator": devices.ABSENT,
    **dtypes.NAMED,
    **dtypes.SHORT,
    "promote_types": dtypes.promote_types,
    "result_type": functions.result_type,
    "can_cast": dtypes.can_cast,
    "get_default_dtype": dtypes.get_default_dtype,
    "set_default_dtype": dtypes.set_default_dtype,
    "pi": math.pi,
    "e": math.e,
    "inf": math.inf,
    "nan": math.nan,
    "newaxis": None,
    **_of(grad_mode, "no_grad enable_grad set_grad_enabled inference_mode is_grad_enabled is_inference_mode_enabled"),
    "from_numpy": creation.from_numpy,
    **_of(random, "manual_seed seed initial_seed get_rng_state set_rng_state default_generator Generator"),
    **_of(random, "bernoulli multinomial"),
    **_placed(random, "randn rand randint randperm randn_like rand_like randint_like normal"),
    **_placed(creation, "tensor as_tensor zeros ones empty full arange linspace logspace eye"),
    "range": placed(creation.range_),
    **_placed(creation, "zeros_like ones_like empty_like full_like"),
}


def named(name: str) -> Any:
    """What `torch.name` is. Raises KeyError where there is no such name."""
    return public(name, NAMES[name])
