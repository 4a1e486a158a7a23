import torch
from torch.utils.checkpoint import checkpoint

w = torch.tensor(2.0, requires_grad=True)


def pk(t):
    print("pack", t)
    return t


def up(t):
    print("unpack", t)
    return t


a = torch.ones(2, requires_grad=True)
b = torch.ones(2, requires_grad=True) * 2
with torch.autograd.graph.saved_tensors_hooks(pk, up):
    y = a * b
    z = y.exp()
    q = z**2
q.sum().backward()
print(a.grad)
with torch.autograd.graph.saved_tensors_hooks(lambda t: t * 10, lambda t: t):
    y = a**2
a.grad = None
y.sum().backward()
print(a.grad)
print(
    torch.autograd.gradgradcheck(
        lambda a, b: (a**3 * b).sum(),
        (torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([3.0, 4.0], requires_grad=True)),
    )
)
n = [0]


def fn(x):
    n[0] += 1
    return torch.sin(x * w)


xx = torch.tensor([1.0, 2.0], requires_grad=True)
w.grad = None
o = checkpoint(fn, xx, use_reentrant=False)
print(n, o.detach())
o.sum().backward()
print(n, xx.grad, w.grad)
from_var = torch.autograd.Variable(torch.ones(2), requires_grad=True)
(from_var * 3).sum().backward()
print(from_var.grad, from_var)
(g,) = torch.autograd.grad((2 * a).sum(), a, create_graph=True)
print(g)
(g,) = torch.autograd.grad((a**2).sum(), a, create_graph=True)
print(g)
(g,) = torch.autograd.grad((a * b).sum(), a, create_graph=True)
print(g)
