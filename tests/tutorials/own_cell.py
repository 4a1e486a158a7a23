import itertools

import torch
from torch import nn


class Cell(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.w = nn.Parameter(torch.eye(size) * 0.5)
        self.u = nn.Linear(1, size)

    def forward(self, x, h):
        return torch.tanh(self.u(x) + h @ self.w)


torch.manual_seed(5)
cell, readout = Cell(4), nn.Linear(4, 1)
series = torch.sin(torch.arange(0, 6, 0.3)).unsqueeze(1)
optimizer = torch.optim.Adam([*cell.parameters(), *readout.parameters()], lr=0.02)
for epoch in range(20):
    h = torch.zeros(1, 4)
    losses = []
    for now, after in itertools.pairwise(series):
        h = cell(now.unsqueeze(0), h)
        losses.append((readout(h) - after).pow(2).mean())
    loss = torch.stack(losses).mean()
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(cell.parameters(), 1.0)
    optimizer.step()
    if epoch % 5 == 0:
        print(epoch, f"{loss.item():.6f} {norm.item():.6f}")
print(cell.w)
