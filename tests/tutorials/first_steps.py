"""What the first tutorials do with tensors."""

import numpy as np
import torch

data = [[1, 2], [3, 4]]
x_data = torch.tensor(data)
np_array = np.array(data)
x_np = torch.from_numpy(np_array)
x_ones = torch.ones_like(x_data)
print(f"Ones Tensor: \n {x_ones} \n")
torch.manual_seed(0)
x_rand = torch.rand_like(x_data, dtype=torch.float)
print(f"Random Tensor: \n {x_rand} \n")
shape = (
    2,
    3,
)
print(f"{torch.rand(shape)} {torch.ones(shape)} {torch.zeros(shape)}")
tensor = torch.rand(3, 4)
print(
    f"Shape of tensor: {tensor.shape}\nDatatype of tensor: {tensor.dtype}\nDevice tensor is stored on: {tensor.device}"
)
device = "cuda" if torch.cuda.is_available() else "cpu"
print(f"Using {device} device", torch.cuda.is_available())
tensor = torch.ones(4, 4)
print(f"First row: {tensor[0]}")
print(f"First column: {tensor[:, 0]}")
print(f"Last column: {tensor[..., -1]}")
tensor[:, 1] = 0
print(tensor)
t1 = torch.cat([tensor, tensor, tensor], dim=1)
print(t1)
y1 = tensor @ tensor.T
y2 = tensor.matmul(tensor.T)
y3 = torch.rand_like(y1)
torch.matmul(tensor, tensor.T, out=y3)
print(y1, torch.equal(y1, y3))
z3 = torch.rand_like(tensor)
torch.mul(tensor, tensor, out=z3)
print(z3)
agg = tensor.sum()
agg_item = agg.item()
print(agg_item, type(agg_item))
print(f"{tensor} \n")
tensor.add_(5)
print(tensor)
t = torch.ones(5)
n = t.numpy()
t.add_(1)
print(f"t: {t}", f"n: {n}")
n = np.ones(5)
t = torch.from_numpy(n)
np.add(n, 1, out=n)
print(t, n)
a = torch.arange(24).reshape(2, 3, 4)
print(
    a[1, :, ::2],
    a[:, -1],
    a[0, 1, 2].item(),
    a[a % 5 == 0],
    a[[0, 1], [1, 2]],
    a[..., None].shape,
    a[None, 0].shape,
    a.flatten(1).shape,
    a.view(-1),
    a.permute(2, 0, 1).shape,
    a.movedim(0, -1).shape,
)
print(
    a.sum((0, 2)),
    a.float().mean(dim=1),
    a.prod(2),
    a.amax((1, 2)),
    a.cumsum(1)[0],
    a.diff(dim=2)[0, 0],
    a.roll(1, 2)[0],
    a.flip(0)[0],
    a.tile(1, 1, 2).shape,
    a.repeat(2, 1, 1).shape,
    a.expand(2, 2, 3, 4).shape,
)
print(
    torch.arange(5, 0, -1),
    torch.arange(0, 1, 0.25),
    torch.linspace(3, 10, 5),
    torch.logspace(-2, 2, 5),
    torch.full((2, 2), 7),
    torch.full((2,), 1.5),
    torch.eye(2, 3),
    torch.diag(torch.tensor([1, 2])),
    torch.empty(2, 3).shape,
    torch.zeros(2, dtype=torch.bool),
    torch.vander(torch.tensor([1, 2, 3])),
    torch.meshgrid(torch.arange(2), torch.arange(3), indexing="ij"),
    torch.cartesian_prod(torch.tensor([1, 2]), torch.tensor([3, 4])),
    torch.combinations(torch.arange(3)),
)
print(
    torch.tensor([1, 2]) / 2,
    torch.tensor([7, -7]) // 2,
    torch.tensor([7, -7]) % 3,
    7 // torch.tensor(2),
    2 ** torch.arange(4),
    torch.tensor([1, 2]) * 1.5,
    torch.tensor([1, 2]) + torch.tensor([0.5]),
    torch.tensor([True]) + 1,
    torch.tensor(5) / 3,
    ~torch.tensor([True]),
    torch.tensor([5]) & 3,
    torch.tensor([1]) << 3,
    -torch.tensor([1]),
    abs(torch.tensor(-2)),
)
print(
    torch.tensor(3).dtype,
    torch.tensor(3.0).dtype,
    torch.tensor(True).dtype,
    (torch.ones(1, dtype=torch.float32) + torch.ones(1, dtype=torch.float64)).dtype,
    (torch.ones(1, dtype=torch.int32) * 2.5).dtype,
    torch.ones(2).int(),
    torch.tensor([1.7, -1.7]).long(),
    torch.tensor([0.0, 2.0]).bool(),
    torch.tensor([1, 0]).to(torch.float64),
    torch.ones(1).type(torch.int16),
)
print(
    torch.allclose(torch.tensor([1.0]), torch.tensor([1.0 + 1e-9])),
    torch.isclose(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.1])),
    torch.eq(a, a).all(),
    (a > 5).any(1),
    torch.unique(torch.tensor([3, 1, 3, 2]), return_counts=True),
    torch.bincount(torch.tensor([1, 1, 3])),
    torch.histc(torch.tensor([1.0, 2, 1, 4]), bins=4, min=0, max=4),
    torch.searchsorted(torch.tensor([1, 3, 5]), torch.tensor([2, 5])),
    torch.bucketize(torch.tensor([0.5, 2.5]), torch.tensor([1.0, 2.0])),
    torch.clamp(torch.tensor([-1.0, 0.5, 3.0]), 0, 1),
    torch.quantile(torch.arange(5.0), 0.4),
    torch.median(torch.tensor([3.0, 1.0, 2.0])),
    torch.mode(torch.tensor([1, 2, 2])),
    torch.kthvalue(torch.tensor([3.0, 1.0, 2.0]), 2),
)
x = torch.zeros(2, 1, 2, 1, 2)
print(x.squeeze().size(), x.squeeze(1).size(), x.unsqueeze(0).size(), torch.squeeze(x, (1, 3)).shape)
print(
    torch.split(torch.arange(10), [3, 3, 4]),
    torch.chunk(torch.arange(7), 3),
    torch.tensor_split(torch.arange(7), 3),
    torch.hstack([torch.ones(2), torch.zeros(1)]),
    torch.vstack([torch.ones(2), torch.zeros(2)]),
    torch.dstack([torch.ones(2), torch.zeros(2)]).shape,
    torch.column_stack([torch.arange(2), torch.arange(2)]),
    torch.unbind(torch.eye(2)),
)
print(
    torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0, 0], [1, 0]])),
    torch.zeros(3, 5).scatter_(0, torch.tensor([[0, 1, 2, 0, 0]]), torch.ones(1, 5)),
    torch.index_select(torch.eye(3), 0, torch.tensor([0, 2])),
    torch.masked_select(torch.arange(4), torch.tensor([True, False, True, False])),
    torch.take(torch.arange(6).view(2, 3), torch.tensor([0, 5])),
    torch.where(torch.arange(3) > 1, 1, 0),
    torch.nonzero(torch.tensor([0, 1, 1])),
    torch.triu(torch.ones(3, 3), 1),
    torch.tril_indices(3, 3),
    torch.argwhere(torch.tensor([0, 1])),
    torch.zeros(4).index_fill_(0, torch.tensor([1]), 5),
    torch.zeros(3).index_copy_(0, torch.tensor([0, 2]), torch.tensor([1.0, 2.0])),
    torch.ones(2, 3).fill_diagonal_(9),
    torch.zeros(2, 3).masked_fill(torch.tensor([True, False, True]), 1),
)
b = torch.arange(6).view(2, 3)
c = b.t()
b[0, 0] = 100
print(
    c,
    c.is_contiguous(),
    b.stride(),
    c.stride(),
    b.data_ptr() == c.data_ptr(),
    c.contiguous().stride(),
    b.numel(),
    b.element_size(),
    b.ndim,
    b.dim(),
    len(b),
    b.tolist(),
    b.storage_offset(),
    b[1].storage_offset(),
)
