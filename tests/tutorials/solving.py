import torch

A = torch.tensor([[4.0, 1.0], [2.0, 3.0]], requires_grad=True)
b = torch.tensor([1.0, 2.0])
print(torch.linalg.solve(A, b), torch.linalg.inv(A), torch.linalg.det(A), torch.det(A), torch.inverse(A))
torch.linalg.solve(A, b).sum().backward()
print(A.grad)

S = torch.tensor([[2.0, 1.0], [1.0, 3.0]], requires_grad=True)
L = torch.linalg.cholesky(S)
print(L)
L.sum().backward()
print(S.grad)
S.grad = None
w = torch.linalg.eigvalsh(S)
print(w)
w[0].backward()
print(S.grad)
print(torch.linalg.eigh(S.detach()))
print(
    torch.linalg.svdvals(S),
    torch.linalg.svd(S.detach()).S,
    torch.linalg.matrix_norm(S),
    torch.linalg.norm(S),
    torch.linalg.cond(S.detach()),
)

print(torch.linalg.slogdet(S), torch.linalg.matrix_rank(S), torch.linalg.pinv(S.detach()))
print(torch.linalg.vector_norm(b, ord=1), torch.linalg.vector_norm(b), torch.linalg.vector_norm(b, float("inf")))
print(torch.linalg.qr(S.detach()))
print(
    torch.linalg.lstsq(torch.tensor([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]]), torch.tensor([[1.0], [2.0], [2.0]])).solution
)
print(torch.linalg.matrix_power(S, 3), torch.linalg.matrix_power(S, -1), torch.trace(S), S.trace())
print(torch.linalg.cross(torch.tensor([1.0, 0.0, 0.0]), torch.tensor([0.0, 1.0, 0.0])), torch.linalg.diagonal(S))
print(torch.linalg.vecdot(b, b), torch.linalg.solve_triangular(torch.tril(S.detach()), b[:, None], upper=False))
print(torch.linalg.matrix_exp(torch.zeros(2, 2)), torch.matrix_exp(torch.tensor([[0.0, 1.0], [-1.0, 0.0]])))

print(torch.linalg.lu(S.detach()))

print(
    torch.outer(b, b),
    torch.ger(b, b),
    torch.dot(b, b),
    torch.mv(S, b),
    torch.mm(S, S),
    torch.bmm(S[None], S[None]),
    torch.matmul(S, b),
    torch.addmm(S, S, S),
    torch.baddbmm(S[None], S[None], S[None]),
    torch.addmv(b, S, b),
    torch.vdot(b, b),
    torch.addr(S, b, b),
)

print(
    torch.norm(b),
    torch.norm(S, dim=1),
    b.norm(p=1),
    torch.linalg.norm(S, "fro"),
    torch.linalg.norm(S.detach(), "nuc"),
    torch.linalg.norm(S.detach(), 2),
)
x = torch.tensor([0.0, 0.0], requires_grad=True)
x.norm().backward()
print(x.grad)
