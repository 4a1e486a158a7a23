import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(4, 3, requires_grad=True)
t = torch.tensor([0, 2, 1, 1])
y = torch.rand(4, 3)


def show(l):
    x.grad = None
    print(l)
    l.sum().backward()
    print(x.grad)


show(F.cross_entropy(x, t))
show(F.cross_entropy(x, t, label_smoothing=0.1))
show(F.cross_entropy(x, t, weight=torch.tensor([1.0, 2.0, 3.0]), reduction="sum"))
show(F.cross_entropy(x, t, ignore_index=1))
show(F.cross_entropy(x, F.softmax(y, 1)))
show(F.nll_loss(F.log_softmax(x, 1), t, reduction="none"))
show(F.mse_loss(x, y))
show(F.l1_loss(x, y))
show(F.smooth_l1_loss(x, y, beta=0.5))
show(F.huber_loss(x, y, delta=0.5))
show(F.binary_cross_entropy(torch.sigmoid(x), y))
show(F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.tensor([1.0, 2.0, 3.0])))
show(F.kl_div(F.log_softmax(x, 1), F.softmax(y, 1), reduction="batchmean"))
show(nn.CrossEntropyLoss()(x, t))
show(nn.NLLLoss()(F.log_softmax(x, dim=1), t))
show(nn.BCEWithLogitsLoss(reduction="sum")(x, y))
show(nn.KLDivLoss(reduction="sum", log_target=True)(F.log_softmax(x, 1), F.log_softmax(y, 1)))

show(F.margin_ranking_loss(x[:, 0], x[:, 1], torch.tensor([1.0, -1.0, 1.0, 1.0])))
show(F.hinge_embedding_loss(x, torch.sign(y - 0.5)))
show(F.cosine_embedding_loss(x, y, torch.tensor([1.0, -1.0, 1.0, 1.0])))
show(F.triplet_margin_loss(x, y, y.flip(0)))
show(F.poisson_nll_loss(x, y))
show(F.gaussian_nll_loss(x, y, torch.ones(4, 3)))
show(F.soft_margin_loss(x, torch.sign(y - 0.5)))

print(F.cosine_similarity(x, y), F.pairwise_distance(x, y))
print(
    F.layer_norm(x, (3,)),
    F.embedding(t, torch.arange(9.0).view(3, 3)),
    F.one_hot(t),
    F.dropout(x, 0.5, training=False) is x,
)
print(F.linear(x, torch.ones(2, 3), torch.ones(2)))
print(F.batch_norm(x, None, None, training=True))

nn.init.uniform_(torch.empty(2, 3)).shape
torch.manual_seed(5)
w = torch.empty(3, 4)
for f in (
    nn.init.uniform_,
    nn.init.normal_,
    nn.init.xavier_uniform_,
    nn.init.xavier_normal_,
    nn.init.kaiming_uniform_,
    nn.init.kaiming_normal_,
    nn.init.zeros_,
    nn.init.ones_,
    nn.init.eye_,
    nn.init.orthogonal_,
    nn.init.trunc_normal_,
):
    print(f.__name__, f(w))
print(nn.init.constant_(w, 3), nn.init.calculate_gain("relu"))
