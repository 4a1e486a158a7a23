"""Layers that learn their inputs at the first call, or from a state that they are given."""

import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.LazyLinear(4)
        self.output = nn.LazyLinear(2)

    def forward(self, x):
        return self.output(F.relu(self.hidden(x)))


net = Net()
print(net, net.hidden.weight)
try:
    net.hidden.weight.shape
except RuntimeError as e:
    print(str(e)[:60])
torch.manual_seed(3)
x = torch.linspace(-1, 1, 6).reshape(2, 3)
y = net(x)
print(y, net)
state = net.state_dict()
print({k: tuple(v.shape) for k, v in state.items()})
twin = Net()
print(twin.load_state_dict(state))
twin.eval()
print(twin(x) == y, twin)
opt = torch.optim.SGD(twin.parameters(), lr=0.1)
twin(x).sum().backward()
opt.step()
print(twin.hidden.bias)
early = nn.Sequential(nn.LazyLinear(3), nn.ReLU(), nn.LazyLinear(1))
opt = torch.optim.SGD(early.parameters(), lr=0.1)
early(x).sum().backward()
opt.step()
print(early, early[2].weight.shape)
b = nn.LazyBatchNorm1d()
print(b)
print(b(x).shape, b)
