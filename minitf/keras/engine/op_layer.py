"""Layers that raw ops between layers become, and those that models add losses by."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine import history
from minitf.keras.engine.base_layer import Layer

nest = tf.nest


@history.wraps_ops
class TensorFlowOpLayer(Layer):
    """An operation of the graph as a layer: called with other inputs, it is built again.

    What it took that does not depend on an Input stays the same.
    """

    def __init__(self, operation, places, name=None, trainable=True, dtype=None):
        super().__init__(
            name="tf_op_layer_" + (name or operation.name), trainable=trainable, dtype=dtype
        )
        self._quietly(operation=operation, places=places, built=True)

    @classmethod
    def of(cls, operation, places):
        """The layer of an operation whose inputs at `places` come from layers."""
        layer = cls(operation, places)
        inputs = [operation.inputs[i] for i in places]
        outputs = list(operation.outputs)
        layer._add_inbound_node(_single(inputs), _single(outputs))
        return layer

    def call(self, inputs):
        old = self.operation
        given = dict(zip(self.places, nest.flatten(inputs)))
        tensors = [
            given[i] if i in given else _constant(tensor) for i, tensor in enumerate(old.inputs)
        ]
        pairs = old.definition.schema.arguments(tensors)
        named = {param.name: tensor for param, tensor in pairs if param.keyword}
        positional = [tensor for param, tensor in pairs if not param.keyword]
        with tf.name_scope(None):
            made = old.definition(*positional, name=old.name, **named, **old.attrs)
        return made

    def get_config(self):
        raise NotImplementedError(
            f"{self.name}: a model in which raw operations stand between layers cannot be saved "
            "as a configuration; put them into a Lambda layer."
        )


def _constant(tensor):
    """A tensor of the graph; where operations run at once, the value that it has now."""
    if not tf.executing_eagerly():
        return tensor
    return tf.constant(K.get_value(tensor), tensor.dtype)


def _single(values):
    return values[0] if len(values) == 1 else values


class AddLoss(Layer):
    """Adds its inputs to the losses of the model."""

    def __init__(self, unconditional, **kwargs):
        super().__init__(**kwargs)
        self.unconditional = unconditional

    def call(self, inputs):
        self.add_loss(inputs, inputs=None if self.unconditional else True)
        return inputs

    def get_config(self):
        return super().get_config() | {"unconditional": self.unconditional}


class AddMetric(Layer):
    """Reports its inputs among the metrics of the model."""

    def __init__(self, aggregation=None, metric_name=None, **kwargs):
        super().__init__(**kwargs)
        self.aggregation, self.metric_name = aggregation, metric_name

    def call(self, inputs):
        self.add_metric(inputs, self.aggregation, self.metric_name)
        return inputs

    def get_config(self):
        more = {"aggregation": self.aggregation, "metric_name": self.metric_name}
        return super().get_config() | more
