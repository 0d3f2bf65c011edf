"""tf.contrib.crf: scores, likelihoods and their gradients, the best tags."""

_SHAPE = (3, 5, 4)
_LENGTHS = (5, 3, 1)


def _numbers(np, shape=_SHAPE):
    rng = np.random.RandomState(3)
    inputs = rng.randn(*shape).astype(np.float32)
    transitions = rng.randn(shape[2], shape[2]).astype(np.float32)
    return inputs, rng.randint(0, shape[2], shape[:2]).astype(np.int32), transitions


def _tensors(tf, np, shape=_SHAPE):
    return [tf.constant(each) for each in _numbers(np, shape)]


def _run(tf, fetches):
    with tf.Session() as sess:
        return sess.run(fetches)


def scores(tf, np):
    crf = tf.contrib.crf
    inputs, tags, transitions = _tensors(tf, np)
    made = []
    for lengths in (tf.constant(_LENGTHS), tf.constant([0, 2, 4], tf.int64)):
        made += [
            crf.crf_unary_score(tags, lengths, inputs),
            crf.crf_binary_score(tags, lengths, transitions),
            crf.crf_sequence_score(inputs, tags, lengths, transitions),
            crf.crf_log_norm(inputs, lengths, transitions),
            crf.crf_log_likelihood(inputs, tags, lengths, transitions)[0],
        ]
    return _run(tf, made)


def gradients(tf, np):
    inputs, tags, transitions = _tensors(tf, np)
    found, _ = tf.contrib.crf.crf_log_likelihood(inputs, tags, tf.constant(_LENGTHS), transitions)
    return _run(tf, tf.gradients(tf.reduce_mean(-found), [inputs, transitions]))


def single_steps(tf, np):
    crf = tf.contrib.crf
    inputs, tags, transitions = _tensors(tf, np, (3, 1, 4))
    lengths = tf.constant([1, 0, 1])
    made = [
        crf.crf_sequence_score(inputs, tags, lengths, transitions),
        crf.crf_log_norm(inputs, lengths, transitions),
        crf.crf_decode(inputs, transitions, lengths),
    ]
    return _run(tf, made)


def unknown_shapes(tf, np):
    crf = tf.contrib.crf
    x = tf.placeholder(tf.float32, [None, None, 4])
    y, n = tf.placeholder(tf.int32, [None, None]), tf.placeholder(tf.int32, [None])
    _, _, transitions = _tensors(tf, np)
    likelihood, _ = crf.crf_log_likelihood(x, y, n, transitions)
    made = [likelihood, *crf.crf_decode(x, transitions, n), *tf.gradients(likelihood, [x])]
    found = []
    with tf.Session() as sess:
        for shape, lengths in ((_SHAPE, _LENGTHS), ((2, 1, 4), (1, 1)), ((1, 2, 4), (2,))):
            inputs, tags, _ = _numbers(np, shape)
            found.append(sess.run(made, {x: inputs, y: tags, n: lengths}))
    return found


def decode(tf, np):
    inputs, _, transitions = _numbers(np)
    tags, scores = tf.contrib.crf.crf_decode(
        tf.constant(inputs), tf.constant(transitions), tf.constant([5, 5, 5])
    )
    by_array = [tf.contrib.crf.viterbi_decode(each, transitions) for each in inputs]
    return _run(tf, [tags, scores]) + [
        [[int(tag) for tag in best], float(score)] for best, score in by_array
    ]


def decode_shorter(tf, np):
    inputs, _, transitions = _numbers(np)
    tags, scores = tf.contrib.crf.crf_decode(
        tf.constant(inputs), tf.constant(transitions), tf.constant(_LENGTHS)
    )
    found, best = _run(tf, [tags, scores])
    return [[list(map(int, row[:n])) for row, n in zip(found, _LENGTHS)], best, str(tags.shape)]


def several_tags(tf, np):
    inputs, tags, transitions = _tensors(tf, np)
    allowed = tf.one_hot(tags, 4, on_value=True, off_value=False, dtype=tf.bool)
    wider = tf.logical_or(allowed, tf.greater(inputs, 0.5))
    score = tf.contrib.crf.crf_multitag_sequence_score
    lengths = tf.constant(_LENGTHS)
    return _run(tf, [score(inputs, each, lengths, transitions) for each in (allowed, wider)])


def variable(tf, np):
    inputs, tags, _ = _tensors(tf, np)
    with tf.variable_scope("crf"):
        _, kept = tf.contrib.crf.crf_log_likelihood(inputs, tags, tf.constant(_LENGTHS))
    return [kept.name, str(kept.shape), [v.name for v in tf.trainable_variables()]]
