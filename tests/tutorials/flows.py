"""Flows, a diffusion and Langevin steps."""

import math

import torch
from torch import nn

torch.manual_seed(0)


class Planar(nn.Module):
    def __init__(s, d):
        super().__init__()
        s.w = nn.Parameter(torch.randn(1, d) * 0.1)
        s.u = nn.Parameter(torch.randn(1, d) * 0.1)
        s.b = nn.Parameter(torch.zeros(1))

    def forward(s, z):
        a = z @ s.w.t() + s.b
        f = z + s.u * torch.tanh(a)
        psi = (1 - torch.tanh(a) ** 2) * s.w
        ld = torch.log((1 + psi @ s.u.t()).abs() + 1e-8)
        return f, ld


class Coupling(nn.Module):
    def __init__(s, mask):
        super().__init__()
        s.register_buffer("mask", mask)
        s.st = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 4))

    def forward(s, x):
        xm = x * s.mask
        st = s.st(xm)
        sc, t = st.chunk(2, dim=-1)
        sc = torch.tanh(sc) * (1 - s.mask)
        t = t * (1 - s.mask)
        return xm + (1 - s.mask) * (x * sc.exp() + t), sc.sum(-1)

    def inverse(s, y):
        ym = y * s.mask
        sc, t = s.st(ym).chunk(2, dim=-1)
        sc = torch.tanh(sc) * (1 - s.mask)
        return ym + (1 - s.mask) * ((y - t) * torch.exp(-sc))


def base_logp(z):
    return -0.5 * (z**2).sum(-1) - 0.5 * z.shape[-1] * math.log(2 * math.pi)


layers = nn.ModuleList([Coupling(torch.tensor(m)) for m in ([1.0, 0.0], [0.0, 1.0], [1.0, 0.0])])
data = torch.randn(64, 2) @ torch.tensor([[1.0, 0.8], [0.0, 0.5]]) + torch.tensor([1.0, -1.0])
opt = torch.optim.Adam(layers.parameters(), lr=1e-2)
for i in range(21):
    z, ld = data, 0
    for l in layers:
        z, d = l(z)
        ld = ld + d
    loss = -(base_logp(z) + ld).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if i % 5 == 0:
        print(i, round(loss.item(), 6))
with torch.no_grad():
    z, ld = data[:4], 0
    for l in layers:
        z, d = l(z)
        ld = ld + d
    x = z
    for l in reversed(layers):
        x = l.inverse(x)
    print(torch.allclose(x, data[:4]), ld)
J = torch.autograd.functional.jacobian(lambda v: layers[0](v.unsqueeze(0))[0].squeeze(0), data[0])
print(J, torch.linalg.slogdet(J), torch.logdet(J), layers[0](data[:1])[1])
p = Planar(2)
f, ld = p(data[:3])
J = torch.stack([torch.autograd.functional.jacobian(lambda v: p(v[None])[0][0], d) for d in data[:3]])
print(ld.squeeze(), torch.linalg.det(J).abs().log())
betas = torch.linspace(1e-4, 0.02, 10)
alphas = 1 - betas
ac = torch.cumprod(alphas, dim=0)
acp = nn.functional.pad(ac[:-1], (1, 0), value=1.0)
print(betas, ac, acp, torch.sqrt(1 / alphas), betas * (1 - acp) / (1 - ac))


def extract(a, t, shape):
    return a.gather(-1, t).reshape(t.shape[0], *((1,) * (len(shape) - 1)))


t = torch.randint(0, 10, (4,))
xs = data[:4]
noise = torch.randn_like(xs)
xn = extract(ac.sqrt(), t, xs.shape) * xs + extract((1 - ac).sqrt(), t, xs.shape) * noise
print(t, xn)


def temb(t, dim):
    half = dim // 2
    e = math.log(10000) / (half - 1)
    e = torch.exp(torch.arange(half) * -e)
    e = t[:, None] * e[None, :]
    return torch.cat((e.sin(), e.cos()), dim=-1)


print(temb(t, 8))
eps = nn.Sequential(nn.Linear(2 + 8, 16), nn.SiLU(), nn.Linear(16, 2))
o = torch.optim.AdamW(eps.parameters(), lr=1e-3)
for i in range(5):
    t = torch.randint(0, 10, (16,))
    n = torch.randn(16, 2)
    x = data[:16]
    xt = extract(ac.sqrt(), t, x.shape) * x + extract((1 - ac).sqrt(), t, x.shape) * n
    l = nn.functional.mse_loss(eps(torch.cat([xt, temb(t, 8)], 1)), n)
    o.zero_grad()
    l.backward()
    o.step()
    print(f"{l.item():.6f}")


def langevin(x, n=5):
    for _ in range(n):
        x = x.detach().requires_grad_()
        (s,) = torch.autograd.grad((-0.5 * x**2).sum(), x)
        x = x + 0.1 * s + math.sqrt(0.2) * torch.randn_like(x)
    return x.detach()


print(langevin(torch.ones(3)))
net = nn.Sequential(nn.Linear(1, 8), nn.Softplus(), nn.Linear(8, 1))
x = torch.linspace(-1, 1, 5)[:, None].requires_grad_()
s = net(x)
tr = torch.autograd.grad(s.sum(), x, create_graph=True)[0]
loss = (tr + 0.5 * s**2).mean()
loss.backward()
print(loss, net[0].weight.grad.view(-1))
