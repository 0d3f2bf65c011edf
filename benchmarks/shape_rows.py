"""Reductions and their kin over arrays of awkward shapes: rows of `benchmarks.ops`."""
from collections import OrderedDict

from benchmarks.op_rows import op

SHAPES = OrderedDict([
    ("rows of 3", lambda n: (n // 3, 3)),
    ("rows of 20", lambda n: (n // 20, 20)),
    ("rows of 100", lambda n: (n // 100, 100)),
    ("3 rows", lambda n: (3, n // 3)),
    ("images of 28 x 28 x 3", lambda n: (max(1, n // 2352), 28, 28, 3)),
    ("sentences of 50 words of 128", lambda n: (max(1, n // 6400), 50, 128)),
])  # fmt: skip
OPS_OF_SHAPES = OrderedDict([
    ("reduce_sum", lambda tf, x: tf.reduce_sum(x, -1)),
    ("reduce_max", lambda tf, x: tf.reduce_max(x, -1)),
    ("reduce_any of x > 2", lambda tf, x: tf.reduce_any(x > 2, -1)),
    ("reduce_sum, axis 1", lambda tf, x: tf.reduce_sum(x, 1)),
    ("reduce_sum, axes 0 and -1", lambda tf, x: tf.reduce_sum(x, [0, -1])),
    ("moments", lambda tf, x: tf.nn.moments(x, [-1])[1]),
    ("argmax, axis 0", lambda tf, x: tf.argmax(x, 0)),
    ("argmax, axis 1", lambda tf, x: tf.argmax(x, 1)),
    ("softmax", lambda tf, x: tf.nn.softmax(x)),
    ("softmax, axis 1", lambda tf, x: tf.nn.softmax(x, 1)),
    ("log_softmax", lambda tf, x: tf.nn.log_softmax(x)),
    ("l2_normalize", lambda tf, x: tf.nn.l2_normalize(x, -1)),
    ("segment_sum", lambda tf, x: tf.segment_sum(x, tf.range(tf.shape(x)[0]) // 2)),
])  # fmt: skip


def _add(name, function, place, shape):
    op("shapes", f"{name}, {place}", lambda tf, v, n: function(tf, v(*shape(n))), False,
       sizes=(3000, 300000))  # fmt: skip


for _name, _function in OPS_OF_SHAPES.items():
    for _place, _shape in SHAPES.items():
        _add(_name, _function, _place, _shape)
