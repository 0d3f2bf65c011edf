"""Slots: the variables an optimizer keeps beside each variable that it changes."""

from contextlib import nullcontext

from minitf.core.graph import get_default_graph
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.basics import zeros
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.resource_variable import of_resource
from minitf.ops.state.save_slice import SaveSliceInfo
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.ops.state.variables import Variable


def create_slot(primary, value, name, colocate_with_primary=True):
    """A variable `<primary>/<name>` that starts with the tensor `value`."""
    static = value.get_shape().is_fully_defined()
    return _create(primary, value, name, static, None, None, colocate_with_primary)


def create_slot_with_initializer(
    primary, initializer, shape, dtype, name, colocate_with_primary=True
):
    """A variable `<primary>/<name>` of this shape, started by `initializer`."""
    static = shape.is_fully_defined()
    return _create(primary, initializer, name, static, shape, dtype, colocate_with_primary)


def create_zeros_slot(primary, name, dtype=None, colocate_with_primary=True):
    """A variable `<primary>/<name>` of zeros, of the shape of `primary`."""
    dtype, shape = dtype or primary.dtype, primary.get_shape()
    if shape.is_fully_defined():
        return create_slot_with_initializer(
            primary, Zeros(), shape, dtype, name, colocate_with_primary
        )
    value = primary.initialized_value() if isinstance(primary, Variable) else primary
    filled = zeros(shape_of(value), dtype.base_dtype)
    return create_slot(primary, filled, name, colocate_with_primary)


def _create(primary, value, name, validate_shape, shape, dtype, colocate):
    graph = get_default_graph()
    place = graph.colocate_with(primary) if colocate else nullcontext()
    with variable_scope(None, f"{primary.op.name}/{name}") as scope, place:
        scope.set_partitioner(None)
        slot = get_variable(
            "",
            shape=shape if callable(value) else None,
            dtype=dtype,
            initializer=value,
            trainable=False,
            validate_shape=validate_shape,
            use_resource=of_resource(primary),
        )
    part = getattr(primary, "_save_slice_info", None)
    if part is not None:  # then so is the slot, of the slot of the whole
        # As TensorFlow names it, also where a scope stands before the name: "t_0/Adagrad" in "dnn".
        name = slot.op.name[len(primary.op.name) + 1 :]
        slot._set_save_slice_info(SaveSliceInfo(
            f"{part.full_name}/{name}", part.full_shape, part.var_offset, part.var_shape
        ))  # fmt: skip
    return slot
