"""tf.profiler: parameters and float operations by scopes, options, reports in files."""

import os
import tempfile

from goldens.kit import error


def _network(tf):
    x = tf.placeholder(tf.float32, [5, 28, 28, 1], "x")
    with tf.variable_scope("net"):
        w = tf.get_variable("w", [3, 3, 1, 8], initializer=tf.zeros_initializer())
        conv = tf.nn.conv2d(x, w, [1, 2, 2, 1], "SAME", name="conv")
        pooled = tf.nn.max_pool(tf.nn.relu(conv), [1, 2, 2, 1], [1, 2, 2, 1], "SAME", name="pool")
        flat = tf.reshape(pooled, [-1, 7 * 7 * 8])
        w2 = tf.get_variable("w2", [7 * 7 * 8, 10], initializer=tf.zeros_initializer())
        b = tf.get_variable("b", [10], initializer=tf.zeros_initializer())
        y = tf.nn.bias_add(tf.matmul(flat, w2, name="mm"), b, name="biased")
    with tf.name_scope("loss"):
        loss = tf.reduce_mean(tf.square(tf.nn.softmax(y)) - 0.5 * tf.rsqrt(tf.abs(y) * y))
    tf.Variable(1.0, name="net/w/inner")
    tf.Variable(1, trainable=False, name="step")
    return x, y, loss


def _told(proto):
    """The counts that are not zero, with those of the children."""
    fields = {f.name: v for f, v in proto.ListFields() if isinstance(v, (int, str))}
    return [fields, [_told(child) for child in proto.children]]


def _written(tf, options, **more):
    path = os.path.join(tempfile.mkdtemp(), "out.txt")
    options = dict(options, output="file:outfile=" + path)
    proto = tf.profiler.profile(tf.get_default_graph(), options=options, **more)
    with open(path) as file:
        return [file.read(), _told(proto)]


def parameters(tf, np):
    _network(tf)
    return _written(tf, tf.profiler.ProfileOptionBuilder.trainable_variables_parameter())


def parameters_of_a_subset(tf, np):
    _network(tf)
    plain = tf.profiler.ProfileOptionBuilder.trainable_variables_parameter()
    changes = [
        {"order_by": "params"}, {"max_depth": 2}, {"min_params": 50},
        {"hide_name_regexes": ["net/w.*"]}, {"show_name_regexes": ["net/w2"]},
        {"hide_name_regexes": ["net/w.*"], "account_displayed_op_only": False},
        {"start_name_regexes": ["net/w"]}, {"trim_name_regexes": ["net"]},
        {"account_type_regexes": ["VariableV2"], "select": ["params", "float_ops"]},
    ]  # fmt: skip
    return [_written(tf, dict(plain, **each)) for each in changes]


def float_operations(tf, np):
    _network(tf)
    return _written(tf, tf.profiler.ProfileOptionBuilder.float_operation())


def float_operations_of_gradients(tf, np):
    x = tf.placeholder(tf.float32, [4, 6, 6, 2])
    w = tf.get_variable("w", [3, 3, 2, 5], initializer=tf.zeros_initializer())
    d = tf.get_variable("d", [2, 2, 5, 1], initializer=tf.zeros_initializer())
    y = tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME")
    y = tf.nn.max_pool(y, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    y = tf.nn.avg_pool(tf.nn.depthwise_conv2d_native(y, d, [1, 1, 1, 1], "SAME"), [1, 3, 3, 1],
                       [1, 1, 1, 1], "SAME")  # fmt: skip
    tf.gradients(tf.nn.l2_loss(y), [x, w])
    options = tf.profiler.ProfileOptionBuilder.float_operation()
    proto = tf.profiler.profile(options=dict(options, output="none"))
    found = {}

    def walk(node):
        found[node.name] = node.float_ops
        for child in node.children:
            walk(child)

    walk(proto)
    kinds = {op.name: op.type for op in tf.get_default_graph().get_operations()}
    wanted = ("Conv2D", "Pool", "Depthwise", "L2Loss")
    return sorted([kinds[n], v] for n, v in found.items() if any(w in kinds.get(n, "")
                                                                 for w in wanted))  # fmt: skip


def shapes_of_a_run(tf, np):
    x = tf.placeholder(tf.float32, [None, 3], "x")
    y = tf.matmul(x, tf.ones([3, 2]), name="y")
    metadata = tf.RunMetadata()
    with tf.Session() as sess:
        sess.run(y, {x: np.ones([4, 3])}, tf.RunOptions(trace_level=3), metadata)
    options = tf.profiler.ProfileOptionBuilder.float_operation()
    options = tf.profiler.ProfileOptionBuilder(options).with_empty_output().build()
    before = tf.profiler.profile(options=options).total_float_ops
    after = tf.profiler.profile(run_meta=metadata, options=options).total_float_ops
    return [before, after]


def logged_operations(tf, np):
    _network(tf)
    log = tf.profiler.OpLogProto()
    entry = log.log_entries.add(name="net/conv", float_ops=7)
    entry.types.append("mine")
    options = dict(tf.profiler.ProfileOptionBuilder.float_operation(),
                   account_type_regexes=["mine"])  # fmt: skip
    return _written(tf, options, op_log=log)


def options(tf, np):
    make = tf.profiler.ProfileOptionBuilder
    built = (
        make().with_max_depth(3).with_min_memory(1, 2, 3, 4).with_min_execution_time(5, 6, 7)
        .with_min_parameters(8).with_min_occurrence(9).with_min_float_operations(10)
        .with_accounted_types(["a"]).with_node_names(["b"], ["c"], ["d"], ["e"])
        .with_file_output("f").with_step(11).order_by("params").select(["params"])
        .account_displayed_op_only(True).build()
    )  # fmt: skip
    outputs = [make().with_empty_output(), make().with_stdout_output(),
               make().with_timeline_output("t"), make().with_pprof_output("p")]  # fmt: skip
    return [make().build(), make.trainable_variables_parameter(), make.float_operation(),
            make.time_and_memory(), make.time_and_memory(2, 3, 4, 5, 6, 7, 8), built,
            [each.build()["output"] for each in outputs]]  # fmt: skip


def several_steps(tf, np):
    x = tf.placeholder(tf.float32, [None, 3], "x")
    y = tf.matmul(x, tf.ones([3, 2]), name="y")
    profiler = tf.profiler.Profiler(tf.get_default_graph())
    with tf.Session() as sess:
        for step in (0, 5):
            metadata = tf.RunMetadata()
            sess.run(y, {x: np.ones([4, 3])}, tf.RunOptions(trace_level=3), metadata)
            profiler.add_step(step, metadata)
    make = tf.profiler.ProfileOptionBuilder
    times = make(make.time_and_memory(min_micros=0, min_bytes=0)).with_empty_output()
    found = profiler.profile_name_scope(times.with_step(5).build())
    (node,) = [child for child in found.children if child.name == "y"]
    return [found.name, node.requested_bytes, node.exec_micros >= 0,
            found.total_requested_bytes >= 32,
            node.exec_micros == node.cpu_exec_micros]  # fmt: skip


def former_names(tf, np):
    _network(tf)
    module = tf.contrib.tfprof.model_analyzer
    options = dict(module.TRAINABLE_VARS_PARAMS_STAT_OPTIONS, output="none")
    found = module.print_model_analysis(tf.get_default_graph(), tfprof_options=options)
    return [found.total_parameters, module.FLOAT_OPS_OPTIONS, module.PRINT_ALL_TIMING_MEMORY]


def unknown_view(tf, np):
    return error(lambda: tf.profiler.profile(cmd="what"))


def statistics_of_a_node(tf, np):
    if tf.__name__ == "minitf":
        from minitf.profiler import statistics as ops
    else:
        from tensorflow.python.framework import ops

    def told(tensor, kind="flops"):
        graph = tf.get_default_graph()
        stats = ops.get_stats_for_node_def(graph, tensor.op.node_def, kind)
        return [stats.statistic_type, stats.value and int(stats.value)]

    _network(tf)
    graph = tf.get_default_graph()
    names = ["net/conv:0", "net/pool:0", "net/mm:0", "net/biased:0", "net/w/read:0"]
    found = [told(graph.get_tensor_by_name(name)) for name in names]
    unknown = tf.matmul(tf.placeholder(tf.float32, [None, 3]), tf.ones([3, 2]))
    found += [error(lambda: told(unknown))[0], told(unknown, "weights")]

    def flops(graph, node):
        return ops.OpStats("flops", graph.get_tensor_by_name(node.input[0] + ":0").shape[0].value)

    error(lambda: ops.RegisterStatistics("Atanh", "flops")(flops))  # once in a process
    y = tf.atanh(tf.zeros([7], name="seven"), name="own")
    total = ops.OpStats("flops")
    total += ops.OpStats("flops", 3)
    total += ops.OpStats("flops", 4)
    proto = tf.profiler.profile(options=dict(
        tf.profiler.ProfileOptionBuilder.float_operation(), output="none"))  # fmt: skip
    own = [child.float_ops for child in proto.children if child.name == "own"]
    return [found, told(y), total.value, own,
            error(lambda: ops.RegisterStatistics("MatMul", "flops")(flops))[0],
            error(lambda: ops.RegisterStatistics("a,b", "flops"))[0]]  # fmt: skip


def written_log(tf, np):
    """What write_op_log writes: nodes of which something is known, or all with their lines."""
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    w = tf.get_variable("w", [4, 3])
    y = tf.matmul(x, w, name="y")
    tf.matmul(tf.ones([2, 4]), w, name="z")
    own = tf.profiler.OpLogProto()
    own.log_entries.add(name="z", types=["mine"])
    own.log_entries.add(name="other", float_ops=7, types=["mine"])
    meta, options = tf.RunMetadata(), tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(y, {x: np.ones([5, 4])}, options, meta)
    found, folder = [], tempfile.mkdtemp()
    for given in ({}, {"op_log": own}, {"run_meta": meta}):
        tf.profiler.write_op_log(tf.get_default_graph(), folder, add_trace=False, **given)
        with open(os.path.join(folder, "tfprof_log"), "rb") as file:
            log = tf.profiler.OpLogProto.FromString(file.read())
        found.append(sorted([each.name, each.float_ops, list(each.types)]
                            for each in log.log_entries
                            if each.float_ops or each.types))  # fmt: skip
    tf.profiler.write_op_log(None, folder)
    with open(os.path.join(folder, "tfprof_log"), "rb") as file:
        log = tf.profiler.OpLogProto.FromString(file.read())
    (entry,) = [each for each in log.log_entries if each.name == "z"]
    trace, texts = entry.code_def.traces[-1], dict(log.id_to_string)
    lines = {texts[each.line_id] for each in entry.code_def.traces}
    count = len(tf.get_default_graph().get_operations())
    return [*found, texts[0], len(log.log_entries) == count,
            'tf.matmul(tf.ones([2, 4]), w, name="z")' in lines, trace.lineno > 0]  # fmt: skip
