"""Mixtures, clusters, factors of matrices and a Gaussian process."""

import math

import torch

torch.manual_seed(3)
X = torch.cat(
    [torch.randn(30, 2) * 0.5 + torch.tensor([2.0, 0.0]), torch.randn(20, 2) * 0.8 - torch.tensor([1.0, 1.0])]
)
K = 2
mu = X[torch.randperm(len(X))[:K]].clone()
pi = torch.ones(K) / K
var = torch.ones(K, 2)


def logp(X, mu, var):
    return -0.5 * (((X[:, None] - mu) ** 2) / var + var.log() + math.log(2 * math.pi)).sum(-1)


for i in range(10):
    lr = logp(X, mu, var) + pi.log()
    ll = torch.logsumexp(lr, 1)
    r = (lr - ll[:, None]).exp()
    N = r.sum(0)
    pi = N / len(X)
    mu = (r.T @ X) / N[:, None]
    var = (r[..., None] * (X[:, None] - mu) ** 2).sum(0) / N[:, None]
    if i % 3 == 0:
        print(i, round(ll.mean().item(), 6))
print(pi, mu, var, r.argmax(1).bincount())
m = (mu + 0.3).requires_grad_()
lv = torch.zeros(K, 2, requires_grad=True)
lp = torch.zeros(K, requires_grad=True)
opt = torch.optim.Adam([m, lv, lp], 0.05)
for i in range(30):
    nll = -torch.logsumexp(logp(X, m, lv.exp()) + torch.log_softmax(lp, 0), 1).mean()
    opt.zero_grad()
    nll.backward()
    opt.step()
print(nll, m, lp.softmax(0))
S = torch.cov(X.T)
L = torch.linalg.cholesky(S)
print(
    S,
    L,
    L @ L.T - S < 1e-12,
    torch.cholesky_solve(X[:3].T, L),
    torch.linalg.solve_triangular(L, X[:2].T, upper=False),
    2 * L.diagonal().log().sum(),
    torch.logdet(S),
)
d = X - X.mean(0)
maha = (d @ torch.linalg.inv(S) * d).sum(1)
print(maha[:5], torch.einsum("ni,ij,nj->n", d, torch.inverse(S), d)[:5])
U, Sv, V = torch.svd(d)
print(Sv, (d @ V)[:2].abs(), Sv**2 / (len(X) - 1), torch.linalg.eigvalsh(S))
ev, evec = torch.linalg.eigh(S)
print(ev, evec.abs(), torch.allclose(evec @ torch.diag(ev) @ evec.T, S))
q, rr = torch.linalg.qr(X[:3])
print(rr.abs(), torch.allclose(q @ rr, X[:3]))


def kmeans(X, k, n=10):
    c = X[:k].clone()
    for _ in range(n):
        a = torch.cdist(X, c).argmin(1)
        c = torch.stack([X[a == j].mean(0) for j in range(k)])
    return c, a


c, a = kmeans(X, 3)
print(c, a.unique(return_counts=True))
sc = torch.zeros(3, 2).index_add_(0, a, X) / torch.bincount(a)[:, None]
print(
    sc,
    torch.zeros(3, 2).scatter_reduce(0, a[:, None].expand(-1, 2), X, "mean", include_self=False),
    torch.zeros(3).scatter_add(0, a, torch.ones(len(X))),
)
D = torch.cdist(X[:5], X[:5])
print(
    D,
    D.topk(2, largest=False).indices,
    (D + torch.eye(5) * 1e9).min(1),
    torch.pdist(X[:3]),
    torch.nn.functional.pdist(X[:3]),
)
P = torch.exp(-(D**2))
P.fill_diagonal_(0)
P /= P.sum(1, keepdim=True)
Y = (torch.randn(5, 2) * 0.01).requires_grad_()
op = torch.optim.SGD([Y], 1.0, momentum=0.5)
for i in range(20):
    q = 1 / (1 + torch.cdist(Y, Y) ** 2 + 1e-12)
    q = q * (1 - torch.eye(5))
    q = q / q.sum()
    l = (P * ((P + 1e-9).log() - (q + 1e-9).log())).sum()
    op.zero_grad()
    l.backward()
    op.step()
print(l)
kern = lambda a, b, l=1.0: torch.exp(-0.5 * torch.cdist(a, b) ** 2 / l**2)
xt = torch.linspace(0, 1, 6)[:, None]
yt = (6 * xt).sin()
Kxx = kern(xt, xt) + 1e-2 * torch.eye(6)
xs = torch.tensor([[0.25], [0.9]])
al = torch.cholesky_solve(yt, torch.linalg.cholesky(Kxx))
print(
    kern(xs, xt) @ al, kern(xs, xs) - kern(xs, xt) @ torch.linalg.solve(Kxx, kern(xt, xs)), torch.linalg.cond(Kxx) > 100
)
