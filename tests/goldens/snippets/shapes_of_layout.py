"""Static shapes of the functions that cut, join and lay out arrays anew."""

from goldens.kit import accepted, attempt, error, said, shape, shapes


def _free(tf, *dims):
    return tf.placeholder(tf.float32, list(dims) if dims else None)


def concat(tf, np):
    x, y = _free(tf, None, 3), _free(tf, 5, 3)
    return shapes(
        tf.concat([x, y], 0),
        tf.concat([x, y], 1),
        tf.concat([x, _free(tf)], 1),
        tf.concat([x, y, y], -1),
        tf.concat([x], 0),
        tf.concat([_free(tf), _free(tf)], 0),
    )


def concat_refused(tf, np):
    x = _free(tf, 2, 3)
    return [
        error(lambda: tf.concat([x, _free(tf, 2, 4)], 0)),
        error(lambda: tf.concat([x, _free(tf, 3)], 0)),
        error(lambda: tf.concat([x, x], 2)),
        error(lambda: tf.concat([], 0)),
        error(lambda: tf.concat([x, tf.zeros([2, 3], tf.int32)], 0)),
    ]


def stack(tf, np):
    x = _free(tf, None, 3)
    return shapes(
        tf.stack([x, x]),
        tf.stack([x, _free(tf, 5, 3)], 1),
        tf.stack([x, x], -1),
        tf.stack([_free(tf), x]),
        tf.stack([1, 2]),
    )


def stack_refused(tf, np):
    return [
        error(lambda: tf.stack([_free(tf, 2), _free(tf, 3)])),
        error(lambda: tf.stack([_free(tf, 2), _free(tf, 2)], 2)),
        error(lambda: tf.stack([_free(tf, 2), tf.zeros([2], tf.int32)])),
    ]


def unstack(tf, np):
    x = _free(tf, None, 3)
    return [
        shapes(*tf.unstack(x, axis=1)),
        len(tf.unstack(x, 2)),
        said(lambda: tf.unstack(x), "Cannot infer num from shape"),
        error(lambda: tf.unstack(x, 2, axis=1)),
        error(lambda: tf.unstack(x, axis=2)),
    ]


def split(tf, np):
    x = _free(tf, None, 6)
    return [
        shapes(*tf.split(x, 3, 1)),
        shapes(*tf.split(x, [1, 2, 3], 1)),
        shapes(*tf.split(x, 2)),
        shapes(*tf.split(x, [2, -1], 1)),
        error(lambda: tf.split(x, 4, 1)),
        error(lambda: tf.split(x, [1, 2], 1)),
    ]


def slices(tf, np):
    x = _free(tf, None, 6)
    return shapes(
        tf.slice(x, [0, 1], [-1, 2]),
        tf.slice(x, [0, 1], [3, -1]),
        x[0],
        x[:, 0],
        x[:, 1:3],
        x[2:],
        x[:5],
        x[..., -1],
        x[:, tf.newaxis],
        x[:, ::2],
        x[:, ::-1],
        x[..., None],
        x[-1],
        x[:, -2:],
        x[1:1],
    )


def slices_known(tf, np):
    x = _free(tf, 4, 6)
    return shapes(x[1:], x[:10], x[3:1], x[::3, 1], x[-3:-1], x[None, ..., 2:], x[0, 1])


def slices_of_unknown_rank(tf, np):
    x = _free(tf)
    return shapes(x[0], x[1:], tf.slice(x, [0, 0], [1, 2]))


def slices_refused(tf, np):
    x = _free(tf, 2, 3)
    return [
        said(lambda: x[2], "slice index 2 of dimension 0 out of bounds"),
        error(lambda: x[0, 0, 0]),
        error(lambda: x[..., ...]),
        error(lambda: x["a"]),
        error(lambda: x[1.0]),
        accepted(tf, lambda: tf.slice(tf.zeros([2, 3]), [0, 0], [3, 1])),
        accepted(tf, lambda: tf.zeros([2, 3])[[0, 1]]),
    ]


def gather(tf, np):
    x, i = _free(tf, 5, 3), tf.placeholder(tf.int32, [None, 2])
    return shapes(
        tf.gather(x, [0, 1]),
        tf.gather(x, 0),
        tf.gather(x, i),
        tf.gather(x, i, axis=1),
        tf.gather(_free(tf), i),
        tf.nn.embedding_lookup(x, i),
        tf.gather_nd(x, i),
        tf.gather_nd(x, [[0]]),
        tf.gather_nd(x, [1, 2]),
    )


def one_hot(tf, np):
    labels = tf.placeholder(tf.int32, [None])
    return shapes(
        tf.one_hot(labels, 10),
        tf.one_hot(3, 10),
        tf.one_hot(labels, 10, axis=0),
        tf.one_hot(labels, tf.placeholder(tf.int32, [])),
        tf.one_hot([[1, 2]], 4, axis=1),
    )


def transpose(tf, np):
    x = _free(tf, None, 3, 4)
    return shapes(
        tf.transpose(x),
        tf.transpose(x, [1, 0, 2]),
        tf.transpose(_free(tf)),
        tf.transpose(_free(tf), [1, 0]),
        tf.matrix_transpose(x),
    )


def transpose_refused(tf, np):
    x = _free(tf, 2, 3)
    return [
        error(lambda: tf.transpose(x, [0])),
        error(lambda: tf.transpose(x, [0, 2])),
        accepted(tf, lambda: tf.transpose(tf.zeros([2, 3]), [0, 0])),
    ]


def tile_and_pad(tf, np):
    x = _free(tf, None, 3)
    return shapes(
        tf.tile(x, [2, 2]),
        tf.tile(x, tf.placeholder(tf.int32, [2])),
        tf.pad(x, [[1, 1], [0, 2]]),
        tf.pad(x, tf.placeholder(tf.int32, [2, 2])),
    )


def reshape(tf, np):
    x = _free(tf, None, 6)
    return shapes(
        tf.reshape(x, [-1]),
        tf.reshape(x, [-1, 2, 3]),
        tf.reshape(x, [4, -1]),
        tf.reshape(tf.zeros([4, 6]), [-1, 8]),
        tf.reshape(x, [2, 3]),
        tf.reshape(_free(tf), [-1, 28, 28, 1]),
    ) + [attempt(lambda: shape(tf.reshape(x, [])))]


def reshape_by_shapes(tf, np):
    x = _free(tf, None, 6)
    n = tf.shape(x)[0]
    return shapes(
        tf.reshape(x, tf.shape(x)),
        tf.reshape(x, [n, 2, 3]),
        tf.reshape(x, [n, -1]),
        tf.reshape(x, tf.stack([n, 3, 2])),
        tf.reshape(x, tf.placeholder(tf.int32, [3])),
        tf.reshape(x, tf.placeholder(tf.int32)),
        tf.reshape(x, tf.concat([[n], [6]], 0)),
        tf.reshape(x, [n * 2, 3]),
    )


def reshape_refused(tf, np):
    x = tf.zeros([4, 6])
    return [
        said(lambda: tf.reshape(x, [5, 5]), "Cannot reshape a tensor with 24 elements to shape"),
        error(lambda: tf.reshape(x, [-1, 7])),
        shape(tf.reshape(_free(tf, None, 6), [-1, 5])),
        error(lambda: tf.reshape(x, [2.0])),
    ]


def zeros_of_run_time_shape(tf, np):
    n = tf.shape(_free(tf, None, 6))[0]
    return shapes(
        tf.zeros([n, 3]),
        tf.zeros(tf.stack([n, 3])),
        tf.fill([n, 2], 1.0),
        tf.ones(tf.placeholder(tf.int32, [2])),
        tf.random_normal([n, 4]),
        tf.zeros(tf.placeholder(tf.int32)),
    )


def expand_dims(tf, np):
    x = _free(tf, None, 3)
    return shapes(
        tf.expand_dims(x, 0),
        tf.expand_dims(x, 1),
        tf.expand_dims(x, -1),
        tf.expand_dims(_free(tf), 0),
        tf.expand_dims(x, dim=2),
    ) + [error(lambda: tf.expand_dims(x, 3))]


def squeeze(tf, np):
    x = _free(tf, 1, None, 1, 3)
    return shapes(
        tf.squeeze(tf.zeros([1, 2, 1])),
        tf.squeeze(x),
        tf.squeeze(x, [0]),
        tf.squeeze(x, [0, -2]),
        tf.squeeze(x, 1),
        tf.squeeze(_free(tf)),
        tf.squeeze(x, squeeze_dims=[2]),
    ) + [error(lambda: tf.squeeze(x, [3]))]


def where(tf, np):
    x = _free(tf, None, 3)
    return shapes(
        tf.where(x > 0.0),
        tf.where(x > 0.0, x, x),
        tf.where(_free(tf, None) > 0.0, x, x),
        tf.boolean_mask(x, tf.placeholder(tf.bool, [None])),
    )
