"""Connectionist temporal classification: losses, gradients, decoders, and what is refused."""

from goldens.kit import error, run, said, shapes


def _logits(tf, np, *sizes, **options):
    dtype = options.get("dtype", np.float32)
    values = 2 * np.sin(np.arange(np.prod(sizes)) ** 1.3).reshape(sizes)
    return tf.constant(values.astype(dtype))


def _labels(tf, rows):
    places = [[b, t] for b, row in enumerate(rows) for t in range(len(row))]
    values = tf.constant([label for row in rows for label in row], tf.int32)
    return tf.SparseTensor(places, values, [len(rows), max(len(row) for row in rows)])


_ROWS, _LENGTHS = [[0, 1, 1], [2], [1, 0], [0, 0]], [6, 2, 4, 5]


def loss(tf, np):
    found = []
    for dtype in (np.float32, np.float64):
        x = _logits(tf, np, 6, 4, 4, dtype=dtype)
        y = tf.nn.ctc_loss(_labels(tf, _ROWS), x, _LENGTHS)
        found += [y] + tf.gradients(y * y, x)
    return run(tf, found)


def loss_options(tf, np):
    x, labels = _logits(tf, np, 6, 4, 4), _labels(tf, _ROWS)
    turned, loss = tf.transpose(x, [1, 0, 2]), tf.nn.ctc_loss
    made = [
        loss(labels, x, _LENGTHS, preprocess_collapse_repeated=True),
        loss(labels, x, _LENGTHS, ctc_merge_repeated=False),
        loss(labels, x, _LENGTHS, True, False),
        loss(labels, x, [2, 1, 2, 0], ignore_longer_outputs_than_inputs=True),
        loss(labels, turned, _LENGTHS, time_major=False),
        loss(labels=labels, logits=x, sequence_length=_LENGTHS),
        loss(_labels(tf, [[0, 1], [0, 3], [1, 3, 3], [2]]), x, _LENGTHS),
    ]
    return run(tf, [[y] + tf.gradients(y, x) for y in made])


def loss_of_long_sequences(tf, np):
    x = _logits(tf, np, 60, 2, 9) * 3.0
    y = tf.nn.ctc_loss(_labels(tf, [[i % 8 for i in range(25)], [3] * 20]), x, [60, 50])
    found = run(tf, [y] + tf.gradients(y, x))
    return [found[0], found[1] + 100.0]  # they are small differences of sums of float32


def loss_v2(tf, np):
    x, labels = _logits(tf, np, 6, 4, 4), tf.constant([[1, 2, 2], [3, 0, 0], [2, 1, 0], [1, 1, 3]])
    loss = tf.nn.ctc_loss_v2
    return run(
        tf,
        [
            loss(labels, x, [3, 1, 2, 2], _LENGTHS),
            loss(labels, tf.transpose(x, [1, 0, 2]), [3, 1, 2, 2], _LENGTHS, False),
            loss(_labels(tf, _ROWS), x, None, _LENGTHS, blank_index=-1),
            loss(_labels(tf, [[0, 2, 3], [2], [3, 0], [0, 0]]), x, None, _LENGTHS, blank_index=1),
        ],
    )


def greedy_decoder(tf, np):
    x = _logits(tf, np, 9, 3, 4)
    return run(
        tf, [tf.nn.ctc_greedy_decoder(x, [9, 4, 1], merge) for merge in (True, False)]
    )


def beam_search_decoder(tf, np):
    x, search = _logits(tf, np, 9, 3, 4), tf.nn.ctc_beam_search_decoder
    return run(
        tf,
        [
            search(x, [9, 4, 6]),
            search(x, [9, 4, 6], beam_width=4, top_paths=3),
            search(x, [9, 4, 6], beam_width=2, top_paths=2, merge_repeated=False),
            search(x * 0.1, [9, 4, 6], beam_width=10, top_paths=10, merge_repeated=False),
            search(tf.cast(x, tf.float64), [9, 4, 6], top_paths=2),
            tf.nn.ctc_beam_search_decoder_v2(x, [9, 4, 6], 7, 2),
        ],
    )


def collapse_repeated(tf, np):
    labels = tf.constant([[1, 1, 2, 2, 1], [3, 3, 3, 3, 3], [0, 1, 1, 0, 4]])
    unique = tf.nn.ctc_unique_labels(labels)
    return run(tf, [list(tf.nn.collapse_repeated(labels, [5, 3, 4])), list(unique)])


def shapes_and_names(tf, np):
    x, labels = tf.placeholder(tf.float32, [None, 3, 5]), _labels(tf, [[0], [1], [2]])
    y = tf.nn.ctc_loss(labels, x, [1, 1, 1])
    (best,), score = tf.nn.ctc_greedy_decoder(x, [1, 1, 1])
    (first, second), scores = tf.nn.ctc_beam_search_decoder(x, [1, 1, 1], top_paths=2)
    return [
        [y.name, score.name, scores.name, first.values.name, second.dense_shape.name],
        shapes(y, best.indices, best.values, best.dense_shape, score),
        shapes(first.indices, second.values, second.dense_shape, scores),
        [best.values.dtype.name, scores.dtype.name],
    ]


def refused(tf, np):
    x, loss = _logits(tf, np, 4, 2, 4), tf.nn.ctc_loss
    labels = _labels(tf, [[0, 1], [2]])
    unordered = tf.SparseTensor([[0, 1], [0, 0], [1, 0]], tf.constant([0, 1, 1]), [2, 2])
    search = tf.nn.ctc_beam_search_decoder
    y = loss(labels, x, [4, 3])

    def ran(build, *parts):
        return said(lambda: run(tf, build()), *parts)

    return [
        ran(lambda: loss(labels, x, [1, 3]), "Not enough time for target transition sequence"),
        ran(lambda: loss(labels, x, [5, 3]), "sequence_length(0) <= 4"),
        ran(lambda: loss(_labels(tf, [[0], []]), x, [4, 3]), "Labels length is zero in batch 1"),
        ran(lambda: loss(_labels(tf, [[3, 1], [1]]), x, [4, 3]), "Saw a non-null label"),
        ran(lambda: loss(_labels(tf, [[-1, 1], [1]]), x, [4, 3]), "must be nonnegative integers"),
        ran(lambda: loss(unordered, x, [4, 3]), "label SparseTensor is not valid"),
        said(lambda: loss([1], x, [4, 3]), "to be a SparseTensor"),
        said(lambda: loss(labels, x, [4, 3, 2]), "Dimensions must be equal, but are 2 and 3"),
        said(lambda: loss(labels, x[0], [4, 3]), "must be rank 3 but is rank 2"),
        error(lambda: loss(labels, tf.cast(x, tf.float16), [4, 3])),
        error(lambda: tf.gradients(tf.gradients(y, x), x)),
        ran(lambda: search(x, [4, 3], 2, 3)[1], "requested more paths than the beam width"),
        ran(lambda: search(x, [1, 1], 20, 10)[1], "Less leaves in the beam search than requested"),
        error(lambda: tf.nn.ctc_loss_v2(labels, x, None, [4, 3])),
    ]
