"""Types of results: whole numbers stay whole, truths stay truths, and 32 bits stay 32 bits."""

import numpy as np
import torch
import torch.nn.functional as F

a = torch.tensor([[1, 2], [3, 4]])
v = torch.tensor([1, 2])
print(a @ a, a.mm(a), torch.dot(v, v), torch.outer(v, v), torch.inner(a, a), F.linear(a, a), torch.relu(a - 2))
print(a.round(), a.clamp_min(2), a.clamp_max(2), a.nan_to_num(), a.nansum(), torch.kron(v, v), torch.kron(a, v))
truth = torch.ones(2, 2, dtype=torch.bool)
print(torch.triu(truth, 1), truth.tril(), torch.diag_embed(truth[0]))
x = torch.tensor([[1.0, 2.0], [0.5, 4.0]], dtype=torch.float32)
for y in (
    x.det(), torch.linalg.det(x), F.cross_entropy(x, torch.tensor([0, 1])), torch.xlogy(x, 2), torch.mvlgamma(x + 1, 2),
    x.std(), x.logsumexp(0), x.norm(), F.nll_loss(x, v - 1), F.mse_loss(x, x + 1), torch.dist(x, x + 1), x.mean(),
):  # fmt: skip
    print(y)
print(torch.Tensor(np.ones((2, 2))), torch.tensor([torch.ones(1), torch.zeros(1)]), np.sin(torch.tensor([0.0, 0.5])))
for action in (
    lambda: a.double() @ a,
    lambda: a.double().mv(v),
    lambda: torch.dot(v.double(), v),
    lambda: torch.tensor(None),
    lambda: torch.tensor(["a"]),
    lambda: torch.zeros(-1),
    lambda: F.binary_cross_entropy(torch.tensor([0.5]), torch.tensor([1])),
    lambda: F.binary_cross_entropy_with_logits(torch.ones(3, 1), torch.ones(3)),
    lambda: F.cross_entropy(torch.ones(2, 3), torch.tensor([[1], [0]])),
    lambda: torch.zeros(2).scatter(0, torch.tensor([3]), 1.0),
):
    try:
        print(action())
    except (RuntimeError, ValueError) as error:
        print(type(error).__name__, str(error).split(":")[0][:80])
