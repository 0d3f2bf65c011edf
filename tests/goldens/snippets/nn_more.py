"""Activations to the second derivative, dropout of a seed, softmax along any axis, and more."""

import functools

from goldens.kit import error, run, shapes


def _values(tf, np, *sizes):
    return tf.constant((3 * np.sin(np.arange(np.prod(sizes)) * 1.7 + 0.3)).reshape(sizes)
                       .astype(np.float32))  # fmt: skip


def _derivatives(tf, build, x, orders=2):
    """The value and the derivatives of the sum of its squares."""
    y = build(x)
    found = [y, tf.gradients(y * y, x)[0]]
    if orders == 2:
        found.append(tf.gradients(found[1] * found[1], x)[0] + 1e3)  # small differences
    return found


def activations(tf, np):
    x = tf.constant([-30.0, -2.0, -0.5, 0.0, 0.5, 2.0, 5.5, 7.0, 30.0])
    twice = (tf.nn.relu, tf.nn.relu6, tf.nn.elu, tf.nn.leaky_relu, tf.nn.softplus, tf.sigmoid,
             tf.nn.crelu, tf.tanh, tf.nn.selu, tf.log_sigmoid)  # fmt: skip
    found = [_derivatives(tf, function, x) for function in twice]
    found += [_derivatives(tf, function, x, 1) for function in (tf.nn.softsign, tf.nn.swish)]
    return run(tf, found)


def softmax_along_axes(tf, np):
    x = _values(tf, np, 2, 3, 4)
    return run(
        tf,
        [
            _derivatives(tf, functools.partial(function, axis=axis), x)
            for function in (tf.nn.softmax, tf.nn.log_softmax)
            for axis in (-1, 0, 1, -2)
        ],
    )


def cross_entropy_along_axes(tf, np):
    x, labels = _values(tf, np, 2, 3, 4), tf.nn.softmax(_values(tf, np, 2, 3, 4) * 0.5)
    loss, old = tf.nn.softmax_cross_entropy_with_logits_v2, tf.nn.softmax_cross_entropy_with_logits
    made = [loss(labels, x), loss(labels, x, 1), loss(labels, x, axis=0), loss(labels, x, dim=-1),
            old(labels=labels, logits=x, dim=1)]  # fmt: skip
    firsts = [tf.gradients(y * y, x) for y in made]
    return [run(tf, [made, firsts]), shapes(*made)]


def dropout_of_a_seed(tf, np):
    x = tf.constant(np.arange(1.0, 25.0, dtype=np.float32).reshape(4, 6))
    dropout = tf.nn.dropout
    y = dropout(x, 0.5, seed=1)
    found = [
        [y] + tf.gradients(y * y, x),
        dropout(x, rate=0.25, seed=2),
        dropout(x, 0.75, noise_shape=[4, 1], seed=3),
        dropout(x, rate=tf.constant(0.4), noise_shape=[None, 6], seed=4),
        dropout(tf.cast(x, tf.float64), 0.5, seed=5),
        tf.layers.dropout(x, 0.3, seed=6, training=True),
    ]
    with tf.Session() as sess:
        return [sess.run(found) for _ in range(2)]


def dropout_of_a_graph_seed(tf, np):
    tf.set_random_seed(7)
    return run(tf, tf.nn.dropout(tf.ones([5, 4]), 0.6))


def moments(tf, np):
    x, weights = _values(tf, np, 3, 4, 2), tf.constant([[0.5], [1.0], [0.0], [2.0]])
    mean, variance = tf.nn.moments(x, [0, 1])
    counts, total, squares, shift = tf.nn.sufficient_statistics(x, [0, 1], shift=0.5)
    made = [
        [mean, variance],
        list(tf.nn.moments(x, [1], shift=tf.constant(0.3), keep_dims=True)),
        list(tf.nn.weighted_moments(x, [1], weights)),
        list(tf.nn.weighted_moments(x, [0, 1], weights, keep_dims=True)),
        [counts, total, squares, shift],
        list(tf.nn.normalize_moments(counts, total, squares, shift)),
        tf.gradients(variance * mean, x),
        tf.gradients(tf.nn.l2_normalize(x, [0, 2]) ** 3, x),
    ]
    return run(tf, made)


def losses(tf, np):
    x, labels = _values(tf, np, 3, 4), tf.constant([[0.0, 1.0, 0.5, 0.2]] * 3)
    made = [
        tf.nn.weighted_cross_entropy_with_logits(labels, x, 2.5),
        tf.nn.weighted_cross_entropy_with_logits(targets=labels, logits=x, pos_weight=0.5),
        tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=x),
        tf.nn.log_poisson_loss(labels * 5.0, x),
        tf.nn.log_poisson_loss(labels * 5.0, x, compute_full_loss=True),
    ]
    firsts = [tf.gradients(y * y, x)[0] for y in made]
    return run(tf, [made, firsts, [tf.gradients(dx, x)[0] for dx in firsts]])


def average_losses(tf, np):
    loss = tf.constant([1.0, 2.0, 6.0])
    average, scale = tf.nn.compute_average_loss, tf.nn.scale_regularization_loss
    return run(
        tf,
        [
            average(loss),
            average(loss, [1.0, 0.5, 0.0]),
            average(loss, global_batch_size=6),
            scale(tf.constant([1.0, 2.0])),
        ],
    )


def aliases(tf, np):
    x = _values(tf, np, 1, 2, 2, 4)
    return run(tf, [tf.nn.space_to_depth(x, 2), tf.nn.depth_to_space(x, 2),
                    tf.nn.space_to_batch(x, [[0, 0], [0, 0]], 2)]) + [
        error(lambda: tf.nn.space_to_depth(x, 3))
    ]  # fmt: skip
