"""An inner loop that is differentiated, a penalty on a gradient, a residual of second order, a rounding that lets through."""

import torch
import torch.nn.functional as F
from torch import nn

# inner loop, outer loop, gradient penalty
w = torch.tensor([1.0, -1.0], requires_grad=True)
lr = torch.tensor(0.1, requires_grad=True)
x = torch.tensor([[1.0, 2.0], [0.5, -1.0]])
y = torch.tensor([1.0, 0.0])


def loss(w):
    return F.mse_loss(x @ w, y)


fast = w
for _ in range(3):
    (g,) = torch.autograd.grad(loss(fast), fast, create_graph=True)
    fast = fast - lr * g
outer = loss(fast)
outer.backward()
print(outer, w.grad, lr.grad)
net = nn.Sequential(nn.Linear(2, 3), nn.Softplus(), nn.Linear(3, 1))
with torch.no_grad():
    for p in net.parameters():
        p.copy_(torch.cos(torch.arange(p.numel(), dtype=p.dtype)).view_as(p))
xi = x.clone().requires_grad_(True)
out = net(xi)
(gi,) = torch.autograd.grad(
    outputs=out, inputs=xi, grad_outputs=torch.ones_like(out), create_graph=True, retain_graph=True, only_inputs=True
)
pen = ((gi.norm(2, dim=1) - 1) ** 2).mean()
pen.backward()
print(pen, net[0].weight.grad, xi.grad)
u = torch.linspace(0, 1, 4).reshape(-1, 1).requires_grad_(True)
pinn = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))
with torch.no_grad():
    for p in pinn.parameters():
        p.fill_(0.3)
s = pinn(u)
du = torch.autograd.grad(s, u, torch.ones_like(s), create_graph=True)[0]
d2u = torch.autograd.grad(du, u, torch.ones_like(du), create_graph=True)[0]
r = (d2u + s).pow(2).mean() + (pinn(torch.zeros(1, 1)) - 1).pow(2).sum()
r.backward()
print(r, [p.grad.sum() for p in pinn.parameters()])
z = torch.tensor([0.3, 0.7], requires_grad=True)
q = torch.sigmoid(z)
q.backward(gradient=torch.tensor([1.0, 0.0]), retain_graph=True)
print(z.grad)
q.backward(torch.tensor([0.0, 1.0]))
print(z.grad)
a = torch.tensor(1.0, requires_grad=True)
bb = a.clone()
c = a.detach()
print(bb.grad_fn.name(), c.requires_grad, (bb * 2).backward(), a.grad)
s1 = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
m = s1.max()
m.backward()
print(s1.grad)
s1.grad = None
s1.abs().sum().backward()
print(s1.grad)
s1.grad.zero_()
torch.relu(s1 - 2).sum().backward()
print(s1.grad)
ste = (s1.round() - s1).detach() + s1
ste.sum().backward()
print(s1.grad)
