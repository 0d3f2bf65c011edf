"""tf.CriticalSection, tf.contrib.copy_graph, scaled losses, Fourier features."""

import threading

from goldens.kit import accepted, eagerly, run, said


def critical_sections(tf, np):
    section, v = tf.CriticalSection(name="mine"), tf.Variable(0, use_resource=True, name="v")
    amount = tf.placeholder(tf.int32, [])

    def add():
        value = v.read_value()
        with tf.control_dependencies([value]):
            return v.assign(value + amount, read_value=True)

    added = section.execute(add)
    pair = section.execute(lambda: {"a": tf.identity(v), "b": [tf.constant(1)]}, name="both")
    within = []

    def read():
        within.append(tf.identity(v))
        return within[0]

    again = section.execute(read)
    other = tf.CriticalSection()
    with tf.Session() as sess:
        sess.run(v.initializer)
        found = [sess.run(added, {amount: 3})]
        threads = [threading.Thread(target=lambda: [sess.run(added, {amount: 1})
                                                    for _ in range(20)]) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found += [sess.run(pair)]
    lock = [op for op in within[0].op.inputs[0].op.control_inputs if op.type == "MutexLock"]
    return [found, len(lock), again.shape.as_list(), section.name, other.name,
            said(lambda: other.execute(lambda: tf.identity(v)), "requested exclusive resource"),
            said(lambda: tf.CriticalSection(critical_section_def=1), "Not yet implemented")]


def critical_sections_in_one_run(tf, np):
    """Executions in one run exclude each other, whichever is first."""
    v, w = (tf.Variable(0.0, use_resource=True) for _ in range(2))

    def execute(section, variable, amount):
        def add():
            value = variable.read_value()
            with tf.control_dependencies([value]):
                with tf.control_dependencies([variable.assign_add(amount)]):
                    return tf.identity(value)

        return section.execute(add)

    section = tf.CriticalSection()
    found = [execute(section, v, 2.0) for _ in range(3)]
    named = [execute(tf.CriticalSection(shared_name="one"), w, 5.0) for _ in range(2)]
    with tf.Session() as sess:
        sess.run([v.initializer, w.initializer])
        return [sorted(sess.run(found)), sess.run(v), sorted(sess.run(named)), sess.run(w)]


def copied_graphs(tf, np):
    copy = tf.contrib.copy_graph
    first, second = tf.Graph(), tf.Graph()
    with first.as_default():
        x = tf.placeholder(tf.float32, [2], name="x")
        w = tf.Variable([1.0, 2.0], name="w")
        with tf.control_dependencies([tf.no_op("before")]):
            y = tf.add(x * w, 1.0, name="y")
        first.add_to_collection("mine", y)
    made = copy.copy_variable_to_graph(w, second, "far")
    far = copy.copy_op_to_graph(y, second, [made], "far")
    again = copy.copy_op_to_graph(y, second, [made], "far")
    with tf.Session(graph=second) as sess:
        sess.run(made.initializer)
        value = sess.run(far, {"far/x:0": [3.0, 4.0]})
    return [value, far.name, made.name, again is far, sorted(second.get_all_collection_keys()),
            [op.name for op in far.op.control_inputs],
            copy.get_copied_op(x, second, "far").name,
            said(lambda: copy.copy_variable_to_graph(3, second), "is not a Variable")]


def scaled_losses(tf, np):
    precision = tf.contrib.mixed_precision
    v, x = tf.Variable([2.0]), tf.placeholder(tf.float32, [1])
    manager = precision.ExponentialUpdateLossScaleManager(64.0, 2, 2, 2.0, 0.5)
    sgd = tf.train.GradientDescentOptimizer(0.1)
    step = precision.LossScaleOptimizer(sgd, manager).minimize(tf.reduce_sum(v * x))
    fixed = precision.FixedLossScaleManager(8.0)
    gradients = precision.LossScaleOptimizer(sgd, fixed).compute_gradients(v * x * 3.0, [v])
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for value in (1.0, 1.0, np.inf, np.nan, 1.0, np.inf):
            sess.run(step, {x: [value]})
            found.append(sess.run([v, manager.get_loss_scale()]))
        found.append(sess.run([gradients[0][0], fixed.get_loss_scale()], {x: [2.0]}))
    return [found, said(lambda: precision.FixedLossScaleManager(0.5), "at least 1")]


def scaled_losses_eagerly(tf, np):
    precision = tf.contrib.mixed_precision
    with eagerly(tf):
        v = tf.contrib.eager.Variable([2.0, 3.0])
        manager = precision.ExponentialUpdateLossScaleManager(4.0, 1, 1)
        made = precision.LossScaleOptimizer(tf.train.GradientDescentOptimizer(0.1), manager)
        found = []
        for factor in (1.0, np.inf):
            pairs = made.compute_gradients(lambda: v * v * factor, [v])  # noqa: B023
            made.apply_gradients(pairs)
            found.append([pairs[0][0].numpy(), v.numpy(), manager.get_loss_scale().numpy()])
    return found


def loss_scales(tf, np):
    scales = tf.train.experimental
    v, x = tf.Variable([2.0]), tf.placeholder(tf.float32, [1])
    scale = scales.DynamicLossScale(16.0, 2, 4.0)
    made = scales.MixedPrecisionLossScaleOptimizer(tf.train.MomentumOptimizer(0.1, 0.9), scale)
    step = made.minimize(tf.reduce_sum(v * x))
    fixed = scales.MixedPrecisionLossScaleOptimizer(tf.train.GradientDescentOptimizer(0.1), 4)
    still = fixed.minimize(v * v)
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for value in (1.0, 1.0, np.inf, 1.0):
            sess.run(step, {x: [value]})
            found.append(sess.run([v, scale()]))
        sess.run(still)
        found.append(sess.run(v))
    wrapped = scales.enable_mixed_precision_graph_rewrite(tf.train.AdamOptimizer(), 8)
    scales.disable_mixed_precision_graph_rewrite()
    return [
        found, repr(scale), scale.get_config(), repr(scales.FixedLossScale(3)),
        scales.FixedLossScale.from_config({"loss_scale_value": 2.0}).get_config(), step.name,
        type(wrapped).__name__, made.get_name(),
        said(lambda: scales.FixedLossScale(0.5), "at least 1"),
        said(lambda: scales.FixedLossScale("a"), "Python int or float"),
        said(lambda: scales.MixedPrecisionLossScaleOptimizer(3, 4), "must be an instance of"),
        said(lambda: scales.MixedPrecisionLossScaleOptimizer(tf.train.AdamOptimizer(), "a"),
             "Could not interpret"),
        said(lambda: scales.enable_mixed_precision_graph_rewrite(wrapped), "must not already be"),
    ]  # fmt: skip


def fourier_features(tf, np):
    mapper = tf.contrib.kernel_methods.RandomFourierFeatureMapper(2, 5, 3.0, seed=4, name="mine")
    x = tf.constant([[1.0, 2.0], [0.5, -1.0], [0.0, 0.0]])
    with tf.Session() as sess:
        found = sess.run(mapper.map(x))
    return [found, mapper.name, mapper.input_dim, mapper.output_dim,
            said(lambda: mapper.map(x[0]), "should be 2"),
            said(lambda: mapper.map(x[:, :1]), "expected 2 input features")]  # fmt: skip


def summaries_in_tests(tf, np):
    import os
    import tempfile

    testing, folder = tf.contrib.testing, tempfile.mkdtemp()
    summary = tf.Summary(value=[tf.Summary.Value(tag="a", simple_value=1.5)])
    with tf.summary.FileWriter(folder) as writer:
        for number in (1, 2):
            summary.value[0].simple_value = number + 0.5
            writer.add_summary(summary, number)
    events = list(testing.latest_events(folder))
    return [
        os.path.dirname(testing.latest_event_file(folder)) == folder, len(events),
        [event.step for event in testing.latest_summaries(folder)],
        testing.simple_values_from_events(events, ["a"]), testing.latest_events("none"),
        testing.to_summary_proto(summary.SerializeToString()).value[0].tag,
        said(lambda: testing.assert_summary(["a"], {"a": 2.5}, summary), ""),
        said(lambda: testing.assert_summary(["a"], {"a": 3.5}, summary), ""),
        said(lambda: testing.assert_summary(["b"], {}, summary), "Expected tags"),
    ]  # fmt: skip


def hinge_losses_of_classes(tf, np):
    loss = tf.contrib.kernel_methods.sparse_multiclass_hinge_loss
    logits = tf.constant([[0.3, -1.5, 2.0], [1.25, 1.0, 3.5], [4.0, 1.0, 2.0]])
    labels, label = tf.constant([2, 0, 0]), tf.placeholder(tf.int32, [3])
    column, none = tf.cast(labels, tf.int64)[:, None], tf.losses.Reduction.NONE
    made = [loss(labels, logits), loss(column, logits, [[2.0], [1.0], [0.0]]),
            loss(labels, logits, 0.5), tf.losses.get_total_loss(),
            loss(labels, logits, [2.0, 0.0, 1.0], reduction=none)]  # fmt: skip
    made.append(tf.gradients(made[0], logits)[0])
    wrong = [
        (labels, logits[0], 1.0), (tf.cast(labels, tf.int16), logits, 1.0),
        (tf.zeros([3, 1, 1], tf.int32), logits, 1.0), (labels, logits, [1.0, 2.0]),
        (labels, logits, [[[1.0]]]), (label, logits, 1.0),
    ]  # fmt: skip
    return run(tf, made), [
        accepted(tf, lambda each=each: loss(*each), {label: [0, numbers, 1]})
        for each in wrong for numbers in (1, 3, -1)
    ]  # fmt: skip


def ops_of_graphs(tf, np):
    """Those of functions, too, whose names are no ops."""
    util = tf.contrib.util
    tf.tanh(tf.Variable([1.0, 2.0]) * 2.0)
    graph_def, strange = tf.get_default_graph().as_graph_def(), tf.GraphDef()
    strange.node.add(name="n", op="NoneOfThisName")
    for name, op in (("called", "Called"), ("wave", "Sin")):
        graph_def.node.add(name=name, op=op)
        function = graph_def.library.function.add()
        function.signature.name = op if op == "Called" else "Other"
        function.node_def.add(name="of", op="Other" if op == "Called" else "Cos")
    listed = [each.name for each in util.stripped_op_list_for_graph(graph_def).op]
    return [sorted(util.ops_used_by_graph_def(graph_def)), listed,
            util.ops_used_by_graph_def(strange),
            said(lambda: util.stripped_op_list_for_graph(strange), "NoneOfThisName is used",
    )]  # fmt: skip
