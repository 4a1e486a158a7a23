import torch

A = torch.tensor([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]], requires_grad=True)
x = torch.tensor([3.0, 1.0, 2.0], requires_grad=True)
B = torch.arange(12.0).reshape(3, 4).requires_grad_()
C = torch.randn(4, 3, generator=torch.Generator().manual_seed(0)).requires_grad_()
L = torch.linalg


def show(f, *leaves):
    y = f(*leaves)
    print(y)
    outputs = [v for v in (y if isinstance(y, tuple) else (y,)) if v.requires_grad]
    if not outputs:
        return
    total = sum((v * torch.arange(1.0, v.numel() + 1).reshape(v.shape)).sum() for v in outputs)
    slopes = torch.autograd.grad(total, leaves, create_graph=True)
    print(*[torch.round(g.detach() * 1e8) / 1e8 + 0.0 for g in slopes])
    square = sum((g**2).sum() for g in slopes)
    if square.requires_grad:
        print(*[torch.round(g * 1e4) / 1e4 + 0.0 for g in torch.autograd.grad(square, leaves)])


for f, *leaves in [
    (torch.tril, A),
    (lambda a: torch.triu(a, 1), A),
    (lambda v: v.cumprod(0), x),
    (torch.sort, x),
    (lambda v: torch.sort(v, descending=True), x),
    (torch.median, x),
    (lambda v: torch.median(v, dim=1), B),
    (lambda v: v.repeat(2, 2), x),
    (lambda v: v.narrow(0, 1, 2), x),
    (lambda v: torch.gather(v, 1, torch.tensor([[0, 1], [2, 0], [1, 1]])), A),
    (lambda v: v.masked_fill(v > 1.5, -1.0), x),
    (lambda v: torch.split(v, 2), x),
    (lambda v: torch.chunk(v, 3, dim=1), B),
    (lambda v: v.topk(2), x),
    (lambda v: v.roll(1), x),
    (lambda v: torch.diagonal(v), A),
    (lambda v: v.kthvalue(2), x),
    (lambda v: v.cummax(0), x),
    (lambda v: v.index_select(0, torch.tensor([2, 0])), B),
    (lambda v: v.unfold if 0 else v.tile(2), x),
    (lambda v: v.repeat_interleave(2), x),
    (lambda v: torch.quantile(v, 0.3), x),
    (lambda v: v.scatter_add(0, torch.tensor([0, 0, 1]), torch.ones(3)), x),
    (lambda v, w: v.scatter(0, torch.tensor([2, 0]), w[:2]), x, x),
    (lambda v: torch.cross(v, torch.tensor([1.0, 2.0, 3.0]), dim=0), x),
    (lambda v: torch.diff(v), x),
    (lambda a, b: torch.addmm(torch.ones(4), a, b), A, B),
    (lambda v: v.movedim(0, 1), B),
    (lambda v: v.unflatten(1, (2, 2)), B),
    (lambda v: torch.meshgrid(v, v, indexing="ij")[0], x),
    (lambda v: torch.hstack([v, v]), x),
    (lambda v: torch.vstack([v, v]), x),
    (lambda v: torch.lerp(v, v * 2, 0.5), x),
    (lambda v: torch.tensordot(v, v, dims=1), x),
    (lambda v: v.select(1, 2), B),
    (lambda v: torch.take_along_dim(v, torch.tensor([[0], [1], [2]]), 1), B),
    (lambda v: torch.masked_select(v, v > 5), B),
    (lambda v: torch.outer(v, v), x),
    (lambda v: v.index_add(0, torch.tensor([0, 2]), v[:2]), x),
    (lambda v: torch.amax(v, 1), B),
    (lambda v: v.min(0), B),
    (lambda v: v.prod(1), A),
]:
    show(f, *leaves)

print(torch.logspace(0, 2, 3), torch.nonzero(x > 1), torch.unique(torch.tensor([3, 1, 3])), torch.LongTensor([1, 2]))
print(torch.FloatTensor([1, 2]), torch.count_nonzero(B), torch.isclose(x, x + 1e-9), x.new_zeros(2), B.stride())
print(torch.bincount(torch.tensor([0, 2, 2])), torch.searchsorted(torch.tensor([1.0, 3.0]), torch.tensor([2.0, 5.0])))
torch.set_printoptions(precision=2)
print(x / 3, A)
torch.set_printoptions(sci_mode=True)
print(x / 3)
torch.set_printoptions(profile="default")
print(x / 3)
