"""Whole models in HDF5 files: configuration, variables, how they were compiled."""
import contextlib
import json

import minitf as tf
from minitf.keras import backend as K
from minitf.keras import losses, optimizers
from minitf.keras.engine.network_files import VERSION, json_type
from minitf.keras.layers.serialization import deserialize
from minitf.keras.saving import hdf5_weights
from minitf.keras.saving.h5 import h5py, may_overwrite

nest = tf.nest


def save(model, filepath, overwrite, include_optimizer):
    """Save a model in an HDF5 file, or in an h5py.File that is open.

    ImportError without h5py; NotImplementedError for models that have no configuration.
    """
    if not model._is_graph_network and type(model).__name__ != "Sequential":
        raise NotImplementedError(
            "Saving the model to HDF5 format requires the model to be a Functional model or a "
            "Sequential model. It does not work for subclassed models, because such models are "
            "defined via the body of a Python method, which isn't safely serializable. Consider "
            "saving to the Tensorflow SavedModel format (by setting save_format=\"tf\") or using "
            "`save_weights`."
        )
    if isinstance(filepath, h5py().File):
        _write(filepath, model, include_optimizer)
    elif may_overwrite(filepath, overwrite):
        with h5py().File(filepath, "w") as file:
            _write(file, model, include_optimizer)


def _write(file, model, include_optimizer):
    for name, value in metadata(model, include_optimizer).items():
        is_text = isinstance(value, str)
        file.attrs[name] = value if is_text else json.dumps(value, default=json_type).encode()
    hdf5_weights.save(file.create_group("model_weights"), model.layers)
    optimizer = model.optimizer
    if include_optimizer and optimizer and not isinstance(optimizer, optimizers.TFOptimizer):
        _write_optimizer(file, optimizer)
    file.flush()


def metadata(model, include_optimizer):
    """What is said of a model: its configuration, if it has one, and how it was compiled."""
    config = {"class_name": type(model).__name__}
    with contextlib.suppress(NotImplementedError):
        config["config"] = model.get_config()
    found = {"keras_version": VERSION, "backend": K.backend(), "model_config": config}
    if not (model.optimizer and include_optimizer):
        return found
    if isinstance(model.optimizer, optimizers.TFOptimizer):
        tf.logging.warning(
            "TensorFlow optimizers do not make it possible to access optimizer attributes or "
            "optimizer state after instantiation. As a result, we cannot save the optimizer as "
            "part of the model save file. You will have to compile your model again after loading "
            "it. Prefer using a Keras optimizer instead (see keras.io/optimizers)."
        )
        return found
    optimizer = {
        "class_name": type(model.optimizer).__name__, "config": model.optimizer.get_config()
    }  # fmt: skip
    return found | {"training_config": {
        "loss": model.loss,
        "metrics": model._compile_metrics,
        "weighted_metrics": model._compile_weighted_metrics,
        "sample_weight_mode": model.sample_weight_mode,
        "loss_weights": model.loss_weights,
        "optimizer_config": optimizer,
    }}  # fmt: skip


def _write_optimizer(file, optimizer):
    weights = optimizer.weights
    if not weights:
        return
    group = file.create_group("optimizer_weights")
    names = [weight.name.encode() for weight in weights]
    hdf5_weights.save_attributes(group, "weight_names", names)
    for weight, value in zip(weights, K.batch_get_value(weights)):
        data = group.create_dataset(weight.name, value.shape, dtype=value.dtype)
        data[() if not value.shape else slice(None)] = value


def load(filepath, custom_objects, compile):
    """The model that is in a file. ValueError where there is none, ImportError without h5py."""
    if isinstance(filepath, h5py().File):
        return _read(filepath, custom_objects, compile)
    with h5py().File(filepath, "r") as file:
        return _read(file, custom_objects, compile)


def _read(file, custom_objects, compile):
    config = file.attrs.get("model_config")
    if config is None:
        raise ValueError("No model found in config file.")
    model = model_from_config(hdf5_weights.as_json(config), custom_objects=custom_objects)
    hdf5_weights.load(file["model_weights"], model.layers)
    if compile:
        _compile(model, file, custom_objects)
    return model


def _compile(model, file, custom_objects):
    config = file.attrs.get("training_config")
    if config is None:
        tf.logging.warning(
            "No training configuration found in save file: the model was *not* compiled. Compile "
            "it manually."
        )
        return
    model.compile(**compile_arguments(hdf5_weights.as_json(config), custom_objects))
    if "optimizer_weights" not in file:
        return
    if not model._is_graph_network:
        tf.logging.warning(
            "Sequential models without an `input_shape` passed to the first layer cannot reload "
            "their optimizer state. As a result, your model isstarting with a freshly initialized "
            "optimizer."
        )
        return
    with K.in_graph():
        model._make_train_function()
    group = file["optimizer_weights"]
    values = [group[name][()] for name in hdf5_weights.load_attributes(group, "weight_names")]
    try:
        model.optimizer.set_weights(values)
    except ValueError:
        tf.logging.warning(
            "Error in loading the saved optimizer state. As a result, your model is starting with "
            "a freshly initialized optimizer."
        )


def compile_arguments(config, custom_objects):
    """What the model was compiled with."""

    def known(value):
        if isinstance(value, list):
            return [known(each) for each in value]
        if isinstance(value, dict):
            return {key: known(each) for key, each in value.items()}
        return custom_objects.get(value, value) if isinstance(value, str) else value

    loss = config["loss"]
    is_object = isinstance(loss, dict) and "class_name" in loss
    return {
        "optimizer": optimizers.deserialize(config["optimizer_config"], custom_objects),
        "loss": losses.deserialize(loss, custom_objects) if is_object else known(loss),
        "metrics": _metrics(config["metrics"], known),
        "weighted_metrics": _metrics(config.get("weighted_metrics"), known),
        "loss_weights": config["loss_weights"],
        "sample_weight_mode": config["sample_weight_mode"],
    }


def _metrics(metrics, known):
    if isinstance(metrics, list):
        return [_metrics(each, known) for each in metrics]
    if isinstance(metrics, dict) and "class_name" not in metrics:
        return {key: _metrics(each, known) for key, each in metrics.items()}
    return metrics if isinstance(metrics, dict) else known(metrics)


def model_from_config(config, custom_objects=None):
    """The model of a configuration {"class_name", "config"}. TypeError for a list."""
    if isinstance(config, list):
        raise TypeError(
            "`model_from_config` expects a dictionary, not a list. Maybe you meant to use "
            "`Sequential.from_config(config)`?"
        )
    return deserialize(config, custom_objects=custom_objects)


def model_from_json(json_string, custom_objects=None):
    """The model of a configuration as JSON."""
    return model_from_config(json.loads(json_string), custom_objects)


def model_from_yaml(yaml_string, custom_objects=None):
    """The model of a configuration as YAML. ImportError without PyYAML."""
    try:
        import yaml
    except ImportError:
        raise ImportError("Requires yaml module installed (`pip install pyyaml`).") from None
    return model_from_config(yaml.safe_load(yaml_string), custom_objects)
