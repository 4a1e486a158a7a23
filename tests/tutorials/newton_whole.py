"""Newton's method by transforms, the power method by products with the Hessian, and the algebra of a small matrix."""

import torch

# Newton and conjugate gradients by Hessian-vector products
A = torch.tensor([[4.0, 1.0], [1.0, 3.0]])
b = torch.tensor([1.0, 2.0])


def f(x):
    return 0.5 * x @ A @ x - b @ x + 0.1 * (x**4).sum()


x = torch.zeros(2)
for i in range(5):
    g = torch.func.grad(f)(x)
    H = torch.func.hessian(f)(x)
    x = x - torch.linalg.solve(H, g)
    print(i, f(x), g.norm() < 1e-6)


def hvp(v):
    return torch.autograd.functional.hvp(f, x, v)[1]


v = torch.tensor([1.0, 0.0])
for _ in range(20):
    v = hvp(v)
    v = v / v.norm()
print("largest curvature", v @ hvp(v), torch.linalg.eigvalsh(torch.func.hessian(f)(x)).max())
L = torch.linalg.cholesky(A)
print(
    L,
    torch.cholesky_solve(b[:, None], L),
    torch.linalg.eigh(A),
    torch.linalg.qr(A)[1].abs(),
    torch.linalg.svd(A)[1],
    torch.linalg.slogdet(A),
    torch.linalg.pinv(A),
    torch.linalg.matrix_rank(A),
    torch.linalg.cond(A),
    torch.linalg.inv(A),
    torch.linalg.matrix_power(A, 3),
    torch.trace(A),
    torch.linalg.lstsq(A, b[:, None]).solution,
    torch.linalg.multi_dot([A, A, A]),
    torch.linalg.matrix_norm(A),
    torch.linalg.vector_norm(b, 1),
    torch.outer(b, b),
    torch.kron(A, torch.eye(2)),
    torch.logdet(A),
    torch.linalg.solve_triangular(L, b[:, None], upper=False),
)
