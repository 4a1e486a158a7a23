"""Tensors as in PyTorch: values computed at once, a history of operations, gradients from the table's rules."""
