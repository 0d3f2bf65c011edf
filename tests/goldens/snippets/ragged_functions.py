"""What functions of tf do with ragged tensors."""

from goldens.kit import accepted, error, run, shapes
from goldens.snippets.ragged import _ran, _tensor


def _matrix(tf, dtype=None):
    return tf.ragged.constant([[4, 9], [], [1]], dtype)


def of_each_element(tf, np):
    x = tf.ragged.constant([[0.5, -1.5], [], [2.0]])
    flags = tf.ragged.constant([[True, False], [True]])
    words = tf.ragged.constant([["ab ", "1"], [], ["c"]])
    several = [
        tf.abs(x), tf.exp(x), tf.negative(x), tf.cast(x, tf.int32), tf.round(x), tf.sign(x),
        tf.identity(x), tf.zeros_like(x), tf.ones_like(x, dtype=tf.int64), tf.is_nan(x),
        tf.clip_by_value(x, -1.0, 1.0), tf.check_numerics(x, "x"), tf.square(x=x), tf.floor(x),
        tf.logical_not(flags), tf.saturate_cast(x, tf.uint8), tf.math.erf(x), tf.log_sigmoid(x),
        tf.real(tf.cast(x, tf.complex64)), tf.bitwise.invert(_matrix(tf)), tf.reciprocal(x),
        tf.string_strip(words), tf.strings.length(words), tf.strings.substr(words, 0, 1),
        tf.strings.regex_replace(words, "[a-z]", "-"), tf.as_string(_matrix(tf)),
        tf.string_to_hash_bucket_fast(words, 10),
        tf.add_n([x, x]), tf.strings.join([words, words, "!"], separator="+"),
        tf.encode_base64(words), tf.strings.regex_full_match(words, "[0-9]"),
    ]  # fmt: skip
    return [
        _ran(tf, several), shapes(*several[:3]),
        error(lambda: tf.tanh(x)), error(lambda: tf.nn.relu(x)), error(lambda: tf.matmul(x, x)),
        error(lambda: tf.shape(x)), error(lambda: tf.strings.lower(words)),
        error(lambda: tf.transpose(x)), error(lambda: tf.stop_gradient(x)),
        error(lambda: tf.add_n([x, tf.cast(_tensor(tf), tf.float32)])),
        error(lambda: tf.map_fn(lambda row: row, x)),
    ]


def of_two(tf, np):
    x, deep = _matrix(tf), _tensor(tf)
    flags = tf.ragged.constant([[True, False], [], [True]])
    column, matrix = tf.constant([[1], [2], [3]]), tf.constant([[[1]], [[2]], [[3]]])
    pairs = tf.ragged.constant([[[1, 2]], [], [[3, 4]]], ragged_rank=1)
    several = [
        x + x, x + 1, 1 + x, x - column, column - x, x * [[1], [2], [3]], x * [[2]],
        x / 2, 2 / x, x // 2, 7 // x, x % 2, 7 % x, x**2, 2**x, -x, abs(-x), x > 3, x >= 4, x < 9,
        x <= 1, ~flags, flags & True, False | flags, flags ^ flags, deep + 1, deep * matrix,
        pairs * [10, 100], pairs + tf.constant([[[1]], [[2]], [[3]]]),
        tf.add(x, y=x), tf.maximum(x, 4), tf.equal(x, x), tf.pow(x, 2), tf.truediv(x=x, y=x),
        tf.floormod(x, 4), tf.squared_difference(x, 1), tf.divide(x, 4), tf.not_equal(x, 9),
        tf.logical_xor(flags, True), tf.bitwise.bitwise_and(x, 8), tf.truncatediv(x, 2),
        tf.complex(tf.cast(x, tf.float32), 1.0), tf.atan2(tf.cast(x, tf.float32), 1.0),
        tf.math.divide_no_nan(tf.cast(x, tf.float32), 0.0),
    ]  # fmt: skip
    rows = tf.ragged.constant([[1, 2], [3]])
    narrow = x.with_row_splits_dtype(tf.int32)
    return [
        _ran(tf, several), accepted(tf, lambda: x + rows),
        accepted(tf, lambda: x + tf.ragged.constant([[1, 2], [3], [4]])),
        accepted(tf, lambda: x + tf.constant([[1, 2], [3, 4]])), error(lambda: x + narrow),
        error(lambda: x + "a"), error(lambda: x @ x), error(lambda: x + 1.5),
        error(lambda: x + tf.SparseTensor([[0, 0]], [1], [1, 1])),
    ]


def broadcast(tf, np):
    """One of two is repeated along the axes where it has one element."""
    outer = tf.ragged.constant([[[1], [2]], [[3]]])
    inner = tf.ragged.constant([[[1, 2, 3]], [[4, 5]]])
    rows, ones = tf.ragged.constant([[10, 20], [30]]), tf.ragged.constant([[[1]]])
    pairs = tf.ragged.constant([[[1.0, 2.0]], [[2.0, 3.0], [3.0, 4.0]]], ragged_rank=1)
    several = [
        tf.constant([[[100]], [[200]]]) + outer, inner + tf.constant([[[7]]]), rows + [[1], [2]],
        3 + outer, tf.constant([[[1.0, 2.0]]]) * pairs, pairs + [[[1.0]], [[2.0]]], rows + [[5]],
        tf.constant([[1], [2]]) + tf.ragged.constant([[5, 6], [7]]), outer + tf.constant([[[1]]]),
    ]  # fmt: skip
    return [
        _ran(tf, several), accepted(tf, lambda: outer + ones),
        accepted(tf, lambda: rows * tf.ragged.constant([[2], [3]])),
        accepted(tf, lambda: outer + rows),
    ]


def reductions(tf, np):
    x, deep = tf.ragged.constant([[3, 1, 4], [1, 5], [9], [2, 6]]), _tensor(tf)
    flags = tf.ragged.constant([[True, True], [True, False, True], []])
    pairs = tf.ragged.constant([[[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]]], ragged_rank=1)
    words = tf.ragged.constant([["a", "b"], [], ["c"]])
    several = [
        f(x, axis) for f in (tf.reduce_sum, tf.reduce_prod, tf.reduce_min, tf.reduce_max,
                             tf.reduce_mean) for axis in (None, 0, 1, -1)
    ] + [
        f(flags, axis) for f in (tf.reduce_all, tf.reduce_any) for axis in (0, 1, [0, 1])
    ] + [
        tf.reduce_sum(deep, axis) for axis in (0, 1, 2, [0, 1], [1, 2], [0, 2], [0, 1, 2], [], [1])
    ] + [
        tf.reduce_mean(pairs, 0), tf.reduce_mean(pairs, 1), tf.reduce_sum(pairs, 2),
        tf.reduce_max(pairs, [1, 2]), tf.reduce_sum(deep, tf.constant(1)), tf.reduce_mean(deep),
        tf.reduce_sum(x, reduction_indices=1),
        tf.reduce_sum(tf.ragged.constant_value([[1], []]), 1),
        tf.reduce_join(words, axis=1, separator="-"), tf.strings.reduce_join(words, axis=0),
        tf.reduce_min(tf.ragged.constant([[], [1.5]]), 1), tf.reduce_prod(pairs, [0, 1]),
    ]  # fmt: skip
    return [
        _ran(tf, several), shapes(*several[:3]), error(lambda: tf.reduce_sum(x, 1, keepdims=True)),
        error(lambda: tf.reduce_sum(x, 2)),
        error(lambda: tf.reduce_sum(x, tf.placeholder(tf.int32))),
        error(lambda: tf.reduce_sum(x, 1.0)), error(lambda: tf.argmax(x, 1)),
    ]  # fmt: skip


def segments(tf, np):
    x, deep = tf.ragged.constant([[3.0, 1.0, 4.0], [1.0, 5.0], [9.0], [2.0, 6.0]]), _tensor(tf)
    ids = [0, 2, 0, 2]
    each = (tf.unsorted_segment_sum, tf.unsorted_segment_prod, tf.unsorted_segment_min,
            tf.unsorted_segment_max, tf.unsorted_segment_mean,
            tf.unsorted_segment_sqrt_n)  # fmt: skip
    several = [f(x, ids, 3) for f in each] + [
        tf.unsorted_segment_sum(deep, [1, 0, 1], 2),
        tf.unsorted_segment_sum(deep, tf.ragged.constant([[0, 1, 0], [], [1]]), 2),
        tf.unsorted_segment_sum(deep, tf.ragged.constant([[[0, 1], [], [1]], [], [[3]]]), 4),
    ]  # fmt: skip
    return [
        _ran(tf, several), error(lambda: tf.unsorted_segment_sum(x, [0.5] * 4, 3)),
        error(lambda: tf.unsorted_segment_sum([1, 2], tf.ragged.constant([[0], [1]]), 3)),
        error(lambda: run(tf, tf.unsorted_segment_sum(x, tf.ragged.constant([[0], [1]]), 3))),
    ]  # fmt: skip


def joined(tf, np):
    a, b = tf.ragged.constant([["a", "b"], [], ["c"]]), tf.ragged.constant([["d"], ["e", "f"], []])
    dense, one = tf.constant([["x"], ["y"], ["z"]]), tf.ragged.constant([["q"]])
    deep = tf.ragged.constant([[["p"], []], [["q", "r"]], []])
    several = [
        tf.concat([a, b], 0), tf.concat([a, b, a], axis=1), tf.concat([a, dense], -1),
        tf.concat([one, dense], 0), tf.concat([deep, deep], 2), tf.concat([a], 1),
        tf.concat([deep, tf.expand_dims(a, 2)], 1), tf.stack([a, b]), tf.stack([a, b], axis=1),
        tf.stack([a, a], axis=2), tf.stack([a], 1), tf.stack([a, dense]),
        tf.ragged.stack([[["a"]], [["b"], ["c"]]], axis=0),
        tf.ragged.stack([a, dense], 1), tf.ragged.stack("a"), tf.ragged.stack([deep, deep], -1),
    ]
    return [
        _ran(tf, several), error(lambda: tf.concat([a, b], 2)),
        error(lambda: tf.concat([a, deep], 0)), error(lambda: tf.ragged.stack([])),
        error(lambda: tf.concat([a, b.with_row_splits_dtype(tf.int32)], 0)),
        accepted(tf, lambda: tf.concat([a, one], 1)), error(lambda: tf.stack([a, b], 4)),
        accepted(tf, lambda: tf.concat([deep, tf.ragged.constant([[["p"]], [["q"]], []])], 2)),
    ]  # fmt: skip
