import torch
from torch import nn

torch.manual_seed(42)
points = torch.cat([torch.randn(20, 2) - 1.5, torch.randn(20, 2) + 1.5])
labels = torch.cat([torch.zeros(20, 1), torch.ones(20, 1)])
model = nn.Linear(2, 1)
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9, weight_decay=1e-3)
for step in range(60):
    optimizer.zero_grad()
    loss = criterion(model(points), labels)
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(f"step {step:3d} loss {loss.item():.6f}")
with torch.no_grad():
    probability = torch.sigmoid(model(points))
    right = ((probability > 0.5) == labels.bool()).float().mean()
print(f"right {right.item():.3f}", model.weight.shape, model.bias)
