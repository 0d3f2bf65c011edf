"""tf.contrib.model_pruning: masks, thresholds and weights as a network is trained and pruned."""

from goldens.kit import attempt, inside, names, said


def _data(np):
    rng = np.random.RandomState(3)
    x = rng.randn(40, 6).astype(np.float32)
    return x, (x[:, :2] * [1.5, -0.5]).sum(1, keepdims=True).astype(np.float32)


def _start(np, *shape):
    values = np.random.RandomState(7).randn(*shape).astype(np.float32)
    return lambda *_, **__: values


def _loss(tf, np):
    x, y = _data(np)
    mp = tf.contrib.model_pruning
    hidden = mp.masked_fully_connected(x, 8, weights_initializer=_start(np, 6, 8), scope="hidden")
    out = mp.masked_fully_connected(hidden, 1, activation_fn=None, scope="out",
                                    weights_initializer=_start(np, 8, 1))  # fmt: skip
    return tf.reduce_mean(tf.square(out - y))


def _trained(tf, np, text, steps=24, sparsity=None):
    """The masks, thresholds and weights as they are after some steps."""
    mp = tf.contrib.model_pruning
    loss = _loss(tf, np)
    step = tf.train.get_or_create_global_step()
    train = tf.train.GradientDescentOptimizer(0.05).minimize(loss, step)
    update = mp.Pruning(mp.get_pruning_hparams().parse(text),
                        sparsity=sparsity).conditional_mask_update_op()  # fmt: skip
    watched = [mp.get_thresholds(), mp.get_masks(), mp.get_weight_sparsity(), mp.get_weights(),
               loss]  # fmt: skip
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(steps):
            sess.run(train)
            sess.run(update)
            if i % 8 == 7:
                found.append(sess.run(watched))
    return found


def trained(tf, np):
    return _trained(tf, np, "pruning_frequency=3,target_sparsity=0.7,sparsity_function_end_step=20")


def trained_from_a_step_to_a_step(tf, np):
    return _trained(tf, np, "pruning_frequency=4,begin_pruning_step=6,end_pruning_step=15,"
                    "initial_sparsity=0.2,target_sparsity=0.6,sparsity_function_begin_step=4,"
                    "sparsity_function_end_step=18,sparsity_function_exponent=1")  # fmt: skip


def trained_with_smoothed_thresholds(tf, np):
    return _trained(tf, np, "threshold_decay=0.4,pruning_frequency=2,sparsity_function_end_step=9")


def trained_to_a_sparsity_of_its_own(tf, np):
    return _trained(tf, np, "weight_sparsity_map=[hidden:0.8],target_sparsity=0.4,"
                    "pruning_frequency=5,sparsity_function_end_step=10")  # fmt: skip


def trained_to_a_given_sparsity(tf, np):
    return _trained(tf, np, "pruning_frequency=5", sparsity=tf.constant(0.3))


def _blocks(tf, np, text):
    mp = tf.contrib.model_pruning
    weights = tf.get_variable("a/weights", initializer=_start(np, 7, 10)())
    also = tf.get_variable("b/weights", initializer=_start(np, 1, 1, 4, 6)())
    cubic = tf.get_variable("c/weights", initializer=_start(np, 2, 2, 2, 2)())
    for each in (weights, also, cubic):
        mp.apply_mask(each, each.op.name.partition("/")[0])
    step = tf.train.get_or_create_global_step()
    hparams = mp.get_pruning_hparams().parse(text)
    update = mp.Pruning(hparams).mask_update_op()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step.assign(50))
        sess.run(update)
        return sess.run([mp.get_masks(), mp.get_thresholds(), mp.get_masked_weights()])


def blocks_by_their_mean(tf, np):
    return _blocks(tf, np, "block_height=2,block_width=3")


def blocks_by_their_largest(tf, np):
    return _blocks(tf, np, "block_height=3,block_width=1,block_pooling_function=MAX")


def blocks_that_are_rows(tf, np):
    return _blocks(tf, np, "block_dims_map=[a:1x-1,b:4x2],target_sparsity=0.7")


def blocks_as_tpus_do(tf, np):
    return _blocks(tf, np, "block_height=2,block_width=3,use_tpu=true")


def weights_in_parts(tf, np):
    mp = tf.contrib.model_pruning
    tf.train.get_or_create_global_step()
    with tf.variable_scope("x", partitioner=tf.fixed_size_partitioner(3)):
        weights = tf.get_variable("w", [7, 4], initializer=tf.ones_initializer())
        mp.apply_mask(weights, tf.get_variable_scope())
    pruning = mp.Pruning(sparsity=0.5)
    update = pruning.mask_update_op()
    parts = list(weights)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i, part in enumerate(parts):
            part.load(_start(np, *part.shape.as_list())() - i, sess)
        sess.run(update)
        return [sess.run([mp.get_masks()[0].as_tensor(), mp.get_thresholds()]),
                [v.name for v in tf.global_variables()]]  # fmt: skip


def names_of_dense(tf, np):
    _loss(tf, np)
    return [names(tf), [v.name for v in tf.trainable_variables()],
            [v.name for v in tf.contrib.framework.get_model_variables()]]  # fmt: skip


def names_of_updates(tf, np):
    mp = tf.contrib.model_pruning
    mp.apply_mask(tf.get_variable("w", [3, 4]), "")
    tf.train.get_or_create_global_step()
    before = len(names(tf))
    pruning = mp.Pruning()
    update = pruning.conditional_mask_update_op()
    again = mp.Pruning(mp.get_pruning_hparams().parse("pruning_frequency=3"))
    return [update.op.type, sorted(names(tf)[before:]), [v.name for v in tf.global_variables()],
            again._last_update_step is pruning._last_update_step,
            said(pruning.conditional_mask_update_op)]  # fmt: skip


def summaries(tf, np):
    _loss(tf, np)
    tf.train.get_or_create_global_step()
    pruning = tf.contrib.model_pruning.Pruning()
    pruning.add_pruning_summaries()
    return [op.name for op in tf.get_collection(tf.GraphKeys.SUMMARIES)]


def convolution(tf, np):
    images = np.random.RandomState(1).randn(2, 5, 6, 3).astype(np.float32)
    layer = tf.contrib.model_pruning.masked_conv2d
    tf.set_random_seed(2)
    outputs = [
        layer(images, 4, 3),
        layer(images, 4, [3, 2], stride=2, padding="VALID", activation_fn=None, scope="b",
              outputs_collections="ends"),
        layer(images, 2, 2, rate=2, normalizer_fn=tf.contrib.layers.layer_norm),
        layer(images, 4, 3, scope="Conv", reuse=True, variables_collections=["kept"]),
    ]  # fmt: skip
    # A convolution with holes is several operations in TensorFlow, one here.
    found = [[name for name in names(tf) if not name.startswith("Conv_1/convolution")],
             [v.name for v in tf.get_collection("kept")],
             [t.aliases for t in tf.get_collection("ends")]]  # fmt: skip
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [*found, sess.run(outputs)]


def dense_of_sequences(tf, np):
    x = np.random.RandomState(1).randn(2, 3, 4).astype(np.float32)
    tf.set_random_seed(2)
    y = tf.contrib.model_pruning.masked_fully_connected(x, 5, biases_initializer=None)
    mask = tf.contrib.model_pruning.get_masks()[0]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(mask[1].assign([0.0, 1.0, 0.0, 1.0, 1.0]))
        return [names(tf), sess.run(y)]


def refused_layers(tf, np):
    mp = tf.contrib.model_pruning
    image = tf.zeros([2, 5, 6, 3])
    return [
        said(lambda: mp.masked_conv2d(tf.zeros([2, 5, 6]), 4, 3), "rank"),
        said(lambda: mp.masked_conv2d(image, 4, 3, data_format="XY"), "Invalid data_format"),
        said(lambda: mp.masked_conv2d(image, 4, 3, data_format="NWC"), "Unsupported data format"),
        said(lambda: mp.masked_fully_connected(image, 4.0), "num_outputs should be int"),
        said(lambda: mp.masked_fully_connected(tf.placeholder(tf.float32, [2, None]), 4), "last"),
        said(lambda: mp.masked_conv2d(tf.placeholder(tf.float32, [2, 5, 6, None]), 4, 3), "None"),
    ]


def refused_specs(tf, np):
    mp = tf.contrib.model_pruning
    tf.train.get_or_create_global_step()

    def made(text):
        return said(lambda: mp.Pruning(mp.get_pruning_hparams().parse(text)))

    return [made(text) for text in (
        "begin_pruning_step=-1", "begin_pruning_step=5,end_pruning_step=3",
        "sparsity_function_begin_step=-2", "sparsity_function_begin_step=100",
        "threshold_decay=1.0", "initial_sparsity=1.5", "target_sparsity=-0.1",
        "block_dims_map=[a:4]", "weight_sparsity_map=[a:1.0]", "block_dims_map=[a:4x4]",
    )]  # fmt: skip


def without_a_step(tf, np):
    return said(tf.contrib.model_pruning.Pruning)


def _cell(tf, np, cell):
    mp = tf.contrib.model_pruning
    x = np.random.RandomState(1).randn(2, 3, 4).astype(np.float32)
    tf.set_random_seed(5)
    outputs, state = tf.nn.dynamic_rnn(cell, tf.constant(x), dtype=tf.float32)
    step = tf.train.get_or_create_global_step()
    update = mp.Pruning().conditional_mask_update_op()
    found = [[v.name for v in tf.global_variables()], [v.name for v in tf.trainable_variables()],
             [v.name for v in mp.get_weights()], len(mp.get_masked_weights())]  # fmt: skip
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step.assign(60))
        found.append(sess.run([outputs, state]))
        sess.run(update)
        return [*found, sess.run([outputs, state, mp.get_thresholds(), mp.get_masks()])]


def cell_basic(tf, np):
    return _cell(tf, np, tf.contrib.model_pruning.MaskedBasicLSTMCell(3, forget_bias=0.5))


def cell_basic_with_one_state(tf, np):
    return _cell(tf, np, tf.contrib.model_pruning.MaskedBasicLSTMCell(3, 1.0, False, name="mine"))


def cell_full(tf, np):
    cell = tf.contrib.model_pruning.MaskedLSTMCell(3, True, 0.8, num_proj=3, proj_clip=0.2)
    return _cell(tf, np, cell)


def cells_unrolled(tf, np):
    """Three steps of one cell have one mask."""
    cell = tf.contrib.model_pruning.MaskedBasicLSTMCell(3)
    tf.nn.static_rnn(cell, [tf.ones([2, 4])] * 3, dtype=tf.float32)
    return [names(tf), len(tf.contrib.model_pruning.get_masks())]


def by_the_loop_of_slim(tf, np):
    mp = tf.contrib.model_pruning
    loss = _loss(tf, np)
    tf.losses.add_loss(loss)
    train = tf.contrib.slim.learning.create_train_op(loss, tf.train.GradientDescentOptimizer(0.05))
    hparams = mp.get_pruning_hparams().parse("pruning_frequency=2,sparsity_function_end_step=4")
    update = mp.Pruning(hparams).conditional_mask_update_op()
    sparsity, seen = mp.get_weight_sparsity(), []

    def step(sess, *arguments):
        seen.append(sess.run(sparsity))
        return tf.contrib.slim.learning.train_step(sess, *arguments)

    # TensorFlow's loses itself after the last step: it takes the loss for a pair.
    attempt(lambda: mp.train(train, None, update, train_step_fn=step, number_of_steps=6))
    return seen


def stripped(tf, np):
    folder = tf.test.get_temp_dir() + "/stripped"
    tf.gfile.MakeDirs(folder)
    mp = tf.contrib.model_pruning
    x = tf.placeholder(tf.float32, [None, 6], name="x")
    y = mp.masked_fully_connected(x, 3, weights_initializer=_start(np, 6, 3))
    y = tf.identity(y, name="y")
    tf.train.get_or_create_global_step()
    update = mp.Pruning(sparsity=0.5).mask_update_op()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(update)
        wanted = sess.run(y, {x: _data(np)[0]})
        tf.train.Saver().save(sess, folder + "/model")
    tf.reset_default_graph()
    graph_def = mp.graph_def_from_checkpoint(folder, ["y"])
    small = mp.strip_pruning_vars_fn(graph_def, ["y"])
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.import_graph_def(small, name="")
        same = np.array_equal(sess.run("y:0", {"x:0": _data(np)[0]}), wanted)
    return [sorted([n.name, n.op] for n in graph_def.node),
            sorted([n.name, n.op] for n in small.node), same,
            said(lambda: mp.graph_def_from_checkpoint(folder + "/no", ["y"]),
                 "Could not find a checkpoint")]  # fmt: skip


def blocks_expanded(tf, np):
    utils = inside(tf, "contrib.model_pruning.python.pruning_utils")
    x = tf.constant([[1, 2], [3, 4]])
    with tf.Session() as sess:
        values = sess.run([utils.expand_tensor(x, [2, 3]), utils.expand_tensor(x, [1, 2]),
                           utils.kronecker_product(x, tf.constant([[1, 2, 3]]))])  # fmt: skip
    return [*values, said(lambda: utils.expand_tensor(x[0], [2, 2])),
            said(lambda: utils.expand_tensor(x, [2]))]  # fmt: skip
