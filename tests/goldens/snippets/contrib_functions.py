"""tf.contrib's own forms of functions, and its older names of namespaces."""

from goldens.kit import attempt, error


def _run(tf, fetches):
    with tf.Session() as sess:
        return sess.run(fetches)


def py_func_of_one(tf, np):
    double = tf.contrib.framework.py_func(lambda x: x * 2, [tf.constant([1.0, 2.0])], None,
                                          tf.float32, [2])  # fmt: skip
    return [str(double.shape), double.dtype.name, _run(tf, double)]


def py_func_of_structures(tf, np):
    def function(pair, scale=None):
        return {"sum": (pair[0] + pair[1]) * scale, "parts": (pair[0], [pair[1]])}

    types = {"sum": tf.float64, "parts": (tf.float64, tf.float64)}
    shapes = {"sum": [], "parts": (None, [])}
    one, two = tf.constant(1.0, tf.float64), tf.constant(2.0, tf.float64)
    made = tf.contrib.framework.py_func(function, [(one, two)], {"scale": one * 3}, types, shapes)
    values = _run(tf, made)
    return [str(made["parts"][1].shape), values["sum"], values["parts"][0], values["parts"][1]]


def py_func_types_from_tensors(tf, np):
    made = tf.contrib.framework.py_func(
        lambda x, y: (y, x), [tf.constant(1), tf.constant(2.5)],
        output_types=lambda x, y: (y.dtype, x.dtype), output_shapes=lambda x, y: (y.shape, x.shape),
    )  # fmt: skip
    return [[each.dtype.name for each in made], [str(each.shape) for each in made], _run(tf, made)]


def py_func_gets(tf, np):
    seen = []

    def function(*values):
        names = (type(value).__name__.strip("_") for value in values)  # NumPy 2 has no bool_
        seen.extend([name, np.shape(value)] for name, value in zip(names, values))
        return np.int32(len(values))

    values = [tf.constant(v) for v in (3, "text", [1.0], ["a", "b"], True, [[b"c"]])]
    with tf.Session() as sess:
        count = sess.run(tf.py_func(function, values, tf.int32))
    return [int(count), [[name, list(shape)] for name, shape in seen]]


def py_func_refused(tf, np):
    py_func = tf.contrib.framework.py_func
    return [
        error(lambda: py_func(lambda x: x, tf.constant(1), None, tf.int32)),
        error(lambda: py_func(lambda x: x, [tf.constant(1)], [1], tf.int32)),
        attempt(lambda: _run(tf, py_func(lambda x: (x, x), [tf.constant(1)], None, [tf.int32]))),
    ]


def squeezable(tf, np):
    squeeze = tf.contrib.framework.remove_squeezable_dimensions
    wide, flat = tf.constant([[1.0], [2.0]]), tf.constant([3.0, 4.0])
    free = tf.placeholder_with_default([[5.0], [6.0]], None)
    return [_run(tf, pair) for pair in (
        squeeze(wide, flat), squeeze(flat, wide), squeeze(wide, wide), squeeze(flat, labels=free),
        squeeze(predictions=free, labels=flat),
    )]  # fmt: skip


def atan2_by_keyword(tf, np):
    return _run(tf, tf.atan2(x=[1.0, -1.0], y=[2.0, 3.0], name="angle"))


def older_namespaces(tf, np):
    stft = tf.contrib.signal.stft(tf.ones([8]), 4, 2)
    drawn = tf.contrib.stateless.stateless_random_uniform([2], [3, 4])
    normal = tf.contrib.distributions.Normal(0.0, 2.0)
    cast = tf.dtypes.cast(2.5, tf.int32)
    made = tf.dtypes.complex(1.0, 2.0), tf.dtypes.saturate_cast(300, tf.uint8)
    return _run(tf, [tf.abs(stft), drawn, normal.prob(1.0), cast, *made])


def flattened(tf, np):
    x = tf.placeholder(tf.float32, [None, 2, 3])
    y = tf.contrib.layers.flatten(x, "ends")
    z = tf.contrib.layers.flatten(tf.placeholder(tf.float32, [4, None]), scope="mine")
    with tf.Session() as sess:
        return [
            y.name, str(y.shape), z.name, str(z.shape), len(tf.get_collection("ends")),
            sess.run(y, {x: np.arange(12.0).reshape(2, 2, 3)}).tolist(),
        ]  # fmt: skip


def values_and_protos(tf, np):
    util, known = tf.contrib.util, tf.constant([1, 2])
    proto = util.make_tensor_proto([1.5, 2.5])
    return [
        util.constant_value(known), util.constant_value(tf.shape(known)),
        util.constant_value(tf.placeholder(tf.int32, [2])), str(proto).split("\n"),
        util.make_ndarray(proto), util.make_ndarray(util.make_tensor_proto("a")),
    ]  # fmt: skip
