import io
import os
import tempfile

import torch
from torch.utils.data import *


class Squares(Dataset):
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return torch.tensor([float(i)]), i**2


dl = DataLoader(Squares(5), batch_size=2)
for x, y in dl:
    print(x, y, y.dtype)
print(len(dl), len(dl.dataset), dl.batch_size)
torch.manual_seed(0)
for x, y in DataLoader(Squares(6), batch_size=4, shuffle=True):
    print(x.flatten(), y)
for x, y in DataLoader(Squares(5), batch_size=2, drop_last=True):
    print(y)
td = TensorDataset(torch.arange(6.0).view(3, 2), torch.tensor([0, 1, 0]))
print(len(td), td[1])
for b in DataLoader(td, batch_size=3, generator=torch.Generator().manual_seed(1), shuffle=True):
    print(b)
a, b = random_split(td, [2, 1], generator=torch.Generator().manual_seed(2))
print(len(a), a.indices, b[0])
print(len(Subset(td, [0, 2])), len(ConcatDataset([td, td])), len(td + td))
for b in DataLoader([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}], batch_size=2):
    print(b)
for b in DataLoader([1, 2, 3], batch_size=2, collate_fn=lambda l: l):
    print(b)
print(list(SequentialSampler(range(3))), list(BatchSampler(SequentialSampler(range(5)), 2, False)))
torch.manual_seed(3)
print(list(RandomSampler(range(5))), list(WeightedRandomSampler([0.1, 0.9], 5)))
it = iter(dl)
print(next(it))
print([len(s) for s in random_split(range(10), [0.7, 0.3])])


class It(IterableDataset):
    def __iter__(self):
        return iter(range(5))


for b in DataLoader(It(), batch_size=2):
    print(b)
print(next(iter(DataLoader(td, batch_size=2)))[0].shape, default_collate([torch.ones(1), torch.zeros(1)]))

f = io.BytesIO()
torch.save({"w": torch.ones(2, 2), "epoch": 3, "l": [1, "a", None], "t": (1.5,)}, f)
f.seek(0)
print(torch.load(f))
m = torch.nn.Linear(2, 1)
d = tempfile.mkdtemp()
p = os.path.join(d, "m.pt")
torch.save(m.state_dict(), p)
n = torch.nn.Linear(2, 1)
n.load_state_dict(torch.load(p, weights_only=True))
print(torch.equal(m.weight, n.weight))
o = torch.optim.Adam(m.parameters())
m(torch.ones(1, 2)).sum().backward()
o.step()
torch.save({"model": m.state_dict(), "opt": o.state_dict()}, p)
c = torch.load(p)
print(list(c), list(c["opt"]["state"]), c["opt"]["state"][0]["step"])
x = torch.ones(2, requires_grad=True)
torch.save(x, p)
print(torch.load(p))
