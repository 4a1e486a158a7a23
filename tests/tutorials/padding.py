import torch
import torch.nn.functional as F

t4d = torch.ones(3, 3, 4, 2)
p1d = (1, 1)
out = F.pad(t4d, p1d, "constant", 0)
print(out.size())
p2d = (1, 1, 2, 2)
out = F.pad(t4d, p2d, "constant", 0)
print(out.size())
p3d = (0, 1, 2, 1, 3, 3)
out = F.pad(t4d, p3d, "constant", 0)
print(out.size())

x = torch.arange(9.0).reshape(1, 1, 3, 3)
print(F.pad(x, (1, 1, 0, 2), value=7.5))
print(F.pad(x, (2, 1, 1, 2), mode="reflect"))
print(F.pad(x, (1, 2, 2, 1), mode="replicate"))
print(F.pad(x, (1, 2, 2, 1), mode="circular"))

x = torch.arange(5.0, requires_grad=True)
y = F.pad(x, (2, -1), value=3.0)
print(y)
(y * torch.arange(6.0)).sum().backward()
print(x.grad)

x = torch.arange(6.0, requires_grad=True)
y = F.pad(x[None], (2, 2), mode="reflect")
print(y)
(y**2).sum().backward()
print(x.grad)

print(F.pad(torch.arange(4), (1, 1)))

print(torch.nn.functional.pad(torch.tensor([[True, False]]), (0, 1), value=True))

pad = torch.nn.ConstantPad1d(2, 3.5)
print(pad, pad(torch.ones(1, 2)))
print(torch.nn.ZeroPad2d((1, 0, 1, 0))(torch.ones(1, 1, 2, 2)))
