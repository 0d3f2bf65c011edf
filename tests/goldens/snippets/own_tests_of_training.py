"""What TensorFlow's own tests of sessions and of training ask, beyond the other snippets."""

from goldens.kit import attempt, error, run, said, shape


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
