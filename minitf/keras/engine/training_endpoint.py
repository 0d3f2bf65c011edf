"""What a model is trained for, output by output: targets, losses, weights of samples."""
import copy
from collections.abc import Mapping, Sequence

import minitf as tf
from minitf.keras import backend as K
from minitf.keras import losses
from minitf.keras.utils.losses_utils import ReductionV2
from minitf.keras.utils.names import check_for_unexpected_keys


class Endpoint:
    """One output of a model with its loss, target and weights; without a loss it has none.

    `run_eagerly` says that there is no target but that of each batch: see `of_batch`.
    """

    def __init__(self, output, output_name, loss_fn, target, run_eagerly=False):
        self.output, self.output_name, self.loss_fn = output, output_name, loss_fn
        self.loss_weight, self.output_loss_metric = 1.0, None
        self.sample_weight = self.sample_weight_mode = None
        self.target, self.feedable = None, False
        self.has_weights = False
        if loss_fn is not None and run_eagerly:
            self.feedable = self.has_weights = True
        elif loss_fn is not None:
            self._make_target(target)

    def of_batch(self, output, target, sample_weight):
        """The same with the values of a batch."""
        made = copy.copy(self)
        made.output, made.target, made.sample_weight = output, target, sample_weight
        return made

    @property
    def skipped(self):
        return self.loss_fn is None

    @property
    def shape(self):
        return K.int_shape(self.output)

    def loss_name(self):
        """The name of its loss among the metrics."""
        return None if self.skipped else f"{self.output_name}_loss"

    def _make_target(self, target):
        self.feedable = self.has_weights = target is None or K.is_placeholder(target)
        if target is None:
            types = losses.LABEL_DTYPES_FOR_LOSSES
            dtype = types.get(self.loss_fn, K.dtype(self.output)) if _hashable(
                self.loss_fn) else K.dtype(self.output)  # fmt: skip
            target = K.placeholder(
                ndim=len(self.shape), name=f"{self.output_name}_target",
                sparse=K.is_sparse(self.output), dtype=dtype,
            )  # fmt: skip
        self.target = target

    @property
    def feed_output_shape(self):
        """The shape that targets must have; None where the loss does not say."""
        if not self.feedable:
            return None
        function = getattr(self.loss_fn, "fn", None)
        if function is losses.sparse_categorical_crossentropy:
            if K.image_data_format() == "channels_first":
                return (self.shape[0], 1, *self.shape[2:])
            return (*self.shape[:-1], 1)
        if not isinstance(self.loss_fn, losses.Loss):
            return None
        known = function is None or hasattr(losses, getattr(function, "__name__", ""))
        return self.shape if known else None

    def sample_weights_mismatch(self):
        """Whether weights are there and not wanted, or the other way round."""
        return (self.sample_weight_mode is None) != (self.sample_weight is None)

    def populate_sample_weight(self):
        """Make the placeholder of weights, if there are to be any."""
        self.sample_weight = None
        if self.has_weights and self.sample_weight_mode is not None:
            temporal = self.sample_weight_mode == "temporal"
            ones, shape = ([[1.0]], [None, None]) if temporal else ([1.0], [None])
            self.sample_weight = tf.placeholder_with_default(
                tf.constant(ones, dtype=K.floatx()), shape=shape,
                name=f"{self.output_name}_sample_weights",
            )  # fmt: skip


def _hashable(value):
    return getattr(type(value), "__hash__", None) is not None


def loss_function(loss):
    """A Loss from a function, a name or a configuration; None for None."""
    if loss is None or isinstance(loss, losses.Loss):
        return loss
    if isinstance(loss, Mapping):
        loss = losses.get(loss)
    if callable(loss) and not hasattr(loss, "__name__"):
        return loss
    function = losses.get(loss)
    if isinstance(function, losses.Loss):
        return function
    return losses.LossFunctionWrapper(
        function, name=function.__name__, reduction=ReductionV2.SUM_OVER_BATCH_SIZE
    )


def loss_functions(loss, output_names):
    """The Loss of each output. ValueError for another number of them, or unknown outputs."""
    if isinstance(loss, Mapping) and "class_name" not in loss:
        check_for_unexpected_keys("loss", loss, output_names)
        for name in output_names:
            if name not in loss:
                tf.logging.warning(
                    "Output %s missing from loss dictionary. We assume this was done on purpose. "
                    "The fit and evaluate APIs will not be expecting any data to be passed to %s.",
                    name, name,
                )  # fmt: skip
        return [loss_function(loss.get(name)) for name in output_names]
    if isinstance(loss, Sequence) and not isinstance(loss, str):
        if len(loss) != len(output_names):
            raise ValueError(
                "When passing a list as loss, it should have one entry per model outputs. The "
                f"model has {len(output_names)} outputs, but you passed loss={loss}"
            )
        return [loss_function(each) for each in loss]
    return [loss_function(loss) for _ in output_names]


def set_loss_weights(endpoints, weights):
    """Give each endpoint the weight of its loss."""
    names = [endpoint.output_name for endpoint in endpoints]
    if weights is None:
        weights = [1.0] * len(endpoints)
    elif isinstance(weights, Mapping):
        check_for_unexpected_keys("loss_weights", weights, names)
        weights = [weights.get(name, 1.0) for name in names]
    elif not isinstance(weights, list):
        raise TypeError(f"Could not interpret loss_weights argument: {weights} - expected a list "
                        "of dicts.")  # fmt: skip
    elif len(weights) != len(endpoints):
        raise ValueError(
            "When passing a list as loss_weights, it should have one entry per model output. The "
            f"model has {len(endpoints)} outputs, but you passed loss_weights={weights}"
        )
    for endpoint, weight in zip(endpoints, weights):
        endpoint.loss_weight = weight


def set_sample_weight_modes(endpoints, mode):
    """Note in each endpoint which weights it takes: "temporal", "samplewise" or none."""
    modes = [mode] * len(endpoints)
    if isinstance(mode, Mapping):
        names = [endpoint.output_name for endpoint in endpoints]
        check_for_unexpected_keys("sample_weight_mode", mode, names)
        modes = [mode.get(name) for name in names]
    elif isinstance(mode, (list, tuple)):
        if len(mode) != len(endpoints):
            raise ValueError(
                "When passing a list as sample_weight_mode, it should have one entry per model "
                f"output. The model has {len(endpoints)} outputs, but you passed {len(mode)}"
                "_sample_weight_modes."
            )
        modes = mode
    for endpoint, one in zip(endpoints, modes):
        if endpoint.has_weights:
            endpoint.sample_weight_mode = one


def target_tensors(given, output_names):
    """The target of each output, None where one is to be made. TypeError, ValueError."""
    if given is None or (isinstance(given, list) and not given):
        return [None] * len(output_names)
    if isinstance(given, list):
        if len(given) != len(output_names):
            raise ValueError(
                "When passing a list as `target_tensors`, it should have one entry per model "
                f"output. The model has {len(output_names)} outputs, but you passed "
                f"target_tensors={given}"
            )
        return given
    if isinstance(given, dict):
        check_for_unexpected_keys("target_tensors", given, output_names)
        return [given.get(name) for name in output_names]
    if tf.is_tensor(given):
        return [given]
    raise TypeError(
        "Expected `target_tensors` to be a list or tuple or dict or a single tensor, but got:",
        given,
    )
