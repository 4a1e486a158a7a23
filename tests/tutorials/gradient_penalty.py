import torch
from torch import nn

torch.manual_seed(9)
critic = nn.Sequential(nn.Linear(2, 6), nn.Softplus(), nn.Linear(6, 1))
real, fake = torch.randn(5, 2), torch.randn(5, 2) + 2
mix = torch.rand(5, 1)
between = (mix * real + (1 - mix) * fake).requires_grad_()
(slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
penalty = ((slope.norm(2, dim=1) - 1) ** 2).mean()
loss = critic(fake).mean() - critic(real).mean() + 10 * penalty
loss.backward()
print(penalty, loss)
print(critic[0].weight.grad)
print(critic[2].weight.grad)
t = torch.linspace(0, 1, 5).reshape(-1, 1).requires_grad_()
net = nn.Sequential(nn.Linear(1, 5), nn.Tanh(), nn.Linear(5, 1))
u = net(t)
(du,) = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True)
(ddu,) = torch.autograd.grad(du, t, torch.ones_like(du), create_graph=True)
residual = (ddu + u).pow(2).mean()
residual.backward()
print(residual, net[0].weight.grad.flatten())
