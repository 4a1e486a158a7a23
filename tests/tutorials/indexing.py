import torch

x = torch.arange(24).reshape(2, 3, 4)
print(x[0], x[..., -1], x[:, 1], x[1, 2, 3], x[:, ::2, 1:3], x[None].shape, x[:, None].shape)
print(x[x % 5 == 0], x[[0, 1], [1, 2]], x[:, [0, 2]], x[torch.tensor([1, 0])].shape)
print(x[0, [[0, 1], [1, 2]]], x[..., [0, -1]])

m = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
print(torch.gather(m, 1, torch.tensor([[0, 0], [1, 0]])), m.gather(0, torch.tensor([[1, 0]])))
print(torch.take(m, torch.tensor([0, 3])), m.take_along_dim(torch.tensor([[1], [0]]), dim=1))
print(torch.index_select(m, 1, torch.tensor([1, 0])), torch.masked_select(m, m > 1.5))
print(torch.where(m > 2, m, -m), torch.where(m > 2), torch.nonzero(m > 2), m.argwhere())

print(
    torch.einsum("ij,jk->ik", m, m),
    torch.einsum("ii", m),
    torch.einsum("ij->ji", m),
    torch.einsum("i,j->ij", m[0], m[1]),
)
print(torch.einsum("bij,bjk->bik", torch.stack([m, m]), torch.stack([m, 2 * m])), torch.einsum("...i->...", m))

s, i = torch.sort(torch.tensor([3.0, 1.0, 2.0]))
print(s, i)
print(torch.sort(torch.tensor([[3, 1], [2, 5]]), dim=0, descending=True))
print(torch.argsort(torch.tensor([3.0, 1.0, 2.0])), torch.msort(torch.tensor([3.0, 1.0, 2.0])))
print(
    torch.topk(torch.tensor([[1.0, 4.0, 2.0], [9.0, 3.0, 5.0]]), 2),
    torch.topk(torch.tensor([1.0, 4.0, 2.0]), 1, largest=False),
)

x = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
torch.cumprod(x, 0).sum().backward()
print(torch.cumprod(x, 0), x.grad)
x.grad = None
torch.cumsum(x**2, dim=0)[-1].backward()
print(x.grad)
x = torch.tensor([2.0, 0.0, 3.0], requires_grad=True)
x.cumprod(0).sum().backward()
print(x.grad)
x = torch.tensor([2.0, 0.0, 3.0], requires_grad=True)
x.prod().backward()
print(x.grad)

x = torch.tensor([3.0, 1.0, 3.0], requires_grad=True)
x.max().backward()
print(x.grad)
x.grad = None
x.max(0).values.backward()
print(x.grad, x.max(0), x.median(), x.min(dim=0, keepdim=True))
x.grad = None
x.sort().values[0].backward()
print(x.grad)

a = torch.zeros(3, 5).scatter_(1, torch.tensor([[0], [2], [4]]), 1.0)
print(a, torch.zeros(3).scatter_add(0, torch.tensor([0, 0, 2]), torch.tensor([1.0, 2.0, 3.0])))
print(
    torch.zeros(3).index_add(0, torch.tensor([0, 2]), torch.tensor([1.0, 2.0])),
    torch.zeros(2).scatter_reduce(0, torch.tensor([0, 0, 1]), torch.tensor([1.0, 5.0, 2.0]), reduce="amax"),
)
print(torch.zeros(2, 2).index_copy(0, torch.tensor([1]), torch.ones(1, 2)))

print(torch.chunk(torch.arange(7), 3), torch.split(torch.arange(7), [2, 5]), torch.tensor_split(torch.arange(7), 3))
print(
    torch.repeat_interleave(torch.tensor([1, 2]), 2),
    torch.tensor([1, 2]).repeat(2, 2),
    torch.tile(torch.tensor([1, 2]), (2,)),
)
print(
    torch.roll(torch.arange(5), 2), torch.flip(torch.arange(4).view(2, 2), [0]), torch.rot90(torch.arange(4).view(2, 2))
)
print(
    torch.tril(torch.ones(3, 3)),
    torch.triu(torch.ones(3, 3), 1),
    torch.tril_indices(2, 2),
    torch.diag(torch.tensor([1.0, 2.0])),
)
print(
    torch.cat([torch.ones(1, 2), torch.zeros(2, 2)]),
    torch.stack([torch.ones(2), torch.zeros(2)], dim=1),
    torch.hstack([torch.ones(2), torch.zeros(1)]),
)
print(torch.nn.functional.one_hot(torch.tensor([0, 2, 1]), num_classes=4))
