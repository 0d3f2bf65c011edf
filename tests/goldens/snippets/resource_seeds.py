"""Seeds of random ops that have none of their own, in graphs with resource variables."""

from goldens.kit import run


def _place(tf):
    """The seed of an op here: how many nodes the graph has."""
    return tf.random_shuffle([1]).op.get_attr("seed2")


def _places(tf, *steps):
    tf.set_random_seed(1)
    found = []
    for step in steps:
        step()
        found.append(_place(tf))
    return found


def _made(tf, np):
    return tf.Variable(np.ones([4, 3], np.float32), use_resource=True)


def made_in_every_way(tf, np):
    of, get = {"use_resource": True}, tf.get_variable
    initializers = (
        "zeros", "ones", "random_uniform", "random_normal", "truncated_normal", "variance_scaling",
        "orthogonal", "identity",
    )  # fmt: skip
    cut = tf.fixed_size_partitioner(3)
    return _places(
        tf,
        lambda: tf.Variable(1.0, **of),
        lambda: tf.Variable(tf.zeros([3]), **of),
        lambda: tf.Variable(lambda: tf.random_normal([2]), **of),
        lambda: tf.Variable(1.0, caching_device="/cpu:0", **of),
        lambda: get("default", [3, 2], **of),
        lambda: get("whole", [3, 2], tf.int32, **of),
        lambda: get("value", initializer=np.ones([2, 3], np.float32), **of),
        lambda: get("parts", [6, 2], partitioner=cut, **of),
        lambda: get("l2", [2], regularizer=tf.contrib.layers.l2_regularizer(0.1), **of),
        *(lambda name=name: get(name, [3, 2], initializer=getattr(tf.initializers, name)(), **of)
          for name in initializers),
    )  # fmt: skip


def made_from_others(tf, np):
    tf.set_random_seed(1)
    a = tf.Variable(1.0, use_resource=True)
    b = tf.Variable(a.initialized_value() * 2, use_resource=True)
    places = [_place(tf)]
    tf.Variable(b.initialized_value() + a.initialized_value(), use_resource=True)
    places.append(_place(tf))
    tf.Variable(b.initialized_value() + 1, use_resource=False)
    return places, _place(tf), run(tf, tf.global_variables())


def by_scopes(tf, np):
    places, seen = [], []
    tf.set_random_seed(1)
    with tf.variable_scope("a", use_resource=True):
        seen.append(tf.Variable(1.0).dtype.name)
        places.append(_place(tf))
        with tf.variable_scope("b", use_resource=False):
            seen.append(tf.Variable(1.0).dtype.name)
            places.append(_place(tf))
        seen.append(tf.layers.Dense(1)(tf.ones([1, 1])).dtype.name)
        places.append(_place(tf))
    seen.append(tf.Variable(1.0).dtype.name)
    return seen, places, _place(tf)


def read(tf, np):
    v, p = _made(tf, np), tf.placeholder_with_default(True, [])
    rows, count = tf.ones([4, 3]), tf.constant(0)
    return _places(
        tf,
        lambda: v.value(),
        lambda: v.read_value(),
        lambda: v * v,
        lambda: tf.matmul(v, v, transpose_b=True),
        lambda: tf.reduce_sum(v),
        lambda: tf.concat([v, v], 0),
        lambda: v[1:2],
        lambda: tf.gather(v, [0, 1]),
        lambda: tf.gather(v, [0, 1], axis=1),
        lambda: tf.gather_nd(v, [[0, 1]]),
        lambda: tf.nn.embedding_lookup(v, [0, 1]),
        lambda: tf.nn.embedding_lookup([v, v], [0, 1]),
        lambda: tf.nn.embedding_lookup(v, [0, 1], max_norm=1.0),
        lambda: v.is_initialized(),
        lambda: v.initialized_value(),
        lambda: tf.identity(v),
        lambda: tf.tuple([v, v]),
        lambda: tf.clip_by_norm(v, 1.0),
        lambda: tf.cond(p, lambda: v * v, lambda: v + 1),
        lambda: tf.cond(p, lambda: v, lambda: v + 1),
        lambda: tf.while_loop(lambda i, _: i < 3, lambda i, x: (i + 1, x * v + v), [count, rows]),
        lambda: tf.map_fn(lambda row: row * tf.reduce_sum(v), rows),
    )


def written(tf, np):
    v, new = _made(tf, np), tf.zeros([4, 3])
    rows = tf.IndexedSlices(tf.ones([1, 3]), tf.constant([0]))
    n = tf.Variable(0, use_resource=True)
    p = tf.placeholder_with_default(True, [])
    return _places(
        tf,
        lambda: v.assign(new),
        lambda: v.assign(new, read_value=False),
        lambda: tf.assign(v, v),
        lambda: tf.assign_add(v, new) + 1.0,
        lambda: v.assign_sub(new).assign_add(new),
        lambda: tf.group(v.assign(v)),
        lambda: tf.scatter_add(v, [0], [[1.0, 1.0, 1.0]]),
        lambda: v.scatter_update(rows),
        lambda: tf.scatter_nd_sub(v, [[0]], [[1.0, 1.0, 1.0]]),
        lambda: v[1:2].assign(tf.zeros([1, 3])),
        lambda: n.count_up_to(3),
        lambda: tf.cond(p, lambda: v.assign(v * 2), lambda: tf.identity(v)),
        lambda: tf.train.Saver([v]),
        lambda: tf.train.ExponentialMovingAverage(0.9).apply([v]),
    )


def _optimized(tf, np, make, resource):
    """How many nodes an optimizer has to apply dense gradients, and to apply one of rows."""
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        v, w, rows = (tf.Variable(tf.ones([4, 3]), use_resource=resource) for _ in range(3))
        slices = tf.IndexedSlices(tf.ones([2, 3]), tf.constant([0, 0]), tf.constant([4, 3]))
        found = [_place(tf)]
        for pairs in [(tf.ones([4, 3]), v), (tf.ones([4, 3]), w)], [(slices, rows)]:
            make().apply_gradients(pairs)
            found.append(_place(tf))
    return found


def optimizers(tf, np):
    train, opt = tf.train, tf.contrib.opt
    makers = (
        lambda: train.GradientDescentOptimizer(0.1),
        lambda: train.MomentumOptimizer(0.1, 0.9),
        lambda: train.AdamOptimizer(0.1),
        lambda: train.AdagradOptimizer(0.1),
        lambda: train.AdadeltaOptimizer(0.1),
        lambda: train.RMSPropOptimizer(0.1),
        lambda: train.RMSPropOptimizer(0.1, momentum=0.5, centered=True),
        lambda: train.FtrlOptimizer(0.1),
        lambda: train.ProximalGradientDescentOptimizer(0.1),
        lambda: train.ProximalAdagradOptimizer(0.1),
        lambda: train.AdagradDAOptimizer(0.1, train.get_or_create_global_step()),
        lambda: opt.LazyAdamOptimizer(0.1),
        lambda: opt.NadamOptimizer(0.1),
        lambda: opt.AdamWOptimizer(0.01, 0.1),
        lambda: opt.MomentumWOptimizer(0.01, 0.1, 0.9),
    )
    return [_optimized(tf, np, make, r) for make in makers for r in (False, True)]


def keras_optimizers(tf, np):
    of = tf.keras.optimizers
    makers = (
        lambda: of.SGD(), lambda: of.SGD(momentum=0.9), lambda: of.Adam(),
        lambda: of.Adam(amsgrad=True), lambda: of.RMSprop(), lambda: of.RMSprop(centered=True),
        lambda: of.RMSprop(momentum=0.9), lambda: of.Adagrad(), lambda: of.Adadelta(),
        lambda: of.Adamax(), lambda: of.Nadam(), lambda: of.Ftrl(),
    )  # fmt: skip
    return [_optimized(tf, np, make, True) for make in makers]


def keras_layers(tf, np):
    k, of = tf.keras.layers, tf.keras.Input
    steps, images = of((4, 5)), of((8, 8, 3))
    return _places(
        tf,
        lambda: k.Dense(3, activation="softmax")(of((5,))),
        lambda: k.BatchNormalization()(images),
        lambda: k.Embedding(5, 3)(of((4,))),
        lambda: k.SimpleRNN(3)(steps),
        lambda: k.LSTM(3)(steps),
        lambda: k.Bidirectional(k.GRU(3))(steps),
        lambda: k.TimeDistributed(k.Dense(2))(steps),
        lambda: k.SeparableConv2D(3, 3)(images),
        lambda: k.ConvLSTM2D(2, 3)(of((3, 8, 8, 2))),
        lambda: k.Dropout(0.5)(steps),
    )


def keras_compiled(tf, np):
    def model(activation, units):
        inputs = tf.keras.Input((5,))
        return tf.keras.Model(inputs, tf.keras.layers.Dense(units, activation=activation)(inputs))

    return _places(
        tf,
        lambda: model(None, 1).compile("sgd", "mse"),
        lambda: model("sigmoid", 1).compile("adam", "binary_crossentropy", metrics=["accuracy"]),
        lambda: model("softmax", 3).compile(
            "rmsprop", "sparse_categorical_crossentropy", metrics=["acc"]
        ),
    )


def network_without_seeds(tf, np):
    tf.set_random_seed(4)
    x = tf.constant(np.linspace(-1, 1, 12).reshape(4, 3).astype(np.float32))
    with tf.variable_scope("net", use_resource=True):
        for units in (8, 8):
            x = tf.layers.dense(x, units, tf.nn.relu)
            x = tf.layers.batch_normalization(x, training=True)
            x = tf.nn.dropout(x, rate=0.3)
        w = tf.get_variable("w", [8, 2])
        found = tf.matmul(x, w) + tf.get_variable("b", [2])
    return run(tf, [found, *tf.global_variables()])


def recurrent_network_without_seeds(tf, np):
    tf.enable_resource_variables()
    try:
        tf.set_random_seed(4)
        words = tf.get_variable("words", [10, 4])
        x = tf.nn.embedding_lookup(words, [[1, 2, 3], [4, 5, 6]])
        cells = [
            tf.nn.rnn_cell.DropoutWrapper(make(3), output_keep_prob=0.7)
            for make in (tf.nn.rnn_cell.LSTMCell, tf.nn.rnn_cell.GRUCell)
        ]
        outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.MultiRNNCell(cells), x, dtype=tf.float32)
        return run(tf, [tf.layers.dense(outputs, 2), words])
    finally:
        tf.disable_resource_variables()


def keras_models_of_a_seed(tf, np):
    tf.set_random_seed(2)
    k = tf.keras.layers
    first = tf.keras.Sequential([
        k.Embedding(6, 4, input_length=3), k.LSTM(4, return_sequences=True), k.GRU(3), k.Dense(2)
    ])  # fmt: skip
    first.compile("adam", "mse")
    second = tf.keras.Sequential([k.Dense(3, activation="tanh", input_shape=(4,)), k.Dense(2)])
    second.compile("sgd", "mse", metrics=["mae"])
    third = k.Dense(2)
    third.build((None, 3))
    return [layer.get_weights() for layer in (first, second, third)]


def optimizers_before_more_variables(tf, np):
    """A loop that trains one network, and makes the next from what the first has left."""
    tf.set_random_seed(6)
    v, found = tf.get_variable("v", [3], use_resource=True), []
    grads = [(tf.constant([0.1, 0.2, 0.3]), v)]
    for number, optimizer in enumerate(
        (tf.train.AdamOptimizer(), tf.train.FtrlOptimizer(0.1), tf.train.RMSPropOptimizer(0.1))
    ):
        step = optimizer.apply_gradients(grads)
        with tf.control_dependencies([step]):
            noise = tf.random_normal([3])
            found += [v + noise, tf.get_variable(f"w{number}", [3], use_resource=True)]
    return run(tf, found[1::2]), run(tf, found[0])


def a_value_that_was_read_stays(tf, np):
    v = tf.Variable([1.0, 2.0], use_resource=True)
    old = v.value()
    with tf.control_dependencies([old]):
        new = v.assign_add([1.0, 1.0])
    with tf.control_dependencies([new]):
        both = old * 1.0, v * 1.0
    other = tf.Variable(3.0, use_resource=True)
    before = other.read_value()
    with tf.control_dependencies([other.assign(before + 1.0)]):
        kept = before * 2.0, other * 2.0
    return run(tf, both), run(tf, kept)


def assignments_are_variables(tf, np):
    v = tf.Variable(1.0, use_resource=True, name="v")
    done = v.assign(3.0)
    more = tf.assign_add(done, 2.0)
    with tf.control_dependencies([tf.Variable(1.0, use_resource=True).assign(2.0)]):
        seen = v + 0.0
    return (
        done.dtype.name, done.shape.as_list(), v.dtype.name, run(tf, more), run(tf, [done, seen]),
        run(tf, v.assign_sub(1.0) * 10.0),
    )  # fmt: skip


def checks_flips_and_holes(tf, np):
    x, n = tf.ones([3]), tf.constant([1, 2, 3], tf.int64)
    image, images, row = tf.ones([8, 8, 3]), tf.ones([1, 8, 8, 3]), tf.ones([1, 8, 3])
    kernel, layers = tf.ones([3, 3, 3, 4]), tf.layers
    return _places(
        tf,
        lambda: tf.Assert(tf.reduce_all(x > 0), [x]),
        lambda: tf.Assert(tf.reduce_all(x > 0), ["text", x, n]),
        lambda: tf.Assert(tf.reduce_all(x > 0), ["text"]),
        lambda: tf.assert_positive(tf.placeholder(tf.float32, [3])),
        lambda: tf.assert_less(tf.placeholder(tf.int64, [3]), n),
        lambda: tf.image.random_flip_left_right(image),
        lambda: tf.image.random_flip_up_down(image),
        lambda: tf.nn.convolution(images, kernel, "SAME", dilation_rate=[2, 2]),
        lambda: tf.nn.convolution(images, kernel, "VALID", dilation_rate=[1, 2]),
        lambda: tf.nn.atrous_conv2d(images, kernel, 2, "SAME"),
        lambda: layers.conv2d(images, 4, 3, dilation_rate=2, padding="same"),
        lambda: layers.conv1d(row, 4, 3, dilation_rate=2),
        lambda: tf.keras.layers.Conv1D(4, 3, dilation_rate=2, padding="causal")(row),
    )
