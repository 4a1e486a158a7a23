import torch
import torch.nn.functional as F


def show(x):
    print((x.detach() * 1e6).round() / 1e6 + 0.0)


nn = torch.nn
for m in (
    nn.GroupNorm(2, 4),
    nn.GroupNorm(3, 6, affine=False),
    nn.RMSNorm(5),
    nn.RMSNorm((2, 5), eps=0.1),
    nn.CosineSimilarity(),
    nn.PairwiseDistance(),
):
    print(m)
z = (torch.arange(24.0).reshape(2, 4, 3) / 5).sin().requires_grad_()
for m in (nn.GroupNorm(2, 4), nn.RMSNorm(3), nn.RMSNorm((4, 3), eps=0.1), nn.GroupNorm(1, 4, bias=False)):
    out = m(z)
    w = torch.linspace(-1, 1, 24).reshape(2, 4, 3)
    (g,) = torch.autograd.grad((out * w).sum(), z, create_graph=True)
    show(out.sum())
    show(g)
    show(torch.autograd.grad((g * w).sum(), z)[0])
    print([n for n, _ in m.named_parameters()], out.grad_fn.name())
p, q = z[0], z[1].detach() + 0.5
print(nn.CosineSimilarity(dim=0)(p, q), nn.PairwiseDistance(p=1)(p, q), nn.PairwiseDistance(keepdim=True)(p, q))
target = torch.tensor([1.0, -1.0, 1.0, -1.0])
anchor = z[0] * 2
for loss, args in (
    (nn.CosineEmbeddingLoss(margin=0.2), (p, q, target)),
    (nn.MarginRankingLoss(0.5), (p[:, 0], q[:, 0], target)),
    (nn.HingeEmbeddingLoss(), (p[:, 1], target)),
    (nn.TripletMarginLoss(0.5, swap=True), (anchor, p, q)),
    (nn.SoftMarginLoss(), (p[:, 2], target)),
    (nn.PoissonNLLLoss(full=True), (p, q.abs() * 3)),
    (nn.GaussianNLLLoss(full=True, reduction="sum"), (p, q, q.abs() + 0.1)),
):
    value = loss(*args)
    print(loss)
    show(value)
    show(torch.autograd.grad(value, z)[0][0])
try:
    nn.GroupNorm(3, 4)
except ValueError as e:
    print(e)
for kind, options in (
    (torch.optim.RAdam, {}),
    (torch.optim.RAdam, {"lr": 0.1, "weight_decay": 0.1, "betas": (0.8, 0.9)}),
    (torch.optim.RAdam, {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    (torch.optim.ASGD, {}),
    (torch.optim.ASGD, {"lr": 0.1, "lambd": 0.1, "alpha": 0.5, "t0": 3, "weight_decay": 0.01}),
):
    v = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
    o = kind([v], **options)
    for _ in range(12):
        o.zero_grad()
        (v**4 / 4 + v.sin()).sum().backward()
        o.step()
    print(v.detach())
print(o, sorted(o.state_dict()["state"][0]))
print(o.state_dict()["state"][0]["ax"])
torch.manual_seed(0)
h = F.gumbel_softmax(z.reshape(8, 3), tau=0.5, hard=True)
print(h.sum(1), h.requires_grad, ((h == 0) | ((h - 1).abs() < 1e-12)).all())
