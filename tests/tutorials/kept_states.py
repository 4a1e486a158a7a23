"""The states of modules and optimisers, saved and read."""

import io

import torch
import torch.nn as nn
import torch.optim as optim


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(3, 2)
        self.fc2 = nn.Linear(2, 1)
        self.register_buffer("scale", torch.tensor(2.0))
        self.register_buffer("tmp", torch.zeros(1), persistent=False)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x))) * self.scale


net = Net()
with torch.no_grad():
    for p in net.parameters():
        p.fill_(0.5)
optimizer = optim.SGD(net.parameters(), lr=0.001, momentum=0.9)
print("Model's state_dict:")
for n in net.state_dict():
    print(n, "\t", net.state_dict()[n].size())
print("Optimizer's state_dict:")
for n in optimizer.state_dict():
    print(n, "\t", optimizer.state_dict()[n])
net(torch.ones(2, 3)).sum().backward()
optimizer.step()
print(optimizer.state_dict())
buf = io.BytesIO()
torch.save(net.state_dict(), buf)
buf.seek(0)
sd = torch.load(buf)
print(sd)
other = Net()
print(other.load_state_dict(sd, strict=False))
del sd["fc1.weight"]
sd["bogus"] = torch.ones(1)
print(other.load_state_dict(sd, strict=False))
try:
    other.load_state_dict(sd)
except RuntimeError as e:
    print(e)
x = torch.tensor([1, 2, 3])
torch.save(x, "t.pt")
print(torch.load("t.pt"))
torch.save({"a": x, "b": [x, 2, "s", None, True], "c": (1.5, x > 1)}, "d.pt")
print(torch.load("d.pt"))
ad = optim.Adam(net.parameters(), lr=0.1, weight_decay=0.01, betas=(0.8, 0.9))
net(torch.ones(2, 3)).sum().backward()
ad.step()
s = ad.state_dict()
print(s["state"][0].keys(), s["state"][0]["step"], s["param_groups"])
ad2 = optim.Adam(other.parameters())
ad2.load_state_dict(s)
print(ad2.param_groups[0]["lr"], ad2.state[other.fc1.weight]["exp_avg"], ad2)
lb = optim.LBFGS(net.parameters(), lr=0.5)


def closure():
    lb.zero_grad()
    l = net(torch.ones(2, 3)).pow(2).sum()
    l.backward()
    return l


print(lb.step(closure))
st = lb.state_dict()
print(sorted(st["state"][0].keys()), st["param_groups"])
print(st["state"][0]["func_evals"], st["state"][0]["n_iter"])
loaded = torch.load("d.pt", map_location="cpu", weights_only=True)
print(loaded["b"])
print(torch.load("t.pt", map_location=torch.device("cpu")))
net2 = Net()
net2.load_state_dict(net.state_dict(), assign=True)
print(net2.fc1.weight.data_ptr() == net.fc1.weight.data_ptr())
