"""A small network: its history, its parameters, parts frozen and replaced."""

import torch
from torch import nn, optim

a = torch.tensor([2.0, 3.0], requires_grad=True)
b = torch.tensor([6.0, 4.0], requires_grad=True)
Q = 3 * a**3 - b**2
print(Q)
weights = torch.tensor([1.0, 1.0])
Q.backward(gradient=weights)
print(9 * a**2 == a.grad)
print(-2 * b == b.grad)
x = torch.rand(5, 5)
y = torch.rand(5, 5)
z = torch.rand((5, 5), requires_grad=True)
print(f"with grad: {(x + y).requires_grad}", (x + z).requires_grad)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(16, 12)
        self.second = nn.Linear(12, 8)
        self.third = nn.Linear(8, 10)

    def forward(self, x):
        x = torch.flatten(x, 1)
        x = nn.functional.relu(self.first(x))
        x = nn.functional.relu(self.second(x))
        return self.third(x)


net = Net()
print(net)
params = list(net.parameters())
print(len(params))
print(params[0].size())
input = torch.randn(1, 1, 4, 4)
out = net(input)
print(out.size())
net.zero_grad()
out.backward(torch.randn(1, 10))
target = torch.randn(10).view(1, -1)
loss_of = nn.MSELoss()
loss = loss_of(net(input), target)
print(
    loss.grad_fn.name(),
    loss.grad_fn.next_functions[0][0].name(),
    [f[0].name() for f in loss.grad_fn.next_functions[0][0].next_functions],
)
net.zero_grad()
print(net.first.bias.grad)
loss.backward()
print(net.first.bias.grad.shape)
for f in net.parameters():
    f.data.sub_(f.grad.data * 0.01)
for param in net.parameters():
    param.requires_grad = False
net.third = nn.Linear(8, 2)
print(
    [n for n, p in net.named_parameters() if p.requires_grad],
    sum(p.numel() for p in net.parameters()),
    sum(p.numel() for p in net.parameters() if p.requires_grad),
)
for name, layer in net.named_modules():
    print(name, type(layer).__name__)
for name, child in net.named_children():
    print(name, child)
print(net.first.in_features, net.first.out_features, net.first.weight.shape, net.first.bias.requires_grad, net.training)
net.eval()
print(net.training, net.first.training)
net.train()
print(net.first.training)
print(nn.Linear(2, 3, bias=False), nn.Linear(2, 3, bias=False).bias)
g = optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
print(g)
print(g.state_dict())
print(type(net.state_dict()).__name__, list(net.state_dict().keys()))
