"""tf.contrib.summary in graph mode: nodes, what is written when, errors."""

import glob
import os
import tempfile

from goldens.kit import eagerly, error, said, typed


def _events(tf, folder):
    (path,) = glob.glob(os.path.join(folder, "events*"))
    found = []
    for event in tf.train.summary_iterator(path):
        if event.WhichOneof("what") == "summary":
            for value in event.summary.value:
                found.append([event.step, value.tag, value.WhichOneof("value"), _told(tf, value)])
        else:
            found.append([event.step, event.WhichOneof("what")])
    return sorted(found, key=str), path[-3:]


def _told(tf, value):
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return value.simple_value
    if kind == "tensor":
        return [tf.make_ndarray(value.tensor), value.metadata.display_name]
    if kind == "histo":
        return [value.histo.min, value.histo.max, value.histo.num]
    return [getattr(value, kind).ByteSize() > 0]


def written_by_the_run(tf, np):
    summary, folder = tf.contrib.summary, tempfile.mkdtemp()
    step = tf.train.get_or_create_global_step()
    writer = summary.create_file_writer(folder, flush_millis=1000)
    x = tf.placeholder(tf.float32, [], "x")
    with writer.as_default(), summary.always_record_summaries():
        summary.scalar("a", x * 2)
        summary.histogram("h", [x, 1.0])
        summary.generic("g", [1, 2], metadata=tf.SummaryMetadata(display_name="me"))
        with tf.name_scope("sc"):
            summary.scalar("b", x, family="fam", step=7)
        summary.scalar("first", [[x, 1.0]])
        summary.image("i", tf.ones([5, 2, 2, 3]), max_images=2)
        summary.audio("s", tf.zeros([1, 9, 1]), 44100.0, 1)
    with writer.as_default(), summary.record_summaries_every_n_global_steps(2):
        summary.scalar("c", x)
    inc, found = step.assign_add(1), []
    with tf.Session() as sess, writer.as_default():
        sess.run(step.initializer)
        summary.initialize(graph=tf.get_default_graph())
        for i in range(3):
            found.append(sess.run(summary.all_summary_ops(), {x: i}))
            sess.run(inc)
        sess.run(writer.flush())
        events = _events(tf, folder)
        sess.run(writer.close())
    return [found, events]


def nodes(tf, np):
    summary = tf.contrib.summary
    tf.train.get_or_create_global_step()
    writer = summary.create_file_writer("/tmp/none", name="shared")
    x = tf.placeholder(tf.float32, [], "x")
    with writer.as_default():
        with summary.always_record_summaries(), tf.name_scope("sc"):
            summary.scalar("a", x * 2)
            summary.histogram("h", x, family="fam")
            summary.generic("g", x)
        with summary.record_summaries_every_n_global_steps(2):
            summary.scalar("c", x)
        with summary.never_record_summaries():
            summary.scalar("never", x)
        summary.scalar("not_said", x)
    writer.init()
    return [sorted(typed(tf)),
            [op.name for op in summary.summary_writer_initializer_op()],
            [each.name for each in summary.all_summary_ops()],
            tf.summary.all_v2_summary_ops() == summary.all_summary_ops()]  # fmt: skip


def without_a_writer(tf, np):
    summary = tf.contrib.summary
    tf.train.get_or_create_global_step()
    with summary.create_file_writer(None).as_default(), summary.always_record_summaries():
        nothing = [summary.scalar("a", 1.0).type, summary.flush().type]
    refused = said(summary.initialize, "No default tf.contrib.summary.SummaryWriter found")
    return [*nothing, refused,
            summary.all_summary_ops(), summary.eval_dir("d"),
            summary.eval_dir("d", "n")]  # fmt: skip


def before_it_is_opened(tf, np):
    summary = tf.contrib.summary
    step = tf.train.get_or_create_global_step()
    writer = summary.create_file_writer(tempfile.mkdtemp())
    with writer.as_default(), summary.always_record_summaries():
        made = summary.scalar("a", 1.0)
        no_session = error(summary.initialize)
        wrong = error(lambda: summary.graph(tf.get_default_graph()))
    with tf.Session() as sess:
        return [said(lambda: sess.run(made, {step: 1}), "Container localhost does not exist"),
                no_session, wrong]  # fmt: skip


def graphs_and_events(tf, np):
    summary, folder = tf.contrib.summary, tempfile.mkdtemp()
    writer = summary.create_file_writer(folder, filename_suffix=".me")
    text = tf.placeholder(tf.string)
    with writer.as_default():
        write = summary.graph(text, step=3)
        bring = summary.import_event(text)
    event = tf.Event(step=5, wall_time=1.0)
    event.summary.value.add(tag="t", simple_value=2.0)
    with tf.Session() as sess:
        sess.run(summary.summary_writer_initializer_op())
        sess.run(write, {text: tf.GraphDef().SerializeToString()})
        sess.run(bring, {text: event.SerializeToString()})
        sess.run(summary.flush(writer))
        return _events(tf, folder)


def should_record(tf, np):
    summary = tf.contrib.summary
    given = tf.constant(True)
    with tf.Session() as sess:
        found = [sess.run(summary.should_record_summaries())]
        with summary.always_record_summaries():
            found.append(sess.run(summary.should_record_summaries()))
            with summary.record_summaries_every_n_global_steps(3, tf.constant(6)):
                found.append(sess.run(summary.should_record_summaries()))
            with summary.record_summaries_every_n_global_steps(4, tf.constant(6)):
                found.append(sess.run(summary.should_record_summaries()))
            found.append(sess.run(summary.should_record_summaries()))
        return [found, sess.run(given)]


def inside_branches_and_loops(tf, np):
    """A branch, or a loop, writes its summaries itself: they are in no collection."""
    summary, folder = tf.contrib.summary, tempfile.mkdtemp()
    tf.train.create_global_step()
    which = tf.placeholder(tf.bool, [])

    def branch():
        summary.scalar("in_branch", 2.0, step=1)
        return tf.constant(1.0)

    def body(i, total):
        summary.scalar("in_loop", total, step=i)
        return i + 1, total * 2.0

    with summary.create_file_writer(folder, max_queue=0).as_default():
        with summary.always_record_summaries():
            chosen = tf.cond(which, branch, lambda: tf.constant(0.0))
            looped = tf.while_loop(lambda i, _: i < 3, body, [tf.constant(0, tf.int64), 1.0])
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            summary.initialize(session=sess)
            values = sess.run([chosen, looped], {which: True})
            sess.run(chosen, {which: False})
    return [values, _events(tf, folder)[0], len(summary.all_summary_ops())]


def eagerly_every_n_steps(tf, np):
    """Where operations run at once the step is looked at each time; one more than said waits."""
    summary, folder = tf.contrib.summary, tempfile.mkdtemp()
    with eagerly(tf):
        step = tf.train.get_or_create_global_step()
        waiting = summary.create_file_writer(os.path.join(folder, "q"), 1, 10**8, name="waits")
        counts = []
        with waiting.as_default(), summary.always_record_summaries():
            for i in range(3):
                summary.scalar("x", 1.0, step=i)
                counts.append(len(_events(tf, os.path.join(folder, "q"))[0]))
        with summary.create_file_writer(folder).as_default():
            with summary.record_summaries_every_n_global_steps(2, step):
                for i in range(6):
                    summary.scalar("scalar", float(i), step=step)
                    step.assign_add(1)
    return [counts, _events(tf, folder)[0]]
