"""Tensors that are said to have a shape: `tf.contrib.framework.with_shape`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import is_tensor
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.basics import identity, rank, reshape, shape, size
from minitf.ops.control_flow.check_static import assert_scalar
from minitf.ops.control_flow.control import Assert
from minitf.ops.math.elementwise import equal, logical_and, logical_or
from minitf.ops.reduction.reduce import reduce_all, reduce_sum
from minitf.ops.reduction.scan import add_n


def assert_scalar_int(tensor, name=None):
    """`tensor`, found to be a scalar of an integer type. ValueError otherwise."""
    with name_scope(name, "assert_scalar_int", [tensor]) as scope:
        tensor = convert_to_tensor(tensor)
        if not tensor.dtype.base_dtype.is_integer:
            raise ValueError(
                f"Expected integer type for {tensor.name}, received type: {tensor.dtype}."
            )
        return assert_scalar(tensor, name=scope)


def reduce_sum_n(tensors, name=None):
    """The sum of all elements of all tensors. ValueError for none."""
    if not tensors:
        raise ValueError("No tensors provided.")
    with name_scope(name, "reduce_sum_n", tensors) as scope:
        sums = [reduce_sum(tensor, name=f"{tensor.op.name}/sum") for tensor in tensors]
        return sums[0] if len(sums) == 1 else add_n(sums, name=scope)


def with_same_shape(expected_tensor, tensor):
    """`tensor`, which must have the shape of the other: see `with_shape`."""
    with name_scope(f"{tensor.op.name}/", values=[expected_tensor, tensor]):
        wanted = expected_tensor.get_shape()
        if not wanted.is_fully_defined():
            return with_shape(shape(expected_tensor, name="expected_shape"), tensor)
        return with_shape(wanted.as_list(), tensor)


def with_shape(expected_shape, tensor):
    """`tensor`, which must have this shape: found out while building, or in the run.

    [] makes a scalar of one element. ValueError for another shape, for a shape that is none, and
    for a SparseTensor.
    """
    if isinstance(tensor, SparseTensor):
        raise ValueError("SparseTensor not supported.")
    wanted, actual = _checked(expected_shape, tensor), tensor.get_shape()
    in_run = is_tensor(wanted)
    scalar = not in_run and len(wanted) < 1
    if in_run or not actual.is_fully_defined():
        with name_scope(f"{tensor.op.name}/", values=[tensor]):
            if scalar:
                return reshape(tensor, [])
            with control_dependencies([_assert_shape(wanted, tensor)]):
                result = identity(tensor)
            if not in_run:
                result.set_shape(wanted)
            return result
    if actual.is_compatible_with(wanted):
        return tensor
    if scalar and actual.is_compatible_with([1]):
        with name_scope(f"{tensor.op.name}/", values=[tensor]):
            return reshape(tensor, [])
    raise ValueError(
        f"Invalid shape for tensor {tensor.name}, expected {expected_shape}, got {actual}."
    )


def _checked(wanted, tensor):
    """The shape as a tensor, a TensorShape or an array."""
    what = f"for shape {wanted} expected of tensor {tensor.name}"
    if is_tensor(wanted):
        if wanted.dtype.base_dtype != int32:
            raise ValueError(f"Invalid dtype {wanted.dtype} {what}.")
        return wanted
    if isinstance(wanted, TensorShape):
        return wanted
    array = np.asarray(wanted, np.int32) if len(wanted) == 0 else np.asarray(wanted)
    if not isinstance(wanted, np.ndarray) and array.dtype == np.int64:
        array = array.astype(np.int32)
    if array.ndim > 1:
        raise ValueError(f"Invalid rank {array.ndim} {what}.")
    if array.dtype != np.int32:
        raise ValueError(f"Invalid dtype {array.dtype} {what}.")
    return array


def _assert_shape(wanted, tensor):
    """An operation that raises in the run where the shape is another; -1 stands for any size."""
    with name_scope("assert_shape", values=[tensor]) as scope:
        actual = shape(tensor, name="actual")
        if isinstance(wanted, TensorShape):
            wanted = [size or -1 for size in wanted.as_list()]
        with name_scope("is_shape", values=[tensor]) as inner:
            number = size(wanted)
            with name_scope("is_rank", values=[tensor]) as innermost:
                expected = convert_to_tensor(number, name="expected")
                is_rank = equal(expected, rank(tensor, name="actual"), name=innermost)
            with name_scope("shape_tensor_equal", values=[wanted, actual]) as innermost:
                same = logical_or(equal(wanted, -1), equal(wanted, actual, "equal"),
                                  name="exclude_partial_shape")  # fmt: skip
                same = reduce_all(same, name=innermost)
            same = logical_and(is_rank, same, name=inner)
        message = f"Wrong shape for {tensor.name} [expected] [actual]."
        return Assert(same, [message, wanted, actual], name=scope)
