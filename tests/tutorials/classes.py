"""Logistic regression by hand, by a layer, and what is counted at the end."""

import torch
import torch.nn.functional as F
from torch import nn

X = torch.tensor([[0.5, 1.0], [1.5, -0.5], [-1.0, 2.0], [-0.3, -1.2], [2.0, 0.1], [-2.0, -0.4]])
y = torch.tensor([1.0, 1.0, 0.0, 0.0, 1.0, 0.0])
w = torch.zeros(2, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for i in range(20):
    logits = X @ w + b
    loss = F.binary_cross_entropy_with_logits(logits, y) + 0.01 * w.pow(2).sum()
    loss.backward()
    with torch.no_grad():
        w.sub_(0.5 * w.grad)
        b -= 0.5 * b.grad
    w.grad.zero_()
    b.grad = None
print(loss, w, b)
H = torch.autograd.functional.hessian(lambda w: F.binary_cross_entropy_with_logits(X @ w, y), w.detach())
print(H)
print(torch.linalg.eigvalsh(H))
model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
nn.init.zeros_(model[0].weight)
nn.init.zeros_(model[0].bias)
crit = nn.BCELoss()
opt = torch.optim.Adam(model.parameters(), lr=0.1)
for i in range(10):
    opt.zero_grad()
    l = crit(model(X), y.view(-1, 1))
    l.backward()
    opt.step()
print(round(l.item(), 10), model[0].weight.data, (model(X) > 0.5).squeeze())
pred = (model(X) > 0.5).float().squeeze()
acc = (pred == y).float().mean()
print(f"accuracy {acc:.2f} {acc.item():.3f}", f"{l:.4f}", "%.3f" % l, f"{l.item():.2e}")
pw = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0]))
print(pw(torch.zeros(3), torch.tensor([1.0, 0.0, 1.0])), pw)
print(
    F.binary_cross_entropy(torch.tensor([0.2, 0.9]), torch.tensor([0.0, 1.0]), reduction="none"),
    F.binary_cross_entropy(torch.tensor([0.2, 0.9]), torch.tensor([0.0, 1.0]), weight=torch.tensor([1.0, 2.0])),
)
conf = torch.zeros(2, 2, dtype=torch.int64)
for t, p in zip(y.long(), pred.long()):
    conf[t, p] += 1
print(conf, conf.diag() / conf.sum(1))
tp = ((pred == 1) & (y == 1)).sum()
fp = ((pred == 1) & (y == 0)).sum()
print(tp, fp, tp / (tp + fp))
