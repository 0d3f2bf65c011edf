"""Axes and ranks that only the run knows: norms, products, joined strings."""

from functools import partial

from goldens.kit import error, run, said, shapes


def norms_and_products(tf, np):
    x, axes = tf.placeholder(tf.float64), tf.placeholder(tf.int32)
    values = np.arange(24.0).reshape(2, 3, 4)[..., [1, 3, 0, 2]]
    norms = [tf.norm(x, ord=2, axis=(-2, -1)), tf.norm(x, ord=2, axis=[0, 1], keepdims=True)]
    products = [tf.reduce_prod(x), tf.reduce_prod(x, axes), tf.reduce_prod(x, axes, keepdims=True)]
    gradients = [tf.gradients(y, x)[0] for y in norms + products]
    return [
        run(tf, norms + products, {x: values, axes: [-1]}),
        run(tf, gradients, {x: values, axes: [2, 0]}),
        run(tf, gradients[3:], {x: values[:, :0], axes: [1]}),
    ]


def joined(tf, np):
    text, axes = tf.placeholder(tf.string, [None, 2]), tf.placeholder(tf.int32)
    found = tf.reduce_join(text, axes), tf.reduce_join(text, axes, keep_dims=True)
    words = [["a", "b"], ["c", "d"]]
    return [
        shapes(*found), run(tf, found, {text: words, axes: [1, 0]}),
        run(tf, found, {text: words, axes: -1}),
        said(lambda: run(tf, found, {text: words, axes: [0, 0]}),
             "Duplicate reduction dimension 0"),
    ]  # fmt: skip


def outside(tf, np):
    """Axes that are not there are refused where they are known, else in the run."""
    x = np.arange(4.0).reshape(2, 2)
    loose = tf.placeholder_with_default(x, None)
    return [
        [error(lambda a=a, axes=axes: run(tf, tf.tensordot(a, x, axes)))
         for a in (x, loose) for axes in ([[-3], [0]], [[0], [2]], [[2], [0]], [[-1], [-2]])],
        error(lambda: tf.sparse_concat(0, [_sparse(tf, [2, 2]), _sparse(tf, [2, 2, 2])])),
        said(lambda: run(tf, tf.sparse_concat(1, [_sparse(tf, [3, 3]), _sparse(tf, [2, 3])])),
             "Input shapes must match"),
    ]  # fmt: skip


def _sparse(tf, sizes):
    return tf.SparseTensor([[0] * len(sizes)], [1.0], sizes)


def refused_by_what_is_fed_by_default(tf, np):
    """Sizes and axes that are known as soon as the run is planned: it alone refuses them, and
    only what it takes."""
    x = tf.placeholder(tf.float32, [None, 3])
    feed = {x: np.ones((2, 3), np.float32)}

    def given(value):
        value = np.array(value, np.int32)
        return tf.placeholder_with_default(value, value.shape) + 0

    cases = [
        lambda: tf.reshape(x, given([5, 1])), lambda: tf.reduce_sum(x * 2, given(5)),
        lambda: tf.reduce_max(x, given([-3])), lambda: tf.transpose(x, given([0, 0])),
        lambda: tf.transpose(x, given([1, 2])), lambda: tf.transpose(x, given([0, 1])),
        lambda: tf.tile(x, given([1, -1])), lambda: tf.broadcast_to(x, given([2, 4])),
        lambda: tf.slice(x, given([0, 2]), given([2, 2])), lambda: tf.concat([x, x], given(4)),
        lambda: tf.expand_dims(x, given(4)), lambda: tf.fill(given([-1, 2]), 1.0),
        lambda: tf.reverse(x, given([3])), lambda: tf.cumsum(x, given(3)), lambda: x[given(7)],
    ]  # fmt: skip
    found = []
    for case in cases:
        cut = tf.cond(tf.placeholder_with_default(False, []), case, lambda: tf.constant(1.0))
        found.append([error(partial(run, tf, case(), feed))[0], run(tf, cut, feed)])
    return [found, error(lambda: tf.transpose(x, given([0, 1, 2])))[0]]
