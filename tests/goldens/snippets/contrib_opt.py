"""tf.contrib.opt: steps of optimizers, dense and of rows."""

import os
import tempfile

from goldens.kit import error, names


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


def _averaging(tf):
    return [name for name in names(tf) if name.startswith(("Exponential", "train_"))]


def moving_average(tf, np):
    x, idle = tf.Variable([1.0, 2.0], name="x"), tf.Variable(5.0, name="idle")
    made = tf.contrib.opt.MovingAverageOptimizer(tf.train.MomentumOptimizer(0.1, 0.9), 0.5)
    found = [error(made.swapping_saver)]
    step = made.minimize(tf.reduce_sum(x**2), var_list=[x, idle])
    found += [error(lambda: made.swapping_saver([x])), _averaging(tf), step.name]
    swapping, plain = made.swapping_saver(), tf.train.Saver()
    with tempfile.TemporaryDirectory() as folder, tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(step)
        path = swapping.save(sess, os.path.join(folder, "model"))
        found += [sess.run(v) for v in tf.global_variables()]
        plain.restore(sess, path)
        return found + [[v.op.name, sess.run(v)] for v in tf.global_variables()]


def moving_average_at_once(tf, np):
    x, count = tf.Variable([1.0, 2.0], name="x"), tf.Variable(0, trainable=False, name="count")
    made = tf.contrib.opt.MovingAverageOptimizer(
        tf.train.AdamOptimizer(0.1), num_updates=count, sequential_update=False
    )
    made.minimize(tf.reduce_sum(x**2), global_step=count)
    return _averaging(tf)
