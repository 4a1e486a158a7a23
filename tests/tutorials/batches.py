"""Data sets, loaders, samplers and splits."""

import numpy as np
import torch
from torch.utils.data import (
    BatchSampler,
    ConcatDataset,
    DataLoader,
    Dataset,
    RandomSampler,
    SequentialSampler,
    Subset,
    TensorDataset,
    WeightedRandomSampler,
    random_split,
)

torch.manual_seed(0)


class Squares(Dataset):
    def __init__(self, n, transform=None):
        self.n, self.transform = n, transform

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError
        s = {"x": torch.tensor(float(i)), "y": i**2, "name": f"s{i}", "a": np.array([i, i + 1]), "t": (i, float(i))}
        return self.transform(s) if self.transform else s


ds = Squares(7)
print(len(ds), ds[3])
for b in DataLoader(ds, batch_size=3):
    print(b)
print(next(iter(DataLoader(ds, batch_size=4, shuffle=True))))


class Scale:
    def __init__(self, k):
        self.k = k

    def __call__(self, s):
        return {**s, "x": s["x"] * self.k}


class Compose:
    def __init__(self, ts):
        self.ts = ts

    def __call__(self, s):
        for t in self.ts:
            s = t(s)
        return s


print(Squares(3, Compose([Scale(2), Scale(0.5), Scale(10)]))[2]["x"])
X = torch.arange(20).view(10, 2)
y = torch.arange(10) % 2
td = TensorDataset(X, y)
print(td[0], td[2:4], len(td))
g = torch.Generator().manual_seed(42)
tr, va, te = random_split(td, [6, 2, 2], generator=g)
print(tr.indices, va.indices, len(te), va[0])
print([len(s) for s in random_split(range(11), [0.5, 0.3, 0.2], generator=torch.Generator().manual_seed(1))])
dl = DataLoader(td, batch_size=4, shuffle=True, drop_last=True, generator=torch.Generator().manual_seed(3))
for epoch in range(2):
    for i, (xb, yb) in enumerate(dl):
        print(epoch, i, xb.tolist(), yb)
print(len(dl), len(DataLoader(td, batch_size=4)), dl.batch_size, type(dl.sampler).__name__, dl.dataset is td)
weights = torch.tensor([1.0, 5.0])[y]
s = WeightedRandomSampler(weights, num_samples=10, replacement=True)
print(list(s), len(s))
print(
    list(BatchSampler(SequentialSampler(range(10)), batch_size=3, drop_last=False)),
    list(BatchSampler(RandomSampler(range(5)), 2, True)),
)


def collate(batch):
    xs, ys = zip(*batch)
    return torch.stack(xs).sum(0), torch.tensor(ys)


print(list(DataLoader(td, batch_size=5, collate_fn=collate)))
seqs = [torch.tensor([1, 2, 3]), torch.tensor([4]), torch.tensor([5, 6])]
print(torch.nn.utils.rnn.pad_sequence(seqs, batch_first=True), torch.nn.utils.rnn.pad_sequence(seqs, padding_value=-1))
print(
    list(DataLoader(ConcatDataset([td, td]), batch_size=15))[1][1],
    list(DataLoader(Subset(td, [1, 3, 5]), batch_size=2))[0],
)
it = iter(DataLoader(td, batch_size=5, sampler=torch.utils.data.SubsetRandomSampler(range(4, 9)), num_workers=0))
print(next(it))
try:
    next(it)
except StopIteration:
    print("done")
print(list(DataLoader([1, 2, 3], batch_size=None)), list(DataLoader(["a", "b", "c"], batch_size=2)))


class Stream(torch.utils.data.IterableDataset):
    def __init__(self, a, b):
        self.a, self.b = a, b

    def __iter__(self):
        return iter(range(self.a, self.b))


print(list(DataLoader(Stream(3, 8), batch_size=2)))
try:
    next(iter(DataLoader(seqs, batch_size=2)))
except RuntimeError as e:
    print(e)
try:
    DataLoader(td, batch_size=0)
except ValueError as e:
    print(e)
try:
    TensorDataset(torch.zeros(2), torch.zeros(3))
except AssertionError as e:
    print(e)
feats, labels = next(iter(DataLoader(td, batch_size=10)))
print(f"Feature batch shape: {feats.size()} Labels batch shape: {labels.size()}", feats.float().mean(), feats.dtype)
