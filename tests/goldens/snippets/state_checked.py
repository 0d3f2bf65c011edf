"""Scattered updates of variables: types, orders, scalars, refusals; counting; assignments."""

from goldens.kit import accepted, attempt, error, run


def scattered(tf, np):
    found = []
    for dtype in ("float32", "float64", "int32", "int64"):
        for kind in ("add", "sub", "mul", "div", "min", "max", "update"):
            tf.reset_default_graph()
            v = tf.Variable(np.array([[8, 9], [-7, 6], [5, -4]], dtype))
            update = getattr(tf, "scatter_" + kind)
            rows = np.array([[2, 3], [4, 5]], dtype)
            found.append(run(tf, update(v, [2, 0], rows)))
            if kind != "update":
                found.append(run(tf, update(v, np.int64([[1], [1]]), rows[:, None])))
            found.append(run(tf, update(v, 1, rows[0])))
            found.append(run(tf, update(v, [0, 1], rows[0, 0])))
    return found


def scattered_by_places(tf, np):
    found = []
    for kind in ("add", "sub", "update"):
        for dtype in ("float32", "int64"):
            tf.reset_default_graph()
            v = tf.Variable(np.array([[8, 9], [-7, 6], [5, -4]], dtype))
            update = getattr(tf, "scatter_nd_" + kind)
            found.append(run(tf, update(v, [[2, 1], [0, 0]], np.array([2, 3], dtype))))
            found.append(run(tf, update(v, np.int64([[1]]), np.array([[4, 5]], dtype))))
    return found


def refused(tf, np):
    v, s = tf.Variable([[1.0, 2.0], [3.0, 4.0]]), tf.Variable(1.0)
    return [
        error(lambda: tf.scatter_add(v, [0], [[1.0]])),
        error(lambda: tf.scatter_add(v, [0], [[1.0, 2.0], [3.0, 4.0]])),
        error(lambda: tf.scatter_add(s, [0], [1.0])),
        error(lambda: tf.scatter_add(v, [0.0], [[1.0, 2.0]])),
        error(lambda: tf.scatter_add(v, [0], tf.constant([[1, 2]]))),
        error(lambda: tf.scatter_add(tf.constant([1.0]), [0], [1.0])),
        error(lambda: tf.scatter_nd_add(v, [[0]], [1.0])),
        accepted(tf, lambda: tf.scatter_nd_add(v, [[0, 0, 0]], [1.0])),
        error(lambda: v.scatter_add([1.0])),
        error(lambda: tf.assign(v, [1.0])), error(lambda: tf.assign_add(v, [[1, 2], [3, 4]])),
        error(lambda: tf.assign_sub(tf.constant(1.0), 1.0)),
        attempt(lambda: run(tf, tf.scatter_div(tf.Variable([4, 6]), [0], [0]))),
    ]  # fmt: skip


def assigned(tf, np):
    v = tf.Variable([1.0, 2.0], validate_shape=False)
    n = tf.Variable(3)
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found.append(sess.run(tf.assign(v, [[5.0]], validate_shape=False)))
        found.append(sess.run(v))
        counting = tf.count_up_to(n, 5)
        found += [sess.run(counting), sess.run(counting)]
        found.append(attempt(lambda: sess.run(counting)))
        found.append(sess.run(n))
        found.append(sess.run(n.count_up_to(6)))
        found.append(sess.run([n.assign_add(2), n.assign_sub(1)][0]))
        found.append(v.assign([[1.0]], read_value=False) is not None)
    return found + [
        error(lambda: tf.count_up_to(v, 3)), error(lambda: tf.count_up_to(tf.Variable([1]), 3)),
        error(lambda: tf.count_up_to(3, 3)),
    ]  # fmt: skip
