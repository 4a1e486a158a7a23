"""States saved, loaded, and loaded where they do not fit."""

import copy
import io
import os

import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(5)


class TheModelClass(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(3, 4)
        self.bn = nn.BatchNorm1d(4)
        self.fc2 = nn.Linear(4, 2)
        self.register_buffer("scale", torch.tensor(2.0))
        self.register_buffer("tmp", torch.zeros(1), persistent=False)

    def forward(self, x):
        return self.fc2(torch.relu(self.bn(self.fc1(x)))) * self.scale


model = TheModelClass()
optimizer = optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
print("Model's state_dict:")
for param_tensor in model.state_dict():
    print(param_tensor, "\t", model.state_dict()[param_tensor].size())
print("Optimizer's state_dict:")
for var_name in optimizer.state_dict():
    print(var_name, "\t", optimizer.state_dict()[var_name])
x = torch.randn(8, 3)
model(x).pow(2).mean().backward()
optimizer.step()
torch.save(model.state_dict(), "m.pt")
model2 = TheModelClass()
print(model2.load_state_dict(torch.load("m.pt", weights_only=True)))
model2.eval()
model.eval()
print(torch.equal(model(x), model2(x)), model.bn.running_mean, model.bn.num_batches_tracked)
torch.save(
    {
        "epoch": 5,
        "model_state_dict": model.state_dict(),
        "optimizer_state_dict": optimizer.state_dict(),
        "loss": 0.4,
        "list": [1, "a", None, True],
        "t": torch.arange(3),
    },
    "c.tar",
)
checkpoint = torch.load("c.tar")
print(checkpoint["epoch"], checkpoint["loss"], checkpoint["list"], checkpoint["t"], checkpoint.keys())
opt2 = optim.SGD(model2.parameters(), lr=0.5, momentum=0.1)
opt2.load_state_dict(checkpoint["optimizer_state_dict"])
print(opt2.param_groups[0]["lr"], opt2.state_dict()["state"][0]["momentum_buffer"])
buf = io.BytesIO()
torch.save(torch.tensor([1.0, 2.0]), buf)
buf.seek(0)
print(torch.load(buf))
sd = model.state_dict()
del sd["fc2.bias"]
sd["extra"] = torch.zeros(1)
try:
    model2.load_state_dict(sd)
except RuntimeError as e:
    print(e)
print(model2.load_state_dict(sd, strict=False))
sd = model.state_dict()
sd["fc1.weight"] = torch.zeros(5, 3)
try:
    model2.load_state_dict(sd)
except RuntimeError as e:
    print(e)
best = copy.deepcopy(model.state_dict())
with torch.no_grad():
    model.fc1.weight.fill_(0)
print(best["fc1.weight"].abs().sum() > 0, model.state_dict()["fc1.weight"].sum())
print(list(model.state_dict(prefix="net.").keys()), type(model.state_dict()))
m3 = copy.deepcopy(model)
print(m3.fc1.weight is model.fc1.weight, torch.equal(m3.fc2.weight, model.fc2.weight))
print(
    [n for n, _ in model.named_buffers()], [n for n, _ in model.named_children()], [n for n, _ in model.named_modules()]
)
pre = {k: v for k, v in best.items() if k in model2.state_dict() and "fc2" not in k}
d = model2.state_dict()
d.update(pre)
model2.load_state_dict(d)
print(torch.equal(model2.fc1.weight, best["fc1.weight"]), os.path.exists("m.pt"))
print(model.training, model.bn.training, model.train().bn.training, model)
