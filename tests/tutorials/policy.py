import torch
import torch.nn as nn

torch.manual_seed(11)
logits = nn.Parameter(torch.zeros(3))
opt = torch.optim.SGD([logits], lr=0.5)
payoff = torch.tensor([1.0, 2.0, 0.5])
baseline = 0.0
for step in range(5):
    probs = torch.softmax(logits, -1)
    a = torch.multinomial(probs.detach(), 8, replacement=True)
    r = payoff[a] + 0.1 * torch.randn(8)
    logp = torch.log_softmax(logits, -1)[a]
    entropy = -(probs * probs.log()).sum()
    loss = -((r - baseline) * logp).mean() - 0.01 * entropy
    opt.zero_grad()
    loss.backward()
    opt.step()
    baseline = 0.9 * baseline + 0.1 * r.mean().item()
    print(step, a.tolist(), [round(v, 4) for v in logits.tolist()], round(entropy.item(), 4))
Q = torch.zeros(4, 2)
for s, act, rew, s2 in [(0, 1, 0.0, 1), (1, 1, 0.0, 2), (2, 1, 1.0, 3), (1, 0, -1.0, 0), (0, 1, 0.0, 1)]:
    target = rew + 0.9 * Q[s2].max()
    Q[s, act] += 0.5 * (target - Q[s, act])
print(Q, Q.argmax(dim=1), Q.max(1).values, Q.gather(1, torch.tensor([[1], [0], [1], [0]])).squeeze(1))
online, target_net = nn.Linear(2, 2), nn.Linear(2, 2)
target_net.load_state_dict(online.state_dict())
tau = 0.1
with torch.no_grad():
    online.weight += 1
    for p, q in zip(online.parameters(), target_net.parameters()):
        q.mul_(1 - tau).add_(tau * p)
    print(torch.allclose(target_net.weight, online.weight - 0.9), (target_net.bias - online.bias).abs().max() < 1e-12)
rewards = torch.tensor([1.0, 0.0, 2.0])
G, out = 0.0, []
for r in rewards.flip(0):
    G = r + 0.99 * G
    out.insert(0, G)
out = torch.stack(out)
print(out, (out - out.mean()) / (out.std() + 1e-8))
adv = torch.tensor([0.5, -1.0, 2.0])
ratio = torch.tensor([1.3, 0.7, 1.0], requires_grad=True)
l = -torch.min(ratio * adv, torch.clamp(ratio, 0.8, 1.2) * adv).mean()
l.backward()
print(l, ratio.grad)
