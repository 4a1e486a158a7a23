import torch

x = torch.tensor([[0, 2], [1, 1], [2, 0]]).T
print(torch.corrcoef(x))
print(torch.cov(x))
print(torch.cov(x, correction=0))
fw = torch.tensor([2, 1, 3])
aw = torch.tensor([0.3, 0.5, 0.2])
print(torch.cov(x, fweights=fw))
print(torch.cov(x, fweights=fw, aweights=aw))

d = torch.tensor([[1.0, 2.0, 4.0], [2.0, 1.0, 5.0]], requires_grad=True)
c = torch.cov(d)
print(c)
c[0, 1].backward()
print(d.grad)
print(torch.corrcoef(d))

print(torch.cov(torch.tensor([1.0, 2.0, 4.0])), torch.corrcoef(torch.tensor([1.0, 2.0, 4.0])))
print(d.cov(), d.corrcoef())

print(torch.var_mean(d, dim=1), torch.std_mean(d))
print(torch.quantile(d, 0.5), torch.quantile(d, torch.tensor([0.25, 0.75]), dim=1, keepdim=True))
print(torch.nanmean(torch.tensor([1.0, float("nan"), 3.0])), torch.nanmedian(torch.tensor([1.0, float("nan"), 3.0])))
print(torch.histc(torch.tensor([1.0, 2.0, 1.0]), bins=4, min=0, max=3))
print(torch.bincount(torch.tensor([0, 1, 1, 3])))
print(torch.unique(torch.tensor([3, 1, 2, 1])), torch.unique(torch.tensor([3, 1, 2, 1]), return_counts=True))

print(torch.mode(torch.tensor([1, 2, 2, 3])))
print(torch.kthvalue(torch.tensor([3.0, 1.0, 2.0]), 2))
print(torch.topk(torch.tensor([3.0, 1.0, 2.0]), 2))
print(torch.aminmax(torch.tensor([3.0, 1.0, 2.0])))
print(torch.logcumsumexp(torch.tensor([3.0, 1.0, 2.0]), 0))
print(torch.cummax(torch.tensor([1.0, 3.0, 2.0]), 0))
print(torch.cummin(torch.tensor([1.0, 3.0, 2.0]), 0))
print(torch.diff(torch.tensor([1.0, 3.0, 2.0])))
print(torch.trapezoid(torch.tensor([1.0, 3.0, 2.0])), torch.trapz(torch.tensor([1.0, 3.0, 2.0]), dx=0.5))
print(torch.searchsorted(torch.tensor([1.0, 3.0, 5.0]), torch.tensor([2.0, 3.0])))
print(torch.bucketize(torch.tensor([2.0, 3.0]), torch.tensor([1.0, 3.0, 5.0])))
print(torch.cdist(torch.tensor([[0.0, 0.0], [1.0, 1.0]]), torch.tensor([[3.0, 4.0]])))
print(
    torch.lerp(torch.tensor(1.0), torch.tensor(3.0), 0.25),
    torch.addcmul(torch.ones(2), torch.ones(2), torch.ones(2), value=0.5),
    torch.addcdiv(torch.ones(2), torch.ones(2), torch.full((2,), 2.0)),
)
print(torch.count_nonzero(torch.tensor([0, 1, 2])), torch.isclose(torch.tensor(1.0), torch.tensor(1.0 + 1e-9)))
print(torch.nan_to_num(torch.tensor([float("nan"), float("inf"), -1.0])))
print(torch.cartesian_prod(torch.tensor([1, 2]), torch.tensor([3, 4])))
print(torch.combinations(torch.tensor([1, 2, 3])))
print(torch.meshgrid(torch.tensor([1, 2]), torch.tensor([3, 4]), indexing="ij"))
print(torch.vander(torch.tensor([1.0, 2.0, 3.0])))
print(torch.block_diag(torch.ones(1, 2), torch.tensor([[3.0]])))
print(torch.heaviside(torch.tensor([-1.0, 0.0, 2.0]), torch.tensor([0.5])))
