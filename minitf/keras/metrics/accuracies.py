"""How many predictions are right, and means of losses, as metrics."""
import minitf as tf
from minitf.core.arguments import takes
from minitf.keras import backend as K
from minitf.keras import losses
from minitf.keras.metrics.base import Mean, MeanMetricWrapper
from minitf.keras.utils.losses_utils import squeeze_or_expand


def accuracy(y_true, y_pred):
    """1 where prediction and target are equal, else 0."""
    y_pred.shape.assert_is_compatible_with(y_true.shape)
    if y_true.dtype != y_pred.dtype:
        y_pred = tf.cast(y_pred, y_true.dtype)
    return tf.cast(tf.equal(y_true, y_pred), K.floatx())


def binary_accuracy(y_true, y_pred, threshold=0.5):
    """The part of the last axis where the prediction is on the right side of `threshold`."""
    threshold = tf.cast(threshold, y_pred.dtype)
    y_pred = tf.cast(y_pred > threshold, y_pred.dtype)
    return K.mean(tf.equal(y_true, y_pred), axis=-1)


def categorical_accuracy(y_true, y_pred):
    """1 where the largest prediction is that of the target, else 0."""
    same = tf.equal(tf.argmax(y_true, axis=-1), tf.argmax(y_pred, axis=-1))
    return tf.cast(same, K.floatx())


def _classes(y_true, y_pred):
    """Targets as the numbers of classes, without a last axis of one element."""
    y_true, y_pred = tf.convert_to_tensor(y_true), tf.convert_to_tensor(y_pred)
    ranks = y_true.shape.ndims, y_pred.shape.ndims
    if None not in ranks and ranks[0] == ranks[1]:
        y_true = tf.squeeze(y_true, [-1])
    return y_true, y_pred


def sparse_categorical_accuracy(y_true, y_pred):
    """The same for targets that are the numbers of classes."""
    y_true, y_pred = _classes(y_true, y_pred)
    y_pred = tf.argmax(y_pred, axis=-1)
    if K.dtype(y_pred) != K.dtype(y_true):
        y_pred = tf.cast(y_pred, K.dtype(y_true))
    return tf.cast(tf.equal(y_true, y_pred), K.floatx())


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    """1 where the target is among the k largest predictions, else 0."""
    return tf.cast(tf.nn.in_top_k(y_pred, tf.argmax(y_true, axis=-1), k), K.floatx())


def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5):
    """The same for targets that are the numbers of classes."""
    y_true, y_pred = _classes(y_true, y_pred)
    return tf.cast(tf.nn.in_top_k(y_pred, tf.cast(y_true, tf.int32), k), K.floatx())


def _of(function, default=None):
    """Decorates a class: the mean of a function, `name` and `dtype` its arguments."""
    default = default or function.__name__

    def decorate(cls):
        def __init__(self, name=default, dtype=None):
            MeanMetricWrapper.__init__(self, function, name, dtype=dtype)

        cls.__init__ = __init__
        return cls

    return decorate


@_of(accuracy)
class Accuracy(MeanMetricWrapper):
    """How often predictions equal targets."""


class BinaryAccuracy(MeanMetricWrapper):
    """How often predictions are on the right side of `threshold`."""

    def __init__(self, name="binary_accuracy", dtype=None, threshold=0.5):
        super().__init__(binary_accuracy, name, dtype=dtype, threshold=threshold)


@_of(categorical_accuracy)
class CategoricalAccuracy(MeanMetricWrapper):
    """How often the largest prediction is that of the target, which has a one there."""


@_of(sparse_categorical_accuracy)
class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the largest prediction is that of the target, the number of a class."""


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the target is among the k largest predictions."""

    def __init__(self, k=5, name="top_k_categorical_accuracy", dtype=None):
        super().__init__(top_k_categorical_accuracy, name, dtype=dtype, k=k)


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the target, the number of a class, is among the k largest predictions."""

    def __init__(self, k=5, name="sparse_top_k_categorical_accuracy", dtype=None):
        super().__init__(sparse_top_k_categorical_accuracy, name, dtype=dtype, k=k)


class CosineSimilarity(MeanMetricWrapper):
    """The mean cosine of the angle between targets and predictions."""

    def __init__(self, name="cosine_similarity", dtype=None, axis=-1):
        super().__init__(losses.cosine_proximity, name, dtype=dtype, axis=axis)


@_of(losses.mean_absolute_error)
class MeanAbsoluteError(MeanMetricWrapper):
    """The mean of absolute differences."""


@_of(losses.mean_absolute_percentage_error)
class MeanAbsolutePercentageError(MeanMetricWrapper):
    """The mean of absolute differences in percent of the targets."""


@_of(losses.mean_squared_error)
class MeanSquaredError(MeanMetricWrapper):
    """The mean of squared differences."""


@_of(losses.mean_squared_logarithmic_error)
class MeanSquaredLogarithmicError(MeanMetricWrapper):
    """The mean of squared differences of log(x + 1)."""


@_of(losses.hinge)
class Hinge(MeanMetricWrapper):
    """The mean of max(1 - y_true * y_pred, 0)."""


@_of(losses.squared_hinge)
class SquaredHinge(MeanMetricWrapper):
    """The mean of max(1 - y_true * y_pred, 0) ** 2."""


@_of(losses.categorical_hinge)
class CategoricalHinge(MeanMetricWrapper):
    """The mean of max(the largest wrong score - the right one + 1, 0)."""


@_of(losses.logcosh)
class LogCoshError(MeanMetricWrapper):
    """The mean of log(cosh(difference))."""


@_of(losses.poisson)
class Poisson(MeanMetricWrapper):
    """The mean of y_pred - y_true * log(y_pred)."""


@_of(losses.kullback_leibler_divergence)
class KLDivergence(MeanMetricWrapper):
    """The mean of the sum of y_true * log(y_true / y_pred)."""


class BinaryCrossentropy(MeanMetricWrapper):
    """The mean cross entropy of elements that are true or not."""

    def __init__(
        self, name="binary_crossentropy", dtype=None, from_logits=False, label_smoothing=0
    ):
        super().__init__(
            losses.binary_crossentropy, name, dtype=dtype, from_logits=from_logits,
            label_smoothing=label_smoothing,
        )  # fmt: skip


class CategoricalCrossentropy(MeanMetricWrapper):
    """The mean cross entropy of distributions."""

    @takes(BinaryCrossentropy, name="categorical_crossentropy")
    def __init__(self, **kwargs):
        super().__init__(losses.categorical_crossentropy, **kwargs)


class SparseCategoricalCrossentropy(MeanMetricWrapper):
    """The mean cross entropy of targets that are the numbers of classes."""

    def __init__(
        self, name="sparse_categorical_crossentropy", dtype=None, from_logits=False, axis=-1
    ):
        super().__init__(
            losses.sparse_categorical_crossentropy, name, dtype=dtype, from_logits=from_logits,
            axis=axis,
        )  # fmt: skip


class RootMeanSquaredError(Mean):
    """The root of the mean of squared differences."""

    def __init__(self, name="root_mean_squared_error", dtype=None):
        super().__init__(name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets and predictions."""
        y_true, y_pred = tf.cast(y_true, self.dtype), tf.cast(y_pred, self.dtype)
        y_pred, y_true, _ = squeeze_or_expand(y_pred, y_true)
        return super().update_state(tf.squared_difference(y_pred, y_true), sample_weight)

    def result(self):
        return tf.sqrt(tf.div_no_nan(self.total, self.count))


class MeanRelativeError(Mean):
    """The mean of absolute differences, divided by `normalizer`."""

    def __init__(self, normalizer, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.normalizer = tf.cast(normalizer, self.dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets and predictions."""
        y_true, y_pred = tf.cast(y_true, self.dtype), tf.cast(y_pred, self.dtype)
        y_pred, y_true, _ = squeeze_or_expand(y_pred, y_true)
        y_pred.shape.assert_is_compatible_with(y_true.shape)
        errors = tf.div_no_nan(tf.abs(y_true - y_pred), self.normalizer)
        return super().update_state(errors, sample_weight)

    def get_config(self):
        return super().get_config() | {"normalizer": K.eval(self.normalizer)}
