"""How tensors print."""

import torch

print(torch.tensor(3), torch.tensor(2.5), torch.tensor([True, False]), torch.tensor([1, -20, 300]))
print(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.5]), torch.tensor([1e-5, 1.0]), torch.tensor([1e9, 1.0]))
print(torch.tensor([float("nan"), 1.0, float("inf"), -float("inf")]), torch.tensor([float("nan")]), torch.tensor([0.0]))
print(torch.tensor([1.5, float("nan")]), torch.tensor([1.0, 2000.0]), torch.tensor(1e-12), torch.tensor([-0.0, 1.0]))
print(torch.zeros(0), torch.zeros(2, 0), torch.tensor([], dtype=torch.int64), torch.eye(3))
print(torch.tensor([1.0], dtype=torch.float32), torch.tensor([1.0], dtype=torch.float32, requires_grad=True))
print(torch.arange(24.0).reshape(2, 3, 4) / 7)
print(torch.arange(30.0))
print(torch.arange(2000), torch.arange(2000.0).reshape(40, 50))
print(torch.arange(24.0).reshape(2, 3, 4).requires_grad_())
print((torch.arange(40.0).requires_grad_() * 1.5).reshape(4, 10))
print(torch.ones(1000, 3, 2).sum(0), torch.ones(20, 60))
print(repr(torch.tensor([1.0])), f"{torch.tensor(2.5):.2f}", f"{torch.tensor(2.5)}", torch.Size([2, 3]), torch.float64)
x = torch.arange(4.0).reshape(2, 2).requires_grad_()
for y in (
    x * 2, 2 - x, x / 2, x**2, 2**x, x**x, -x, x.sum(), x.sum(0), x.mean(), x.mean(1, keepdim=True), x[0], x[:, 1],
    x[x > 1], x[0:1], x @ x, x @ x[0], x[0] @ x[0], x.T, x.t(), x.reshape(4), x.view(1, 4), x.unsqueeze(0), x.squeeze(),
    x.max(), x.max(1).values, x.clamp(min=1), x.relu(), x.abs(), x.exp(), x.sin(), x.tanh(), x.sigmoid(), x.norm(),
    x.std(), x.var(0), x.prod(), x.cumsum(0), torch.softmax(x, 1), torch.log_softmax(x, 1), x.logsumexp(0),
    torch.stack([x, x]), torch.cat([x, x], 1), torch.where(x > 1, x, 0.0), x.clone(), x.expand(2, 2, 2), x.floor(),
    x % 2, torch.maximum(x, x + 1), x.flatten(), torch.trace(x), x.permute(1, 0), x.transpose(0, 1), x.float(),
):  # fmt: skip
    print(y)
print(torch.max(x, 1))
