"""Accumulation, clipping, running means of a model, groups of parameters, a step within the backward."""

import copy

import torch
import torch.nn.functional as F
from torch import nn


def make():
    m = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    with torch.no_grad():
        for p in m.parameters():
            p.copy_(torch.linspace(-0.5, 0.7, p.numel()).reshape(p.shape))
    return m


X = torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5], [-1.0, 1.0]])
Y = torch.tensor([[1.0], [0.0], [2.0], [-1.0]])
# accumulation
m = make()
opt = torch.optim.SGD(m.parameters(), lr=0.1)
steps = 2
opt.zero_grad()
for i in range(4):
    loss = F.mse_loss(m(X[i : i + 1]), Y[i : i + 1]) / steps
    loss.backward()
    if (i + 1) % steps == 0:
        print("norm", nn.utils.clip_grad_norm_(m.parameters(), max_norm=0.5))
        opt.step()
        opt.zero_grad(set_to_none=True)
        print([p.grad for p in m.parameters()])
print(m[0].weight)
# clip value
m = make()
(m(X) * 100).sum().backward()
nn.utils.clip_grad_value_(m.parameters(), 1.0)
print([p.grad.abs().max().item() for p in m.parameters()])
# EMA
m = make()
ema = copy.deepcopy(m)
for p in ema.parameters():
    p.requires_grad_(False)
opt = torch.optim.AdamW(m.parameters(), lr=0.01, weight_decay=0.1)
for s in range(3):
    opt.zero_grad()
    F.mse_loss(m(X), Y).backward()
    opt.step()
    with torch.no_grad():
        for pe, p in zip(ema.parameters(), m.parameters()):
            pe.mul_(0.9).add_(p, alpha=0.1)
    torch._foreach_add_ if hasattr(torch, "_foreach_add_") else None
print(ema[2].weight, ema[2].weight.lerp(m[2].weight, 0.5))
from torch.optim.swa_utils import SWALR, AveragedModel, get_ema_multi_avg_fn

m = make()
em = AveragedModel(m, multi_avg_fn=get_ema_multi_avg_fn(0.9))
sw = AveragedModel(m)
opt = torch.optim.SGD(m.parameters(), lr=0.1)
ss = SWALR(opt, swa_lr=0.05, anneal_epochs=2)
for s in range(3):
    opt.zero_grad()
    F.mse_loss(m(X), Y).backward()
    opt.step()
    em.update_parameters(m)
    sw.update_parameters(m)
    ss.step()
    print(opt.param_groups[0]["lr"])
print(em.module[2].bias, sw.module[2].bias, sw.n_averaged, em(X))
# groups
m = make()
opt = torch.optim.SGD(
    [{"params": m[0].parameters()}, {"params": m[2].parameters(), "lr": 1e-3, "weight_decay": 0.1}],
    lr=1e-2,
    momentum=0.9,
)
print(opt)
print(len(opt.param_groups), opt.param_groups[1]["lr"])
opt.add_param_group({"params": [torch.ones(1, requires_grad=True)]})
print(len(opt.param_groups), opt.param_groups[2]["momentum"])
for g in opt.param_groups:
    g["lr"] *= 0.1
print([g["lr"] for g in opt.param_groups])
try:
    opt.add_param_group({"params": m[0].weight})
except ValueError as e:
    print(e)
# weight decay by hand
decay, no_decay = [], []
for n, p in m.named_parameters():
    (no_decay if n.endswith("bias") else decay).append(n)
print(decay, no_decay)
# optimizer in backward
opts = {p: torch.optim.Adam([p], foreach=False) for p in m.parameters()}


def hook(p):
    opts[p].step()
    opts[p].zero_grad()


for p in m.parameters():
    p.register_post_accumulate_grad_hook(hook)
F.mse_loss(m(X), Y).backward()
print(m[2].weight, m[2].weight.grad)
vec = nn.utils.parameters_to_vector(m.parameters())
print(vec.shape)
nn.utils.vector_to_parameters(vec * 0, m.parameters())
print(m[0].bias)
opt.register_step_post_hook(lambda o, a, k: print("stepped"))
opt.step()
