"""Cross-correlation and pooling by hand."""

import torch

torch.manual_seed(0)


def corr2d(X, K):
    h, w = K.shape
    Y = torch.zeros((X.shape[0] - h + 1, X.shape[1] - w + 1))
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return Y


X = torch.tensor([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]])
K = torch.tensor([[0.0, 1.0], [2.0, 3.0]])
print(corr2d(X, K))
X = torch.ones((6, 8))
X[:, 2:6] = 0
print(X)
K = torch.tensor([[1.0, -1.0]])
Y = corr2d(X, K)
print(Y)
print(corr2d(X.t(), K))


class Conv2DHand(torch.nn.Module):
    def __init__(self, ks):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.rand(ks))
        self.bias = torch.nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return corr2d(x, self.weight) + self.bias


c = Conv2DHand((1, 2))
for i in range(10):
    l = ((c(X) - Y) ** 2).sum()
    c.zero_grad()
    l.backward()
    c.weight.data[:] -= 3e-2 * c.weight.grad
    if (i + 1) % 2 == 0:
        print(f"epoch {i + 1}, loss {l:.3f}")
print(c.weight.data.reshape((1, 2)))


def pool2d(X, pool_size, mode="max"):
    p_h, p_w = pool_size
    Y = torch.zeros((X.shape[0] - p_h + 1, X.shape[1] - p_w + 1))
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            if mode == "max":
                Y[i, j] = X[i : i + p_h, j : j + p_w].max()
            elif mode == "avg":
                Y[i, j] = X[i : i + p_h, j : j + p_w].mean()
    return Y


A = torch.arange(9.0).reshape(3, 3)
print(pool2d(A, (2, 2)), pool2d(A, (2, 2), "avg"))
x = (
    torch.arange(16.0, requires_grad=True).reshape(1, 1, 4, 4)
    if False
    else torch.arange(16.0).reshape(1, 1, 4, 4).requires_grad_()
)
u = x.unfold(2, 2, 2).unfold(3, 2, 2)
print(u.shape, u[0, 0, 0, 1])
mp = u.contiguous().view(1, 1, 2, 2, -1).max(-1)[0]
mp.sum().backward()
print(mp, x.grad)
w = torch.randn(2, 1, 3, 3, requires_grad=True)
cols = x.unfold(2, 3, 1).unfold(3, 3, 1).permute(0, 2, 3, 1, 4, 5).reshape(1, 4, 9)
out = (cols @ w.view(2, -1).t()).transpose(1, 2).view(1, 2, 2, 2)
print(out.shape, out)
out.sum().backward()
print(w.grad[0])
k = torch.tensor([1.0, 2.0, 1.0]) / 4
s = torch.nn.functional.pad(torch.tensor([0.0, 0, 4, 0, 0]), (1, 1))
print(s.unfold(0, 3, 1) @ k)


def corr2d_multi(X, K):
    return sum(corr2d(x, k) for x, k in zip(X, K))


print(corr2d_multi(torch.stack([A, A + 1]), torch.stack([torch.ones(2, 2), torch.eye(2)])))


def kernel2matrix(K):
    k, W = torch.zeros(5), torch.zeros((4, 9))
    k[:2], k[3:5] = K[0, :], K[1, :]
    W[0, :5], W[1, 1:6], W[2, 3:8], W[3, 4:] = k, k, k, k
    return W


Kk = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
print(kernel2matrix(Kk), (kernel2matrix(Kk) @ A.reshape(-1)).reshape(2, 2) == corr2d(A, Kk))
gx = A[:, 2:] - A[:, :-2]
print(
    gx,
    torch.nn.functional.pad(A, (0, 1, 0, 1), value=-1),
    A.view(1, 1, 3, 3).repeat_interleave(2, 2).repeat_interleave(2, 3)[0, 0],
    (A[None] * torch.ones(2, 1, 1)).sum(0),
)
