"""`tf.keras.estimator`: not in minitf."""


def model_to_estimator(
    keras_model=None, keras_model_path=None, custom_objects=None, model_dir=None, config=None,
    checkpoint_format="saver",
):  # fmt: skip
    """Not in minitf: NotImplementedError."""
    raise NotImplementedError(
        "tf.keras.estimator.model_to_estimator: minitf does not turn Keras models into estimators. "
        "Train the model with its own fit() instead."
    )
