import torch

x = torch.arange(12.0).view(3, 4)
y = x.view(-1)
y[0] = 100
print(x)
z = x.t()
print(z.is_contiguous(), z.stride(), x.stride(), z.contiguous().stride())
print(x.view(2, 6), x.reshape(4, 3).shape, x.flatten().shape, x.unsqueeze(0).shape, x.squeeze().shape)

print(x.storage_offset(), x[1].storage_offset(), x[:, 1:].stride(), x[1:].data_ptr() == x.data_ptr())

a = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
b = a * 2
b[0] = 10
print(b, b.grad_fn.name())
b.sum().backward()
print(a.grad)

a = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
b = a * 2
c = b[1:]
c.mul_(3)
print(b, c)
b.sum().backward()
print(a.grad)

a = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
with torch.no_grad():
    a.add_(1)
print(a, a._version)

b = torch.zeros(3)
b[1] = a[1] * 2
print(b)
b.sum().backward()
print(a.grad)

x = torch.ones(2, 3)
x += torch.arange(3.0)
x *= 2
x -= 1
x /= 3
x **= 2
print(x)
x.zero_()
print(x, x.fill_(7), x.copy_(torch.ones(3)))

x = torch.tensor(3.0)
y = x.unsqueeze(0)
y[0] = 5
print(x, y)

x = torch.zeros(4)
x[[0, 2]] += 1
x[torch.tensor([True, False, False, True])] = -1
print(x)
x.index_put_((torch.tensor([1, 1]),), torch.tensor([2.0, 3.0]), accumulate=True)
print(x)

x = torch.zeros(2, 3)
x.fill_diagonal_(1)
print(x)
x.scatter_(1, torch.tensor([[0, 2], [1, 0]]), 5.0)
print(x)
x.index_fill_(0, torch.tensor([1]), 9)
print(x, x.clamp_(max=4), x.neg_(), x.abs_().sqrt_())

x = torch.arange(6.0).reshape(2, 3)
print(x.unfold(1, 2, 1))
print(x.swapaxes(0, 1), x.mT, x.adjoint(), x.H)
print(x.diagonal(), x.expand(2, 2, 3).shape, x.movedim(0, 1).shape)
print(x.T.is_contiguous(), x._is_view(), x[0]._base is x[0])

a = torch.ones(3, requires_grad=True).clone()
v = a.detach()
v.mul_(2)
print(a)
a.retain_grad()
(a**2).sum().backward()
print(a.grad)
