import torch
from torch import nn, optim
from torch.optim.lr_scheduler import *


def run(make, n=5):
    w = torch.tensor([1.0, -2.0], requires_grad=True)
    o = make([w])
    for _ in range(n):
        o.zero_grad()
        ((w - torch.tensor([3.0, 0.5])) ** 2).sum().backward()
        o.step()
    print(w, o)


run(lambda p: optim.SGD(p, lr=0.1))
run(lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01))
run(lambda p: optim.Adam(p, lr=0.1, amsgrad=True))
run(lambda p: optim.AdamW(p, lr=0.1))
run(lambda p: optim.RMSprop(p, lr=0.1, momentum=0.5, centered=True))
run(lambda p: optim.Adagrad(p, lr=0.5))
run(lambda p: optim.Adamax(p, lr=0.1))
run(lambda p: optim.Adadelta(p))
run(lambda p: optim.NAdam(p))
w = torch.tensor([1.0, -2.0], requires_grad=True)
o = optim.LBFGS([w], lr=1, line_search_fn="strong_wolfe")


def closure():
    o.zero_grad()
    l = (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2
    l.backward()
    return l


for _ in range(5):
    print(o.step(closure))
print(w)


def lrs(make, n=6, **kw):
    w = torch.zeros(1, requires_grad=True)
    o = optim.SGD([w], lr=1.0)
    s = make(o)
    r = []
    for _ in range(n):
        r.append(round(s.get_last_lr()[0], 6))
        o.step()
        s.step()
    print(type(s).__name__, r)


lrs(lambda o: StepLR(o, 2, 0.5))
lrs(lambda o: MultiStepLR(o, [1, 3]))
lrs(lambda o: ExponentialLR(o, 0.9))
lrs(lambda o: CosineAnnealingLR(o, 5))
lrs(lambda o: LambdaLR(o, lambda e: 1 / (e + 1)))
lrs(lambda o: LinearLR(o))
lrs(lambda o: ConstantLR(o, 0.5, 2))
lrs(lambda o: PolynomialLR(o, 4))
lrs(lambda o: CosineAnnealingWarmRestarts(o, 2))
lrs(lambda o: OneCycleLR(o, 1.0, total_steps=10))
lrs(lambda o: MultiplicativeLR(o, lambda e: 0.95))
lrs(lambda o: SequentialLR(o, [ConstantLR(o, 0.1, 2), ExponentialLR(o, 0.9)], [2]))
lrs(lambda o: ChainedScheduler([ConstantLR(o, 0.1, 2), ExponentialLR(o, 0.9)]))

w = torch.zeros(1, requires_grad=True)
o = optim.SGD([w], lr=1.0)
s = ReduceLROnPlateau(o, patience=1, factor=0.1)
for v in [1.0, 1.0, 1.0, 1.0, 0.5, 0.6]:
    s.step(v)
    print(o.param_groups[0]["lr"])

net = nn.Linear(2, 1)
o = optim.SGD([{"params": net.weight}, {"params": net.bias, "lr": 0.5}], lr=0.1, momentum=0.9)
print(o)
print(len(o.param_groups), o.param_groups[1]["lr"], list(o.state_dict()), o.state_dict()["param_groups"])
for g in o.param_groups:
    g["lr"] *= 0.1
print([g["lr"] for g in o.param_groups], o.defaults)
o.add_param_group({"params": [torch.zeros(1, requires_grad=True)]})
print(len(o.param_groups))
net(torch.ones(1, 2)).sum().backward()
print(torch.nn.utils.clip_grad_norm_(net.parameters(), 0.5), net.bias.grad)
torch.nn.utils.clip_grad_value_(net.parameters(), 0.1)
print(net.weight.grad, net.bias.grad)
o.zero_grad()
print(net.weight.grad)
o.zero_grad(set_to_none=False)
from torch.nn.utils import parameters_to_vector

print(parameters_to_vector(net.parameters()).shape)
