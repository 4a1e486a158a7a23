import torch

torch.manual_seed(4)
X = torch.cat(
    [
        torch.randn(10, 2) * 0.3 + torch.tensor([2.0, 2.0]),
        torch.randn(10, 2) * 0.3 - 1,
        torch.randn(10, 2) * 0.3 + torch.tensor([-2.0, 2.0]),
    ]
)
centers = X[torch.randperm(len(X))[:3]].clone()
for it in range(6):
    d = torch.cdist(X, centers)
    assign = d.argmin(dim=1)
    new = torch.stack([X[assign == k].mean(dim=0) if (assign == k).any() else centers[k] for k in range(3)])
    shift = (new - centers).norm()
    centers = new
    print(it, f"{shift:.4f}", torch.bincount(assign, minlength=3).tolist())
    if shift < 1e-6:
        break
print(centers)
Xc = X - X.mean(0)
U, S, Vh = torch.linalg.svd(Xc, full_matrices=False)
print(S, (S**2 / (S**2).sum()))
print((Xc @ Vh.T)[:2].abs())
C = torch.cov(X.T)
print(C, torch.linalg.eigvalsh(C), torch.corrcoef(X.T))
order = torch.argsort(X[:, 0])
print(
    X[order][:2],
    torch.quantile(X, torch.tensor([0.1, 0.9]), dim=0),
    torch.median(X, dim=0).values,
    torch.mode(assign).values,
)
hist = torch.histc(X, bins=5)
print(hist, X.std(0), X.var(0, unbiased=False), torch.topk(X[:, 1], 2).indices)
onehot = torch.nn.functional.one_hot(assign, 3)
print(onehot.sum(0), (onehot.T.double() @ X) / onehot.sum(0)[:, None])
ids, counts = torch.unique(assign, return_counts=True)
print(ids, counts, torch.where(assign == 1)[0], torch.nonzero(assign == 2).squeeze())
conf = torch.zeros(3, 3, dtype=torch.int64)
truth = torch.arange(3).repeat_interleave(10)
conf.index_put_((truth, assign), torch.tensor(1), accumulate=True)
print(conf, (conf.amax(1).sum() / conf.sum()).item())
