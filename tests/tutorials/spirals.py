"""Three spirals told apart."""

import math

import torch
from torch import nn

torch.manual_seed(12345)
N, C = 50, 3
X = torch.zeros(N * C, 2)
y = torch.zeros(N * C, dtype=torch.long)
for c in range(C):
    index = 0
    t = torch.linspace(0, 1, N)
    inner_var = torch.linspace((2 * math.pi / C) * c, (2 * math.pi / C) * (2 + c), N) + torch.randn(N) * 0.2
    for ix in range(N * c, N * (c + 1)):
        X[ix] = t[index] * torch.FloatTensor((math.sin(inner_var[index]), math.cos(inner_var[index])))
        y[ix] = c
        index += 1
print("Shapes:")
print("X:", tuple(X.size()))
print("y:", tuple(y.size()))
model = nn.Sequential(nn.Linear(2, 20), nn.ReLU(), nn.Linear(20, C))
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=1e-5)
for t in range(100):
    y_pred = model(X)
    loss = criterion(y_pred, y)
    score, predicted = torch.max(y_pred, 1)
    acc = (y == predicted).sum().float() / len(y)
    if t % 20 == 0:
        print("[EPOCH]: %i, [LOSS]: %.6f, [ACCURACY]: %.3f" % (t, loss.item(), acc))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(model)
print(score[:5], predicted[:20])
conf = torch.zeros(C, C, dtype=torch.int64)
for a, b in zip(y, predicted):
    conf[a, b] += 1
print(conf, conf.diag().sum() / conf.sum(), torch.bincount(y * C + predicted, minlength=9).view(3, 3))
print(optimizer)
sd = model.state_dict()
for k, v in sd.items():
    print(k, v.shape, v.abs().mean())
print(next(model.parameters()).device, next(iter(model.parameters())).dtype)
