"""Variables in parts."""

from goldens.kit import names, typed


def _message(build):
    """The exception's name, and what it says."""
    try:
        build()
    except Exception as raised:
        return type(raised).__name__, str(raised)
    return "no error"


def _three(tf, name="w", shape=(7, 2), **options):
    partitioner = tf.fixed_size_partitioner(3)
    return tf.get_variable(name, list(shape), partitioner=partitioner, **options)


def nodes_of_parts(tf, np):
    _three(tf)
    return typed(tf)


def nodes_of_a_scope(tf, np):
    with tf.variable_scope("s", partitioner=tf.fixed_size_partitioner(2, axis=1)):
        tf.get_variable("a", [2, 5], tf.int32)
        tf.get_variable("scalar", [])
    return names(tf)


def nodes_from_values(tf, np):
    _three(tf, "array", [3, 1], initializer=np.ones([3, 1], np.float32))
    part = tf.fixed_size_partitioner(2)
    tf.get_variable("tensor", initializer=tf.constant([1.0, 2.0, 3.0]), partitioner=part)
    return typed(tf)


def nodes_of_reading(tf, np):
    w = _three(tf)
    tf.matmul(w, [[1.0], [2.0]])
    w.as_tensor()
    return typed(tf)


def nodes_of_writing(tf, np):
    w = _three(tf)
    w.assign(tf.ones([7, 2]))
    w.assign_add([tf.ones([3, 2]), tf.ones([2, 2]), tf.ones([2, 2])])
    w.assign_sub(w)
    return typed(tf)


def nodes_of_a_lookup(tf, np):
    tf.nn.embedding_lookup(_three(tf), [0, 6], partition_strategy="div")
    return typed(tf)


def nodes_of_the_older_function(tf, np):
    tf.create_partitioned_variables([4, 2], [1, 2], tf.ones_initializer(), name="g")
    tf.create_partitioned_variables([4, 2], [1, 2], tf.ones_initializer())
    return typed(tf)


def what_it_is(tf, np):
    w = _three(tf)
    parts = [(v.name, v.shape.as_list(), v._save_slice_info.spec) for v in w]
    listed = [v.name for v in tf.trainable_variables()]
    return w.name, w.shape.as_list(), w.dtype.name, len(w), w._get_partitions(), parts, listed


def values(tf, np):
    w = tf.get_variable("w", initializer=tf.reshape(tf.range(14.0), [7, 2]),
                        partitioner=tf.fixed_size_partitioner(3))  # fmt: skip
    rows = tf.nn.embedding_lookup(w, [0, 6, 3], partition_strategy="div")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        before = sess.run([tf.convert_to_tensor(w), rows])
        sess.run(w.assign(tf.ones([7, 2])))
        sess.run(w.assign_add(tf.ones([7, 2])))
        return before, sess.run(tf.convert_to_tensor(w))


def slots_are_parts(tf, np):
    w = _three(tf)
    tf.train.AdamOptimizer().minimize(tf.reduce_sum(tf.convert_to_tensor(w)))
    found = [(v.op.name, v._save_slice_info) for v in tf.global_variables()]
    return [(name, info.full_name, info.spec) for name, info in found if info is not None]


def draws_fit_the_whole(tf, np):
    _three(tf)
    limits = [op for op in tf.get_default_graph().get_operations() if op.name.endswith("/max")]
    with tf.Session() as sess:
        return [float(sess.run(op.outputs[0])) for op in limits]


def partitioners(tf, np):
    made = [
        tf.fixed_size_partitioner(3), tf.fixed_size_partitioner(9, 1),
        tf.variable_axis_size_partitioner(16), tf.variable_axis_size_partitioner(16, max_shards=2),
        tf.variable_axis_size_partitioner(40, 1, 4), tf.min_max_variable_partitioner(3),
        tf.min_max_variable_partitioner(3, min_slice_size=8),
        tf.min_max_variable_partitioner(3, 1, 8, 2),
    ]  # fmt: skip
    return [
        list(each(shape=tf.TensorShape(shape), dtype=dtype))
        for each in made for shape in ([7, 2], [3, 8], [1, 5]) for dtype in (tf.float32, tf.string)
    ]  # fmt: skip


def refused(tf, np):
    def get(parts, shape=(4, 4), name="q"):
        return lambda: tf.get_variable(name, list(shape), partitioner=lambda shape, dtype: parts)

    _three(tf)
    tf.get_variable("one", [4])
    reused = tf.variable_scope("", reuse=True)
    with reused:
        found = [_message(get([3, 1], [6, 2], "w")), _message(get([2, 1], [7, 2], "w")),
                 _message(get([2, 2], name="new")), _message(get([2, 1], name="new"))]  # fmt: skip
    return [
        *found, _message(get([2, 2])), _message(get([2])), _message(get(3)), _message(get([0, 1])),
        _message(get([3, 1], [7, 2], "w")), _message(get([2], [4], "one")),
        _message(lambda: tf.get_variable("w", [7, 2])),
        _message(lambda: tf.get_variable("q", partitioner=tf.fixed_size_partitioner(2))),
        _message(lambda: tf.variable_axis_size_partitioner(0)),
        _message(lambda: tf.create_partitioned_variables([4], [1, 2], tf.ones_initializer())),
        _message(lambda: tf.create_partitioned_variables([], [], tf.ones_initializer())),
    ]  # fmt: skip
