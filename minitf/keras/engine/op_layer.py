"""Layers that raw ops between layers become, and those that models add losses by."""
import minitf as tf
from minitf.core.proto.attributes import python_value
from minitf.core.proto.graph_def import NodeDef
from minitf.core.proto.json_form import from_objects, to_objects
from minitf.core.proto.signatures import signature
from minitf.keras import backend as K
from minitf.keras.engine import history
from minitf.keras.engine.base_layer import Layer

nest = tf.nest
_PREFIX = "tf_op_layer_"  # of the names of such layers


@history.wraps_ops
class TensorFlowOpLayer(Layer):
    """An operation of the graph as a layer: called with other inputs, it is built again.

    `node_def` is the Operation, or its NodeDef as `get_config` gives it; `constants` are the values
    of those inputs, by their numbers, that do not depend on an Input: they stay the same.
    """

    def __init__(self, node_def, name, constants=None, trainable=True, dtype=None):
        super().__init__(name=_PREFIX + name, trainable=trainable, dtype=dtype)
        known = isinstance(node_def, tf.Operation)
        self._quietly(
            operation=node_def if known else _operation(node_def),
            constants={int(place): value for place, value in (constants or {}).items()},
            built=True,
        )

    @classmethod
    def of(cls, operation, places):
        """The layer of an operation whose inputs at `places` come from layers."""
        others = {i: x for i, x in enumerate(operation.inputs) if i not in places}
        layer = cls(operation, operation.name, others)
        inputs = [operation.inputs[i] for i in places]
        layer._add_inbound_node(inputs, list(operation.outputs))
        return layer

    def call(self, inputs):
        old, given = self.operation, iter(nest.flatten(inputs))
        tensors = [
            _constant(self.constants[i], tensor.dtype.base_dtype)
            if i in self.constants else next(given)
            for i, tensor in enumerate(old.inputs)
        ]  # fmt: skip
        pairs = old.definition.schema.arguments(tensors)
        named = {param.name: tensor for param, tensor in pairs if param.keyword}
        positional = [tensor for param, tensor in pairs if not param.keyword]
        with tf.name_scope(None):
            made = old.definition(*positional, name=old.name, **named, **old.attrs)
        return made

    def get_config(self):
        config = super().get_config()
        return config | {
            "name": config["name"][len(_PREFIX) :],
            "node_def": to_objects(self.operation.node_def),
            "constants": {place: K.get_value(x) for place, x in self.constants.items()},
        }


def _operation(node_def):
    """The Operation that a NodeDef tells of, in a graph of its own, whose inputs are open."""
    node = from_objects(NodeDef, node_def)
    attrs = {key: python_value(value) for key, value in node.attr.items()}
    wanted = [dtype for arg in signature(node.op).inputs for dtype in arg.dtypes(attrs)]
    graph = tf.Graph()
    with graph.as_default():
        inputs = [tf.placeholder(dtype) for dtype in wanted]
    return graph.create_op(node.op, inputs, name=node.name, attrs=dict(node.attr))


def _constant(value, dtype):
    """A tensor of the graph, or of a value; where operations run at once, of the one it has now."""
    if isinstance(value, tf.Tensor) and not K.runs_at_once():
        return value
    return tf.constant(K.get_value(value), dtype)


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
