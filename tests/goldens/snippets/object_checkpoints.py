"""tf.train.Checkpoint: what is an edge to what, and the keys of the values."""

import os
import tempfile


def _edges(tf, path):
    """[from, name, to] of the edges that lead to values, objects by their shortest paths; the keys
    with the variables' names and shapes; the slots."""
    nodes = tf.contrib.checkpoint.object_metadata(path).nodes
    paths, waiting = {0: "root"}, [0]
    for number in waiting:
        for child in nodes[number].children:
            if child.node_id not in paths:
                paths[child.node_id] = f"{paths[number]}.{child.local_name}"
                waiting.append(child.node_id)
    valued = {n for n, node in enumerate(nodes) if node.attributes or node.slot_variables}
    for number in reversed(waiting):  # a path is longer than those it goes on from
        _spread(nodes, number, valued)
    found = [
        [paths[number], child.local_name, paths[child.node_id]]
        for number in waiting
        for child in nodes[number].children
        if child.node_id in valued
    ]
    slots = [
        [paths[number], slot.slot_name, paths[slot.original_variable_node_id],
         nodes[slot.slot_variable_node_id].attributes[0].checkpoint_key]
        for number in waiting for slot in nodes[number].slot_variables
    ]  # fmt: skip
    shapes = dict(tf.train.list_variables(path))
    keys = [
        [each.checkpoint_key, each.name, each.full_name, shapes[each.checkpoint_key]]
        for node in nodes for each in node.attributes
    ]  # fmt: skip
    return [sorted(found), sorted(slots), sorted(keys)]


def _spread(nodes, number, valued):
    if any(child.node_id in valued for child in nodes[number].children):
        valued.add(number)


def _written(tf, **objects):
    checkpoint = tf.train.Checkpoint(**objects)
    with tempfile.TemporaryDirectory() as folder, tf.Session() as session:
        session.run(tf.global_variables_initializer())  # those that are no part of it
        checkpoint.restore(None).initialize_or_restore(session)
        return _edges(tf, checkpoint.save(os.path.join(folder, "c"), session))


def _weights(tf, model):
    with tempfile.TemporaryDirectory() as folder:
        model.save_weights(os.path.join(folder, "w"))
        return _edges(tf, os.path.join(folder, "w"))


def variables(tf, np):
    return _written(tf, a=tf.Variable([1.0, 2.0], name="x"), b=tf.get_variable("y/z", [2, 3]))


def _trained(tf, optimizer):
    a = tf.Variable([1.0, 2.0], name="x", use_resource=True)
    b = tf.Variable(3.0, name="y", use_resource=True)
    grads = tf.gradients(tf.reduce_sum(a) * b, [a, b])
    optimizer.apply_gradients([(grads[0], a), (grads[1], b)])
    return _written(tf, optimizer=optimizer, a=a, b=b)


def gradient_descent(tf, np):
    return _trained(tf, tf.train.GradientDescentOptimizer(0.1))


def momentum(tf, np):
    return _trained(tf, tf.train.MomentumOptimizer(0.1, 0.9))


def adam(tf, np):
    return _trained(tf, tf.train.AdamOptimizer(0.1))


def rmsprop(tf, np):
    return _trained(tf, tf.train.RMSPropOptimizer(0.1))


def adagrad(tf, np):
    return _trained(tf, tf.train.AdagradOptimizer(0.1))


def keras_sgd(tf, np):
    return _trained(tf, tf.keras.optimizers.SGD(0.1, momentum=0.9))


def keras_adam(tf, np):
    return _trained(tf, tf.keras.optimizers.Adam(0.1, amsgrad=True))


def keras_rmsprop(tf, np):
    return _trained(tf, tf.keras.optimizers.RMSprop(0.1, centered=True))


def keras_schedule(tf, np):
    rate = tf.keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    return _trained(tf, tf.keras.optimizers.SGD(rate))


def _model(tf):
    layers = tf.keras.layers
    inputs = tf.keras.Input((4,), name="in")
    x = layers.Dense(3, name="d")(inputs)
    x = layers.Dropout(0.5)(layers.BatchNormalization(name="n")(x))
    return tf.keras.Model(inputs, layers.Dense(1, use_bias=False, name="e")(x))


def functional(tf, np):
    return _written(tf, model=_model(tf))


def functional_weights(tf, np):
    return _weights(tf, _model(tf))


def _compiled(tf, np, optimizer):
    model = _model(tf)
    model.compile(optimizer, "mse", metrics=["mae"])
    model.fit(np.ones((2, 4)), np.ones((2, 1)), verbose=0)
    return _weights(tf, model)


def compiled(tf, np):
    return _compiled(tf, np, tf.keras.optimizers.Adam())


def compiled_by_name(tf, np):
    return _compiled(tf, np, "rmsprop")


def compiled_with_tf_train(tf, np):
    return _compiled(tf, np, tf.train.AdamOptimizer())


def sequential(tf, np):
    layers = tf.keras.layers
    model = tf.keras.Sequential([
        layers.Embedding(5, 3, input_length=2), layers.Flatten(), layers.Dense(2, name="d"),
    ])  # fmt: skip
    return _weights(tf, model)


def sequential_built_later(tf, np):
    layers = tf.keras.layers
    model = tf.keras.Sequential([layers.Dense(3), layers.Activation("relu"), layers.Dense(2)])
    model.build((None, 4))
    return _weights(tf, model)


def nested(tf, np):
    layers = tf.keras.layers
    inner = tf.keras.Sequential([layers.Dense(3, input_shape=(4,), name="d")], name="inner")
    inputs = tf.keras.Input((4,))
    return _weights(tf, tf.keras.Model(inputs, layers.Dense(1, name="e")(inner(inputs))))


def subclassed(tf, np):
    layers = tf.keras.layers

    class Net(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.first = layers.Dense(3, name="a")
            self.blocks = [layers.Dense(3, name="b"), layers.Dense(3, name="c"), "text"]
            self.named = {"x": layers.Dense(2, name="d"), "y": [layers.Dense(2, name="e")]}
            self.scale = tf.Variable(2.0, name="scale")
            self.again = self.first
            self.empty, self.sizes = [], [1, 2]

        def call(self, inputs):
            x = self.first(inputs)
            for block in self.blocks[:2]:
                x = block(x)
            return self.named["x"](x) + self.named["y"][0](x) * self.scale

    net = Net()
    net(tf.ones((2, 4)))
    return _written(tf, net=net, step=tf.train.get_or_create_global_step())


def own_layer(tf, np):
    class Own(tf.keras.layers.Layer):
        def build(self, input_shape):
            self.w = self.add_weight("kernel", (int(input_shape[-1]), 2))
            self.bias = self.add_weight(name="bias", shape=(2,))
            self.add_weight("unbound", shape=())
            super().build(input_shape)

        def call(self, inputs):
            return tf.matmul(inputs, self.w) + self.bias

    layer = Own(name="own")
    layer(tf.ones((2, 4)))
    return _written(tf, layer=layer)


def _layer(tf, layer, shape):
    layer(tf.ones(shape))
    return _written(tf, layer=layer)


def layers_simple(tf, np):
    layers = tf.keras.layers
    return [
        _layer(tf, layer, shape)
        for layer, shape in [
            (layers.Conv2D(2, 3, name="c"), (1, 8, 8, 3)),
            (layers.SeparableConv2D(2, 3, name="s"), (1, 8, 8, 3)),
            (layers.DepthwiseConv2D(3, name="w"), (1, 8, 8, 3)),
            (layers.Conv2DTranspose(2, 3, name="t"), (1, 8, 8, 3)),
            (layers.PReLU(name="p"), (2, 3)),
            (layers.LayerNormalization(name="l"), (2, 3)),
            (layers.Embedding(4, 3, name="e"), (2, 3)),
            (layers.LocallyConnected1D(2, 3, name="o"), (2, 5, 3)),
        ]
    ]


def layers_recurrent(tf, np):
    layers = tf.keras.layers
    cells = [layers.LSTMCell(3), layers.GRUCell(2)]
    return [
        _layer(tf, layer, (2, 3, 4))
        for layer in [
            layers.SimpleRNN(2, name="s"),
            layers.LSTM(2, name="l"),
            layers.GRU(2, name="g"),
            layers.RNN(cells, name="r"),
            layers.Bidirectional(layers.LSTM(2, name="l"), name="b"),
            layers.TimeDistributed(layers.Dense(2, name="d"), name="t"),
        ]
    ]


def layers_stateful(tf, np):
    layer = tf.keras.layers.LSTM(2, stateful=True, name="l", batch_input_shape=(2, 3, 4))
    return _layer(tf, layer, (2, 3, 4))


def layers_of_tf_layers(tf, np):
    return [
        _layer(tf, layer, shape)
        for layer, shape in [
            (tf.layers.Dense(2, name="d"), (2, 3)),
            (tf.layers.BatchNormalization(name="n"), (2, 3)),
            (tf.layers.Conv2D(2, 3, name="c"), (1, 8, 8, 3)),
        ]
    ]


def cells(tf, np):
    cell = tf.nn.rnn_cell
    one, several = cell.LSTMCell(2), cell.MultiRNNCell([cell.GRUCell(2), cell.BasicLSTMCell(3)])
    x = tf.ones((2, 3, 4))
    tf.nn.dynamic_rnn(one, x, dtype=tf.float32, scope="one")
    tf.nn.dynamic_rnn(several, x, dtype=tf.float32, scope="several")
    dropped = cell.DropoutWrapper(cell.GRUCell(2), 0.5)
    tf.nn.dynamic_rnn(dropped, x, dtype=tf.float32, scope="dropped")
    return _written(tf, one=one, several=several, dropped=dropped)


def metrics(tf, np):
    mean, accuracy = tf.keras.metrics.Mean(name="m"), tf.keras.metrics.Accuracy(name="a")
    return _written(tf, mean=mean, accuracy=accuracy, auc=tf.keras.metrics.AUC(name="u"))


def containers(tf, np):
    kind = tf.contrib.checkpoint
    listed = kind.List([tf.Variable(1.0, name="a")])
    listed.append(tf.Variable(2.0, name="b"))
    mapped = kind.Mapping(x=tf.Variable(3.0, name="c"))
    mapped["y"] = kind.List([tf.Variable(4.0, name="d")])
    unique = kind.UniqueNameTracker()
    for number in range(3):
        unique.track(tf.Variable(5.0, name=f"u{number}"), "v")
    return _written(tf, listed=listed, mapped=mapped, unique=unique)


def objects(tf, np):
    whole = tf.contrib.checkpoint.Checkpointable()
    whole.a = tf.Variable(1.0, name="a")
    whole.inner = tf.contrib.checkpoint.Checkpointable()
    whole.inner.b = tf.Variable(2.0, name="b")
    whole.inner.back = whole
    whole.many = [tf.Variable(3.0, name="c"), {"x/y.z": tf.Variable(4.0, name="d")}]
    whole.left_out = tf.contrib.checkpoint.NoDependency(tf.Variable(5.0, name="e"))
    whole.gone = tf.Variable(6.0, name="f")
    del whole.gone
    whole.a = tf.Variable(7.0, name="g")
    return _written(tf, whole=whole)


def python_state(tf, np):
    arrays = tf.contrib.checkpoint.NumpyState()
    arrays.x = np.arange(3)
    return _written(tf, arrays=arrays)


def template(tf, np):
    def make(x):
        return x * tf.get_variable("w", ()) + tf.layers.dense(x, 1, name="d")

    made = tf.make_template("t", make)
    made(tf.ones((1, 1)))
    return _written(tf, template=made)


def layers_more(tf, np):
    layers = tf.keras.layers
    cells = [layers.GRUCell(2, name="a"), layers.SimpleRNNCell(3, name="b")]
    return [
        _layer(tf, layer, shape)
        for layer, shape in [
            (layers.ConvLSTM2D(2, 2, name="v"), (1, 3, 5, 5, 2)),
            (layers.TimeDistributed(layers.Conv1D(2, 2, name="c"), name="t"), (1, 3, 4, 2)),
            (layers.RNN(layers.StackedRNNCells(cells, name="s"), name="r"), (1, 3, 2)),
            (layers.BatchNormalization(name="n"), (1, 3, 3, 2)),
            (tf.layers.SeparableConv2D(2, 2, name="d"), (1, 4, 4, 3)),
        ]
    ]


def attention(tf, np):
    layer = tf.keras.layers.Attention(use_scale=True, name="a")
    layer([tf.ones((1, 3, 2)), tf.ones((1, 3, 2))])
    return _written(tf, layer=layer)


def metrics_more(tf, np):
    kind = tf.keras.metrics
    mean = tf.contrib.eager.metrics.Mean("e")
    mean(tf.ones(3))
    return _written(
        tf, p=kind.Precision(name="p"), r=kind.Recall([0.1, 0.2], name="r"), e=mean,
        i=kind.MeanIoU(3, name="i"), s=kind.SensitivityAtSpecificity(0.5, name="s"),
    )  # fmt: skip


def keras_nadam(tf, np):
    return _trained(tf, tf.keras.optimizers.Nadam())


def ftrl(tf, np):
    return _trained(tf, tf.train.FtrlOptimizer(0.1))


def adam_with_a_step(tf, np):
    optimizer, step = tf.train.AdamOptimizer(0.1), tf.train.get_or_create_global_step()
    v = tf.get_variable("v", [2])
    optimizer.minimize(tf.reduce_sum(v), global_step=step)
    return _written(tf, optimizer=optimizer, v=v, step=step)


def several_inputs(tf, np):
    layers = tf.keras.layers
    a, b = tf.keras.Input((3,), name="a"), tf.keras.Input((3,), name="b")
    dense = layers.Dense(2, name="d")
    both = layers.Concatenate(name="c")([dense(a), dense(b)])
    numbers = layers.Lambda(lambda x: tf.cast(x, tf.int32), name="l")(a)
    outputs = [layers.Dense(1, name="o")(both), layers.Embedding(3, 2, name="u")(numbers)]
    return _weights(tf, tf.keras.Model([a, b], outputs))


def model_with_operations(tf, np):
    inputs = tf.keras.Input((3,))
    x = tf.nn.relu(tf.keras.layers.Dense(2, name="d")(inputs)) * 2.0
    return _weights(tf, tf.keras.Model(inputs, tf.keras.layers.Dense(1, name="o")(x)))


def subclassed_built(tf, np):
    layers = tf.keras.layers

    class Net(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.first = layers.Dense(2, name="d")
            self.blocks = [layers.Dense(2, name="e")]
            self.last = tf.keras.Sequential([layers.Dense(2, name="f")])
            self.options = {"a": 1}

        def call(self, inputs):
            return self.last(self.blocks[0](self.first(inputs)))

    built, trained = Net(), Net()
    built.build((None, 3))
    trained.compile("sgd", "mse")
    trained.fit(np.ones((2, 3)), np.ones((2, 2)), verbose=0)
    return _weights(tf, built), _weights(tf, trained)


def templates_inside(tf, np):
    inner = tf.make_template("inner", lambda x: x * tf.get_variable("w", ()))

    def make(x):
        with tf.variable_scope("scope"):
            return inner(x) + tf.get_variable("v", ())

    made = tf.make_template("outer", make)
    made(tf.ones(2))
    return _written(tf, template=made)
