"""A network that obeys the equation of a damped oscillator."""

import torch
import torch.nn as nn

torch.manual_seed(123)


class FCN(nn.Module):
    def __init__(self, N_INPUT, N_OUTPUT, N_HIDDEN, N_LAYERS):
        super().__init__()
        activation = nn.Tanh
        self.fcs = nn.Sequential(*[nn.Linear(N_INPUT, N_HIDDEN), activation()])
        self.fch = nn.Sequential(
            *[nn.Sequential(*[nn.Linear(N_HIDDEN, N_HIDDEN), activation()]) for _ in range(N_LAYERS - 1)]
        )
        self.fce = nn.Linear(N_HIDDEN, N_OUTPUT)

    def forward(self, x):
        x = self.fcs(x)
        x = self.fch(x)
        return self.fce(x)


def exact_solution(d, w0, t):
    w = (w0**2 - d**2) ** 0.5
    phi = torch.atan(-d / torch.tensor(w))
    A = 1 / (2 * torch.cos(phi))
    return torch.exp(-d * t) * 2 * A * torch.cos(phi + w * t)


pinn = FCN(1, 1, 16, 3)
print(pinn)
t_boundary = torch.tensor(0.0).view(-1, 1).requires_grad_(True)
t_physics = torch.linspace(0, 1, 30).view(-1, 1).requires_grad_(True)
d, w0 = 2, 20
mu, k = 2 * d, w0**2
t_test = torch.linspace(0, 1, 300).view(-1, 1)
u_exact = exact_solution(d, w0, t_test)
optimiser = torch.optim.Adam(pinn.parameters(), lr=1e-3)
for i in range(41):
    optimiser.zero_grad()
    lambda1, lambda2 = 1e-1, 1e-4
    u = pinn(t_boundary)
    loss1 = (torch.squeeze(u) - 1) ** 2
    dudt = torch.autograd.grad(u, t_boundary, torch.ones_like(u), create_graph=True)[0]
    loss2 = (torch.squeeze(dudt) - 0) ** 2
    u = pinn(t_physics)
    dudt = torch.autograd.grad(u, t_physics, torch.ones_like(u), create_graph=True)[0]
    d2udt2 = torch.autograd.grad(dudt, t_physics, torch.ones_like(dudt), create_graph=True)[0]
    loss3 = torch.mean((d2udt2 + mu * dudt + k * u) ** 2)
    loss = loss1 + lambda1 * loss2 + lambda2 * loss3
    loss.backward()
    optimiser.step()
    if i % 10 == 0:
        u = pinn(t_test).detach()
        print(i, loss, u[:, 0].mean(), torch.mean((u - u_exact) ** 2))
print(u_exact[:5, 0], d2udt2.shape, d2udt2.grad_fn.name())
net = nn.Sequential(nn.Linear(2, 10), nn.Tanh(), nn.Linear(10, 1))
xy = torch.rand(6, 2, requires_grad=True)
u = net(xy)
g = torch.autograd.grad(u.sum(), xy, create_graph=True)[0]
u_x, u_y = g[:, 0:1], g[:, 1:2]
u_xx = torch.autograd.grad(u_x, xy, grad_outputs=torch.ones_like(u_x), create_graph=True)[0][:, 0:1]
u_yy = torch.autograd.grad(u_y, xy, grad_outputs=torch.ones_like(u_y), create_graph=True)[0][:, 1:2]
lap = u_xx + u_yy
print(lap, (u_x * u).mean())
lap.pow(2).mean().backward()
print(net[0].weight.grad, net[2].bias.grad)
nu = nn.Parameter(torch.tensor(0.1))
net.register_parameter("nu", nu)
opt = torch.optim.LBFGS(net.parameters(), lr=1, max_iter=5, history_size=10, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    u = net(xy)
    g = torch.autograd.grad(u.sum(), xy, create_graph=True)[0]
    l = ((g[:, :1] - net.nu * u) ** 2).mean() + (u[0] - 1).pow(2).sum()
    l.backward()
    return l


for _ in range(3):
    print(opt.step(closure))
print(net.nu, [n for n, _ in net.named_parameters()])
