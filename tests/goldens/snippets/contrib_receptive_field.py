"""tf.contrib.receptive_field: of networks, with sizes and without, and what is refused."""

from goldens.kit import attempt, error


def _network(tf, padding="SAME", branches=False):
    """Convolutions and pools, and where they are told so a branch beside the second one."""
    x = tf.placeholder(tf.float32, [1, None, None, 1], name="x")
    filters = [tf.get_variable(f"w{i}", [k, k + i, 1, 1]) for i, k in enumerate((5, 3, 1))]
    y = tf.nn.conv2d(x, filters[0], [1, 2, 2, 1], "VALID", name="c0")
    y = tf.nn.relu(tf.pad(y, [[0, 0], [2, 1], [0, 3], [0, 0]], name="pad"))
    beside = tf.nn.conv2d(y, filters[2], [1, 2, 2, 1], padding, name="beside")
    y = tf.nn.conv2d(y, filters[1], [1, 2, 2, 1], padding, name="c1")
    y = tf.add(y, beside, name="sum") if branches else y
    return tf.nn.max_pool(y, [1, 3, 2, 1], [1, 1, 2, 1], "VALID", name="y")


def _listed(found):
    return [each.tolist() for each in (found.size, found.stride, found.padding)]


def fields(tf, np):
    of = tf.contrib.receptive_field.compute_receptive_field_from_graph_def
    output = _network(tf, "VALID")
    graph = output.graph
    found = of(graph, "x", output)
    positions = np.array([[0, 0], [3.0, 5]])
    centers = found.compute_input_center_coordinates(positions)
    made = [found, of(graph.as_graph_def(), "x", "y", None, [63, 65]), of(graph, "pad", "y"),
            of(graph, graph.get_tensor_by_name("x:0"), "c0"),
            of(graph, "x", "y", input_resolution=[64, 32])]  # fmt: skip
    return [[_listed(each) for each in made], list(found), centers,
            found.compute_feature_coordinates(centers),
            found.compute_input_center_coordinates([[1.0], [2.0]], axis=[1]),
            error(lambda: found.compute_feature_coordinates([1.0])),
            error(lambda: of(graph, "none", "y")), error(lambda: of(graph, "x", "none")),
            error(lambda: of(graph, "y", "c0"))]  # fmt: skip


def padded(tf, np):
    of = tf.contrib.receptive_field.compute_receptive_field_from_graph_def
    graph = _network(tf).graph
    sizes = (None, [64, 64], [63, 63], [65, 64], [63, 62])
    return [attempt(lambda size=size: _listed(of(graph, "x", "y", input_resolution=size)))
            for size in sizes]  # fmt: skip


def branched(tf, np):
    of = tf.contrib.receptive_field.compute_receptive_field_from_graph_def
    graph = _network(tf, branches=True).graph
    return [attempt(lambda: _listed(of(graph, "x", "y"))),
            attempt(lambda: _listed(of(graph, "x", "y", input_resolution=[66, 66]))),
            attempt(lambda: _listed(of(graph, "x", "y", ["beside"], [66, 66]))),
            attempt(lambda: _listed(of(graph, "x", "y", ["c1"])))]  # fmt: skip


def ordered(tf, np):
    of = tf.contrib.receptive_field.get_compute_order
    graph_def = _network(tf, branches=True).graph.as_graph_def()
    found, nodes = of(graph_def, "x", [64, 60])
    without, _ = of(graph_def)
    shown = ("x", "c0", "pad", "Relu", "c1", "sum", "y")
    return [[[found[name].order, found[name].input_size, found[name].output_size, nodes[name].op,
              found[name].node.name] for name in shown],
            [[without[name].order, without[name].output_size] for name in shown],
            sorted(nodes) == sorted(found), list(found["x"]._fields)]  # fmt: skip


def refused(tf, np):
    of = tf.contrib.receptive_field.compute_receptive_field_from_graph_def
    x = tf.placeholder(tf.float32, [1, 8, 8, 2], name="x")
    loose = tf.nn.conv2d(x, tf.ones([3, 3, 2, 2]), [1, 1, 1, 1], "SAME")
    pooled = tf.nn.max_pool(x, [1, 1, 1, 2], [1, 1, 1, 2], "SAME")
    padded_depth = tf.pad(x, [[0, 0], [0, 0], [0, 0], [1, 1]])
    fields = [tf.exp(x), loose, pooled, padded_depth, tf.nn.avg_pool(x, 3, 1, "SAME"),
              tf.nn.lrn(tf.nn.depthwise_conv2d(x, tf.get_variable("w", [3, 5, 2, 1]), [1, 1, 1, 1],
                                               "SAME"))]  # fmt: skip
    return [attempt(lambda y=y: _listed(of(x.graph, x, y))) for y in fields]
