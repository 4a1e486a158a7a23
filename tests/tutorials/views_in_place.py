import torch

START = """
x = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
y = x*2
"""
for code in [
    "y[0].mul_(5); y.sum().backward()",
    "y[0:2].mul_(5); (y*torch.arange(4.)).sum().backward()",
    "v=y[0]; y.mul_(3); v.backward()",
    "v=y.view(2,2); v[0].mul_(w); y.sum().backward()",
    "v=y.view(2,2).t(); v[0].mul_(w); (y**2).sum().backward()",
    "v=y[1:]; v+=w; u=y[2:]; (u**2).sum().backward()",
    "v=y[1:3]; v*=v; (v*y[0]).sum().backward()",
    "v=y[1:3]; z=v*2; v.add_(w); (z.sum()+v.sum()).backward()",
    "v=y[1:3]; z=v**2; v.add_(w); z.sum().backward()",
    "y[1]=w; y[2]=y[1]*y[0]; y.sum().backward()",
    "v=y[0]; v.fill_(7.); y.sum().backward()",
    "v=y[0]; v.copy_(w); (y**2).sum().backward()",
    "v=y.unsqueeze(0); v.mul_(w); y.sum().backward()",
    "v=y.expand(2,4); v.mul_(2)",
    "a,b,c,d=y; a.mul_(2)",
    "v=y.split(2)[0]; v.mul_(2)",
    "with torch.no_grad():\n  v=y[0]\nv.mul_(w)",
    "with torch.no_grad():\n  v=y[0]\n  v.mul_(2)\ny.sum().backward()",
    "d=x.detach(); d[0]=5.; x.sum().backward()",
    "z=y**2; x.detach().mul_(2); z.sum().backward()",
    "z=x**2; x.detach().mul_(2); z.sum().backward()",
    "v=x[0:2]\nwith torch.no_grad():\n  v.mul_(2)\n(v**2).sum().backward()",
    "y=torch.zeros(3); y[0]=w; y[1]=x[1]*w; y.sum().backward()",
    "y=torch.zeros(3); v=y[1:]; v.add_(w); print(y.requires_grad,v.requires_grad); y.sum().backward()",
    "y=torch.zeros(2,2); v=y[0]; u=y[1]; v.add_(w); print(u.requires_grad, u.is_leaf); (u+v).sum().backward()",
    "y=torch.zeros(4); v=y.view(2,2); y.add_(w); print(v.requires_grad, v.grad_fn.name()); (v*v).sum().backward()",
    "y=x.clone(); y[0]=0; y[1]*=2; y.sum().backward()",
    "y=x.clone(); y[y>2]=0; (y**2).sum().backward()",
    "y=x.clone(); y[1:3]+=w; y[1:3]*=w; y.sum().backward()",
    "y=x.clone()\nfor i in range(4): y[i]=y[i]*w\ny.sum().backward()",
    "y=x.clone()\nfor i in range(1,4): y[i]+=y[i-1]\ny.sum().backward()",
    "h=[]; v=y[0:2]; v.register_hook(lambda g:h.append(g.tolist())); v.mul_(2); v.register_hook(lambda g:h.append(g.tolist())); y.sum().backward(); print(h)",
    "v=y[0:2]; v.retain_grad(); v.mul_(2); y.sum().backward(); print(v.grad)",
    "y=x.clone(); y.zero_(); y.add_(w); y.sum().backward()",
    "v=y.view(2,2)[0]; v[1]=w; y.sum().backward(); print(v.grad_fn.name())",
    "v=y[0:2]; v.mul_(w); print(v.grad_fn.name(), v._is_view(), v._base is y)",
    "y=x.clone(); v=y[::2]; v.mul_(w); g,=torch.autograd.grad((y**2).sum(),w,create_graph=True); g.backward()",
    "y=x.clone(); y[0].exp_(); y.sum().backward()",
    "y=x.exp(); y[0].mul_(2); y.sum().backward()",
    "y=x.clone(); y.data[0]=9.; y.sum().backward()",
    "v=torch.zeros(2); v[0]=x[0]; v[1]=x[1]; o=v.prod(); o.backward()",
    "y=x.clone(); y[[0,1]]=w; y.sum().backward()",
    "y=x.clone(); y[[0,1]]+=w; y.sum().backward()",
    "y=x.clone(); y.masked_fill_(y>2,0.); y.sum().backward()",
    "y=x.clone(); y.clamp_(0,2); y.sum().backward()",
    "y=x.clone(); y.copy_(w.expand(4)); y.sum().backward()",
]:
    names = {"torch": torch}
    try:
        exec(START + code, names)
        x, w, y = names["x"], names["w"], names["y"]
        print(x.grad, w.grad, y.detach(), y.grad_fn.name())
    except RuntimeError as error:
        print(str(error)[:80])
