"""tf.contrib.graph_editor: parts of a graph once more, and operations that read something else."""

from goldens.kit import error, run


def _graph(tf):
    a, x = tf.constant([1.0, 2.0], name="a"), tf.placeholder(tf.float32, [2], name="x")
    v = tf.get_variable("v", initializer=[3.0, 4.0])
    with tf.name_scope("s"):
        y = tf.multiply(a, v, name="y")
        with tf.control_dependencies([y]):
            z = tf.reduce_sum(tf.exp(y) + a, name="z")
    tf.losses.add_loss(z)
    return a, x, v, y, z


def _names(things):
    return [each.name for each in things]


def graphs_with_replacements(tf, np):
    ge, (a, x, v, y, z) = tf.contrib.graph_editor, _graph(tf)
    found = ge.graph_replace([z, tf.gradients(z, v)[0]], {a: x})
    found += [ge.graph_replace(z, {a: x}, dst_scope="copy") for _ in range(2)]
    found.append(ge.graph_replace(z, {y: x * 2.0}, "copy", "s", reuse_dst_scope=True))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        values = sess.run([z, *found], {x: [0.1, 0.2]})
    return [values, _names(found), _names(tf.losses.get_losses()),
            _names(found[3].op.control_inputs), _names(found[3].op.inputs[0].op.inputs),
            error(lambda: ge.graph_replace(z, {found[0]: x}))]  # fmt: skip


def copies_of_parts(tf, np):
    ge, (a, x, _, y, z) = tf.contrib.graph_editor, _graph(tf)
    view, far = ge.sgv(y.op, z.op.inputs[0].op), tf.Graph()
    near, info = ge.copy(view, dst_scope="c")
    other, _ = ge.copy(view, dst_graph=far, dst_scope="far")
    replaced, told = ge.copy_with_input_replacements(view, {a: x})
    views = [view, near, other, replaced]
    return [
        [[_names(each.inputs), _names(each.outputs), sorted(_names(each.ops))] for each in views],
        sorted([op.name, op.type] for op in far.get_operations()),
        [info.transformed(y).name, info.original(info.transformed(y)).name],
        _names(told.transformed([y, z], missing_fn=lambda each: each)),
        _names(told.transformed(y).op.inputs), info.transformed(z),
        error(lambda: ge.copy(view, src_scope="q")), _names(ge.sgv_scope("s", z.graph).outputs),
        [sorted(_names(each)) for each in ge.compute_boundary_ts([y.op, z.op])],
    ]  # fmt: skip


def rerouted(tf, np):
    ge, (a, b) = tf.contrib.graph_editor, (tf.constant([1.0, 2.0]), tf.constant([5.0, 6.0]))
    w = a + 1.0
    u, m = w * 2.0, tf.placeholder_with_default(7, [])
    n = tf.constant(3) + 1
    k, other = n * 2, a - 1.0
    counts = [ge.reroute_ts(b, a, can_modify=[w.op]), ge.swap_ts([w], [b], cannot_modify=[w.op]),
              ge.reroute_ts([m], [n])]  # fmt: skip
    wrong = [lambda: ge.reroute_ts([a], [n]), lambda: ge.reroute_ts([a, b], [w]),
             lambda: ge.swap_ts(a, tf.zeros([3]))]  # fmt: skip
    return counts, run(tf, [w, u, k, n, other]), [error(each) for each in wrong]


def computed_again_for_gradients(tf, np):
    ge, x = tf.contrib.graph_editor, tf.constant([0.5, 1.5])
    middle = tf.sin(x)
    y = tf.reduce_sum(tf.exp(tf.square(middle)))
    kept = tf.stop_gradient(middle)
    ops = ge.get_forward_walk_ops([middle.op], inclusive=False)
    ops = [op for op in ge.get_backward_walk_ops([y.op]) if op in ops]
    _, info = ge.copy_with_input_replacements(ge.sgv(ops), {})
    count = ge.reroute_ts([kept], [middle], can_modify=list(info._transformed_ops.values()))
    by_middle = tf.gradients(info.transformed(y), kept)[0]
    return count, run(tf, [tf.gradients(middle, x, by_middle)[0], tf.gradients(y, x)[0]])
