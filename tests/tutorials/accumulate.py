"""Gradients add up until they are set to zero."""

import torch

x = torch.tensor([1.0, -2.0], requires_grad=True)
optimizer = torch.optim.SGD([x], lr=0.1)
for _ in range(3):
    loss = (x**2).sum()
    loss.backward()
    print(loss, x.grad)
optimizer.step()
print(x)
optimizer.zero_grad()
print(x.grad)
(x**2).sum().backward()
print(x.grad)
optimizer.zero_grad(set_to_none=False)
print(x.grad)
x.grad.zero_()
y = x * 3
y.sum().backward(retain_graph=True)
y.sum().backward()
print(x.grad)
