"""Transforms of functions: grad, vmap, Jacobians, ensembles, tangent kernels."""

import torch
from torch.func import (
    functional_call,
    grad,
    grad_and_value,
    hessian,
    jacfwd,
    jacrev,
    jvp,
    stack_module_state,
    vjp,
    vmap,
)

torch.manual_seed(0)
f = lambda x: torch.sin(x)
x = torch.tensor(0.5)
print(grad(f)(x), grad(grad(f))(x), vmap(grad(f))(torch.linspace(0, 1, 4)))
D = 4
weight = torch.randn(D, D)
bias = torch.randn(D)
xx = torch.randn(D)


def predict(weight, bias, x):
    return torch.nn.functional.linear(x, weight, bias).tanh()


J = jacrev(predict, argnums=2)(weight, bias, xx)
print(J, torch.allclose(J, jacfwd(predict, argnums=2)(weight, bias, xx)))
unit = torch.eye(D)
_, vjp_fn = vjp(lambda x: predict(weight, bias, x), xx)
(ft,) = vmap(vjp_fn)(unit)
print(torch.allclose(ft, J))
print([t.shape for t in jacrev(predict, argnums=(0, 1))(weight, bias, xx)])
H = hessian(predict, argnums=2)(weight, bias, xx)
print(H.shape, H[0], torch.allclose(H, jacfwd(jacfwd(predict, argnums=2), argnums=2)(weight, bias, xx)))
batch = torch.randn(3, D)
print(vmap(jacrev(predict, argnums=2), in_dims=(None, None, 0))(weight, bias, batch).shape)


def compute(x, y):
    return (x * y).sum()


print(
    vmap(torch.dot)(batch, batch),
    vmap(compute, in_dims=(0, None))(batch, xx),
    vmap(lambda t: t.sum(), in_dims=1)(batch),
)
print(vmap(lambda a: (a.max(), a * 2), out_dims=(0, 1))(batch))
val, out = jvp(f, (x,), (torch.tensor(1.0),))
print(val, out)
g, v = grad_and_value(lambda w: (w @ xx).pow(2).sum())(weight)
print(g[0], v)
model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 2))
params = {k: p.detach() for k, p in model.named_parameters()}
data, targets = torch.randn(5, 4), torch.randint(0, 2, (5,))


def loss_fn(params, s, t):
    pred = functional_call(model, params, (s.unsqueeze(0),))
    return torch.nn.functional.cross_entropy(pred, t.unsqueeze(0))


ps = vmap(grad(loss_fn), in_dims=(None, 0, 0))(params, data, targets)
for k, t in ps.items():
    print(k, t.shape, t.flatten(1).norm(dim=1))
models = [torch.nn.Linear(4, 2) for _ in range(3)]
p, b = stack_module_state(models)
base = models[0]


def fm(p, b, x):
    return functional_call(base, (p, b), (x,))


print(
    vmap(fm, in_dims=(0, 0, None))(p, b, data).shape,
    torch.allclose(vmap(fm, in_dims=(0, 0, None))(p, b, data)[1], models[1](data)),
)
print(vmap(fm, in_dims=(0, 0, 0))(p, b, torch.stack([data] * 3))[2][0])


def ntk(x1, x2):
    f = lambda p, x: functional_call(model, p, (x.unsqueeze(0),)).squeeze(0)
    j1 = vmap(jacrev(f), (None, 0))(params, x1)
    j2 = vmap(jacrev(f), (None, 0))(params, x2)
    j1 = [j.flatten(2) for j in j1.values()]
    j2 = [j.flatten(2) for j in j2.values()]
    return torch.stack([torch.einsum("Naf,Mbf->NMab", a, b) for a, b in zip(j1, j2)]).sum(0)


print(ntk(data[:2], data[2:4]))


def inner(x):
    return (x**3).sum()


print(grad(lambda x: grad(inner)(x).sum())(xx), jacfwd(jacrev(inner))(torch.tensor([1.0, 2.0])))
print(
    grad(lambda d: d["a"] ** 2 + d["b"])({"a": torch.tensor(3.0), "b": torch.tensor(1.0)}),
    grad(lambda x, y: x * y**2, argnums=(0, 1))(x, x),
)
(o, aux) = grad(lambda x: (x.sin(), x * 2), has_aux=True)(x)
print(o, aux)


def step(params, lr=0.1):
    g = grad(lambda p: ((data @ p["w"] - 1) ** 2).mean())(params)
    return {k: params[k] - lr * g[k] for k in params}


q = {"w": torch.zeros(4)}
for _ in range(5):
    q = step(q)
print(q)
from torch.func import linearize

out, lin = linearize(torch.sin, x)
print(out, lin(torch.tensor(2.0)))
