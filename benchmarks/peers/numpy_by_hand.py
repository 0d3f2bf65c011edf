"""The rows by hand: loss and gradients as one writes them in NumPy, parameters updated in place.

A model is a function that runs forward and returns two more: the loss, and the gradients.
"""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from benchmarks import rows
from benchmarks.training import Training

VERSION = "NumPy " + np.__version__


def build(row):
    arrays = rows.batch(row)
    parameters = rows.weights(row)
    model, update = MODELS[row.model], UPDATES[row.optimizer](row, parameters)

    def step():
        _, gradients = model(row, parameters, *arrays)
        update(gradients())

    def loss():
        loss, _ = model(row, parameters, *arrays)
        return loss()

    return Training(step, loss)


def sgd(row, parameters):
    rate = np.float32(row.rate)

    def update(gradients):
        for parameter, gradient in zip(parameters, gradients):
            parameter -= rate * gradient

    return update


def adam(row, parameters):
    """As TensorFlow has it: epsilon outside the root, both corrections in the rate."""
    means = [np.zeros_like(parameter) for parameter in parameters]
    squares = [np.zeros_like(parameter) for parameter in parameters]
    count = 0

    def update(gradients):
        nonlocal count
        count += 1
        rate = np.float32(row.rate * (1 - 0.999**count) ** 0.5 / (1 - 0.9**count))
        for parameter, gradient, m, v in zip(parameters, gradients, means, squares):
            m += np.float32(0.1) * (gradient - m)
            v += np.float32(0.001) * (gradient * gradient - v)
            parameter -= rate * m / (np.sqrt(v) + np.float32(1e-8))

    return update


UPDATES = {"sgd": sgd, "adam": adam}


# -- dense ----------------------------------------------------------------------------------------


def dense(row, parameters, x, y):
    matrices, biases = parameters[::2], parameters[1::2]
    layers = [x]
    for W, b in zip(matrices[:-1], biases):
        z = layers[-1] @ W + b
        layers.append(np.maximum(z, 0) if row.activation == "relu" else np.tanh(z))
    output = layers[-1] @ matrices[-1] + biases[-1]

    def loss():
        if rows.is_regression(row):
            return np.mean((output - y) ** 2)
        l2 = sum(np.sum(W * W) for W in matrices) if row.l2 else 0
        return cross_entropy(output, y) + row.l2 / 2 * l2

    def gradients():
        if rows.is_regression(row):
            slope = (output - y) * np.float32(2 / len(x))
        else:
            slope = cross_entropy_slope(output, y)
        backward = []
        for W, layer in zip(matrices[::-1], layers[::-1]):
            backward.append(slope.sum(axis=0))
            backward.append(layer.T @ slope)
            if row.l2:
                backward[-1] += np.float32(row.l2) * W
            if layer is not x:
                slope = slope @ W.T
                slope *= layer > 0 if row.activation == "relu" else 1 - layer * layer
        return backward[::-1]

    return loss, gradients


def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - np.sum(labels * shifted, axis=1))


def cross_entropy_slope(logits, labels):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (exp / exp.sum(axis=1, keepdims=True) - labels) / np.float32(len(labels))


# -- chain ----------------------------------------------------------------------------------------


def chain(row, parameters):
    (x,) = parameters
    tanh = np.tanh(1.5 * x + 0.5)
    exp = np.exp(-0.5 * x * x)

    def loss():
        return np.sum(tanh * exp + 0.1 * x * x)

    def gradients():
        return [1.5 * (1 - tanh * tanh) * exp - x * tanh * exp + 0.2 * x]

    return loss, gradients


# -- cnn ------------------------------------------------------------------------------------------


def cnn(row, parameters, x, y):
    K1, b1, K2, b2, W1, c1, W2, c2 = parameters
    columns1, relu1, pooled1 = convolved(x, K1, b1)
    columns2, relu2, pooled2 = convolved(pooled1, K2, b2)
    flat = pooled2.reshape(len(x), -1)
    hidden = np.maximum(flat @ W1 + c1, 0)
    logits = hidden @ W2 + c2

    def gradients():
        slope = cross_entropy_slope(logits, y)
        dW2, dc2 = hidden.T @ slope, slope.sum(axis=0)
        slope = slope @ W2.T * (hidden > 0)
        dW1, dc1 = flat.T @ slope, slope.sum(axis=0)
        slope = unpooled((slope @ W1.T).reshape(pooled2.shape), relu2, pooled2)
        dK2, db2 = columns2.T @ slope, slope.sum(axis=0)
        slope = pasted(slope @ K2.reshape(-1, K2.shape[-1]).T, pooled1.shape)
        slope = unpooled(slope, relu1, pooled1)
        dK1, db1 = columns1.T @ slope, slope.sum(axis=0)
        return [dK1.reshape(K1.shape), db1, dK2.reshape(K2.shape), db2, dW1, dc1, dW2, dc2]

    return lambda: cross_entropy(logits, y), gradients


def convolved(x, K, b):
    """The 5 x 5 windows of x as rows, the convolution's relu, and its largest of each 2 x 2."""
    n, height, width, channels = x.shape
    padded = np.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0)))
    windows = sliding_window_view(padded, (5, 5), axis=(1, 2))
    columns = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, 25 * channels)
    relu = np.maximum(columns @ K.reshape(-1, K.shape[-1]) + b, 0)
    relu = relu.reshape(n, height // 2, 2, width // 2, 2, -1)
    return columns, relu, relu.max(axis=(2, 4))


def unpooled(slope, relu, pooled):
    """The gradient before the pooling and before the relu, one row per pixel."""
    largest = (relu == pooled[:, :, None, :, None]) & (relu > 0)
    return (slope[:, :, None, :, None] * largest).reshape(-1, relu.shape[-1])


def pasted(columns, shape):
    """The sum of windows, each added back where it was cut out."""
    n, height, width, channels = shape
    padded = np.zeros((n, height + 4, width + 4, channels), np.float32)
    windows = columns.reshape(n, height, width, 5, 5, channels)
    for i in range(5):
        for j in range(5):
            padded[:, i : i + height, j : j + width] += windows[:, :, :, i, j]
    return padded[:, 2:-2, 2:-2]


# -- lstm -----------------------------------------------------------------------------------------


def lstm(row, parameters, x, y):
    W, b, V, d = parameters
    steps, inputs, units, _ = row.sizes
    h = c = np.zeros((len(x), units), np.float32)
    tape = []
    for t in range(steps):
        joined = np.concatenate([x[:, t], h], axis=1)
        i, j, f, o = np.split(joined @ W + b, 4, axis=1)
        i, j, f, o = sigmoid(i), np.tanh(j), sigmoid(f + 1), sigmoid(o)
        before, c = c, f * c + i * j
        tanh = np.tanh(c)
        h = o * tanh
        tape.append((joined, before, tanh, i, j, f, o))
    logits = h @ V + d

    def gradients():
        slope = cross_entropy_slope(logits, y)
        dV, dd = h.T @ slope, slope.sum(axis=0)
        dW, db, dc = np.zeros_like(W), np.zeros_like(b), np.zeros_like(c)
        dh = slope @ V.T
        for joined, before, tanh, i, j, f, o in reversed(tape):
            dc += dh * o * (1 - tanh * tanh)
            gates = [
                dc * j * i * (1 - i),
                dc * i * (1 - j * j),
                dc * before * f * (1 - f),
                dh * tanh * o * (1 - o),
            ]
            slope = np.concatenate(gates, axis=1)
            dW += joined.T @ slope
            db += slope.sum(axis=0)
            dh = slope @ W[inputs:].T
            dc *= f
        return [dW, db, dV, dd]

    return lambda: cross_entropy(logits, y), gradients


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


MODELS = {"dense": dense, "chain": chain, "cnn": cnn, "lstm": lstm}
