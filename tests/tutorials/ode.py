import torch


def f(t, y, p):
    a, b, c, d = p
    return torch.stack([a * y[0] - b * y[0] * y[1], -c * y[1] + d * y[0] * y[1]])


def rk4(y, p, n, h):
    ys = [y]
    for k in range(n):
        t = k * h
        k1 = f(t, y, p)
        k2 = f(t + h / 2, y + h / 2 * k1, p)
        k3 = f(t + h / 2, y + h / 2 * k2, p)
        k4 = f(t + h, y + h * k3, p)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        ys.append(y)
    return torch.stack(ys)


truth = torch.tensor([1.5, 1.0, 3.0, 1.0])
data = rk4(torch.tensor([1.0, 1.0]), truth, 20, 0.05)
p = torch.tensor([1.2, 0.8, 2.5, 1.2], requires_grad=True)
opt = torch.optim.LBFGS([p], lr=0.5, max_iter=5, line_search_fn="strong_wolfe")
for i in range(4):

    def closure():
        opt.zero_grad()
        loss = ((rk4(torch.tensor([1.0, 1.0]), p, 20, 0.05) - data) ** 2).sum()
        loss.backward()
        return loss

    print(i, f"{opt.step(closure).item():.6g}", [round(v, 4) for v in p.tolist()])
J = torch.autograd.functional.jacobian(lambda q: rk4(torch.tensor([1.0, 1.0]), q, 20, 0.05)[-1], p.detach())
print(J)
y0 = torch.tensor([1.0, 1.0], requires_grad=True)
flow = rk4(y0, truth, 20, 0.05)[-1]
M = torch.stack([torch.autograd.grad(flow[i], y0, retain_graph=True)[0] for i in range(2)])
print(M, torch.det(M))
import torch.autograd.forward_ad as fwAD

with fwAD.dual_level():
    d = fwAD.make_dual(truth, torch.tensor([1.0, 0.0, 0.0, 0.0]))
    print(fwAD.unpack_dual(rk4(torch.tensor([1.0, 1.0]), d, 20, 0.05)[-1]).tangent)
print(torch.func.jvp(lambda q: rk4(torch.tensor([1.0, 1.0]), q, 5, 0.05)[-1], (truth,), (torch.ones(4),)))
print(torch.trapezoid(data[:, 0], dx=0.05), torch.cumulative_trapezoid(data[:3, 0], dx=0.05))
