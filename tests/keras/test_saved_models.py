"""Models in SavedModels: those of TensorFlow loaded and trained on."""
import contextlib

import numpy as np
import pytest
from goldens.saved_models import golden, unpacked

import minitf as tf
from minitf.core.eager import eager_mode

X = np.linspace(-1, 1, 12).reshape(4, 3).astype(np.float32)
Y = np.linspace(1, 0, 8).reshape(4, 2).astype(np.float32)


@pytest.fixture(autouse=True)
def fresh():
    tf.keras.backend.clear_session()
    yield
    tf.keras.backend.clear_session()


@pytest.fixture(params=["graph", "eager"])
def mode(request):
    with contextlib.nullcontext() if request.param == "graph" else eager_mode():
        yield request.param


@pytest.mark.parametrize("name", ["sequential", "functional", "subclass"])
def test_a_model_of_tensorflow_is_as_it_was_and_trains_on(mode, name, tmp_path):
    wanted = golden()[name]
    model = tf.keras.models.load_model(unpacked(name, str(tmp_path)))
    assert type(model).__name__ == wanted["class"]
    assert [type(layer).__name__ for layer in model.layers] == wanted["layers"]
    assert [model.input_names, model.output_names] == wanted["names"]
    assert len(model.trainable_weights) == wanted["trainable"]
    assert len(model.weights) == len(wanted["weights"])

    def close(found, key):
        np.testing.assert_allclose(found, wanted[key], rtol=2e-5, atol=1e-5)

    close(model.predict(X), "predicted")
    if not model.optimizer:
        model.compile(tf.keras.optimizers.SGD(0.1), "mse")
    assert model.metrics_names == wanted["metrics"]
    close(model.evaluate(X, Y, verbose=0), "evaluated")
    close(model.train_on_batch(X, Y), "trained")
    close(model.predict(X), "predicted after")


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
