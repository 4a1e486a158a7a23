import torch

x = torch.tensor([1.0, 2.0, 3.5], requires_grad=True)
A = torch.arange(6.0).reshape(2, 3)
print(torch.add(x, 1, alpha=2), torch.sub(x, x.detach(), alpha=0.5), x.add(1), x.sub(1))
print(torch.div(x, 2, rounding_mode="floor"), torch.div(-x, 2, rounding_mode="trunc"), torch.div(x, 2))
print(torch.round(x / 3, decimals=2), torch.round(x), x.clamp_min(2), torch.clamp_max(x, 2))
print(torch.inner(x, x), torch.kron(torch.eye(2), torch.ones(1, 2)), torch.fliplr(A), torch.flipud(A))
print(torch.nansum(torch.tensor([1.0, float("nan")])), torch.finfo(torch.float64).eps, torch.detach(x))
print(A.mean(dim=0, keepdim=True), A.std(), A.var(dim=1, unbiased=False), A.argmax(dim=1), A.max(dim=1))
print(A.T, A.flatten(), A[A > 2], A[:, [0, 2]], A[-1, ::2], A.unbind(0), A.sum(0), A.prod(), A.cumsum(0))
print(torch.where(x > 1, x, torch.zeros_like(x)), torch.sigmoid(x), torch.softmax(x, 0), torch.logsumexp(A, dim=1))
print(f"{x.sum():.3f}", x.tolist(), x[0].item(), len(x), x.dtype, torch.Size([2]), torch.zeros(0, 3))
