"""Every index, shape, order and place on one small block."""

import torch

x = torch.arange(24.0).reshape(2, 3, 4)
print(
    x[0, 1],
    x[:, 1],
    x[..., 0],
    x[0, :, 1:3],
    x[1][2][3],
    x[-1, -1, -1],
    x[:, [0, 2]],
    x[[0, 1], [1, 2]],
    x[x > 20],
    x[None].shape,
    x[:, None, :, 0].shape,
    x[0, ..., ::2],
    x[1, torch.tensor([0, 2])],
    x[torch.tensor([True, False])].shape,
)
y = x.clone()
y[0] = -1
y[:, 1, 2] = torch.tensor([7.0, 8.0])
y[y < 0] = 0
y[..., -1] += 100
y[1, [0, 1], [0, 1]] = 5
print(y)
w = torch.zeros(3, requires_grad=True)
z = w * 2
z[1] = 5.0
z[0] += 1
z.sum().backward()
print(z, w.grad)
print(
    torch.gather(x[0], 1, torch.tensor([[0], [1], [2]])),
    x.index_select(2, torch.tensor([3, 0])).shape,
    torch.masked_select(x, x % 2 == 0),
    torch.take(x, torch.tensor([0, 23])),
    torch.where(x > 12, x, -x)[1, 0],
    torch.nonzero(x[0] > 8),
    torch.nonzero(torch.tensor([0, 1, 2]), as_tuple=True),
    torch.argwhere(torch.eye(2)),
)
print(
    x.scatter(2, torch.zeros(2, 3, 1, dtype=torch.long), 9.0)[0],
    torch.zeros(3).scatter_add_(0, torch.tensor([0, 0, 2]), torch.ones(3)),
    torch.zeros(2, 2).index_add_(0, torch.tensor([1]), torch.ones(1, 2)),
    torch.zeros(2).index_fill_(0, torch.tensor([0]), 3.0),
    torch.zeros(3).index_put_((torch.tensor([1]),), torch.tensor(4.0)),
    torch.zeros(3).scatter_reduce(0, torch.tensor([0, 0, 1]), torch.tensor([1.0, 5.0, 2.0]), reduce="amax"),
)
print(
    x.permute(2, 0, 1).shape,
    x.transpose(0, 2).stride(),
    x.flatten(1).shape,
    x.unflatten(2, (2, 2)).shape,
    x.movedim(0, -1).shape,
    x.swapaxes(0, 1).shape,
    x.squeeze().shape,
    x.unsqueeze(-1).shape,
    x.repeat(1, 2, 1).shape,
    x.expand(2, 3, 4).shape,
    torch.broadcast_to(torch.ones(3, 1), (3, 4)).shape,
    x.narrow(1, 0, 2).shape,
    x.unfold(2, 2, 1).shape,
    [c.shape for c in x.chunk(2, 1)],
    [s.shape for s in x.split([1, 3], 2)],
    torch.stack([x, x], 1).shape,
    torch.hstack([x, x]).shape,
    torch.vstack([torch.ones(2), torch.zeros(2)]),
    torch.tile(torch.tensor([1, 2]), (2,)),
    torch.repeat_interleave(torch.tensor([1, 2]), torch.tensor([2, 1])),
    torch.flip(torch.arange(3), [0]),
    torch.roll(torch.arange(4), 1),
    torch.rot90(torch.eye(2)),
    torch.meshgrid(torch.arange(2), torch.arange(3), indexing="ij")[0],
    torch.combinations(torch.arange(3)),
    torch.cartesian_prod(torch.arange(2), torch.arange(2)),
)
v, i = torch.sort(torch.tensor([3, 1, 2]), descending=True)
print(
    v,
    i,
    torch.argsort(torch.tensor([3, 1, 2])),
    torch.topk(torch.tensor([3.0, 1.0, 2.0]), 2),
    torch.kthvalue(torch.tensor([3.0, 1.0, 2.0]), 2),
    torch.tensor([3.0, 1.0, 2.0]).median(),
    torch.mode(torch.tensor([1, 2, 2])),
    torch.unique(torch.tensor([3, 1, 3]), return_counts=True, return_inverse=True),
    torch.bincount(torch.tensor([0, 1, 1])),
    torch.histc(torch.tensor([1.0, 2.0, 1.0]), 4, 0, 3),
    torch.searchsorted(torch.tensor([1, 3, 5]), torch.tensor([2, 5])),
    torch.bucketize(torch.tensor([2.0, 6.0]), torch.tensor([1.0, 3.0, 5.0])),
    torch.cumsum(torch.arange(4), 0),
    torch.cumprod(torch.arange(1, 4), 0),
    torch.cummax(torch.tensor([1, 3, 2]), 0),
    torch.diff(torch.tensor([1, 3, 2])),
    torch.isin(torch.tensor([1, 2]), torch.tensor([2])),
    torch.quantile(torch.tensor([1.0, 2.0, 3.0]), 0.25),
    torch.std_mean(torch.tensor([1.0, 2.0, 3.0])),
    torch.cov(torch.eye(2)),
    torch.corrcoef(torch.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 1.5]])),
    torch.trapezoid(torch.tensor([1.0, 2.0, 3.0])),
    torch.count_nonzero(torch.eye(2)),
    torch.tril(torch.ones(2, 2)),
    torch.diag(torch.tensor([1, 2])),
    torch.block_diag(torch.eye(1), torch.eye(2)),
    torch.tril_indices(2, 2),
    torch.allclose(torch.ones(1), torch.ones(1)),
    torch.isclose(torch.ones(1), torch.ones(1) + 1e-9),
    torch.equal(torch.ones(1), torch.ones(1)),
    torch.lerp(torch.zeros(1), torch.ones(1), 0.3),
    torch.addcmul(torch.zeros(1), torch.ones(1), torch.ones(1), value=2),
    torch.nan_to_num(torch.tensor([float("nan"), float("inf")])),
    torch.frac(torch.tensor([1.5, -1.5])),
    torch.fmod(torch.tensor([-3.0]), 2),
    torch.remainder(torch.tensor([-3.0]), 2),
    torch.floor_divide(torch.tensor(7), 2),
    torch.div(torch.tensor([7.0, -7.0]), 2, rounding_mode="trunc"),
    torch.tensor(7) // 2,
    -7 // torch.tensor(2),
    torch.tensor(7) % 3,
    2 ** torch.tensor([1.0, 2.0]),
    torch.tensor([1, 2]) / 2,
    torch.tensor([True]) + 1,
    torch.tensor([1, 2]) > 1,
    ~torch.tensor([True, False]),
    torch.tensor([1, 2]) & 1,
    torch.tensor(5) ^ 1,
    torch.tensor(1) << 3,
)
