"""What TensorFlow's own tests of sessions and of training ask, beyond the other snippets."""

import os
import tempfile

from goldens.kit import attempt, error, inside, run, said, shape


def sizes_refused(tf, np):
    known, unknown = tf.placeholder(tf.float32, [2, 2]), tf.placeholder(tf.float32)
    wanted = tf.placeholder(tf.int32)
    array = np.arange(4.0)

    def built(make):
        return [
            attempt(lambda sizes=sizes: shape(make(sizes)))
            for sizes in ([-2], [-1], [[4]], [-2, -3])
        ]

    def runs(make):
        return [
            error(lambda sizes=sizes: run(tf, make(wanted), {wanted: sizes, unknown: array}))
            for sizes in ([-2], [[-4]], [3, 7], [3, -1], [-1, -1], [0, -1])
        ]

    return [
        built(lambda sizes: tf.reshape(known, sizes)),
        built(lambda sizes: tf.reshape(unknown, sizes)),
        built(lambda sizes: tf.fill(sizes, 1.0)), built(tf.zeros),
        built(lambda sizes: tf.broadcast_to(1.0, sizes)),
        runs(lambda sizes: tf.reshape(unknown, sizes)),
        runs(lambda sizes: tf.fill(sizes, 1.0))[:2],
    ]  # fmt: skip


def targets_of_sessions(tf, np):
    def opened(target):
        return error(lambda: tf.Session(target))

    return [opened("elsewhere"), opened(b"local"), opened(" "), opened(7)]


def devices_of_a_local_server(tf, np):
    server = tf.train.Server.create_local_server()

    def value(device):
        with tf.Graph().as_default(), tf.device(device), tf.Session(server.target) as sess:
            return sess.run(tf.constant(1.0) + 1)

    tasks = ("/job:local", "/job:local/task:0", "/job:local/task:0/cpu:0", "/job:local/task:1")
    return [attempt(lambda device=device: value(device)) for device in (*tasks, "/job:worker")]


def losses_of_nothing(tf, np):
    variable, other = tf.Variable(1.0, use_resource=True), tf.Variable(2.0, use_resource=True)
    step = tf.train.GradientDescentOptimizer(1.0)

    def minimized(loss):
        return said(lambda: step.minimize(loss, var_list=[variable]), "No gradients")

    return [minimized(lambda: other * 2), minimized(other * 2)]


def supervisors_of_replicas(tf, np):
    def supervisor(device):
        with tf.Graph().as_default(), tf.device(device):
            tf.Variable(1.0, name="v")
            return tf.train.Supervisor(is_chief=False).is_chief

    return [said(lambda: supervisor(None), "must have their device set"), supervisor("/job:ps")]


def frozen_loops(tf, np):
    """Graphs whose loops and branches read variables, with constants in the place of these."""
    array = np.arange(30, dtype=np.float32).reshape(2, 5, 3) / 30

    def recurrent(x):
        return tf.keras.layers.LSTM(4)(x)

    def by_hand(x):
        scale = tf.get_variable("scale", initializer=[1.0, 2.0, 3.0])
        _, y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, y * scale), [0, x])
        return tf.cond(tf.reduce_sum(x) > 0, lambda: y + scale, lambda: y - scale)

    def frozen(build):
        with tf.Graph().as_default(), tf.Session() as sess:
            x = tf.placeholder(tf.float32, [None, 5, 3], name="x")
            y = tf.identity(build(x), name="y")
            sess.run(tf.global_variables_initializer())
            wanted = sess.run(y, {x: array})
            graph_def = tf.graph_util.convert_variables_to_constants(sess, sess.graph_def, ["y"])
        with tf.Graph().as_default(), tf.Session() as sess:
            tf.import_graph_def(graph_def, name="")
            kinds = {node.op for node in graph_def.node}
            found = sess.run("y:0", {"x:0": array})
            return bool(np.allclose(found, wanted)), [k for k in kinds if "Var" in k or "Ref" in k]

    return [frozen(recurrent), frozen(by_hand)]


def values_known_before_a_run(tf, np):
    value, array = tf.contrib.util.constant_value, np.arange(6, dtype=np.float32).reshape(2, 3)
    x, open_ = tf.constant(array), tf.placeholder(tf.float32, [2, None])
    return [
        value(array), value("a"), value(3), value([1, 2]), value(None),
        value(tf.Variable(1.0)), value(tf.SparseTensor([[0]], [1.0], [3])),
        value(tf.concat([x, x], 0)), value(tf.stack([x, x])), value(tf.fill([2], 1.5)),
        value(tf.zeros([40, 50])).shape, value(tf.cast(x, tf.float64)), value(tf.equal(x, 1.0)),
        value(tf.fill(tf.shape(open_), 1.0)), value(tf.concat([x, open_], 1)), value(x + 1.0),
    ]  # fmt: skip


def what_is_waited_for_once(tf, np):
    first, second = tf.split(tf.constant([1.0, 2.0]), 2)
    with tf.control_dependencies([first]), tf.control_dependencies([second, first.op]):
        after = tf.constant(3.0)
    return [op.name for op in after.op.control_inputs]


def configurations_of_eager_execution(tf, np):
    return said(lambda: tf.enable_eager_execution(3), "config must be a tf.ConfigProto")


def files_after_their_end(tf, np):
    def writer(compression):
        made = tf.python_io.TFRecordWriter(path, tf.python_io.TFRecordOptions(compression))
        made.write(b"a")
        made.close()
        return [error(lambda: made.write(b"b")), error(made.flush), error(made.close)]

    nested = tf.python_io.TFRecordOptions(tf.python_io.TFRecordOptions("GZIP"))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "records")
        found = [writer(kind) for kind in ("", "GZIP", "ZLIB")]
        with tf.gfile.GFile(path, "rb") as file:
            return found, error(lambda: file.seek(-1)), nested.get_compression_type_string(nested)


def variables_of_a_linear_model(tf, np):
    columns = [tf.feature_column.numeric_column("x")]
    found = {}
    with tf.variable_scope("m", partitioner=tf.fixed_size_partitioner(2, axis=0)):
        tf.feature_column.linear_model(
            {"x": tf.constant([[1.0]])}, columns, units=2, cols_to_vars=found
        )
    return [variable.name for variable in found["bias"]]


def stripped_graphs(tf, np):
    stripped = inside(tf, "python.tools.strip_unused_lib").strip_unused
    optimized = inside(tf, "python.tools.optimize_for_inference_lib").optimize_for_inference
    x = tf.placeholder(tf.float32, [2], name="x")
    inner = tf.identity(x * 2.0, name="inner")
    tf.add(inner, 1.0, name="y")
    tf.Variable(1.0, name="unused")
    graph_def, real = tf.get_default_graph().as_graph_def(), tf.float32.as_datatype_enum

    def nodes(graph_def):
        return [[node.name, node.op, list(node.input)] for node in graph_def.node]

    return [
        nodes(stripped(graph_def, ["inner"], ["y"], real)),
        nodes(stripped(graph_def, ["inner", "x"], ["y"], [real, real])),
        nodes(optimized(graph_def, ["x"], ["y"], real)),
        error(lambda: stripped(graph_def, ["x:0"], ["y"], real)),
        error(lambda: stripped(graph_def, ["z"], ["y"], real)),
    ]  # fmt: skip


def versions_of_graphs(tf, np):
    def imported(**versions):
        graph_def = tf.GraphDef()
        for key, value in versions.items():
            setattr(graph_def.versions, key, value)
        return said(lambda: tf.import_graph_def(graph_def), "min consumer", "min producer")

    return [imported(min_consumer=1 << 30), imported(producer=-1), imported(producer=1 << 20)]


def gradient_functions(tf, np):
    ops = inside(tf, "python.framework.ops")
    x, y = tf.placeholder(tf.float32, [2, 3]), tf.placeholder(tf.float32, [3])
    product, positive = x * y, tf.nn.relu(x)
    by_hand = ops.get_gradient_function(product.op)(product.op, tf.ones([2, 3]))
    cut = ops.get_gradient_function(positive.op)(positive.op, tf.ones([2, 3]))
    feed = {x: [[1, 2, 3], [-4, 5, -6]], y: [1, 2, 3]}
    numbered = [tensor.name for tensor in ops.convert_n_to_tensor([1, 2.0], name="n")]
    return [run(tf, [*by_hand, cut], feed), ops.get_gradient_function(x.op), numbered]


def gradients_by_their_names(tf, np):
    """What programs that explain networks take from TensorFlow's inside."""
    nn_grad, math_grad = inside(tf, "python.ops.nn_grad"), inside(tf, "python.ops.math_grad")
    registry = inside(tf, "python.framework.ops")._gradient_registry
    x = tf.constant([[1.0, -2.0], [0.5, 3.0]])
    w = tf.constant([[2.0, 1.0], [-1.0, 4.0]])
    relu, tanh, product = tf.nn.relu(x), tf.tanh(x), tf.matmul(x, w)
    by_name = [nn_grad._ReluGrad(relu.op, x), math_grad._TanhGrad(tanh.op, w),
               *math_grad._MatMulGrad(product.op, x), nn_grad._SoftmaxGrad(tf.nn.softmax(x).op, w),
               registry.lookup("Sigmoid")(tf.sigmoid(x).op, x)]  # fmt: skip
    known = [hasattr(nn_grad, "_ReluGrad"), hasattr(math_grad, "_NoSuchGrad"),
             "Relu" in registry._registry, "NoSuch" in registry._registry,
             registry.lookup("Shape"), "Conv2D" in registry.list(),
             error(lambda: registry.lookup("NoSuch"))[0]]  # fmt: skip
    if "OfOnesOwn" not in registry._registry:
        tf.RegisterGradient("OfOnesOwn")(lambda op, grad: nn_grad._ReluGrad(op, grad) * 5.0)
    with tf.get_default_graph().gradient_override_map({"Relu": "OfOnesOwn"}):
        overridden = tf.gradients(tf.nn.relu(x), x)[0]
    entry = registry._registry["Relu"]
    original = entry["type"]
    entry["type"] = lambda op, grad: original(op, grad) * 10.0
    replaced = tf.gradients(relu, x)[0]
    entry["type"] = original
    values = run(tf, [by_name, overridden, replaced, tf.gradients(relu, x)[0]])
    return [values, known, "OfOnesOwn" in registry._registry]
