import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.func import functional_call, grad, hessian, vmap

torch.manual_seed(1)
net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
params = dict(net.named_parameters())


def loss_fn(params, x, y):
    return F.mse_loss(functional_call(net, params, (x,)), y)


def inner(params, x, y, lr=0.1):
    g = grad(loss_fn)(params, x, y)
    return {k: params[k] - lr * g[k] for k in params}


opt = torch.optim.Adam(net.parameters(), lr=1e-2)
for step in range(4):
    total = 0.0
    for task in range(3):
        amp, phase = torch.rand(1) * 4 + 1, torch.rand(1) * 3
        x = torch.rand(10, 1) * 10 - 5
        y = amp * torch.sin(x + phase)
        fast = inner(params, x[:5], y[:5])
        total = total + loss_fn(fast, x[5:], y[5:])
    opt.zero_grad()
    total.backward()
    opt.step()
    print(step, f"{total.item():.4f}")
print(net[0].bias)

x, y = torch.randn(4, 1), torch.randn(4, 1)
detached = {k: v.detach() for k, v in params.items()}


def one(params, x, y):
    return loss_fn(params, x.unsqueeze(0), y.unsqueeze(0))


per = vmap(grad(one), in_dims=(None, 0, 0))(detached, x, y)
print({k: v.shape for k, v in per.items()})
print(torch.allclose(per["0.weight"].mean(0), grad(loss_fn)(detached, x, y)["0.weight"]))

flat = torch.cat([p.detach().flatten() for p in net.parameters()])


def f(v):
    out, k = {}, 0
    for n, p in net.named_parameters():
        out[n] = v[k : k + p.numel()].view_as(p)
        k += p.numel()
    return loss_fn(out, x, y)


H = hessian(f)(flat)
print(H.shape, torch.allclose(H, H.T), torch.linalg.eigvalsh(H)[-3:])
