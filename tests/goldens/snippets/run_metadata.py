"""What traced runs tell, how a Timeline shows it; rarer fields of ConfigProto and RunOptions."""

import importlib
import json

from goldens.kit import error

_MODULE = {"tensorflow": "tensorflow.python.client.timeline", "minitf": "minitf.lib.timeline"}
_NODES = [  # name, label, start, micros, bytes of outputs
    ("x", "x = Placeholder()", 100, 5, [40]),
    ("y", "y = MatMul(x, w/_3)", 105, 20, [400]),
    ("w", "w = VariableV2()", 103, 1, [4000]),
    ("RecvTensor", "odd", 107, 2, []),
    ("two", "two = Split(y, w, gone)", 130, 4, [8, 12]),
    ("last", "last = AddN(two, two:1, w)", 131, 9, [16]),
]


def _timeline(tf):
    return importlib.import_module(_MODULE[tf.__name__.partition(".")[0]]).Timeline


def _stats(tf):
    stats = tf.RunMetadata().step_stats
    for device in ["/cpu:0", "/gpu:0", "/gpu:0/stream:all"]:
        found = stats.dev_stats.add(device=device)
        for name, label, start, micros, sizes in _NODES:
            name = name + ":MatMul" if "stream" in device else name
            node = found.node_stats.add(node_name=name, timeline_label=label, thread_id=77)
            node.all_start_micros = start + len(device)
            node.all_end_rel_micros = micros
            for slot, size in enumerate(sizes):
                output = node.output.add(slot=slot)
                memory = output.tensor_description.allocation_description
                memory.requested_bytes = size
                memory.allocator_name = device[1:4]
    return stats


def _sorted(trace):
    return sorted(json.dumps(event, sort_keys=True) for event in trace["traceEvents"])


def chrome_trace(tf, np):
    text = _timeline(tf)(_stats(tf)).generate_chrome_trace_format()
    return [text.splitlines()[:12], json.loads(text)["traceEvents"]]


def chrome_trace_of_memory(tf, np):
    text = _timeline(tf)(_stats(tf)).generate_chrome_trace_format(show_memory=True)
    return _sorted(json.loads(text))


def chrome_trace_without_arrows(tf, np):
    timeline = _timeline(tf)(_stats(tf), graph=tf.get_default_graph())
    return json.loads(timeline.generate_chrome_trace_format(show_dataflow=False))["traceEvents"]


def allocator_maximums(tf, np):
    found = _timeline(tf)(_stats(tf)).analyze_step_stats().allocator_maximums
    return {name: [most.timestamp, most.num_bytes, sorted(most.tensors)]
            for name, most in found.items()}  # fmt: skip


def of_a_run(tf, np):
    x = tf.placeholder(tf.float32, [None, 3], "x")
    y = tf.matmul(x, tf.ones([3, 2]), name="y")
    metadata = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE, output_partition_graphs=True)
    with tf.Session() as sess:
        value = sess.run(y, {x: np.ones([4, 3])}, options=options, run_metadata=metadata)
        ((device, node),) = [
            (device, node)
            for device in metadata.step_stats.dev_stats
            for node in device.node_stats
            if node.node_name == "y"
        ]
        (output,) = node.output
        empty = tf.RunMetadata()
        sess.run(y, {x: np.ones([4, 3])}, run_metadata=empty)
    text = _timeline(tf)(metadata.step_stats).generate_chrome_trace_format()
    shown = [e["args"]["name"] for e in json.loads(text)["traceEvents"] if e["ph"] == "X"]
    return [
        value,
        device.device,
        node.timeline_label.split("(")[0],
        node.all_start_micros > 1.4e15,
        0 <= node.all_end_rel_micros < 1e6,
        [output.slot, output.tensor_description.dtype, str(output.tensor_description.shape)],
        output.tensor_description.allocation_description.requested_bytes,
        output.tensor_description.allocation_description.allocator_name,
        "y" in shown,
        len(metadata.partition_graphs),
        "y" in [each.name for each in metadata.partition_graphs[0].node],
        empty.HasField("step_stats"),
    ]


def what_was_told_before_is_forgotten(tf, np):
    a, metadata = tf.constant(1.0, name="a"), tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    with tf.Session() as sess:
        sess.run(a + 1.0, options=options, run_metadata=metadata)
        sess.run(a + 2.0, run_metadata=metadata)
    return metadata.HasField("step_stats")


def rarer_fields(tf, np):
    config = tf.ConfigProto()
    config.rpc_options.use_rpc_for_inprocess_master = True
    config.session_inter_op_thread_pool.add(num_threads=2, global_name="pool")
    job = config.cluster_def.job.add(name="worker")
    job.tasks[0] = "localhost:2222"
    config.experimental.session_metadata.name = "me"
    rewrite = config.graph_options.rewrite_options
    rewrite.auto_parallel.enable = True
    rewrite.scoped_allocator_opts.enable_op.append("CollectiveReduce")
    rewrite.custom_optimizers.add(name="mine").parameter_map["a"].s = b"b"
    options = tf.RunOptions(inter_op_thread_pool=1)
    options.debug_options.debug_tensor_watch_opts.add(node_name="a", debug_ops=["DebugIdentity"])
    options.experimental.use_run_handler_pool = True
    return [str(config), str(options), config.SerializeToString(), options.SerializeToString()]


def sessions_graph(tf, np):
    with tf.Session() as sess:
        tf.constant(1.0, name="a")
        before = [node.name for node in sess.graph_def.node]
        tf.no_op("b")
        config = tf.ConfigProto()
        config.graph_options.infer_shapes = True
        with tf.Session(config=config) as other:
            shapes = ["_output_shapes" in each.graph_def.node[0].attr for each in (sess, other)]
        return [before, [node.name for node in sess.graph_def.node], shapes,
                error(lambda: setattr(sess, "graph_def", None))]  # fmt: skip
