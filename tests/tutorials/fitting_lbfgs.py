"""Rosenbrock's valley and a curve by L-BFGS, and five steps of each optimiser."""

import torch


def rosen(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


x = torch.tensor([-1.2, 1.0], requires_grad=True)
opt = torch.optim.LBFGS([x], lr=1, max_iter=50, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = rosen(x)
    loss.backward()
    return loss


for i in range(3):
    print(i, round(opt.step(closure).item(), 9))
print([round(v, 6) for v in x.tolist()])
print(opt)
t = torch.linspace(0, 4, 20)
data = 2.5 * torch.exp(-1.3 * t) + 0.5
p = torch.tensor([1.0, 1.0, 0.0], requires_grad=True)
o = torch.optim.LBFGS([p], lr=0.5, history_size=10, max_iter=20)


def c2():
    o.zero_grad()
    r = p[0] * torch.exp(-p[1] * t) + p[2] - data
    l = (r**2).mean()
    l.backward()
    return l


for i in range(10):
    l = o.step(c2)
print(p.detach().round(decimals=4), l.item() < 1e-8)
try:
    opt.step()
except TypeError as e:
    print(e)
try:
    torch.optim.LBFGS([{"params": [x]}, {"params": [p]}])
except ValueError as e:
    print(e)
for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "ASGD", "Rprop"):
    q = torch.tensor([1.0, -2.0], requires_grad=True)
    kw = dict(lr=0.1)
    oo = getattr(torch.optim, name)([q], **kw)
    for i in range(5):
        oo.zero_grad()
        (q**2).sum().backward()
        oo.step()
    print(name, q)
    print(oo)
