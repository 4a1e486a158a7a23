"""Softmax regression from nothing and with layers."""

import torch
from torch import nn

torch.manual_seed(0)
X = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print(X.sum(0, keepdim=True), X.sum(1, keepdim=True))


def softmax(X):
    X_exp = torch.exp(X)
    partition = X_exp.sum(1, keepdims=True)
    return X_exp / partition


X = torch.normal(0, 1, (2, 5))
X_prob = softmax(X)
print(X_prob, X_prob.sum(1))
y = torch.tensor([0, 2])
y_hat = torch.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
print(y_hat[[0, 1], y])


def cross_entropy(y_hat, y):
    return -torch.log(y_hat[range(len(y_hat)), y])


print(cross_entropy(y_hat, y))


def accuracy(y_hat, y):
    if len(y_hat.shape) > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(axis=1)
    cmp = y_hat.type(y.dtype) == y
    return float(cmp.type(y.dtype).sum())


print(accuracy(y_hat, y) / len(y))


class Accumulator:
    def __init__(self, n):
        self.data = [0.0] * n

    def add(self, *args):
        self.data = [a + float(b) for a, b in zip(self.data, args)]

    def __getitem__(self, idx):
        return self.data[idx]


centers = torch.randn(4, 6) * 2
labels = torch.randint(0, 4, (80,))
feats = centers[labels] + torch.randn(80, 6)
ds = torch.utils.data.TensorDataset(feats, labels)
train_iter = torch.utils.data.DataLoader(ds, batch_size=16, shuffle=True)
W = torch.normal(0, 0.01, size=(6, 4), requires_grad=True)
b = torch.zeros(4, requires_grad=True)


def net(X):
    return softmax(torch.matmul(X.reshape((-1, W.shape[0])), W) + b)


def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


for epoch in range(3):
    metric = Accumulator(3)
    for X, y in train_iter:
        l = cross_entropy(net(X), y)
        l.sum().backward()
        sgd([W, b], 0.1, X.shape[0])
        metric.add(float(l.sum()), accuracy(net(X), y), y.numel())
    print(f"epoch {epoch + 1}, loss {metric[0] / metric[2]:.4f}, acc {metric[1] / metric[2]:.3f}")
net2 = nn.Sequential(nn.Flatten(), nn.Linear(6, 4))


def init_weights(m):
    if type(m) == nn.Linear:
        nn.init.normal_(m.weight, std=0.01)


net2.apply(init_weights)
loss = nn.CrossEntropyLoss(reduction="none")
trainer = torch.optim.SGD(net2.parameters(), lr=0.1)
for epoch in range(3):
    for X, y in train_iter:
        l = loss(net2(X), y)
        trainer.zero_grad()
        l.mean().backward()
        trainer.step()
    print(f"epoch {epoch + 1}, loss {l.mean():f}")
print(net2, net2[1].bias.data)
preds = net2(feats[:8]).argmax(1)
print(preds, labels[:8], preds == labels[:8], (preds == labels[:8]).sum().item())
print(
    nn.functional.cross_entropy(net2(feats), labels, label_smoothing=0.1),
    nn.functional.cross_entropy(net2(feats), labels, weight=torch.tensor([1.0, 2.0, 1.0, 0.5])),
    nn.functional.nll_loss(torch.log_softmax(net2(feats), 1), labels),
)
x = torch.arange(12, dtype=torch.float32)
print(x, x.numel(), x.reshape(3, 4), torch.zeros((2, 3, 4)), torch.exp(x))
Z = torch.zeros_like(x.reshape(3, 4))
Z[:] = x.reshape(3, 4) + 1
print(Z)
Z[1, 2] = 17
Z[:2, :] = 12
print(Z, Z[-1], Z[1:3])
a = torch.arange(3).reshape((3, 1))
bb = torch.arange(2).reshape((1, 2))
print(a, bb, a + bb)
A = x.numpy()
B = torch.from_numpy(A)
print(type(A), type(B))
s = torch.tensor([3.5])
print(s, s.item(), float(s), int(s))
