import copy

import torch
from torch import nn

torch.manual_seed(2)
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
for p in model[0].parameters():
    p.requires_grad = False
x = torch.ones(2, 3)
model(x).sum().backward()
print([(name, p.requires_grad, p.grad is None) for name, p in model.named_parameters()])
optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=0.1)
optimizer.step()
print(model[2].bias)
twin = copy.deepcopy(model)
print(torch.equal(twin(x), model(x)), twin[0].weight is model[0].weight)
optimizer = torch.optim.SGD(
    [
        {"params": model[0].parameters(), "lr": 0.01},
        {"params": model[2].parameters()},
    ],
    lr=0.1,
    momentum=0.9,
)
print([group["lr"] for group in optimizer.param_groups], optimizer)
for kind in (torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop):
    print(kind(model[2].parameters()))
x = torch.ones(3, requires_grad=True)
accumulated = 0
for k in range(4):
    loss = (x * k).sum() / 4
    loss.backward()
    accumulated += loss.item()
print(x.grad, accumulated)
with torch.no_grad():
    y = x * 2
print(y.requires_grad, torch.is_grad_enabled())


@torch.no_grad()
def frozen(v):
    return v * 2


print(frozen(x).requires_grad, x.detach().requires_grad, (x.detach() * x).requires_grad)
