"""The variables of `tf.get_variable`: by name, found again or made."""

import inspect
from collections.abc import Sequence
from enum import Enum

from minitf.core.alike import meant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float32, string
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape
from minitf.core.trackable import changed
from minitf.ops.array.slicing import slice_
from minitf.ops.state import resource_variable  # noqa: F401  a kind of variables
from minitf.ops.state.copies import VariableAggregation, VariableSynchronization
from minitf.ops.state.initializers import GlorotUniform, Zeros
from minitf.ops.state.partitioned import PartitionedVariable
from minitf.ops.state.partitioners import PartitionInfo, cut, partitions_of
from minitf.ops.state.save_slice import SaveSliceInfo
from minitf.ops.state.variables import Variable, in_init_scope, init_scope


class _ReuseMode(Enum):
    AUTO_REUSE = 1

    def __repr__(self):
        return "tf.AUTO_REUSE"


AUTO_REUSE = _ReuseMode.AUTO_REUSE


def store():
    """The variables of the default graph that `tf.get_variable` made: {full name: Variable}. None
    where operations run at once, but for those of an EagerVariableStore."""
    graph = in_init_scope()
    if graph.eager:
        kept = graph._scope_store.get("eager")
        return {} if kept is None else kept
    return graph._scope_store.setdefault("variables", {})


def get(name, custom_getter=None, constraint=None, **options):
    """The variable `name`, by way of `custom_getter` when there is one."""
    if options["trainable"] is None:
        options["trainable"] = options["synchronization"] is not VariableSynchronization.ON_READ
    if in_init_scope().eager and in_init_scope()._scope_store.get("eager") is not None:
        options["reuse"] = AUTO_REUSE
    if custom_getter is None:
        return found_or_made(name, constraint=constraint, **options)
    if not callable(custom_getter):
        raise ValueError(f"Passed a custom_getter which is not callable: {custom_getter}")
    if _takes(custom_getter, "constraint"):
        options["constraint"] = constraint
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
    """The variable with this full name; what custom getters get as `getter`.

    With a partitioner, unless the shape is `[]`, it is a PartitionedVariable.
    """
    dtype, options = as_dtype(dtype).base_dtype, {
        "regularizer": regularizer, "trainable": trainable, "collections": collections,
        "caching_device": caching_device, "validate_shape": validate_shape,
        "use_resource": use_resource, "constraint": constraint,
        "synchronization": synchronization, "aggregation": aggregation,
    }  # fmt: skip
    scalar = isinstance(shape, Sequence) and not shape
    if partitioner is not None and not scalar:
        if not callable(partitioner):
            raise ValueError(f"Partitioner must be callable, but received: {partitioner}")
        return in_parts(name, partitioner, shape, dtype, initializer, reuse, **options)
    if reuse is True and partitioner is None and name in _cut():
        return in_parts(name, None, shape, dtype, initializer, reuse, **options)
    if f"{name}/part_0" in store():
        raise ValueError(
            "No partitioner was provided, but a partitioned version of the variable was found: "
            f"{name}/part_0. Perhaps a variable of the same name was already created with "
            "partitioning?"
        )
    return _in_one(name, shape, dtype, initializer, reuse, **options)


def _in_one(name, shape, dtype, initializer, reuse, partition_info=None, **options):
    """The variable of one piece with this full name, or that part of a variable."""
    if shape is not None and initializer is not None and not callable(initializer):
        raise ValueError("If initializer is a constant, do not specify shape.")
    shape = TensorShape(shape)
    if name in store():
        return _found(name, shape, dtype, reuse)
    if reuse is True:
        raise ValueError(
            f"Variable {name} does not exist, or was not created with tf.get_variable(). Did you "
            f"mean to set reuse=tf.AUTO_REUSE in VarScope?{meant(name, store())}"
        )
    regularizer = options.pop("regularizer", None)
    value, dtype = _initial(name, initializer, shape, dtype, partition_info)
    variable = Variable(initial_value=value, name=name, dtype=dtype, **options)
    store()[name] = variable
    if get_default_graph().eager and in_init_scope()._scope_store.get("eager") is not None:
        _collect(variable, options["collections"])
    changed()  # a template, or what else has this store, may wait for it
    if regularizer:
        _regularize(variable, name, regularizer)
    return variable


def _collect(variable, collections):
    """Where operations run at once, collections have the variables of stores alone."""
    graph = get_default_graph()
    graph.add_to_collections(collections or (GraphKeys.GLOBAL_VARIABLES,), variable)
    if variable.trainable:
        graph.add_to_collection(GraphKeys.TRAINABLE_VARIABLES, variable)


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


# -- in parts -------------------------------------------------------------------------------------


def _cut():
    """The variables in parts of the default graph: {full name: PartitionedVariable}."""
    return get_default_graph()._scope_store.setdefault("cut", {})


def in_parts(name, partitioner, shape, dtype, initializer, reuse, **options):
    """The PartitionedVariable with this full name, found again or made."""
    if name in store():
        raise ValueError(
            "A partitioner was provided, but an unpartitioned version of the variable was found: "
            f"{name}.  Perhaps a variable of the same name was already created without "
            "partitioning?"
        )
    shape = TensorShape(shape)
    if isinstance(initializer, Tensor):
        shape = shape.merge_with(initializer.get_shape())
    parts = None
    if not reuse or partitioner:
        parts = partitions_of(partitioner, shape, dtype)
    if name in _cut():
        return _found_in_parts(name, shape, dtype, reuse, parts)
    if reuse is True:
        raise ValueError(
            f"PartitionedVariable {name} does not exist, or was not created with "
            "tf.get_variable(). Did you mean to set reuse=False or reuse=tf.AUTO_REUSE in VarScope?"
        )
    _check_number(name, max(parts))
    made, whole = [], shape.as_list()
    with name_scope(None):
        for number, (offset, sizes) in enumerate(cut(whole, parts)):
            part = _part(f"{name}/part_{number}", whole, offset, sizes, dtype, initializer, reuse,
                         options)  # fmt: skip
            part._set_save_slice_info(SaveSliceInfo(name, whole, offset, sizes))
            made.append(part)
    dtype = made[0].dtype.base_dtype if isinstance(initializer, Tensor) else dtype
    found = _cut()[name] = PartitionedVariable(name, shape, dtype, made, parts)
    return found


def _part(name, whole, offset, sizes, dtype, initializer, reuse, options):
    value = initializer
    if initializer is not None and not callable(initializer):
        with name_scope(f"{name}/PartitionedInitializer"):
            known = isinstance(initializer, Tensor)
            value = initializer if known else convert_to_tensor(initializer, dtype=dtype)
            value = slice_(value, offset, sizes)
            dtype, sizes = value.dtype.base_dtype, None
    info = PartitionInfo(whole, offset)
    return _in_one(name, sizes, dtype, value, reuse, info, **options)


def _found_in_parts(name, shape, dtype, reuse, parts):
    found = _cut()[name]
    if reuse is False:
        raise ValueError(f"Partitioned variable with name {name} already exists. Did you mean to "
                         "set reuse=True or reuse=tf.AUTO_REUSE in VarScope?")  # fmt: skip
    same = parts is None or list(found._get_partitions()) == list(parts)
    checks = (
        ("shape", shape, found.get_shape(), shape.is_compatible_with(found.get_shape())),
        ("dtype", dtype.name, found.dtype.name, dtype.is_compatible_with(found.dtype)),
        ("partitions", parts, found._get_partitions(), same),
    )
    for what, wanted, there, fits in checks:
        if not fits:
            raise ValueError(f"Trying to reuse partitioned variable {name}, but specified {what} "
                             f"{wanted} and found {what} {there}.")  # fmt: skip
    return found


def _check_number(name, count):
    """ValueError where there are parts of that name, and not so many."""
    if f"{name}/part_0" not in store():
        return
    last, extra = f"{name}/part_{count - 1}", f"{name}/part_{count}"
    start = (
        "Partitioner returned a different partitioning than what was already found.  Partitioner "
        f"returned {count} shards, and shard {name}/part_0 was found, but "
    )
    if last not in store():
        raise ValueError(f"{start}{last} was not.")
    if extra in store():
        raise ValueError(f"{start}so was the extra shard {extra}.")


# -- what a variable starts with ------------------------------------------------------------------


def _initial(name, initializer, shape, dtype, partition_info):
    """An initial value for `tf.Variable`, and the type to convert it to."""
    if initializer is None:
        initializer = _default_initializer(name, dtype)
    if not callable(initializer):
        return initializer, None
    if inspect.isclass(initializer):
        initializer = initializer()
    if shape.is_fully_defined():
        sizes = shape.as_list()
        return (
            lambda: initializer(sizes, dtype=dtype, partition_info=partition_info)
        ), dtype
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
