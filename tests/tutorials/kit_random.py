import torch

torch.manual_seed(0)
print(torch.rand(3), torch.randn(2, 3), torch.randn(18), torch.randint(0, 10, (5,)), torch.randperm(8))
print(torch.normal(0.0, 2.0, size=(3,)), torch.normal(torch.tensor([0.0, 10.0]), torch.tensor([1.0, 0.1])))
print(torch.bernoulli(torch.full((6,), 0.5)), torch.empty(4).uniform_(-1, 1), torch.empty(3).normal_(5, 0.1))
print(torch.multinomial(torch.tensor([0.1, 0.2, 0.7]), 2), torch.multinomial(torch.ones(4), 6, replacement=True))
g = torch.Generator().manual_seed(42)
print(torch.rand(2, generator=g), torch.randn(2, generator=g), torch.randperm(5, generator=g), g.initial_seed())
state = torch.get_rng_state()
first = torch.rand(2)
torch.set_rng_state(state)
print(torch.equal(first, torch.rand(2)), torch.initial_seed())
print(torch.rand(2, dtype=torch.float32), torch.rand_like(torch.zeros(2)), torch.randint(5, (2, 2)))
