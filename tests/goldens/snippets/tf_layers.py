"""tf.layers: values, names, reuse, regularizers, updates, and what is refused."""

from goldens.kit import attempt, error, run, said, typed

_X = [[1.0, 2.0, -1.0], [0.5, -2.0, 3.0], [2.0, 0.0, 1.0]]


def _input(tf, *shape):
    return tf.placeholder(tf.float32, shape, name="x")


def _names(variables):
    return [v.op.name for v in variables]


def _kernel(tf):
    return tf.constant_initializer([[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]])


def dense_values(tf, np):
    x, deep = tf.constant(_X), tf.constant([_X, _X])
    dense, start = tf.layers.dense, _kernel(tf)
    return run(
        tf,
        [
            dense(x, 2, kernel_initializer=start),
            dense(x, 2, tf.nn.relu, kernel_initializer=start),
            dense(x, 2, tf.tanh, kernel_initializer=start, bias_initializer=tf.ones_initializer()),
            dense(x, 2, use_bias=False, kernel_initializer=start),
            dense(deep, 2, kernel_initializer=start),
            dense(x, 2, activation="sigmoid", kernel_initializer="ones"),
            dense(x, 2, kernel_initializer=tf.zeros_initializer, bias_initializer="ones"),
            dense(np.float64(_X), 2, kernel_initializer=start),
        ],
    )


def dense_gradients(tf, np):
    x = tf.constant(_X)
    y = tf.layers.dense(x, 2, tf.nn.relu, kernel_initializer=_kernel(tf))
    return run(tf, tf.gradients(y, [x] + tf.trainable_variables()))


def dense_names(tf, np):
    tf.layers.dense(_input(tf, None, 3), 4, activation=tf.nn.relu)
    return typed(tf)


def dense_names_of_three_axes(tf, np):
    tf.layers.dense(_input(tf, None, 2, 3), 4, use_bias=False)
    return typed(tf)


def dense_names_twice(tf, np):
    x = _input(tf, None, 3)
    tf.layers.dense(tf.layers.dense(x, 4), 2, name="out")
    return typed(tf)


def dense_names_with_regularizers(tf, np):
    penalty = tf.contrib.layers.l2_regularizer(0.1)
    tf.layers.dense(
        _input(tf, None, 3),
        4,
        kernel_regularizer=penalty,
        bias_regularizer=penalty,
        activity_regularizer=lambda y: tf.reduce_sum(y),
    )
    return typed(tf)


def names_restart_with_a_graph(tf, np):
    found = []
    for _ in range(2):
        with tf.Graph().as_default():
            x = _input(tf, None, 3)
            layer = tf.layers.Dense(2)
            found.append([layer.name, layer(x).name, tf.layers.dense(x, 2).name])
    return found


def reuse(tf, np):
    x = _input(tf, None, 3)
    with tf.variable_scope("net"):
        first = tf.layers.dense(x, 2, name="out")
    with tf.variable_scope("net", reuse=True):
        again = tf.layers.dense(x, 2, name="out")
    third = tf.layers.dense(x, 2, name="net/out", reuse=True)
    with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
        auto = [tf.layers.dense(x, 2).name, tf.layers.dense(x, 2, name="out").name]
    with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
        auto += [tf.layers.dense(x, 2).name, tf.layers.dense(x, 2, name="out").name]
    return [[y.name for y in (first, again, third)], auto, _names(tf.global_variables())]


def a_layer_called_twice(tf, np):
    x = tf.constant(_X)
    layer = tf.layers.Dense(2, kernel_initializer=_kernel(tf), name="mine")
    before = [layer.built, layer.dtype, error(lambda: layer.scope_name)]
    first, second = layer(x), layer.apply(x * 2.0)
    return [
        before,
        [layer.built, layer.dtype, layer.scope_name, layer.name, layer.units],
        [first.name, second.name],
        _names(layer.variables),
        layer.kernel is layer.weights[0],
        layer.count_params(),
        str(layer.compute_output_shape([None, 3])),
        run(tf, [first, second]),
    ]


def scopes_and_defaults(tf, np):
    x = _input(tf, None, 3)
    with tf.variable_scope("a", initializer=tf.ones_initializer(),
                           regularizer=tf.contrib.layers.l2_regularizer(2.0)):  # fmt: skip
        y = tf.layers.dense(x, 2)
        with tf.name_scope("inner"):
            z = tf.layers.dense(x, 2)
    return [
        [y.name, z.name],
        _names(tf.global_variables()),
        run(tf, tf.losses.get_regularization_loss()),
    ]


def regularizers(tf, np):
    x = tf.constant(_X)
    layer = tf.layers.Dense(
        2,
        kernel_initializer=_kernel(tf),
        kernel_regularizer=tf.contrib.layers.l2_regularizer(0.5),
        activity_regularizer=lambda y: tf.reduce_sum(y),
    )
    layer(x)
    losses = tf.losses.get_regularization_losses()
    return [[loss.name for loss in losses], len(layer.losses), run(tf, losses)]


def not_trainable(tf, np):
    layer = tf.layers.Dense(2, trainable=False)
    layer(_input(tf, None, 3))
    return [
        _names(tf.trainable_variables()),
        _names(layer.trainable_weights),
        _names(layer.non_trainable_variables),
    ]


def dense_refused(tf, np):
    x = _input(tf, None, 3)
    layer = tf.layers.Dense(2)
    layer(x)
    tf.layers.dense(x, 2, name="taken")
    return [
        said(lambda: tf.layers.dense(_input(tf, 3), 2), "expected min_ndim=2, found ndim=1"),
        said(lambda: layer(_input(tf, None, 5)), "expected axis -1", "to have value 3"),
        said(lambda: tf.layers.dense(_input(tf, None, None), 2), "last dimension", "defined"),
        said(lambda: tf.layers.dense(tf.placeholder(tf.float32), 2), "its rank is undefined"),
        error(lambda: tf.layers.dense(tf.placeholder(tf.int32, [None, 2]), 2)),
        error(lambda: tf.layers.dense(x, 2, name="taken")),
        error(lambda: tf.layers.dense(x, 3, name="taken", reuse=True)),
        error(lambda: tf.layers.dense(x, 3, name="missing", reuse=True)),
        said(lambda: tf.layers.dense(x, 2, activation="nope"), "Unknown activation function"),
        said(lambda: tf.layers.dense(x, 2, kernel_initializer="nope"), "Unknown initializer"),
        error(lambda: tf.layers.dense(x, 2, kernel_regularizer="nope")),
        error(lambda: tf.layers.Dense(2, nonsense=1)),
    ]


def a_layer_of_ones_own(tf, np):
    class Scale(tf.layers.Layer):
        def build(self, shape):
            start = tf.constant_initializer(3.0)
            self.w = self.add_variable("w", [int(shape[-1])], initializer=start)
            self.n = self.add_weight("n", [], tf.int32, tf.zeros_initializer(), trainable=False)
            self.built = True

        def call(self, x, double=False):
            self.add_update(tf.assign_add(self.n, 1))
            return x * self.w * (2.0 if double else 1.0)

    x = tf.constant(_X)
    layer = Scale()
    y, z = layer(x), layer(x, double=True)
    return [
        [layer.name, y.name, z.name, Scale()(x).name],
        _names(layer.trainable_variables),
        _names(layer.non_trainable_variables),
        len(tf.get_collection(tf.GraphKeys.UPDATE_OPS)),
        run(tf, [y, z]),
    ]


def dropout(tf, np):
    x = tf.ones([3, 40])
    made = [
        tf.layers.dropout(x),
        tf.layers.dropout(x, training=True),
        tf.layers.dropout(x, rate=0.75, training=True),
        tf.layers.Dropout(0.2)(x, training=1),
    ]
    kept = [sorted(set(value.ravel().tolist())) for value in run(tf, made)]
    rows = run(tf, tf.layers.dropout(x, noise_shape=[None, 1], training=True))
    return [kept, [y.name for y in made], bool((rows == rows[:, :1]).all())]


def dropout_names(tf, np):
    x = _input(tf, None, 3)
    tf.layers.dropout(x)
    tf.layers.dropout(x, training=True, name="drop")
    return typed(tf)


def dropout_fed(tf, np):
    x, training = tf.ones([2, 50]), tf.placeholder(tf.bool, [])
    y = tf.layers.dropout(x, 0.5, training=training)
    slope = tf.gradients(y, x)[0]
    with tf.Session() as sess:
        off = sess.run([y, slope], {training: False})
        on, on_slope = sess.run([y, slope], {training: True})
    return [off, sorted(set(on.ravel().tolist())), bool((on == on_slope).all())]


def told_by_keras(tf, np):
    """Where `training` is None the learning phase of Keras says it, which can be fed."""
    K = tf.keras.backend
    x = tf.ones([50, 4])
    dropped = tf.layers.dropout(x, 0.5, training=None)
    normal = tf.layers.batch_normalization(x * 3, training=None)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feed = {K.learning_phase(): True}
        counts = [int((sess.run(dropped, each) == 0).sum()) for each in ({}, feed)]
        means = [float(sess.run(normal, each).mean()) for each in ({}, feed)]
    return counts[0], counts[1] > 0, np.round(means, 2).tolist()


def lists_of_weights(tf, np):
    """The lists that a layer keeps, to which those of one's own add."""
    layer, still = tf.layers.Dense(2), tf.layers.Dense(2, trainable=False)
    normal = tf.layers.BatchNormalization()
    for each in (layer, still, normal):
        each(tf.ones([3, 4]))
    kept = [
        [len(each._trainable_weights), len(each._non_trainable_weights)]
        for each in (layer, still, normal)
    ]
    layer._trainable_weights.append(normal.gamma)
    kept.append(len(layer.trainable_weights))
    layer.trainable = False
    return kept, len(layer.trainable_weights), _names(layer.non_trainable_weights)


def weights_of_a_getter(tf, np):
    """A getter of one's own gives tensors in place of variables."""

    def halved(getter, *args, **kwargs):
        return getter(*args, **kwargs) * 0.5

    with tf.variable_scope("scope", custom_getter=halved):
        layer = tf.layers.Dense(2, kernel_initializer=tf.ones_initializer())
        y = layer(tf.ones([1, 3]))
    return run(tf, y), [v.name for v in layer.trainable_weights], len(layer.non_trainable_weights)


def dropout_refused(tf, np):
    x = tf.ones([3, 4])
    return [
        error(lambda: tf.layers.dropout(x, rate=1.5, training=True)),
        error(lambda: tf.layers.dropout(x, training="yes")),
    ]


def flatten(tf, np):
    shapes = ((None, 3, 2), (None, None, 2), (3, 4), (None,), (2, 3, 4, 5))
    made = [tf.layers.flatten(tf.placeholder(tf.float32, shape)) for shape in shapes]
    x = tf.constant(np.arange(12.0).reshape(2, 3, 2))
    return [
        [[str(y.shape), y.name] for y in made],
        run(tf, [tf.layers.flatten(x), tf.layers.flatten(x, data_format="channels_first")]),
        error(lambda: tf.layers.flatten(tf.placeholder(tf.float32))),
        error(lambda: tf.layers.flatten(x, data_format="NHWC")),
        str(tf.layers.Flatten().compute_output_shape([None, 2, 3])),
    ]


def flatten_names(tf, np):
    tf.layers.flatten(_input(tf, None, 3, 2))
    return typed(tf)


def batch_norm_names(tf, np):
    tf.layers.batch_normalization(_input(tf, None, 3))
    return typed(tf)


def batch_norm_names_in_training(tf, np):
    tf.layers.batch_normalization(_input(tf, None, 3), training=True)
    return typed(tf)


def batch_norm_names_of_other_axes(tf, np):
    x = _input(tf, None, 3, 5)
    tf.layers.batch_normalization(x, axis=1, training=True)
    tf.layers.batch_normalization(x, scale=False, center=False)
    return typed(tf)


def _trained(tf, x, steps=3, **options):
    """[outputs, moving mean, moving variance after steps, outputs in use]"""
    y = tf.layers.batch_normalization(x, training=True, name="bn", **options)
    used = tf.layers.batch_normalization(x, name="bn", reuse=True, **options)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    moving = [v for v in tf.global_variables() if "moving" in v.name]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(steps):
            sess.run(updates)
        return [len(updates)] + sess.run([y, moving, used])


def batch_norm_values(tf, np):
    return _trained(tf, tf.constant(_X), momentum=0.9)


def batch_norm_of_an_axis(tf, np):
    x = tf.constant(np.arange(12.0, dtype=np.float32).reshape(2, 3, 2) ** 1.5)
    return _trained(tf, x, axis=1, momentum=0.5, epsilon=0.1)


def batch_norm_of_two_axes(tf, np):
    x = tf.constant(np.arange(12.0, dtype=np.float32).reshape(2, 3, 2) ** 1.5)
    return _trained(tf, x, axis=[1, 2], momentum=0.5, beta_initializer=tf.ones_initializer())


def batch_norm_of_images(tf, np):
    x = tf.constant(np.sin(np.arange(48.0, dtype=np.float32)).reshape(2, 2, 3, 4))
    return _trained(tf, x, momentum=0.5)


def batch_norm_of_images_not_fused(tf, np):
    x = tf.constant(np.sin(np.arange(48.0, dtype=np.float32)).reshape(2, 2, 3, 4))
    return _trained(tf, x, momentum=0.5, fused=False)


def batch_norm_gradients(tf, np):
    x = tf.constant(_X)
    y = tf.layers.batch_normalization(x, training=True) * tf.constant(_X)
    return run(tf, tf.gradients(y, [x] + tf.trainable_variables()))


def batch_norm_fed(tf, np):
    x, training = tf.constant(_X), tf.placeholder(tf.bool, [])
    y = tf.layers.batch_normalization(x, training=training, momentum=0.5)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    moving = [v for v in tf.global_variables() if "moving" in v.name]
    slope = tf.gradients(y * y, x)[0]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = []
        for value in (False, True, False):
            found.append(sess.run([y, slope], {training: value}))
            sess.run(updates, {training: value})
            found.append(sess.run(moving))
        return [len(updates)] + found


def batch_norm_collections(tf, np):
    layer = tf.layers.BatchNormalization(gamma_regularizer=lambda w: tf.reduce_sum(w))
    y = layer(_input(tf, None, 3), training=True)
    kinds = tf.GraphKeys
    return [
        [layer.name, y.name, layer.scope_name],
        _names(layer.trainable_variables),
        _names(layer.non_trainable_variables),
        _names(tf.get_collection(kinds.TRAINABLE_VARIABLES)),
        _names(tf.get_collection(kinds.MODEL_VARIABLES)),
        [op.name for op in tf.get_collection(kinds.UPDATE_OPS)],
        layer.updates == tf.get_collection(kinds.UPDATE_OPS),
        run(tf, tf.losses.get_regularization_losses()),
    ]


def batch_norm_types(tf, np):
    half = tf.layers.batch_normalization(tf.constant(_X, tf.float16), training=True)
    double = tf.layers.batch_normalization(tf.constant(_X, tf.float64), training=True)
    return [
        [half.dtype.name, double.dtype.name],
        [v.dtype.base_dtype.name for v in tf.global_variables()],
        bool(np.allclose(*run(tf, [half, double]), atol=1e-2)),
    ]


def batch_norm_refused(tf, np):
    norm = tf.layers.batch_normalization
    return [
        said(lambda: norm(_input(tf, 2, 2), axis=5), "Invalid axis: 5"),
        said(lambda: norm(_input(tf, 2, None)), "Input has undefined `axis` dimension"),
        said(lambda: norm(_input(tf, 2, 3), axis="a"), "axis must be int or list"),
        error(lambda: norm(tf.placeholder(tf.float32))),
        error(lambda: norm(_input(tf, 2, 3), axis=[1, -1])),
        attempt(lambda: tf.layers.BatchNormalization()(_input(tf, 2, 3)).name),
    ]


def losses_and_updates_by_inputs(tf, np):
    first, second = _input(tf, 3, 3), _input(tf, 3, 3)
    penalty = tf.contrib.layers.l2_regularizer(0.1)
    dense = tf.layers.Dense(2, kernel_regularizer=penalty, activity_regularizer=penalty)
    norm = tf.layers.BatchNormalization()
    for x in (first, second):
        norm(dense(x), training=True)
    return [
        [len(dense.get_losses_for(x)) for x in (None, first, second, [first, second])],
        [len(norm.get_updates_for(x)) for x in (None, first, second, [first, second])],
    ]  # fmt: skip
