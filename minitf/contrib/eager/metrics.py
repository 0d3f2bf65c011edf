"""`tfe.metrics`: numbers about predictions, kept over calls: `metric(values)`, then
`metric.result()`."""

import re

from minitf.contrib.summary import scalar
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float64, int32
from minitf.core.eager import executing_eagerly
from minitf.core.graph import control_dependencies
from minitf.core.graph_keys import GraphKeys
from minitf.core.trackable import Trackable
from minitf.ops.array.basics import broadcast_to, identity, shape, size
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, equal
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable, variable_scope


class Metric(Trackable):
    """The base: `build` makes variables at the first call, by `add_variable`; `call` takes values
    in, `result` gives the number, `init_variables` begins anew."""

    def __init__(self, name=None, use_global_variables=False):
        self._built, self._vars, self._use_global_variables = False, [], use_global_variables
        self._name, self._initial_values = name or type(self).__name__, []
        with variable_scope(re.sub("[^A-Za-z0-9.]", "_", self._name), use_resource=True) as scope:
            self._scope = scope
        self._build, self.build = self.build, self._built_once

    name = property(lambda self: self._name)
    variables = property(lambda self: self._vars)

    def __call__(self, *args, **kwargs):
        """Take in values; what `call` returns."""
        if not self._built:
            with variable_scope(self._scope, reuse=False):
                self.build(*args, **kwargs)
        return self.call(*args, **kwargs)

    def _built_once(self, *args, **kwargs):
        self._build(*args, **kwargs)
        self._built = True

    def init_variables(self):
        """Begin anew; the operation that does, in a graph."""
        if not executing_eagerly():
            return group(*[variable.initializer for variable in self._vars])
        for variable, value in zip(self._vars, self._initial_values):
            variable.assign(value)
        return None

    def build(self, *args, **kwargs):
        """Make the variables; with the arguments of the first call."""

    def call(self, *args, **kwargs):
        """Take in values."""
        raise NotImplementedError("Metrics must define a call() member function")

    def result(self):
        """The number, of all values so far."""
        raise NotImplementedError("Metrics must define a result() member function")

    def value(self):
        """The same as `result`."""
        return self.result()

    def add_variable(self, name, shape=None, dtype=None, initializer=None):
        """A variable for `build` to keep numbers in. RuntimeError after it."""
        if self._built:
            raise RuntimeError("Can't call add_variable() except in build().")
        kind = GraphKeys.GLOBAL_VARIABLES if self._use_global_variables else (
            GraphKeys.LOCAL_VARIABLES)  # fmt: skip
        made = get_variable(
            name, shape, dtype, initializer, trainable=False, use_resource=True,
            collections=[kind, GraphKeys.METRIC_VARIABLES],
        )  # fmt: skip
        self._vars.append(made)
        if executing_eagerly():
            self._initial_values.append(made.value())
        return self._track_trackable(made, name)


class Mean(Metric):
    """The mean of values, weighted."""

    def __init__(self, name=None, dtype=float64, use_global_variables=False):
        super().__init__(name=name, use_global_variables=use_global_variables)
        self.dtype = dtype

    def build(self, *args, **kwargs):
        zeros = Zeros
        self.numer = self.add_variable("numer", (), self.dtype, zeros)
        self.denom = self.add_variable("denom", (), self.dtype, zeros)

    def call(self, values, weights=None):
        """Take in values; they are returned."""
        values = convert_to_tensor(values)
        if weights is None:
            count, total = size(values), reduce_sum(cast(values, self.dtype))
        else:
            weights = broadcast_to(cast(weights, self.dtype), shape(values))
            count = reduce_sum(weights)
            total = reduce_sum(cast(values, self.dtype) * weights)
        updates = [self.numer.assign_add(total), self.denom.assign_add(cast(count, self.dtype))]
        if executing_eagerly():
            return values
        with control_dependencies(updates):
            return identity(values)

    def result(self, write_summary=True):
        """The mean; it is summarized where a writer of tf.contrib.summary is the default one."""
        mean = self.numer / self.denom
        if write_summary and executing_eagerly():
            scalar(name=self.name, tensor=mean)
        return mean


class Accuracy(Mean):
    """How many predictions are equal to the labels."""

    def __init__(self, name=None, dtype=float64):
        super().__init__(name=name, dtype=dtype)

    def call(self, labels, predictions, weights=None):
        """Take in labels and predictions, of one shape; they are returned."""
        super().call(self._matches(labels, predictions), weights=weights)
        return (labels, predictions) if weights is None else (labels, predictions, weights)

    def _matches(self, labels, predictions):
        labels, predictions = map(convert_to_tensor, (labels, predictions))
        if labels.dtype != predictions.dtype:
            raise TypeError(
                f"Cannot be compared: {labels.dtype.name} and {predictions.dtype.name}"
            )
        assert_equal(
            shape(labels), shape(predictions),
            message="Shapes of labels and predictions are unequal",
        )  # fmt: skip
        return equal(labels, predictions)


class CategoricalAccuracy(Accuracy):
    """How many predictions [batch, classes] are highest for the class that the labels, which are
    one-hot, say."""

    def _matches(self, labels, predictions):
        return equal(argmax(labels, -1), argmax(predictions, -1))


class SparseAccuracy(Accuracy):
    """How many predictions [batch, classes] are highest for the class that is the label."""

    def _matches(self, labels, predictions):
        found = argmax(predictions, -1)
        return equal(cast(labels, found.dtype), found)


class BinaryAccuracy(Accuracy):
    """How many predictions lie on the same side of `threshold` as the labels."""

    def __init__(self, threshold, name=None, dtype=float64):
        super().__init__(name=name, dtype=dtype)
        self.threshold = threshold

    def _matches(self, labels, predictions):
        found = cast(convert_to_tensor(predictions) > self.threshold, int32)
        return equal(cast(labels, int32), found)
