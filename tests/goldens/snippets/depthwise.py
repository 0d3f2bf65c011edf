"""Convolution of each channel by itself: values, gradients, shapes, names, and what is refused."""

from goldens.kit import error, run, said, shapes, typed

_ONES = [1, 1, 1, 1]


def _image(tf, np, *sizes):
    return tf.constant(np.sin(np.arange(np.prod(sizes)) * 1.7).reshape(sizes).astype(np.float32))


def _input(tf, *sizes):
    return tf.placeholder(tf.float32, sizes)


def _with_gradients(tf, np, y, xs):
    """y, its gradients weighted with 1, 2, 3, ..., and those of the sum of their squares."""
    count = int(np.prod(y.shape.as_list()))
    weights = tf.constant(np.arange(1, count + 1).reshape(y.shape.as_list()) / count, y.dtype)
    first = tf.gradients(y * weights, xs)
    second = tf.gradients(tf.add_n([tf.reduce_sum(dx * dx) for dx in first]), xs)
    return run(tf, [y] + first + second)


def _convolved(tf, np, strides, padding):
    x, f = _image(tf, np, 2, 4, 5, 2), _image(tf, np, 3, 2, 2, 3)
    return _with_gradients(tf, np, tf.nn.depthwise_conv2d_native(x, f, strides, padding), [x, f])


def native_same(tf, np):
    return _convolved(tf, np, _ONES, "SAME")


def native_strides(tf, np):
    return _convolved(tf, np, [1, 2, 2, 1], "VALID")


def backprops(tf, np):
    x, f, dy = _image(tf, np, 1, 4, 4, 2), _image(tf, np, 3, 3, 2, 1), _image(tf, np, 1, 4, 4, 2)
    of_input = tf.nn.depthwise_conv2d_backprop_input([1, 4, 4, 2], f, dy, _ONES, "SAME")
    of_filter = tf.nn.depthwise_conv2d_native_backprop_filter(x, [3, 3, 2, 1], dy, _ONES, "SAME")
    return run(tf, [of_input, of_filter]) + [of_input.name, of_filter.name]


def depthwise_conv2d(tf, np):
    x, f, convolved = _image(tf, np, 1, 6, 5, 2), _image(tf, np, 2, 3, 2, 2), tf.nn.depthwise_conv2d
    return run(
        tf,
        [
            convolved(x, f, _ONES, "SAME"),
            convolved(x, f, [1, 2, 2, 1], "VALID"),
            convolved(x, f, _ONES, "SAME", rate=[2, 2]),
            convolved(x, f, _ONES, "VALID", dilations=[3, 2]),
        ],
    )


def separable_conv2d(tf, np):
    x, f, mix = _image(tf, np, 1, 5, 4, 2), _image(tf, np, 3, 3, 2, 2), _image(tf, np, 1, 1, 4, 3)
    separable = tf.nn.separable_conv2d
    return [
        _with_gradients(tf, np, separable(x, f, mix, _ONES, "SAME"), [x, f, mix]),
        run(tf, separable(x, f, mix, _ONES, "VALID", rate=[2, 1])),
    ]


def names(tf, np):
    x, f = _input(tf, 1, 5, 5, 2), _input(tf, 3, 3, 2, 3)
    tf.nn.depthwise_conv2d_native(x, f, _ONES, "SAME")
    tf.nn.depthwise_conv2d(x, f, _ONES, "SAME")
    tf.nn.depthwise_conv2d(x, f, _ONES, "SAME", name="mine")
    tf.nn.separable_conv2d(x, f, _input(tf, 1, 1, 6, 4), _ONES, "SAME")
    return [pair for pair in typed(tf) if pair[1] != "Const"]


def shapes_inferred(tf, np):
    f, native = _input(tf, 3, 3, 2, 3), tf.nn.depthwise_conv2d_native
    return shapes(
        native(_input(tf, None, None, 5, None), f, _ONES, "VALID"),
        native(_input(tf, 1, 5, 5, 2), _input(tf, 3, 3, None, None), _ONES, "VALID"),
        native(_input(tf, 1, 2, 5, 5), f, _ONES, "SAME", data_format="NCHW"),
        native(tf.placeholder(tf.float32), f, _ONES, "SAME"),
    )


def refused(tf, np):
    x, f, native = _input(tf, 1, 5, 5, 2), _input(tf, 3, 3, 2, 3), tf.nn.depthwise_conv2d_native
    return [
        said(lambda: native(x, f, 1, "SAME"), "Expected list for 'strides' argument to 'depth"),
        said(lambda: native(_input(tf, 1, 5, 5, 3), f, _ONES, "SAME"), "equal, but are 3 and 2"),
        said(lambda: native(_input(tf, 5, 5, 2), f, _ONES, "SAME"), "rank 4 but is rank 3"),
        said(lambda: native(x, f, _ONES, "FULL"), "string 'FULL' not in: \"SAME\", \"VALID\"."),
        said(lambda: native(x, _input(tf, 7, 7, 2, 3), _ONES, "VALID"), "subtracting 7 from 5"),
        error(lambda: native(x, f, [1, 1, 1], "SAME")),
        error(lambda: native(tf.cast(x, tf.int32), tf.cast(f, tf.int32), _ONES, "SAME")),
        said(lambda: tf.nn.depthwise_conv2d(x, f, _ONES, "SAME", rate=2), "rate must be rank 1"),
        error(lambda: tf.nn.separable_conv2d(x, f, _input(tf, 2, 1, 6, 4), _ONES, "SAME")),
        error(lambda: tf.nn.separable_conv2d(x, f, _input(tf, 1, 1, 5, 4), _ONES, "SAME")),
    ]
