"""Tensors as in PyTorch: values computed at once, a history of operations, gradients from the table's rules."""

from gradcli.tensors import methods as _methods  # noqa: F401 - without them a tensor is none
