"""Every scheduler, what it keeps and what it refuses."""

import torch
from torch.optim import lr_scheduler as S


def mk():
    return torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.1)


cases = [
    lambda o: S.StepLR(o, 3, 0.5),
    lambda o: S.MultiStepLR(o, [2, 4], gamma=0.1),
    lambda o: S.ConstantLR(o, 0.5, 3),
    lambda o: S.LinearLR(o, 0.25, total_iters=4),
    lambda o: S.ExponentialLR(o, 0.9),
    lambda o: S.PolynomialLR(o, 4, 2.0),
    lambda o: S.CosineAnnealingLR(o, 5, eta_min=0.01),
    lambda o: S.CosineAnnealingWarmRestarts(o, 2, 2),
    lambda o: S.LambdaLR(o, lambda e: 0.95**e),
    lambda o: S.MultiplicativeLR(o, lambda e: 0.95),
    lambda o: S.OneCycleLR(o, 0.5, total_steps=8),
    lambda o: S.CyclicLR(o, 0.01, 0.1, 3),
    lambda o: S.SequentialLR(o, [S.ConstantLR(o, 0.1, 2), S.ExponentialLR(o, 0.9)], [2]),
    lambda o: S.ChainedScheduler([S.ConstantLR(o, 0.1, 2), S.ExponentialLR(o, 0.9)]),
]
for c in cases:
    o = mk()
    s = c(o)
    r = []
    for i in range(7):
        r.append(round(o.param_groups[0]["lr"], 10))
        o.step()
        s.step()
    print(type(s).__name__, r, s.get_last_lr()[0].__round__(8), s.last_epoch if hasattr(s, "last_epoch") else None)
o = mk()
s = S.ReduceLROnPlateau(o, "min", factor=0.5, patience=1)
for v in (1.0, 0.9, 0.95, 0.95, 0.95, 0.94, 0.99):
    s.step(v)
    print(o.param_groups[0]["lr"], s.num_bad_epochs, s.best)
print(s.state_dict())
o = mk()
s = S.StepLR(o, 3, 0.5)
o.step()
s.step()
d = s.state_dict()
print(d)
o2 = mk()
s2 = S.StepLR(o2, 1, 0.1)
s2.load_state_dict(d)
print(s2.last_epoch, s2.step_size, s2.get_last_lr())
print(o.param_groups[0]["initial_lr"], o.state_dict()["param_groups"])
for code in (
    "S.MultiStepLR(mk(), 3)",
    "S.OneCycleLR(mk(), 0.1)",
    "S.CosineAnnealingWarmRestarts(mk(), 0)",
    "S.LambdaLR(mk(), [lambda e: 1, lambda e: 2])",
    "S.ReduceLROnPlateau(mk(), 'm')",
    "S.StepLR(3, 1)",
    "S.ReduceLROnPlateau(mk(), factor=2)",
    "S.LinearLR(mk(), start_factor=2)",
    "S.ConstantLR(mk(), factor=2)",
):
    try:
        eval(code)
        print("fine")
    except Exception as e:
        print(type(e).__name__, e)
