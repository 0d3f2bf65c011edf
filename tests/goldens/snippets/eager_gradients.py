"""Tapes, gradient functions, optimizers and traced functions where operations run at once."""

from goldens.kit import eagerly, error


def _values(tf, found):
    return [None if x is None else tf.convert_to_tensor(x).numpy() for x in found]


def _model(tf):
    w = tf.Variable([[1.0, 2.0], [3.0, -4.0]])
    b = tf.Variable([0.5, -0.5])
    return w, b, lambda x: tf.reduce_sum(tf.nn.relu(tf.matmul(x, w) + b) ** 2)


def of_variables(tf, np):
    with eagerly(tf):
        w, b, loss = _model(tf)
        x = tf.constant([[1.0, 2.0]])
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = loss(x)
        watched = len(tape.watched_variables())
        return [y.numpy(), watched, _values(tf, tape.gradient(y, [w, b, x])),
                error(lambda: tape.gradient(y, w))]  # fmt: skip


def what_is_not_watched(tf, np):
    with eagerly(tf):
        x, z = tf.constant(3.0), tf.constant(2.0)
        frozen = tf.Variable(2.0, trainable=False)
        early = x * 2.0
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(x)
            y = x * z * frozen
            other = z * 2.0
            of_early = early * x
        found = [tape.gradient(y, [x, z, frozen]), tape.gradient(other, x),
                 tape.gradient(of_early, [early, x]),
                 tape.gradient(other, x, unconnected_gradients="zero")]  # fmt: skip
        with tf.GradientTape(watch_accessed_variables=False) as chosen:
            v, w = tf.Variable(2.0), tf.Variable(3.0)
            chosen.watch(v)
            product = v * w
        return [_values(tf, each if isinstance(each, list) else [each]) for each in found] + [
            _values(tf, chosen.gradient(product, [v, w])),
            [u.numpy() for u in tape.watched_variables()],
        ]


def higher_orders(tf, np):
    with eagerly(tf):
        x = tf.constant([1.0, 2.0])
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(x**4)
            first = inner.gradient(y, x)
        second = outer.gradient(first, x)
        third = tf.contrib.eager.gradients_function(
            lambda x: tf.contrib.eager.gradients_function(lambda x: x**3)(x)[0]
        )(2.0)
        return [first.numpy(), second.numpy(), third[0].numpy()]


def persistence(tf, np):
    with eagerly(tf):
        x = tf.constant(3.0)
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(x)
            y = x * x
            z = y * y
        found = [tape.gradient(z, x).numpy(), tape.gradient(z, x).numpy(),
                 tape.gradient(y, x).numpy(), tape.gradient(z, y).numpy()]  # fmt: skip
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x * x
            with tape.stop_recording():
                y *= x
            z = y + x
        found.append(tape.gradient(z, x).numpy())
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x * x
            tape.reset()
            tape.watch(x)
            y += x
        found.append(tape.gradient(y, x).numpy())
        return found


def structures(tf, np):
    with eagerly(tf):
        a, b = tf.Variable(2.0), tf.Variable(3.0)
        with tf.GradientTape(persistent=True) as tape:
            y, z = a * b, a * a
        of_dict = tape.gradient({"y": y, "z": z}, {"a": a, "b": b})
        starts = [tf.constant(10.0), tf.constant(1.0)]
        started = tape.gradient([y, z], [a, b], output_gradients=starts)
        return [{key: value.numpy() for key, value in of_dict.items()}, _values(tf, started),
                tape.gradient(y, a).numpy()]  # fmt: skip


def sparse(tf, np):
    with eagerly(tf):
        table = tf.Variable(tf.ones([4, 2]))
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(tf.nn.embedding_lookup(table, [1, 2, 1]) * 3.0)
        grad = tape.gradient(y, table)
        return [type(grad).__name__, grad.indices.numpy(), grad.values.numpy(),
                grad.dense_shape.numpy()]  # fmt: skip


def the_value_at_that_time(tf, np):
    with eagerly(tf):
        v, x = tf.Variable(3.0), tf.Variable(2.0)
        with tf.GradientTape() as tape:
            y = v * x
        v.assign(100.0)
        return tape.gradient(y, [v, x])[1].numpy()


def jacobians(tf, np):
    with eagerly(tf):
        w, x = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([[1.0, 2.0], [5.0, 6.0]])
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.matmul(x, w) ** 2
        whole = tape.jacobian(y, x, experimental_use_pfor=True)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.matmul(x, w) ** 2
        return [whole.numpy(), tape.batch_jacobian(y, x).numpy()]


def gradient_functions(tf, np):
    with eagerly(tf):
        tfe = tf.contrib.eager
        v = tf.Variable(2.0)
        value, pairs = tfe.implicit_value_and_gradients(lambda x: x * v * v)(3.0)
        both = tfe.value_and_gradients_function(lambda x, y: x * y * y)(2.0, 3.0)
        return [value.numpy(), [[g.numpy(), u.numpy()] for g, u in pairs],
                [g.numpy() for g, _ in tfe.implicit_gradients(lambda: v**3)()],
                both[0].numpy(), _values(tf, both[1]),
                _values(tf, tfe.gradients_function(lambda x, y: x * y * y, params=[1])(2.0, 3.0)),
                _values(tf, tfe.gradients_function(lambda x, y: x * y, params=["x"])(2.0, 3.0)),
                _values(tf, tfe.gradients_function(lambda x: x * x)(3.0, dy=5.0)),
                error(lambda: tfe.implicit_gradients(lambda x: x * 2.0)(1.0)),
                error(lambda: tfe.gradients_function(lambda x: None)(1.0)),
                error(lambda: tfe.gradients_function(lambda x: x, params=["z"])(1.0))]  # fmt: skip


def own_gradients(tf, np):
    with eagerly(tf):
        v = tf.Variable(3.0)

        @tf.custom_gradient
        def softplus(x):
            e = tf.exp(x)
            return tf.log(1.0 + e), lambda dy: dy * (1.0 - 1.0 / (1.0 + e))

        @tf.custom_gradient
        def scaled(x):
            return x * v, lambda dy, variables=None: (dy * 100.0, [dy * 7.0])

        x = tf.constant(2.0)
        with tf.variable_scope("a", use_resource=True), tf.GradientTape() as tape:
            tape.watch(x)
            y = scaled(x) * 2.0
        return [tf.contrib.eager.gradients_function(softplus)(100.0)[0].numpy(), y.numpy(),
                _values(tf, tape.gradient(y, [x, v]))]  # fmt: skip


def optimizers(tf, np):
    with eagerly(tf):
        made = [
            tf.train.GradientDescentOptimizer(0.1), tf.train.AdamOptimizer(0.1),
            tf.train.MomentumOptimizer(0.05, 0.9), tf.train.RMSPropOptimizer(0.1),
            tf.train.MomentumOptimizer(0.05, 0.9, use_nesterov=True),
            tf.train.RMSPropOptimizer(0.1, momentum=0.5, centered=True),
            tf.train.AdagradOptimizer(0.5), tf.train.AdadeltaOptimizer(1.0),
            tf.train.FtrlOptimizer(0.1),
            tf.train.ProximalGradientDescentOptimizer(0.1, l1_regularization_strength=0.01),
        ]  # fmt: skip
        found = []
        for optimizer in made:
            w, b, loss = _model(tf)
            step = tf.train.get_or_create_global_step()
            x = tf.constant([[0.1, -0.2]])
            for _ in range(5):
                optimizer.minimize(lambda loss=loss, x=x: loss(x), global_step=step)
            found.append([w.numpy(), b.numpy(), [v.name for v in optimizer.variables()],
                          optimizer.get_slot_names()])  # fmt: skip
        return [found, int(step.numpy())]


def optimizers_of_rows(tf, np):
    with eagerly(tf):
        found = []
        for optimizer in (tf.train.AdamOptimizer(0.1), tf.train.AdagradOptimizer(0.5)):
            table = tf.Variable(np.arange(8, dtype=np.float32).reshape(4, 2))
            for _ in range(3):
                with tf.GradientTape() as tape:
                    y = tf.reduce_sum(tf.gather(table, [1, 3, 1]) ** 2)
                optimizer.apply_gradients([(tape.gradient(y, table), table)])
            found.append(table.numpy())
        return found


def rates_that_change(tf, np):
    with eagerly(tf):
        rate, w = tf.Variable(0.1), tf.Variable(1.0)
        optimizer = tf.train.GradientDescentOptimizer(rate)
        found = []
        for _ in range(3):
            optimizer.minimize(lambda: w * 1.0, var_list=[w])
            rate.assign(rate / 2.0)
            found.append(w.numpy())
        return found


def averages(tf, np):
    with eagerly(tf):
        v = tf.Variable(1.0)
        average = tf.train.ExponentialMovingAverage(0.5)
        average.apply([v])
        v.assign(3.0)
        average.apply([v])
        return average.average(v).numpy()


def traced(tf, np):
    with eagerly(tf):
        v = tf.Variable(2.0)
        calls = []

        @tf.function
        def scaled(x, k=1.0):
            calls.append(x.shape.as_list())
            v.assign_add(1.0)
            y = x * v * k
            v.assign_add(1.0)
            return y, {"v": v.read_value(), "nothing": None}

        first = scaled(tf.constant([1.0, 2.0]))
        second = scaled(tf.constant([1.0, 2.0]))
        third = scaled(tf.constant([1.0, 2.0, 3.0]), k=2.0)
        return [first[0].numpy(), first[1]["v"].numpy(), first[1]["nothing"], second[0].numpy(),
                third[0].numpy(), v.numpy(), calls[-1], calls[0]]  # fmt: skip


def gradients_of_traced(tf, np):
    with eagerly(tf):
        w, b, loss = _model(tf)
        table = tf.Variable(tf.ones([4, 2]))
        outside = tf.constant(3.0)

        @tf.contrib.eager.defun
        def whole(x, rows):
            return loss(x) * outside + tf.reduce_sum(tf.nn.embedding_lookup(table, rows))

        x = tf.constant([[1.0, 2.0]])
        with tf.GradientTape() as tape:
            tape.watch([x, outside])
            y = whole(x, tf.constant([1, 1, 2]))
        grads = tape.gradient(y, [w, b, x, outside, table])
        return [y.numpy(), _values(tf, grads[:4]), tf.convert_to_tensor(grads[4]).numpy()]


def training_in_traced(tf, np):
    with eagerly(tf):
        w, b, loss = _model(tf)
        optimizer = tf.train.AdamOptimizer(0.1)

        @tf.function
        def step(x):
            with tf.GradientTape() as tape:
                value = loss(x)
            grads = tape.gradient(value, [w, b])
            optimizer.apply_gradients(zip(grads, [w, b]))
            return value

        found = [step(tf.constant([[0.1, -0.2]])).numpy() for _ in range(6)]
        return [found, w.numpy(), b.numpy()]


def signatures_of_traced(tf, np):
    with eagerly(tf):
        traces = []

        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
        def total(x):
            traces.append(str(x.shape))
            return tf.reduce_sum(x)

        found = [total(tf.constant([1.0])).numpy(), total(tf.constant([1.0, 2.0])).numpy()]
        return [found, traces, error(lambda: total(tf.constant([[1.0]]))),
                error(lambda: total(tf.constant([1])))]  # fmt: skip


def tape_in_a_graph(tf, np):
    x = tf.constant([1.0, 2.0])
    v = tf.get_variable("v", initializer=3.0, use_resource=True)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(x**3) * v
    z = y * 2.0
    grads = tape.gradient(y, [x, v])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(grads), z is not None]


def variables_as_targets(tf, np):
    def gradients_of(v):
        with tf.GradientTape(persistent=True) as tape:
            y = 2.0 * v
        with tf.GradientTape(watch_accessed_variables=False) as blind:
            z = blind.gradient(v, v)
        found = [tape.gradient(v, v), tape.gradient([v, y], v), tape.gradient(y, [v]), z]
        return [-1.0 if each is None else each for each in nest.flatten(found)]

    nest = tf.contrib.framework.nest
    with eagerly(tf):
        v = tf.Variable([2.0, 3.0])
        at_once = [_values(tf, gradients_of(v)), _values(tf, tf.function(gradients_of)(v))]
    with tf.Graph().as_default(), tf.Session() as sess:
        v, w = (tf.Variable([2.0, 3.0], use_resource=used) for used in (True, False))
        found = [*gradients_of(v), tf.gradients(v, v)[0], tf.gradients([w, 2.0 * w], w)[0]]
        sess.run(tf.global_variables_initializer())
        return at_once, sess.run([tf.convert_to_tensor(each) for each in found])


def gradients_by_what_a_function_captures(tf, np):
    """tf.gradients inside a function, by tensors and variables of outside."""
    with eagerly(tf):
        x, w = tf.constant(2.0), tf.Variable(3.0)

        def squared():
            return tf.gradients(x * x * w, [x, w])

        def looped():
            turn = lambda i, y: (i + 1, y * w * x)  # noqa: E731
            return tf.gradients(tf.while_loop(lambda i, _: i < 2, turn, [0, 1.0])[1], [x])

        return [[each.numpy() for each in tf.function(build)()] for build in (squared, looped)]


def sources_that_are_targets(tf, np):
    """Watched or not, and whatever their type: what a gradient begins with."""
    def found(session=None):
        x, i = tf.constant([1.0, 2.0]), tf.constant(3)
        with tf.GradientTape(persistent=True) as tape:
            y = x * 2
        with tf.GradientTape(persistent=True) as watching:
            watching.watch(x)
            z = x * 3
        start = tf.constant([5.0, 6.0])
        grads = [tape.gradient(x, x), tape.gradient(y, x), tape.gradient([x, y, x], [x, i]),
                 tape.gradient(y, y), tape.gradient(x, [x], output_gradients=[start]),
                 tape.gradient(i, i), watching.gradient([x, z], x), watching.gradient(z, [z, x])]
        flat = tf.nest.flatten(grads)
        if session is not None:
            return [None if g is None else session.run(g) for g in flat]
        return [None if g is None else g.numpy() for g in flat]

    with tf.Graph().as_default(), tf.Session() as session:
        in_graph = found(session)
    with eagerly(tf):
        return [in_graph, found()]
