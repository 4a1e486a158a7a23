"""What older programs and longer tutorials call: padded sequences, norms by hooks, segments, reductions into places."""

import torch
from torch import nn
from torch.func import vmap
from torch.utils.checkpoint import checkpoint_sequential

rows = [torch.tensor([1, 2, 3]), torch.tensor([4]), torch.tensor([5, 6])]
print(nn.utils.rnn.pad_sequence(rows, batch_first=True), nn.utils.rnn.pad_sequence(rows, padding_value=-1))
padded = nn.utils.rnn.pad_sequence(rows, True, padding_side="left")
print(padded, nn.utils.rnn.unpad_sequence(nn.utils.rnn.pad_sequence(rows, True), torch.tensor([3, 1, 2]), True))
torch.manual_seed(0)
layer = nn.utils.weight_norm(nn.Linear(3, 2))
print(layer, [n for n, _ in layer.named_parameters()], layer.weight_g, layer.weight)
layer(torch.ones(1, 3)).sum().backward()
print(layer.weight_g.grad, layer.weight_v.grad)
nn.utils.remove_weight_norm(layer)
print([n for n, _ in layer.named_parameters()], layer.weight)
layer = nn.utils.spectral_norm(nn.Linear(3, 2))
print([n for n, _ in layer.named_parameters()], [n for n, _ in layer.named_buffers()], layer(torch.ones(1, 3)))
for _ in range(20):
    layer(torch.ones(1, 3))
print(torch.linalg.svdvals(layer.eval().weight)[0], layer.weight_u)
nn.utils.remove_spectral_norm(layer)
print([n for n, _ in layer.named_parameters()], [n for n, _ in layer.named_buffers()])
for undo in (nn.utils.remove_weight_norm, nn.utils.remove_spectral_norm):
    try:
        undo(layer)
    except ValueError as error:
        print(error)
x = torch.linspace(-1, 1, 8).reshape(2, 4).requires_grad_()
model = nn.Sequential(*[nn.Sequential(nn.Linear(4, 4), nn.Tanh()) for _ in range(5)])
checkpoint_sequential(model, 2, x, use_reentrant=False).sum().backward()
print(x.grad, model[0][0].bias.grad)
places = torch.tensor([0, 1, 0, 2])
source = torch.tensor([2.0, 3.0, 4.0, 5.0], requires_grad=True)
start = torch.tensor([1.0, 2.0, 0.5], requires_grad=True)
for how in ("sum", "prod", "mean", "amax", "amin"):
    found = start.scatter_reduce(0, places, source, how)
    print(found, torch.autograd.grad(found.sum(), (start, source)))
print(torch.zeros(3).scatter_reduce(0, places, source.detach(), "prod", include_self=False))
print(nn.MultiLabelMarginLoss()(torch.tensor([[0.1, 0.2, 0.4, 0.8]]), torch.tensor([[3, 0, -1, 1]])))
u, s, v = torch.svd(torch.tensor([[3.0, 0.0], [4.0, 5.0]]))
print(s, (u @ torch.diag(s) @ v.T).round(decimals=4))
print(vmap(lambda d: d["a"] + d["b"], in_dims=({"a": 0, "b": None},))({"a": torch.arange(3), "b": torch.tensor(1)}))
print(vmap(lambda t: t + torch.rand(1), randomness="same")(torch.zeros(3)).unique().numel())
print(torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled())
torch.set_anomaly_enabled(True)
print(torch.is_anomaly_enabled())
torch.set_anomaly_enabled(False)
# the order in which gradients arrive, and what the hooks of the values that are kept see
seen = []
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
for name, p in net.named_parameters():
    p.register_post_accumulate_grad_hook(lambda p, name=name: seen.append(name))
net(torch.ones(1, 2)).sum().backward()
print(seen)
t = torch.tensor([1.0, 2.0], requires_grad=True)
t.register_hook(lambda g: print("gradient", g))
print(torch.autograd.grad([t.sum(), (t**2).sum()], [t]))
torch.autograd.backward([t.sum(), (t * 3).sum()])
packed = []
with torch.autograd.graph.saved_tensors_hooks(lambda v: packed.append(v.shape) or v, lambda v: v):
    (t.exp() * 2).sum().backward()
print(packed, (t * 2).sum().grad_fn.metadata)
y = t.sin().prod()
(g,) = torch.autograd.grad(y, t, create_graph=True)
w = torch.ones(2, 2, requires_grad=True)
(h,) = torch.autograd.grad(((w @ w).tanh()).sum(), w, create_graph=True)
print(g, h.grad_fn.name(), torch.autograd.grad(h.sum(), w))
for f in (lambda b: b.mul_(2), lambda b: b.exp_()):
    b = t * 2
    c = b**2
    f(b)
    try:
        c.sum().backward()
    except RuntimeError as error:
        print(str(error).split(";")[0])
