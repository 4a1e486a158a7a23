"""A quadratic of a number and of a vector of one element."""

import torch

x = torch.tensor(2.0, requires_grad=True)
y = x**2 + 3 * x + 1
print(x, y)
y.backward()
print(x.grad)

x = torch.tensor([2.0], requires_grad=True)
y = x**2 + 3 * x + 1
print(y)
print(x.requires_grad, x.is_leaf, y.is_leaf, x.grad_fn, x.grad)
y.backward()
print(x.grad)
print(x.grad.item(), x.grad.numpy(), x.grad.tolist(), x.grad.shape, x.grad.dtype)
