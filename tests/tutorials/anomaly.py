import warnings

import torch

warnings.simplefilter("ignore")
try:
    with torch.autograd.detect_anomaly():
        v = torch.tensor([-1.0, 2.0], requires_grad=True)
        torch.sqrt(v).sum().backward()
except RuntimeError as e:
    print(e)
try:
    with torch.autograd.set_detect_anomaly(True):
        v = torch.tensor(0.0, requires_grad=True)
        (v.sqrt() * 0).backward()
except RuntimeError as e:
    print(e)
with torch.autograd.detect_anomaly():
    v = torch.tensor([1.0, 2.0], requires_grad=True)
    (torch.log(v) * v).sum().backward()
    print(v.grad)
