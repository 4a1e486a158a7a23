import torch

x = torch.tensor([1, 2, 3], dtype=torch.int32)
print(x, x.dtype, x + 1, x * 2.5, x / 2, (x + torch.tensor([1, 2, 3])).dtype)
print(x.sum(), x.sum().dtype, x.float(), x.double(), x.int(), x.long(), x.half())

h = torch.tensor([1.1, 2.2, 3.3], dtype=torch.float16)
print(h, h.dtype, h + 1, h * h, h.sum(), h.mean(), h.float())
print((h + torch.ones(3)).dtype, (h + torch.ones(3, dtype=torch.float32)).dtype, (h * 2).dtype)
print(torch.finfo(torch.float16), torch.finfo(torch.float16).max)

print(
    torch.zeros(2, dtype=torch.int32),
    torch.arange(3, dtype=torch.int32),
    torch.ones(2, dtype=torch.uint8),
    torch.tensor([1], dtype=torch.int8),
    torch.tensor([1], dtype=torch.short),
)
print(torch.iinfo(torch.int32).max, torch.iinfo(torch.int64), torch.iinfo(torch.uint8))
print(
    torch.promote_types(torch.int32, torch.float32), torch.result_type(x, 1.0), torch.can_cast(torch.double, torch.int)
)
print(torch.int32, torch.int, torch.half, torch.short, torch.uint8)

x = torch.tensor([1, 2, 3])
print(x.int(), x.to(torch.int32), x.type(torch.int32), x.int().dtype)
print(x.half())
print(torch.IntTensor([1, 2]))
print(torch.HalfTensor([1, 2]))

w = torch.ones(2, dtype=torch.float16, requires_grad=True)
(w * 3).sum().backward()
print(w.grad)

i = torch.tensor([0, 2], dtype=torch.int32)
print(torch.arange(5.0)[i])
print(torch.tensor([300], dtype=torch.int64).to(torch.uint8))
print(
    torch.tensor(7, dtype=torch.int32) // 2,
    torch.tensor(7, dtype=torch.int32) % 4,
    -torch.tensor([7], dtype=torch.int32),
)
print(torch.tensor([1, 2], dtype=torch.int32).numpy().dtype)

import numpy as np

print(
    torch.from_numpy(np.array([1, 2], dtype=np.int32)).dtype,
    torch.from_numpy(np.array([1, 2], dtype=np.float16)).dtype,
    torch.tensor(np.array([1, 2], dtype=np.uint8)).dtype,
)
print(torch.int64 == torch.long, torch.float == torch.float32, torch.float32.is_floating_point, torch.int64.is_signed)
