import io

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stack = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.1), nn.Dropout(0.1), nn.Linear(8, 2))

    def forward(self, x):
        return self.stack(x)


torch.manual_seed(0)
x = torch.rand(40, 2)
y = (x.sum(1) > 1).long()
loader = DataLoader(TensorDataset(x, y), batch_size=8, shuffle=True)
model, loss_of = Network(), nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
for epoch in range(4):
    model.train()
    total = 0.0
    for inputs, classes in loader:
        optimizer.zero_grad()
        loss = loss_of(model(inputs), classes)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(inputs)
    scheduler.step()
    model.eval()
    with torch.no_grad():
        right = (model(x).argmax(1) == y).float().mean().item()
    print(f"epoch {epoch}: loss {total / len(x):.6f}, right {right:.2f}, lr {scheduler.get_last_lr()}")
file = io.BytesIO()
torch.save({"model": model.state_dict(), "epoch": 4}, file)
file.seek(0)
saved = torch.load(file)
again = Network()
print(again.load_state_dict(saved["model"]), saved["epoch"], torch.equal(again.eval()(x), model(x)))
