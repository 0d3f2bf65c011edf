"""Functions that build several operations: names, static shapes, values and gradients, with inputs
whose sizes are known and with others."""

import numpy as np

from goldens.kit import typed

_RANDOM = np.random.RandomState(0)
_A, _B = _RANDOM.rand(3, 4).astype("f"), _RANDOM.rand(3, 4).astype("f")
_C = _RANDOM.rand(2, 3, 4).astype("f")


def _all_of(tf, build, *values):
    """What is known of build(*placeholders) before a run, its values, and the gradients."""
    return [_one(tf, build, values, partial) for partial in (False, True)]


def _one(tf, build, values, partial):
    tf.reset_default_graph()
    xs = [
        tf.placeholder(tf.float32, [None] * v.ndim if partial else v.shape) for v in values
    ]
    built = build(*xs)
    ys = list(built) if isinstance(built, (list, tuple)) else [built]
    operations = typed(tf)
    floats = [y for y in ys if y.dtype == tf.float32]
    dxs = tf.gradients([y * y for y in floats], xs) if floats else []
    dxs = [tf.convert_to_tensor(dx) for dx in dxs if dx is not None]
    with tf.Session() as sess:
        found = sess.run([ys, dxs], dict(zip(xs, values)))
    return [operations, [str(y.shape) for y in ys], found]


def softmax_along_another_axis(tf, np):
    return [
        _all_of(tf, lambda x: tf.nn.softmax(x, axis=0), _A),
        _all_of(tf, lambda x: tf.nn.softmax(x, 1), _C),
        _all_of(tf, lambda x: tf.nn.log_softmax(x, -2), _C),
    ]


def cross_entropies(tf, np):
    nn = tf.nn
    return [
        _all_of(tf, lambda x, y: nn.softmax_cross_entropy_with_logits_v2(y, x, axis=0), _A, _B),
        _all_of(tf, lambda x, y: nn.softmax_cross_entropy_with_logits(labels=y, logits=x), _C, _C),
        _all_of(tf, lambda x, y: nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x), _A, _B),
        _all_of(tf, lambda x, y: nn.weighted_cross_entropy_with_logits(y, x, 2.0), _A, _B),
        _all_of(tf, lambda x, y: nn.log_poisson_loss(y, x, True), _A, _B),
    ]


def statistics(tf, np):
    nn = tf.nn
    return [
        _all_of(tf, lambda x: nn.moments(x, [0, 1], keep_dims=True), _A),
        _all_of(tf, lambda x, w: nn.weighted_moments(x, [0], w), _A, _B),
        _all_of(tf, lambda x: nn.sufficient_statistics(x, [0], shift=1.0)[:3], _A),
        _all_of(tf, lambda x: nn.normalize_moments(*nn.sufficient_statistics(x, [0, 1])), _A),
        _all_of(tf, lambda x: nn.batch_normalization(x, 0.1, 0.5, 0.2, 1.5, 1e-3), _A),
        _all_of(tf, lambda x: nn.batch_normalization(x, 0.1, 0.5, None, None, 1e-3), _A),
        _all_of(tf, lambda x: nn.l2_normalize(x, 1), _A),
    ]


def norms(tf, np):
    return [
        _all_of(tf, lambda x: tf.norm(x, 1, axis=1), _A),
        _all_of(tf, lambda x: tf.norm(x, np.inf), _A),
        _all_of(tf, lambda x: tf.norm(x, 3.0, axis=0, keepdims=True), _A),
        _all_of(tf, lambda x: tf.norm(x, "fro", axis=[0, 1]), _A),
        _all_of(tf, lambda x: tf.norm(x, 1, axis=[0, 1]), _A),
    ]


def clipping(tf, np):
    return [
        _all_of(tf, lambda x: tf.clip_by_value(x, 0.2, 0.7), _A),
        _all_of(tf, lambda x: tf.clip_by_norm(x, 1.0, axes=[1]), _A),
        _all_of(tf, lambda x: tf.clip_by_average_norm(x, 0.01), _A),
        _all_of(tf, lambda x, y: tf.clip_by_global_norm([x, None, y], 1.0)[0][::2], _A, _B),
    ]


def contractions(tf, np):
    return [
        _all_of(tf, lambda x, y: tf.tensordot(x, y, [[1], [2]]), _A, _C),
        _all_of(tf, lambda x, y: tf.tensordot(x, tf.transpose(y), 1), _A, _B),
    ]


def masks(tf, np):
    return [
        _all_of(tf, lambda x: tf.boolean_mask(x, [[True, False, True, True]] * 3), _A),
        _all_of(tf, lambda x: tf.boolean_mask(x, [True, False, True, True], axis=1), _A),
        _all_of(tf, lambda x: x[x > 0.5], _A),
        _all_of(tf, lambda x: [tf.sequence_mask([1, 3, 2]), x], _A),
        _all_of(tf, lambda x: [tf.sequence_mask([1, 3, 2], 4, tf.float32), x], _A),
    ]


def picks(tf, np):
    return [
        _all_of(tf, lambda x: tf.gather(x, [[0, 2], [1, 1]], axis=1), _C),
        _all_of(tf, lambda x: tf.gather(x, [[0], [1]], axis=1, batch_dims=1), _C),
        _all_of(tf, lambda x: [x[0], x[..., 1], x[:, None, ::2], x[-1:, 1:-1], x[0][1]], _C),
        _all_of(tf, lambda x: list(tf.nn.top_k(x, 2)), _A),
        _all_of(tf, lambda x: tf.nn.embedding_lookup(x, [0, 2], max_norm=0.5), _A),
    ]


def partitioned_embeddings(tf, np):
    """Only the values: what TensorFlow builds goes through dynamic_partition."""
    lookup = tf.nn.embedding_lookup
    return [
        [one[1:] for one in _all_of(tf, lambda x, y: lookup([x, y], [0, 3, 5, 4]), _A, _B)],
        [one[1:] for one in _all_of(tf, lambda x, y: lookup([x, y], [0, 3, 5, 4], "div"), _A, _B)],
    ]


def segments(tf, np):
    return [
        _all_of(tf, lambda x: tf.segment_mean(x, [0, 0, 1]), _A),
        _all_of(tf, lambda x: tf.segment_max(x, [0, 1, 1]), _A),
        _all_of(tf, lambda x: tf.unsorted_segment_mean(x, [1, 0, 1], 2), _A),
        _all_of(tf, lambda x: tf.unsorted_segment_sqrt_n(x, [1, 0, 1], 2), _A),
    ]


def logsumexps(tf, np):
    return [
        _all_of(tf, lambda x: tf.reduce_logsumexp(x), _A),
        _all_of(tf, lambda x: tf.reduce_logsumexp(x, 1, keepdims=True), _A),
        _all_of(tf, lambda x: [tf.count_nonzero(x, axis=0), x], _A),
    ]


def quotients(tf, np):
    return [
        _all_of(tf, lambda x: [tf.div(x, 3.0), tf.divide(x, 2), tf.divide(x, 2.0, name="q")], _A),
        _all_of(tf, lambda x: [tf.floordiv(x, 0.3), tf.mod(x, 0.3), tf.div_no_nan(x, 0.0)], _A),
        _all_of(tf, lambda x: [x / 2, 1 / x, x // 2, x % 2, 2**x, x**2, tf.scalar_mul(2.0, x)], _A),
    ]


def repetitions(tf, np):
    return [
        _all_of(tf, lambda x: [tf.tile(x, [2, 1]), tf.reverse(x, [1]), tf.roll(x, 1, 0)], _A),
        _all_of(tf, lambda x: tf.broadcast_to(x, [2, 3, 4]), _A),
        _all_of(tf, lambda x: [tf.stack([1, tf.shape(x)[0]]), tf.stack([x, x], -1)], _A),
        _all_of(tf, lambda x: tf.concat([x, [[1.0, 2, 3, 4]]], 0), _A),
        _all_of(tf, lambda x: list(tf.split(x, 2, 1)) + list(tf.split(x, [1, -1, 1], 1)), _A),
    ]


def special_functions(tf, np):
    return [
        _all_of(tf, f, _A) for f in (tf.erf, tf.erfc, tf.lgamma, tf.digamma)
    ]
