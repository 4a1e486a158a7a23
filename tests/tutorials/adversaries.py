"""Generator and discriminator of one number, and a critic with a gradient penalty."""

import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(7)


def generate_real_data(n):
    return torch.randn(n, 1) * 1.25 + 4


def make_noise(n):
    return torch.rand(n, 1)


class Generator(nn.Module):
    def __init__(self, input_size, hidden_size, output_size, f):
        super().__init__()
        self.map1 = nn.Linear(input_size, hidden_size)
        self.map2 = nn.Linear(hidden_size, hidden_size)
        self.map3 = nn.Linear(hidden_size, output_size)
        self.f = f

    def forward(self, x):
        x = self.f(self.map1(x))
        x = self.f(self.map2(x))
        return self.map3(x)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(nn.Linear(4, 10), nn.LeakyReLU(0.2, inplace=True), nn.Linear(10, 1), nn.Sigmoid())

    def forward(self, x):
        return self.main(x)


def moments(d):
    mean = torch.mean(d)
    diffs = d - mean
    var = torch.mean(torch.pow(diffs, 2.0))
    std = torch.pow(var, 0.5)
    z = diffs / std
    skews = torch.mean(torch.pow(z, 3.0))
    kurt = torch.mean(torch.pow(z, 4.0)) - 3.0
    return torch.cat(
        (
            mean.reshape(
                1,
            ),
            std.reshape(
                1,
            ),
            skews.reshape(
                1,
            ),
            kurt.reshape(
                1,
            ),
        )
    )


G = Generator(1, 5, 1, torch.tanh)
D = Discriminator()
criterion = nn.BCELoss()
d_opt = optim.SGD(D.parameters(), lr=1e-3, momentum=0.9)
g_opt = optim.SGD(G.parameters(), lr=1e-3, momentum=0.9)
for epoch in range(11):
    for _ in range(3):
        D.zero_grad()
        real = moments(generate_real_data(100))
        d_real = D(real)
        d_real_err = criterion(d_real, torch.ones([1]))
        d_real_err.backward()
        fake = moments(G(make_noise(100)).detach())
        d_fake_err = criterion(D(fake), torch.zeros([1]))
        d_fake_err.backward()
        d_opt.step()
    for _ in range(3):
        G.zero_grad()
        gen = G(make_noise(100))
        g_err = criterion(D(moments(gen)), torch.ones([1]))
        g_err.backward()
        g_opt.step()
    if epoch % 5 == 0:
        print(
            "Epoch %s: D (%.5f real_err, %.5f fake_err) G (%.5f err)"
            % (epoch, d_real_err.item(), d_fake_err.item(), g_err.item())
        )
print(real, fake, d_real)
print(G, D)
critic = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Linear(16, 1))
c_opt = optim.RMSprop(critic.parameters(), lr=5e-3)
gopt = optim.RMSprop(G.parameters(), lr=5e-3)
for it in range(6):
    for p in critic.parameters():
        p.requires_grad = True
    x = generate_real_data(32)
    z = make_noise(32)
    with torch.no_grad():
        xf = G(z)
    alpha = torch.rand(32, 1)
    xi = (alpha * x + (1 - alpha) * xf).requires_grad_(True)
    gr = torch.autograd.grad(
        outputs=critic(xi),
        inputs=xi,
        grad_outputs=torch.ones(32, 1),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    gp = ((gr.norm(2, dim=1) - 1) ** 2).mean() * 10
    loss = critic(xf).mean() - critic(x).mean() + gp
    c_opt.zero_grad()
    loss.backward()
    c_opt.step()
    for p in critic.parameters():
        p.requires_grad = False
    gl = -critic(G(make_noise(32))).mean()
    gopt.zero_grad()
    gl.backward()
    gopt.step()
    print(it, f"{loss.item():.4f} {gp.item():.4f} {gl.item():.4f}")
print([p.requires_grad for p in critic.parameters()], critic(x)[:2].requires_grad)
for p in critic.parameters():
    p.data.clamp_(-0.01, 0.01)
print(critic[0].weight.view(-1))
