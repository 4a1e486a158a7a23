"""Activations that write into their input, and the leaky one that draws its slopes."""

import torch
import torch.nn.functional as F
from torch import nn

for n, a in (
    ("relu", ()),
    ("leaky_relu", (0.2,)),
    ("elu", ()),
    ("selu", ()),
    ("celu", ()),
    ("relu6", ()),
    ("hardtanh", ()),
    ("threshold", (0.1, 2.0)),
    ("hardswish", ()),
    ("hardsigmoid", ()),
    ("silu", ()),
    ("mish", ()),
    ("rrelu", ()),
):
    leaf = torch.tensor([-4.0, -1.0, 0.5, 7.0], requires_grad=True)
    x = leaf * 1
    r = getattr(F, n)(x, *a, inplace=True)
    print(n, r is x, r)
    r.sum().backward()
    print(leaf.grad)
    leaf.grad = None
    y = getattr(F, n)(leaf, *a)
    print(y)
    y.sum().backward()
    print(leaf.grad)
m = nn.RReLU()
print(m, m.training)
torch.manual_seed(3)
x = torch.tensor([-1.0, 2.0, -3.0, 0.0], requires_grad=True)
y = m(x)
print(y)
y.sum().backward()
print(x.grad)
m.eval()
print(m(x))
print(
    nn.RReLU(0.1, 0.2, inplace=True),
    nn.LeakyReLU(0.1, True),
    nn.ELU(inplace=True),
    nn.Hardtanh(inplace=True),
    nn.Threshold(0.1, 20, inplace=True),
)
z = torch.tensor([-1.0, 1.0])
nn.LeakyReLU(0.1, inplace=True)(z)
print(z)
F.elu_(z)
print(z)
F.hardtanh_(z)
print(z)
try:
    nn.RReLU(0.5, 0.2)(torch.ones(1))
except (RuntimeError, ValueError) as e:
    print(type(e).__name__)
