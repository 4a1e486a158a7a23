"""Results written into `out`, `axis` beside `dim`, types by Python's names."""

import torch

a = torch.tensor([[3.0, 1.0], [2.0, 4.0]])
o = torch.empty(2, 2)
r = torch.add(a, a, out=o)
print(r is o, o)
torch.exp(a, out=o)
print(o)
torch.mm(a, a, out=o)
print(o)
print(
    torch.matmul(a, a, out=torch.empty(2, 2)),
    torch.sum(a, dim=0, out=torch.empty(2)),
    torch.cat([a, a], out=torch.empty(4, 2)),
    torch.stack([a, a], out=torch.zeros(0)),
)
v, i = torch.empty(2), torch.empty(2, dtype=torch.long)
m = torch.max(a, 0, out=(v, i))
print(v, i, m.values is v)
torch.sort(a, out=(o, torch.empty(2, 2, dtype=torch.long)))
print(o)
print(torch.zeros(2, 2, out=o), o, torch.arange(4.0, out=torch.empty(4)), torch.linspace(0, 1, 3, out=torch.empty(3)))
print(torch.clamp(a, 1.5, 3, out=o), torch.where(a > 2, a, o, out=torch.empty(2, 2)))
for code in (
    "torch.add(a.clone().requires_grad_(), a, out=o)",
    "torch.add(a, a, out=torch.empty(2, 2, dtype=torch.long))",
    "torch.exp(a, out=o.clone().requires_grad_())",
    "torch.add(a, a, oot=o)",
):
    try:
        eval(code)
        print("fine")
    except Exception as e:
        print(type(e).__name__, str(e).split(".")[0].split(":")[0][:60])
print(
    a.cumsum(axis=0),
    a.softmax(axis=1),
    a.max(axis=0),
    a.argmax(axis=1),
    a.std(axis=0),
    a.sort(axis=0)[0],
    a.unsqueeze(axis=0).shape,
    torch.cat([a, a], axis=1),
    torch.stack([a, a], axis=2).shape,
    a.sum(axis=0),
    a.mean(axis=1, keepdims=True),
    a.squeeze(axis=0).shape,
    torch.softmax(a, axis=0),
    a.prod(axis=0),
    a.unbind(axis=1),
    a.flip(dims=(0,)),
    a.amax(axis=0),
    a.logsumexp(axis=0),
    torch.argmax(a, axis=0),
    a.all(axis=0),
    a.any(axis=1),
    a.median(axis=0)[0],
    a.cumprod(axis=1),
    a.roll(1, 0),
    a.index_select(axis=0, index=torch.tensor([1])),
    a.gather(axis=0, index=torch.tensor([[0, 1]])),
    a.var(axis=0, correction=0),
    a.min(axis=1).indices,
    a.topk(1, axis=0).values,
    torch.diff(a, axis=0),
    torch.unique(a, dim=0),
)
print(
    torch.zeros(2, dtype=float).dtype,
    torch.ones(2, dtype=int),
    torch.ones(2, dtype=bool),
    a.to(int),
    a.to(float).dtype,
    a.type(torch.int32),
    a.to(torch.float32, copy=True).dtype,
    a.type("torch.IntTensor"),
    a.type(bool) if False else 0,
    a.sum(dtype=int),
    torch.tensor([1, 2], dtype=float),
    torch.full((2,), 1, dtype=float),
    torch.arange(3, dtype=float),
    torch.randn(2, dtype=torch.float32).dtype,
)
print(
    torch.range(1, 4),
    torch.range(1, 2, 0.5),
    torch.logspace(0, 2, 3, device="cpu"),
    torch.zeros(2, device=torch.device("cpu"), pin_memory=False),
    torch.eye(2, dtype=int),
)
try:
    torch.zeros(2, dtype=str)
except TypeError as e:
    print(type(e).__name__)
b = a.to("cpu", non_blocking=True)
print(b is a, a.to(a) is a, a.to("cpu", torch.float32).dtype, a.to(torch.float64, copy=True) is a)
