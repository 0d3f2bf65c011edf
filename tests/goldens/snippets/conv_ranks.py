"""Convolution of sequences and volumes: values, gradients, shapes, names, what is refused."""

from goldens.kit import error, run, said, shapes, typed


def _values(tf, np, *sizes, **options):
    """Numbers that do not repeat."""
    dtype = options.get("dtype", np.float32)
    return tf.constant(np.sin(np.arange(np.prod(sizes)) * 1.7).reshape(sizes).astype(dtype))


def _input(tf, *sizes):
    return tf.placeholder(tf.float32, sizes)


def _with_gradients(tf, np, y, xs):
    """y, its gradients weighted with 1, 2, 3, ..., and those of the sum of their squares."""
    count = int(np.prod(y.shape.as_list()))
    weights = tf.constant(np.arange(1, count + 1).reshape(y.shape.as_list()) / count, y.dtype)
    first = tf.gradients(y * weights, xs)
    second = tf.gradients(tf.add_n([tf.reduce_sum(dx * dx) for dx in first]), xs)
    return run(tf, [y] + first + [dx for dx in second if dx is not None])


# -- sequences ------------------------------------------------------------------------------------


def conv1d(tf, np):
    x, f = _values(tf, np, 2, 7, 3), _values(tf, np, 3, 3, 2)
    return [
        _with_gradients(tf, np, tf.nn.conv1d(x, f, 1, "SAME"), [x, f]),
        _with_gradients(tf, np, tf.nn.conv1d(x, f, [2], "VALID"), [x, f]),
        run(tf, tf.nn.conv1d(x, f, stride=[1, 3, 1], padding="SAME", data_format="NHWC")),
        run(tf, tf.nn.conv1d(input=x, filters=f, stride=1, padding="VALID", dilations=2)),
        run(tf, tf.nn.conv1d(tf.cast(x, tf.float64), tf.cast(f, tf.float64), 2, "SAME")),
    ]


def conv1d_transpose(tf, np):
    x, f = _values(tf, np, 2, 4, 3), _values(tf, np, 3, 2, 3)
    transposed = tf.nn.conv1d_transpose
    return [
        _with_gradients(tf, np, transposed(x, f, [2, 8, 2], 2), [x, f]),
        run(tf, transposed(x, f, tf.constant([2, 6, 2]), 1, "VALID", name="up")),
    ]


def conv1d_names(tf, np):
    x, f = _input(tf, None, 6, 3), _input(tf, 3, 3, 4)
    tf.nn.conv1d(x, f, 1, "SAME")
    tf.nn.conv1d(x, f, 1, "SAME", name="mine")
    tf.nn.convolution(x, f, "SAME")
    tf.nn.conv1d_transpose(_input(tf, 2, 6, 4), f, [2, 6, 3], 1)
    return typed(tf)


# -- volumes --------------------------------------------------------------------------------------


def _convolved(tf, np, strides, padding):
    x, f = _values(tf, np, 2, 4, 5, 3, 2), _values(tf, np, 3, 2, 2, 2, 3)
    return _with_gradients(tf, np, tf.nn.conv3d(x, f, strides, padding), [x, f])


def conv3d(tf, np):
    return [
        _convolved(tf, np, [1, 1, 1, 1, 1], "SAME"),
        _convolved(tf, np, [1, 2, 1, 2, 1], "VALID"),
        _convolved(tf, np, [1, 2, 3, 1, 1], "SAME"),
    ]


def conv3d_float64(tf, np):
    x = _values(tf, np, 1, 3, 3, 3, 2, dtype=np.float64)
    f = _values(tf, np, 2, 2, 2, 2, 2, dtype=np.float64)
    y = tf.nn.conv3d(x, f, [1, 1, 1, 1, 1], "SAME")
    return run(tf, [y] + tf.gradients(y, [x, f]))


def conv3d_transpose(tf, np):
    x, f = _values(tf, np, 1, 2, 3, 2, 3), _values(tf, np, 3, 3, 2, 2, 3)
    y = tf.nn.conv3d_transpose(x, f, [1, 4, 6, 4, 2], 2)
    z = tf.nn.conv3d_transpose(x, f, tf.constant([1, 4, 5, 3, 2]), [1, 1, 1, 1, 1], "VALID")
    return [_with_gradients(tf, np, y, [x, f]), run(tf, z), [y.name, z.name]]


def conv3d_backprop_filter(tf, np):
    x, dy = _values(tf, np, 1, 3, 4, 3, 2), _values(tf, np, 1, 3, 4, 3, 2)
    y = tf.nn.conv3d_backprop_filter_v2(x, [2, 3, 1, 2, 2], dy, [1, 1, 1, 1, 1], "SAME")
    return _with_gradients(tf, np, y, [x, dy])


def conv3d_names(tf, np):
    x, f = _input(tf, None, 4, 4, 4, 3), _input(tf, 2, 2, 2, 3, 5)
    tf.nn.conv3d(x, f, [1, 1, 1, 1, 1], "SAME")
    tf.nn.convolution(x, f, "SAME")
    tf.nn.conv3d_transpose(_input(tf, 2, 4, 4, 4, 5), f, [2, 4, 4, 4, 3], 1)
    return typed(tf)


# -- of any rank ----------------------------------------------------------------------------------


def convolution(tf, np):
    convolution, ones = tf.nn.convolution, [1, 1, 1]
    row, filter1 = _values(tf, np, 2, 9, 2), _values(tf, np, 3, 2, 2)
    volume, filter3 = _values(tf, np, 1, 5, 4, 6, 2), _values(tf, np, 2, 2, 2, 2, 1)
    return run(
        tf,
        [
            convolution(row, filter1, "SAME", strides=[2]),
            convolution(row, filter1, "SAME", dilation_rate=[2]),
            convolution(row, filter1, "VALID", dilations=[3]),
            convolution(volume, filter3, "VALID", strides=[2, 1, 1]),
            convolution(volume, filter3, "SAME", dilation_rate=[2, 1, 3]),
            convolution(volume, filter3, "VALID", strides=ones, dilation_rate=[2, 1, 2]),
        ],
    )


def conv_transpose(tf, np):
    transposed = tf.nn.conv_transpose
    row, image = _values(tf, np, 1, 4, 2), _values(tf, np, 1, 3, 3, 2)
    volume = _values(tf, np, 1, 2, 2, 2, 2)
    return run(
        tf,
        [
            transposed(row, _values(tf, np, 3, 1, 2), [1, 8, 1], 2),
            transposed(image, _values(tf, np, 3, 3, 1, 2), [1, 6, 6, 1], [2, 2]),
            transposed(volume, _values(tf, np, 2, 2, 2, 1, 2), [1, 4, 4, 4, 1], 2, "VALID"),
        ],
    )


def atrous_conv2d_transpose(tf, np):
    x, f = _values(tf, np, 1, 5, 4, 2), _values(tf, np, 3, 2, 1, 2)
    transposed = tf.nn.atrous_conv2d_transpose
    same = transposed(x, f, [1, 5, 4, 1], 2, "SAME")
    return [
        _with_gradients(tf, np, same, [x, f]),
        run(tf, transposed(x, f, [1, 9, 6, 1], 2, "VALID")),
        run(tf, transposed(x, f, [1, 5, 4, 1], 1, "SAME")),
    ]


def shapes_inferred(tf, np):
    f, ones = _input(tf, 3, 3, 3, 2, 4), [1, 1, 1, 1, 1]
    conv3d, none = tf.nn.conv3d, tf.placeholder(tf.float32)
    sizes = tf.stack([tf.placeholder(tf.int32, []), 5, 5, 5, 2])
    return shapes(
        conv3d(_input(tf, None, None, 7, 5, None), f, [1, 2, 2, 1, 1], "VALID"),
        conv3d(none, f, ones, "SAME"),
        conv3d(_input(tf, 1, 5, 5, 5, 2), none, ones, "SAME"),
        conv3d(_input(tf, 1, 2, 5, 6, 7), f, ones, "SAME", "NCDHW"),
        tf.nn.conv3d_transpose(_input(tf, None, 5, 5, 5, 4), f, sizes, 1),
        tf.nn.conv1d(_input(tf, None, None, 2), _input(tf, 3, 2, 4), 1, "SAME"),
        tf.nn.conv1d(_input(tf, 1, 2, 9), _input(tf, 3, 2, 4), 2, "VALID", data_format="NCW"),
        tf.nn.convolution(_input(tf, None, 9, 2), _input(tf, 3, 2, 4), "SAME"),
        tf.nn.convolution(_input(tf, 1, 9, 9, 9, 2), f, "VALID", dilation_rate=[2, 2, 2]),
    )


def refused(tf, np):
    x, f, ones = _input(tf, 1, 5, 5, 5, 2), _input(tf, 3, 3, 3, 2, 4), [1, 1, 1, 1, 1]
    conv3d, row = tf.nn.conv3d, _input(tf, 1, 5, 2)
    big, image = _input(tf, 7, 3, 3, 2, 4), _input(tf, 1, 3, 3, 1)
    return [
        said(lambda: conv3d(x, f, 1, "SAME"), "Expected list for 'strides' argument to 'conv3d'"),
        error(lambda: conv3d(x, f, [1, 1, 1], "SAME")),
        said(lambda: conv3d(x, f, ones, "FULL"), "string 'FULL' not in: \"SAME\", \"VALID\"."),
        said(lambda: conv3d(_input(tf, 1, 5, 5, 5, 3), f, ones, "SAME"), "not a multiple of input"),
        said(lambda: conv3d(_input(tf, 5, 5, 2), f, ones, "SAME"), "rank 5 but is rank 3"),
        said(lambda: conv3d(x, big, ones, "VALID"), "caused by subtracting 7 from 5"),
        error(lambda: conv3d(tf.cast(x, tf.int32), tf.cast(f, tf.int32), ones, "SAME")),
        said(lambda: tf.nn.conv1d(row, _input(tf, 3, 2, 4), [1, 2], "SAME"), "length 1, 1 or 3"),
        said(lambda: tf.nn.conv1d(row, _input(tf, 3, 2, 4), 1, "SAME", data_format="X"), "NWC"),
        error(lambda: tf.nn.conv1d(row, _input(tf, 3, 3, 4), 1, "SAME")),
        said(lambda: tf.nn.convolution(_input(tf, 5, 2), row, "SAME"), "rank 3, 4 or 5 but was 2"),
        said(lambda: tf.nn.conv_transpose(row, row, [1, 2], 1), "of length 3, 4 or 5 but was 2"),
        error(lambda: tf.nn.atrous_conv2d_transpose(image, image, [1, 2, 2, 1], 0, "SAME")),
    ]
