"""tf.layers.conv1d, conv3d, the transposed and the separable ones: values, names, shapes."""

from goldens.kit import error, run, said, typed


def _values(tf, np, *sizes):
    return tf.constant(np.cos(np.arange(np.prod(sizes)) * 1.3).reshape(sizes).astype(np.float32))


def _input(tf, *sizes):
    return tf.placeholder(tf.float32, sizes, name="x")


def _kernel(tf, np, *sizes):
    return tf.constant_initializer(np.sin(np.arange(np.prod(sizes)) + 1.0).reshape(sizes))


def _untyped(tf):
    """The names of what is no constant, without one that TensorFlow does not use."""
    unused = "strided_slice_3"
    return [pair for pair in typed(tf) if pair[1] != "Const" and unused not in pair[0]]


def conv1d_values(tf, np):
    x, conv1d, start = _values(tf, np, 2, 7, 2), tf.layers.conv1d, _kernel(tf, np, 3, 2, 3)
    return run(
        tf,
        [
            conv1d(x, 3, 3, kernel_initializer=start),
            conv1d(x, 3, [3], 2, "same", kernel_initializer=start, activation=tf.nn.relu),
            conv1d(x, 3, 3, dilation_rate=2, kernel_initializer=start, bias_initializer="ones"),
            conv1d(x, 3, 3, padding="causal", kernel_initializer=start, use_bias=False),
            conv1d(x, 3, 3, 2, padding="causal", kernel_initializer=start),
            conv1d(x, 3, 3, padding="causal", dilation_rate=2, kernel_initializer=start),
        ],
    )


def conv1d_names(tf, np):
    x = _input(tf, None, 6, 2)
    tf.layers.conv1d(tf.layers.conv1d(x, 4, 3, activation=tf.nn.relu), 3, 2, name="out")
    return typed(tf)


def conv3d_values(tf, np):
    x, conv3d = _values(tf, np, 1, 4, 3, 5, 2), tf.layers.conv3d
    start, flat = _kernel(tf, np, 2, 2, 2, 2, 3), _kernel(tf, np, 1, 3, 2, 2, 3)
    return run(
        tf,
        [
            conv3d(x, 3, 2, kernel_initializer=start),
            conv3d(x, 3, 2, 2, "same", kernel_initializer=start, activation=tf.nn.relu),
            conv3d(x, 3, (1, 3, 2), (2, 1, 1), kernel_initializer=flat, bias_initializer="ones"),
        ],
    )


def conv3d_names(tf, np):
    x = _input(tf, None, 4, 4, 4, 2)
    tf.layers.conv3d(x, 4, 3, activation=tf.nn.relu)
    tf.layers.conv3d(x, 3, 2, name="out", use_bias=False)
    return typed(tf)


def transposed_values(tf, np):
    x, volume = _values(tf, np, 2, 3, 4, 2), _values(tf, np, 1, 2, 3, 2, 2)
    transposed, start = tf.layers.conv2d_transpose, _kernel(tf, np, 3, 3, 3, 2)
    return run(
        tf,
        [
            transposed(x, 3, 3, kernel_initializer=start),
            transposed(x, 3, 3, 2, "same", kernel_initializer=start, activation=tf.nn.relu),
            transposed(x, 3, (1, 2), (3, 3), kernel_initializer=_kernel(tf, np, 1, 2, 3, 2)),
            transposed(x, 3, 3, 2, use_bias=False, kernel_initializer=start),
            tf.layers.conv3d_transpose(
                volume, 1, 2, (2, 1, 1), kernel_initializer=_kernel(tf, np, 2, 2, 2, 1, 2)
            ),
            tf.layers.conv3d_transpose(
                volume, 1, 3, 2, "same", kernel_initializer=_kernel(tf, np, 3, 3, 3, 1, 2)
            ),
        ],
    )


def transposed_gradients(tf, np):
    x, start = _values(tf, np, 1, 2, 3, 1), _kernel(tf, np, 2, 2, 2, 1)
    y = tf.layers.conv2d_transpose(x, 2, 2, 2, kernel_initializer=start)
    return run(tf, tf.gradients(y * y, [x] + tf.trainable_variables()))


def transposed_names(tf, np):
    x = _input(tf, None, 4, 4, 2)
    tf.layers.conv2d_transpose(x, 4, 3, 2, "same", activation=tf.nn.relu)
    tf.layers.conv2d_transpose(x, 4, 3, name="up")
    tf.layers.conv3d_transpose(_input(tf, 2, 4, 4, 4, 2), 4, 3)
    return _untyped(tf)


def separable_values(tf, np):
    row, x = _values(tf, np, 2, 6, 2), _values(tf, np, 1, 5, 4, 2)
    first = {"depthwise_initializer": _kernel(tf, np, 3, 2, 2),
             "pointwise_initializer": _kernel(tf, np, 1, 4, 3)}  # fmt: skip
    second = {"depthwise_initializer": _kernel(tf, np, 3, 2, 2, 1),
              "pointwise_initializer": _kernel(tf, np, 1, 1, 2, 3)}  # fmt: skip
    conv1d, conv2d = tf.layers.separable_conv1d, tf.layers.separable_conv2d
    return run(
        tf,
        [
            conv1d(row, 3, 3, depth_multiplier=2, **first),
            conv1d(row, 3, 3, 2, "same", depth_multiplier=2, activation=tf.nn.relu, **first),
            conv1d(row, 3, 3, padding="causal", depth_multiplier=2, **first),
            conv2d(x, 3, (3, 2), **second),
            conv2d(x, 3, (3, 2), 2, "same", bias_initializer="ones", **second),
            conv2d(x, 3, (3, 2), padding="same", dilation_rate=2, use_bias=False, **second),
        ],
    )


def separable_names(tf, np):
    tf.layers.separable_conv1d(_input(tf, None, 6, 2), 4, 3)
    tf.layers.separable_conv2d(_input(tf, None, 6, 6, 2), 4, 3, activation=tf.nn.relu, name="out")
    return [v.op.name for v in tf.global_variables()], [
        pair[0] for pair in typed(tf) if pair[1] in ("Conv2D", "DepthwiseConv2dNative", "BiasAdd")
    ]


def shapes(tf, np):
    layers, x = tf.layers, _input(tf, None, 7, None, 2)
    volume, row = _input(tf, None, 2, 5, 6, 7), _input(tf, None, 9, 2)
    made = [
        layers.conv1d(row, 4, 3, 2),
        layers.conv1d(row, 4, 3, padding="causal", data_format="channels_first"),
        layers.conv3d(volume, 4, 2, data_format="channels_first"),
        layers.conv2d_transpose(x, 4, 3, 2),
        layers.conv2d_transpose(x, 4, 3, 2, "same"),
        layers.conv2d_transpose(_input(tf, None, 2, 5, 4), 4, 3, 2, data_format="channels_first"),
        layers.conv3d_transpose(volume, 4, 3, 2, data_format="channels_first"),
        layers.separable_conv1d(row, 4, 3),
        layers.separable_conv2d(x, 4, 3, 2, "same"),
    ]
    classes = [
        (layers.Conv1D(4, 3, 2, "causal"), [None, 7, 2]),
        (layers.Conv1D(4, 3, dilation_rate=2), [3, 7, 2]),
        (layers.Conv3D(4, 3, 2, "same"), [None, 7, 6, 5, 2]),
        (layers.Conv2DTranspose(4, 3, 2), [None, 7, None, 9]),
        (layers.Conv3DTranspose(4, 1, 3, data_format="channels_first"), [None, 7, 3, 4, 5]),
        (layers.SeparableConv2D(4, 3), [None, 7, 6, 9]),
    ]
    found = [str(layer.compute_output_shape(given)) for layer, given in classes]
    return [[str(y.shape) for y in made], found]


def refused(tf, np):
    row, x, layers = _input(tf, 1, 5, 2), _input(tf, 1, 5, 5, 2), tf.layers
    return [
        said(lambda: layers.conv1d(row, 4, [3] * 2), "`kernel_size` argument must be a tuple of 1"),
        said(lambda: layers.conv1d(row, 4, 3, padding="full"), "The `padding` argument must be a"),
        said(lambda: layers.conv1d(x, 4, 3), "expected ndim=3, found ndim=4"),
        said(lambda: layers.conv3d(x, 4, 3), "expected ndim=5, found ndim=4"),
        said(lambda: layers.conv2d(x, 4, 3, padding="causal"), "Causal padding is only supported"),
        said(lambda: layers.conv2d_transpose(_input(tf, 1, 5, 5, None), 4, 3), "channel dimension"),
        said(lambda: layers.conv2d_transpose(row, 4, 3), "expected ndim=4, found ndim=3"),
        error(lambda: layers.separable_conv2d(_input(tf, 1, 2, 2, 2), 4, 3)),
    ]
