"""Layers with a backward of their own, and what beginners do with them."""

import torch
import torch.nn.functional as F
from torch import nn, tensor

torch.manual_seed(42)


class Module:
    def __call__(self, *args):
        self.args = args
        self.out = self.forward(*args)
        return self.out

    def forward(self):
        raise Exception("not implemented")

    def backward(self):
        self.bwd(self.out, *self.args)


class Relu(Module):
    def forward(self, inp):
        return inp.clamp_min(0.0)

    def bwd(self, out, inp):
        inp.g = (inp > 0).to(out.dtype) * out.g


class Lin(Module):
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, inp):
        return inp @ self.w + self.b

    def bwd(self, out, inp):
        inp.g = out.g @ self.w.t()
        self.w.g = inp.t() @ out.g
        self.b.g = out.g.sum(0)


class Mse(Module):
    def forward(self, inp, targ):
        return (inp.squeeze() - targ).pow(2).mean()

    def bwd(self, out, inp, targ):
        inp.g = 2 * (inp.squeeze() - targ).unsqueeze(-1) / targ.shape[0]


n, m, nh = 20, 6, 5
x_train = torch.randn(n, m)
y_train = torch.randn(n)
w1 = torch.randn(m, nh) / m**0.5
b1 = torch.zeros(nh)
w2 = torch.randn(nh, 1)
b2 = torch.zeros(1)


class Model(Module):
    def __init__(self):
        self.layers = [Lin(w1, b1), Relu(), Lin(w2, b2)]
        self.loss = Mse()

    def __call__(self, x, targ):
        for l in self.layers:
            x = l(x)
        return self.loss(x, targ)

    def backward(self):
        self.loss.backward()
        for l in reversed(self.layers):
            l.backward()


model = Model()
loss = model(x_train, y_train)
model.backward()
w12, w22, b12, b22, xt2 = [p.clone().requires_grad_(True) for p in (w1, w2, b1, b2, x_train)]
l2 = ((torch.relu(xt2 @ w12 + b12) @ w22 + b22).squeeze() - y_train).pow(2).mean()
l2.backward()
for a, b in zip((w1, w2, b1, b2, x_train), (w12, w22, b12, b22, xt2)):
    print(torch.allclose(a.g, b.grad, rtol=1e-3, atol=1e-3))
print(loss, model.layers[0].w.g[0])


def f(x):
    return 3 * x**2 + 2 * x + 1


xt = tensor(1.5).requires_grad_()
yt = f(xt)
yt.backward()
print(xt.grad, yt)


def plot():
    pass


time = torch.arange(0, 20).float()
speed = torch.randn(20) * 3 + 0.75 * (time - 9.5) ** 2 + 1


def g(t, params):
    a, b, c = params
    return a * (t**2) + (b * t) + c


def mse(preds, targets):
    return ((preds - targets) ** 2).mean().sqrt()


params = torch.randn(3).requires_grad_()
orig = params.clone()


def apply_step(params, prn=True):
    preds = g(time, params)
    loss = mse(preds, speed)
    loss.backward()
    params.data -= 1e-5 * params.grad.data
    params.grad = None
    if prn:
        print(round(loss.item(), 6))
    return preds


for i in range(5):
    apply_step(params)
print(params, orig, apply_step(params, False)[:3])


def mnist_loss(p, t):
    p = p.sigmoid()
    return torch.where(t == 1, 1 - p, p).mean()


def linear1(xb):
    return xb @ weights + bias


def init_params(size, std=1.0):
    return (torch.randn(size) * std).requires_grad_()


weights = init_params((m, 1))
bias = init_params(1)
targ = (x_train[:, :1] > 0).long()


def calc_grad(xb, yb, model):
    mnist_loss(model(xb), yb).backward()


calc_grad(x_train, targ, linear1)
print(weights.grad.mean(), bias.grad)
calc_grad(x_train, targ, linear1)
print(weights.grad.mean(), bias.grad)
weights.grad.zero_()
bias.grad.zero_()


def batch_accuracy(xb, yb):
    return ((xb.sigmoid() > 0.5) == yb).float().mean()


class BasicOptim:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self, *a, **k):
        for p in self.params:
            p.data -= p.grad.data * self.lr

    def zero_grad(self, *a, **k):
        for p in self.params:
            p.grad = None


lin = nn.Linear(m, 1)
opt = BasicOptim(lin.parameters(), 1.0)
for e in range(5):
    l = mnist_loss(lin(x_train), targ)
    l.backward()
    opt.step()
    opt.zero_grad()
    print(round(batch_accuracy(lin(x_train), targ).item(), 4), end=" ")
print()
acts = torch.randn((6, 2)) * 2
print(acts.sigmoid(), (acts[:, 0] - acts[:, 1]).sigmoid(), torch.softmax(acts, dim=1))
sm = torch.softmax(acts, dim=1)
targ2 = tensor([0, 1, 0, 1, 1, 0])
idx = range(6)
print(
    sm[idx, targ2],
    -sm[idx, targ2].log(),
    F.nll_loss(sm, targ2, reduction="none"),
    nn.CrossEntropyLoss()(acts, targ2),
    F.cross_entropy(acts, targ2, reduction="none"),
)


class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Parameter(torch.ones(3))


print(
    list(T().parameters()), tensor([1, 2, 3]), tensor([[1.0, 2], [3, 4]]), tensor(range(3)), [o.shape for o in (w1, b1)]
)


def stats(x):
    return x.mean(), x.std()


x = torch.randn(50, 40)
for i in range(10):
    x = x @ (torch.randn(40, 40) * (1 / 40**0.5))
print(stats(x), x[0:3, 0:3])
x = torch.randn(50, 40)
for i in range(50):
    x = torch.relu(x @ (torch.randn(40, 40) * (2 / 40) ** 0.5))
print(stats(x))
from functools import partial


class Hook:
    def __init__(self, m, f):
        self.hook = m.register_forward_hook(partial(f, self))

    def remove(self):
        self.hook.remove()


def append_stats(hook, mod, inp, outp):
    if not hasattr(hook, "stats"):
        hook.stats = ([], [])
    hook.stats[0].append(outp.data.mean())
    hook.stats[1].append(outp.data.std())


net = nn.Sequential(nn.Linear(m, 4), nn.ReLU(), nn.Linear(4, 1))
hs = [Hook(l, append_stats) for l in net]
net(x_train)
net(x_train * 2)
print([h.stats for h in hs])
