import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(7)


class VAE(nn.Module):
    def __init__(self, d=6, h=5, z=2):
        super().__init__()
        self.enc = nn.Linear(d, h)
        self.mu, self.logvar = nn.Linear(h, z), nn.Linear(h, z)
        self.dec = nn.Sequential(nn.Linear(z, h), nn.ReLU(), nn.Linear(h, d))

    def encode(self, x):
        h = F.relu(self.enc(x))
        return self.mu(h), self.logvar(h)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def forward(self, x):
        mu, logvar = self.encode(x)
        return torch.sigmoid(self.dec(self.reparameterize(mu, logvar))), mu, logvar


def loss_function(recon, x, mu, logvar):
    BCE = F.binary_cross_entropy(recon, x, reduction="sum")
    KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return BCE + KLD


data = (torch.rand(32, 6) > 0.5).double()
loader = DataLoader(TensorDataset(data), batch_size=8, shuffle=True)
model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
for epoch in range(1, 5):
    model.train()
    train_loss = 0
    for (x,) in loader:
        optimizer.zero_grad()
        recon, mu, logvar = model(x)
        loss = loss_function(recon, x, mu, logvar)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        train_loss += loss.item()
        optimizer.step()
    scheduler.step()
    print(
        f"====> Epoch: {epoch} Average loss: {train_loss / len(loader.dataset):.4f} lr {scheduler.get_last_lr()[0]:.4g}"
    )
model.eval()
with torch.no_grad():
    recon, mu, _ = model(data[:2])
print(recon, mu)
