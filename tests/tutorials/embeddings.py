import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

torch.manual_seed(1)
CONTEXT_SIZE, EMBEDDING_DIM = 2, 5
text = [
    "when",
    "forty",
    "winters",
    "shall",
    "besiege",
    "thy",
    "brow",
    "and",
    "dig",
    "deep",
    "trenches",
    "in",
    "thy",
    "beauty",
    "field",
]
ngrams = [([text[i - j - 1] for j in range(CONTEXT_SIZE)], text[i]) for i in range(CONTEXT_SIZE, len(text))]
vocab = sorted(set(text))
word_to_ix = {w: i for i, w in enumerate(vocab)}
print(ngrams[:2], len(vocab))


class NGram(nn.Module):
    def __init__(self, vocab_size, embedding_dim, context_size):
        super().__init__()
        self.embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.linear1 = nn.Linear(context_size * embedding_dim, 16)
        self.linear2 = nn.Linear(16, vocab_size)

    def forward(self, inputs):
        embeds = self.embeddings(inputs).view((1, -1))
        out = F.relu(self.linear1(embeds))
        return F.log_softmax(self.linear2(out), dim=1)


model = NGram(len(vocab), EMBEDDING_DIM, CONTEXT_SIZE)
loss_function = nn.NLLLoss()
optimizer = optim.SGD(model.parameters(), lr=0.05)
for epoch in range(3):
    total = 0
    for context, target in ngrams:
        idx = torch.tensor([word_to_ix[w] for w in context], dtype=torch.long)
        model.zero_grad()
        loss = loss_function(model(idx), torch.tensor([word_to_ix[target]], dtype=torch.long))
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(epoch, f"{total:.8f}")
print(model.embeddings.weight[word_to_ix["beauty"]])
print(model.embeddings(torch.tensor([[0, 1], [2, 0]])).shape)
e = nn.Embedding(4, 3, padding_idx=0)
print(e.weight[0], e(torch.tensor([0, 2, 0])))
e(torch.tensor([0, 2, 2])).sum().backward()
print(e.weight.grad)
w = nn.Embedding.from_pretrained(torch.arange(6.0).view(3, 2))
print(w(torch.tensor([2])), w.weight.requires_grad)
