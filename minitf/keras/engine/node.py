"""Node: one call of a layer, from tensors to tensors. They make up the graph of a model."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine import history

nest = tf.nest


class Node:
    """A call of `outbound_layer`, which notes it, as do the layers its inputs come from.

    `inbound_layers`, `node_indices` and `tensor_indices` say where these come from.
    """

    def __init__(
        self, outbound_layer, inbound_layers, node_indices, tensor_indices, input_tensors,
        output_tensors, arguments=None,
    ):  # fmt: skip
        self.outbound_layer = outbound_layer
        self.inbound_layers, self.node_indices = inbound_layers, node_indices
        self.tensor_indices = tensor_indices
        self.input_tensors, self.output_tensors = input_tensors, output_tensors
        self.input_shapes = nest.map_structure(K.int_shape, input_tensors)
        self.output_shapes = nest.map_structure(K.int_shape, output_tensors)
        self.arguments = arguments
        for tensor in self._tensor_arguments():
            if history.needs_keras_history(tensor, ignore_call_context=True):
                history.create_keras_history(tensor)
        for layer in nest.flatten(inbound_layers):
            if layer is not None:
                layer._outbound_nodes.append(self)
        outbound_layer._inbound_nodes.append(self)

    def _tensor_arguments(self):
        return [t for t in nest.flatten(self.arguments) if isinstance(t, tf.Tensor)]

    def iterate_inbound(self, include_arguments=False):
        """(layer, node index, tensor index, tensor) of each input."""
        found = list(zip(*map(nest.flatten, (self.inbound_layers, self.node_indices,
                                             self.tensor_indices, self.input_tensors))))
        if include_arguments:
            found += [(*t._keras_history, t) for t in self._tensor_arguments()
                      if hasattr(t, "_keras_history")]  # fmt: skip
        return found

    def dependencies(self):
        """The nodes whose outputs it takes."""
        return [
            layer._inbound_nodes[index] for layer, index, _, _ in self.iterate_inbound(True)
        ]

    def get_config(self):
        """Where inputs come from, by names and numbers."""
        names = nest.map_structure(lambda layer: layer and layer.name, self.inbound_layers)
        return {
            "outbound_layer": self.outbound_layer.name,
            "inbound_layers": names,
            "node_indices": self.node_indices,
            "tensor_indices": self.tensor_indices,
        }
