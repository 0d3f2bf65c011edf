"""Static shapes inferred from inputs that are only partly known."""

from goldens.kit import accepted, error, said, shape, shapes


def _free(tf, *dims):
    return tf.placeholder(tf.float32, list(dims) if dims else None)


def elementwise(tf, np):
    x = _free(tf, None, 3)
    return shapes(tf.square(x), tf.nn.relu(x), -x, tf.exp(_free(tf)), x > 1.0, tf.cast(x, tf.int32))


def broadcasting(tf, np):
    free, rows, one = _free(tf), _free(tf, None, 3), _free(tf, 1, 3)
    return shapes(
        rows + 1.0,
        rows + one,
        rows + _free(tf, 3),
        rows + free,
        rows + rows,
        _free(tf, None, 1) + _free(tf, 3),
        _free(tf, None) + _free(tf, 4),
        _free(tf, 1) + _free(tf, None),
        _free(tf, 2, 1) * _free(tf, 1, 5),
    )


def broadcasting_refused(tf, np):
    return [
        said(lambda: _free(tf, 2) + _free(tf, 3), "Dimensions must be equal, but are 2 and 3"),
        error(lambda: _free(tf, None, 2) * _free(tf, 3)),
        error(lambda: _free(tf, 2, 3) + _free(tf, 2)),
    ]


def matmul(tf, np):
    x, w = _free(tf, None, 3), _free(tf, 3, 4)
    return shapes(
        tf.matmul(x, w),
        tf.matmul(_free(tf), w),
        tf.matmul(x, _free(tf)),
        tf.matmul(x, _free(tf, 4, 3), transpose_b=True),
        tf.matmul(x, x, transpose_a=True),
        tf.matmul(_free(tf), _free(tf)),
    )


def matmul_refused(tf, np):
    x = _free(tf, None, 784)
    return [
        said(lambda: tf.matmul(x, _free(tf, 128, 10)), "784 and 128"),
        error(lambda: tf.matmul(_free(tf, 3), _free(tf, 3, 4))),
        error(lambda: tf.matmul(_free(tf, 2, 3), _free(tf, 2, 3))),
        error(lambda: tf.matmul(_free(tf, 2, 3), _free(tf, 3))),
        error(lambda: tf.matmul(_free(tf, 2, 3), _free(tf, 2, 3), transpose_b=True)),
    ]


def batched_matmul(tf, np):
    a, b = _free(tf, 5, None, 3), _free(tf, 5, 3, 2)
    return shapes(
        tf.matmul(a, b),
        tf.matmul(_free(tf, None, 2, 3), b),
        tf.matmul(_free(tf, 2, 1, 4, 3), _free(tf, 7, 3, 2)),
    )


def reductions(tf, np):
    x = _free(tf, None, 3, 4)
    return shapes(
        tf.reduce_sum(x),
        tf.reduce_sum(x, 0),
        tf.reduce_sum(x, -1),
        tf.reduce_mean(x, [0, 2]),
        tf.reduce_mean(x, 1, keepdims=True),
        tf.reduce_max(x, keepdims=True),
        tf.reduce_sum(x, []),
        tf.reduce_sum(_free(tf)),
        tf.reduce_sum(_free(tf), 1),
        tf.reduce_sum(_free(tf), keepdims=True),
    )


def reductions_old_arguments(tf, np):
    x = _free(tf, None, 3)
    return shapes(
        tf.reduce_sum(x, reduction_indices=1),
        tf.reduce_mean(x, 1, keep_dims=True),
        tf.reduce_mean(x, reduction_indices=[0]),
    )


def reductions_refused(tf, np):
    x = _free(tf, 2, 3)
    return [
        said(lambda: tf.reduce_sum(x, 2), "Invalid reduction dimension"),
        error(lambda: tf.reduce_sum(x, -3)),
        error(lambda: tf.reduce_sum(x, axis=0, reduction_indices=0)),
        error(lambda: tf.reduce_sum(x, keepdims=True, keep_dims=True)),
    ]


def reduction_over_a_tensor(tf, np):
    x, axis = _free(tf, None, 3), tf.placeholder(tf.int32, [])
    return shapes(
        tf.reduce_sum(x, axis),
        tf.reduce_sum(x, axis, keepdims=True),
        tf.reduce_sum(x, tf.constant(0)),
    )


def argmax(tf, np):
    x = _free(tf, None, 3)
    return shapes(
        tf.argmax(x),
        tf.argmax(x, 1),
        tf.argmax(x, -1),
        tf.argmax(_free(tf), 0),
        tf.argmax(x, dimension=1),
    ) + [error(lambda: tf.argmax(x, 2))]


def ranges(tf, np):
    n = tf.placeholder(tf.int32, [])
    return shapes(
        tf.range(3),
        tf.range(n),
        tf.range(0, 10, 3),
        tf.range(0.0, 1.0, 0.25),
        tf.linspace(0.0, 1.0, 7),
        tf.range(5, 0, -2),
    )


def shape_size_rank(tf, np):
    x, free = _free(tf, None, 3), _free(tf)
    return shapes(tf.shape(x), tf.shape(free), tf.size(x), tf.rank(free)) + [
        tf.shape(x).dtype.name,
        tf.shape(x, out_type=tf.int64).dtype.name,
    ]


def softmax_and_costs(tf, np):
    x, y = _free(tf, None, 10), _free(tf, None, 10)
    sparse = tf.placeholder(tf.int64, [None])
    return shapes(
        tf.nn.softmax(x),
        tf.nn.log_softmax(x),
        tf.nn.l2_loss(x),
        tf.nn.bias_add(x, tf.zeros([10])),
        tf.nn.softmax_cross_entropy_with_logits(logits=x, labels=y),
        tf.nn.sparse_softmax_cross_entropy_with_logits(logits=x, labels=sparse),
        tf.nn.sigmoid_cross_entropy_with_logits(logits=x, labels=y),
        tf.nn.dropout(x, 0.5),
        tf.nn.in_top_k(x, tf.placeholder(tf.int32, [None]), 2),
        tf.nn.softmax(_free(tf)),
    )


def cost_refused(tf, np):
    x = _free(tf, None, 10)
    ten, nine = tf.zeros([2, 10]), tf.zeros([2, 9])
    return [
        accepted(tf, lambda: tf.nn.softmax_cross_entropy_with_logits(logits=ten, labels=nine)),
        error(lambda: tf.nn.bias_add(x, tf.zeros([9]))),
        error(lambda: tf.nn.sigmoid_cross_entropy_with_logits(logits=x, labels=_free(tf, None, 9))),
        error(
            lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(
                logits=x, labels=tf.placeholder(tf.int64, [None, 1])
            )
        ),
    ]


def moments(tf, np):
    x = _free(tf, None, 3)
    return shapes(*tf.nn.moments(x, [0])) + shapes(*tf.nn.moments(x, [0], keep_dims=True))


def add_n(tf, np):
    return [
        shape(tf.add_n([_free(tf, None, 3), _free(tf, 2, 3)])),
        shape(tf.add_n([_free(tf)])),
        error(lambda: tf.add_n([_free(tf, 2), _free(tf, 3)])),
        error(lambda: tf.add_n([])),
    ]


def constant_folding_of_shapes(tf, np):
    x = tf.zeros([2, 3])
    total = tf.shape(x)[0] * tf.shape(x)[1]
    return shapes(tf.zeros(tf.shape(x)), tf.reshape(x, [total]), tf.zeros([tf.size(x)]))


def gradients_have_the_shape_of_x(tf, np):
    x, w = _free(tf, None, 3), tf.zeros([3, 4])
    return shapes(*tf.gradients(tf.matmul(x, w), [x, w]))


def variables(tf, np):
    v = tf.Variable(tf.zeros([2, 3]))
    u = tf.Variable(tf.zeros(tf.placeholder(tf.int32, [2])), validate_shape=False)
    return shapes(v, v.value(), u, v[0], v + 1.0, v.assign_add(v))


def broadcast_to_and_dynamic(tf, np):
    x = _free(tf, None, 1)
    return shapes(
        tf.broadcast_to(x, [4, 3]),
        tf.broadcast_dynamic_shape([2, 1], [3]),
        tf.cumsum(x),
        tf.reverse(x, [0]),
        tf.sequence_mask([1, 2], 3),
        tf.diag(_free(tf, 3)),
        tf.eye(3),
        tf.tensordot(_free(tf, None, 3), _free(tf, 3, 2), 1),
    )


def top_k_and_unique(tf, np):
    x = _free(tf, None, 5)
    values, indices = tf.nn.top_k(x, 2)
    return shapes(values, indices, *tf.unique(_free(tf, None)))


def ranks_of_arguments(tf, np):
    """A scalar is asked for, and a vector of one is given; a vector, and a matrix is."""
    x, one, picture = np.ones((2, 3), np.float32), tf.constant([1]), np.ones((2, 2, 3), np.float32)
    number, boxes = tf.constant([1.0]), np.ones((1, 4), np.float32)
    builds = [
        lambda: tf.argmax(x, one), lambda: tf.argmin(x, one), lambda: tf.split(x, 3, one),
        lambda: tf.concat([x, x], one), lambda: tf.gather(x, [0], axis=one),
        lambda: tf.range(one), lambda: tf.range(0, one, 1), lambda: tf.linspace(number, 2.0, 3),
        lambda: tf.linspace(0.0, 1.0, one), lambda: tf.nn.top_k(x, one)[0],
        lambda: tf.fill([2], number), lambda: tf.multinomial(x, one),
        lambda: tf.random_uniform([2], one, [5], dtype=tf.int32),
        lambda: tf.unsorted_segment_sum(x, [0, 1], one), lambda: tf.one_hot([0], one),
        lambda: tf.image.adjust_contrast(picture, number),
        lambda: tf.image.non_max_suppression(boxes, [1.0], 3, number),
        lambda: tf.image.non_max_suppression(boxes, [1.0], one),
        lambda: tf.tile(x, [[1, 1]]), lambda: tf.transpose(x, [[1, 0]]),
        lambda: tf.slice(x, [[0, 0]], [[1, 1]]), lambda: tf.strided_slice(x, [[0]], [[1]]),
        lambda: tf.roll(x, [[1]], [[0]]), lambda: tf.reduce_join([["a"]], [[0]]),
        lambda: tf.histogram_fixed_width([1.0], [0.0, 1.0], nbins=one),
        lambda: tf.expand_dims(x, one), lambda: tf.random_uniform([2], number, 5.0),
    ]  # fmt: skip
    at_run = [
        lambda: tf.cumsum(x, one), lambda: tf.cumprod(x, one),
        lambda: tf.nn.in_top_k(x, [0, 1], one),
        lambda: tf.one_hot([0], 3, on_value=number, off_value=0.0),
        lambda: tf.image.adjust_hue(picture, number), lambda: tf.matrix_band_part(x, one, 0),
        lambda: tf.image.adjust_saturation(picture, number), lambda: tf.cumsum(x, 0),
    ]  # fmt: skip
    turned = tf.image.rot90(tf.placeholder(tf.float32))
    bins = tf.histogram_fixed_width_bins([1.0], [0.0, 1.0], nbins=2, dtype=tf.int64)
    return [
        [error(build) for build in builds], [accepted(tf, build) for build in at_run],
        shape(turned), bins.dtype.name,
    ]  # fmt: skip
