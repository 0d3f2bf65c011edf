"""The devices of a session on a machine with GPUs, and where operations run there."""
import pytest

import minitf as tf
from minitf.backend import devices
from minitf.backend.devices import Card, Driver
from minitf.runtime import chosen_devices, local_devices
from minitf.runtime.local_devices import LocalDevices, list_local_devices
from minitf.runtime.placement import device_of, log_placement, place

CARDS = (
    Card(0, "NVIDIA H200", 100 << 30, (9, 0), "0000:0f:00.0"),
    Card(1, "NVIDIA H200", 1 << 30, (9, 0), "0000:10:00.0"),
)
CPU, GPU, GPU1 = "/device:CPU:0", "/device:GPU:0", "/device:GPU:1"
HERE = "/job:localhost/replica:0/task:0"


@pytest.fixture(autouse=True)
def two_gpus(monkeypatch):
    monkeypatch.delenv("MINITF_DEVICE", raising=False)
    monkeypatch.setattr(devices, "driver", lambda: Driver(13000, CARDS, ""))
    monkeypatch.setattr(devices, "cupy", lambda: ("cupy",))
    tf.reset_default_graph()


def config(**options):
    count = options.pop("device_count", {})
    return tf.ConfigProto(device_count=count, gpu_options=tf.GPUOptions(**options))


# -- which there are -------------------------------------------------------------------------------


def test_names_and_memory():
    found = LocalDevices()
    assert found.names == (CPU, GPU, GPU1)
    assert found.default == GPU
    assert found.card(GPU1) is CARDS[1] and found.card(CPU) is None
    attributes = found.attributes()
    assert [each.name for each in attributes] == [HERE + name for name in found.names]
    assert [each.device_type for each in attributes] == ["CPU", "GPU", "GPU"]
    memory = [each.memory_limit_bytes for each in attributes]
    assert memory == [256 << 20, 95 << 30, 799 << 20]  # less what is left to the system


def test_the_description_of_devices():
    found = list_local_devices()
    assert str(found[1]) == (
        'name: "/device:GPU:0"\ndevice_type: "GPU"\nmemory_limit: 102005473280\n'
        f"locality {{\n  bus_id: 1\n}}\nincarnation: {found[1].incarnation}\n"
        f'physical_device_desc: "{CARDS[0].description}"\n'
    )
    assert LocalDevices().mapping() == (
        f"Device mapping:\n{HERE}/device:GPU:0 -> {CARDS[0].description}\n"
        f"{HERE}/device:GPU:1 -> {CARDS[1].description}\n"
    )


def test_questions_of_tests():
    assert tf.test.gpu_device_name() == "/device:GPU:0"
    assert tf.test.is_gpu_available() and tf.test.is_built_with_cuda()
    assert tf.test.is_gpu_available(min_cuda_compute_capability=(9, 0))
    assert not tf.test.is_gpu_available(True, (9, 1))


def test_lists_without_a_session():
    experimental = tf.config.experimental
    first, second = experimental.list_physical_devices("GPU")
    assert second == ("/physical_device:GPU:1", "GPU")
    experimental.set_memory_growth(first, True)
    assert experimental.get_memory_growth(first)
    with pytest.raises(NotImplementedError, match="set_virtual_device_configuration"):
        experimental.set_memory_growth(first, False)
    names = [device.name for device in experimental.list_logical_devices()]
    assert names == [HERE + name for name in (CPU, GPU, GPU1)]


def test_devices_that_are_chosen(monkeypatch):
    experimental = tf.config.experimental
    monkeypatch.setattr(experimental, "CHOSEN", chosen_devices.Chosen())
    monkeypatch.setattr(local_devices, "CHOSEN", experimental.CHOSEN)
    limited = experimental.VirtualDeviceConfiguration
    first, second = experimental.list_physical_devices("GPU")
    experimental.set_virtual_device_configuration(second, [limited(memory_limit=256)])
    experimental.set_visible_devices([second], "GPU")
    assert experimental.get_visible_devices("GPU") == [second]
    assert LocalDevices().cards == CARDS[1:] and LocalDevices().memory_fraction == 0.25
    assert LocalDevices(config(per_process_gpu_memory_fraction=0.5)).memory_fraction == 0.5
    experimental.set_visible_devices([], "GPU")
    assert LocalDevices().names == (CPU,) and "hides the GPUs" in LocalDevices().missing
    assert experimental.list_logical_devices("GPU") == []
    with pytest.raises(ValueError, match="limit is required for GPU"):
        experimental.set_virtual_device_configuration(first, [limited()])
    with pytest.raises(NotImplementedError, match="one device in minitf, not 2"):
        experimental.set_virtual_device_configuration(first, [limited(1), limited(1)])
    with pytest.raises(ValueError, match="needs the CPU"):
        experimental.set_visible_devices([first])


@pytest.mark.parametrize(
    ("options", "cards"),
    [
        ({"device_count": {"GPU": 1}}, CARDS[:1]),
        ({"device_count": {"GPU": 7, "CPU": 2}}, CARDS),
        ({"device_count": {"GPU": 0}, "visible_device_list": "9"}, ()),
        ({"visible_device_list": "1"}, CARDS[1:]),
        ({"visible_device_list": "1,0"}, CARDS[::-1]),
        ({"visible_device_list": "1,0", "device_count": {"GPU": 1}}, CARDS[1:]),
    ],
)
def test_options_choose_gpus(options, cards):
    found = LocalDevices(config(**options))
    assert found.cards == cards
    assert bool(found.missing) == (not cards)
    assert [name for name in found.names if "GPU" in name] == [GPU, GPU1][: len(cards)]


def test_a_fraction_of_the_memory():
    found = LocalDevices(config(per_process_gpu_memory_fraction=0.5, allow_growth=True))
    assert found.memory_fraction == 0.5
    assert found.attributes()[1].memory_limit_bytes == 50 << 30


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"visible_device_list": "2"}, "InvalidArgumentError", "an invalid GPU id '2' but visible"),
        ({"visible_device_list": "0,x"}, "InvalidArgumentError", "Could not parse entry in"),
        ({"visible_device_list": "1,1"}, "InvalidArgumentError", "a duplicate entry: 1,1"),
        ({"per_process_gpu_memory_fraction": -1}, "InvalidArgumentError", "more than 0 and up to"),
        ({"per_process_gpu_memory_fraction": 1.5}, "UnimplementedError", "no more memory than"),
        ({"experimental": {"use_unified_memory": True}}, "UnimplementedError", "no more memory"),
    ],
)
def test_options_that_cannot_be_met(options, error, said):
    with pytest.raises(getattr(tf.errors, error), match=said):
        LocalDevices(config(**options))


def test_virtual_devices_are_refused():
    options = config()
    options.gpu_options.experimental.virtual_devices.append(
        tf.GPUOptions.Experimental.VirtualDevices(memory_limit_mb=[100])
    )
    with pytest.raises(tf.errors.UnimplementedError, match="virtual_devices"):
        LocalDevices(options)


# -- where operations run --------------------------------------------------------------------------

ALL = (CPU, "/device:CPU:1", GPU, GPU1)


def where(tensor, available=ALL, soft=False):
    return device_of(getattr(tensor, "op", tensor), available, soft)


def test_the_first_gpu_unless_something_else_is_asked_for():
    assert where(tf.constant(1.0)) == GPU
    assert where(tf.constant(1.0), (CPU,)) == CPU
    for asked in ("/cpu:1", "/gpu:1", "/gpu:0", "/job:localhost/task:0/gpu:1"):
        with tf.device(asked):
            name = "/device:" + asked.rpartition("/")[2].upper()
            assert where(tf.constant(1.0)) == name
    with tf.device("/cpu:*"):
        assert where(tf.constant(1.0)) == CPU


def test_strings_and_host_ops_run_on_the_cpu(monkeypatch):
    text = tf.constant("a")
    assert where(text) == CPU
    function = tf.py_func(lambda x: x, [tf.constant(1.0)], tf.float32)
    monkeypatch.setattr(function.op.definition, "host", True)
    with tf.device("/gpu:1"):
        on_gpu = tf.py_func(lambda x: x, [tf.constant(1.0)], tf.float32)
        text = tf.constant("a", name="text")
    assert where(function) == where(on_gpu) == CPU
    with pytest.raises(tf.errors.InvalidArgumentError) as error:
        where(text)
    assert "Could not satisfy explicit device specification '/device:GPU:1' because no supported " \
        "kernel for GPU devices is available" in str(error.value)  # fmt: skip
    assert where(text, soft=True) == CPU


def test_what_changes_a_variable_runs_where_it_is():
    with tf.device("/cpu:1"):
        v = tf.Variable([1.0], name="v")
    with tf.device("/gpu:1"):
        nodes = [tf.assign(v, [2.0]), tf.scatter_add(v, [0], [1.0]), v.assign_add([1.0]).op]
        total = tf.add(v, 1.0)
    assert {where(node) for node in [v, v.initializer, v.value(), *nodes]} == {"/device:CPU:1"}
    assert where(total) == GPU1
    chain = tf.assign(tf.assign(v, [2.0]), [3.0])
    assert where(chain) == "/device:CPU:1"


def test_nodes_beside_others_run_where_they_do():
    with tf.device("/gpu:1"):
        v = tf.Variable([1.0])
    u = tf.Variable(["text"])
    with tf.device("/cpu:0"), tf.colocate_with(v):
        assert where(tf.constant(1.0)) == GPU1
    with tf.colocate_with(u):
        beside = tf.constant(1.0)
        with tf.colocate_with(beside.op, ignore_existing=True):
            assert where(tf.constant(1.0)) == where(beside) == CPU


def test_a_device_that_is_not_there():
    with tf.device("/gpu:5"):
        x = tf.constant(1.0, name="x")
    with pytest.raises(tf.errors.InvalidArgumentError) as error:
        where(x)
    message = str(error.value)
    assert f"available devices are [ {', '.join(HERE + name for name in ALL)} ]" in message
    assert "there is none" not in message and "allow_soft_placement" in message
    assert "built at test_placement.py" in message
    assert where(x, soft=True) == GPU
    assert where(x, (CPU,), soft=True) == CPU


@pytest.mark.parametrize("missing", ["CuPy is not installed: pip install 'minitf-tf1[gpu12]'"])
def test_a_missing_gpu_is_explained(missing, monkeypatch):
    monkeypatch.setattr(devices, "cupy", lambda: ())
    monkeypatch.setattr(devices, "driver", lambda: Driver(12040, CARDS, ""))
    assert not tf.test.is_gpu_available() and not tf.test.is_built_with_cuda()
    with tf.device("/gpu:0"):
        x = tf.constant(1.0, name="x")
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError) as error:
        sess.run(x)
    assert f"appears to be a GPU, but there is none: {missing}." in str(error.value)
    hidden = tf.ConfigProto(device_count={"GPU": 0})
    with tf.Session(config=hidden) as sess, pytest.raises(tf.errors.InvalidArgumentError) as error:
        sess.run(x)
    assert missing in str(error.value)


def test_gpus_that_were_hidden_are_told():
    with tf.device("/gpu:0"):
        x = tf.constant(1.0, name="x")
    hidden = tf.ConfigProto(device_count={"GPU": 0})
    refused = pytest.raises(tf.errors.InvalidArgumentError, match="hides the GPUs from this")
    with tf.Session(config=hidden) as sess, refused:
        sess.run(x)


def test_constants_go_where_they_are_used():
    with tf.device("/cpu:1"):
        sum_ = tf.add(tf.placeholder(tf.float32), 1.0, name="sum")
    with tf.device(None):
        one = tf.constant(1.0, name="one")
        both = tf.constant(2.0, name="both")
    with tf.device("/cpu:0"):
        tf.add(one, both)
    with tf.device("/gpu:1"):
        tf.identity(both)
    graph = tf.get_default_graph()
    places = place(graph.get_operations(), ALL, False)
    assert places[sum_.op] == places[graph.get_operation_by_name("sum/y")] == "/device:CPU:1"
    assert places[one.op] == CPU
    assert places[both.op] == GPU


def test_the_log(capsys):
    a = tf.constant(1.0, name="a")
    with tf.device("/gpu:1"):
        b = tf.identity(a, name="b")
    log_placement(place([a.op, b.op], ALL, False))
    assert capsys.readouterr().err == (
        f"b: (Identity): {HERE}/device:GPU:1\na: (Const): {HERE}/device:GPU:1\n"
    )


def test_a_session_logs_each_operation_once(capsys):
    options = tf.ConfigProto(log_device_placement=True, device_count={"GPU": 0})
    with tf.Session(config=options) as sess:
        x = tf.placeholder(tf.float32, [None], name="x")
        sess.run(x + 1.0, {x: [1.0]})
        sess.run(x + 1.0, {x: [1.0, 2.0]})
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Device mapping: no known devices."
    assert len(lines) == len(set(lines)) > 3


def test_placing_a_long_chain_is_linear():
    v = tf.Variable(1.0)
    graph = tf.get_default_graph()
    for _ in range(3000):
        with tf.colocate_with(v):
            v = tf.identity(v)
    assert where(v) == GPU
    assert len(graph.get_operations()) > 3000
