"""tf.contrib.learn.ops, and the models of contrib.learn.models that are recurrent."""

from goldens.kit import attempt, error, names, run


def _wave(tf, *shape):
    size = 1
    for each in shape:
        size *= each
    return tf.reshape(tf.sin(tf.range(float(size)) * 1.3), shape)


def _drawn(tf):
    return lambda shape, dtype=None, partition_info=None: _wave(tf, *[int(n) for n in shape])


def embedded(tf, np):
    ops = tf.contrib.learn.ops
    table, ids = _wave(tf, 4, 3), tf.placeholder(tf.int32, [None, 2])
    found = ops.embedding_lookup(table, ids)
    some = ops.categorical_variable(tf.constant([[1, 0], [2, 2]]), 3, 5, "kinds")
    return [found.name, str(found.shape), run(tf, found, {ids: [[3, 0], [1, 1]]}), some.name,
            str(some.shape), [v.name for v in tf.global_variables()]]  # fmt: skip


def predicted(tf, np):
    ops, x = tf.contrib.learn.ops, _wave(tf, 5, 3)
    one_hot = tf.one_hot([0, 1, 1, 0, 1], 2)
    made = [ops.mean_squared_error_regressor(x, _wave(tf, 5), _wave(tf, 3, 1), [0.5]),
            ops.mean_squared_error_regressor(x, _wave(tf, 5, 2), _wave(tf, 3, 2), [0.5, 1.0]),
            ops.softmax_classifier(x, one_hot, _wave(tf, 3, 2), [0.0, 0.3]),
            ops.softmax_classifier(x, one_hot, _wave(tf, 3, 2), [0.0, 0.3], [2.0, 0.5], "named",
    )]  # fmt: skip
    return [[[y.name, loss.name] for y, loss in made], run(tf, made),
            len(tf.get_collection(tf.GraphKeys.LOSSES))]  # fmt: skip


def sequences(tf, np):
    ops = tf.contrib.learn.ops
    x, y = _wave(tf, 2, 3, 4), tf.nn.softmax(_wave(tf, 2, 2, 4))
    inputs = ops.seq2seq_inputs(x, y, 3, 2)
    tf.get_variable_scope().set_initializer(_drawn(tf))
    cell = tf.nn.rnn_cell.GRUCell(4, bias_initializer=tf.zeros_initializer())
    outputs, states, sampled, sampled_states = ops.rnn_seq2seq(*inputs[:2], cell)
    found = ops.sequence_classifier(outputs[:2], inputs[2][:2])
    by_sampled = ops.sequence_classifier(outputs[:2], inputs[2][:2], sampled)
    other = tf.nn.rnn_cell.BasicRNNCell(4)
    more = ops.rnn_decoder(inputs[1], states[0], other, "own")
    lists = [*inputs, outputs, states, sampled, sampled_states, *more]
    return [[len(each) for each in lists], run(tf, lists), [y.name for y in found],
            run(tf, [found, by_sampled]), [v.name for v in tf.global_variables()],
            [each.name for each in outputs + sampled]]  # fmt: skip


def _model(tf, cell, layers, both, lengths=None, attention=(None, None, None)):
    return tf.contrib.learn.models.get_rnn_model(
        3, cell, layers, lambda x: tf.unstack(x, axis=1), both, lambda state, y: (state, y),
        lengths, None, *attention)  # fmt: skip


def recurrent_models(tf, np):
    x, y = _wave(tf, 2, 3, 4), tf.constant([1.0, 0.0])
    tf.get_variable_scope().set_initializer(_drawn(tf))
    found = []
    for i, given in enumerate((("rnn", 1, False), ("gru", 2, True), ("lstm", 2, False),
                               ("lstm", 1, True), ("gru", 1, False, None, (2, 3, 4)),
                               ("rnn", 1, True, None, (2, 3, 4)), ("rnn", 1, False, [2, 3,
    ]))):  # fmt: skip
        with tf.variable_scope(f"m{i}"):
            found.append(_model(tf, *given)(x, y)[0])
    kinds = [v.name for v in tf.global_variables()]
    return [[each.name for each in found], run(tf, found), kinds, len(names(tf)) > 100,
            error(lambda: _model(tf, "none", 1, False)(x, y)), _model(tf, "rnn", 1, True).__name__,
    ]  # fmt: skip


def both_directions(tf, np):
    of, cell = tf.contrib.learn.models.bidirectional_rnn, tf.nn.rnn_cell.BasicRNNCell
    x = tf.unstack(_wave(tf, 2, 3, 4), axis=1)
    tf.get_variable_scope().set_initializer(_drawn(tf))
    outputs, state = of(cell(2), cell(3), x, dtype=tf.float32, scope="own")
    return [run(tf, [outputs, state]), [v.name for v in tf.global_variables()],
            error(lambda: of(cell(2), 3, x)), error(lambda: of(cell(2), cell(2), tuple(x))),
            error(lambda: of(cell(2), cell(2), []))]  # fmt: skip


def frames(tf, np):
    io = tf.contrib.learn.io
    each = (io.extract_pandas_data, io.extract_pandas_matrix, io.extract_pandas_labels)
    return [attempt(lambda f=f: f([[1, 2]])) for f in each]
