"""A trainer with early stopping, schedules and averages."""

import logging
import math
import time
from collections import defaultdict
from dataclasses import dataclass

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)


@dataclass
class Config:
    lr: float = 1e-2
    epochs: int = 4
    batch_size: int = 16
    hidden: int = 12
    clip: float = 1.0


class RegressionNet(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(3, cfg.hidden), nn.LayerNorm(cfg.hidden), nn.GELU(), nn.Linear(cfg.hidden, cfg.hidden), nn.SiLU()
        )
        self.head = nn.Linear(cfg.hidden, 1)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
                nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.head(self.body(x))


class AverageMeter:
    def __init__(self, name, fmt=":f"):
        self.name, self.fmt = name, fmt
        self.val = self.avg = self.sum = self.count = 0

    def update(self, val, n=1):
        self.val = val
        self.sum += val * n
        self.count += n
        self.avg = self.sum / self.count

    def __str__(self):
        return ("{name} {val" + self.fmt + "} ({avg" + self.fmt + "})").format(**self.__dict__)


class EarlyStopping:
    def __init__(self, patience=2, delta=0):
        self.patience, self.delta, self.best, self.counter, self.stop = patience, delta, None, 0, False

    def __call__(self, v, model):
        if self.best is None or v < self.best - self.delta:
            self.best, self.counter = v, 0
            torch.save(model.state_dict(), "best.pt")
        else:
            self.counter += 1
            print(f"EarlyStopping counter: {self.counter} out of {self.patience}")
            self.stop = self.counter >= self.patience


class Trainer:
    def __init__(self, model, cfg):
        self.model, self.cfg = model, cfg
        self.opt = optim.AdamW(model.parameters(), lr=cfg.lr)
        self.sched = optim.lr_scheduler.OneCycleLR(self.opt, max_lr=cfg.lr, epochs=cfg.epochs, steps_per_epoch=4)
        self.hist = defaultdict(list)
        self.loss = nn.HuberLoss()

    def epoch(self, loader, train=True):
        self.model.train(train)
        m = AverageMeter("Loss", ":.4e")
        with torch.set_grad_enabled(train):
            for xb, yb in loader:
                loss = self.loss(self.model(xb), yb)
                if train:
                    self.opt.zero_grad()
                    loss.backward()
                    n = nn.utils.clip_grad_norm_(self.model.parameters(), self.cfg.clip)
                    self.opt.step()
                    self.sched.step()
                    self.hist["norm"].append(round(n.item(), 6))
                m.update(round(loss.item(), 6), xb.size(0))
        return m

    def fit(self, tr, va):
        es = EarlyStopping()
        for e in range(self.cfg.epochs):
            a, b = self.epoch(tr), self.epoch(va, False)
            self.hist["tr"].append(a.avg)
            self.hist["va"].append(b.avg)
            print(f"Epoch {e}/{self.cfg.epochs - 1} | {a} | val {b.avg:.4f} | lr {self.sched.get_last_lr()[0]:.2e}")
            es(b.avg, self.model)
            if es.stop:
                break


cfg = Config()
X = torch.rand(80, 3)
y = X[:, :1] * 2 - X[:, 1:2] ** 2 + torch.sin(3 * X[:, 2:])
tr, va = random_split(TensorDataset(X, y), [64, 16], generator=torch.Generator().manual_seed(0))
t = Trainer(RegressionNet(cfg), cfg)
print(t.model, cfg)
t.fit(DataLoader(tr, cfg.batch_size, shuffle=True), DataLoader(va, 16))
print(t.hist["norm"][:3], t.model.load_state_dict(torch.load("best.pt")))


def count_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


print(f"The model has {count_parameters(t.model):,} trainable parameters")
print(t.opt)
print(t.sched.state_dict()["total_steps"], t.opt.state_dict()["param_groups"][0]["betas"])


def summary(model):
    print("-" * 40)
    for n, p in model.named_parameters():
        print(f"{n:<20}{str(tuple(p.shape)):<12}{p.numel():>6}")


summary(t.model)


def find_lr(model, loss_fn, loader, init=1e-5, final=1.0):
    num = len(loader) - 1
    mult = (final / init) ** (1 / num)
    lr = init
    opt = optim.SGD(model.parameters(), lr=lr)
    avg = 0.0
    res = []
    for b, (x, yy) in enumerate(loader, 1):
        l = loss_fn(model(x), yy)
        avg = 0.98 * avg + 0.02 * l.item()
        sm = avg / (1 - 0.98**b)
        res.append((math.log10(lr), sm))
        opt.zero_grad()
        l.backward()
        opt.step()
        lr *= mult
        opt.param_groups[0]["lr"] = lr
    return res


print([(round(a, 3), round(b, 5)) for a, b in find_lr(t.model, nn.MSELoss(), DataLoader(tr, 16, shuffle=True))])
ema = optim.swa_utils.AveragedModel(t.model, avg_fn=lambda a, m, n: 0.9 * a + 0.1 * m)
ema.update_parameters(t.model)
print(ema.n_averaged, torch.allclose(ema(X[:2]), t.model(X[:2])))
mae = nn.L1Loss()
r2 = 1 - ((t.model(X) - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()
print(mae(t.model(X), y), r2)
t.model.body[0].weight.requires_grad = False
print([n for n, p in t.model.named_parameters() if not p.requires_grad])
op = optim.SGD(filter(lambda p: p.requires_grad, t.model.parameters()), lr=0.1)
print(len(op.param_groups[0]["params"]))
t.model.head = nn.Linear(12, 5)
print(t.model.head, t.model(X[:1]).shape)
