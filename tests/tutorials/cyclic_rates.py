import torch
from torch.optim.lr_scheduler import CyclicLR


def optimizer(kind):
    w = torch.tensor([1.0], requires_grad=True)
    if kind == "sgd":
        return torch.optim.SGD([w], lr=0.3, momentum=0.9)
    return torch.optim.Adam([w], lr=0.3) if kind == "adam" else torch.optim.Adagrad([w], lr=0.1)


for kind, options in [
    ("sgd", {}),
    ("adam", {"mode": "triangular2"}),
    ("sgd", {"mode": "exp_range", "gamma": 0.9, "step_size_down": 3}),
    ("sgd", {"cycle_momentum": False, "scale_fn": lambda cycle: 1 / cycle, "mode": "of one's own"}),
]:
    rule = optimizer(kind)
    schedule = CyclicLR(rule, 0.1, 0.5, step_size_up=2, **options)
    for _ in range(9):
        group = rule.param_groups[0]
        print(f"{group['lr']:.6f} {group['momentum'] if kind == 'sgd' else group['betas'][0]:.6f}", end="  ")
        rule.step()
        schedule.step()
    print(f"{schedule.get_last_lr()[0]:.6f}")

for make in (
    lambda: CyclicLR(optimizer("sgd"), 0.1, 0.5, mode="no"),
    lambda: CyclicLR(optimizer("adagrad"), 0.1, 0.5),
    lambda: CyclicLR(optimizer("sgd"), [0.1, 0.2], 0.5),
):
    try:
        make()
    except ValueError as error:
        print(error)
