import torch
import torch.autograd.forward_ad as fwAD

x = torch.tensor([1.0, 2.0, 3.0])
f = lambda x: (x**3).sum()
h = lambda x: x**2 * x.sum()
with fwAD.dual_level():
    d = fwAD.make_dual(x, torch.tensor([1.0, 0.0, 0.0]))
    o = (d.sin() * d).sum()
    print(fwAD.unpack_dual(o).tangent, fwAD.unpack_dual(o).primal)
    print(fwAD.unpack_dual(d).tangent, fwAD.unpack_dual(torch.ones(2)).tangent)
    u = fwAD.unpack_dual(h(d))
    print(u.primal, u.tangent)
try:
    fwAD.make_dual(x, x)
except RuntimeError as e:
    print(e)
J = torch.autograd.functional.jacobian
H = torch.autograd.functional.hessian
print(J(h, x, vectorize=True), J(h, x, strategy="forward-mode", vectorize=True), H(f, x, vectorize=True))
