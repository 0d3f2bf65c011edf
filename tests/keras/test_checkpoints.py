"""Models of Keras to checkpoints of TensorFlow's and back: save_weights, load_weights."""
import gc

import numpy as np
import pytest

import minitf as tf
from minitf.core.trackable import (
    edges_of,
    no_automatic_dependency_tracking,
    no_automatic_dependency_tracking_scope,
)

X, Y = np.ones((4, 3), np.float32), np.ones((4, 1), np.float32)


@pytest.fixture(autouse=True)
def fresh():
    tf.keras.backend.clear_session()
    yield
    tf.keras.backend.clear_session()


def functional(compiled=True):
    inputs = tf.keras.Input((3,))
    x = tf.keras.layers.BatchNormalization()(tf.keras.layers.Dense(2)(inputs))
    model = tf.keras.Model(inputs, tf.keras.layers.Dense(1)(x))
    if compiled:
        model.compile(tf.keras.optimizers.Adam(0.1), "mse")
    return model


class Own(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.parts = [tf.keras.layers.Dense(2), tf.keras.layers.Dense(1)]

    def call(self, inputs):
        return self.parts[1](self.parts[0](inputs))


def test_a_model_goes_on_training_where_it_was_saved(mode, tmp_path):
    path = str(tmp_path / "w")
    model = functional()
    model.fit(X, Y, verbose=0)
    model.save_weights(path)
    assert tf.train.latest_checkpoint(str(tmp_path)) == path
    want = [model.train_on_batch(X, Y) for _ in range(3)]
    other = functional()
    status = other.load_weights(path)
    assert [other.train_on_batch(X, Y) for _ in range(3)] == want
    status.assert_consumed()


def test_a_model_that_is_built_later(mode, tmp_path):
    path = str(tmp_path / "w")
    model = Own()
    want = model.predict(X)
    model.save_weights(path, save_format="tf")
    other = Own()
    status = other.load_weights(path)
    np.testing.assert_array_equal(other.predict(X), want)
    status.assert_consumed()


def test_what_is_refused(mode, tmp_path):
    path = str(tmp_path / "w")
    functional(compiled=False).save_weights(path)
    with pytest.raises(NotImplementedError, match="only be loaded based on topology"):
        functional(compiled=False).load_weights(path, by_name=True)
    with pytest.raises(AssertionError, match="Nothing except the root object matched"):
        model = Own()
        model.predict(X)
        model.load_weights(path)
    with pytest.raises(ValueError, match="looks like an HDF5 file"):
        model.save_weights(str(tmp_path / "w.h5"), save_format="tf")
    with pytest.raises(tf.errors.NotFoundError):
        model.load_weights(str(tmp_path / "other"))
    gc.collect()


def test_a_layer_that_is_no_dependency(tmp_path):
    layer = tf.keras.layers.Layer()
    layer.left_out = tf.contrib.checkpoint.NoDependency(tf.keras.layers.Dense(1))
    layer.kept = tf.keras.layers.Dense(1)
    assert [type(each).__name__ for each in layer._layers] == ["Dense", "Dense"]
    assert len(tf.contrib.checkpoint.list_objects(layer)) == 2
    del layer.kept
    assert len(tf.contrib.checkpoint.list_objects(layer)) == 1


def test_layers_in_lists_of_contrib_belong_to_the_model():
    model = tf.keras.Model()
    model.parts = tf.contrib.checkpoint.List([tf.keras.layers.Dense(1)])
    model.parts.append(tf.Variable(1.0, name="v"))
    model.parts[0](tf.ones([1, 2]))
    assert [v.op.name.split("/")[-1] for v in model.trainable_weights] == ["kernel", "bias", "v"]
    assert [layer.name for layer in model.layers] == [model.parts[0].name]


def test_attributes_that_are_not_tracked():
    class Two(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.first = tf.keras.layers.Dense(2)
            with no_automatic_dependency_tracking_scope(self):
                self.second = tf.keras.layers.Dense(2)
            self.third_is_set()

        @no_automatic_dependency_tracking
        def third_is_set(self):
            self.third = {"layer": tf.keras.layers.Dense(2)}

        def call(self, inputs):
            return self.third["layer"](self.second(self.first(inputs)))

    model = Two()
    model(tf.zeros((1, 2)))
    assert model.layers == [model.first] and len(model.weights) == 2
    assert set(edges_of(model)) == {"first"}


def test_attributes_of_a_functional_model_are_no_part_of_it():
    inputs = tf.keras.Input((3,))
    model = tf.keras.Model(inputs, tf.keras.layers.Dense(2)(inputs))
    model.other, model.variable = tf.keras.layers.Dense(4), tf.Variable(1.0)
    assert len(model.layers) == len(model.weights) == 2


def test_a_variable_that_is_an_attribute_of_a_sequential_model_is_a_weight():
    model = tf.keras.Sequential([tf.keras.layers.Dense(2)])
    model.other, model.variable = tf.keras.layers.Dense(4), tf.Variable(1.0)
    model.build((None, 3))
    assert len(model.layers) == 1 and len(model.weights) == 3


def test_a_layer_may_return_none_beside_a_tensor():
    class WithNone(tf.keras.layers.Layer):
        def call(self, inputs):
            return inputs, None

    outputs, none = WithNone()(tf.zeros((1, 2)))
    assert outputs.shape == (1, 2) and none is None


@pytest.mark.parametrize("layers", [tf.keras.layers, tf.compat.v2.keras.layers])
def test_features_have_their_variables_under_no_name_of_a_column(layers, tmp_path):
    column = tf.feature_column.categorical_column_with_identity("a", 2)
    layer = layers.DenseFeatures([tf.feature_column.embedding_column(column, 3)])
    layer({"a": tf.constant([[1]])})
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        path = tf.train.Checkpoint(layer=layer).save(str(tmp_path / "c"), session=sess)
    names = [name for name, _ in tf.train.list_variables(path)]  # as TensorFlow 1.15.5 has them
    assert "layer/embedding_weights/.ATTRIBUTES/VARIABLE_VALUE" in names
