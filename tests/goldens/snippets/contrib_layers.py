"""tf.contrib.layers: names, variables, collections, values and what is refused, layer by layer."""

from goldens.kit import attempt, error, run, said, typed


def _input(tf, *shape, **options):
    return tf.placeholder(options.get("dtype", tf.float32), shape, name="x")


def _made(tf, *tensors):
    """Tensors, then the graph: variables with their collections, and all nodes."""
    trained, model = tf.trainable_variables(), tf.model_variables()
    variables = [
        [v.name, str(v.shape), v in trained, v in model] for v in tf.global_variables()
    ]
    return [[[t.name, str(t.shape)] for t in tensors], variables, sorted(map(" ".join, typed(tf)))]


def _collected(tf, *names):
    return [[each.name for each in tf.get_collection(name)] for name in names]


def fully_connected(tf, np):
    layers = tf.contrib.layers
    x = _input(tf, None, 3)
    y = layers.fully_connected(
        x,
        4,
        weights_regularizer=layers.l2_regularizer(0.1),
        outputs_collections="outs",
        variables_collections=["vars"],
    )
    z = layers.fully_connected(
        y, 2, None, layers.batch_norm, {"scale": True}, scope="out", outputs_collections=["outs"]
    )
    rest = [layers.linear(z, 2), layers.relu(z, 2), layers.relu6(z, 2), layers.elu(z, 2)]
    found = _collected(tf, "outs", "vars", "regularization_losses", "update_ops")
    return _made(tf, y, z, *rest) + [found, y.aliases, z.aliases]


def fully_connected_again(tf, np):
    connect = tf.contrib.layers.fully_connected
    x = connect(_input(tf, None, 5, 3), 4, tf.tanh, biases_initializer=None)
    with tf.variable_scope("s"):
        first = connect(x, 4, scope="k")
    with tf.variable_scope("s", reuse=True):
        second = connect(x, 4, scope="k")
    third = connect(x, 4, scope="s/k", reuse=True)
    refused = [
        said(lambda: connect(x, 4.0), "num_outputs type should be one of"),
        error(lambda: connect(x, 4, scope="s/k")),
        error(lambda: connect(x, 4, scope="new", reuse=True)),
        error(lambda: connect(_input(tf, None, None), 4)),
        error(lambda: connect(x, 4, normalizer_params=3, normalizer_fn=lambda y, a: y)),
    ]
    return _made(tf, x, first, second, third) + [refused]


def legacy_fully_connected(tf, np):
    layers = tf.contrib.layers
    penalty = layers.l2_regularizer(0.1)
    y = layers.legacy_fully_connected(_input(tf, None, 3), 4)
    z = layers.legacy_relu(_input(tf, None, 2, 3), 4, name="k", weight_regularizer=penalty)
    w = layers.legacy_linear(z, 2, bias_init=None)
    found = _collected(tf, "weights", "biases", "activations", "regularization_losses")
    refused = error(lambda: layers.legacy_fully_connected(_input(tf, 3), 4))
    return _made(tf, y, z, w) + [found, refused]


def convolutions(tf, np):
    layers = tf.contrib.layers
    x = _input(tf, None, 8, 8, 3)
    y = layers.conv2d(
        x, 4, [3, 3], variables_collections={"weights": ["w"], "biases": ["b"]},
        outputs_collections="o",
    )  # fmt: skip
    z = layers.conv2d(
        y, 4, 3, 2, "VALID", normalizer_fn=layers.batch_norm,
        normalizer_params={"is_training": True, "scale": True}, scope="c2",
    )  # fmt: skip
    w = layers.conv1d(_input(tf, None, 8, 3), 4, 3, activation_fn=None)
    v = layers.conv3d(_input(tf, None, 4, 4, 4, 3), 4, 3, stride=(1, 2, 2))
    u = layers.conv2d_in_plane(x, 3)
    refused = [
        error(lambda: layers.conv2d(w, 4, 3)),
        error(lambda: layers.conv2d(x, 4, 3, data_format="CNHW")),
        error(lambda: layers.convolution(_input(tf, 3, 3), 4, 3)),
        error(lambda: layers.conv2d(_input(tf, 1, 2, 2, None), 4, 3)),
    ]
    found = _collected(tf, "w", "b", "o", "update_ops")
    return _made(tf, y, z, w, v, u) + [found, refused]


def convolutions_transposed(tf, np):
    layers = tf.contrib.layers
    images, volumes = _input(tf, None, 8, 8, 3), _input(tf, None, 4, 4, 4, 3)
    y = layers.conv2d_transpose(images, 4, 3, stride=2)
    z = layers.conv3d_transpose(volumes, 4, 3, stride=(1, 2, 2), padding="VALID")
    w = layers.conv2d_transpose(
        images, 4, 3, 2, "VALID", normalizer_fn=layers.batch_norm, scope="up"
    )
    refused = error(lambda: layers.conv2d_transpose(images, 4, 3, data_format="NCDHW"))
    return _made(tf, y, z, w) + [refused]


def convolutions_separable(tf, np):
    layers = tf.contrib.layers
    x, penalty = _input(tf, None, 8, 8, 3), layers.l2_regularizer(0.1)
    normalized = {"normalizer_fn": layers.batch_norm, "weights_regularizer": penalty}
    y = layers.separable_conv2d(x, 4, 3, 2, variables_collections=["v"])
    z = layers.separable_conv2d(x, None, [3, 3], 2, 2, scope="dw", weights_regularizer=penalty)
    w = layers.separable_conv2d(x, 4, 3, 1, **normalized)
    v = layers.separable_conv2d(x, None, 3, 1, normalizer_fn=layers.batch_norm)
    return _made(tf, y, z, w, v) + [_collected(tf, "v", "regularization_losses")]


def pooling(tf, np):
    layers = tf.contrib.layers
    x, v = _input(tf, None, 8, 8, 3), _input(tf, None, 8, 8, 8, 3)
    found = [
        layers.max_pool2d(x, 2),
        layers.max_pool2d(x, [3, 2], 1, padding="SAME", scope="p", outputs_collections="o"),
        layers.avg_pool2d(x, 2),
        layers.max_pool3d(v, 2),
        layers.avg_pool3d(v, 2, stride=1),
        layers.max_pool2d(x, 2),
        tf.contrib.slim.pool(x, 2, "MAX", stride=2),
        tf.contrib.slim.pool(_input(tf, None, 8, 3), 3, "AVG"),
    ]
    refused = [
        error(lambda: layers.max_pool2d(x, 2, data_format="NCDHW")),
        error(lambda: tf.contrib.slim.pool(_input(tf, 3, 3), 2, "MAX")),
    ]
    return _made(tf, *found) + [found[1].aliases, refused]


def shapes(tf, np):
    layers = tf.contrib.layers
    x, labels = _input(tf, None, 4, 6, 3), _input(tf, None, dtype=tf.int32)
    sparse = layers.dense_to_sparse(labels, outputs_collections="s")
    found = [
        layers.flatten(x, outputs_collections="o"),
        layers.one_hot_encoding(labels, 5),
        layers.images_to_sequence(x),
        layers.images_to_sequence(x, data_format="NCHW"),
        layers.sequence_to_images(_input(tf, 6, 8, 3), 4),
        layers.sequence_to_images(_input(tf, 6, None, 3), 4, "channels_first"),
        layers.maxout(x, 1),
        layers.unit_norm(x, 2),
        layers.unit_norm(_input(tf, 3, None), 1),
        sparse.values,
    ]
    refused = [
        error(lambda: layers.maxout(x, 2)),
        error(lambda: layers.unit_norm(x, 4)),
        error(lambda: layers.images_to_sequence(x, "NDHWC")),
    ]
    return _made(tf, *found) + [found[0].aliases, sparse.aliases, refused]


def activations(tf, np):
    layers = tf.contrib.layers
    x = _input(tf, None, 4, 6, 3)
    found = [
        layers.softmax(_input(tf, None, 3)),
        layers.softmax(_input(tf, 2, None, 3), scope="sm"),
        layers.bias_add(x),
        layers.bias_add(x, tf.nn.relu, data_format="NCHW"),
        layers.dropout(x),
        layers.dropout(x, 0.8, is_training=False),
        tf.contrib.slim.layers.poincare_normalize(_input(tf, 2, 3)),
    ]
    refused = [
        error(lambda: layers.softmax(_input(tf, 3))),
        error(lambda: layers.bias_add(_input(tf, 2, 3), data_format="NCHW")),
    ]
    return _made(tf, *found) + [refused]


def spatial_softmax(tf, np):
    layers = tf.contrib.layers
    x = _input(tf, None, 4, 6, 3)
    found = [
        layers.spatial_softmax(x),
        layers.spatial_softmax(x, 0.5, name="ss", data_format="NCHW", trainable=False),
        layers.spatial_softmax(np.float32([[[[1.0], [2.0]]]])),
    ]
    refused = error(lambda: layers.spatial_softmax(_input(tf, 1, 2, 2, None)))
    return _made(tf, *found)[:2] + [refused]


def normalizations(tf, np):
    layers = tf.contrib.layers
    x = _input(tf, None, 4, 6, 3)
    last = {"channels_axis": 1, "reduction_axes": (2, 3), "mean_close_to_zero": True}
    found = [
        layers.layer_norm(x, begin_norm_axis=2, activation_fn=tf.nn.relu),
        layers.instance_norm(x),
        layers.instance_norm(x, data_format="NCHW", center=False),
        layers.group_norm(x, groups=3),
        layers.group_norm(x, groups=2, scope="gn", scale=False, **last),
    ]
    refused = [
        error(lambda: layers.group_norm(x, groups=2)),
        error(lambda: layers.group_norm(x, groups=5)),
        error(lambda: layers.group_norm(x, groups=3, reduction_axes=(-1,))),
        error(lambda: layers.group_norm(x, groups=3, channels_axis=4)),
        error(lambda: layers.instance_norm(_input(tf, 1, 2, 2, None))),
    ]
    return _made(tf, *found) + [refused]


def embeddings(tf, np):
    layers = tf.contrib.layers
    ids = _input(tf, None, 7, dtype=tf.int32)
    found = [
        layers.embed_sequence(ids, 10, 4),
        layers.embed_sequence(ids, 10, 4, unique=True, scope="e"),
        layers.embed_sequence(ids, scope="e", reuse=True),
        layers.bow_encoder(ids, 10, 4, sparse_lookup=False, scope="bow"),
    ]
    refused = [
        error(lambda: layers.embed_sequence(ids, 10)),
        error(lambda: layers.bow_encoder(ids, 10, 0)),
    ]
    return _made(tf, *found) + [refused]


def composed(tf, np):
    layers = tf.contrib.layers
    x = _input(tf, None, 8, 8, 3)
    a = layers.repeat(x, 2, layers.conv2d, 4, [3, 3], scope="conv1")
    b = layers.repeat(a, 2, layers.conv2d, 4, 3)
    c = layers.stack(b, layers.conv2d, [(4, [1, 1]), (5, [3, 3])])
    d = layers.stack(layers.flatten(c), layers.fully_connected, [3, 2], scope="fc")
    e = layers.stack(d, layers.linear, [3])
    refused = error(lambda: layers.stack(x, layers.linear, 3))
    return _made(tf, a, b, c, d, e) + [refused]


def summaries(tf, np):
    layers = tf.contrib.layers
    y = tf.nn.relu(_input(tf, None, 3))
    z, v = tf.nn.relu6(y), tf.Variable(1.0, name="v")
    tf.add_to_collection("activations", y)
    found = [layers.summarize_activation(y), layers.summarize_activation(z)]
    found += [layers.summarize_tensor(v), layers.summarize_tensor(y, "tag")]
    found += layers.summarize_tensors([z]) + layers.summarize_activations()
    found += layers.summarize_collection("variables")
    nothing = layers.summarize_tensor(tf.constant(True))
    return [[each.name for each in found], nothing, typed(tf)]


def gdn(tf, np):
    layers = tf.contrib.layers
    x = _input(tf, None, 8, 8, 3)
    found = [
        layers.gdn(x),
        layers.gdn(x, inverse=True, name="igdn"),
        layers.gdn(_input(tf, 2, 3, 5), data_format="channels_first"),
    ]
    return _made(tf, *found) + [error(lambda: layers.gdn(x, data_format="NHWC"))]


def in_parts(tf, np):
    layers = tf.contrib.layers
    penalty = layers.l2_regularizer(0.1)
    with tf.variable_scope("s", partitioner=tf.fixed_size_partitioner(2)):
        x = tf.ones([2, 4, 4, 6])
        y = layers.conv2d(x, 4, 3, normalizer_fn=layers.batch_norm, variables_collections=["c"])
        z = layers.separable_conv2d(y, 4, 3, variables_collections=["c"])
        w = layers.fully_connected(z, 6, variables_collections=["c"], weights_regularizer=penalty)
        v = layers.batch_norm(w[:, 0, 0], scale=True)
        u = tf.layers.batch_normalization(v, training=True)
        e = layers.embed_sequence(tf.constant([[1, 2]]), 10, 4)
    found = _collected(tf, "c", "regularization_losses", "model_variables")
    return _made(tf, y, z, w, v, u, e) + [found]


# -- values ---------------------------------------------------------------------------------------


def _images(np):
    return np.float32(np.random.RandomState(1).normal(size=(2, 4, 6, 3)))


def values(tf, np):
    """Weights are drawn as in TensorFlow: seeds count the nodes made before."""
    tf.set_random_seed(1)
    layers = tf.contrib.layers
    x = tf.constant(_images(np))
    return run(tf, [
        layers.fully_connected(layers.flatten(x), 3),
        layers.conv2d(x, 2, 3, normalizer_fn=layers.batch_norm),
        layers.conv2d_transpose(x, 2, 3, 2),
        layers.separable_conv2d(x, 2, 3, 2),
        layers.conv2d_in_plane(x, 2),
        layers.fully_connected(x, 2, tf.tanh),
    ])  # fmt: skip


def values_of_shapes(tf, np):
    layers = tf.contrib.layers
    x, words = tf.constant(_images(np)), tf.constant([[1, 0, 3], [0, 2, 2]])
    sparse = layers.dense_to_sparse(words)
    return run(tf, [
        layers.one_hot_encoding([1, 0], 3, on_value=2.0, off_value=-1.0),
        layers.images_to_sequence(x),
        layers.sequence_to_images(layers.images_to_sequence(x), 4),
        layers.maxout(x, 1),
        layers.unit_norm(x, 1),
        layers.softmax(x[0]),
        layers.spatial_softmax(x, temperature=0.5),
        tf.contrib.slim.layers.poincare_normalize(3.0 * x[0, 0]),
        [sparse.indices, sparse.values, sparse.dense_shape],
    ])  # fmt: skip


def values_of_normalizations(tf, np):
    layers = tf.contrib.layers
    x = tf.constant(_images(np))
    y = layers.gdn(tf.abs(x))
    variables = tf.trainable_variables()
    found = [
        layers.layer_norm(x),
        layers.instance_norm(x),
        layers.group_norm(x, groups=3),
        layers.group_norm(x, 2, 1, (2, 3), mean_close_to_zero=True),
        y,
        layers.gdn(x, inverse=True),
    ]
    return run(tf, found + tf.gradients(y * x, variables))


def values_of_embeddings(tf, np):
    layers = tf.contrib.layers
    ids = tf.constant([[1, 0, 3], [0, 2, 2]])
    rows = tf.constant_initializer(np.arange(8.0).reshape(4, 2))
    found = [
        layers.embed_sequence(ids, 4, 2, initializer=rows),
        layers.embed_sequence(ids, 4, 2, unique=True, initializer=rows),
        layers.bow_encoder(ids, 4, 2, initializer=rows),
        layers.bow_encoder(ids, 4, 2, sparse_lookup=False, initializer=rows),
    ]
    return run(tf, found)


def values_of_dropout(tf, np):
    tf.set_random_seed(2)
    dropout = tf.contrib.layers.dropout
    x, training = tf.ones([3, 4]), tf.placeholder_with_default(False, [])
    found = [
        dropout(x, 0.5),
        dropout(x, 0.5, noise_shape=[None, 1], seed=3),
        dropout(x, 0.5, is_training=False),
        dropout(x, 0.5, is_training=training, seed=3),
    ]
    return [run(tf, found), run(tf, found[3], {training: True})]


def with_arg_scope(tf, np):
    slim = tf.contrib.slim
    with slim.arg_scope(
        [slim.conv2d, slim.fully_connected],
        activation_fn=None,
        weights_initializer=tf.ones_initializer(),
        weights_regularizer=slim.l2_regularizer(0.5),
    ):
        with slim.arg_scope([slim.conv2d], padding="VALID"):
            y = slim.conv2d(tf.ones([1, 4, 4, 1]), 1, 3)
        z = slim.fully_connected(slim.flatten(y), 2, activation_fn=tf.nn.relu)
    return [y.name, z.name, run(tf, [y, z, tf.losses.get_regularization_loss()])]


def aliases(tf, np):
    utils = tf.contrib.slim.utils
    x, y = tf.constant(1.0, name="a"), tf.split([1.0, 2.0], 2, name="b")[1]
    utils.collect_named_outputs("c", "first/", x)
    utils.collect_named_outputs(["c"], "second", x)
    tf.add_to_collection("c", y)
    found = utils.convert_collection_to_dict("c")
    names = [[name, tensor.name] for name, tensor in found.items()]
    utils.convert_collection_to_dict("c", clear_collection=True)
    return [
        names,
        utils.gather_tensors_aliases([x, y]),
        utils.get_tensor_aliases(y),
        len(tf.get_collection("c")),
    ]


def sizes(tf, np):
    utils, shape = tf.contrib.slim.utils, tf.TensorShape([2, None, 4])
    return [
        utils.last_dimension(shape),
        attempt(lambda: utils.last_dimension(shape, min_rank=4)),
        attempt(lambda: utils.channel_dimension(shape, "channels_first")),
        attempt(lambda: utils.last_dimension(tf.TensorShape(None))),
        utils.two_element_tuple(3),
        utils.two_element_tuple([1, 2]),
        attempt(lambda: utils.two_element_tuple([1, 2, 3])),
        attempt(lambda: utils.two_element_tuple(1.0)),
        utils.n_positive_integers(2, 3),
        utils.n_positive_integers(2, [1, 2]),
        attempt(lambda: utils.n_positive_integers(2, [1])),
        attempt(lambda: utils.n_positive_integers(2, [1, 0])),
        attempt(lambda: utils.n_positive_integers(2, -1)),
        attempt(lambda: utils.n_positive_integers(0, 1)),
        utils.constant_value(tf.constant(True)),
        utils.constant_value(tf.Variable(True)),
        utils.constant_value(3),
        attempt(lambda: utils.constant_value(None)),
        attempt(lambda: utils.constant_value(tf.constant(1), tf.float32)),
        utils.smart_cond(True, lambda: 1, lambda: 2),
        utils.smart_cond(tf.constant(False), lambda: 1, lambda: 2),
        attempt(lambda: utils.smart_cond(True, 1, 2)),
        utils.get_variable_collections({"a": ["b"]}, "a"),
        utils.get_variable_collections(["c"], "a"),
    ]
