"""An n-gram model, and every option of an embedding."""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

places = {"one": 0, "two": 1}
embeds = nn.Embedding(2, 5)
print(embeds)
with torch.no_grad():
    embeds.weight.copy_(torch.arange(10.0).reshape(2, 5) / 10)
print(embeds(torch.tensor([places["one"]], dtype=torch.long)))
WIDTH, DEPTH = 2, 4
text = "the cat sat on the mat and the dog lay on the log while a cat saw a dog go".split()  # noqa: SIM905
windows = [([text[i - j - 1] for j in range(WIDTH)], text[i]) for i in range(WIDTH, len(text))]
print(windows[:3])
words = sorted(set(text))
places = {w: i for i, w in enumerate(words)}


class Guesser(nn.Module):
    def __init__(self, v, d, c):
        super().__init__()
        self.embeddings = nn.Embedding(v, d)
        self.linear1 = nn.Linear(c * d, 8)
        self.linear2 = nn.Linear(8, v)

    def forward(self, inputs):
        e = self.embeddings(inputs).view((1, -1))
        return F.log_softmax(self.linear2(F.relu(self.linear1(e))), dim=1)


model = Guesser(len(words), DEPTH, WIDTH)
with torch.no_grad():
    for p in model.parameters():
        p.copy_(torch.sin(torch.arange(p.numel(), dtype=p.dtype)).reshape(p.shape))
losses = []
loss_of = nn.NLLLoss()
optimizer = optim.SGD(model.parameters(), lr=0.05)
for epoch in range(6):
    total = 0
    for context, target in windows:
        idx = torch.tensor([places[w] for w in context], dtype=torch.long)
        model.zero_grad()
        lp = model(idx)
        loss = loss_of(lp, torch.tensor([places[target]], dtype=torch.long))
        loss.backward()
        optimizer.step()
        total += loss.item()
    losses.append(round(total, 6))
print(losses)
print(model.embeddings.weight[places["mat"]])
e = nn.Embedding(4, 3, padding_idx=0, max_norm=None)
print(e, e.weight[0])
out = e(torch.tensor([[0, 2], [1, 0]]))
out.sum().backward()
print(e.weight.grad)
pre = nn.Embedding.from_pretrained(torch.tensor([[1.0, 2.3, 3], [4, 5.1, 6.3]]))
print(pre(torch.LongTensor([1])), pre.weight.requires_grad)
print(
    F.embedding(torch.tensor([1, 1]), pre.weight),
    F.one_hot(torch.tensor([0, 2, 1])),
    F.one_hot(torch.tensor([1]), num_classes=4),
)
print(F.cosine_similarity(pre.weight[0], pre.weight[1], dim=0), nn.CosineSimilarity(dim=1)(pre.weight, pre.weight))
mn = nn.Embedding(2, 2, max_norm=1.0)
mn.weight.data = torch.tensor([[3.0, 4.0], [0.3, 0.4]])
print(mn(torch.tensor([0, 1])), mn.weight)
es = nn.Embedding(3, 2, scale_grad_by_freq=True)
es(torch.tensor([0, 0, 1])).sum().backward()
print(es.weight.grad, es)
