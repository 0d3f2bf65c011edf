"""What plans make of recurrent networks, whose loops everything is in."""
import re

import numpy as np
import pytest

import minitf as tf

pytestmark = pytest.mark.usefixtures("cpu")


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()
    tf.set_random_seed(4)


def network(cell, batch=None, lengths=False):
    """(a training step, its feeds for so many rows, what else is to be seen)."""
    x = tf.placeholder(tf.float32, [batch, 6, 3])
    n = tf.placeholder(tf.int32, [batch]) if lengths else None
    outputs, state = tf.nn.dynamic_rnn(cell, x, n, dtype=tf.float32)
    loss = tf.reduce_mean(tf.square(outputs)) + tf.add_n(
        [tf.reduce_sum(part) for part in tf.contrib.framework.nest.flatten(state)])
    grads = tf.gradients(loss, [x, *tf.trainable_variables()])

    def feed(rows):
        fed = {x: np.sin(np.arange(rows * 18.0)).reshape(rows, 6, 3)}
        return fed | ({n: np.arange(rows) % 7} if lengths else {})

    return grads, feed, outputs


CELLS = {
    "gru": lambda: tf.nn.rnn_cell.GRUCell(4),
    "lstm": lambda: tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True, num_proj=3),
    "layers": lambda: tf.nn.rnn_cell.MultiRNNCell(
        [tf.nn.rnn_cell.BasicLSTMCell(4), tf.nn.rnn_cell.GRUCell(3)]),
}


@pytest.mark.parametrize("lengths", [False, True], ids=["whole", "ending"])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("jit", ["0", "1"])
def test_no_size_is_looked_up_in_a_loop_over_batches_of_any_size(cell, lengths, jit, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", jit)
    grads, feed, _ = network(CELLS[cell](), lengths=lengths)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        source = sess.source(grads, feed(5))
    assert not re.search(r"(?m)^ +[^#\n]*\b(sum_to|strided_slice)\(", source)
    reads = re.findall(r"\.read\(\w+\) .* \(([\d, ]*)\)$", source, re.M)
    assert reads and "2," not in reads


def test_rows_are_chosen_in_loops_in_c(monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "1")
    grads, feed, _ = network(CELLS["lstm"](), lengths=True)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        source = sess.source(grads, feed(5))
    assert "where(" in source or "choose" in source
    assert not re.search(r"(?m)^ +[^#\n]*\bselect\(", source)


@pytest.mark.parametrize("jit", ["0", "1"])
def test_batches_of_other_sizes_give_what_they_give_alone(jit, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", jit)
    grads, feed, outputs = network(CELLS["layers"](), lengths=True)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for rows in (5, 2, 9, 5, 1):
            whole, found = sess.run([outputs, grads], feed(rows))
            alone = [sess.run(outputs, {k: v[i : i + 1] for k, v in feed(rows).items()})
                     for i in range(rows)]  # fmt: skip
            np.testing.assert_allclose(whole, np.concatenate(alone), rtol=1e-5, atol=1e-6)
            assert all(np.isfinite(each).all() for each in found)


@pytest.mark.parametrize("jit", ["0", "1"])
def test_sizes_that_change_from_step_to_step_are_looked_up(jit, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", jit)
    x, w = tf.placeholder(tf.float64, [None, 2]), tf.placeholder(tf.float64, [None, 2])

    def body(i, y):
        return i + 1, tf.concat([y * w, y + x[:1]], 0)

    sizes = [tf.TensorShape([]), tf.TensorShape([None, 2])]
    _, y = tf.while_loop(lambda i, y: i < 3, body, [0, x], sizes)
    z = x
    for i in range(3):
        z = body(i, z)[1]
    found = [tf.gradients(tf.reduce_sum(tf.square(each)), [x, w]) for each in (y, z)]
    feed = {x: [[0.5, -1.0]], w: [[1.5, 0.3]]}
    with tf.Session() as sess:
        ours, expected = sess.run(found, feed)
    for one, other in zip(ours, expected):
        np.testing.assert_allclose(one, other)


def test_what_a_program_has_not_written_it_cannot_read():
    array = tf.TensorArray(tf.int32, 2, dynamic_size=True, clear_after_read=False,
                           infer_shape=False)  # fmt: skip
    array = array.write(0, [1, 2])
    with tf.Session() as sess:
        assert sess.run(array.read(0)).tolist() == [1, 2]
        with pytest.raises(tf.errors.InvalidArgumentError):
            sess.run(array.read(1))


def test_gradients_of_kept_sizes_do_not_take_their_place():
    """Arrays of gradients have elements of the same shape as those that they belong to: no more."""
    x = tf.placeholder(tf.float64, [None])

    def body(i, y):
        return i + 1, y * tf.cast(tf.size(y), tf.float64) * tf.sin(y)

    y = tf.while_loop(lambda i, y: i < 3, body, [0, x])[1]
    first = tf.gradients(y, x)[0]
    second = tf.gradients(first, x)[0]
    with tf.Session() as sess:
        at, step = np.array([0.3, 0.8]), 1e-6
        slopes = [sess.run(first, {x: at + sign * step}) for sign in (1, -1)]
        found = sess.run(second, {x: at})
    np.testing.assert_allclose(found, (slopes[0] - slopes[1]) / (2 * step), rtol=1e-5)
