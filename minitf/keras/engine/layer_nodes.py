"""What a layer knows of its calls: inputs, outputs, their shapes and masks."""
import minitf as tf
from minitf.keras.engine.history import KerasHistory
from minitf.keras.engine.node import Node

nest = tf.nest


def _at(attribute, what):
    def method(self, node_index):
        return self._of_node(node_index, attribute, what)

    method.__doc__ = f"The {what} of the call number `node_index`. ValueError when there is none."
    return method


def _only(attribute, what):
    def getter(self):
        if not self._inbound_nodes:
            raise AttributeError(f"Layer {self.name} is not connected, no {what} to return."
                                 if what in ("input",) else
                                 f"Layer {self.name} has no inbound nodes.")  # fmt: skip
        if len(self._inbound_nodes) > 1:
            raise AttributeError(
                f"Layer {self.name} has multiple inbound nodes, hence the notion of "
                f'"layer {what}" is ill-defined. Use `get_{what.replace(" ", "_")}_at(node_index)` '
                "instead."
            )
        return self._of_node(0, attribute, what)

    return property(getter, doc=f"The {what} of the only call. AttributeError for several.")


def _shape(attribute, what):
    def getter(self):
        if not self._inbound_nodes:
            raise AttributeError(
                f"The layer has never been called and thus has no defined {what} shape."
            )
        shapes = {str(getattr(node, attribute)) for node in self._inbound_nodes}
        if len(shapes) == 1:
            return getattr(self._inbound_nodes[0], attribute)
        raise AttributeError(
            f'The layer "{self.name}" has multiple inbound nodes, with different {what} shapes. '
            f'Hence the notion of "{what} shape" is ill-defined for the layer. Use '
            f"`get_{what}_shape_at(node_index)` instead."
        )

    return property(getter, doc=f"The shape of the {what}, where all calls have the same.")


class Nodes:
    """The calls of a layer that belong to the graph of a model."""

    @property
    def inbound_nodes(self):
        return self._inbound_nodes

    @property
    def outbound_nodes(self):
        return self._outbound_nodes

    input = _only("input_tensors", "input")
    output = _only("output_tensors", "output")
    input_shape = _shape("input_shapes", "input")
    output_shape = _shape("output_shapes", "output")
    get_input_at = _at("input_tensors", "input")
    get_output_at = _at("output_tensors", "output")
    get_input_shape_at = _at("input_shapes", "input shape")
    get_output_shape_at = _at("output_shapes", "output shape")

    def get_input_mask_at(self, node_index):
        """The masks of the inputs of a call."""
        return _masks(self.get_input_at(node_index))

    def get_output_mask_at(self, node_index):
        """The masks of the outputs of a call."""
        return _masks(self.get_output_at(node_index))

    @property
    def input_mask(self):
        return _masks(self.input)

    @property
    def output_mask(self):
        return _masks(self.output)

    def compute_output_signature(self, input_signature):
        """The TensorSpecs of the outputs for inputs of these: the shapes that
        `compute_output_shape` says, in the layer's type or else in that of the first input.

        TypeError for what is no TensorSpec.
        """
        specs = nest.flatten(input_signature)
        for spec in specs:
            if not isinstance(spec, tf.TensorSpec):
                raise TypeError("Only TensorSpec signature types are supported, but saw signature "
                                f"signature entry: {spec}.")  # fmt: skip
        shapes = self.compute_output_shape(nest.map_structure(lambda s: s.shape, input_signature))
        dtype = self._dtype or specs[0].dtype
        return nest.map_structure(lambda shape: tf.TensorSpec(shape, dtype), shapes)

    def _of_node(self, index, attribute, what):
        if not self._inbound_nodes:
            raise RuntimeError(
                f"The layer has never been called and thus has no defined {what}."
            )
        if len(self._inbound_nodes) <= index:
            raise ValueError(
                f"Asked to get {what} at node {index}, but the layer has only "
                f"{len(self._inbound_nodes)} inbound nodes."
            )
        values = getattr(self._inbound_nodes[index], attribute)
        return values[0] if isinstance(values, list) and len(values) == 1 else values

    def _connect(self, inputs, outputs, args, kwargs):
        """Note a call, and in its outputs where they come from; the outputs.

        Inputs that are returned as they were are copied first.
        """
        given = {id(x) for x in nest.flatten(inputs)}

        def own(x):
            if id(x) not in given:
                return x
            with tf.name_scope(self.name):
                return tf.identity(x)

        outputs = nest.map_structure(own, outputs)
        arguments = dict(zip(self._call_fn_args[1:], args)) | kwargs
        self._add_inbound_node(inputs, outputs, arguments)
        return outputs

    def _add_inbound_node(self, inputs, outputs, arguments=None):
        def part(field):
            return nest.map_structure(lambda t: getattr(t._keras_history, field), inputs)

        layers, nodes, tensors = map(part, KerasHistory._fields)
        Node(self, layers, nodes, tensors, inputs, outputs, arguments)
        for i, tensor in enumerate(nest.flatten(outputs)):
            tensor._keras_history = KerasHistory(self, len(self._inbound_nodes) - 1, i)


def _masks(tensors):
    if isinstance(tensors, list):
        return [getattr(x, "_keras_mask", None) for x in tensors]
    return getattr(tensors, "_keras_mask", None)
