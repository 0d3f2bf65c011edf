"""Graph.create_op, Graph.collections, Graph.graph_def_versions."""

from goldens.kit import error, said


def _types(tf):
    return {"T": tf.AttrValue(type=tf.float32.as_datatype_enum)}


def attributes_given(tf, np):
    graph = tf.get_default_graph()
    a = tf.constant([[1.0, 2.0]])
    attrs = dict(_types(tf), transpose_a=tf.AttrValue(b=False), transpose_b=tf.AttrValue(b=True))
    op = graph.create_op("MatMul", [a, a], [tf.float32], attrs=attrs, name="product")
    with tf.Session() as sess:
        return [op.name, op.type, str(op.outputs[0].shape), sess.run(op.outputs[0])]


def attributes_that_follow(tf, np):
    graph = tf.get_default_graph()
    a, v = tf.constant([[1.0, 2.0]]), tf.Variable([[0.0, 0.0]])
    ops = [
        graph.create_op("MatMul", [a, a], attrs={"transpose_b": tf.AttrValue(b=True)}),
        graph.create_op("AddN", [a, a, a], [tf.float32], attrs={"N": tf.AttrValue(i=3)}),
        graph.create_op("Split", [tf.constant(1), a], attrs={"num_split": tf.AttrValue(i=2)}),
        graph.create_op("Assign", [v.op.outputs[0], a + 1.0], name="Assign"),
        graph.create_op("Identity", [a], [tf.float32], [tf.float32], "same"),
    ]
    with tf.Session() as sess:
        return [[op.name, len(op.outputs), sess.run(op.outputs)] for op in ops]


def without_inputs(tf, np):
    graph = tf.get_default_graph()
    proto = tf.make_tensor_proto([3.0, 4.0])
    kind = tf.AttrValue(type=tf.float32.as_datatype_enum)
    const = graph.create_op("Const", [], attrs={"value": tf.AttrValue(tensor=proto), "dtype": kind})
    shape = tf.AttrValue(shape=tf.TensorShape([2, None]).as_proto())
    x = graph.create_op("Placeholder", [], attrs={"dtype": kind, "shape": shape}, name="x")
    with tf.Session() as sess:
        return [sess.run(const.outputs[0]), str(x.outputs[0].shape), const.get_attr("dtype").name]


def scopes(tf, np):
    graph = tf.get_default_graph()
    a = tf.constant(1.0, name="a")
    with tf.name_scope("s"), tf.control_dependencies([a]), tf.device("/cpu:0"):
        square = graph.create_op("Square", [a], attrs=_types(tf))
        nothing = graph.create_op("NoOp", [])
        named = graph.create_op("NoOp", [], name="top/")
    return [
        [op.name, op.device, [each.name for each in op.control_inputs]]
        for op in (square, nothing, named)
    ]


def own_attributes(tf, np):
    graph = tf.get_default_graph()
    attrs = dict(_types(tf), _mine=tf.AttrValue(s=b"x"), _number=tf.AttrValue(i=3))
    op = graph.create_op("Square", [tf.constant(1.0)], attrs=attrs)
    return [op.get_attr("_mine"), op.get_attr("_number")]


def refused(tf, np):
    graph = tf.get_default_graph()
    a = tf.constant([[1.0, 2.0]])
    graph.create_op("NoOp", [], name="taken")
    return [
        said(lambda: graph.create_op("NoSuchOp", []), "Op type not registered 'NoSuchOp'"),
        error(lambda: graph.create_op("MatMul", [a, a], attrs={"transpose_b": True})),
        error(lambda: graph.create_op("MatMul", [a, a])),
        said(lambda: graph.create_op("Identity", [3.0]), "Input #0 is not a tensor: 3.0"),
        said(lambda: graph.create_op("NoOp", [], name="taken/"), "taken"),
        error(lambda: graph.create_op("Square", [tf.constant("a")])),
    ]


def collections_and_versions(tf, np):
    graph = tf.get_default_graph()
    tf.add_to_collection("mine", 3)
    versions = graph.graph_def_versions
    return [graph.collections, versions.producer, versions.min_consumer, str(versions)]
