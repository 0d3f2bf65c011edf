"""tf.keras.backend: what its functions give, and the names of what they make."""


def _values(np, *shape, **options):
    return np.random.RandomState(options.get("seed", 0)).randint(-8, 9, shape).astype("float32") / 8


def _all(tf, cases):
    """{name: value} of tensors, variables and plain values."""
    K = tf.keras.backend
    found = {}
    for name, make in cases.items():
        try:
            value = make()
        except Exception as error:
            found[name] = [type(error).__name__]
            continue
        found[name] = _evaluated(tf, K, value)
    return found


def _evaluated(tf, K, value):
    if isinstance(value, (list, tuple)):
        return [_evaluated(tf, K, each) for each in value]
    if isinstance(value, tf.SparseTensor):
        value = tf.sparse.to_dense(value)
    if isinstance(value, (tf.Tensor, tf.Variable)):
        return [value.name, K.eval(value)]
    return value


def arithmetic(tf, np):
    K = tf.keras.backend
    K.clear_session()
    x = K.constant(_values(np, 3, 4))
    y = K.constant(_values(np, 3, 4, seed=1))
    s = K.constant(_values(np, 2, 3, 4, seed=2))
    b = K.constant(np.array([[True, False], [True, True]]), dtype="bool")
    return _all(tf, {
        "abs": lambda: K.abs(x), "all": lambda: K.all(b, axis=0), "any": lambda: K.any(b),
        "argmax": lambda: K.argmax(x), "argmin": lambda: K.argmin(x, axis=0),
        "clip": lambda: K.clip(x, -0.5, 0.5), "clip_swapped": lambda: K.clip(x, 0.5, -0.5),
        "cos": lambda: K.cos(x), "cumprod": lambda: K.cumprod(x, axis=1),
        "cumsum": lambda: K.cumsum(x), "dot": lambda: K.dot(x, K.transpose(y)),
        "dot3": lambda: K.dot(s, K.transpose(x)),
        "batch_dot": lambda: K.batch_dot(s, K.permute_dimensions(s, (0, 2, 1))),
        "batch_dot_axes": lambda: K.batch_dot(s, s, axes=(1, 1)),
        "batch_dot_2d": lambda: K.batch_dot(x, y, axes=1),
        "elu": lambda: K.elu(x, 0.5), "equal": lambda: K.equal(x, y), "exp": lambda: K.exp(x),
        "greater": lambda: K.greater(x, y), "less_equal": lambda: K.less_equal(x, y),
        "hard_sigmoid": lambda: K.hard_sigmoid(x * 4), "l2_normalize": lambda: K.l2_normalize(x),
        "log": lambda: K.log(K.abs(x) + 1),
        "max": lambda: K.max(x, axis=0), "maximum": lambda: K.maximum(x, y),
        "mean": lambda: K.mean(x, axis=-1, keepdims=True), "mean_bool": lambda: K.mean(b),
        "min": lambda: K.min(x), "minimum": lambda: K.minimum(x, y), "not_equal":
        lambda: K.not_equal(x, y), "pow": lambda: K.pow(x, 2), "prod": lambda: K.prod(x, axis=0),
        "relu": lambda: K.relu(x, alpha=0.1, max_value=0.5, threshold=0.25),
        "relu6": lambda: K.relu(x * 10, max_value=6), "round": lambda: K.round(x),
        "sigmoid": lambda: K.sigmoid(x), "sign": lambda: K.sign(x), "sin": lambda: K.sin(x),
        "softmax": lambda: K.softmax(x, axis=0), "softplus": lambda: K.softplus(x),
        "softsign": lambda: K.softsign(x), "sqrt": lambda: K.sqrt(x), "square": lambda:
        K.square(x), "std": lambda: K.std(x, axis=1), "sum": lambda: K.sum(x), "tanh":
        lambda: K.tanh(x), "var": lambda: K.var(x, axis=0),
    })  # fmt: skip


def arrays(tf, np):
    K = tf.keras.backend
    K.clear_session()
    x = K.constant(_values(np, 3, 4))
    s = K.constant(_values(np, 2, 3, 4, seed=2))
    i = K.constant(_values(np, 1, 2, 2, 1, seed=3))
    v = K.constant(_values(np, 1, 2, 1, 2, 1, seed=3))
    return _all(tf, {
        "arange": lambda: K.arange(2, 8, 2), "arange_float": lambda: K.arange(3, dtype="float32"),
        "batch_flatten": lambda: K.batch_flatten(s), "cast": lambda: K.cast(x, "int32"),
        "concatenate": lambda: K.concatenate([x, x], axis=0), "constant": lambda: K.constant(
            2, shape=(2, 2), name="c"), "expand_dims": lambda: K.expand_dims(x),
        "eye": lambda: K.eye(2), "flatten": lambda: K.flatten(x),
        "gather": lambda: K.gather(x, [2, 0]), "identity": lambda: K.identity(x),
        "one_hot": lambda: K.one_hot(K.constant([0, 2], dtype="int32"), 3),
        "ones": lambda: K.ones((2, 2)), "ones_like": lambda: K.ones_like(x),
        "permute": lambda: K.permute_dimensions(s, (2, 0, 1)), "repeat": lambda: K.repeat(x, 2),
        "repeat_elements": lambda: K.repeat_elements(x, 2, axis=1),
        "reshape": lambda: K.reshape(x, (2, -1)), "resize_images": lambda: K.resize_images(
            i, 2, 3, "channels_last"), "resize_volumes": lambda: K.resize_volumes(
            v, 1, 2, 2, "channels_last"), "reverse": lambda: K.reverse(x, 0),
        "reverse2": lambda: K.reverse(x, (0, 1)),
        "spatial_2d_padding": lambda: K.spatial_2d_padding(i, ((1, 0), (0, 1))),
        "squeeze": lambda: K.squeeze(K.expand_dims(x, 1), 1), "stack": lambda: K.stack([x, x], 1),
        "temporal_padding": lambda: K.temporal_padding(s), "tile": lambda: K.tile(x, (1, 2)),
        "transpose": lambda: K.transpose(x), "zeros": lambda: K.zeros((2,), name="z"),
        "zeros_like": lambda: K.zeros_like(x), "zeros_int": lambda: K.zeros((2,), dtype="int32"),
        "shape": lambda: K.shape(x), "int_shape": lambda: K.int_shape(s), "ndim": lambda:
        K.ndim(s), "dtype": lambda: K.dtype(x), "count": lambda: int(K.count_params(
            K.variable(np.zeros((2, 3))))), "is_sparse": lambda: K.is_sparse(x),
        "to_dense": lambda: K.to_dense(x), "map_fn": lambda: K.map_fn(lambda r: r * 2, x),
        "foldl": lambda: K.foldl(lambda a, b: a + b, x), "foldr": lambda: K.foldr(
            lambda a, b: a - b, x), "random_seeded": lambda: K.random_uniform((2,), seed=3),
        "normal_seeded": lambda: K.random_normal((2,), 1.0, 2.0, seed=3), "truncated":
        lambda: K.truncated_normal((2,), seed=3), "binomial": lambda: K.random_binomial(
            (4,), 0.5, seed=3), "random_variable": lambda: K.random_normal_variable(
            (2,), 0.0, 1.0, seed=3), "uniform_variable": lambda: K.random_uniform_variable(
            (2,), 0.0, 1.0, seed=3), "dropout": lambda: K.dropout(x, 0.5, seed=3),
    })  # fmt: skip


def of_layers(tf, np):
    K = tf.keras.backend
    K.clear_session()
    s = K.constant(_values(np, 1, 5, 2))
    i = K.constant(_values(np, 1, 4, 4, 2, seed=3))
    v = K.constant(_values(np, 1, 3, 3, 3, 1, seed=3))
    k1, k2 = K.constant(_values(np, 2, 2, 3, seed=4)), K.constant(_values(np, 2, 2, 2, 3, seed=4))
    k3 = K.constant(_values(np, 2, 2, 2, 1, 2, seed=5))
    t = K.constant(_values(np, 2, 2, 3, 2, seed=6))
    d, p = K.constant(_values(np, 2, 2, 2, 1, seed=7)), K.constant(_values(np, 1, 1, 2, 3, seed=8))
    b = K.constant(_values(np, 3, seed=9))
    y = K.constant([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    q = K.constant([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]])
    return _all(tf, {
        "rnn": lambda: list(K.rnn(lambda x, h: (x + h[0], [x + h[0]]), s, [K.zeros((1, 2))])[:2]),
        "rnn_unrolled": lambda: list(K.rnn(lambda x, h: (x + h[0], [x + h[0]]), s, [K.zeros(
            (1, 2))], unroll=True, go_backwards=True)[:2]),
        "rnn_masked": lambda: list(K.rnn(lambda x, h: (x + h[0], [x + h[0]]), s, [K.zeros(
            (1, 2))], mask=K.constant([[1, 0, 1, 1, 0]], dtype="bool"))[:2]),
        "conv1d": lambda: K.conv1d(s, k1, padding="causal"), "conv2d": lambda: K.conv2d(
            i, k2, strides=(2, 2), padding="same"), "conv3d": lambda: K.conv3d(v, k3),
        "conv2d_transpose": lambda: K.conv2d_transpose(i, t, (1, 8, 8, 3), (2, 2), "same"),
        "separable": lambda: K.separable_conv2d(i, d, p), "pool2d": lambda: K.pool2d(
            i, (2, 2), (2, 2)),
        "pool2d_avg": lambda: K.pool2d(i, (2, 2), pool_mode="avg"), "pool3d": lambda: K.pool3d(
            v, (2, 2, 2)), "bias_add": lambda: K.bias_add(K.conv2d(i, k2), b),
        "bias_add_3": lambda: K.bias_add(K.conv1d(s, k1), b),
        "categorical": lambda: K.categorical_crossentropy(y, q), "logits": lambda:
        K.categorical_crossentropy(y, q, from_logits=True), "sparse": lambda:
        K.sparse_categorical_crossentropy(K.constant([1, 0]), q), "binary": lambda:
        K.binary_crossentropy(y, q), "binary_logits": lambda: K.binary_crossentropy(
            y, q, from_logits=True), "in_top_k": lambda: K.in_top_k(q, [1, 1], 1),
        "in_test": lambda: K.in_test_phase(y, q, training=False), "in_train": lambda:
        K.in_train_phase(y, q, training=True), "switch": lambda: K.switch(
            K.constant([True, False]), y, q), "switch_scalar": lambda: K.switch(
            K.constant(True, dtype="bool"), lambda: y, lambda: q),
        "ctc_decode": lambda: [K.ctc_decode(K.constant(np.array([[[0.1, 0.6, 0.3], [0.8, 0.1, 0.1],
            [0.3, 0.1, 0.6]]])), K.constant([3], dtype="int32"))[0][0]],
        "ctc": lambda: K.ctc_batch_cost(K.constant([[0, 1]]), K.softmax(K.constant(
            _values(np, 1, 4, 3))), K.constant([[4]]), K.constant([[2]])),
        "normalize": lambda: list(K.normalize_batch_in_training(i, K.ones((2,)), K.zeros((2,)),
                                                                [0, 1, 2])),
        "batch_normalization": lambda: K.eval(K.batch_normalization(
            i, K.zeros((2,)), K.ones((2,)), K.ones((2,)), K.ones((2,)))),
        "first": lambda: K.eval(
            K.pool2d(K.permute_dimensions(i, (0, 3, 1, 2)), (2, 2), data_format="channels_first")),
        "local": lambda: K.eval(K.local_conv1d(s, K.constant(_values(np, 4, 4, 3)), (2,), (1,))),
    })  # fmt: skip


def variables_and_functions(tf, np):
    K = tf.keras.backend
    K.clear_session()
    v = K.variable(np.ones((2, 2)), name="v")
    w = K.variable(3.0)
    a, b = K.placeholder((2, 2)), K.placeholder(ndim=2, name="b", dtype="float32")
    update = K.update(v, v + 1)
    found = [v.name, w.name, a.name, b.name, str(b.shape), K.get_value(v), K.get_value(w)]
    run = K.function([a, b], [a + b, v], updates=[K.update_add(w, 1.0)])
    found += [run([np.ones((2, 2)), np.zeros((2, 2))]), K.get_value(w)]
    K.get_session().run(update)
    found.append(K.get_value(v))
    K.set_value(w, 5.0)
    K.batch_set_value([(v, np.zeros((2, 2)))])
    found.append(K.batch_get_value([v, w]))
    moved = K.moving_average_update(v, K.ones((2, 2)), 0.75)
    K.get_session().run(K.update_sub(w, 1.0))
    K.get_session().run(tf.variables_initializer(
        [each for each in tf.global_variables() if each.name.startswith("v/")]))
    K.get_session().run(moved)
    found += [K.get_value(w), K.get_value(v)]
    (gradient,) = K.gradients(K.sum(v * v), [v])
    found += [K.eval(gradient), K.eval(K.stop_gradient(v))]
    found += [K.epsilon(), K.floatx(), K.image_data_format(), K.backend()]
    found += [K.get_uid("thing"), K.get_uid("thing")]
    K.reset_uids()
    found.append(K.get_uid("thing"))
    K.set_floatx("float64")
    found.append(K.variable(1.0).dtype.base_dtype.name)
    K.set_floatx("float32")
    K.set_epsilon(1e-5)
    found.append(K.epsilon())
    K.set_epsilon(1e-7)
    sparse = K.placeholder((2, 2), sparse=True)
    return found + [K.is_sparse(sparse), K.cast_to_floatx(np.array([1, 2])).dtype.name]
