"""Making tensors, their types, and arithmetic with numbers and arrays."""

import numpy as np
import torch

print(torch.tensor([1, 2]) / 2, torch.tensor([1, 2]) // 2, torch.tensor([True]) + torch.tensor([True]))
print(
    torch.tensor([1, 2]) * 2.5, torch.exp(torch.tensor([1, 2])), torch.tensor([1, 2]) ** 2, torch.tensor([1, 2]).sum()
)
print(torch.tensor([True, False]).sum(), torch.tensor([1.0, 2.0]) > 1, torch.sqrt(torch.tensor([True])))
print(torch.tensor([1, 2], dtype=torch.float32) * torch.tensor(2.0))
print(torch.tensor([1, 2], dtype=torch.float32) + torch.tensor([1.0, 2.0]))
print(torch.tensor([1, 2], dtype=torch.float32) + torch.tensor([1, 2]))
print(torch.arange(3), torch.arange(1, 2, 0.25), torch.linspace(0, 1, 5), torch.eye(2), torch.full((2,), 3))
print(torch.full((2,), 3.0), torch.zeros(2, 2), torch.ones((2,)), torch.zeros_like(torch.tensor([1, 2])))
print(torch.ones_like(torch.tensor([1.0])), torch.full_like(torch.tensor([1, 2]), 7), torch.empty(2).shape)
t = torch.tensor([1.0, 2.0])
print(t * np.array([1.0, 2.0]), np.float64(2) * t, t + np.float64(1), t - 1, 1 - t, 3 / t, t % 2)
print(torch.tensor(np.array([1, 2])), torch.tensor(t.numpy()), torch.from_numpy(np.ones(2)), torch.as_tensor([1.0]))
print(t.size(), t.size(0), t.dim(), t.ndim, t.numel(), len(t), t.shape, [v.item() for v in t])
print(t.double().dtype, t.float().dtype, t.long(), t.bool(), t.to(torch.float32))
print(float(torch.tensor(2)), int(torch.tensor(2.7)), bool(torch.tensor(0.0)))
print(
    torch.allclose(t, t + 1e-12),
    torch.equal(t, t),
    torch.isnan(t),
    t.argmax(),
    t.argmin(0),
    (t > 1).any(),
    (t > 1).all(),
)
shared = t.numpy()
shared[0] = 9.0
print(t, t.detach().data, t.tolist())
print(t.unsqueeze(1).shape, t.reshape(1, -1), t[None, :, None].shape, t[-1], t[...], t[torch.tensor([1, 0])], t[[0, 0]])
torch.manual_seed(3)
first = torch.randn(3), torch.rand(2, 2), torch.randint(10, (3,)).dtype
torch.manual_seed(3)
print(torch.equal(first[0], torch.randn(3)), first[1].shape, first[2])
