"""Names that came late in TensorFlow 1, in 1.13 to 1.15, and older ones that few programs use."""

from goldens.kit import eagerly, error, names, run


def switch_case(tf, np):
    index = tf.placeholder(tf.int32, [])
    actions = [lambda: tf.constant([1.0]), lambda: tf.constant([2.0]), lambda: tf.constant([3.0])]
    as_list = tf.switch_case(index, actions)
    as_dict = tf.switch_case(index, {1: actions[1], 0: actions[0]}, default=actions[2])
    x = tf.constant(2.0)
    grown = tf.switch_case(index, [lambda: x, lambda: x * x, lambda: x * x * x])
    slope = tf.gradients(grown, x)[0]
    pairs = tf.switch_case(index, [lambda: {"a": x, "b": [x]}, lambda: {"a": x * 2, "b": [x * 3]}])
    found = [run(tf, [as_list, as_dict, grown, slope, pairs], {index: k}) for k in (0, 1, 2, -1, 7)]
    return found, [
        error(lambda: tf.switch_case(0, actions)),
        error(lambda: tf.switch_case(tf.constant(0.0), actions)),
        error(lambda: tf.switch_case(index, [])), error(lambda: tf.switch_case(index, "ab")),
        error(lambda: tf.switch_case(index, [(0, actions[0]), (2, actions[1])])),
        error(lambda: tf.switch_case(index, [("a", actions[0])])),
        error(lambda: tf.switch_case(index, [(0, 3)])),
    ]  # fmt: skip


def switch_case_at_once(tf, np):
    with eagerly(tf):
        actions = [lambda: tf.constant(1.0), lambda: tf.constant(2.0)]
        return [float(tf.switch_case(tf.constant(k), actions)) for k in (0, 1, 5, -1)]


def gradients_that_pass(tf, np):
    x = tf.constant([0.4, 1.6])
    with tf.variable_scope("all", use_resource=True):
        rounded = tf.grad_pass_through(tf.round)(x)
    return [run(tf, [rounded, tf.gradients(rounded * 3.0, x)[0]]),
            error(lambda: tf.grad_pass_through(tf.round)(x))]  # fmt: skip


def gradients_by_computing_again(tf, np):
    with tf.variable_scope("all", use_resource=True):
        w = tf.get_variable("w", initializer=[1.0, 2.0])
        x = tf.constant([0.5, 0.25])
        y = tf.recompute_grad(lambda x: tf.tanh(x * 3.0) * x)(x)
    slope = tf.gradients(tf.reduce_sum(y * w), [x, w])
    return run(tf, [y, slope])


def module(tf, np):
    class Dense(tf.Module):
        def __init__(self, size, name=None):
            super().__init__(name=name)
            self.size, self.parts = size, {"w": tf.Variable(tf.ones([size, size]), name="w")}
            self.b = tf.Variable(tf.zeros([size]), name="b", trainable=False)

        @tf.Module.with_name_scope
        def __call__(self, x):
            return tf.matmul(x, self.parts["w"], name="product") + self.b

    class TwoLayers(tf.Module):
        def __init__(self):
            super().__init__()
            with self.name_scope:
                self.layers = [Dense(2), Dense(2, name="last")]
            self.alone = tf.Variable(1.0, name="alone")
            self.again = self.alone

    made = TwoLayers()
    outputs = made.layers[0](tf.ones([1, 2]))
    flat = made._flatten(with_path=True, predicate=lambda leaf: isinstance(leaf, tf.Variable))
    path = [path for path, _ in flat]
    return [
        made.name, made._scope_name, [v.name for v in made.variables],
        [v.name for v in made.trainable_variables], [m.name for m in made.submodules],
        outputs.name, [str(each) for each in path], run(tf, outputs),
        error(lambda: tf.Module(name="not a name")),
        [name for name in names(tf) if "product" in name],
    ]  # fmt: skip


def static_values(tf, np):
    feed = tf.placeholder(tf.int32)
    partly = tf.get_static_value(tf.stack([1, feed]), partial=True)
    known = [None if each is None else int(each) for each in partly]
    return [tf.get_static_value(tf.constant([1, 2])), tf.get_static_value(feed), known]


def dual_averaging(tf, np):
    def course(gather, **penalties):
        tf.reset_default_graph()
        step = tf.train.get_or_create_global_step()
        w = tf.Variable(np.linspace(-1.0, 1.0, 6).reshape(3, 2), dtype=tf.float32)
        read = tf.gather(w, [0, 2]) if gather else w
        loss = tf.reduce_sum(tf.square(read - 0.5))
        optimizer = tf.train.AdagradDAOptimizer(0.5, step, **penalties)
        train = optimizer.minimize(loss, global_step=step)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for _ in range(4):
                sess.run(train)
            slots = {name: optimizer.get_slot(w, name) for name in optimizer.get_slot_names()}
            return sess.run([w, slots])

    both = {"l1_regularization_strength": 0.1, "l2_regularization_strength": 0.2}
    start = {"initial_gradient_squared_accumulator_value": 1.0}
    none = {"initial_gradient_squared_accumulator_value": 0.0}
    return [course(False), course(True), course(False, **both), course(True, **both),
            course(False, **start), error(lambda: course(False, **none))]  # fmt: skip


def basic_train_loop(tf, np):
    seen = []
    step = tf.train.get_or_create_global_step()
    up = tf.assign_add(step, 1)
    supervisor = tf.train.Supervisor(logdir=None, summary_op=None)

    def train(sess, limit, by=1):
        seen.append(int(sess.run(up)) * by)
        if seen[-1] == 4:
            raise tf.errors.AbortedError(None, None, "restarted")
        if len(seen) >= limit:
            supervisor.request_stop()

    tf.train.basic_train_loop(supervisor, train, [7], {"by": 2})
    return seen


def rows_mapped_whatever_they_give(tf, np):
    w = tf.get_variable("w", initializer=[1.0, 2.0, 3.0])
    x = tf.constant(np.arange(6, dtype=np.float32).reshape(2, 3))
    n = tf.placeholder(tf.int32, [None])
    loose = tf.placeholder(tf.float32, [None, None])
    made = [
        tf.vectorized_map(lambda row: tf.tensordot(row, row * w, 0), x),
        tf.vectorized_map(lambda row: (tf.reduce_sum(row), {"a": row > 1}), x),
        tf.vectorized_map(lambda pair: pair[0] * tf.cast(pair[1], tf.float32), (x, n)),
        tf.vectorized_map(lambda row: tf.gradients(row * w * w, w)[0], x),
        tf.vectorized_map(lambda part: [part["k"] + 1], {"k": n}),
        tf.vectorized_map(lambda row: row * 2, loose),
    ]
    slope = tf.gradients(made[0], [x, w])
    told = [str(made[0].shape), str(made[1][0].shape), made[1][1]["a"].dtype.name,
            type(made[1]).__name__, type(made[4]).__name__]  # fmt: skip
    return run(tf, [made, slope], {n: [4, 5], loose: [[1.0], [2.0]]}), told


def gradients_of_rows_of_what_a_variable_gave(tf, np):
    w = tf.get_variable("w", initializer=[1.0, 2.0])
    loss = tf.reduce_sum(tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]) * w * w, 1)
    each = tf.vectorized_map(lambda row: tf.gradients(row, w)[0], loss)
    return run(tf, [each])


def rows_mapped_at_once(tf, np):
    with eagerly(tf):
        rows = tf.constant([[1, 5, 2]])
        found = tf.vectorized_map(lambda row: (row + 1, tf.reduce_any(row > 4)), rows)
        return [each.numpy() for each in found]


def versions(tf, np):
    here, build = tf.version, tf.sysconfig
    return [here.VERSION, here.GIT_VERSION, here.COMPILER_VERSION, here.GRAPH_DEF_VERSION,
            here.GRAPH_DEF_VERSION_MIN_CONSUMER, here.GRAPH_DEF_VERSION_MIN_PRODUCER,
            tf.GIT_VERSION, tf.COMPILER_VERSION, tf.VERSION, tf.__version__, tf.CXX11_ABI_FLAG,
            tf.MONOLITHIC_BUILD, build.CXX11_ABI_FLAG, build.MONOLITHIC_BUILD]  # fmt: skip


def time_of_runs(tf, np):
    now = tf.timestamp(name="now")
    with tf.Session() as sess:
        first, second = sess.run(now), sess.run(now)
    return [now.dtype.name, str(now.shape), now.op.type, first < second, now.op.name, first > 1e9]


def configuration(tf, np):
    threads, rewriting = tf.config.threading, tf.config.optimizer
    rewriting.set_experimental_options({"constant_folding": False})
    found = [threads.get_inter_op_parallelism_threads(), threads.get_intra_op_parallelism_threads(),
             tf.config.get_soft_device_placement(), rewriting.get_jit(),
             rewriting.get_experimental_options()]  # fmt: skip
    try:
        rewriting.set_jit(True)
        rewriting.set_experimental_options({"constant_folding": True, "no such option": True})
        tf.config.set_soft_device_placement(True)
        found += [rewriting.get_jit(), rewriting.get_experimental_options(),
                  tf.config.get_soft_device_placement()]  # fmt: skip
    finally:
        rewriting.set_jit(False)
        rewriting.set_experimental_options({"constant_folding": False})
        tf.config.set_soft_device_placement(False)
    return found
