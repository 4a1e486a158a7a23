import copy
import pickle

import torch

torch.manual_seed(42)
print(
    torch.rand(2),
    torch.randn(2),
    torch.randint(0, 10, (3,)),
    torch.randperm(5),
    torch.normal(0.0, 1.0, (2,)),
    torch.bernoulli(torch.tensor([0.3, 0.8])),
    torch.multinomial(torch.tensor([0.1, 0.5, 0.4]), 2),
)
g = torch.Generator().manual_seed(7)
print(torch.rand(2, generator=g), torch.randn(3, generator=g), g.initial_seed())
s = torch.get_rng_state()
a = torch.rand(1)
torch.set_rng_state(s)
print(a == torch.rand(1))
torch.manual_seed(0)
print(torch.rand(3, 3), torch.randn(3, 3), torch.rand_like(torch.ones(2)), torch.randn_like(torch.ones(2)))
x = torch.empty(3)
print(x.uniform_(), x.normal_(1, 2), x.random_(5), x.bernoulli_(0.5))
print(torch.randint(5, (2, 2)), torch.randint_like(torch.ones(2), 0, 5))
print(
    torch.normal(torch.tensor([1.0, 2.0]), torch.tensor([0.1, 0.2])),
    torch.rand(2, dtype=torch.float32),
    torch.randn(20),
)

a = torch.tensor([1.0, 2.0], requires_grad=True)
b = copy.deepcopy(a)
c = copy.copy(a)
d = a.clone()
e = a.detach().clone()
print(b, c, d, e, b is a)

print(pickle.loads(pickle.dumps(a)))

i, f, b = torch.tensor([1, 2]), torch.tensor([1.5, 2.5], dtype=torch.float32), torch.tensor([True, False])
print(
    (i + f).dtype,
    (i + 1.5).dtype,
    (b + 1).dtype,
    (b + b).dtype,
    (i / i).dtype,
    (i // 2).dtype,
    (f + torch.tensor(1.0, dtype=torch.float64)).dtype,
    (f + torch.ones(2)).dtype,
    (i * b).dtype,
    (i**2).dtype,
    (i**0.5).dtype,
    (i == f).dtype,
)
print(
    i.sum().dtype,
    b.sum(),
    i.float().mean(),
    torch.sqrt(i),
    i.prod(),
    (i > 1) & (f > 2),
    ~b,
    i & 1,
    i | 4,
    i ^ 3,
    i << 2,
    ~i,
)
print(
    torch.tensor(5) // torch.tensor(2),
    torch.tensor(-5) // 2,
    torch.tensor(-5) % 3,
    torch.fmod(torch.tensor(-5), 3),
    torch.tensor(5.0) // 2,
    torch.tensor(7) / 2,
    torch.remainder(torch.tensor(-5.0), 3),
)
print(
    torch.true_divide(i, 2),
    torch.floor_divide(i, 2),
    torch.bitwise_and(i, i),
    torch.logical_and(b, b),
    torch.logical_xor(b, ~b),
    torch.tensor([1, 0]).bool(),
)
print(
    torch.max(i, torch.tensor([2, 1])),
    torch.maximum(f, f),
    torch.fmax(torch.tensor([float("nan")]), torch.ones(1)),
    torch.clamp(i, 1, 1),
    i.clamp(min=2),
    torch.sign(torch.tensor([-2.0, 0.0])),
    torch.copysign(torch.ones(2), torch.tensor([-1.0, 1.0])),
)

x = torch.tensor([[1.0], [2.0]], requires_grad=True)
y = torch.tensor([10.0, 20.0, 30.0], requires_grad=True)
(x * y).sum().backward()
print(x.grad, y.grad)
x.grad = y.grad = None
torch.where(x > 1, x, y).sum().backward()
print(x.grad, y.grad)
z = torch.ones(1, 3, requires_grad=True)
z.expand(4, 3).sum().backward()
print(z.grad)
(torch.ones(2, 3) + z.squeeze(0)).pow(2).mean().backward()
print(z.grad)
s = torch.tensor(2.0, requires_grad=True)
(s * torch.ones(3, 3)).sum().backward()
print(s.grad)
a, b2 = torch.broadcast_tensors(torch.ones(3, 1), torch.zeros(1, 2))
print(a.shape, torch.broadcast_shapes((3, 1), (1, 2)))

with torch.no_grad():
    y = x * 2
print(y.requires_grad, torch.is_grad_enabled())
with torch.no_grad(), torch.enable_grad():
    y = x * 2
print(y.requires_grad)


@torch.no_grad()
def f2(x):
    return x * 2


print(f2(x).requires_grad)
torch.set_grad_enabled(False)
print((x * 2).requires_grad)
torch.set_grad_enabled(True)
with torch.set_grad_enabled(False):
    print((x * 2).requires_grad)
with torch.inference_mode():
    q = x * 2
    print(q.requires_grad, q.is_inference(), torch.is_inference_mode_enabled())

from torch.autograd import gradcheck, gradgradcheck

v = torch.tensor([0.5, 1.5], requires_grad=True)
print(
    gradcheck(torch.sin, (v,)),
    gradgradcheck(lambda a: (a**3).sum(), (v,)),
    gradcheck(lambda a, b: a @ b, (torch.randn(2, 3, requires_grad=True), torch.randn(3, 1, requires_grad=True))),
)
print(gradcheck(lambda a: a.detach() * a, (v,), raise_exception=False))

xs = torch.linspace(0, 1, 5)
net_w = torch.tensor(0.5, requires_grad=True)
for epoch in range(3):
    loss = ((net_w * xs - 2 * xs) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        net_w -= 0.5 * net_w.grad
        net_w.grad.zero_()
    print(f"epoch {epoch}: loss {loss.item():.4f} w {net_w.item():.4f}")
