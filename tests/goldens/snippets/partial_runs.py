"""Session.partial_run: values that are kept, what runs when, errors."""

from goldens.kit import error, said


def _sums(tf):
    a, b, c = (tf.placeholder(tf.float32, [], name) for name in "abc")
    r1 = tf.add(a, b, name="r1")
    return a, b, c, r1, tf.multiply(r1, c, name="r2")


def in_two_parts(tf, np):
    a, b, c, r1, r2 = _sums(tf)
    with tf.Session() as sess:
        handle = sess.partial_run_setup([r1, r2], [a, b, c])
        first = sess.partial_run(handle, r1, feed_dict={a: 1, b: 2})
        return [first, sess.partial_run(handle, r2, feed_dict={c: first * 17})]


def feeds_one_by_one(tf, np):
    a, b, c, r1, r2 = _sums(tf)
    with tf.Session() as sess:
        handle = sess.partial_run_setup([r1, r2], [a, b, c])
        return [
            sess.partial_run(handle, [], {a: 1}),
            sess.partial_run(handle, {"r": [r1, r1]}, {b: 1}),
            sess.partial_run(handle, "r2:0", {"c:0": 3}),
        ]


def draws_once(tf, np):
    a, b, *_ = _sums(tf)
    noise = tf.random_uniform([3])
    with tf.Session() as sess:
        one, other = noise + a, noise * b
        handle = sess.partial_run_setup([one, other], [a, b])
        first = sess.partial_run(handle, one, {a: 0})
        return np.array_equal(first, sess.partial_run(handle, other, {b: 1}))


def changes_once(tf, np):
    a, b, c, r1, _r2 = _sums(tf)
    v = tf.Variable(0.0)
    with tf.control_dependencies([tf.assign_add(v, a)]):
        x = tf.identity(r1)
    with tf.control_dependencies([x]):
        y = tf.identity(c) * 2
    with tf.Session() as sess:
        sess.run(v.initializer)
        handle = sess.partial_run_setup([x, y], [a, b, c])
        found = [sess.partial_run(handle, x, {a: 1, b: 2}), sess.run(v)]
        return found + [sess.partial_run(handle, y, {c: 3}), sess.run(v)]


def targets_run_when_they_can(tf, np):
    a, b, c, r1, r2 = _sums(tf)
    v = tf.Variable(0.0)
    step = tf.assign_add(v, r2 + c)
    with tf.Session() as sess:
        sess.run(v.initializer)
        handle = sess.partial_run_setup([r1, r2, step.op], [a, b, c])
        sess.partial_run(handle, r1, {a: 1, b: 2})
        before = sess.run(v)
        found = sess.partial_run(handle, r2, {c: 10})
        return [before, found, sess.run(v)]


def variables_and_branches(tf, np):
    a, _b, c, _r1, _r2 = _sums(tf)
    v = tf.Variable([1.0, 2.0])
    chosen = tf.cond(a > 0, lambda: v * a, lambda: v - a)
    _, looped = tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x + c), [0, chosen])
    with tf.Session() as sess:
        sess.run(v.initializer)
        handle = sess.partial_run_setup([chosen, looped, v], [a, c])
        found = [sess.partial_run(handle, chosen, {a: 2}), sess.partial_run(handle, v)]
        return found + [sess.partial_run(handle, looped, {c: 5})]


def gradients_of_a_loop(tf, np):
    """A loop that draws, in the first part, and its gradient in the second."""
    w, reward = tf.Variable(2.0), tf.placeholder(tf.float32, [])
    steps = tf.placeholder(tf.int32, [])
    drawn = tf.TensorArray(tf.float32, size=0, dynamic_size=True)

    def body(i, x, array):
        noise = tf.random_uniform([])
        return i + 1, x + w * noise, array.write(i, noise)

    _, total, drawn = tf.while_loop(lambda i, *_: i < steps, body, [0, 0.0, drawn])
    slope = tf.gradients(total * reward, w)[0]
    with tf.Session() as sess:
        sess.run(w.initializer)
        handle = sess.partial_run_setup([total, drawn.stack(), slope], [steps, reward])
        first = sess.partial_run(handle, [total, drawn.stack()][:1], {steps: 4})
        sess.run(slope, {steps: 4, reward: 1.0})  # draws others
        last = sess.partial_run(handle, slope, {reward: 3.0})
        return bool(np.isclose(first[0] * 1.5, last)), first[0] > 0


def sparse_feeds(tf, np):
    x = tf.sparse_placeholder(tf.float32)
    dense = tf.sparse_tensor_to_dense(x)
    with tf.Session() as sess:
        handle = sess.partial_run_setup(dense, x)
        return sess.partial_run(handle, dense, {x: ([[0]], [1.0], [2])})


def what_was_not_announced(tf, np):
    a, b, c, r1, r2 = _sums(tf)
    with tf.Session() as sess:
        handle = sess.partial_run_setup([r1], [a, b])
        return [
            said(lambda: sess.partial_run(handle, r1, {c: 1}),
                 "The feed c:0 was not specified in partial_run_setup."),
            said(lambda: sess.partial_run(handle, r2, {a: 1}),
                 "The fetch r2:0 was not specified in partial_run_setup."),
            said(lambda: sess.partial_run(handle, r1.op, {a: 1}),
                 "partial_run() requires empty target_list"),
            sess.partial_run(handle, r1, {a: 1, b: 1}),
        ]  # fmt: skip


def twice(tf, np):
    a, b, c, r1, r2 = _sums(tf)
    with tf.Session() as sess:
        handle = sess.partial_run_setup([r1, r2], [a, b, c])
        sess.partial_run(handle, r1, {a: 1, b: 2})
        found = [
            said(lambda: sess.partial_run(handle, r2, {a: 1}),
                 "The feed a:0 has already been fed."),
            said(lambda: sess.partial_run(handle, r1), "The fetch r1:0 has already been fetched."),
        ]  # fmt: skip
        sess.partial_run(handle, r2, {c: 1})
        over = said(lambda: sess.partial_run(handle, r2), "Must run 'setup' before performing")
        return [*found, over, said(lambda: sess.partial_run("x", r2), "Must run 'setup' before")]


def too_few_feeds(tf, np):
    a, b, c, r1, r2 = _sums(tf)
    with tf.Session() as sess:
        handle = sess.partial_run_setup([r1, r2], [a, b, c])
        missing = said(lambda: sess.partial_run(handle, r2, {a: 1, b: 2}),
                       "can't be computed from the feeds that have been fed so far.")  # fmt: skip
        unannounced = sess.partial_run_setup([r1], [a])
        return [missing, sess.partial_run(handle, r1, {a: 1, b: 2}),
                said(lambda: sess.partial_run(unannounced, r1, {a: 1}),
                     "You must feed a value for placeholder tensor 'b'")]  # fmt: skip


def refused_at_setup(tf, np):
    a, b, _c, r1, _r2 = _sums(tf)
    with tf.Session() as sess:
        found = [
            said(lambda: sess.partial_run_setup([r1], [r1]), "r1:0 is both fed and fetched."),
            said(lambda: sess.partial_run_setup([], [a]), "Must specify at least one target"),
            error(lambda: sess.partial_run_setup([3], [a])),
        ]
        handle = sess.partial_run_setup(r1, [a, b])
        wrong = error(lambda: sess.partial_run(handle, r1, {a: [1, 2], b: 1}))
    return [*found, wrong, isinstance(handle, str), error(lambda: sess.partial_run_setup(r1, a)),
            error(lambda: sess.partial_run(handle, r1))]  # fmt: skip
