"""What is measured: the training steps, their data and their first weights, the same for each peer.

The files that workers load (rows, worker, peers/) keep to what Python 3.7 reads: TensorFlow 1.15
has no newer one.
"""
from collections import namedtuple

import numpy as np

Row = namedtuple(
    "Row",
    [
        "name",
        "model",  # dense, chain, cnn, lstm, scan; op, program: in files of their own
        "sizes",
        "batch",
        "activation",
        "optimizer",  # sgd or adam
        "rate",
        "l2",  # of each matrix: l2 * sum(W ** 2) / 2
    ],
)
Row.__new__.__defaults__ = (1, "relu", "sgd", 0.05, 0.0)

DRAWN = (1 << 24) + 43  # numbers; a prime, so that rows of matrices do not repeat each other
TALK = (784, 256, 128, 10)
ROWS = [
    Row("linear regression, 3 features, batch 32", "dense", (3, 1), 32),
    Row("softmax 784-10, batch 100", "dense", (784, 10), 100),
    Row("784-128-10 relu, batch 100", "dense", (784, 128, 10), 100),
    Row("784-256-128-10 relu and L2, batch 128 (the talk's notebook)", "dense", TALK, 128, l2=0.01),
    Row("the notebook with tanh and Adam", "dense", TALK, 128, "tanh", "adam", 0.001, l2=0.01),
    Row("784-4x1024-10 relu, batch 256", "dense", (784, 1024, 1024, 1024, 1024, 10), 256),
    Row("element-wise chain and its gradient, 1 M elements", "chain", (1 << 20,)),
    Row("MNIST CNN 5x5x32, 5x5x64, 1024, batch 50", "cnn", (28, 32, 64, 1024, 10), 50),
    Row("LSTM of 28 steps unrolled, 128 units, batch 128", "lstm", (28, 28, 128, 10), 128),
]
WIDE = ROWS[5]
NOTEBOOK = ROWS[3]

BATCHES = [
    NOTEBOOK._replace(name=f"784-256-128-10, batch {batch}", batch=batch)
    for batch in (1, 8, 32, 128, 512, 2048)
]
WIDTHS = [
    Row(f"784-{width}-10, batch 128", "dense", (784, width, 10), 128)
    for width in (16, 64, 256, 1024, 4096)
]

LOOPS = [  # tf.scan over so many steps, of so many units, with the gradient
    Row(f"scan of {steps} steps, {units} units, batch {batch}", "scan", (steps, units), batch)
    for steps, units, batch in [(100, 4, 1), (100, 64, 32), (100, 128, 32), (100, 256, 32)]
]


def small(row):
    """The same row with sizes that train in milliseconds."""
    most = {"dense": 12, "chain": 1000, "cnn": 8, "lstm": 5, "scan": 5}[row.model]
    return row._replace(sizes=tuple(min(size, most) for size in row.sizes), batch=min(row.batch, 7))


def batch(row):
    """The arrays that a step is fed: inputs and labels, made up but always the same."""
    random = np.random.RandomState(0)
    if row.model == "chain":
        return ()
    if row.model == "scan":
        steps, units = row.sizes
        return (random.randn(steps, row.batch, units).astype(np.float32),)
    inputs = {
        "dense": row.sizes[:1],
        "cnn": (row.sizes[0], row.sizes[0], 1),
        "lstm": row.sizes[:2],
    }[row.model]
    x = random.randn(row.batch, *inputs).astype(np.float32)
    if row.sizes[-1] == 1:
        return x, x.sum(axis=1, keepdims=True)
    classes = random.randint(0, row.sizes[-1], row.batch)
    return x, np.eye(row.sizes[-1], dtype=np.float32)[classes]


def shapes(row):
    """The shape of each parameter: matrices (or filters) and biases by turns."""
    if row.model == "chain":
        return [row.sizes]
    if row.model == "scan":
        matrices = [row.sizes[1:] * 2]
    elif row.model == "lstm":
        _, inputs, units, classes = row.sizes
        matrices = [(inputs + units, 4 * units), (units, classes)]
    elif row.model == "cnn":
        side, first, second, hidden, classes = row.sizes
        flat = (side // 4) ** 2 * second
        matrices = [(5, 5, 1, first), (5, 5, first, second), (flat, hidden), (hidden, classes)]
    else:
        matrices = list(zip(row.sizes, row.sizes[1:]))
    return [shape for matrix in matrices for shape in (matrix, matrix[-1:])]


def weights(row):
    """The first values of the parameters: what a layer sums up has variance 1, biases are zero."""
    random = np.random.RandomState(1)
    if row.model == "chain":
        return [drawn(random, row.sizes).astype(np.float32)]
    return [
        (drawn(random, shape) / np.sqrt(np.prod(shape[:-1]))).astype(np.float32)
        if len(shape) > 1
        else np.zeros(shape, np.float32)
        for shape in shapes(row)
    ]


def drawn(random, shape):
    """Normal numbers; very large arrays repeat some, which saves the seconds of drawing them."""
    size = int(np.prod(shape, dtype=np.int64))
    if size <= DRAWN:
        return random.randn(*shape)
    return np.resize(random.randn(DRAWN).astype(np.float32), shape)


def is_regression(row):
    return row.sizes[-1] == 1
