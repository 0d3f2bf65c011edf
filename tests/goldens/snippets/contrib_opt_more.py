"""tf.contrib.opt: steps of the rarer optimizers, dense and of rows."""

from goldens.kit import error, inside, run


def _matrix(tf, np):
    return tf.Variable([[1.0, -2.0], [3.0, 0.5]])


def _dense(tf, np, make):
    tf.reset_default_graph()
    x = _matrix(tf, np)
    return _values(tf, [x], make().minimize(tf.reduce_sum(x**4 + x)))


def _rows(tf, np, make):
    tf.reset_default_graph()
    x = tf.Variable(np.float32([[1.0, -2.0], [3.0, 0.5], [0.1, 0.2]]))
    picked = tf.gather(x, [2, 0, 2])
    return _values(tf, [x], make().minimize(tf.reduce_sum(picked**2 * [[1.0], [2.0], [3.0]])))


def _values(tf, variables, step, steps=3):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = []
        for _ in range(steps):
            sess.run(step)
            found.append(sess.run(variables))
        return found + [sorted(v.name for v in tf.global_variables())]


def _both(tf, np, make):
    return [_dense(tf, np, make), _rows(tf, np, make)]


def adamax(tf, np):
    return _both(tf, np, lambda: tf.contrib.opt.AdaMaxOptimizer(0.1, 0.8, 0.9))


def adam_by_global_step(tf, np):
    found = []
    for kind in (tf.contrib.opt.AdamGSOptimizer, tf.contrib.opt.LazyAdamGSOptimizer):
        tf.reset_default_graph()
        step, x = tf.train.get_or_create_global_step(), _matrix(tf, np)
        trained = kind(step, 0.1).minimize(tf.reduce_sum(x**4), global_step=step)
        found.append(_values(tf, [x, step], trained))
    return [found, _rows(tf, np, lambda: tf.contrib.opt.LazyAdamGSOptimizer(3, 0.1))]


def lars(tf, np):
    made = tf.contrib.opt.LARSOptimizer
    return [_both(tf, np, lambda: made(0.5)),
            _dense(tf, np, lambda: made(0.5, 0.8, 0.01, 0.1, 0.2, use_nesterov=True)),
            _dense(tf, np, lambda: made(0.01, skip_list=["Vari"])),
            error(lambda: made(0.1, -0.1)),
            error(lambda: made(0.1, weight_decay=-1.0))]  # fmt: skip


def signs(tf, np):
    add, power = tf.contrib.opt.AddSignOptimizer, tf.contrib.opt.PowerSignOptimizer
    return [_both(tf, np, lambda: add(0.01)), _both(tf, np, lambda: power(0.01, 2.0, 0.5)),
            _dense(tf, np, lambda: add(0.01, 0.5, 0.8, lambda step: 0.3)),
            _rows(tf, np, lambda: power(sign_decay_fn=lambda step: 0.3))]  # fmt: skip


def clipped_variables(tf, np):
    clip, plain = tf.contrib.opt.VariableClippingOptimizer, tf.train.GradientDescentOptimizer

    def step(loss, x, axes):
        made = clip(plain(0.1), {x: axes}, 1.5)
        return _values(tf, [x], made.minimize(loss))

    found = []
    for axes in ([1], [0], [0, 1]):
        tf.reset_default_graph()
        x = _matrix(tf, np)
        found.append(step(tf.reduce_sum(x**2), x, axes))
        found.append(step(tf.reduce_sum(tf.gather(x, [1]) ** 2), x, axes))
    return found


def several_tasks(tf, np):
    tf.reset_default_graph()
    x, y = tf.Variable([1.0, 2.0]), tf.Variable([3.0, 4.0])
    made = tf.contrib.opt.MultitaskOptimizerWrapper(tf.train.MomentumOptimizer(0.1, 0.9))
    pairs = [(tf.constant([0.0, 0.0]), x), (tf.constant([0.5, 0.0]), y)]
    found = _values(tf, [x, y], made.apply_gradients(pairs))
    return [found, error(lambda: tf.contrib.opt.MultitaskOptimizerWrapper(3))]


def clipped_by_global_norm(tf, np):
    pairs = [(tf.constant([0.0, 0.0]), 1), (tf.constant([30.0, 40.0]), 2), (None, 3)]
    clipped, norm = tf.contrib.opt.clip_gradients_by_global_norm(pairs, 5.0)
    with tf.Session() as sess:
        return [[v for _, v in clipped], *sess.run([[g for g, _ in clipped[:2]], norm])]


def adagrad_of_penalties(tf, np):
    found = []
    for rows in (False, True):
        tf.reset_default_graph()
        x = _matrix(tf, np)
        made = tf.contrib.opt.RegAdagradOptimizer(0.1)
        step = made.minimize(tf.reduce_sum((tf.gather(x, [1, 1]) if rows else x) ** 2))
        with made.avoid_updating_slots(), tf.control_dependencies([step]):
            again = made.minimize(tf.reduce_sum(tf.gather(x, [0]) if rows else abs(x)))
        found.append(_values(tf, [x, made.get_slot(x, "accumulator")], again))
    return found


def stale(tf, np):
    found = []
    for staleness in (0, -1):
        tf.reset_default_graph()
        x, step = _matrix(tf, np), tf.train.get_or_create_global_step()
        made = tf.contrib.opt.DropStaleGradientOptimizer(
            tf.train.GradientDescentOptimizer(0.1), staleness)
        found.append(_values(tf, [x, step], made.minimize(tf.reduce_sum(x**2), global_step=step)))
    return found


def shampoo(tf, np):
    made = tf.contrib.opt.ShampooOptimizer
    step = {"mat_gbar_decay": 0.9, "gbar_decay": 0.8, "gbar_weight": 0.2, "learning_rate": 0.1}
    return [
        _dense(tf, np, lambda: made(learning_rate=0.1)),
        _dense(tf, np, lambda: made(max_matrix_size=1, learning_rate=0.1)),
        _dense(tf, np, lambda: made(svd_interval=2, **step)),
        _dense(tf, np, lambda: made(use_iterative_root=True, epsilon=0.1, learning_rate=0.1)),
        _rows(tf, np, lambda: made(max_matrix_size=2, learning_rate=0.1)),
        _rows(tf, np, lambda: made(learning_rate=lambda step: 0.1 / step)),
    ]


def ggt(tf, np):
    made = tf.contrib.opt.GGTOptimizer
    found = _dense(tf, np, lambda: made(0.01, window=4, svd_eps=0.5))
    tf.reset_default_graph()
    x, y = tf.Variable([1.0, 2.0, -1.0]), tf.Variable([[3.0]])
    loss = tf.reduce_sum(x**2) * y[0, 0] ** 2
    step = made(0.01, 0.5, window=3, svd_eps=0.5).minimize(loss)
    return [found[:3], _values(tf, [x, y], step, 5)[:5]]


def second_version(tf, np):
    found, kinds = [], tf.contrib.optimizer_v2
    for made in (lambda: kinds.AdadeltaOptimizer(0.1), lambda: kinds.AdagradOptimizer(0.1),
                 lambda: kinds.AdamOptimizer(0.1), lambda: kinds.GradientDescentOptimizer(0.01),
                 lambda: kinds.MomentumOptimizer(0.01, 0.9),
                 lambda: kinds.RMSPropOptimizer(0.1)):  # fmt: skip
        found += [_dense(tf, np, made), _rows(tf, np, made)]
    return found


def second_rmsprop(tf, np):
    """The mean of squares begins with epsilon, which is not added to it."""
    made = tf.contrib.optimizer_v2.RMSPropOptimizer
    kinds = [lambda: made(0.1, 0.9, epsilon=1.0, centered=True),
             lambda: made(0.1, 0.8, 0.9, lambda: 1e-3)]  # fmt: skip
    return [_both(tf, np, kind) for kind in kinds]


def weight_decay_of_any_type(tf, np):
    kinds, found = tf.contrib.opt, []
    for dtype in (np.float16, np.float64):
        tf.reset_default_graph()
        x, y = tf.Variable(dtype([1.0, 2.0])), tf.Variable(dtype([[3.0], [4.0]]))
        rows = tf.IndexedSlices(tf.constant(dtype([[0.5]])), tf.constant([1]))
        pairs = [(tf.constant(dtype([0.1, 0.2])), x), (rows, y)]
        steps = [kinds.AdamWOptimizer(0.01).apply_gradients(pairs),
                 kinds.MomentumWOptimizer(0.1, 0.1, 0.9).apply_gradients(pairs)]  # fmt: skip
        found.append([_values(tf, [x, y], step, 2) for step in steps])
    return found


def sign_decays(tf, np):
    made = inside(tf, "contrib.opt.python.training.sign_decay")
    kinds = [made.get_linear_decay_fn(10), made.get_cosine_decay_fn(10),
             made.get_cosine_decay_fn(10, 2, 1.25), made.get_restart_decay_fn(10, 3),
             made.get_restart_decay_fn(10, 2, 1.5)]  # fmt: skip
    step = tf.placeholder(tf.int64, [])
    decayed = [kind(step) for kind in kinds]
    rate = tf.contrib.opt.AddSignOptimizer(sign_decay_fn=kinds[0])
    return [[run(tf, decayed, {step: n}) for n in (0, 1, 4, 7, 8, 12)],
            error(lambda: rate.minimize(_matrix(tf, np) ** 2))]  # fmt: skip


def step_of_resource(tf, np):
    """Also where the global step is a resource variable, a step is an Operation."""
    tf.reset_default_graph()
    count, x = (tf.Variable(start, use_resource=True) for start in (3, 1.0))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(x, global_step=count)
    return [isinstance(step, tf.Operation), step.name, run(tf, step), _values(tf, [x, count], step)]
