"""Convolution and pooling: values, gradients of two orders, shapes, names, and what is refused."""

from goldens.kit import error, run, said, shapes, typed


def _image(tf, np, *sizes, **options):
    """Numbers that do not repeat, as NHWC."""
    dtype = options.get("dtype", np.float32)
    values = np.sin(np.arange(np.prod(sizes)) * 1.7).reshape(sizes)
    return tf.constant(values.astype(dtype))


def _input(tf, *sizes):
    return tf.placeholder(tf.float32, sizes)


def _with_gradients(tf, np, y, xs):
    """y, its gradients weighted with 1, 2, 3, ..., and those of the sum of their squares."""
    count = int(np.prod(y.shape.as_list()))
    weights = tf.constant(np.arange(1, count + 1).reshape(y.shape.as_list()) / count, y.dtype)
    first = tf.gradients(y * weights, xs)
    second = tf.gradients(tf.add_n([tf.reduce_sum(dx * dx) for dx in first]), xs)
    return run(tf, [y] + first + [dx for dx in second if dx is not None])


def _convolved(tf, np, strides, padding, **options):
    x, f = _image(tf, np, 2, 5, 6, 2), _image(tf, np, 3, 2, 2, 3)
    return _with_gradients(tf, np, tf.nn.conv2d(x, f, strides, padding, **options), [x, f])


def conv2d_same(tf, np):
    return _convolved(tf, np, [1, 1, 1, 1], "SAME")


def conv2d_valid(tf, np):
    return _convolved(tf, np, 1, "VALID")


def conv2d_strides(tf, np):
    return [_convolved(tf, np, 2, "SAME"), _convolved(tf, np, [2, 3], "VALID")]


def conv2d_explicit(tf, np):
    x, f = _image(tf, np, 1, 4, 3, 1), _image(tf, np, 3, 3, 1, 1)
    pad = [[0, 0], [1, 2], [0, 3], [0, 0]]
    return run(tf, tf.nn.conv2d(x, f, [2, 1], pad))


def conv2d_dilations(tf, np):
    x, f = _image(tf, np, 1, 7, 6, 1), _image(tf, np, 3, 2, 1, 1)
    conv2d = tf.nn.conv2d
    return run(
        tf,
        [
            conv2d(x, f, 1, "SAME", dilations=2),
            conv2d(x, f, 1, "VALID", dilations=[2, 3]),
            conv2d(x, f, 2, "VALID", dilations=[1, 2, 1, 1]),
            tf.nn.atrous_conv2d(x, f, 2, "SAME"),
            tf.nn.atrous_conv2d(x, f, 2, "VALID"),
            tf.nn.convolution(x, f, "SAME", dilation_rate=[3, 2]),
            tf.nn.convolution(x, f, "VALID", strides=[2, 1]),
        ],
    )


def conv2d_float_types(tf, np):
    made = []
    for dtype in (np.float16, np.float64):
        x, f = _image(tf, np, 1, 4, 4, 1, dtype=dtype), _image(tf, np, 2, 2, 1, 1, dtype=dtype)
        y = tf.nn.conv2d(x, f, 1, "SAME")
        made += [y] + tf.gradients(y, [x, f])
    values = run(tf, made)
    rounded = [np.round(value.astype(np.float64), 2) for value in values[:3]]
    return [[value.dtype.name for value in values], values[3:], [v.shape for v in rounded]]


def conv2d_backprops(tf, np):
    x, f, dy = _image(tf, np, 2, 5, 4, 2), _image(tf, np, 3, 3, 2, 1), _image(tf, np, 2, 3, 2, 1)
    strides = [1, 2, 2, 1]
    of_input = tf.nn.conv2d_backprop_input([2, 5, 4, 2], f, dy, strides, "SAME")
    of_filter = tf.nn.conv2d_backprop_filter(x, [3, 3, 2, 1], dy, strides, "SAME")
    return [
        _with_gradients(tf, np, of_input, [f, dy]),
        _with_gradients(tf, np, of_filter, [x, dy]),
        [of_input.name, of_filter.name],
    ]


def conv2d_transpose(tf, np):
    x, f = _image(tf, np, 1, 3, 2, 2), _image(tf, np, 3, 3, 1, 2)
    y = tf.nn.conv2d_transpose(x, f, [1, 6, 4, 1], 2)
    z = tf.nn.conv2d_transpose(x, f, np.array([1, 5, 4, 1]), [1, 1, 1, 1], "VALID", name="up")
    return [_with_gradients(tf, np, y, [x, f]), run(tf, z), [y.name, z.name]]


def empty_batches(tf, np):
    x = tf.placeholder(tf.float32, [None, 5, 5, 2])
    f = _image(tf, np, 3, 3, 2, 4)
    y = tf.nn.avg_pool(tf.nn.max_pool(tf.nn.conv2d(x, f, 1, "SAME"), 2, 2, "SAME"), 2, 1, "SAME")
    return run(tf, [y] + tf.gradients(y, [x, f]), {x: np.zeros((0, 5, 5, 2))})


def _pooled(tf, np, pool, ksize, strides, padding):
    x = _image(tf, np, 2, 5, 6, 2)
    return _with_gradients(tf, np, pool(x, ksize, strides, padding), [x])


def max_pool(tf, np):
    return [
        _pooled(tf, np, tf.nn.max_pool, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"),
        _pooled(tf, np, tf.nn.max_pool, [3, 2], [1, 2], "VALID"),
        _pooled(tf, np, tf.nn.max_pool, 3, 1, "SAME"),
        _pooled(tf, np, tf.nn.max_pool, 2, 3, "SAME"),
    ]


def max_pool_ties(tf, np):
    values = [1, 1, 0, 2, 2, 1, 0, 0, 0, 0, 2, 2, 0, 0, 2, 0]
    x = tf.constant(values, tf.float32, [1, 4, 4, 1])
    pools = [tf.nn.max_pool(x, k, s, "SAME") for k, s in ((2, 2), (3, 1), (4, 4), (3, 2))]
    return run(tf, [tf.gradients(y, x)[0] for y in pools])


def max_pool_over_depth(tf, np):
    return run(tf, tf.nn.max_pool(_image(tf, np, 1, 2, 3, 4), [1, 1, 1, 2], [1, 1, 1, 2], "SAME"))


def max_pool_of_integers(tf, np):
    x = np.arange(16).reshape(1, 4, 4, 1)
    types = (np.int32, np.int64, np.uint8, np.int8, np.int16, np.uint16)
    tensors = [tf.constant(x, dtype) for dtype in types]
    return run(tf, [tf.nn.max_pool(given, 2, 2, "VALID") for given in tensors + [x, x / 7.0]])


def avg_pool(tf, np):
    return [
        _pooled(tf, np, tf.nn.avg_pool, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"),
        _pooled(tf, np, tf.nn.avg_pool, [3, 2], [1, 2], "VALID"),
        _pooled(tf, np, tf.nn.avg_pool, 3, 1, "SAME"),
        _pooled(tf, np, tf.nn.avg_pool, 2, 3, "SAME"),
    ]


def names(tf, np):
    x, f = _input(tf, None, 6, 6, 2), tf.placeholder(tf.float32, [3, 3, 2, 4])
    tf.nn.conv2d(x, f, 1, "SAME")
    tf.nn.conv2d(x, f, 1, "SAME", name="mine")
    tf.nn.max_pool(x, 2, 2, "SAME")
    tf.nn.max_pool2d(x, 2, 2, "SAME")
    tf.nn.avg_pool(x, 2, 2, "SAME")
    tf.nn.avg_pool2d(x, 2, 2, "SAME", name="pooled")
    tf.nn.conv2d_transpose(_input(tf, 1, 3, 3, 4), f, [1, 6, 6, 2], 2)
    tf.nn.convolution(x, f, "SAME")
    return typed(tf)


def attributes(tf, np):
    x, f = _input(tf, None, 6, 6, 2), tf.placeholder(tf.float32, [3, 3, 2, 4])
    conv = tf.nn.conv2d(x, f, 2, [[0, 0], [1, 2], [3, 4], [0, 0]], dilations=[1, 3]).op
    pool = tf.nn.max_pool(x, 2, [2, 3], "SAME").op
    found = [conv.get_attr(n) for n in ("strides", "dilations", "explicit_paddings")]
    return [found, [pool.get_attr(n) for n in ("ksize", "strides")], conv.get_attr("T").name]


def shapes_inferred(tf, np):
    f = tf.placeholder(tf.float32, [3, 3, 2, 4])
    some, none = _input(tf, None, None, 7, None), tf.placeholder(tf.float32)
    conv2d, back = tf.nn.conv2d, tf.nn.conv2d_backprop_input
    sizes = tf.stack([tf.placeholder(tf.int32, []), 5, 5, 2])
    return shapes(
        conv2d(some, f, 2, "VALID"),
        conv2d(none, f, 2, "SAME"),
        conv2d(_input(tf, 1, 5, 5, 2), none, 1, "SAME"),
        conv2d(_input(tf, 1, 5, 5, 2), none, 1, "VALID"),
        conv2d(_input(tf, None, 2, 7, 5), f, [1, 1, 2, 3], "VALID", data_format="NCHW"),
        conv2d(some, f, 1, [[0, 0], [1, 2], [3, 0], [0, 0]]),
        back(sizes, f, _input(tf, None, 3, 3, 4), [1, 1, 1, 1], "VALID"),
        back(tf.placeholder(tf.int32), f, none, [1, 1, 1, 1], "VALID"),
        tf.nn.max_pool(some, 2, 2, "VALID"),
        tf.nn.avg_pool(some, 2, 2, "SAME"),
        tf.nn.max_pool(none, 2, 2, "SAME"),
        tf.nn.max_pool(_input(tf, 1, 2, 5, 5), [2, 3], 2, "VALID", "NCHW"),
    )


def conv2d_refused(tf, np):
    x, f, conv2d = _input(tf, 1, 5, 5, 2), _input(tf, 3, 3, 2, 4), tf.nn.conv2d
    return [
        said(lambda: conv2d(x, _input(tf, 3, 3, 3, 4), 1, "SAME"), "Depth of input (2) is not"),
        said(lambda: conv2d(_input(tf, 5, 5, 2), f, 1, "SAME"), "must be rank 4 but is rank 3"),
        said(lambda: conv2d(x, _input(tf, 3, 3, 2), 1, "SAME"), "must be rank 4 but is rank 3"),
        said(lambda: conv2d(_input(tf, 1, 2, 2, 2), f, 1, "VALID"), "by subtracting 3 from 2"),
        said(lambda: conv2d(x, f, 1, "FULL"), "string 'FULL' not in: \"SAME\", \"VALID\", \"EX"),
        said(lambda: conv2d(x, f, 1), "Expected string for argument 'padding' not None."),
        said(lambda: conv2d(x, f, 1, "EXPLICIT"), "the padding parameter must be a list."),
        said(lambda: conv2d(x, f, 1, [[1, 1]] * 3), "must be of size 4. Got padding of size: 3"),
        said(lambda: conv2d(x, f, 1, [1, 1, 1, 1]), "index 0 of padding is not a list/tuple"),
        said(lambda: conv2d(x, f, 1, [[1] * 3] * 4), "index 0 of padding has size 3"),
        said(lambda: conv2d(x, f, 1, [[1, 1]] * 4), "Nonzero explicit padding in the batch or"),
        said(lambda: conv2d(x, f, 1, [[0, 0], [-1, 0], [0, 0], [0, 0]]), "must be nonnegative"),
        said(lambda: conv2d(x, f, 0, "SAME"), "Stride must be > 0, but got 0"),
        said(lambda: conv2d(x, f, [1, 1, 1], "SAME"), "of length 1, 2 or 4 but was 3"),
        said(lambda: conv2d(x, f, "a", "SAME"), "Expected int for argument 'strides' not 'a'"),
        said(lambda: conv2d(x, f, 1, "SAME", dilations=0), "rate must be >= 1, but got 0"),
        said(lambda: conv2d(x, f, 1, "SAME", data_format="NWHC"), "not in: \"NHWC\", \"NCHW\"."),
        said(lambda: conv2d(x, f, 1, "SAME", 3), "Expected bool for argument 'use_cudnn_on_gpu'"),
        said(lambda: conv2d(x, f, filters=f), "Cannot specify both 'filter' and 'filters'"),
        error(lambda: conv2d(x, None, 1, "SAME")),
        error(lambda: conv2d(x, tf.cast(f, tf.float64), 1, "SAME")),
        error(lambda: conv2d(tf.cast(x, tf.int32), tf.cast(f, tf.int32), 1, "SAME")),
    ]


def backprops_refused(tf, np):
    x, f, dy = _input(tf, 1, 5, 5, 2), _input(tf, 3, 3, 2, 4), _input(tf, 1, 5, 5, 4)
    ones = [1, 1, 1, 1]
    of_input, of_filter = tf.nn.conv2d_backprop_input, tf.nn.conv2d_backprop_filter
    return [
        said(lambda: of_input([1, 5, 5, 2], f, dy, 1, "SAME"), "Expected list for 'strides'"),
        said(lambda: of_input([1, 5, 5], f, dy, ones, "SAME"), "must be rank 4 but is rank 3"),
        said(lambda: of_input([[1, 5, 5, 2]], f, dy, ones, "SAME"), "rank 1 but is rank 2"),
        said(lambda: of_filter(x, [3, 3, 2], dy, ones, "SAME"), "must be rank 4 but is rank 3"),
        said(lambda: of_filter(x, [3, 3, 2, 4], dy, ones, "FULL"), "of 'Conv2DBackpropFilter' Op"),
        error(lambda: tf.nn.conv2d_transpose(dy, f, [1, 5, 5, 2], 1, None)),
        said(lambda: tf.nn.convolution(x, f, "FULL"), "string 'FULL' not in: \"SAME\", "),
        error(lambda: tf.nn.convolution(x, f, "EXPLICIT")),
        said(lambda: tf.nn.convolution(x, f, "SAME", [2, 2], [2, 2]), "in conjunction with"),
        said(lambda: tf.nn.atrous_conv2d(x, f, 0, "SAME"), "dilation_rate must be positive"),
    ]


def _pools_refused(tf, pool):
    x = _input(tf, 1, 5, 5, 2)
    return [
        said(lambda: pool(x, 2, 2, "FULL"), "string 'FULL' not in: \"SAME\", \"VALID\"."),
        said(lambda: pool(x, 2, 2, None), "Expected string for argument 'padding' not None."),
        said(lambda: pool(_input(tf, 5, 5, 2), 2, 2, "SAME"), "must be rank 4 but is rank 3"),
        said(lambda: pool(x, 7, 2, "VALID"), "caused by subtracting 7 from 5"),
        said(lambda: pool(x, 2, 0, "VALID"), "Stride must be > 0, but got 0"),
        said(lambda: pool(x, [1, 1, 1], 2, "VALID"), "ksize should be of length 1, 2 or 4"),
        error(lambda: pool(x, tf.constant([2, 2]), 2, "VALID")),
        error(lambda: pool(x, 2, 2, "VALID", data_format="X")),
        error(lambda: pool(tf.cast(x, tf.complex64), 2, 2, "VALID")),
        error(lambda: pool(None, 2, 2, "VALID")),
    ]


def max_pool_refused(tf, np):
    zero = said(lambda: tf.nn.max_pool(_input(tf, 1, 5, 5, 2), 0, 2, "VALID"), "cannot be zero.")
    return _pools_refused(tf, tf.nn.max_pool) + [zero]


def avg_pool_refused(tf, np):
    integers = tf.placeholder(tf.int32, [1, 5, 5, 2])
    refused = error(lambda: tf.nn.avg_pool(integers, 2, 2, "VALID"))
    return _pools_refused(tf, tf.nn.avg_pool) + [refused]
