"""What runs on the CPU though there is a GPU, and what the user is told."""
import numpy as np
import pytest
import standin

import minitf as tf
from minitf.backend import devices, log
from minitf.runtime import local_devices


@pytest.fixture(autouse=True)
def fresh_graph(gpu):
    tf.reset_default_graph()


def test_what_is_asked_for_on_the_cpu_runs_there(gpu):
    x = tf.placeholder(tf.float32, [3])
    with tf.device("/cpu:0"):
        y = tf.exp(x)
    z = y * 2.0
    with tf.Session() as sess:
        text = sess.source(z, {x: np.ones(3)})
        for _ in range(3):
            found = sess.run(z, {x: [0, 1, 2]})
            np.testing.assert_allclose(found, 2 * np.exp([0, 1, 2]), rtol=1e-6)
    assert "np.exp(x" in text


def test_a_variable_on_the_cpu_stays_there(gpu):
    with tf.device("/cpu:0"):
        v = tf.Variable([1.0, 2.0])
        grow = tf.assign_add(v, [1.0, 1.0])
    doubled = v * 2.0
    with tf.Session() as sess:
        sess.run(v.initializer)
        for count in range(1, 4):
            np.testing.assert_array_equal(sess.run(grow), [1.0 + count, 2.0 + count])
            np.testing.assert_array_equal(sess.run(doubled), [2.0 + 2 * count, 4.0 + 2 * count])
        assert type(sess.slot(v.op).value) is np.ndarray


def test_what_is_asked_for_on_another_gpu_runs_on_the_one_of_the_session(gpu, monkeypatch):
    found = devices.find()
    monkeypatch.setattr(local_devices, "find", lambda: found._replace(cards=found.cards * 2))
    x = tf.placeholder(tf.float32, [3])
    losses = []
    for tower in range(2):
        with tf.device(f"/gpu:{tower}"):
            losses.append(tf.reduce_sum(tf.exp(x * tower)))
    with tf.Session() as sess:
        assert [d.name.rsplit("/", 1)[-1] for d in sess.list_devices()][1:] == [
            "device:GPU:0", "device:GPU:1"]  # fmt: skip
        assert "np.exp" not in sess.source(losses, {x: np.ones(3)})
        np.testing.assert_allclose(sess.run(losses, {x: np.ones(3)}), [3, 3 * np.e], rtol=1e-6)


def test_python_functions_and_strings_in_the_middle_of_a_plan(gpu):
    x = tf.placeholder(tf.float32, [2, 2])
    y = tf.py_func(lambda a: a.T.copy(), [x @ x], tf.float32)
    y.set_shape([2, 2])
    label = tf.placeholder(tf.string)
    joined = label + tf.constant("!")
    with tf.Session() as sess:
        a = np.array([[1, 2], [3, 4]], np.float32)
        for _ in range(3):
            found, text = sess.run([y + 1.0, joined], {x: a, label: "yes"})
            np.testing.assert_array_equal(found, (a @ a).T + 1)
            assert text == b"yes!"


def test_sizes_that_only_the_run_knows(gpu):
    x, n = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.int32, [])
    chosen = tf.boolean_mask(x, x > 0)
    parts = [chosen * 2.0, tf.reduce_sum(chosen), tf.range(n), tf.reshape(x, [n, -1]),
             tf.shape(chosen)]  # fmt: skip
    with tf.Session() as sess:
        for _ in range(3):
            found = sess.run(parts, {x: [1.0, -1.0, 2.0, 3.0], n: 2})
        for got, want in zip(found, ([2, 4, 6], 6, [0, 1], [[1, -1], [2, 3]], [3]), strict=True):
            np.testing.assert_array_equal(got, want)


def test_reads_come_before_writes(gpu):
    v = tf.Variable([1.0, 2.0])
    write = tf.assign_add(v, [10.0, 10.0])
    with tf.control_dependencies([write]):
        after = tf.identity(v) + 0.0
    with tf.Session() as sess:
        sess.run(v.initializer)
        for count in range(3):
            old, _, new = sess.run([v * 1.0, write, after])
            np.testing.assert_array_equal(old, [1 + 10 * count, 2 + 10 * count])
            np.testing.assert_array_equal(new, [11 + 10 * count, 12 + 10 * count])


def test_the_placement_is_logged(gpu, capfd):
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.add(x, 1.0, name="y")
    with tf.Session(config=tf.ConfigProto(log_device_placement=True)) as sess:
        sess.run(y, {x: [1, 2]})
    said = capfd.readouterr().err
    assert "device:GPU:0 -> device: 0, name: Stand-in" in said
    assert "y: (Add): /job:localhost/replica:0/task:0/device:GPU:0" in said


def test_out_of_memory_is_said_with_the_sizes_and_the_session_goes_on(gpu):
    standin.set_memory(100 << 20)
    x = tf.placeholder(tf.float32, [None, 1024])
    y = tf.reduce_sum(tf.nn.softmax(x @ tf.ones([1024, 1024])))
    with tf.Session() as sess:
        with pytest.raises(tf.errors.ResourceExhaustedError) as error:
            sess.run(y, {x: np.ones((8192, 1024), np.float32)})
        assert "shape[8192, 1024]" in str(error.value) and "MiB" in str(error.value)
        for _ in range(3):
            np.testing.assert_allclose(sess.run(y, {x: np.ones((8, 1024))}), 8, rtol=1e-5)


def test_constants_that_are_too_large_for_the_device(gpu):
    x = tf.placeholder(tf.float32, [])
    y = x * tf.constant(np.arange(1 << 20, dtype=np.float32))
    with tf.Session() as sess:
        standin.set_memory(gpu.live_bytes + (3 << 20))
        with pytest.raises(tf.errors.ResourceExhaustedError, match="copying constants to"):
            sess.run(y, {x: 1})
        standin.set_memory(1 << 30)
        for _ in range(3):
            assert sess.run(y, {x: 2})[-1] == 2 * (2**20 - 1)


def test_the_source_says_what_runs_where(gpu):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    y = tf.reduce_sum(tf.nn.relu(x @ tf.ones([3, 4]) + 1.0))
    with tf.Session() as sess:
        text = sess.source(y, {x: np.ones((2, 3))})
    assert "# on the GPU" in text and "cp.dot(" in text and "np.dot" not in text


def test_the_log_says_what_a_gpu_has_no_kernel_for(gpu, caplog, monkeypatch):
    monkeypatch.setattr(log, "_said", set())  # each message is said once in a process
    x = tf.placeholder(tf.float32, [1, 1])
    with tf.Session() as sess:
        for _ in range(2):
            sess.run(tf.linalg.sqrtm(x), {x: [[4]]})
    said = "MatrixSquareRoot has no kernel for a GPU"
    assert [r.message for r in caplog.records if said in r.message]
