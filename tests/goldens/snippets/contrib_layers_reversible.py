"""tf.contrib.layers: reversible blocks, gradients that are scaled or recomputed."""

from goldens.kit import error, run


def _dense(tf, name):
    def f(x, side=None):
        start = tf.constant_initializer([[0.5, -0.2], [0.1, 0.8]])
        y = tf.layers.dense(x, 2, tf.tanh, kernel_initializer=start, name=name)
        return y if side is None else y * side[0]

    return f


def _block(tf, np, efficient, sides, layers=2):
    tf.reset_default_graph()
    x = tf.constant([[1.0, 2.0], [-0.5, 0.3]])
    y = x * 0.5 - 0.1
    one, other = [tf.constant([0.7, 0.9])], [tf.constant([1.3])]
    side = {"f_side_input": one, "g_side_input": other} if sides else {}
    found = tf.contrib.layers.rev_block(x, y, _dense(tf, "a"), _dense(tf, "b"), layers,
                                        is_training=efficient, **side)  # fmt: skip
    variables = tf.trainable_variables()
    loss = tf.reduce_sum(found[0] ** 2 + 2 * found[1])
    by = [x, y, *variables, *(one + other if sides else [])]
    return [[v.name for v in variables], *run(tf, [found, tf.gradients(loss, by)])]


def reversible(tf, np):
    return [_block(tf, np, *case) for case in ((True, False), (False, False), (True, True))]


def turned_back(tf, np):
    tf.reset_default_graph()
    made = tf.contrib.layers.RevBlock(_dense(tf, "a"), [_dense(tf, "b"), _dense(tf, "c")], 2)
    x, y = tf.constant([[1.0, 2.0]]), tf.constant([[0.1, -3.0]])
    outputs = made.forward(x, y)
    with tf.variable_scope(tf.get_variable_scope(), reuse=True):
        back = made.backward(*outputs)
    return [[v.name for v in made.variables], *run(tf, [outputs, back])]


def recomputed(tf, np):
    found, calls = [], []
    for options in ({}, {"tupleize_grads": True}, {"use_data_dep": True}):
        tf.reset_default_graph()

        @tf.contrib.layers.recompute_grad(**options)
        def layer(x, is_recomputing=False):
            calls.append(is_recomputing)
            y = _dense(tf, "again")(x)
            return y * y, tf.sin(y)

        x = tf.constant([[1.0, 2.0]])
        with tf.variable_scope("it", use_resource=True):
            one, other = layer(x)
        loss = tf.reduce_sum(one + other)
        found.append(run(tf, [one, other, tf.gradients(loss, [x, *tf.trainable_variables()])]))
    return [calls, found]


def recomputed_plainly(tf, np):
    layer = tf.contrib.layers.recompute_grad(lambda x: tf.exp(x) * x)
    x = tf.constant([0.5, 1.0])
    refused = error(lambda: layer([1.0, 2.0]))
    closed = error(lambda: tf.contrib.layers.recompute_grad(lambda y: x * y))
    return [refused, closed, *run(tf, [layer(x), tf.gradients(layer(x), x)])]


def scaled(tf, np):
    x = tf.constant([1.0, 2.0])
    y = tf.contrib.layers.scale_gradient(x, 0.3)
    return run(tf, [y, tf.gradients(y * y, x)])
