"""What is not recorded: detach, no_grad, their kin."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * 2
z = y.detach()
print(y, z, z.requires_grad)
(y * z).sum().backward()
print(x.grad)

with torch.no_grad():
    w = x * 2
print(w, w.requires_grad, torch.is_grad_enabled())


@torch.no_grad()
def double(v):
    return v * 2


print(double(x))
with torch.no_grad(), torch.enable_grad():
    print(x * 2)
with torch.set_grad_enabled(False):
    print(x * 2)
with torch.inference_mode():
    v = x * 2
print(v.requires_grad)
try:
    v * x
except RuntimeError as error:
    print(str(error)[:47])
x.data[0] = 10.0
print(x)
x.requires_grad_(False)
print(x * 2)
