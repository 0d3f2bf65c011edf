"""Iterators in a Session: what a run takes in first, threads, the end of it all."""
import gc
import subprocess
import sys
import threading
import time
import weakref

import numpy as np
import pytest

import minitf as tf
from minitf.runtime.plan import Plan


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def following(dataset):
    return dataset.make_one_shot_iterator().get_next()


def drained(sess, fetch, most=1000):
    found = []
    try:
        while len(found) < most:
            found.append(sess.run(fetch))
    except tf.errors.OutOfRangeError:
        pass
    return found


def workers():
    return [t for t in threading.enumerate() if t.name.startswith("minitf ")]


def wait_until(condition, seconds=10):
    end = time.time() + seconds
    while not condition() and time.time() < end:
        gc.collect()
        time.sleep(0.01)
    assert condition()


# -- what a run takes in first --------------------------------------------------------------------


def test_the_plan_knows_the_sizes_of_the_batch():
    x = following(tf.data.Dataset.from_tensor_slices(np.ones((10, 3), np.float32)).batch(4))
    y = tf.reduce_sum(tf.matmul(x, tf.ones([3, 2])) * 2, 0)
    assert x.shape.as_list() == [None, 3]
    with tf.Session() as sess:
        text = sess.source(y)
        assert "def step(IteratorGetNext)" in text and "(4, 2)" in text


def test_a_plan_for_each_size_of_a_batch_is_compiled_once(monkeypatch):
    made = []
    compiled = Plan.__init__
    monkeypatch.setattr(
        Plan, "__init__", lambda self, *args: made.append(1) or compiled(self, *args)
    )
    x = following(tf.data.Dataset.range(10).batch(4).repeat(3))
    with tf.Session() as sess:
        y = tf.reduce_sum(x * 2)
        sess.run(y)
        before = len(made)
        found = drained(sess, y)
    assert [int(each) for each in found] == [44, 34, 12, 44, 34, 12, 44, 34]
    assert len(made) == before + 1


def test_elements_are_handed_out_as_copies():
    rows = np.arange(6.0).reshape(3, 2)
    x = following(tf.data.Dataset.from_tensor_slices(tf.constant(rows)).repeat())
    with tf.Session() as sess:
        first = sess.run(x)
        first[:] = -1
        sess.run(x), sess.run(x)
        np.testing.assert_array_equal(sess.run(x), rows[0])


def test_control_dependencies_are_kept():
    order = []

    def note(word):
        return tf.py_func(lambda: order.append(word) or np.int64(0), [], tf.int64)

    def noted(x):
        with tf.control_dependencies([note("element")]):
            return tf.identity(x)

    iterator = tf.data.Dataset.range(3).map(noted).make_one_shot_iterator()
    with tf.control_dependencies([note("before")]):
        x = iterator.get_next()
    with tf.Session() as sess:
        sess.run(x)
    assert order == ["before", "element"]


def test_an_error_has_changed_nothing():
    x = following(tf.data.Dataset.range(1))
    count = tf.Variable(0)
    step = tf.group(count.assign_add(1), x)
    with tf.Session() as sess:
        sess.run(count.initializer)
        sess.run(step)
        with pytest.raises(tf.errors.OutOfRangeError) as raised:
            sess.run(step)
        assert sess.run(count) == 1
    assert raised.value.op is x.op and raised.value.message == "End of sequence"


def test_a_shape_that_lies_is_found():
    data = tf.data.Dataset.range(3).map(lambda x: tf.py_func(lambda y: np.arange(y), [x], tf.int64))

    def lie(x):
        x.set_shape([2])
        return x

    y = following(data.map(lie)) * 2
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="set_shape"):
        sess.run(y)


def test_two_iterators_of_unequal_types_cannot_share_a_string():
    iterator = tf.data.Dataset.range(3).make_one_shot_iterator()
    name = tf.placeholder(tf.string, [])
    other = tf.data.Iterator.from_string_handle(name, tf.float32, ()).get_next()
    with tf.Session() as sess:
        handle = sess.run(iterator.string_handle())
        with pytest.raises(tf.errors.InvalidArgumentError, match="expected float32 but got int64"):
            sess.run(other, {name: handle})


def test_threads_share_an_iterator():
    x = following(tf.data.Dataset.range(400).map(lambda v: v + 1))
    found = []
    with tf.Session() as sess:
        threads = [threading.Thread(target=lambda: found.extend(drained(sess, x)))
                   for _ in range(4)]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(map(int, found)) == list(range(1, 401))


def test_training_from_a_dataset_is_training_from_feeds():
    random = np.random.RandomState(1)
    data = random.rand(24, 3).astype(np.float32), random.rand(24, 1).astype(np.float32)

    def model(x, y):
        w = tf.get_variable("w", [3, 1], initializer=tf.zeros_initializer())
        loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
        return w, tf.train.GradientDescentOptimizer(0.1).minimize(loss)

    w, step = model(*following(tf.data.Dataset.from_tensor_slices(data).batch(10).repeat(2)))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        drained(sess, step)
        got = sess.run(w)
    tf.reset_default_graph()
    x, y = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 1])
    w, step = model(x, y)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for start in (0, 10, 20) * 2:
            sess.run(step, {x: data[0][start : start + 10], y: data[1][start : start + 10]})
        np.testing.assert_allclose(got, sess.run(w), rtol=1e-5)


# -- threads --------------------------------------------------------------------------------------


def slow(seconds=0.002):
    def waited(x):
        time.sleep(seconds)
        return x

    return lambda x: tf.py_func(waited, [x], tf.int64)


def test_prefetch_runs_ahead_where_elements_take_long_and_keeps_their_order():
    x = following(tf.data.Dataset.range(40).map(slow()).prefetch(4))
    with tf.Session() as sess:
        found = [int(sess.run(x)) for _ in range(10)]
        assert workers()
        found += map(int, drained(sess, x))
    assert found == list(range(40))
    wait_until(lambda: not workers())


def test_no_thread_for_what_is_quick():
    x = following(tf.data.Dataset.range(200).map(lambda v: v + 1, 4).prefetch(4))
    with tf.Session() as sess:
        assert len(drained(sess, x)) == 200
        assert not workers()


def test_parallel_maps_wait_at_the_same_time_and_keep_the_order():
    x = following(tf.data.Dataset.range(40).map(slow(0.02), num_parallel_calls=4).batch(40))
    with tf.Session() as sess:
        start = time.time()
        assert sess.run(x).tolist() == list(range(40))
        assert time.time() - start < 0.02 * 40 * 0.8
    wait_until(lambda: not workers())


@pytest.mark.parametrize("build", [
    lambda data: data.map(slow()).map(lambda x: tf.gather([0, 1, 2, 3, 4, 5], x)).prefetch(2),
    lambda data: data.map(slow()).map(lambda x: tf.gather([0, 1, 2, 3, 4, 5], x), 2),
    lambda data: data.map(lambda x: slow()(tf.cast(tf.gather([0, 1, 2, 3, 4, 5], x), tf.int64)), 2),
], ids=["prefetch", "parallel", "slow"])  # fmt: skip
def test_an_error_in_a_thread_comes_in_its_turn(build):
    x = following(build(tf.data.Dataset.range(8)))
    with tf.Session() as sess:
        assert [int(sess.run(x)) for _ in range(6)] == list(range(6))
        for _ in range(2):
            with pytest.raises(tf.errors.InvalidArgumentError, match="is not in"):
                sess.run(x)
        with pytest.raises(tf.errors.OutOfRangeError):
            sess.run(x)


def test_threads_end_with_the_session():
    x = following(tf.data.Dataset.range(10**6).map(slow()).prefetch(4))
    with tf.Session() as sess:
        for _ in range(6):
            sess.run(x)
        assert workers()
    wait_until(lambda: not workers())


def test_threads_end_when_the_iterator_begins_again():
    iterator = tf.data.Dataset.range(10**6).map(slow()).prefetch(4).make_initializable_iterator()
    x = iterator.get_next()
    with tf.Session() as sess:
        for _ in range(3):
            sess.run(iterator.initializer)
            assert [int(sess.run(x)) for _ in range(6)] == list(range(6))
        wait_until(lambda: len(workers()) <= 1)


def test_threads_end_with_a_stream_that_nobody_wants_more_of():
    data = tf.data.Dataset.range(10**6).map(slow()).prefetch(4)
    x = following(tf.data.Dataset.range(3).flat_map(lambda _: data.take(5)).batch(15))
    with tf.Session() as sess:
        assert len(sess.run(x)) == 15
        wait_until(lambda: len(workers()) <= 1)


def test_closing_the_session_wakes_who_waits():
    stuck, seen = threading.Event(), []

    def wait(x):
        if x > 5:
            stuck.wait(20)
        time.sleep(0.002)
        return x

    data = tf.data.Dataset.range(100).map(lambda x: tf.py_func(wait, [x], tf.int64)).prefetch(1)
    x = following(data)
    sess = tf.Session()

    def work():
        try:
            drained(sess, x)
        except tf.errors.CancelledError as error:
            seen.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.3)
    sess.close()
    thread.join(10)
    stuck.set()
    assert not thread.is_alive() and len(seen) == 1


ENDLESS = """
import time
import weakref
import minitf as tf
def wait(x):
    time.sleep(0.01)
    return x
data = tf.data.Dataset.range(10**9).map(lambda x: tf.py_func(wait, [x], tf.int64), 2).prefetch(9)
x = data.make_one_shot_iterator().get_next()
sess = tf.Session()
print([int(sess.run(x)) for _ in range(9)][-1])
"""


def test_a_program_ends_though_threads_run():
    done = subprocess.run([sys.executable, "-c", ENDLESS], capture_output=True, text=True,
                          timeout=60)  # fmt: skip
    assert (done.stdout, done.stderr, done.returncode) == ("8\n", "", 0)


# -- beginning again ------------------------------------------------------------------------------


def test_beginning_again_compiles_nothing_and_leaves_nothing_behind(monkeypatch):
    made = []
    compiled = Plan.__init__
    monkeypatch.setattr(
        Plan, "__init__", lambda self, *args: made.append(1) or compiled(self, *args)
    )
    iterator = tf.data.Dataset.range(3).map(lambda x: x * 2).make_initializable_iterator()
    x = iterator.get_next()
    with tf.Session() as sess:
        for epoch in range(6):
            sess.run(iterator.initializer)
            assert [int(each) for each in drained(sess, x)] == [0, 2, 4]
            if epoch == 1:
                plans, alive = len(made), len(weakref.finalize._registry)
        assert len(made) == plans
        assert len(weakref.finalize._registry) == alive


def test_random_functions_begin_again():
    iterator = tf.data.Dataset.range(3).map(
        lambda x: tf.random_uniform([], seed=3)).make_initializable_iterator()  # fmt: skip
    x, found = iterator.get_next(), []
    with tf.Session() as sess:
        for _ in range(2):
            sess.run(iterator.initializer)
            found.append(drained(sess, x))
    assert found[0] == found[1] and len(set(found[0])) == 3


def test_one_shot_iterators_of_files_that_are_listed(tmp_path):
    """What `list_files` checks beside what it finds stays outside."""
    (tmp_path / "one.txt").write_text("a")
    following = tf.data.Dataset.list_files(f"{tmp_path}/*.txt").make_one_shot_iterator().get_next()
    with tf.Session() as session:
        assert session.run(following) == f"{tmp_path}/one.txt".encode()
