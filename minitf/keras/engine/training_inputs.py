"""What a model is given: arrays as lists that fit its inputs, and inputs like the arrays."""
import numpy as np

import minitf as tf
from minitf.core.eager_tensor import EagerTensor
from minitf.keras import backend as K
from minitf.keras.engine import training_data as data
from minitf.keras.engine import training_endpoint as endpoints
from minitf.keras.engine import training_loops
from minitf.keras.engine.history import have_all_keras_metadata

nest = tf.nest


class Feeding:
    """Of a Model: data made ready, and the inputs of a subclass from its first data."""

    def _standardized_validation(self, validation_data, batch_size, steps):
        x, y, weights = data.validation_parts(validation_data)
        return self._standardize_user_data(
            x, y, weights, batch_size=batch_size, steps=steps, steps_name="validation_steps"
        )

    def _standardize_user_data(
        self, x, y=None, sample_weight=None, class_weight=None, batch_size=None,
        check_steps=False, steps_name="steps", steps=None,
    ):  # fmt: skip
        """(inputs, targets, weights) as lists of arrays; a subclass is built at its first data."""
        if data.is_dataset(x):
            if y is not None:
                raise ValueError(
                    f"You passed a dataset or dataset iterator ({x}) as input `x` to your model. "
                    "In that case, you should not specify a target (`y`) argument, since the "
                    "dataset or dataset iterator generates both input data and target data."
                )
            if sample_weight is not None:
                raise ValueError(
                    "`sample_weight` argument is not supported when input `x` is a dataset or a "
                    "dataset iterator. Instead, you can provide sample_weight as the third element "
                    f"of your dataset. Received: x={x}"
                )
            self._build_for_dataset(x)
            return x, None, None
        x, y, sample_weight = map(_arrays, (x, y, sample_weight))
        if check_steps:
            data.check_steps(x, steps, steps_name)
        if self._prepare(x, y):
            return [], [], None
        shapes = self._feed_input_shapes if self._is_graph_network else None
        x = data.standardized(x, self._feed_input_names, shapes, "input")
        if y is None:
            return x, [], None
        y, weights = self._standardized_targets(x, y, sample_weight, class_weight)
        if self.stateful and batch_size and x[0].shape[0] % batch_size != 0:
            raise ValueError(
                "In a stateful network, you should only pass inputs with a number of samples that "
                f"can be divided by the batch size. Found: {x[0].shape[0]} samples"
            )
        return x, y, weights

    def _prepare(self, x, y):
        """Build and compile a subclass at its first data; whether these are part of it now."""
        build, compiles = not self.inputs, not self._is_compiled and self.optimizer
        if build:
            self._set_inputs(_castable(x))
        if compiles:
            self._compile_from_inputs(y)
        return build and compiles and not self.run_eagerly and data.has_tensors(x)

    def _standardized_targets(self, x, y, sample_weight, class_weight):
        endpoints.set_sample_weight_modes(self._training_endpoints, self.sample_weight_mode)
        names, modes = self._feed_output_names, self._sample_weight_modes
        y = data.standardized(y, names, None, "target")
        own = data.per_output(sample_weight, names, "sample_weight")
        of_classes = data.per_output(class_weight, names, "class_weight")
        weights = [
            data.weights_of_samples(*each) for each in zip(y, own, of_classes, modes)
        ]
        data.check_lengths(x, y, weights)
        if self._is_graph_network and not self.run_eagerly:
            data.check_targets(y, self._feed_loss_fns, self._feed_output_shapes)
        if all(weight is None for weight in weights) and all(mode is None for mode in modes):
            return y, None
        return y, [
            np.ones(target.shape[: 2 if mode == "temporal" else 1]) if weight is None else weight
            for weight, target, mode in zip(weights, y, modes)
        ]

    def _build_for_dataset(self, dataset):
        if self.inputs and (self._is_compiled or not self.optimizer):
            return
        of_dataset = dataset._variant_tensor.graph.eager
        element = training_loops._parts(
            dataset.element_spec if of_dataset else dataset.make_one_shot_iterator().get_next()
        )
        if not self.inputs:
            self._set_inputs(nest.map_structure(InputLike, element[0]))
        if not self._is_compiled and self.optimizer:
            self._compile_from_inputs(None)

    def _compile_from_inputs(self, y):
        targets = None
        if y is not None and data.has_tensors(y):
            targets = list(y) if isinstance(y, (list, tuple)) else [y]
        self.compile(
            optimizer=self.optimizer, loss=self.loss, metrics=self._compile_metrics,
            weighted_metrics=self._compile_weighted_metrics, loss_weights=self.loss_weights,
            target_tensors=targets, sample_weight_mode=self.sample_weight_mode,
            run_eagerly=self._run_eagerly, **self._function_kwargs,
        )  # fmt: skip

    # -- the inputs and outputs of a subclass ----------------------------------------------------

    def _after_call(self, inputs, outputs):
        if self.inputs or tf.executing_eagerly():
            return
        if have_all_keras_metadata(inputs) is not None:
            self._set_inputs(inputs, outputs)

    def _set_inputs(self, inputs, outputs=None, training=None):
        """Note what the model is given, by these tensors or by placeholders like these arrays."""
        if self.inputs:
            raise ValueError("Model inputs are already set.")
        if type(self).__name__ == "Sequential" and not self.built:
            self._quietly(_build_input_shape=self._shape_of_first(inputs))
        inputs = self._note_inputs(inputs)
        if outputs is None:
            kwargs = {}
            if self._expects_training_arg:
                kwargs["training"] = K.learning_phase() if training is None else training
            outputs = self._symbolic_outputs(inputs, kwargs)
        outputs = nest.flatten(outputs)
        names = [f"output_{i + 1}" for i in range(len(outputs))]
        self._quietly(outputs=outputs, output_names=names, built=True)

    def _shape_of_first(self, inputs):
        """The shape that a Sequential is built for. ValueError for a dictionary, unless the first
        layer takes one."""
        if isinstance(inputs, dict):
            if not getattr(self.layers[0], "_is_feature_layer", False):
                raise ValueError("Passing a dictionary input to a Sequential Model which doesn't "
                                 "have FeatureLayer as the first layer is an error.")  # fmt: skip
            return (None,)
        shape = inputs.shape
        sizes = shape.as_list() if isinstance(shape, tf.TensorShape) else list(shape)
        return (None, *sizes[1:])

    def _symbolic_outputs(self, inputs, kwargs):
        """The outputs, None if a dynamic layer does not say their shape."""
        try:
            return self(inputs, **kwargs)
        except NotImplementedError:
            if not self.dynamic:
                raise
            return None

    def _note_inputs(self, inputs):
        if isinstance(inputs, dict):
            names = sorted(inputs)
            tensors = [_symbolic(inputs[name], name) for name in names]
            structure = dict(zip(names, tensors))
        else:
            flat = nest.flatten(inputs)
            names = [f"input_{i + 1}" for i in range(len(flat))]
            tensors = [_symbolic(value, name) for value, name in zip(flat, names)]
            structure = tensors if isinstance(inputs, (list, tuple)) else tensors[0]
        fed = [(n, t) for n, t in zip(names, tensors) if K.is_placeholder(t)]
        self._quietly(
            inputs=tensors, input_names=names,
            _feed_inputs=[tensor for _, tensor in fed],
            _feed_input_names=[name for name, _ in fed],
            _feed_input_shapes=[K.int_shape(tensor) for _, tensor in fed],
            _nested_inputs=structure,
        )  # fmt: skip
        return structure

    def _structured(self, tensors):
        """Tensors for the inputs, nested as `call` takes them."""
        return nest.pack_sequence_as(self._nested_inputs, tensors)

    def _phase(self):
        """What a function for training is told last: that it is training, unless that is set."""
        told = self.run_eagerly or isinstance(K.learning_phase(), int)
        return [] if told else [True]


def _arrays(data):
    """Data with the values of tensors that have one."""
    return nest.map_structure(lambda x: x.numpy() if isinstance(x, EagerTensor) else x, data)


class InputLike:
    """The shape and type of a tensor: for a placeholder like it."""

    def __init__(self, tensor):
        self.shape, self.dtype = tensor.shape.as_list(), tensor.dtype


def _symbolic(value, name):
    """A tensor as it is, or a placeholder for arrays like this one."""
    if tf.is_tensor(value):
        return value
    if not hasattr(value, "shape"):
        value = np.asarray(value)
        value = np.expand_dims(value, 1) if value.ndim == 1 else value
    shape = (None, *value.shape[1:])
    dtype = tf.as_dtype(value.dtype)
    if dtype.is_floating and not isinstance(value, InputLike):
        dtype = K.floatx()
    return K.placeholder(shape=(None, 1) if shape == (None,) else shape, name=name, dtype=dtype)


def _castable(x):
    """Data of a subclass's first batch, arrays at least. ValueError for others."""
    flat = list(x.values()) if isinstance(x, dict) else x
    for value in flat if isinstance(flat, (list, tuple)) else [flat]:
        if not isinstance(value, np.ndarray) and not tf.is_tensor(value):
            raise ValueError(
                "Please provide as model inputs either a single array or a list of arrays. You "
                f"passed: inputs={x}"
            )
    return x
