"""Gradients clipped, norms, and weight decay of some parameters alone."""

import torch
from torch import nn

torch.manual_seed(3)
m = nn.Sequential(nn.Linear(4, 8), nn.ELU(), nn.Linear(8, 1))
x, y = torch.randn(16, 4), torch.randn(16, 1) * 50
loss = nn.functional.mse_loss(m(x), y)
loss.backward()
total_norm = 0
for p in m.parameters():
    param_norm = p.grad.detach().data.norm(2)
    total_norm += param_norm.item() ** 2
print(total_norm**0.5)
print(torch.nn.utils.get_total_norm([p.grad for p in m.parameters()]))
print(nn.utils.clip_grad_norm_(m.parameters(), 1.0))
print(torch.norm(torch.stack([torch.norm(p.grad.detach(), 2.0) for p in m.parameters()]), 2.0))
print(nn.utils.clip_grad_norm_(m.parameters(), 0.5, norm_type=float("inf")))
print(nn.utils.clip_grad_norm_(m.parameters(), 0.5, norm_type=1))
nn.utils.clip_grad_value_(m.parameters(), clip_value=0.01)
for n, p in m.named_parameters():
    print(n, p.grad.abs().max(), p.grad.norm(), p.norm())
for p in m.parameters():
    p.register_hook(lambda grad: torch.clamp(grad, -0.1, 0.1))
m.zero_grad()
nn.functional.mse_loss(m(x), y).backward()
print([p.grad.abs().max().item() for p in m.parameters()])
g = torch.tensor([1.0, float("nan"), float("inf"), -float("inf"), 3.0])
print(torch.isnan(g), torch.isfinite(g), torch.isinf(g).any(), g.nan_to_num(0.0, 1.0, -1.0))
p = nn.Parameter(torch.ones(3))
p.grad = torch.tensor([float("nan"), 1.0, 1.0])
try:
    nn.utils.clip_grad_norm_([p], 1.0, error_if_nonfinite=True)
except RuntimeError as e:
    print(str(e)[:60])
print(
    torch.linalg.vector_norm(x),
    torch.linalg.vector_norm(x, ord=1, dim=1)[:4],
    torch.linalg.matrix_norm(x),
    torch.linalg.norm(x, "nuc"),
    torch.linalg.norm(x, 2),
    torch.linalg.norm(x, -2),
)
print(
    x.norm(dim=1, keepdim=True)[:3],
    x.norm(p=0),
    x.norm(p=float("inf")),
    torch.nn.functional.normalize(x, dim=1)[:2],
    nn.functional.normalize(x, p=1, dim=0)[:2],
)
l2 = sum(p.pow(2.0).sum() for p in m.parameters())
l1 = sum(p.abs().sum() for p in m.parameters())
print(l2, l1)
lam = 1e-2
loss = nn.functional.mse_loss(m(x), y) + lam * l2
loss.backward()
decay, nodecay = (
    [p for n, p in m.named_parameters() if p.dim() >= 2],
    [p for n, p in m.named_parameters() if p.dim() < 2],
)
opt = torch.optim.AdamW(
    [{"params": decay, "weight_decay": 0.1}, {"params": nodecay, "weight_decay": 0.0}], lr=1e-3, betas=(0.9, 0.95)
)
print(opt)
opt.step()
print(m[0].weight)
print(f"num decayed parameter tensors: {len(decay)}, with {sum(p.numel() for p in decay):,} parameters")
