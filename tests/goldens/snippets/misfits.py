"""Feeds whose sizes do not fit: in branches and loops that do not run, and after assertions."""

from goldens.kit import said


def _ran(tf, fetches, feed):
    with tf.Session() as sess:
        return sess.run(fetches, feed)


def _product(tf, np):
    x = tf.placeholder(tf.float32, [None, None], name="x")
    return x, tf.constant(np.arange(6.0).reshape(3, 2), tf.float32)


def in_a_branch(tf, np):
    x, w = _product(tf, np)
    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: tf.matmul(x, w), lambda: x[:, :2] * 2.0)
    slope = tf.gradients(tf.reduce_sum(tf.sin(y)), x)[0]
    wide = np.arange(8.0).reshape(2, 4)
    return [
        _ran(tf, [y, slope], {x: wide, p: False}),
        _ran(tf, [y, slope], {x: wide[:, 1:], p: True}),
        said(lambda: _ran(tf, y, {x: wide, p: True}), "cond/MatMul"),
        said(lambda: _ran(tf, slope, {x: wide, p: True}), "cond/MatMul"),
    ]


def in_one_of_several_branches(tf, np):
    x = tf.placeholder(tf.float32, [None])
    n = tf.placeholder(tf.int32, [])
    y = tf.case(
        [(n < 1, lambda: tf.reshape(x, [2, 2])), (n < 2, lambda: tf.reshape(x, [3, 3]))],
        lambda: tf.concat([[x], [[1.0, 2.0]]], 0),
    )
    z = tf.exp(tf.reduce_sum(y) / 100) + 1.0
    nine = np.arange(9.0)
    return [
        _ran(tf, [y, z], {x: nine, n: 1}),
        said(lambda: _ran(tf, z, {x: nine, n: 0}), "Reshape"),
        said(lambda: _ran(tf, z, {x: nine, n: 5}), "concat"),
        _ran(tf, [y, z], {x: nine[:2], n: 5}),
    ]


def in_a_loop(tf, np):
    x, w = _product(tf, np)
    n = tf.placeholder(tf.int32, [])
    total = tf.while_loop(
        lambda i, a: i < n, lambda i, a: (i + 1, a + tf.reduce_sum(tf.matmul(x, w))), [0, 5.0]
    )
    wide = np.arange(8.0).reshape(2, 4)
    return [
        list(_ran(tf, total, {x: wide, n: 0})),
        list(_ran(tf, total, {x: wide[:, 1:], n: 2})),
        said(lambda: _ran(tf, total, {x: wide, n: 2}), "while/MatMul"),
    ]


def in_a_branch_of_a_loop(tf, np):
    x, w = _product(tf, np)

    def body(i, a):
        return i + 1, tf.cond(i > 7, lambda: a + tf.reduce_sum(tf.matmul(x, w)), lambda: a * 2.0)

    n = tf.placeholder(tf.int32, [])
    total = tf.while_loop(lambda i, a: i < n, body, [0, 5.0])
    wide = np.arange(8.0).reshape(2, 4)
    return [
        list(_ran(tf, total, {x: wide, n: 3})),
        list(_ran(tf, total, {x: wide[:, 1:], n: 9})),
        said(lambda: _ran(tf, total, {x: wide, n: 9}), "MatMul"),
    ]


def after_an_assertion(tf, np):
    x, w = _product(tf, np)
    three = tf.assert_equal(tf.shape(x)[1], 3, message="three columns, please")
    with tf.control_dependencies([three]):
        y = tf.nn.relu(tf.matmul(tf.identity(x), w))
    wide = np.arange(8.0).reshape(2, 4)
    return [
        said(lambda: _ran(tf, y, {x: wide}), "three columns, please", "MatMul"),
        said(lambda: _ran(tf, tf.gradients(y, w), {x: wide}), "three columns, please", "MatMul"),
        _ran(tf, y, {x: wide[:, 1:]}),
    ]


def after_a_look(tf, np):
    x, w = _product(tf, np)
    seen = []

    def look(value):
        seen.append(list(value.shape))
        return value

    y = tf.matmul(tf.reshape(tf.py_func(look, [x], tf.float32), tf.shape(x)), w)
    z = tf.matmul(x, w) + tf.py_func(look, [w], tf.float32)[:1]
    both = [
        said(lambda: _ran(tf, y, {x: [[1.0, 2.0]]}), "MatMul"),
        said(lambda: _ran(tf, z, {x: [[1.0, 2.0]]}), "MatMul"),
    ]
    return [both, seen[0]]
