import torch
from torch.optim import Optimizer


class Lion(Optimizer):
    def __init__(self, params, lr=1e-2, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.data.mul_(1 - group["lr"] * group["weight_decay"])
                state = self.state[p]
                if len(state) == 0:
                    state["exp_avg"] = torch.zeros_like(p)
                exp_avg = state["exp_avg"]
                beta1, beta2 = group["betas"]
                update = exp_avg * beta1 + p.grad * (1 - beta1)
                p.add_(update.sign_(), alpha=-group["lr"])
                exp_avg.mul_(beta2).add_(p.grad, alpha=1 - beta2)
        return loss


torch.manual_seed(0)
net = torch.nn.Linear(3, 1)
x, y = torch.randn(16, 3), torch.randn(16, 1)
opt = Lion(net.parameters(), lr=0.02, weight_decay=0.1)
print(opt)


def closure():
    opt.zero_grad()
    loss = torch.nn.functional.mse_loss(net(x), y)
    loss.backward()
    return loss


for i in range(5):
    print(f"{opt.step(closure).item():.6f}")
print(net.weight, opt.state[net.weight]["exp_avg"])
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda e: 0.5**e)
for _ in range(2):
    opt.step(closure)
    sched.step()
    print(opt.param_groups[0]["lr"])


class SGDM(Optimizer):
    def __init__(self, params, lr=0.1, momentum=0.9):
        defaults = dict(lr=lr, momentum=momentum)
        super().__init__(params, defaults)

    def step(self):
        for g in self.param_groups:
            for p in g["params"]:
                buf = self.state[p].setdefault("buf", torch.zeros_like(p.data))
                buf.mul_(g["momentum"]).add_(p.grad.data)
                p.data.add_(buf, alpha=-g["lr"])


w = torch.tensor([5.0, -3.0], requires_grad=True)
o = SGDM([w])
for _ in range(3):
    o.zero_grad()
    (w**2).sum().backward()
    o.step()
    print(w.data)
print(list(o.state_dict()), o.state_dict()["param_groups"])
