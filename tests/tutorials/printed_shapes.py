"""Tensors of all shapes, types and sizes, printed."""

import torch

ts = [
    torch.tensor(1),
    torch.tensor(1.0),
    torch.tensor(True),
    torch.tensor([]),
    torch.zeros(0, 3),
    torch.zeros(2, 0, 3),
    torch.tensor([1e-5, 1.0]),
    torch.tensor([1e8, 1.0]),
    torch.tensor([100000.0]),
    torch.tensor([123456.789, 0.1]),
    torch.tensor([1e10]),
    torch.tensor([0.0001]),
    torch.tensor([0.00001]),
    torch.tensor([float("nan"), 1.0]),
    torch.tensor([float("inf"), -1.5]),
    torch.tensor([float("-inf")]),
    torch.tensor([1.0, 2.0, float("nan")]),
    torch.tensor([-0.0, 0.0]),
    torch.arange(10),
    torch.arange(1001),
    torch.arange(1000.0)[:20] / 7,
    torch.eye(3),
    torch.ones(2, 2, dtype=torch.int32),
    torch.ones(2, dtype=torch.float16),
    torch.ones(2, dtype=torch.float32) / 3,
    torch.zeros(2, dtype=torch.uint8),
    torch.tensor([True, False]),
    torch.tensor([[True], [False]]),
    torch.zeros(3, 4, 5),
    torch.linspace(0, 1, 1200),
    torch.linspace(-100, 100, 40).reshape(4, 10),
    torch.zeros(50, 50),
    torch.arange(2000).reshape(20, 100),
    torch.arange(30000.0).reshape(30, 10, 100),
    torch.tensor([1, -20, 300]),
    torch.tensor([[1.5, -2.25], [1000.0, 0.001]]),
    torch.tensor([2**40, 1]),
    torch.rand(3, 3, generator=torch.Generator().manual_seed(0)) * 1e-6,
    torch.full((3,), 1e-40),
    torch.tensor([1e300, 1e-300]),
    torch.full((2, 3), 3.14159),
    torch.tensor([[[[1.0]]]]),
    torch.tensor([999.99999, 1.0]),
    torch.tensor([9999.5, 0.5]),
    torch.tensor([1000.5, 1.0]),
    torch.tensor([1001.0, 1.0]),
    torch.tensor([1001.5, 1.0]),
    torch.ones(1, 1200),
    torch.ones(1200, 1),
    torch.tensor(float("nan")),
    torch.tensor(1e-12),
    torch.tensor(123456789.123),
    torch.tensor(-3),
    torch.tensor(2.5e20),
    torch.empty(0, dtype=torch.int64),
    torch.empty((2, 0), dtype=torch.int64),
]
for t in ts:
    print(t)
x = torch.ones(2, requires_grad=True)
for t in [
    x,
    x * 2,
    (x * 2).sum(),
    x.mean(),
    x[0],
    x.view(1, 2),
    x.unsqueeze(0).expand(3, 2),
    torch.cat([x, x]),
    x @ x,
    x.exp().log(),
    x.max(),
    x.max(0),
    torch.nn.Parameter(x.detach()),
    (torch.linspace(0, 1, 30).requires_grad_() ** 2),
    torch.ones(10, 10, requires_grad=True) * 1e-5,
    x.clone(),
    x.detach(),
    x.norm(),
    x.prod(),
    x.std(),
    x.softmax(0),
    x.T,
    torch.stack([x, x]),
    x.sort(),
    x.cumsum(0),
    x.float(),
    x.double(),
    x.to(torch.float32),
    x.half(),
]:
    print(t)
print(f"{torch.tensor(3.14159):.2f} {torch.tensor(7)} {x} {torch.tensor([1.0])!r} {str(torch.tensor(2.5))}")
print("%.3f %d %s" % (torch.tensor(1.5), torch.tensor(3), torch.tensor(4)))
print([torch.tensor(1.0), torch.tensor(2)], {"a": torch.ones(1)}, (torch.zeros(1),))
print(
    x.shape,
    x.size(),
    torch.Size([1, 2]),
    x.dtype,
    x.device,
    x.layout,
    x.type(),
    x.size(0),
    list(x.shape),
    torch.zeros(2, 3).shape[1:],
    torch.zeros(2, 3).size()[-1],
)
torch.set_printoptions(precision=2)
print(torch.tensor([1.23456, 2.0]), torch.tensor(0.1) / 3)
torch.set_printoptions(precision=8)
print(torch.tensor([1 / 3]))
torch.set_printoptions(profile="default")
torch.set_printoptions(sci_mode=False)
print(torch.tensor([1e-6, 1.0]), torch.tensor([1e10, 0.1]))
torch.set_printoptions(sci_mode=True)
print(torch.tensor([1.0, 0.5]), torch.tensor([1.0, 2.0]), torch.tensor([1, 2]))
torch.set_printoptions(profile="default")
torch.set_printoptions(linewidth=40, edgeitems=2, threshold=20)
print(torch.linspace(0, 1, 12), torch.arange(60).reshape(6, 10), torch.zeros(30))
torch.set_printoptions(profile="full")
print(torch.zeros(3, 401).sum())
torch.set_printoptions(profile="short")
print(torch.rand(3, generator=torch.Generator().manual_seed(1)))
torch.set_printoptions(profile="default", linewidth=120)
print(torch.arange(40.0))
torch.set_printoptions(profile="default")
