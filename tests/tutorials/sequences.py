"""Sequences by autoregression and by recurrent cells made by hand."""

import torch
from torch import nn

torch.manual_seed(0)
T = 60
time = torch.arange(1, T + 1, dtype=torch.float32).to(torch.get_default_dtype())
x = torch.sin(0.1 * time) + torch.normal(0, 0.2, (T,))
tau = 4
features = torch.zeros((T - tau, tau))
for i in range(tau):
    features[:, i] = x[i : T - tau + i]
labels = x[tau:].reshape((-1, 1))
print(features[:2], labels[:2], x.unfold(0, 5, 1).shape if hasattr(x, "unfold") else 0)


def init_weights(m):
    if type(m) == nn.Linear:
        nn.init.xavier_uniform_(m.weight)


net = nn.Sequential(nn.Linear(4, 10), nn.ReLU(), nn.Linear(10, 1))
net.apply(init_weights)
loss = nn.MSELoss(reduction="none")
trainer = torch.optim.Adam(net.parameters(), 0.01)
it = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(features[:40], labels[:40]), 16, shuffle=True)
for e in range(5):
    for X, y in it:
        trainer.zero_grad()
        l = loss(net(X), y)
        l.sum().backward()
        trainer.step()
    print(f"epoch {e + 1}, loss: {l.mean():f}")
multi = torch.zeros(T)
multi[: 40 + tau] = x[: 40 + tau]
for i in range(40 + tau, T):
    multi[i] = net(multi[i - tau : i].reshape((1, -1)))
print(multi[-5:])


class MyRNN(nn.Module):
    def __init__(self, i, h, o):
        super().__init__()
        self.hidden_size = h
        self.i2h = nn.Linear(i + h, h)
        self.h2o = nn.Linear(h, o)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, inp, hid):
        c = torch.cat((inp, hid), 1)
        h = torch.tanh(self.i2h(c))
        return self.softmax(self.h2o(h)), h

    def initHidden(self):
        return torch.zeros(1, self.hidden_size)


rnn = MyRNN(5, 8, 3)
letters = "abcde"


def lineToTensor(line):
    t = torch.zeros(len(line), 1, 5)
    for li, l in enumerate(line):
        t[li][0][letters.find(l)] = 1
    return t


print(lineToTensor("ace").size(), lineToTensor("ace")[1])
data = [("abc", 0), ("ddee", 1), ("bab", 0), ("eed", 1), ("cacc", 2)]
crit = nn.NLLLoss()
for ep in range(20):
    tot = 0
    for line, cat in data:
        hid = rnn.initHidden()
        rnn.zero_grad()
        lt = lineToTensor(line)
        for i in range(lt.size()[0]):
            out, hid = rnn(lt[i], hid)
        l = crit(out, torch.tensor([cat]))
        l.backward()
        tot += l.item()
        for p in rnn.parameters():
            p.data.add_(p.grad.data, alpha=-0.1)
    if ep % 5 == 0:
        print(ep, round(tot, 6))
top_n, top_i = out.topk(1)
print(round(top_i[0].item(), 6), out, hid.shape)


class LSTMCellByHand(nn.Module):
    def __init__(s, i, h):
        super().__init__()
        s.h = h
        s.Wx = nn.Linear(i, 4 * h)
        s.Wh = nn.Linear(h, 4 * h, bias=False)

    def forward(s, x, st):
        h, c = st
        i, f, g, o = (s.Wx(x) + s.Wh(h)).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        return h, c


cell = LSTMCellByHand(2, 3)
st = (torch.zeros(4, 3), torch.zeros(4, 3))
outs = []
for t in range(6):
    st = cell(torch.randn(4, 2), st)
    outs.append(st[0])
O = torch.stack(outs, 1)
print(O.shape, O[0, -1])
O[:, -1].sum().backward()
print(cell.Wh.weight.grad.norm(), cell.Wx.bias.grad[:4])


class GRUCell(nn.Module):
    def __init__(s, i, h):
        super().__init__()
        s.x = nn.Linear(i, 3 * h)
        s.hh = nn.Linear(h, 3 * h)

    def forward(s, x, h):
        rx, zx, nx = s.x(x).chunk(3, -1)
        rh, zh, nh = s.hh(h).chunk(3, -1)
        r, z = torch.sigmoid(rx + rh), torch.sigmoid(zx + zh)
        n = torch.tanh(nx + r * nh)
        return (1 - z) * n + z * h


h = torch.zeros(1, 3)
gc = GRUCell(2, 3)
for t in range(4):
    h = gc(torch.ones(1, 2) * t, h)
print(h)
h = h.detach()
print(h.requires_grad)
W = torch.eye(3) * 1.5
v = torch.ones(3, requires_grad=True)
y = v
for t in range(20):
    y = torch.tanh(W @ y)
y.sum().backward()
print(y, v.grad)
