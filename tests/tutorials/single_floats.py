"""Floats of 32 bits where they are the default: gradients, Jacobians, checks and data have their type."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, vmap
from torch.utils.checkpoint import checkpoint
from torch.utils.data import DataLoader

torch.set_default_dtype(torch.float32)
torch.manual_seed(0)
w, x = torch.randn(3, 3), torch.randn(3)


def f(x):
    return torch.tanh(F.linear(x, w))


print(jacrev(f)(x), jacfwd(f)(x).dtype, hessian(f)(x)[0], vmap(jacrev(f))(torch.randn(2, 3)).dtype)
print(grad(lambda d: (d["a"] ** 2).sum() * d["b"])({"a": x, "b": torch.tensor(2.0)}))
print(torch.autograd.functional.jacobian(f, x).dtype, torch.autograd.functional.hessian(lambda t: (t**3).sum(), x))
net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
a = torch.randn(5, 3, requires_grad=True)
net(a).sum().backward()
first, found = [p.grad.clone() for p in net.parameters()], a.grad.clone()
net.zero_grad()
a.grad = None
checkpoint(net, a, use_reentrant=False).sum().backward()
print(torch.equal(found, a.grad), all(torch.equal(p.grad, q) for p, q in zip(net.parameters(), first)))
(g,) = torch.autograd.grad(net(a).sum(), a, create_graph=True)
g.pow(2).sum().backward()
print(g.dtype, net[0].weight.grad)
print(torch.zeros(3).scatter_reduce(0, torch.tensor([0, 0, 2]), x, "mean"), F.cross_entropy(w, torch.tensor([0, 1, 2])))
print(next(iter(DataLoader([(1.5, 2), (2.5, 3)], batch_size=2))), next(iter(DataLoader([0.5, 1.5], batch_size=2))))
optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
for _ in range(10):
    optimizer.zero_grad()
    loss = F.mse_loss(net(a), torch.ones(5, 1))
    loss.backward()
    optimizer.step()
print(loss, net[2].bias, {k: v.dtype for k, v in optimizer.state[net[0].weight].items()})
print(functional_call(net, dict(net.named_parameters()), a).dtype, torch.arange(3.0).dtype, torch.linspace(0, 1, 3))
torch.set_default_dtype(torch.float64)
