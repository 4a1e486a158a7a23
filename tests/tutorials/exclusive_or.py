"""The exclusive or, learnt one point at a time."""

import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(42)
X = torch.Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = torch.Tensor([0, 1, 1, 0]).view(-1, 1)


class XOR(nn.Module):
    def __init__(self, input_dim=2, output_dim=1):
        super(XOR, self).__init__()
        self.lin1 = nn.Linear(input_dim, 2)
        self.lin2 = nn.Linear(2, output_dim)

    def forward(self, x):
        x = self.lin1(x)
        x = torch.sigmoid(x)
        x = self.lin2(x)
        return x


model = XOR().to(X.dtype)


def weights_init(model):
    for m in model.modules():
        if isinstance(m, nn.Linear):
            m.weight.data.normal_(0, 1)


weights_init(model)
loss_func = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
epochs = 201
steps = X.size(0)
import numpy as np

np.random.seed(0)
for i in range(epochs):
    for j in range(steps):
        data_point = np.random.randint(X.size(0))
        x_var = X[data_point]
        y_var = Y[data_point]
        optimizer.zero_grad()
        y_hat = model(x_var)
        loss = loss_func.forward(y_hat, y_var)
        loss.backward()
        optimizer.step()
    if i % 50 == 0:
        print("Epoch: {0}, Loss: {1:.5f}".format(i, loss.data.numpy()))
for p in model.named_parameters():
    print(p)
model_params = list(model.parameters())
model_weights = model_params[0].data.numpy()
print(model_weights.shape, model_weights.dtype)
print(model(X))
with torch.no_grad():
    print((model(X) > 0.5).float(), (model(X).round() == Y).all())
step = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid())
opt = optim.RMSprop(step.parameters(), lr=0.05)
bce = nn.BCELoss()
for i in range(101):
    opt.zero_grad()
    l = bce(step(X.to(torch.get_default_dtype())), Y.to(torch.get_default_dtype()))
    l.backward()
    opt.step()
    if i % 25 == 0:
        print(i, l)
print(step(X.to(torch.get_default_dtype())).detach().squeeze())
