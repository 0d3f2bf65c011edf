"""Graph, Operation and Tensor as objects: look-ups, collections, devices, control inputs."""

import threading

from goldens.kit import error, said


def look_up_by_name(tf, np):
    graph = tf.get_default_graph()
    a = tf.constant(1.0, name="a")
    return [graph.get_tensor_by_name("a:0") is a, graph.get_operation_by_name("a") is a.op]


def look_up_errors(tf, np):
    graph = tf.get_default_graph()
    tf.constant(1.0, name="a")
    return [
        said(lambda: graph.get_tensor_by_name("b:0"), "does not exist"),
        said(lambda: graph.get_tensor_by_name("a:1"), "only has 1 outputs"),
        said(lambda: graph.get_tensor_by_name("a"), "must be of the form"),
        said(lambda: graph.get_operation_by_name("a:0"), "refers to a Tensor"),
        said(lambda: graph.get_operation_by_name("b"), "not in the graph"),
        error(lambda: graph.get_tensor_by_name(3)),
        error(lambda: graph.get_operation_by_name(3)),
        error(lambda: graph.get_tensor_by_name("a:x")),
    ]


def as_graph_element(tf, np):
    graph = tf.get_default_graph()
    a = tf.constant(1.0, name="a")
    v = tf.Variable(1.0, name="v")
    return [
        graph.as_graph_element("a") is a.op,
        graph.as_graph_element("a:0") is a,
        graph.as_graph_element(a) is a,
        graph.as_graph_element(v).name,
    ]


def as_graph_element_errors(tf, np):
    graph = tf.get_default_graph()
    a = tf.constant(1.0, name="a")
    other = tf.Graph()
    return [
        said(lambda: other.as_graph_element(a), "is not an element of this graph"),
        error(lambda: graph.as_graph_element("b")),
        said(lambda: graph.as_graph_element(3), "Can not convert a int into a"),
        error(lambda: graph.as_graph_element(a, allow_tensor=False)),
        error(lambda: graph.as_graph_element(a.op, allow_operation=False)),
    ]


def unique_name(tf, np):
    graph = tf.get_default_graph()
    found = [graph.unique_name("x") for _ in range(3)]
    peek = graph.unique_name("x", mark_as_used=False)
    return found + [peek, graph.unique_name("x"), graph.unique_name("x_1")]


def unique_name_in_a_scope(tf, np):
    graph = tf.get_default_graph()
    with tf.name_scope("a"):
        return [graph.unique_name("x"), graph.unique_name("x"), graph.get_name_scope()]


def operation_properties(tf, np):
    a = tf.constant(1.0, name="a")
    op = tf.add(a, a, name="sum").op
    return [
        op.name,
        op.type,
        len(op.inputs),
        [t.name for t in op.inputs],
        [t.name for t in op.outputs],
        [o.name for o in op.control_inputs],
        op.device,
        op.graph is tf.get_default_graph(),
    ]


def tensor_properties(tf, np):
    first, second = tf.split(tf.constant([1.0, 2.0]), 2)
    return [
        first.name,
        second.name,
        second.value_index,
        second.op is first.op,
        second.dtype.name,
        second.device,
        second.graph is tf.get_default_graph(),
    ]


def consumers(tf, np):
    a = tf.constant(1.0, name="a")
    tf.add(a, a, name="b")
    tf.square(a, name="c")
    return [op.name for op in a.consumers()]


def attributes(tf, np):
    op = tf.matmul(tf.ones([2, 2]), tf.ones([2, 2]), transpose_b=True).op
    return [
        op.get_attr("transpose_a"),
        op.get_attr("transpose_b"),
        op.get_attr("T").name,
        error(lambda: op.get_attr("missing")),
    ]


def control_dependencies(tf, np):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    with tf.control_dependencies([a, b.op]):
        c = tf.constant(3.0, name="c")
        with tf.control_dependencies([c]):
            d = tf.constant(4.0, name="d")
        with tf.control_dependencies(None):
            e = tf.constant(5.0, name="e")
    return [[op.name for op in t.op.control_inputs] for t in (c, d, e)]


def control_dependency_on_an_input_is_pruned(tf, np):
    a = tf.constant(1.0, name="a")
    with tf.control_dependencies([a]):
        b = tf.identity(a)
        c = tf.square(b)
    return [[op.name for op in t.op.control_inputs] for t in (b, c)]


def control_dependencies_of_bad_things(tf, np):
    def depend(on):
        with tf.control_dependencies(on):
            tf.no_op()

    return [
        error(lambda: depend([1.0])),
        error(lambda: depend(["missing"])),
        error(lambda: depend([None])),
        error(lambda: depend(3)),
    ]


def control_dependencies_by_name(tf, np):
    tf.constant(1.0, name="a")
    with tf.control_dependencies(["a", "a:0"]):
        op = tf.no_op()
    return [o.name for o in op.control_inputs]


def group_control_inputs(tf, np):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    return [op.name for op in tf.group(a, b).control_inputs]


def group_of_lists_and_nothing(tf, np):
    a = tf.constant(1.0, name="a")
    return [
        tf.group().name,
        tf.group([a, [a.op]]).name,
        error(lambda: tf.group(3)),
        error(lambda: tf.group(None)),
    ]


def with_dependencies(tf, np):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    first, second = tf.tuple([a, b])
    return [first.name, second.name, [o.name for o in first.op.control_inputs]]


def devices(tf, np):
    found = [tf.constant(1.0).device]
    with tf.device("/cpu:0"):
        found.append(tf.constant(1.0).device)
        with tf.device("/gpu:1"):
            found.append(tf.constant(1.0).device)
        with tf.device(None):
            found.append(tf.constant(1.0).device)
        found.append(tf.constant(1.0).device)
    with tf.device("/job:worker/task:3"), tf.device("/device:GPU:0"):
        found.append(tf.constant(1.0).device)
    with tf.device("/CPU:0"):
        found.append(tf.constant(1.0).device)
    return found


def device_function(tf, np):
    def place(op):
        return "/gpu:0" if op.type == "MatMul" else "/cpu:0"

    with tf.device(place):
        a = tf.ones([1, 1])
        placed = [a.device, tf.matmul(a, a).device]
    return [tf.DeviceSpec.from_string(device).device_type for device in placed]


def device_of_a_variable(tf, np):
    with tf.device("/cpu:0"):
        v = tf.Variable(1.0)
    return [v.device, v.op.device]


def bad_devices(tf, np):
    def enter(spec):
        with tf.device(spec):
            tf.constant(1.0)

    return [
        error(lambda: enter("nonsense")),
        error(lambda: enter("/gpu:x")),
        error(lambda: enter("")),
    ]


def finalized(tf, np):
    graph = tf.Graph()
    with graph.as_default():
        tf.constant(1.0)
        before = graph.finalized
        graph.finalize()
        after = graph.finalized
        return [before, after, said(lambda: tf.constant(1.0), "Graph is finalized and cannot be")]


def reset_default_graph(tf, np):
    first = tf.get_default_graph()
    tf.constant(1.0, name="a")
    tf.reset_default_graph()
    second = tf.get_default_graph()
    return [first is second, len(second.get_operations()), tf.constant(1.0, name="a").name]


def reset_inside_a_graph(tf, np):
    with tf.Graph().as_default():
        return error(tf.reset_default_graph)


def graphs_nested(tf, np):
    outer, inner = tf.Graph(), tf.Graph()
    with outer.as_default():
        a = tf.constant(1.0, name="a")
        with inner.as_default() as entered:
            b = tf.constant(1.0, name="a")
        c = tf.constant(1.0, name="a")
    return [a.graph is outer, b.graph is inner, c.graph is outer, entered is inner, b.name, c.name]


def tensors_of_two_graphs(tf, np):
    with tf.Graph().as_default():
        a = tf.constant(1.0)
    with tf.Graph().as_default():
        b = tf.constant(1.0)
        return [
            said(lambda: a + b, "must be from the same graph"),
            said(lambda: tf.add_n([a, b]), "must be from the same graph"),
        ]


def tensor_of_another_graph_than_the_default(tf, np):
    graph = tf.Graph()
    with graph.as_default():
        a = tf.constant(1.0)
    return (a + 1.0).graph is graph


def collections(tf, np):
    tf.add_to_collection("losses", 1)
    tf.add_to_collection("losses", 2)
    graph = tf.get_default_graph()
    return [tf.get_collection("losses"), tf.get_collection("none"), graph.get_all_collection_keys()]


def collection_is_a_copy(tf, np):
    tf.add_to_collection("c", 1)
    tf.get_collection("c").append(2)
    reference = tf.get_collection_ref("c")
    reference.append(3)
    return tf.get_collection("c")


def collection_by_scope(tf, np):
    with tf.variable_scope("a"):
        tf.get_variable("w", [1])
    with tf.variable_scope("b"):
        tf.get_variable("w", [1])
    tf.get_variable("aw", [1])
    key = tf.GraphKeys.TRAINABLE_VARIABLES
    return [
        [v.name for v in tf.get_collection(key, scope=scope)] for scope in ("a", "a/", "b", "w")
    ]


def collection_keys(tf, np):
    keys = tf.GraphKeys
    return [
        keys.GLOBAL_VARIABLES,
        keys.TRAINABLE_VARIABLES,
        keys.LOCAL_VARIABLES,
        keys.LOSSES,
        keys.REGULARIZATION_LOSSES,
        keys.SUMMARIES,
        keys.UPDATE_OPS,
        keys.GLOBAL_STEP,
        keys.MODEL_VARIABLES,
        keys.QUEUE_RUNNERS,
        keys.TRAIN_OP,
        keys.MOVING_AVERAGE_VARIABLES,
        keys.WEIGHTS,
        keys.BIASES,
        keys.ACTIVATIONS,
        keys.INIT_OP,
    ]


def add_to_several_collections(tf, np):
    tf.get_default_graph().add_to_collections(["a", "b"], 5)
    return [tf.get_collection("a"), tf.get_collection("b")]


def graph_seed(tf, np):
    before = tf.get_default_graph().seed
    tf.set_random_seed(3)
    return [before, tf.get_default_graph().seed]


def graph_version_grows(tf, np):
    graph = tf.get_default_graph()
    first = graph.version
    tf.constant(1.0)
    return [first, graph.version]


def feedable(tf, np):
    graph = tf.get_default_graph()
    a = tf.constant(1.0)
    graph.prevent_feeding(a)
    return [graph.is_feedable(a), graph.is_feedable(tf.constant(2.0)), graph.is_fetchable(a)]


def tensors_hash_and_compare_by_identity(tf, np):
    a, b = tf.constant(1.0), tf.constant(1.0)
    return [a == a, a == b, a != b, len({a: 1, b: 2}), a in [b, a]]


def tensor_is_no_bool(tf, np):
    a = tf.constant(True)
    return [
        said(lambda: bool(a), "using a `tf.Tensor` as a Python `bool` is not allowed"),
        error(lambda: a and a),
        error(lambda: not a),
    ]


def tensor_is_not_iterable(tf, np):
    a = tf.constant([1, 2])
    return [
        said(lambda: list(a), "iterating over `tf.Tensor` is not allowed"),
        error(lambda: len(a)),
        error(lambda: float(tf.constant(1.0))),
    ]


def tensor_refuses_item_assignment(tf, np):
    def assign():
        tf.constant([1, 2])[0] = 3

    return error(assign)


def tensors_are_no_arrays(tf, np):
    a = tf.constant([4.0])
    return [error(lambda: np.sqrt(a)), error(lambda: np.array(a)), error(lambda: np.mean(a))]


def attributes_as_given(tf, np):
    """What get_attr gives: messages for shapes and tensors, bytes for text, lists."""
    c, p = tf.constant([100], tf.int64), tf.placeholder(tf.float32, [None, 3])
    conv = tf.nn.conv2d(tf.ones([1, 4, 4, 1]), tf.ones([2, 2, 1, 1]), [1, 2, 2, 1], "SAME")
    asked = [(c, "value"), (c, "dtype"), (p, "shape"), (tf.placeholder(tf.float32), "shape"),
             (tf.Variable([1.0]), "shape"), (conv, "strides"), (conv, "padding"), (conv, "T"),
             (conv, "use_cudnn_on_gpu"), (tf.concat([c, c], 0), "N"),
             (tf.squeeze(tf.ones([1, 2]), [0]), "squeeze_dims"), (tf.constant("a"), "value"),
             (tf.nn.leaky_relu(p), "alpha")]  # fmt: skip
    found = [each.op.get_attr(name) for each, name in asked]
    return [[[type(each).__name__, str(each)] for each in found], tf.make_ndarray(found[0])]


def built_by_threads(tf, np):
    """After switch_to_thread_local threads are in scopes of their own."""
    graph, found = tf.get_default_graph(), {}
    before = tf.no_op(name="before")
    with tf.device("/cpu:0"):
        graph.switch_to_thread_local()
    together = threading.Barrier(3)

    def build(number):
        controls = [before] if number else []
        with graph.as_default(), tf.device(f"/cpu:{number}"), tf.control_dependencies(controls):
            together.wait()
            found[number] = tf.constant(number)
            together.wait()

    threads = [threading.Thread(target=build, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    together.wait()
    found[2] = tf.constant(2)
    together.wait()
    for thread in threads:
        thread.join()
    graph.switch_to_thread_local()
    return [
        [found[n].device, [op.name for op in found[n].op.control_inputs]] for n in range(3)
    ] + [isinstance(graph, tf.Graph), len(graph.get_operations())]  # fmt: skip


def horizon(tf, np):
    with tf.compat.forward_compatibility_horizon(2019, 8, 1):
        inside = tf.compat.forward_compatible(2019, 7, 31), tf.compat.forward_compatible(2019, 8, 1)
    return [inside, tf.compat.forward_compatible(2019, 8, 1)]
