"""A network of two layers: by hand, as a Sequential, as a Module."""

import torch
import torch.nn.functional as F
from torch import nn

x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
start = (torch.arange(8.0).reshape(4, 2) - 3.5) / 2

w1 = start.T.clone().requires_grad_()
b1 = torch.zeros(4, requires_grad=True)
w2 = torch.tensor([[1.0], [-1.0], [0.5], [0.7]], requires_grad=True)
b2 = torch.zeros(1, requires_grad=True)
for _ in range(50):
    hidden = torch.tanh(x @ w1 + b1)
    out = torch.sigmoid(hidden @ w2 + b2)
    loss = ((out - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for p in (w1, b1, w2, b2):
            p -= 0.5 * p.grad
            p.grad = None
print(loss)
print(w1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 4)
        self.second = nn.Linear(4, 1)

    def forward(self, v):
        return self.second(F.relu(self.first(v)))


net = Net()
print(net)
print(sum(p.numel() for p in net.parameters()))
with torch.no_grad():
    net.first.weight.copy_(start)
    net.first.bias.fill_(0.1)
    net.second.weight.copy_(torch.tensor([[1.0, -1.0, 0.5, 0.7]]))
    net.second.bias.zero_()
optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
for step in range(100):
    optimizer.zero_grad()
    loss = nn.MSELoss()(net(x), y)
    loss.backward()
    optimizer.step()
    if step % 25 == 0:
        print(loss)
print(net(x))
print(net.first.weight.grad)

classes = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2))
print(classes)
with torch.no_grad():
    for p in classes.parameters():
        p.copy_(torch.linspace(-1, 1, p.numel()).reshape(p.shape))
target = torch.tensor([0, 1, 1, 0])
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.RMSprop(classes.parameters(), lr=0.02)
for _ in range(60):
    loss = criterion(classes(x), target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss, classes(x).argmax(1), (classes(x).argmax(dim=1) == target).sum())
print(classes.state_dict()["0.bias"])
