"""More rows for ops of cases.py: other ranks, broadcasting from both sides, axes from the end."""
import numpy as np
from cases import row
from domains import away, bools, distinct, ints, positive, real

import minitf as tf

# -- broadcasting ---------------------------------------------------------------------------------

CROSS = real(2, 1, 3), real(4, 1, key=1)
row("AddV2", lambda a, b: a + b, *CROSS, want=np.add)
row("Sub", tf.subtract, *CROSS, want=np.subtract)
row("Mul", tf.multiply, *CROSS, want=np.multiply)
row("RealDiv", tf.realdiv, real(2, 1, 3), positive(4, 1), want=np.divide)
row("SquaredDifference", tf.squared_difference, *CROSS, want=lambda a, b: (a - b) ** 2)
row("Maximum", tf.maximum, distinct(2, 1, 3), distinct(4, 1) + 0.2, want=np.maximum)
row("Less", tf.less, ints(2, 1, 3), ints(4, 1), want=np.less)
row("FloorDiv", tf.floor_div, away(2, 1, 3), positive(4, 1), want=np.floor_divide, grad=False)

# -- reductions -----------------------------------------------------------------------------------

BLOCK = real(2, 3, 4, 2)
row("Sum", lambda x: tf.reduce_sum(x, [-1, 1]), BLOCK, want=lambda x: x.sum((1, 3)))
row("Mean", lambda x: tf.reduce_mean(x, -2, keepdims=True), BLOCK,
    want=lambda x: x.mean(-2, keepdims=True))  # fmt: skip
row("Max", lambda x: tf.reduce_max(x, [0, 2]), distinct(2, 3, 4), want=lambda x: x.max((0, 2)))
row("Prod", lambda x: tf.reduce_prod(x, 1), real(2, 3, 2), want=lambda x: x.prod(1))
row("All", lambda x: tf.reduce_all(x, [0, -1]), bools(2, 3, 2), want=lambda x: x.all((0, 2)))
row("ArgMax", lambda x: tf.argmax(x, -2), distinct(2, 3, 4), grad=False,
    want=lambda x: x.argmax(-2))  # fmt: skip

# -- layout ---------------------------------------------------------------------------------------

row("Transpose", lambda x: tf.transpose(x, [3, 1, 0, 2]), BLOCK,
    want=lambda x: x.transpose(3, 1, 0, 2))  # fmt: skip
row("ConcatV2", lambda a, b: tf.concat([a, b, a], -1), real(2, 1, 3), real(2, 1, 2, key=1),
    want=lambda a, b: np.concatenate([a, b, a], -1))  # fmt: skip
row("Tile", lambda x: tf.tile(x, [1, 2, 3]), real(2, 1, 2), want=lambda x: np.tile(x, [1, 2, 3]))
row("GatherV2", lambda x, i: tf.gather(x, i, axis=-1), real(2, 3, 4), ints(2, 2, low=0, high=4),
    want=lambda x, i: np.take(x, i, -1))  # fmt: skip
row("ExpandDims", lambda x: tf.expand_dims(x, -2), real(2, 3), want=lambda x: x[:, None])
row("Cumsum", lambda x: tf.cumsum(x, -1, reverse=True), real(2, 3),
    want=lambda x: x[:, ::-1].cumsum(-1)[:, ::-1])  # fmt: skip
