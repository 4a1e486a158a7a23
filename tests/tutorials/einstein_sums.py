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
    (lambda a, b: torch.einsum("ij,jk->ik", a, b), A, B),
    (lambda a: torch.einsum("ii", a), A),
    (lambda a, b: torch.einsum("i,j->ij", a, b), x, x),
    (lambda a, b: torch.einsum("bij,bjk->bik", a[None], b[None]), A, B),
    (lambda a: torch.einsum("ij->ji", a), B),
    (lambda a, b: torch.einsum("...j,j", a, b), A, x),
    (lambda a, b, c: torch.einsum("i,ij,jk->k", a, b, c), x, A, B),
    (lambda a: torch.einsum("ij->", a), A),
]:
    show(f, *leaves)
