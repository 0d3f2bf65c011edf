"""Layer: the base of Keras's layers.

What a layer computes, those of tf.layers compute: classes of Keras inherit from both, and take
from here how they are called, how their variables are made, what models know of them.
"""
import inspect

import numpy as np

import minitf as tf
from minitf.core.behavior import version_2
from minitf.core.trackable import children, noted
from minitf.keras import backend as K
from minitf.keras.engine import history
from minitf.keras.engine.auto_updates import in_keras_graph, with_effects
from minitf.keras.engine.call_context import call_context
from minitf.keras.engine.layer_extras import Extras, check_outside_branches
from minitf.keras.engine.layer_nodes import Nodes
from minitf.keras.engine.layer_types import cast_to, type_of
from minitf.keras.engine.layer_weights import Weights
from minitf.keras.engine.tracking import Tracking
from minitf.keras.utils.names import to_shapes, to_snake_case, validate_kwargs
from minitf.ops.function import FuncGraph

nest, InputSpec = tf.nest, tf.layers.InputSpec

_OF_INPUT = {"input_shape", "batch_input_shape", "batch_size"}
_ALLOWED = _OF_INPUT | {"weights", "activity_regularizer", "autocast"}


def default(method):
    """Decorates a method that subclasses need not have: it can be told from theirs."""
    method._is_default = True
    return method


class Layer(Tracking, Weights, Nodes, Extras, tf.layers.Layer):
    """A function of tensors with variables: `build(input_shape)` makes them, `call` uses them.

    `name` also names the scope of its nodes; without one it is the class's name in snake case,
    with a number if that is taken in the graph. The type of the variables is `dtype`, or that of
    the first input. `input_shape` (without the batch) or `batch_input_shape` says what a first
    layer of a Sequential takes; `weights` are values to start with.
    """

    _is_graph_network = False
    _compute_output_and_mask_jointly = False

    def __init__(self, trainable=True, name=None, dtype=None, dynamic=False, **kwargs):
        validate_kwargs(kwargs, _ALLOWED)
        self._init_name(name)
        self._quietly(
            _trainable=trainable,
            _dynamic=dynamic,
            stateful=False,
            built=False,
            supports_masking=False,
            _input_spec=None,
            _dtype=type_of(dtype),
            _dtype_defaulted_to_floatx=version_2() and dtype is None,
            _activity_regularizer=kwargs.get("activity_regularizer"),
            _updates=[],
            _losses=[],
            _eager_losses=[],
            _callable_losses=[],
            _metrics=[],
            _inbound_nodes=[],
            _outbound_nodes=[],
            _initial_weights=kwargs.get("weights"),
            _autocast=kwargs.get("autocast", version_2()),
        )
        for name in ("_layers", "_trainable_weights", "_non_trainable_weights"):
            self._tracked(name)
        self._init_input_shape(kwargs)

    def _init_input_shape(self, kwargs):
        if "batch_input_shape" in kwargs:
            self._quietly(_batch_input_shape=tuple(kwargs["batch_input_shape"]))
        elif "input_shape" in kwargs:
            shape = (kwargs.get("batch_size"), *kwargs["input_shape"])
            self._quietly(_batch_input_shape=shape)

    def _init_name(self, name, zero_based=True):
        if not name:
            name = K.unique_object_name(
                to_snake_case(type(self).__name__), zero_based=zero_based
            )
        self._quietly(_name=name)

    # -- what it is ------------------------------------------------------------------------------

    @property
    def name(self):
        return self._name

    @property
    def dtype(self):
        """The type's name, None before it is known."""
        return None if self._dtype is None else tf.as_dtype(self._dtype).name

    @property
    def dynamic(self):
        """Whether it can only be called with values, not in a graph."""
        return self._dynamic

    @property
    def activity_regularizer(self):
        return self._activity_regularizer

    @activity_regularizer.setter
    def activity_regularizer(self, regularizer):
        self._quietly(_activity_regularizer=regularizer)

    @property
    def input_spec(self):
        """What is asked of the inputs: an InputSpec, or a list with one for each."""
        return self._input_spec

    @input_spec.setter
    def input_spec(self, value):
        for spec in nest.flatten(value):
            if spec is not None and not isinstance(spec, InputSpec):
                raise TypeError(
                    f"Layer input_spec must be an instance of InputSpec. Got: {spec}"
                )
        self._quietly(_input_spec=value)

    @default
    def get_config(self):
        """The arguments that make the same layer again, by `from_config`.

        NotImplementedError for a class with arguments of its own that does not say them.
        """
        config = {"name": self.name, "trainable": self.trainable}
        if hasattr(self, "_batch_input_shape"):
            config["batch_input_shape"] = self._batch_input_shape
        config["dtype"] = self.dtype
        if self.dynamic:
            config["dynamic"] = True
        known = {"self", "dynamic", *config}
        more = [arg for arg in inspect.getfullargspec(self.__init__).args if arg not in known]
        if more and hasattr(self.get_config, "_is_default"):
            raise NotImplementedError(
                "Layers with arguments in `__init__` must override `get_config`."
            )
        return config

    @classmethod
    def from_config(cls, config):
        """A layer with the arguments that `get_config` gave."""
        return cls(**config)

    # -- what a subclass does --------------------------------------------------------------------

    @default
    def build(self, input_shape):
        """Make the variables; called once, with the shape of the inputs."""
        self.built = True

    @default
    def compute_mask(self, inputs, mask=None):
        """The mask of the outputs: that of the inputs if the layer supports masking.

        TypeError for a mask that the layer does not support.
        """
        if self.supports_masking:
            return mask
        if any(each is not None for each in nest.flatten(mask)):
            raise TypeError(f"Layer {self.name} does not support masking, but was passed an "
                            f"input_mask: {mask}")  # fmt: skip
        return None

    @default
    def compute_output_shape(self, input_shape):
        """The shape of the outputs for inputs of this shape: by a call in a graph of its own, where
        operations run at once.

        NotImplementedError elsewhere, and where `call` needs more than inputs.
        """
        if not tf.executing_eagerly():
            raise NotImplementedError(f"{type(self).__name__} has no compute_output_shape")
        return self._shape_by_a_call(input_shape)

    def _shape_by_a_call(self, input_shape):
        kwargs = {"training": False} if self._expects_training_arg else {}
        with FuncGraph("shapes").as_default():
            inputs = nest.map_structure(_placeholder, to_shapes(input_shape))
            try:
                outputs = self(inputs, **kwargs)
            except TypeError as error:
                raise NotImplementedError(
                    "We could not automatically infer the static shape of the layer's output. "
                    "Please implement the `compute_output_shape` method on your layer "
                    f"({type(self).__name__}): {error}"
                ) from error
        return nest.map_structure(lambda x: x.shape, outputs)

    # -- calling it ------------------------------------------------------------------------------

    def __call__(self, inputs, *args, **kwargs):
        """The outputs for `inputs`: a tensor, or a nesting of them.

        `mask` is taken from the inputs, `training` from the layer that calls this one, or from the
        learning phase where that is set. Raises ValueError for inputs that do not fit.
        """
        with K.in_graph(inputs):
            return self._called(nest.map_structure(_as_tensor, inputs), args, kwargs)

    def _called(self, inputs, args, kwargs):
        if K.runs_at_once() and not call_context.in_call:
            self._clear_losses()
        masks = self._masks_of(inputs, args, kwargs)
        by_framework = self._fill_in(masks, args, kwargs)
        if history.needs_keras_history(inputs):
            history.create_keras_history(inputs)
        training = self._argument("training", args, kwargs)
        training = by_framework.pop("_training", training)
        with call_context.enter(self, inputs, training):
            self._check(inputs)
            with K.name_scope(self._name_scope()):
                self._maybe_build(inputs)
                outputs = with_effects(self._computed, inputs, args, kwargs)
                if outputs is None:
                    raise ValueError(
                        "A layer's `call` method should return a Tensor or a list of Tensors, not "
                        f"None (layer: {self.name})."
                    )
                if history.have_all_keras_metadata(inputs):
                    kept = {k: v for k, v in kwargs.items() if k not in by_framework}
                    outputs = self._connect(inputs, outputs, args, kept)
                self._regularize_activity(inputs, outputs)
                self._mask_outputs(inputs, outputs, masks)
                self._after_call(inputs, outputs)
        return outputs

    def _computed(self, inputs, args, kwargs):
        if self.dynamic and not tf.executing_eagerly():
            shapes = self.compute_output_shape(nest.map_structure(lambda x: x.shape, inputs))
            return nest.map_structure(lambda shape: K.placeholder(shape, dtype=self.dtype), shapes)
        if call_context.hears is not None:
            call_context.hears(self, inputs, args, kwargs)
        outputs = self._as_traced()(cast_to(self, inputs), *args, **kwargs)
        return nest.map_structure(_as_tensor, outputs)

    def apply(self, inputs, *args, **kwargs):
        """The same as calling the layer."""
        return self(inputs, *args, **kwargs)

    def _after_call(self, inputs, outputs):
        """What a model that is a subclass of Model does with its first inputs."""

    def _name_scope(self):
        return self.name

    @property
    def _call_fn_args(self):
        """The names of the arguments of `call`."""
        known = vars(self).get("_call_names")
        if known is None:
            spec = inspect.getfullargspec(self.call)
            names = spec.args[1:] if spec.args[:1] == ["self"] else spec.args
            self._quietly(_call_names=names, _call_takes_any=spec.varkw is not None)
        return self._call_names

    def _expects(self, argument):
        return argument in self._call_fn_args or self._call_takes_any

    @property
    def _expects_training_arg(self):
        return self._expects("training")

    @property
    def _expects_mask_arg(self):
        return self._expects("mask")

    def _argument(self, name, args, kwargs):
        """The argument that was passed to `call`, or None."""
        return kwargs[name] if name in kwargs else dict(zip(self._call_fn_args[1:], args)).get(name)

    def _was_passed(self, name, args, kwargs):
        return name in kwargs or name in self._call_fn_args[1:][: len(args)]

    def _masks_of(self, inputs, args, kwargs):
        if self._was_passed("mask", args, kwargs):
            return self._argument("mask", args, kwargs)
        if not self._should_compute_mask:
            return None
        masks = nest.map_structure(lambda t: getattr(t, "_keras_mask", None), inputs)
        return None if all(mask is None for mask in nest.flatten(masks)) else masks

    @property
    def _should_compute_mask(self):
        return True

    def _fill_in(self, masks, args, kwargs):
        """Add `mask` and `training` to the arguments where nobody passed them; what was added."""
        added = {}
        passed = self._was_passed("mask", args, kwargs)
        if masks is not None and self._expects_mask_arg and not passed:
            added["mask"] = masks
        if self._was_passed("training", args, kwargs):
            if not self._expects_training_arg:
                kwargs.pop("training")
            kwargs.update(added)
            return added
        training = call_context.training
        if training is None and (in_keras_graph() or K.global_learning_phase_is_set()):
            training = K.learning_phase()
        if training is not None and self._expects_training_arg:
            is_tensor = tf.is_tensor(training)
            added["training"] = tf.cast(training, tf.bool) if is_tensor else bool(training)
        kwargs.update(added)
        return added | {"_training": training}

    def _check(self, inputs):
        specs, tensors = nest.flatten(self.input_spec), nest.flatten(inputs)
        if self.input_spec is None or not specs:
            return
        if len(specs) != len(tensors):
            raise ValueError(
                f"Layer {self.name} expects {len(specs)} inputs, but it received {len(tensors)} "
                f"input tensors. Inputs received: {tensors}"
            )
        for index, (spec, tensor) in enumerate(zip(specs, tensors)):
            if spec is not None:
                spec.check(tensor, index, self.name)

    def _maybe_build(self, inputs):
        if not self.built:
            tensors = nest.flatten(inputs)
            if self._dtype is None and tensors:
                self._quietly(_dtype=tensors[0].dtype.base_dtype)
            if not hasattr(self.build, "_is_default"):
                self.build(nest.map_structure(lambda x: x.shape, inputs))
            self._quietly(built=True)
        if self._initial_weights is not None:
            self.set_weights(self._initial_weights)
            self._quietly(_initial_weights=None)

    def _regularize_activity(self, inputs, outputs):
        if self._activity_regularizer is None:
            return
        check_outside_branches("a layer with `activity_regularizer`")
        with K.name_scope("ActivityRegularizer"):
            for output in nest.flatten(outputs):
                penalty = self._activity_regularizer(output)
                self.add_loss(penalty / tf.cast(tf.shape(output)[0], penalty.dtype), inputs=inputs)

    def _mask_outputs(self, inputs, outputs, previous):
        """Note in each output its mask."""
        flat = nest.flatten(outputs)
        masks = [getattr(x, "_keras_mask", None) for x in flat]
        if not (self._compute_output_and_mask_jointly or all(m is not None for m in masks)):
            masks = self._computed_masks(inputs, previous, len(flat))
        for output, mask in zip(flat, masks):
            if output is None:
                continue
            output._keras_mask = mask
            if mask is not None:
                mask._keras_history_checked = True

    def _computed_masks(self, inputs, previous, count):
        if not self.supports_masking and hasattr(self.compute_mask, "_is_default"):
            return [None] * count
        masks = self.compute_mask(inputs, previous)
        return [None] * count if masks is None else nest.flatten(masks)

    def _graph_network_add_loss(self, loss):
        raise NotImplementedError

    def _graph_network_add_metric(self, value, aggregation, name):
        raise NotImplementedError


children.register(Layer, noted)


def _placeholder(shape):
    return K.placeholder(shape, dtype=K.floatx())


def _as_tensor(value):
    known = (np.ndarray, float, int, tf.Variable)
    is_input = hasattr(value, "_keras_history")
    return tf.convert_to_tensor(value) if isinstance(value, known) and not is_input else value
