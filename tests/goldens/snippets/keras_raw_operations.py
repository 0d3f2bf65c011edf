"""Raw operations between layers: models of them as configurations."""

import json
import os
import tempfile

from goldens.kit import eagerly


def _model(tf, np):
    inputs = tf.keras.Input((3,), name="given")
    dense = tf.keras.layers.Dense(2, kernel_initializer="ones", name="dense")
    x = tf.concat([dense(tf.reduce_mean(inputs, axis=1, keepdims=True) * 2.0), inputs], axis=1)
    return tf.keras.Model(inputs, tf.nn.relu(x - tf.constant([1.0, 2.0, 3.0, 4.0, 5.0])))


def _plain(value):
    """A configuration as JSON would read it, as a text."""
    return json.dumps(value, sort_keys=True, default=lambda x: x.tolist())


def configurations(tf, np):
    layers = _model(tf, np).layers
    return [_plain(layer.get_config()) for layer in layers if "op_layer" in layer.name]


def copies(tf, np):
    model, x = _model(tf, np), np.arange(6.0).reshape(2, 3)
    made = [
        tf.keras.Model.from_config(model.get_config()),
        tf.keras.models.model_from_json(model.to_json()), tf.keras.models.clone_model(model),
    ]  # fmt: skip
    names = [[layer.name for layer in each.layers] == [layer.name for layer in model.layers]
             for each in made]  # fmt: skip
    return [each.predict(x) for each in [model, *made]], names


def saved_whole(tf, np):
    model, x = _model(tf, np), np.arange(6.0).reshape(2, 3)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.h5")
        model.save(path)
        return tf.keras.models.load_model(path).predict(x)


def losses_outside_of_layers(tf, np):
    with eagerly(tf):
        inputs = tf.keras.Input((3,))
        outputs = tf.keras.layers.Dense(1, kernel_initializer="ones")(inputs)
        model = tf.keras.Model(inputs, outputs)
        model.add_loss(tf.reduce_mean(tf.abs(outputs)))
        model.compile("sgd")
        history = model.fit(np.ones([4, 3], np.float32), batch_size=2, verbose=0)
        raw = tf.keras.Model(inputs, tf.reduce_sum(outputs, axis=1) * 2.0)
        traced = tf.function(lambda x: raw(x))
        x = tf.ones([2, 3])
        return float(history.history["loss"][0]), raw(x).numpy(), traced(x).numpy()
