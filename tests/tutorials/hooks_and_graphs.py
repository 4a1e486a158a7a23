"""Hooks of modules, tensors and parameters, and the graph as it is shown."""

import torch
from torch import nn

torch.manual_seed(8)
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
acts, grads = {}, {}


def get_activation(name):
    def hook(model, input, output):
        acts[name] = output.detach()

    return hook


handles = [m.register_forward_hook(get_activation(n)) for n, m in net.named_children()]


def bhook(name):
    def f(module, gi, go):
        grads[name] = (gi[0] if gi[0] is None else gi[0].clone(), go[0].clone())

    return f


hb = [m.register_full_backward_hook(bhook(n)) for n, m in net.named_children()]
x = torch.randn(4, 2)
y = net(x)
y.sum().backward()
for k in acts:
    print(k, acts[k].shape, acts[k].mean())
for k in sorted(grads):
    print(k, grads[k])
for h in handles + hb:
    h.remove()
acts.clear()
net(x)
print(acts)


def double_out(m, i, o):
    return o * 2


h = net.register_forward_hook(double_out)
a = net(x)
h.remove()
print(torch.allclose(a, 2 * net(x)))


def pre(m, args):
    return (args[0] + 1,)


h = net.register_forward_pre_hook(pre)
b = net(x)
h.remove()
print(torch.allclose(b, net(x + 1)))
v = torch.tensor([0.0, 0.0, 0.0], requires_grad=True)
h = v.register_hook(lambda grad: grad * 2)
v.backward(torch.tensor([1.0, 2.0, 3.0]))
print(v.grad)
h.remove()
t = torch.tensor([1.0, 2.0], requires_grad=True)
s = t * 3
s.retain_grad()
seen = []
s.register_hook(lambda g: seen.append(("s", g.clone())))
t.register_hook(lambda g: print("t grad", g))
s.register_hook(lambda g: g + 1)
s.pow(2).sum().backward()
print(seen, s.grad, t.grad)


def print_graph(fn, d=0):
    if fn is None:
        return
    print("  " * d + fn.name())
    for n, _ in fn.next_functions:
        print_graph(n, d + 1)


loss = nn.functional.mse_loss(torch.tanh(net(x)), torch.zeros(4, 1))
print_graph(loss.grad_fn)
print(loss.grad_fn.name(), loss.grad_fn.next_functions[0][0].name(), type(loss.grad_fn).__name__)
z = (t**2).sum().sqrt() + t.prod() / t.mean() - t[0].exp() * torch.cat([t, t])[2]
print_graph(z.grad_fn)
print([f.name() for f, _ in z.grad_fn.next_functions], t.grad_fn)
gl = []
for p in net.parameters():
    p.register_post_accumulate_grad_hook(lambda p: gl.append(tuple(p.grad.shape)))
net(x).sum().backward()
print(gl)


class Guided(nn.Module):
    def __init__(s):
        super().__init__()
        s.l = nn.Linear(2, 2)
        s.out = None

    def forward(s, x):
        s.out = s.l(x)
        s.out.register_hook(s.save)
        return s.out.relu().sum()

    def save(s, g):
        s.gradient = g


gm = Guided()
gm(x).backward()
print(gm.gradient, (gm.out * gm.gradient).mean(0))
print(
    torch.autograd.grad((t * 2).sum(), t),
    torch.autograd.grad([t.sum(), (t**2).sum()], [t]),
    torch.autograd.grad(t.sum(), [t, torch.ones(1, requires_grad=True)], allow_unused=True),
)
