"""Elements of datasets on a GPU, here one that is emulated: they come as feeds do."""
import numpy as np
import pytest

import minitf as tf
from gpu.networks import OPTIMIZERS

CPU = tf.ConfigProto(device_count={"GPU": 0})


@pytest.fixture(autouse=True)
def fresh_graph(gpu):
    tf.reset_default_graph()


def drained(sess, fetch):
    found = []
    try:
        while True:
            found.append(sess.run(fetch))
    except tf.errors.OutOfRangeError:
        return found


def data(count=22):
    random = np.random.default_rng(1)
    return tf.data.Dataset.from_tensor_slices((
        random.normal(size=(count, 6)).astype(np.float32),
        np.eye(3, dtype=np.float32)[random.integers(0, 3, count)]))  # fmt: skip


def trained(config=None, size=5, drop=True):
    tf.reset_default_graph()
    augmented = data().shuffle(9, seed=1).map(lambda a, b: (a * 2 + 1, b))
    a, b = augmented.batch(size, drop).repeat(2).make_one_shot_iterator().get_next()
    w = tf.Variable(np.ones((6, 3), np.float32) * np.arange(3, dtype=np.float32))
    loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=b, logits=tf.matmul(a, w))
    step = OPTIMIZERS["sgd"]().minimize(loss)
    with tf.Session(config=config) as sess:
        sess.run(tf.global_variables_initializer())
        losses = [each[0] for each in drained(sess, [tf.reduce_sum(loss), step])]
        return losses, sess.run(w)


@pytest.mark.parametrize("drop", [True, False])
def test_training_is_that_on_the_cpu(drop):
    got, want = trained(drop=drop), trained(CPU, drop=drop)
    assert len(got[0]) == len(want[0]) == (8 if drop else 10)
    for one, other in zip(got, want):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_a_step_is_one_graph(gpu):
    trained()
    assert gpu.captures == 1 and gpu.graph_launches == 7  # the first step runs piece by piece


def test_strings_and_sparse_tensors_stay_on_the_host():
    table = tf.SparseTensor([[0, 0], [1, 2]], [1.0, 2.0], [2, 3])
    words = tf.data.Dataset.from_tensor_slices(["a", "bb"])
    rows = tf.data.Dataset.from_tensor_slices(table)
    word, row = tf.data.Dataset.zip((words, rows)).make_one_shot_iterator().get_next()
    dense = tf.sparse_tensor_to_dense(row) * 2
    with tf.Session() as sess:
        found = drained(sess, [word, tf.strings.length(word), dense])
    assert [(w, n, d.tolist()) for w, n, d in found] == [
        (b"a", 1, [2, 0, 0]), (b"bb", 2, [0, 0, 4])]  # fmt: skip


def test_values_of_the_device_are_captured():
    scale = tf.Variable(3.0)
    dataset = tf.data.Dataset.range(3).map(lambda x: tf.to_float(x) * scale * 2)
    iterator = dataset.make_initializable_iterator()
    following = iterator.get_next() + scale
    with tf.Session() as sess:
        sess.run(scale.initializer)
        sess.run(iterator.initializer)
        assert drained(sess, following) == [3, 9, 15]


def test_a_function_reads_a_variable_after_what_was_written_to_it():
    scale = tf.Variable(1.0)
    dataset = tf.data.Dataset.range(8).map(lambda x: tf.to_float(x) * 0 + scale)
    iterator = dataset.make_initializable_iterator()
    following, double = iterator.get_next(), tf.assign(scale, scale * 2).op
    with tf.Session() as sess:
        sess.run(scale.initializer)
        sess.run(iterator.initializer)
        found = []
        for _ in range(8):
            sess.run(double)  # which waits for nothing
            found.append(sess.run(following))
    assert found == [2.0**k for k in range(1, 9)]


def test_rows_that_are_fed():
    x = tf.placeholder(tf.float32, [None, 2])
    iterator = tf.data.Dataset.from_tensor_slices(x * 2).batch(2).make_initializable_iterator()
    total = tf.reduce_sum(iterator.get_next(), 1)
    with tf.Session() as sess:
        sess.run(iterator.initializer, {x: [[1, 2], [3, 4], [5, 6]]})
        assert [each.tolist() for each in drained(sess, total)] == [[6, 14], [22]]
