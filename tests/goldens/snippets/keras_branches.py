"""`if` of tensors in the `call` of layers of one's own."""

from goldens.kit import eagerly, error, run


def _layer(tf, call, **attributes):
    made = type("Own", (tf.keras.layers.Layer,), {"call": call, **attributes})
    return made()


def _values(tf, np, call, fed=(-1.0, 0.0, 2.0), **attributes):
    """What a layer with this `call` makes of each number."""
    x = tf.placeholder(tf.float32, [])
    y = _layer(tf, call, **attributes)(x)
    with tf.Session() as session:
        return [session.run(y, {x: value}) for value in fed]


def statements_and_returns(tf, np):
    scale = 3.0

    def assigned(self, x):
        y = x
        if x > 0:
            double = x * 2.0
            y = double + self.extra
        elif x < 0:
            y = x * scale
        return y + 1.0

    def returned(self, x):
        if x > 0:
            return x * scale
        x = x - 1.0
        if x < -1.5:
            return x * self.extra
        return x

    def nested(self, x):
        total = tf.constant(0.0)
        for step in range(2):
            if x > step:
                if not x > 1.0:
                    total += 1.0
                else:
                    total += 10.0
        return total

    def one_sided(self, x):
        if tf.abs(x) > 1.5:
            x = tf.sqrt(tf.abs(x))
        return x

    def among_others(self, x):
        parts = [i * x for i in range(3)]
        for part in parts:
            if self.extra < 0:
                continue
            x = x + part
        if x > 0:
            most = max(i for i in range(4))
            x = x + most
        with tf.name_scope("inside"):
            if x > 1:
                x = x * 2.0
        return x + len([i for i in range(2)])

    calls = assigned, returned, nested, one_sided, among_others
    return [_values(tf, np, call, extra=5.0) for call in calls]


def expressions(tf, np):
    def chosen(self, x):
        return x if x > 0 else x * 10.0

    def combined(self, x):
        y = x
        if x > 0 and not x > 5.0:
            y = x + 1.0
        if x < -0.5 or x > 1.0:
            y = y * 2.0
        return y

    def of_python(self, x, more=None):
        y = x * 2.0 if more is None and self.extra > 1 else x
        if self.extra and x > 0:
            y = y + self.extra
        return y

    return [_values(tf, np, call, extra=5.0) for call in (chosen, combined, of_python)]


def whether_it_is_training(tf, np):
    class Own(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = tf.keras.layers.Dense(1, kernel_initializer="ones")
            self.seen = tf.Variable(0.0, trainable=False, use_resource=True)

        def call(self, inputs, training=None):
            x = self.dense(inputs)
            if training:
                x = x * 10.0
            return x

    x, model = np.ones([2, 3], np.float32), Own()
    model.compile(tf.keras.optimizers.SGD(0.0), "mse")
    losses = model.train_on_batch(x, np.zeros([2, 1])), model.test_on_batch(x, np.zeros([2, 1]))
    return [float(loss) for loss in losses], model.predict(x)


def with_a_base_and_a_default(tf, np):
    class Base(tf.keras.layers.Layer):
        def call(self, x):
            return x + 1.0

    class Own(Base):
        def call(self, x, *, by=2.0):
            y = super().call(x)
            if tf.reduce_sum(x) > 0:
                y = y * by
            return y

    outputs = [Own()(tf.constant(value)) for value in ([1.0, 2.0], [-1.0, 0.0])]
    with tf.Session() as session:
        return session.run(outputs)


def a_value_in_one_branch_only(tf, np):
    def call(self, x):
        if x > 0:
            y = x
        return y

    return error(lambda: _values(tf, np, call))


def variables_read_in_a_branch(tf, np):
    v, p = tf.Variable(2.0, use_resource=False), tf.placeholder_with_default(True, [])
    y = tf.cond(p, lambda: 3.0 * v.read_value(), lambda: 1.0)
    found = run(tf, tf.gradients(y, [v]))
    with eagerly(tf):
        w = tf.contrib.eager.Variable(2.0)

        @tf.contrib.eager.defun
        def gradient(x, p):
            with tf.GradientTape() as tape:
                y = tf.cond(p, lambda: x * w, lambda: x)
            return tape.gradient(y, w)

        return found, [float(gradient(tf.constant(3.0), tf.constant(p))) for p in (True, False)]


def batches_normalized_where_operations_run_at_once(tf, np):
    with eagerly(tf):
        found, x = [], np.linspace(0.0, 1.0, 96).reshape(2, 4, 4, 3).astype(np.float32)
        for options in ({}, {"center": False}, {"scale": False, "center": False}):
            norm = tf.keras.layers.BatchNormalization(**options)
            last = tf.keras.layers.Dense(1, kernel_initializer="ones")
            model = tf.keras.Sequential([
                tf.keras.layers.Conv2D(3, 1, kernel_initializer="ones", input_shape=(4, 4, 3)),
                norm, tf.keras.layers.Flatten(), last,
            ])  # fmt: skip
            model.compile("sgd", "mse")
            model.fit(x, np.ones([2, 1]), verbose=0)
            found.append([w.round(3) for w in norm.get_weights()])
            found.append(norm(tf.constant(x[:1, :1, :1])).numpy().round(3))
        return found


def training_where_operations_run_at_once(tf, np):
    class Own(tf.keras.layers.Layer):
        def call(self, x, training=None):
            if training:
                x = x * 10.0
            return x

    with eagerly(tf):
        model = tf.keras.Sequential([Own(input_shape=(1,))])
        model.compile("sgd", "mse")
        x, y = np.ones([2, 1], np.float32), np.zeros([2, 1], np.float32)
        return float(model.train_on_batch(x, y)), float(model.test_on_batch(x, y)), model.predict(x)
