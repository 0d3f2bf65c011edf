"""Records graphs that TensorFlow 1.15.5 writes, and what they give there, into graphs.json.

As record.py, under Python 3.7, from the root of the repository:
    python tests/goldens/record_graphs.py [NAME ...]

Of each: its GraphDef, what initialises it, feeds, fetches and their values; of those that train,
the losses before each of four steps. And two folders: a SavedModel, a checkpoint with its graph.
And datasets with their elements.
"""

import base64
import json
import os
import sys
import tempfile
import warnings
import zlib

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402

from goldens import pipelines  # noqa: E402
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


def tensor_lists(tf):
    from tensorflow.python.ops import gen_list_ops as ops
    from tensorflow.python.ops import list_ops

    x = tf.placeholder(tf.float32, [3, 2])
    rows = ops.tensor_list_from_tensor(x, np.int32([2]))
    empty = list_ops.empty_tensor_list([2], tf.float32, max_num_elements=5)
    pushed = ops.tensor_list_push_back(ops.tensor_list_push_back(empty, x[0]), x[2])
    popped, last = ops.tensor_list_pop_back(pushed, np.int32([-1]), tf.float32)
    reserved = ops.tensor_list_reserve(np.int32([2]), 4, tf.float32)
    one = ops.tensor_list_set_item(reserved, 2, x[1])
    scattered = ops.tensor_list_scatter_v2(x, [3, 0, 1], np.int32(-1), 5)
    into = ops.tensor_list_scatter_into_existing_list(one, x[:2], [1, 3])
    parts = ops.tensor_list_split(x, np.int32([-1, 2]), np.int64([1, 2]))
    joined = ops.tensor_list_concat_v2(parts, np.int32([-1, 2]), np.int64([]), tf.float32)
    whole = [ops.tensor_list_stack(each, np.int32([2]), tf.float32)
             for each in (rows, pushed, popped, one, scattered, into)]  # fmt: skip
    counts = [ops.tensor_list_length(each) for each in (reserved, scattered, popped)]
    return recorded(tf, [
        *whole, *counts, *joined, last,
        ops.tensor_list_get_item(one, 0, np.int32([2]), tf.float32),
        ops.tensor_list_gather(rows, [2, 0, 2], np.int32([-1]), tf.float32),
        ops.tensor_list_stack(ops.tensor_list_resize(rows, 2), np.int32(-1), tf.float32),
        ops.tensor_list_stack(ops.tensor_list_concat_lists(rows, pushed, tf.float32), np.int32([2]),
                              tf.float32),
        ops.tensor_list_element_shape(parts, tf.int32),
        ops.tensor_list_element_shape(scattered, tf.int64),
        ops.tensor_list_stack(ops.tensor_list_scatter(x, [1, 0, 2], np.int32([2])), np.int32([2]),
                              tf.float32, num_elements=3),
    ], {x: [[1, 2], [3, 4], [5, 6]]})  # fmt: skip


def loop_of_a_function(tf):
    """A recurrent network, its loop as functions, with lists."""
    x = tf.placeholder(tf.float32, [None, 4, 3])
    w = tf.get_variable("w", [5, 2], initializer=tf.constant_initializer(0.3), use_resource=True)

    @tf.function
    def f(x, w):
        rows = tf.transpose(x, [1, 0, 2])
        state = tf.zeros([tf.shape(x)[0], 2])
        step = lambda h, row: tf.tanh(tf.matmul(tf.concat([row, h], 1), w))  # noqa: E731
        return tf.scan(step, rows, state)

    return recorded(tf, [f(x, w.read_value())], {x: np.linspace(-1, 1, 24).reshape(2, 4, 3)})


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
          recurrent, function_of_a_library, function_with_control_flow, tensor_lists,
          loop_of_a_function]  # fmt: skip


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


def older_datasets(tf):
    """{name: [tensors, initializer]} of ops that programs of earlier years have."""
    from tensorflow.python.ops import gen_dataset_ops as ops
    from tensorflow.python.ops import gen_experimental_dataset_ops as experimental

    of_one = {"output_types": [tf.int64], "output_shapes": [tf.TensorShape([None])]}
    numbers = ops.range_dataset(np.int64(0), np.int64(9), np.int64(1), [tf.int64], [[]])
    batches = ops.batch_dataset(numbers, np.int64(4), **of_one)
    padded = ops.padded_batch_dataset(batches, np.int64(2), [np.array([-1])], [np.int64(-5)],
                                      output_shapes=[[None, None]])  # fmt: skip
    unique = experimental.experimental_unique_dataset(numbers, [tf.int64], [[]])
    found = {}
    for name, dataset, shape in (("old batches", batches, [None]), ("old padding", padded, None),
                                 ("old unique", unique, [])):  # fmt: skip
        kinds = {"output_types": [tf.int64], "output_shapes": [tf.TensorShape(shape)]}
        iterator = ops.iterator("", "", **kinds)
        start = ops.make_iterator(dataset, iterator)
        (value,) = ops.iterator_get_next_sync(iterator, **kinds)
        found[name] = [[value.name], start.name]
    return found


def datasets(tf):
    found = pipelines.iterators(tf, np)
    v = tf.get_variable("v", [], initializer=tf.constant_initializer(3.0), use_resource=True)
    scaled = tf.data.Dataset.range(4).map(lambda i: tf.cast(i, tf.float32) * v)
    iterator = scaled.make_initializable_iterator()
    found["variable"] = [[iterator.get_next().name], iterator.initializer.name]
    found.update(older_datasets(tf))
    starts = [tf.global_variables_initializer().name, tf.tables_initializer().name]
    with tf.Session() as sess:
        sess.run(starts)
        graph_def = sess.graph.as_graph_def()
        values = {
            name: pipelines.elements(tf, np, sess, name, *each) for name, each in found.items()
        }
    return {"graph_def": packed(graph_def.SerializeToString()), "starts": starts,
            "iterators": found, "values": values}  # fmt: skip


def main():
    tf = quiet_tensorflow()
    found = {}
    others = {build.__name__: build for build in (checkpoint, saved_model, datasets)}
    for name, build in list(graphs().items()) + list(others.items()):
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        tf.reset_default_graph()
        found[name] = build(tf)
    if sys.argv[1:]:
        with open(GOLDEN) as file:
            found = {**json.load(file), **found}
    write(found, GOLDEN)
    print("recorded", len(found), "graphs")


if __name__ == "__main__":
    main()
