"""Optimizers as graph builders: structures, names, slots, errors."""

from goldens.kit import error, run, said


def _model(tf):
    w, b = tf.get_variable("w", [2]), tf.get_variable("b", [])
    return w, b, tf.reduce_sum(tf.square(w)) + tf.square(b)


def _global_names(tf):
    return [v.name for v in tf.global_variables()]


def names_gradient_descent(tf, np):
    train = tf.train.GradientDescentOptimizer(0.1).minimize(_model(tf)[2])
    return [train.name, train.type, _global_names(tf), [o.name for o in train.control_inputs]]


def names_momentum(tf, np):
    train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(_model(tf)[2])
    return [train.name, _global_names(tf), [o.name for o in train.control_inputs]]


def names_adam(tf, np):
    train = tf.train.AdamOptimizer().minimize(_model(tf)[2])
    return [train.name, _global_names(tf), [o.name for o in train.control_inputs]]


def names_rmsprop(tf, np):
    train = tf.train.RMSPropOptimizer(0.1, centered=True).minimize(_model(tf)[2])
    return [train.name, _global_names(tf), [o.name for o in train.control_inputs]]


def names_adagrad(tf, np):
    train = tf.train.AdagradOptimizer(0.1).minimize(_model(tf)[2])
    return [train.name, _global_names(tf), [o.name for o in train.control_inputs]]


def names_of_two_adams(tf, np):
    loss = _model(tf)[2]
    first, second = tf.train.AdamOptimizer().minimize(loss), tf.train.AdamOptimizer().minimize(loss)
    return [first.name, second.name, _global_names(tf)]


def names_given(tf, np):
    loss = _model(tf)[2]
    train = tf.train.AdamOptimizer(name="Trainer").minimize(loss, name="step")
    return [train.name, _global_names(tf)]


def names_in_scopes(tf, np):
    with tf.variable_scope("layer"):
        w = tf.get_variable("w", [2])
    with tf.name_scope("train"):
        train = tf.train.AdamOptimizer().minimize(tf.reduce_sum(w * w))
    return [train.name, _global_names(tf)]


def names_in_a_variable_scope(tf, np):
    with tf.variable_scope("net"):
        w = tf.get_variable("w", [2])
        train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(tf.reduce_sum(w * w))
    return [train.name, _global_names(tf)]


def default_names(tf, np):
    t = tf.train
    return [
        optimizer.get_name()
        for optimizer in (
            t.GradientDescentOptimizer(0.1),
            t.MomentumOptimizer(0.1, 0.9),
            t.AdamOptimizer(),
            t.RMSPropOptimizer(0.1),
            t.AdagradOptimizer(0.1),
        )
    ]


def slots_are_not_trainable(tf, np):
    tf.train.AdamOptimizer().minimize(_model(tf)[2])
    return [v.name for v in tf.trainable_variables()]


def slot_names(tf, np):
    loss = _model(tf)[2]
    t = tf.train
    found = []
    for optimizer in (
        t.GradientDescentOptimizer(0.1),
        t.MomentumOptimizer(0.1, 0.9),
        t.AdamOptimizer(),
        t.RMSPropOptimizer(0.1),
        t.RMSPropOptimizer(0.1, centered=True),
        t.AdagradOptimizer(0.1),
    ):
        before = optimizer.get_slot_names()
        optimizer.minimize(loss)
        found.append([before, optimizer.get_slot_names()])
    return found


def get_slot(tf, np):
    w, b, loss = _model(tf)
    optimizer = tf.train.AdamOptimizer()
    before = optimizer.get_slot(w, "m")
    optimizer.minimize(loss, var_list=[w])
    return [
        before is None,
        optimizer.get_slot(w, "m").name,
        optimizer.get_slot(w, "v").name,
        optimizer.get_slot(b, "m") is None,
        optimizer.get_slot(w, "none") is None,
        str(optimizer.get_slot(w, "m").shape),
    ]


def slot_values_at_the_start(tf, np):
    w = tf.Variable([1.0, 2.0])
    loss = tf.reduce_sum(w * w)
    t = tf.train
    found = []
    for optimizer in (
        t.MomentumOptimizer(0.1, 0.9),
        t.AdamOptimizer(),
        t.RMSPropOptimizer(0.1),
        t.AdagradOptimizer(0.1),
    ):
        optimizer.minimize(loss)
        found.append([optimizer.get_slot(w, name) for name in optimizer.get_slot_names()])
    return run(tf, found)


def optimizer_variables(tf, np):
    loss = _model(tf)[2]
    optimizer = tf.train.AdamOptimizer()
    before = len(optimizer.variables())
    optimizer.minimize(loss)
    return [before, [v.name for v in optimizer.variables()]]


def beta_powers(tf, np):
    w = tf.Variable(1.0)
    train = tf.train.AdamOptimizer(0.1, beta1=0.5, beta2=0.25).minimize(w * w)
    powers = [v for v in tf.global_variables() if "power" in v.name]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = [sess.run(powers)]
        sess.run(train)
        return found + [sess.run(powers)]


def compute_gradients(tf, np):
    w, b, loss = _model(tf)
    unused = tf.get_variable("unused", [])
    pairs = tf.train.GradientDescentOptimizer(0.1).compute_gradients(loss)
    return [
        type(pairs).__name__,
        [type(pair).__name__ for pair in pairs],
        [[gradient is None, v.name] for gradient, v in pairs],
        pairs[0][1] is w,
        [str(g.shape) for g, _ in pairs if g is not None],
        unused.name,
        b.name,
    ]


def compute_gradients_of_some(tf, np):
    _, b, loss = _model(tf)
    pairs = tf.train.GradientDescentOptimizer(0.1).compute_gradients(loss, [b])
    return [v.name for _, v in pairs]


def compute_gradients_of_a_collection(tf, np):
    loss = _model(tf)[2]
    key = tf.GraphKeys.TRAINABLE_VARIABLES
    pairs = tf.train.GradientDescentOptimizer(0.1).compute_gradients(
        loss, tf.get_collection(key, "w")
    )
    return [v.name for _, v in pairs]


def compute_gradients_with_grad_loss(tf, np):
    w = tf.Variable([1.0, 2.0])
    pairs = tf.train.GradientDescentOptimizer(0.1).compute_gradients(
        w * w, grad_loss=tf.constant([1.0, 10.0])
    )
    return run(tf, pairs[0][0])


def apply_gradients(tf, np):
    w, b, _ = _model(tf)
    optimizer = tf.train.GradientDescentOptimizer(1.0)
    train = optimizer.apply_gradients([(tf.constant([1.0, 2.0]), w), (None, b)], name="apply")
    return [train.name, type(train).__name__]


def apply_gradients_given_as_a_zip(tf, np):
    w, b = tf.Variable(1.0), tf.Variable(2.0)
    gradients = tf.gradients(w * b, [w, b])
    train = tf.train.GradientDescentOptimizer(1.0).apply_gradients(zip(gradients, [w, b]))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        return sess.run([w, b])


def apply_gradients_refused(tf, np):
    w, b, _ = _model(tf)
    optimizer = tf.train.GradientDescentOptimizer(1.0)
    return [
        said(lambda: optimizer.apply_gradients([]), "No variables provided."),
        said(
            lambda: optimizer.apply_gradients([(None, w)]), "No gradients provided for any variable"
        ),
        error(lambda: optimizer.apply_gradients([("a", w)])),
        error(lambda: optimizer.apply_gradients([(tf.constant([1.0, 2.0]), w, 3)])),
        error(lambda: optimizer.apply_gradients([w, b])),
    ]


def minimize_refused(tf, np):
    optimizer = tf.train.GradientDescentOptimizer(1.0)
    x = tf.constant(1.0)
    found = [said(lambda: optimizer.minimize(x), "No variables to optimize.")]
    w = tf.Variable(1.0)
    v = tf.Variable(1.0)
    return found + [
        said(lambda: optimizer.minimize(x), "No gradients provided for any variable"),
        error(lambda: optimizer.minimize(w * w, var_list=[])),
        error(lambda: optimizer.minimize(w * w, var_list=[v])),
        error(lambda: optimizer.minimize(w * w, var_list=[x])),
        error(lambda: optimizer.minimize(tf.constant(1))),
    ]


def only_trainable_variables_move(tf, np):
    w, fixed = tf.Variable(1.0), tf.Variable(1.0, trainable=False)
    train = tf.train.GradientDescentOptimizer(0.1).minimize(w * fixed)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        return sess.run([w, fixed])


def var_list_may_be_untrainable(tf, np):
    fixed = tf.Variable(1.0, trainable=False)
    train = tf.train.GradientDescentOptimizer(0.1).minimize(fixed * fixed, var_list=[fixed])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        return sess.run(fixed)


def var_list_single_variable(tf, np):
    w, b = tf.Variable(1.0, name="w"), tf.Variable(2.0, name="b")
    train = tf.train.GradientDescentOptimizer(0.1).minimize(w * b, var_list=w)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        return sess.run([w, b])


def global_step(tf, np):
    w = tf.Variable(1.0)
    step = tf.Variable(0, name="global_step", trainable=False)
    train = tf.train.GradientDescentOptimizer(0.1).minimize(w * w, global_step=step)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = [sess.run(train), sess.run(train), sess.run(step)]
    return found + [train.name, type(train).__name__]


def global_step_helpers(tf, np):
    before = tf.train.get_global_step()
    step = tf.train.get_or_create_global_step()
    return [
        before is None,
        step.name,
        step.dtype.base_dtype.name,
        str(step.shape),
        tf.train.get_global_step() is step,
        tf.train.get_or_create_global_step() is step,
        error(tf.train.create_global_step),
        [v.name for v in tf.trainable_variables()],
        [v.name for v in tf.get_collection(tf.GraphKeys.GLOBAL_STEP)],
    ]


def train_op_collection(tf, np):
    train = tf.train.GradientDescentOptimizer(0.1).minimize(_model(tf)[2])
    return [op is train for op in tf.get_collection(tf.GraphKeys.TRAIN_OP)]


def arguments_refused(tf, np):
    t = tf.train
    return [
        error(lambda: t.GradientDescentOptimizer()),
        error(lambda: t.MomentumOptimizer(0.1)),
        error(lambda: t.AdagradOptimizer(0.1, initial_accumulator_value=0.0)),
        error(lambda: t.AdamOptimizer(name="")),
        error(lambda: t.Optimizer(False, None)),
    ]


def integer_variable_refused(tf, np):
    i = tf.Variable(1, name="i")
    return error(lambda: tf.train.GradientDescentOptimizer(0.1).minimize(tf.cast(i, tf.float32)))


def own_optimizer(tf, np):
    class Sign(tf.train.Optimizer):
        def __init__(self, rate):
            super().__init__(False, "Sign")
            self.rate = rate

        def _apply_dense(self, gradient, variable):
            return tf.assign_sub(variable, self.rate * tf.sign(gradient)).op

    w = tf.Variable([1.0, -2.0])
    train = Sign(0.5).minimize(tf.reduce_sum(w * w))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        return [train.name, sess.run(w)]
