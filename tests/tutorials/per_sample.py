"""Gradients per sample, and an ensemble of models as one."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.func import functional_call, grad, stack_module_state, vmap


class Simple(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(3, 4)
        self.fc2 = nn.Linear(4, 2)

    def forward(self, x):
        return F.log_softmax(self.fc2(F.relu(self.fc1(x))), dim=1)


def fill(m, k=0.0):
    with torch.no_grad():
        for i, p in enumerate(m.parameters()):
            p.copy_(torch.linspace(-1, 1, p.numel()).reshape(p.shape) * (0.5 + k) + 0.1 * i)


model = Simple()
fill(model)
data = torch.linspace(-2, 2, 12).reshape(4, 3)
targets = torch.tensor([0, 1, 1, 0])


def loss_fn(p, t):
    return F.nll_loss(p, t)


def compute_grad(sample, target):
    sample = sample.unsqueeze(0)
    target = target.unsqueeze(0)
    return torch.autograd.grad(loss_fn(model(sample), target), list(model.parameters()))


sample_grads = [torch.stack(s) for s in zip(*[compute_grad(data[i], targets[i]) for i in range(4)])]
params = {k: v.detach() for k, v in model.named_parameters()}
buffers = {k: v.detach() for k, v in model.named_buffers()}


def compute_loss(params, buffers, sample, target):
    predictions = functional_call(model, (params, buffers), (sample.unsqueeze(0),))
    return loss_fn(predictions, target.unsqueeze(0))


ft = vmap(grad(compute_loss), in_dims=(None, None, 0, 0))(params, buffers, data, targets)
for a, b in zip(sample_grads, ft.values()):
    print(a.shape, torch.allclose(a, b, atol=1e-12))
print(ft["fc2.bias"])
models = [Simple() for _ in range(3)]
for i, m in enumerate(models):
    fill(m, 0.1 * i)
ps, bs = stack_module_state(models)
print({k: tuple(v.shape) for k, v in ps.items()}, bs)
import copy

base_model = copy.deepcopy(models[0]).to("meta") if False else models[0]


def fmodel(params, buffers, x):
    return functional_call(base_model, (params, buffers), (x,))


pred = vmap(fmodel, in_dims=(0, 0, None))(ps, bs, data)
print(pred.shape)
print(torch.allclose(pred, torch.stack([m(data) for m in models])))
print(pred[2])
out = vmap(fmodel, in_dims=(0, 0, 0))(ps, bs, torch.stack([data, data + 1, data + 2]))
print(out.shape, out[1, 0])
print(
    vmap(torch.dot)(torch.ones(2, 3), torch.arange(6.0).reshape(2, 3)),
    vmap(lambda x, y: x * y, in_dims=(0, None), out_dims=1)(torch.arange(3.0), torch.arange(2.0)),
)
print(vmap(lambda x: x.sum(), chunk_size=2)(torch.arange(8.0).reshape(4, 2)))
