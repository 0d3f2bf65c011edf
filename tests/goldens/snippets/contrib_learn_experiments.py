"""tf.contrib.learn: monitors, Experiment, regressions, run_n, learn_runner."""

import tempfile

from goldens.kit import error, run, said


def linear_regression(tf, np):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    y = tf.constant([1.0, 2.0, 3.0])
    found = tf.contrib.learn.models.linear_regression_zero_init(x, y)
    variables = [[v.name, str(v.shape)] for v in tf.trainable_variables()]
    return [run(tf, list(found)), variables, [each.name for each in found]]


def linear_regression_of_several(tf, np):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    y = tf.constant([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    tf.set_random_seed(3)
    found = tf.contrib.learn.models.linear_regression(x, y, init_mean=1.0, init_stddev=0.5)
    return [run(tf, list(found)), len(tf.get_collection(tf.GraphKeys.SUMMARIES))]


def logistic_regression(tf, np):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    y = tf.constant([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    tf.set_random_seed(3)
    tf.constant([1.0, 2.0], name="class_weight")
    found = tf.contrib.learn.models.logistic_regression(x, y, init_mean=0.0)
    return [run(tf, list(found)), [v.name for v in tf.trainable_variables()]]


def runs(tf, np):
    v = tf.Variable(2.0)
    x = tf.placeholder(tf.float32, [])
    step = tf.assign_add(v, x)
    learn = tf.contrib.learn
    return [
        learn.run_n({"step": step, "x": x * 2.0}, {x: 3.0}, n=3),
        learn.run_feeds({"step": step}, [{x: 1.0}, {x: 2.0}]),
        learn.infer(None, {"step": step}, {x: 3.0}),
        error(lambda: learn.run_n({})),
    ]


def _model(tf):
    def model_fn(features, labels, mode):
        v = tf.get_variable("v", initializer=0.0)
        predictions = features * v
        loss = tf.reduce_mean(tf.square(predictions - labels), name="loss")
        train = tf.train.GradientDescentOptimizer(0.1).minimize(
            loss, tf.train.get_global_step(), name="train"
        )
        return predictions, loss, train

    return model_fn


def _input(tf, np):
    return lambda: (tf.constant([1.0, 2.0]), tf.constant([2.0, 4.0]))


def _estimator(tf):
    config = tf.contrib.learn.RunConfig(save_checkpoints_secs=None, save_checkpoints_steps=3)
    return tf.contrib.learn.Estimator(_model(tf), model_dir=tempfile.mkdtemp(), config=config)


def captured(tf, np):
    monitors = tf.contrib.learn.monitors
    capture = monitors.CaptureVariable("v:0", every_n=3, first_n=2)
    _estimator(tf).fit(input_fn=_input(tf, np), steps=9, monitors=[capture])
    return sorted(capture.values)


def _seen(tf, base, log):
    class Monitor(base):
        def begin(self, max_steps=None):
            super(Monitor, self).begin(max_steps)
            log.append("begin")

        def step_begin(self, step):
            log.append(["step_begin", int(step)])
            return super(Monitor, self).step_begin(step) + ["loss"]

        def step_end(self, step, output):
            stop = super(Monitor, self).step_end(step, output)
            log.append(["step_end", int(step), sorted(output)])
            return stop

        def post_step(self, step, session):
            super(Monitor, self).post_step(step, session)
            log.append(["post", int(step)])

        def end(self, session=None):
            super(Monitor, self).end(session)
            log.append("end")

    return Monitor


def calls_of_a_monitor(tf, np):
    log = []
    monitor = _seen(tf, tf.contrib.learn.monitors.BaseMonitor, log)()
    _estimator(tf).fit(input_fn=_input(tf, np), steps=3, monitors=[monitor])
    return log


def every_n(tf, np):
    log = []

    class Monitor(tf.contrib.learn.monitors.EveryN):
        def every_n_step_begin(self, step):
            log.append(["begin", int(step)])
            return []

        def every_n_step_end(self, step, outputs):
            log.append(["end", int(step)])
            return step >= 8

        def every_n_post_step(self, step, session):
            log.append(["post", int(step)])

    estimator = _estimator(tf)
    estimator.fit(input_fn=_input(tf, np), steps=20, monitors=[Monitor(3, 2)])
    return [log, int(estimator.get_variable_value("global_step"))]


def stopped(tf, np):
    monitors, steps = tf.contrib.learn.monitors, []
    for monitor in (monitors.StopAtStep(num_steps=4), monitors.StopAtStep(last_step=3)):
        estimator = _estimator(tf)
        estimator.fit(input_fn=_input(tf, np), steps=20, monitors=[monitor])
        steps.append(int(estimator.get_variable_value("global_step")))
    return steps


def calls_out_of_order(tf, np):
    monitor = tf.contrib.learn.monitors.BaseMonitor()
    monitor.begin(5)
    monitor.epoch_begin(0)
    return [
        error(monitor.begin), error(lambda: monitor.epoch_begin(1)),
        error(lambda: monitor.epoch_end(1)), error(lambda: monitor.step_begin(6)),
        error(lambda: monitor.step_end(1, {})), monitor.step_begin(2), monitor.end(),
        error(monitor.end), error(lambda: monitor.set_estimator(None)),
        error(lambda: tf.contrib.learn.monitors.StopAtStep()),
        error(lambda: tf.contrib.learn.monitors.StopAtStep(1, 2)),
        error(lambda: tf.contrib.learn.monitors.ValidationMonitor()),
        monitor.run_on_all_workers, tf.contrib.learn.monitors.StopAtStep(1).run_on_all_workers,
    ]  # fmt: skip


def validated(tf, np):
    monitors = tf.contrib.learn.monitors
    monitor = monitors.ValidationMonitor(
        input_fn=_input(tf, np), eval_steps=1, every_n_steps=1, early_stopping_rounds=3,
        check_interval_secs=None, early_stopping_metric_minimize=False,
    )  # fmt: skip
    estimator = _estimator(tf)
    estimator.fit(input_fn=_input(tf, np), steps=40, monitors=[monitor])
    return [monitor.early_stopped, sorted(monitor.best_metrics), monitor.best_value > 0,
            int(estimator.get_variable_value("global_step")) < 40]  # fmt: skip


def experiment(tf, np):
    estimator = _estimator(tf)
    made = tf.contrib.learn.Experiment(
        estimator, _input(tf, np), _input(tf, np), train_steps=4, eval_steps=1,
        min_eval_frequency=2,
    )  # fmt: skip
    found, exported = made.train_and_evaluate()
    again = made.evaluate(delay_secs=0)
    return [found, exported, again, made.train_steps, made.eval_steps, made.eval_metrics,
            made.estimator is estimator, made.test()["global_step"]]  # fmt: skip


def experiment_in_turns(tf, np):
    made = tf.contrib.learn.Experiment(
        _estimator(tf), _input(tf, np), _input(tf, np), train_steps=4, eval_steps=1,
        train_steps_per_iteration=2,
    )  # fmt: skip
    found, _ = made.continuous_train_and_eval()
    return [found["global_step"], made.continuous_eval(delay_secs=0, throttle_delay_secs=0)]


def experiment_exports(tf, np):
    calls = []

    def export(estimator, path, checkpoint_path, eval_result):
        calls.append([str(path).rstrip("'")[-12:], sorted(eval_result)])
        return "there"

    strategy = tf.contrib.learn.ExportStrategy("mine", export)
    made = tf.contrib.learn.Experiment(
        _estimator(tf), _input(tf, np), _input(tf, np), train_steps=2, eval_steps=1,
        min_eval_frequency=0, export_strategies=strategy,
    )  # fmt: skip
    return [made.train_and_evaluate()[1], calls, len(made.reset_export_strategies())]


def experiment_refused(tf, np):
    make, estimator = tf.contrib.learn.Experiment, _estimator(tf)
    core = tf.estimator.Estimator(lambda features, labels, mode: None, tempfile.mkdtemp())
    return [
        error(lambda: make(3, None, None)),
        said(lambda: make(core, None, None, eval_metrics={}), "`eval_metrics` must be `None`"),
        error(lambda: make(estimator, None, None, saving_listeners=[])),
        error(lambda: make(estimator, None, None, train_steps_per_iteration=1.5)),
        error(lambda: make(estimator, None, None, export_strategies=[3])),
        error(lambda: tf.contrib.learn.learn_runner.run(lambda **_: 3, output_dir="x")),
        error(lambda: tf.contrib.learn.learn_runner.run(lambda **_: 3)),
        error(lambda: tf.contrib.learn.learn_runner.run(3, output_dir="x")),
    ]


def runner(tf, np):
    def make(output_dir):
        estimator = tf.contrib.learn.Estimator(_model(tf), model_dir=output_dir)
        return tf.contrib.learn.Experiment(
            estimator, _input(tf, np), _input(tf, np), train_steps=3, eval_steps=1,
            eval_delay_secs=0,
        )  # fmt: skip

    learn_runner, folder = tf.contrib.learn.learn_runner, tempfile.mkdtemp()
    found, _ = learn_runner.run(make, output_dir=folder)
    return [found["global_step"], sorted(found),
            learn_runner.run(make, output_dir=folder, schedule="evaluate")["global_step"],
            error(lambda: learn_runner.run(make, output_dir=folder, schedule="nothing")),
            error(lambda: learn_runner.run(make, folder, schedule="train_steps"))]  # fmt: skip


def input_functions(tf, np):
    x, y = tf.contrib.learn.io.numpy_input_fn({"a": np.arange(6.0)}, np.arange(6), 2,
                                              shuffle=False)()  # fmt: skip
    given = tf.contrib.learn.InputFnOps({"a": 1}, None, {"b": 2})
    with tf.Session() as sess:
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coord)
        found = sess.run([x["a"], y])
        coord.request_stop()
        coord.join(threads)
    return [found, list(given)]
