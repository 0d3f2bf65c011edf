"""tf.contrib.rnn: outputs, states, gradients, variables of its cells, and what runs them."""

from goldens.kit import attempt, error, run, said, shapes

_X = [[0.5, -1.0, 2.0, 0.1], [1.5, 0.3, -0.7, 0.4]]


def _seeded(tf):
    tf.set_random_seed(7)
    return tf.contrib.rnn


def _values(np, *shape):
    return np.sin(np.arange(np.prod(shape), dtype=np.float32)).reshape(shape)


def _flat(tf, value):
    return tf.contrib.framework.nest.flatten(value)


def _from(tf, cell, state, x):
    """Two steps from a state: values, gradients, variables."""
    output, after = cell(x, state)
    again, _ = cell(x, after)
    variables = tf.trainable_variables()
    floats = [each for each in _flat(tf, x) if each.dtype == tf.float32]
    grads = tf.gradients(tf.reduce_sum(again * again), floats + variables)
    grads = [grad for grad in grads if grad is not None]
    return [[[v.name, str(v.shape)] for v in tf.global_variables()], output.name,
            type(after).__name__, shapes(output, *_flat(tf, after)),
            [v.name for v in cell.weights]] + run(tf, [output, after, again, grads])  # fmt: skip


def _step(tf, cell, x=None):
    x = tf.constant(_X) if x is None else x
    state = cell.zero_state(2, tf.float32)
    flat = _flat(tf, state)
    drawn = [tf.random_uniform(s.shape, -1, 1, seed=i) for i, s in enumerate(flat)]
    given = tf.contrib.framework.nest.pack_sequence_as(state, drawn)
    return _from(tf, cell, given, x)


def coupled(tf, np):
    return _step(tf, _seeded(tf).CoupledInputForgetGateLSTMCell(3))


def coupled_with_all(tf, np):
    return _step(tf, _seeded(tf).CoupledInputForgetGateLSTMCell(
        4, use_peepholes=True, num_proj=2, proj_clip=0.2, num_unit_shards=2, forget_bias=0.5,
        state_is_tuple=False, layer_norm=True, norm_gain=0.9, norm_shift=0.1))


def time_freq(tf, np):
    cell = _seeded(tf).TimeFreqLSTMCell(2, use_peepholes=True, cell_clip=0.5, feature_size=2,
                                        frequency_skip=1)  # fmt: skip
    names, _, *values = _from(tf, cell, tf.random_uniform([2, 12], -1, 1, seed=1), tf.constant(_X))
    return [names] + values


def _grid(tf, **options):
    return _step(tf, _seeded(tf).GridLSTMCell(2, feature_size=2, frequency_skip=1, **options))


def grid(tf, np):
    return _grid(tf, num_frequency_blocks=[3])


def grid_with_all(tf, np):
    return _grid(tf, use_peepholes=True, cell_clip=0.6, num_frequency_blocks=[1, 2],
                 start_freqindex_list=[0, 1], end_freqindex_list=[2, 4])  # fmt: skip


def grid_shared(tf, np):
    return _grid(tf, use_peepholes=True, share_time_frequency_weights=True,
                 num_frequency_blocks=[3])  # fmt: skip


def grid_coupled(tf, np):
    return _grid(tf, use_peepholes=True, couple_input_forget_gates=True, state_is_tuple=False,
                 num_frequency_blocks=[3])  # fmt: skip


def grid_of_both_directions(tf, np):
    return _step(tf, _seeded(tf).BidirectionalGridLSTMCell(
        2, use_peepholes=True, feature_size=2, frequency_skip=1, num_frequency_blocks=[3],
        backward_slice_offset=1))


def grid_refused(tf, np):
    def built(**options):
        _grid(tf, **options)

    return [said(lambda: built(), "Must specify num_frequency_blocks"),
            error(lambda: built(num_frequency_blocks=[2])),
            error(lambda: built(num_frequency_blocks=[2, 2])),
            error(lambda: built(num_frequency_blocks=[2], start_freqindex_list=[0, 1],
                                end_freqindex_list=[2]))]  # fmt: skip


def attention(tf, np):
    c = _seeded(tf)
    return _step(tf, c.AttentionCellWrapper(c.LSTMCell(3), 2))


def attention_joined(tf, np):
    c = _seeded(tf)
    return _step(tf, c.AttentionCellWrapper(c.GRUCell(3), 2, attn_size=4, attn_vec_size=5,
                                            input_size=2, state_is_tuple=False))  # fmt: skip


def highway(tf, np):
    c = _seeded(tf)
    cells = [c.HighwayWrapper(c.GRUCell(4)),
             c.HighwayWrapper(c.BasicRNNCell(4), couple_carry_transform_gates=False)]  # fmt: skip
    x = tf.constant(_X)
    found = []
    for number, cell in enumerate(cells):
        with tf.variable_scope("a%d" % number):
            found += cell(x, cell.zero_state(2, tf.float32))
    return [[v.name for v in tf.global_variables()]] + run(tf, found)


def layer_norm(tf, np):
    return _step(tf, _seeded(tf).LayerNormBasicLSTMCell(3, norm_gain=0.8, norm_shift=0.2))


def layer_norm_with_dropout(tf, np):
    return _step(tf, _seeded(tf).LayerNormBasicLSTMCell(
        5, layer_norm=False, dropout_keep_prob=0.5, dropout_prob_seed=3))


def nas(tf, np):
    return _step(tf, _seeded(tf).NASCell(3))


def nas_with_all(tf, np):
    return _step(tf, _seeded(tf).NASCell(3, num_proj=2, use_bias=True, name="mine"))


def ugrnn(tf, np):
    return _step(tf, _seeded(tf).UGRNNCell(3, forget_bias=0.5))


def intersection(tf, np):
    return _step(tf, _seeded(tf).IntersectionRNNCell(3, num_in_proj=3))


def intersection_as_wide(tf, np):
    c = _seeded(tf)
    return _step(tf, c.IntersectionRNNCell(4)) + [
        said(lambda: _step(tf, c.IntersectionRNNCell(3)), "Must have input size")]  # fmt: skip


def phased(tf, np):
    x = (tf.constant([[1.5], [7.25]]), tf.constant(_X))
    return _step(tf, _seeded(tf).PhasedLSTMCell(3, use_peepholes=True), x)


def sru(tf, np):
    return _step(tf, _seeded(tf).SRUCell(3))


def indrnn(tf, np):
    return _step(tf, _seeded(tf).IndRNNCell(3))


def indygru(tf, np):
    return _step(tf, _seeded(tf).IndyGRUCell(3))


def indylstm(tf, np):
    return _step(tf, _seeded(tf).IndyLSTMCell(3, forget_bias=0.5))


def glstm(tf, np):
    return _step(tf, _seeded(tf).GLSTMCell(4, num_proj=2, number_of_groups=2))


def conv_lstm(tf, np):
    c = _seeded(tf)
    found = []
    for cell, sizes in (
        (c.Conv1DLSTMCell(input_shape=[5, 2], output_channels=3, kernel_shape=[3]), [2, 5, 2]),
        (c.Conv2DLSTMCell(input_shape=[3, 4, 2], output_channels=2, kernel_shape=[2, 3],
                          use_bias=False), [2, 3, 4, 2]),
        (c.Conv3DLSTMCell(input_shape=[2, 3, 2, 1], output_channels=2, kernel_shape=[2, 1, 2]),
         [2, 2, 3, 2, 1]),
    ):  # fmt: skip
        x = tf.constant(_values(np, *sizes))
        output, state = cell(x, cell.zero_state(2, tf.float32))
        found.append([shapes(output), output, state])
    skip = c.ConvLSTMCell(1, [4, 2], 3, [2], skip_connection=True)
    # As in TensorFlow the state has fewer channels than it says: one step only.
    output, _ = skip(tf.ones([1, 4, 2]), skip.zero_state(1, tf.float32))
    return [[v.name for v in tf.global_variables()], [each[0] for each in found], shapes(output),
            error(lambda: c.ConvLSTMCell(2, [4, 2], 3, [2]))] + run(
                tf, [each[1:] for each in found] + [output])  # fmt: skip


def conv_lstm_over_time(tf, np):
    cell = _seeded(tf).ConvLSTMCell(2, [3, 3, 1], 2, [2, 2])
    x = tf.constant(_values(np, 2, 3, 3, 3, 1))
    outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, sequence_length=[2, 3])
    grads = tf.gradients(outputs, [x] + tf.trainable_variables())
    return [shapes(outputs, *state)] + run(tf, [outputs, state, grads])


def projections(tf, np):
    c = _seeded(tf)
    cell = c.OutputProjectionWrapper(
        c.InputProjectionWrapper(c.BasicLSTMCell(3), 2, activation=tf.tanh), 5, tf.nn.relu)
    return _step(tf, cell)


def embedding(tf, np):
    c = _seeded(tf)
    cell = c.EmbeddingWrapper(c.GRUCell(3), 5, 2)
    return _step(tf, cell, tf.constant([[3], [0]]))


def wrappers_refused(tf, np):
    c = _seeded(tf)
    gru = c.GRUCell(2)
    return [
        error(lambda: c.EmbeddingWrapper(gru, 0, 2)), error(lambda: c.EmbeddingWrapper(1, 2, 2)),
        error(lambda: c.OutputProjectionWrapper(gru, 0)),
        error(lambda: c.AttentionCellWrapper(gru, 0)),
        error(lambda: c.AttentionCellWrapper(c.LSTMCell(2), 2, state_is_tuple=False)),
        error(lambda: c.GLSTMCell(3, number_of_groups=2)),
        error(lambda: c.GRUBlockCell()), error(lambda: c.GRUBlockCell(2, 3)),
    ]  # fmt: skip


def compiled(tf, np):
    c = _seeded(tf)
    cell = c.CompiledWrapper(c.GRUCell(3))
    output, _ = cell(tf.constant(_X), cell.zero_state(2, tf.float32))
    return run(tf, output)


def gru_block(tf, np):
    return _step(tf, _seeded(tf).GRUBlockCell(3))


def gru_block_of_two(tf, np):
    return _step(tf, _seeded(tf).GRUBlockCellV2(num_units=3))


def lstm_block(tf, np):
    return _step(tf, _seeded(tf).LSTMBlockCell(3))


def lstm_block_with_all(tf, np):
    return _step(tf, _seeded(tf).LSTMBlockCell(3, forget_bias=0.4, cell_clip=0.3,
                                               use_peephole=True))  # fmt: skip


def lstm_fused(tf, np):
    x = tf.constant(_values(np, 4, 2, 3))
    cell = _seeded(tf).LSTMBlockFusedCell(3)
    outputs, state = cell(x, dtype=tf.float32)
    grads = tf.gradients([outputs, state.c], [x] + tf.trainable_variables())
    return [[v.name for v in tf.global_variables()], shapes(outputs, *state)] + run(
        tf, [outputs, state, grads])  # fmt: skip


def lstm_fused_with_all(tf, np):
    x = tf.constant(_values(np, 4, 2, 3))
    cell = _seeded(tf).LSTMBlockFusedCell(3, forget_bias=0.5, cell_clip=0.4, use_peephole=True)
    start = (tf.constant(_values(np, 2, 3)), tf.ones([2, 3]))
    outputs, state = cell(x, initial_state=start, sequence_length=[2, 3])
    grads = tf.gradients([outputs, state.c, state.h], [x, start[0]] + tf.trainable_variables())
    return [[v.name for v in tf.global_variables()], shapes(outputs, *state)] + run(
        tf, [outputs, state, grads])  # fmt: skip


def fused_adaptors(tf, np):
    c = _seeded(tf)
    x = tf.constant(_values(np, 3, 2, 4))
    found = []
    for number, (dynamic, given) in enumerate(
        [(False, x), (True, x), (False, tf.unstack(x)), (True, tf.unstack(x))]
    ):
        cell = c.FusedRNNCellAdaptor(c.GRUCell(2), use_dynamic_rnn=dynamic)
        around = c.TimeReversedFusedRNN(cell)
        lengths = None if isinstance(given, list) else [1, 3]
        found.append(cell(given, dtype=tf.float32, scope="a%d" % number))
        found.append(around(given, dtype=tf.float32, sequence_length=lengths,
                            scope="b%d" % number))  # fmt: skip
    return [[type(o).__name__ for o, _ in found]] + run(tf, found)


def stacked(tf, np):
    c = _seeded(tf)
    x = tf.constant(_values(np, 2, 3, 4))

    def cells():
        return [c.GRUCell(2), c.LSTMCell(3)]

    outputs, forward, backward = c.stack_bidirectional_rnn(
        cells(), cells(), tf.unstack(x, axis=1), dtype=tf.float32)
    dynamic, ahead, behind = c.stack_bidirectional_dynamic_rnn(
        cells(), cells(), x, dtype=tf.float32, sequence_length=[2, 3], scope="dynamic")
    found = [outputs, forward, backward, dynamic, ahead, behind]
    grads = tf.gradients(_flat(tf, found), [x] + tf.trainable_variables())
    return [[v.name for v in tf.global_variables()], type(forward).__name__] + run(
        tf, found + [grads])  # fmt: skip


def stacked_refused(tf, np):
    c = _seeded(tf)
    x, one = [tf.zeros([2, 3])], [c.GRUCell(2)]
    both = c.stack_bidirectional_rnn
    return [
        error(lambda: both([], one, x)), error(lambda: both(one, tuple(one), x)),
        error(lambda: both(one, one * 2, x)),
        error(lambda: both(one, one, x, initial_states_fw=tf.zeros([2, 2]))),
    ]  # fmt: skip


def helpers(tf, np):
    c = tf.contrib.rnn
    x = tf.placeholder(tf.float32, [3, None, 5])
    return [shapes(c.transpose_batch_time(x)), shapes(c.transpose_batch_time(tf.zeros([2]))),
            c.best_effort_input_batch_size([tf.zeros([2, 7])]),
            c.LSTMCell is tf.nn.rnn_cell.LSTMCell, c.static_rnn is tf.nn.static_rnn,
            attempt(lambda: shapes(c.best_effort_input_batch_size([x])))]  # fmt: skip
