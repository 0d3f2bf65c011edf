"""Arrays taken apart, laid out and put together otherwise: values, shapes, types, refusals."""

from goldens.kit import accepted, attempt, error, run, shape, shapes


def partitions(tf, np):
    parts = tf.dynamic_partition([10.0, 20.0, 30.0], [1, 0, 1], 3)
    p = tf.placeholder(tf.int32, [None])
    q = tf.dynamic_partition(tf.zeros([4, 2]), [0, 0, 1, 1], 2)
    return [
        run(tf, parts),
        shapes(*parts, *q),
        error(lambda: tf.dynamic_partition([1, 2, 3], [0, 1], 2)),
        error(lambda: tf.dynamic_partition([1, 2], [0, 1], 0)),
        error(lambda: tf.dynamic_partition([1, 2], tf.constant([0, 1], tf.int64), 2)),
        attempt(lambda: run(tf, tf.dynamic_partition([1, 2], p, 2), {p: [0, 2]})),
        attempt(lambda: run(tf, tf.dynamic_partition([1, 2], p, 2), {p: [0, -1]})),
        run(tf, tf.dynamic_partition(["a", "b", "c"], [0, 1, 0], 2)),
    ]


def partition_gradients(tf, np):
    x = tf.placeholder(tf.float64, [4, 2])
    parts = tf.dynamic_partition(x, [1, 0, 1, 1], 2)
    y = tf.reduce_sum(parts[0] ** 2) + tf.reduce_sum(parts[1] ** 3)
    return run(tf, tf.gradients(y, x), {x: np.arange(8.0).reshape(4, 2)})


def stitches(tf, np):
    p = tf.placeholder(tf.int32, [2])
    found = tf.dynamic_stitch([[0, 2], [1, 3]], [[1.0, 2.0], [3.0, 4.0]])
    rows = tf.dynamic_stitch([p, 1], [[[1, 2], [3, 4]], [5, 6]])
    return [
        run(tf, found),
        shapes(found, rows),
        run(tf, rows, {p: [0, 2]}),
        run(tf, tf.dynamic_stitch([[0, 1], [1, 0]], [[1, 2], [3, 4]])),
        error(lambda: tf.dynamic_stitch([[0, 1]], [[1, 2, 3]])),
        error(lambda: tf.dynamic_stitch([[0], [1]], [[1]])),
        error(lambda: tf.dynamic_stitch(0, [1])),
        error(lambda: tf.dynamic_stitch([[0], [1]], [[1.0], tf.constant([2])])),
        attempt(lambda: run(tf, tf.dynamic_stitch([p], [[1, 2]]), {p: [0, -1]})),
    ]


def stitch_gradients(tf, np):
    a, b = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.float32, [3])
    y = tf.dynamic_stitch([[0, 2], [1, 3, 2]], [a, b])
    dy = tf.constant([1.0, 2.0, 3.0, 4.0])
    return run(tf, tf.gradients(y, [a, b], dy), {a: [1, 2], b: [3, 4, 5]})


def different_ones(tf, np):
    found = tf.unique_with_counts([5, 3, 5, 7, 3])
    diff = tf.setdiff1d([1, 2, 3, 4, 2], [2, 5], tf.int64)
    return [
        run(tf, list(found)),
        run(tf, list(tf.unique_with_counts(["b", "a", "b"], tf.int64))),
        run(tf, list(diff)),
        run(tf, list(tf.setdiff1d(["a", "b"], ["b"]))),
        shapes(*found, *diff),
        list(found._fields), list(diff._fields),
        accepted(tf, lambda: tf.unique_with_counts([[1]])[0]),
        accepted(tf, lambda: tf.setdiff1d([1], [[1]])[0]),
        error(lambda: tf.setdiff1d([1], [1.0])),
        error(lambda: tf.gradients(tf.setdiff1d([1.0, 2.0], [1.0])[0], tf.constant([1.0]))),
    ]


def depth(tf, np):
    x = tf.constant(np.arange(32.0).reshape(1, 4, 4, 2))
    p = tf.placeholder(tf.float32, [None, None, 6, 3])
    return [
        run(tf, [tf.space_to_depth(x, 2), tf.depth_to_space(tf.reshape(x, [1, 2, 2, 8]), 2)]),
        shapes(tf.space_to_depth(p, 2), tf.depth_to_space(tf.placeholder(tf.int32), 2)),
        run(tf, tf.gradients(tf.space_to_depth(x, 4) ** 2, x)),
        error(lambda: tf.space_to_depth(x, 3)),
        error(lambda: tf.space_to_depth(x, 1)),
        error(lambda: tf.depth_to_space(x, 2)),
        error(lambda: tf.space_to_depth(x[0], 2)),
        run(tf, tf.nn.space_to_depth(tf.cast(x, tf.uint8), 2)),
    ]


def batches_of_blocks(tf, np):
    x = tf.constant(np.arange(24.0, dtype=np.float32).reshape(1, 4, 6, 1))
    p = tf.placeholder(tf.float32, [None, None, 6, 3])
    b = tf.placeholder(tf.int32, [2])
    around = [[0, 0], [1, 2]]
    blocks = tf.space_to_batch_nd(x, [2, 3], around)
    return [
        run(tf, [blocks, tf.batch_to_space_nd(blocks, [2, 3], around)]),
        run(tf, tf.space_to_batch(x, [[1, 1], [2, 0]], 2)),
        run(tf, tf.space_to_batch(x, [[0, 0], [0, 0]], block_shape=2)),
        run(tf, tf.batch_to_space(tf.reshape(x, [4, 2, 3, 1]), [[1, 0], [0, 2]], 2)),
        run(tf, tf.space_to_batch_nd([[1, 2, 3, 4]], [2], [[0, 2]])),
        run(tf, tf.space_to_batch_nd(x, np.zeros([0], np.int32), np.zeros([0, 2], np.int32))),
        shapes(tf.space_to_batch_nd(p, [2, 3], [[0, 1], [1, 2]]),
               tf.space_to_batch_nd(p, b, around),
               tf.batch_to_space_nd(p, [2, 1], [[0, 1], [1, 2]]), tf.space_to_batch(p, around, 3)),
        error(lambda: tf.space_to_batch_nd(x, [3, 3], around)),
        error(lambda: tf.space_to_batch_nd(x, [0, 3], around)),
        error(lambda: tf.space_to_batch_nd(x, [2, 3], [[0, -1], [1, 2]])),
        error(lambda: tf.batch_to_space_nd(x, [2, 3], around)),
        error(lambda: tf.space_to_batch_nd(x[0, 0, 0], [2, 3], around)),
        attempt(lambda: run(tf, tf.space_to_batch_nd(x, b, around), {b: [3, 3]})),
        run(tf, tf.gradients(blocks**2, x)),
    ]  # fmt: skip


def required_paddings(tf, np):
    p = tf.placeholder(tf.int32, [2])
    padded = tf.required_space_to_batch_paddings([5, 7], [2, 3], [[0, 1], [2, 3]])
    free = tf.required_space_to_batch_paddings(p, [2, 3])
    return [
        run(tf, list(padded)), run(tf, list(free), {p: [5, 6]}), shapes(*padded, *free),
        run(tf, list(tf.required_space_to_batch_paddings(np.zeros(0, np.int32),
                                                         np.zeros(0, np.int32)))),
        error(lambda: tf.required_space_to_batch_paddings([5], [2, 3])),
    ]  # fmt: skip


def patches(tf, np):
    x = tf.constant(np.arange(36.0).reshape(1, 6, 6, 1))

    def taken(images, size, stride, rate, padding):
        four = [[1, n, n, 1] for n in (size, stride, rate)]
        return tf.extract_image_patches(images, *four, padding)

    return [
        run(tf, [taken(x, 2, 2, 1, "VALID"), taken(x, 3, 2, 1, "SAME"), taken(x, 2, 3, 2, "SAME")]),
        accepted(tf, lambda: taken(x, 7, 1, 1, "VALID")),
        error(lambda: taken(x, 2, 1, 1, "FULL")),
        error(lambda: taken(x[0], 2, 1, 1, "SAME")),
        error(lambda: tf.extract_image_patches(x, [1, 2], [1, 1, 1, 1], [1, 1, 1, 1], "SAME")),
        run(tf, tf.gradients(taken(x, 3, 2, 1, "SAME") ** 2, x)),
        run(tf, tf.gradients(taken(x, 2, 3, 2, "SAME") ** 2, x)),
        run(tf, tf.gradients(taken(x, 2, 2, 1, "VALID") ** 2, x)),
    ]


def volumes(tf, np):
    x = tf.constant(np.arange(48.0, dtype=np.float32).reshape(1, 3, 4, 4, 1))
    twos, ones = [1, 2, 2, 2, 1], [1, 1, 1, 1, 1]
    return [
        run(tf, [tf.extract_volume_patches(x, twos, twos, "SAME"),
                 tf.extract_volume_patches(x, twos, ones, "VALID")]),
        run(tf, tf.gradients(tf.extract_volume_patches(x, twos, twos, "SAME") ** 2, x)),
        run(tf, tf.gradients(tf.extract_volume_patches(x, twos, ones, "VALID") ** 2, x)),
    ]  # fmt: skip


def reversed_sequences(tf, np):
    x = tf.constant(np.arange(12.0).reshape(3, 4))
    n = tf.placeholder(tf.int64, [None])
    return [
        run(tf, tf.reverse_sequence(x, [0, 4, 3], seq_axis=1)),
        run(tf, tf.reverse_sequence(x, [0, 1, 2, 3], seq_dim=0, batch_dim=1)),
        run(tf, tf.reverse_sequence(tf.reshape(x, [3, 2, 2]), [1, 2, 2], 2, 0)),
        shape(tf.reverse_sequence(tf.placeholder(tf.int32), n, 1)),
        attempt(lambda: run(tf, tf.reverse_sequence(x, n, 1), {n: [1, 5, 0]})),
        attempt(lambda: run(tf, tf.reverse_sequence(x, n, 1), {n: [1, -1, 0]})),
        error(lambda: tf.reverse_sequence(x, [1, 2], 1)),
        error(lambda: tf.reverse_sequence(x, [1, 2, 3], 2)),
        error(lambda: tf.reverse_sequence(x, [1.0, 2.0, 3.0], 1)),
        error(lambda: tf.reverse_sequence(x, [1, 2, 3])),
        run(tf, tf.gradients(tf.reverse_sequence(x, [0, 4, 3], 1) * np.arange(12.0).reshape(3, 4),
                             x)),
    ]  # fmt: skip


def bitcasts(tf, np):
    x = tf.constant([1.0, -2.0])
    p = tf.placeholder(tf.uint8, [None, 4])
    return [
        run(tf, [tf.bitcast(x, tf.int32), tf.bitcast(x, tf.uint8), tf.bitcast(x, tf.float64)]),
        run(tf, tf.bitcast(np.array([[1, 2]], np.int64), tf.int32)),
        shapes(tf.bitcast(p, tf.float32), tf.bitcast(p, tf.int8),
               tf.bitcast(tf.placeholder(tf.int16, [3, None]), tf.int32)),
        error(lambda: tf.bitcast(np.zeros([2, 3], np.uint8), tf.float32)),
        error(lambda: tf.bitcast(1.0, tf.float64)),
        error(lambda: tf.bitcast(x, tf.string)),
        error(lambda: tf.bitcast([True], tf.int8)),
    ]  # fmt: skip


def unraveled(tf, np):
    return [
        run(tf, tf.unravel_index([22, 41, 37], [7, 6])), run(tf, tf.unravel_index(22, (7, 6))),
        run(tf, tf.unravel_index(tf.constant([5, 11], tf.int64),
                                 tf.constant([2, 3, 2], tf.int64))),
        error(lambda: tf.unravel_index([1.0], [7, 6])),
    ]  # fmt: skip


def repeats(tf, np):
    x, y = tf.constant([[1, 2], [3, 4]]), tf.constant([1.0, 2.0])
    n = tf.placeholder(tf.int32, [None])
    found = [tf.repeat(x, 2), tf.repeat(x, 2, axis=0), tf.repeat(x, [1, 3], axis=0),
             tf.repeat(x, [2, 0], axis=-1), tf.repeat(3, 4),
             tf.repeat(["a", "b"], [1, 2])]  # fmt: skip
    return [
        run(tf, found), shapes(*found),
        run(tf, tf.repeat(x, n, axis=1), {n: [3, 1]}),
        error(lambda: tf.repeat(x, [1, 2, 3], axis=0)),
        error(lambda: tf.repeat(x, 2, axis=2)),
        run(tf, tf.gradients(tf.repeat(y, [2, 3]) * [1.0, 2.0, 3.0, 4.0, 5.0], y)),
    ]  # fmt: skip


def sorts(tf, np):
    x = tf.constant([[3.0, 1.0, 2.0], [1.0, 1.0, 5.0]])
    found = [tf.sort(x), tf.sort(x, axis=0), tf.sort(x, -1, "DESCENDING"), tf.argsort(x),
             tf.argsort(x, 0, "DESCENDING"), tf.argsort(x, stable=True), tf.sort([3, -1, 2])]
    u = tf.placeholder(tf.float32)
    return [
        run(tf, found), shapes(*found),
        run(tf, tf.sort(u, 1), {u: [[[2, 1], [1, 2]]]}),
        run(tf, tf.sort(u, -2), {u: [[[2, 1], [1, 2]]]}),
        error(lambda: tf.sort(x, direction="UP")),
        error(lambda: tf.sort(x, axis=2)),
        error(lambda: tf.sort(x, axis=tf.placeholder(tf.int32, []))),
        error(lambda: tf.sort(x, axis=[0])),
        error(lambda: tf.sort(np.uint8([1, 2]))),
        run(tf, tf.gradients(tf.sort(x, axis=0) * [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], x)),
        run(tf, tf.sort(np.array([np.nan, 1.0, np.inf, -np.inf])[1:])),
    ]  # fmt: skip


def searches(tf, np):
    s, v = tf.constant([[0, 3, 9, 9, 10], [1, 2, 3, 4, 5]]), tf.constant([[2, 4, 9], [0, 2, 6]])
    found = [tf.searchsorted(s, v), tf.searchsorted(s, v, "right", tf.int64),
             tf.searchsorted([1.0, 2.0], [0.5, 1.0, 3.0]),
             tf.searchsorted([[[1, 2]], [[3, 4]]], [[[2]], [[5]]])]  # fmt: skip
    return [
        run(tf, found), shapes(*found),
        error(lambda: tf.searchsorted(s, v, "middle")),
        accepted(tf, lambda: tf.searchsorted(s, [[1]])),
        error(lambda: tf.searchsorted(1.0, [1.0])),
    ]


def shapes_of_many(tf, np):
    p = tf.placeholder(tf.float32, [None, 3])
    found = tf.shape_n([p, tf.constant(1.0)], tf.int64)
    return [run(tf, found, {p: np.zeros([2, 3])}), shapes(*found), error(lambda: tf.shape_n(p))]


def where_with_broadcasting(tf, np):
    c = tf.constant([True, False])
    x, y = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([[5.0], [6.0]])
    z = tf.where_v2(c, x, y)
    return [
        run(tf, [z, tf.where_v2(c, 1, 2), tf.where_v2([0, 3, 0]), tf.where_v2(c, x, 0.0)]),
        shapes(z, tf.where_v2(tf.placeholder(tf.bool), x, y)),
        error(lambda: tf.where_v2(c, x)),
        error(lambda: tf.where_v2([True] * 3, x, y)),
        run(tf, tf.gradients(z**2, [x, y])),
    ]


def guaranteed(tf, np):
    x = tf.constant([1.0])
    y = tf.guarantee_const(x)
    return [run(tf, y), y.op.type, error(lambda: tf.gradients(y, x))]
