"""Models in files of HDF5: TensorFlow's, and our own; callbacks that write files."""
import csv
import json
from pathlib import Path

import numpy as np
import pytest

import minitf as tf

keras = tf.keras
layers = keras.layers
OF_TENSORFLOW = Path(__file__).parent / "files" / "of_tensorflow.h5"
# What TensorFlow 1.15 predicts with the model that it wrote, and what its next step gives.
PREDICTED = [
    [[0.2208365499973297, 0.7791634798049927], [0.21902550756931305, 0.7809745073318481]],
    [[-0.7134894728660583], [-0.7108491659164429]],
]
NEXT_STEP = [1.2332854270935059, 0.24868378043174744, 0.984601616859436, 1.0, 0.0]
INPUTS = [np.arange(12).reshape(2, 6) % 10, np.ones((2, 3), "float32")]


@pytest.fixture(autouse=True)
def fresh():
    pytest.importorskip("h5py")
    keras.backend.clear_session()


def small():
    model = keras.Sequential([layers.Dense(3, activation="tanh", input_shape=(4,)),
                              layers.BatchNormalization(), layers.Dense(2)])  # fmt: skip
    model.compile(keras.optimizers.Adam(0.01), "mse", ["mae"])
    return model


def data():
    x = np.linspace(-1, 1, 24).reshape(6, 4)
    return x, x[:, :2]


def test_reads_a_model_that_tensorflow_wrote_and_trains_on():
    model = keras.models.load_model(OF_TENSORFLOW)
    for found, wanted in zip(model.predict(INPUTS), PREDICTED):
        np.testing.assert_allclose(found, wanted, rtol=1e-5)
    step = model.train_on_batch(INPUTS, [np.eye(2), np.ones((2, 1))])
    np.testing.assert_allclose(step, NEXT_STEP, rtol=1e-4, atol=1e-6)


def test_writes_the_same_file_as_tensorflow(tmp_path):
    import h5py

    keras.models.load_model(OF_TENSORFLOW).save(str(tmp_path / "again.h5"))
    with h5py.File(OF_TENSORFLOW, "r") as theirs, h5py.File(tmp_path / "again.h5", "r") as ours:
        assert contents(ours) == contents(theirs)
        assert sorted(ours.attrs) == sorted(theirs.attrs)
        for name in ("model_config", "training_config"):
            assert json.loads(ours.attrs[name]) == json.loads(theirs.attrs[name])


def contents(file):
    found = []
    file.visititems(lambda name, item: found.append((
        name, getattr(item, "shape", None), str(getattr(item, "dtype", "")),
        item[()].tolist() if hasattr(item, "shape") else None,
        sorted((key, np.asarray(value).tolist()) for key, value in item.attrs.items()),
    )))  # fmt: skip
    return found


def test_a_model_goes_on_where_it_was(tmp_path):
    model, (x, y) = small(), data()
    model.fit(x, y, epochs=2, verbose=0)
    model.save(str(tmp_path / "m.h5"))
    model.reset_metrics()
    wanted = [model.train_on_batch(x, y) for _ in range(3)]
    keras.backend.clear_session()
    again = keras.models.load_model(str(tmp_path / "m.h5"))
    np.testing.assert_allclose([again.train_on_batch(x, y) for _ in range(3)], wanted, rtol=1e-5)


def test_weights_by_order_and_by_name(tmp_path):
    model, path = small(), str(tmp_path / "w.h5")
    model.save_weights(path)
    other = small()
    other.load_weights(path)
    for found, wanted in zip(other.get_weights(), model.get_weights()):
        np.testing.assert_array_equal(found, wanted)
    named = keras.Sequential([layers.Dense(3, name=model.layers[0].name, input_shape=(4,)),
                              layers.Dense(5, name="new")])  # fmt: skip
    named.load_weights(path, by_name=True)
    np.testing.assert_array_equal(named.get_weights()[0], model.get_weights()[0])


def test_weights_that_do_not_fit_are_refused(tmp_path):
    path = str(tmp_path / "w.h5")
    small().save_weights(path)
    with pytest.raises(ValueError, match="containing 3 layers into a model with 1 layers"):
        keras.Sequential([layers.Dense(3, input_shape=(4,))]).load_weights(path)


def test_layers_below_the_name_of_another_are_kept_apart(tmp_path):
    model = keras.Sequential([layers.Dense(2, name="a/b", input_shape=(2,)),
                              layers.Dense(2, name="a")])  # fmt: skip
    wanted = model.get_weights()
    model.save_weights(str(tmp_path / "w.h5"))
    model.set_weights([0 * w for w in wanted])
    model.load_weights(str(tmp_path / "w.h5"))
    for found, expected in zip(model.get_weights(), wanted):
        np.testing.assert_array_equal(found, expected)


def test_custom_objects_are_needed(tmp_path):
    class Twice(layers.Layer):
        def call(self, inputs):
            return inputs * 2

    path = str(tmp_path / "m.h5")
    keras.Sequential([Twice(input_shape=(2,))]).save(path)
    with pytest.raises(ValueError, match="Unknown layer: Twice"):
        keras.models.load_model(path)
    again = keras.models.load_model(path, custom_objects={"Twice": Twice})
    np.testing.assert_array_equal(again.predict(np.ones((1, 2))), [[2, 2]])


def test_checkpoints_of_the_best_epochs(tmp_path):
    model, (x, y) = small(), data()
    every = keras.callbacks.ModelCheckpoint(str(tmp_path / "{epoch:02d}.h5"))
    best = keras.callbacks.ModelCheckpoint(
        str(tmp_path / "best.h5"), monitor="loss", save_best_only=True, save_weights_only=True
    )
    model.fit(x, y, epochs=2, verbose=0, callbacks=[every, best])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["01.h5", "02.h5", "best.h5"]
    model.load_weights(str(tmp_path / "best.h5"))


def test_csv_of_epochs(tmp_path):
    model, (x, y) = small(), data()
    path = str(tmp_path / "log.csv")
    fitted = model.fit(x, y, epochs=2, verbose=0, callbacks=[keras.callbacks.CSVLogger(path)])
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1"]
    assert [float(row["loss"]) for row in rows] == pytest.approx(fitted.history["loss"])


def test_events_for_tensorboard(tmp_path):
    model, (x, y) = small(), data()
    model.fit(x, y, epochs=1, verbose=0, validation_data=(x, y),
              callbacks=[keras.callbacks.TensorBoard(str(tmp_path))])  # fmt: skip
    (path,) = tmp_path.iterdir()
    tags = {value.tag for event in tf.train.summary_iterator(str(path))
            for value in event.summary.value}  # fmt: skip
    assert {"epoch_loss", "epoch_val_loss"} <= tags or {"loss", "val_loss"} <= tags
