"""All names of PyTorch that this package has: what `import gradcli as torch` finds."""

from __future__ import annotations

import math
from typing import Any

from gradcli.tensors import (
    assembling,
    built,
    creation,
    devices,
    dtypes,
    files,
    functions,
    grad_mode,
    parts,
    printing,
    random,
    solving,
    worded,
)
from gradcli.tensors.einsum import einsum
from gradcli.tensors.history import Size
from gradcli.tensors.linalg import linalg
from gradcli.tensors.methods import FUNCTIONS
from gradcli.tensors.tensor import Tensor

NAMES: dict[str, Any] = {
    **FUNCTIONS,
    **functions.IN_PLACE,
    "where": functions.where,
    **assembling.NAMES,
    **worded.NAMES,
    **built.NAMES,
    **parts.NAMES,
    "einsum": einsum,
    **{name: getattr(linalg, name) for name in ("cholesky", "slogdet", "matrix_power", "matrix_exp")},
    "cholesky_solve": solving.cholesky_solve,
    "chain_matmul": lambda *matrices: linalg.multi_dot(matrices),
    "pinverse": linalg.pinv,
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
    **{
        name: getattr(grad_mode, name)
        for name in (
            *("no_grad", "enable_grad", "set_grad_enabled", "inference_mode"),
            *("is_grad_enabled", "is_inference_mode_enabled"),
        )
    },
    "from_numpy": creation.from_numpy,
    **{
        name: getattr(random, name)
        for name in (
            *(
                "manual_seed",
                "seed",
                "initial_seed",
                "get_rng_state",
                "set_rng_state",
                "default_generator",
                "Generator",
            ),
            *("bernoulli", "multinomial"),
        )
    },
    **{
        name: devices.placed(getattr(random, name))
        for name in (*("randn", "rand", "randint", "randperm", "randn_like", "rand_like", "randint_like", "normal"),)
    },
    **{
        name: devices.placed(getattr(creation, name))
        for name in (
            *("tensor", "as_tensor", "zeros", "ones", "empty", "full", "arange", "linspace", "eye"),
            *("zeros_like", "ones_like", "empty_like", "full_like"),
        )
    },
}
