import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable

torch.manual_seed(0)


class Exp(Function):
    @staticmethod
    def forward(ctx, i):
        r = i.exp()
        ctx.save_for_backward(r)
        return r

    @staticmethod
    def backward(ctx, g):
        (r,) = ctx.saved_tensors
        return g * r


x = torch.tensor([1.0, 2.0], requires_grad=True)
y = Exp.apply(x)
print(y, y.grad_fn.name())
(y * x).sum().backward()
print(x.grad)
(g,) = torch.autograd.grad(Exp.apply(x * 2).sum(), x, create_graph=True)
print(g)
g.sum().backward()
print(x.grad)
try:
    z = Exp.apply(x).sum()
    z.backward()
    z.backward()
except RuntimeError as e:
    print(str(e)[:60])


class Two(Function):
    @staticmethod
    def forward(a, b, k):
        return a * b * k, a + b, (a > b)

    @staticmethod
    def setup_context(ctx, inputs, output):
        a, b, k = inputs
        ctx.save_for_backward(a, b)
        ctx.k = k
        ctx.mark_non_differentiable(output[2])

    @staticmethod
    def backward(ctx, g, h, n):
        a, b = ctx.saved_tensors
        print(ctx.needs_input_grad)
        return g * b * ctx.k + h, (g * a * ctx.k + h) if ctx.needs_input_grad[1] else None, None


a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(3.0)
p, q, r = Two.apply(a, b, 5.0)
print(p, q, r)
(p * q).backward()
print(a.grad)
a.grad = None
p, q, r = Two.apply(a * a, b, 5.0)
p.backward()
print(a.grad)


class Bad(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, g):
        return g


try:
    Bad.apply(a, b).backward()
except RuntimeError as e:
    print(e)


class NoB(Function):
    @staticmethod
    def forward(ctx, a):
        return a * 1


try:
    NoB.apply(a).backward()
except NotImplementedError as e:
    print(e)


class O(Function):
    @staticmethod
    def forward(ctx, a):
        return a * 2

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        return g * 2


(g,) = torch.autograd.grad(O.apply(a), a, create_graph=True)
print(g.item())
(g,) = torch.autograd.grad(O.apply(a) ** 2, a, create_graph=True)
print(g.item())
try:
    g.backward()
except RuntimeError as e:
    print(e)


class Clamp(Function):
    @staticmethod
    def forward(ctx, x, lo, hi):
        ctx.save_for_backward(x)
        ctx.lo = lo
        ctx.hi = hi
        return x.clamp(lo, hi)

    @staticmethod
    def backward(ctx, g):
        return g.clone(), None, None


w = torch.tensor([-3.0, 0.5, 4.0], requires_grad=True)
(Clamp.apply(w, -1.0, 1.0) ** 2).sum().backward()
print(w.grad)


class Inpl(Function):
    @staticmethod
    def forward(ctx, x):
        x.mul_(3)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx, g):
        return g * 3


v = w * 1
u = Inpl.apply(v)
print(u is v, u)
w.grad = None
u.sum().backward()
print(w.grad)


class Lin(Function):
    @staticmethod
    def forward(ctx, input, weight, bias=None):
        ctx.save_for_backward(input, weight, bias)
        o = input.mm(weight.t())
        if bias is not None:
            o += bias.unsqueeze(0).expand_as(o)
        return o

    @staticmethod
    def backward(ctx, go):
        i, w, b = ctx.saved_tensors
        gi = gw = gb = None
        if ctx.needs_input_grad[0]:
            gi = go.mm(w)
        if ctx.needs_input_grad[1]:
            gw = go.t().mm(i)
        if b is not None and ctx.needs_input_grad[2]:
            gb = go.sum(0)
        return gi, gw, gb


i = torch.randn(2, 3, requires_grad=True)
W = torch.randn(4, 3, requires_grad=True)
B = torch.randn(4, requires_grad=True)
print(torch.autograd.gradcheck(Lin.apply, (i, W, B)), torch.autograd.gradcheck(Exp.apply, (x,)))
c = []
W.register_post_accumulate_grad_hook(lambda p: c.append(p.grad.shape))
Lin.apply(i, W, B).sum().backward()
print(c)
