import torch
from torch import nn

torch.manual_seed(7)
w = torch.empty(3, 5)
for begin in [
    nn.init.uniform_,
    nn.init.normal_,
    nn.init.xavier_uniform_,
    nn.init.xavier_normal_,
    nn.init.kaiming_uniform_,
    nn.init.kaiming_normal_,
    nn.init.orthogonal_,
    nn.init.eye_,
    nn.init.ones_,
    nn.init.zeros_,
    nn.init.trunc_normal_,
]:
    print(begin(w))
print(nn.init.constant_(w, 0.3), nn.init.calculate_gain("relu"), nn.init.calculate_gain("leaky_relu", 0.2))


def begin(module):
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        module.bias.data.fill_(0.01)


print(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)).apply(begin).state_dict())
