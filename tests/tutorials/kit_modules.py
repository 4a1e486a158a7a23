import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.factor = nn.Parameter(torch.full((size,), 2.0))
        self.register_buffer("calls", torch.tensor(0.0))
        self.register_buffer("scratch", torch.zeros(1), persistent=False)
        self.layers = nn.ModuleList([nn.Linear(size, size) for _ in range(3)])
        self.heads = nn.ModuleDict({"up": nn.Linear(size, 1), "down": nn.Tanh()})

    def forward(self, x):
        self.calls += 1
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return self.heads["up"](x * self.factor)


torch.manual_seed(1)
model = Scale(2)
print(model)
print(model(torch.ones(1, 2)))
print(list(model.state_dict()))
print([name for name, _ in model.named_parameters()], [name for name, _ in model.named_buffers()])
print(model.calls, sum(p.numel() for p in model.parameters()))
other = Scale(2)
print(other.load_state_dict(model.state_dict()))
print(torch.equal(other(torch.ones(1, 2)), model(torch.ones(1, 2))))
try:
    model.load_state_dict({"factor": torch.ones(3)})
except RuntimeError as error:
    print(error)
print(model.load_state_dict({"factor": torch.ones(2), "x": torch.ones(1)}, strict=False))
seen = []
handle = model.layers[0].register_forward_hook(lambda module, args, out: seen.append(out.shape))
before = model.layers[1].register_forward_pre_hook(lambda module, args: (args[0] * 0,))
print(model(torch.ones(1, 2)), seen)
handle.remove()
before.remove()
model(torch.ones(1, 2))
print(len(seen))
layer = nn.Linear(2, 1, bias=False)
with torch.no_grad():
    layer.weight.copy_(torch.tensor([[1.0, -2.0]]))
layer.register_full_backward_hook(lambda module, to_input, to_output: print(to_input, to_output))
(layer(torch.ones(1, 2, requires_grad=True)) ** 2).sum().backward()
print([type(m).__name__ for m in model.children()], model.layers[1:], len(model.layers))
try:
    layer.weight = torch.ones(2)
except TypeError as error:
    print(error)
