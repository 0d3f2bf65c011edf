"""Models in SavedModels: those of TensorFlow loaded and trained on."""
import numpy as np
import pytest
from goldens.saved_models import golden, unpacked

import minitf as tf
from minitf.core import trackable

X = np.linspace(-1, 1, 12).reshape(4, 3).astype(np.float32)
Y = np.linspace(1, 0, 8).reshape(4, 2).astype(np.float32)


@pytest.fixture(autouse=True)
def fresh():
    tf.keras.backend.clear_session()
    yield
    tf.keras.backend.clear_session()
    trackable.waiting.clear()  # for an optimizer, as models that are loaded and not compiled do


@pytest.mark.parametrize("name", ["sequential", "functional", "subclass"])
def test_a_model_of_tensorflow_is_as_it_was_and_trains_on(mode, name, tmp_path):
    wanted = golden()[name]
    model = tf.keras.models.load_model(unpacked(name, str(tmp_path)))
    assert type(model).__name__ == wanted["class"]
    assert [type(layer).__name__ for layer in model.layers] == wanted["layers"]
    assert [model.input_names, model.output_names] == wanted["names"]
    assert len(model.trainable_weights) == wanted["trainable"]
    assert len(model.weights) == len(wanted["weights"])

    def close(found, key, rtol=2e-5):
        np.testing.assert_allclose(found, wanted[key], rtol=rtol, atol=1e-5)

    close(model.predict(X), "predicted")
    if not model.optimizer:
        model.compile(tf.keras.optimizers.SGD(0.1), "mse")
    assert model.metrics_names == wanted["metrics"]
    close(model.evaluate(X, Y, verbose=0), "evaluated")
    close(model.train_on_batch(X, Y), "trained")
    # The gradient of a bias before a normalization is 0 but for rounding; Adam makes a step of it.
    close(model.predict(X), "predicted after", rtol=1e-3)


def test_a_loaded_model_as_an_object(mode, tmp_path):
    path = unpacked("sequential", str(tmp_path))
    model = tf.keras.models.load_model(path, compile=False)
    assert model.optimizer is None
    assert model.get_config()["name"] == model.name
    np.testing.assert_allclose(model.predict(X), golden()["sequential"]["predicted"], rtol=1e-5)
    plain = tf.saved_model.load_v2(path)
    assert not isinstance(plain, tf.keras.Model)
    assert len(plain.trainable_variables) == 6 and len(plain.regularization_losses) == 1
    assert plain.optimizer.get_slot_names() == ["m", "v"]


def test_an_exported_model_of_tensorflow(mode, tmp_path):
    path, wanted = unpacked("exported", str(tmp_path)), golden()["exported"]
    model = tf.keras.experimental.load_from_saved_model(path)
    np.testing.assert_allclose(model.predict(X), wanted["predicted"], rtol=1e-5)
    for tag in ("train", "eval"):
        with tf.Graph().as_default(), tf.Session() as sess:
            signatures = tf.saved_model.load(sess, [tag], path).signature_def
            (signature,) = (each for key, each in signatures.items() if key[:2] != "__")
            names = {name: info.name for name, info in signature.inputs.items()}
            feeds = {name: Y if "target" in key else X for key, name in names.items()}
            loss = sess.run(signature.outputs["loss"].name, feeds)
        np.testing.assert_allclose(loss, wanted["evaluated"], rtol=1e-5)


def test_what_is_no_model(tmp_path):
    with pytest.raises(OSError, match="SavedModel file does not exist"):
        tf.keras.models.load_model(str(tmp_path / "none"))


# -- those that are written; TensorFlow 1.15.5 reads them as well ---------------------------------


layers = tf.keras.layers


def sequential():
    model = tf.keras.Sequential([
        layers.Dense(3, "relu", input_shape=(3,), kernel_regularizer="l2"),
        layers.BatchNormalization(), layers.Dense(2, activity_regularizer="l1"),
    ])  # fmt: skip
    model.compile(tf.keras.optimizers.Adam(0.1), "mse", ["mae"])
    model.fit(X, Y, verbose=0)
    return model


def nested():
    inputs = tf.keras.Input((3,), name="given")
    inner = tf.keras.Sequential([layers.Dense(4, "tanh", input_shape=(3,)), layers.Dense(2)])
    return tf.keras.Model(inputs, layers.Activation("softmax", name="made")(inner(inputs)))


class Noisy(layers.Layer):
    """With a loss of its inputs, an `if` that a tensor decides, and a layer inside."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = layers.Dropout(0.5)

    def build(self, input_shape):
        self.w = self.add_weight("w", (int(input_shape[-1]), 2))

    def call(self, inputs):
        made = tf.matmul(inputs, self.w)
        if tf.reduce_sum(inputs) > 100.0:
            made = made * 0.0
        self.add_loss(tf.reduce_sum(tf.square(made)), inputs=True)
        return self.inner(made)


class Own(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.first, self.parts = layers.Dense(3), [Noisy()]

    def call(self, inputs, training=None):
        return self.parts[0](self.first(inputs), training=training)


def subclass():
    model = Own()
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    return model


@pytest.mark.parametrize("make", [sequential, nested, subclass])
def test_a_model_is_saved_and_trains_on(mode, make, tmp_path):
    model, path = make(), str(tmp_path / "m")
    wanted, losses = model.predict(X), len(model.losses)
    model.save(path, save_format="tf")
    assert len(model.losses) == losses
    np.testing.assert_array_equal(model.predict(X), wanted)
    again = tf.keras.models.load_model(path)
    np.testing.assert_allclose(again.predict(X), wanted, rtol=1e-5, atol=1e-6)
    assert len(again.losses) == losses or make is subclass
    if not again.optimizer:
        again.compile("sgd", "mse")
        model.compile("sgd", "mse")
    np.testing.assert_allclose(again.evaluate(X, Y, verbose=0), model.evaluate(X, Y, verbose=0),
                               rtol=1e-5)  # fmt: skip
    before = again.get_weights()
    again.train_on_batch(X, Y)
    assert all((a != b).any() for a, b in zip(before, again.get_weights()))
    other = str(tmp_path / "other")
    wanted = again.predict(X)
    again.save(other, save_format="tf", include_optimizer=False)
    third = tf.keras.models.load_model(other)
    assert third.optimizer is None
    np.testing.assert_allclose(third.predict(X), wanted, rtol=1e-5, atol=1e-6)


def test_a_saved_model_is_served(mode, tmp_path):
    model, path = sequential(), str(tmp_path / "m")
    tf.saved_model.save(model, path)
    wanted = model.predict(X)
    with tf.Graph().as_default(), tf.Session() as sess:
        signature = tf.saved_model.load(sess, ["serve"], path).signature_def["serving_default"]
        (given,), (made,) = signature.inputs.values(), signature.outputs.values()
        np.testing.assert_allclose(sess.run(made.name, {given.name: X}), wanted, rtol=1e-5)


def test_what_training_updates_is_updated_by_what_was_loaded(mode, tmp_path):
    model, path = tf.keras.Sequential([layers.BatchNormalization(input_shape=(1,))]), tmp_path / "m"
    model.save(str(path), save_format="tf")
    again = tf.keras.models.load_model(str(path))
    value = tf.keras.backend.get_value
    x = np.float32([[11], [12], [13]])
    for training, mean in ((True, 0.12), (False, 0.12)):
        made = again(x, training=training)
        if mode == "graph":
            tf.keras.backend.get_session().run(made)
        np.testing.assert_allclose(value(again.layers[0].moving_mean), [mean], rtol=1e-5)
    again.compile("sgd", "mse")
    again.train_on_batch(x, x)
    np.testing.assert_allclose(value(again.layers[0].moving_mean), [0.2388], rtol=1e-5)


def test_masks_go_on(mode, tmp_path):
    model = tf.keras.Sequential([layers.Masking(input_shape=(2, 3)), layers.SimpleRNN(2)])
    x = np.ones((2, 2, 3), np.float32)
    x[0, 1:] = 0
    model.save(str(tmp_path / "m"), save_format="tf")
    again = tf.keras.models.load_model(str(tmp_path / "m"))
    np.testing.assert_allclose(again.predict(x), model.predict(x), rtol=1e-5)


def test_serving_alone(mode, tmp_path):
    model, path = subclass(), str(tmp_path / "m")
    export = tf.keras.experimental.export_saved_model
    spec = tf.TensorSpec([4, 3], tf.float32, "fed")
    export(model, path, serving_only=True, input_signature=[spec])
    wanted = model.predict(X)
    with tf.Graph().as_default(), tf.Session() as sess:
        signature = tf.saved_model.load(sess, ["serve"], path).signature_def["serving_default"]
        made = signature.outputs["output_1"].name
        fed = {signature.inputs["fed"].name: X}
        np.testing.assert_allclose(sess.run(made, fed), wanted, rtol=1e-5)
    model, path = sequential(), str(tmp_path / "n")
    export(model, path, serving_only=True)
    again = tf.keras.experimental.load_from_saved_model(path)
    np.testing.assert_allclose(again.predict(X), model.predict(X), rtol=1e-5)


def test_a_model_that_was_not_called(mode, tmp_path):
    with pytest.raises(ValueError, match="cannot be saved because the input shapes have not been"):
        Own().save(str(tmp_path / "m"), save_format="tf")
    with pytest.raises(NotImplementedError, match="requires the model to be a Functional model"):
        Own().save(str(tmp_path / "m.h5"), save_format="tf")
