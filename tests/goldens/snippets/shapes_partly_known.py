"""Static shapes by the sizes of a tensor that knows some of them: one size alone is not known."""

from goldens.kit import names


def _given(tf):
    y = tf.placeholder(tf.float32, [3, None, 4], name="y")
    return y, tf.shape(y)


def _shapes(built):
    return [str(each.shape) for each in built]


def one_size(tf, np):
    """A size taken out of the vector is not known, though it stands in the shape."""
    y, sizes = _given(tf)
    first, second = sizes[0], sizes[1]
    return _shapes([
        tf.zeros([first, 2]), tf.zeros([first, second]), tf.zeros([first + 1]), tf.range(first),
        tf.reshape(y, [first, second, 2, 2]), tf.reshape(y, [-1, sizes[-1]]), y[:first, :2],
        tf.tile(tf.zeros([1, 2]), [first, 1]), tf.one_hot([1, 2], first), tf.eye(first),
        tf.random_uniform([first, 4]), tf.nn.rnn_cell.GRUCell(4).zero_state(first, tf.float32),
        tf.zeros(tf.unstack(sizes)), tf.zeros([tf.stack([3, second])[0]]),
    ])  # fmt: skip


def parts(tf, np):
    """Of the vector itself, its slices and what is put together of it, the known sizes are."""
    y, sizes = _given(tf)
    return _shapes([
        tf.zeros(sizes), tf.zeros(sizes[:2]), tf.zeros(sizes[1:]), tf.zeros(sizes[::2]),
        tf.zeros(tf.concat([sizes[:2], [7]], 0)), tf.zeros(tf.stack([3, sizes[1]])),
        tf.reshape(y, tf.concat([sizes[:-1], [2, 2]], 0)), tf.zeros(tf.identity(sizes)),
        tf.zeros(tf.gather(sizes, [0, 2])), tf.zeros(tf.slice(sizes, [0], [2])),
        tf.zeros(sizes[tf.newaxis, :2][0]),
    ])  # fmt: skip


def all_known(tf, np):
    """Where all sizes are known, so is each."""
    sizes = tf.shape(tf.placeholder(tf.float32, [3, 5, 4]))
    return _shapes([tf.zeros([sizes[0], 2]), tf.zeros([sizes[0] * sizes[2]]), tf.eye(sizes[1])])


def nodes_of_sizes(tf, np):
    """What a model asks for sizes where no shape tells them, as that of GPT-2 does."""
    tokens = tf.placeholder(tf.int32, [1, None], name="tokens")
    sizes = tf.shape(tokens)
    place = tf.tile(tf.expand_dims(tf.range(sizes[1]), 0), [sizes[0], 1])
    h = tf.gather(tf.zeros([5, 4]), tokens) + tf.gather(tf.zeros([7, 4]), place)
    dynamic = tf.shape(h)
    asked = [dynamic[i] if n is None else n for i, n in enumerate(h.shape.as_list())]
    return [str(tf.reshape(h, [*asked[:2], 2, 2]).shape), names(tf)]
