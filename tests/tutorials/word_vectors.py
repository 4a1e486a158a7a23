"""Vectors of words: n-grams, skip-grams and bags."""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

torch.manual_seed(1)
word_to_ix = {"hello": 0, "world": 1}
embeds = nn.Embedding(2, 5)
lookup_tensor = torch.tensor([word_to_ix["hello"]], dtype=torch.long)
hello_embed = embeds(lookup_tensor)
print(hello_embed)
CONTEXT_SIZE = 2
EMBEDDING_DIM = 10
test_sentence = """When forty winters shall besiege thy brow,
And dig deep trenches in thy beauty's field,
Thy youth's proud livery so gazed on now,
Will be a totter'd weed of small worth held""".split()
ngrams = [
    ([test_sentence[i - j - 1] for j in range(CONTEXT_SIZE)], test_sentence[i])
    for i in range(CONTEXT_SIZE, len(test_sentence))
]
print(ngrams[:3])
vocab = sorted(set(test_sentence))
word_to_ix = {word: i for i, word in enumerate(vocab)}


class NGramLanguageModeler(nn.Module):
    def __init__(self, vocab_size, embedding_dim, context_size):
        super().__init__()
        self.embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.linear1 = nn.Linear(context_size * embedding_dim, 128)
        self.linear2 = nn.Linear(128, vocab_size)

    def forward(self, inputs):
        embeds = self.embeddings(inputs).view((1, -1))
        out = F.relu(self.linear1(embeds))
        out = self.linear2(out)
        log_probs = F.log_softmax(out, dim=1)
        return log_probs


losses = []
loss_function = nn.NLLLoss()
model = NGramLanguageModeler(len(vocab), EMBEDDING_DIM, CONTEXT_SIZE)
optimizer = optim.SGD(model.parameters(), lr=0.001)
for epoch in range(4):
    total_loss = 0
    for context, target in ngrams:
        context_idxs = torch.tensor([word_to_ix[w] for w in context], dtype=torch.long)
        model.zero_grad()
        log_probs = model(context_idxs)
        loss = loss_function(log_probs, torch.tensor([word_to_ix[target]], dtype=torch.long))
        loss.backward()
        optimizer.step()
        total_loss += loss.item()
    losses.append(total_loss)
print([round(v, 6) for v in losses])
print(model.embeddings.weight[word_to_ix["forty"]])


class SkipGram(nn.Module):
    def __init__(self, V, D):
        super().__init__()
        self.center = nn.Embedding(V, D)
        self.context = nn.Embedding(V, D, padding_idx=0)
        nn.init.uniform_(self.center.weight, -0.5 / D, 0.5 / D)

    def forward(self, c, pos, neg):
        v = self.center(c)
        u = self.context(pos)
        n = self.context(neg)
        ps = torch.sum(v * u, dim=1)
        ns = torch.bmm(n, v.unsqueeze(2)).squeeze(2)
        return -(F.logsigmoid(ps) + F.logsigmoid(-ns).sum(1)).mean()


V = len(vocab)
sg = SkipGram(V, 8)
opt = optim.Adam(sg.parameters(), lr=0.05)
centers = torch.tensor([word_to_ix[w] for w in test_sentence[:-1]])
contexts = torch.tensor([word_to_ix[w] for w in test_sentence[1:]])
counts = torch.bincount(centers, minlength=V).to(torch.get_default_dtype()) ** 0.75
print((counts / counts.sum())[:6])
for e in range(10):
    neg = torch.multinomial(counts, len(centers) * 3, replacement=True).view(-1, 3)
    loss = sg(centers, contexts, neg)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if e % 3 == 0:
        print(e, round(loss.item(), 6))
w = F.normalize(sg.center.weight.detach(), dim=1)
sim = w @ w.t()
vals, idx = sim[0].topk(4)
print(vals, [vocab[i] for i in idx], F.cosine_similarity(w[0:1], w[:4]))
print(
    sg.context.weight[0],
    sg,
    nn.Embedding.from_pretrained(torch.FloatTensor([[1, 2.3, 3], [4, 5.1, 6.3]]))(torch.LongTensor([1])),
)
bow = nn.Linear(V, 2)


def make_bow(s):
    vec = torch.zeros(V)
    for w in s:
        vec[word_to_ix[w]] += 1
    return vec.view(1, -1)


with torch.no_grad():
    print(F.log_softmax(bow(make_bow(["thy", "field,", "thy"])), dim=1))
