"""bfloat16: what is rounded, and to what. Sums are of small numbers, so that they are exact."""


def _numbers(tf, np, *shape):
    return tf.cast(tf.constant(np.random.RandomState(7).randn(*shape), tf.float32), tf.bfloat16)


def _whole(tf, np, *shape):
    return tf.constant(np.random.RandomState(7).randint(-4, 5, shape), tf.bfloat16)


def _run(tf, fetches, feed_dict=None):
    """The values as float32, and the types."""
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found = session.run(fetches, feed_dict)
    return [(str(each.dtype), each.astype("float32")) for each in found]


def casts(tf, np):
    values = [1.0, 1.00390625, 1.01171875, -3.14159, 1e-40, 3.4e38, 0.0, -0.0, float("inf")]
    x = tf.cast(tf.constant(values, tf.float32), tf.bfloat16)
    y = tf.cast(tf.constant([1.7, -1.7, 300.0], tf.bfloat16), tf.int32)
    z = tf.cast(tf.constant([3, 257, 100001]), tf.bfloat16)
    return _run(tf, [x, y, z, tf.cast(x, tf.float64), tf.to_bfloat16([0.1])])


def elementwise(tf, np):
    x, y = _numbers(tf, np, 3, 5), _numbers(tf, np, 5)
    found = [x + y, x - y, x * y, x / (y + 3), -x, abs(x), tf.exp(x), tf.log(abs(x)), tf.tanh(x),
             tf.sqrt(abs(x)), tf.square(x), tf.maximum(x, y), tf.floor(x), tf.round(x),
             tf.reciprocal(x), tf.nn.relu(x), tf.nn.elu(x), tf.nn.leaky_relu(x, 0.25), x > y,
             tf.where(x > 0, x, 2 * x), tf.clip_by_value(x, -0.5, 0.5)]  # fmt: skip
    return _run(tf, found)


def arrays(tf, np):
    x = _numbers(tf, np, 4, 3)
    found = [tf.concat([x, x], 1), tf.reshape(x, [2, 6]), tf.transpose(x), x[1:, ::2],
             tf.gather(x, [2, 0]), tf.pad(x, [[1, 0], [0, 1]]), tf.tile(x, [1, 2]),
             tf.stack([x, x]), tf.split(x, 3, 1)[1], tf.reverse(x, [0]), tf.sort(x, 0),
             tf.one_hot([0, 2], 3, dtype=tf.bfloat16), tf.zeros([2], tf.bfloat16),
             tf.ones_like(x), tf.fill([2], x[0, 0]), tf.bitcast(x, tf.uint16),
             tf.bitcast(tf.constant([16256, 49024], tf.uint16), tf.bfloat16), tf.argmax(x, 1),
             tf.reduce_max(x, 0), tf.nn.top_k(x, 2)[0]]  # fmt: skip
    return _run(tf, found)


def sums(tf, np):
    x, w = _whole(tf, np, 2, 6), _whole(tf, np, 6, 3)
    image, taps = _whole(tf, np, 1, 5, 5, 2), _whole(tf, np, 2, 2, 2, 3)
    found = [
        tf.reduce_sum(x, 1),
        tf.matmul(x, w),
        tf.add_n([x, x, x]),
        tf.cumsum(x, 1),
        tf.nn.bias_add(x, _whole(tf, np, 6)),
        tf.nn.conv2d(image, taps, 1, "SAME"),
        tf.nn.max_pool(image, 2, 2, "SAME"),
        tf.unsorted_segment_sum(x, [1, 0], 2),
    ]
    return _run(tf, found)


def gradients(tf, np):
    x, w = _whole(tf, np, 2, 6), _whole(tf, np, 6, 3)
    y = tf.reduce_sum(tf.cast(tf.nn.relu(tf.matmul(x, w)), tf.float32) * 0.25)
    return _run(tf, tf.gradients(y, [x, w]))


def variables(tf, np):
    v = tf.get_variable("v", [3], tf.bfloat16, initializer=tf.constant_initializer([1, 2.5, 0.1]))
    tf.get_variable("resource", [2], tf.bfloat16, tf.ones_initializer(), use_resource=True)
    steps = [v.assign_add([0.001, 0.01, 1.0]), v.assign_sub([0.25, 0.25, 0.25])]
    told = [(each.name, each.dtype.name) for each in tf.global_variables()]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(steps[0])
        found = [session.run(v).astype("float32"), session.run(steps[1]).astype("float32")]
    return told, found


def training(tf, np):
    x = _whole(tf, np, 4, 3)
    w = tf.get_variable("w", [3, 2], tf.bfloat16, initializer=tf.zeros_initializer())
    miss = tf.matmul(x, w) - tf.constant(1, tf.bfloat16)
    loss = tf.reduce_sum(tf.cast(miss * miss, tf.float32))
    step = tf.train.MomentumOptimizer(0.015625, 0.5).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run([step] * 2)
        session.run(step)
        return session.run(w).astype("float32"), [v.name for v in tf.global_variables()]


def drawn(tf, np):
    tf.set_random_seed(3)
    dtype = tf.bfloat16
    found = [tf.random_uniform([9], 1, 3, dtype=dtype), tf.random_normal([9], dtype=dtype),
             tf.truncated_normal([9], dtype=dtype), tf.nn.dropout(tf.ones([20], dtype), 0.5),
             tf.random.stateless_uniform([5], [1, 2], dtype=dtype)]  # fmt: skip
    return _run(tf, found)


def fed(tf, np):
    x = tf.placeholder(tf.bfloat16, [None])
    half = np.array([1, 2.5], tf.bfloat16.as_numpy_dtype)
    return _run(tf, [x * x], {x: [1.1, 2.2, 3.3]}), _run(tf, [x + x], {x: half})


def in_a_loop(tf, np):
    x = tf.constant([1.1, 2.2], tf.bfloat16)
    _, y = tf.while_loop(lambda i, _: i < 3, lambda i, each: (i + 1, each * x), [0, x])
    array = tf.TensorArray(tf.bfloat16, 2, element_shape=[2]).unstack([x, x + 1])
    return _run(tf, [y, *tf.gradients(y, x), array.stack()])


def in_a_dataset(tf, np):
    data = tf.data.Dataset.from_tensor_slices(np.float32([1.1, 2.2, 3.3]))
    data = data.map(lambda each: tf.cast(each, tf.bfloat16)).batch(2)
    return _run(tf, [data.make_one_shot_iterator().get_next()])


def as_messages(tf, np):
    tf.constant([1.5, 2, 3.14159], tf.bfloat16, name="three")
    tf.constant(7.1, tf.bfloat16, name="one")
    tf.zeros([3], tf.bfloat16, name="zeros")
    nodes = tf.get_default_graph().as_graph_def().node
    tensors = [(node.name, node.attr["dtype"].type, node.attr["value"].tensor) for node in nodes]
    proto = tf.make_tensor_proto([1.0, 2.2], tf.bfloat16)
    return (
        [(name, dtype, list(t.half_val), t.tensor_content) for name, dtype, t in sorted(
            tensors, key=lambda each: each[0])],
        list(proto.half_val), tf.make_ndarray(proto).astype("float32"),
    )  # fmt: skip


def as_bytes(tf, np):
    text = tf.io.serialize_tensor(tf.constant([1.5, 2, 3.14159], tf.bfloat16))
    again = tf.io.parse_tensor(text, tf.bfloat16)
    with tf.Session() as session:
        found = session.run([text, again])
    return found[0], found[1].astype("float32")


def facts(tf, np):
    dtype = tf.bfloat16
    return (
        dtype.name,
        dtype.size,
        dtype.is_floating,
        dtype.is_integer,
        float(dtype.max),
        float(dtype.min),
        repr(dtype),
        str(dtype),
        dtype.as_datatype_enum,
        dtype.is_numpy_compatible,
        tf.as_dtype("bfloat16") is dtype,
        dtype.real_dtype.name,
    )


def refused(tf, np):
    return tf.matrix_inverse(tf.ones([2, 2], tf.bfloat16))


def mixed(tf, np):
    return tf.ones([2], tf.bfloat16) + tf.ones([2])
