"""100 steps of gradient descent on a line, by hand and with SGD; then on random points."""

import torch

x = torch.linspace(-1, 1, 10).reshape(10, 1)
y = 3 * x + 2
w = torch.zeros(1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(100):
    loss = ((x * w + b - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        b -= 0.1 * b.grad
    w.grad.zero_()
    b.grad.zero_()
    if epoch % 20 == 0:
        print(epoch, loss, round(loss.item(), 12))
print(w, b)

model = torch.nn.Linear(1, 1)
with torch.no_grad():
    model.weight.fill_(0.0)
    model.bias.fill_(0.0)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = torch.nn.MSELoss()
for _ in range(100):
    prediction = model(x)
    loss = criterion(prediction, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss)
for name, parameter in model.named_parameters():
    print(name, parameter)
print(prediction)

torch.manual_seed(1)
x = torch.randn(10, 1)
y = 3 * x + 2
w = torch.randn(1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.1)
for _ in range(1000):
    optimizer.zero_grad()
    loss = torch.mean((w * x + b - y) ** 2)
    loss.backward()
    optimizer.step()
print(x.shape, loss.item() < 1e-10, round(w.item(), 3), round(b.item(), 3))
