"""Parts of ragged tensors: by index, by slice, by condition; and what arranges them anew."""

from goldens.kit import error, run, shapes
from goldens.snippets.ragged import _ran, _tensor


def _rows(tf):
    return tf.ragged.constant([[1, 2, 3, 4], [], [5, 6], [7]])


def indexed(tf, np):
    x, deep = _rows(tf), _tensor(tf)
    pairs = tf.ragged.constant([[[1, 2]], [], [[3, 4], [5, 6]]], ragged_rank=1)
    one, two = tf.constant(1), tf.placeholder_with_default(2, [])
    several = [
        x[0], x[-1], x[0, 2], x[two], x[two, -1], x[1:], x[:2], x[::2], x[::-1], x[3:1:-1], x[0:0],
        x[7:], x[:, 1:], x[:, :2], x[:, -2:], x[:, :-1], x[:, ::2], x[1:, 1:], x[:, two:],
        x[:, : -one], x[:, 0:], x[...], x[..., 1:], x[0, ...], x[tf.newaxis], x[:, tf.newaxis],
        x[..., tf.newaxis], x[0, tf.newaxis], x[tf.newaxis, 1:], deep[0], deep[0, 0], deep[2, 0, 0],
        deep[:, :1], deep[:, :, 1:], deep[0, :, 1:], deep[::2, 0:1], deep[..., :1], pairs[:, :, 1],
        pairs[:, 0:1, ::-1], pairs[2, 1], pairs[..., 0], pairs[:, :, tf.newaxis], x[[1]], x[[0, 1]],
        x[(2, 1)], x[np.int64(2)],
    ]  # fmt: skip
    return [
        _ran(tf, several), shapes(x[0], x[1:], x[:, 1:], deep[0], pairs[2], x[..., tf.newaxis]),
        error(lambda: x[:, 0]), error(lambda: deep[:, 0]), error(lambda: x["a"]),
        error(lambda: x[1.5]), error(lambda: x[:, "a":]), error(lambda: x[x > 2]),
        error(lambda: x[0, 0, 0]), error(lambda: x[..., 0, 0, 0, 0]), error(lambda: x[:, ::0.5]),
        error(lambda: run(tf, x[two + 2])), error(lambda: run(tf, x[0, 4])),
        error(lambda: run(tf, x[:, ::0])),
    ]  # fmt: skip


def gathered(tf, np):
    x, deep = _rows(tf), _tensor(tf)
    table = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    ids = tf.ragged.constant([[2, 0], [], [1]])
    several = [
        tf.gather(x, [2, 0, 2]), tf.gather(x, [[3, 1], [0, 0]]), tf.gather(deep, [2, 0]),
        tf.gather(deep, 0), tf.gather(x, tf.constant([1], tf.int64)), tf.gather(table, ids),
        tf.gather(x, ids), tf.gather(x, np.zeros([0], np.int32)), tf.gather(x, [[[0]]]),
        tf.gather_nd(x, [[2], [0]]), tf.gather_nd(x, [[0, 1], [2, 1]]), tf.gather_nd(deep, [2, 0]),
        tf.gather_nd(deep, [[0, 0, 1], [2, 0, 0]]), tf.gather_nd(x, [[[0, 3]], [[3, 0]]]),
        tf.gather_nd(table, tf.ragged.constant([[[0, 1]], [], [[2, 0], [1, 1]]], ragged_rank=1)),
        tf.gather_nd(deep, [[[0, 0], [0, 2]], [[2, 0], [2, 0]]]),
        tf.gather_nd(x, np.zeros([2, 0], np.int32)),
        tf.batch_gather(x, tf.ragged.constant([[3, 0], [], [1], [0]])),
        tf.batch_gather(tf.ragged.constant([["a"], ["b", "c"]]), [[0, 0], [1, 0]]),
        tf.batch_gather(table, ids - tf.ragged.constant([[1, 0], [], [0]])),
        tf.batch_gather(deep, tf.ragged.constant([[[1], [], [0, 0]], [], [[0]]])),
        tf.batch_gather(x, [1, 0]),
    ]
    return [
        _ran(tf, several), error(lambda: tf.gather(x, [0], axis=1)),
        error(lambda: tf.gather(x, [[0]], batch_dims=1)),
        error(lambda: tf.gather_nd(x, ids)),
        error(lambda: tf.batch_gather([1, 2], ids)), error(lambda: tf.batch_gather(x, 0)),
        error(lambda: run(tf, tf.gather(x, [4]))), error(lambda: run(tf, tf.gather(x, [-1]))),
        error(lambda: run(tf, tf.gather(table, ids + 1))),
        error(lambda: tf.gather(x, ids.with_row_splits_dtype(tf.int32))),
    ]


def arranged(tf, np):
    x, deep = _rows(tf), _tensor(tf)
    ones = tf.ragged.constant([[[1]], [[2]]])
    pairs = tf.ragged.constant([[[1, 2]], [], [[3, 4], [5, 6]]], ragged_rank=1)
    several = [
        tf.tile(x, [2, 1]), tf.tile(x, [1, 2]), tf.tile(x, [2, 3]), tf.tile(deep, [1, 2, 1]),
        tf.tile(deep, [2, 1, 2]), tf.tile(deep, [1, 2, 3]), tf.tile(pairs, [1, 2, 2]),
        tf.tile(x, tf.placeholder_with_default([1, 2], [2])), tf.tile(x, [1, 0]),
        tf.expand_dims(x, 0), tf.expand_dims(x, 1), tf.expand_dims(x, -1), tf.expand_dims(deep, 2),
        tf.expand_dims(deep, axis=-1), tf.expand_dims(pairs, 3), tf.expand_dims(x, dim=1),
        tf.squeeze(ones, 1), tf.squeeze(ones, [1, 2]), tf.squeeze(tf.expand_dims(x, -1), 2),
        tf.squeeze(tf.expand_dims(x, 0), [0]), tf.squeeze(tf.expand_dims(x, 1), squeeze_dims=[1]),
        tf.squeeze(tf.ragged.constant([[5]]), [0, 1]), tf.size(deep), tf.rank(deep), tf.rank(pairs),
        tf.size(x, out_type=tf.int64), tf.one_hot(x, 8), tf.one_hot(x, 2, "a", "b"),
        tf.one_hot(x, 9, axis=-1, dtype=tf.int32),
    ]  # fmt: skip
    return [
        _ran(tf, several), shapes(*several[9:15]), error(lambda: tf.squeeze(x)),
        error(lambda: run(tf, tf.squeeze(x, 1))), error(lambda: run(tf, tf.squeeze(x, 0))),
        error(lambda: tf.squeeze(x, tf.constant(0))),
        error(lambda: tf.expand_dims(x, 4)), error(lambda: tf.tile(x, [[1]])),
        error(lambda: tf.one_hot(x, 3, axis=0)), error(lambda: tf.expand_dims(x, tf.constant(0))),
    ]


def chosen(tf, np):
    R, x, deep = tf.ragged, _rows(tf), _tensor(tf)
    mask = R.constant([[True, False, True, False], [], [False, True], [False]])
    several = [
        tf.where(mask), tf.where(deep > 2), tf.where(x > 2, x, -x),
        tf.where(deep > 1, deep, deep * 9),
        tf.where([True, False, True, False], x, x * 10), tf.where([False] * 4, x, [[0]] * 4),
        R.boolean_mask(x, mask), R.boolean_mask(x, [True, False, False, True]),
        R.boolean_mask(deep, deep > 1), R.boolean_mask(deep, [True, False, True]),
        R.boolean_mask(deep, R.constant([[True, False, True], [], [False]])),
        R.boolean_mask([[1, 2], [3, 4]], [[True, False], [False, False]]),
        R.boolean_mask([1, 2, 3], [True, False, True]),
        R.boolean_mask([[1, 2], [3, 4]], [False, True]),
        R.boolean_mask([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[True, False], [True, True]]] * 2),
        R.boolean_mask([[1, 2], [3, 4]], R.constant([[True, False], [True, True]])),
        R.boolean_mask(R.constant([[[1, 2]], [[3, 4]]], ragged_rank=1), [[[True, False]]] * 2),
        R.stack_dynamic_partitions(["a", "b", "c"], [1, 0, 1], 3),
        R.stack_dynamic_partitions(x, [2, 0, 0, 2], 3), R.stack_dynamic_partitions("a", 1, 3),
        R.stack_dynamic_partitions([[1, 2], [3, 4]], [[0, 1], [1, 1]], 2),
        R.stack_dynamic_partitions(x, R.constant([[1, 0, 1, 0], [], [2, 1], [0]]), 3),
        *tf.dynamic_partition(x, [1, 0, 1, 0], 2),
    ]  # fmt: skip
    return [
        _ran(tf, several), error(lambda: tf.where(mask, x, [[1]])),
        error(lambda: tf.where(mask, x)),
        error(lambda: tf.where(mask, x, deep)), error(lambda: R.boolean_mask(x, True)),
        error(lambda: R.boolean_mask(x, tf.placeholder(tf.bool))),
        error(lambda: R.boolean_mask(x, deep > 1)), error(lambda: R.boolean_mask(x, [1, 0, 0, 0])),
        error(lambda: run(tf, R.boolean_mask(x, R.constant([[True], [], [], []])))),
        error(lambda: tf.dynamic_partition(x, [0] * 4, -1)),
        error(lambda: R.stack_dynamic_partitions([1, 2], [0], 1)),
        error(lambda: run(tf, R.stack_dynamic_partitions([1, 2], [0, 2], 2))),
    ]  # fmt: skip


def numbered(tf, np):
    R = tf.ragged
    late = tf.placeholder_with_default(np.int64([0, 2, 2, 3]), [None])
    several = [
        R.range([3, 0, 2]), R.range([1, 5], [4, 9], [1, 3]), R.range([3, 6], 0, -2), R.range(4),
        R.range([0.5, 1.0], 2.0, 0.5), R.range([2, 3], dtype=tf.float64),
        R.range([2, 3], row_splits_dtype=tf.int32), R.range(0, [2, 0], 1), R.range([5], [2]),
        R.range(tf.constant([2], tf.int64)), R.range([1], [3.5]), R.range([-1, -5], [-4, -2], -1),
        R.row_splits_to_segment_ids([0, 3, 3, 5, 6, 9]), R.row_splits_to_segment_ids(late),
        R.row_splits_to_segment_ids([0, 2], out_type=tf.int32), R.row_splits_to_segment_ids([0]),
        R.segment_ids_to_row_splits([0, 0, 0, 2, 2, 3, 4, 4]),
        R.segment_ids_to_row_splits([0, 0, 2], 5, tf.int32), R.segment_ids_to_row_splits([]),
        R.segment_ids_to_row_splits(tf.constant([0, 1]), name="s"),
        R.map_flat_values(tf.tanh, R.constant([[0.5], [], [1.0, 2.0]])),
        R.map_flat_values(tf.concat, [_rows(tf), _rows(tf)], axis=-1),
        R.map_flat_values(tf.add, 1, y=_tensor(tf)), R.map_flat_values(tf.add, 1, 2),
    ]  # fmt: skip
    return [
        _ran(tf, several[:21] + several[22:]), shapes(*several[:20]),
        error(lambda: R.range([1, 2], [3])), error(lambda: run(tf, R.range([1], [3], [0]))),
        error(lambda: R.range([[1]])),
        error(lambda: R.row_splits_to_segment_ids([])),
        error(lambda: R.row_splits_to_segment_ids([0.5])),
        error(lambda: R.row_splits_to_segment_ids([[0]])),
        error(lambda: R.segment_ids_to_row_splits([0.5])),
        error(lambda: R.map_flat_values(tf.add, _rows(tf), _tensor(tf))),
        error(lambda: run(tf, R.map_flat_values(tf.add, _rows(tf), _rows(tf)[::-1]))),
        error(lambda: R.map_flat_values(tf.reduce_sum, _rows(tf))),
    ]  # fmt: skip
