"""Layer: what makes variables on its first call and uses them again on the others."""
import copy
import inspect
import re
from functools import partial

from minitf.autograph.tracing import converted
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float32
from minitf.core.eager import executing_eagerly
from minitf.core.graph import get_collection, get_collection_ref, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor import is_tensor
from minitf.core.trackable import Trackable, changed, children, edges_of, note, noted
from minitf.layers.input_spec import InputSpec as InputSpec
from minitf.layers.made import name_counts, note_made
from minitf.layers.reached import OfInputs, reachable
from minitf.layers.values import OfValues
from minitf.module import Module
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.math.elementwise import cast
from minitf.ops.state.copies import VariableAggregation, VariableSynchronization
from minitf.ops.state.partitioned import PartitionedVariable
from minitf.ops.state.variable_scope import VariableScope, get_variable, variable_scope


class Layer(OfInputs, OfValues, Module):
    """The base of layers: `build(input_shape)` makes variables, `call(inputs)` uses them.

    `name` is also the scope of the variables, made unique in its graph: without one, the class's
    name in snake case. With `trainable=False` variables are not in "trainable_variables". The
    type of the variables is that of the first input unless `dtype` says it.
    """

    def __init__(self, trainable=True, name=None, dtype=None, **kwargs):
        scope, self._reuse = kwargs.pop("_scope", None), kwargs.pop("_reuse", None)
        self._activity_regularizer = kwargs.pop("activity_regularizer", None)
        if kwargs:
            raise TypeError(f"Keyword argument not understood: {', '.join(kwargs)}")
        self.trainable, self.built, self.input_spec = trainable, False, None
        self._dtype = None if dtype is None else as_dtype(dtype)
        self._trainable_weights, self._non_trainable_weights = [], []
        self._updates, self._losses = [], []
        self._inputs = []  # those of the last call
        self._penalties = []  # functions that give losses, where operations run at once
        self._base_name = name.name if isinstance(name, VariableScope) else name
        if not name or isinstance(name, VariableScope):
            default = _snake_case(type(self).__name__)
            self._base_name = self._base_name or default
            name = _unique(default)
        self._name, self._scope = name, None
        if scope:
            with variable_scope(scope) as self._scope:
                pass

    # -- what it is ------------------------------------------------------------------------------

    # What is an attribute is noted when a checkpoint asks.
    __setattr__, __delattr__ = object.__setattr__, object.__delattr__
    _no_dependency = Trackable._no_dependency
    name = property(lambda self: self._name)
    updates = property(
        lambda self: self._updates if self.trainable else [],
        doc="Operations to run with each step; none of a layer that is not trainable.",
    )
    activity_regularizer = property(lambda self: self._activity_regularizer)

    @property
    def losses(self):
        """The penalties of its regularizers: of what variables are now, where operations run at
        once."""
        return [*self._losses, *(penalty() for penalty in self._penalties)]

    @property
    def dtype(self):
        """The type's name, None before it is known."""
        return None if self._dtype is None else self._dtype.name

    @property
    def scope_name(self):
        """The scope of the variables. ValueError before the first call, which decides it."""
        if self._scope is None:
            raise ValueError(
                f'No name available for layer scope because the layer "{self._name}" has not been '
                "used yet. The scope name is determined the first time the layer instance is "
                "called. You must therefore call the layer before querying `scope_name`."
            )
        return self._scope.name

    @property
    def trainable_weights(self):
        return [*self._trainable_weights] if self.trainable else []

    @property
    def non_trainable_weights(self):
        untrained = [] if self.trainable else self._trainable_weights
        return [*untrained, *self._non_trainable_weights]

    @property
    def weights(self):
        return self.trainable_weights + self.non_trainable_weights

    variables = weights
    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def count_params(self):
        """How many numbers the variables hold. ValueError before they are made."""
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on {self._name}, but the layer isn't built. "
                f"You can build it manually via: `{self._name}.build(batch_input_shape)`."
            )
        return sum(variable.shape.num_elements() for variable in self.weights)

    # -- what a subclass does --------------------------------------------------------------------

    def build(self, input_shape):
        """Make the variables; called once, with the shape of the inputs."""
        self.built = True

    def call(self, inputs, **kwargs):
        """The outputs. What a subclass is there for."""
        return inputs

    def compute_output_shape(self, input_shape):
        """The shape of the outputs for inputs of `input_shape`."""
        raise NotImplementedError(f"{type(self).__name__} does not say the shape of its outputs.")

    def add_weight(
        self, name, shape, dtype=None, initializer=None, regularizer=None, trainable=None,
        constraint=None, use_resource=None, synchronization=VariableSynchronization.AUTO,
        aggregation=VariableAggregation.NONE, partitioner=None,
    ):  # fmt: skip
        """A variable of the layer, by `tf.get_variable` in the layer's scope.

        ValueError for a trainable one that is synchronized on reading.
        """
        trainable = is_trained(trainable, synchronization)
        dtype = as_dtype(dtype or self._dtype or float32)
        self._dtype = self._dtype or dtype.base_dtype
        known = get_collection(GraphKeys.GLOBAL_VARIABLES) if regularizer else ()
        with self._entered(self.built or self._reuse):
            variable = get_variable(
                name,
                shape,
                dtype,
                initializer,
                trainable=trainable and self.trainable,
                constraint=constraint,
                use_resource=use_resource,
                synchronization=synchronization,
                aggregation=aggregation,
                partitioner=partitioner,
            )
            parts = list(variable) if isinstance(variable, PartitionedVariable) else [variable]
            if regularizer and not any(parts[0] is other for other in known):
                for part in parts:
                    with name_scope(f"{name}/Regularizer"):
                        self.add_loss(partial(regularizer, part))
        self._keep(parts, getattr(parts[0], "trainable", False))
        note_made(parts)
        if parts == [variable]:
            edges_of(self)[name] = variable
            changed()
        return variable

    def _keep(self, variables, trainable):
        """Count them among the weights; a custom getter may have made tensors of them."""
        (self._trainable_weights if trainable else self._non_trainable_weights).extend(variables)

    def add_variable(self, *args, **kwargs):
        """The older name of `add_weight`."""
        return self.add_weight(*args, **kwargs)

    def _weight_of(self, name, shape, kind=None, **options):
        """The variable `name`, made as the arguments about `kind` say; else about the name."""
        kind = kind or name
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=self._initializer_of(kind),
            regularizer=getattr(self, f"{kind}_regularizer"),
            constraint=getattr(self, f"{kind}_constraint"),
            **options,
        )

    def _initializer_of(self, kind):
        return getattr(self, f"{kind}_initializer")

    def add_loss(self, losses, inputs=None):
        """Add penalties to the layer's, and to the collection "regularization_losses"."""
        if executing_eagerly():
            for loss in nest.flatten(losses):
                (self._penalties if callable(loss) else self._losses).append(loss)
            return
        found = [loss() if callable(loss) else loss for loss in nest.flatten(losses)]
        found = [convert_to_tensor(loss) for loss in found if loss is not None]
        for loss in found:
            loss._unconditional_loss = inputs is None
        self._losses += found
        _collect(found, GraphKeys.REGULARIZATION_LOSSES)

    def add_update(self, updates, inputs=None):
        """Add operations to be run with each training step, to "update_ops" after the call."""
        if executing_eagerly() and not self.trainable:
            return
        found = [update() if callable(update) else update for update in nest.flatten(updates)]
        if not executing_eagerly():
            made = [getattr(update, "op", update) for update in found]
            for update in made:
                update._unconditional_update = not reachable(self._inputs, [update])
            self._updates += made

    # -- calling it ------------------------------------------------------------------------------

    def __call__(self, inputs, *args, **kwargs):
        """The outputs for `inputs`: a tensor, or a nesting of them.

        Raises ValueError for inputs of a shape the layer does not take.
        """
        self._set_scope(kwargs.pop("scope", None))
        with self._entered(True if self.built else self._reuse) as entered:
            if "scope" in inspect.signature(self.call).parameters:
                kwargs["scope"] = entered
            if executing_eagerly():
                self._losses = []  # those of the call before
            inputs = nest.map_structure(_as_tensor, inputs)
            self._check(nest.flatten(inputs))
            self._inputs = inputs
            if not self.built:
                self._build(inputs)
            outputs = self._as_traced()(inputs, *args, **kwargs)
            self._regularize_activity(inputs, outputs)
        _collect(self.updates, GraphKeys.UPDATE_OPS)
        return outputs

    def _as_traced(self):
        """`call`, converted by AutoGraph where it makes nodes and is a program's own."""
        return self.call if executing_eagerly() else converted(self.call)

    def __deepcopy__(self, memo):
        """A layer of the same arguments; tensors, and variables if it has any, are shared."""
        made = memo[id(self)] = object.__new__(type(self))
        for name, value in self.__dict__.items():
            if name == "_edges":
                continue
            leaves = nest.flatten(value)
            shared = leaves and all(map(is_tensor, leaves))
            made.__dict__[name] = copy.copy(value) if shared or name in _SCOPES else (
                copy.deepcopy(value, memo))  # fmt: skip
        for name, value in edges_of(self).items():
            edges_of(made)[name] = value if is_tensor(value) else copy.deepcopy(value, memo)
        return made

    def apply(self, inputs, *args, **kwargs):
        """The same as calling the layer."""
        return self(inputs, *args, **kwargs)

    def _set_scope(self, scope):
        if self._scope is not None:
            return
        if self._reuse:
            named = variable_scope(self._base_name if scope is None else scope)
        else:
            named = variable_scope(scope, default_name=self._base_name)
        with named as self._scope:
            pass

    def _entered(self, reuse):
        self._set_scope(None)
        return _Entered(self._scope, reuse)

    def _check(self, tensors):
        if self.input_spec is not None:
            specs = nest.flatten(self.input_spec)
            if len(specs) != len(tensors):
                raise ValueError(
                    f"Layer {self._name} expects {len(specs)} inputs, but it received "
                    f"{len(tensors)} input tensors. Inputs received: {tensors}"
                )
            for index, (spec, tensor) in enumerate(zip(specs, tensors)):
                spec.check(tensor, index, self._name)

    def _build(self, inputs):
        tensors = nest.flatten(inputs)
        if self._dtype is None and tensors:
            self._dtype = tensors[0].dtype.base_dtype
        self.build(nest.map_structure(lambda tensor: tensor.get_shape(), inputs))
        self.built = True

    def _regularize_activity(self, inputs, outputs):
        if self._activity_regularizer is None:
            return
        with name_scope("ActivityRegularizer"):
            for output in nest.flatten(outputs):
                penalty = self._activity_regularizer(output)
                self.add_loss(penalty / cast(shape_of(output)[0], penalty.dtype), inputs)


@children.register(Layer)
def _children(layer):
    """Its variables by their names, and what is an attribute."""
    for name, value in list(vars(layer).items()):
        if name[0] != "_":
            note(layer, name, value)
    return noted(layer)


def is_trained(trainable, synchronization):
    """`trainable`, or what it is by default. ValueError for True if synchronized on reading."""
    on_read = synchronization == VariableSynchronization.ON_READ
    if on_read and trainable:
        raise ValueError(
            "Synchronization value can be set to VariableSynchronization.ON_READ only for "
            "non-trainable variables. You have specified trainable=True and "
            "synchronization=VariableSynchronization.ON_READ."
        )
    return not on_read if trainable is None else trainable


_SCOPES = ("_scope", "rnncell_scope")


class _Entered:
    """The variable scope and name scope of a layer, entered for a while."""

    def __init__(self, scope, reuse):
        self._variables = variable_scope(scope, reuse=reuse, auxiliary_name_scope=False)
        self._names = name_scope(scope.original_name_scope)

    def __enter__(self):
        scope = self._variables.__enter__()
        self._names.__enter__()
        return scope

    def __exit__(self, *error):
        self._names.__exit__(*error)
        self._variables.__exit__(*error)


def _as_tensor(value):
    return value if is_tensor(value) else convert_to_tensor(value)


def _collect(elements, collection):
    known = get_collection_ref(collection)
    known += [e for e in elements if not any(e is other for other in known)]


def _snake_case(name):
    """`BatchNormalization` as `batch_normalization`."""
    words = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    snake = re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()
    return f"private{snake}" if snake[0] == "_" else snake


def _unique(name):
    counts = name_counts()
    counts["", name] += 1
    return f"{name}_{counts['', name]}"
