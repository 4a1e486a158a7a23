"""Second derivatives, functional products, layers by hand, parameters and what modules refuse."""

import torch
import torch.nn.functional as F
from torch import nn

# nested grad mode and functions of a course notebook
x = torch.tensor(2.0, requires_grad=True)
with torch.no_grad():
    print(torch.func.grad(torch.sin)(x), torch.func.vjp(torch.sin, x)[0])
y = x**3
(g,) = torch.autograd.grad(y, x, create_graph=True)
(h,) = torch.autograd.grad(g, x)
print(g, h)
try:
    torch.autograd.grad(h, x)
except RuntimeError as e:
    print(str(e)[:50])
print(torch.autograd.grad(x * 2, [x, torch.tensor(1.0, requires_grad=True)], allow_unused=True))


@torch.no_grad()
def upd(p):
    p -= 0.1 * p.grad


y.backward()
upd(x)
print(x)
print(torch.is_grad_enabled(), torch.set_grad_enabled(False))
print(torch.is_grad_enabled())
torch.set_grad_enabled(True)


def rosenbrock(x, y, a=1.0, b=100.0):
    return (a - x) ** 2 + b * (y - x**2) ** 2


H = torch.autograd.functional.hessian(rosenbrock, (torch.tensor(1.0), torch.tensor(2.0)))
print(H)
J = torch.autograd.functional.jacobian(lambda a, b: (a * b, a + b), (torch.ones(2), torch.tensor([2.0, 3.0])))
print(J)
print(
    torch.autograd.functional.vjp(lambda x: x**2, torch.tensor([1.0, 2.0]), torch.ones(2)),
    torch.autograd.functional.jvp(lambda x: x**2, torch.tensor([1.0, 2.0]), torch.ones(2)),
)
print(
    torch.autograd.functional.hvp(lambda x: (x**3).sum(), torch.tensor([1.0, 2.0]), torch.ones(2)),
    torch.autograd.functional.vhp(lambda x: (x**3).sum(), torch.tensor([1.0, 2.0]), torch.ones(2)),
)
for code in (
    "torch.autograd.functional.jacobian(lambda x: 3, torch.ones(2))",
    "torch.autograd.functional.vjp(lambda x: x, torch.ones(2))",
    "torch.autograd.functional.vjp(lambda x: x, torch.ones(2), torch.ones(3))",
    "torch.autograd.functional.jacobian(lambda x: torch.ones(2), torch.ones(2), strict=True)",
    "torch.autograd.functional.hvp(lambda x: (x, x), torch.ones(2), torch.ones(2))",
    "torch.autograd.functional.jacobian(lambda x: x, 3)",
    "torch.autograd.functional.jacobian(lambda x, y: x, (torch.ones(1), torch.ones(1)), strict=True)",
):
    try:
        print(eval(code))
    except Exception as e:
        print(type(e).__name__, e)
# weights of a layer by hand
w = torch.arange(6.0).reshape(2, 3).requires_grad_()
b = torch.zeros(2, requires_grad=True)
X = torch.eye(3)
out = F.linear(X, w, b)
print(out.grad_fn, [n[0].name() if n[0] else None for n in out.grad_fn.next_functions]) if False else print(
    [n[0].name() if n[0] else None for n in out.grad_fn.next_functions]
)
out = X @ w.t()
print(out.grad_fn.name(), [n[0] and n[0].name() for n in out.grad_fn.next_functions])
nn.Linear(3, 2)(X).sum().backward()
l = nn.Linear(3, 2)
l.weight.data = torch.ones(2, 3)
l.bias.data.fill_(0.5)
print(l(X))
print(l.weight.grad, l.state_dict())
p = nn.Parameter(torch.ones(2), requires_grad=False)
print(p, p.requires_grad)
p.requires_grad = True
print(p)
print(nn.Parameter(torch.zeros(1)).shape, torch.nn.Parameter(data=torch.ones(1)))
m = nn.Module()
m.w = nn.Parameter(torch.ones(1))
m.register_buffer("r", torch.zeros(2))
print(m, list(m.named_buffers()), m.get_parameter("w"), m.get_buffer("r"))
for bad in (
    'm.register_buffer("a.b", torch.ones(1))',
    'm.register_parameter("q", torch.ones(1))',
    'm.register_parameter("", None)',
    'm.add_module("s", 3)',
    'm.register_buffer("w", torch.ones(1))',
    "m.register_parameter(3, None)",
    'm.register_parameter("k", nn.Parameter(torch.ones(1)) * 2)',
):
    try:
        eval(bad)
    except Exception as e:
        print(type(e).__name__, str(e)[:60])
net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(inplace=True), nn.Dropout(0.1))
print(net)
del net[2]
print(len(net), net[-1], net[:1])
net.append(nn.Tanh())
net.insert(0, nn.Identity())
print(net)
print(nn.utils.parameters_to_vector([torch.ones(2), torch.zeros(1)]), nn.utils.clip_grad_norm_([p], 1.0))
print(
    F.softmax(torch.tensor([1.0, 2.0]), dim=-1),
    F.log_softmax(torch.eye(2), 1),
    F.relu(torch.tensor([-1.0, 1.0])),
    F.mse_loss(torch.ones(2), torch.zeros(2), reduction="sum"),
    F.l1_loss(torch.ones(2), torch.zeros(2)),
    F.smooth_l1_loss(torch.ones(2), torch.zeros(2)),
    F.huber_loss(torch.ones(2) * 3, torch.zeros(2)),
    F.kl_div(torch.zeros(2), torch.ones(2) / 2, reduction="batchmean"),
    F.nll_loss(torch.eye(2), torch.tensor([0, 1])),
    F.cross_entropy(torch.eye(2), torch.tensor([0, 1]), label_smoothing=0.1),
    F.cross_entropy(torch.eye(2), torch.eye(2)),
    F.cross_entropy(torch.eye(3), torch.tensor([0, 1, 2]), weight=torch.tensor([1.0, 2.0, 3.0]), ignore_index=1),
)
