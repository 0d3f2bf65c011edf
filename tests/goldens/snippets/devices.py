"""Where operations run: names of devices, device scopes, colocation, what is refused."""

import contextlib
import ctypes
import io
import os
import sys
import tempfile

from goldens.kit import attempt, error, said

SPECS = [
    "/cpu:0", "/gpu:1", "/GPU:0", "/device:GPU:2", "/device:gpu:2", "/device:GPU:*", "/cpu",
    "/gpu:*", "cpu:0", "//cpu:0", "", "/job:w", "/task:3", "/replica:0", "/job:",
    "/job:w/replica:1/task:2/cpu:3", "/job:ps/cpu:0/task:1", "/job:a/job:b", "/cpu:-1",
    "/device:XLA_GPU:0",
]  # fmt: skip
WRONG = [
    "/foo:1", "/device", "/device:GPU", "/task:x", "/cpu:0/gpu:1", "/tpu:0", "/XLA_CPU:0",
    "/cpu:x", "/Job:x", "/job:a:b",
]  # fmt: skip


def specs_from_strings(tf, np):
    return [tf.DeviceSpec.from_string(text).to_string() for text in SPECS]


def specs_that_are_none(tf, np):
    parts = "Unknown attribute", "invalid literal", "Cannot specify multiple device types"
    return [said(lambda text=text: tf.DeviceSpec.from_string(text), *parts) for text in WRONG]


def specs_in_parts(tf, np):
    spec = tf.DeviceSpec("w", 1, 2, "gpu", 3)
    parts = [spec.job, spec.replica, spec.task, spec.device_type, spec.device_index]
    built = [
        tf.DeviceSpec(job="w", task=-1),
        tf.DeviceSpec(job=3),
        tf.DeviceSpec(task=1.5),
        tf.DeviceSpec(task="4"),
        tf.DeviceSpec(device_type="Gpu"),
        tf.DeviceSpec(device_index=0),
        spec.replace(task=5, device_type="CPU"),
        spec.make_merged_spec(tf.DeviceSpec(job="v", device_index=9)),
        tf.DeviceSpec(job="w").parse_from_string("/task:2"),
    ]
    spec.merge_from(tf.DeviceSpec(task=7))
    built.append(spec)
    spec = tf.DeviceSpec(job="a")
    spec.device_type = "cpu"
    built.append(spec)
    return [parts, [each.to_string() for each in built], error(lambda: tf.DeviceSpec(task="x"))]


def specs_compared(tf, np):
    a, b = tf.DeviceSpec(job="a"), tf.DeviceSpec.from_string("/job:a")
    return [a == b, a != b, hash(a) == hash(b), a == "/job:a", a == tf.DeviceSpec(task=1)]


def scopes(tf, np):
    found = []

    def node():
        found.append(tf.no_op().device)

    with tf.device("/job:ps"):
        node()
        with tf.device("/gpu:1"):
            node()
            for inner in ("/task:1", "/cpu:0", None, "", tf.DeviceSpec(device_index=4)):
                with tf.device(inner):
                    node()
            for inner in ("/cpu:0", "/job:other/cpu:0", ""):
                with tf.device(lambda op, inner=inner: inner):
                    node()
    with tf.device(lambda op: "/device:CPU:1"):
        for inner in ("/gpu:0", "/job:foo"):
            with tf.device(inner):
                node()
    with tf.device("/job:foo"), tf.device(lambda op: op.device + "/cpu:2"):
        node()
    with tf.device(lambda op: "/job:fn" + op.device), tf.device("/gpu:2"):
        node()
    with tf.device(lambda op: "/job:fn"), tf.device(lambda op: op.device + "/task:2"):
        node()
    with tf.device(lambda op: tf.DeviceSpec(job="z")):
        node()
    return found


def spelled_by_functions(tf, np):
    """What a function of a node says is kept as it is, and refused by the run if it is no name."""

    def under(*scopes):
        with tf.Graph().as_default(), contextlib.ExitStack() as stack:
            for scope in scopes:
                stack.enter_context(tf.device(scope))
            node, variable = tf.constant(1) + 1, tf.Variable(1)
            with tf.colocate_with(node):
                beside = tf.constant(2)
            with tf.Session(config=tf.ConfigProto(allow_soft_placement=True)) as session:
                value = attempt(lambda: int(session.run(node)))
        return node.device, variable.device, beside.device, value

    def says(device):
        return lambda op: device

    def sets(device):
        node = tf.constant(1)
        node.op._set_device(device)
        return node.device

    return [
        under(says("cpu:0")), under(says("/cpu:0")), under(says("/gpu:1")), under(says(b"/cpu:0")),
        under("/job:localhost", says("/cpu:0")), under(says("/cpu:0"), "/job:localhost"),
        under(says(tf.DeviceSpec(device_type="cpu"))), under(says("rubbish")),
        under(says("/cpu:0"), says("")), sets("cpu:0"), sets("/gpu:0"),
    ]  # fmt: skip


def scopes_refused(tf, np):
    def under(device):
        with tf.device(device):
            return tf.no_op().device

    wrong = 3, lambda op: 3, lambda op: None
    return [attempt(lambda device=device: under(device)) for device in wrong]


def colocated(tf, np):
    with tf.device("/gpu:0"):
        v, w = tf.Variable(1.0, name="v"), tf.get_variable("w", [2])
    u = tf.Variable(2.0, name="u")
    with tf.device("/cpu:0"):
        with tf.colocate_with(v):
            tf.no_op(name="beside_v")
            with tf.device("/cpu:3"):
                tf.no_op(name="inner_device")
            with tf.colocate_with(w):
                tf.no_op(name="beside_both")
            with tf.colocate_with(w, ignore_existing=True):
                tf.no_op(name="beside_w")
            with tf.colocate_with(None, True):
                tf.no_op(name="beside_none")
            with tf.device(None):
                tf.no_op(name="no_device")
        with tf.colocate_with(u):
            tf.no_op(name="beside_u")
        with tf.colocate_with(tf.get_default_graph().get_operation_by_name("beside_v")):
            tf.no_op(name="beside_beside")
        tf.assign(v, 2.0, name="set_v")
        tf.assign_add(u, 2.0, name="set_u")
        tf.scatter_update(w, [0], [1.0], name="set_w")
    return _places(tf)


def colocated_refused(tf, np):
    return said(lambda: tf.colocate_with(None).__enter__(), "ignore_existing is not True")


def colocated_by_optimizers(tf, np):
    with tf.device("/cpu:1"):
        v = tf.get_variable("v", [2, 2])
    loss = tf.reduce_sum(tf.matmul(tf.ones([2, 2]), v))
    tf.train.AdamOptimizer().minimize(loss)
    places = _places(tf)
    return {name: places[name] for name in places if name.split("/")[0] in ("v", "beta1_power")}


def colocated_gradients(tf, np):
    with tf.device("/cpu:1"):
        v = tf.Variable([1.0], name="v")
        y = tf.square(v, name="y")
    tf.gradients(y, v, colocate_gradients_with_ops=True, name="g")
    places = _places(tf)
    return sorted({places[name][0] for name in places if name.startswith("g/y_grad")})


def _places(tf):
    operations = tf.get_default_graph().get_operations()
    return {op.name: [op.device, op.colocation_groups()] for op in operations}


def setters(tf, np):
    cluster = tf.train.ClusterSpec({"ps": ["a:1", "b:2"], "worker": ["c:1"]})
    setter = tf.train.replica_device_setter
    setters = [
        setter(2),
        setter(cluster=cluster),
        setter(cluster=cluster.as_dict()),
        setter(cluster=cluster.as_cluster_def()),
        setter(2, worker_device="/job:worker/task:7/gpu:0"),
        setter(1, ps_device="/job:ps/cpu:0"),
        setter(2, ps_device=""),
        setter(2, ps_device="/cpu:0"),
        setter(2, worker_device=None),
        setter(2, ps_ops=["Const"]),
        setter(3, ps_strategy=lambda op: 2),
        setter(),
        setter(cluster=tf.train.ClusterSpec({"worker": ["a:1"]})),
    ]
    return [_set(tf, each) for each in setters]


def setter_that_does_not_merge(tf, np):
    return _set(tf, tf.train.replica_device_setter(2, merge_devices=False))


def _set(tf, function):
    tf.reset_default_graph()
    with tf.device(function):
        v, w, u = tf.Variable(1.0), tf.Variable(2.0), tf.get_variable("u", [3])
        nodes = [v, w, u, tf.add(v, w)]
        for device in ("/cpu:0", "/task:9", "/job:other"):
            with tf.device(device):
                nodes += [tf.Variable(1.0), tf.no_op()]
    return [node.device for node in nodes]


def setters_refused(tf, np):
    setter = tf.train.replica_device_setter
    return [
        said(lambda: setter(2, ps_strategy=3), "ps_strategy must be callable"),
        said(lambda: setter(cluster=5), "`cluster` must be a dictionary"),
    ]


def clusters(tf, np):
    cluster = tf.train.ClusterSpec({"worker": {3: "c:1"}, "ps": ["a:1", "b:2"]})
    return [
        cluster.jobs,
        repr(cluster.as_dict()),
        [cluster.num_tasks("ps"), cluster.task_indices("worker"), cluster.task_address("ps", 1)],
        [cluster.job_tasks("worker"), cluster.job_tasks("ps")],
        [bool(cluster), bool(tf.train.ClusterSpec({}))],
        [cluster == tf.train.ClusterSpec(cluster), cluster == cluster.as_dict()],
        cluster == tf.train.ClusterSpec(cluster.as_cluster_def()),
        str(cluster),
        str(cluster.as_cluster_def()),
    ]


def clusters_refused(tf, np):
    cluster = tf.train.ClusterSpec({"ps": ["a:1"]})
    spec = tf.train.ClusterSpec
    asked = [
        lambda: cluster.num_tasks("x"),
        lambda: cluster.task_indices("x"),
        lambda: cluster.job_tasks("x"),
        lambda: cluster.task_address("ps", 7),
        lambda: spec(3),
        lambda: spec({"a": 3}),
        lambda: spec({"a": {"x": "c"}}),
        lambda: spec({"a": [3]}),
        lambda: spec({3: ["a"]}),
    ]
    parts = "No such job in cluster: 'x'", "No task with index 7 in job 'ps'", "must be"
    return [said(each, *parts) for each in asked]


# -- sessions -----------------------------------------------------------------------------------


def listed(tf, np):
    config = tf.ConfigProto(device_count={"CPU": 3, "GPU": 0})
    with tf.Session(config=config) as sess:
        cpus = [device for device in sess.list_devices() if device.device_type == "CPU"]
    first = cpus[0]
    rest = ", %d, %d)" % (first.memory_limit_bytes, first.incarnation)
    return [
        [device.name for device in cpus],
        first.memory_limit_bytes,
        repr(first).replace(rest, "...)"),
        [type(getattr(first, name)).__name__ for name in ("name", "incarnation")],
        len({device.incarnation for device in cpus}),
        type(first).__name__,
    ]


def no_cpu(tf, np):
    config = tf.ConfigProto(device_count={"CPU": 0})
    return said(lambda: tf.Session(config=config), "No CPU devices are available in this process")


def gpu_options_without_a_gpu(tf, np):
    config = tf.ConfigProto(device_count={"GPU": 2, "TPU": 1})
    config.gpu_options.allow_growth = True
    config.gpu_options.visible_device_list = "0,1,x"
    config.gpu_options.per_process_gpu_memory_fraction = -2
    with tf.Session(config=config) as sess:
        return sess.run(tf.constant(1))


def _asked_for(tf, device, soft=False, cpus=1):
    tf.reset_default_graph()
    with tf.device(device):
        a = tf.constant([[1.0]], name="a")
        product = tf.matmul(a, a, name="prod")
    config = tf.ConfigProto(allow_soft_placement=soft, device_count={"CPU": cpus})
    with tf.Session(config=config) as sess:
        return sess.run(product).tolist()


def missing_devices(tf, np):
    parts = [
        "Cannot assign a device for operation prod: node prod",
        "was explicitly assigned to /device:GPU:0 but available devices are [ /job:localhost/",
        "was explicitly assigned to /device:CPU:1 but available devices are [ /job:localhost/",
        "was explicitly assigned to /job:ps/task:1 but available devices are [ /job:localhost/",
        "/job:localhost/replica:0/task:0/device:CPU:0",
        "Make sure the device specification refers to a valid device.",
        "The requested device appears to be a GPU, but ",
    ]
    devices = ("/gpu:0", "/cpu:1", "/job:ps/task:1", "/job:localhost/cpu:0", "/task:1")
    return [said(lambda device=device: _asked_for(tf, device), *parts) for device in devices]


def missing_devices_softly(tf, np):
    devices = ("/gpu:0", "/cpu:7", "/device:XPU:3", "/job:ps/task:1", "/job:ps/gpu:0")
    return [attempt(lambda device=device: _asked_for(tf, device, True)) for device in devices]


def a_second_cpu(tf, np):
    return [_asked_for(tf, "/cpu:1", cpus=2), attempt(lambda: _asked_for(tf, "/cpu:2", cpus=2))]


def placement_log(tf, np):
    with tf.device("/cpu:1"):
        v = tf.Variable(1.0, name="v")
        c = tf.constant(3.0, name="c")
    fetches = [tf.assign(v, 2.0, name="set"), tf.add(v, 1.0, name="sum"), tf.identity(c, name="d")]
    config = tf.ConfigProto(
        device_count={"CPU": 2}, log_device_placement=True, allow_soft_placement=True
    )

    def run():
        with tf.Session(config=config) as sess:
            sess.run(v.initializer)
            sess.run(fetches + [v.value()])

    lines = _printed(run)
    found = sorted({line for line in lines if ": (" in line and "Add" not in line})
    return [found, any("Device mapping:" in line for line in lines)]


def _printed(run):
    """The lines that run() prints: TensorFlow does so in C, to standard output."""
    flush = ctypes.CDLL(None).fflush
    sys.stdout.flush(), flush(None)
    python_error, sys.stderr = sys.stderr, io.StringIO()
    standard_output = os.dup(1)
    with tempfile.TemporaryFile("w+") as file:
        os.dup2(file.fileno(), 1)
        try:
            run()
        finally:
            flush(None)
            os.dup2(standard_output, 1)
            os.close(standard_output)
            text, sys.stderr = sys.stderr.getvalue(), python_error
        file.seek(0)
        return text.splitlines() + file.read().splitlines()


def gpu_questions(tf, np):
    return [
        tf.test.gpu_device_name(),
        tf.test.is_gpu_available(),
        tf.test.is_gpu_available(cuda_only=True),
        tf.test.is_gpu_available(min_cuda_compute_capability=(3, 5)),
    ]


def listed_without_a_session(tf, np):
    config = tf.config.experimental
    (cpu,) = config.list_physical_devices("CPU")
    (logical,) = config.list_logical_devices("CPU")
    return [
        config.list_physical_devices("GPU"),
        [repr(cpu), repr(logical), cpu.name, logical.device_type],
        said(lambda: config.set_memory_growth(cpu, True), "Cannot set memory growth on non-GPU"),
        said(lambda: config.set_memory_growth("x", True), "Unrecognized device: 'x'"),
        config.get_virtual_device_configuration(cpu),
        said(lambda: config.set_virtual_device_configuration(
            cpu, [config.VirtualDeviceConfiguration(memory_limit=9)]), "memory limit on CPU"),
        said(lambda: config.get_virtual_device_configuration("x"), "Unrecognized device: 'x'"),
        config.set_visible_devices(cpu, "CPU"), len(config.get_visible_devices()),
        said(lambda: config.set_visible_devices(cpu, "GPU"), "Unrecognized device"),
    ]  # fmt: skip
