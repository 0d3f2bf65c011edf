"""Whole training steps: tf.contrib.layers.optimize_loss, tf.contrib.slim.learning."""

from goldens.kit import error, said, typed


def _data(np):
    random = np.random.RandomState(1)
    x = np.float32(random.normal(size=(8, 4)))
    return x, np.float32(x.sum(1, keepdims=True) > 0)


def _loss(tf, np):
    """Of a network with normalization and rows of a table."""
    tf.set_random_seed(1)
    x, y = _data(np)
    layers = tf.contrib.layers
    net = layers.fully_connected(x, 3, normalizer_fn=layers.batch_norm)
    rows = layers.embed_sequence(tf.constant([[0, 1], [2, 1]] * 4), 3, 2)
    net = tf.concat([net, layers.flatten(rows)], 1)
    return tf.losses.sigmoid_cross_entropy(y, layers.linear(net, 1))


def _steps(tf, step, count=4):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        losses = [sess.run(step) for _ in range(count)]
        return [losses, sess.run(tf.global_variables())]


def _optimized(tf, np, **options):
    with tf.Graph().as_default():
        step = tf.train.get_or_create_global_step()
        make = options.pop("options", lambda step: {})
        loss = _loss(tf, np)
        train = tf.contrib.layers.optimize_loss(loss, step, **dict(options, **make(step)))
        names = [[each.name for each in tf.get_collection(key)] for key in ("summaries",)]
        variables = [v.name for v in tf.global_variables()]
        return [train.name, names, variables, _steps(tf, train)]


def optimize_loss(tf, np):
    everything = list(tf.contrib.layers.OPTIMIZER_SUMMARIES)
    multipliers = {"fully_connected/weights:0": 0.5, "EmbedSequence/embeddings:0": 2.0}
    halved = lambda lr, step: tf.train.exponential_decay(lr, step, 2, 0.5)  # noqa: E731
    return [
        _optimized(tf, np, learning_rate=0.1, optimizer="SGD"),
        _optimized(tf, np, learning_rate=0.1, optimizer="Adam", name="mine", summaries=everything,
                   clip_gradients=0.1, learning_rate_decay_fn=halved),
        _optimized(tf, np, learning_rate=0.1, optimizer=tf.train.AdagradOptimizer, summaries=[],
                   gradient_multipliers=multipliers),
        _optimized(tf, np, learning_rate=0.1, optimizer=lambda lr: tf.train.FtrlOptimizer(lr),
                   clip_gradients=lambda pairs: pairs[:2], increment_global_step=False),
        _optimized(tf, np, learning_rate=None, optimizer=tf.train.MomentumOptimizer(0.1, 0.9),
                   update_ops=[]),
        _optimized(tf, np, learning_rate=0.5, optimizer="Momentum", options=lambda step: {
            "clip_gradients": tf.contrib.slim.adaptive_clipping_fn(
                global_step=step, report_summary=True, static_max_norm=0.05)}),
    ]  # fmt: skip


def optimize_loss_refused(tf, np):
    optimize, loss = tf.contrib.layers.optimize_loss, _loss(tf, np)
    step = tf.train.get_or_create_global_step()
    return [
        said(lambda: optimize(loss, step, 0.1, "Nope"), "Optimizer name should be one of"),
        said(lambda: optimize(loss, step, 1, "SGD"), "Learning rate should be 0d Tensor or float"),
        said(lambda: optimize(loss, step, None, "SGD"), "Learning rate is None"),
        said(lambda: optimize(loss, step, -0.1, "SGD"), "Invalid learning_rate"),
        said(lambda: optimize(loss, step, 0.1, "SGD", summaries=["x"]), "Summaries should be"),
        said(lambda: optimize(loss, step, 0.1, "SGD", clip_gradients=1), "Unknown type"),
        said(lambda: optimize(loss, step, 0.1, lambda lr: lr), "Unrecognized optimizer"),
        said(lambda: optimize(loss, step, 0.1, 3), "Unrecognized optimizer"),
        error(lambda: optimize(tf.ones([2]), step, 0.1, "SGD")),
        error(lambda: optimize(loss, tf.constant(1.0), 0.1, "SGD")),
    ]


def _created(tf, np, **options):
    with tf.Graph().as_default():
        optimizer = tf.train.GradientDescentOptimizer(0.5)
        train = tf.contrib.slim.learning.create_train_op(_loss(tf, np), optimizer, **options)
        ops = [op.name for op in tf.get_default_graph().get_operations()
               if "gradients" not in op.name and "GradientDescent" not in op.name]  # fmt: skip
        summaries = [each.name for each in tf.get_collection("summaries")]
        collected = [each.name for each in tf.get_collection("train_op")]
        return [train.name, collected, summaries, ops, _steps(tf, train)]


def create_train_op(tf, np):
    multipliers = {"fully_connected/weights": 0.5, "EmbedSequence/embeddings": 2.0}
    return [
        _created(tf, np),
        _created(tf, np, clip_gradient_norm=0.05, check_numerics=False),
        _created(tf, np, gradient_multipliers=multipliers, global_step=None),
        _created(tf, np, update_ops=[]),
        _created(tf, np, summarize_gradients=True),
    ]


def gradients_changed(tf, np):
    learning = tf.contrib.slim.learning
    v = tf.Variable([1.0, 2.0], name="v")
    g, rows = tf.constant([3.0, 4.0]), tf.IndexedSlices(tf.ones([2, 2]), tf.constant([0, 3]))
    pairs = [(g, v), (None, v), (rows, v)]
    clipped = learning.clip_gradient_norms(pairs, 1.0)
    multiplied = learning.multiply_gradients([(g, v), (rows, v)], {"v": 2.0})
    with tf.Session() as sess:
        found = sess.run([clipped[0][0], clipped[2][0].values, multiplied[0][0],
                          multiplied[1][0].values])  # fmt: skip
    return [
        found,
        clipped[1][0] is None,
        error(lambda: learning.multiply_gradients(tuple(pairs), {"v": 2.0})),
        error(lambda: learning.multiply_gradients(pairs, {})),
        error(lambda: learning.multiply_gradients(pairs, ["v"])),
        error(lambda: learning.multiply_gradients(pairs, {"v": 2.0})),
    ]


def summaries(tf, np):
    slim = tf.contrib.slim
    x = tf.constant([0.0, 1.0], name="x")
    made = [slim.summaries.add_histogram_summary(x), slim.summaries.add_zero_fraction_summary(x)]
    made += slim.summaries.add_scalar_summaries([x[0], x[1]], prefix="p")
    made += [slim.summaries.add_image_summary(tf.ones([1, 2, 2, 1], name="i"), "name", "q")]
    made += slim.summaries.add_histogram_summaries([x], "h")
    nodes = [each for each in typed(tf) if each[1].endswith("Summary")]
    return [[each.name for each in made], nodes]


def analyzed(tf, np):
    slim = tf.contrib.slim
    slim.conv2d(tf.placeholder(tf.float32, [None, 4, 4, 3]), 2, 3)
    sizes = slim.model_analyzer.analyze_vars(tf.global_variables())
    described = slim.model_analyzer.tensor_description(tf.global_variables()[0])
    return [list(sizes), described, slim.model_analyzer.analyze_ops(tf.get_default_graph())]
