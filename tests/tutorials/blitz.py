"""A small network: its history, its parameters, parts frozen and replaced."""

import torch
from torch import nn, optim

a = torch.tensor([2.0, 3.0], requires_grad=True)
b = torch.tensor([6.0, 4.0], requires_grad=True)
Q = 3 * a**3 - b**2
print(Q)
external_grad = torch.tensor([1.0, 1.0])
Q.backward(gradient=external_grad)
print(9 * a**2 == a.grad)
print(-2 * b == b.grad)
x = torch.rand(5, 5)
y = torch.rand(5, 5)
z = torch.rand((5, 5), requires_grad=True)
print(f"Does `a` require gradients?: {(x + y).requires_grad}", (x + z).requires_grad)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(16, 12)
        self.fc2 = nn.Linear(12, 8)
        self.fc3 = nn.Linear(8, 10)

    def forward(self, x):
        x = torch.flatten(x, 1)
        x = nn.functional.relu(self.fc1(x))
        x = nn.functional.relu(self.fc2(x))
        return self.fc3(x)


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
criterion = nn.MSELoss()
loss = criterion(net(input), target)
print(
    loss.grad_fn.name(),
    loss.grad_fn.next_functions[0][0].name(),
    [f[0].name() for f in loss.grad_fn.next_functions[0][0].next_functions],
)
net.zero_grad()
print(net.fc1.bias.grad)
loss.backward()
print(net.fc1.bias.grad.shape)
for f in net.parameters():
    f.data.sub_(f.grad.data * 0.01)
for param in net.parameters():
    param.requires_grad = False
net.fc3 = nn.Linear(8, 2)
print(
    [n for n, p in net.named_parameters() if p.requires_grad],
    sum(p.numel() for p in net.parameters()),
    sum(p.numel() for p in net.parameters() if p.requires_grad),
)
for name, layer in net.named_modules():
    print(name, type(layer).__name__)
for name, child in net.named_children():
    print(name, child)
print(net.fc1.in_features, net.fc1.out_features, net.fc1.weight.shape, net.fc1.bias.requires_grad, net.training)
net.eval()
print(net.training, net.fc1.training)
net.train()
print(net.fc1.training)
print(nn.Linear(2, 3, bias=False), nn.Linear(2, 3, bias=False).bias)
g = optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
print(g)
print(g.state_dict())
print(type(net.state_dict()).__name__, list(net.state_dict().keys()))
