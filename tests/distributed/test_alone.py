"""One process, and what is wrong before any process talks to another."""
import builtins

import numpy as np
import pytest

import minitf as tf
from minitf.distributed import horovod as hvd
from minitf.distributed import world


@pytest.fixture(autouse=True)
def initialized():
    tf.reset_default_graph()
    hvd.init()
    yield
    hvd.shutdown()


def test_one_process_is_all_there_is():
    assert (hvd.rank(), hvd.size(), hvd.local_rank(), hvd.local_size()) == (0, 1, 0, 1)
    with tf.Session() as sess:
        x = tf.constant([[1.0, 2.0]])
        assert sess.run(hvd.allreduce(x)).tolist() == [[1, 2]]
        assert sess.run(hvd.allgather(x)).tolist() == [[1, 2]]
        assert sess.run(hvd.broadcast(x, 0)).tolist() == [[1, 2]]
    assert hvd.broadcast_object("a") == "a" and hvd.allgather_object("a") == ["a"]


def test_a_sum_has_memory_of_its_own():
    x = tf.placeholder(tf.float32, [2])
    with tf.Session() as sess:
        total = hvd.allreduce(x)
        first = sess.run(total, {x: [1, 2]})
        sess.run(total, {x: [5, 6]})
        assert first.tolist() == [1, 2]


def test_rows_of_embeddings_are_gathered():
    table = tf.get_variable("table", [4, 2], initializer=tf.ones_initializer())
    slope = tf.gradients(tf.reduce_sum(tf.gather(table, [1, 3])), table)[0]
    found = hvd.allreduce(slope)
    assert isinstance(found, tf.IndexedSlices)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        got = sess.run(found)
    assert got.indices.tolist() == [1, 3] and np.all(got.values == 1)


def test_an_optimizer_is_left_alone_by_one_process():
    w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
    momentum = tf.train.MomentumOptimizer(0.1, 0.9)
    optimizer = hvd.DistributedOptimizer(momentum)
    assert optimizer.get_name() == "DistributedMomentumOptimizer"
    step = optimizer.minimize(tf.reduce_sum(w))
    assert not any("Horovod" in op.type for op in step.graph.get_operations())
    assert optimizer.get_slot_names() == ["momentum"]
    assert optimizer.get_slot(w, "momentum") is momentum.get_slot(w, "momentum")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step)
        np.testing.assert_allclose(sess.run(w), [0.9, 0.9])


def test_before_init_it_says_so():
    hvd.shutdown()
    assert not hvd.is_initialized()
    with pytest.raises(ValueError, match=r"use hvd.init\(\)"):
        hvd.rank()


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: hvd.allreduce(tf.constant([1, 2])), ValueError, "the mean of integers is none"),
        (lambda: hvd.allreduce(tf.ones(2), op=hvd.Adasum), NotImplementedError, "hvd.Average"),
        (lambda: hvd.allreduce(tf.ones(2), True, op=hvd.Sum), ValueError, "only one of them"),
        (lambda: hvd.allgather(tf.ones([])), ValueError, "a scalar cannot be gathered"),
        (lambda: hvd.DistributedOptimizer(3), TypeError, "needs a tf.train.Optimizer"),
        (lambda: hvd.DistributedOptimizer(tf.train.AdamOptimizer(), backward_passes_per_step=2),
         NotImplementedError, "must be 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_a_root_that_is_none_is_refused():
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="root_rank 3"):
        sess.run(hvd.broadcast(tf.ones(2), 3))


def test_without_mpi4py_others_cannot_be_joined(monkeypatch):
    hvd.shutdown()
    plain = builtins.__import__

    def without_mpi(name, *rest):
        if name.startswith("mpi4py"):
            raise ImportError(name)
        return plain(name, *rest)

    monkeypatch.setenv("PMI_SIZE", "2")
    monkeypatch.setattr(builtins, "__import__", without_mpi)
    with pytest.raises(ImportError, match=r"The extra `mpi` brings it"):
        hvd.init()
    monkeypatch.setenv("PMI_SIZE", "1")
    hvd.init()
    assert world.world().comm is None
