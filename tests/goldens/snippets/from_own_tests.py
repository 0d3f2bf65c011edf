"""What the tests of TensorFlow itself ask, beyond the other snippets."""

import warnings

from goldens.kit import error, run, shape


def assigned_parts(tf, np):
    def assigned(value, index):
        tf.reset_default_graph()
        variable = tf.Variable(tf.zeros([4]))
        written = tf.assign(variable[index], value)
        return run(tf, written), written.op.type, written.name

    tf.reset_default_graph()
    return [
        assigned(3.0, 1), assigned([1.0, 2.0], slice(1, 3)),
        tf.assign(tf.Variable(tf.zeros([4]))[1], 2.0, name="own").name,
        error(lambda: tf.assign(tf.zeros([3])[1], 2.0)),
    ]  # fmt: skip


def gathered_in_batches(tf, np):
    x = np.arange(6).reshape(2, 3)
    p, q = tf.placeholder(tf.int32), tf.placeholder(tf.int32, [None, None, None])
    y = tf.gather_nd(q, p, batch_dims=1)
    return [
        run(tf, tf.gather_nd(x, [[1], [2]], batch_dims=np.array([1]))),
        run(tf, tf.gather_nd(x, [[1], [2]], batch_dims=tf.constant([1]))),
        error(lambda: tf.gather_nd(x, [[1], [2]], batch_dims=[1])),
        shape(y), run(tf, y, {p: [[[1]], [[2]]], q: np.arange(12).reshape(2, 3, 2)}),
        run(tf, y, {p: [[1], [2]], q: np.arange(12).reshape(2, 3, 2)}),
    ]  # fmt: skip


def feeds_of_parts(tf, np):
    sparse = tf.sparse_placeholder(tf.float32, shape=[7, 9, 2])
    slices = tf.IndexedSlices(tf.placeholder(tf.float32), tf.placeholder(tf.int64), None)
    indices, values = np.array([[3, 2, 0], [4, 5, 1]]), np.array([1.0, 2.0])
    parts = [tf.identity(t) for t in (sparse.indices, sparse.values, sparse.dense_shape)]
    rows = [tf.identity(slices.values), tf.identity(slices.indices)]
    return [
        run(tf, parts, {sparse: (indices, values)}),
        run(tf, parts, {sparse: (indices, values, [8, 9, 2])}),
        run(tf, rows, {slices: (values, indices, None)}),
        run(tf, rows, {slices: (values, indices)}),
    ]  # fmt: skip


def fed_strings(tf, np):
    text = tf.placeholder(tf.string)
    feeds = [{text: value} for value in (1, True, ["a"], b"a")]
    return [error(lambda feed=feed: run(tf, text, feed)) for feed in feeds]


def bytes_as_names(tf, np):
    constant = tf.constant(2.0, name=b"a")
    return [constant.name, run(tf, [b"a:0", "a:0"])]


def sessions_entered(tf, np):
    def twice():
        with tf.Session() as session, session:
            pass

    def default():
        with tf.Session() as session, session.as_default():
            return tf.constant(1.0).eval()

    first = tf.InteractiveSession()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        tf.InteractiveSession().close()
    first.close()
    return [error(twice), default(), [warning.category.__name__ for warning in told]]


def branch_that_changes_its_predicate(tf, np):
    flag = tf.Variable(True)
    calls, others = tf.Variable(0), tf.Variable(0)
    chosen = tf.cond(flag, lambda: tf.assign(flag, False), lambda: True)

    def first():
        with tf.control_dependencies([tf.assign(flag, False)]):
            return tf.group(tf.assign_add(calls, 1))

    def body(i):
        with tf.control_dependencies([tf.cond(flag, first, lambda: tf.assign_add(others, 1).op)]):
            return i + 1

    loop = tf.while_loop(lambda i: i < 5, body, [0], parallel_iterations=1)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        once = [session.run(chosen), session.run(chosen)]
        session.run(flag.initializer)
        return [once, session.run(loop), session.run([flag, calls, others])]


def writes_in_order_inside_a_loop(tf, np):
    a, b = tf.Variable(0), tf.Variable(0)

    def body(i):
        i = i + 1
        with tf.control_dependencies([tf.assign_add(a, 1)]):
            second = tf.assign_add(b, a)
        with tf.control_dependencies([second]):
            return tf.identity(i)

    loop = tf.while_loop(lambda i: i < 10, body, [0], parallel_iterations=1)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return [session.run(loop), session.run([a, b])]
