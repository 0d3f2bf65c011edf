"""How long runs may take: `ConfigProto.operation_timeout_in_ms`, `RunOptions.timeout_in_ms`."""
import threading
import time

import pytest

import minitf as tf

SHORT = tf.RunOptions(timeout_in_ms=20)
LIMITED = tf.ConfigProto(operation_timeout_in_ms=20)
TOO_LONG = pytest.raises(tf.errors.DeadlineExceededError, match="Timed out waiting for notif")


def test_a_queue_that_nobody_fills():
    queue = tf.FIFOQueue(1, tf.float32)
    taken, both = queue.dequeue(name="taken"), queue.enqueue_many([[1.0, 2.0]])
    count = tf.Variable(0)
    with tf.Session(config=LIMITED) as sess:
        sess.run(count.initializer)
        with TOO_LONG as raised:
            sess.run([taken, count.assign_add(1)])
        assert raised.value.op is taken.op and raised.value.error_code == 4
        assert sess.run(count) == 0
        with TOO_LONG:
            sess.make_callable(taken)()
        sess.run(queue.enqueue(3.0))
        assert sess.run(taken) == 3
        with TOO_LONG:
            sess.run(both)
        assert sess.run(queue.size()) == 1, "what fits stays, as in TensorFlow"


def test_the_limit_of_a_run_is_before_that_of_the_session():
    taken = tf.FIFOQueue(1, tf.float32).dequeue()
    with tf.Session(config=tf.ConfigProto(operation_timeout_in_ms=60_000)) as sess:
        start = time.perf_counter()
        with TOO_LONG:
            sess.run(taken, options=SHORT)
        assert time.perf_counter() - start < 30


@pytest.mark.parametrize("option", [0, -3])
def test_no_limit(option):
    slow = tf.py_func(lambda: time.sleep(0.03), [], [])
    with tf.Session() as sess:
        assert sess.run(slow, options=tf.RunOptions(timeout_in_ms=option)) is None


def test_what_computes_is_told_when_it_is_done():
    done = []
    slow = tf.py_func(lambda: time.sleep(0.03) or done.append(1), [], [])
    with tf.Session() as sess:
        with TOO_LONG:
            sess.run(slow, options=SHORT)
        assert done == [1]
        sess.run(slow)


def test_a_lock_that_another_run_holds():
    locked, let_go = threading.Event(), threading.Event()

    def hold():
        locked.set()
        return let_go.wait(60)

    section = tf.CriticalSection()
    holds = section.execute(lambda: tf.py_func(hold, [], tf.bool))
    wants = section.execute(lambda: tf.constant(1.0))
    with tf.Session() as sess:
        thread = threading.Thread(target=sess.run, args=[holds])
        thread.start()
        assert locked.wait(60)
        with TOO_LONG:
            sess.run(wants, options=SHORT)
        let_go.set()
        thread.join()
        assert sess.run(wants) == 1


def test_a_data_set_that_is_prefetched():
    go_on = threading.Event()

    def wait(n):
        go_on.wait(0.02 if n < 10 else 60)
        return n

    slow = tf.data.Dataset.range(20).map(lambda n: tf.py_func(wait, [n], tf.int64))
    following = slow.prefetch(1).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        try:
            assert [sess.run(following) for _ in range(10)] == list(range(10))
            with TOO_LONG:
                sess.run(following, options=SHORT)
        finally:
            go_on.set()


def test_partial_runs():
    queue = tf.FIFOQueue(1, tf.float32)
    a = tf.placeholder(tf.float32)
    taken = queue.dequeue() + a
    with tf.Session(config=LIMITED) as sess:
        handle = sess.partial_run_setup([taken], [a])
        with TOO_LONG:
            sess.partial_run(handle, taken, {a: 1.0})
