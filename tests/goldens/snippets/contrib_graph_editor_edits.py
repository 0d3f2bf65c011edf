"""tf.contrib.graph_editor: what reads what, and what waits for what, after a graph was changed."""
from goldens.kit import said


def _graph(tf):
    """Two sums of constants, and what is made of them."""
    t = {name: tf.constant([float(i + 1)] * 2, name=name) for i, name in enumerate("abcd")}
    with tf.name_scope("foo"):
        t["e"] = tf.add(t["a"], t["b"], name="e")
        t["f"] = tf.multiply(t["c"], t["d"], name="f")
        with tf.control_dependencies([t["a"].op]):
            t["g"] = tf.subtract(t["e"], t["f"], name="g")
    t["h"] = tf.add(t["f"], t["e"], name="h")
    return t


def _edges(tf):
    ops = tf.get_default_graph().get_operations()
    return {op.name: [[t.op.name for t in op.inputs], [c.name for c in op.control_inputs]]
            for op in ops if op.inputs or op.control_inputs}  # fmt: skip


def _view(view):
    return [[op.name for op in view.ops], [t.name for t in view.inputs],
            [t.name for t in view.outputs], [t.name for t in view.passthroughs]]  # fmt: skip


def _changed(tf, change, values=()):
    """The edges after a change of a graph of its own, and the values of some tensors."""
    with tf.Graph().as_default():
        t = _graph(tf)
        views = change(tf.contrib.graph_editor, t)
        with tf.Session() as sess:
            return [_edges(tf), [_view(each) for each in views or ()],
                    sess.run([t[name] for name in values])]  # fmt: skip


def rerouted(tf, np):
    return [_changed(tf, change, "gh") for change in (
        lambda ge, t: ge.reroute_inputs(ge.sgv(t["e"].op), ge.sgv(t["f"].op)),
        lambda ge, t: ge.swap_inputs(ge.sgv(t["e"].op), ge.sgv(t["f"].op)),
        lambda ge, t: ge.reroute_outputs(ge.sgv(t["e"].op), ge.sgv(t["f"].op)),
        lambda ge, t: ge.swap_outputs(t["a"].op, t["c"].op),
        lambda ge, t: ge.reroute_ios(ge.sgv(t["e"].op), ge.sgv(t["f"].op)),
        lambda ge, t: ge.swap_ios(ge.sgv(t["a"].op), ge.sgv(t["c"].op)),
        lambda ge, t: ge.swap_ios(ge.sgv(t["a"].op).remap_outputs([0, 0]),
                                  ge.sgv(t["c"].op, t["d"].op)),
    )]  # fmt: skip


def detached_and_joined(tf, np):
    return [
        _changed(tf, lambda ge, t: [ge.detach_inputs(ge.sgv(t["g"].op), control_inputs=True)[0]]),
        _changed(tf, lambda ge, t: [ge.detach_outputs(ge.sgv(t["e"].op))[0]]),
        _changed(tf, lambda ge, t: [ge.detach(
            ge.sgv(t["e"].op, t["a"].op), control_ios=ge.ControlOutputs(t["e"].graph))[0]]),
        _changed(tf, lambda ge, t: ge.connect(
            ge.sgv(t["f"].op), ge.sgv(t["e"].op).remap_inputs([1])), "gh"),
        _changed(tf, lambda ge, t: [ge.bypass(ge.sgv(t["f"].op).remap_inputs([1]))[0]], "gh"),
        _changed(tf, lambda ge, t: ge.add_control_inputs(t["h"].op, [t["g"].op]), "h"),
        _changed(tf, lambda ge, t: ge.remove_control_inputs(t["g"].op, t["a"].op), "g"),
    ]  # fmt: skip


def views(tf, np):
    ge, t = tf.contrib.graph_editor, _graph(tf)
    view = ge.sgv(t["e"].op, t["g"].op)
    through = ge.SubGraphView([t["e"].op], [t["c"]])
    whole = ge.sgv(tf.get_default_graph())
    made = [view, view.remap([t["a"]], [1, 1]), view.remap_inputs([1, 0]), through,
            view.remap([], []).remap_default(), view.remap_outputs_to_consumers(),
            view.remap([0], [0, 0]).remap_outputs_make_unique(),
            whole.remap_outputs([0]).remove_unused_ops()]  # fmt: skip
    return [
        [_view(each) for each in made], str(view).split("\n")[1:], str(ge.SubGraphView()),
        [op.name for op in view.consumers()], view.find_op_by_name("foo/g").name, view.op(0).name,
        view.input_index(t["b"]), view.output_index(t["g"]), through.is_passthrough(t["c"]),
        [x.name for x in through.connected_inputs], [x.name for x in through.connected_outputs],
        ge.placeholder_name(t["e"]), ge.placeholder_name(t["e"], scope="x"), ge.placeholder_name(),
        ge.ph(tf.float32, [2]).name, ge.make_placeholder_from_tensor(t["f"]).name,
        ge.can_be_regex("a"), ge.can_be_regex(3),
        said(lambda: view.remap_inputs([0, 0]), "Found repetition in mapping"),
        said(lambda: view.remap_outputs([7]), "Out of [0, 2[ range: 7"),
        said(lambda: view.find_op_by_name("none"), "none not in subgraph"),
        said(lambda: ge.add_control_inputs(t["g"].op, t["a"].op), "is already a control_input"),
        said(lambda: ge.remove_control_inputs(t["h"].op, t["e"].op), "is not a control_input"),
        said(lambda: ge.detach_control_outputs(view, None)),
    ]  # fmt: skip
