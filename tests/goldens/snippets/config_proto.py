"""ConfigProto and its parts: fields, types, how they print."""

from goldens.kit import attempt, error, said


def printed_options(tf, np):
    config = tf.ConfigProto(
        gpu_options=tf.GPUOptions(visible_device_list='0,"x"', per_process_gpu_memory_fraction=0.4),
        device_count={"GPU": 1, "CPU": 2},
        allow_soft_placement=True,
        device_filters=["/job:a", "/job:b"],
    )
    config.graph_options.optimizer_options.global_jit_level = tf.OptimizerOptions.ON_1
    config.graph_options.optimizer_options.opt_level = tf.OptimizerOptions.L0
    config.graph_options.rewrite_options.constant_folding = 2
    config.experimental.use_numa_affinity = True
    config.gpu_options.experimental.num_dev_to_dev_copy_streams = 3
    return [str(config), repr(config), str(tf.ConfigProto()), str(tf.RunOptions(trace_level=3))]


def wrong_types(tf, np):
    config = tf.ConfigProto()
    asked = [
        lambda: tf.ConfigProto(log_device_placement="x"),
        lambda: tf.GPUOptions(per_process_gpu_memory_fraction="x"),
        lambda: tf.GPUOptions(allow_growth="x"),
        lambda: tf.GPUOptions(visible_device_list=3),
        lambda: tf.ConfigProto(intra_op_parallelism_threads=1.5),
        lambda: tf.ConfigProto(gpu_options=3),
        lambda: setattr(config, "gpu_options", tf.GPUOptions()),
        lambda: setattr(config, "device_count", {"GPU": 0}),
        lambda: setattr(config, "allow_soft_placement", "x"),
        lambda: config.CopyFrom(tf.GPUOptions()),
    ]
    parts = [
        "'x' has type str, but expected one of: int, bool",
        "'x' has type str, but expected one of: int, float",
        "3 has type int, but expected one of: bytes, unicode",
        "1.5 has type float, but expected one of: int",
        'Assignment not allowed to field "gpu_options" in protocol message object',
        'Assignment not allowed to repeated field "device_count" in protocol message object',
        "to MergeFrom() must be instance of same class: expected ",
    ]
    return [said(each, *parts) for each in asked]


def converted(tf, np):
    config = tf.ConfigProto(
        allow_soft_placement=1, intra_op_parallelism_threads=np.int64(3), gpu_options=None
    )
    config.gpu_options.visible_device_list = b"0"
    config.gpu_options.per_process_gpu_memory_fraction = 1
    return [
        config.allow_soft_placement,
        config.intra_op_parallelism_threads,
        config.gpu_options.visible_device_list,
        config.gpu_options.per_process_gpu_memory_fraction,
        error(lambda: hash(config)),
    ]


def copied_and_merged(tf, np):
    one, other = tf.ConfigProto(device_filters=["a"]), tf.ConfigProto(device_filters=["b"])
    one.gpu_options.allow_growth = True
    other.device_count["CPU"] = 2
    other.MergeFrom(one)
    copy = tf.ConfigProto()
    copy.CopyFrom(other)
    same = copy == other
    copy.gpu_options.visible_device_list = "1"
    text = str(copy)
    copy.Clear()
    return [same, text, str(other), copy == tf.ConfigProto(), copy == other]


def given_parts_are_copied(tf, np):
    options = tf.GPUOptions(allow_growth=True)
    config = tf.ConfigProto(gpu_options=options)
    options.allow_growth = False
    given = tf.ConfigProto(gpu_options={"allow_growth": True})
    return [config.gpu_options.allow_growth, given.gpu_options.allow_growth]


def constants(tf, np):
    return [
        tf.OptimizerOptions.L1, tf.OptimizerOptions.L0, tf.OptimizerOptions.OFF,
        tf.OptimizerOptions.ON_2, tf.RunOptions.FULL_TRACE, tf.RunOptions.NO_TRACE,
        attempt(lambda: tf.ConfigProto().graph_options.rewrite_options.ON),
    ]  # fmt: skip
