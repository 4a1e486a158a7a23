import torch

S = torch.special
x = torch.tensor([0.1, 0.5, 0.9], requires_grad=True)
a = torch.tensor([0.5, 1.5, 2.5])


def show(name, f, *args):
    try:
        ys = [t.detach().clone().requires_grad_() if t.is_floating_point() else t for t in args]
        y = f(*ys)
        print(name, y.detach())
        try:
            by = [t for t in ys if t.requires_grad]
            g = torch.autograd.grad(y.sum(), by, create_graph=True)
            print(" grad", *[k.detach() for k in g])
            h = torch.autograd.grad(sum((k * k).sum() for k in g), by, allow_unused=True)
            print(" second", *h)
        except (RuntimeError, NotImplementedError) as e:
            print(" !", type(e).__name__)
    except Exception as e:
        print(name, "!!", type(e).__name__, str(e)[:200])


for n in [
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "gammaln",
    "digamma",
    "psi",
    "i0",
    "i1",
    "logit",
    "expit",
    "entr",
    "ndtr",
    "ndtri",
    "log_ndtr",
    "sinc",
    "expm1",
    "exp2",
    "log1p",
    "round",
    "multigammaln",
]:
    if n == "multigammaln":
        show(n, lambda x: S.multigammaln(x + 3, 2), x)
    else:
        show(n, lambda x, n=n: getattr(S, n)(x), x)
for n in ["xlogy", "xlog1py", "gammainc", "gammaincc"]:
    show(n, lambda x, y, n=n: getattr(S, n)(x, y), a + 1, x + 1)

show("zeta2", lambda q: S.zeta(2.0, q), a)
show("gammainc2", lambda q: S.gammainc(torch.tensor(2.0), q), a)
show("polygamma", lambda q: S.polygamma(1, q), a)
show("polygamma2", lambda q: S.polygamma(2, q), a)
print(
    S.softmax(a, 0),
    S.bessel_j0(a),
    S.bessel_y1(a),
    S.modified_bessel_i1(a),
    S.modified_bessel_k0(a),
    S.zeta(a + 1, x.detach() + 1),
)
show("log_softmax", lambda q: S.log_softmax(q, dim=0), a)
show("logsumexp", lambda q: S.logsumexp(q, 0), a)
show("logit eps", lambda q: S.logit(q, eps=0.2), x)
show("xlogy num", lambda q: S.xlogy(2.0, q), a)
show("xlog1py num", lambda q: S.xlog1py(q, 2.0), a)

from torch.special import expit, gammaln

print(expit(x), gammaln(a))
print(
    torch.i0(a),
    torch.igamma(a, a),
    torch.igammac(a, a),
    torch.mvlgamma(a + 2, 2),
    torch.polygamma(1, a),
    torch.lgamma(a),
    torch.xlogy(a, a),
)
print(
    a.lgamma(),
    a.digamma(),
    a.erfinv(),
    a.i0(),
    a.igamma(a),
    a.xlogy(2.0),
    a.polygamma(1),
    a.mvlgamma(1),
    a.sinc(),
    a.logit(),
)

print(S.erf(torch.tensor([1, 2])), S.entr(torch.tensor([-1.0, 0.0, 1.0])), S.ndtri(torch.tensor([0.0, 0.5, 1.0])))
print(S.zeta(torch.tensor([2.0, 3.0]), 1), S.logit(torch.tensor([-0.1, 0.0, 1.0, 1.1])))
print(S.xlogy(torch.tensor([0.0, 0.0, 1.0]), torch.tensor([0.0, float("nan"), 0.0])))

x = torch.tensor([0.3, 0.7], requires_grad=True)
y = torch.special.entr(x).sum()
print(y)

print(
    torch.special.expit(x),
    torch.special.i0(x),
    torch.special.gammainc(torch.tensor(2.0), x),
    torch.special.log_ndtr(x),
    torch.special.ndtri(x),
    torch.special.erfcx(x),
    torch.special.xlogy(x, x),
    torch.special.xlog1py(x, x),
    torch.special.sinc(x),
)
