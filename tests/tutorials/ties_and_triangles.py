import torch


def show(x):
    print((x.detach() * 1e8).round() / 1e8 + 0.0)


A = torch.tensor([[2.0, 0.3, 0.1], [4.0, 1.5, 0.2], [0.1, 3.2, 1.1]], requires_grad=True)
w = torch.linspace(0.5, 1.5, 9).reshape(3, 3)
P, L, U = torch.linalg.lu(A)
print(P)
(g,) = torch.autograd.grad((L * w).sum() + (U * w.T).sum(), A, create_graph=True)
show(g)
show(torch.autograd.grad((g * w).sum(), A)[0])
B = torch.arange(9.0).reshape(3, 3) ** 2
print(torch.cross(A, B), torch.linalg.cross(A, B), torch.cross(A, B, dim=1).equal(torch.linalg.cross(A, B)))
x = torch.tensor([1.0, 3.0, 2.0, 2.0, float("nan")], requires_grad=True)
y = torch.tensor([1.0, float("nan"), 5.0, 1.0, float("nan")], requires_grad=True)
for f in (torch.fmax, torch.fmin):
    out = f(x, y)
    print(out, *torch.autograd.grad(out.nansum(), (x, y)))
z = torch.tensor([[2.0, 0.3, 0.1], [0.3, 1.5, 0.2]], requires_grad=True)
print(z.median(), *torch.autograd.grad(z.median(), z), z.median(1))
print(torch.tensor([3, 1, 2]).median(), torch.linalg.matrix_rank(A))
