"""A variational autoencoder, and gradients through random numbers."""

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(1)


class VAE(nn.Module):
    def __init__(self):
        super(VAE, self).__init__()
        self.fc1 = nn.Linear(12, 8)
        self.fc21 = nn.Linear(8, 2)
        self.fc22 = nn.Linear(8, 2)
        self.fc3 = nn.Linear(2, 8)
        self.fc4 = nn.Linear(8, 12)

    def encode(self, x):
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode(self, z):
        h3 = F.relu(self.fc3(z))
        return torch.sigmoid(self.fc4(h3))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 12))
        z = self.reparameterize(mu, logvar)
        return self.decode(z), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    BCE = F.binary_cross_entropy(recon_x, x.view(-1, 12), reduction="sum")
    KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return BCE + KLD, BCE, KLD


data = (torch.rand(64, 3, 4) > 0.6).to(torch.get_default_dtype())
loader = torch.utils.data.DataLoader(data, batch_size=16, shuffle=True)
model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(1, 6):
    model.train()
    train_loss = 0
    for batch_idx, x in enumerate(loader):
        optimizer.zero_grad()
        recon, mu, logvar = model(x)
        loss, bce, kld = loss_function(recon, x, mu, logvar)
        loss.backward()
        train_loss += loss.item()
        optimizer.step()
        if batch_idx % 2 == 0:
            print(
                "Train Epoch: {} [{}/{} ({:.0f}%)]\tLoss: {:.6f}".format(
                    epoch,
                    batch_idx * len(x),
                    len(loader.dataset),
                    100.0 * batch_idx / len(loader),
                    loss.item() / len(x),
                )
            )
    print("====> Epoch: {} Average loss: {:.4f}".format(epoch, train_loss / len(loader.dataset)))
with torch.no_grad():
    sample = torch.randn(3, 2)
    print(model.decode(sample).view(3, 3, 4))
print(mu[:3], logvar.mean(), kld, bce)
mu = torch.zeros(3, requires_grad=True)
sigma = torch.ones(3, requires_grad=True)
eps = torch.randn(1000, 3)
z = mu + sigma * eps
(z**2).mean().backward()
print(mu.grad, sigma.grad)
logits = torch.tensor([1.0, 0.5, -0.2], requires_grad=True)
u = torch.rand(3)
gumbel = -torch.log(-torch.log(u))
y = F.softmax((logits + gumbel) / 0.5, dim=-1)
print(y)
hard = torch.zeros_like(y).scatter_(0, y.argmax(dim=0, keepdim=True), 1.0)
st = hard - y.detach() + y
(st * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
print(st, logits.grad)
print(F.kl_div(F.log_softmax(torch.randn(2, 3), dim=1), F.softmax(torch.randn(2, 3), dim=1), reduction="batchmean"))
