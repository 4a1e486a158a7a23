import torch

w = torch.arange(4.0).reshape(2, 2).requires_grad_()
d = w[0]
print(d._base is w, d._base is w._base, w._is_view(), w.is_leaf)
for f in (
    lambda: d.zero_(),
    lambda: w.zero_(),
    lambda: w.t().mul_(2),
    lambda: w[0].add_(1),
    lambda: w.__setitem__(0, 5.0),
):
    try:
        f()
        print("fine", w)
    except RuntimeError as e:
        print(str(e)[:60])
with torch.no_grad():
    w[0] += 1
    w.t().mul_(2)
print(w)
