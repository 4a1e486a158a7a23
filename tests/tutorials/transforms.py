import torch
from torch.func import functional_call, grad, grad_and_value, hessian, jacfwd, jacrev, jvp, vjp, vmap

x = torch.tensor([1.0, 2.0, 3.0])
f = lambda x: (x**3).sum()
h = lambda x: x**2 * x.sum()
print(
    grad(f)(x),
    grad(lambda x: grad(lambda y: y.sin() * y)(x))(torch.tensor(0.5)),
    jacrev(h)(x),
    jacfwd(h)(x),
    hessian(f)(x),
)
print(
    grad(lambda a, b: (a * b).sum(), argnums=(0, 1))(x, x + 1),
    grad_and_value(f)(x),
    grad(lambda x: ((x**2).sum(), x + 1), has_aux=True)(x),
)
out, vf = vjp(h, x)
print(out, vf(torch.ones(3)))
print(jvp(h, (x,), (torch.tensor([1.0, 0, 0]),)))
out, vf = vjp(lambda a, b: (a * b, a.sin()), x, x * 2)
print(vf((torch.ones(3), torch.ones(3))))
print(
    vmap(lambda v: v.sum())(torch.arange(6.0).reshape(2, 3)),
    vmap(grad(lambda v: (v**2).sum()))(torch.arange(6.0).reshape(2, 3)),
    vmap(torch.dot, in_dims=(0, None))(torch.arange(6.0).reshape(2, 3), x),
    torch.vmap(lambda a: a * 2)(x),
)
w = torch.tensor(2.0, requires_grad=True)
g = grad(lambda v: (v**2 * w).sum())(x)
print(g)
g.sum().backward()
print(w.grad)
m = torch.nn.Linear(3, 1)
p = {k: torch.ones_like(v.detach()) for k, v in m.named_parameters()}
print(functional_call(m, p, (x,)), grad(lambda p: functional_call(m, p, (x,)).sum())(p))
