"""A thermometer calibrated by hand, by autograd and by optimisers."""

from collections import OrderedDict

import torch
import torch.nn as nn
import torch.optim as optim

t_c = [0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0]
t_u = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4]
t_c = torch.tensor(t_c)
t_u = torch.tensor(t_u)
t_un = 0.1 * t_u


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


w = torch.ones(())
b = torch.zeros(())
t_p = model(t_u, w, b)
print(t_p, loss_fn(t_p, t_c))
x = torch.ones(())
y = torch.ones(3, 1)
z = torch.ones(1, 3)
a = torch.ones(2, 1, 1)
print(f"shapes: x: {x.shape}, y: {y.shape}")
print(f"        z: {z.shape}, a: {a.shape}")
print("x * y:", (x * y).shape)
print("y * z:", (y * z).shape)
print("y * z * a:", (y * z * a).shape)


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return 1.0


def grad_fn(t_u, t_c, t_p, w, b):
    d = 2 * (t_p - t_c) / t_p.size(0)
    return torch.stack([(d * t_u).sum(), (d * 1.0).sum()])


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss).all():
            break
    return params


training_loop(100, 1e-4, torch.tensor([1.0, 0.0]), t_u, t_c)
training_loop(100, 1e-2, torch.tensor([1.0, 0.0]), t_un, t_c)
params = torch.tensor([1.0, 0.0], requires_grad=True)
print(params.grad is None)
loss = loss_fn(model(t_u, *params), t_c)
loss.backward()
print(params.grad)


def loop2(n, lr, params, t_u, t_c):
    for epoch in range(1, n + 1):
        if params.grad is not None:
            params.grad.zero_()
        loss_fn(model(t_u, *params), t_c).backward()
        with torch.no_grad():
            params -= lr * params.grad
        if epoch % 250 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(model(t_u, *params), t_c))))
    return params


print(loop2(500, 1e-2, torch.tensor([1.0, 0.0], requires_grad=True), t_un, t_c))
print([o for o in dir(optim) if o in ("SGD", "Adam", "LBFGS", "Optimizer", "lr_scheduler")])
params = torch.tensor([1.0, 0.0], requires_grad=True)
optimizer = optim.SGD([params], lr=1e-5)
loss = loss_fn(model(t_u, *params), t_c)
loss.backward()
optimizer.step()
print(params)
torch.manual_seed(3)
n_samples = t_u.shape[0]
n_val = int(0.2 * n_samples)
sh = torch.randperm(n_samples)
train_indices = sh[:-n_val]
val_indices = sh[-n_val:]
print(train_indices, val_indices)
params = torch.tensor([1.0, 0.0], requires_grad=True)
optimizer = optim.Adam([params], lr=1e-1)
for epoch in range(1, 501):
    train_loss = loss_fn(model(t_un[train_indices], *params), t_c[train_indices])
    with torch.no_grad():
        val_loss = loss_fn(model(t_un[val_indices], *params), t_c[val_indices])
        assert val_loss.requires_grad == False
    optimizer.zero_grad()
    train_loss.backward()
    optimizer.step()
    if epoch <= 3 or epoch % 250 == 0:
        print(f"Epoch {epoch}, Training loss {train_loss.item():.4f}, Validation loss {val_loss.item():.4f}")
t_c1 = t_c.unsqueeze(1)
t_u1 = t_un.unsqueeze(1)
linear_model = nn.Linear(1, 1)
print(linear_model(t_u1[val_indices]), linear_model.weight, linear_model.bias, list(linear_model.parameters()))
x = torch.ones(10, 1)
print(linear_model(x))
seq_model = nn.Sequential(
    OrderedDict(
        [("hidden_linear", nn.Linear(1, 8)), ("hidden_activation", nn.Tanh()), ("output_linear", nn.Linear(8, 1))]
    )
)
print(seq_model)
print([p.shape for p in seq_model.parameters()])
for name, param in seq_model.named_parameters():
    print(name, param.shape)
print(seq_model.output_linear.bias)
o = optim.SGD(seq_model.parameters(), lr=1e-3)
for e in range(50):
    l = nn.MSELoss()(seq_model(t_u1), t_c1)
    o.zero_grad()
    l.backward()
    o.step()
print("output", seq_model(t_u1[val_indices]))
print("answer", t_c1[val_indices])
print("hidden", seq_model.hidden_linear.weight.grad)
img_t = torch.randn(3, 5, 5)
weights = torch.tensor([0.2126, 0.7152, 0.0722])
batch_t = torch.randn(2, 3, 5, 5)
print(
    img_t.mean(-3).shape,
    batch_t.mean(-3).shape,
    (img_t * weights.unsqueeze(-1).unsqueeze_(-1)).sum(-3).shape,
    torch.einsum("...chw,c->...hw", batch_t, weights).shape,
    torch.equal(torch.einsum("chw,c->hw", img_t, weights) > 0, (img_t * weights[:, None, None]).sum(0) > 0),
)
points = torch.tensor([[4.0, 1.0], [5.0, 3.0], [2.0, 1.0]])
print(
    points.storage(),
    points[1].storage_offset(),
    points.stride(),
    points.t().stride(),
    id(points.storage()) == 0,
    torch.zeros(10, 2).short().dtype,
    points.to(torch.short),
    points[1:],
    points[None].shape,
    points.untyped_storage().nbytes() == points.numel() * points.element_size(),
)
