"""The behavior of version 2, and the files beside a program."""
import os
import weakref

import numpy as np
import pytest

import minitf as tf


@pytest.fixture
def version_2():
    tf.reset_default_graph()
    tf.enable_v2_behavior()
    yield
    tf.disable_v2_behavior()
    tf.reset_default_graph()


@pytest.mark.usefixtures("version_2")
def test_tensors_are_compared_element_by_element():
    a, b = tf.constant([1, 2, 3]), tf.constant([1, 5, 3])
    assert (a == b).numpy().tolist() == [True, False, True]
    assert (a != [1, 5, 3]).numpy().tolist() == [False, True, False]
    assert (tf.Variable([1.0, 2.0]) == 1.0).numpy().tolist() == [True, False]
    with pytest.raises(tf.errors.InvalidArgumentError):
        a == tf.constant([1, 2])  # noqa: B015

    @tf.function
    def branch(x):
        return x + 1 if tf.reduce_any(x == 2) else x - 1

    assert branch(a).numpy().tolist() == [2, 3, 4]
    assert {a: 1}[a] == 1  # TensorFlow refuses that
    assert weakref.WeakKeyDictionary({a: 1})[a] == 1


@pytest.mark.usefixtures("version_2")
def test_in_a_graph_tensors_are_the_same_one_or_not():
    with tf.Graph().as_default():
        x = tf.constant([1, 2])
        assert x == x
        assert x != tf.constant([1, 2])


@pytest.mark.usefixtures("version_2")
def test_sizes_are_numbers():
    shape = tf.zeros([2, 3]).shape
    assert [*shape, type(shape[0])] == [2, 3, int]
    assert (tf.TensorShape([None, 2])[0], tf.TensorShape(None)[0]) == (None, None)
    open_shape = tf.TensorShape([None, 2])
    assert (str(open_shape), repr(open_shape)) == ("(None, 2)", "TensorShape([None, 2])")
    assert tf.contrib.layers.fully_connected(tf.zeros([2, 3]), 4).shape == [2, 4]  # goes on as ever


@pytest.mark.usefixtures("version_2")
def test_layers_compute_in_floatx(caplog):
    layer = tf.keras.layers.Dense(2)
    assert layer.dtype == "float32"
    with caplog.at_level("WARNING", "tensorflow"):
        assert layer(np.ones([1, 3])).dtype is tf.float32
        layer(np.ones([1, 3]))
    assert "casting an input tensor from dtype float64 to" in caplog.text
    assert len(caplog.records) == 1
    assert tf.keras.layers.Dense(2, dtype="float64")(np.ones([1, 3])).dtype is tf.float64


@pytest.mark.usefixtures("version_2")
def test_models_of_version_2(tmp_path):
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=[2])])
    model.compile("sgd", "mse", metrics=["accuracy", "mae"])
    history = model.fit(np.ones([4, 2]), np.ones([4, 1]), verbose=0).history
    assert sorted(history) == ["accuracy", "loss", "mae"]
    model.save(str(tmp_path / "model"))
    assert (tmp_path / "model" / "saved_model.pb").is_file()


@pytest.mark.usefixtures("version_2")
def test_initializers_by_name_are_those_of_version_2():
    initializers = tf.keras.initializers
    config = tf.keras.layers.Dense(1).get_config()["kernel_initializer"]
    assert config == {"class_name": "GlorotUniform", "config": {"seed": None}}
    start = initializers.deserialize(initializers.serialize(initializers.RandomUniform(seed=1)))
    assert start([3]).numpy().tolist() == start([3]).numpy().tolist()  # by its seed alone
    assert initializers.get("zeros")([2]).numpy().tolist() == [0, 0]


def test_what_holds_is_told():
    assert not tf.control_flow_v2_enabled()
    tf.enable_control_flow_v2()
    assert tf.control_flow_v2_enabled()
    tf.disable_v2_behavior()
    assert not tf.control_flow_v2_enabled()
    assert isinstance(tf.TensorShape([1])[0], tf.Dimension)


def test_version_2_is_turned_on_at_the_start():
    with tf.Graph().as_default():
        tf.constant(1)
        with pytest.raises(ValueError, match="must be called at program startup"):
            tf.enable_v2_behavior()


def test_resources_lie_beside_the_file_that_asks(tmp_path):
    here = os.path.dirname(__file__)
    assert tf.resource_loader.get_data_files_path() == here
    assert tf.resource_loader.get_path_to_datafile("a.txt") == os.path.join(here, "a.txt")
    assert tf.resource_loader.get_root_dir_with_all_resources() == here
    assert tf.resource_loader.readahead_file_path("a", readahead="1M") == "a"
    assert tf.resource_loader.load_resource("compat/behavior.py").startswith(b'"""Which of')


def test_the_root_of_a_program_of_bazel_is_below_runfiles(tmp_path):
    place = tmp_path / "train.runfiles" / "project" / "deep" / "train.py"
    code = compile("asked = loader.get_root_dir_with_all_resources()", str(place), "exec")
    names = {"loader": tf.resource_loader}
    exec(code, names)
    assert names["asked"] == str(tmp_path / "train.runfiles" / "project")
