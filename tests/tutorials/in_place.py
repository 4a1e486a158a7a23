"""Changes in place, and what is refused."""

import torch

a = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = a * 1
y[0] = 5
print(y)
y += a
print(y)
(y**2).sum().backward()
print(a.grad)

a.grad = None
y = a * 2
z = y.exp()
y.mul_(3)
(z.sum() + y.sum()).backward()
print(a.grad)

b = torch.zeros(3)
b += a
print(b, b.requires_grad)
c = torch.ones(2, 3)
c[0].mul_(2)
c[:, 1] = 7
print(c, c.fill_(3), c.zero_(), c._version)
z = a * 2
print(z.zero_(), z.fill_(3), z.copy_(a))


def refused(name, attempt):
    try:
        attempt()
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        print(name, type(error).__name__)
    else:
        print(name, "works")


def changed():
    y = a * 2
    z = y**2
    y.add_(1)
    z.sum().backward()


def leaf_changed():
    y = (a * a).sum()
    with torch.no_grad():
        a.add_(1)
    y.backward()


def twice():
    y = (a * a).sum()
    y.backward()
    y.backward()


def twice_without_saved_values():
    y = (a + 1).sum()
    y.backward()
    y.backward()


refused("in place of a leaf", lambda: a.add_(1))
refused("a saved value", changed)
refused("a saved leaf", leaf_changed)
refused("twice", twice)
refused("twice a sum", twice_without_saved_values)
refused("not a scalar", lambda: (a * 2).backward())
refused("integers", lambda: torch.tensor([1, 2], requires_grad=True))
refused("no grad", lambda: torch.tensor(1.0).backward())
refused("numpy", lambda: a.numpy())
refused("item", lambda: a.item())
refused("bool", lambda: bool(a))
refused("sum of shapes", lambda: torch.ones(3) + torch.ones(4))
refused("product of shapes", lambda: torch.ones(2, 3) @ torch.ones(2, 3))
refused("index", lambda: torch.ones(3)[5])
refused("view", lambda: torch.ones(6).view(4, 2))
refused("optimizer", lambda: torch.optim.SGD([], lr=0.1))
refused("broadcast in place", lambda: torch.ones(3).add_(torch.ones(2, 3)))
refused("integers in place", lambda: torch.tensor([1, 2]).add_(1.5))
refused("mean of integers", lambda: torch.tensor([1, 2]).mean())
refused("axis", lambda: torch.ones(3).sum(2))
refused("unused", lambda: torch.autograd.grad((a * 2).sum(), torch.ones(1, requires_grad=True)))
refused("hook", lambda: torch.ones(1).register_hook(print))
refused("retain_grad", lambda: torch.ones(1).retain_grad())
