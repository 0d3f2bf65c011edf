"""Protocol messages: as bytes and as text, and what describes a graph."""

from goldens.kit import attempt, error, run


def _lines(message):
    return str(message).split("\n")


def config_as_bytes(tf, np):
    config = tf.ConfigProto(device_count={"GPU": 1, "CPU": 0}, log_device_placement=True)
    config.gpu_options.per_process_gpu_memory_fraction = 0.3
    config.gpu_options.experimental.virtual_devices.add(memory_limit_mb=[10, 20.5])
    config.graph_options.optimizer_options.opt_level = tf.OptimizerOptions.L0
    config.device_filters.extend(["/job:a", "b\u00e9"])
    config.operation_timeout_in_ms = -1
    data = config.SerializeToString(deterministic=True)
    return [data, _lines(config), tf.ConfigProto.FromString(data) == config, len(data),
            config.ByteSize(), _lines(tf.ConfigProto.FromString(b""))]  # fmt: skip


def presence(tf, np):
    value = tf.AttrValue()
    nothing = value.WhichOneof("value")
    value.i = 0
    number = [value.WhichOneof("value"), value.HasField("i"), value.SerializeToString()]
    value.b = True
    value.shape.dim.add(size=3)
    shape = [value.WhichOneof("value"), value.HasField("b"), value.b, value.SerializeToString()]
    value.ClearField("shape")
    return [nothing, number, shape, value.WhichOneof("value"), value.SerializeToString(),
            error(lambda: value.HasField("x")), error(lambda: value.WhichOneof("x")),
            tf.ConfigProto().HasField("gpu_options")]  # fmt: skip


def wrong_fields(tf, np):
    value = tf.AttrValue()
    return [
        error(lambda: setattr(value, "i", "x")), error(lambda: setattr(value, "i", 1.5)),
        error(lambda: setattr(value, "s", 3)), error(lambda: setattr(value, "i", 1 << 63)),
        error(lambda: setattr(value, "shape", None)), error(lambda: setattr(value, "x", 1)),
        error(lambda: value.list.i.append("x")), error(lambda: tf.AttrValue(x=1)),
    ]  # fmt: skip


def maps(tf, np):
    node = tf.NodeDef(name="a", op="Const", input=["x", "^y"])
    node.attr["T"].type = 1
    node.attr["f"].f = 0.1
    node.attr["s"].s = b"\x00a\"'\n"
    node.attr["l"].list.i.extend([1, 300, -5])
    node.attr["e"].list.SetInParent()
    other = tf.NodeDef()
    other.CopyFrom(node)
    other.attr["T"].type = 2
    return [_lines(node), node.attr["T"].type, other.attr["T"].type, sorted(node.attr),
            "x" in node.attr, _lines(tf.NodeDef.FromString(node.SerializeToString())),
            error(lambda: node.attr.__setitem__("T", tf.AttrValue()))]  # fmt: skip


def arrays(tf, np):
    protos = [
        tf.make_tensor_proto([1.5, 2]), tf.make_tensor_proto(3), tf.make_tensor_proto("a"),
        tf.make_tensor_proto([[b"a", "b"]]), tf.make_tensor_proto(np.zeros([0, 3])),
        tf.make_tensor_proto(1, tf.int64, [2]), tf.make_tensor_proto([1, 2], tf.float16),
        tf.make_tensor_proto(np.float16(1.5)), tf.make_tensor_proto(1 + 2j),
        tf.make_tensor_proto([True, False]), tf.make_tensor_proto(True),
        tf.make_tensor_proto([1, 2, 3, 4], shape=[2, 2]), tf.make_tensor_proto(np.uint8(7)),
    ]  # fmt: skip
    return [
        [_lines(proto) for proto in protos],
        [proto.SerializeToString() for proto in protos],
        [attempt(lambda p=proto: tf.make_ndarray(p)) for proto in protos],
        error(lambda: tf.make_tensor_proto([1, 2, 3], shape=[2])),
        error(lambda: tf.make_tensor_proto([1, 2], shape=[3])),
        error(lambda: tf.make_tensor_proto([1, 2], shape=[2, 1], verify_shape=True)),
        error(lambda: tf.make_tensor_proto(None)),
    ]


def shapes(tf, np):
    known, unknown = tf.TensorShape([2, None]), tf.TensorShape(None)
    return [
        _lines(known.as_proto()), _lines(unknown.as_proto()),
        tf.TensorShape(known.as_proto()).as_list(), tf.TensorShape(unknown.as_proto()).ndims,
    ]  # fmt: skip


def nodes(tf, np):
    a = tf.constant([1.0, 2.0], name="a")
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    with tf.control_dependencies([a]), tf.device("/cpu:0"):
        total = tf.add(a, x, name="total")
    return [_lines(a.op), _lines(x.op), _lines(total.op), _lines(total.op.node_def)]


def graphs(tf, np):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.Variable(tf.zeros([3, 2]), name="w")
    product = tf.matmul(x, w, name="y")
    graph = tf.get_default_graph()
    found = graph.as_graph_def()
    shaped = graph.as_graph_def(add_shapes=True)
    return [
        [(node.name, node.op, list(node.input)) for node in found.node],
        _lines(found.node[-1]), _lines(found.node[0]), found.versions.producer,
        _lines(shaped.node[-1].attr["_output_shapes"]),
        found == tf.GraphDef.FromString(found.SerializeToString()), product.op.name,
        [run(tf, tf.constant(1)), len(graph.as_graph_def().node)],
    ]  # fmt: skip
