import torch


class Exp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, i):
        result = i.exp()
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * result


x = torch.tensor([0.0, 1.0], requires_grad=True)
y = Exp.apply(x)
print(y)
y.sum().backward()
print(x.grad)


class LinearFunction(torch.autograd.Function):
    @staticmethod
    def forward(input, weight, bias):
        output = input.mm(weight.t())
        if bias is not None:
            output += bias.unsqueeze(0).expand_as(output)
        return output

    @staticmethod
    def setup_context(ctx, inputs, output):
        input, weight, bias = inputs
        ctx.save_for_backward(input, weight, bias)

    @staticmethod
    def backward(ctx, grad_output):
        input, weight, bias = ctx.saved_tensors
        grad_input = grad_weight = grad_bias = None
        if ctx.needs_input_grad[0]:
            grad_input = grad_output.mm(weight)
        if ctx.needs_input_grad[1]:
            grad_weight = grad_output.t().mm(input)
        if bias is not None and ctx.needs_input_grad[2]:
            grad_bias = grad_output.sum(0)
        return grad_input, grad_weight, grad_bias


torch.manual_seed(1)
inp = (torch.randn(4, 3, requires_grad=True), torch.randn(2, 3, requires_grad=True), torch.randn(2, requires_grad=True))
print(torch.autograd.gradcheck(LinearFunction.apply, inp, eps=1e-6, atol=1e-4))
print(torch.autograd.gradgradcheck(LinearFunction.apply, inp))


class MulConstant(torch.autograd.Function):
    @staticmethod
    def forward(ctx, tensor, constant):
        ctx.constant = constant
        return tensor * constant

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.constant, None


x = torch.tensor(2.0, requires_grad=True)
y = MulConstant.apply(x, 3.0)
(g,) = torch.autograd.grad(y * x, x, create_graph=True)
print(g, torch.autograd.grad(g, x))


class Sort(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        s, idx = x.sort()
        ctx.mark_non_differentiable(idx)
        ctx.save_for_backward(x, idx)
        return s, idx

    @staticmethod
    def backward(ctx, g1, g2):
        x, idx = ctx.saved_tensors
        gi = torch.zeros_like(x)
        gi.index_add_(0, idx, g1)
        return gi


v = torch.tensor([3.0, 1.0, 2.0], requires_grad=True)
s, i = Sort.apply(v)
print(s, i, i.requires_grad)
(s * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
print(v.grad)


class Clamp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x.clamp(0, 1), x * 2

    @staticmethod
    def backward(ctx, a, b):
        print(a, b)
        return a if b is None else b * 2


v = torch.tensor([3.0, 1.0, 2.0], requires_grad=True)
p, q = Clamp.apply(v)
p.sum().backward()
print(v.grad)

f = Exp()
f.apply(v)

print(Exp.apply(v).grad_fn.name(), type(Exp.apply(v).grad_fn).__name__)


class InPlace(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x)
        return x.mul_(2)

    @staticmethod
    def backward(ctx, g):
        return g * 2


v = torch.ones(2, requires_grad=True)
w = v * 1
print(InPlace.apply(w), w)


class SquareJvp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        ctx.save_for_forward(x)
        return x * x

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 2 * x

    @staticmethod
    def jvp(ctx, t):
        (x,) = ctx.saved_tensors
        return 2 * x * t


import torch.autograd.forward_ad as fwAD

with fwAD.dual_level():
    d = fwAD.make_dual(torch.tensor(3.0), torch.tensor(1.0))
    print(fwAD.unpack_dual(SquareJvp.apply(d)).tangent)
