"""A model as a table, and where its tensors come from."""
import minitf as tf
from minitf.keras import backend as K

nest = tf.nest


def _is_a_chain(model):
    """Whether each layer has but one input, and is called but once."""
    if type(model).__name__ == "Sequential" or not model._is_graph_network:
        return True
    nodes = []
    for calls in model._nodes_by_depth.values():
        if len(calls) > 1 or len(nest.flatten(calls[0].inbound_layers)) > 1:
            return False
        nodes += calls
    return all(
        sum(node in nodes for node in layer._inbound_nodes) <= 1 for layer in model.layers
    )


def print_summary(model, line_length=None, positions=None, print_fn=None):
    """Print a table of the layers: what they yield, and how many parameters they have."""
    table = _Table(model, line_length, positions, print_fn or print)
    table.print()


class _Table:
    """The lines of a summary."""

    def __init__(self, model, width, positions, print_fn):
        self.model, self.print_fn = model, print_fn
        self.chain = _is_a_chain(model)
        self.width = width or (65 if self.chain else 98)
        positions = positions or ([0.45, 0.85, 1.0] if self.chain else [0.33, 0.55, 0.67, 1.0])
        if positions[-1] <= 1:
            positions = [int(self.width * position) for position in positions]
        self.positions = positions

    def print(self):
        model, layers = self.model, self.model.layers
        self.print_fn(f'Model: "{model.name}"')
        self.print_fn("_" * self.width)
        heads = ["Layer (type)", "Output Shape", "Param #", "Connected to"]
        self.row(heads[:3] if self.chain else heads)
        self.print_fn("=" * self.width)
        for i, layer in enumerate(layers):
            self.layer(layer)
            self.print_fn(("=" if i == len(layers) - 1 else "_") * self.width)
        model._check_trainable_weights_consistency()
        trainable = getattr(model, "_collected_trainable_weights", None)
        if trainable is None:
            trainable = model._unique_trainable_weights
        counts = count_params(trainable), count_params(model.non_trainable_weights)
        self.print_fn(f"Total params: {sum(counts):,}")
        self.print_fn(f"Trainable params: {counts[0]:,}")
        self.print_fn(f"Non-trainable params: {counts[1]:,}")
        self.print_fn("_" * self.width)

    def row(self, fields):
        line = ""
        for i, (field, position) in enumerate(zip(fields, self.positions)):
            line = (line[:-1] + " " if i else line) + str(field)
            line = line[:position].ljust(position)
        self.print_fn(line)

    def layer(self, layer):
        name = f"{layer.name} ({type(layer).__name__})"
        fields = [name, _shape(layer), layer.count_params()]
        if self.chain:
            return self.row(fields)
        first, *rest = self.connections(layer) or [""]
        self.row([*fields, first])
        for connection in rest:
            self.row(["", "", "", connection])
        return None

    def connections(self, layer):
        known = [node for nodes in self.model._nodes_by_depth.values() for node in nodes]
        return [
            f"{before.name}[{index}][{tensor}]"
            for node in layer._inbound_nodes if node in known
            for before, index, tensor, _ in node.iterate_inbound()
        ]  # fmt: skip


def _shape(layer):
    nodes = getattr(layer, "_inbound_nodes", [])
    if not nodes:
        return "multiple"
    shapes = {str(node.output_shapes) for node in nodes}
    return nodes[0].output_shapes if len(shapes) == 1 else "multiple"


def count_params(weights):
    """How many numbers the variables hold, each counted once."""
    return sum(map(K.count_params, {id(w): w for w in weights}.values()))


def get_source_inputs(tensor, layer=None, node_index=None):
    """The inputs of a model that a tensor comes from; the tensor itself if no layer made it."""
    if not hasattr(tensor, "_keras_history"):
        return tensor
    if layer is None or node_index:
        layer, node_index, _ = tensor._keras_history
    if not layer._inbound_nodes:
        return [tensor]
    node, found = layer._inbound_nodes[node_index], []
    if not node.inbound_layers:
        return nest.flatten(node.input_tensors)
    for before, index, _, source in node.iterate_inbound():
        for x in get_source_inputs(source, before, index):
            if not any(x is other for other in found):
                found.append(x)
    return found


def convert_all_kernels_in_model(model):
    """Turn the kernels of convolutions by 180 degrees, as Theano has them."""
    kinds = ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose")
    pairs = []
    for layer in model.layers:
        if type(layer).__name__ in kinds:
            kernel = K.get_value(layer.kernel)
            pairs.append((layer.kernel, convert_kernel(kernel)))
    K.batch_set_value(pairs)


def convert_kernel(kernel):
    """A kernel turned by 180 degrees."""
    if not 3 <= kernel.ndim <= 5:
        raise ValueError("Invalid kernel shape:", kernel.shape)
    turned = slice(None, None, -1)
    return kernel[(turned,) * (kernel.ndim - 2)].copy()
