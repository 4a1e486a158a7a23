"""A small engine of scalars checked against tensors."""

import math
import random

import torch


class Value:
    def __init__(self, data, _children=(), _op=""):
        self.data, self.grad, self._backward, self._prev, self._op = data, 0, lambda: None, set(_children), _op

    def __add__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        out = Value(self.data + o.data, (self, o), "+")

        def _b():
            self.grad += out.grad
            o.grad += out.grad

        out._backward = _b
        return out

    def __mul__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        out = Value(self.data * o.data, (self, o), "*")

        def _b():
            self.grad += o.data * out.grad
            o.grad += self.data * out.grad

        out._backward = _b
        return out

    def tanh(self):
        t = (math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)
        out = Value(t, (self,), "tanh")

        def _b():
            self.grad += (1 - t**2) * out.grad

        out._backward = _b
        return out

    def backward(self):
        topo, seen = [], set()

        def build(v):
            if v not in seen:
                seen.add(v)
                for c in v._prev:
                    build(c)
                topo.append(v)

        build(self)
        self.grad = 1.0
        for v in reversed(topo):
            v._backward()


x1, x2, w1, w2, b = Value(2.0), Value(0.0), Value(-3.0), Value(1.0), Value(6.8813735870195432)
n = x1 * w1 + x2 * w2 + b
o = n.tanh()
o.backward()
print(x1.grad, w1.grad, x2.grad, w2.grad, o.data)
x1 = torch.Tensor([2.0]).double()
x1.requires_grad = True
x2 = torch.Tensor([0.0]).double()
x2.requires_grad = True
w1 = torch.Tensor([-3.0]).double()
w1.requires_grad = True
w2 = torch.Tensor([1.0]).double()
w2.requires_grad = True
b = torch.Tensor([6.8813735870195432]).double()
b.requires_grad = True
n = x1 * w1 + x2 * w2 + b
o = torch.tanh(n)
print(round(o.data.item(), 6))
o.backward()
print("---")
print("x2", round(x2.grad.item(), 6))
print("w2", round(w2.grad.item(), 6))
print("x1", round(x1.grad.item(), 6))
print("w1", round(w1.grad.item(), 6))
print(o, o.dtype, b.dtype, torch.Tensor([2.0]).dtype, torch.Tensor([[1, 2, 3], [4, 5, 6]]).shape)


def f(a, b, c):
    return -(a**3) + torch.sin(3 * b) - 1.0 / c + b**2.5 - a**0.5


v = [torch.tensor(t, requires_grad=True) for t in (2.0, 3.0, 4.0)]
y = f(*v)
y.backward()
print(y, [t.grad for t in v])
h = 1e-6
for i in range(3):
    p = [t.detach().clone() for t in v]
    q = [t.detach().clone() for t in v]
    p[i] += h
    q[i] -= h
    print(f"{((f(*p) - f(*q)) / (2 * h)).item():.5f}")
logits = torch.tensor([0.0, 3.0, -2.0, 1.0], requires_grad=True)
counts = torch.exp(logits)
probs = counts / counts.sum()
loss = -torch.log(probs[3])
loss.backward()
print(loss, logits.grad)
random.seed(1337)
torch.manual_seed(1337)


class Neuron(torch.nn.Module):
    def __init__(self, nin):
        super().__init__()
        self.w = torch.nn.ParameterList([torch.nn.Parameter(torch.tensor(random.uniform(-1, 1))) for _ in range(nin)])
        self.b = torch.nn.Parameter(torch.tensor(random.uniform(-1, 1)))

    def forward(self, x):
        return sum((wi * xi for wi, xi in zip(self.w, x)), self.b).tanh()


class MLP(torch.nn.Module):
    def __init__(self, nin, nouts):
        super().__init__()
        sz = [nin] + nouts
        self.layers = torch.nn.ModuleList(
            [torch.nn.ModuleList([Neuron(sz[i]) for _ in range(sz[i + 1])]) for i in range(len(nouts))]
        )

    def forward(self, x):
        for l in self.layers:
            x = [n(x) for n in l]
        return x[0] if len(x) == 1 else x


mlp = MLP(3, [4, 4, 1])
print(sum(p.numel() for p in mlp.parameters()))
xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
ys = [1.0, -1.0, -1.0, 1.0]
for k in range(20):
    ypred = [mlp(x) for x in xs]
    loss = sum((yo - yg) ** 2 for yg, yo in zip(ys, ypred))
    mlp.zero_grad()
    loss.backward()
    for p in mlp.parameters():
        p.data += -0.1 * p.grad
    if k % 5 == 0:
        print(k, round(loss.item(), 6))
print(ypred)
print(mlp.layers[2])
