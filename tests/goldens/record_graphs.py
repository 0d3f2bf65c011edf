"""Records graphs that TensorFlow 1.15.5 writes, and what they give there, into graphs.json.

As record.py, under Python 3.7, from the root of the repository:
    python tests/goldens/record_graphs.py

Of each: its GraphDef, what initialises it, feeds, fetches and their values; of those that train,
the losses before each of four steps. And two folders: a SavedModel, a checkpoint with its graph.
"""

import base64
import os
import sys
import tempfile
import warnings
import zlib

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402

from goldens.record import HERE, quiet_tensorflow, write  # noqa: E402

GOLDEN = os.path.join(HERE, "graphs.json")
X = np.linspace(-1, 1, 12).reshape(4, 3).astype(np.float32)
Y = np.array([0, 1, 0, 1], np.int32)
STEPS = 4


def packed(data):
    return base64.b64encode(zlib.compress(data, 9)).decode()


def plain(values):
    return [np.asarray(value).tolist() for value in values]


def recorded(tf, fetches, feeds, train=None, frozen=None):
    init = tf.global_variables_initializer()
    with tf.Session() as sess:
        sess.run(init)
        graph_def = sess.graph.as_graph_def() if frozen is None else frozen(sess)
        found = {
            "graph": packed(graph_def.SerializeToString()), "init": init.name,
            "feeds": {tensor.name: np.asarray(value).tolist() for tensor, value in feeds.items()},
            "fetches": [tensor.name for tensor in fetches],
            "values": plain(sess.run(fetches, feeds)),
        }  # fmt: skip
        if frozen is not None:
            del found["init"]
        if train is not None:
            found["train"] = train.name
            found["losses"] = []
            for _ in range(STEPS):
                found["losses"].append(float(sess.run(fetches[0], feeds)))
                sess.run(train, feeds)
    return found


# -- the graphs -----------------------------------------------------------------------------------


def frozen_network(tf):
    """As pictures are classified: convolutions, normalisation, branches, pooling."""
    x = tf.placeholder(tf.float32, [None, 12, 12, 3], name="x")

    def layer(x, depth, size, strides=1):
        x = tf.layers.conv2d(x, depth, size, strides, "same", use_bias=False)
        return tf.nn.relu(tf.layers.batch_normalization(x))

    h = tf.nn.lrn(tf.nn.max_pool(layer(x, 4, 3), [1, 3, 3, 1], [1, 2, 2, 1], "SAME"))
    pool = tf.nn.avg_pool(h, [1, 3, 3, 1], [1, 1, 1, 1], "SAME")
    h = tf.concat([layer(h, 3, 1), layer(layer(h, 2, 1), 3, 3), layer(pool, 2, 1)], 3)
    h = tf.layers.dropout(tf.reduce_mean(h, [1, 2]), 0.4)
    y = tf.nn.softmax(tf.layers.dense(h, 5), name="softmax")
    feeds = {x: np.linspace(-1, 1, 2 * 12 * 12 * 3).reshape(2, 12, 12, 3)}

    def frozen(sess):
        whole = sess.graph.as_graph_def()
        return tf.graph_util.convert_variables_to_constants(sess, whole, ["softmax"])

    return recorded(tf, [y], feeds, frozen=frozen)


def loop_and_gradient(tf):
    x = tf.placeholder(tf.float32, [3])
    _, y = tf.while_loop(lambda i, y: i < 4, lambda i, y: (i + 1, y * y + x), [0, x])
    return recorded(tf, [y, tf.gradients(y, x)[0]], {x: [0.1, 0.2, 0.3]})


def nested_loops(tf):
    x = tf.placeholder(tf.float32, [2])

    def outer(i, y):
        _, z = tf.while_loop(lambda j, z: j < i, lambda j, z: (j + 1, z * x), [0, y])
        return i + 1, tf.cond(i > 2, lambda: z * 0.5, lambda: z + 1.0)

    _, y = tf.while_loop(lambda i, y: i < 4, outer, [0, x])
    return recorded(tf, [y, tf.gradients(y, x)[0]], {x: [1, 2]})


def growing_loop(tf):
    x = tf.placeholder(tf.float32, [None])
    shapes = [tf.TensorShape([]), tf.TensorShape([None])]
    _, y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.concat([y, y[:1]], 0)), [0, x],
                         shape_invariants=shapes)  # fmt: skip
    return recorded(tf, [y], {x: [1, 2]})


def branch_and_gradient(tf):
    x = tf.placeholder(tf.float32, [3])
    y = tf.cond(tf.reduce_sum(x) > 0, lambda: x * x, lambda: -x)
    return recorded(tf, [y, tf.gradients(y, x)[0]], {x: [0.1, 0.2, 0.3]})


def recurrent(tf):
    x = tf.placeholder(tf.float32, [2, 4, 3])
    cell = tf.nn.rnn_cell.GRUCell(3, kernel_initializer=tf.constant_initializer(0.1))
    y, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, sequence_length=[2, 4])
    loss = tf.reduce_sum(tf.square(y))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    return recorded(tf, [loss], {x: np.arange(24).reshape(2, 4, 3) / 10}, train)


def trained(optimizer, resource):
    def build(tf):
        tf.get_variable_scope().set_use_resource(resource)
        x, y = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.int32, [None])
        start = tf.constant_initializer(np.linspace(-1, 1, 15))
        h = tf.layers.dense(x, 5, tf.nn.tanh, kernel_initializer=start)
        start = tf.constant_initializer(np.linspace(-1, 1, 10))
        logits = tf.layers.dense(h, 2, kernel_initializer=start)
        loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
        return recorded(tf, [loss], {x: X, y: Y}, optimizer(tf.train).minimize(loss))

    return build


def trained_rows(optimizer, resource):
    def build(tf):
        tf.get_variable_scope().set_use_resource(resource)
        rows = tf.get_variable("e", initializer=np.linspace(-1, 1, 20).reshape(5, 4))
        ids = tf.placeholder(tf.int32, [None])
        loss = tf.reduce_sum(tf.square(tf.nn.embedding_lookup(rows, ids) - 1))
        return recorded(tf, [loss], {ids: [0, 3, 3, 1]}, optimizer(tf.train).minimize(loss))

    return build


def function_of_a_library(tf):
    from tensorflow.python.framework import function

    @function.Defun(tf.float32, tf.float32)
    def both(a, b):
        return a * b + 1, a - b

    x = tf.placeholder(tf.float32, [2])
    return recorded(tf, list(both(x, x + 1)), {x: [1, 2]})


def function_with_control_flow(tf):
    x = tf.placeholder(tf.float32, [2])
    v = tf.Variable([1.0, 2.0], use_resource=True)

    @tf.function
    def f(a):
        if tf.reduce_sum(a) > 0:
            a = a * v
        for i in tf.range(3):
            a = a + tf.cast(i, tf.float32)
        return a

    return recorded(tf, [f(x)], {x: [1, 2]})


OPTIMIZERS = {
    "GradientDescent": lambda train: train.GradientDescentOptimizer(0.1),
    "Momentum": lambda train: train.MomentumOptimizer(0.1, 0.9),
    "Nesterov": lambda train: train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "Adam": lambda train: train.AdamOptimizer(0.1),
    "RMSProp": lambda train: train.RMSPropOptimizer(0.1),
    "CenteredRMSProp": lambda train: train.RMSPropOptimizer(0.1, momentum=0.3, centered=True),
    "Adagrad": lambda train: train.AdagradOptimizer(0.1),
    "Adadelta": lambda train: train.AdadeltaOptimizer(1.0),
}
GRAPHS = [frozen_network, loop_and_gradient, nested_loops, growing_loop, branch_and_gradient,
          recurrent, function_of_a_library, function_with_control_flow]  # fmt: skip


def graphs():
    found = {build.__name__: build for build in GRAPHS}
    for name, optimizer in OPTIMIZERS.items():
        found["trained_" + name] = trained(optimizer, False)
        found["trained_resource_" + name] = trained(optimizer, True)
    for name in ("GradientDescent", "Momentum", "Adam", "Adagrad"):
        found["trained_rows_" + name] = trained_rows(OPTIMIZERS[name], False)
        found["trained_resource_rows_" + name] = trained_rows(OPTIMIZERS[name], True)
    return found


# -- the folders ----------------------------------------------------------------------------------


def files_of(folder):
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(path, name), "rb") as file:
                found[os.path.relpath(os.path.join(path, name), folder)] = packed(file.read())
    return found


def _model(tf):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    start = tf.constant_initializer(np.linspace(-1, 1, 6))
    w = tf.get_variable("w", [3, 2], initializer=start)
    b = tf.get_variable("b", initializer=tf.zeros([2]))
    return x, tf.nn.softmax(tf.matmul(x, w) + b, name="y")


def checkpoint(tf):
    x, y = _model(tf)
    loss = tf.reduce_sum(tf.square(y - 0.3), name="loss")
    tf.add_to_collection("outputs", y)
    step = tf.train.get_or_create_global_step()
    train = tf.train.AdamOptimizer(0.1).minimize(loss, global_step=step, name="train")
    saver, folder = tf.train.Saver(), tempfile.mkdtemp()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(train, {x: X})
        saver.save(sess, os.path.join(folder, "model"), global_step=step)
        before = sess.run(y, {x: X})
        sess.run(train, {x: X})
        return {"files": files_of(folder), "values": plain([before, sess.run(y, {x: X})])}


def saved_model(tf):
    tf.get_variable_scope().set_use_resource(True)
    x, y = _model(tf)
    path = os.path.join(tempfile.mkdtemp(), "words.txt")
    with open(path, "w") as out:
        out.write("hello")
    file_name = tf.constant(path)
    tf.read_file(file_name, name="words")
    count = tf.get_variable("count", [], collections=["local_variables"], use_resource=False,
                            initializer=tf.constant_initializer(7.0))  # fmt: skip
    info = tf.saved_model.utils.build_tensor_info
    signature = tf.saved_model.signature_def_utils.build_signature_def(
        {"x": info(x)}, {"y": info(y)}, tf.saved_model.signature_constants.PREDICT_METHOD_NAME
    )
    folder = os.path.join(tempfile.mkdtemp(), "model")
    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        builder.add_meta_graph_and_variables(
            sess, ["serve"], {"serving_default": signature}, assets_collection=[file_name],
            main_op=tf.group(count.initializer),
        )  # fmt: skip
        builder.save()
        return {"files": files_of(folder), "values": plain([sess.run(y, {x: X})])}


def main():
    tf = quiet_tensorflow()
    found = {}
    folders = {build.__name__: build for build in (checkpoint, saved_model)}
    for name, build in list(graphs().items()) + list(folders.items()):
        tf.reset_default_graph()
        found[name] = build(tf)
    write(found, GOLDEN)
    print("recorded", len(found), "graphs")


if __name__ == "__main__":
    main()
