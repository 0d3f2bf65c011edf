"""tf.contrib.opt: steps of optimizers, dense and of rows."""


def _dense(tf, np, optimizer):
    x = tf.Variable([[1.0, -2.0], [3.0, 0.5]])
    step = optimizer.minimize(tf.reduce_sum(x**4 + x))
    return _values(tf, x, step)


def _rows(tf, np, optimizer):
    x = tf.Variable(np.float32([[1.0, -2.0], [3.0, 0.5], [0.1, 0.2]]))
    picked = tf.gather(x, [2, 0, 2])
    step = optimizer.minimize(tf.reduce_sum(picked**2 * [[1.0], [2.0], [3.0]]))
    return _values(tf, x, step)


def _values(tf, x, step):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = []
        for _ in range(3):
            sess.run(step)
            found.append(sess.run(x))
        return found + [[v.name for v in tf.global_variables()]]


def lazy_adam(tf, np):
    made = tf.contrib.opt.LazyAdamOptimizer(0.1)
    found = _dense(tf, np, made)
    tf.reset_default_graph()
    return [found, _rows(tf, np, tf.contrib.opt.LazyAdamOptimizer(0.1, 0.8, 0.9, 0.01))]


def nadam(tf, np):
    found = _dense(tf, np, tf.contrib.opt.NadamOptimizer(0.1))
    tf.reset_default_graph()
    return [found, _rows(tf, np, tf.contrib.opt.NadamOptimizer(0.1, 0.8, 0.9, 0.01))]
