"""Masks of sequences, smoothed labels, tied weights."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
src = torch.tensor([[3, 4, 5, 0], [6, 7, 0, 0]])
PAD = 0
mask = src != PAD
print(mask, mask.sum(1), mask.unsqueeze(1).unsqueeze(2).shape)
emb = nn.Embedding(10, 6, padding_idx=0)
e = emb(src)
print(e[1], emb.weight[0])
pooled = (e * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
print(pooled)
pooled.sum().backward()
print(emb.weight.grad[:8])
causal = torch.tril(torch.ones(4, 4)).bool()
att = causal[None] & mask[:, None, :]
print(att)
sc = torch.zeros(2, 4, 4).masked_fill(~att, float("-inf")).softmax(-1)
print(sc)


class LayerNorm(nn.Module):
    def __init__(s, d, eps=1e-6):
        super().__init__()
        s.a = nn.Parameter(torch.ones(d))
        s.b = nn.Parameter(torch.zeros(d))
        s.eps = eps

    def forward(s, x):
        m = x.mean(-1, keepdim=True)
        sd = x.std(-1, keepdim=True)
        return s.a * (x - m) / (sd + s.eps) + s.b


ln = LayerNorm(6)
o = ln(e)
print(o.std(-1), o[0, 0])


class LabelSmoothing(nn.Module):
    def __init__(s, size, padding_idx, smoothing=0.0):
        super().__init__()
        s.criterion = nn.KLDivLoss(reduction="sum")
        s.padding_idx, s.confidence, s.smoothing, s.size = padding_idx, 1.0 - smoothing, smoothing, size

    def forward(s, x, target):
        td = x.data.clone()
        td.fill_(s.smoothing / (s.size - 2))
        td.scatter_(1, target.data.unsqueeze(1), s.confidence)
        td[:, s.padding_idx] = 0
        m = torch.nonzero(target.data == s.padding_idx)
        if m.dim() > 0:
            td.index_fill_(0, m.squeeze(), 0.0)
        s.true_dist = td
        return s.criterion(x, td.clone().detach())


crit = LabelSmoothing(5, 0, 0.4)
pred = torch.FloatTensor([[0, 0.2, 0.7, 0.1, 0]] * 5)
print(crit(pred.log().nan_to_num(neginf=-30.0), torch.LongTensor([2, 1, 0, 3, 3])), crit.true_dist)
logits = torch.randn(2, 4, 10, requires_grad=True)
tgt = torch.tensor([[4, 5, 1, 0], [7, 1, 0, 0]])
loss = F.cross_entropy(logits.view(-1, 10), tgt.view(-1), ignore_index=0)
loss.backward()
print(loss, logits.grad[0, 3], logits.grad[0, 0], torch.exp(loss))
print(F.cross_entropy(logits.transpose(1, 2), tgt, ignore_index=0, reduction="none"))
ys = torch.full((1, 1), 1, dtype=torch.long)
for i in range(3):
    pr = F.softmax(torch.randn(1, 10), -1)
    _, nw = torch.max(pr, dim=1)
    ys = torch.cat([ys, torch.full((1, 1), nw.item(), dtype=src.dtype)], dim=1)
print(ys)
rate = lambda step, d=16, w=4: d**-0.5 * min(step**-0.5, step * w**-1.5)
m = nn.Linear(1, 1)
o = torch.optim.Adam(m.parameters(), lr=1, betas=(0.9, 0.98), eps=1e-9)
sch = torch.optim.lr_scheduler.LambdaLR(o, lambda s: rate(s + 1))
lrs = []
for i in range(8):
    lrs.append(o.param_groups[0]["lr"])
    o.step()
    sch.step()
print([round(l, 6) for l in lrs])
probs = torch.rand(2, 4)
mlm = torch.bernoulli(torch.full(src.shape, 0.5)).bool() & mask
inp = src.masked_fill(mlm, 9)
lab = src.masked_fill(~mlm, -100)
print(mlm, inp, lab, (lab == -100).sum())
rev = src.flip(1)
roll = torch.roll(src, 1, 1)
roll[:, 0] = 1
print(
    rev,
    roll,
    src.gt(3).nonzero(as_tuple=True),
    src.float().norm(),
    torch.where(mask, src, -1),
    src.masked_select(mask),
    src[mask].unique(),
    src.bincount() if False else torch.bincount(src.flatten()),
    F.one_hot(src, 8).sum(1),
    torch.nn.utils.rnn.pad_sequence([torch.ones(2), torch.ones(3)], batch_first=True),
)
q = torch.randn(2, 3, 4, 5)
k = torch.randn(2, 3, 6, 5)
print(
    (q @ k.transpose(-1, -2)).shape,
    torch.matmul(q, k.mT).shape,
    torch.einsum("bhid,bhjd->bhij", q, k).sum(),
    q.transpose(1, 2).reshape(2, 4, -1).shape,
    q.flatten(0, 1).shape,
    q.view(6, 4, 5).mean((1, 2)),
    q.swapaxes(1, 2).shape,
    q.unflatten(3, (5, 1)).shape,
    torch.cat([q, q], -1).shape,
)
W = nn.Linear(6, 3)
tied = nn.Linear(6, 10, bias=False)
tied.weight = emb.weight
print(
    tied.weight is emb.weight,
    W(e).shape,
    tied(e).shape,
    len({id(p) for p in [*tied.parameters(), *emb.parameters()]}),
    sum(p.numel() for p in nn.ModuleList([tied, emb]).parameters()),
    [n for n, _ in nn.ModuleDict({"a": tied, "b": emb}).named_parameters()],
)
