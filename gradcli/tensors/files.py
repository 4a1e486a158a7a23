"""`save` and `load`: tensors in lists, tuples and dicts, in a file that holds data and no code.

The file is a zip archive: `structure.json`, and a member `N.npy` for each tensor. PyTorch's own files are pickles,
which run code when they are read; they are refused.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import OrderedDict
from typing import Any

import numpy as np

from gradcli.tensors import dtypes
from gradcli.tensors.bound_op import settled
from gradcli.tensors.history import LEAF, Size
from gradcli.tensors.record import made
from gradcli.tensors.tensor import Tensor

_KIND = "gradcli tensors 1"


def save(obj: Any, f: Any) -> None:
    """Write tensors, numbers, texts, None, and lists, tuples and dicts of them, to a path or an open file.

    Raises TypeError for what else is in it.

    >>> import io
    >>> import gradcli as torch
    >>> file = io.BytesIO()
    >>> save({"w": torch.ones(2), "epoch": 3}, file)
    >>> _ = file.seek(0)
    >>> load(file)
    {'w': tensor([1., 1.]), 'epoch': 3}
    """
    arrays: list[np.ndarray] = []
    structure = _written(obj, arrays, "the object")
    with zipfile.ZipFile(f, "w") as archive:
        archive.writestr("structure.json", json.dumps({"kind": _KIND, "content": structure}))
        for k, array in enumerate(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, array, allow_pickle=False)
            archive.writestr(f"{k}.npy", member.getvalue())


def _written(obj: Any, arrays: list[np.ndarray], where: str) -> Any:
    if isinstance(obj, Tensor):
        arrays.append(np.asarray(obj.value))
        kind = "parameter" if type(obj).__name__ == "Parameter" else "tensor"
        return {kind: len(arrays) - 1, "requires_grad": obj.op is LEAF}
    if obj is None or isinstance(obj, (bool, int, str)):
        return obj
    if isinstance(obj, (float, np.floating)):
        return {"float": float(obj).hex()}
    if isinstance(obj, dtypes.dtype):
        return {"dtype": obj.name}
    if isinstance(obj, dict):
        kind = "ordered" if isinstance(obj, OrderedDict) else "dict"
        return {kind: [[_written(k, arrays, where), _written(v, arrays, f"{where}[{k!r}]")] for k, v in obj.items()]}
    if isinstance(obj, (list, tuple)):
        kind = "size" if isinstance(obj, Size) else type(obj).__name__ if type(obj) in (list, tuple) else "tuple"
        return {kind: [_written(x, arrays, f"{where}[{n}]") for n, x in enumerate(obj)]}
    raise TypeError(
        f"cannot save {where}, a {type(obj).__name__}: a file holds data and no code; "
        "of a module or an optimiser save .state_dict()"
    )


def load(f: Any, map_location: Any = None, *, weights_only: bool = True) -> Any:
    """Read what `save` wrote. Raises ValueError for any other file, OSError where it cannot be read."""
    try:
        with zipfile.ZipFile(f) as archive:
            document = json.loads(archive.read("structure.json"))
            if document["kind"] != _KIND:
                raise KeyError(document["kind"])
            return _read(document["content"], archive)
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, TypeError, EOFError) as error:
        raise ValueError(
            "this is no file of gradcli's save() (PyTorch's files are pickles, which may run code: "
            f"write the tensors with numpy.savez there, and load them with from_numpy here): {error}"
        ) from None


def _read(part: Any, archive: zipfile.ZipFile) -> Any:
    if not isinstance(part, dict):
        return part
    kind, content = next(iter(part.items()))
    if kind in ("tensor", "parameter"):
        array = np.lib.format.read_array(io.BytesIO(archive.read(f"{content:d}.npy")), allow_pickle=False)
        leaf = made(settled(array[()] if not array.ndim else array))
        return leaf.requires_grad_() if part["requires_grad"] else leaf
    if kind == "float":
        return float.fromhex(content)
    if kind == "dtype":
        return dtypes.of(np.dtype(content))
    if kind in ("dict", "ordered"):
        pairs = [(_read(k, archive), _read(v, archive)) for k, v in content]
        return OrderedDict(pairs) if kind == "ordered" else dict(pairs)
    values = [_read(x, archive) for x in content]
    return {"list": list, "tuple": tuple, "size": Size}[kind](values)
