"""Rows combined as sets."""

from goldens.kit import accepted, attempt, error, run, shapes


def _ran(tf, sp):
    return list(run(tf, sp))


def sizes(tf, np):
    a = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [3, 0], [3, 1]], [1, 2, 3, 4, 4], [4, 2])
    turned = tf.SparseTensor([[1, 0], [0, 0]], [1, 2], [2, 2])
    return [
        run(tf, tf.sets.set_size(a)),
        attempt(lambda: run(tf, tf.sets.set_size(turned))),
        error(lambda: tf.sets.set_size([1])),
        error(lambda: tf.sets.size(tf.SparseTensor([[0]], [1.0], [1]))),
    ]


def operations(tf, np):
    a = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [3, 0], [3, 1]], [1, 2, 3, 4, 4], [4, 2])
    b = tf.SparseTensor([[0, 0], [1, 0], [1, 1]], [1, 9, 5], [4, 2])
    c = tf.SparseTensor([[0, 0], [1, 0], [1, 1]], [1, 9, 5], [3, 2])
    d = [[1, 2], [2, 3], [1, 1], [2, 2]]
    p = tf.placeholder(tf.int32, [None, 2])
    found = tf.sets.set_union(p, p)
    sets = tf.sets
    return [
        [_ran(tf, f(a, b)) for f in (sets.set_union, sets.set_intersection, sets.set_difference)],
        _ran(tf, sets.set_difference(a, b, False)),
        _ran(tf, sets.intersection([[1, 2], [2, 3]], [[2, 1], [5, 6]])),
        _ran(tf, sets.union([[1, 2], [2, 3]], [[2, 1, 7], [5, 6, 6]])),
        _ran(tf, sets.difference(d, b)), _ran(tf, sets.difference(b, d)),
        _ran(tf, sets.set_difference(d, b, aminusb=False)),
        _ran(tf, sets.set_union([["b", "a"]], [["c", "a"]])),
        _ran(tf, sets.set_intersection([[1]], [[2]])),
        attempt(lambda: run(tf, sets.set_union(a, c).values)),
        error(lambda: sets.set_union([[1, 2], [2, 3]], [[2, 1]])),
        error(lambda: sets.set_union([1, 2], [2, 3])),
        error(lambda: sets.set_union([1.0], [2.0])),
        error(lambda: sets.set_union([1], tf.constant([2], tf.int64))),
        accepted(tf, lambda: sets.set_union([[1]], b).values),
        shapes(found.values, found.indices, found.dense_shape),
    ]  # fmt: skip
