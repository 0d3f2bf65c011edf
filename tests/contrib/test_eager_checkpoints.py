"""tf.contrib.eager's and tf.contrib.checkpoint's own ways to files and back."""
import os

import numpy as np
import pytest

import minitf as tf
from minitf.contrib.eager import network
from minitf.core import trackable
from minitf.core.eager import eager_mode

tfe = tf.contrib.eager


@pytest.fixture(autouse=True)
def at_once():
    with eager_mode():
        yield


class Net(tfe.Network):
    def __init__(self):
        super().__init__()
        self.first = self.track_layer(tf.layers.Dense(2))
        self.second = self.track_layer(tf.layers.Dense(1))

    def call(self, inputs):
        return self.second(self.first(inputs))


X = np.ones((1, 3), np.float32)


def test_a_saver_of_names(tmp_path):
    a, b = tf.Variable([1.0, 2.0], name="a"), tf.Variable(3, name="b")
    saver = tfe.Saver([a, b])
    path = saver.save(os.path.join(tmp_path, "c"), global_step=tf.Variable(7))
    assert path == os.path.join(tmp_path, "c-7") == tf.train.latest_checkpoint(str(tmp_path))
    assert sorted(os.listdir(tmp_path)) == [
        "c-7.data-00000-of-00001", "c-7.index", "checkpoint",
    ]  # fmt: skip
    assert tf.train.list_variables(path) == [("a", [2]), ("b", [])]
    a.assign([0.0, 0.0])
    saver.restore(path)
    assert a.numpy().tolist() == [1.0, 2.0]
    with pytest.raises(tf.errors.NotFoundError, match="Key other not found in checkpoint"):
        tf.train.Saver({"other": a}).restore(None, path)
    with tf.Graph().as_default(), pytest.raises(RuntimeError, match=r"tfe\.Saver can only be used"):
        tfe.Saver([a])


def test_a_saver_of_tf_train_needs_variables_and_no_session(tmp_path):
    with pytest.raises(RuntimeError, match="`var_list` must specify a list or dict of variables"):
        tf.train.Saver()
    a = tf.Variable([[1.0], [2.0]], name="a")
    saver = tf.train.Saver({"x": a}, max_to_keep=1, sharded=True)
    for step in range(2):
        path = saver.save(None, os.path.join(tmp_path, "c"), global_step=step)
    assert [name for name in os.listdir(tmp_path) if name.endswith("index")] == ["c-1.index"]
    a.assign([[0.0], [0.0]])
    saver.restore(None, path)
    assert a.numpy().ravel().tolist() == [1.0, 2.0]
    with pytest.raises(RuntimeError, match="Use save/restore instead of build"):
        saver.build()


def test_variables_that_start_with_what_was_saved(tmp_path):
    path = tfe.Saver([tf.Variable(3.0, name="w")]).save(os.path.join(tmp_path, "c"))
    with tfe.restore_variables_on_create(path):
        assert tf.Variable(0.0, name="w").numpy() == 3.0
        with pytest.raises(tf.errors.NotFoundError, match="z not found in checkpoint"):
            tf.Variable(0.0, name="z")
    with tfe.restore_variables_on_create(path, map_func=lambda name: name[-1]):
        assert tf.Variable(0.0, name="in/w").numpy() == 3.0
    with tfe.restore_variables_on_create(None):
        assert tf.Variable(0.0, name="w").numpy() == 0.0
    with pytest.raises(ValueError, match="map_func must be callable"):
        tfe.restore_variables_on_create(path, map_func=3).__enter__()


def test_a_network_to_a_file_and_back(tmp_path):
    net = Net()
    with pytest.raises(ValueError, match="Attempt to save the Network before it was first called"):
        tfe.save_network_checkpoint(net, str(tmp_path))
    want = net(X).numpy()
    path = tfe.save_network_checkpoint(net, str(tmp_path), global_step=2)
    assert os.path.dirname(path) == str(tmp_path)
    assert [name for name, _ in tf.train.list_variables(path)] == [
        "dense/bias", "dense/kernel", "dense_1/bias", "dense_1/kernel",
    ]  # fmt: skip
    later = Net()
    tfe.restore_network_checkpoint(later, path)
    np.testing.assert_array_equal(later(X).numpy(), want)
    there = Net()
    there(X)
    tfe.restore_network_checkpoint(there, path)
    np.testing.assert_array_equal(there(X).numpy(), want)
    trackable.changed()
    with pytest.raises(ValueError, match="have the name 'same' in a checkpoint"):
        tfe.save_network_checkpoint(net, path, map_func=lambda name: "same")


def test_arrays_and_what_a_checkpoint_has(tmp_path):
    arrays = tf.contrib.checkpoint.NumpyState()
    arrays.x = np.arange(3)
    checkpoint = tf.train.Checkpoint(arrays=arrays, v=tf.Variable(1.0, name="name"))
    path = checkpoint.save(os.path.join(tmp_path, "c"))
    arrays.x = np.zeros(2)
    checkpoint.restore(path).assert_consumed()
    assert arrays.x.tolist() == [0, 1, 2]
    made = tf.contrib.checkpoint.NumpyState()
    tf.train.Checkpoint(arrays=made).restore(path).expect_partial()
    assert made.x.tolist() == [0, 1, 2]
    with pytest.raises(NotImplementedError, match="which is not a NumPy array"):
        made.y = 3
    with pytest.raises(AttributeError, match="no attribute 'z'"):
        _ = made.z
    dot = tf.contrib.checkpoint.dot_graph_from_checkpoint(path)
    assert 'color=blue width=.25 tooltip="Variable name shape=[] float32"' in dot
    assert 'N_0 -> N_1 [label="arrays"]' in dot
    names = tfe.Saver([checkpoint.v]).save(os.path.join(tmp_path, "n"))
    with pytest.raises(ValueError, match="does not appear to be object-based"):
        tf.contrib.checkpoint.object_metadata(names)


def test_lists_and_mappings_take_what_a_checkpoint_can_hold():
    listed = tf.contrib.checkpoint.List([tf.Variable(1.0)])
    listed += [tf.Variable(2.0, trainable=False)]
    assert len(listed) == 2 and len(listed * 2) == 4 and len([listed[0], *listed]) == 3
    assert [len(listed.trainable_weights), len(listed.non_trainable_weights)] == [1, 1]
    with pytest.raises(ValueError, match=r"Only trackable objects .* Got 3"):
        listed.append(3)
    mapping = tf.contrib.checkpoint.Mapping(a=listed)
    with pytest.raises(ValueError, match="Mappings are an append-only data structure"):
        mapping["a"] = tf.Variable(0.0)
    with pytest.raises(TypeError, match="Mapping accepts only string keys"):
        mapping[1] = listed
    assert len(mapping.variables) == 2 and dict(mapping) == {"a": listed}
    with pytest.raises(ValueError, match="Expected a trackable value, got 3"):
        tf.contrib.checkpoint.UniqueNameTracker().track(3, "x")
    kept = tf.contrib.checkpoint.CheckpointableBase()
    kept._track_trackable(listed, "x")
    with pytest.raises(ValueError, match="already declared as a dependency"):
        kept._track_trackable(mapping, "x")
    with pytest.raises(TypeError, match="not a Trackable"):
        kept._track_trackable(3, "y")


def pair_of_parts(tf, whole):
    """A variable of two numbers that a checkpoint has as two."""
    def fill(parts):
        parts["low"], parts["high"] = tf.unstack(tf.convert_to_tensor(whole))

    def take(parts):
        return whole.assign(tf.stack([parts["low"], parts["high"]]))

    names = ["low", "high"]
    return tf.contrib.checkpoint.split_dependency(names, [tf.float32] * 2, fill, take, "/cpu:0")


def test_a_value_in_two_parts(tmp_path):
    whole = tf.Variable([1.0, 2.0])
    path = tf.train.Checkpoint(**pair_of_parts(tf, whole)).save(os.path.join(tmp_path, "c"))
    assert tf.train.load_variable(path, "high/.ATTRIBUTES/VARIABLE_VALUE") == 2.0
    whole.assign([0.0, 0.0])
    tf.train.Checkpoint(**pair_of_parts(tf, whole)).restore(path).assert_consumed()
    assert whole.numpy().tolist() == [1.0, 2.0]
    with tf.Graph().as_default(), tf.Session() as sess:
        whole = tf.Variable([0.0, 0.0])
        checkpoint = tf.train.Checkpoint(**pair_of_parts(tf, whole))
        status = checkpoint.restore(path).assert_consumed()
        status.run_restore_ops()
        assert sess.run(whole).tolist() == [1.0, 2.0]
        path = checkpoint.save(os.path.join(tmp_path, "d"), sess)
        assert tf.train.load_variable(path, "high/.ATTRIBUTES/VARIABLE_VALUE") == 2.0
    whole = tf.Variable([1.0, 2.0])
    low = pair_of_parts(tf, whole)["low"]
    with pytest.raises(AssertionError, match=r"low .* unsynchronized.* must be saved together"):
        for _ in range(2):
            tf.train.Checkpoint(low=low).save(path)


class Scoped(tf.contrib.checkpoint.Checkpointable):
    def __init__(self):
        with tf.variable_scope("scope") as self.variable_scope:
            pass

    def build(self):
        captured = tf.contrib.checkpoint.capture_dependencies(self)
        with tf.variable_scope(self.variable_scope), captured:
            self.kept = [tf.get_variable("w", []), tf.get_variable("in/b", [])]
        return self


def test_variables_of_a_scope(tmp_path):
    path = tf.train.Checkpoint(made=Scoped().build()).save(os.path.join(tmp_path, "c"))
    names = [name for name, _ in tf.train.list_variables(path)]
    assert {"made/w/.ATTRIBUTES/VARIABLE_VALUE", "made/in.Sb/.ATTRIBUTES/VARIABLE_VALUE"} < {*names}
    with tf.Graph().as_default():
        assert len(tf.contrib.checkpoint.list_objects(Scoped().build())) == 4


def test_a_variable_may_be_given_to_a_saver_twice(tmp_path):
    one = tf.Variable(1.0, name="one")
    saver = tfe.Saver([one, one])
    path = saver.save(os.path.join(tmp_path, "c"))
    one.assign(2.0)
    saver.restore(path)
    assert one.numpy() == 1.0


def test_a_sequence_says_training_to_those_that_take_it():
    def shifted(x, training=None):
        return x if training is None else x + (1.0 if training else -1.0)

    net = network.Sequential([shifted, lambda x: 2.0 * x, tf.layers.Dropout(0.999)])
    two = tf.constant([2.0])
    assert net(two).numpy() == 4.0
    assert net(two, training=False).numpy() == 2.0


def test_what_a_network_refuses():
    net = network.Sequential([tf.layers.Dense(2), tf.layers.Dense(2)])
    with pytest.raises(ValueError, match="Forward slashes"):
        tfe.Network(name="a/b")
    with pytest.raises(ValueError, match="two Layers with the name 'dense_1'"):
        net.track_layer(tf.layers.Dense(2, name="dense_1"))
    with pytest.raises(AttributeError, match="cannot mark"):
        net.trainable = False


def test_a_network_of_a_graph_has_variables_that_are_resources():
    with tf.Graph().as_default():
        net = network.Sequential([tf.layers.Dense(2)])
        net(tf.constant(X))
        assert {type(each).__name__ for each in net.variables} == {"ResourceVariable"}
