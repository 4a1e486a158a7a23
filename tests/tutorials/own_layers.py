import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class MyLinear(nn.Module):
    __constants__ = ["in_features"]

    def __init__(self, in_features, out_features):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        self.bias = nn.Parameter(torch.empty(out_features))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        bound = 1 / math.sqrt(self.weight.size(1))
        nn.init.uniform_(self.bias, -bound, bound)

    def forward(self, x):
        return x @ self.weight.t() + self.bias

    def extra_repr(self):
        return f"in={self.in_features}, out={self.out_features}"


class Attention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads, self.qkv, self.out = heads, MyLinear(d, 3 * d), MyLinear(d, d)
        self.register_buffer("mask", torch.tril(torch.ones(4, 4)).bool(), persistent=False)

    def forward(self, x):
        B, T, D = x.shape
        q, k, v = self.qkv(x).split(D, dim=2)
        q, k, v = (t.view(B, T, self.heads, D // self.heads).transpose(1, 2) for t in (q, k, v))
        att = (q @ k.transpose(-2, -1)) / math.sqrt(k.size(-1))
        att = att.masked_fill(~self.mask[:T, :T], float("-inf"))
        att = F.softmax(att, dim=-1)
        y = (att @ v).transpose(1, 2).contiguous().view(B, T, D)
        return self.out(y)


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attn = Attention(d, 2)
        self.mlp = nn.Sequential(nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d), nn.Dropout(0.0))

    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return x + self.mlp(self.ln2(x))


torch.manual_seed(0)
net = Block(4)
print(net)
x = torch.randn(2, 4, 4, requires_grad=True)
out = net(x)
print(out[0])
out.pow(2).mean().backward()
print(x.grad[0], net.attn.qkv.bias.grad[:4])
print(list(net.state_dict()))
g = torch.autograd.grad(net(x).sum(), net.parameters())
print([round(t.norm().item(), 6) for t in g])
print(torch.autograd.gradcheck(net, (x,)))
scores = torch.autograd.functional.jacobian(lambda t: net(t).sum((0, 2)), x.detach())
print((scores.abs().sum((1, 3)) > 1e-12).int())
