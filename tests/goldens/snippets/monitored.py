"""Monitored sessions, their hooks, the Supervisor, the SessionManager."""

import logging
import os
import tempfile

from goldens.kit import error, said


def _plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


def _counting(tf):
    """(the global step, an operation that adds one to it)."""
    step = tf.train.get_or_create_global_step()
    return step, tf.assign_add(step, 1)


def _spy(tf, said, **methods):
    """A hook that writes down when it is called."""

    class Spy(tf.train.SessionRunHook):
        def begin(self):
            said.append("begin")

        def after_create_session(self, session, coord):
            said.append(["after_create_session", type(coord).__name__])

        def before_run(self, run_context):
            said.append(["before_run", sorted(map(str, run_context.original_args.feed_dict or ()))])
            return methods.get("asks")

        def after_run(self, run_context, run_values):
            said.append(["after_run", _plain(run_values.results), run_context.stop_requested])
            if len(said) > methods.get("limit", 99):
                run_context.request_stop()

        def end(self, session):
            said.append("end")

    return Spy()


class _Logged(logging.Handler):
    """What is logged meanwhile, without numbers of seconds."""

    def __init__(self):
        super(_Logged, self).__init__()
        self.logger, self.lines = logging.getLogger("tensorflow"), []

    def emit(self, record):
        self.lines.append(record.getMessage().split(" (")[0])

    def __enter__(self):
        self.before = self.logger.level
        self.logger.setLevel(logging.INFO)
        self.handlers, self.logger.handlers = self.logger.handlers, [self]
        return self.lines

    def __exit__(self, *error):
        self.logger.setLevel(self.before)
        self.logger.handlers = self.handlers


def hooks_are_called_in_order(tf, np):
    step, bump = _counting(tf)
    x = tf.placeholder(tf.float32, name="x")
    said, more, hook_asks = [], x + 1, tf.train.SessionRunArgs(x * 2)
    with tf.train.MonitoredSession(hooks=[_spy(tf, said, asks=hook_asks)]) as s:
        found = [_plain(s.run([more, bump], {x: v})) for v in (1.0, 2.0)]
        found.append(s.should_stop())
    return [said, found[2], [[float(v) for v in pair] for pair in found[:2]], s.should_stop(),
            tf.get_default_graph().finalized]  # fmt: skip


def a_hook_stops_it(tf, np):
    _, bump = _counting(tf)
    said = []
    with tf.train.SingularMonitoredSession(hooks=[_spy(tf, said, limit=5)]) as sess:
        while not sess.should_stop():
            sess.run(bump)
        late = error(lambda: sess.run(bump))
        count = int(sess.raw_session().run(bump))
    return [said, late, count]


def stop_at_a_step(tf, np):
    def steps(first, **arguments):
        tf.reset_default_graph()
        step, bump = _counting(tf)
        scaffold = tf.train.Scaffold(init_fn=lambda _, sess: step.load(first, sess))
        creator = tf.train.ChiefSessionCreator(scaffold)
        count = 0
        with tf.train.MonitoredSession(creator, [tf.train.StopAtStepHook(**arguments)]) as sess:
            while not sess.should_stop():
                sess.run(bump)
                count += 1
        return count

    return [
        steps(0, num_steps=3), steps(5, num_steps=3), steps(5, last_step=7), steps(0, last_step=1),
        error(lambda: tf.train.StopAtStepHook()),
        error(lambda: tf.train.StopAtStepHook(num_steps=1, last_step=1)),
    ]  # fmt: skip


def hooks_without_a_global_step(tf, np):
    tf.constant(1)
    folder = tempfile.mkdtemp()
    hooks = [
        tf.train.StopAtStepHook(3), tf.train.StepCounterHook(), tf.train.GlobalStepWaiterHook(3),
        tf.train.CheckpointSaverHook(folder, save_steps=1),
        tf.train.SummarySaverHook(save_steps=1, summary_op=tf.no_op()),
    ]  # fmt: skip
    return [error(hook.begin) for hook in hooks]


def logged_tensors(tf, np):
    _, bump = _counting(tf)
    x = tf.cast(bump, tf.float32, name="x")
    texts = []
    hooks = [
        tf.train.LoggingTensorHook({"a": x, "b": "x:0"}, every_n_iter=2),
        tf.train.LoggingTensorHook(["x"], at_end=True),
        tf.train.LoggingTensorHook({"x": x}, every_n_iter=3,
                                   formatter=lambda values: texts.append(float(values["x"]))),
    ]  # fmt: skip
    with tf.train.MonitoredSession(hooks=hooks) as sess:
        for _ in range(5):
            sess.run(bump)
    return [
        texts, error(lambda: tf.train.LoggingTensorHook(["x"])),
        error(lambda: tf.train.LoggingTensorHook(["x"], every_n_iter=1, every_n_secs=1)),
        error(lambda: tf.train.LoggingTensorHook(["x"], every_n_iter=0)),
        error(lambda: tf.train.LoggingTensorHook(["none"], every_n_iter=1).begin()),
    ]  # fmt: skip


def lines_of_logged_tensors(tf, np):
    _, bump = _counting(tf)
    x = tf.cast(bump, tf.float32, name="x")
    hook = tf.train.LoggingTensorHook({"a": x, "b": "x:0"}, every_n_iter=2)
    last = tf.train.LoggingTensorHook([x], at_end=True)
    sess = tf.train.MonitoredSession(hooks=[hook, last])
    with _Logged() as lines:
        for _ in range(5):
            sess.run(bump)
        sess.close()
    return [line for line in lines if "=" in line]


def losses_that_are_no_numbers(tf, np):
    x = tf.placeholder(tf.float32)

    def run(**arguments):
        found = []
        hook = tf.train.NanTensorHook(x * 1.0, **arguments)
        with tf.train.MonitoredSession(hooks=[hook]) as sess:
            for value in (1.0, float("nan")):
                sess.run(x, {x: value})
                found.append(sess.should_stop())
        return found

    return [said(run, "NaN loss during training."), run(fail_on_nan_loss=False)]


def feeds_of_hooks(tf, np):
    x, y = (tf.placeholder(tf.float32, name=name) for name in "xy")
    total = x + y

    def run(feeds, *more):
        hooks = [tf.train.FeedFnHook(lambda each=each: each) for each in more]
        with tf.train.MonitoredSession(hooks=hooks) as sess:
            return float(sess.run(total, feeds))

    return [
        run({x: 1.0}, {y: 2.0}), run(None, {y: 2.0}, {x: 3.0}),
        error(lambda: run({x: 1.0, y: 1.0}, {y: 2.0})),
        error(lambda: run(None, {y: 2.0, x: 1.0}, {x: 3.0})),
    ]  # fmt: skip


def final_operations(tf, np):
    _, bump = _counting(tf)
    x = tf.placeholder(tf.int64)
    hook = tf.train.FinalOpsHook([bump, x], {x: 7})
    with tf.train.MonitoredSession(hooks=[hook]) as sess:
        sess.run(bump)
        before = hook.final_ops_values
    return [before, [int(v) for v in hook.final_ops_values]]


def how_it_ends(tf, np):
    def run(raised):
        tf.reset_default_graph()
        _, bump = _counting(tf)
        said = []
        with tf.train.MonitoredSession(hooks=[_spy(tf, said)]) as sess:
            sess.run(bump)
            raise raised
        return said[-1]

    return [
        run(tf.errors.OutOfRangeError(None, None, "x")), run(StopIteration()),
        error(lambda: run(ValueError("x"))), error(lambda: run(tf.errors.AbortedError(0, 0, "x"))),
    ]  # fmt: skip


def made_anew_after_an_abort(tf, np):
    step, bump = _counting(tf)
    said = []

    class Aborts(tf.train.SessionRunHook):
        calls = 0

        def after_run(self, run_context, run_values):
            self.calls += 1
            if self.calls == 2:
                raise tf.errors.AbortedError(None, None, "x")

    hooks = [Aborts(), _spy(tf, said)]
    with tf.train.MonitoredSession(hooks=hooks) as sess:
        found = [int(sess.run(bump)) for _ in range(3)]
    single = []
    with tf.train.SingularMonitoredSession(hooks=[_spy(tf, [])]) as sess:
        single.append(error(lambda: sess.run(tf.get_default_graph().get_operations()[0])))
    return [found, said, hooks[0].calls]


def steps_that_run_the_session_themselves(tf, np):
    _, bump = _counting(tf)
    said = []

    def step_fn(step_context):
        step_context.session.run(bump)
        return int(step_context.run_with_hooks(bump))

    def stopping(step_context):
        step_context.request_stop()

    with tf.train.MonitoredSession(hooks=[_spy(tf, said)]) as sess:
        found = [sess.run_step_fn(step_fn), error(lambda: sess.run_step_fn(lambda x: x))]
        sess.run_step_fn(stopping)
        found.append("never")
    return [found, said]


def queues_in_a_monitored_session(tf, np):
    queue = tf.train.range_input_producer(4, num_epochs=1, shuffle=False)
    batch = tf.train.batch([queue.dequeue()], 2)
    found = []
    with tf.train.MonitoredSession() as sess:
        while not sess.should_stop():
            found.append(_plain(sess.run(batch)))
    return found


def checkpoints_go_on(tf, np):
    folder = tempfile.mkdtemp()

    def train(steps):
        tf.reset_default_graph()
        step, bump = _counting(tf)
        x = tf.get_variable("x", [], initializer=tf.zeros_initializer())
        with tf.control_dependencies([bump]):
            op = tf.assign_add(x, 2.0)
        tf.summary.scalar("x_now", x)
        with tf.train.MonitoredTrainingSession(
            checkpoint_dir=folder, hooks=[tf.train.StopAtStepHook(num_steps=steps)],
            save_checkpoint_steps=2, save_summaries_steps=2, log_step_count_steps=3,
        ) as sess:  # fmt: skip
            while not sess.should_stop():
                found = sess.run(op)
        return float(found)

    found = [train(3), train(3)]
    names = sorted(name for name in os.listdir(folder) if not name.startswith("events"))
    events = [path for path in sorted(os.listdir(folder)) if path.startswith("events")]
    seen = []
    for name in events:
        for event in tf.train.summary_iterator(os.path.join(folder, name)):
            tags = [value.tag for value in event.summary.value]
            seen += [[int(event.step), tag] for tag in tags if not tag.endswith("sec")]
    return [found, names, sorted(seen), tf.train.latest_checkpoint(folder)[len(folder):]]


def listeners_of_checkpoints(tf, np):
    folder, said = tempfile.mkdtemp(), []

    class Listener(tf.train.CheckpointSaverListener):
        def begin(self):
            said.append("begin")

        def before_save(self, session, global_step_value):
            said.append(["before", int(global_step_value)])

        def after_save(self, session, global_step_value):
            said.append(["after", int(global_step_value)])
            return global_step_value >= 4

        def end(self, session, global_step_value):
            said.append(["end", int(global_step_value)])

    step, bump = _counting(tf)
    hook = tf.train.CheckpointSaverHook(folder, save_steps=2, listeners=[Listener()],
                                        saver=tf.train.Saver())  # fmt: skip
    with tf.train.MonitoredSession(hooks=[hook]) as sess:
        while not sess.should_stop():
            sess.run(bump)
    return [said, error(lambda: tf.train.CheckpointSaverHook(
        folder, save_steps=1, saver=tf.train.Saver(), scaffold=tf.train.Scaffold()))]  # fmt: skip


def timers(tf, np):
    timer = tf.train.SecondOrStepTimer(every_steps=3)
    found = [timer.should_trigger_for_step(5), timer.update_last_triggered_step(5)]
    found += [timer.should_trigger_for_step(step) for step in (5, 6, 7, 8, 9)]
    found += [timer.update_last_triggered_step(8)[1], timer.last_triggered_step()]
    never = tf.train.SecondOrStepTimer(every_secs=1000)
    never.update_last_triggered_step(1)
    return [*map(str, found), never.should_trigger_for_step(2),
            error(tf.train.SecondOrStepTimer),
            error(lambda: tf.train.SecondOrStepTimer(1, 1))]  # fmt: skip


def what_a_scaffold_finds_or_makes(tf, np):
    x = tf.get_variable("x", [], initializer=tf.zeros_initializer())
    local = tf.get_local_variable("l", [], initializer=tf.zeros_initializer())
    summary = tf.summary.scalar("s", x)
    own = tf.no_op(name="own")
    tf.add_to_collection(tf.GraphKeys.INIT_OP, x.initializer)
    scaffold = tf.train.Scaffold(local_init_op=own)
    copied = tf.train.Scaffold(copy_from_scaffold=scaffold, init_op=own)
    scaffold.finalize()
    with tf.Session() as sess:
        sess.run(scaffold.init_op)
        unready = [_plain(sess.run(op)) for op in (scaffold.ready_op,
                                                   scaffold.ready_for_local_init_op)]  # fmt: skip
        merged = sess.run(scaffold.summary_op)
    return [
        scaffold.init_op.name, scaffold.local_init_op.name, unready, merged,
        type(scaffold.saver).__name__, copied.init_op.name, copied.local_init_op.name,
        scaffold.init_fn, scaffold.init_feed_dict,
        error(lambda: tf.train.Scaffold(copy_from_scaffold=3)),
    ]  # fmt: skip


def sessions_of_a_manager(tf, np):
    folder = tempfile.mkdtemp()
    x = tf.get_variable("x", [], initializer=tf.ones_initializer())
    ready = tf.report_uninitialized_variables()
    saver = tf.train.Saver()
    manager = tf.train.SessionManager(ready_op=ready, recovery_wait_secs=0.01)
    found = [
        error(lambda: manager.prepare_session("")),
        error(lambda: manager.prepare_session("", init_op=tf.no_op())),
        error(lambda: manager.wait_for_session("", max_wait_secs=0.05)),
        error(lambda: tf.train.SessionManager(ready_for_local_init_op=ready)),
        manager.recover_session("", saver, folder)[1],
    ]
    sess = manager.prepare_session("", tf.global_variables_initializer(), saver, folder)
    sess.run(x.assign(5.0))
    saver.save(sess, os.path.join(folder, "model"))
    again, restored = manager.recover_session("", saver, folder)
    found += [float(again.run(x)), restored]
    fed = manager.prepare_session("", x.initializer, saver, folder)
    with_function = manager.prepare_session("", init_fn=lambda sess: x.load(3.0, sess))
    return [*found, float(fed.run(x)), float(with_function.run(x))]


def supervised(tf, np):
    folder = tempfile.mkdtemp()

    def train(runs, **arguments):
        tf.reset_default_graph()
        step, bump = _counting(tf)
        supervisor = tf.train.Supervisor(logdir=folder, **arguments)
        with supervisor.managed_session() as sess:
            for _ in range(runs):
                if supervisor.should_stop():
                    break
                found = int(sess.run(bump))
            supervisor.saver.save(sess, supervisor.save_path, global_step=found)
        return [found, supervisor.save_path[len(folder):], supervisor.should_stop(),
                tf.get_default_graph().finalized]  # fmt: skip

    quiet = {"save_summaries_secs": 0, "save_model_secs": 0}
    found = [train(3, **quiet), train(3, **quiet)]
    return [*found, sorted(n for n in os.listdir(folder) if not n.startswith("events"))]


def supervised_until_the_end(tf, np):
    queue = tf.train.range_input_producer(4, num_epochs=1, shuffle=False)
    batch = tf.train.batch([queue.dequeue()], 2)
    supervisor = tf.train.Supervisor()
    found = []
    with supervisor.managed_session() as sess:
        while not supervisor.should_stop():
            found.append(_plain(sess.run(batch)))

    def failing():
        tf.reset_default_graph()
        tf.get_variable("x", [])
        with tf.train.Supervisor().managed_session():
            raise ValueError("x")

    return [found, error(failing), supervisor.logdir if hasattr(supervisor, "logdir") else None]


def what_a_supervisor_finds_or_makes(tf, np):
    x = tf.get_variable("x", [], initializer=tf.zeros_initializer())
    tf.summary.scalar("s", x)
    own = tf.global_variables_initializer()
    supervisor = tf.train.Supervisor(init_op=own, saver=None, summary_op=None, ready_op=None,
                                     init_fn=lambda sess: x.load(4.0, sess))
    other = tf.Graph()
    with other.as_default():
        tf.get_variable("y", [], initializer=tf.zeros_initializer())
        tf.summary.scalar("s", 1.0)
    made = tf.train.Supervisor(graph=other, is_chief=True)
    with supervisor.managed_session() as sess:
        value = float(sess.run(x))
        said = error(lambda: supervisor.summary_computed(sess, b""))
    return [
        value, said, supervisor.init_op.name, supervisor.saver, supervisor.summary_op,
        supervisor.ready_op, supervisor.global_step, supervisor.summary_writer,
        supervisor.save_path, supervisor.is_chief, supervisor.save_model_secs,
        made.init_op.name, made.summary_op.op.type, type(made.saver).__name__,
        made.session_manager is not None, made.save_summaries_secs,
    ]  # fmt: skip


def a_server_of_ones_own(tf, np):
    server = tf.train.Server.create_local_server()
    tf.get_variable("x", [], initializer=tf.ones_initializer())
    x = tf.global_variables()[0]
    with tf.train.MonitoredTrainingSession(master=server.target, is_chief=True) as sess:
        return float(sess.run(x))
