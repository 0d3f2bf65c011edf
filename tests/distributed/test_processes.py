"""Two processes that MPI has started do what one would with the data of both."""
import os
import shutil
import subprocess
import sys
import textwrap

import pytest

pytest.importorskip("mpi4py")
MPIEXEC = shutil.which("mpiexec", path=os.path.dirname(sys.executable)) or shutil.which("mpiexec")
pytestmark = pytest.mark.skipif(MPIEXEC is None, reason="there is no mpiexec")

HEAD = """
import numpy as np
import minitf as tf
import minitf.distributed.horovod as hvd
hvd.init()
rank, size = hvd.rank(), hvd.size()

def say(*words):
    '''Let the first process print what all say: lines of several could run into one another.'''
    for line in hvd.allgather_object(" ".join(map(str, words))):
        if rank == 0:
            print(line)
"""


def run(body, count=2, **environment):
    """Run the text in so many processes."""
    return subprocess.run(
        [MPIEXEC, "-n", str(count), sys.executable, "-c", HEAD + textwrap.dedent(body)],
        capture_output=True, text=True, timeout=120,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment},
    )  # fmt: skip


def lines(body, count=2, **environment):
    """What the processes say, sorted."""
    done = run(body, count, **environment)
    assert done.returncode == 0, done.stderr
    return sorted(done.stdout.splitlines())


def test_who_is_who():
    assert lines("say(rank, size, hvd.local_rank(), hvd.local_size(), hvd.is_homogeneous())") == [
        "0 2 0 2 True", "1 2 1 2 True"]  # fmt: skip


@pytest.mark.parametrize("jit", ["0", "1"])
def test_sums_means_and_types(jit):
    body = """
        with tf.Session() as sess:
            for dtype in (tf.float16, tf.float32, tf.float64):
                x = tf.constant([1.0 + rank, 10.0], dtype)
                got = sess.run([hvd.allreduce(x), hvd.allreduce(x, op=hvd.Sum)])
                assert got[0].dtype == dtype.as_numpy_dtype
                np.testing.assert_array_equal(got[0], [1.5, 10])
                np.testing.assert_array_equal(got[1], [3, 20])
            total = sess.run(hvd.allreduce(tf.constant([[rank + 1]], tf.int64), average=False))
            assert total.tolist() == [[3]] and total.dtype == np.int64
            half = hvd.allreduce(tf.constant(1.0 + rank / 4096), compression=hvd.Compression.fp16)
            assert sess.run(half) == 1.0
        say("fine")
    """
    assert lines(body, MINITF_JIT=jit) == ["fine"] * 2


def test_gather_joins_what_differs_in_length():
    body = """
        with tf.Session() as sess:
            x = tf.fill([rank + 1, 2], 10 * (rank + 1))
            assert hvd.allgather(x).shape.as_list() == [None, 2]
            assert sess.run(hvd.allgather(x)).tolist() == [[10, 10], [20, 20], [20, 20]]
            empty = sess.run(hvd.allgather(tf.zeros([2 * rank, 3])))
            assert empty.shape == (2, 3)
            say(hvd.allgather_object({rank: "x"}))
    """
    assert lines(body) == ["[{0: 'x'}, {1: 'x'}]"] * 2


def test_broadcast_and_objects():
    body = """
        v = tf.get_variable("v", [3], initializer=tf.constant_initializer(float(rank)))
        i = tf.get_variable("i", [], tf.int32, initializer=tf.constant_initializer(7 * rank))
        start = hvd.broadcast_global_variables(1)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            assert sess.run(hvd.broadcast(v, 0)).tolist() == [0, 0, 0]
            sess.run(start)
            say(sess.run(v).tolist(), sess.run(i), hvd.broadcast_object([rank, "a"], 0))
    """
    assert lines(body) == ["[1.0, 1.0, 1.0] 7 [0, 'a']"] * 2


def test_gradients_flow_through_the_exchange():
    body = """
        x = tf.constant([1.0, 2.0]) * (rank + 1)
        weights = tf.constant([1.0, 10.0]) * (rank + 1)
        rows = tf.ones([rank + 1, 2])
        scale = tf.reshape(tf.range(6.0), [3, 2]) * (rank + 1)
        with tf.Session() as sess:
            d = tf.gradients(tf.reduce_sum(hvd.allreduce(x, op=hvd.Sum) * weights), x)[0]
            assert sess.run(d).tolist() == [3, 30]
            d = tf.gradients(tf.reduce_sum(hvd.allreduce(x) * weights), x)[0]
            assert sess.run(d).tolist() == [1.5, 15]
            d = tf.gradients(tf.reduce_sum(hvd.allgather(rows) * scale), rows)[0]
            assert sess.run(d).tolist() == ([[0, 3]] if rank == 0 else [[6, 9], [12, 15]])
            d = tf.gradients(tf.reduce_sum(hvd.broadcast(x, 1) * weights), x)[0]
            assert sess.run(d).tolist() == ([0, 0] if rank == 0 else [3, 30])
        say("fine")
    """
    assert lines(body) == ["fine"] * 2


NETWORK = """
def network():
    x = tf.placeholder(tf.float32, [None, 4])
    ids = tf.placeholder(tf.int32, [None])
    table = tf.get_variable("table", [5, 4])
    hidden = tf.layers.dense(x + tf.nn.embedding_lookup(table, ids), 8, tf.nn.relu)
    loss = tf.reduce_mean(tf.square(tf.layers.dense(hidden, 1) - 1.0))
    return x, ids, loss

def data(step):
    random = np.random.RandomState(step)
    return random.randn(8, 4), random.randint(0, 5, 8)
"""


@pytest.mark.parametrize("jit", ["0", "1"])
@pytest.mark.parametrize("sparse_as_dense", [False, True])
def test_two_processes_train_as_one_with_the_data_of_both(jit, sparse_as_dense):
    alone = """
        tf.set_random_seed(1)
        x, ids, loss = network()
        step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for k in range(60):
                sess.run(step, dict(zip((x, ids), data(k))))
            say([round(float(np.abs(v).sum()), 3) for v in sess.run(tf.global_variables())])
    """
    together = """
        tf.set_random_seed(1 + rank)  # what they begin with is sent
        x, ids, loss = network()
        optimizer = hvd.DistributedOptimizer(
            tf.train.GradientDescentOptimizer(0.1), sparse_as_dense=SPARSE)
        step = optimizer.minimize(loss)
        start = hvd.broadcast_global_variables(0)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            sess.run(start)
            for k in range(60):
                mine = [part[4 * rank:4 * rank + 4] for part in data(k)]
                sess.run(step, dict(zip((x, ids), mine)))
            say([round(float(np.abs(v).sum()), 3) for v in sess.run(tf.global_variables())])
    """
    network = textwrap.dedent(NETWORK)
    one = lines(network + textwrap.dedent(alone), 1, MINITF_JIT=jit)
    both = textwrap.dedent(together).replace("SPARSE", str(sparse_as_dense))
    assert lines(network + both, 2, MINITF_JIT=jit) == one * 2


def test_collectives_keep_the_order_in_which_they_were_built():
    body = """
        # The first one built waits for more than the second, and one process fetches them turned.
        slow = tf.reduce_sum(tf.matmul(tf.ones([64, 64]), tf.random_normal([64, 64])) * 0.0)
        first = hvd.allreduce(slow + rank, op=hvd.Sum)
        second = hvd.allreduce(tf.constant(10.0 * rank), op=hvd.Sum)
        with tf.Session() as sess:
            for _ in range(100):  # in NumPy, and then in C
                got = sess.run([first, second] if rank else [second, first])
                assert sorted(got) == [1.0, 10.0], got
        say("fine")
    """
    assert lines(body) == ["fine"] * 2


def test_processes_that_differ_are_told_so_in_each():
    body = """
        x = tf.zeros([2 + rank])
        with tf.Session() as sess:
            try:
                sess.run(hvd.allreduce(x))
            except tf.errors.InvalidArgumentError as error:
                say(str(error).split(";")[0][:40], "(3,)" in str(error), "(2,)" in str(error))
    """
    assert lines(body) == ["The processes do not do the same: proces True True"] * 2


def test_one_that_fails_ends_all():
    done = run("""
        if rank == 1:
            raise KeyError("one is lost")
        with tf.Session() as sess:
            sess.run(hvd.allreduce(tf.zeros([2])))
    """)
    assert done.returncode and "one is lost" in done.stderr


def test_a_script_for_horovod_runs_unmodified(tmp_path):
    script = tmp_path / "train.py"
    script.write_text(
        "import tensorflow as tf\nimport horovod.tensorflow as hvd\nhvd.init()\n"
        "with tf.Session() as sess:\n    print(sess.run(hvd.allreduce(tf.constant(hvd.rank()), "
        "average=False)))\n"
    )
    done = subprocess.run([MPIEXEC, "-n", "3", sys.executable, "-m", "minitf", str(script)],
                          capture_output=True, text=True, timeout=120)  # fmt: skip
    assert done.stdout.count("3") == 3, done.stderr


def test_monitored_training_begins_alike_and_saves_once(tmp_path):
    body = f"""
        tf.set_random_seed(rank)
        w = tf.get_variable("w", [4])
        step = tf.train.get_or_create_global_step()
        optimizer = hvd.DistributedOptimizer(tf.train.AdamOptimizer(0.1))
        train = optimizer.minimize(tf.reduce_sum(w * (rank + 1.0)), global_step=step)
        hooks = [hvd.BroadcastGlobalVariablesHook(0), tf.train.StopAtStepHook(last_step=5)]
        folder = {str(tmp_path)!r} if rank == 0 else None
        with tf.train.MonitoredTrainingSession(checkpoint_dir=folder, hooks=hooks) as sess:
            while not sess.should_stop():
                values = sess.run([w, train])[0]
        say(values.round(3).tolist())
    """
    one, other = lines(body)
    assert one == other
    assert (tmp_path / "model.ckpt-5.index").exists()
