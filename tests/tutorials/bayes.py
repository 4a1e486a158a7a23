"""Weights with a distribution, chains and information matrices."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)


class BayesLinear(nn.Module):
    def __init__(s, i, o):
        super().__init__()
        s.mu = nn.Parameter(torch.Tensor(o, i).uniform_(-0.2, 0.2))
        s.rho = nn.Parameter(torch.Tensor(o, i).uniform_(-5, -4))
        s.bmu = nn.Parameter(torch.zeros(o))

    def forward(s, x):
        sig = torch.log1p(torch.exp(s.rho))
        eps = torch.randn_like(sig)
        w = s.mu + sig * eps
        s.kl = (-torch.log(sig) + (sig**2 + s.mu**2) / 2 - 0.5).sum()
        return F.linear(x, w, s.bmu)


net = nn.ModuleList([BayesLinear(1, 8), BayesLinear(8, 1)])
x = torch.linspace(-1, 1, 20).unsqueeze(1)
y = x**3 + 0.05 * torch.randn(20, 1)
opt = torch.optim.Adam(net.parameters(), lr=0.02)
for i in range(31):
    o = net[1](torch.tanh(net[0](x)))
    nll = 0.5 * ((o - y) ** 2 / 0.01).sum() + 20 * math.log(0.1)
    kl = sum(l.kl for l in net)
    loss = nll + kl / 10
    opt.zero_grad()
    loss.backward()
    opt.step()
    if i % 10 == 0:
        print(i, f"{loss.item():.3f} {kl.item():.3f}")
with torch.no_grad():
    s = torch.stack([net[1](torch.tanh(net[0](x[:3]))) for _ in range(10)])
    print(s.mean(0), s.std(0))
print(net)
q_mu = torch.tensor(0.0, requires_grad=True)
q_ls = torch.tensor(0.0, requires_grad=True)
data = torch.randn(15) + 2
o = torch.optim.Adam([q_mu, q_ls], 0.1)
for i in range(40):
    z = q_mu + q_ls.exp() * torch.randn(16)
    ll = -0.5 * ((data[:, None] - z) ** 2).sum(0)
    lp = -0.5 * z**2
    ent = q_ls
    elbo = (ll + lp).mean() + ent
    o.zero_grad()
    (-elbo).backward()
    o.step()
print(q_mu, q_ls.exp(), data.sum() / 16)


def mh(logp, x, n=30, s=0.5):
    xs = []
    for _ in range(n):
        c = x + s * torch.randn(())
        a = torch.exp(logp(c) - logp(x))
        if torch.rand(()) < a:
            x = c
        xs.append(x)
    return torch.stack(xs)


c = mh(lambda t: -0.5 * (t - 1) ** 2, torch.tensor(0.0))
print(c.mean(), c[-3:], c.shape)


def leapfrog(q, p, U, eps, L):
    g = lambda q: torch.autograd.grad(U(q.requires_grad_()), q)[0]
    p = p - eps / 2 * g(q)
    for i in range(L):
        q = (q + eps * p).detach()
        if i < L - 1:
            p = p - eps * g(q)
    return q, -(p - eps / 2 * g(q))


U = lambda q: 0.5 * (q**2 / torch.tensor([1.0, 4.0])).sum()
q, p = leapfrog(torch.tensor([1.0, 0.5]), torch.tensor([0.2, -0.1]), U, 0.1, 10)
print(q, p, U(q) + 0.5 * p @ p)


def normal_logpdf(x, m, s):
    return -0.5 * ((x - m) / s) ** 2 - s.log() - 0.5 * math.log(2 * math.pi)


m, s = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
L = normal_logpdf(data, m, s).sum()
g = torch.autograd.grad(L, (m, s), create_graph=True)
I = -torch.stack([torch.stack(torch.autograd.grad(gi, (m, s), retain_graph=True)) for gi in g])
print(L, g, I, torch.linalg.inv(I).diagonal().sqrt())
print(
    torch.special.log_ndtr(torch.tensor([-5.0, 0.0])),
    torch.special.ndtri(torch.tensor([0.025, 0.975])),
    torch.erfinv(torch.tensor(0.5)),
    torch.special.gammaln(torch.tensor(5.5)),
    torch.special.xlogy(torch.tensor(0.0), torch.tensor(0.0)),
    torch.special.entr(torch.tensor([0.2, 0.8])),
    torch.special.logit(torch.tensor(0.7)),
    torch.polygamma(1, torch.tensor(2.0)),
    torch.digamma(torch.tensor(1.0)),
    torch.lgamma(torch.tensor([3.0])).exp(),
)
import torch.nn.utils as U2

v = U2.parameters_to_vector(net.parameters())
print(v.shape, v[:4])
U2.vector_to_parameters(torch.zeros_like(v), net.parameters())
print(net[0].bmu)
