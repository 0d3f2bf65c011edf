"""`tf.keras.losses`: how far predictions are from targets."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras.utils.losses_utils import ReductionV2, compute_weighted_loss
from minitf.keras.utils.serialize import (
    deserialize_keras_object,
    getter,
    serialize_keras_object,
)
from minitf.layers.choice import smart_cond

AUTO = ReductionV2.AUTO


class Loss:
    """The base of losses: `call(y_true, y_pred)` gives one number for each sample, say.

    Called, it returns their mean, or sum, or themselves, as `reduction` says, weighted by
    `sample_weight`.
    """

    def __init__(self, reduction=AUTO, name=None):
        ReductionV2.validate(reduction)
        self.reduction, self.name = reduction, name

    def __call__(self, y_true, y_pred, sample_weight=None):
        scope = "lambda" if self.name == "<lambda>" else self.name
        with K.name_scope(scope or type(self).__name__):
            losses = self.call(y_true, y_pred)
            return compute_weighted_loss(losses, sample_weight, reduction=self.reduction)

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def get_config(self):
        """The arguments, as `from_config` takes them."""
        return {"reduction": self.reduction, "name": self.name}

    def call(self, y_true, y_pred):
        """The losses, with all axes but the last."""
        raise NotImplementedError("Must be implemented in subclasses.")


class LossFunctionWrapper(Loss):
    """A function of (y_true, y_pred) as a Loss; keywords are further arguments of it."""

    def __init__(self, fn, reduction=AUTO, name=None, **kwargs):
        super().__init__(reduction=reduction, name=name)
        self.fn, self._fn_kwargs = fn, kwargs

    def call(self, y_true, y_pred):
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self):
        return values_of(self._fn_kwargs) | super().get_config()


def values_of(kwargs):
    """Keywords, with the values of those that are tensors."""
    return {key: K.eval(v) if tf.is_tensor(v) else v for key, v in kwargs.items()}


# -- functions ------------------------------------------------------------------------------------


def _pair(y_true, y_pred):
    y_pred = tf.convert_to_tensor(y_pred)
    return tf.cast(y_true, y_pred.dtype), y_pred


def mean_squared_error(y_true, y_pred):
    """The mean of squared differences over the last axis."""
    y_true, y_pred = _pair(y_true, y_pred)
    return K.mean(tf.squared_difference(y_pred, y_true), axis=-1)


def mean_absolute_error(y_true, y_pred):
    """The mean of absolute differences over the last axis."""
    y_true, y_pred = _pair(y_true, y_pred)
    return K.mean(tf.abs(y_pred - y_true), axis=-1)


def mean_absolute_percentage_error(y_true, y_pred):
    """The mean of absolute differences in percent of the targets."""
    y_true, y_pred = _pair(y_true, y_pred)
    size = K.clip(tf.abs(y_true), K.epsilon(), None)
    return 100.0 * K.mean(tf.abs((y_true - y_pred) / size), axis=-1)


def mean_squared_logarithmic_error(y_true, y_pred):
    """The mean of squared differences of log(x + 1)."""
    y_true, y_pred = _pair(y_true, y_pred)
    logs = [tf.log(K.clip(y, K.epsilon(), None) + 1.0) for y in (y_pred, y_true)]
    return K.mean(tf.squared_difference(*logs), axis=-1)


def _signs(y_true):
    """Targets -1 and 1, of 0 and 1 if that is all there are."""
    binary = tf.reduce_all(tf.logical_or(tf.equal(y_true, 0), tf.equal(y_true, 1)))
    return smart_cond(binary, lambda: 2.0 * y_true - 1.0, lambda: y_true)


def squared_hinge(y_true, y_pred):
    """The mean of max(1 - y_true * y_pred, 0) ** 2, of targets -1 and 1 (or 0 and 1)."""
    y_true, y_pred = _pair(y_true, y_pred)
    return K.mean(tf.square(tf.maximum(1.0 - _signs(y_true) * y_pred, 0.0)), axis=-1)


def hinge(y_true, y_pred):
    """The mean of max(1 - y_true * y_pred, 0), of targets -1 and 1 (or 0 and 1)."""
    y_true, y_pred = _pair(y_true, y_pred)
    return K.mean(tf.maximum(1.0 - _signs(y_true) * y_pred, 0.0), axis=-1)


def categorical_hinge(y_true, y_pred):
    """max(the largest wrong score - the right one + 1, 0), of targets with a one at the right."""
    y_true, y_pred = _pair(y_true, y_pred)
    right = tf.reduce_sum(y_true * y_pred, axis=-1)
    wrong = tf.reduce_max((1.0 - y_true) * y_pred, axis=-1)
    return tf.maximum(0.0, wrong - right + 1.0)


def huber_loss(y_true, y_pred, delta=1.0):
    """Half the squared difference where it is at most delta, linear beyond."""
    y_pred, y_true = tf.cast(y_pred, K.floatx()), tf.cast(y_true, K.floatx())
    size = tf.abs(y_pred - y_true)
    quadratic = tf.minimum(size, delta)
    half = tf.convert_to_tensor(0.5, dtype=quadratic.dtype)
    return half * (quadratic * quadratic) + delta * (size - quadratic)


def logcosh(y_true, y_pred):
    """The mean of log(cosh(difference))."""
    y_true, y_pred = _pair(y_true, y_pred)
    x = y_pred - y_true
    two = tf.convert_to_tensor(2.0, dtype=x.dtype)
    return K.mean(x + tf.nn.softplus(-2.0 * x) - tf.log(two), axis=-1)


def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0):
    """Cross entropy of distributions over the last axis; predictions are probabilities unless
    `from_logits`."""
    y_true, y_pred = _pair(y_true, y_pred)
    smoothing = tf.convert_to_tensor(label_smoothing, dtype=K.floatx())

    def smooth():
        classes = tf.cast(tf.shape(y_true)[1], y_pred.dtype)
        return y_true * (1.0 - smoothing) + smoothing / classes

    y_true = smart_cond(bool(label_smoothing), smooth, lambda: y_true)
    return K.categorical_crossentropy(y_true, y_pred, from_logits=from_logits)


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, axis=-1):
    """Cross entropy of targets that are the numbers of classes."""
    return K.sparse_categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)


def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0):
    """The mean cross entropy of the elements of the last axis, each true or not."""
    y_true, y_pred = _pair(y_true, y_pred)
    smoothing = tf.convert_to_tensor(label_smoothing, dtype=K.floatx())

    def smooth():
        return y_true * (1.0 - smoothing) + 0.5 * smoothing

    y_true = smart_cond(bool(label_smoothing), smooth, lambda: y_true)
    return K.mean(K.binary_crossentropy(y_true, y_pred, from_logits=from_logits), axis=-1)


def kullback_leibler_divergence(y_true, y_pred):
    """The sum of y_true * log(y_true / y_pred)."""
    y_true, y_pred = (K.clip(y, K.epsilon(), 1) for y in _pair(y_true, y_pred))
    return tf.reduce_sum(y_true * tf.log(y_true / y_pred), axis=-1)


def poisson(y_true, y_pred):
    """The mean of y_pred - y_true * log(y_pred)."""
    y_true, y_pred = _pair(y_true, y_pred)
    return K.mean(y_pred - y_true * tf.log(y_pred + K.epsilon()), axis=-1)


def cosine_proximity(y_true, y_pred, axis=-1):
    """The cosine of the angle between targets and predictions."""
    y_true, y_pred = (tf.nn.l2_normalize(y, axis=axis) for y in (y_true, y_pred))
    return tf.reduce_sum(y_true * y_pred, axis=axis)


# -- the same as classes --------------------------------------------------------------------------


def _of(function, name=None):
    """Decorates a class: a Loss by a function, `reduction` and `name` its arguments."""

    def decorate(cls):
        given = name or function.__name__

        def __init__(self, reduction=AUTO, name=given):
            LossFunctionWrapper.__init__(self, function, reduction=reduction, name=name)

        cls.__init__ = __init__
        return cls

    return decorate


@_of(mean_squared_error)
class MeanSquaredError(LossFunctionWrapper):
    """The mean of squared differences."""


@_of(mean_absolute_error)
class MeanAbsoluteError(LossFunctionWrapper):
    """The mean of absolute differences."""


@_of(mean_absolute_percentage_error)
class MeanAbsolutePercentageError(LossFunctionWrapper):
    """The mean of absolute differences in percent of the targets."""


@_of(mean_squared_logarithmic_error)
class MeanSquaredLogarithmicError(LossFunctionWrapper):
    """The mean of squared differences of log(x + 1)."""


@_of(hinge)
class Hinge(LossFunctionWrapper):
    """The mean of max(1 - y_true * y_pred, 0)."""


@_of(squared_hinge)
class SquaredHinge(LossFunctionWrapper):
    """The mean of max(1 - y_true * y_pred, 0) ** 2."""


@_of(categorical_hinge)
class CategoricalHinge(LossFunctionWrapper):
    """max(the largest wrong score - the right one + 1, 0)."""


@_of(poisson)
class Poisson(LossFunctionWrapper):
    """The mean of y_pred - y_true * log(y_pred)."""


@_of(logcosh)
class LogCosh(LossFunctionWrapper):
    """The mean of log(cosh(difference))."""


@_of(kullback_leibler_divergence)
class KLDivergence(LossFunctionWrapper):
    """The sum of y_true * log(y_true / y_pred)."""


class BinaryCrossentropy(LossFunctionWrapper):
    """The mean cross entropy of elements that are true or not."""

    def __init__(
        self, from_logits=False, label_smoothing=0, reduction=AUTO, name="binary_crossentropy"
    ):
        super().__init__(
            binary_crossentropy, reduction, name, from_logits=from_logits,
            label_smoothing=label_smoothing,
        )  # fmt: skip
        self.from_logits = from_logits


class CategoricalCrossentropy(LossFunctionWrapper):
    """Cross entropy of distributions."""

    def __init__(
        self, from_logits=False, label_smoothing=0, reduction=AUTO,
        name="categorical_crossentropy",
    ):  # fmt: skip
        super().__init__(
            categorical_crossentropy, reduction, name, from_logits=from_logits,
            label_smoothing=label_smoothing,
        )  # fmt: skip


class SparseCategoricalCrossentropy(LossFunctionWrapper):
    """Cross entropy of targets that are the numbers of classes."""

    def __init__(
        self, from_logits=False, reduction=AUTO, name="sparse_categorical_crossentropy"
    ):
        super().__init__(
            sparse_categorical_crossentropy, reduction, name, from_logits=from_logits
        )


class Huber(LossFunctionWrapper):
    """Half the squared difference where it is at most delta, linear beyond."""

    def __init__(self, delta=1.0, reduction=AUTO, name="huber_loss"):
        super().__init__(huber_loss, reduction, name, delta=delta)


class CosineSimilarity(LossFunctionWrapper):
    """The cosine of the angle between targets and predictions."""

    def __init__(self, axis=-1, reduction=AUTO, name="cosine_similarity"):
        super().__init__(cosine_proximity, reduction, name, axis=axis)


mse = MSE = mean_squared_error
mae = MAE = mean_absolute_error
mape = MAPE = mean_absolute_percentage_error
msle = MSLE = mean_squared_logarithmic_error
kld = KLD = kullback_leibler_divergence
cosine = cosine_similarity = cosine_proximity


def is_categorical_crossentropy(loss):
    """Whether it is that function, class or name."""
    return (
        isinstance(loss, CategoricalCrossentropy)
        or getattr(loss, "fn", None) is categorical_crossentropy
        or getattr(loss, "__name__", loss) == "categorical_crossentropy"
    )


def serialize(loss):
    """The name, or configuration, of a loss."""
    return serialize_keras_object(loss)


def deserialize(name, custom_objects=None):
    """The loss of this name or configuration. ValueError for an unknown one."""
    return deserialize_keras_object(name, globals(), custom_objects, "loss function")


get = getter(deserialize, "loss function")

# The types of targets; of other losses that of the predictions.
LABEL_DTYPES_FOR_LOSSES = {
    tf.losses.sparse_softmax_cross_entropy: "int32",
    sparse_categorical_crossentropy: "int32",
}
