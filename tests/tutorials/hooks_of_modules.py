"""Hooks of tensors, modules and steps of the history, of one and of all."""

import torch
from torch import nn

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
h = x.register_hook(lambda g: g * 2)
y = x**2
y.retain_grad()
y.register_hook(lambda g: print("y grad", g))
z = y.mean()
z.backward()
print(x.grad, y.grad)
h.remove()
x.grad = None
(x * 3).sum().backward()
print(x.grad)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
with torch.no_grad():
    for p in net.parameters():
        p.fill_(0.25)
acts = {}


def get(name):
    def hook(model, input, output):
        acts[name] = output.detach()

    return hook


hs = [m.register_forward_hook(get(n)) for n, m in net.named_children()]
out = net(torch.tensor([[1.0, 2.0]]))
print(acts)
for hh in hs:
    hh.remove()


def pre(module, args):
    print("pre", module, args)
    return (args[0] * 2,)


hp = net[0].register_forward_pre_hook(pre)
print(net(torch.ones(1, 2)))
hp.remove()


def back(module, gi, go):
    print("back", type(module).__name__, gi, go)


hb = [m.register_full_backward_hook(back) for m in net]
inp = torch.ones(1, 2, requires_grad=True)
net(inp).sum().backward()
print(inp.grad)
for b in hb:
    b.remove()
hpre = net[2].register_full_backward_pre_hook(lambda m, g: print("prebackward", g))
net(inp).sum().backward()
hpre.remove()
a = torch.tensor([2.0], requires_grad=True)
hd = a.register_post_accumulate_grad_hook(lambda p: print("acc", p.grad))
(a * 3).backward()
(a * 3).backward()
hd.remove()
b = a * 2
b.grad_fn.register_hook(lambda gi, go: print("node", gi, go))
b.grad_fn.register_prehook(lambda g: print("nodepre", g))
b.sum().backward()
try:
    torch.ones(2).register_hook(lambda g: g)
except RuntimeError as e:
    print(e)


def change(m, i, o):
    return o + 1


k = net.register_forward_hook(change)
print(net(torch.ones(1, 2)))
k.remove()
kw = net[0].register_forward_hook(lambda m, a, k, o: print(a, k), with_kwargs=True)
net[0](input=torch.ones(2))
kw.remove()
from torch.autograd.graph import register_multi_grad_hook

u = torch.ones(2, requires_grad=True)
v = torch.ones(2, requires_grad=True)
register_multi_grad_hook([u, v], lambda gs: print("multi", gs))
(u * v).sum().backward()
from torch.nn.modules.module import register_module_forward_hook

gh = register_module_forward_hook(lambda m, i, o: print("global", type(m).__name__))
net(torch.ones(1, 2))
gh.remove()
