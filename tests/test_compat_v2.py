"""tf.compat.v2 has TensorFlow's names, and its functions their parameters."""
import inspect
import json
from pathlib import Path

import numpy as np
import pytest

import minitf as tf

GOLDEN = json.loads((Path(__file__).parent / "goldens" / "compat_v2.json").read_text())
# What is not in `tf` either, or written for machines that minitf does not know.
ABSENT = ("config.", "data.experimental.", "debugging.", "distribute.", "dtypes.QUANTIZED",
          "experimental.", "io.decode_proto", "io.encode_proto", "lite.", "load_", "nn.RNNCell",
          "nondifferentiable_batch_function", "random.experimental.", "strings.unicode_script",
          "test.create_local_cluster", "tpu.", "xla.", "IndexedSlicesSpec",
          "TensorArraySpec")  # fmt: skip


def found(path):
    module = tf.compat.v2
    for name in path.split("."):
        module = getattr(module, name)
    return module


def is_there(path):
    try:
        return found(path) is not None
    except AttributeError:
        return False


def test_names_are_there():
    absent = [path for path in GOLDEN["names"] if not is_there(path)]
    assert [path for path in absent if not path.startswith(ABSENT)] == []
    assert len(absent) < 60 and len(GOLDEN["names"]) > 1000


@pytest.mark.parametrize("path", filter(is_there, GOLDEN["parameters"]))
def test_parameters_are_those_of_tensorflow_2(path):
    given = inspect.signature(found(path)).parameters.values()
    wanted = GOLDEN["parameters"][path]
    assert [parameter.name for parameter in given] == [name for name, _ in wanted]
    for parameter, (_, default) in zip(given, wanted):
        if default is not None:
            assert parameter.default == default


def test_modules_are_found_by_import():
    from minitf.compat.v2 import math, nn

    assert math.argmax is tf.compat.v2.argmax and nn.relu is tf.nn.relu
    assert tf.compat.v2.keras.layers.Dense is tf.keras.layers.Dense


def test_jacobians():
    def f(x, y):
        return tf.reduce_sum(x * x, 1) * y[0]

    x, y = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([2.0, 5.0])
    by_gradient, by_differences = tf.compat.v2.test.compute_gradient(f, [x, y])
    want = np.zeros((6, 2))
    want[:3, 0], want[3:, 1] = 4 * x[0], 4 * x[1]
    np.testing.assert_allclose(by_gradient[0], want)
    np.testing.assert_allclose(by_gradient[1], [[14.0, 77.0], [0.0, 0.0]])
    for one, other in zip(by_gradient, by_differences):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-8)
    with pytest.raises(ValueError, match="must be a list or tuple"):
        tf.compat.v2.test.compute_gradient(f, x)


def test_what_has_no_equal_says_so():
    image = tf.zeros([1, 4, 4, 1])
    for method, antialias in (("lanczos3", False), ("bilinear", True)):
        with pytest.raises(NotImplementedError, match=f"{method}.*'area' are"):
            tf.compat.v2.image.resize(image, [2, 2], method, antialias=antialias)
    with pytest.raises(NotImplementedError, match="fixed_length"):
        tf.compat.v2.io.decode_raw(["a"], tf.uint8, fixed_length=3)
    with pytest.raises(NotImplementedError, match="gaussian"):
        tf.compat.v2.image.extract_glimpse(image, [1, 1], [[0.0, 0.0]], noise="gaussian")
    with pytest.raises(AttributeError, match=r"minitf.compat.v2.* has no attribute 'Session'"):
        tf.compat.v2.Session  # noqa: B018


def test_recurrent_layers_of_keras_have_the_gates_of_cudnn():
    layers = tf.compat.v2.keras.layers
    for kind in (layers.LSTM, layers.GRU, layers.LSTMCell, layers.GRUCell):
        config = kind(3).get_config()
        assert config["recurrent_activation"] == "sigmoid" and config["implementation"] == 2
        assert config.get("reset_after", True) is True
    assert tf.keras.layers.LSTM(3).get_config()["recurrent_activation"] == "hard_sigmoid"
    assert list(inspect.signature(layers.LSTM).parameters)[-3:-1] == ["time_major", "unroll"]
    assert layers.Dense is tf.keras.layers.Dense and tf.compat.v2.keras.Model is tf.keras.Model


def test_batch_normalization_that_is_not_trainable_uses_the_moving_mean():
    x = np.array([[1.0], [3.0]], np.float32)
    layer = tf.compat.v2.keras.layers.BatchNormalization()
    layer.trainable = False
    y = layer(x, training=True)
    trained = tf.compat.v2.keras.layers.BatchNormalization()(x, training=True)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        # Values of TensorFlow 1.15.5.
        np.testing.assert_allclose(sess.run(y), [[0.99950033], [2.9985008]], 1e-5)
        np.testing.assert_allclose(sess.run(trained), [[-0.9995004], [0.9995004]], 1e-5)


def test_losses_and_features_of_keras():
    v2 = tf.compat.v2
    assert v2.losses.Reduction.AUTO == v2.keras.losses.Reduction.AUTO == "auto"
    assert v2.keras.initializers.GlorotUniform is v2.initializers.GlorotUniform
    layer = v2.keras.layers.DenseFeatures([tf.feature_column.numeric_column("a")])
    assert isinstance(layer, tf.keras.layers.DenseFeatures)
    assert type(layer) is not tf.keras.layers.DenseFeatures


def test_two_layers_of_features_of_one_name_have_variables_of_their_own():
    column = tf.feature_column.categorical_column_with_identity("a", 2)
    columns = [tf.feature_column.embedding_column(column, 3)]
    kind = tf.compat.v2.keras.layers.DenseFeatures
    with tf.Graph().as_default():
        layers = [kind(columns, name="features") for _ in range(2)]
        outputs = [layer({"a": tf.constant([[1]])}) for layer in layers]
        names = [layer.weights[0].name for layer in layers]
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            one, other = sess.run(outputs)
    assert names == ["features/a_embedding/embedding_weights:0",
                     "features_1/a_embedding/embedding_weights:0"]  # fmt: skip
    assert np.all(one != other)
