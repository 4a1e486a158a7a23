"""c = a*b, d = c**2, e = d + 3, step by step."""

import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0, requires_grad=True)
c = a * b
d = c**2
e = d + 3
print(c, d, e)
for step in (e, d, c):
    print(step.grad_fn.name())
print(e.requires_grad, e.is_leaf, a.is_leaf)
c.retain_grad()
e.backward()
print(a.grad, b.grad, c.grad)
