"""Queues with threads that wait: nobody is left waiting, nothing is lost, and order is kept."""
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import minitf as tf
from minitf.ops.queues import kinds


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


class Runs(threading.Thread):
    """Runs something in a thread; `result()` is what it gave, or raises what it raised."""

    def __init__(self, sess, fetches, feed=None):
        super().__init__(daemon=True)
        self.call = lambda: sess.run(fetches, feed)
        self.value = self.error = None
        self.start()

    def run(self):
        try:
            self.value = self.call()
        except Exception as error:
            self.error = error

    def result(self):
        self.join(10)
        assert not self.is_alive()
        if self.error is not None:
            raise self.error
        return self.value


def waiting(sess, fetches, count=1):
    """A thread that waits at the queue, as number `count` of those who do."""
    thread = Runs(sess, fetches)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        queues = [q for q in sess._states.values() if isinstance(q, kinds.Queue)]
        if queues and len(queues[0].bringing) + len(queues[0].taking) >= count:
            return thread
        time.sleep(0.001)
    raise AssertionError("it does not wait")


@pytest.fixture
def sess():
    with tf.Session() as sess:
        yield sess


def numbers(capacity=2, kind=tf.FIFOQueue, **more):
    return kind(capacity, dtypes=[tf.int32], shapes=[[]], **more)


def test_who_takes_waits_for_who_brings(sess):
    queue = numbers()
    thread = waiting(sess, queue.dequeue())
    sess.run(queue.enqueue([7]))
    assert thread.result() == 7


def test_who_brings_waits_for_room(sess):
    queue = numbers(1)
    sess.run(queue.enqueue([1]))
    thread = waiting(sess, queue.enqueue([2]))
    assert sess.run(queue.dequeue()) == 1
    thread.result()
    assert sess.run(queue.dequeue()) == 2


def test_more_than_there_is_room_for_can_be_brought_and_taken_at_once(sess):
    queue = numbers(2)
    bring = waiting(sess, queue.enqueue_many([list(range(10))]))
    assert sess.run(queue.dequeue_many(10)).tolist() == list(range(10))
    bring.result()


def test_those_who_wait_are_served_in_the_order_of_coming(sess):
    queue = numbers()
    first = waiting(sess, queue.dequeue_many(3))
    second = waiting(sess, queue.dequeue(), 2)
    sess.run(queue.enqueue_many([[1, 2]]))
    assert second.is_alive() and first.is_alive()
    sess.run(queue.enqueue_many([[3, 4]]))
    assert first.result().tolist() == [1, 2, 3] and second.result() == 4


def test_closing_waits_for_those_who_bring(sess):
    queue = numbers(1)
    bring = waiting(sess, queue.enqueue_many([[1, 2]]))
    close = waiting(sess, queue.close(), 2)
    late = waiting(sess, queue.enqueue([3]), 3)
    assert not sess.run(queue.is_closed())
    assert [sess.run(queue.dequeue()) for _ in range(2)] == [1, 2]
    bring.result()
    close.result()
    with pytest.raises(tf.errors.CancelledError, match="is closed"):
        late.result()


def test_closing_can_turn_away_those_who_bring(sess):
    queue = numbers(1)
    bring = waiting(sess, queue.enqueue_many([[1, 2]]))
    sess.run(queue.close(cancel_pending_enqueues=True))
    with pytest.raises(tf.errors.CancelledError, match="Enqueue operation was cancelled"):
        bring.result()
    assert sess.run(queue.dequeue()) == 1


@pytest.mark.parametrize("kind", [numbers, lambda: numbers(9, tf.RandomShuffleQueue, seed=1,
                                                           min_after_dequeue=0)])
def test_what_a_large_request_had_taken_is_given_back_when_the_queue_closes(sess, kind):
    queue = kind()
    large = waiting(sess, queue.dequeue_many(3))
    sess.run(queue.enqueue([1]))
    sess.run(queue.enqueue([2]))
    sess.run(queue.close())
    with pytest.raises(tf.errors.OutOfRangeError, match=r"requested 1, current size 0"):
        large.result()
    assert sorted(sess.run(queue.dequeue_up_to(9)).tolist()) == [1, 2]


def test_who_would_take_less_gets_what_is_left(sess):
    queue = numbers()
    thread = waiting(sess, queue.dequeue_up_to(3))
    sess.run(queue.enqueue([5]))
    sess.run(queue.close())
    assert thread.result().tolist() == [5]


def test_closing_the_session_wakes_everybody(sess):
    queue = numbers(1)
    take = waiting(sess, queue.dequeue())
    sess.close()
    with pytest.raises(tf.errors.CancelledError, match="Dequeue operation was cancelled"):
        take.result()
    other = tf.Session()
    other.run(queue.enqueue([1]))
    bring = waiting(other, queue.enqueue([2]))
    other.close()
    with pytest.raises(tf.errors.CancelledError, match="Enqueue operation was cancelled"):
        bring.result()


def test_a_random_queue_keeps_enough_to_choose_from(sess):
    queue = numbers(9, tf.RandomShuffleQueue, min_after_dequeue=2)
    take = waiting(sess, queue.dequeue_many(2))
    sess.run(queue.enqueue_many([[1, 2, 3]]))
    assert take.is_alive() and sess.run(queue.size()) == 2
    sess.run(queue.enqueue([4]))
    assert len(take.result()) == 2 and sess.run(queue.size()) == 2


def test_errors_name_the_node_and_the_line():
    queue = numbers()
    value = queue.dequeue()
    with tf.Session() as sess:
        sess.run(queue.close())
        with pytest.raises(tf.errors.OutOfRangeError) as caught:
            sess.run(value)
    assert caught.value.op is value.op
    assert "fifo_queue_Dequeue" in str(caught.value) and "test_queues.py" in str(caught.value)


def test_in_one_run_what_is_taken_may_be_what_is_brought(sess):
    queue = numbers()
    value = queue.dequeue()
    assert sess.run([value, queue.enqueue([4])])[0] == 4


def test_what_was_brought_does_not_change_with_what_was_fed(sess):
    queue = tf.FIFOQueue(3, [tf.float32], shapes=[[2]])
    fed = tf.placeholder(tf.float32, [None, 2])
    given = np.ones((1, 2), np.float32)
    bring, bring_one = queue.enqueue_many([fed]), queue.enqueue([fed[0]])
    sess.run([bring, bring_one], {fed: given})
    given[:] = 5
    assert sess.run(queue.dequeue_many(2)).tolist() == [[1, 1], [1, 1]]


def test_plans_know_the_shapes_of_what_is_taken(sess):
    queue = tf.FIFOQueue(3, [tf.float32], shapes=[[2]])
    doubled = queue.dequeue_many(3) * 2
    assert "(3, 2)" in sess.source(doubled)


def test_nothing_is_lost_or_doubled_among_many_threads(sess):
    queue = numbers(7, tf.RandomShuffleQueue, min_after_dequeue=3)
    fed = tf.placeholder(tf.int32, [None])
    bring, take, some = queue.enqueue_many([fed]), queue.dequeue(), queue.dequeue_many(5)
    parts = [range(100 * i, 100 * i + 100) for i in range(4)]
    found = []

    def taking(fetches, times):
        for _ in range(times):
            found.extend(np.reshape(sess.run(fetches), -1).tolist())

    bringers = [Runs(sess, bring, {fed: list(part)}) for part in parts]
    takers = [threading.Thread(target=taking, args=a) for a in ((take, 95), (some, 30), (some, 30))]
    for thread in takers:
        thread.start()
    for thread in bringers:
        thread.result()
    sess.run(queue.close())
    for thread in takers:
        thread.join(20)
        assert not thread.is_alive()
    found += sess.run(queue.dequeue_up_to(99)).tolist()
    assert sorted(found) == list(range(400))


def test_enough_components_are_asked_for():
    with pytest.raises(ValueError, match="'fifo_queue' takes elements of 2 components, got 1"):
        tf.FIFOQueue(3, [tf.int32, tf.int32]).enqueue([1])


def test_an_error_of_a_runner_comes_out_of_the_coordinator(sess):
    queue = numbers()
    fed = tf.placeholder(tf.int32, [], name="fed")
    runner = tf.train.QueueRunner(queue, [queue.enqueue([fed])])
    coord = tf.train.Coordinator()
    threads = runner.create_threads(sess, coord, start=True)
    with pytest.raises(tf.errors.InvalidArgumentError, match="You must feed a value"):
        coord.join(threads)
    assert sess.run(queue.is_closed())


def test_threads_that_run_are_not_started_again(sess):
    queue = numbers(1)
    runner = tf.train.QueueRunner(queue, [queue.enqueue([1])] * 2)
    coord = tf.train.Coordinator()
    assert len(runner.create_threads(sess, coord, start=True)) == 3
    assert runner.create_threads(sess, coord) == []
    coord.request_stop()
    coord.join()
    assert runner.exceptions_raised == []


def test_turns_are_short_while_runners_run(sess):
    before = sys.getswitchinterval()
    queue = numbers(1)
    coord = tf.train.Coordinator()
    tf.train.QueueRunner(queue, [queue.enqueue([1])] * 2).create_threads(sess, coord, start=True)
    assert sess.run(queue.dequeue()) == 1
    assert sys.getswitchinterval() < before
    coord.request_stop()
    coord.join()
    assert sys.getswitchinterval() == before


def test_a_runner_without_a_coordinator_keeps_its_errors(sess, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda *_: None)
    queue = numbers()
    fed = tf.placeholder(tf.int32, [])
    runner = tf.train.QueueRunner(queue, [queue.enqueue([fed])])
    for thread in runner.create_threads(sess, start=True):
        thread.join()
    assert [type(e) for e in runner.exceptions_raised] == [tf.errors.InvalidArgumentError]


def test_joining_says_who_still_runs():
    coord, gate = tf.train.Coordinator(), threading.Event()
    thread = threading.Thread(target=gate.wait, name="sleeper", daemon=True)
    thread.start()
    coord.request_stop()
    with pytest.raises(RuntimeError, match="threads still running: sleeper"):
        coord.join([thread], stop_grace_period_secs=0.05)
    coord.clear_stop()
    coord.request_stop()
    coord.join([thread], stop_grace_period_secs=0.05, ignore_live_threads=True)
    gate.set()


def test_damaged_compressed_files_are_said_to_be_so(tmp_path, sess):
    for kind in ("GZIP", "ZLIB"):
        path = tmp_path / kind
        path.write_bytes(b"no such thing")
        queue = tf.FIFOQueue(2, [tf.string], shapes=[[]])
        record = tf.FixedLengthRecordReader(2, encoding=kind).read(queue)
        sess.run(queue.enqueue([str(path)]))
        with pytest.raises(tf.errors.DataLossError, match="cannot be decompressed"):
            sess.run(record)


FORGETS = """
import minitf as tf
queue = tf.train.string_input_producer(["a"])
sess = tf.Session()
tf.train.start_queue_runners(sess)
print(sess.run(queue.dequeue()))
"""
INTERRUPTED = """
import signal, threading, os, minitf as tf
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever this process was started with
queue = tf.FIFOQueue(1, [tf.int32])
sess = tf.Session()
threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    sess.run(queue.dequeue())
except KeyboardInterrupt:
    sess.run(queue.enqueue([3]))
    print("stopped", sess.run(queue.size()))
"""


@pytest.mark.parametrize(("program", "wanted"), [(FORGETS, "b'a'"), (INTERRUPTED, "stopped 1")])
def test_programs_end(program, wanted):
    done = subprocess.run([sys.executable, "-c", program], timeout=30, capture_output=True,
                          text=True, check=True)  # fmt: skip
    assert done.stdout.strip() == wanted
