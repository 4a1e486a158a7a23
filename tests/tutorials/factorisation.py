"""Ratings from factors of users and items."""

import torch
from torch import nn

torch.manual_seed(11)
users = torch.tensor([0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4])
items = torch.tensor([0, 1, 3, 0, 2, 1, 2, 3, 0, 3, 1, 2])
ratings = torch.tensor([5.0, 3.0, 1.0, 4.0, 1.0, 1.0, 5.0, 4.0, 1.0, 5.0, 2.0, 4.0])


class MF(nn.Module):
    def __init__(self, num_users, num_items, emb_size=4):
        super(MF, self).__init__()
        self.user_emb = nn.Embedding(num_users, emb_size)
        self.item_emb = nn.Embedding(num_items, emb_size)
        self.user_bias = nn.Embedding(num_users, 1)
        self.item_bias = nn.Embedding(num_items, 1)
        self.user_emb.weight.data.uniform_(0, 0.05)
        self.item_emb.weight.data.uniform_(0, 0.05)
        self.user_bias.weight.data.uniform_(-0.01, 0.01)
        self.item_bias.weight.data.uniform_(-0.01, 0.01)

    def forward(self, u, v):
        U = self.user_emb(u)
        V = self.item_emb(v)
        b_u = self.user_bias(u).squeeze()
        b_v = self.item_bias(v).squeeze()
        return (U * V).sum(1) + b_u + b_v


model = MF(5, 4)
opt = torch.optim.Adam(model.parameters(), lr=0.1, weight_decay=1e-5)
for i in range(30):
    model.train()
    y_hat = model(users, items)
    loss = nn.functional.mse_loss(y_hat, ratings)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if i % 10 == 9:
        print(i, round(loss.item(), 6))
full = model.user_emb.weight @ model.item_emb.weight.T + model.user_bias.weight + model.item_bias.weight.T
print(full)


class DotProduct(nn.Module):
    def __init__(self, n_users, n_movies, n_factors, y_range=(0, 5.5)):
        super().__init__()
        self.u = nn.Parameter(torch.zeros(n_users, n_factors).normal_(0, 0.01))
        self.m = nn.Parameter(torch.zeros(n_movies, n_factors).normal_(0, 0.01))
        self.y_range = y_range

    def forward(self, x):
        us = self.u[x[:, 0]]
        ms = self.m[x[:, 1]]
        lo, hi = self.y_range
        return torch.sigmoid((us * ms).sum(dim=1)) * (hi - lo) + lo


d = DotProduct(5, 4, 3)
x = torch.stack([users, items], dim=1)
o = torch.optim.SGD(d.parameters(), lr=5.0, momentum=0.9)
for i in range(20):
    l = (d(x) - ratings).pow(2).mean()
    l.backward()
    o.step()
    o.zero_grad()
print(l, d.u.shape, d(x))
R = torch.zeros(5, 4)
R[users, items] = ratings
mask = R > 0
print(R, mask, mask.sum(), R[mask].mean())
U = torch.rand(5, 2, requires_grad=True)
V = torch.rand(4, 2, requires_grad=True)
for i in range(100):
    E = (R - U @ V.T) * mask
    loss = (E**2).sum() + 0.02 * (U.norm() ** 2 + V.norm() ** 2)
    gu, gv = torch.autograd.grad(loss, (U, V))
    with torch.no_grad():
        U -= 0.02 * gu
        V -= 0.02 * gv
print(loss, U, (U @ V.T).round(decimals=2))
u, s, vh = torch.linalg.svd(R, full_matrices=False)
print(s, torch.dist(R, u @ torch.diag(s) @ vh) < 1e-8, (u[:, :2] * s[:2]) @ vh[:2])
val, order = R.sort(dim=1, descending=True)
print(val, order, torch.argsort(R[0]), R.nonzero()[:4], torch.where(R > 4))
print(R.mean(0), R.std(dim=1), R.max(dim=1), R.argmax(), torch.cov(R.T)[0], torch.corrcoef(R)[0])
