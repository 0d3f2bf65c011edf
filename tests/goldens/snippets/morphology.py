"""Dilation, erosion: values, gradients, shapes, names, and what is refused."""

from goldens.kit import error, run, said, shapes, typed


def _values(tf, np, *sizes, **options):
    dtype, scale = options.get("dtype", np.float32), options.get("scale", 1.0)
    return tf.constant((scale * np.sin(np.arange(np.prod(sizes)) * 1.7)).reshape(sizes)
                       .astype(dtype))  # fmt: skip


def _input(tf, *sizes):
    return tf.placeholder(tf.float32, sizes)


_WINDOWS = [
    ([1, 1, 1, 1], [1, 1, 1, 1], "SAME"), ([1, 2, 1, 1], [1, 1, 1, 1], "VALID"),
    ([1, 1, 1, 1], [1, 2, 2, 1], "SAME"), ([1, 2, 2, 1], [1, 1, 2, 1], "SAME"),
]  # fmt: skip


def _made(tf, np, function, dtype):
    x, f = _values(tf, np, 2, 5, 4, 2, dtype=dtype), _values(tf, np, 3, 2, 2, dtype=dtype)
    made = []
    for strides, rates, padding in _WINDOWS:
        y = function(x, f, strides, rates, padding)
        made.append([y] + tf.gradients(y * y, [x, f]))
    return run(tf, made)


def dilation(tf, np):
    return [_made(tf, np, tf.nn.dilation2d, dtype) for dtype in (np.float32, np.float64)]


def erosion(tf, np):
    return _made(tf, np, tf.nn.erosion2d, np.float32)


def dilation_of_equals(tf, np):
    x, f, ones = tf.ones([1, 3, 3, 1]), tf.zeros([2, 2, 1]), [1, 1, 1, 1]
    y = tf.nn.dilation2d(x, f, ones, ones, "SAME")
    return run(tf, [y] + tf.gradients(y, [x, f]))


def dilation_of_integers(tf, np):
    x = _values(tf, np, 1, 4, 4, 1, dtype=np.int32, scale=20.0)
    f = _values(tf, np, 2, 2, 1, dtype=np.int32, scale=9.0)
    ones = [1, 1, 1, 1]
    return run(tf, tf.nn.dilation2d(x, filters=f, strides=ones, dilations=ones, padding="SAME"))


def names_and_shapes(tf, np):
    x, f, ones = _input(tf, None, 7, 6, 2), _input(tf, 3, 3, 2), [1, 1, 1, 1]
    found = [
        tf.nn.dilation2d(x, f, [1, 2, 2, 1], ones, "VALID"),
        tf.nn.erosion2d(x, f, ones, [1, 2, 1, 1], "VALID"),
        tf.nn.erosion2d(x, f, ones, ones, "SAME", name="mine"),
    ]
    return [typed(tf), shapes(*found)]


def refused(tf, np):
    x, f, ones = _input(tf, 1, 5, 5, 2), _input(tf, 3, 3, 2), [1, 1, 1, 1]
    dilation2d = tf.nn.dilation2d
    y = dilation2d(x, f, ones, ones, "SAME")
    return [
        said(lambda: dilation2d(x, f, 1, ones, "SAME"), "Expected list for 'strides' argument"),
        error(lambda: dilation2d(x, f, [1, 1, 1], ones, "SAME")),
        said(lambda: dilation2d(x, f, ones, ones, "FULL"), "string 'FULL' not in: \"SAME\""),
        said(lambda: dilation2d(_input(tf, 5, 5, 2), f, ones, ones, "SAME"), "rank 4 but is"),
        said(lambda: dilation2d(x, _input(tf, 3, 3, 3), ones, ones, "SAME"), "but are 2 and 3"),
        error(lambda: dilation2d(x, _input(tf, 7, 3, 2), ones, ones, "VALID")),
        error(lambda: tf.gradients(tf.gradients(y, x), x)),
    ]
