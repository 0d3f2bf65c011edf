"""tf.contrib.legacy_seq2seq: outputs, states, gradients, losses, variables."""

from goldens.kit import error, run, shapes


def _seeded(tf):
    tf.set_random_seed(5)
    return tf.contrib.legacy_seq2seq, tf.contrib.rnn


def _dense(tf, np, steps, key=0, size=3):
    values = np.sin(np.arange(steps * 2 * size, dtype=np.float32) + key).reshape(steps, 2, size)
    return [tf.constant(each) for each in values]


def _classes(tf, np, steps, classes=4):
    return [tf.constant((np.arange(2) * 3 + i * 5) % classes, tf.int32) for i in range(steps)]


def _found(tf, outputs, state):
    flat = tf.contrib.framework.nest.flatten((outputs, state))
    grads = tf.gradients(flat, tf.trainable_variables())
    grads = [tf.convert_to_tensor(grad) for grad in grads if grad is not None]
    return [[v.name for v in tf.global_variables()], shapes(*flat)] + run(
        tf, [outputs, state, grads])  # fmt: skip


def rnn_decoder(tf, np):
    s, c = _seeded(tf)
    cell = c.GRUCell(3)
    outputs, state = s.rnn_decoder(_dense(tf, np, 3), tf.ones([2, 3]), cell)
    looped, last = s.rnn_decoder(_dense(tf, np, 3), tf.ones([2, 3]), c.GRUCell(3),
                                 lambda previous, i: previous * i, "looped")  # fmt: skip
    return _found(tf, outputs + looped, [state, last])


def basic(tf, np):
    s, c = _seeded(tf)
    cell = c.MultiRNNCell([c.BasicLSTMCell(3), c.GRUCell(2)])
    return _found(tf, *s.basic_rnn_seq2seq(_dense(tf, np, 3), _dense(tf, np, 2, 1), cell))


def tied(tf, np):
    s, c = _seeded(tf)
    return _found(tf, *s.tied_rnn_seq2seq(_dense(tf, np, 3), _dense(tf, np, 2, 1), c.GRUCell(3)))


def embedding(tf, np):
    s, c = _seeded(tf)
    return _found(tf, *s.embedding_rnn_seq2seq(
        _classes(tf, np, 3), _classes(tf, np, 2), c.BasicLSTMCell(3), 4, 5, embedding_size=2))


def embedding_feeding_previous(tf, np):
    s, c = _seeded(tf)
    w, b = tf.get_variable("w", [3, 5]), tf.get_variable("b", [5])
    return _found(tf, *s.embedding_rnn_seq2seq(
        _classes(tf, np, 3), _classes(tf, np, 3), c.GRUCell(3), 4, 5, 2,
        output_projection=(w, b), feed_previous=True))


def embedding_feeding_a_tensor(tf, np):
    s, c = _seeded(tf)
    feeds = tf.placeholder(tf.bool, [])
    outputs, state = s.embedding_rnn_seq2seq(
        _classes(tf, np, 2), _classes(tf, np, 3), c.BasicLSTMCell(3), 4, 5, 2, feed_previous=feeds)
    return [[v.name for v in tf.global_variables()], type(state).__name__] + [
        run(tf, [outputs, state], {feeds: value}) for value in (True, False)]


def embedding_tied(tf, np):
    s, c = _seeded(tf)
    return _found(tf, *s.embedding_tied_rnn_seq2seq(
        _classes(tf, np, 3), _classes(tf, np, 2), c.GRUCell(3), 5, 2, num_decoder_symbols=4,
        feed_previous=True))


def embedding_tied_feeding_a_tensor(tf, np):
    s, c = _seeded(tf)
    feeds = tf.placeholder(tf.bool, [])
    outputs, state = s.embedding_tied_rnn_seq2seq(
        _classes(tf, np, 2), _classes(tf, np, 3), c.BasicLSTMCell(3), 5, 2, feed_previous=feeds)
    return [[v.name for v in tf.global_variables()], type(state).__name__] + [
        run(tf, [outputs, state], {feeds: value}) for value in (True, False)]


def attention(tf, np):
    s, c = _seeded(tf)
    return _found(tf, *s.embedding_attention_seq2seq(
        _classes(tf, np, 3), _classes(tf, np, 3), c.BasicLSTMCell(3), 4, 5, 2, num_heads=2))


def attention_feeding_previous(tf, np):
    s, c = _seeded(tf)
    w, b = tf.get_variable("w", [3, 5]), tf.get_variable("b", [5])
    return _found(tf, *s.embedding_attention_seq2seq(
        _classes(tf, np, 3), _classes(tf, np, 3), c.GRUCell(3), 4, 5, 2, feed_previous=True,
        output_projection=(w, b), initial_state_attention=True))


def attention_feeding_a_tensor(tf, np):
    s, c = _seeded(tf)
    feeds = tf.placeholder(tf.bool, [])
    outputs, state = s.embedding_attention_seq2seq(
        _classes(tf, np, 2), _classes(tf, np, 2), c.GRUCell(3), 4, 5, 2, feed_previous=feeds)
    return [[v.name for v in tf.global_variables()]] + [
        run(tf, [outputs, state], {feeds: value}) for value in (True, False)]


def attention_decoder(tf, np):
    s, c = _seeded(tf)
    states = tf.stack(_dense(tf, np, 4, 2), 1)
    return _found(tf, *s.attention_decoder(_dense(tf, np, 2), tf.ones([2, 3]), states, c.GRUCell(3),
                                           output_size=4, scope="mine"))  # fmt: skip


def one_to_many(tf, np):
    s, c = _seeded(tf)
    outputs, states = s.one2many_rnn_seq2seq(
        _classes(tf, np, 2), {"a": _classes(tf, np, 2), "b": _classes(tf, np, 3)}, c.GRUCell(3),
        {"a": c.GRUCell(3), "b": c.GRUCell(3)}, 4, {"a": 4, "b": 5}, 2)
    return [[v.name for v in tf.global_variables()]] + run(tf, [outputs, states])


def losses(tf, np):
    s, _ = _seeded(tf)
    logits, targets = _dense(tf, np, 3, size=4), _classes(tf, np, 3)
    weights = [tf.constant(each) for each in ([1.0, 0.0], [1.0, 1.0], [0.5, 0.0])]

    def own(labels, logits):
        return tf.reduce_sum(logits, 1) * tf.cast(labels, tf.float32)

    found = [
        s.sequence_loss_by_example(logits, targets, weights),
        s.sequence_loss_by_example(logits, targets, weights, average_across_timesteps=False),
        s.sequence_loss_by_example(logits, targets, weights, softmax_loss_function=own),
        s.sequence_loss(logits, targets, weights),
        s.sequence_loss(logits, targets, weights, average_across_batch=False, name="mine"),
        s.sequence_loss(logits, targets, weights, False, False),
    ]
    return [[each.name for each in found]] + run(tf, [found, tf.gradients(found[3], logits)])


def buckets(tf, np):
    s, c = _seeded(tf)
    inputs, outputs, targets = (_classes(tf, np, n) for n in (4, 3, 3))
    weights = [tf.ones([2])] * 3

    def model(encoder, decoder):
        return s.embedding_attention_seq2seq(encoder, decoder, c.GRUCell(3), 4, 4, 2)

    found, losses = s.model_with_buckets(inputs, outputs, targets, weights, [(2, 2), (4, 3)], model)
    _, each = s.model_with_buckets(
        inputs, outputs, targets, weights, [(2, 2)],
        lambda *given: s.basic_rnn_seq2seq(
            *[[tf.one_hot(x, 4) for x in each] for each in given], cell=c.GRUCell(4)),
        per_example_loss=True)  # fmt: skip
    return [[v.name for v in tf.global_variables()]] + run(
        tf, [found, losses, each, tf.gradients(losses[1], tf.trainable_variables()[1])])


def refused(tf, np):
    s, c = _seeded(tf)
    x, gru = _dense(tf, np, 2), c.GRUCell(3)
    ones = [tf.ones([2])] * 2
    states, loose = tf.ones([2, 3, 3]), tf.placeholder(tf.float32, [2, 3, None])
    return [
        error(lambda: s.attention_decoder([], tf.ones([2, 3]), states, gru)),
        error(lambda: s.attention_decoder(x, tf.ones([2, 3]), states, gru, num_heads=0)),
        error(lambda: s.attention_decoder(x, tf.ones([2, 3]), loose, gru)),
        error(lambda: s.sequence_loss_by_example(x, x[:1], ones)),
        error(lambda: s.model_with_buckets(x, x, x, ones, [(3, 2)], None)),
        error(lambda: s.model_with_buckets(x, x, x, ones, [(2, 3)], None)),
        error(lambda: s.one2many_rnn_seq2seq(x, {"a": x}, 3, {"a": gru}, 4, {"a": 3}, 2)),
        error(lambda: s.one2many_rnn_seq2seq(x, {"a": x}, gru, {"b": gru}, 4, {"a": 3}, 2)),
    ]  # fmt: skip
