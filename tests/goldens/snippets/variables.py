"""Variables: making, sharing, collections, shapes, initialisation, and what is refused."""

from goldens.kit import error, names, run


def _names(variables):
    return [v.name for v in variables]


def shared_with_less_known(tf, np):
    with tf.variable_scope("layer"):
        w = tf.get_variable("w", [2, 3])
    with tf.variable_scope("layer", reuse=True):
        return [tf.get_variable("w") is w, tf.get_variable("w", [None, 3]) is w]


def dtypes_of_variables(tf, np):
    made = (
        tf.Variable(1),
        tf.Variable(1.0),
        tf.Variable([True]),
        tf.Variable("s"),
        tf.Variable(1, dtype=tf.float32),
        tf.Variable(np.ones(2)),
        tf.Variable(np.ones(2, np.float32)),
        tf.Variable(np.int64(3)),
        tf.Variable(1.0, dtype="float64"),
        tf.Variable(tf.zeros([2], tf.int8)),
    )
    return [v.dtype.base_dtype.name for v in made]


def second_position_is_trainable(tf, np):
    v = tf.Variable([0.3], tf.float32)
    u = tf.Variable([3], tf.float32)
    return [v.dtype.base_dtype.name, u.dtype.base_dtype.name, _names(tf.trainable_variables())]


def not_trainable(tf, np):
    tf.Variable(1.0, trainable=False, name="a")
    tf.get_variable("b", [1], trainable=False)
    v = tf.get_variable("c", [1])
    return [_names(tf.global_variables()), _names(tf.trainable_variables()), v.trainable]


def collections_given(tf, np):
    v = tf.Variable(1.0, name="a", collections=["mine"])
    tf.get_variable("b", [1], collections=[tf.GraphKeys.LOCAL_VARIABLES])
    return [
        _names(tf.global_variables()),
        _names(tf.trainable_variables()),
        _names(tf.local_variables()),
        tf.get_collection("mine")[0] is v,
    ]


def local_variables(tf, np):
    v = tf.get_local_variable("v", [], initializer=tf.zeros_initializer())
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        before = error(lambda: sess.run(v))
        sess.run(tf.local_variables_initializer())
        return [before, sess.run(v), v.trainable, _names(tf.global_variables())]


def all_variables_in_order(tf, np):
    tf.Variable(1.0, name="z")
    tf.get_variable("a", [1])
    tf.Variable(1.0, name="m", trainable=False)
    return [
        _names(tf.global_variables()),
        _names(tf.all_variables()),
        _names(tf.trainable_variables()),
    ]


def trainable_variables_of_a_scope(tf, np):
    for scope in ("gen", "gen2", "dis"):
        with tf.variable_scope(scope):
            tf.get_variable("w", [1])
    return [
        _names(tf.trainable_variables(scope="gen")),
        _names(tf.trainable_variables("gen/")),
        _names(tf.global_variables("dis")),
        _names(tf.global_variables(".*2")),
        [v.name for v in tf.trainable_variables() if v.name.startswith("gen/")],
    ]


def scope_lists_its_variables(tf, np):
    with tf.variable_scope("a") as scope:
        tf.get_variable("w", [1])
        tf.get_variable("u", [1], trainable=False)
    return [_names(scope.global_variables()), _names(scope.trainable_variables())]


def uninitialised_report(tf, np):
    v, w = tf.Variable(1.0, name="v"), tf.Variable(2.0, name="w")
    report = tf.report_uninitialized_variables()
    with tf.Session() as sess:
        found = [sess.run(report)]
        sess.run(v.initializer)
        found.append(sess.run(report))
        sess.run(w.initializer)
        return found + [sess.run(report)]


def uninitialised_report_of_some(tf, np):
    v = tf.Variable(1.0, name="v")
    tf.Variable(2.0, name="w")
    return run(tf, tf.report_uninitialized_variables([v])), len(tf.global_variables())


def is_variable_initialized(tf, np):
    v = tf.Variable(1.0)
    asked = tf.is_variable_initialized(v)
    with tf.Session() as sess:
        before = sess.run(asked)
        sess.run(v.initializer)
        return [before, sess.run(asked)]


def assert_variables_initialized(tf, np):
    v = tf.Variable(1.0)
    check = tf.assert_variables_initialized()
    with tf.Session() as sess:
        before = error(lambda: sess.run(check))
        sess.run(v.initializer)
        return [before, error(lambda: sess.run(check))]


def initialise_some(tf, np):
    v, w = tf.Variable(1.0, name="v"), tf.Variable(2.0, name="w")
    some = tf.variables_initializer([v], name="some")
    with tf.Session() as sess:
        sess.run(some)
        return [
            some.name,
            [op.name for op in some.control_inputs],
            sess.run(v),
            error(lambda: sess.run(w)),
        ]


def initialise_none(tf, np):
    init = tf.variables_initializer([])
    with tf.Session() as sess:
        return [init.type, sess.run(init), tf.global_variables_initializer().type]


def initialisers_control_inputs(tf, np):
    tf.Variable(1.0, name="b")
    tf.Variable(1.0, name="a")
    return [op.name for op in tf.global_variables_initializer().control_inputs]


def initial_value_from_a_placeholder(tf, np):
    x = tf.placeholder(tf.float32, [2])
    v = tf.Variable(x)
    with tf.Session() as sess:
        sess.run(v.initializer, {x: [3, 4]})
        return sess.run(v)


def regularization_losses(tf, np):
    regularizer = tf.contrib.layers.l2_regularizer(scale=0.5)
    with tf.variable_scope("layer"):
        tf.get_variable("w", initializer=tf.constant([1.0, 2.0]), regularizer=regularizer)
        tf.get_variable(
            "b",
            [2],
            initializer=tf.ones_initializer(),
            regularizer=lambda x: tf.reduce_sum(x) * 3.0,
        )
        tf.get_variable("c", [2], regularizer=lambda x: None)
    with tf.variable_scope("layer", reuse=True):
        tf.get_variable("w")
    found = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    return [_names(found), run(tf, found)]


def operators_of_variables(tf, np):
    v = tf.Variable([4.0, 9.0])
    i = tf.Variable([7, 2])
    return run(
        tf,
        [
            v + 1.0,
            1.0 - v,
            2.0 * v,
            v / 2.0,
            v**2.0,
            -v,
            abs(-v),
            v > 5.0,
            v[0],
            v[:1],
            i // 2,
            i % 2,
            v // 2.0,
            2.0 / v,
            [[1.0, 1.0]] @ v[:, None],
            2.0**v,
            v * v,
            1.0 + v,
        ],
    )


def functions_of_variables(tf, np):
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    return run(
        tf,
        [
            tf.matmul(v, v),
            tf.reduce_sum(v),
            tf.square(v),
            tf.concat([v, v], 0),
            tf.stack([v, v]),
            tf.gather(v, [1]),
            tf.shape(v),
            tf.transpose(v),
            tf.cast(v, tf.int32),
            tf.add_n([v, v]),
        ],
    )


def variables_hash_by_identity(tf, np):
    v, w = tf.Variable(1.0), tf.Variable(1.0)
    return [v == v, v == w, len({v, w}), v in [w]]


def long_names(tf, np):
    v = tf.Variable(1.0, name="a/b/c")
    return [v.name, v.op.name, names(tf)]


def constraint(tf, np):
    v = tf.Variable(3.0, constraint=lambda x: tf.clip_by_value(x, 0.0, 1.0))
    return run(tf, v.constraint(v.value()))


def custom_getter(tf, np):
    def doubled(getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs) * 2.0

    with tf.variable_scope("layer", custom_getter=doubled):
        w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
    return [type(w).__name__, run(tf, w)]


def value_of_many_variables(tf, np):
    made = [tf.Variable(float(i), name="v") for i in range(4)]
    return [_names(made), run(tf, made), run(tf, tf.add_n(made))]


def set_shape_and_properties(tf, np):
    v = tf.Variable([[1.0, 2.0]], name="v")
    return [
        v.get_shape().as_list(),
        v.shape.ndims,
        v.op.name,
        v.device,
        v.graph is tf.get_default_graph(),
        v.initial_value.dtype.name,
        v.initializer.name,
        int(v.shape[1]),
        isinstance(v, tf.Variable),
    ]


def resource_from_an_initial_value_of_unknown_shape(tf, np):
    whole = tf.placeholder_with_default(tf.zeros([2, 3]), None)
    rows = tf.placeholder_with_default(tf.zeros([2, 3]), [None, 3])
    v = tf.get_variable("v", initializer=whole, use_resource=True)
    w = tf.Variable(rows, use_resource=True)
    twice = tf.assign(v, tf.concat([v, v], 0))
    found = [str(v.shape), str(w.shape)]
    with tf.Session() as sess:
        sess.run([v.initializer, w.initializer])
        found += [sess.run(twice).shape, sess.run(v).shape, sess.run(w).shape]
        sess.run(w.initializer, {rows: [[1, 2, 3]]})
        return [*found, sess.run(w), sess.run(v.sparse_read([3]))]


def cast_of_a_resource_variable_to_its_own_type(tf, np):
    kept, read = tf.Variable(1.0, use_resource=True), tf.Variable(1.0, use_resource=False)
    after = tf.assign(kept, 2.0)
    with tf.control_dependencies([after]):
        later = tf.cast(kept, tf.float32) * 3.0
    return [tf.cast(kept, tf.float32) is kept, tf.to_float(kept) is kept,
            tf.cast(read, tf.float32) is read, run(tf, [later])]  # fmt: skip


def variables_as_indices(tf, np):
    x = tf.constant(np.arange(12).reshape(3, 4))
    found = []
    for kind in (False, True):
        i, j = (tf.Variable(n, use_resource=kind) for n in (1, 3))
        rows = tf.Variable(x, use_resource=kind)
        found += [x[i], x[i, :], x[:i], x[i:, j], x[-i], rows[i], x[::i], x[i:j]]
    refused = error(lambda: x[tf.Variable([1])])
    return [each.shape.as_list() for each in found[:3]], run(tf, found), refused


def counters_of_get_variable_scopes(tf, np):
    with tf.variable_scope("a"):
        one = tf.get_variable("w", [1])
    with tf.variable_scope("a/b"):
        two = tf.get_variable("w", [1])
    with tf.variable_scope("a"), tf.variable_scope("b", reuse=True):
        return [one.name, two.name, tf.get_variable("w") is two]
