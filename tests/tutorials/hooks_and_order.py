import torch
from torch import nn

v = torch.tensor([0.0, 0.0, 0.0], requires_grad=True)
h = v.register_hook(lambda grad: grad * 2)
v.backward(torch.tensor([1.0, 2.0, 3.0]))
print(v.grad)
h.remove()
v.backward(torch.tensor([1.0, 2.0, 3.0]))
print(v.grad)

layer = nn.Linear(2, 1)
nn.init.ones_(layer.weight)
layer.register_full_backward_hook(lambda m, gi, go: print(type(m).__name__, gi, go))
layer.register_forward_pre_hook(lambda m, args: (args[0] * 3,))
layer.register_forward_hook(lambda m, args, out: out * 2)
layer(torch.ones(2, 2, requires_grad=True)).sum().backward()
print(layer.weight.grad)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.ParameterDict({"a": nn.Parameter(torch.ones(2)), "b": nn.Parameter(torch.ones(2, 3))})
        self.q = nn.ParameterList([torch.ones(2)])
        self.r = nn.ParameterDict({"z": nn.Parameter(torch.ones(()))})
        self.e = nn.ParameterDict()


print(Net(), nn.ParameterDict({"a": nn.Parameter(torch.ones(2)), "b": nn.Parameter(torch.ones(2, 3))}))
try:
    torch.autograd.functional.jacobian(lambda a: torch.ones(2), torch.ones(2), strict=True)
except RuntimeError as e:
    print(e)
