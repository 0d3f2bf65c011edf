"""Graphs from messages: tf.import_graph_def, tf.graph_util, MetaGraphDefs."""

import os
import tempfile

from goldens.kit import attempt, error, names, run, said


def _node(graph_def, name, op, *inputs, **attrs):
    node = graph_def.node.add(name=name, op=op, input=inputs)
    for key, (field, value) in attrs.items():
        setattr(node.attr[key], field, value)
    return node


FLOAT, INT = ("type", 1), ("type", 3)


def _two(tf, *more):
    made = tf.GraphDef()
    _node(made, "a", "Placeholder", dtype=FLOAT)
    for each in more:
        _node(made, *each[0], **each[1])
    return made


def _neg(*inputs, **attrs):
    return ("c", "Neg", *inputs), dict({"T": FLOAT}, **attrs)


def _described(ops):
    return [[op.name, op.type, op.device, [t.name for t in op.inputs],
             [c.name for c in op.control_inputs], [str(t.shape) for t in op.outputs]]
            for op in ops]  # fmt: skip


def _graph(tf):
    return _described(tf.get_default_graph().get_operations())


def elements(tf, np):
    made = _two(tf, _neg("a"))
    found = tf.import_graph_def(made, return_elements=["c:0", "c", "a"])
    return [str(each.name) for each in found] + _graph(tf)


def without_elements(tf, np):
    return tf.import_graph_def(_two(tf))


def names_of_imports(tf, np):
    made = _two(tf)
    for name in (None, None, "", "", "x/y", "x/y"):
        tf.import_graph_def(made, name=name)
    tf.placeholder(tf.float32, name="a")
    with tf.name_scope("s"):
        tf.import_graph_def(made)
        tf.import_graph_def(made, name="")
    return names(tf)


def mapped_inputs(tf, np):
    made = _two(tf, _neg("a"))
    y = tf.constant([1.0, 2.0], name="y")
    first = tf.import_graph_def(made, {"a": y}, ["c:0", "a:0"])
    second = tf.import_graph_def(made, {"a:0": 3.0}, ["c:0"], name="again")
    return [[t.name for t in first], run(tf, [first[0], second[0]]), _graph(tf)]


def mapped_control_inputs(tf, np):
    made = _two(tf, _neg("a", "^b"), (("b", "NoOp"), {}))
    other = tf.constant(1.0, name="other")
    tf.import_graph_def(made, {"^b": other})
    return _graph(tf)


def refused(tf, np):
    mapped = {"q:0": 1.0}
    return [
        said(lambda: tf.import_graph_def(_two(tf, _neg("z"))), "Node 'c'", "'z'"),
        said(lambda: tf.import_graph_def(_two(tf, _neg("a:3"))), "invalid output 3", "1 outputs"),
        said(lambda: tf.import_graph_def(_two(tf, _neg("a", T=INT))), "passed float", "int32"),
        said(lambda: tf.import_graph_def(_two(tf, _neg("a", "a"))), "expected inputs 'float'"),
        said(lambda: tf.import_graph_def(_two(tf, _neg("a", Q=("i", 1)))), "attr 'Q' not in Op"),
        said(lambda: tf.import_graph_def(_two(tf, _neg("a", T=("i", 1)))), "when 'type' expected"),
        said(lambda: tf.import_graph_def(_two(tf, (("c", "Neg", "a"), {}))), "missing attr 'T'"),
        said(lambda: tf.import_graph_def(_two(tf, (("c", "Nonsense"), {}))), "'Nonsense'"),
        said(lambda: tf.import_graph_def(_two(tf, (("a", "NoOp"), {}))), "'a' is not unique"),
        said(lambda: tf.import_graph_def(_two(tf, _neg("^a", "a"))), "Control dependencies must"),
        said(lambda: tf.import_graph_def(_two(tf, _neg("c"))), "in a cycle"),
        said(lambda: tf.import_graph_def(_two(tf, (("/c", "NoOp"), {}))), "invalid characters"),
        said(lambda: tf.import_graph_def(_two(tf), mapped), "not found in graph_def: [q:0]"),
        said(lambda: tf.import_graph_def(_two(tf), mapped, name=""), "non-empty `name`"),
        said(lambda: tf.import_graph_def(_two(tf), None, ["b:0"]), "return tensor 'b:0'"),
        said(lambda: tf.import_graph_def(_two(tf), None, ["b"]), "return node 'b'"),
        said(lambda: tf.import_graph_def(_two(tf), None, ["a:1"]), "output 1 of node 'a'"),
        said(lambda: tf.import_graph_def("x"), "graph_def must be a GraphDef"),
        said(lambda: tf.import_graph_def(_two(tf), [1]), "input_map must be a dictionary"),
        said(lambda: tf.import_graph_def(_two(tf), None, [1]), "list of strings"),
    ]


def in_any_order(tf, np):
    made = tf.GraphDef()
    _node(made, "c", "Add", "b", "a", T=FLOAT)
    _node(made, "b", "Neg", "a", "^d", T=FLOAT)
    _node(made, "a", "Placeholder", dtype=FLOAT)
    _node(made, "d", "NoOp")
    tf.import_graph_def(made, name="")
    return _graph(tf)


def devices_and_places(tf, np):
    made = _two(tf, _neg("a"), (("d", "Neg", "c"), {"T": FLOAT}))
    made.node[0].device = "/gpu:1"
    made.node[1].attr["_class"].list.s.append(b"loc:@a")
    with tf.device("/job:worker"):
        tf.import_graph_def(made)
    graph = tf.get_default_graph()
    return [_graph(tf), graph.get_operation_by_name("import/c").colocation_groups()]


def with_what_is_around(tf, np):
    x = tf.constant(1.0, name="x")
    with tf.control_dependencies([x]):
        tf.import_graph_def(_two(tf, _neg("a")))
    return _graph(tf)


def known_shapes(tf, np):
    made = _two(tf, _neg("a"))
    shape = made.node[1].attr["_output_shapes"].list.shape.add()
    shape.dim.add(size=3)
    shape.dim.add(size=-1)
    return str(tf.import_graph_def(made, return_elements=["c:0"])[0].shape)


def legacy_ops(tf, np):
    made = tf.GraphDef()
    _node(made, "p", "Placeholder", dtype=FLOAT)
    _node(made, "i", "Placeholder", dtype=INT)
    _node(made, "gather", "Gather", "p", "i", Tparams=FLOAT, Tindices=INT)
    _node(made, "concat", "Concat", "i", "p", "p", T=FLOAT, N=("i", 2))
    _node(made, "inv", "Inv", "p", T=FLOAT)
    _node(made, "product", "BatchMatMul", "p", "p", T=FLOAT)
    _node(made, "top", "TopK", "p", k=("i", 1), T=FLOAT)
    p, i, *found = tf.import_graph_def(made, return_elements=[
        "p:0", "i:0", "gather:0", "concat:0", "inv:0", "product:0", "top:0", "top:1"])  # fmt: skip
    x = np.float32([[1, 2], [4, 8]])
    return [run(tf, found[0], {p: x, i: [1, 0, 1]}), run(tf, found[1:], {p: x, i: 1})]


def gradient_ops(tf, np):
    made = tf.GraphDef()
    _node(made, "y", "Placeholder", dtype=FLOAT)
    _node(made, "d", "Placeholder", dtype=FLOAT)
    kinds = ["SigmoidGrad", "TanhGrad", "SqrtGrad", "RsqrtGrad", "ReciprocalGrad", "InvGrad",
             "Relu6Grad", "SoftplusGrad", "SoftsignGrad", "ReluGrad", "EluGrad"]  # fmt: skip
    for kind in kinds:
        _node(made, kind, kind, "y", "d", T=FLOAT)
    y, d, *found = tf.import_graph_def(
        made, return_elements=["y:0", "d:0", *(f"{kind}:0" for kind in kinds)]
    )
    return run(tf, found, {y: np.float32([0.5, 2, 7, 0.25]), d: np.float32([1, -2, 3, 0])})


# -- what is written ------------------------------------------------------------------------------


def _model(tf, np):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.Variable(np.float32([[1, 2], [3, 4], [5, 6]]), name="w")
    y = tf.identity(tf.matmul(x, w), name="y")
    return x, tf.nn.relu(y, name="z")


def cut_down(tf, np):
    _model(tf, np)
    whole = tf.get_default_graph().as_graph_def()
    part = tf.graph_util.extract_sub_graph(whole, ["y"])
    trained = tf.graph_util.remove_training_nodes(part, ["y"])
    util = tf.graph_util
    return [
        [node.name for node in part.node], [[n.name, list(n.input)] for n in trained.node],
        error(lambda: util.extract_sub_graph(whole, "y")),
        error(lambda: util.extract_sub_graph(whole, ["no"])),
        error(lambda: util.extract_sub_graph(1, ["y"])),
        str(util.tensor_shape_from_node_def_name(tf.get_default_graph(), "y")),
        [util.must_run_on_cpu(node) for node in whole.node],
        [util.must_run_on_cpu(node, True) for node in whole.node],
    ]  # fmt: skip


def made_constant(tf, np):
    _model(tf, np)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        whole = sess.graph.as_graph_def()
        frozen = tf.graph_util.convert_variables_to_constants(sess, whole, ["z"])
        kept = tf.graph_util.convert_variables_to_constants(sess, whole, ["z"], ["no"])
        out = tf.graph_util.convert_variables_to_constants(
            sess, whole, ["z"], variable_names_blacklist=["w"]
        )
    with tf.Graph().as_default():
        z = tf.import_graph_def(frozen, {"x": np.ones([1, 3], np.float32)}, ["z:0"])[0]
        value = tf.Session().run(z)
    return [[[n.name, n.op, sorted(n.attr)] for n in frozen.node], [n.op for n in kept.node],
            [n.op for n in out.node], value]  # fmt: skip


def meta_graph(tf, np):
    _, z = _model(tf, np)
    tf.add_to_collection("tensors", z)
    tf.add_to_collection("tensors", z.op)
    for value in (3, 0.5, "text"):
        tf.add_to_collection(str(type(value).__name__), value)
    made = tf.train.export_meta_graph()
    part = tf.train.export_meta_graph(collection_list=["tensors"], clear_devices=True)
    with tf.Graph().as_default() as graph:
        saver = tf.train.import_meta_graph(made, import_scope="in")
        found = {key: [str(getattr(item, "name", item)) for item in graph.get_collection(key)]
                 for key in graph.get_all_collection_keys()}  # fmt: skip
        variable = tf.global_variables()[0]
        again = [variable.name, str(variable.shape), variable.trainable, variable.op.type,
                 variable.initializer.name, variable.value().name, variable.initial_value.name,
                 variable is tf.trainable_variables()[0]]  # fmt: skip
    return [
        sorted(made.collection_def), sorted(part.collection_def),
        [list(made.collection_def[key].bytes_list.value) for key in ("variables", "str")],
        list(made.collection_def["tensors"].node_list.value), made.meta_info_def.tensorflow_version,
        [op.name for op in made.meta_info_def.stripped_op_list.op], type(saver).__name__, found,
        again,
    ]  # fmt: skip


def meta_graph_of_a_scope(tf, np):
    x = tf.constant([1.0], name="x")
    with tf.name_scope("inner"):
        v = tf.Variable([2.0], name="v")
        tf.add_to_collection("sums", tf.add(v, x, name="sum"))
    made = tf.train.export_meta_graph(export_scope="inner")
    with tf.Graph().as_default():
        missing = said(lambda: tf.train.import_meta_graph(made), "unbound")
        y = tf.constant([5.0])
        tf.train.import_meta_graph(made, import_scope="new", input_map={"$unbound_inputs_x": y})
        value = run(tf, tf.get_collection("sums")[0])
        listed = names(tf)
    return [[n.name for n in made.graph_def.node], list(made.graph_def.node[-1].input), missing,
            value, [name for name in listed if not name.startswith("save")]]  # fmt: skip


def defaults_left_out(tf, np):
    tf.nn.relu(tf.matmul([[1.0]], [[2.0]], transpose_a=True))
    made = tf.train.export_meta_graph(strip_default_attrs=True)
    return [made.meta_info_def.stripped_default_attrs,
            [[n.name, sorted(set(n.attr) - {"_output_shapes"})] for n in made.graph_def.node]]


def graph_as_a_file(tf, np):
    _model(tf, np)
    folder = tempfile.mkdtemp()
    graph = tf.get_default_graph()
    paths = [tf.train.write_graph(graph, os.path.join(folder, "sub"), "g.pbtxt"),
             tf.train.write_graph(graph.as_graph_def(), folder, "g.pb", as_text=False)]  # fmt: skip
    with open(paths[1], "rb") as file:
        read = tf.GraphDef.FromString(file.read())
    with open(paths[0]) as file:
        text = file.read()
    return [[os.path.relpath(path, folder) for path in paths], read == graph.as_graph_def(),
            text.count("node {")]  # fmt: skip


def meta_graph_in_a_new_folder(tf, np):
    tf.Variable(1.0)
    folder = tempfile.mkdtemp()
    tf.train.Saver().export_meta_graph(os.path.join(folder, "a", "b", "c.meta"))
    return os.listdir(os.path.join(folder, "a", "b"))


def variables_as_messages(tf, np):
    with tf.variable_scope("s"):
        v = tf.get_variable("v", [2], initializer=tf.ones_initializer(), trainable=False)
    made = v.to_proto()
    again = tf.Variable.from_proto(made)
    return [str(made).split("\n"), str(v.to_proto("s")).split("\n"), v.to_proto("other"),
            again.name, again.trainable, run(tf, again.read_value()), again.initial_value.name,
            attempt(lambda: tf.Variable(variable_def=made, initial_value=1)),
            attempt(lambda: tf.Variable.from_proto(made, import_scope="x"))]  # fmt: skip


def resource_variables_as_messages(tf, np):
    v = tf.get_variable("v", [2], use_resource=True, trainable=False)
    kind, made = type(v), v.to_proto()
    again = kind.from_proto(made)
    return [
        made.is_resource, tf.Variable(1.0).to_proto().is_resource, made.variable_name,
        made.trainable, v.to_proto("other"), isinstance(again, kind), again.dtype.name, again.name,
        error(lambda: kind.from_proto(tf.Variable(1.0).to_proto())),
    ]  # fmt: skip


def ops_of_modules_that_few_programs_need(tf, np):
    graph_def = tf.GraphDef()
    given = graph_def.node.add(name="x", op="Placeholder")
    given.attr["dtype"].type = 1
    node = graph_def.node.add(name="bucket", op="Bucketize", input=["x"])
    node.attr["T"].type = 1
    node.attr["boundaries"].list.f.extend([0.0, 10.0])
    (bucket,) = tf.import_graph_def(graph_def, return_elements=["bucket:0"])
    with tf.Session() as sess:
        return sess.run(bucket, {"import/x:0": [-1.0, 5.0, 20.0]})


def names_beside_scopes(tf, np):
    """A node does not get the name of a scope that has operations."""
    with tf.name_scope("outer"), tf.name_scope("inner"):
        tf.constant(1.0, name="c")
    with tf.name_scope("empty"):
        pass
    wanted = ("outer", "inner", "c", "outer/inner", "outer/inner/c", "empty")
    made = tf.GraphDef()
    for name in wanted:
        made.node.add(name=name, op="NoOp")
    first = tf.import_graph_def(made, return_elements=wanted, name="")
    second = tf.import_graph_def(made, return_elements=wanted, name="outer/")
    third = tf.import_graph_def(made, return_elements=wanted, name="outer")
    return [[op.name for op in found] for found in (first, second, third)]


def devices_beside_others(tf, np):
    """What is beside another node asks for that one's device alone."""

    def devices(of_a, of_b, function):
        made = tf.GraphDef()
        for name, device in (("a", of_a), ("b", of_b)):
            made.node.add(name=name, op="NoOp", device=device)
        made.node[1].attr["_class"].list.s.append(b"loc:@a")
        with tf.Graph().as_default(), tf.device(function):
            found = tf.import_graph_def(made, return_elements=["a", "b"])
            return [[op.device, [str(each) for each in op.colocation_groups()]] for op in found]

    def by_name(op):
        return "/device:CPU:1" if "a" in op.name else "/device:CPU:2"

    one = "/device:CPU:0"
    return [devices(a, b, function) for a, b in ((one, ""), ("", one), ("", ""))
            for function in (None, by_name, lambda op: "", one)]  # fmt: skip
