"""A training loop with a schedule, a checkpoint and a model that is read again."""

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Points(Dataset):
    def __init__(self, n, transform=None, target_transform=None):
        self.x = torch.linspace(-1, 1, n).unsqueeze(1)
        self.y = (self.x[:, 0] > 0).long()
        self.transform = transform
        self.target_transform = target_transform

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        x, y = self.x[i], self.y[i]
        if self.transform:
            x = self.transform(x)
        if self.target_transform:
            y = self.target_transform(y)
        return x, y


train = DataLoader(Points(30), batch_size=8)
test = DataLoader(Points(11, transform=lambda x: x * 2), batch_size=4)


class Sides(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.layers = nn.Sequential(nn.Linear(1, 4), nn.ReLU(), nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2))

    def forward(self, x):
        return self.layers(self.flatten(x))


device = torch.accelerator.current_accelerator().type if torch.accelerator.is_available() else "cpu"
print(f"on {device}")
model = Sides().to(device)
print(model)
with torch.no_grad():
    for i, p in enumerate(model.parameters()):
        p.copy_(torch.linspace(-1, 1.2, p.numel()).reshape(p.shape))
print(f"the model: {model}")
for name, param in model.named_parameters():
    print(f"{name} of {param.size()}: {param[:2]}")
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-1)
sched = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)


def practise(batches, model, loss_fn, optimizer):
    size = len(batches.dataset)
    model.train()
    for batch, (X, y) in enumerate(batches):
        pred = model(X)
        loss = loss_fn(pred, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if batch % 2 == 0:
            loss, current = loss.item(), batch * 8 + len(X)
            print(f"{current} of {size}: {loss:.6f}")


def examine(batches, model, loss_fn):
    model.eval()
    size = len(batches.dataset)
    count = len(batches)
    total, correct = 0, 0
    with torch.no_grad():
        for X, y in batches:
            pred = model(X)
            total += loss_fn(pred, y).item()
            correct += (pred.argmax(1) == y).type(torch.float).sum().item()
    total /= count
    correct /= size
    print(f"right {correct:.3f}, loss {total:.6f}")


for t in range(5):
    print(f"round {t}")
    practise(train, model, loss_fn, optimizer)
    examine(test, model, loss_fn)
    sched.step()
    print(sched.get_last_lr(), optimizer.param_groups[0]["lr"])
torch.save(model.state_dict(), "model.pth")
m2 = Sides()
print(m2.load_state_dict(torch.load("model.pth", weights_only=True)))
print(torch.equal(m2.layers[0].weight, model.layers[0].weight))
torch.save(
    {"epoch": 5, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict(), "loss": 0.25},
    "ck.pt",
)
ck = torch.load("ck.pt", weights_only=True)
print(ck.keys(), ck["epoch"], ck["loss"])
optimizer.load_state_dict(ck["optimizer_state_dict"])
print(optimizer.state_dict()["param_groups"])
probs = nn.Softmax(dim=1)(model(torch.ones(1, 1)))
print(f"guess {probs.argmax(1)}", probs)
print(sched.state_dict())
