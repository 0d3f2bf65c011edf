"""tf.contrib.graph_editor: Transformer and its handlers, nestings, the same in other graphs."""

import collections

from goldens.kit import error, names, run

Pair = collections.namedtuple("Pair", ["left", "right"])


def _graph(tf):
    a, x = tf.constant([1.0, 2.0], name="a"), tf.placeholder(tf.float32, [2], name="x")
    with tf.name_scope("s"):
        y = tf.multiply(a, x, name="y")
        with tf.control_dependencies([y, a]):
            z = tf.exp(y + x, name="z")
    tf.add_to_collection("s/mine", z)
    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, z.op)
    return x, y, z


def _named(things):
    return [each.name for each in things]


def copied(tf, np):
    ge, (_, y, z) = tf.contrib.graph_editor, _graph(tf)
    view, transformer, far = ge.sgv_scope("s", z.graph), ge.Transformer(), tf.Graph()
    made, info = transformer(view, z.graph, "c", "s")
    again, _ = transformer(view, z.graph, "c", "s")
    reused, _ = transformer(view, z.graph, "c", "s/", reuse_dst_scope=True)
    other, told = transformer(ge.sgv(y.op, z.op), far, "far")
    text = str(info).replace(str(id(z.graph)), "here").split("\n")
    both = str(told).replace(str(id(z.graph)), "here").replace(str(id(far)), "there").split("\n")
    return [
        [[_named(each.inputs), _named(each.outputs), sorted(_named(each.ops))]
         for each in (made, again, reused, other)],
        sorted(text), sorted(both), sorted(tf.get_default_graph().get_all_collection_keys()),
        sorted(far.get_all_collection_keys()), _named(info.transformed(z).op.control_inputs),
        _named(told.transformed(z).op.control_inputs),
        info.transformed({"k": (z, [y])})["k"][0].name,
        info.original(told.transformed(y)), told.original(told.transformed(y)).name,
        error(lambda: info.transformed(None)),
        error(lambda: transformer(view, z.graph, "c", "none")),
        error(lambda: transformer(view, "graph", "c")),
    ]  # fmt: skip


def handlers(tf, np):
    ge, (x, _, z) = tf.contrib.graph_editor, _graph(tf)
    view, seen = ge.sgv(z.op.inputs[0].op, z.op), []

    def halved(info, op, new_inputs):
        made = ge.copy_op_handler(info, op, new_inputs)
        if op.type != "Exp":
            return made
        with info.graph_.as_default():
            half = tf.identity(made[1][0] / 2.0, name="half")
        return half.op, [half]

    def renamed(node):
        seen.append([node.name, node.op])
        node.op = "Sub" if node.op in ("Add", "AddV2") else node.op
        return node

    transformer = ge.Transformer()
    transformer.transform_op_handler = halved
    transformer.transform_external_input_handler = ge.keep_t_if_possible_handler
    first, told = transformer(view, z.graph, "first")
    transformer.transform_op_handler = lambda info, op, ins: ge.copy_op_handler(
        info, op, ins, copy_shape=True, nodedef_fn=renamed)  # fmt: skip
    transformer.transform_control_input_handler = lambda info, op: None
    transformer.assign_collections_handler = lambda info, old, new: seen.append(new.name)
    second, _ = transformer(view, z.graph, "second")
    kept = ge.Transformer()
    kept.transform_op_handler = lambda info, op, ins: (op, op.outputs)
    return [run(tf, [z, first.outputs[0], second.outputs[0]], {x: [0.1, 0.2]}), seen,
            _named(first.ops), _named(first.inputs), sorted(_named(second.inputs)), names(tf),
            _named(second.ops[-1].control_inputs), told.transformed(z).name,
            error(lambda: kept(view, z.graph, "third")),
            error(lambda: ge.copy_op_handler(None, z.op, True))]  # fmt: skip


def nestings(tf, np):
    util = tf.contrib.graph_editor.util
    tree = {"a": [1, (2, 3)], "b": Pair(4, [5])}
    double = lambda each: each * 2  # noqa: E731
    view = util.ListView([1, 2])
    found = set(util.get_predefined_collection_names()[:30])
    return [
        util.flatten_tree(tree), util.flatten_tree(3), util.flatten_tree([1], [0]),
        util.transform_tree(tree, double), type(util.transform_tree(Pair(1, 2), double)).__name__,
        util.transform_tree({1}, double), util.concatenate_unique([1, 2], [2, 3, 3]), list(view),
        len(view),
        bool(view), view[1], view + (3,), bool(util.ListView([])),
        error(lambda: util.ListView((1,))),
        error(lambda: setattr(view, "none", 1) or view.append(3)), "losses" in found,
        util.is_iterable([]), util.is_iterable(tf.ones([2])), util.is_iterable(3),
        util.is_iterable("a"),
    ]  # fmt: skip


def corresponding(tf, np):
    ge, (_, y, z) = tf.contrib.graph_editor, _graph(tf)
    util, far = ge.util, tf.Graph()
    tf.import_graph_def(tf.get_default_graph().as_graph_def(), name="in")
    with far.as_default():
        tf.import_graph_def(z.graph.as_graph_def(), name="")
    found = util.find_corresponding({"k": [z, y.op]}, z.graph, "in")["k"]
    other = util.find_corresponding_elem(z, far)
    return [_named(found), other.name, other.graph is far,
            error(lambda: util.find_corresponding_elem(z, far, "none")),
            error(lambda: util.find_corresponding_elem(far, far))]  # fmt: skip
