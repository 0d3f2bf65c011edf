"""tf.layers.conv2d and the pooling layers: values, names, reuse, shapes, and what is refused."""

from goldens.kit import error, run, said, typed


def _image(tf, np, *sizes):
    return tf.constant(np.cos(np.arange(np.prod(sizes)) * 1.3).reshape(sizes).astype(np.float32))


def _input(tf, *sizes):
    return tf.placeholder(tf.float32, sizes, name="x")


def _kernel(tf, np, *sizes):
    return tf.constant_initializer(np.sin(np.arange(np.prod(sizes)) + 1.0).reshape(sizes))


def conv2d_values(tf, np):
    x, conv2d = _image(tf, np, 2, 5, 4, 2), tf.layers.conv2d
    start, tall = _kernel(tf, np, 3, 3, 2, 2), _kernel(tf, np, 3, 1, 2, 2)
    return run(
        tf,
        [
            conv2d(x, 2, 3, kernel_initializer=start),
            conv2d(x, 2, [3, 3], padding="same", kernel_initializer=start, activation=tf.nn.relu),
            conv2d(x, 2, (3, 1), strides=(1, 2), padding="SAME", kernel_initializer=tall),
            conv2d(x, 2, 3, 2, use_bias=False, kernel_initializer=start),
            conv2d(x, 2, (3, 1), dilation_rate=2, padding="same", kernel_initializer=tall),
            conv2d(x, 2, 3, bias_initializer="ones", kernel_initializer=start),
        ],
    )


def conv2d_gradients(tf, np):
    x, start = _image(tf, np, 1, 4, 4, 1), _kernel(tf, np, 2, 2, 1, 2)
    y = tf.layers.conv2d(x, 2, 2, activation=tf.nn.relu, kernel_initializer=start)
    return run(tf, tf.gradients(y * y, [x] + tf.trainable_variables()))


def conv2d_names(tf, np):
    x = _input(tf, None, 6, 6, 2)
    tf.layers.conv2d(tf.layers.conv2d(x, 4, 3, activation=tf.nn.relu), 3, 2, name="out")
    return typed(tf)


def conv2d_is_initialised_by_fans(tf, np):
    tf.set_random_seed(1)
    layer = tf.layers.Conv2D(40, [3, 5])
    layer(_input(tf, None, 9, 9, 20))
    limit, found = np.sqrt(6.0 / (3 * 5 * 20 + 3 * 5 * 40)), run(tf, layer.variables)
    return [
        [list(value.shape) for value in found],
        bool(0.99 * limit < np.abs(found[0]).max() <= limit),
        bool((found[1] == 0).all()),
    ]


def conv2d_layer(tf, np):
    x, start = _image(tf, np, 1, 4, 4, 1), _kernel(tf, np, 2, 2, 1, 2)
    layer = tf.layers.Conv2D(2, 2, padding="Same", kernel_initializer=start, name="mine")
    first, second = layer(x), layer(x * 2.0)
    return [
        [first.name, second.name, layer.name, layer.dtype],
        [v.op.name for v in layer.variables],
        [layer.filters, layer.kernel_size, layer.strides, layer.padding, layer.data_format],
        [layer.dilation_rate, layer.count_params()],
        run(tf, [first, second]),
    ]


def conv2d_reuse(tf, np):
    x = _input(tf, None, 6, 6, 2)
    with tf.variable_scope("net"):
        first = tf.layers.conv2d(x, 4, 3, name="out")
    with tf.variable_scope("net", reuse=True):
        again = tf.layers.conv2d(x, 4, 3, name="out")
    return [
        [first.name, again.name],
        [v.op.name for v in tf.global_variables()],
        error(lambda: tf.layers.conv2d(x, 4, 3, name="net/out")),
    ]


def conv2d_regularizers(tf, np):
    x = _image(tf, np, 1, 4, 4, 1)
    penalty = tf.contrib.layers.l2_regularizer(0.5)
    tf.layers.conv2d(x, 2, 2, kernel_regularizer=penalty, bias_regularizer=penalty,
                     kernel_initializer=_kernel(tf, np, 2, 2, 1, 2))  # fmt: skip
    losses = tf.losses.get_regularization_losses()
    return [[loss.name for loss in losses], run(tf, losses)]


def shapes(tf, np):
    layers, x = tf.layers, _input(tf, None, 7, None, 2)
    first = _input(tf, None, 2, 7, 6)
    made = [
        layers.conv2d(x, 4, 3),
        layers.conv2d(x, 4, 3, 2, "same"),
        layers.conv2d(first, 4, 3, data_format="channels_first"),
        layers.max_pooling2d(x, 2, 2),
        layers.max_pooling2d(first, [3, 2], 2, "same", "channels_first"),
        layers.average_pooling2d(x, 3, [1, 2]),
    ]
    classes = [
        layers.Conv2D(4, 3, 2, "same"),
        layers.Conv2D(4, [3, 2], dilation_rate=2, data_format="channels_first"),
        layers.MaxPooling2D(2, 2, "same", "channels_first"),
        layers.AveragePooling2D([2, 3], 2),
    ]
    found = [str(layer.compute_output_shape([None, 7, 6, 9])) for layer in classes]
    return [[[y.name, str(y.shape)] for y in made], found]


def pooling_values(tf, np):
    x, layers = _image(tf, np, 2, 5, 4, 2), tf.layers
    made = [
        layers.max_pooling2d(x, 2, 2),
        layers.max_pooling2d(x, [3, 2], 1, "same"),
        layers.average_pooling2d(x, 2, 2),
        layers.average_pooling2d(x, 3, (2, 1), padding="SAME"),
        layers.MaxPooling2D(pool_size=2, strides=2)(x),
        layers.AveragePooling2D((1, 2), (1, 2))(x),
    ]
    return run(tf, [made, tf.gradients(made, x)])


def pooling_names(tf, np):
    x = _input(tf, None, 6, 6, 2)
    for name in (None, "mine"):
        tf.layers.max_pooling2d(x, 2, 2, name=name)
        tf.layers.average_pooling2d(x, 2, 2, name=name)
    tf.layers.max_pooling2d(x, 2, 2)
    return typed(tf)


def refused(tf, np):
    x, layers = _input(tf, 1, 5, 5, 2), tf.layers
    pool = layers.max_pooling2d
    return [
        said(lambda: layers.conv2d(x, 4, [3] * 3), "`kernel_size` argument must be a tuple of 2"),
        said(lambda: layers.conv2d(x, 4, None), "must be a tuple of 2 integers. Received: None"),
        said(lambda: layers.conv2d(x, 4, 3, "a"), "`strides` argument must be a tuple of 2"),
        said(lambda: layers.conv2d(x, 4, 3, padding="full"), "The `padding` argument must be a"),
        error(lambda: layers.conv2d(x, 4, 3, padding="causal")),
        said(lambda: layers.conv2d(x, 4, 3, data_format="NCHW"), "The `data_format`", "NCHW"),
        said(lambda: layers.conv2d(x, 4, 3, 2, dilation_rate=2), "strides > 1 not supported in"),
        said(lambda: layers.conv2d(_input(tf, 1, 5, 5, None), 4, 3), "The channel dimension of"),
        said(lambda: layers.conv2d(_input(tf, 1, 5, 2), 4, 3), "expected ndim=4, found ndim=3"),
        error(lambda: layers.conv2d(_input(tf, 1, 2, 2, 2), 4, 3)),
        error(lambda: layers.conv2d(tf.placeholder(tf.float32), 4, 3)),
        error(lambda: layers.conv2d(x, "a", 3)),
        error(lambda: layers.conv2d(tf.placeholder(tf.int32, [1, 5, 5, 2]), 4, 3)),
        said(lambda: pool(_input(tf, 1, 5, 2), 2, 2), "expected ndim=4, found ndim=3"),
        said(lambda: pool(x, [2] * 3, 2), "`pool_size` argument must be a tuple of 2 integers"),
        said(lambda: pool(x, 2, 2, "full"), "The `padding` argument must be a"),
        said(lambda: layers.MaxPooling2D(2, None), "Argument `strides` must not be None."),
        error(lambda: pool(x, 7, 2)),
    ]
