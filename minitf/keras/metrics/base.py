"""Metric: a number about predictions, kept over the batches of an epoch."""
import numpy as np

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import Layer
from minitf.keras.engine.layer_extras import makes_means
from minitf.keras.losses import values_of
from minitf.keras.utils.losses_utils import squeeze_or_expand
from minitf.ops.reduction.weights import broadcast_weights


class Metric(Layer):
    """The base of metrics: `update_state(...)` returns an operation, `result()` a tensor.

    Called, it returns the result after the update; `reset_states` sets its variables to 0.
    """

    def __new__(cls, *args, **kwargs):
        made = super().__new__(cls)
        made._quietly(update_state=_noting_update(made, made.update_state))
        made._quietly(result=_noting_result(made, made.result))
        return made

    def __init__(self, name=None, dtype=None, **kwargs):
        super().__init__(name=name, dtype=dtype or K.floatx(), **kwargs)
        self.stateful = self.built = True

    def __call__(self, *args, **kwargs):
        update = self.update_state(*args, **kwargs)
        with tf.control_dependencies([update]):
            result = self.result()
        result._metric_obj = self
        return result

    def get_config(self):
        return {"name": self.name, "dtype": self.dtype}

    def reset_states(self):
        """Begin anew."""
        K.batch_set_value([(v, np.zeros(v.shape.as_list())) for v in self.variables])

    def update_state(self, *args, **kwargs):
        """The operation that takes in more values."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def result(self):
        """The metric of all values so far."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def add_weight(
        self,
        name,
        shape=(),
        aggregation=tf.VariableAggregation.SUM,
        synchronization=tf.VariableSynchronization.ON_READ,
        initializer=None,
        dtype=None,
    ):
        """A variable of the metric, in no collection of the graph; zeros at first."""
        return super().add_weight(
            name=name,
            shape=shape,
            dtype=dtype or self.dtype,
            trainable=False,
            initializer=initializer,
            collections=[],
            synchronization=synchronization,
            aggregation=aggregation,
        )


def _noting_update(metric, function):
    def update_state(*args, **kwargs):
        update = function(*args, **kwargs)
        if update is not None:
            metric.add_update(update)
        return update

    return update_state


def _noting_result(metric, function):
    def result(*args):
        found = tf.identity(function(*args))
        metric._quietly(_call_result=found)
        return found

    return result


def _fitted(values, weights, dtype, reduce):
    """(values, weights) of shapes that fit; values may be reduced over axes to do so."""
    weights = tf.cast(weights, dtype)
    values, _, weights = squeeze_or_expand(values, None, weights)
    try:
        weights = broadcast_weights(weights, values)
    except ValueError:
        values = reduce(values, axis=list(range(K.ndim(weights), K.ndim(values))))
    return values, weights


class Reduce(Metric):
    """A sum of values, or their mean: what `total` is divided by is `count`."""

    mean = True

    def __init__(self, name, dtype=None):
        super().__init__(name=name, dtype=dtype)
        with tf.init_scope():
            self.total = self.add_weight("total", initializer=tf.zeros_initializer)
            if self.mean:
                self.count = self.add_weight("count", initializer=tf.zeros_initializer)

    def update_state(self, values, sample_weight=None):
        """Take in values; weights are for each, or for each sample."""
        values = tf.cast(values, self.dtype)
        if sample_weight is not None:
            reduce = tf.reduce_mean if self.mean else tf.reduce_sum
            values, sample_weight = _fitted(values, sample_weight, self.dtype, reduce)
            values *= sample_weight
        total = tf.reduce_sum(values)
        with tf.control_dependencies([total]):
            added = self.total.assign_add(total)
        if not self.mean:
            return added
        with tf.control_dependencies([added]):
            return self.count.assign_add(self._number(values, sample_weight))

    def _number(self, values, weights):
        if weights is None:
            return tf.cast(tf.size(values), self.dtype)
        return tf.reduce_sum(weights)

    def result(self):
        return tf.div_no_nan(self.total, self.count) if self.mean else tf.identity(self.total)


class Sum(Reduce):
    """The sum of values, weighted."""

    mean = False

    def __init__(self, name="sum", dtype=None):
        super().__init__(name=name, dtype=dtype)


@makes_means
class Mean(Reduce):
    """The mean of values, weighted."""

    def __init__(self, name="mean", dtype=None):
        super().__init__(name=name, dtype=dtype)


class MeanMetricWrapper(Mean):
    """The mean of a function of (y_true, y_pred); keywords are further arguments of it."""

    def __init__(self, fn, name=None, dtype=None, **kwargs):
        super().__init__(name=name, dtype=dtype)
        self._quietly(_fn=fn, _fn_kwargs=kwargs)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets and predictions."""
        y_true, y_pred = tf.cast(y_true, self.dtype), tf.cast(y_pred, self.dtype)
        y_pred, y_true, _ = squeeze_or_expand(y_pred, y_true)
        matches = self._fn(y_true, y_pred, **self._fn_kwargs)
        return super().update_state(matches, sample_weight=sample_weight)

    def get_config(self):
        return super().get_config() | values_of(self._fn_kwargs)


class MeanTensor(Metric):
    """The mean of tensors of one shape, element by element. ValueError for another shape."""

    def __init__(self, name="mean_tensor", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self._quietly(_shape=None, total=None, count=None)

    def update_state(self, values, sample_weight=None):
        """Take in a tensor; weights are for each element, or for each sample."""
        values = tf.cast(values, self.dtype)
        if self._shape is None:
            self._quietly(_shape=values.shape)
            self.total = self.add_weight("total", values.shape, initializer=tf.zeros_initializer)
            self.count = self.add_weight("count", values.shape, initializer=tf.zeros_initializer)
            K.get_session()
        elif values.shape.as_list() != self._shape.as_list():
            raise ValueError(
                "MeanTensor input values must always have the same shape. Expected shape (set "
                f"during the first call): {self._shape}. Got: {values.shape}"
            )
        count = tf.ones_like(values)
        if sample_weight is not None:
            values, weights = _fitted(values, sample_weight, self.dtype, tf.reduce_mean)
            count, values = count * weights, values * weights
        added = self.total.assign_add(values)
        with tf.control_dependencies([added]):
            return self.count.assign_add(count)

    def result(self):
        if self._shape is None:
            raise ValueError(
                "MeanTensor does not have any result yet. Please call the MeanTensor instance or "
                "use `.update_state(value)` before retrieving the result."
            )
        return tf.div_no_nan(self.total, self.count)
