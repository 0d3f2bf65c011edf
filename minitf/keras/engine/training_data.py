"""Data for models: made into lists of arrays, and checked."""
from collections.abc import Mapping

import numpy as np

import minitf as tf
from minitf.keras import losses
from minitf.keras.utils.names import check_for_unexpected_keys


def is_dataset(x):
    """Whether it is a tf.data.Dataset."""
    return hasattr(x, "make_initializable_iterator") or hasattr(x, "_as_variant_tensor")


def has_tensors(x):
    """Whether there is a Tensor in it."""
    values = x.values() if isinstance(x, dict) else x if isinstance(x, (list, tuple)) else [x]
    return any(tf.is_tensor(value) for value in values)


def standardized(data, names, shapes=None, kind=""):
    """Inputs or targets as a list of arrays in the order of `names`.

    Vectors become columns. Raises ValueError for another number of arrays, or other shapes.
    """
    if not names:
        if hasattr(data, "__len__") and len(data) and not isinstance(data, dict):
            raise ValueError(
                f"Error when checking model {kind}: expected no data, but got:", data
            )
        return []
    if data is None:
        return [None] * len(names)
    arrays = _columns(_listed(data, names), shapes)
    if len(arrays) != len(names):
        arrays = _of_another_number(arrays, data, names, kind)
    for name, array, shape in zip(names, arrays, shapes or ()):
        if shape is not None:
            _check_shape(name, array, shape, kind)
    return arrays


def _listed(data, names):
    if isinstance(data, dict):
        try:
            return [_values(data[name]) for name in names]
        except KeyError as error:
            raise ValueError(
                f'No data provided for "{error.args[0]}". Need data for each key in: {names}'
            ) from None
    if not isinstance(data, (list, tuple)):
        return [_values(data)]
    if data and isinstance(data[0], (list, tuple)):
        return [np.asarray(each) for each in data]
    if len(names) == 1 and data and isinstance(data[0], (float, int)):
        return [np.asarray(data)]
    return [_values(each) for each in data]


def _values(data):
    """The array of a pandas DataFrame; others as they are."""
    return data.values if type(data).__name__ == "DataFrame" else data


def _columns(arrays, shapes):
    if shapes is None:
        shapes = [None] * len(arrays)
    elif len(arrays) > len(shapes):  # TensorFlow takes them, and says nothing
        tf.logging.warning(
            "The model has %d inputs, and got %d arrays: the last ones are not used.",
            len(shapes), len(arrays),
        )  # fmt: skip
    return [_column(array, shape) for array, shape in zip(arrays, shapes)]


def _column(array, shape):
    if array is None or isinstance(array, (tf.SparseTensor, tf.SparseTensorValue)):
        return array
    if isinstance(array, int):
        raise ValueError(f"Expected an array data type but received an integer: {array}")
    if not hasattr(array, "shape"):
        return array
    vector = len(array.shape) == 1 if array.shape is not None else False
    if vector and (shape is None or len(shape) != 1):
        return tf.expand_dims(array, 1) if tf.is_tensor(array) else np.expand_dims(array, 1)
    return array


def _of_another_number(arrays, data, names, kind):
    start = f"Error when checking model {kind}: "
    if arrays and hasattr(arrays[0], "shape"):
        raise ValueError(
            f"{start}the list of Numpy arrays that you are passing to your model is not the size "
            f"the model expected. Expected to see {len(names)} array(s), but instead got the "
            f"following list of {len(arrays)} arrays: {str(arrays)[:200]}..."
        )
    if len(names) > 1:
        raise ValueError(
            f"{start}you are passing a list as input to your model, but the model expects a list "
            f"of {len(names)} Numpy arrays instead. The list you passed was: {str(arrays)[:200]}"
        )
    if len(arrays) == 1 and not hasattr(arrays[0], "shape"):
        raise TypeError(
            f"{start}data should be a Numpy array, or list/dict of Numpy arrays. Found: "
            f"{str(arrays)[:200]}..."
        )
    return [np.asarray(data)]


def _check_shape(name, array, shape, kind):
    if not hasattr(array, "shape"):
        raise TypeError(f"Error when checking {kind}: {name} should be a NumPy array, and is "
                        f"{type(array)}")  # fmt: skip
    found = array.shape
    if isinstance(found, tf.TensorShape):
        if found.ndims is None:
            return
        found = tuple(found.as_list())
    if len(found) != len(shape):
        raise ValueError(
            f"Error when checking {kind}: expected {name} to have {len(shape)} dimensions, but got "
            f"array with shape {tuple(found)}"
        )
    pairs = zip(found[1:], shape[1:])
    if any(None not in pair and pair[0] != pair[1] for pair in pairs):
        raise ValueError(
            f"Error when checking {kind}: expected {name} to have shape {tuple(shape[1:])} but got "
            f"array with shape {tuple(found[1:])}"
        )


# -- weights --------------------------------------------------------------------------------------


def per_output(weights, names, kind):
    """`sample_weight` or `class_weight` of each output, None where there is none."""
    if weights is None or (isinstance(weights, (list, tuple)) and not weights):
        return [None] * len(names)
    if len(names) == 1:
        if isinstance(weights, (list, tuple)) and len(weights) == 1:
            return weights
        if isinstance(weights, dict) and names[0] in weights:
            return [weights[names[0]]]
        return [weights]
    if isinstance(weights, (list, tuple)):
        if len(weights) != len(names):
            raise ValueError(
                f"Provided `{kind}` was a list of {len(weights)} elements, but the model has "
                f"{len(names)} outputs. You should provide one `{kind}`array per model output."
            )
        return weights
    if isinstance(weights, Mapping):
        check_for_unexpected_keys(kind, weights, names)
        return [weights.get(name) for name in names]
    raise TypeError(
        f"The model has multiple outputs, so `{kind}` should be either a list or a dict. Provided "
        f"`{kind}` type not understood: {weights}"
    )


def weights_of_samples(y, sample_weight=None, class_weight=None, mode=None):
    """The weight of each sample: its own, times that of its class. ValueError for other shapes."""
    sample_weight = sample_weight[0] if isinstance(sample_weight, tuple) else sample_weight
    _check_mode(y, mode)
    if sample_weight is not None:
        _check_weights(y, sample_weight, mode)
    of_class = _weights_of_classes(y, class_weight) if isinstance(class_weight, dict) else None
    if of_class is None:
        return sample_weight
    return of_class if sample_weight is None else of_class * sample_weight


def _check_mode(y, mode):
    if mode not in (None, "samplewise", "temporal"):
        raise ValueError(f'"sample_weight_mode should be None or "temporal". Found: {mode}')
    if mode == "temporal" and len(y.shape) < 3:
        raise ValueError(
            f"Found a sample_weight array for an input with shape {y.shape}. Timestep-wise "
            'sample weighting (use of sample_weight_mode="temporal") is restricted to outputs '
            "that are at least 3D, i.e. that have a time dimension."
        )


def _check_weights(y, weights, mode):
    rank = len(weights.shape)
    if mode == "temporal":
        if rank != 2:
            raise ValueError(
                f"Found a sample_weight array with shape {weights.shape}. In order to use "
                "timestep-wise sample weighting, you should pass a 2D sample_weight array."
            )
    elif rank != 1:
        raise ValueError(
            f"Found a sample_weight array with shape {weights.shape}. In order to use "
            "timestep-wise sample weights, you should specify "
            'sample_weight_mode="temporal" in compile(). If you just mean to use sample-wise '
            "weights, make sure your sample_weight array is 1D."
        )
    if not tf.is_tensor(weights) and tuple(y.shape[:rank]) != tuple(weights.shape):
        raise ValueError(
            f"Found a sample_weight array with shape {weights.shape} for an input with shape "
            f"{y.shape}. sample_weight cannot be broadcast."
        )


def _weights_of_classes(y, class_weight):
    if len(y.shape) > 2:
        raise ValueError("`class_weight` not supported for 3+ dimensional targets.")
    classes = y
    if len(y.shape) == 2:
        classes = np.argmax(y, axis=1) if y.shape[1] > 1 else np.reshape(y, y.shape[0])
    known = {c: class_weight[c] for c in class_weight}
    missing = {c for c in classes.tolist() if c not in known}
    if missing:
        raise ValueError(
            "`class_weight` must contain all classes in the data. The classes "
            f"{missing} exist in the data but not in `class_weight`."
        )
    return np.asarray([known[c] for c in classes.tolist()])


# -- checks ---------------------------------------------------------------------------------------


def check_lengths(inputs, targets, weights=None):
    """ValueError unless all arrays have the same number of samples."""
    lengths = []
    for what, arrays in (("input arrays (x)", inputs), ("target arrays (y)", targets),
                         ("sample_weight arrays", weights)):  # fmt: skip
        found = {a.shape[0] for a in arrays or () if a is not None and not tf.is_tensor(a)}
        if len(found) > 1:
            raise ValueError(
                f"All {what} should have the same number of samples. Got array shapes: "
                f"{[a.shape for a in arrays]}"
            )
        lengths.append(found)
    x, y, w = lengths
    if x and y and x != y:
        raise ValueError(
            "Input arrays should have the same number of samples as target arrays. Found "
            f"{next(iter(x))} input samples and {next(iter(y))} target samples."
        )
    if y and w and y != w:
        raise ValueError(
            "Sample_weight arrays should have the same number of samples as target arrays. Got "
            f"{next(iter(y))} input samples and {next(iter(w))} target samples."
        )


_SAME_SHAPE = (
    losses.mean_squared_error, losses.binary_crossentropy, losses.categorical_crossentropy,
)  # fmt: skip


def check_targets(targets, loss_fns, shapes):
    """ValueError for targets that a loss cannot take."""
    for y, loss, shape in zip(targets, loss_fns, shapes):
        if y is None or loss is None or tf.is_tensor(y):
            continue
        if losses.is_categorical_crossentropy(loss) and y.shape[-1] == 1:
            raise ValueError(
                f"You are passing a target array of shape {y.shape} while using as loss "
                "`categorical_crossentropy`. `categorical_crossentropy` expects targets to be "
                "binary matrices (1s and 0s) of shape (samples, classes). If your targets are "
                "integer classes, you can convert them to the expected format via:\n```\nfrom "
                "keras.utils import to_categorical\ny_binary = to_categorical(y_int)\n```\n\n"
                "Alternatively, you can use the loss function `sparse_categorical_crossentropy` "
                "instead, which does expect integer targets."
            )
        if getattr(loss, "fn", None) in _SAME_SHAPE and shape is not None:
            pairs = zip(y.shape[1:], shape[1:])
            if any(out is not None and target != out for target, out in pairs):
                raise ValueError(
                    f"A target array with shape {y.shape} was passed for an output of shape "
                    f"{shape} while using as loss `{loss.name}`. This loss expects targets to "
                    "have the same shape as the output."
                )


def check_steps(data, steps, name):
    """Whether the number of steps counts, as it does for tensors. ValueError without one."""
    if data is None or has_tensors(data) or (isinstance(data, list) and not data):
        if steps is None:
            raise ValueError(
                "When using data tensors as input to a model, you should specify the "
                f"`{name}` argument."
            )
        return True
    if steps is not None and not is_dataset(data):
        tf.logging.warning(
            "When passing input data as arrays, do not specify `steps_per_epoch`/`steps` "
            "argument. Please use `batch_size` instead."
        )
    return False


def split(arrays, at):
    """(arrays before, arrays from `at` on) of each."""
    arrays = arrays or []
    cut = [None if a is None else (a[:at], a[at:]) for a in arrays]
    first = [None if pair is None else pair[0] for pair in cut]
    return first, [None if pair is None else pair[1] for pair in cut]


def validation_parts(data):
    """(x, y, sample_weight) of `validation_data`. ValueError for another number of parts."""
    if is_dataset(data):
        return data, None, None
    if len(data) in (2, 3):
        return (*data, None)[:3]
    raise ValueError(
        "When passing a `validation_data` argument, it must contain either 2 items (x_val, "
        "y_val), or 3 items (x_val, y_val, val_sample_weights), or alternatively it could be a "
        "dataset or a dataset or a dataset iterator. However we received `validation_data="
        f"{data}`"
    )
