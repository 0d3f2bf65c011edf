"""tf.contrib.cudnn_rnn: the layers compute what cells do that get their checkpoint (the cells are
compared with TensorFlow's in goldens/snippets/contrib_cudnn_rnn.py)."""
import numpy as np
import pytest

import minitf as tf

RNN = tf.contrib.cudnn_rnn
CELLS = {
    RNN.CudnnLSTM: RNN.CudnnCompatibleLSTMCell,
    RNN.CudnnGRU: RNN.CudnnCompatibleGRUCell,
    RNN.CudnnRNNTanh: tf.nn.rnn_cell.BasicRNNCell,
    RNN.CudnnRNNRelu: lambda units: tf.nn.rnn_cell.BasicRNNCell(units, tf.nn.relu),
}
LAYERS, UNITS, STEPS, BATCH = 2, 3, 4, 2
LENGTHS = np.int32([4, 2])


def inputs(width):
    return np.random.RandomState(0).randn(STEPS, BATCH, width).astype(np.float32)


def of_cells(make, x, lengths, direction):
    def cells():
        return [make(UNITS) for _ in range(LAYERS)]

    given = {"sequence_length": lengths, "dtype": tf.float32, "time_major": True}
    if direction == "unidirectional":
        return tf.nn.dynamic_rnn(tf.nn.rnn_cell.MultiRNNCell(cells()), x, **given)
    outputs, *states = tf.contrib.rnn.stack_bidirectional_dynamic_rnn(cells(), cells(), x, **given)
    return outputs, [each for pair in zip(*states) for each in pair]


def rows(states):
    """The states of all layers as one array each: h, and c of an LSTM."""
    if hasattr(states[0], "h"):
        return [np.stack([each.h for each in states]), np.stack([each.c for each in states])]
    return [np.stack(states)]


@pytest.mark.parametrize(("kind", "direction", "width", "lengths"), [
    (RNN.CudnnLSTM, "unidirectional", 2, None), (RNN.CudnnLSTM, "bidirectional", UNITS, LENGTHS),
    (RNN.CudnnGRU, "bidirectional", UNITS, LENGTHS), (RNN.CudnnRNNTanh, "unidirectional", 2, None),
    (RNN.CudnnRNNRelu, "bidirectional", 2, None),
])  # fmt: skip
def test_cells_compute_the_same(kind, direction, width, lengths, tmp_path):
    x, path = inputs(width), str(tmp_path / "model")
    noise = tf.random_normal_initializer(seed=3)
    with tf.Graph().as_default(), tf.Session() as sess, tf.variable_scope("it"):
        layer = kind(LAYERS, UNITS, "auto_select", direction, bias_initializer=noise)
        found = layer(tf.constant(x), sequence_lengths=lengths)
        slopes = tf.gradients(tf.reduce_sum(found[0] ** 2), layer.variables)
        sess.run(tf.global_variables_initializer())
        (outputs, states), slopes = sess.run([found, slopes])
        tf.train.Saver().save(sess, path)
        saved = [spec.name for spec in layer.saveable.specs]
        steeper = layer.kernel.assign(1e-3 * slopes[0])
        sess.run(steeper)
        of_slopes = dict(zip(saved, sess.run([spec.tensor for spec in layer.saveable.specs])))
    with tf.Graph().as_default(), tf.Session() as sess:
        with tf.variable_scope(saved[0].split("/rnn")[0].split("/stack")[0]):
            theirs = of_cells(CELLS[kind], tf.constant(x), lengths, direction)
        variables = tf.trainable_variables()
        their_slopes = tf.gradients(tf.reduce_sum(theirs[0] ** 2), variables)
        tf.train.Saver().restore(sess, path)
        (wanted, wanted_states), their_slopes = sess.run([theirs, their_slopes])
    np.testing.assert_allclose(outputs, wanted, atol=1e-5)
    for one, other in zip(states, rows(wanted_states)):
        np.testing.assert_allclose(one, other, atol=1e-5)
    for variable, slope in zip(variables, their_slopes):
        check_slope(of_slopes[variable.op.name] * 1e3, slope, width == UNITS, variable.op.name)


def check_slope(found, wanted, skips, name):
    """cuDNN has two biases, whose sum is the cell's; what is read as it is has no gradient."""
    if skips and "cell_0" in name:
        return
    both = name.endswith("bias") and "projection" not in name
    np.testing.assert_allclose(found / (2 if both else 1), wanted, rtol=1e-3, atol=1e-4)


def test_batch_major_is_time_major_turned():
    x = inputs(2)
    with tf.Graph().as_default(), tf.Session() as sess:
        layer = RNN.CudnnGRU(1, UNITS)
        one = layer(tf.constant(x))
        other = layer(tf.constant(x.transpose(1, 0, 2)), time_major=False)
        sess.run(tf.global_variables_initializer())
        (y, (h,)), (turned, (h_turned,)) = sess.run([one, other])
    np.testing.assert_allclose(turned.transpose(1, 0, 2), y, atol=1e-6)
    np.testing.assert_allclose(h_turned.transpose(1, 0, 2), h, atol=1e-6)


def test_dropout_is_between_layers_and_only_in_training():
    x = inputs(2)
    with tf.Graph().as_default(), tf.Session() as sess:
        layer = RNN.CudnnLSTM(2, 50, dropout=0.5, seed=1)
        trained, as_it_is = layer(x), layer(x, training=False)
        gradient = tf.gradients(trained[0], layer.variables)
        sess.run(tf.global_variables_initializer())
        before = sess.run(as_it_is[0])
        one, other = sess.run(trained[0]), sess.run(trained[0])
        assert np.isfinite(sess.run(gradient)).all()
        np.testing.assert_array_equal(sess.run(as_it_is[0]), before)
    assert np.abs(one - other).max() > 1e-3


def test_a_checkpoint_of_objects_is_one_of_a_cell(tmp_path):
    x, path = inputs(2), str(tmp_path / "objects")
    with tf.Graph().as_default(), tf.Session() as sess:
        layer = RNN.CudnnLSTM(1, UNITS)
        outputs, _ = layer(x)
        sess.run(tf.global_variables_initializer())
        path = tf.train.Checkpoint(cell=layer).save(path, session=sess)
        wanted = sess.run(outputs)
    with tf.Graph().as_default(), tf.Session() as sess:
        cell = RNN.CudnnCompatibleLSTMCell(UNITS)
        outputs, _ = tf.nn.dynamic_rnn(cell, tf.constant(x), dtype=tf.float32, time_major=True)
        status = tf.train.Checkpoint(cell=cell).restore(path)
        status.initialize_or_restore(sess)
        np.testing.assert_allclose(sess.run(outputs), wanted, atol=1e-6)


def test_projected_weights_go_there_and_back():
    converter = RNN.CudnnParamsFormatConverterLSTM(2, 4, 3, num_proj=2)
    random = np.random.RandomState(1)
    kernels = [random.randn(rows, 16) for rows in (5, 4)]
    given = [*kernels, *random.randn(2, 16)], list(random.randn(2, 4, 2))
    with tf.Graph().as_default(), tf.Session() as sess:
        opaque = converter.tf_canonical_to_opaque(*[list(map(tf.constant, each)) for each in given])
        weights, biases, projections = sess.run(converter.opaque_to_tf_canonical(opaque))
    for one, other in zip([*weights, *biases, *projections], [*given[0], *given[1]]):
        np.testing.assert_allclose(one, other)


def test_what_cannot_be_is_said():
    with tf.Graph().as_default(), tf.Session() as sess:
        with pytest.raises(ValueError, match="as many as units"):
            RNN.CudnnGRU(1, 3, "skip_input")(tf.zeros([2, 2, 4]))
        projected = tf.raw_ops.CudnnRNNV3(
            input=tf.zeros([1, 1, 1]), input_h=tf.zeros([1, 1, 1]), input_c=tf.zeros([1, 1, 1]),
            params=tf.zeros([16]), sequence_lengths=[1], num_proj=1)
        with pytest.raises(Exception, match="num_proj"):
            sess.run(projected[0])
