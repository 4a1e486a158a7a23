"""Jacobians, Hessians and their products, per sample and nested."""

from functools import partial

import torch
import torch.nn.functional as F
from torch.func import grad, hessian, jacfwd, jacrev, jvp, vjp, vmap

D = 4
weight = torch.linspace(-1, 1, D * D).reshape(D, D)
bias = torch.linspace(0, 1, D)
x = torch.tensor([0.1, -0.2, 0.3, 0.4])


def predict(weight, bias, x):
    return F.linear(x, weight, bias).tanh()


xp = x.clone().requires_grad_()
unit_vectors = torch.eye(D)


def compute_jac(xp):
    rows = [torch.autograd.grad(predict(weight, bias, xp), xp, vec)[0] for vec in unit_vectors]
    return torch.stack(rows)


jac = compute_jac(xp)
print(jac.shape)
print(jac[0])
_, vjp_fn = vjp(partial(predict, weight, bias), x)
(ft_jacobian,) = vmap(vjp_fn)(unit_vectors)
print(torch.allclose(ft_jacobian, jac))
ft = jacrev(predict, argnums=2)(weight, bias, x)
print(torch.allclose(ft, jac))
fwd = jacfwd(predict, argnums=2)(weight, bias, x)
print(fwd)
jw, jb = jacrev(predict, argnums=(0, 1))(weight, bias, x)
print(jw.shape, jb.shape, jb)
hess = jacrev(jacrev(predict, argnums=2), argnums=2)(weight, bias, x)
print(hess.shape)
h2 = hessian(predict, argnums=2)(weight, bias, x)
print(torch.allclose(hess, h2))
bx = torch.linspace(-1, 1, 3 * D).reshape(3, D)
cj = vmap(jacrev(predict, argnums=2), in_dims=(None, None, 0))
bj = cj(weight, bias, bx)
print(bj.shape, bj[1, 0])
bh = vmap(hessian(predict, argnums=2), in_dims=(None, None, 0))(weight, bias, bx)
print(bh.shape, bh.sum())


def hvp(f, primals, tangents):
    return jvp(grad(f), primals, tangents)[1]


f = lambda x: x.sin().sum()
print(hvp(f, (x,), (torch.ones(D),)))


def hvp_revrev(f, primals, tangents):
    _, vjp_fn = vjp(grad(f), *primals)
    return vjp_fn(*tangents)


print(hvp_revrev(f, (x,), (torch.ones(D),)))
g, aux = grad(lambda x: (x.pow(3).sum(), {"cube": x**3}), has_aux=True)(x)
print(g, aux)
print(grad(grad(torch.sin))(torch.tensor(0.5)), vmap(grad(torch.sin))(x))
out, t = jvp(lambda a, b: (a * b, a + b), (x, x), (torch.ones(D), torch.zeros(D)))
print(out, t)
out, fn, aux = vjp(lambda a: (a**2, a), x, has_aux=True)
print(out, fn(torch.ones(D)), aux)
from torch.func import grad_and_value, linearize

print(grad_and_value(f)(x))
o, jf = linearize(lambda x: x.sin(), x)
print(o, jf(torch.ones(D)))
