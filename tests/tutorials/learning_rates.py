"""Schedules of learning rates, step by step."""

import torch
from torch import nn
from torch.optim import lr_scheduler as S


def run(make, n=8, lr=0.1, **kw):
    w = nn.Parameter(torch.tensor([1.0]))
    opt = torch.optim.SGD([w], lr=lr, **kw)
    sch = make(opt)
    out = []
    for i in range(n):
        opt.step()
        out.append(round(opt.param_groups[0]["lr"], 6))
        sch.step()
    print(type(sch).__name__, out, [round(v, 6) for v in sch.get_last_lr()])
    return sch


run(lambda o: S.StepLR(o, step_size=3, gamma=0.5))
run(lambda o: S.MultiStepLR(o, milestones=[2, 5], gamma=0.1))
run(lambda o: S.ExponentialLR(o, 0.9))
run(lambda o: S.CosineAnnealingLR(o, T_max=8, eta_min=0.001))
run(lambda o: S.CosineAnnealingWarmRestarts(o, T_0=3, T_mult=2))
run(lambda o: S.LinearLR(o, start_factor=0.1, total_iters=4))
run(lambda o: S.ConstantLR(o, factor=0.5, total_iters=3))
run(lambda o: S.PolynomialLR(o, total_iters=6, power=2.0))
run(lambda o: S.LambdaLR(o, lambda e: 0.95**e))
run(lambda o: S.MultiplicativeLR(o, lambda e: 0.8))
run(lambda o: S.OneCycleLR(o, max_lr=0.5, total_steps=10), momentum=0.9)
run(lambda o: S.CyclicLR(o, base_lr=0.01, max_lr=0.1, step_size_up=3, mode="triangular2"), momentum=0.9)
run(lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.1, total_iters=3), S.ExponentialLR(o, 0.9)], milestones=[3]))
run(lambda o: S.ChainedScheduler([S.ConstantLR(o, 0.1, 2), S.ExponentialLR(o, 0.9)]))
w = nn.Parameter(torch.tensor([1.0]))
opt = torch.optim.SGD([w], lr=1.0)
s = S.ReduceLROnPlateau(opt, "min", factor=0.5, patience=1, threshold=1e-2, cooldown=1, min_lr=0.1)
for v in [1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.5, 0.5, 0.5, 0.5]:
    s.step(v)
    print(v, opt.param_groups[0]["lr"], s.num_bad_epochs, s.best)
print(s.state_dict().keys() if False else sorted(k for k in s.state_dict() if not k.startswith("_")))
sc = S.StepLR(opt, 2)
print(sc.state_dict()["step_size"], sc.state_dict()["gamma"], sc.last_epoch, sc.base_lrs)
lr_lambda1 = lambda epoch: epoch // 2


class WarmupCosine(S.LRScheduler):
    def __init__(self, optimizer, warmup, total, last_epoch=-1):
        self.warmup, self.total = warmup, total
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        import math

        if self.last_epoch < self.warmup:
            return [b * (self.last_epoch + 1) / self.warmup for b in self.base_lrs]
        p = (self.last_epoch - self.warmup) / (self.total - self.warmup)
        return [b * 0.5 * (1 + math.cos(math.pi * p)) for b in self.base_lrs]


run(lambda o: WarmupCosine(o, 2, 8))
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD([{"params": model.weight, "lr": 0.1}, {"params": model.bias, "lr": 0.01}], lr=1.0)
scheduler = S.StepLR(optimizer, step_size=1, gamma=0.1)
print(scheduler.get_last_lr())
optimizer.step()
scheduler.step()
print(scheduler.get_last_lr(), [g["initial_lr"] for g in optimizer.param_groups])
print(optimizer)
