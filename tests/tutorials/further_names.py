"""Distances, powers of two, places, comparisons in place, storages and settings."""

import torch
import torch.nn.functional as F

a = torch.tensor([[1.0, 2.0], [3.0, 5.0], [0.0, 1.0]])
print(
    torch.ldexp(torch.tensor([1.0, 2.0]), torch.tensor([3, 4])),
    torch.ldexp(torch.tensor(3), torch.tensor(2)),
    a.ldexp(torch.tensor(2)),
)
x = a.clone().requires_grad_()
y = torch.pdist(x)
print(y)
y.sum().backward()
print(x.grad, F.pdist(a, p=1), torch.pdist(a, 3.0))
print(
    torch.unravel_index(torch.tensor([1, 4]), (2, 3)),
    torch.logaddexp2(a, a),
    torch.rsub(a, 1),
    torch.positive(a),
    a.renorm(2, 0, 1.0),
)
b = torch.zeros(2, 3)
print(b.eq_(0), b.lt_(1), b.ge_(3), b.logical_or_(torch.ones(2, 3)))
print(
    b.storage().size(),
    b.untyped_storage().nbytes(),
    b.untyped_storage().data_ptr() == b.data_ptr(),
    b[1].untyped_storage().data_ptr() == b.untyped_storage().data_ptr(),
    b[1].storage_offset(),
)
print(
    torch.tensor([1.0, 2.0]).storage().tolist(),
    torch.arange(4).resize_(2, 2),
    torch.arange(2).resize_(3).shape,
    a.new([1, 2]),
    a.new(2, 2).shape,
    a.new_zeros(2),
)
print(torch.tensor([1.0, 4.0]).apply_(lambda v: v + 1), torch.ones(2).map_(torch.ones(2), lambda p, q: p + q))
for n in ("exponential_", "log_normal_", "cauchy_"):
    print(getattr(torch.empty(3), n)().shape)
print(torch.empty(3).geometric_(0.5).min() >= 1, torch.empty(1000).exponential_(2.0).mean() < 1)
torch.set_num_threads(2)
print(torch.get_num_threads())
torch.set_default_device("cpu")
print(torch.get_default_device())
torch.use_deterministic_algorithms(True)
print(torch.are_deterministic_algorithms_enabled())
torch.use_deterministic_algorithms(False)
print(
    a.layout,
    a.is_meta,
    a.is_cuda,
    a.output_nr,
    a.name,
    torch.strided,
    type(a),
    type(torch.nn.Parameter(a)),
    type(a) == torch.Tensor,
    isinstance(a, torch.Tensor),
    torch.Tensor,
)
print(
    torch.unique(a, dim=0),
    torch.dsplit(torch.ones(1, 1, 4), 2)[0].shape,
    a.swapaxes_(0, 1).shape,
    a.hypot_(torch.tensor(1.0)),
    a.clamp_min_(2.0),
    a.atan2_(a),
    a.remainder_(0.3),
)
print(torch.ones(3)[range(2)], a[range(2), [0, 1]])
