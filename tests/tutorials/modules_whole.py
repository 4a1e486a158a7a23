import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 8)
        self.bn = nn.BatchNorm1d(8)
        self.drop = nn.Dropout(0.5)
        self.fc2 = nn.Linear(8, 3)
        self.register_buffer("steps", torch.zeros(1))
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        self.steps += 1
        x = F.relu(self.bn(self.fc1(x)))
        x = self.drop(x)
        return self.scale * self.fc2(x)


torch.manual_seed(0)
net = Net()
print(net)
print(sum(p.numel() for p in net.parameters()), sum(p.numel() for p in net.parameters() if p.requires_grad))
for name, p in net.named_parameters():
    print(name, p.shape, p.requires_grad)
for name, b in net.named_buffers():
    print(name, b)
out = net(torch.randn(5, 4))
print(out)
F.cross_entropy(out, torch.tensor([0, 2, 1, 0, 2])).backward()
print(net.fc2.bias.grad, net.scale.grad, net.bn.weight.grad)
print(net.bn.running_mean, net.bn.num_batches_tracked)
net.eval()
print(net.training, net(torch.ones(2, 4)), net.drop.training)

import copy

net3 = copy.deepcopy(net)
with torch.no_grad():
    net3.fc1.weight.zero_()
print(net.fc1.weight.abs().sum() > 0, net3.fc1.weight.abs().sum())
print(
    [type(m).__name__ for m in net.modules()], [n for n, _ in net.named_children()], [n for n, _ in net.named_modules()]
)
for p in net.fc1.parameters():
    p.requires_grad = False
print([n for n, p in net.named_parameters() if p.requires_grad])
net.requires_grad_(False)
net.zero_grad()
print(net.fc2.weight.grad, net.get_submodule("fc1"), hasattr(net, "fc3"))
net.apply(lambda m: print(type(m).__name__))
print(net.double().fc1.weight.dtype, net.float().fc1.weight.dtype, net.half().fc1.weight.dtype)

m = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()))
print(m, m[0], len(m), m[2][1], m[-1], list(m.state_dict()))
m.append(nn.ReLU())
print(m)
ml = nn.ModuleList([nn.Linear(1, 1) for _ in range(2)])
md = nn.ModuleDict({"a": nn.ReLU(), "b": nn.Linear(1, 2)})
print(ml, md, md["a"], list(md.keys()))
pl = nn.ParameterList([nn.Parameter(torch.zeros(2))])
print(pl, len(list(pl.parameters())))
from collections import OrderedDict

print(nn.Sequential(OrderedDict([("one", nn.Linear(1, 1)), ("act", nn.ELU())])))
for l in [
    nn.LeakyReLU(0.1),
    nn.Softmax(dim=1),
    nn.LogSoftmax(dim=-1),
    nn.Embedding(3, 2),
    nn.LayerNorm(4),
    nn.Flatten(),
    nn.Identity(),
    nn.GELU(),
    nn.SiLU(),
    nn.Softplus(),
    nn.PReLU(),
    nn.Hardtanh(),
    nn.Bilinear(1, 2, 3),
    nn.Hardswish(),
    nn.CELU(),
    nn.Threshold(0.1, 20),
    nn.GLU(),
    nn.Softshrink(),
    nn.Hardsigmoid(),
]:
    print(l)

x = torch.tensor([[-2.0, -0.5, 0.0, 0.5, 2.0]], requires_grad=True)
for f in (
    F.relu,
    F.leaky_relu,
    F.elu,
    F.selu,
    F.celu,
    F.gelu,
    F.silu,
    F.mish,
    F.softplus,
    F.softsign,
    F.tanhshrink,
    F.hardtanh,
    F.relu6,
    F.hardsigmoid,
    F.hardswish,
    F.hardshrink,
    F.softshrink,
    F.logsigmoid,
    lambda x: F.threshold(x, 0.1, 20.0),
    lambda x: F.prelu(x, torch.tensor([0.25])),
    lambda x: F.glu(x[:, :4]),
    lambda x: F.normalize(x),
):
    x.grad = None
    y = f(x)
    y.sum().backward()
    print(y, x.grad)
