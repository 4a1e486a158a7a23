"""Adversarial examples, saliency, distillation."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)
model = nn.Sequential(nn.Flatten(), nn.Linear(16, 12), nn.ReLU(), nn.Linear(12, 3))
X = torch.rand(6, 1, 4, 4)
y = torch.randint(0, 3, (6,))
opt = torch.optim.SGD(model.parameters(), lr=0.5)
for i in range(30):
    l = F.cross_entropy(model(X), y)
    opt.zero_grad()
    l.backward()
    opt.step()
print(l, (model(X).argmax(1) == y).float().mean())


def fgsm_attack(image, epsilon, data_grad):
    return torch.clamp(image + epsilon * data_grad.sign(), 0, 1)


for eps in (0, 0.1, 0.3):
    correct = 0
    for img, t in zip(X, y):
        data = img.unsqueeze(0).clone()
        data.requires_grad = True
        output = model(data)
        init_pred = output.max(1, keepdim=True)[1]
        if init_pred.item() != t.item():
            continue
        loss = F.nll_loss(F.log_softmax(output, dim=1), t.unsqueeze(0))
        model.zero_grad()
        loss.backward()
        final = model(fgsm_attack(data, eps, data.grad.data)).max(1, keepdim=True)[1]
        correct += int(final.item() == t.item())
    print(f"Epsilon: {eps}\tTest Accuracy = {correct} / {len(X)} = {correct / len(X):.3f}")


def pgd(x, t, eps=0.2, alpha=0.05, n=4):
    d = torch.zeros_like(x).uniform_(-eps, eps)
    for _ in range(n):
        d.requires_grad_()
        g = torch.autograd.grad(F.cross_entropy(model(x + d), t), d)[0]
        d = (d.detach() + alpha * g.sign()).clamp(-eps, eps)
    return d


d = pgd(X, y)
print(d.abs().max(), F.cross_entropy(model(X + d), y), d[0, 0])
xs = X[:1].clone().requires_grad_()
score = model(xs)[0, y[0]]
score.backward()
sal, _ = torch.max(xs.grad.data.abs(), dim=1)
print(sal.shape, sal)


def integrated(x, c, n=20):
    base = torch.zeros_like(x)
    tot = torch.zeros_like(x)
    for k in range(1, n + 1):
        z = (base + k / n * (x - base)).requires_grad_()
        tot += torch.autograd.grad(model(z)[:, c].sum(), z)[0]
    return (x - base) * tot / n


ig = integrated(X[:1], 0)
print(ig.sum(), (model(X[:1]) - model(torch.zeros(1, 1, 4, 4)))[0, 0])
inp = torch.rand(1, 16, requires_grad=True)
o = torch.optim.Adam([inp], lr=0.1)
for p in model.parameters():
    p.requires_grad_(False)
for i in range(10):
    o.zero_grad()
    l = -model(inp)[0, 1] + 0.01 * inp.pow(2).sum()
    l.backward()
    o.step()
print(l, inp.detach().view(4, 4))
teacher, student = model, nn.Sequential(nn.Flatten(), nn.Linear(16, 3))
T = 2.0
so = torch.optim.Adam(student.parameters(), 0.05)
for i in range(10):
    with torch.no_grad():
        tl = teacher(X)
    sl = student(X)
    soft = F.kl_div(F.log_softmax(sl / T, -1), F.softmax(tl / T, -1), reduction="batchmean") * T**2
    loss = 0.7 * soft + 0.3 * F.cross_entropy(sl, y)
    so.zero_grad()
    loss.backward()
    so.step()
print(loss, soft)
mc = nn.Sequential(nn.Linear(16, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1))
mc.train()
ps = torch.stack([mc(X.flatten(1)) for _ in range(20)])
print(ps.shape, ps.mean(0).shape, (ps.std(0) > 0).all())
lam = 0.3
perm = torch.randperm(6)
mix = lam * X + (1 - lam) * X[perm]
print(perm, mix.mean(), lam * F.cross_entropy(model(mix), y) + (1 - lam) * F.cross_entropy(model(mix), y[perm]))
mean = torch.tensor([0.5]).view(-1, 1, 1)
std = torch.tensor([0.25]).view(-1, 1, 1)
print(
    ((X - mean) / std)[0, 0, 0],
    X.flip(-1)[0, 0, 0],
    X[..., 1:3, 1:3].shape,
    F.pad(X[0, 0], (1, 1, 1, 1)).shape,
    F.pad(X[:1, 0, :2, :2], (1, 0), value=9),
    X.mean(dim=[0, 2, 3]),
    X.view(6, -1).std(1),
)
print(
    F.pad(torch.arange(4.0).view(1, 1, 4), (2, 1), mode="reflect"),
    torch.rot90(torch.arange(4).view(2, 2)),
    X.argmax(dim=1).shape,
    X[0, 0].topk(2, dim=1).values,
    F.one_hot(y).sum(0),
)
