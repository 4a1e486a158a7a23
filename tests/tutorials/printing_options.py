import torch

print(
    torch.tensor([1.123456789, 2.0]),
    torch.tensor([1e-10, 1.0]),
    torch.tensor([1e10, 1.0]),
    torch.tensor([1.0, 2.0]),
    torch.tensor([100000.0, 1.5]),
)
print(torch.tensor([float("nan"), float("inf"), -1.5]), torch.tensor([]), torch.zeros(0, 3), torch.zeros(2, 0))
print(
    torch.tensor(3), torch.tensor(3.5), torch.tensor(True), torch.tensor([True, False]), torch.tensor([[1, 2], [3, 40]])
)
print(torch.arange(2000.0), torch.arange(10000).reshape(100, 100))
print(torch.ones(2, 2, 2), torch.zeros(1, 1, 1, 1))
print(torch.rand(3, 3, generator=torch.Generator().manual_seed(0)))
torch.set_printoptions(precision=2)
print(torch.tensor([1.123456789, 2.0]))
torch.set_printoptions(sci_mode=True)
print(torch.tensor([1.123456789, 2.0]))
torch.set_printoptions(profile="default")
torch.set_printoptions(threshold=5, edgeitems=2)
print(torch.arange(10.0), torch.arange(100).reshape(10, 10))
torch.set_printoptions(profile="full")
print(torch.arange(30.0))
torch.set_printoptions(profile="short")
print(torch.tensor([1.123456789, 2.0]))
torch.set_printoptions(profile="default")
torch.set_printoptions(linewidth=40)
print(torch.arange(20.0))
torch.set_printoptions(profile="default", sci_mode=False)
print(torch.tensor([1e-5, 1e5]))
torch.set_printoptions(profile="default")
print(torch.tensor([1e-5, 1e5]), torch.tensor([0.00001]), torch.tensor([123456789.0]), torch.tensor([0.1, 1000.5]))

x = torch.ones(3, requires_grad=True)
print(x, x * 2, (x * 2).detach(), [x, x * 2], (x,), {"a": x})
print(str(x), repr(x), f"{x}", "%s" % x, f"{x.sum()}", f"{x.sum().item():.2f}", f"{x.sum():.2f}")
print(
    torch.ones(2, dtype=torch.float32),
    torch.ones(2, dtype=torch.int64),
    torch.Size([2, 3]),
    x.shape,
    x.size(),
    x.size(0),
    len(x),
    x.dim(),
    x.numel(),
    x.nelement(),
)
print(
    torch.nn.Parameter(torch.ones(2)),
    torch.nn.Linear(2, 3),
    torch.float32,
    torch.device("cpu"),
    torch.optim.SGD([x], lr=0.1),
)
print(torch.optim.Adam([x]))

print(x.tolist(), x.sum().item(), float(x.sum()), int(x.sum()), bool(x.sum()), list(x.detach()), x[0].item())
print(
    torch.equal(x, x), torch.allclose(x, x + 1e-9), x == x, (x == 1).all(), (x > 1).any(), x.eq(1), torch.is_tensor(x)
)
print(
    torch.tensor([[1.0, -2.0], [3.0, 1e-3]]),
    torch.tensor([-1.0, -2.0]),
    torch.tensor([-0.0, 0.0]),
    torch.tensor(1e-7),
    torch.tensor(1e20),
    torch.tensor(123456.789),
)
print(
    torch.linspace(0, 1, 5),
    torch.logspace(0, 2, 3),
    torch.arange(0, 1, 0.25),
    torch.eye(2),
    torch.full((2, 2), 3.14),
    torch.empty(2, 0),
)
print(torch.arange(5, dtype=torch.float64), torch.range(1, 3) if False else "")
print(
    torch.tensor([1e-3, 1.0, 999.0]),
    torch.tensor([1e-4, 1.0]),
    torch.tensor([9.9999e-5, 1.0]),
    torch.tensor([0.5, 1001.0]),
    torch.tensor([1.0, 1001.0]),
)
print(
    torch.tensor([[1.5, float("nan")], [float("-inf"), 2]]),
    torch.tensor([float("inf"), 1e9]),
    torch.tensor([float("inf")]),
    torch.tensor(float("nan")),
)
print(torch.tensor(1.5, requires_grad=True) * 2, torch.tensor([[[1.0]]]), torch.randn(0))
print(
    torch.tensor([1.0]).dtype,
    torch.tensor([1]).dtype,
    torch.tensor([True]).dtype,
    torch.tensor([1.0], dtype=torch.float32).dtype,
    torch.get_default_dtype(),
)
