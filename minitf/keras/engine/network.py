"""Network: layers as one layer, connected by calls, or by a `call` of one's own."""
import contextlib

import minitf as tf
from minitf.core.trackable import Contents, changed, edges_of
from minitf.core.trackable_structures import Structure
from minitf.keras import backend as K
from minitf.keras.engine import history, network_config
from minitf.keras.engine.base_layer import Layer, default
from minitf.keras.engine.graph_network import map_graph, map_subgraph, node_key
from minitf.keras.engine.network_build import call_on_placeholders
from minitf.keras.engine.network_files import Files
from minitf.keras.engine.node import Node
from minitf.keras.engine.op_layer import AddLoss, AddMetric
from minitf.keras.engine.tracking import is_layer, own_layers
from minitf.keras.utils import layer_utils
from minitf.keras.utils.names import to_shapes, to_tuples, validate_kwargs

nest = tf.nest


class Network(Files, Layer):
    """Layers between `inputs` and `outputs`; or, of a subclass, those in its attributes."""

    def __init__(self, *args, **kwargs):
        functional = len(args) in (2, 3) or (len(args) == 1 and "outputs" in kwargs)
        if functional or ("inputs" in kwargs and "outputs" in kwargs):
            self._init_graph_network(*args, **kwargs)
        else:
            self._init_subclassed_network(**kwargs)  # what stands by its place is ignored there

    def __setattr__(self, name, value):
        if "_name" not in vars(self) and all(map(is_layer, nest.flatten(value))):
            raise RuntimeError(
                "It looks like you are subclassing `Model` and you forgot to call "
                "`super(YourClass, self).__init__()`. Always start with this line."
            )
        if self._is_graph_network:  # its layers are those between its inputs and outputs
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)

    def _base_init(self, name=None, **kwargs):
        validate_kwargs(kwargs, {"trainable", "dtype", "dynamic", "autocast"})
        kept = {key: vars(self)[key] for key in
                ("_layers", "_trainable_weights", "_non_trainable_weights", "_inbound_nodes",
                 "_outbound_nodes") if key in vars(self)}  # fmt: skip
        Layer.__init__(self, name=name, **kwargs)
        self._quietly(**kept)
        vars(self).setdefault("optimizer", None)
        self._quietly(_is_compiled=False)

    def _init_graph_network(self, inputs, outputs, name=None, **kwargs):
        validate_kwargs(
            kwargs, {"trainable"}, "Functional models may only specify `name` and `trainable` "
            "keyword arguments during initialization. Got an unexpected argument:",
        )  # fmt: skip
        inputs, outputs = _unlisted(inputs), _unlisted(outputs)
        flat_inputs, flat_outputs = nest.flatten(inputs), nest.flatten(outputs)
        if not history.have_all_keras_metadata(flat_outputs):
            history.create_keras_history(
                [x for x in flat_outputs if history.uses_keras_history(x)]
            )
        again = self._is_graph_network  # a Sequential that has got one more layer
        if not again:
            self._base_init(name=name, **kwargs)
        self._check_tensors(flat_inputs, flat_outputs)
        graph = map_graph(flat_inputs, flat_outputs)
        self._quietly(
            _is_graph_network=True,
            _autocast=False,  # its layers do
            _compute_output_and_mask_jointly=True,
            built=True,
            inputs=flat_inputs,
            outputs=flat_outputs,
            _nested_inputs=inputs,
            _nested_outputs=outputs,
            _input_layers=[x._keras_history.layer for x in flat_inputs],
            _output_layers=[x._keras_history.layer for x in flat_outputs],
            _output_coordinates=[x._keras_history for x in flat_outputs],
            _network_nodes=graph.keys,
            _nodes_by_depth=graph.nodes_by_depth,
            _layers=list(graph.layers),
        )
        if again:
            self._inbound_nodes.clear()
        Node(self, [], [], [], self._nested_inputs, self._nested_outputs)
        self._name_tensors()
        self._note_layers()

    def _note_layers(self):
        """Name the layers for checkpoints: `layer-1`, and those with variables also by their number
        among those."""
        edges, count = edges_of(self), 0
        for number, layer in enumerate(self._tracked("_layers")):
            inside = nest.flatten(layer.value) if isinstance(layer, Contents) else [layer]
            with contextlib.suppress(ValueError):  # a layer that is not built
                if any(getattr(each, "weights", None) for each in inside):
                    edges[f"layer_with_weights-{count}"] = layer
                    count += 1
            edges[f"layer-{number}"] = layer
        changed()

    def _name_tensors(self):
        fed = [layer for layer in self._input_layers if layer.is_placeholder]
        self._quietly(
            input_names=[layer.name for layer in self._input_layers],
            output_names=_unique([layer.name for layer in self._output_layers]),
            _feed_input_names=[layer.name for layer in fed],
            _feed_input_shapes=[layer._batch_input_shape for layer in fed],
            _feed_inputs=[layer.input for layer in fed],
        )

    def _init_subclassed_network(self, name=None, **kwargs):
        self._base_init(name=name, **kwargs)
        self._quietly(outputs=[], inputs=[], built=False)

    def _check_tensors(self, inputs, outputs):
        if len({id(x) for x in inputs}) != len(inputs):
            raise ValueError("The list of inputs passed to the model is redundant. All inputs "
                             f"should only appear once. Found: {inputs}")  # fmt: skip
        for x in inputs:
            if not hasattr(x, "_keras_history"):
                raise ValueError(
                    f"Input tensors to a {type(self).__name__} must come from "
                    f"`tf.keras.Input`. Received: {x} (missing previous layer metadata)."
                )
        for x in outputs:
            if not hasattr(x, "_keras_history"):
                raise ValueError(
                    f"Output tensors to a {type(self).__name__} must be the output of a "
                    f"TensorFlow `Layer` (thus holding past layer metadata). Found: {x}"
                )

    # -- what it is made of ----------------------------------------------------------------------

    @property
    def layers(self):
        found = own_layers(self._tracked("_layers"))
        return own_layers(
            inside for each in found
            for inside in (each.layers if isinstance(each, Structure) else [each])
        )  # fmt: skip

    def get_layer(self, name=None, index=None):
        """The layer of this name, or at this place. ValueError when there is none."""
        if index is not None:
            if len(self.layers) <= index:
                raise ValueError(
                    f"Was asked to retrieve layer at index {index} but model only has "
                    f"{len(self.layers)} layers."
                )
            return self.layers[index]
        if not name:
            raise ValueError("Provide either a layer name or layer index.")
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}")

    @property
    def weights(self):
        self._assert_weights_created()
        own = self._tracked("_trainable_weights") + self._tracked("_non_trainable_weights")
        return [v for layer in self.layers_with_input for v in layer.weights] + own

    @property
    def layers_with_input(self):
        """All layers: a Sequential shows its input among these alone."""
        return own_layers(self._tracked("_layers"))

    @property
    def trainable_weights(self):
        self._assert_weights_created()
        if not self.trainable:
            return []
        return self._children("trainable_weights") + self._tracked("_trainable_weights")

    @property
    def non_trainable_weights(self):
        self._assert_weights_created()
        own = self._tracked("_non_trainable_weights")
        if self.trainable:
            return self._children("non_trainable_weights") + own
        trainable, others = self._children("trainable_weights"), self._children(
            "non_trainable_weights")  # fmt: skip
        return trainable + others + self._tracked("_trainable_weights") + own

    def _assert_weights_created(self):
        """ValueError for a model whose variables wait for its first inputs."""
        if "build" in type(self).__dict__ and not self.built and not self._is_graph_network:
            raise ValueError(
                f"Weights for model {self.name} have not yet been created. Weights are created "
                "when the Model is first called on inputs or `build()` is called with an "
                "`input_shape`."
            )

    @property
    def dynamic(self):
        return self._dynamic or any(getattr(layer, "dynamic", False) for layer in self.layers)

    @property
    def stateful(self):
        return any(getattr(layer, "stateful", False) for layer in self.layers)

    @stateful.setter
    def stateful(self, value):
        """Layers say it: what a layer's `__init__` sets is no matter."""

    @property
    def state_updates(self):
        """The updates of stateful layers: also run to predict."""
        stateful = [layer for layer in self.layers if getattr(layer, "stateful", False)]
        return [update for layer in stateful for update in getattr(layer, "updates", ())]

    def reset_states(self):
        """Reset the states of all stateful layers."""
        for layer in self.layers:
            if hasattr(layer, "reset_states") and getattr(layer, "stateful", False):
                layer.reset_states()

    @property
    def input_spec(self):
        if not self._is_graph_network:
            return None
        specs = []
        for layer in self._input_layers:
            spec = layer.input_spec
            specs += spec if isinstance(spec, list) else [spec]
        return specs[0] if len(specs) == 1 else specs

    @input_spec.setter
    def input_spec(self, value):
        """That of the input layers counts."""

    @property
    def _should_compute_mask(self):
        return self._is_graph_network

    # -- calling it ------------------------------------------------------------------------------

    @default
    def build(self, input_shape):
        """Make the variables of a subclass, by its `call` on inputs of this shape.

        ValueError when `call` needs more than inputs, or another type of them.
        """
        if self._is_graph_network:
            self.built = True
            return
        if input_shape is None:
            raise ValueError("Input shape must be defined when calling build on a model subclass "
                             "network.")  # fmt: skip
        if not self.inputs:
            call_on_placeholders(self, input_shape)
        self._note_layers()
        self.built = True

    def call(self, inputs, training=None, mask=None):
        if not self._is_graph_network:
            raise NotImplementedError(
                "When subclassing the `Model` class, you should implement a `call` method."
            )
        return self._run_internal_graph(inputs, training=training, mask=mask)

    def compute_mask(self, inputs, mask):
        if not self._is_graph_network:
            return None
        outputs = self._run_internal_graph(inputs, mask=mask)
        return nest.map_structure(lambda t: t._keras_mask, outputs)

    def compute_output_shape(self, input_shape):
        if not self._is_graph_network:
            return super().compute_output_shape(input_shape)
        shapes = to_tuples(input_shape)
        if isinstance(shapes, dict):
            shapes = [shapes[key] for key in sorted(shapes)]
        shapes = shapes if isinstance(shapes, list) else [shapes]
        if len(shapes) != len(self._input_layers):
            raise ValueError(f"Invalid input_shape argument {input_shape}: model has "
                             f"{len(self._input_layers)} tensor inputs.")  # fmt: skip
        known = {id(x): tf.TensorShape(shape) for x, shape in zip(self.inputs, shapes)}
        for node in self._calls():
            given = nest.map_structure(lambda t: known[id(t)], node.input_tensors)
            found = nest.flatten(to_shapes(node.outbound_layer.compute_output_shape(given)))
            known.update((id(x), y) for x, y in zip(nest.flatten(node.output_tensors), found))
        outputs = [known[id(x)] for x in self.outputs]
        return nest.pack_sequence_as(self._nested_outputs, outputs)

    def _calls(self):
        """The calls of layers but those of inputs, in order."""
        depths = sorted(self._nodes_by_depth, reverse=True)
        nodes = [node for depth in depths for node in self._nodes_by_depth[depth]]
        inputs = [layer._inbound_nodes[0] for layer in self._input_layers]
        return [node for node in nodes if node not in inputs]

    def _run_internal_graph(self, inputs, training=None, mask=None):
        """The outputs of the layers called again on other inputs."""
        inputs = nest.flatten(inputs)
        masks = [None] * len(inputs) if mask is None else nest.flatten(mask)
        for x, one in zip(inputs, masks):
            x._keras_mask = one
        computed = {id(x): y for x, y in zip(self.inputs, inputs)}
        for node in self._calls():
            if all(id(x) in computed for x in nest.flatten(node.input_tensors)):
                given = nest.map_structure(lambda t: computed[id(t)], node.input_tensors)
                kwargs = self._arguments_of(node, training, computed)
                outputs = node.outbound_layer(given, **kwargs)
                pairs = zip(nest.flatten(node.output_tensors), nest.flatten(outputs))
                computed.update((id(x), y) for x, y in pairs)
        return nest.pack_sequence_as(
            self._nested_outputs, [computed[id(x)] for x in self.outputs]
        )

    @staticmethod
    def _arguments_of(node, training, computed):
        kwargs = dict(node.arguments or {})
        if "training" in node.outbound_layer._call_fn_args:
            kwargs.setdefault("training", training)
            if kwargs["training"] is K.learning_phase():
                kwargs["training"] = training
        return nest.map_structure(
            lambda t: computed.get(id(t), t) if isinstance(t, tf.Tensor) else t, kwargs
        )

    # -- losses and metrics that are added to a functional model ---------------------------------

    def _graph_network_add_loss(self, loss):
        self._add_by(AddLoss(unconditional=False), loss)

    def _graph_network_add_metric(self, value, aggregation, name):
        self._add_by(AddMetric(aggregation, name), value)

    def _add_by(self, layer, tensor):
        nodes, layers = map_subgraph(self.inputs, [tensor])
        layer(tensor)
        self._insert([*layers, layer], [*nodes, *layer._inbound_nodes])

    def _insert(self, layers, nodes):
        """Add layers, and calls, of which none yields an output of the model."""
        depths = {n: depth for depth, ns in self._nodes_by_depth.items() for n in ns}
        pending = [node for node in nodes if node not in depths]
        pending.sort(key=lambda node: max(
            (x.op._id for x in nest.flatten(node.output_tensors)), default=0))  # fmt: skip
        for node in pending:
            before = [depths[n] for n in node.dependencies() if n in depths]
            depths[node] = min(before, default=0) - 1
            layer = node.outbound_layer
            self._network_nodes.add(node_key(layer, layer._inbound_nodes.index(node)))
            self._nodes_by_depth[depths[node]].append(node)
        known = self._tracked("_layers")
        known += [layer for layer in layers if not any(layer is each for each in known)]

    # -- configuration and text ------------------------------------------------------------------

    def get_config(self):
        """The layers and how they are connected. NotImplementedError for a subclass."""
        if not self._is_graph_network:
            raise NotImplementedError
        return network_config.of(self)

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The model of this configuration, its variables new."""
        made = network_config.tensors(config, custom_objects)
        return network_config.finished(cls, config, *made)

    def summary(self, line_length=None, positions=None, print_fn=None):
        """Print the layers, their shapes and numbers of parameters. ValueError before `build`."""
        if not self.built:
            raise ValueError(
                "This model has not yet been built. Build the model first by calling `build()` or "
                "calling `fit()` with some data, or specify an `input_shape` argument in the first "
                "layer(s) for automatic build."
            )
        layer_utils.print_summary(
            self, line_length=line_length, positions=positions, print_fn=print_fn
        )

    def count_params(self):
        """How many numbers the variables hold."""
        if not self.built and not self._is_graph_network:
            return super().count_params()
        return sum(map(K.count_params, self.weights))


def _unlisted(tensors):
    single = isinstance(tensors, list) and len(nest.flatten(tensors)) == 1
    return nest.flatten(tensors)[0] if single else tensors


def _unique(names):
    """Names made different by numbers: `a`, `a_1`."""
    found, seen = [], {}
    for name in names:
        count = seen.get(name, 0)
        seen[name] = count + 1
        found.append(f"{name}_{count}" if count else name)
    return found
