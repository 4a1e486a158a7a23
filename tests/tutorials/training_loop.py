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


class NeuralNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.linear_relu_stack = nn.Sequential(nn.Linear(1, 4), nn.ReLU(), nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2))

    def forward(self, x):
        return self.linear_relu_stack(self.flatten(x))


device = torch.accelerator.current_accelerator().type if torch.accelerator.is_available() else "cpu"
print(f"Using {device} device")
model = NeuralNetwork().to(device)
print(model)
with torch.no_grad():
    for i, p in enumerate(model.parameters()):
        p.copy_(torch.linspace(-1, 1.2, p.numel()).reshape(p.shape))
print(f"Model structure: {model}\n\n")
for name, param in model.named_parameters():
    print(f"Layer: {name} | Size: {param.size()} | Values : {param[:2]} \n")
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-1)
sched = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)


def train_loop(dataloader, model, loss_fn, optimizer):
    size = len(dataloader.dataset)
    model.train()
    for batch, (X, y) in enumerate(dataloader):
        pred = model(X)
        loss = loss_fn(pred, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if batch % 2 == 0:
            loss, current = loss.item(), batch * 8 + len(X)
            print(f"loss: {loss:>7f}  [{current:>5d}/{size:>5d}]")


def test_loop(dataloader, model, loss_fn):
    model.eval()
    size = len(dataloader.dataset)
    num_batches = len(dataloader)
    test_loss, correct = 0, 0
    with torch.no_grad():
        for X, y in dataloader:
            pred = model(X)
            test_loss += loss_fn(pred, y).item()
            correct += (pred.argmax(1) == y).type(torch.float).sum().item()
    test_loss /= num_batches
    correct /= size
    print(f"Test Error: \n Accuracy: {(100 * correct):>0.1f}%, Avg loss: {test_loss:>8f} \n")


for t in range(5):
    print(f"Epoch {t + 1}\n-------------------------------")
    train_loop(train, model, loss_fn, optimizer)
    test_loop(test, model, loss_fn)
    sched.step()
    print(sched.get_last_lr(), optimizer.param_groups[0]["lr"])
torch.save(model.state_dict(), "model.pth")
m2 = NeuralNetwork()
print(m2.load_state_dict(torch.load("model.pth", weights_only=True)))
print(torch.equal(m2.linear_relu_stack[0].weight, model.linear_relu_stack[0].weight))
torch.save(
    {"epoch": 5, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict(), "loss": 0.25},
    "ck.pt",
)
ck = torch.load("ck.pt", weights_only=True)
print(ck.keys(), ck["epoch"], ck["loss"])
optimizer.load_state_dict(ck["optimizer_state_dict"])
print(optimizer.state_dict()["param_groups"])
probs = nn.Softmax(dim=1)(model(torch.ones(1, 1)))
print(f"Predicted class: {probs.argmax(1)}", probs)
print(sched.state_dict())
