"""tf.contrib.learn.train, evaluate, infer: graphs that are trained and evaluated as they are."""

import os
import tempfile

from goldens.kit import error


def _model(tf):
    """(train op, loss, x, prediction) of a weight that is to become 3."""
    x = tf.placeholder_with_default([[1.0], [2.0]], [None, 1], name="x")
    w = tf.get_variable("w", [1, 1], initializer=tf.zeros_initializer())
    y = tf.matmul(x, w, name="y")
    loss = tf.reduce_mean(tf.square(y - 3.0 * x), name="loss")
    step = tf.train.get_or_create_global_step()
    tf.summary.scalar("loss", loss)
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, step), loss, x, y


def _events(tf, folder):
    """[step, tag, value] of the summaries in a folder."""
    found = []
    for file in sorted(os.listdir(folder)):
        if file.startswith("events"):
            for event in tf.train.summary_iterator(os.path.join(folder, file)):
                found += [[event.step, value.tag, round(value.simple_value, 4)]
                          for value in event.summary.value if "sec" not in value.tag]  # fmt: skip
    return sorted(found)


def trained(tf, np):
    learn, folder = tf.contrib.learn, tempfile.mkdtemp()
    losses, checkpoints = [], []
    for steps in (5, 3):
        with tf.Graph().as_default() as graph:
            train, loss, _, _ = _model(tf)
            losses.append(learn.train(graph, folder, train, loss, steps=steps,
                                      supervisor_save_summaries_steps=2))  # fmt: skip
        checkpoints.append(os.path.basename(tf.train.latest_checkpoint(folder)))
    learn.graph_actions.clear_summary_writers()
    return [losses, checkpoints, _events(tf, folder)]


class _Stops:
    """A monitor that says stop at a step."""

    run_on_all_workers = True

    def __init__(self, at):
        self.at, self.seen = at, []

    def begin(self, max_steps=None):
        self.seen.append(["begin", max_steps])

    def step_begin(self, step):
        return ["y:0"]

    def step_end(self, step, outputs):
        self.seen.append([step, sorted(name for name in outputs if isinstance(name, str))])
        return step == self.at

    def end(self):
        self.seen.append("end")


def stopped(tf, np):
    learn, monitor, fed = tf.contrib.learn, _Stops(2), []
    with tf.Graph().as_default() as graph:
        train, loss, x, _ = _model(tf)

        def feed():
            fed.append(1)
            return {x: [[float(len(fed))]]}

        folder = tempfile.mkdtemp()
        found = learn.train(graph, folder, train, loss, feed_fn=feed, max_steps=9,
                            monitors=[monitor])  # fmt: skip
    with tf.Graph().as_default() as graph:
        train, loss, x, _ = _model(tf)
        broken = [
            error(lambda: learn.train(graph, tempfile.mkdtemp(), train, loss, steps=3,
                                      feed_fn=lambda: {x: [[np.nan]]}))]  # fmt: skip
    with tf.Graph().as_default() as graph:
        train, loss, x, _ = _model(tf)
        ended = learn.train(graph, tempfile.mkdtemp(), train, loss,
                            feed_fn=iter([{x: [[1.0]]}] * 2).__next__)  # fmt: skip
    learn.graph_actions.clear_summary_writers()
    return [found, monitor.seen, len(fed), broken, ended, os.path.basename(
        tf.train.latest_checkpoint(folder))]  # fmt: skip


def evaluated(tf, np):
    learn, folder, out = tf.contrib.learn, tempfile.mkdtemp(), tempfile.mkdtemp()
    with tf.Graph().as_default() as graph:
        train, loss, _, _ = _model(tf)
        learn.train(graph, folder, train, loss, steps=4)
    with tf.Graph().as_default() as graph:
        _, loss, x, y = _model(tf)
        count = tf.Variable(0.0, collections=[tf.GraphKeys.LOCAL_VARIABLES], trainable=False)
        update = tf.assign_add(count, 1.0)
        wanted = {"loss": loss, "count": count + 0.0, "y": y}
        found = [learn.evaluate(graph, out, folder, wanted, update, max_steps=3),
                 learn.evaluate(graph, out, folder, wanted, max_steps=2,
                                feed_fn=lambda: {x: [[2.0]]}),
                 learn.infer(tf.train.latest_checkpoint(folder), {"y": y}, {x: [[4.0,
        ]]})]  # fmt: skip
    learn.graph_actions.clear_summary_writers()
    return [found, _events(tf, out), error(lambda: learn.evaluate(graph, "", folder, wanted))]


def refused(tf, np):
    learn, folder = tf.contrib.learn, tempfile.mkdtemp()
    with tf.Graph().as_default() as graph:
        train, loss, _, _ = _model(tf)
        given = [(folder, train, loss, {"steps": 1, "max_steps": 2}), ("", train, loss, {}),
                 (folder, None, loss, {}), (folder, train, None, {})]  # fmt: skip
        return [error(lambda f=f, t=t, one=one, more=more: learn.train(graph, f, t, one, **more))
                for f, t, one, more in given]  # fmt: skip
