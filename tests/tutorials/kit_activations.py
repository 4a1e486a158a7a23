import torch
import torch.nn.functional as F
from torch import nn

x = torch.tensor([-4.0, -1.5, -0.2, 0.3, 8.0], requires_grad=True)
for f in [
    F.relu,
    F.leaky_relu,
    lambda v: F.leaky_relu(v, negative_slope=0.2),
    F.elu,
    F.selu,
    F.gelu,
    F.silu,
    F.mish,
    lambda v: F.gelu(v, approximate="tanh"),
    F.softplus,
    lambda v: F.softplus(v, beta=2),
    F.relu6,
    F.hardtanh,
    F.softsign,
    F.logsigmoid,
    torch.sigmoid,
    torch.tanh,
    lambda v: F.softmax(v, dim=0),
    lambda v: F.log_softmax(v, dim=-1),
    lambda v: F.normalize(v, dim=0),
]:
    x.grad = None
    y = f(x)
    (y * torch.arange(1.0, 6.0)).sum().backward()
    print(y, x.grad)
for module in [
    nn.LeakyReLU(0.2),
    nn.ELU(),
    nn.GELU(),
    nn.Softplus(),
    nn.Softmax(dim=0),
    nn.LogSoftmax(dim=0),
    nn.ReLU(),
    nn.Hardtanh(),
    nn.Identity(),
    nn.SiLU(),
    nn.Dropout(),
    nn.Sigmoid(),
]:
    print(module)
print(F.one_hot(torch.tensor([0, 2, 1])), F.one_hot(torch.tensor([1]), num_classes=4))
print(F.cosine_similarity(torch.tensor([[1.0, 2.0]]), torch.tensor([[2.0, 1.0]])))
