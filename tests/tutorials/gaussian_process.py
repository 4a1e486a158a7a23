import math

import torch

torch.manual_seed(3)
X = torch.linspace(0, 1, 12)
y = torch.sin(2 * math.pi * X) + 0.1 * torch.randn(12)
log_l = torch.tensor(-1.0, requires_grad=True)
log_s = torch.tensor(0.0, requires_grad=True)
log_n = torch.tensor(-2.0, requires_grad=True)


def kernel(a, b):
    return torch.exp(2 * log_s) * torch.exp(-0.5 * (a[:, None] - b[None, :]) ** 2 / torch.exp(2 * log_l))


def nll():
    K = kernel(X, X) + torch.exp(2 * log_n) * torch.eye(len(X))
    L = torch.linalg.cholesky(K)
    alpha = torch.cholesky_solve(y[:, None], L)
    return 0.5 * y @ alpha.squeeze() + L.diagonal().log().sum() + 0.5 * len(X) * math.log(2 * math.pi)


opt = torch.optim.Adam([log_l, log_s, log_n], lr=0.1)
for i in range(20):
    opt.zero_grad()
    loss = nll()
    loss.backward()
    opt.step()
    if i % 5 == 0:
        print(i, round(loss.item(), 5), [round(p.item(), 4) for p in (log_l, log_s, log_n)])
with torch.no_grad():
    Xs = torch.tensor([0.25, 0.5])
    K = kernel(X, X) + torch.exp(2 * log_n) * torch.eye(len(X))
    mean = kernel(Xs, X) @ torch.linalg.solve(K, y)
    cov = kernel(Xs, Xs) - kernel(Xs, X) @ torch.linalg.solve(K, kernel(X, Xs))
print(mean, cov.diagonal().sqrt())
