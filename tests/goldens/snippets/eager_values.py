"""Tensors and variables that have values: what Python and NumPy see of them."""

from goldens.kit import attempt, eagerly, error, said


def tensors(tf, np):
    with eagerly(tf):
        x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
        return [str(x), str(x[0, 0]), str(x.shape), x.dtype.name, x.ndim, len(x), x.device,
                x.numpy(), [row.numpy() for row in x], str(tf.constant("a")),
                str(tf.constant([1, 2], tf.int64)), tf.constant([b"a", b"bc"]).numpy(),
                str(tf.constant(True)), str(tf.zeros([0, 2])),
                str(tf.constant(1.5, tf.float64))]  # fmt: skip


def as_python_takes_them(tf, np):
    with eagerly(tf):
        x, n, b = tf.constant(3.0), tf.constant(3), tf.constant(False)
        many = tf.constant([1.0, 2.0])
        return [float(x), int(x), int(n), bool(b), bool(x), [5, 6, 7, 8][n], list(range(n)),
                f"{x:.2f}", "%d" % n, format(n), np.sum(many), np.asarray(many),
                np.float32(2) * many.numpy(), (np.ones(2, np.float32) + many).numpy(),
                (many + np.ones(2, np.float32)).numpy(), np.array([x, x]).tolist(),
                sorted([3, n.numpy()]), x == x, hash(x) == hash(x), x in [x]]  # fmt: skip


def what_python_cannot_take(tf, np):
    with eagerly(tf):
        x = tf.constant([1.0, 2.0])
        return [error(lambda: bool(x)), error(lambda: float(x)), error(lambda: len(x[0])),
                error(lambda: list(x[0])), error(lambda: x.eval()), error(lambda: x.consumers()),
                error(lambda: [1, 2][x])]  # fmt: skip


def errors(tf, np):
    with eagerly(tf):
        x = tf.ones([2, 2])
        return [
            error(lambda: tf.matmul(x, tf.ones([3, 1]))), error(lambda: tf.reshape(x, [3])),
            error(lambda: tf.div(tf.constant(1), 0)), error(lambda: x + tf.ones([3])),
            error(lambda: tf.concat([x, tf.ones([3])], 0)), error(lambda: tf.placeholder("float")),
            error(lambda: tf.gradients(x, x)), error(lambda: tf.gather(x, [5])),
            said(lambda: tf.assert_equal(tf.constant(1), 2), "did not hold"),
            error(lambda: tf.assert_positive(-x)), error(lambda: tf.check_numerics(x / 0.0, "m")),
            error(lambda: tf.constant("a") + 1), error(lambda: x + tf.constant(1)),
            error(lambda: tf.train.GradientDescentOptimizer(0.1).minimize(x)),
        ]  # fmt: skip


def what_gives_nothing(tf, np):
    with eagerly(tf):
        x = tf.ones([])
        return [tf.no_op(), tf.group(x), tf.assert_equal(x, 1.0), tf.global_variables(),
                tf.trainable_variables(), tf.get_collection("a"), tf.executing_eagerly(),
                tf.global_variables_initializer()]  # fmt: skip


def control_flow(tf, np):
    with eagerly(tf):
        x = tf.constant(3)
        seen = []
        chosen = tf.cond(x > 2, lambda: seen.append("yes") or x, lambda: seen.append("no") or x)
        of_case = tf.case([(x > 5, lambda: tf.constant(1)), (x > 2, lambda: tf.constant(2))],
                          default=lambda: tf.constant(3))  # fmt: skip
        i, total = tf.while_loop(lambda i, _: i < 5, lambda i, s: (i + 1, s + i), [0, x])
        limited = tf.while_loop(lambda i: i < 5, lambda i: i + 1, [0], maximum_iterations=2)
        return [chosen.numpy(), seen, of_case.numpy(), i.numpy(), total.numpy(), limited.numpy(),
                tf.map_fn(lambda v: v * v, tf.range(4)).numpy(),
                tf.scan(lambda a, v: a + v, tf.range(4)).numpy(),
                tf.foldl(lambda a, v: a - v, tf.range(4)).numpy(),
                tf.foldr(lambda a, v: a - v, tf.range(4)).numpy()]  # fmt: skip


def tensor_arrays(tf, np):
    with eagerly(tf):
        array = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
        for i in range(3):
            array = array.write(i, float(i))
        return [array.stack().numpy(), array.size().numpy(), array.read(1).numpy(),
                array.gather([2, 0]).numpy()]  # fmt: skip


def variables(tf, np):
    with eagerly(tf):
        v = tf.Variable(3.0)
        w = tf.contrib.eager.Variable([[1.0, 2.0], [3.0, 4.0]], name="w")
        with tf.name_scope("a"):
            q = tf.Variable([1, 2], name="q")
        before = w.value()
        w.assign_add(tf.ones([2, 2]))
        first = [str(v), repr(v), v.name, tf.Variable(2.0).name, q.name, repr(q), w.shape.as_list(),
                 v.dtype.name, v.trainable, v.initializer, before.numpy(), w.numpy()]  # fmt: skip
        v.assign(4.0)
        v.assign_sub(1.5)
        w[0].assign([9.0, 8.0])
        tf.scatter_update(w, [1], [[7.0, 6.0]])
        tf.assign_add(w, [[1.0, 1.0], [1.0, 1.0]])
        return [*first, v.numpy(), w.numpy(), (w + 1.0).numpy(), (2.0 * v).numpy(),
                float(v.numpy()), tf.matmul(w, w).numpy(), w[:, 1].numpy(), int(tf.Variable(3)),
                bool(v), v.read_value().numpy()]  # fmt: skip


def what_variables_refuse(tf, np):
    with eagerly(tf):
        v = tf.Variable([1.0, 2.0])
        return [error(lambda: v.assign([1.0])), error(lambda: v.assign_add(1.0)),
                error(lambda: v.eval()), error(lambda: tf.Variable()),
                error(lambda: v.initial_value), error(lambda: list(v)),
                error(lambda: int(tf.Variable(1.0))), v.numpy()]  # fmt: skip


def get_variable(tf, np):
    with eagerly(tf):
        made = [tf.get_variable("x", [2], initializer=tf.ones_initializer()) for _ in range(2)]
        with tf.variable_scope("s"):
            scoped = tf.get_variable("y", initializer=1.0)
        store = tf.contrib.eager.EagerVariableStore()
        with store.as_default():
            kept = [tf.get_variable("z", [], initializer=tf.zeros_initializer()) for _ in range(2)]
            tf.get_variable("a", [], trainable=False)
        return [made[0] is made[1], made[0].name, scoped.name, kept[0] is kept[1],
                [v.name for v in store.variables()],
                [v.name for v in store.trainable_variables()],
                [v.name for v in store.non_trainable_variables()]]  # fmt: skip


def variables_of_a_scope_that_reuses(tf, np):
    asked = []

    def getter(getter, *args, **options):
        asked.append([options["reuse"] is tf.AUTO_REUSE, options["reuse"] is False])
        return getter(*args, **options)

    with eagerly(tf):
        with tf.variable_scope("s"):
            first = tf.get_variable("v", initializer=1.0)
        with tf.variable_scope("s", reuse=True, custom_getter=getter) as scope:
            second = tf.get_variable("v", initializer=tf.constant(3.0))
        with tf.contrib.eager.EagerVariableStore().as_default():
            with tf.variable_scope("s", reuse=False, custom_getter=getter):
                kept = [tf.get_variable("v", initializer=5.0) for _ in range(2)]
        return [first.numpy(), second.numpy(), second.name, scope.reuse is tf.AUTO_REUSE,
                kept[0] is kept[1], asked]  # fmt: skip


def cast_of_a_variable_to_its_own_type(tf, np):
    with eagerly(tf):
        rate = tf.Variable(1.0)
        same, other = tf.cast(rate, tf.float32), tf.cast(rate, tf.float64)
        rate.assign(0.5)
        return [same is rate, (same * 3.0).numpy(), other.numpy()]


def templates(tf, np):
    with eagerly(tf):
        def scale(x):
            return x * tf.get_variable("w", [], initializer=tf.constant_initializer(2.0))

        template = tf.make_template("scale", scale)
        first, second = template(3.0), template(4.0)
        return [first.numpy(), second.numpy(), [v.name for v in template.variables]]


def collections_of_stores(tf, np):
    """Where operations run at once, collections have the variables that a store keeps."""
    with tf.Graph().as_default(), eagerly(tf):
        tf.get_variable("free", [])
        with tf.contrib.eager.EagerVariableStore().as_default():
            for _ in range(2):
                tf.get_variable("kept", [])
            tf.get_variable("still", [], trainable=False)
            tf.get_variable("own", [], collections=["mine", tf.GraphKeys.LOCAL_VARIABLES])
        return [[v.name for v in found] for found in
                (tf.global_variables(), tf.local_variables(), tf.trainable_variables(),
                 tf.get_collection("mine"))]  # fmt: skip


def templates_inside_templates(tf, np):
    """A template that another one calls, and a third, has one store with the outer one."""
    with eagerly(tf):
        def weight():
            return tf.get_variable("w", [])

        def outer():
            return tf.make_template("inner", weight, create_scope_now_=True)()

        shared = tf.make_template("shared", outer)
        both = tf.make_template("both", lambda: (shared(), outer()))
        found = [[v.name for v in both()] for _ in range(2)]
        return [found, [[v.name for v in each.variables] for each in (shared, both)],
                tf.make_template("third", shared)().name,
                [v.name for v in shared.trainable_variables]]  # fmt: skip


def templates_refused(tf, np):
    """Another variable in a later call, trained or not; a name that may be there already."""
    with eagerly(tf):
        def made(name, trainable=True):
            return tf.get_variable(name, [], trainable=trainable)

        template, other = tf.make_template("made", made), tf.make_template("made", made)
        template("a"), other("a")
        return [error(lambda: template("b")), error(lambda: other("b", trainable=False)),
                error(lambda: tf.make_template("made", made, unique_name_="made")),
                error(lambda: template("a"))]  # fmt: skip


def random_numbers(tf, np):
    with eagerly(tf):
        tf.set_random_seed(1)
        first = [tf.random_normal([2]).numpy(), tf.random_uniform([2], seed=3).numpy(),
                 tf.random_uniform([2], seed=3).numpy(), tf.truncated_normal([3]).numpy(),
                 tf.random_uniform([3], maxval=10, dtype=tf.int32).numpy()]  # fmt: skip
        tf.set_random_seed(1)
        return [*first, tf.random_normal([2]).numpy(), tf.random_shuffle(tf.range(5)).numpy(),
                tf.nn.dropout(tf.ones([6]), keep_prob=0.5).numpy(),
                tf.multinomial([[0.1, 0.9]], 5).numpy()]  # fmt: skip


def datasets(tf, np):
    with eagerly(tf):
        values = np.arange(10, dtype=np.float32), np.arange(10)
        dataset = tf.data.Dataset.from_tensor_slices(values).map(lambda x, y: (x * 2, y)).batch(4)
        found = [[x.numpy(), y.numpy()] for x, y in dataset]
        iterator = dataset.make_one_shot_iterator()
        one, again = iterator.get_next()[1].numpy(), iterator.next()[0].numpy()
        last = iterator.get_next()
        third = tf.contrib.eager.Iterator(dataset)
        v = tf.Variable(3)
        scaled = tf.data.Dataset.range(3).map(lambda i: tf.to_int32(i) * v)
        of_variable = [x.numpy() for x in scaled]
        of_generator = tf.data.Dataset.from_generator(lambda: iter([1, 2]), tf.int32)
        return [found, one, again, last[0].numpy(), error(iterator.get_next), error(iterator.next),
                next(third)[1].numpy(), of_variable, [x.numpy() for x in of_generator],
                error(dataset.make_initializable_iterator),
                [sorted(x) for x in tf.data.Dataset.from_tensors({"a": 1, "b": 2})]]  # fmt: skip


def a_graph_inside(tf, np):
    with eagerly(tf):
        outside = tf.constant(2.0)
        with tf.Graph().as_default():
            x = tf.placeholder(tf.float32)
            y = x * 3.0
            with tf.Session() as sess:
                found = sess.run(y, {x: 2.0})
            inside = tf.executing_eagerly()
            mixed = error(lambda: x * outside)
        return [found, inside, tf.executing_eagerly(), mixed]


def python_functions(tf, np):
    with eagerly(tf):
        x = tf.constant([1.0, 2.0])
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.py_function(lambda v: v**2, [x], tf.float32)
        eager = [y.numpy(), tape.gradient(y, x).numpy(),
                 tf.py_func(lambda v: v * 2, [x], tf.float32).numpy()]  # fmt: skip
    x = tf.placeholder(tf.float32, [2])
    y = tf.py_function(lambda v: v**3, [x], tf.float32)
    several = tf.py_function(lambda v: (v**3, tf.size(v)), [x], [tf.float32, tf.int32])
    with tf.Session() as sess:
        graph = sess.run([y, several, tf.gradients(y, x)], {x: [1.0, 2.0]})
    return [eager, graph, str(y.shape)]


def metrics(tf, np):
    with eagerly(tf):
        tfe = tf.contrib.eager
        mean, accuracy = tfe.metrics.Mean("mean"), tfe.metrics.Accuracy("accuracy")
        mean(3.0)
        mean([5.0, 7.0], weights=[1.0, 3.0])
        accuracy([1, 2, 3], [1, 0, 3])
        sparse = tfe.metrics.SparseAccuracy()
        sparse([0, 1], [[0.9, 0.1], [0.8, 0.2]])
        categorical = tfe.metrics.CategoricalAccuracy()
        categorical([[1, 0], [0, 1]], [[0.9, 0.1], [0.8, 0.2]])
        binary = tfe.metrics.BinaryAccuracy(0.5)
        binary([1, 0, 1], [0.6, 0.6, 0.7])
        found = [m.result().numpy() for m in (mean, accuracy, sparse, categorical, binary)]
        names = [[v.name for v in mean.variables], mean.name, sparse.name]
        mean.init_variables()
        mean(2.0)
        return [found, names, mean.result().numpy()]


def small_things(tf, np):
    with eagerly(tf):
        tfe = tf.contrib.eager
        return [tfe.num_gpus(), tfe.executing_eagerly(), tfe.in_eager_mode(),
                [tfe.DEVICE_PLACEMENT_EXPLICIT, tfe.DEVICE_PLACEMENT_WARN,
                 tfe.DEVICE_PLACEMENT_SILENT, tfe.SYNC, tfe.ASYNC],
                attempt(lambda: tfe.set_execution_mode(7)),
                [rate().numpy() for rate in _rates(tf)]]  # fmt: skip


def _rates(tf):
    step, decay = tf.Variable(20), tf.train
    return [decay.exponential_decay(0.1, step, 10, 0.5),
            decay.piecewise_constant(step, [5, 10], [1.0, 0.5, 0.1]),
            decay.polynomial_decay(0.1, step, 100), decay.natural_exp_decay(0.1, step, 10, 0.5),
            decay.inverse_time_decay(0.1, step, 10, 0.5), decay.cosine_decay(0.1, step, 100),
            decay.linear_cosine_decay(0.1, step, 100)]  # fmt: skip


def lists_of_tensors(tf, np):
    """A TensorArray where operations run at once: what it says of wrong use, too."""

    def told(call):
        try:
            return call()
        except (tf.errors.OpError, ValueError, NotImplementedError) as error:
            return [type(error).__name__, getattr(error, "message", str(error))]

    with eagerly(tf):
        make = tf.TensorArray
        array = make(tf.float32, 3)
        same = array.write(1, [1.0, 2.0])
        cleared = make(tf.float32, 2).unstack([[1.0], [2.0]])
        first = cleared.read(0).numpy()
        kept = make(tf.int32, 2, clear_after_read=False).unstack([5, 6])
        parts = make(tf.float32, 2, infer_shape=False).split([1.0, 2.0, 3.0], [1, 2])
        grown = make(tf.float32, 1, dynamic_size=True, element_shape=[2]).write(3, [1.0, 2.0])
        scattered = make(tf.float32, 3).scatter([2, 0], [[1.0], [2.0]])
        x = tf.constant([1.0, 2.0, 3.0])
        with tf.GradientTape() as tape:
            tape.watch(x)
            squares = make(tf.float32, 3)
            for i in range(3):
                squares = squares.write(i, x[i] * x[i])
            y = tf.reduce_sum(squares.stack() * [1.0, 10.0, 100.0])
        return [
            same is array, isinstance(array, tf.TensorArray), array.handle is None,
            array.stack().numpy(), first, told(lambda: cleared.read(0)), kept.read(0).numpy(),
            kept.read(0).numpy(), parts.concat().numpy(), grown.stack().numpy(),
            grown.size().numpy(), scattered.concat().numpy(), grown.element_shape.as_list(),
            tape.gradient(y, x).numpy(), told(lambda: array.read(7)), told(lambda: array.read(-1)),
            told(lambda: array.write(9, [1.0, 2.0])), told(lambda: array.write(-2, [1.0, 2.0])),
            told(lambda: array.write(0, [1.0])), told(lambda: array.write(0, tf.constant([1, 2]))),
            told(lambda: array.grad("source")), told(lambda: make(tf.float32)),
            told(lambda: make(tf.float32, 1).unstack([1.0, 2.0])),
            told(lambda: make(tf.float32, 2).unstack([1.0, 2.0]).concat()),
            told(lambda: make(tf.float32, 2).split([1.0, 2.0, 3.0], [1, 1])),
            told(lambda: make(tf.float32, 1).split([1.0, 2.0, 3.0], [1, 2])),
        ]  # fmt: skip
