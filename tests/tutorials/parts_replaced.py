import torch


def show(x):
    print((x.detach() * 1e6).round() / 1e6 + 0.0)


x = torch.tensor([[1.0, 4.0, 9.0, 16.0], [2.0, 3.0, 5.0, 7.0], [0.5, -1.0, 2.0, 0.0]], requires_grad=True)
for options in (
    {},
    {"spacing": 2.0},
    {"dim": 1, "edge_order": 2},
    {"spacing": [0.5, 2.0]},
    {"spacing": (torch.tensor([0.0, 1.0, 3.0]), torch.tensor([0.0, 0.5, 2.0, 2.5])), "edge_order": 2},
    {"spacing": (torch.tensor([0.0, 1.0, 3.0]),), "dim": 0},
):
    for part in torch.gradient(x, **options):
        show(part)
        (g,) = torch.autograd.grad((part**2).sum(), x, create_graph=True)
        show(g)
        show(torch.autograd.grad((g * x).sum(), x)[0])
a = torch.arange(12.0).reshape(3, 4).requires_grad_()
s = torch.tensor([10.0, 20.0, 30.0], requires_grad=True)
for y in (
    a.select_scatter(s, 1, 2),
    torch.select_scatter(a, s[:1].expand(4), 0, -1),
    torch.slice_scatter(a, s.reshape(3, 1) * torch.ones(2), 1, 1, 4, 2),
    torch.diagonal_scatter(a, s),
    a.masked_scatter(a.detach() > 8, s),
):
    print(y, y.requires_grad)
    print(*torch.autograd.grad((y**2).sum(), (a, s)))
b = torch.zeros(2, 3)
b.masked_scatter_(torch.tensor([True, False, True]), torch.arange(6.0))
print(b)
for bad in (lambda: a.select_scatter(s, 0, 0),):
    try:
        bad()
    except RuntimeError as e:
        print("refused", str(e)[:60])
t = torch.tensor([1.0, -0.0, float("inf"), float("-inf"), float("nan")])
print(torch.signbit(t), torch.isposinf(t), torch.isneginf(t), torch.isreal(t), t.signbit())
print(torch.gcd(torch.tensor([12, 18]), torch.tensor([8, 27])), torch.lcm(torch.tensor([4, 6]), torch.tensor([6, 8])))
print(
    torch.is_nonzero(torch.tensor([2.0])),
    t.is_complex(),
    a.is_same_size(y),
    a.real is a,
    a.is_sparse,
    a.nbytes,
    a.itemsize,
    a.get_device(),
)
u = torch.tensor([1, 1, 2, 2, 3, 1, 1, 2])
print(torch.unique_consecutive(u), torch.unique_consecutive(u, return_inverse=True, return_counts=True))
print(
    torch.unique_consecutive(torch.tensor([[1, 1, 2], [1, 1, 2], [0, 0, 2]]), dim=0),
    torch.unique_consecutive(torch.tensor([[1, 1, 2], [1, 1, 2]]), dim=1),
)

c = torch.arange(9.0).reshape(3, 3)
c.diagonal().fill_(7)
print(c)
c.diagonal(1).mul_(torch.tensor([2.0, 3.0]))
print(c, c.diagonal(-1)._is_view(), c._version)
w = torch.arange(4.0).reshape(2, 2).requires_grad_()
y = w * 2
y.diagonal().add_(w[0])
(y**2).sum().backward()
print(w.grad, y)
try:
    w.diagonal().zero_()
except RuntimeError as e:
    print(str(e)[:60])
d = y.diagonal(0, 1, 0)
print(d)
b = torch.arange(12.0).reshape(3, 2, 2)
torch.diagonal(b, 0, 1, 2)[...] = 0
print(b)
