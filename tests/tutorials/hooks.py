"""Hooks and kept gradients, in the middle and at the leaves."""

import torch

a = torch.tensor([1.0, 2.0], requires_grad=True)
b = a * 2
b.retain_grad()
b.register_hook(lambda g: g * 10)
handle = a.register_hook(lambda g: print("a:", g))
c = (b**2).sum() + (a * b).sum()
c.backward()
print(a.grad, b.grad)
handle.remove()
a.grad = None
d = a.exp()
e = d * d
d.register_hook(lambda g: print("d:", g))
e.register_hook(lambda g: g + 1)
(e + d).sum().backward()
print(a.grad)
