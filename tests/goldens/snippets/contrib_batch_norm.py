"""tf.contrib.layers.batch_norm, and tf.layers.batch_normalization of images: names and values."""

from goldens.kit import error, run, typed


def _input(tf, *shape):
    return tf.placeholder(tf.float32, shape, name="x")


def _built(tf, make, shape, **options):
    """What is made of options where "tensor" stands for a placeholder, [names, nodes]."""
    x = _input(tf, *shape)
    if options.get("is_training") == "tensor":
        options["is_training"] = tf.placeholder(tf.bool, [], name="t")
    y = make(x, **options)
    trained, model = tf.trainable_variables(), tf.model_variables()
    variables = [
        [v.name, str(v.shape), v in trained, v in model] for v in tf.global_variables()
    ]
    names = ("update_ops", "mine", "regularization_losses")
    collections = [[each.name for each in tf.get_collection(name)] for name in names]
    # Switches stand before or after what they are made for.
    return [y.name, str(y.shape), variables, collections, sorted(map(" ".join, typed(tf)))]


def _all(tf, shape, *cases):
    found = []
    for options in cases:
        with tf.Graph().as_default():
            found.append(_built(tf, tf.contrib.layers.batch_norm, shape, **options))
    return found


def of_images(tf, np):
    return _all(
        tf,
        (None, 4, 4, 3),
        {},
        {"scale": True, "center": False},
        {"is_training": False},
        {"is_training": "tensor"},
        {"updates_collections": None},
        {"updates_collections": "mine", "is_training": "tensor", "variables_collections": ["mine"]},
        {"zero_debias_moving_mean": True},
        {"zero_debias_moving_mean": True, "updates_collections": None, "is_training": "tensor"},
        {"variables_collections": {"beta": ["mine"], "moving_mean": ["mine"]}, "trainable": False,
         "outputs_collections": "mine", "scope": "q"},
    )  # fmt: skip


def of_vectors(tf, np):
    return _all(
        tf,
        (None, 3),
        {},
        {"is_training": "tensor"},
        {"updates_collections": None, "scale": True},
        {"updates_collections": None, "is_training": "tensor"},
        {"updates_collections": None, "is_training": False},
    )


def of_sequences(tf, np):
    return _all(
        tf,
        (None, 5, 3),
        {},
        {"updates_collections": None},
        {"updates_collections": ["mine"], "is_training": "tensor"},
    )


def not_fused(tf, np):
    return _all(
        tf,
        (6, 4, 4, 3),
        {"fused": False},
        {"fused": False, "updates_collections": None, "is_training": "tensor"},
        {"fused": False, "updates_collections": None, "data_format": "NCHW"},
        {"data_format": "NCHW"},
        {"batch_weights": [1.0] * 6},
        {"batch_weights": [1.0] * 6, "is_training": "tensor", "data_format": "NCHW",
         "updates_collections": None},
    )  # fmt: skip


def special(tf, np):
    starts = {"beta": tf.ones_initializer(), "gamma": tf.zeros_initializer()}
    penalty = tf.contrib.layers.l2_regularizer(0.1)
    penalties = {"beta": penalty, "gamma": penalty}
    return _all(
        tf,
        (None, 4, 4, 3),
        {"renorm": True, "renorm_clipping": {"rmax": 3.0}},
        {"renorm": True, "is_training": "tensor"},
        {"adjustment": lambda shape: (tf.ones([3]), tf.zeros([3]))},
        {"param_regularizers": penalties, "param_initializers": starts, "scale": True},
        {"param_regularizers": penalties, "param_initializers": starts, "scale": True,
         "updates_collections": None},
    )  # fmt: skip


def refused(tf, np):
    norm, x = tf.contrib.layers.batch_norm, _input(tf, None, 4, 4, 3)
    return [
        error(lambda: norm(x, data_format="NCDHW")),
        error(lambda: norm(x, renorm=True, updates_collections=None)),
        error(lambda: norm(_input(tf, None, None))),
        error(lambda: norm(_input(tf, 1, 2, 2, None))),
        error(lambda: norm(tf.placeholder(tf.float32))),
    ]


def _images(np):
    return np.float32(np.random.RandomState(1).normal(3.0, 2.0, size=(2, 3, 4, 3)))


def _trained(tf, np, x, weights=None, **options):
    """Two steps: outputs, variables after; then the outputs when not training."""
    with tf.Graph().as_default():
        training = tf.placeholder(tf.bool, [])
        fixed = tf.constant(x)
        y = tf.contrib.layers.batch_norm(
            fixed, 0.5, is_training=training, batch_weights=weights, **options
        )
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            updates = tf.get_collection("update_ops")
            found = [sess.run([y, updates], {training: True})[0] for _ in range(2)]
            after = sess.run(tf.global_variables())
            return [found, after, sess.run(y, {training: False})]


def values(tf, np):
    x = _images(np)
    return [
        _trained(tf, np, x),
        _trained(tf, np, x, updates_collections=None, scale=True),
        _trained(tf, np, x, zero_debias_moving_mean=True),
        _trained(tf, np, x, fused=False),
        _trained(tf, np, x[0, 0]),
        _trained(tf, np, x[0, 0], updates_collections=None),
        _trained(tf, np, x[0]),
        _trained(tf, np, x, weights=[1.0, 3.0]),
        _trained(tf, np, x, renorm=True, renorm_decay=0.9),
    ]


def gradients(tf, np):
    x = tf.constant(_images(np))
    norm = tf.contrib.layers.batch_norm
    y = [norm(x, scale=True), norm(x, is_training=False, scale=True), norm(x[0, 0], scale=True)]
    loss = tf.add_n([tf.reduce_sum(tf.square(each) * tf.abs(each)) for each in y])
    return run(tf, tf.gradients(loss, [x] + tf.trainable_variables()))


def reused(tf, np):
    norm, x = tf.contrib.layers.batch_norm, _input(tf, None, 4, 4, 3)
    first = norm(x, scope="bn", is_training=True)
    second = norm(x, scope="bn", reuse=True, is_training=False)
    updates = [each.name for each in tf.get_collection("update_ops")]
    names = [v.name for v in tf.global_variables()]
    return [first.name, second.name, names, updates, typed(tf)]


def layers_of_images(tf, np):
    """tf.layers.batch_normalization: its nodes."""
    found, norm = [], tf.layers.batch_normalization
    cases = [
        {"training": True},
        {"training": False},
        {"training": "tensor"},
        {"training": True, "scale": False, "center": False},
        {"training": True, "renorm": True, "renorm_clipping": {"rmax": 2.0, "dmax": 1.0}},
        {"training": True, "axis": [1, 3]},
        {"training": True, "trainable": False},
    ]
    for options in cases:
        with tf.Graph().as_default():
            if options["training"] == "tensor":
                options["training"] = tf.placeholder(tf.bool, [], name="t")
            y = norm(_input(tf, 6, 4, 4, 3), **options)
            updates = [each.name for each in tf.get_collection("update_ops")]
            found.append([y.name, updates, sorted(map(" ".join, typed(tf)))])
    return found
