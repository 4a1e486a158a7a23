import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
h = x.register_hook(lambda g: print("hook", g))
y = (x * 3).sum()
y.backward()
h.remove()
(x * 3).sum().backward()
print(x.grad)

z = x * 2
z.register_hook(lambda g: g * 10)
z.retain_grad()
z.sum().backward()
print(x.grad, z.grad)

x.grad = None
x.register_post_accumulate_grad_hook(lambda p: print("after", p.grad))
(x**2).sum().backward()

import torch.nn as nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))


def fh(m, i, o):
    print(type(m).__name__, [tuple(t.shape) for t in i], tuple(o.shape))


hs = [m.register_forward_hook(fh) for m in net]
out = net(torch.ones(4, 2))
for h in hs:
    h.remove()


def bh(m, gi, go):
    print(type(m).__name__, [None if g is None else tuple(g.shape) for g in gi], [tuple(g.shape) for g in go])


for m in net:
    m.register_full_backward_hook(bh)
net(torch.ones(4, 2)).sum().backward()


def pre(m, inp):
    return (inp[0] * 2,)


net[0].register_forward_pre_hook(pre)
print(net(torch.ones(1, 2)).detach())

a = torch.tensor(2.0, requires_grad=True)
b = a**2
c = b * 3
print(
    type(c.grad_fn).__name__,
    c.grad_fn.name(),
    [type(f).__name__ for f, _ in c.grad_fn.next_functions],
    type(b.grad_fn.next_functions[0][0]).__name__,
)
print(c.grad_fn.next_functions[0][0].next_functions[0][0].variable)
c.backward(retain_graph=True)

packed = []


def pack(t):
    packed.append(tuple(t.shape))
    return t


def unpack(t):
    return t


with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
    w = torch.ones(3, requires_grad=True)
    o = (w * w).exp().sum()
o.backward()
print(packed, w.grad)
with torch.autograd.graph.save_on_cpu():
    (w * w).sum().backward()
print(w.grad)

from torch.utils.checkpoint import checkpoint


def block(x):
    print("run")
    return (x.sin() * x).sum()


w = torch.ones(2, requires_grad=True)
checkpoint(block, w, use_reentrant=False).backward()
print(w.grad)

with torch.autograd.detect_anomaly():
    x = torch.tensor([-1.0], requires_grad=True)
    y = torch.log(x) * 0
    y.sum().backward()

a = torch.ones(2, requires_grad=True)
(a * 2).backward(torch.tensor([1.0, 0.1]))
print(a.grad)
print(torch.autograd.grad((a * 2).sum(), torch.ones(2, requires_grad=True), allow_unused=True))
print(torch.autograd.grad([(a * 2).sum(), (a**2).sum()], [a]))
print(torch.autograd.grad(a * 2, a, torch.eye(2), is_grads_batched=True))
print(torch.autograd.grad((a * 2).sum(), torch.ones(2, requires_grad=True), allow_unused=True, materialize_grads=True))

torch.autograd.backward([(a * 2).sum(), (a**2).sum()])
print(a.grad)
torch.autograd.backward((a**2), grad_tensors=torch.ones(2), inputs=[a])
print(a.grad)

print(a.detach().numpy(), a.data, a.is_leaf, (a * 2).is_leaf, a.requires_grad_(False))

from torch.autograd.graph import Node

print(isinstance(c.grad_fn, Node))
