"""Numbers drawn one at a time and in rows, in 64 and in 32 bits; and numbers evenly apart, bit by bit."""

import torch

torch.manual_seed(0)
w = torch.tensor([0.1, 0.2, 0.7])
for weights in (w, w.float()):
    print(torch.multinomial(weights, 1, replacement=True), torch.multinomial(weights, 2), weights.multinomial(6, True))
    print(torch.multinomial(torch.rand(3, 4, dtype=weights.dtype), 1, True), torch.bernoulli(weights), torch.rand(1))
print(torch.empty(4).exponential_(), torch.empty(4).float().exponential_(2.0), torch.empty(3).geometric_(0.3))
print(torch.empty(3).cauchy_(), torch.empty(3).log_normal_(), torch.empty(3).random_(10), torch.randperm(4))
print(torch.empty(4).bernoulli_(0.4), torch.empty(3).bernoulli_(torch.tensor([0.1, 0.5, 0.9])), torch.rand(1))
print(torch.nn.init.sparse_(torch.empty(4, 3), 0.5))
for t in (
    torch.arange(-8.0, 8.0, 0.1), torch.arange(0, 10, 0.3), torch.arange(5.0, 0.0, -0.7), torch.arange(0, 100, 0.1),
    torch.linspace(0, 6.283185307179586, 25), torch.linspace(-3, 7, 13), torch.linspace(1e-5, 1, 1000),
    torch.linspace(-3, 7, 13, dtype=torch.float32),
):  # fmt: skip
    print(len(t), [float(v).hex() for v in t[:: len(t) // 9 + 1]])
print(torch.sin(torch.linspace(0, 6.283185307179586, 25))[[0, 12, 24]])
