"""Every normalisation, activation and loss on one small table."""

import torch
import torch.nn.functional as F
from torch import nn

x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 0.0, -1.0], [0.5, 0.5, 2.0]], requires_grad=True)
bn = nn.BatchNorm1d(3)
y = bn(x)
print(y)
y.pow(2).sum().backward()
print(x.grad, bn.running_mean, bn.running_var, bn.num_batches_tracked)
bn.eval()
print(bn(x))
print(bn.state_dict().keys())
for m in (
    nn.LayerNorm(3),
    nn.LayerNorm([3, 3]),
    nn.LayerNorm(3, elementwise_affine=False),
    nn.GroupNorm(1, 3),
    nn.RMSNorm(3),
    nn.LayerNorm(3, bias=False),
):
    print(m, m(x), [tuple(p.shape) for p in m.parameters()])
print(F.normalize(x, dim=1), F.layer_norm(x, (3,)), F.batch_norm(x, None, None, training=True), F.rms_norm(x, (3,)))
d = nn.Dropout(0.5)
torch.manual_seed(0)
print(d(torch.ones(8)))
d.eval()
print(d(torch.ones(3)))
print(F.dropout(torch.ones(4), 0.3, training=False))
print(
    nn.CosineSimilarity(dim=1)(x, x + 1),
    nn.PairwiseDistance()(x, x + 1),
    nn.Bilinear(2, 3, 4),
    nn.Identity()(x) is x,
    nn.Flatten()(torch.ones(2, 3, 4)).shape,
    nn.Unflatten(1, (2, 2))(torch.ones(1, 4)).shape,
)
for a in (
    nn.ReLU(),
    nn.LeakyReLU(0.2),
    nn.ELU(),
    nn.SELU(),
    nn.GELU(),
    nn.GELU("tanh"),
    nn.SiLU(),
    nn.Mish(),
    nn.Softplus(),
    nn.Softsign(),
    nn.Tanh(),
    nn.Sigmoid(),
    nn.Hardtanh(),
    nn.Hardswish(),
    nn.Hardsigmoid(),
    nn.LogSigmoid(),
    nn.Softshrink(),
    nn.Tanhshrink(),
    nn.Threshold(0.1, 20),
    nn.PReLU(),
    nn.CELU(),
    nn.ReLU6(),
    nn.Softmin(dim=1),
    nn.LogSoftmax(dim=1),
    nn.GLU(dim=0) if False else nn.Hardshrink(),
):
    x.grad = None
    o = a(x)
    o.sum().backward()
    print(a, o[0], x.grad[1])
for l in (
    nn.L1Loss(),
    nn.MSELoss(reduction="none"),
    nn.SmoothL1Loss(beta=0.5),
    nn.HuberLoss(delta=0.5),
    nn.PoissonNLLLoss(),
    nn.KLDivLoss(reduction="batchmean"),
    nn.SoftMarginLoss(),
    nn.MultiLabelSoftMarginLoss() if True else nn.L1Loss(),
    nn.BCEWithLogitsLoss(),
):
    print(l, l(x.detach(), torch.ones(3, 3) * 0.5))
t = torch.tensor([2, 0, 1])
print(
    nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0]), label_smoothing=0.1)(x, t),
    nn.NLLLoss()(F.log_softmax(x, 1), t),
    nn.MultiMarginLoss()(x, t),
    nn.TripletMarginLoss()(x, x + 1, x - 1),
    nn.MarginRankingLoss(0.5)(x[0], x[1], torch.ones(3)),
    nn.HingeEmbeddingLoss()(x, torch.ones(3, 3)),
    nn.CosineEmbeddingLoss()(x, x + 1, torch.ones(3)),
    nn.GaussianNLLLoss()(x, x + 1, torch.ones(3, 3)),
)
