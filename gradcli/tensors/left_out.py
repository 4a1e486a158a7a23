"""What PyTorch has and this package leaves out on purpose, and how it says so."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# A beginning of a name, in whatever module, and what it is of.
_KINDS = {
    "convolutions": r"(Lazy)?Conv|conv|Unfold|Fold|unfold$|fold$",
    "pooling": r"\w*Pool|\w*_pool|Upsample|PixelShuffle|interpolate",
    "recurrent networks": r"RNN|LSTM|GRU|rnn|lstm|gru|pack_|pad_packed|PackedSequence",
    "pruning": r"prune",
    "orthogonal parametrizations": r"orthogonal$",
    "changes of what backward keeps": r"allow_mutation_on_saved_tensors",
    "transformers and attention": r"Transformer|MultiheadAttention|scaled_dot_product|multi_head",
    "normalisation of pictures": r"BatchNorm[23]d|InstanceNorm|SyncBatch|LocalResponse|instance_norm|local_response",
    "dropout of channels": r"Dropout[123]d|AlphaDropout|FeatureAlpha",
    "CUDA and other devices": r"cuda|backends|mps|xpu|DataParallel",
    "tensors made by strides (index, reshape or unfold them)": r"as_strided|empty_strided|set_$",
    "sparse tensors": r"sparse|to_sparse|EmbeddingBag",
    "complex numbers and Fourier transforms": r"complex|fft|stft|istft|view_as_complex|view_as_real|polar|real|imag",
    "quantised tensors": r"quant|qint|quint|ao$",
    "distributed work": r"distributed|multiprocessing|futures",
    "compilation": r"compile|jit|fx|onnx|export|_dynamo|package|hub",
    "brain floats (use float32, or float16 with its fewer exponents)": r"bfloat16|BFloat16",
    "floats of 8 bits and below": r"float[48]_",
    "automatic mixed precision": r"amp|autocast",
    "distributions": r"distributions",
}


def missing(module: str, name: str, known: Iterable[str]) -> str:
    """The message for a name that a module of this package does not have.

    >>> missing("nn", "Conv2d", ["Linear"])
    'nn.Conv2d is left out here: gradcli is a calculator of gradients, without convolutions'
    >>> missing("nn", "Liner", ["Linear"])
    "module 'torch.nn' has no attribute 'Liner': did you mean Linear?"
    """
    for kind, beginning in _KINDS.items():
        if re.match(beginning, name):
            prefix = f"{module}." if module else "torch."
            return f"{prefix}{name} is left out here: gradcli is a calculator of gradients, without {kind}"
    owner = "'Tensor' object" if module == "Tensor" else f"module '{f'torch.{module}' if module else 'gradcli'}'"
    near = difflib.get_close_matches(name, known, 1, 0.75)
    return f"{owner} has no attribute '{name}'" + (f": did you mean {near[0]}?" if near else "")
