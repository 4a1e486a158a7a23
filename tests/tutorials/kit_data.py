import torch
from torch.utils.data import BatchSampler, DataLoader, Dataset, SequentialSampler, Subset, TensorDataset, random_split


class Squares(Dataset):
    def __len__(self):
        return 6

    def __getitem__(self, k):
        return {"x": torch.tensor(float(k)), "y": k * k, "name": f"n{k}"}


data = TensorDataset(torch.arange(10.0).reshape(5, 2), torch.arange(5))
print(len(data), data[1])
torch.manual_seed(3)
for epoch in range(2):
    for x, y in DataLoader(data, batch_size=2, shuffle=True):
        print(epoch, x, y)
for batch in DataLoader(data, batch_size=3, shuffle=True, generator=torch.Generator().manual_seed(1)):
    print(batch)
for batch in DataLoader(Squares(), batch_size=4):
    print(batch)
loader = DataLoader(Squares(), batch_size=4, drop_last=True)
print(len(loader), len(DataLoader(data, batch_size=2)), [len(b["name"]) for b in loader])
train, test = random_split(data, [3, 2], generator=torch.Generator().manual_seed(42))
print(list(train.indices), list(test.indices), len(train), test[0])
print([len(part) for part in random_split(data, [0.5, 0.5])])
print(Subset(data, [4, 0])[0], list(BatchSampler(SequentialSampler(range(5)), 2, False)))
print([b.tolist() for b in DataLoader([3, 1, 2], batch_size=2)])
print(list(DataLoader(["a", "b", "c"], batch_size=2, collate_fn=lambda words: "+".join(words))))
print(len(data + data), (data + data)[7])
