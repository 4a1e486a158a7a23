"""Attention, positions and sampling by sums of products."""

import math

import torch
import torch.nn.functional as F

torch.manual_seed(9)
B, H, T, D = 2, 2, 4, 3
q, k, v = (torch.randn(B, H, T, D, requires_grad=True) for _ in range(3))
s = torch.einsum("bhqd,bhkd->bhqk", q, k) / math.sqrt(D)
mask = torch.triu(torch.ones(T, T, dtype=torch.bool), diagonal=1)
s = s.masked_fill(mask, -torch.inf)
a = s.softmax(-1)
o = torch.einsum("bhqk,bhkd->bhqd", a, v)
print(a[0, 0], o.shape)
o.pow(2).sum().backward()
print(q.grad[0, 0], k.grad[1, 1], v.grad.norm())
lens = torch.tensor([2, 4])
pad = torch.arange(T)[None, :] < lens[:, None]
print(pad)
X = torch.randn(B, T, 6)


def masked_softmax(X, valid):
    m = torch.arange(X.size(-1), dtype=torch.float32)[None, :] < valid.repeat_interleave(X.shape[1])[:, None]
    shape = X.shape
    X = X.reshape(-1, shape[-1]).clone()
    X[~m] = -1e6
    return F.softmax(X.reshape(shape), dim=-1)


print(masked_softmax(torch.rand(2, 2, 4), torch.tensor([2, 3])))
x = o.transpose(1, 2).contiguous().view(B, T, H * D)
print(x.shape, x.is_contiguous(), o.transpose(1, 2).is_contiguous(), o.transpose(1, 2).stride())
qkv = torch.nn.Linear(6, 18, bias=False)(X)
q2, k2, v2 = qkv.chunk(3, dim=-1)
print(q2.shape, [t.shape for t in qkv.split(6, dim=2)], q2.view(B, T, 2, 3).permute(0, 2, 1, 3).shape)
pe = torch.zeros(6, 8)
pos = torch.arange(0, 6).unsqueeze(1)
div = torch.exp(torch.arange(0, 8, 2) * -(math.log(10000.0) / 8))
pe[:, 0::2] = torch.sin(pos * div)
pe[:, 1::2] = torch.cos(pos * div)
print(pe, div)
A, Bm = torch.arange(6.0).reshape(2, 3), torch.arange(12.0).reshape(3, 4)
print(
    torch.einsum("ij,jk->ik", A, Bm),
    torch.einsum("ij->ji", A),
    torch.einsum("ij->", A),
    torch.einsum("ij,ij->i", A, A),
    torch.einsum("i,j->ij", A[0], A[1]),
)
print(
    torch.einsum("bij,bjk->bik", torch.ones(2, 2, 3), torch.ones(2, 3, 2)),
    torch.einsum("ii->i", A[:, :2]),
    torch.einsum("ii", A[:, :2]),
    torch.einsum("...ij,...jk->...ik", torch.ones(2, 1, 3), torch.ones(3, 2)),
)
xs = torch.linspace(-2, 2, 5)
print(
    torch.outer(xs, xs),
    torch.tensordot(A, Bm, dims=1),
    torch.tensordot(A, Bm, dims=([1], [0])).sum(),
    torch.bmm(torch.ones(2, 1, 2), torch.ones(2, 2, 1)),
    torch.baddbmm(torch.zeros(2, 1, 1), torch.ones(2, 1, 2), torch.ones(2, 2, 1)),
)
alibi = -(torch.arange(4)[:, None] - torch.arange(4)[None, :]).abs()
print(alibi, alibi * torch.tensor([0.5, 0.25]).view(2, 1, 1))
freqs = 1.0 / (10000 ** (torch.arange(0, 4, 2)[:2].float() / 4))
ang = torch.outer(torch.arange(3).float(), freqs)
print(freqs, ang, torch.stack([ang.cos(), ang.sin()], -1).flatten(-2))
xr = torch.randn(3, 4)
x1, x2 = xr[..., ::2], xr[..., 1::2]
rot = torch.stack((x1 * ang.cos() - x2 * ang.sin(), x1 * ang.sin() + x2 * ang.cos()), dim=-1).flatten(-2)
print(rot, rot.norm(dim=-1) - xr.norm(dim=-1) < 1e-12)


def topk_filter(l, k):
    v, _ = torch.topk(l, k)
    l = l.clone()
    l[l < v[:, [-1]]] = -float("Inf")
    return l


print(topk_filter(torch.tensor([[1.0, 3.0, 2.0, 0.5]]), 2))
p = torch.tensor([[0.5, 0.2, 0.15, 0.1, 0.05]])
sp, si = torch.sort(p, descending=True)
cum = sp.cumsum(-1)
keep = cum - sp < 0.7
print(sp * keep, (sp * keep / (sp * keep).sum()).gather(1, si))
