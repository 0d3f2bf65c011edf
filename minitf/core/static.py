"""What is known of a tensor's value before any run.

`tf.shape(x)` of a known shape, constants, and the integer arithmetic on them: so that
`tf.reshape(x, [tf.shape(x)[0], 784])` has the static shape `(?, 784)`. An element that is not
known is None in an array of objects; where TensorFlow goes on with such a vector, so do we.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core import tensor_shape
from minitf.core.operation import Operation

LIMIT = 256  # elements; shapes and axes are small


def infer(operation: Operation) -> None:
    """Fill in what is known of the outputs of a new operation."""
    if not operation.outputs:
        return
    definition = operation.definition
    if definition.value is not None:
        shapes = [tensor._shape for tensor in operation.inputs]
        operation.outputs[0]._value = definition.value(*shapes, **operation.attrs)
    elif _is_small(operation) and _is_pure(operation):
        _evaluate(operation)


def _is_small(operation: Operation) -> bool:
    return all(
        (tensor.dtype.is_integer or tensor.dtype.is_bool)
        and size is not None
        and size <= LIMIT
        for tensor in operation.outputs
        for size in [tensor_shape.num_elements(tensor._shape)]
    )


def _is_pure(operation: Operation) -> bool:
    definition = operation.definition
    if definition.stateful or not operation.inputs:
        return False
    values = [tensor._value for tensor in operation.inputs]
    if definition.structural:
        return any(value is not None for value in values)
    return all(value is not None and np.asarray(value).dtype != object for value in values)


def known(tensor: Any, shape: tensor_shape.Shape = None) -> Any:
    """The value as far as it is known, its unknown elements None; None without a small shape.
    Where the tensor's own says nothing, it has `shape`."""
    return unknown(tensor, shape) if tensor._value is None else tensor._value


def unknown(tensor: Any, shape: tensor_shape.Shape = None) -> Any:
    """The same where nothing is known of the value."""
    shape = shape if tensor._shape is None else tensor._shape
    size = tensor_shape.num_elements(shape)
    if size is None or size > LIMIT or not tensor.dtype.is_integer:
        return None
    return np.full(shape, None)


def _evaluate(operation: Operation) -> None:
    schema = operation.definition.schema
    shape = None
    if operation.definition.alike:
        shape = next((t._shape for t in operation.inputs if t._shape is not None), None)
    values = [known(tensor, shape) for tensor in operation.inputs]
    if any(value is None for value in values):
        return
    if any(map(_is_partial, values)) and not _keeps_parts(operation):
        return
    try:
        with np.errstate(all="ignore"):
            found = schema.call(operation.definition.kernel, values, np, **operation.attrs)
    except Exception:
        # The op will raise the same again in the run, where it belongs: tf.div(1, 0) may be built.
        return
    found = found if isinstance(found, (list, tuple)) else [found]
    for tensor, value in zip(operation.outputs, found):
        tensor._value = _typed(np.asarray(value), tensor)


def _is_partial(value: Any) -> bool:
    array = isinstance(value, np.ndarray) and value.dtype == object
    return array and None in value.ravel().tolist()


# Where TensorFlow goes on with a vector of which it knows some elements. One element of it alone
# it does not know: `tf.zeros([tf.shape(x)[0]])` of x with shape (3, ?) has the shape (?,).
_KEEP_PARTS = {"ConcatV2", "Pack", "StridedSlice"}


def _keeps_parts(operation: Operation) -> bool:
    return operation.type in _KEEP_PARTS and len(operation.outputs[0]._shape or ()) == 1


def _typed(value: np.ndarray, tensor: Any) -> np.ndarray:
    """In the tensor's type, unless some element is unknown."""
    if value.dtype == object and any(item is None for item in value.flat):
        return value
    return value.astype(tensor.dtype.numpy, copy=False)


# Ops that `constant_value` looks through where their output is not small or has fractions.
_LOOKED_THROUGH = {"Cast", "ConcatV2", "Equal", "Fill", "NotEqual", "Pack"}


def constant_value(tensor: Any, partial: bool = False) -> Any:
    """The value of `tensor` if it is known before any run, else None (`tf.contrib.util`).

    With `partial`, elements that are not known are None in an array of objects. What is no tensor
    is its own value; that of variables and of tensors in parts is never known.
    """
    if not hasattr(tensor, "_value"):
        return None if hasattr(tensor, "graph") else tensor
    value = _looked_up(tensor)
    if value is None or partial:
        return value
    return None if value.dtype == object and tensor.dtype.numpy.kind != "O" else value


# What TensorFlow's own constant_value looks at, and of which it then needs the inputs' values.
_SAID, _OF_INPUTS = {"Const", "Rank", "Shape", "Size"}, _LOOKED_THROUGH | {"Range"}


def evident_value(tensor: Any) -> Any:
    """`constant_value` where TensorFlow, too, knows it before any run; less is known there. What is
    wrong with a value that it does not know is told by the run."""
    return constant_value(tensor) if tensor.graph.eager or _is_evident(tensor) else None


def _is_evident(tensor: Any) -> bool:
    stack = [tensor]
    while stack:
        op = stack.pop().op
        if op.type not in _SAID and op.type not in _OF_INPUTS:
            return False
        stack += op.inputs if op.type in _OF_INPUTS else ()
    return True


def _looked_up(tensor: Any) -> Any:
    found: dict[Any, Any] = {}
    stack = [tensor]
    while stack:
        each = stack[-1]
        through = each._value is None and each.op.type in _LOOKED_THROUGH
        before = [other for other in each.op.inputs if other not in found] if through else []
        if before:
            stack += before
            continue
        inputs = [found[other] for other in each.op.inputs] if through else []
        found[each] = _made(each, inputs) if through else each._value
        stack.pop()
    return found[tensor]


def _made(tensor: Any, inputs: list[Any]) -> Any:
    """What the kernel gives for arrays, all elements of which have to be known."""
    partly = any(value is None or (value.dtype == object and t.dtype.numpy.kind != "O")
                 for value, t in zip(inputs, tensor.op.inputs))  # fmt: skip
    if partly:
        return None
    schema, kernel = tensor.op.definition.schema, tensor.op.definition.kernel
    return np.asarray(schema.call(kernel, inputs, np, **tensor.op.attrs))
