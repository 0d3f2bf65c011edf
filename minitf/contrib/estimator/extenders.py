"""What changes an estimator or its optimizer: `tf.contrib.estimator.forward_features`, ..."""
from minitf.core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from minitf.core.tensor import Tensor
from minitf.estimator.export import PredictOutput
from minitf.estimator.extenders import add_metrics as add_metrics
from minitf.estimator.extenders import extended
from minitf.ops.math.clip import clip_by_global_norm
from minitf.ops.sparse.tensors import sparse_tensor_to_dense
from minitf.train.optimizer import Optimizer


class _Clipped(Optimizer):
    """An optimizer whose gradients are clipped."""

    def __init__(self, optimizer, clip_norm):
        super().__init__(False, f"ClipByNorm{optimizer.get_name()}")
        self._optimizer, self._clip_norm = optimizer, clip_norm

    def compute_gradients(self, *args, **kwargs):
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        gradients, variables = zip(*grads_and_vars)
        clipped, _ = clip_by_global_norm(gradients, self._clip_norm)
        return self._optimizer.apply_gradients(list(zip(clipped, variables)), global_step, name)

    def get_slot(self, *args, **kwargs):
        return self._optimizer.get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        return self._optimizer.get_slot_names(*args, **kwargs)


def clip_gradients_by_norm(optimizer, clip_norm):
    """The optimizer, with gradients of at most this global norm."""
    return _Clipped(optimizer, clip_norm)


def forward_features(estimator, keys=None, sparse_default_values=None):
    """An Estimator as the given one, whose predictions have features, too: those of `keys`, or all.

    `sparse_default_values` are what a sparse one of a name is filled up with. TypeError for keys
    that are no names; when it predicts, ValueError for names that are not there, or are those of
    predictions, and for a sparse feature without a default.
    """
    keys = _checked_keys(keys)

    def new_model_fn(features, labels, mode, config):
        spec = estimator.model_fn(features, labels, mode, config)
        if not isinstance(spec.predictions, dict):
            raise ValueError("Predictions should be a dict to be able to forward features. Given: "
                             f"{type(spec.predictions)}")  # fmt: skip
        more = {key: _dense(key, features, spec.predictions, sparse_default_values)
                for key in (features if keys is None else keys)}  # fmt: skip
        outputs = spec.export_outputs
        for name in ("predict", "serving_default"):
            if outputs and isinstance(outputs.get(name), PredictOutput):
                outputs[name].outputs.update(more)
        return spec._replace(predictions={**spec.predictions, **more})

    return extended(estimator, new_model_fn)


def _checked_keys(keys):
    if keys is None:
        return None
    keys = [keys] if isinstance(keys, str) else keys
    if not isinstance(keys, (list, tuple)):
        raise TypeError("keys should be either a string or a list of strings. Given: "
                        f"{type(keys)}")  # fmt: skip
    for key in keys:
        if not isinstance(key, str):
            raise TypeError("All items in the given keys list should be a string. There exist an "
                            f"item with type: {type(key)}")  # fmt: skip
    return keys


def _dense(key, features, predictions, defaults):
    if key not in features:
        raise ValueError(f'keys should be exist in features. Key "{key}" is not in features dict. '
                         f"features dict has following keys: {features.keys()}. Please check "
                         "arguments of forward_features.")  # fmt: skip
    if key in predictions:
        raise ValueError(f"Cannot forward feature key ({key}). Since it does exist in predictions. "
                         f"Existing prediction keys: {predictions.keys()}. Please check arguments "
                         "of forward_features.")  # fmt: skip
    feature = convert_to_tensor_or_sparse_tensor(features[key])
    if defaults and key in defaults:
        if not isinstance(feature, SparseTensor):
            raise ValueError(f"Feature ({key}) is expected to be a `SparseTensor`.")
        feature = sparse_tensor_to_dense(feature, default_value=defaults[key])
    if not isinstance(feature, Tensor):
        raise ValueError(f"Feature ({key}) should be a Tensor. Please use `keys` argument of "
                         "forward_features to filter unwanted features, or add key to argument "
                         f"`sparse_default_values`. Type of features[{key}] is {type(feature)}.")
    return feature
