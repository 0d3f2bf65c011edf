"""Variables that are fetched together with what changes them: one sees them changed."""


def _after(tf, fetches, runs=2):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(fetches) for _ in range(runs)]


def with_a_step(tf, np):
    w, count = tf.Variable(tf.ones([3])), tf.train.get_or_create_global_step()
    loss = tf.reduce_sum(w * w)
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=count)
    return _after(tf, [w, w.value(), tf.identity(w), count, step])


def with_adam_and_slots(tf, np):
    w = tf.Variable([1.0, 2.0])
    adam = tf.train.AdamOptimizer(0.1)
    step = adam.minimize(tf.reduce_sum(w**2))
    return _after(tf, {"step": step, "w": w, "m": adam.get_slot(w, "m")}, 3)


def with_assignments(tf, np):
    a, b, c = tf.Variable(5.0), tf.Variable(5.0), tf.Variable([5.0, 6.0])
    changes = [a.assign(7.0), b.assign_add(7.0), tf.scatter_update(c, [0], [1.0])]
    return _after(tf, [a, b, c, *changes], 1) + _after(tf, [changes, a.read_value(), b, c])


def in_a_branch(tf, np):
    v, taken = tf.Variable([1.0, 2.0]), tf.placeholder(tf.bool, [])
    change = tf.cond(taken, lambda: v.assign_add([1.0, 1.0]), lambda: tf.zeros([2]))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run([change, v], {taken: t}) for t in (True, False, True)]


def what_is_computed_of_one_is_from_before(tf, np):
    w = tf.Variable([3.0, 4.0])
    loss = tf.reduce_sum(tf.exp(w))
    step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
    return _after(tf, [step, loss, w])
