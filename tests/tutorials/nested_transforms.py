import torch
from torch.func import grad, hessian, jacfwd, jacrev, jvp, vjp, vmap

f = lambda x: torch.sin(x) * x**2

x = torch.tensor(1.5)
t = torch.tensor(1.0)
print(jvp(lambda x: jvp(f, (x,), (t,))[1], (x,), (t,)))
print(jvp(lambda x: jvp(lambda x: jvp(f, (x,), (t,))[1], (x,), (t,))[1], (x,), (t,)))
print(grad(lambda x: jvp(f, (x,), (t,))[1])(x))
print(jvp(grad(f), (x,), (t,)))
print(jacfwd(jacfwd(f))(x), jacfwd(jacrev(f))(x), jacrev(jacfwd(f))(x), jacrev(jacrev(f))(x), hessian(f)(x))
print(grad(grad(grad(f)))(x), jacfwd(jacfwd(jacfwd(f)))(x))

A = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
g = lambda v: torch.tanh(A @ v)
v = torch.tensor([0.1, 0.2])
print(jacfwd(g)(v))
print(jacfwd(jacfwd(g))(v))
print(hessian(lambda v: g(v).sum())(v))
print(vjp(g, v)[1](torch.ones(2)))


def pert(x, y):
    return x * y


print(grad(lambda x: x * jvp(lambda y: x * y, (torch.tensor(2.0),), (t,))[1])(torch.tensor(3.0)))
print(jvp(lambda x: x * jvp(lambda y: x * y, (torch.tensor(2.0),), (t,))[1], (torch.tensor(3.0),), (t,)))
print(grad(lambda x: x * grad(lambda y: x + y)(torch.tensor(1.0)))(torch.tensor(1.0)))
print(jvp(lambda x: x + jvp(lambda y: y * 3, (x,), (t,))[1], (x,), (t,)))

print(vmap(grad(f))(torch.tensor([1.0, 2.0, 3.0])))
print(vmap(jacfwd(g))(torch.stack([v, 2 * v])))
print(vmap(lambda a, b: a.dot(b), in_dims=(0, None))(torch.eye(2), v))
print(grad(f, argnums=0)(x), grad(lambda a, b: a * b, argnums=(0, 1))(x, t))
print(torch.func.grad_and_value(f)(x), grad(lambda x: (f(x), x + 1), has_aux=True)(x))
print(jacrev(lambda a, b: a * b, argnums=(0, 1))(v, v))
print(jacfwd(lambda d: d["a"] * d["b"])({"a": v, "b": v}))
print(torch.func.linearize(f, x)[1](t))

x = torch.tensor(1.5, requires_grad=True)
y = jvp(f, (x,), (t,))[1]
print(y)
y.backward()
print(x.grad)

print(torch.autograd.functional.jvp(f, x, t), torch.autograd.functional.vjp(f, x, t))
print(
    torch.autograd.functional.hvp(lambda v: (v**3).sum(), v, v),
    torch.autograd.functional.vhp(lambda v: (v**3).sum(), v, v),
)
print(torch.autograd.functional.jacobian(g, v, vectorize=True, strategy="forward-mode"))
print(torch.autograd.functional.hessian(lambda a, b: (a * b**2).sum(), (v, v)))

x = torch.tensor(2.0)


def newton(f, x, n=5):
    for _ in range(n):
        x = x - f(x) / grad(f)(x)
    return x


print(newton(lambda x: x**2 - 2, x), grad(lambda a: newton(lambda x: x**2 - a, torch.tensor(1.0)))(x))
