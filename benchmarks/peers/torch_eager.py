"""The rows in PyTorch, eagerly, with its own optimizers."""
import torch
from torch.nn import functional as F

from benchmarks import rows
from benchmarks.training import Training

VERSION = "PyTorch " + torch.__version__


def build(row):
    arrays = [torch.from_numpy(array) for array in rows.batch(row)]
    values = [torch.from_numpy(value) for value in rows.weights(row)]
    if row.model == "cnn":
        arrays[0] = arrays[0].permute(0, 3, 1, 2).contiguous()
        values = channels_first(row, values)
    parameters = [value.requires_grad_() for value in values]
    update = optimizer(row, parameters)

    def loss():
        return MODELS[row.model](row, parameters, *arrays)

    def step():
        update.zero_grad()
        loss().backward()
        update.step()

    return Training(step, lambda: loss().item())


def optimizer(row, parameters):
    make = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[row.optimizer]
    return make(parameters, lr=row.rate, fused=True)


def channels_first(row, values):
    """The weights of the CNN as PyTorch lays them out: images come as channels of rows."""
    side, _, second, hidden, _ = row.sizes
    values[0] = values[0].permute(3, 2, 0, 1).contiguous()
    values[2] = values[2].permute(3, 2, 0, 1).contiguous()
    flat = values[4].reshape(side // 4, side // 4, second, hidden)
    values[4] = flat.permute(2, 0, 1, 3).reshape(-1, hidden).contiguous()
    return values


def dense(row, parameters, x, y):
    activation = {"relu": torch.relu, "tanh": torch.tanh}[row.activation]
    layer = x
    for W, b in zip(parameters[::2], parameters[1::2]):
        layer = torch.addmm(b, layer if layer is x else activation(layer), W)
    if rows.is_regression(row):
        return F.mse_loss(layer, y)
    cost = F.cross_entropy(layer, y)
    if row.l2:
        cost = cost + row.l2 / 2 * sum(W.square().sum() for W in parameters[::2])
    return cost


def chain(row, parameters):
    (x,) = parameters
    return (torch.tanh(1.5 * x + 0.5) * torch.exp(-0.5 * x * x) + 0.1 * x.square()).sum()


def cnn(row, parameters, x, y):
    K1, b1, K2, b2, W1, c1, W2, c2 = parameters
    layer = x
    for K, b in ((K1, b1), (K2, b2)):
        layer = F.max_pool2d(torch.relu(F.conv2d(layer, K, b, padding="same")), 2)
    hidden = torch.relu(torch.addmm(c1, layer.flatten(1), W1))
    return F.cross_entropy(torch.addmm(c2, hidden, W2), y)


def lstm(row, parameters, x, y):
    W, b, V, d = parameters
    h = c = x.new_zeros(len(x), row.sizes[2])
    for inputs in x.unbind(1):
        i, j, f, o = torch.addmm(b, torch.cat([inputs, h], 1), W).chunk(4, 1)
        c = torch.sigmoid(f + 1) * c + torch.sigmoid(i) * torch.tanh(j)
        h = torch.sigmoid(o) * torch.tanh(c)
    return F.cross_entropy(torch.addmm(d, h, V), y)


MODELS = {"dense": dense, "chain": chain, "cnn": cnn, "lstm": lstm}
