"""A network of sines, its gradient and Laplacian; integrals and differences."""

import numpy as np
import torch
from torch import nn

torch.manual_seed(0)


class SineLayer(nn.Module):
    def __init__(self, in_features, out_features, bias=True, is_first=False, omega_0=30):
        super().__init__()
        self.omega_0, self.is_first, self.in_features = omega_0, is_first, in_features
        self.linear = nn.Linear(in_features, out_features, bias=bias)
        self.init_weights()

    def init_weights(self):
        with torch.no_grad():
            if self.is_first:
                self.linear.weight.uniform_(-1 / self.in_features, 1 / self.in_features)
            else:
                self.linear.weight.uniform_(
                    -np.sqrt(6 / self.in_features) / self.omega_0, np.sqrt(6 / self.in_features) / self.omega_0
                )

    def forward(self, input):
        return torch.sin(self.omega_0 * self.linear(input))


class Siren(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(SineLayer(2, 16, is_first=True), SineLayer(16, 16), nn.Linear(16, 1))

    def forward(self, coords):
        coords = coords.clone().detach().requires_grad_(True)
        return self.net(coords), coords


def get_mgrid(sidelen, dim=2):
    tensors = tuple(dim * [torch.linspace(-1, 1, steps=sidelen)])
    return torch.stack(torch.meshgrid(*tensors, indexing="ij"), dim=-1).reshape(-1, dim)


def divergence(y, x):
    div = 0.0
    for i in range(y.shape[-1]):
        div += torch.autograd.grad(y[..., i], x, torch.ones_like(y[..., i]), create_graph=True)[0][..., i : i + 1]
    return div


def gradient(y, x, grad_outputs=None):
    if grad_outputs is None:
        grad_outputs = torch.ones_like(y)
    return torch.autograd.grad(y, [x], grad_outputs=grad_outputs, create_graph=True)[0]


def laplace(y, x):
    return divergence(gradient(y, x), x)


img = Siren()
opt = torch.optim.Adam(lr=1e-4, params=img.parameters())
g = get_mgrid(6)
truth = (g[:, :1] * 3).sin() * g[:, 1:]
for s in range(11):
    out, c = img(g)
    loss = ((out - truth) ** 2).mean()
    if s % 5 == 0:
        print("Step %d, Total loss %0.6f" % (s, loss), gradient(out, c).norm(dim=-1)[:3], laplace(out, c)[:2])
    opt.zero_grad()
    loss.backward()
    opt.step()


def fourier(x, B):
    p = (2.0 * np.pi * x) @ B.T
    return torch.cat([torch.sin(p), torch.cos(p)], axis=-1)


B = torch.randn(4, 2) * 2
print(fourier(g[:2], B), img)


class RBF(nn.Module):
    def __init__(s, n):
        super().__init__()
        s.c = nn.Parameter(torch.linspace(-1, 1, n))
        s.ls = nn.Parameter(torch.zeros(n))
        s.l = nn.Linear(n, 1)

    def forward(s, x):
        return s.l(torch.exp(-(x - s.c).pow(2) * torch.exp(s.ls)))


r = RBF(5)
x = torch.linspace(-1, 1, 9)[:, None]
o = torch.optim.Rprop(r.parameters(), lr=0.01)
for k in range(20):
    o.zero_grad()
    l = (r(x) - x.abs()).pow(2).mean()
    l.backward()
    o.step()
print(
    l,
    r.c,
    torch.trapezoid(x.squeeze() ** 2, x.squeeze()),
    torch.trapz(torch.tensor([1.0, 2, 3])),
    torch.cumulative_trapezoid(torch.tensor([1.0, 2, 3])),
    torch.gradient(torch.tensor([1.0, 4, 9, 16])),
    torch.gradient(x.squeeze() ** 2, spacing=(0.25,)),
)


def poly(x, co):
    return sum(c * x**i for i, c in enumerate(co))


co = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
poly(torch.tensor(2.0), co).backward()
print(co.grad)
