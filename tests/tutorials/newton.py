import torch


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


x = torch.tensor([-1.2, 1.0])
for step in range(6):
    gradient = torch.func.grad(rosenbrock)(x)
    hessian = torch.func.hessian(rosenbrock)(x)
    x = x - torch.linalg.solve(hessian, gradient)
    print(step, x, f"{rosenbrock(x).item():.3e}")
print(torch.linalg.eigvalsh(torch.func.hessian(rosenbrock)(x)))
y = torch.tensor(1.0, requires_grad=True)
f = y.sin() * y
for order in range(4):
    (f,) = torch.autograd.grad(f, y, create_graph=True)
    print(order + 1, f.item().__round__(9))
