"""The minimum of a quadratic by gradient descent with each of the optimisers."""

import torch

for make in (
    lambda p: torch.optim.SGD(p, lr=0.1),
    lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.1, weight_decay=0.01),
    lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    lambda p: torch.optim.Adam(p, lr=0.1),
    lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.1, amsgrad=True),
    lambda p: torch.optim.AdamW(p, lr=0.1),
    lambda p: torch.optim.RMSprop(p, lr=0.05),
    lambda p: torch.optim.RMSprop(p, lr=0.05, momentum=0.5, centered=True, weight_decay=0.1),
):
    x = torch.tensor([5.0, -3.0], requires_grad=True)
    scale = torch.tensor(0.5, requires_grad=True)
    optimizer = make([x, scale])
    for _ in range(30):
        optimizer.zero_grad()
        loss = ((x - 1) ** 2).sum() + (scale - 2) ** 4
        loss.backward()
        optimizer.step()
    print(type(optimizer).__name__, loss, x, scale)
