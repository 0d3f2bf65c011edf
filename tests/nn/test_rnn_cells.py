"""Cells of recurrent networks: what goldens of TensorFlow do not ask."""
import copy
import logging

import numpy as np
import pytest

import minitf as tf
from minitf.core.op import REGISTRY

cells = tf.nn.rnn_cell


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def names():
    return [v.op.name for v in tf.global_variables()]


@pytest.mark.parametrize("old", [
    "tf.nn.rnn", "tf.nn.bidirectional_rnn", "tf.nn.state_saving_rnn",
    "tf.nn.seq2seq.embedding_attention_seq2seq", "tf.contrib.rnn.core_rnn_cell.BasicLSTMCell",
])  # fmt: skip
def test_names_of_old_are_there(old):
    found = tf
    for part in old.split(".")[1:]:
        found = getattr(found, part)
    assert callable(found)


def test_they_are_listed():
    assert {"rnn_cell", "dynamic_rnn", "raw_rnn", "static_rnn", "relu"} <= set(dir(tf.nn))


def test_shards_are_parts_of_the_kernel():
    tf.set_random_seed(1)
    cell = cells.LSTMCell(4, num_unit_shards=2, num_proj=3, num_proj_shards=1, use_peepholes=True)
    x = tf.constant(np.random.RandomState(0).randn(2, 5, 3).astype(np.float32))
    y, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    names = [variable.name for variable in tf.trainable_variables()]
    assert names[:2] == ["rnn/lstm_cell/kernel/part_0:0", "rnn/lstm_cell/kernel/part_1:0"]
    assert names[-1] == "rnn/lstm_cell/projection/kernel/part_0:0"
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        got = sess.run(y)[0, -1]
    # What TensorFlow 1.15 gives for this seed.
    np.testing.assert_allclose(got, [-0.28182888, -0.36438555, 0.1229626], rtol=1e-5)


def test_a_concatenated_state_is_warned_of(caplog):
    with caplog.at_level(logging.WARNING, "tensorflow"):
        cells.BasicLSTMCell(2, state_is_tuple=False)
    assert "Using a concatenated state is slower" in caplog.text


@pytest.mark.parametrize("make", [
    lambda: cells.BasicRNNCell(3, activation=tf.nn.relu),
    lambda: cells.GRUCell(3, kernel_initializer="ones"),
    lambda: cells.BasicLSTMCell(3, forget_bias=0.5, name="mine"),
    lambda: cells.LSTMCell(3, use_peepholes=True, num_proj=2, cell_clip=1.0),
])  # fmt: skip
def test_a_copy_has_variables_of_its_own(make):
    one = make()
    other = copy.deepcopy(one)
    assert other._activation is one._activation or callable(other._activation)
    assert REGISTRY["Tanh"] is copy.deepcopy(REGISTRY["Tanh"])
    for number, cell in enumerate((one, other)):
        with tf.variable_scope(f"s{number}"):
            cell(tf.zeros([2, 4]), cell.zero_state(2, tf.float32))
    half = len(names()) // 2
    assert [name[2:] for name in names()[:half]] == [name[2:] for name in names()[half:]]


def test_cells_are_made_of_their_configurations():
    config = cells.LSTMCell(3, num_proj=2, forget_bias=0.25, name="a").get_config()
    assert config["num_proj"] == 2 and config["activation"] == "tanh"
    config = cells.BasicLSTMCell(3, forget_bias=0.25, name="b").get_config()
    assert cells.BasicLSTMCell.from_config(config)._forget_bias == 0.25


def test_wrappers_want_a_cell_in_their_configuration():
    wrapper = cells.DropoutWrapper(cells.GRUCell(3, name="g"), output_keep_prob=0.5)
    config = wrapper.get_config()
    with pytest.raises(ValueError, match="RNNCell instance"):
        cells.DropoutWrapper.from_config(config)
    made = cells.DropoutWrapper.from_config(dict(config, cell=wrapper.cell))
    assert made.wrapped_cell is wrapper.cell and made._output_keep_prob == 0.5


def test_a_cell_that_is_none_is_told_what_it_lacks():
    with pytest.raises(TypeError, match=r"'cell' \(5\) is not an RNNCell: 'output_size' property"):
        tf.nn.dynamic_rnn(5, tf.zeros([1, 2, 3]), dtype=tf.float32)


def test_checkpoints_find_the_variables_of_tensorflow():
    cell = cells.MultiRNNCell([cells.BasicLSTMCell(2), cells.GRUCell(2)])
    tf.nn.dynamic_rnn(cell, tf.zeros([1, 2, 3]), dtype=tf.float32)
    inside = "rnn/multi_rnn_cell/cell"
    assert names() == [
        f"{inside}_0/basic_lstm_cell/kernel", f"{inside}_0/basic_lstm_cell/bias",
        f"{inside}_1/gru_cell/gates/kernel", f"{inside}_1/gru_cell/gates/bias",
        f"{inside}_1/gru_cell/candidate/kernel", f"{inside}_1/gru_cell/candidate/bias",
    ]  # fmt: skip


def test_dropout_in_a_loop_differs_from_step_to_step_unless_variational():
    class Pass(cells.RNNCell):
        state_size = output_size = 50

        def call(self, inputs, state):
            return inputs, state

    ones = tf.ones([1, 4, 50])
    options = dict(output_keep_prob=0.5, seed=3)
    each, _ = tf.nn.dynamic_rnn(cells.DropoutWrapper(Pass(), **options), ones, dtype=tf.float32)
    same, _ = tf.nn.dynamic_rnn(
        cells.DropoutWrapper(Pass(), variational_recurrent=True, dtype=tf.float32, **options), ones,
        dtype=tf.float32)
    with tf.Session() as sess:
        each, same = (array[0] for array in sess.run([each, same]))
    assert set(np.unique(each)) == set(np.unique(same)) == {0.0, 2.0}
    assert (each[0] != each[1]).any() and (same == same[0]).all()
