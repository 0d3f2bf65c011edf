"""Models of Keras that are trained on tf.data.Datasets."""

from goldens.kit import said


def _model(tf):
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    return model


def _batches(tf, np):
    pairs = np.ones([10, 2], np.float32), np.ones([10, 1], np.float32)
    return tf.data.Dataset.from_tensor_slices(pairs).batch(2)


def as_long_as_they_are(tf, np):
    model, batches, seen = _model(tf), _batches(tf, np), []
    for given in (batches, batches.take(3), batches.filter(lambda x, y: True)):
        seen.append(int(model.fit(given, epochs=2, verbose=0).params["steps"]))
    both = model.fit(batches, validation_data=batches.take(2), verbose=0)
    endless = batches.repeat()
    refused = (
        lambda: model.fit(endless, verbose=0),
        lambda: model.evaluate(endless, verbose=0),
        lambda: model.fit(batches, validation_data=endless, verbose=0),
    )
    names = ("`steps_per_epoch`", "`steps`", "`validation_steps`", "infinitely repeating dataset")
    return seen, sorted(both.history), [said(each, *names) for each in refused]


def what_arrays_have_beside_them(tf, np):
    model, batches = _model(tf), _batches(tf, np)
    return (
        said(lambda: model.fit(batches, validation_split=0.5), "`validation_split` argument is"),
        said(lambda: model.fit(batches, sample_weight=np.ones(2)), "`sample_weight` argument is"),
        said(lambda: model.fit(batches, np.ones(2)), "you should not specify a target (`y`)"),
    )
