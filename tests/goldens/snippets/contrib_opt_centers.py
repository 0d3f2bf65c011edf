"""tf.contrib.opt: optimizers of workers around a center, as one worker is trained."""

from goldens.kit import said


def _getter(tf, name):
    return getattr(tf.contrib.opt, name)(worker_device="/cpu:0")


def _model(tf, getter, **options):
    with tf.variable_scope("", custom_getter=getter):
        v = tf.get_variable("v", initializer=[1.0, -2.0])
        w = tf.get_variable("w", initializer=0.5)
        tf.get_variable("kept", initializer=3.0, trainable=False,
                        collections=[tf.GraphKeys.GLOBAL_VARIABLES])  # fmt: skip
    return tf.reduce_sum(tf.square(v - 3.0)) + tf.square(w * 2.0 - v[0])


def _names(tf):
    return [[v.name for v in tf.global_variables()], [v.name for v in tf.local_variables()],
            [v.name for v in tf.trainable_variables()]]  # fmt: skip


def _trained(tf, np, optimizer, loss, init, steps=5, **options):
    step = tf.train.get_or_create_global_step()
    train = optimizer.minimize(loss, global_step=step, **options)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        sess.run(init())
        found = []
        for _ in range(steps):
            sess.run(train)
            found.append(sess.run([v.value() for v in tf.global_variables()
                                   + tf.local_variables()]))  # fmt: skip
        return [found, _names(tf)]


def elastic_average(tf, np):
    getter = _getter(tf, "ElasticAverageCustomGetter")
    loss = _model(tf, getter)
    optimizer = tf.contrib.opt.ElasticAverageOptimizer(
        tf.train.GradientDescentOptimizer(0.1), 1, getter, communication_period=2)  # fmt: skip
    return _trained(tf, np, optimizer, loss, lambda: optimizer.get_init_op(0))


def elastic_average_with_slots(tf, np):
    getter = _getter(tf, "ElasticAverageCustomGetter")
    loss = _model(tf, getter)
    optimizer = tf.contrib.opt.ElasticAverageOptimizer(
        tf.train.AdamOptimizer(0.1), 1, getter, 2, moving_rate=0.3, rho=0.7, synchronous=True)
    return _trained(tf, np, optimizer, loss, lambda: optimizer.get_init_op(0), 3)


def elastic_average_saved(tf, np):
    getter = _getter(tf, "ElasticAverageCustomGetter")
    loss = _model(tf, getter)
    optimizer = tf.contrib.opt.ElasticAverageOptimizer(
        tf.train.GradientDescentOptimizer(0.1), 1, getter, 2, moving_rate=0.5)  # fmt: skip
    train = optimizer.minimize(loss, tf.train.get_or_create_global_step())
    saver, path = optimizer.swapping_saver(), tf.test.get_temp_dir() + "/centers"
    hook = optimizer.make_session_run_hook(True, 0)
    with tf.train.SingularMonitoredSession(hooks=[hook]) as sess:
        for _ in range(2):
            sess.run(train)
        saver.save(sess.raw_session(), path)
    reader = tf.train.NewCheckpointReader(path)
    return [[name, reader.get_tensor(name)] for name in sorted(
        reader.get_variable_to_shape_map())]  # fmt: skip


def accumulated_gradients(tf, np):
    getter = _getter(tf, "AGNCustomGetter")
    loss = _model(tf, getter)
    optimizer = tf.contrib.opt.AGNOptimizer(
        tf.train.GradientDescentOptimizer(0.1), 1, getter, communication_period=2)  # fmt: skip
    return _trained(tf, np, optimizer, loss, lambda: optimizer.get_init_op(0))


def accumulated_gradients_with_slots(tf, np):
    getter = _getter(tf, "AGNCustomGetter")
    loss = _model(tf, getter)
    optimizer = tf.contrib.opt.AGNOptimizer(
        tf.train.MomentumOptimizer(0.1, 0.9), 1, getter, communication_period=3)  # fmt: skip
    return _trained(tf, np, optimizer, loss, lambda: optimizer.get_init_op(0))


def model_average(tf, np):
    getter = _getter(tf, "ModelAverageCustomGetter")
    loss = _model(tf, getter)
    optimizer = tf.contrib.opt.ModelAverageOptimizer(
        tf.train.GradientDescentOptimizer(0.1), 1, True, getter, interval_steps=2)  # fmt: skip
    return _trained(tf, np, optimizer, loss, optimizer.get_init_op)


def refused(tf, np):
    getter = _getter(tf, "ModelAverageCustomGetter")
    loss = _model(tf, getter)
    sgd = tf.train.GradientDescentOptimizer(0.1)
    made = tf.contrib.opt.ModelAverageOptimizer(sgd, 1, True, getter)
    empty = _getter(tf, "ElasticAverageCustomGetter")
    with tf.variable_scope("other"):
        elastic = tf.contrib.opt.ElasticAverageOptimizer(sgd, 1, empty)
    return [said(lambda: made.minimize(loss), "Global step"),
            said(lambda: made.apply_gradients([], 1), "at least one variable"),
            said(elastic.swapping_saver, "global_center_variable is empty"),
            type(made.make_session_run_hook()).__mro__[-2].__name__]  # fmt: skip
