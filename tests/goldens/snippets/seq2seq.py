"""tf.contrib.seq2seq: losses, helpers, attention, decoding, beam search."""

from goldens.kit import attempt, error, names, run, said, shapes


def _seeded(tf):
    tf.set_random_seed(5)
    return tf.contrib.seq2seq, tf.contrib.rnn


def _values(np, *shape):
    return np.sin(np.arange(np.prod(shape), dtype=np.float32)).reshape(shape)


def _flat(tf, value):
    return tf.contrib.framework.nest.flatten(value)


def _tensors(tf, value):
    return [each for each in _flat(tf, value) if isinstance(each, tf.Tensor)]


def _found(tf, outputs, state, lengths, feed=None):
    """Values, gradients, variables, shapes of a decoding."""
    flat = _tensors(tf, (outputs, state))
    floats = [each for each in flat if each.dtype == tf.float32]
    grads = tf.gradients(floats, tf.trainable_variables())
    grads = [tf.convert_to_tensor(grad) for grad in grads if grad is not None]
    return [[v.name for v in tf.global_variables()], type(outputs).__name__, type(state).__name__,
            shapes(*flat)] + run(tf, [flat, lengths, grads], feed)  # fmt: skip


def losses(tf, np):
    s, _ = _seeded(tf)
    logits = tf.constant(_values(np, 2, 3, 4))
    targets = tf.constant([[0, 3, 1], [2, 2, 0]])
    weights = tf.constant([[1.0, 1.0, 0.0], [0.5, 0.0, 0.0]])

    def own(labels, logits):
        return tf.reduce_sum(logits, 1) * tf.cast(labels, tf.float32)

    found = [
        s.sequence_loss(logits, targets, weights),
        s.sequence_loss(logits, targets, weights, average_across_batch=False),
        s.sequence_loss(logits, targets, weights, average_across_timesteps=False),
        s.sequence_loss(logits, targets, weights, False, False),
        s.sequence_loss(logits, targets, weights, False, False, True, True),
        s.sequence_loss(logits, targets, weights, False, False, sum_over_timesteps=True),
        s.sequence_loss(logits, targets, weights, False, False, sum_over_batch=True),
        s.sequence_loss(logits, targets, weights, softmax_loss_function=own, name="mine"),
        s.sequence_loss(logits, targets, weights * 0.0),
    ]
    refused = [
        error(lambda: s.sequence_loss(targets, targets, weights)),
        error(lambda: s.sequence_loss(logits, logits, weights)),
        error(lambda: s.sequence_loss(logits, targets, weights[0])),
        error(lambda: s.sequence_loss(logits, targets, weights, sum_over_batch=True)),
    ]
    return [[each.name for each in found], refused] + run(
        tf, [found, tf.gradients(found[0], logits)])  # fmt: skip


def training(tf, np):
    s, c = _seeded(tf)
    x = tf.constant(_values(np, 3, 4, 3))
    helper = s.TrainingHelper(x, tf.constant([4, 2, 3]))
    cell = c.BasicLSTMCell(5)
    layer = tf.layers.Dense(4)
    decoder = s.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32), layer)
    return _found(tf, *s.dynamic_decode(decoder, impute_finished=True))


def training_time_major(tf, np):
    s, c = _seeded(tf)
    x = tf.placeholder(tf.float32, [None, None, 3])
    n = tf.placeholder(tf.int32, [None])
    cell = c.MultiRNNCell([c.GRUCell(3), c.LSTMCell(2)])
    helper = s.TrainingHelper(x, n, time_major=True)
    decoder = s.BasicDecoder(cell, helper, cell.zero_state(tf.shape(x)[1], tf.float32))
    return _found(tf, *s.dynamic_decode(decoder, output_time_major=True, maximum_iterations=3,
                                        scope="mine"),
                  feed={x: _values(np, 4, 2, 3), n: [2, 4]})  # fmt: skip


def training_names(tf, np):
    s, c = _seeded(tf)
    x = tf.placeholder(tf.float32, [2, 4, 3], name="x")
    n = tf.placeholder(tf.int32, [2], name="n")
    cell = c.GRUCell(3)
    decoder = s.BasicDecoder(cell, s.TrainingHelper(x, n), cell.zero_state(2, tf.float32),
                             tf.layers.Dense(4))  # fmt: skip
    s.dynamic_decode(decoder, impute_finished=True, maximum_iterations=5)
    return sorted(op.name for op in tf.get_default_graph().get_operations())


def _decoder(tf, np, helper, cell_of=None, batch=3, depth=4):
    s, c = _seeded(tf)
    cell = c.GRUCell(depth) if cell_of is None else cell_of(c)
    state = cell.zero_state(batch, tf.float32)
    return s.BasicDecoder(cell, helper, state, tf.layers.Dense(
        5, kernel_initializer=tf.random_normal_initializer(0, 2.0, seed=3)))


def greedy(tf, np):
    s, _ = _seeded(tf)
    embedding = tf.get_variable("embedding", [5, 4])
    helper = s.GreedyEmbeddingHelper(embedding, [1, 2, 0], 4)
    return _found(tf, *s.dynamic_decode(_decoder(tf, np, helper), maximum_iterations=6))


def greedy_by_function(tf, np):
    s, _ = _seeded(tf)
    helper = s.GreedyEmbeddingHelper(lambda ids: tf.one_hot(ids, 5), [1, 2, 0], 3)
    outputs, _, lengths = s.dynamic_decode(_decoder(tf, np, helper), maximum_iterations=9,
                                           impute_finished=True)  # fmt: skip
    return run(tf, [outputs, lengths])


def sampled(tf, np):
    s, _ = _seeded(tf)
    embedding = tf.constant(_values(np, 5, 4))
    helper = s.SampleEmbeddingHelper(embedding, [1, 2, 0], 4, softmax_temperature=0.7, seed=3)
    outputs, _, lengths = s.dynamic_decode(_decoder(tf, np, helper), maximum_iterations=4,
                                           parallel_iterations=1)  # fmt: skip
    return run(tf, [outputs, lengths])


def inferred(tf, np):
    s, _ = _seeded(tf)
    helper = s.InferenceHelper(
        sample_fn=lambda outputs: tf.tanh(outputs), sample_shape=[5], sample_dtype=tf.float32,
        start_inputs=tf.ones([3, 5]), end_fn=lambda ids: ids[:, 0] > 0.5,
        next_inputs_fn=lambda ids: ids * 2.0)  # fmt: skip
    return _found(tf, *s.dynamic_decode(_decoder(tf, np, helper), maximum_iterations=4))


def custom(tf, np):
    s, c = _seeded(tf)
    x = tf.constant(_values(np, 4, 3, 2))

    def next_inputs(time, outputs, state, sample_ids):
        over = tf.reduce_all(time + 1 >= [2, 4, 3])
        now = tf.cond(over, lambda: tf.zeros([3, 2]), lambda: tf.gather(x, time + 1))
        return time + 1 >= [2, 4, 3], now, state

    helper = s.CustomHelper(lambda: (tf.zeros([3], tf.bool), x[0]),
                            lambda time, outputs, state: tf.cast(tf.argmax(outputs, -1), tf.int32),
                            next_inputs)  # fmt: skip
    early = error(lambda: helper.batch_size)
    cell = c.GRUCell(4)
    decoder = s.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32))
    outputs, _, lengths = s.dynamic_decode(decoder)
    return [early] + run(tf, [outputs, lengths])


def scheduled_embedding(tf, np):
    s, _ = _seeded(tf)
    embedding = tf.get_variable("embedding", [5, 4])
    found = []
    for number, probability in enumerate((0.0, 1.0)):
        with tf.variable_scope("s%d" % number):
            helper = s.ScheduledEmbeddingTrainingHelper(
                tf.constant(_values(np, 3, 4, 4)), [4, 3, 2], embedding, probability, seed=2,
                scheduling_seed=3)
            outputs, _, lengths = s.dynamic_decode(_decoder(tf, np, helper))
            found.append([outputs, lengths])
    return run(tf, [found[0], [each[1] for each in found]])


def scheduled_output(tf, np):
    s, _ = _seeded(tf)
    found = []
    for number, options in enumerate((
        dict(sampling_probability=0.0), dict(sampling_probability=1.0),
        dict(sampling_probability=[0.0, 1.0, 0.0], next_inputs_fn=lambda x: tf.tanh(x)),
        dict(sampling_probability=1.0, auxiliary_inputs=tf.constant(_values(np, 3, 4, 2))),
    )):  # fmt: skip
        with tf.variable_scope("s%d" % number):
            helper = s.ScheduledOutputTrainingHelper(tf.constant(_values(np, 3, 4, 5)), [4, 3, 2],
                                                     seed=2, **options)  # fmt: skip
            outputs, _, lengths = s.dynamic_decode(_decoder(tf, np, helper))
            found.append([outputs, lengths])
    return run(tf, found)


def _attended(tf, np, make, feed=None, **options):
    """A decoder with attention over a memory, trained on given inputs."""
    s, c = _seeded(tf)
    memory = tf.get_variable("memory", initializer=_values(np, 2, 5, 4))
    mechanism = make(s, memory)
    cell = s.AttentionWrapper(c.BasicLSTMCell(3), mechanism, **options)
    helper = s.TrainingHelper(tf.constant(_values(np, 2, 3, 2)), [3, 2])
    decoder = s.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32), tf.layers.Dense(4))
    outputs, state, lengths = s.dynamic_decode(decoder)
    history = state.alignment_history
    stacked = [each.stack() for each in _flat(tf, history) if hasattr(each, "stack")]
    return _found(tf, outputs, state, lengths) + [run(tf, stacked)]


def bahdanau(tf, np):
    return _attended(tf, np, lambda s, m: s.BahdanauAttention(6, m, [3, 5]),
                     attention_layer_size=4, alignment_history=True)  # fmt: skip


def bahdanau_normalized(tf, np):
    return _attended(tf, np, lambda s, m: s.BahdanauAttention(6, m, normalize=True,
                                                              probability_fn=tf.nn.sigmoid),
                     output_attention=False)  # fmt: skip


def luong(tf, np):
    return _attended(tf, np, lambda s, m: s.LuongAttention(3, m, [3, 5], scale=True),
                     attention_layer_size=4)  # fmt: skip


def luong_hard(tf, np):
    return _attended(tf, np, lambda s, m: s.LuongAttention(3, m, probability_fn=s.hardmax),
                     cell_input_fn=lambda x, a: tf.concat([a, x * 2.0], -1))  # fmt: skip


def several(tf, np):
    return _attended(tf, np, lambda s, m: [s.LuongAttention(3, m), s.BahdanauAttention(4, m)],
                     attention_layer_size=[2, 3], alignment_history=True)  # fmt: skip


def with_a_layer(tf, np):
    return _attended(tf, np, lambda s, m: s.LuongAttention(3, m),
                     attention_layer=tf.layers.Dense(3, activation=tf.tanh, name="own"),
                     name="wrapped")  # fmt: skip


def monotonic_bahdanau(tf, np):
    return _attended(tf, np, lambda s, m: s.BahdanauMonotonicAttention(
        4, m, [3, 5], normalize=True, score_bias_init=-1.0))


def monotonic_luong(tf, np):
    return _attended(tf, np, lambda s, m: s.LuongMonotonicAttention(3, m, scale=True, mode="hard"))


def monotonic_luong_recursive(tf, np):
    return _attended(tf, np, lambda s, m: s.LuongMonotonicAttention(3, m, mode="recursive"))


def monotonic_parts(tf, np):
    s, _ = _seeded(tf)
    p = tf.constant([[0.1, 0.5, 0.9, 0.3], [0.0, 1.0, 0.2, 0.7]])
    before = tf.constant([[0.3, 0.7, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
    found = [s.monotonic_attention(p, before, mode) for mode in ("recursive", "parallel", "hard")]
    return run(tf, [found, tf.gradients(found[0], [p, before]), s.safe_cumprod(p, axis=1),
                    s.hardmax(p)]) + [error(lambda: s.monotonic_attention(p, before, "other"))]


def initial_cell_state(tf, np):
    s, c = _seeded(tf)
    memory = tf.constant(_values(np, 2, 5, 4))
    first = c.LSTMStateTuple(tf.ones([2, 3]), tf.zeros([2, 3]))
    cell = s.AttentionWrapper(c.BasicLSTMCell(3), s.LuongAttention(3, memory),
                              initial_cell_state=first)  # fmt: skip
    zero = cell.zero_state(2, tf.float32)
    other = zero.clone(cell_state=c.LSTMStateTuple(tf.ones([2, 3]), tf.ones([2, 3])))
    output, state = cell(tf.ones([2, 2]), other)
    wrong = error(lambda: zero.clone(attention=tf.zeros([2, 9])))
    return [zero._fields, wrong, shapes(*_tensors(tf, zero)), cell.output_size,
            str(cell.state_size)] + run(tf, [zero.cell_state, output, state.time])  # fmt: skip


def cloned_of_unknown_batch(tf, np):
    """The nodes of a state that is cloned: they count in the seeds of a dropout after them."""
    s, c = _seeded(tf)
    batch, cell = tf.placeholder(tf.int32, [], name="batch"), c.BasicLSTMCell(3)
    wrapped = s.AttentionWrapper(cell, s.LuongAttention(3, tf.constant(_values(np, 2, 5, 4))))
    zero, before = wrapped.zero_state(batch, tf.float32), len(names(tf))
    other = zero.clone(cell_state=cell.zero_state(batch, tf.float32))
    wrong = error(lambda: zero.clone(time=tf.constant([1, 2])))
    return [names(tf)[before:], [each.name for each in _tensors(tf, other)], wrong,
            shapes(*_tensors(tf, other))] + run(tf, [other.cell_state], {batch: 2})  # fmt: skip


def attention_refused(tf, np):
    s, c = _seeded(tf)
    memory, gru = tf.constant(_values(np, 2, 5, 4)), c.GRUCell(3)
    luong = s.LuongAttention(3, memory)
    loose = tf.placeholder(tf.float32, [2, 5, None])
    lengths = tf.placeholder(tf.int32, [2])
    masked = s.AttentionWrapper(gru, s.LuongAttention(3, memory, lengths))
    output, _ = masked(tf.ones([2, 2]), masked.zero_state(2, tf.float32))
    rows = tf.placeholder(tf.int32, [])
    sized = s.AttentionWrapper(gru, s.LuongAttention(3, memory)).zero_state(rows, tf.float32)
    return [
        error(lambda: s.AttentionWrapper(gru, 3)), error(lambda: s.AttentionWrapper(gru, [3])),
        error(lambda: s.AttentionWrapper(3, luong)),
        error(lambda: s.AttentionWrapper(gru, luong, cell_input_fn=3)),
        error(lambda: s.AttentionWrapper(gru, luong, attention_layer_size=[1, 2])),
        error(lambda: s.AttentionWrapper(gru, luong, 3, attention_layer=tf.layers.Dense(2))),
        error(lambda: s.LuongAttention(3, loose)),
        error(lambda: s.AttentionWrapper(gru, luong)(tf.ones([2, 2]), tf.ones([2, 3]))),
        said(lambda: s.AttentionWrapper(c.GRUCell(7), luong)(
            tf.ones([2, 2]), s.AttentionWrapper(c.GRUCell(7), luong).zero_state(2, tf.float32)),
            "Incompatible or unknown inner dimensions"),
        said(lambda: s.AttentionWrapper(gru, luong).zero_state(7, tf.float32), "tile_batch"),
        said(lambda: run(tf, output, {lengths: [0, 2]}), "must be greater than zero"),
        said(lambda: run(tf, sized.cell_state, {rows: 3}), "tile_batch"),
    ]  # fmt: skip


def decode_refused(tf, np):
    s, c = _seeded(tf)
    gru, x = c.GRUCell(3), tf.constant(_values(np, 2, 3, 4))
    helper = s.TrainingHelper(x, [3, 2])
    state = gru.zero_state(2, tf.float32)
    return [
        error(lambda: s.dynamic_decode(3)), error(lambda: s.BasicDecoder(3, helper, state)),
        error(lambda: s.BasicDecoder(gru, 3, state)),
        error(lambda: s.BasicDecoder(gru, helper, state, output_layer=tf.nn.relu)),
        error(lambda: s.TrainingHelper(x, [[3]])),
        error(lambda: s.GreedyEmbeddingHelper(x[0], 1, 2)),
        error(lambda: s.GreedyEmbeddingHelper(x[0], [1], [2])),
        error(lambda: s.dynamic_decode(s.BasicDecoder(gru, helper, state),
                                       maximum_iterations=[1, 2])),
        error(lambda: s.ScheduledOutputTrainingHelper(x, [3, 2], [[0.5]])),
        error(lambda: s.Decoder()), error(lambda: s.Helper()),
    ]  # fmt: skip


def _beams(tf, np, cell_of, width=3, batch=2, **options):
    s, c = _seeded(tf)
    embedding = tf.constant(_values(np, 6, 4) * 2)
    cell = cell_of(s, c)
    state = cell.zero_state(batch * width, tf.float32)
    layer = tf.layers.Dense(6, kernel_initializer=tf.random_normal_initializer(0, 2.0, seed=3))
    decoder = s.BeamSearchDecoder(cell, embedding, [1] * batch, 5, state, width, layer, **options)
    outputs, state, lengths = s.dynamic_decode(decoder, maximum_iterations=5)
    return outputs, state, lengths


def beam_search(tf, np):
    outputs, state, lengths = _beams(tf, np, lambda s, c: c.BasicLSTMCell(4))
    flat = _tensors(tf, (outputs, state))
    return [type(outputs).__name__, type(state).__name__, shapes(*flat)] + run(
        tf, [outputs, state, lengths])  # fmt: skip


def beam_search_with_penalty(tf, np):
    outputs, state, lengths = _beams(
        tf, np, lambda s, c: c.MultiRNNCell([c.GRUCell(4), c.GRUCell(3)]), width=2,
        length_penalty_weight=0.8)
    return run(tf, [outputs, state, lengths])


def beam_search_with_attention(tf, np):
    def cell(s, c):
        memory = s.tile_batch(tf.constant(_values(np, 2, 5, 4)), 3)
        lengths = s.tile_batch(tf.constant([3, 5]), multiplier=3)
        return s.AttentionWrapper(c.GRUCell(4), s.BahdanauAttention(4, memory, lengths), 3)

    outputs, state, lengths = _beams(tf, np, cell, coverage_penalty_weight=0.3,
                                     length_penalty_weight=0.5)  # fmt: skip
    return run(tf, [outputs, _tensors(tf, state), lengths])


def beam_search_with_history(tf, np):
    rows = tf.placeholder_with_default(np.array([1, 1], np.int32), [None])
    s, c = _seeded(tf)
    memory = s.tile_batch(tf.constant(_values(np, 2, 5, 4)), 3)
    cell = s.AttentionWrapper(c.GRUCell(4), s.LuongAttention(4, memory), alignment_history=True)
    state = cell.zero_state(tf.size(rows) * 3, tf.float32)
    layer = tf.layers.Dense(6, kernel_initializer=tf.random_normal_initializer(0, 2.0, seed=3))
    embedding = tf.constant(_values(np, 6, 4) * 2)
    decoder = s.BeamSearchDecoder(cell, embedding, rows, 5, state, 3, layer)
    outputs, state, lengths = s.dynamic_decode(decoder, maximum_iterations=4)
    return run(tf, [outputs.predicted_ids, state.cell_state.alignment_history, lengths])


def beam_search_refused(tf, np):
    s, c = _seeded(tf)
    gru, embedding = c.GRUCell(3), tf.zeros([5, 2])
    state = gru.zero_state(6, tf.float32)
    make = s.BeamSearchDecoder
    return [
        error(lambda: make(3, embedding, [1, 1], 2, state, 3)),
        error(lambda: make(gru, embedding, 1, 2, state, 3)),
        error(lambda: make(gru, embedding, [1, 1], [2], state, 3)),
        error(lambda: make(gru, embedding, [1, 1], 2, state, 3, output_layer=tf.nn.relu)),
        error(lambda: make(gru, embedding, [1, 1], 2, gru.zero_state(2, tf.float32), 3)),
        error(lambda: make(gru, embedding, [1, 1], 2, state, 3,
                           coverage_penalty_weight=0.5).initialize()),
    ]  # fmt: skip


def trees(tf, np):
    s, _ = _seeded(tf)
    ids = np.arange(24, dtype=np.int32).reshape(4, 2, 3)
    parents = np.array([[[0, 0, 0], [0, 0, 0]], [[0, 0, 1], [2, 1, 0]], [[2, 1, 0], [0, 0, 2]],
                        [[1, 1, 2], [2, 0, 1]]], np.int32)  # fmt: skip
    wrong = parents.copy()
    wrong[2, 1, 2] = 4
    return [
        run(tf, s.gather_tree(ids, parents, [4, 3], 99)),
        run(tf, s.gather_tree(ids, parents, [0, 9], 99)),
        run(tf, s.gather_tree(ids, parents, [4, 4], 7)),
        error(lambda: run(tf, s.gather_tree(ids, wrong, [4, 4], 99))),
        run(tf, s.tile_batch([tf.constant([[1, 2], [3, 4]]), tf.constant([5.0, 6.0])], 2)),
        attempt(lambda: shapes(s.tile_batch(tf.zeros([3, 2]), 4))),
        error(lambda: s.tile_batch(tf.constant(1), 2)),
    ]


def trained(tf, np):
    """A sequence to sequence model with attention, some steps of Adam."""
    s, c = _seeded(tf)
    source, target = tf.constant([[1, 2, 3, 0], [4, 1, 0, 0]]), tf.constant([[2, 1, 0], [3, 2, 1]])
    embedding = tf.get_variable("embedding", [5, 4])
    outputs, state = tf.nn.dynamic_rnn(c.GRUCell(6), tf.nn.embedding_lookup(embedding, source),
                                       [3, 2], dtype=tf.float32)  # fmt: skip
    mechanism = s.BahdanauAttention(5, outputs, [3, 2])
    cell = s.AttentionWrapper(c.GRUCell(6), mechanism, 4)
    start = cell.zero_state(2, tf.float32).clone(cell_state=state)
    helper = s.TrainingHelper(tf.nn.embedding_lookup(embedding, target), [3, 2])
    decoder = s.BasicDecoder(cell, helper, start, tf.layers.Dense(5))
    found, _, _ = s.dynamic_decode(decoder)
    weights = tf.sequence_mask([3, 2], 3, dtype=tf.float32)
    loss = s.sequence_loss(found.rnn_output, target, weights)
    step = tf.train.AdamOptimizer(0.05).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run([loss, step])[0] for _ in range(6)]
