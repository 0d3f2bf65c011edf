"""The variables of `tf.get_variable`: by name, found again or made."""

import inspect
from enum import Enum

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float32, string
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor_shape import TensorShape
from minitf.ops.state.initializers import GlorotUniform, Zeros
from minitf.ops.state.variables import (
    Variable,
    VariableAggregation,
    VariableSynchronization,
    init_scope,
)


class _ReuseMode(Enum):
    AUTO_REUSE = 1

    def __repr__(self):
        return "tf.AUTO_REUSE"


AUTO_REUSE = _ReuseMode.AUTO_REUSE


def store():
    """The variables of the default graph that `tf.get_variable` made: {full name: Variable}."""
    return get_default_graph()._scope_store.setdefault("variables", {})


def get(name, custom_getter=None, constraint=None, **options):
    """The variable `name`, by way of `custom_getter` when there is one."""
    if custom_getter is None:
        return found_or_made(name, constraint=constraint, **options)
    if not callable(custom_getter):
        raise ValueError(f"Passed a custom_getter which is not callable: {custom_getter}")
    if _takes(custom_getter, "constraint"):
        options["constraint"] = constraint
    if options["trainable"] is None:
        options["trainable"] = options["synchronization"] is not VariableSynchronization.ON_READ
    return custom_getter(getter=found_or_made, name=name, **options)


def _takes(function, keyword):
    parameters = inspect.signature(function).parameters.values()
    return any(p.name == keyword or p.kind is p.VAR_KEYWORD for p in parameters)


def found_or_made(
    name,
    shape=None,
    dtype=float32,
    initializer=None,
    regularizer=None,
    reuse=None,
    trainable=None,
    collections=None,
    caching_device=None,
    partitioner=None,
    validate_shape=True,
    use_resource=None,
    constraint=None,
    synchronization=VariableSynchronization.AUTO,
    aggregation=VariableAggregation.NONE,
):
    """The variable with this full name; what custom getters get as `getter`."""
    if shape is not None and initializer is not None and not callable(initializer):
        raise ValueError("If initializer is a constant, do not specify shape.")
    dtype, shape = as_dtype(dtype).base_dtype, TensorShape(shape)
    if name in store():
        return _found(name, shape, dtype, reuse)
    if reuse is True:
        raise ValueError(
            f"Variable {name} does not exist, or was not created with tf.get_variable(). Did you "
            "mean to set reuse=tf.AUTO_REUSE in VarScope?"
        )
    _refuse_partitions(name, partitioner, shape, dtype)
    value, dtype = _initial(name, initializer, shape, dtype)
    variable = Variable(
        initial_value=value,
        name=name,
        trainable=trainable,
        collections=collections,
        caching_device=caching_device,
        dtype=dtype,
        validate_shape=validate_shape,
        constraint=constraint,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
    )
    store()[name] = variable
    if regularizer:
        _regularize(variable, name, regularizer)
    return variable


def _found(name, shape, dtype, reuse):
    found = store()[name]
    if reuse is False:
        line = found.op.line
        raise ValueError(
            f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or "
            "reuse=tf.AUTO_REUSE in VarScope? Originally defined at:\n\n"
            f'  File "{line.filename}", line {line.lineno}, in {line.function}\n    {line.text}\n'
        )
    _check_same(name, "shape", shape, found.shape, shape.is_compatible_with(found.shape))
    same_type = dtype.is_compatible_with(found.dtype)
    _check_same(name, "dtype", dtype.name, found.dtype.name, same_type)
    return found


def _check_same(name, what, wanted, found, same):
    if not same:
        raise ValueError(
            f"Trying to share variable {name}, but specified {what} {wanted} and found {what} "
            f"{found}."
        )


def _refuse_partitions(name, partitioner, shape, dtype):
    if partitioner is None or shape.ndims == 0:
        return
    if not callable(partitioner):
        raise ValueError(f"Partitioner must be callable, but received: {partitioner}")
    parts = partitioner(shape=shape, dtype=dtype)
    if any(part > 1 for part in parts):
        raise NotImplementedError(
            f"Variable {name}: the partitioner asks for {list(parts)} parts of the shape {shape}; "
            "one process keeps a variable in one piece here"
        )


def _initial(name, initializer, shape, dtype):
    """An initial value for `tf.Variable`, and the type to convert it to."""
    if initializer is None:
        initializer = _default_initializer(name, dtype)
    if not callable(initializer):
        return initializer, None
    if inspect.isclass(initializer):
        initializer = initializer()
    if shape.is_fully_defined():
        sizes = shape.as_list()
        return (lambda: initializer(sizes, dtype=dtype, partition_info=None)), dtype
    if _needs_arguments(initializer):
        raise ValueError(
            "The initializer passed is not valid. It should be a callable with no arguments and "
            "the shape should not be provided or an instance of `tf.keras.initializers.*' and "
            f"`shape` should be fully defined. Variable {name} has the shape {shape}."
        )
    return initializer, None


def _default_initializer(name, dtype):
    if dtype.is_floating:
        return GlorotUniform()
    if dtype.is_integer or dtype.is_bool or dtype is string:
        return Zeros()
    raise ValueError(f"An initializer for variable {name} of {dtype} is required")


def _needs_arguments(function):
    parameters = inspect.signature(function).parameters.values()
    return any(
        p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters
    )


def _regularize(variable, name, regularizer):
    graph = get_default_graph()
    with graph.colocate_with(variable), name_scope(name + "/Regularizer/"), init_scope():
        loss = regularizer(variable)
    if loss is not None:
        graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)


def check_initializer_type(initializer, dtype):
    """ValueError when the value `initializer` is not of the type asked for."""
    if dtype is None or initializer is None or callable(initializer):
        return
    found = convert_to_tensor(initializer).dtype.base_dtype
    if found != dtype:
        raise ValueError(
            f"Initializer type '{found}' and explicit dtype '{as_dtype(dtype)}' don't match."
        )
