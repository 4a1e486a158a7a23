import torch
from torch import nn

x = torch.tensor([0.2, -1.5, 3.0], requires_grad=True)
target = torch.tensor([0.0, 1.0, 1.0])
for loss in [
    nn.L1Loss(),
    nn.MSELoss(reduction="sum"),
    nn.SmoothL1Loss(),
    nn.SmoothL1Loss(beta=0.3, reduction="none"),
    nn.HuberLoss(delta=0.5),
    nn.BCEWithLogitsLoss(),
    nn.BCEWithLogitsLoss(pos_weight=torch.tensor(2.0)),
]:
    x.grad = None
    value = loss(x, target)
    value.sum().backward()
    print(loss, value, x.grad)
print(nn.BCELoss()(torch.sigmoid(x), target))
scores = torch.tensor([[1.0, 2.0, 0.5], [0.1, -1.0, 2.0]], requires_grad=True)
classes = torch.tensor([2, 1])
weight = torch.tensor([1.0, 2.0, 3.0])
for options in [
    {},
    {"weight": weight},
    {"ignore_index": 1},
    {"reduction": "none"},
    {"reduction": "sum"},
    {"label_smoothing": 0.1},
    {"weight": weight, "label_smoothing": 0.2},
]:
    scores.grad = None
    value = nn.CrossEntropyLoss(**options)(scores, classes)
    value.sum().backward()
    print(value, scores.grad)
logs = nn.LogSoftmax(dim=1)(scores)
print(nn.NLLLoss(weight=weight)(logs, classes), nn.NLLLoss(reduction="none")(logs, classes))
print(nn.KLDivLoss(reduction="batchmean")(logs, torch.tensor([[0.2, 0.3, 0.5], [0.0, 1.0, 0.0]])))
