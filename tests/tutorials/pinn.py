import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(1, 10), nn.Tanh(), nn.Linear(10, 10), nn.Tanh(), nn.Linear(10, 1))
t0 = torch.tensor(0.0).view(-1, 1).requires_grad_(True)
t = torch.linspace(0, 1, 20).view(-1, 1).requires_grad_(True)
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
mu, k = 4.0, 100.0
for i in range(31):
    opt.zero_grad()
    u = model(t0)
    loss1 = (torch.squeeze(u) - 1) ** 2
    dudt = torch.autograd.grad(u, t0, torch.ones_like(u), create_graph=True)[0]
    loss2 = (torch.squeeze(dudt) - 0) ** 2
    u = model(t)
    dudt = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True)[0]
    d2udt2 = torch.autograd.grad(dudt, t, torch.ones_like(dudt), create_graph=True)[0]
    loss3 = torch.mean((d2udt2 + mu * dudt + k * u) ** 2)
    loss = loss1 + 1e-1 * loss2 + 1e-4 * loss3
    loss.backward()
    opt.step()
    if i % 10 == 0:
        print(i, f"{loss.item():.6f} {loss3.item():.6f}")
with torch.no_grad():
    print(model(torch.tensor([[0.1], [0.5]])))
