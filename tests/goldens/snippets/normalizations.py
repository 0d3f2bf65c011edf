"""tf.nn.lrn, fused batch normalization, and what tf.layers.batch_normalization has beside it."""

from goldens.kit import error, run, said, shapes


def _values(tf, np, *sizes, **options):
    """Numbers that do not repeat."""
    dtype = options.get("dtype", np.float32)
    return tf.constant(np.sin(np.arange(np.prod(sizes)) * 1.7).reshape(sizes).astype(dtype))


def _input(tf, *sizes):
    return tf.placeholder(tf.float32, sizes)


# -- local response normalization -----------------------------------------------------------------


def lrn(tf, np):
    x = _values(tf, np, 2, 3, 2, 7)
    found = []
    for options in ({}, {"depth_radius": 2, "bias": 2.0, "alpha": 1e-2, "beta": 0.75},
                    {"depth_radius": 1, "alpha": 0.5, "beta": 0.9}):  # fmt: skip
        y = tf.nn.lrn(x, **options)
        found += [y] + tf.gradients(y * y, x)
    found.append(tf.nn.local_response_normalization(x, 4, bias=1.0, alpha=0.001 / 9.0, beta=0.75))
    return run(tf, found)


def lrn_refused(tf, np):
    x = _input(tf, None, 3, 3, 4)
    y = tf.nn.lrn(x)
    return [
        y.name,
        shapes(y, tf.nn.lrn(tf.placeholder(tf.float32))),
        said(lambda: tf.nn.lrn(_input(tf, 3, 3, 4)), "must be rank 4 but is rank 3"),
        error(lambda: tf.nn.lrn(tf.placeholder(tf.int32, [1, 2, 2, 2]))),
        error(lambda: tf.gradients(tf.gradients(y, x), x)),
    ]


# -- fused batch normalization --------------------------------------------------------------------


def _fused(tf, np, **options):
    x, weights = _values(tf, np, 3, 2, 4, 3), _values(tf, np, 3, 2, 4, 3) + 0.5
    scale, offset = tf.constant([1.0, 2.0, -0.5]), tf.constant([0.5, 0.0, 1.0])
    y, mean, variance = tf.nn.fused_batch_norm(x, scale, offset, **options)
    xs = [x, scale, offset]
    first = tf.gradients(y * y * weights, xs)
    second = tf.gradients(tf.add_n([tf.reduce_sum(dx * dx) for dx in first]), xs)
    found = run(tf, [y, mean, variance] + first + second)
    return found[:6] + [dx + 1000.0 for dx in found[6:]]  # they are small differences


def fused_training(tf, np):
    return [_fused(tf, np), _fused(tf, np, epsilon=0.5), _fused(tf, np, epsilon=0.0)]


def fused_inference(tf, np):
    x, scale, offset = _values(tf, np, 3, 2, 4, 2), tf.constant([1.0, 2.0]), tf.constant([0.5, 0.0])
    mean, variance = tf.constant([0.1, -0.2]), tf.constant([0.5, 2.0])
    y = tf.nn.fused_batch_norm(x, scale, offset, mean, variance, is_training=False)[0]
    first = tf.gradients(y * y, [x, scale, offset])
    second = tf.gradients(tf.add_n([tf.reduce_sum(dx * dx) for dx in first]), [x, scale])
    return run(tf, [y] + first + second)


def fused_half(tf, np):
    x = tf.cast(_values(tf, np, 3, 2, 4, 2), tf.float16)
    found = tf.nn.fused_batch_norm(x, tf.constant([1.0, 2.0]), tf.constant([0.5, 0.0]))
    values = run(tf, list(found))
    return [[value.dtype.name for value in values], values[1], values[2]]


def fused_of_one_pixel(tf, np):
    x = tf.constant([[[[1.0, 2.0]]]])
    return run(tf, list(tf.nn.fused_batch_norm(x, [1.0, 1.0], [3.0, 4.0])))


def fused_names_and_shapes(tf, np):
    x, vector = _input(tf, None, 5, None, 3), _input(tf, 3)
    found = tf.nn.fused_batch_norm(x, vector, vector)
    first = tf.nn.fused_batch_norm(_input(tf, 2, 3, 4, 5), vector, vector, data_format="NCHW")
    fused = tf.nn.fused_batch_norm
    return [
        [y.name for y in found],
        shapes(*found),
        shapes(*first),
        said(lambda: fused(x, vector, vector, mean=vector), "Both 'mean' and 'variance' must be"),
        said(lambda: fused(_input(tf, 5, 5, 3), vector, vector), "rank 4 but is rank 3"),
        said(lambda: fused(x, _input(tf, 4), vector), "must be equal, but are 3 and 4"),
        said(lambda: fused(x, vector, vector, data_format="X"), 'not in: "NHWC", "NCHW".'),
        error(lambda: fused(x, vector, vector, is_training=False)),
        error(lambda: fused(tf.placeholder(tf.int32, [1, 2, 2, 3]), vector, vector)),
    ]


def global_normalization(tf, np):
    x, vector = _values(tf, np, 2, 2, 2, 3), tf.constant([1.0, 2.0, 3.0])
    normalized = tf.nn.batch_norm_with_global_normalization
    return run(
        tf,
        [
            normalized(x, vector, vector, vector, vector, 0.01, True),
            normalized(x, vector, vector, vector, vector, 0.01, False),
            normalized(input=x, mean=vector, variance=vector, beta=vector, gamma=vector,
                       variance_epsilon=0.01, scale_after_normalization=True),
        ],
    )  # fmt: skip


# -- the layer ------------------------------------------------------------------------------------


def _trained(tf, np, x, **options):
    """Outputs in training, three steps of updates, the variables, outputs in use."""
    layer = tf.layers.BatchNormalization(momentum=0.8, name="norm", **options)
    y = layer.apply(x, training=True)
    used, updates = layer.apply(x, training=False), layer.updates
    grads = tf.gradients(y * y * y, [x] + layer.trainable_variables)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = [sess.run([y, grads])]
        for _ in range(3):
            sess.run(updates)
        names = [v.op.name for v in layer.variables]
        return found + [names, sess.run([y, used]), sess.run(layer.variables)]


def layer_renorm(tf, np):
    x = _values(tf, np, 4, 3) * 2.0 + 0.5
    return _trained(tf, np, x, renorm=True)


def layer_renorm_clipped(tf, np):
    x = _values(tf, np, 4, 2, 2, 3) * 2.0 + 0.5
    clipping = {"rmin": 0.9, "rmax": 1.1, "dmax": 0.05}
    return _trained(tf, np, x, renorm=True, renorm_clipping=clipping, renorm_momentum=0.5)


def layer_virtual_batches(tf, np):
    return _trained(tf, np, _values(tf, np, 6, 3), virtual_batch_size=3)


def layer_virtual_images(tf, np):
    return _trained(tf, np, _values(tf, np, 4, 2, 2, 3), virtual_batch_size=2)


def layer_adjustment(tf, np):
    def adjustment(shape):
        return tf.ones([1, shape[1]]) * 2.0, tf.ones([1, shape[1]]) * 0.5

    return _trained(tf, np, _values(tf, np, 4, 3), adjustment=adjustment)


def layer_renorm_when_fed(tf, np):
    x, training = _values(tf, np, 4, 3), tf.placeholder(tf.bool, [])
    y = tf.layers.batch_normalization(x, training=training, renorm=True, momentum=0.5)
    updates, found = tf.get_collection(tf.GraphKeys.UPDATE_OPS), []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for step in (True, False, True):
            found.append(sess.run(y, {training: step}))
            sess.run(updates, {training: step})
            found.append(sess.run(tf.global_variables()))
    return found


def layer_refused(tf, np):
    x, layer = _input(tf, 4, 3), tf.layers.BatchNormalization
    return [
        said(lambda: layer(renorm=True, renorm_clipping={"a": 1}), "contains keys not in"),
        error(lambda: layer(virtual_batch_size=0)(x)),
        error(lambda: layer(axis=0, virtual_batch_size=2)(x)),
        error(lambda: layer(virtual_batch_size=2, adjustment=lambda shape: (1.0, 0.0))(x)),
    ]


def layer_names(tf, np):
    x = _input(tf, 4, 3)
    tf.layers.batch_normalization(x, training=True, renorm=True)
    tf.layers.batch_normalization(_input(tf, 4, 2, 2, 3), virtual_batch_size=2, training=True)
    return [[v.op.name, str(v.shape)] for v in tf.global_variables()]


# -- contrib --------------------------------------------------------------------------------------


def contrib_layer_norm(tf, np):
    x, norm = _values(tf, np, 2, 3, 4), tf.contrib.layers.layer_norm
    made = [
        norm(x),
        norm(x, begin_norm_axis=2, activation_fn=tf.nn.relu),
        norm(x, begin_norm_axis=-1, begin_params_axis=1, center=False),
        norm(x, scale=False, trainable=False, scope="mine"),
        norm(x[0], outputs_collections="seen", variables_collections={"beta": ["betas"]}),
    ]
    names = [[v.op.name, str(v.shape)] for v in tf.global_variables()]
    kept = [tf.get_collection(name) for name in ("seen", "betas")]
    kept = [[each.op.name for each in list_] for list_ in kept]
    return [
        run(tf, made + tf.gradients(made[0] * made[0] * x, x)),
        names,
        kept,
        [v.op.name for v in tf.trainable_variables()],
        len(tf.model_variables()),
    ]


def contrib_layer_norm_refused(tf, np):
    norm = tf.contrib.layers.layer_norm
    return [
        error(lambda: norm(tf.placeholder(tf.float32))),
        error(lambda: norm(_input(tf, 3, None))),
        error(lambda: norm(_input(tf, 3, 4), begin_norm_axis=2)),
        [y.name for y in (norm(_input(tf, 3, 4)), norm(_input(tf, 3, 4), scope="mine"))],
    ]
