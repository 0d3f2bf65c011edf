"""Values of the gradients of single operations, weighted so that no element looks like another."""

from goldens.kit import run


def _gradients(tf, np, y, xs):
    """The gradients of the sum of y weighted with 1, 2, 3, ..."""
    count = int(np.prod(y.shape.as_list()))
    weights = tf.constant(np.arange(1, count + 1, dtype=np.float32).reshape(y.shape.as_list()))
    return run(tf, [y] + tf.gradients(y * weights, xs))


def _pair(tf):
    return tf.constant([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]]), tf.constant([2.0, -1.0, 0.5])


def broadcast_add(tf, np):
    a, b = _pair(tf)
    return _gradients(tf, np, a + b, [a, b])


def broadcast_subtract(tf, np):
    a, b = _pair(tf)
    return _gradients(tf, np, b - a, [a, b])


def broadcast_multiply(tf, np):
    a, b = _pair(tf)
    return _gradients(tf, np, a * b, [a, b])


def broadcast_divide(tf, np):
    a, b = _pair(tf)
    return _gradients(tf, np, a / b, [a, b])


def broadcast_of_a_scalar(tf, np):
    a, s = _pair(tf)[0], tf.constant(2.0)
    return _gradients(tf, np, a * s, [a, s])


def broadcast_of_both(tf, np):
    a, b = tf.constant([[1.0], [2.0]]), tf.constant([[3.0, 4.0, 5.0]])
    return _gradients(tf, np, a * b, [a, b])


def broadcast_maximum(tf, np):
    a, b = _pair(tf)
    return _gradients(tf, np, tf.maximum(a, b), [a, b]) + _gradients(
        tf, np, tf.minimum(a, b), [a, b]
    )


def maximum_with_ties(tf, np):
    a, b = tf.constant([1.0, 2.0, 3.0]), tf.constant([1.0, 5.0, 0.0])
    return _gradients(tf, np, tf.maximum(a, b), [a, b]) + _gradients(
        tf, np, tf.minimum(a, b), [a, b]
    )


def powers(tf, np):
    a, b = tf.constant([1.0, 2.0, 3.0]), tf.constant([2.0, 0.5, -1.0])
    return _gradients(tf, np, a**b, [a, b]) + _gradients(tf, np, tf.pow(a, 3.0), [a])


def powers_of_zero(tf, np):
    a, b = tf.constant([0.0, 0.0, 2.0]), tf.constant([2.0, 1.0, 0.0])
    return _gradients(tf, np, tf.pow(a, b), [a, b])


def squared_difference(tf, np):
    a, b = _pair(tf)
    return _gradients(tf, np, tf.squared_difference(a, b), [a, b])


def modulo_and_floor_division(tf, np):
    a, b = tf.constant([7.0, -7.0]), tf.constant([2.0, 3.0])
    return _gradients(tf, np, a % b, [a, b]) + [
        tf.gradients(tf.floor(a), a)[0] is None,
        tf.gradients(a // b, a)[0] is None,
    ]


def functions(tf, np):
    x = tf.constant([-1.5, -0.25, 0.5, 2.0])
    ys = [
        f(x)
        for f in (
            tf.exp,
            tf.tanh,
            tf.sigmoid,
            tf.square,
            tf.abs,
            tf.sign,
            tf.sin,
            tf.cos,
            tf.negative,
            tf.atan,
            tf.sinh,
            tf.cosh,
            tf.erf,
            tf.expm1,
            tf.reciprocal,
            tf.nn.relu,
            tf.nn.relu6,
            tf.nn.elu,
            tf.nn.selu,
            tf.nn.softplus,
            tf.nn.softsign,
            tf.nn.leaky_relu,
            tf.identity,
            tf.log_sigmoid,
        )
    ]
    return run(tf, [tf.gradients(y, x)[0] for y in ys])


def functions_of_positive_numbers(tf, np):
    x = tf.constant([0.25, 0.5, 0.75])
    functions = (
        tf.log,
        tf.log1p,
        tf.sqrt,
        tf.rsqrt,
        tf.asin,
        tf.acos,
        tf.lgamma,
        tf.digamma,
        tf.tan,
    )
    return run(tf, [tf.gradients(f(x), x)[0] for f in functions])


def functions_at_zero(tf, np):
    x = tf.constant([0.0])
    functions = (
        tf.abs,
        tf.sqrt,
        tf.nn.relu,
        tf.nn.elu,
        tf.sign,
        tf.nn.softsign,
        tf.nn.relu6,
        tf.nn.leaky_relu,
    )
    return run(tf, [tf.gradients(f(x), x)[0] for f in functions])


def norm_at_zero(tf, np):
    x = tf.constant([0.0, 0.0])
    return run(
        tf,
        [
            tf.gradients(tf.norm(x), x)[0],
            tf.gradients(tf.nn.l2_loss(x), x)[0],
            tf.gradients(tf.nn.l2_normalize(x, 0), x)[0],
        ],
    )


def clip_by_value(tf, np):
    x = tf.constant([-2.0, -1.0, 0.5, 1.0, 3.0])
    return _gradients(tf, np, tf.clip_by_value(x, -1.0, 1.0), [x])


def clip_by_norm(tf, np):
    x = tf.constant([3.0, 4.0])
    return _gradients(tf, np, tf.clip_by_norm(x, 1.0), [x]) + _gradients(
        tf, np, tf.clip_by_norm(x, 9.0), [x]
    )


def matmul(tf, np):
    a = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    b = tf.constant([[1.0, -1.0], [0.5, 2.0], [-3.0, 1.0]])
    found = _gradients(tf, np, tf.matmul(a, b), [a, b])
    found += _gradients(tf, np, tf.matmul(b, a, transpose_a=True, transpose_b=True), [a, b])
    found += _gradients(tf, np, tf.matmul(a, a, transpose_b=True), [a])
    return found + _gradients(tf, np, tf.matmul(a, a, transpose_a=True), [a])


def batched_matmul(tf, np):
    a = tf.constant(np.arange(12.0, dtype=np.float32).reshape(2, 2, 3))
    b = tf.constant(np.arange(6.0, dtype=np.float32).reshape(3, 2))
    c = tf.constant(np.arange(12.0, dtype=np.float32).reshape(2, 3, 2))
    return _gradients(tf, np, tf.matmul(a, c), [a, c]) + _gradients(tf, np, tf.matmul(a, b), [a, b])


def reductions(tf, np):
    x = tf.constant([[1.0, 2.0, 3.0], [3.0, -1.0, 0.5]])
    found = []
    for function in (
        tf.reduce_sum,
        tf.reduce_mean,
        tf.reduce_max,
        tf.reduce_min,
        tf.reduce_prod,
        tf.reduce_logsumexp,
    ):
        for axis in (None, 0, [1]):
            found += _gradients(tf, np, function(x, axis), [x])[1:]
        found += _gradients(tf, np, function(x, 1, keepdims=True), [x])[1:]
    return found


def max_with_ties(tf, np):
    x = tf.constant([[2.0, 2.0, 1.0], [0.0, 0.0, 0.0]])
    found = _gradients(tf, np, tf.reduce_max(x, 1), [x]) + _gradients(
        tf, np, tf.reduce_min(x, 0), [x]
    )
    return found + _gradients(tf, np, tf.reduce_max(x), [x])


def product_with_zeros(tf, np):
    x = tf.constant([[2.0, 0.0, 4.0], [0.0, 0.0, 3.0]])
    return _gradients(tf, np, tf.reduce_prod(x, 1), [x])


def mean_of_a_batch(tf, np):
    x = tf.placeholder(tf.float32, [None, 2])
    return run(tf, tf.gradients(tf.reduce_mean(tf.square(x)), x), {x: [[1, 2], [3, 4], [5, 6]]})


def reshaping(tf, np):
    x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    found = _gradients(tf, np, tf.reshape(x, [3, 2]), [x]) + _gradients(
        tf, np, tf.transpose(x), [x]
    )
    found += _gradients(tf, np, tf.expand_dims(x, 1), [x]) + _gradients(tf, np, x[:, None], [x])
    found += _gradients(tf, np, tf.squeeze(tf.reshape(x, [1, 6])), [x])
    return (
        found
        + _gradients(tf, np, tf.tile(x, [2, 2]), [x])
        + _gradients(tf, np, tf.reverse(x, [1]), [x])
    )


def joining(tf, np):
    a, b = tf.constant([[1.0, 2.0]]), tf.constant([[3.0, 4.0], [5.0, 6.0]])
    found = _gradients(tf, np, tf.concat([a, b, a], 0), [a, b])
    found += _gradients(tf, np, tf.concat([b, b], 1), [b]) + _gradients(
        tf, np, tf.stack([b, b], 1), [b]
    )
    return found + _gradients(tf, np, tf.stack([a[0], b[0], a[0]], -1), [a, b])


def taking_apart(tf, np):
    x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    first, _, third = tf.split(x, 3, 1)
    short, wide = tf.split(x, [1, 2], 1)
    top, bottom = tf.unstack(x)
    return (
        _gradients(tf, np, first * third, [x])
        + _gradients(tf, np, short * wide, [x])
        + _gradients(tf, np, top * bottom, [x])
        + _gradients(tf, np, bottom, [x])
    )


def slices(tf, np):
    x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    found = []
    for part in (
        x[0],
        x[:, 1],
        x[:, ::2],
        x[::-1, 1:],
        x[..., -1],
        x[1, 2],
        x[None, :, 0],
        tf.slice(x, [0, 1], [2, 2]),
    ):
        found += _gradients(tf, np, part, [x])
    return found


def padding_and_gather_nd(tf, np):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    found = _gradients(tf, np, tf.pad(x, [[1, 0], [0, 2]]), [x])
    return found + _gradients(tf, np, tf.gather_nd(x, [[0, 1], [1, 0], [0, 1]]), [x])


def add_n(tf, np):
    a, b = tf.constant([1.0, 2.0]), tf.constant([3.0, 4.0])
    return _gradients(tf, np, tf.add_n([a, b, a]), [a, b])


def where(tf, np):
    x, y = tf.constant([1.0, -2.0, 3.0]), tf.constant([4.0, 5.0, 6.0])
    return _gradients(tf, np, tf.where(x > 0.0, x * x, y), [x, y])


def softmax(tf, np):
    x = tf.constant([[1.0, 2.0, 3.0], [-1.0, 0.0, 100.0]])
    return _gradients(tf, np, tf.nn.softmax(x), [x]) + _gradients(tf, np, tf.nn.log_softmax(x), [x])


def cross_entropies(tf, np):
    x = tf.constant([[1.0, 2.0, 3.0], [-1.0, 0.0, 100.0]])
    y = tf.constant([[0.0, 0.0, 1.0], [0.25, 0.75, 0.0]])
    soft = tf.nn.softmax_cross_entropy_with_logits(logits=x, labels=y)
    soft_v2 = tf.nn.softmax_cross_entropy_with_logits_v2(logits=x, labels=y)
    sparse = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=x, labels=[2, 0])
    sigmoid = tf.nn.sigmoid_cross_entropy_with_logits(logits=x, labels=y)
    found = _gradients(tf, np, soft, [x]) + _gradients(tf, np, soft_v2, [x, y])
    return found + _gradients(tf, np, sparse, [x]) + _gradients(tf, np, sigmoid, [x, y])


def v1_cross_entropy_has_no_label_gradient(tf, np):
    x, y = tf.constant([[1.0, 2.0]]), tf.constant([[0.0, 1.0]])
    return tf.gradients(tf.nn.softmax_cross_entropy_with_logits(logits=x, labels=y), y)[0] is None


def second_order_of_cross_entropy(tf, np):
    x, y = tf.constant([[1.0, 2.0, 3.0]]), tf.constant([[0.0, 1.0, 0.0]])
    loss = tf.nn.softmax_cross_entropy_with_logits_v2(logits=x, labels=y)
    gradient = tf.gradients(loss, x)[0]
    return _gradients(tf, np, gradient, [x])


def layers(tf, np):
    x, b = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([0.5, -0.5])
    mean, variance = tf.nn.moments(x, [0])
    found = _gradients(tf, np, tf.nn.bias_add(x, b), [x, b]) + _gradients(tf, np, variance, [x])
    found += _gradients(tf, np, tf.nn.batch_normalization(x, mean, variance, b, b, 1e-3), [x, b])
    return found + _gradients(tf, np, tf.nn.l2_normalize(x, 1), [x]) + _gradients(tf, np, mean, [x])


def cumulative_and_diagonal(tf, np):
    x = tf.constant([1.0, 2.0, 3.0])
    return _gradients(tf, np, tf.cumsum(x), [x]) + _gradients(tf, np, tf.diag(x), [x])


def top_k(tf, np):
    x = tf.constant([1.0, 5.0, 3.0])
    return _gradients(tf, np, tf.nn.top_k(x, 2)[0], [x])


def dropout_scales_the_gradient(tf, np):
    x = tf.constant([1.0, 2.0])
    return _gradients(tf, np, tf.nn.dropout(x, 1.0), [x])
