"""Short trainings whose course is compared with TensorFlow's; they know only the given `tf`."""

import numpy as np

STEPS = 30

OPTIMIZERS = {
    "gradient_descent": lambda tf: tf.train.GradientDescentOptimizer(0.1),
    "momentum": lambda tf: tf.train.MomentumOptimizer(0.05, 0.9),
    "nesterov": lambda tf: tf.train.MomentumOptimizer(0.05, 0.9, use_nesterov=True),
    "adam": lambda tf: tf.train.AdamOptimizer(0.05),
    "adam_other": lambda tf: tf.train.AdamOptimizer(0.1, beta1=0.5, beta2=0.9, epsilon=0.1),
    "rmsprop": lambda tf: tf.train.RMSPropOptimizer(0.02),
    "rmsprop_momentum": lambda tf: tf.train.RMSPropOptimizer(0.02, 0.8, 0.5, 1e-3),
    "rmsprop_centered": lambda tf: tf.train.RMSPropOptimizer(0.02, momentum=0.3, centered=True),
    "adagrad": lambda tf: tf.train.AdagradOptimizer(0.2),
    "adagrad_start": lambda tf: tf.train.AdagradOptimizer(0.2, initial_accumulator_value=2.0),
    "adadelta": lambda tf: tf.train.AdadeltaOptimizer(1.0, 0.9, 1e-3),
    "ftrl": lambda tf: tf.train.FtrlOptimizer(0.3),
    "ftrl_penalties": lambda tf: tf.train.FtrlOptimizer(
        0.3, l1_regularization_strength=0.2, l2_regularization_strength=0.1
    ),
    "ftrl_power": lambda tf: tf.train.FtrlOptimizer(0.3, learning_rate_power=-0.7),
    "ftrl_shrinkage": lambda tf: tf.train.FtrlOptimizer(
        0.3, l2_shrinkage_regularization_strength=0.05
    ),
    "proximal_descent": lambda tf: tf.train.ProximalGradientDescentOptimizer(0.1, 0.05, 0.1),
    "proximal_adagrad": lambda tf: tf.train.ProximalAdagradOptimizer(
        0.2, l1_regularization_strength=0.05, l2_regularization_strength=0.1
    ),
}


def dtypes(name):
    """TensorFlow's proximal optimizers take their rate as float32 alone."""
    return ("float32",) if name.startswith("proximal") else ("float32", "float64")


def start():
    return np.linspace(-1.0, 1.0, 12).reshape(4, 3)


def batch(step):
    """Fixed numbers for one step: x [5, 4], y [5, 3]."""
    numbers = np.sin(np.arange(35) * 1.7 + step)
    return numbers[:20].reshape(5, 4), numbers[20:].reshape(5, 3)


def rows(step):
    """Rows to read in one step; one of them twice."""
    return [step % 4, (step * 3 + 1) % 4, step % 4]


def dense(tf, make, dtype):
    """[weights after each step, slots at the end] of a linear regression."""
    tf.reset_default_graph()
    x, y = tf.placeholder(dtype, [None, 4]), tf.placeholder(dtype, [None, 3])
    w = tf.Variable(start().astype(dtype), name="w")
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
    return course(tf, make(tf), loss, w, lambda step: dict(zip((x, y), batch(step))))


def sparse(tf, make, dtype):
    """As `dense`, for rows of w read by tf.gather."""
    tf.reset_default_graph()
    ids, y = tf.placeholder(tf.int32, [None]), tf.placeholder(dtype, [None, 3])
    w = tf.Variable(start().astype(dtype), name="w")
    loss = tf.reduce_sum(tf.square(tf.gather(w, ids) - y))
    return course(
        tf, make(tf), loss, w, lambda step: {ids: rows(step), y: batch(step)[1][:3]}
    )


def course(tf, optimizer, loss, w, feed):
    train = optimizer.minimize(loss)
    kept = [optimizer.get_slot(w, name) for name in optimizer.get_slot_names()]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        weights = []
        for step in range(STEPS):
            sess.run(train, feed(step))
            weights.append(sess.run(w).ravel().tolist())
        slots = [value.ravel().tolist() for value in sess.run(kept)]
    return {"weights": weights[:3] + weights[9::10], "slots": slots}


RATES = {
    "exponential": lambda tf, t: tf.train.exponential_decay(0.1, t, 10, 0.9),
    "exponential_stairs": lambda tf, t: tf.train.exponential_decay(0.1, t, 10, 0.9, True),
    "natural": lambda tf, t: tf.train.natural_exp_decay(0.1, t, 10, 0.5),
    "natural_stairs": lambda tf, t: tf.train.natural_exp_decay(0.1, t, 10, 0.5, staircase=True),
    "inverse": lambda tf, t: tf.train.inverse_time_decay(0.1, t, 10, 0.5),
    "inverse_stairs": lambda tf, t: tf.train.inverse_time_decay(0.1, t, 10, 0.5, True),
    "polynomial": lambda tf, t: tf.train.polynomial_decay(0.1, t, 20, 0.01, power=2.0),
    "polynomial_cycle": lambda tf, t: tf.train.polynomial_decay(0.1, t, 20, 0.01, cycle=True),
    "piecewise": lambda tf, t: tf.train.piecewise_constant(t, [5, 20], [0.1, 0.05, 0.01]),
    "cosine": lambda tf, t: tf.train.cosine_decay(0.1, t, 20, alpha=0.1),
    "restarts": lambda tf, t: tf.train.cosine_decay_restarts(0.1, t, 5, m_mul=0.9),
    "restarts_alike": lambda tf, t: tf.train.cosine_decay_restarts(0.1, t, 5, t_mul=1.0),
    "linear_cosine": lambda tf, t: tf.train.linear_cosine_decay(0.1, t, 20),
}


def rates(tf, make):
    """The rate at some steps."""
    tf.reset_default_graph()
    step = tf.placeholder(tf.int32, [])
    rate = make(tf, step)
    with tf.Session() as sess:
        return [float(sess.run(rate, {step: t})) for t in (0, 1, 4, 5, 6, 10, 19, 20, 21, 47)]


AVERAGES = {
    "plain": {"decay": 0.9},
    "num_updates": {"decay": 0.9, "num_updates": 3},
    "debiased": {"decay": 0.9, "zero_debias": True},
}


def averages(tf, options):
    """The averages of a variable and of a tensor, step by step, and the names of all variables."""
    tf.reset_default_graph()
    w = tf.Variable([1.0, 2.0], name="w")
    square = tf.square(w, name="square")
    mean = tf.train.ExponentialMovingAverage(**options)
    with tf.control_dependencies([w.assign_add([1.0, -0.5])]):
        update = mean.apply([w, square])
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(5):
            sess.run(update)
            found.append([v.tolist() for v in sess.run([mean.average(w), mean.average(square)])])
    return {"values": found, "names": [v.name for v in tf.global_variables()]}


def everything(tf):
    """All of the above: {name: result}."""
    found = {}
    for name, make in sorted(OPTIMIZERS.items()):
        for dtype in dtypes(name):
            found["dense", name, dtype] = dense(tf, make, dtype)
            found["sparse", name, dtype] = sparse(tf, make, dtype)
    for name, make in sorted(RATES.items()):
        found["rates", name] = rates(tf, make)
    for name, options in sorted(AVERAGES.items()):
        found["averages", name] = averages(tf, options)
    return {" ".join(key): value for key, value in found.items()}
