"""Pooling of sequences and volumes, and with places: values, gradients, shapes, names."""

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
    first = tf.gradients(y * y * weights, xs)
    second = tf.gradients(tf.add_n([tf.reduce_sum(dx * dx) for dx in first]), xs)
    return run(tf, [y] + first + [dx for dx in second if dx is not None])


def volumes(tf, np):
    x = _values(tf, np, 2, 4, 3, 5, 2)
    return [
        _with_gradients(tf, np, pool(x, ksize, strides, padding), [x])
        for pool in (tf.nn.max_pool3d, tf.nn.avg_pool3d)
        for ksize, strides, padding in (
            (2, 2, "SAME"),
            ([1, 3, 2, 2, 1], [1, 1, 2, 1, 1], "VALID"),
            ([2, 3, 3], 1, "SAME"),
        )
    ]


def volumes_of_equals(tf, np):
    x = tf.constant([1, 1, 0, 2, 2, 1, 0, 0, 2, 1, 2, 0], tf.float32, [1, 2, 3, 2, 1])
    pools = [tf.nn.max_pool3d(x, k, s, "SAME") for k, s in ((2, 2), (2, 1), (3, 1), (1, 1))]
    first = [tf.gradients(y * y, x)[0] for y in pools]
    return run(tf, first + [tf.gradients(dx * dx, x)[0] for dx in first])


def sequences(tf, np):
    x = _values(tf, np, 2, 7, 2)
    return [
        _with_gradients(tf, np, pool(x, ksize, strides, padding), [x])
        for pool in (tf.nn.max_pool1d, tf.nn.avg_pool1d)
        for ksize, strides, padding in ((2, 2, "SAME"), ([3], [1], "VALID"), (3, 2, "SAME"))
    ]


def by_rank(tf, np):
    row, image, volume = (_values(tf, np, 1, *[5] * n, 2) for n in (1, 2, 3))
    pool, given = tf.nn.pool, (row, image, volume)
    return run(
        tf,
        [f(x, 2, 2, "SAME") for f in (tf.nn.max_pool_v2, tf.nn.avg_pool_v2) for x in given]
        + [
            pool(row, [3], "MAX", "VALID"),
            pool(image, [2, 3], "AVG", "SAME", strides=[1, 2]),
            pool(volume, [2, 2, 1], "MAX", "SAME", strides=[2, 1, 1]),
            pool(volume, [2, 2, 2], "AVG", "VALID"),
            pool(row, [2], "MAX", "VALID", dilation_rate=[2]),
            pool(image, [2, 2], "AVG", "VALID", dilations=[2, 3]),
            pool(volume, [2, 1, 2], "MAX", "VALID", [2, 1, 3]),
        ],
    )


def with_space_to_batch(tf, np):
    x, f, batched = _values(tf, np, 2, 7, 6, 2), _values(tf, np, 3, 2, 2, 1), []

    def convolved(images, count, padding):
        batched.append([str(images.shape), count, padding])
        return tf.nn.conv2d(images, f, 1, padding)

    def pooled(images, count, padding):
        batched.append([str(images.shape), count, padding])
        return tf.nn.max_pool(images, [1, 1, 2, 1], 1, padding)

    wrapped = tf.nn.with_space_to_batch
    rate = tf.placeholder_with_default([2, 1], [2])
    found = [
        wrapped(x, [2, 1], "SAME", convolved, [3, 2]),
        wrapped(x, [3, 2], "VALID", convolved),
        wrapped(x, [1, 1], "SAME", convolved),
        wrapped(x, rate, "SAME", convolved, tf.shape(f)),
        wrapped(x, [3], "VALID", pooled, spatial_dims=[2]),
    ]
    values = run(tf, found)
    refused = [
        said(lambda: wrapped(x, [0, 1], "VALID", convolved), "dilation_rate must be positive"),
        said(lambda: wrapped(x, [2, 2], "SAME", convolved), "filter_shape must be specified"),
        said(lambda: wrapped(x, 2, "VALID", convolved), "rate must be rank 1"),
        said(lambda: wrapped(x, [2], "VALID", pooled, spatial_dims=[0]), "positive integers"),
    ]
    return [values, batched, refused]


def with_argmax(tf, np):
    x, four = _values(tf, np, 2, 4, 5, 2), [1, 2, 2, 1]
    equals = tf.constant([1, 1, 0, 2, 2, 1, 0, 0, 2], tf.float32, [1, 3, 3, 1])
    pool = tf.nn.max_pool_with_argmax
    y, places = pool(x, four, [1, 2, 1, 1], "SAME")
    return run(
        tf,
        [
            list(pool(x, four, four, "SAME")),
            list(pool(x, [1, 3, 2, 1], [1, 1, 2, 1], "VALID")),
            list(pool(x, four, four, "SAME", include_batch_in_index=True)),
            list(pool(equals, four, [1, 1, 1, 1], "SAME")),
            list(pool(tf.cast(x, tf.float64), four, four, "SAME")),
            [y, places] + tf.gradients(y * y, x),
        ],
    )


def argmax_names(tf, np):
    x, four = _input(tf, None, 4, 4, 1), [1, 2, 2, 1]
    found = tf.nn.max_pool_with_argmax(x, four, four, "SAME")
    again = tf.nn.max_pool_with_argmax(x, four, four, "SAME", name="mine")
    return [
        [found.output.name, found.argmax.name, again[1].name, type(found).__name__],
        shapes(*found),
        error(lambda: tf.gradients(tf.gradients(found[0] ** 2, x), x)),
    ]


def names(tf, np):
    row, volume = _input(tf, None, 6, 2), _input(tf, None, 6, 6, 6, 2)
    tf.nn.max_pool1d(row, 2, 2, "SAME")
    tf.nn.avg_pool1d(row, 2, 2, "SAME")
    tf.nn.max_pool3d(volume, 2, 2, "SAME")
    tf.nn.avg_pool3d(volume, 2, 2, "SAME", name="mine")
    tf.nn.max_pool_v2(_input(tf, None, 6, 6, 2), 2, 2, "SAME")
    tf.nn.pool(volume, [2, 2, 2], "AVG", "SAME")
    return [pair for pair in typed(tf) if pair[1] != "Const"]


def layers(tf, np):
    row, volume, layers = _values(tf, np, 2, 7, 2), _values(tf, np, 1, 4, 5, 3, 2), tf.layers
    return run(
        tf,
        [
            layers.max_pooling1d(row, 2, 2),
            layers.average_pooling1d(row, 3, 2, "same"),
            layers.max_pooling1d(tf.transpose(row, [0, 2, 1]), 2, 2, name="x"),
            layers.max_pooling3d(volume, 2, 2),
            layers.average_pooling3d(volume, (2, 3, 1), 1, "same"),
            layers.MaxPooling3D(2, (2, 1, 1))(volume),
            layers.AveragePooling1D([2], [1])(row),
        ],
    )


def layers_names(tf, np):
    row, volume = _input(tf, None, 6, 2), _input(tf, None, 6, 6, 6, 2)
    tf.layers.max_pooling1d(row, 2, 2)
    tf.layers.average_pooling1d(row, 2, 2, name="mine")
    tf.layers.max_pooling3d(volume, 2, 2)
    tf.layers.average_pooling3d(volume, 2, 2)
    return [pair for pair in typed(tf) if pair[1] != "Const"]


def shapes_inferred(tf, np):
    x, layers = _input(tf, None, None, 7, 5, 2), tf.layers
    found = [
        layers.MaxPooling1D(2, 2).compute_output_shape([None, 7, 3]),
        layers.AveragePooling1D(2, 3, "same", "channels_first").compute_output_shape([1, 3, 7]),
        layers.MaxPooling3D(2, 1).compute_output_shape([None, 7, 6, 5, 3]),
    ]
    return shapes(
        tf.nn.max_pool3d(x, 2, [1, 1, 2, 3, 1], "VALID"),
        tf.nn.avg_pool3d(tf.placeholder(tf.float32), 2, 2, "SAME"),
        tf.nn.avg_pool3d(_input(tf, 1, 2, 5, 6, 7), 2, 2, "SAME", "NCDHW"),
        tf.nn.max_pool1d(_input(tf, 1, None, 3), 2, 2, "SAME"),
        tf.nn.avg_pool1d(_input(tf, 1, 3, 9), 2, 2, "SAME", "NCW"),
        layers.max_pooling3d(x, 2, 2),
    ) + [str(shape) for shape in found]


def refused(tf, np):
    x, row = _input(tf, 1, 5, 5, 5, 2), _input(tf, 1, 5, 2)
    pool, four = tf.nn.max_pool3d, [1, 2, 2, 1]
    image = _input(tf, 1, 5, 5, 1)
    return [
        said(lambda: pool(x, 2, 2, "FULL"), "string 'FULL' not in: \"SAME\", \"VALID\"."),
        said(lambda: pool(row, 2, 2, "SAME"), "must be rank 5 but is rank 3"),
        said(lambda: pool(x, 7, 2, "VALID"), "caused by subtracting 7 from 5"),
        said(lambda: pool(x, [2, 2], 2, "SAME"), "ksize should be of length 1, 3 or 5 but was 2"),
        error(lambda: pool(x, 2, 2, "SAME", "NHWC")),
        error(lambda: pool(tf.cast(x, tf.int32), 2, 2, "SAME")),
        error(lambda: tf.nn.avg_pool3d(tf.cast(x, tf.int32), 2, 2, "SAME")),
        said(lambda: tf.nn.max_pool1d(row, [1, 2], 2, "SAME"), "of length 1, 1 or 3 but was 2"),
        said(lambda: tf.nn.pool(row, [2, 2, 2, 2], "MAX", "SAME"), "1 <= num_spatial_dims <= 3"),
        error(lambda: tf.nn.pool(row, [2, 2], "MAX", "SAME")),
        error(lambda: tf.nn.pool(row, [2], "MIN", "SAME")),
        said(lambda: tf.nn.pool(row, [2], "MAX", "SAME", strides=[3]), "strides > window_shape"),
        said(lambda: tf.nn.pool(row, [2], "MAX", "SAME", [2]), "SAME padding is not implemented"),
        error(lambda: tf.nn.max_pool_with_argmax(image, 2, 2, "SAME")),
        error(lambda: tf.nn.max_pool_with_argmax(image, four, four, "SAME", "NCHW")),
        error(lambda: tf.layers.max_pooling1d(row, 2, None)),
        error(lambda: tf.layers.max_pooling1d(x, 2, 2)),
    ]
