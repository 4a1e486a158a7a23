"""x**3 at 2: the first, second and third derivative; Jacobians and Hessians."""

import torch
from torch.autograd.functional import hessian, hvp, jacobian, jvp, vjp

x = torch.tensor(2.0, requires_grad=True)
y = x**3
(first,) = torch.autograd.grad(y, x, create_graph=True)
(second,) = torch.autograd.grad(first, x, create_graph=True)
(third,) = torch.autograd.grad(second, x)
print(y, first.item(), second.item(), third)
y = x**3
y.backward(create_graph=True)
print(x.grad.item(), x.grad.requires_grad)

v = torch.tensor([1.0, 2.0])
print(jacobian(lambda t: t**2, v))
print(hessian(lambda t: (t**3).prod(), v))
print(vjp(lambda t: t.exp(), v, torch.ones(2)))
print(jvp(lambda t: t.exp(), v, torch.ones(2)))
print(hvp(lambda t: (t**3).sum(), v, torch.tensor([1.0, -1.0])))
print(hessian(lambda a, b: (a * a * b).sum(), (v, v)))
print(torch.autograd.gradcheck(lambda t: torch.sin(t) * t, torch.tensor([0.5, 1.5], requires_grad=True)))
