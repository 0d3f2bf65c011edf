"""tf.contrib.graph_editor: what is found in a graph; the order of a walk is left open."""

from goldens.kit import error, said


def _graph(tf):
    with tf.name_scope("f"):
        x = tf.placeholder(tf.float32, [2], name="x")
        a = tf.add(x, x, name="a")
    b = tf.negative(a, name="b")
    with tf.control_dependencies([b]):
        c = tf.exp(x, name="c")
    d = tf.multiply(b, c, name="d")
    tf.sqrt(d, name="e")
    return x, a, b, c, d


def _names(items):
    return sorted(item.name for item in items)


def walks(tf, np):
    ge = tf.contrib.graph_editor
    x, a, b, c, d = _graph(tf)
    control = ge.ControlOutputs(tf.get_default_graph())
    back, ahead = ge.get_backward_walk_ops, ge.get_forward_walk_ops
    return [
        _names(back(d)), _names(back([d.op], inclusive=False)), _names(back(d, within_ops=[d.op])),
        _names(back(c)), _names(back(c, control_inputs=True)), _names(back(d, stop_at_ts=[b])),
        _names(back([b, c], within_ops_fn=lambda op: op.type != "Placeholder")),
        _names(ahead(a)), _names(ahead(a.op)), _names(ahead([x], inclusive=False)),
        _names(ahead(a.op, control_outputs=control)), _names(ahead(x, stop_at_ts=[d])),
        ge.get_walks_intersection_ops([], []),
        _names(ge.get_walks_intersection_ops(a.op, d.op)),
        _names(ge.get_walks_intersection_ops(a.op, c.op, control_ios=control)),
        _names(ge.get_walks_union_ops(b.op, a.op, backward_inclusive=False)),
        _names(ge.get_ops_ios([b.op])), _names(ge.get_ops_ios(b.op, control_ios=control)),
        _names(ge.get_within_boundary_ops(tf.get_default_graph(), b.op, [d.op])),
        _names(ge.get_within_boundary_ops([a.op, d.op], [b.op], [d.op], inclusive=False)),
        error(lambda: ge.get_within_boundary_ops([a.op], [b.op], [b.op])),
        error(lambda: back([1])), error(lambda: ahead(tf.get_default_graph())),
        error(lambda: ahead(a, control_outputs=3)),
        error(lambda: ge.get_ops_ios([a.op], control_ios=control, control_outputs=control)),
    ]  # fmt: skip


def lists(tf, np):
    ge, graph = tf.contrib.graph_editor, tf.get_default_graph()
    x, a, b, _, d = _graph(tf)
    other = tf.Graph()
    with other.as_default():
        stranger = tf.constant(1)
    control = ge.ControlOutputs(graph)
    return [
        [op.name for op in ge.make_list_of_op(graph)], [t.name for t in ge.make_list_of_t(graph)],
        _names(ge.make_list_of_op([a.op, b], ignore_ts=True)), _names(ge.make_list_of_op(a.op)),
        _names(ge.make_list_of_t((a, b.op), ignore_ops=True)), _names(ge.make_list_of_t(b)),
        error(lambda: ge.make_list_of_op([a])), error(lambda: ge.make_list_of_t([a.op])),
        error(lambda: ge.make_list_of_op(graph, allow_graph=False)), ge.make_list_of_op([]),
        error(lambda: ge.make_list_of_t([a, stranger])), error(lambda: ge.get_tensors(3)),
        _names(ge.make_list_of_t([a, stranger], check_graph=False)),
        [op.name for op in ge.get_generating_ops([a, x])],
        [op.name for op in ge.get_consuming_ops([a, x])],
        [op.name for op in control.get(b.op)], list(control.get(d.op)), control.graph is graph,
        [op.name for op in control.get_all()], error(lambda: ge.ControlOutputs(a)),
    ]  # fmt: skip


def by_name(tf, np):
    import re

    ge, graph = tf.contrib.graph_editor, tf.get_default_graph()
    _, a, b, *_ = _graph(tf)
    return [
        [t.name for t in ge.filter_ts([b.op, a.op], True)],
        [t.name for t in ge.filter_ts(graph, lambda t: t.op.type == "Exp")],
        [t.name for t in ge.filter_ts_from_regex(graph, "^f/")],
        [op.name for op in ge.filter_ops(graph, True)],
        [op.name for op in ge.filter_ops(graph, lambda op: op.inputs)],
        [op.name for op in ge.filter_ops_from_regex(graph, re.compile("a|c"))],
        [op.name for op in ge.get_name_scope_ops(graph, "f/")],
        [op.name for op in ge.get_name_scope_ops(graph, "b")],
        [op.name for op in ge.select_ops("^f/", b.op, [a, a.op], graph=graph)],
        [op.name for op in ge.select_ops("^f/", "(?#ts)b", "(?#ops)b", graph=graph,
                                         restrict_ops_regex=True)],
        [op.name for op in ge.select_ops("", graph=graph, positive_filter=lambda op: op.inputs)],
        [t.name for t in ge.select_ts("^f/", b, [a.op, a], graph=graph)],
        [[item.name for item in items]
         for items in ge.select_ops_and_ts("^f/", "(?#ts)b", a, graph=graph)],
        said(lambda: ge.select_ops("a"), "keyword argument 'graph'"),
        said(lambda: ge.select_ops("a", grph=graph), "Wrong keywords argument: grph."),
        error(lambda: ge.select_ts("a", graph=3)), error(lambda: ge.filter_ts_from_regex(graph, 3)),
        error(lambda: ge.select_ops(3)),
    ]  # fmt: skip
