"""Parametrized weights: symmetric, orthogonal, of rank one, normed."""

import torch
import torch.nn as nn
import torch.nn.utils.parametrize as parametrize

torch.manual_seed(0)


class Symmetric(nn.Module):
    def forward(self, X):
        return X.triu() + X.triu(1).transpose(-1, -2)


layer = nn.Linear(3, 3)
parametrize.register_parametrization(layer, "weight", Symmetric())
A = layer.weight
assert torch.allclose(A, A.T)
print(A)
print(layer)
print(
    [n for n, _ in layer.named_parameters()],
    parametrize.is_parametrized(layer),
    parametrize.is_parametrized(layer, "bias"),
)
print(layer.parametrizations.weight.original, layer.parametrizations.weight[0])


class Skew(nn.Module):
    def forward(self, X):
        A = X.triu(1)
        return A - A.transpose(-1, -2)


class MatrixExponential(nn.Module):
    def forward(self, X):
        return torch.matrix_exp(X)


ol = nn.Linear(3, 3)
parametrize.register_parametrization(ol, "weight", Skew())
parametrize.register_parametrization(ol, "weight", MatrixExponential())
X = ol.weight
print(torch.dist(X.T @ X, torch.eye(3)) < 1e-10, ol)


class CayleyMap(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.register_buffer("Id", torch.eye(n))

    def forward(self, X):
        return torch.linalg.solve(self.Id - X, self.Id + X)

    def right_inverse(self, A):
        return torch.linalg.solve(A + self.Id, A - self.Id)


cl = nn.Linear(3, 3)
parametrize.register_parametrization(cl, "weight", Skew())


class RankOne(nn.Module):
    def forward(self, x, y):
        return x.unsqueeze(-1) @ y.unsqueeze(-2)

    def right_inverse(self, Z):
        U, S, Vh = torch.linalg.svd(Z, full_matrices=False)
        s0 = S[0].sqrt().unsqueeze(-1)
        return U[..., :, 0] * s0, Vh[..., 0, :] * s0


r = nn.Linear(3, 3)
parametrize.register_parametrization(r, "weight", RankOne())
print(torch.linalg.matrix_rank(r.weight).item(), [n for n, _ in r.named_parameters()])
parametrize.remove_parametrizations(layer, "weight")
print(layer, layer.weight)
parametrize.remove_parametrizations(r, "weight", leave_parametrized=True)
print(r.weight.shape)
with parametrize.cached():
    print(torch.equal(ol.weight, ol.weight), ol.weight is ol.weight)
wn = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2), name="weight")
print(wn, wn.parametrizations.weight.original0, wn.weight)
wn(torch.ones(1, 3)).sum().backward()
print(wn.parametrizations.weight.original1.grad)
sn = nn.utils.parametrizations.spectral_norm(nn.Linear(4, 3))
print(sn, sn(torch.ones(1, 4)).shape)
for _ in range(30):
    sn(torch.ones(1, 4))
sn.eval()
print(torch.linalg.svdvals(sn.weight)[0])
net = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))
parametrize.register_parametrization(net[0], "weight", Skew())
o = torch.optim.SGD(net.parameters(), 0.1)
for i in range(5):
    o.zero_grad()
    l = (net(torch.ones(3, 2)) - 2).pow(2).mean()
    l.backward()
    o.step()
    print(round(l.item(), 6))
print(net[0].weight, net.state_dict().keys())
