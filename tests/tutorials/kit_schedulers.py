import torch
from torch.optim import lr_scheduler as s

makers = [
    lambda o: s.StepLR(o, 2, 0.5),
    lambda o: s.ExponentialLR(o, 0.9),
    lambda o: s.CosineAnnealingLR(o, 4),
    lambda o: s.LambdaLR(o, lambda epoch: 0.95**epoch),
    lambda o: s.MultiStepLR(o, [2, 4], 0.1),
    lambda o: s.LinearLR(o),
    lambda o: s.ConstantLR(o, total_iters=3),
    lambda o: s.PolynomialLR(o, 4, 2.0),
    lambda o: s.CosineAnnealingWarmRestarts(o, 2, 2),
    lambda o: s.OneCycleLR(o, 0.1, total_steps=10),
    lambda o: s.MultiplicativeLR(o, lambda epoch: 0.9),
    lambda o: s.SequentialLR(o, [s.ConstantLR(o, 0.1, 3), s.ExponentialLR(o, 0.9)], [3]),
    lambda o: s.ReduceLROnPlateau(o, patience=1, factor=0.5, threshold=0.5),
]
for make in makers:
    x = torch.tensor([1.0], requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=0.01, momentum=0.9)
    scheduler = make(optimizer)
    rates = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = (x**2).sum()
        loss.backward()
        optimizer.step()
        if isinstance(scheduler, s.ReduceLROnPlateau):
            scheduler.step(loss)
        else:
            scheduler.step()
        rates.append(round(optimizer.param_groups[0]["lr"], 10))
    print(type(scheduler).__name__, rates, scheduler.last_epoch)
    print(x)
