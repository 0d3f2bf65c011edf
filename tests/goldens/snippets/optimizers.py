"""Five steps of each optimizer from known gradients: variables and slots after every step."""


def _steps(tf, optimizer, loss, variables, feed=None, count=5):
    """The variables and their slots after each of the steps of optimizer.minimize(loss)."""
    train = optimizer.minimize(loss, var_list=variables)
    slots = [optimizer.get_slot(v, name) for v in variables for name in optimizer.get_slot_names()]
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(count):
            sess.run(train, feed)
            found.append(sess.run([variables, slots]))
    return [sorted(optimizer.get_slot_names()), found]


def _dense(tf, optimizer):
    w, b = tf.Variable([1.0, -2.0, 3.0], name="w"), tf.Variable(0.5, name="b")
    loss = tf.reduce_sum(tf.square(w * [1.0, 2.0, 0.1] - 1.0)) + 3.0 * tf.square(b)
    return _steps(tf, optimizer, loss, [w, b])


def _sparse(tf, optimizer):
    """Row 1 twice, row 3 once, rows 0 and 2 never."""
    table = tf.Variable([[1.0, 2.0], [3.0, -4.0], [5.0, 6.0], [0.5, 0.25]], name="table")
    rows = tf.gather(table, [1, 3, 1])
    return _steps(tf, optimizer, tf.reduce_sum(tf.square(rows)), [table])


def gradient_descent(tf, np):
    return _dense(tf, tf.train.GradientDescentOptimizer(0.1))


def gradient_descent_sparse(tf, np):
    return _sparse(tf, tf.train.GradientDescentOptimizer(0.1))


def momentum(tf, np):
    return _dense(tf, tf.train.MomentumOptimizer(0.1, 0.9))


def momentum_sparse(tf, np):
    return _sparse(tf, tf.train.MomentumOptimizer(0.1, 0.9))


def nesterov(tf, np):
    return _dense(tf, tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True))


def nesterov_sparse(tf, np):
    return _sparse(tf, tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True))


def adam(tf, np):
    return _dense(tf, tf.train.AdamOptimizer(0.1))


def adam_default_rate(tf, np):
    return _dense(tf, tf.train.AdamOptimizer())


def adam_with_other_betas(tf, np):
    return _dense(tf, tf.train.AdamOptimizer(0.1, beta1=0.5, beta2=0.9, epsilon=0.1))


def adam_sparse(tf, np):
    return _sparse(tf, tf.train.AdamOptimizer(0.1))


def rmsprop(tf, np):
    return _dense(tf, tf.train.RMSPropOptimizer(0.1))


def rmsprop_with_momentum(tf, np):
    return _dense(tf, tf.train.RMSPropOptimizer(0.1, decay=0.8, momentum=0.5, epsilon=1e-3))


def rmsprop_centered(tf, np):
    return _dense(tf, tf.train.RMSPropOptimizer(0.1, centered=True))


def rmsprop_sparse(tf, np):
    return _sparse(tf, tf.train.RMSPropOptimizer(0.1))


def rmsprop_centered_sparse(tf, np):
    return _sparse(tf, tf.train.RMSPropOptimizer(0.1, momentum=0.5, centered=True))


def adagrad(tf, np):
    return _dense(tf, tf.train.AdagradOptimizer(0.1))


def adagrad_with_another_start(tf, np):
    return _dense(tf, tf.train.AdagradOptimizer(0.5, initial_accumulator_value=1.0))


def adagrad_sparse(tf, np):
    return _sparse(tf, tf.train.AdagradOptimizer(0.1))


def float64_variables(tf, np):
    w = tf.Variable(np.array([1.0, -2.0]))
    return _steps(tf, tf.train.AdamOptimizer(0.1), tf.reduce_sum(w * w), [w])


def learning_rate_placeholder(tf, np):
    rate = tf.placeholder(tf.float32, [])
    w = tf.Variable([1.0, -2.0])
    optimizer = tf.train.GradientDescentOptimizer(rate)
    return _steps(tf, optimizer, tf.reduce_sum(w * w), [w], {rate: 0.25})


def learning_rate_tensor_for_adam(tf, np):
    rate = tf.Variable(0.1, trainable=False)
    w = tf.Variable([1.0, -2.0])
    return _steps(tf, tf.train.AdamOptimizer(rate), tf.reduce_sum(w * w), [w])


def learning_rate_function(tf, np):
    w = tf.Variable([1.0])
    return _steps(tf, tf.train.GradientDescentOptimizer(lambda: 0.1), tf.reduce_sum(w * w), [w])


def exponential_decay(tf, np):
    step = tf.Variable(0, trainable=False)
    rate = tf.train.exponential_decay(0.5, step, 2, 0.5, staircase=True)
    smooth = tf.train.exponential_decay(0.5, step, 2, 0.5)
    w = tf.Variable(1.0)
    train = tf.train.GradientDescentOptimizer(rate).minimize(w * w, global_step=step)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = []
        for _ in range(5):
            found.append(sess.run([rate, smooth, w, step]))
            sess.run(train)
        return found


def clipped_gradients(tf, np):
    w = tf.Variable([3.0, 4.0])
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    pairs = optimizer.compute_gradients(tf.reduce_sum(w * w))
    train = optimizer.apply_gradients([(tf.clip_by_norm(g, 1.0), v) for g, v in pairs])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        return sess.run(w)


def by_hand(tf, np):
    w = tf.Variable([3.0, 4.0])
    gradient = tf.gradients(tf.reduce_sum(w * w), w)[0]
    train = w.assign(w - 0.1 * gradient)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(train), sess.run(train)]


def two_minimisers_of_one_loss(tf, np):
    w = tf.Variable(1.0)
    loss = w * w
    first = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    second = tf.train.AdamOptimizer(0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(first)
        sess.run(second)
        return sess.run(w)


def gradient_of_one_variable_is_none(tf, np):
    w, unused = tf.Variable(1.0), tf.Variable(7.0)
    train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(w * w)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        return [sess.run([w, unused]), len(tf.global_variables())]


def loss_and_step_together(tf, np):
    w = tf.Variable(2.0)
    loss = w * w
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run([train, loss])[1] > 0.0 and sess.run(w), sess.run(train), sess.run(w)]
