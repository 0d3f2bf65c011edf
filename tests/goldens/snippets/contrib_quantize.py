"""tf.contrib.quantize: the nodes and the values of graphs that compute as if in 8 bits."""

from goldens.kit import said


def _speech(tf, is_training):
    """Two convolutions and a matrix, as the speech commands have them, from single operations."""
    x = tf.reshape(tf.linspace(-1.0, 1.0, 2 * 64), [2, 8, 8, 1], name="x")
    w = tf.get_variable("w", [3, 3, 1, 4], initializer=tf.constant_initializer(0.1))
    b = tf.get_variable("b", [4], initializer=tf.zeros_initializer())
    with tf.name_scope("first"):
        h = tf.nn.relu(tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME") + b)
    h = tf.nn.max_pool(h, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    with tf.name_scope("second"):
        v = tf.get_variable("v", [64, 3], initializer=tf.constant_initializer(0.02))
        c = tf.get_variable("c", [3], initializer=tf.constant_initializer(0.5))
        return tf.matmul(tf.reshape(h, [-1, 64]), v) + c


def _mobile(tf, is_training, fused=True):
    """Separable layers with batch normalization, and a sum after an activation."""
    slim = tf.contrib.slim
    ones = tf.constant_initializer(0.05)
    x = tf.reshape(tf.linspace(-1.0, 1.0, 2 * 48), [2, 4, 4, 3], name="x")
    norm = {"is_training": is_training, "scale": True, "fused": fused, "decay": 0.9}
    with slim.arg_scope([slim.conv2d, slim.separable_conv2d], normalizer_fn=slim.batch_norm,
                        normalizer_params=norm, activation_fn=tf.nn.relu6,
                        weights_initializer=ones):  # fmt: skip
        net = slim.conv2d(x, 4, [3, 3], scope="conv")
        net = slim.separable_conv2d(net, None, [3, 3], 1, scope="depth")
        more = slim.conv2d(net, 4, [1, 1], scope="point")
        net = more + net if fused else more
    net = tf.reduce_mean(net, [1, 2])
    return slim.fully_connected(net, 2, None, scope="logits", weights_initializer=ones)


def _nodes(tf):
    return [[op.name, op.type, [tensor.name for tensor in op.inputs]]
            for op in tf.get_default_graph().get_operations()
            if "quant" in op.name or "old" in op.name or "correction" in op.name
            or any("quant" in tensor.name for tensor in op.inputs)]  # fmt: skip


def _trained(tf, y, steps=3, moves=True):
    loss = tf.reduce_mean(tf.square(y - 1.0))
    step = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS) if moves else []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        losses = [sess.run([loss, step, updates])[0] for _ in range(steps)]
        values = {v.op.name: sess.run(v) for v in tf.global_variables()}
    return [losses, sorted(values), [values[name] for name in sorted(values)]]


def speech_nodes(tf, np):
    _speech(tf, True)
    tf.contrib.quantize.create_training_graph(quant_delay=0)
    return _nodes(tf)


def speech_values(tf, np):
    y = _speech(tf, True)
    tf.contrib.quantize.create_training_graph()
    return _trained(tf, y)


def delayed_nodes(tf, np):
    _speech(tf, True)
    tf.contrib.quantize.create_training_graph(quant_delay=2)
    return _nodes(tf)


def delayed_values(tf, np):
    y = _speech(tf, True)
    tf.contrib.quantize.experimental_create_training_graph(quant_delay=2, weight_bits=4,
                                                           symmetric=True)
    return _trained(tf, y)


def mobile_nodes(tf, np):
    _mobile(tf, True)
    tf.contrib.quantize.create_training_graph()
    return _nodes(tf)


def mobile_values(tf, np):
    y = _mobile(tf, True)
    tf.contrib.quantize.create_training_graph()
    return _trained(tf, y, moves=False)  # TensorFlow may move averages before they are read


def mobile_evaluated(tf, np):
    y = _mobile(tf, False)
    tf.contrib.quantize.create_eval_graph()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [_nodes(tf), sess.run(y)]


def frozen(tf, np):
    y = _mobile(tf, True)
    tf.contrib.quantize.experimental_create_training_graph(freeze_bn_delay=2)
    return _trained(tf, y, moves=False)


def unfused_nodes(tf, np):
    _mobile(tf, True, fused=False)
    tf.contrib.quantize.create_training_graph()
    return _nodes(tf)


def unfused_values(tf, np):
    y = _mobile(tf, True, fused=False)
    tf.contrib.quantize.create_training_graph()
    return _trained(tf, y, moves=False)


def in_a_scope(tf, np):
    y = _speech(tf, True)
    tf.contrib.quantize.experimental_create_eval_graph(scope="second")
    found = _nodes(tf)
    tf.train.AdamOptimizer().minimize(tf.reduce_sum(y))
    return [found, said(tf.contrib.quantize.create_training_graph, "Training op found in graph")]


def patterns_of_a_program_of_ones_own(tf, np):
    """The graph matcher as exporters of models call it."""
    from importlib import import_module

    name = "tensorflow.contrib.quantize.python.graph_matcher"
    matching = import_module(name if "minitf" not in tf.__name__ else name.replace(
        "tensorflow.contrib.quantize.python", "minitf.contrib.quantize"))  # fmt: skip
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    tf.identity(tf.reshape(x, [3, 2], name="r") * 2.0, name="far")
    tf.negative(tf.multiply(3.0, x, name="m"), name="n")
    given = matching.OpTypePattern("*", name="given")
    reshaped = matching.OpTypePattern("Reshape", inputs=[given, "Const"])
    product = matching.OpTypePattern(
        "Mul", inputs=[matching.OneofPattern([reshaped, given]), "Const"], ordered_inputs=False)
    last = matching.OpTypePattern("Neg|Identity", name="last", inputs=[product])
    found = []
    for match in matching.GraphMatcher(last).match_graph(tf.get_default_graph()):
        ops = [match.get_op(p) for p in (last, product, reshaped, given, "given", "none")]
        tensor = match.get_tensor("given")
        found.append(([op and op.name for op in ops], tensor.name, match.get_tensor("last")))
    return found
