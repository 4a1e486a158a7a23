import torch

for make in [
    lambda p: torch.optim.Adagrad(p, lr=0.1),
    lambda p: torch.optim.Adagrad(p, lr=0.1, lr_decay=0.1, weight_decay=0.1),
    lambda p: torch.optim.Adamax(p, lr=0.1),
    lambda p: torch.optim.Adadelta(p),
    lambda p: torch.optim.NAdam(p, lr=0.1),
    lambda p: torch.optim.Rprop(p),
    lambda p: torch.optim.SGD(p, lr=0.01, maximize=True),
]:
    x = torch.tensor([1.0, -2.0], requires_grad=True)
    s = torch.tensor(3.0, requires_grad=True)
    optimizer = make([x, s])
    for _ in range(5):
        optimizer.zero_grad()
        loss = ((x - 3) ** 2).sum() + s**4
        loss.backward()
        optimizer.step()
    print(type(optimizer).__name__, x, s, loss)

for search in (None, "strong_wolfe"):
    x = torch.tensor([-1.2, 1.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([x], lr=0.5 if search is None else 1, line_search_fn=search)

    def closure(x=x, optimizer=optimizer):
        optimizer.zero_grad()
        loss = (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
        loss.backward()
        return loss

    for _ in range(3):
        print(f"{optimizer.step(closure).item():.6f}")
    print(x)

w = torch.tensor([3.0, -4.0], requires_grad=True)
(w**2).sum().backward()
print(torch.nn.utils.clip_grad_norm_([w], 1.0), w.grad)
torch.nn.utils.clip_grad_value_([w], 0.5)
print(w.grad)
