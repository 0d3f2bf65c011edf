"""Summaries and event files: what TensorBoard finds, what is refused."""
import glob
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

import minitf as tf
from minitf.summary.histogram import histogram_proto, limits


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def events(folder):
    (path,) = glob.glob(os.path.join(folder, "events.out.tfevents.*"))
    return list(tf.train.summary_iterator(path))


def test_training_as_tensorboard_reads_it(tmp_path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.Variable(tf.zeros([2, 1]), name="w")
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    tf.summary.scalar("loss", loss)
    tf.summary.histogram("weights", w)
    tf.summary.image("pixels", tf.reshape(x[:1], [1, 1, 2, 1]))
    tf.summary.text("note", tf.constant("well"))
    merged = tf.summary.merge_all()
    losses = []
    with tf.Session() as sess, tf.summary.FileWriter(tmp_path, sess.graph) as writer:
        sess.run(tf.global_variables_initializer())
        for number in range(5):
            value, told, _ = sess.run([loss, merged, step], {x: [[1, 2], [3, 4]]})
            losses.append(value)
            writer.add_summary(told, number)
    read = accumulator.EventAccumulator(str(tmp_path), {accumulator.HISTOGRAMS: 0})
    read.Reload()
    tags = read.Tags()
    assert tags["scalars"] == ["loss"] and tags["histograms"] == ["weights"] and tags["graph"]
    assert tags["images"] == ["pixels/image/0"] and tags["tensors"] == ["note"]
    np.testing.assert_allclose([event.value for event in read.Scalars("loss")], losses)
    assert [event.step for event in read.Scalars("loss")] == [0, 1, 2, 3, 4]
    assert read.Histograms("weights")[-1].histogram_value.num == 2
    names = {node.name for node in read.Graph().node}
    assert {"x", "w", "w/read", "MatMul", "loss", "Merge/MergeSummary"} <= names


def test_many_threads_write_whole_events(tmp_path):
    writer = tf.summary.FileWriter(tmp_path, max_queue=3)

    def write(number):
        for step in range(50):
            value = tf.Summary.Value(tag=f"t{number}", simple_value=step)
            writer.add_summary(tf.Summary(value=[value]), step)

    threads = [threading.Thread(target=write, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    found = [value for event in events(tmp_path) for value in event.summary.value]
    for number in range(4):
        steps = [value.simple_value for value in found if value.tag == f"t{number}"]
        assert steps == list(range(50))


def test_events_are_on_the_disk_when_the_queue_is_full_and_at_the_end(tmp_path):
    script = (
        "import sys, minitf as tf\n"
        "w = tf.summary.FileWriter(sys.argv[1], max_queue=3)\n"
        "def add(step): w.add_summary(tf.Summary(), step)\n"
        "def there(): return len(list(tf.train.summary_iterator(w._file._file.name)))\n"
        "add(1); add(2); print(there()); add(3); print(there()); add(4)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.stdout.split() == ["1", "4"], result.stderr
    assert [event.step for event in events(tmp_path)] == [0, 1, 2, 3, 4]


def test_a_closed_writer_warns_and_writes_nothing(tmp_path):
    writer = tf.summary.FileWriter(tmp_path)
    writer.close()
    with pytest.warns(UserWarning, match="Attempting to use a closed FileWriter"):
        writer.add_summary(tf.Summary(), 1)
    assert [event.step for event in events(tmp_path)] == [0]


def test_a_session_for_the_writer_is_refused(tmp_path):
    with pytest.raises(NotImplementedError, match=r"tf\.contrib\.summary"):
        tf.summary.FileWriter(tmp_path, session=tf.Session())


def test_wrong_ranks_are_refused_in_the_run():
    with tf.Session() as sess:
        for told, message in [
            (tf.summary.image("i", np.zeros((2, 2, 1), np.float32)), r"must be 4-D .*\[2, 2, 1\]"),
            (tf.summary.audio("s", np.zeros(2, np.float32), 1), r"must be 3-D or 2-D, got: \[2\]"),
        ]:
            with pytest.raises(tf.errors.InvalidArgumentError, match=message):
                sess.run(told)


def test_what_is_no_number_names_the_summary():
    x = tf.placeholder(tf.float32, [2])
    told = tf.summary.histogram("weights", x)
    refused = pytest.raises(tf.errors.InvalidArgumentError, match="Nan in summary histogram for: w")
    with tf.Session() as sess, refused:
        sess.run(told, {x: [1, np.nan]})


def test_values_at_the_limits_of_buckets_are_where_a_search_puts_them():
    bounds = limits()
    inner = bounds[np.abs(bounds) < 1e100]
    edges = [inner, np.nextafter(inner, np.inf), np.nextafter(inner, -np.inf)]
    values = np.concatenate([*edges, [0.0, -0.0], np.arange(1 << 15) % 7])
    told = histogram_proto(values)
    counts = np.bincount(np.searchsorted(bounds, values, "right"), minlength=len(bounds))
    found = dict(zip(told.bucket_limit, told.bucket))
    assert [found.get(bound, 0) for bound in bounds] == counts.tolist()
    assert (told.num, told.min, told.max) == (len(values), values.min(), values.max())
    assert told.sum == np.add.accumulate(values)[-1]


def test_the_greatest_number_is_in_the_last_bucket():
    with np.errstate(over="ignore"):  # the sum of the squares
        assert histogram_proto(limits()[-1:]).bucket == [0.0, 1.0]


def test_names_of_before_1_0(tmp_path, caplog):
    told = tf.scalar_summary("loss", 2.0)
    tf.histogram_summary("h", [1.0])
    with tf.Session() as sess:
        writer = tf.train.SummaryWriter(tmp_path, sess.graph)
        writer.add_summary(sess.run(tf.merge_all_summaries()), 3)
        writer.close()
    assert [value.tag for value in events(tmp_path)[-1].summary.value] == ["loss", "h"]
    assert told.op.type == "ScalarSummary"
