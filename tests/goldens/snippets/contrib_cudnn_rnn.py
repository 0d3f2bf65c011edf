"""tf.contrib.cudnn_rnn, as far as TensorFlow runs it without a GPU: cells, graphs, names."""

from goldens.kit import error, run, shapes


def _x(np, *shape):
    return np.sin(np.arange(np.prod(shape), dtype=np.float32)).reshape(shape)


def _run_cell(tf, np, cell):
    x = tf.constant(_x(np, 4, 2, 3))
    outputs, state = tf.nn.dynamic_rnn(cell, x, [4, 2], dtype=tf.float32, time_major=True)
    variables = tf.trainable_variables()
    values = [tf.assign(v, _x(np, *v.shape.as_list()) * 0.7) for v in variables]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        begun = sess.run([v for v in variables if "bias" in v.name])
        sess.run(values)
        found = [outputs, state, tf.gradients(tf.reduce_sum(outputs**2), variables)]
        return [[v.name for v in variables], begun, *sess.run(found)]


def lstm_cell(tf, np):
    return _run_cell(tf, np, tf.contrib.cudnn_rnn.CudnnCompatibleLSTMCell(2))


def gru_cell(tf, np):
    return _run_cell(tf, np, tf.contrib.cudnn_rnn.CudnnCompatibleGRUCell(2))


def _described(tf, kind, **kwargs):
    layer = getattr(tf.contrib.cudnn_rnn, kind)(2, 3, **kwargs)
    before = [error(lambda: layer.input_size), error(lambda: layer.canonical_weight_shapes)]
    outputs, states = layer(tf.zeros([5, 2, 4]))
    specs = [spec.name for spec in layer.saveable.specs]
    return [before, layer.num_layers, layer.num_units, layer.input_mode, layer.input_size,
            layer.rnn_mode, layer.direction, layer.num_dirs, [list(map(list, each)) for each in (
                layer.canonical_weight_shapes, layer.canonical_bias_shapes,
                layer.state_shape(7))], type(states).__name__, shapes(outputs, *states),
            [v.name for v in layer.trainable_variables], layer.saveable.name, specs,
            [s is layer.saveable for s in tf.get_collection("saveable_objects")]]  # fmt: skip


def lstm(tf, np):
    return _described(tf, "CudnnLSTM")


def lstm_both_ways(tf, np):
    return _described(tf, "CudnnLSTM", direction="bidirectional", name="encoder")


def gru_in_scope(tf, np):
    with tf.variable_scope("outer"):
        return _described(tf, "CudnnGRU", dropout=0.3, seed=1, dtype=tf.float32)


def gru_both_ways(tf, np):
    return _described(tf, "CudnnGRU", direction="bidirectional")


def tanh_and_relu(tf, np):
    return _described(tf, "CudnnRNNTanh") + _described(tf, "CudnnRNNRelu")


def built_by_hand(tf, np):
    layer = tf.contrib.cudnn_rnn.CudnnLSTM(1, 2)
    layer.build([None, None, 3])
    names = [spec.name for spec in layer.saveable.specs]
    layer(tf.zeros([5, 2, 3]))
    return [names, len(tf.get_collection("saveable_objects"))]


def refused(tf, np):
    made = tf.contrib.cudnn_rnn.CudnnLSTM
    return [
        error(lambda: made(1, 2, direction="both")),
        error(lambda: made(1, 2, input_mode="skip")),
        error(lambda: made(1, 2, dtype=tf.int32)),
        error(lambda: made(1, 2)(tf.zeros([2, 3]))),
        error(lambda: made(1, 2)(tf.zeros([2, 3, 4]), initial_state=[tf.zeros([1, 3, 2])] * 2)),
        error(lambda: made(1, 2)(tf.placeholder(tf.float32, [2, 3, None]))),
        error(lambda: tf.contrib.cudnn_rnn.CudnnGRU(1, 2)._gather_saveables_for_checkpoint()),
    ]  # fmt: skip


def gradients_of_inference(tf, np):
    layer = tf.contrib.cudnn_rnn.CudnnGRU(1, 2)
    outputs, _ = layer(tf.zeros([5, 2, 3]), training=False)
    return error(lambda: tf.gradients(outputs, layer.trainable_variables))


def between_cells_and_cudnn(tf, np):
    """What converts weights, without the op that makes one tensor of them."""
    found = []
    for kind, count in (("LSTM", 2), ("GRU", 6), ("Tanh", 2)):
        make = getattr(tf.contrib.cudnn_rnn, f"CudnnParamsFormatConverter{kind}")
        converter = make(1, 2, 3)
        sizes = {"LSTM": [(5, 8), (8,)], "Tanh": [(5, 2), (2,)],
                 "GRU": [(5, 4), (3, 2), (2, 2), (4,), (2,), (2,)]}[kind]  # fmt: skip
        given = [tf.constant(_x(np, *size)) for size in sizes]
        weights = converter._tf_to_cudnn_weights(0, *given[: count // 2])
        biases = converter._tf_to_cudnn_biases(*given[count // 2 :])
        back = [*converter._cudnn_to_tf_weights(*weights), *converter._cudnn_to_tf_biases(*biases)]
        found.append(run(tf, [list(weights), list(biases), back]))
    return found
