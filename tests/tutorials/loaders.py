"""Every sampler, splits, streams and what a loader collates."""

import torch
from torch.utils.data import (
    BatchSampler,
    ConcatDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    SequentialSampler,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    default_collate,
    random_split,
)

g = torch.Generator().manual_seed(42)
ds = TensorDataset(torch.arange(10.0).reshape(10, 1), torch.arange(10))
a, b = random_split(ds, [7, 3], generator=g)
print(len(a), len(b), a.indices, b[0])
print([len(s) for s in random_split(range(10), [0.3, 0.3, 0.4], generator=torch.Generator().manual_seed(1))])
for x, y in DataLoader(ds, batch_size=4):
    print(x.shape, y)
torch.manual_seed(0)
print([y.tolist() for _, y in DataLoader(ds, batch_size=3, shuffle=True, drop_last=True)])
print([y.tolist() for _, y in DataLoader(ds, batch_size=5, shuffle=True, generator=torch.Generator().manual_seed(7))])


class Dicts(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, i):
        return {"x": torch.tensor([i, i + 1.0]), "name": f"n{i}", "pair": (i, float(i))}


print(next(iter(DataLoader(Dicts(), batch_size=2))))


def pad(batch):
    n = max(len(s) for s in batch)
    return torch.stack([torch.cat([s, torch.zeros(n - len(s))]) for s in batch])


print(next(iter(DataLoader([torch.ones(1), torch.ones(3), torch.ones(2)], batch_size=3, collate_fn=pad))))


class Stream(IterableDataset):
    def __iter__(self):
        return iter(range(5))


print([b.tolist() for b in DataLoader(Stream(), batch_size=2)])
print(
    list(BatchSampler(SequentialSampler(range(7)), 3, False)),
    list(SubsetRandomSampler([1, 2, 3], generator=torch.Generator().manual_seed(1))),
    len(list(WeightedRandomSampler([0.1, 0.9], 5, generator=torch.Generator().manual_seed(1)))),
)
print(len(ConcatDataset([ds, ds])), ConcatDataset([ds, ds])[12], len(ds + ds), Subset(ds, [2, 5])[1])
print(
    default_collate([(torch.ones(2), 1), (torch.zeros(2), 2)]),
    default_collate([1.5, 2.5]),
    default_collate(["a", "b"]),
    default_collate([[1, 2], [3, 4]]),
)
dl = DataLoader(ds, batch_size=4, num_workers=0, pin_memory=False, persistent_workers=False)
print(len(dl), dl.batch_size, dl.dataset is ds, dl.drop_last, type(dl.sampler).__name__)
it = iter(dl)
print(next(it)[1], next(it)[1], next(it)[1])
try:
    next(it)
except StopIteration:
    print("end")
try:
    DataLoader(ds, shuffle=True, sampler=SequentialSampler(ds))
except ValueError as e:
    print(e)
for i, (x, y) in enumerate(dl, 1):
    pass
print(i, x.mean(), y.float().mean())
w = torch.Generator()
w.manual_seed(3)
s = w.get_state()
u = torch.rand(2, generator=w)
w.set_state(s)
print(torch.equal(u, torch.rand(2, generator=w)), w.initial_seed(), torch.initial_seed() == 0)
