"""The order of reads and writes of variables within one run."""

from goldens.kit import run


def _started(tf):
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    return sess


def counting(tf, np):
    v = tf.Variable(0)
    step = tf.assign(v, v + 1)
    with _started(tf) as sess:
        return [sess.run(step) for _ in range(3)] + [sess.run(v)]


def assign_returns_the_new_value(tf, np):
    v = tf.Variable(1.0)
    ops = [v.assign(5.0), v.assign_add(2.0), v.assign_sub(1.0)]
    with _started(tf) as sess:
        return [sess.run(op) for op in ops] + [sess.run(v)]


def read_value_after_an_assign(tf, np):
    v = tf.Variable(1.0)
    with tf.control_dependencies([v.assign(5.0)]):
        after = v.read_value()
    with _started(tf) as sess:
        return sess.run(after)


def identity_after_an_assign(tf, np):
    v = tf.Variable(1.0)
    with tf.control_dependencies([v.assign(5.0)]):
        after = tf.identity(v)
    with _started(tf) as sess:
        return sess.run(after)


def sum_after_an_assign(tf, np):
    v = tf.Variable(1.0)
    with tf.control_dependencies([v.assign(5.0)]):
        after = v + 0.0
    with _started(tf) as sess:
        return sess.run(after)


def assign_after_an_assign(tf, np):
    v = tf.Variable(1.0)
    with tf.control_dependencies([v.assign(5.0)]):
        twice = v.assign_add(1.0)
    with _started(tf) as sess:
        return [sess.run(twice), sess.run(v)]


def chained_assigns(tf, np):
    v = tf.Variable(1.0)
    first = tf.assign_add(v, 1.0)
    second = tf.assign_add(first, 10.0)
    with _started(tf) as sess:
        return [sess.run(second), sess.run(v)]


def arithmetic_on_an_assign(tf, np):
    v = tf.Variable(1.0)
    result = tf.assign(v, 3.0) * 2.0
    with _started(tf) as sess:
        return [sess.run(result), sess.run(v)]


def assign_in_a_control_dependency_of_nothing_fetched(tf, np):
    v = tf.Variable(1.0)
    v.assign(5.0)
    with _started(tf) as sess:
        return sess.run(v)


def loss_is_from_before_the_step(tf, np):
    v = tf.Variable(3.0)
    with tf.control_dependencies([tf.square(v)]):
        loss = tf.identity(tf.square(v))
    with tf.control_dependencies([loss]):
        step = v.assign_sub(1.0)
    with _started(tf) as sess:
        return [sess.run([loss, step.op])[0], sess.run([loss, step.op])[0]]


def group_runs_everything(tf, np):
    a, b = tf.Variable(1.0), tf.Variable(2.0)
    both = tf.group(a.assign(10.0), b.assign(20.0))
    with _started(tf) as sess:
        return [sess.run(both), sess.run([a, b])]


def tuple_waits_for_all(tf, np):
    a = tf.Variable(1.0)
    update = a.assign_add(1.0)
    first, _ = tf.tuple([tf.constant(7.0), update])
    with _started(tf) as sess:
        return [sess.run(first), sess.run(a)]


def no_op_with_dependencies(tf, np):
    a = tf.Variable(1.0)
    with tf.control_dependencies([a.assign(9.0)]):
        done = tf.no_op()
    with _started(tf) as sess:
        return [sess.run(done), sess.run(a)]


def load(tf, np):
    v = tf.Variable([1.0, 2.0])
    with _started(tf) as sess:
        v.load([3.0, 4.0], sess)
        first = sess.run(v)
        v.load(np.array([5.0, 6.0]))
        return [first, sess.run(v)]


def initialized_value(tf, np):
    v = tf.Variable(2.0)
    w = tf.Variable(v.initialized_value() * 3.0)
    u = tf.Variable(w.initialized_value() + v.initialized_value())
    return run(tf, [v, w, u])


def initializers_that_read_variables(tf, np):
    v = tf.Variable(2.0)
    w = tf.Variable(v * 3.0)
    with tf.Session() as sess:
        sess.run(v.initializer)
        sess.run(w.initializer)
        return sess.run(w)


def initialising_twice_restores(tf, np):
    v = tf.Variable(2.0)
    init = tf.global_variables_initializer()
    with tf.Session() as sess:
        sess.run(init)
        sess.run(v.assign(5.0))
        sess.run(init)
        return sess.run(v)


def assign_a_bigger_value(tf, np):
    v = tf.Variable([1.0], validate_shape=False)
    with _started(tf) as sess:
        sess.run(tf.assign(v, [1.0, 2.0], validate_shape=False))
        return sess.run(v)


def scatters(tf, np):
    v = tf.Variable([1.0, 2.0, 3.0])
    with _started(tf) as sess:
        return [
            sess.run(tf.scatter_update(v, [0], [9.0])),
            sess.run(tf.scatter_add(v, [1, 1], [1.0, 1.0])),
            sess.run(tf.scatter_sub(v, 2, 1.0)),
            sess.run(tf.scatter_mul(v, [0], [2.0])),
            sess.run(v),
        ]


def scatter_of_rows(tf, np):
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    with _started(tf) as sess:
        return sess.run(tf.scatter_update(v, [1], [[7.0, 8.0]]))


def count_up_to(tf, np):
    v = tf.Variable(0)
    up = v.count_up_to(2)
    with _started(tf) as sess:
        found = [sess.run(up), sess.run(up)]
        try:
            sess.run(up)
        except tf.errors.OutOfRangeError as raised:
            found.append(type(raised).__name__)
        return found


def global_step_counts(tf, np):
    step = tf.train.get_or_create_global_step()
    bump = tf.assign_add(step, 1)
    with _started(tf) as sess:
        sess.run(bump)
        return [sess.run(bump), tf.train.global_step(sess, step)]


def training_loop(tf, np):
    w, b = tf.Variable(0.0), tf.Variable(0.0)
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    cost = tf.reduce_mean(tf.square(x * w + b - y))
    train = tf.train.GradientDescentOptimizer(0.05).minimize(cost)
    costs = []
    with _started(tf) as sess:
        for _ in range(20):
            sess.run(train, {x: [1, 2, 3], y: [3, 5, 7]})
            costs.append(sess.run(cost, {x: [1, 2, 3], y: [3, 5, 7]}))
        return [costs, sess.run([w, b])]


def while_counting_by_hand(tf, np):
    state = tf.Variable(0, name="counter")
    update = tf.assign(state, tf.add(state, tf.constant(1)))
    found = []
    with _started(tf) as sess:
        for _ in range(3):
            sess.run(update)
            found.append(sess.run(state))
    return found


def assign_casts_nothing(tf, np):
    v = tf.Variable(1)
    w = tf.Variable(1.0)
    found = []
    for build in (
        lambda: v.assign(1.5),
        lambda: w.assign(2),
        lambda: w.assign(v),
        lambda: v.assign_add(2),
    ):
        try:
            build()
            found.append("no error")
        except Exception as raised:
            found.append(type(raised).__name__)
    return found
